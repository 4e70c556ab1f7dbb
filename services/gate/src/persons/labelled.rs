//! Numbers that only their label makes personal: student and examination numbers, passports and travel
//! permits.

use std::ops::Range;

use super::{
    Hit,
    runs::{fold, is_dash, is_hidden, sign_of},
};
use crate::codes;

pub(super) const STUDENT: [&str; 11] = [
    "学籍号",
    "学籍辅号",
    "学籍主号",
    "学号",
    "考籍号",
    "考生号",
    "准考证号",
    "学生证号",
    "学生编号",
    "考号",
    "报名号",
];
const PERMIT: [&str; 8] =
    ["护照号码", "护照号", "护照", "通行证号码", "通行证号", "通行证", "回乡证", "台胞证"];

/// A label and its number stand no further apart, with the empty cells of a form between them.
const FILLER_MAX: usize = 24;
/// No such number is longer; a 全国学籍号 has 19.
pub(super) const NUMBER_MAX: usize = 24;
/// Schools make their own: five digits at least, so that 学号为4位 and years are none.
const DIGITS_MIN: usize = 5;

/// Student numbers, passports and permits in a text. A label may be spaced out: 学　号.
pub(super) fn find(text: &str) -> Vec<Hit> {
    let mut hits = vec![];
    let mut label_end = 0;
    for (at, _) in text.char_indices().filter(|(_, c)| begins_label(*c)) {
        let label = text.get(at..).filter(|_| at >= label_end).and_then(label_at);
        let Some((length, is_student)) = label else { continue };
        label_end = at + length;
        let Some(range) = number_after(text, label_end, is_student) else { continue };
        let Some(raw) = text.get(range.clone()) else { continue };
        let number = super::signs_of(raw);
        let fits = if is_student { is_student_number(&number) } else { is_permit(&number) };
        let code = if is_student { &codes::STUDENT_NUMBER } else { &codes::PERMIT };
        hits.extend(fits.then(|| Hit::new(code, range, raw)));
    }
    hits
}

/// What the labels begin with.
fn begins_label(c: char) -> bool {
    matches!(c, '学' | '考' | '准' | '报' | '护' | '通' | '回' | '台')
}

/// What stands second in each label: 学校 and 通知 are in every line, and are none.
const SECOND: [char; 9] = ['籍', '号', '生', '考', '名', '照', '行', '乡', '胞'];

/// The bytes of the longest label at a text's beginning, and whether it is a student's.
fn label_at(text: &str) -> Option<(usize, bool)> {
    let mut shown = text.chars().filter(|c| !c.is_whitespace() && !is_hidden(*c)).skip(1);
    shown.next().filter(|c| SECOND.contains(c))?;
    let student = STUDENT.iter().map(|label| (*label, true));
    let labels = student.chain(PERMIT.iter().map(|label| (*label, false)));
    labels.filter_map(|(label, is_student)| Some((length_of(text, label)?, is_student))).max()
}

/// The bytes of this label where a text begins with it, spaced out perhaps.
fn length_of(text: &str, label: &str) -> Option<usize> {
    let mut shown = text.char_indices().filter(|(_, c)| !c.is_whitespace() && !is_hidden(*c));
    label.chars().try_fold(0, |_, expected| {
        let (at, c) = shown.next().filter(|(_, c)| *c == expected)?;
        Some(at + c.len_utf8())
    })
}

