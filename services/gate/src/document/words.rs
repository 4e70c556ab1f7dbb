//! Words within a text: quoted titles, sentences, lines joined to one.

use std::{borrow::Cow, ops::Range};

use super::{
    mark::{self, strip_signs},
    numerals::is_numeral,
    signs::{self, NumberAt},
};

/// The 《title》 that a text begins with, and what follows it. No title is longer than 120 characters.
pub(super) fn title_at(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('《')?;
    let mut depth = 1_u32;
    let end = inner.char_indices().take(120).find_map(|(at, c)| {
        match c {
            '《' => depth += 1,
            '》' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    Some((inner.get(..end)?, inner.get(end + '》'.len_utf8()..)?))
}

/// The number right behind a title, perhaps in a bracket. What is further away is not looked at.
pub(super) fn number_behind(after: &str) -> Option<NumberAt> {
    let number = signs::find_numbers(first_chars(after, 60)).into_iter().next()?;
    (number.start <= '（'.len_utf8()).then_some(number)
}

/// Whether a character is a letter or a digit of any script. Most are Chinese, or marks that stand between them,
/// and the tables of the standard library are slow for both.
pub(crate) fn is_letter(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => true,
        // “ ” … — 　、。《》（），：；？
        '\u{2010}'..='\u{2027}'
        | '\u{3000}'..='\u{3004}'
        | '\u{3008}'..='\u{3020}'
        | '\u{ff00}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// Whether it is a letter and no digit: of Chinese characters all are letters.
pub(crate) fn is_alphabetic(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphabetic()
}

/// Where a word stands in a text. Most texts lack most words, which is told much sooner than where one stands; and one
/// letter is found much sooner than a word.
pub(crate) fn places_of<'t>(
    text: &'t str,
    word: &'t str,
) -> impl Iterator<Item = Range<usize>> + 't {
    let first = word.chars().next().filter(|_| text.contains(word));
    let mut end = 0;
    first.into_iter().flat_map(|first| text.match_indices(first)).filter_map(move |(at, _)| {
        let is_word = at >= end && text.get(at..)?.starts_with(word);
        is_word.then(|| {
            end = at + word.len();
            at..end
        })
    })
}

/// The first `count` characters of a text, or all it has.
pub(crate) fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The last `count` characters of a text, or all it has.
pub(crate) fn last_chars(text: &str, count: usize) -> &str {
    let floor = text.char_indices().rev().take(count).last().map_or(text.len(), |(at, _)| at);
    text.get(floor..).unwrap_or_default()
}

/// The sentence that leads to byte `at`, its last `max` characters at most: so a text without stops costs no more
/// than others.
pub(crate) fn sentence_before(text: &str, at: usize, max: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    last_chars(before, max).rsplit(['。', '；', '\n']).next().unwrap_or_default()
}

/// Where the sentence around byte `at` begins. None that matters is longer than 300 characters.
pub(super) fn sentence_start(text: &str, at: usize) -> usize {
    at.saturating_sub(sentence_before(text, at, 300).len())
}

/// Without the backslashes by which Markdown shows its own signs.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_escape = c == '\\' && rest.peek().is_some_and(char::is_ascii_punctuation);
        plain.extend(if is_escape { rest.next() } else { Some(c) });
    }
    plain
}

pub(super) fn join_lines(text: &str) -> String {
    let text = &unescape(text);
    let lines = text.lines().map(|line| strip_signs(line).trim_end_matches('*').trim());
    let mut joined = String::new();
    for line in lines.filter(|line| !line.is_empty()).map(close_up) {
        let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if is_latin(joined.chars().next_back()) && is_latin(line.chars().next()) {
            joined.push(' ');
        }
        joined.push_str(&line);
    }
    joined
}

/// 国 务 院 工 作 规 则: a line spaced out for looks.
fn close_up(line: &str) -> Cow<'_, str> {
    let parts: Vec<&str> = line.split_whitespace().collect();
    let is_spaced = parts.len() > 2 && parts.iter().all(|part| part.chars().count() == 1);
    if is_spaced { parts.concat().into() } else { line.into() }
}

