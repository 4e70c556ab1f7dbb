//! Classification marks 密级 (保守国家秘密法; GB/T 9704-2012, 版头): a line of its own at the head of
//! a text that says 绝密, 机密 or 秘密, with or without ★ and a period. The words in running text
//! are no mark.

use unicode_normalization::UnicodeNormalization as _;

use crate::{
    document::{DOCUMENT_KINDS, is_agency},
    persons::is_hidden,
};

/// How many lines with text count as the head. A 版头 has at most six elements before the title.
pub(crate) const HEAD_LINES: usize = 20;

/// The number of the line that bears a mark, from 1. What the line says is not told.
pub fn find_mark(text: &str) -> Option<usize> {
    let mut is_in_head = true;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .take(HEAD_LINES)
        .find(|(_, line)| {
            // Once something else has stood there, an agency and a level are a row of a list.
            is_in_head = is_in_head && is_of_head(line);
            is_marked(line) || (is_in_head && line.contains(may_be_level) && bears_one_level(line))
        })
        .map(|(index, _)| index + 1)
}

/// Whether a line holds nothing but what stands in a 版头: its elements and the names of agencies.
fn is_of_head(line: &str) -> bool {
    let Some(line) = folded_short(line, HEAD_LINE_BYTES_MAX) else { return false };
    let is_part = |part: &str| {
        let name = part.trim_matches(['*', '_', '`']);
        // 文　件 spaced out.
        is_element(part) || is_agency(name) || matches!(name, "文" | "件")
    };
    parts_of(&line).all(is_part)
}

/// Bytes of a line in a 版头 at most.
const HEAD_LINE_BYTES_MAX: usize = 600;

/// Whether one of a line's parts is a mark. Two levels are a list of them.
fn bears_one_level(line: &str) -> bool {
    let line = folded(line);
    parts_of(&line).count() > 1 && parts_of(&line).filter(|part| is_mark(part)).count() == 1
}

fn folded(line: &str) -> String {
    chars_of(line).collect()
}

/// The same of a line that has no more bytes then; a paragraph is not folded to its end.
fn folded_short(line: &str, bytes_max: usize) -> Option<String> {
    let mut short = String::new();
    for c in chars_of(line) {
        short.push(c);
        if short.len() > bytes_max {
            return None;
        }
    }
    Some(short)
}

fn chars_of(line: &str) -> impl Iterator<Item = char> {
    line.nfkc().filter(|c| !is_hidden(*c)).map(simplified)
}

/// What blanks and a table's strokes part.
fn parts_of(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.trim().trim_start_matches(['-', '+', '#', '>', ' ']);
    let parts = parts.split(|c: char| c.is_whitespace() || c == '|');
    parts.filter(|part| part.chars().any(char::is_alphanumeric))
}

/// An element of a 版头 by itself, or the label of one.
fn is_element(part: &str) -> bool {
    is_mark(part)
        || LABELS.contains(&part.trim_end_matches(':'))
        || is_period(part)
        || is_copy_number(part)
        || URGENCIES.contains(&part)
        || part.ends_with("文件")
        || is_document_number(part)
}

/// The same in Markdown as a page shows it: entities, tags and emphasis hide no mark.
pub fn find_mark_on_page(source: &str) -> Option<usize> {
    let shown = crate::markdown::shown(source);
    let shown = shown.iter().filter(|block| !block.text.trim().is_empty()).take(HEAD_LINES);
    let is_block_marked = |block: &crate::markdown::Shown| {
        let mut lines = block.text.lines();
        // A cell of a list may name a level: there a period has to go with it.
        lines.any(|line| is_marked(line) && (!block.is_cell || line.contains(is_star)))
    };
    let marked = shown.into_iter().find(|block| is_block_marked(block))?;
    let before = source.get(..marked.place.start).unwrap_or_default();
    Some(before.matches('\n').count() + 1)
}

/// Whether a file's name holds a mark: 机密-附表, 名单（秘密★1年）.
pub(crate) fn is_name_marked(name: &str) -> bool {
    is_marked(name) || parts_of_name(name).iter().any(|part| is_mark(part))
}

/// What a file's name is made of, without its extension: brackets and strokes part it.
pub(crate) fn parts_of_name(name: &str) -> Vec<&str> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let parts = |c: char| c.is_whitespace() || "-_—()（）[]【】〔〕+.".contains(c);
    stem.split(parts).filter(|part| !part.is_empty()).collect()
}

