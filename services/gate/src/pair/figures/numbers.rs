//! Numbers at the beginning of a text, in digits or spelled, in one form.

use super::{
    read::RANGE,
    units::{SPELLED, is_scale_of_unit, unit_at},
};
use crate::document::{first_chars, is_numeral, parse_numeral};

pub(super) fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// The decimal `value` times ten to the `digits`.
pub(super) fn shift(value: &str, digits: usize) -> String {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let mut fraction: Vec<char> = fraction.chars().collect();
    let mut whole = whole.to_owned();
    for _ in 0..digits {
        whole.push(if fraction.is_empty() { '0' } else { fraction.remove(0) });
    }
    plain(&whole, &fraction.into_iter().collect::<String>())
}

/// The value with its point so many digits to the left.
pub(super) fn unshift(value: &str, digits: usize) -> String {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let whole = format!("{}{whole}", "0".repeat(digits));
    let (whole, low) = whole.split_at_checked(whole.len() - digits).unwrap_or((&whole, ""));
    plain(whole, &format!("{low}{fraction}"))
}

/// Without leading and trailing zeros that say nothing.
fn plain(whole: &str, fraction: &str) -> String {
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// Characters of a number at most. A longer run of digits and commas is a list, and is not read to
/// its end from each of its numbers.
const NUMBER_MAX: usize = 24;

/// A number in one form, its length, and whether it is spelled in Chinese.
pub(super) type Number = (String, usize, bool);

pub(super) fn read_number(text: &str) -> Option<Number> {
    let number = read_whole(text)?;
    Some(with_fraction(text, &number).unwrap_or(number))
}

/// The same, where 点 is none of decimals: 第二点三年内.
pub(super) fn read_whole(text: &str) -> Option<Number> {
    read_below(text, usize::MAX)
}

/// 一点五 of 一点五米, 一点五万平方米 and 一点五至二点五米. 九点三十分 is a time, and 两点意见 are two.
fn with_fraction(text: &str, (whole, len, is_spelled): &Number) -> Option<Number> {
    let (fraction, tail) = is_spelled.then(|| spelled_fraction(text.get(*len..)?))??;
    let scaled = scale_at(tail)
        .map(|(scale, digits)| (digits, tail.get(scale.len_utf8()..).unwrap_or_default()));
    let (digits, tail) = scaled.unwrap_or((0, tail));
    let upper = || {
        let upper = tail.strip_prefix(RANGE)?;
        let (_, len, _) = read_whole(upper)?;
        let behind = upper.get(len..)?;
        Some(spelled_fraction(behind).map_or(behind, |(_, behind)| behind))
    };
    let is_measured =
        is_measured(tail, &fraction) || upper().is_some_and(|upper| is_measured(upper, ""));
    let value = shift(&format!("{whole}.{fraction}"), digits);
    is_measured.then(|| (value, text.len() - tail.len(), true))
}

/// Whether a unit begins here that decimals are counted in.
fn is_measured(text: &str, fraction: &str) -> bool {
    // 八点二〇二七年
    const DIGITS_MAX: usize = 3;
    const WHOLE: [&str; 4] = ["人", "户", "岁", "日"];
    let unit = unit_at(text.trim_start_matches([' ', '　']));
    unit.is_some_and(|(written, unit)| {
        SPELLED.contains(unit) && !WHOLE.contains(written) && fraction.len() <= DIGITS_MAX
    })
}

/// 点五 and 点二五 as digits, and what follows; 点三十 is none.
pub(super) fn spelled_fraction(text: &str) -> Option<(String, &str)> {
    let after = text.strip_prefix('点')?;
    let begin = first_chars(after, NUMBER_MAX);
    let len = begin
        .find(|c| !is_spelled(c) || matches!(c, '万' | '亿' | '千' | '百'))
        .unwrap_or(begin.len());
    let digits = after.get(..len)?.chars().map(|c| {
        // 十 is none of these.
        let value = parse_numeral(c.encode_utf8(&mut [0; 4])).filter(|value| *value < 10)?;
        char::from_digit(value, 10)
    });
    let digits: String = digits.collect::<Option<_>>()?;
    (!digits.is_empty()).then(|| (digits, after.get(len..).unwrap_or_default()))
}

/// A number whose scales have fewer zeros than `below`: 2千5百 behind 3万. What stands behind a scale has
/// a lower one, so that no number is deeper than there are scales.
fn read_below(text: &str, below: usize) -> Option<Number> {
    let first = text.chars().next()?;
    let begin = first_chars(text, NUMBER_MAX);
    if is_digit(first) {
        let len = begin
            .find(|c: char| !is_digit(c) && !matches!(c, '.' | ',' | '，') && !is_unseen(c))
            .unwrap_or(begin.len());
        let raw = text.get(..len)?.trim_end_matches(['.', ',', '，']);
        // 1，2: a list, no thousands.
        let grouped = raw
            .split([',', '，'])
            .skip(1)
            .all(|group| group.split('.').next().is_some_and(|group| group.chars().count() == 3));
        let raw = if grouped { raw } else { raw.split([',', '，']).next()? };
        let digits: String = raw
            .chars()
            .filter(|c| !matches!(c, ',' | '，') && !is_unseen(*c))
            .map(|c| if c == '.' { c } else { narrow(c) })
            .collect();
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        if fraction.contains('.') {
            return None;
        }
        let mut len = raw.len();
        let mut value = plain(whole, fraction);
        // 5万元 is read by its unit; 3千万元, 5百人 are not.
        for _ in 0..2 {
            let scale = text.get(len..).and_then(scale_at).filter(|(_, digits)| *digits < below);
            let Some((scale, digits)) = scale else { break };
            value = shift(&value, digits);
            len += scale.len_utf8();
            // 3万2千元
            if let Some((sum, more)) =
                text.get(len..).and_then(|rest| add_lower(&value, digits, rest))
            {
                value = sum;
                len += more;
            }
        }
        return Some((value, len, false));
    }
    let len = begin.find(|c| !is_spelled(c)).unwrap_or(begin.len());
    // 统一15%, 高二30名; 二0二六年 is a year.
    let mut letters = begin.chars();
    if letters.next().is_some_and(is_single) && matches!(letters.next(), Some('1'..='9')) {
        return None;
    }
    let raw: String = text.get(..len)?.chars().map(simple).collect();
    Some((parse_spelled(&raw)?.to_string(), len, true))
}

fn is_single(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九')
}

/// Characters that no reader sees.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Whether a number can begin with this character, or go on with it, where it is spelled.
pub(super) fn is_spelled(c: char) -> bool {
    is_numeral(c) || simple(c) != c || matches!(c, '万' | '亿')
}

/// 伍佰 is 五百: amounts are written so that nobody changes them.
fn simple(c: char) -> char {
    match c {
        '壹' => '一',
        '贰' | '两' => '二',
        '叁' => '三',
        '肆' => '四',
        '伍' => '五',
        '陆' => '六',
        '柒' => '七',
        '捌' => '八',
        '玖' => '九',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        c => c,
    }
}

/// The value with what stands behind its scale, lower than that: 2千 behind 3万.
fn add_lower(value: &str, digits: usize, rest: &str) -> Option<(String, usize)> {
    let (lower, len, _) = read_below(rest.starts_with(is_digit).then_some(rest)?, digits)?;
    let (value, lower): (u64, u64) = (value.parse().ok()?, lower.parse().ok()?);
    // 3万500 is written 30500; what has no scale of its own is another number.
    let has_scale = rest.get(..len)?.ends_with(['千', '百']);
    (has_scale && lower.to_string().len() <= digits)
        .then(|| (value.saturating_add(lower).to_string(), len))
}

/// 千, 百, 万 behind digits, with their zeros, where they begin no unit.
fn scale_at(text: &str) -> Option<(char, usize)> {
    let scale = text.chars().next()?;
    let digits = match scale {
        '百' => 2,
        '千' => 3,
        '万' => 4,
        _ => return None,
    };
    (!is_scale_of_unit(scale, text)).then_some((scale, digits))
}

/// 三万五千, 一亿二千万, 二〇二六
fn parse_spelled(raw: &str) -> Option<u64> {
    let section = |text: &str| {
        if text.is_empty() { Some(0) } else { parse_numeral(text).map(u64::from) }
    };
    let (high, low) = raw.split_once('亿').unwrap_or(("", raw));
    let (middle, low) = low.split_once('万').unwrap_or(("", low));
    if raw.is_empty()
        || raw.starts_with(['亿', '万'])
        || low.contains(['亿', '万'])
        || middle.contains('亿')
    {
        return None;
    }
    Some(section(high)? * 100_000_000 + section(middle)? * 10_000 + section(low)?)
}

pub(super) fn narrow(c: char) -> char {
    match c {
        '０'..='９' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
        }
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelled_decimals_have_a_unit() {
        for (text, value, read) in [
            ("一点五米", "1.5", "一点五"),
            ("零点八公顷", "0.8", "零点八"),
            ("二十二点五元", "22.5", "二十二点五"),
            ("一点二五倍", "1.25", "一点二五"),
            ("一点五万元", "1.5", "一点五"),
            ("一点五万平方米", "15000", "一点五万"),
            ("一点五至二点五米", "1.5", "一点五"),
            ("九点三十分", "9", "九"),
            ("九点五十", "9", "九"),
            ("八点二〇二七年", "8", "八"),
            ("八点五人", "8", "八"),
            ("两点意见", "2", "两"),
            ("一点一滴", "1", "一"),
        ] {
            assert_eq!(read_number(text), Some((value.to_owned(), read.len(), true)), "{text}");
        }
        assert_eq!(read_number(&"一点五至".repeat(100_000)), Some(("1".to_owned(), 3, true)));
    }

    #[test]
    fn scales_in_a_number_fall() {
        for (text, value) in [
            ("3万2千5百", "32500"),
            ("3千2百万", "32000000"),
            ("1.5千", "1500"),
            ("3千万", "30000000"),
        ] {
            assert_eq!(read_number(text), Some((value.to_owned(), text.len(), false)), "{text}");
        }
        // Deeper than any stack, were each read behind the one before.
        let text = "1千".repeat(500_000);
        assert_eq!(read_number(&text), Some(("1000".to_owned(), "1千".len(), false)));
    }
}