/// Where the number after a label stands: letters and digits in one piece or, where the first piece is
/// too short to be one, in several.
fn number_after(text: &str, label_end: usize, is_student: bool) -> Option<Range<usize>> {
    let rest = text.get(label_end..)?;
    let (offset, _) = rest.char_indices().take(FILLER_MAX).find(|(_, c)| {
        !(is_hidden(*c) || c.is_whitespace() || "号码为是:：（(）)】]”“\"=|*".contains(*c))
    })?;
    let start = label_end + offset;
    let rest = text.get(start..)?;
    let first = piece(rest);
    let digits = |end: usize| rest.get(..end).map_or(0, |raw| count_digits(&super::signs_of(raw)));
    let mut end = first;
    if is_student && (1..DIGITS_MIN).contains(&digits(first)) {
        while let Some(next) = next_piece(rest, end) {
            end = next;
        }
        let after = rest.get(end..).unwrap_or_default().trim_start().chars().next();
        if after.is_some_and(|c| "年级班届人名位月日个元%％学至".contains(c)) {
            return None;
        }
    }
    let length = rest.get(..end).map_or(0, |raw| super::signs_of(raw).len());
    let is_range = is_student && begins_range(rest, end);
    ((1..=NUMBER_MAX).contains(&length) && !is_range).then(|| start..start + end)
}

/// The bytes of the letters and digits at a text's beginning; past the longest number nobody counts on.
fn piece(text: &str) -> usize {
    let signs = text.char_indices().take(2 * NUMBER_MAX);
    let signs = signs.take_while(|(_, c)| is_hidden(*c) || sign_of(*c).is_some());
    signs.filter(|(_, c)| !is_hidden(*c)).map(|(at, c)| at + c.len_utf8()).last().unwrap_or(0)
}

/// Where the digits that follow after one sign of separation end, as long as it all may be one number.
fn next_piece(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let between = rest.chars().next().filter(|c| {
        matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '.' | '·' | '_' | '/') || is_dash(fold(*c))
    })?;
    let rest = rest.get(between.len_utf8()..)?;
    let length = piece(rest);
    let are_digits = super::signs_of(rest.get(..length)?).bytes().all(|b| b.is_ascii_digit());
    let end = end + between.len_utf8() + length;
    let count = super::signs_of(text.get(..end)?).len();
    (length > 0 && are_digits && count <= NUMBER_MAX).then_some(end)
}

/// Whether a number is the first of a range, such as those of an examination room: it names nobody.
fn begins_range(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let rest = rest.trim_start_matches(|c: char| {
        c.is_whitespace() || "至到~～".contains(c) || is_dash(fold(c))
    });
    let is_joined = text.get(end..).is_some_and(|after| {
        let between = after.get(..after.len() - rest.len()).unwrap_or_default();
        between.chars().any(|c| !c.is_whitespace()) && between.chars().count() <= 4
    });
    let count = |raw: Option<&str>| count_digits(&super::signs_of(raw.unwrap_or_default()));
    is_joined && count(rest.get(..piece(rest))) == count(text.get(..end))
}

/// Whether it is long enough, and no stand-in of a form's example such as 00000000 or 12345678.
pub(super) fn is_student_number(number: &str) -> bool {
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    let steps_by = |step: u8| {
        let next = |b: u8| b'0' + (b - b'0' + step) % 10;
        digits.windows(2).all(|pair| matches!(pair, [a, b] if next(*a) == *b))
    };
    let is_counted = matches!(digits.first(), Some(b'0' | b'1')) && steps_by(1);
    digits.len() >= DIGITS_MIN && !steps_by(0) && !is_counted
}

fn count_digits(number: &str) -> usize {
    number.bytes().filter(u8::is_ascii_digit).count()
}

/// One or two letters and seven or eight digits (ours), or eight and ten digits (回乡证, 台胞证).
fn is_permit(number: &str) -> bool {
    let digits = number.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = number.len() - digits.len();
    digits.bytes().all(|b| b.is_ascii_digit())
        && letters <= 2
        && (7..=10).contains(&digits.len())
        && number.len() >= 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_looked_for() {
        for label in STUDENT.iter().chain(&PERMIT) {
            assert!(label.starts_with(begins_label), "{label}");
            assert_eq!(label_at(label).map(|(length, _)| length), Some(label.len()));
        }
        assert_eq!(label_at("学　\u{200b}籍 号：1"), Some(("学　\u{200b}籍 号".len(), true)));
        assert_eq!(label_at("学校"), None);
    }
}