/// Whether a line is a mark, or holds one beside other elements of a 版头.
fn is_marked(line: &str) -> bool {
    if !line.contains(may_be_level) || is_long_sentence(line) {
        return false;
    }
    if is_mark(line) {
        return true;
    }
    let line = folded(line);
    let bare = line.trim().trim_start_matches(['-', '+', '#', '>', ' ']);
    // Items of a list are running text, unless a star says more.
    let item = bare.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ')']);
    if bare.contains(is_star) && is_mark(item) {
        return true;
    }
    // 某局文件(机密)
    let is_named = ["绝密)", "机密)", "秘密)"].iter().any(|level| {
        bare.strip_suffix(level)
            .is_some_and(|before| before.ends_with("文件(") && !before.contains('的'))
    });
    let parts: Vec<&str> = parts_of(&line).collect();
    let is_sentence = bare.contains([',', '。', ';', '、', '“', '”']);
    let has_star = parts.iter().any(|part| part.contains(['★', '☆']) && is_mark(part));
    // Two levels are a list of them.
    let has_level = parts.iter().filter(|part| is_mark(part)).count() == 1
        && parts.iter().all(|part| is_element(part));
    is_named
        || (parts.len() > 1 && !is_sentence && (has_star || has_level))
        || is_title_marked(bare)
        || is_number_marked(bare)
}

/// 关于……的通知（机密）: a title that ends in a mark. An item of a list may name another document.
fn is_title_marked(line: &str) -> bool {
    let Some((title, mark)) =
        line.strip_suffix([')', '〕', ']']).and_then(|rest| rest.rsplit_once(['(', '〔', '[']))
    else {
        return false;
    };
    let title = title.trim_end();
    let is_item =
        title.starts_with(|c: char| c.is_ascii_digit() || "(一二三四五六七八九十《“".contains(c));
    DOCUMENT_KINDS.iter().any(|kind| title.ends_with(kind))
        && is_mark(mark)
        && (mark.contains(is_star) || !is_item)
        && !title.contains(['。', ';'])
}

/// 示教发〔2026〕5号机密★1年: a mark in one word with the document's number, before or behind it.
fn is_number_marked(line: &str) -> bool {
    let Some((agency, behind)) = line.split_once('〕').filter(|_| !line.contains(['。', ';', '“']))
    else {
        return false;
    };
    let Some((number, rest)) = behind.split_once('号') else { return false };
    let is_number = number.trim().bytes().all(|b| b.is_ascii_digit()) && !number.is_empty();
    let level =
        ["绝密", "机密", "秘密"].iter().find_map(|level| agency.trim_start().strip_prefix(level));
    let is_before = level.is_some_and(|rest| rest.trim_start_matches('级').starts_with(is_star));
    is_number && (is_mark(rest) || (is_before && rest.trim().is_empty()))
}

/// A paragraph: no mark has so many characters, and what names one behind them has no commas before it.
fn is_long_sentence(line: &str) -> bool {
    const MARK_CHARS_MAX: usize = 200;
    let written = |c: &char| matches!(c, '\u{4e00}'..='\u{9fff}');
    line.chars().filter(written).nth(MARK_CHARS_MAX).is_some()
        && line.contains(['，', '。', '；', '、'])
        && !line.contains(is_star)
        && !line.trim_end().ends_with([')', '）'])
}

/// 密, which every level has, or what compatibility forms may make of another character: a cheap look
/// before a dear one.
fn may_be_level(c: char) -> bool {
    matches!(
        c,
        '密' | '\u{2e80}'..='\u{2fdf}' | '\u{3200}'..='\u{33ff}' | '\u{f900}'..='\u{faff}'
            | '\u{2f800}'..='\u{2fa1f}'
    )
}

/// 份号: six digits or less.
fn is_copy_number(part: &str) -> bool {
    let number = without_prefix(part, &["份号:", "份号", "编号:", "编号", "No.", "NO."]);
    let digits_min = if number.len() < part.len() { 1 } else { 4 };
    number.len() >= digits_min && number.bytes().all(|b| b.is_ascii_digit())
}

/// 示教发〔2026〕5号, 第12号
fn is_document_number(part: &str) -> bool {
    let number = part.strip_suffix('号').unwrap_or_default();
    let digits = number.trim_start_matches(|c: char| !c.is_ascii_digit());
    (number.contains('〕') || number.starts_with('第'))
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit())
}

