//! Fractions and halves at the beginning of a text: 三分之一, 1/3, 一半, 半年, 一个半月.

use super::{
    numbers::{Number, is_digit, read_number},
    read::{Read, SHARES},
};

/// Digits of a fraction's parts at most; 2026/27 is none.
const DIGITS_MAX: usize = 2;

/// Words for a half of all.
const HALVES: [&str; 5] = ["一半", "半数", "减半", "折半", "半价"];

/// What a half is of, in one form.
const HALF_OF: [(&str, &str, &str); 9] = [
    ("半年", "6", "月数"),
    ("半个月", "0.5", "月数"),
    ("半个小时", "0.5", "小时"),
    ("半小时", "0.5", "小时"),
    ("半个工作日", "0.5", "工作日"),
    ("半天", "0.5", "日"),
    ("半日", "0.5", "日"),
    ("半个学期", "0.5", "学期"),
    ("半学期", "0.5", "学期"),
];

/// What a half is added to behind a number.
const AND_HALF: [(&str, &str); 5] = [
    ("个半月", "月数"),
    ("个半小时", "小时"),
    ("个半学期", "学期"),
    ("年半", "年"),
    ("天半", "日"),
];

/// Whether one of the halves begins with this character.
pub(super) fn can_begin(c: char) -> bool {
    matches!(c, '半' | '减' | '折')
}

/// A half at the beginning of `rest`, 一半 or 半年; `before` is the text up to it.
pub(super) fn read_half(before: &str, rest: &str) -> Option<Read> {
    if let Some(word) = HALVES.iter().find(|word| rest.starts_with(**word)) {
        // 大半, 过半数, 近一半 and 一半以上 are more or less than a half.
        let is_about = before.ends_with(['近', '超', '约', '大', '多', '过'])
            || rest.get(word.len()..)?.starts_with(['以', '左', '多']);
        let half = Read::exact("50%".to_owned(), "%", word.len());
        return Some(Read { is_about, ..half });
    }
    if let Some((word, value, unit)) = HALF_OF.iter().find(|(word, ..)| rest.starts_with(word)) {
        let is_after_number = before.ends_with(|c: char| is_digit(c) || "上下前后大".contains(c));
        return (!is_after_number).then(|| Read::exact(format!("{value}{unit}"), unit, word.len()));
    }
    None
}

/// A fraction at the beginning of `rest` with its first number; `before` is the text up to it.
pub(super) fn read_fraction(before: &str, rest: &str, number: &Number) -> Option<Read> {
    if SHARES.iter().any(|(word, _)| rest.starts_with(word)) {
        return None;
    }
    let (first, len, is_spelled) = number;
    let after = rest.get(*len..)?;
    if let Some((word, unit)) = AND_HALF.iter().find(|(word, _)| after.starts_with(word)) {
        let is_whole = !first.contains('.');
        let len = len + word.len();
        return is_whole.then(|| Read::exact(format!("{first}.5{unit}"), unit, len));
    }
    let (part, whole, tail) = if let Some(behind) = after.strip_prefix("分之") {
        let (part, part_len, _) = read_number(behind)?;
        (part, first.clone(), behind.get(part_len..)?)
    } else {
        let behind = after.strip_prefix(['/', '／']).filter(|_| !*is_spelled)?;
        let (whole, whole_len, _) = read_number(behind.starts_with(is_digit).then_some(behind)?)?;
        let tail = behind.get(whole_len..)?;
        let is_inside = before
            .ends_with(|c: char| c.is_ascii_alphanumeric() || "/／.第-".contains(c))
            || tail.starts_with(|c: char| c.is_ascii_alphanumeric() || "/／页月日-".contains(c));
        let is_short = first.len() <= DIGITS_MAX && whole.len() <= DIGITS_MAX;
        (is_short && !is_inside).then_some((first.clone(), whole, tail))?
    };
    let (part, whole): (u64, u64) = (part.parse().ok()?, whole.parse().ok()?);
    (0 < part && part < whole)
        .then(|| Read::exact(share(part, whole), "%", rest.len() - tail.len()))
}

/// 四分之一 is 25%; a third stays one.
fn share(part: u64, whole: u64) -> String {
    // Of a number in a text no product is sure to fit.
    let thousand = u128::from(part) * 1000;
    if thousand.is_multiple_of(whole.into()) {
        let permille = thousand / u128::from(whole);
        return match permille % 10 {
            0 => format!("{}%", permille / 10),
            rest => format!("{}.{rest}%", permille / 10),
        };
    }
    let mut divisor = (part, whole);
    while divisor.1 != 0 {
        divisor = (divisor.1, divisor.0 % divisor.1);
    }
    format!("{}/{}", part / divisor.0, whole / divisor.0)
}

/// Whether a share is a fraction, rounded or cut to as many digits as are written: 66.7% is 三分之二.
pub(super) fn is_rounded(share: &str, fraction: &str) -> bool {
    let read = || {
        let (part, whole) = fraction.split_once('/')?;
        let exact = 100.0 * part.parse::<f64>().ok()? / whole.parse::<f64>().ok()?;
        let share = share.strip_suffix('%')?;
        let digits = share.split_once('.').map_or(0, |(_, digits)| digits.len());
        let scale = 10f64.powi(i32::try_from(digits).ok()?);
        let (said, exact) = ((share.parse::<f64>().ok()? * scale).round(), exact * scale);
        Some((said - exact.round()).abs() < 0.5 || (said - exact.floor()).abs() < 0.5)
    };
    read().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::super::find_in;

    fn values(text: &str) -> Vec<String> {
        find_in(text, 0, &[]).into_iter().map(|figure| figure.value).collect()
    }

    #[test]
    fn fractions_and_halves_have_one_form() {
        for (text, expected) in [
            ("三分之一", "1/3"),
            ("六分之二", "1/3"),
            ("1/3", "1/3"),
            ("2/3以上", "2/3"),
            ("四分之三", "75%"),
            ("八分之一", "12.5%"),
            ("10000000000000000000分之9000000000000000000", "90%"),
            ("一半", "50%"),
            ("减半征收", "50%"),
            ("半年", "6月数"),
            ("半个月", "0.5月数"),
            ("一个半月", "1.5月数"),
            ("两个半小时", "2.5小时"),
            ("半小时", "0.5小时"),
            ("一年半", "1.5年"),
            ("18℃", "18℃"),
            ("18摄氏度", "18℃"),
            ("1∶4", "1:4"),
            ("百分之三点五", "3.5%"),
        ] {
            assert_eq!(values(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_looks_like_them_is_none() {
        for text in ["2026/27", "1/4页", "AF001/02", "5/3", "上半年，下半年", "三分之"] {
            let found = values(text);
            assert!(found.iter().all(|value| value == "4页"), "{text} {found:?}");
        }
    }
}
