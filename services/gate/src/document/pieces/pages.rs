//! What pages leave in a text: their numbers, running heads, sentences torn apart.

use super::{
    super::mark::{self, Level, prefix_len},
    ends_sentence,
};

/// Whether each line is a page that begins with its own number, torn out of sentences.
pub(super) fn are_pages(lines: &[(usize, &str)]) -> bool {
    let filled: Vec<&str> =
        lines.iter().map(|(_, line)| line.trim()).filter(|line| !line.is_empty()).collect();
    let is_numbered = |(index, line): (usize, &&str)| {
        mark::find(line).is_some_and(|mark| {
            mark.level == Level::Third && usize::try_from(mark.number) == Ok(index + 1)
        })
    };
    let is_torn = |line: &&&str| line.len() > 300 && !ends_sentence(line);
    filled.len() > 1
        && filled.iter().enumerate().all(is_numbered)
        && filled.split_last().is_some_and(|(_, most)| most.iter().any(|line| is_torn(&line)))
}

/// Page numbers, running heads that repeat one, the carrier's comments.
pub(super) fn is_noise(line: &str) -> bool {
    let text = line.trim().trim_start_matches('\u{feff}');
    let is_comment = text.starts_with("<!--") && text.ends_with("-->");
    is_comment || is_page_number(text) || is_running_head(text) || is_gazette(text)
}

/// `示例市人民政府公报 2026年第5期`: what a gazette prints on each page.
fn is_gazette(text: &str) -> bool {
    const BYTES_MAX: usize = 100;
    text.len() <= BYTES_MAX
        && text.ends_with('期')
        && text.split_once("公报").is_some_and(|(_, issue)| {
            let bare: String = issue.chars().filter(|c| !c.is_whitespace()).collect();
            bare.contains('第')
                && bare.chars().all(|c| c.is_ascii_digit() || "年第期·总（）()".contains(c))
        })
}

/// `5`, `- 5 -`, `—5—`, `1 / 4`, `第 1 页 共 4 页`
pub(in super::super) fn is_page_number(text: &str) -> bool {
    const DASHES: [char; 5] = ['-', '—', '–', '－', '·'];
    let begins = |c: char| c.is_ascii_digit() || c == '第' || DASHES.contains(&c);
    let ends = |c: char| c.is_ascii_digit() || c == '页' || DASHES.contains(&c);
    if !text.trim_start().starts_with(begins) || !text.trim_end().ends_with(ends) {
        return false;
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits =
        |text: &str| (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let dashed = bare.trim_matches(DASHES);
    if dashed.len() < bare.len() && digits(dashed) {
        return true;
    }
    if let Some((page, pages)) = bare.split_once('/') {
        return digits(page) && digits(pages);
    }
    if let Some(rest) = bare.strip_prefix('第') {
        let len = prefix_len(rest, |c| c.is_ascii_digit());
        let after = rest.get(len..).unwrap_or_default();
        return len > 0
            && (after == "页"
                || (after.starts_with('页') && after.contains('共') && after.ends_with('页')));
    }
    digits(&bare)
}

/// `3 3财务与税务法规`, `5 5`: a running head with the page's number twice.
fn is_running_head(text: &str) -> bool {
    let len = prefix_len(text, |c| c.is_ascii_digit());
    let Some((number, rest)) = text.split_at_checked(len).filter(|(number, _)| !number.is_empty())
    else {
        return false;
    };
    let again = rest.trim_start();
    let Some(after) = again.strip_prefix(number).filter(|_| again.len() < rest.len()) else {
        return false;
    };
    let is_number =
        after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '、' | '．'));
    !is_number && after.chars().count() <= 20 && !ends_sentence(after)
}