/// A traditional character of a mark as the one we write.
fn simplified(c: char) -> char {
    match c {
        '機' => '机',
        '絕' | '絶' => '绝',
        '祕' => '秘',
        '級' => '级',
        c => c,
    }
}

fn is_mark(line: &str) -> bool {
    // NFKC folds full-width digits and asterisks; markdown marks and spaces only dress the line up.
    const DRESS: &str = "#_>`[]【】|<~\\{}“”\"";
    let bare: String = line
        .nfkc()
        .filter(|c| !c.is_whitespace() && !is_hidden(*c) && !DRESS.contains(*c))
        .map(simplified)
        .collect();
    // A copy number 份号 or an urgency 紧急程度 may stand before the mark, an urgency behind it.
    // Numbers in brackets are left: they count the items of a list, which is running text.
    let bare = bare.trim_start_matches(|c: char| c.is_ascii_digit() || is_star(c));
    let bare = bare.trim_matches(is_bracket);
    let bare = without_prefix(bare, &URGENCIES);
    let bare = without_suffix(bare, &URGENCIES);
    let bare = without_suffix(bare, &["紧急程度:", "紧急程度"]);
    let bare = bare.trim_start_matches(|c| is_bracket(c) || is_star(c));
    let bare = without_prefix(bare, &NAMES);
    let bare = bare.trim_start_matches(':');
    let bare = bare.trim_start_matches(is_star);
    let Some(rest) = ["绝密", "机密", "秘密"].iter().find_map(|level| bare.strip_prefix(level))
    else {
        return false;
    };
    let rest = rest.strip_prefix('级').unwrap_or(rest);
    let rest = rest.trim_matches(is_between);
    let rest = without_prefix(rest, &["保密期限", "期限"]);
    let rest = rest.strip_suffix("启用前").unwrap_or(rest);
    let period = rest.trim_matches(is_between);
    period.is_empty() || is_period(period)
}

/// What a level is called.
const NAMES: [&str; 6] = ["密级", "保密等级", "保密级别", "秘密等级", "涉密等级", "定密等级"];
/// What names an element of a 版头 that stands beside it.
const LABELS: [&str; 9] = [
    "密级",
    "保密等级",
    "保密级别",
    "秘密等级",
    "涉密等级",
    "定密等级",
    "份号",
    "紧急程度",
    "保密期限",
];
const URGENCIES: [&str; 5] = ["特急", "加急", "平急", "急件", "特提"];

fn without_prefix<'t>(text: &'t str, parts: &[&str]) -> &'t str {
    parts.iter().find_map(|part| text.strip_prefix(part)).unwrap_or(text)
}

fn without_suffix<'t>(text: &'t str, parts: &[&str]) -> &'t str {
    parts.iter().find_map(|part| text.strip_suffix(part)).unwrap_or(text)
}

fn is_star(c: char) -> bool {
    matches!(c, '★' | '☆' | '*')
}

fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '〔' | '〕' | '「' | '」' | '『' | '』')
}

/// What may stand between a level and its period.
fn is_between(c: char) -> bool {
    is_star(c)
        || is_bracket(c)
        || matches!(c, ':' | ',' | ';' | '·' | '-' | '/' | '、' | '。' | '!' | '▲' | '△')
}

/// `1年`, `6个月`, `一年六个月`, `至2030年12月31日`, `长期`.
fn is_period(text: &str) -> bool {
    const DIGITS: &str = "0123456789〇○零一二三四五六七八九十百两壹贰叁肆伍陆柒捌玖拾";
    const UNITS: &str = "年月天日";
    let text = without_prefix(text, &["截至", "至"]);
    let text = text.strip_suffix('内').unwrap_or(text);
    text == "长期"
        || is_plain_date(text)
        || (text.starts_with(|c| DIGITS.contains(c))
            && text.ends_with(|c| UNITS.contains(c))
            && text.chars().all(|c| DIGITS.contains(c) || UNITS.contains(c) || c == '个'))
}

/// `2029.12.31`
fn is_plain_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    let is_number = |part: &&str| part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty();
    parts.len() == 3 && parts.iter().all(is_number) && parts.first().is_some_and(|y| y.len() == 4)
}

#[cfg(test)]
mod tests;