pub(super) fn split_signers(text: &str) -> Vec<String> {
    let text = signs::without_entities(text.trim());
    let text = text.trim_end_matches("（代章）").trim_end_matches("（章）");
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == '、')
        .filter(|part| !part.is_empty())
        .collect();
    if parts.iter().all(|part| part.chars().count() == 1) {
        return vec![parts.concat()];
    }
    // 省长　张某某 is one.
    if signs::is_person(text) {
        let joint = if text.contains(['：', ':']) { "" } else { " " };
        return vec![parts.join(joint)];
    }
    parts.into_iter().map(str::to_owned).collect()
}

/// `附件：1.申请表` and the lines below it.
pub(super) fn list_attachments(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| {
        let line = strip_signs(line);
        // 附件1.docx has no other name.
        let numbered = line.strip_prefix("附件").and_then(|rest| rest.rsplit_once('.'));
        if signs::is_file(line)
            && numbered.is_some_and(|(number, _)| number.chars().all(is_numeral))
        {
            return line.trim().to_owned();
        }
        let line = line
            .strip_prefix("附件")
            .or_else(|| line.strip_prefix("附表"))
            .map(without_count)
            .or_else(|| line.strip_prefix('附'))
            .unwrap_or(line);
        let line = line.trim_start_matches(['：', ':']).trim();
        let len = mark::find(line).map_or(0, |mark| mark.len);
        line.get(len..).unwrap_or_default().trim().to_owned()
    });
    lines.flat_map(|line| split_items(&line)).filter(|line| !line.is_empty()).collect()
}

/// 附件2：申请表: without the number before the colon.
fn without_count(line: &str) -> &str {
    let rest = line.trim_start_matches(is_numeral);
    if rest.starts_with(['：', ':']) { rest } else { line }
}

/// `整治台账 2.责任分工表`: the names of a list in one line.
fn split_items(line: &str) -> Vec<String> {
    let mut items = vec![];
    let mut begin = 0;
    let mut number = 2;
    for (at, _) in line.match_indices([' ', '　', '；']) {
        let rest = line.get(at..).unwrap_or_default().trim_start_matches([' ', '　', '；']);
        if let Some(mark) = mark::find(rest).filter(|m| m.number == number && at >= begin) {
            items.push(line.get(begin..at).unwrap_or_default().trim().to_owned());
            begin = line.len() - rest.len() + mark.len;
            number += 1;
        }
    }
    items.push(line.get(begin..).unwrap_or_default().trim().to_owned());
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_the_standard_library() {
        for c in char::MIN..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_alphabetic(c), c.is_alphabetic(), "{c:?}");
        }
    }

    #[test]
    fn places_are_those_of_the_standard_library() {
        for (text, word) in [
            ("电话和电话号码，电", "电话"),
            ("：：", "："),
            ("日日日日日", "日日"),
            ("日月日日", "日日"),
            ("甲", "乙"),
            ("", "乙"),
        ] {
            let places: Vec<_> = places_of(text, word).collect();
            let expected = text.match_indices(word).map(|(at, word)| at..at + word.len());
            assert_eq!(places, expected.collect::<Vec<_>>(), "{text} {word}");
        }
    }

    #[test]
    fn the_last_characters_are_those_at_the_end() {
        for (text, count, last) in
            [("甲乙丙", 2, "乙丙"), ("甲", 2, "甲"), ("甲", 0, ""), ("", 2, "")]
        {
            assert_eq!(last_chars(text, count), last, "{text:?} {count}");
        }
    }

    #[test]
    fn a_sentence_leads_to_a_place_from_its_last_stop() {
        let text = "甲。乙；丙，丁\n戊";
        for (upto, max, sentence) in [
            ("甲", 9, "甲"),
            ("甲。", 9, ""),
            ("甲。乙；丙，丁", 9, "丙，丁"),
            ("甲。乙；丙，丁", 2, "，丁"),
            ("甲。乙；丙，丁\n戊", 9, "戊"),
        ] {
            assert_eq!(sentence_before(text, upto.len(), max), sentence, "{upto:?} {max}");
        }
        assert_eq!(sentence_before(text, 1, 9), "");
        assert_eq!(sentence_start(text, "甲。乙；丙".len()), "甲。乙；".len());
    }
}
