//! Numbers that only their label makes personal: student numbers, passports and travel permits.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    Hit,
    runs::{fold, is_hidden},
};
use crate::codes;

const STUDENT: [&str; 5] = ["学籍号", "学籍辅号", "学籍主号", "学号", "考籍号"];
const PERMIT: [&str; 8] =
    ["护照号码", "护照号", "护照", "通行证号码", "通行证号", "通行证", "回乡证", "台胞证"];

static LABELS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let labels = STUDENT.iter().chain(&PERMIT);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(labels).ok()
});

/// A label and its number stand no further apart.
const FILLER_MAX: usize = 12;
/// No such number is longer; a 全国学籍号 has 19.
const NUMBER_MAX: usize = 24;

/// Student numbers, passports and permits in a text.
pub(super) fn find(text: &str) -> Vec<Hit> {
    let Some(labels) = &*LABELS else { return vec![] };
    labels
        .find_iter(text)
        .filter_map(|label| {
            let (start, number) = number_after(text, label.end())?;
            let is_student = label.pattern().as_usize() < STUDENT.len();
            let fits = if is_student { is_student_number(&number) } else { is_permit(&number) };
            let code = if is_student { &codes::STUDENT_NUMBER } else { &codes::PERMIT };
            fits.then(|| {
                let end = start + text.get(start..).map_or(0, |rest| length(rest, number.len()));
                Hit::new(code, start..end, text.get(start..end).unwrap_or_default())
            })
        })
        .collect()
}

/// Letters and digits after a label, upper case, and where they begin.
fn number_after(text: &str, label_end: usize) -> Option<(usize, String)> {
    let rest = text.get(label_end..)?;
    let (offset, _) = rest.char_indices().take(FILLER_MAX).find(|(_, c)| {
        !(is_hidden(*c) || c.is_whitespace() || "号码为是:：（(“\"=|*".contains(*c))
    })?;
    let signs = rest.get(offset..)?.chars().filter(|c| !is_hidden(*c)).map(fold);
    let number: String =
        signs.take_while(char::is_ascii_alphanumeric).take(NUMBER_MAX + 1).collect();
    (number.len() <= NUMBER_MAX).then(|| (label_end + offset, number.to_ascii_uppercase()))
}

/// The bytes in which `count` signs stand.
fn length(text: &str, count: usize) -> usize {
    let mut signs = text.char_indices().filter(|(_, c)| !is_hidden(*c));
    signs.nth(count.saturating_sub(1)).map_or(0, |(at, c)| at + c.len_utf8())
}

/// Schools make their own: five digits at least, so that 学号为4位 and years are none.
fn is_student_number(number: &str) -> bool {
    number.bytes().filter(u8::is_ascii_digit).count() >= 5
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
