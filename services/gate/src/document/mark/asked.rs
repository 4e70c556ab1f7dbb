//! Questions and answers, as interpretations for readers mark them: 问：, 【问】, 记者：, 一问：, Q1, and 答：, 【答】,
//! A1, 负责人：.

use super::{
    super::{
        numerals::{is_numeral, parse},
        words::first_chars,
    },
    Level, Mark, prefix_len,
};

/// What separates a mark from the text.
const STOPS: [char; 6] = ['：', ':', '、', '.', '．', '|'];

/// Characters of who is said to speak, at most: 示例省新闻社记者　李明：.
const SPEAKER_MAX: usize = 20;

/// The mark of a question.
pub(super) fn question(rest: &str) -> Option<Mark> {
    let (number, len) = bracketed(rest, &["问", "提问", "问题", "记者问", "记者提问", "Q", "q"])
        .or_else(|| counted(rest))
        .or_else(|| ordinal(rest))
        .or_else(|| with_zero(rest))
        .or_else(|| Some((0, by_reporter(rest)?)))?;
    Some(Mark::new(Level::Question, number, "问".to_owned(), len))
}

/// Bytes of the mark of an answer; it may be all of its line.
pub(crate) fn answer(text: &str) -> Option<usize> {
    let (_, len) = bracketed(text, &["答", "回答", "解答", "答复", "A", "a"])
        .or_else(|| lettered(text))
        .or_else(|| Some((0, by_office(text)?)))?;
    Some(len)
}

/// 【问】, [提问3], （问）：
fn bracketed(rest: &str, words: &[&str]) -> Option<(u32, usize)> {
    let inner = rest.strip_prefix(['【', '[', '［', '〔'])?;
    let inner = words
        .iter()
        .filter_map(|word| inner.strip_prefix(*word))
        .min_by_key(|after| after.len())?;
    let len = prefix_len(inner, is_numeral);
    let number = inner.get(..len).and_then(parse).unwrap_or(0);
    let after = inner.get(len..)?.strip_prefix(['】', ']', '］', '〕'])?;
    let after = after.strip_prefix(['：', ':']).unwrap_or(after);
    Some((number, rest.len() - after.len()))
}

/// 问：, 记者问：, 问题3：, Q1：, 1. 问：; 问题1 and Q1 before what asks; Q alone.
fn counted(rest: &str) -> Option<(u32, usize)> {
    let count_len = prefix_len(rest, |c| c.is_ascii_digit());
    let after_count = rest
        .get(count_len..)
        .and_then(|rest| rest.strip_prefix(['.', '．', '、']))
        .filter(|_| count_len > 0)
        .map(str::trim_start);
    let after = after_count.unwrap_or(rest);
    let words = ["记者问", "记者提问", "提问", "问题", "问", "Question", "Q", "q"];
    let (word, after) =
        words.into_iter().find_map(|word| Some((word, after.strip_prefix(word)?)))?;
    let is_letter = matches!(word, "Q" | "q");
    let len = prefix_len(after, if is_letter { |c: char| c.is_ascii_digit() } else { is_numeral });
    let number = after.get(..len).and_then(parse);
    let behind = after.get(len..)?;
    if let Some(behind) = behind.strip_prefix(STOPS).filter(|_| !behind.starts_with('|')) {
        return Some((number.unwrap_or(0), rest.len() - behind.len()));
    }
    if behind.trim().is_empty() && (is_letter || word == "问") {
        return Some((number.unwrap_or(0), rest.len() - behind.len()));
    }
    let number = number.filter(|number| *number < 100 && asks(behind))?;
    let set_off = behind.trim_start_matches([' ', '　', '\t']).trim_start_matches('|');
    let is_set_off = set_off.len() < behind.len();
    let is_glued =
        is_letter && set_off.starts_with(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '《' | '“'));
    (is_set_off || is_glued).then(|| (number, rest.len() - set_off.len()))
}

/// 一问：, 第三问：
fn ordinal(rest: &str) -> Option<(u32, usize)> {
    let inner = rest.strip_prefix('第').unwrap_or(rest);
    let len = prefix_len(inner, is_numeral);
    let number = inner.get(..len).and_then(parse).filter(|number| (1..100).contains(number))?;
    let after = inner.get(len..)?.strip_prefix('问')?.strip_prefix(['：', ':', '、'])?;
    Some((number, rest.len() - after.len()))
}

/// 01 公园每天开放多长时间？
fn with_zero(rest: &str) -> Option<(u32, usize)> {
    let inner = rest.strip_prefix('0')?;
    let digit = inner.chars().next().filter(char::is_ascii_digit)?;
    let behind = inner.get(1..)?;
    let after = behind.trim_start_matches([' ', '　', '\t', '.', '、', '|']);
    let is_asked = after.trim_end_matches(['*', ' ', '\r', '\n']).ends_with(['？', '?']);
    let number = digit.to_digit(10).filter(|_| is_asked && after.len() < behind.len())?;
    Some((number, rest.len() - after.len()))
}

/// 记者：…; 示例社记者　李明： before what asks or above it.
fn by_reporter(rest: &str) -> Option<usize> {
    let head = first_chars(rest, SPEAKER_MAX);
    let at = head.find(['：', ':'])?;
    let label = head.get(..at)?;
    let sign = head.get(at..)?.chars().next().map_or(0, char::len_utf8);
    let (agency, name) = label.split_once("记者")?;
    let is_name = name.chars().filter(|c| !c.is_whitespace()).count() <= 4
        && (name.is_empty() || name.starts_with(char::is_whitespace));
    let is_plain = |text: &str| {
        text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{4e00}'..='\u{9fff}'))
    };
    let behind = rest.get(at + sign..)?;
    let is_question = label == "记者" || behind.trim().is_empty() || asks(behind);
    (is_name && is_plain(agency) && is_plain(name) && is_question).then_some(at + sign)
}

/// Whether a text asks.
fn asks(text: &str) -> bool {
    text.contains(['？', '?'])
}

/// 答：, 解答：, A1., A2 and A alone.
fn lettered(text: &str) -> Option<(u32, usize)> {
    let words = ["答复", "解答", "回答", "答", "Answer", "A", "a"];
    let (word, after) =
        words.into_iter().find_map(|word| Some((word, text.strip_prefix(word)?)))?;
    let is_letter = matches!(word, "A" | "a");
    let len = prefix_len(after, |c| c.is_ascii_digit());
    let behind = after.get(len..)?;
    if let Some(behind) = behind.strip_prefix(STOPS) {
        return Some((0, text.len() - behind.len()));
    }
    let is_alone = behind.trim().is_empty() && (is_letter || word == "答");
    let is_glued = is_letter
        && (1..3).contains(&len)
        && behind.starts_with(|c: char| {
            c.is_whitespace() || matches!(c, '\u{4e00}'..='\u{9fff}' | '《' | '“')
        });
    (is_alone || is_glued).then(|| (0, text.len() - behind.trim_start().len()))
}

/// 负责人：, 示例市园林局负责人：, 发言人：
fn by_office(text: &str) -> Option<usize> {
    let head = first_chars(text, SPEAKER_MAX);
    let at = head.find(['：', ':'])?;
    let sign = head.get(at..)?.chars().next().map_or(0, char::len_utf8);
    let label = head.get(..at)?;
    ["负责人", "发言人"].iter().any(|end| label.ends_with(end)).then_some(at + sign)
}
