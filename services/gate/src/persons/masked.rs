//! Numbers masked so weakly that they are whole all the same: an identity number without its last four
//! characters tells the birthday, and a hundred numbers are soon tried. They warn.

use std::ops::Range;

use super::{
    Doubt, Hit, MASK, checks, numbers,
    runs::{fold, is_hidden, sign_of},
};
use crate::{codes, document::last_chars};

/// Characters of an identity number.
const ID_LEN: usize = 18;
/// Of these, hidden ones that leave it weak.
const ID_HIDDEN: std::ops::RangeInclusive<usize> = 1..=4;
/// Digits of a mobile number, and hidden ones that leave it weak: 138****5678 is the custom.
const MOBILE_LEN: usize = 11;
const MOBILE_HIDDEN: std::ops::RangeInclusive<usize> = 2..=3;
/// Characters before a number that may say what it is.
const WORDS_MAX: usize = 20;

/// What stands on one side of the hidden characters.
struct Side {
    signs: String,
    len: usize,
    /// Whether more is hidden behind it: `**12**` is set in bold.
    is_hidden_on: bool,
}

/// Weakly masked numbers in a text.
pub(super) fn find(text: &str) -> Vec<Hit> {
    let mut hits = vec![];
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if !is_mask(c) || at < end {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let len = rest.find(|c: char| !is_mask(c) && c != '\\').unwrap_or(rest.len());
        let hidden = rest.get(..len).unwrap_or_default();
        end = at + len;
        let count = hidden.chars().filter(|c| is_mask(*c)).count();
        if count > *ID_HIDDEN.end() {
            continue;
        }
        let before = text.get(..at).unwrap_or_default().trim_end_matches('\\');
        let slash = at - before.len();
        let left = side(before.chars().rev(), true);
        let right = side(text.get(end..).unwrap_or_default().chars(), false);
        if left.is_hidden_on || right.is_hidden_on {
            continue;
        }
        let code = if is_weak_id(&left.signs, count, &right.signs) {
            &codes::ID_CARD
        } else if is_weak_mobile(&left.signs, count, &right.signs) {
            &codes::MOBILE
        } else {
            continue;
        };
        let range: Range<usize> = at - slash - left.len..end + right.len;
        let words = last_chars(text.get(..range.start).unwrap_or_default(), WORDS_MAX);
        if numbers::says_code(&words.chars().map(fold).collect::<String>()) {
            continue;
        }
        let raw = text.get(range.clone()).unwrap_or_default();
        hits.push(Hit::new(code, range, raw).doubted(Some(Doubt::Likeness)));
    }
    hits
}

fn is_mask(c: char) -> bool {
    matches!(c, '*' | MASK | '×' | '●' | '■' | '□' | '•')
}

/// The signs next to what is hidden, as far as a number goes.
fn side(chars: impl Iterator<Item = char>, is_before: bool) -> Side {
    let mut side = Side { signs: String::new(), len: 0, is_hidden_on: false };
    for c in chars {
        // 三、 and 王某 are words.
        let sign = sign_of(c).filter(|sign| fold(c).to_ascii_uppercase() == *sign);
        match sign {
            Some(sign) if side.signs.len() <= ID_LEN => side.signs.push(sign),
            None if is_hidden(c) && !side.signs.is_empty() => {}
            _ => {
                side.is_hidden_on = is_mask(c) || c == '\\';
                break;
            }
        }
        side.len += c.len_utf8();
    }
    if is_before {
        side.signs = side.signs.chars().rev().collect();
    }
    side
}

fn is_weak_id(left: &str, hidden: usize, right: &str) -> bool {
    if left.len() + hidden + right.len() != ID_LEN || !ID_HIDDEN.contains(&hidden) {
        return false;
    }
    let number = format!("{left}{}{right}", "*".repeat(hidden));
    let (body, last) = number.split_at_checked(ID_LEN - 1).unwrap_or_default();
    let is_digit = |byte: u8| byte.is_ascii_digit() || byte == b'*';
    let birthday = number.get(6..14).unwrap_or_default();
    let is_born = if birthday.contains('*') {
        birthday.starts_with("19") || birthday.starts_with("20")
    } else {
        checks::is_date(birthday)
    };
    body.bytes().all(is_digit)
        && last.bytes().all(|byte| is_digit(byte) || byte == b'X')
        && (number.starts_with('*') || checks::has_region(&number))
        && is_born
}

fn is_weak_mobile(left: &str, hidden: usize, right: &str) -> bool {
    let fits = left.len() + hidden + right.len() == MOBILE_LEN && MOBILE_HIDDEN.contains(&hidden);
    // What is hidden may be any digit.
    fits && left.len() >= 3 && checks::is_mobile(&format!("{left}{}{right}", "0".repeat(hidden)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let hits = super::super::find(text).into_iter();
        hits.map(|hit| format!("{} {:?} {}", hit.code.id, hit.doubt, &text[hit.range])).collect()
    }

    #[test]
    fn what_is_masked_weakly_is_told() {
        for (text, code, raw) in [
            ("王建国，31011519900307****", "TS602", "31011519900307****"),
            ("王建国 31011519900307＊＊＊＊。", "TS602", "31011519900307＊＊＊＊"),
            ("王建国31011519900307\\*\\*\\*\\*，", "TS602", "31011519900307\\*\\*\\*\\*"),
            ("王建国 31011519900307123*", "TS602", "31011519900307123*"),
            ("王建国 3101151990****123X", "TS602", "3101151990****123X"),
            ("| 王建国 | 1381765**21 |", "TS603", "1381765**21"),
            ("王建国，13817654×××", "TS603", "13817654×××"),
        ] {
            assert_eq!(found(text), [format!("{code} Some(Likeness) {raw}")], "{text}");
        }
    }

    #[test]
    fn what_is_masked_as_is_the_custom_is_not() {
        for text in [
            "王建国 138****5678",
            "310115********1234",
            "310115199003******",
            "共**13817654321**份",
            "**1381765**21",
            "受理编号31011520260307****",
            "31019919909907****",
            "99011519900307****",
            "1381765*21",
            "金额1381765432*",
            "面积3×4×5，12×1381765",
        ] {
            let hits = find(text);
            assert!(hits.is_empty(), "{text} {hits:?}");
        }
        // What is masked once stays so.
        let (masked, _) = super::super::mask("王建国，31011519900307****");
        assert!(find(&masked).is_empty(), "{masked}");
    }
}
