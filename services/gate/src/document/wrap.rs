//! Lines that are broken for their width, as copying from a page or a message leaves them: which of
//! them go on with the sentence of the line before.

use super::{
    mark::{self, Level, strip_signs},
    numerals::is_numeral,
    pieces::ends_sentence,
    signs, tables,
};

/// Columns that a full line has at least: 20 Chinese characters.
const WIDTH_MIN: usize = 40;
/// Columns by which full lines differ: a sign that may not begin a line hangs over or is taken along.
const SLACK: usize = 4;
/// Full lines that make a text one of broken lines.
const FULL_MIN: usize = 4;

/// What parts a line from the one whose sentence it goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// The end of a full line.
    Width,
    /// The number of a page.
    Page,
}

/// For each line how it goes on with the one before, if it does.
pub(super) fn find(lines: &[(usize, &str)]) -> Vec<Option<Broken>> {
    let open: Vec<bool> = lines.iter().map(|(_, line)| can_go_on(line)).collect();
    let width = full_width(lines, &open);
    let mut before: Option<(&str, bool)> = None;
    // Whether the line before is an article's, or goes on with one: an article is no heading.
    let mut is_article = false;
    let (mut is_paged, mut is_parted) = (false, false);
    let goes_on = lines.iter().zip(&open).map(|((_, line), is_open)| {
        // Blank lines part paragraphs, but not around the number of a page.
        if line.trim().is_empty() || is_page(line) {
            is_paged = is_paged || is_page(line);
            is_parted = true;
            return None;
        }
        let broken = before.filter(|(_, is_open)| *is_open && can_continue(line));
        let broken = broken.and_then(|(before, _)| {
            let is_full = width.is_some_and(|width| {
                columns(before).abs_diff(width) <= SLACK && columns(line) <= width + SLACK
            });
            if is_paged {
                let is_sentence =
                    columns(before) >= WIDTH_MIN && before.contains(['，', '、', '。']);
                is_sentence.then_some(Broken::Page)
            } else {
                let is_long = is_article && columns(before) >= WIDTH_MIN;
                let is_broken = !is_parted
                    && (is_full
                        || is_long
                        || ends_open(before)
                        || opens_title(before, line)
                        || splits_clause(before, line));
                is_broken.then_some(Broken::Width)
            }
        });
        is_article = (is_article && broken == Some(Broken::Width))
            || mark::find(line).is_some_and(|mark| mark.level == Level::Article);
        before = Some((line, *is_open));
        (is_paged, is_parted) = (false, false);
        broken
    });
    goes_on.collect()
}

/// `— 12 —`: the number of a page on a line of its own.
fn is_page(line: &str) -> bool {
    let text = line.trim();
    let bare = text.trim_matches(['-', '—', '–', '－', ' ', '　']);
    text.len() > bare.len() && super::pieces::is_page_number(text)
}

/// How wide full lines are, where the text is one of broken lines: most that end within a sentence
/// have that width. `open` are those that break off within a sentence.
fn full_width(lines: &[(usize, &str)], open: &[bool]) -> Option<usize> {
    let pairs = lines.windows(2).zip(open).filter_map(|(pair, is_open)| match pair {
        [(_, line), (_, next)] if *is_open && can_continue(next) => Some(columns(line)),
        _ => None,
    });
    let mut widths: Vec<usize> = pairs.filter(|width| *width >= WIDTH_MIN).collect();
    widths.sort_unstable();
    let middle = *widths.get(widths.len() / 2)?;
    let full = widths.iter().filter(|width| width.abs_diff(middle) <= SLACK).count();
    (full >= FULL_MIN && full * 3 >= widths.len() * 2).then_some(middle)
}

/// Whether a line breaks off within a sentence.
fn can_go_on(line: &str) -> bool {
    let text = line.trim_end();
    !text.trim().is_empty()
        && !ends_sentence(text)
        && !tables::is_row(text.trim_start())
        && mark::heading_depth(line) == 0
        && !signs::is_note(text.trim())
        && !signs::is_signer(text.trim())
        && super::dates::read(text).is_none()
}

/// Whether a line can be the rest of a sentence: no blanks of a new paragraph, no mark.
fn can_continue(line: &str) -> bool {
    let text = strip_signs(line);
    !line.starts_with(['　', '\t', '#', '|', '<', '>'])
        && !text.is_empty()
        && !signs::is_note(text)
        && !signs::is_signer(text)
        && signs::attachment_name(text, false).is_none()
        && super::dates::read(text).is_none()
        && mark::find(line)
            .is_none_or(|mark| mark.level == Level::Article || is_cited(line, mark.len))
}

/// （二）项 and （二）、（三）项 at a line's start are parts of a reference.
fn is_cited(line: &str, mark_len: usize) -> bool {
    let after = line.get(mark_len..).unwrap_or_default();
    after.starts_with(['项', '款', '至']) && !after.starts_with("项目")
        || after.starts_with("、（")
        || after.starts_with("、第")
}

/// Whether a line ends as no paragraph does.
fn ends_open(line: &str) -> bool {
    line.trim_end().ends_with(['，', '、', '《', '（', '“'])
}

/// 《中华人民 at a line's end, 共和国数据安全法》 in the next.
fn opens_title(before: &str, line: &str) -> bool {
    let is_open = before
        .rfind(['《', '》'])
        .is_some_and(|at| before.get(at..).is_some_and(|rest| rest.starts_with('《')));
    let closes = line.find(['《', '》']);
    is_open && closes.is_some_and(|at| line.get(at..).is_some_and(|rest| rest.starts_with('》')))
}

/// 第六 at a line's end, 条 at the start of the next.
fn splits_clause(before: &str, line: &str) -> bool {
    let number = before.trim_end().trim_end_matches(is_numeral);
    number.trim_end().ends_with('第') && line.trim_start().starts_with(['条', '款', '项', '章'])
}

/// Columns of a line without the blanks around it; those before it are a part of its width, though.
fn columns(line: &str) -> usize {
    line.trim_end().chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
