//! What a number shows by itself: region, date and check character of an ID card, the check of a bank card.

use std::ops::Range;

use jiff::civil::Date;

/// An ID card's number but for its check character, where region and date are right.
pub(super) fn id_body(digits: &str) -> Option<&str> {
    let body = digits.get(..17).filter(|_| digits.len() == 18)?;
    let is_shaped = body.bytes().all(|b| b.is_ascii_digit())
        && has_region(digits)
        && digits.get(6..14).is_some_and(is_date);
    is_shaped.then_some(body)
}

/// Whether these are an ID card's number, the check character too.
pub(super) fn is_id_card(digits: &str) -> bool {
    id_body(digits).is_some_and(|body| id_check(body) == digits.chars().last())
}

/// Check character of GB 11643 (ISO 7064 MOD 11-2).
pub(super) fn id_check(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).filter_map(|(c, w)| Some(c.to_digit(10)? * w)).sum();
    "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)
}

/// Codes of provinces (GB/T 2260), and 81 to 83 of residence permits 港澳台居民居住证.
pub(super) fn has_region(digits: &str) -> bool {
    let region = digits.get(..2).and_then(|two| two.parse().ok());
    region.is_some_and(|region: u8| {
        matches!(region, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
    })
}

/// `YYYYMMDD` of the last or this century.
pub(super) fn is_date(digits: &str) -> bool {
    let part = |range: Range<usize>| digits.get(range).and_then(|part| part.parse().ok());
    let (Some(year), Some(month), Some(day)) =
        (digits.get(..4).and_then(|year| year.parse().ok()), part(4..6), part(6..8))
    else {
        return false;
    };
    (1900..2100).contains(&year) && Date::new(year, month, day).is_ok()
}

/// Check of 统一社会信用代码, GB 32100-2015 (here of one that is digits alone).
pub(super) fn is_credit_code(digits: &str) -> bool {
    const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let sum: u32 = digits.chars().zip(WEIGHTS).filter_map(|(c, w)| Some(c.to_digit(10)? * w)).sum();
    digits.chars().last().and_then(|c| c.to_digit(10)) == Some((31 - sum % 31) % 31)
}

/// Whether digits are as many as a card has, and pass its check.
pub(super) fn is_bank_card(digits: &str) -> bool {
    (16..=19).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && passes_luhn(digits)
}

fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) => twice % 10 + twice / 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether these are eleven digits that a mobile number may have.
pub(super) fn is_mobile(digits: &str) -> bool {
    digits.len() == 11
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.starts_with('1')
        && digits.get(1..2).is_some_and(|second| "3456789".contains(second))
}
