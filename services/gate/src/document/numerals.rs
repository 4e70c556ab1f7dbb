//! Numerals as documents write them: 十二, 二〇〇四, １２, 12, ⑫.

/// Whether a numeral can be made of this character: digits of either width, 一 to 九, 〇, ○, 零, 十,
/// 百, 千.
pub(crate) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || unit(c).is_some()
}

/// The value of a numeral; `None` if it is none or beyond 99,999.
pub(crate) fn parse(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 9 {
        return None;
    }
    if text.chars().any(|c| unit(c).is_some()) { parse_by_units(text) } else { parse_digits(text) }
}

/// 1 → 一, 12 → 十二, 105 → 一百零五; beyond 9,999 in digits.
pub(super) fn chinese(value: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if value == 0 || value > 9_999 {
        return value.to_string();
    }
    let mut text = String::new();
    let mut is_gap = false;
    for (scale, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = value / scale % 10;
        if digit == 0 {
            is_gap = !text.is_empty();
            continue;
        }
        if is_gap {
            text.push('零');
            is_gap = false;
        }
        let is_bare_ten = scale == 10 && digit == 1 && text.is_empty();
        if !is_bare_ten {
            text.extend(usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit)));
        }
        text.push_str(name);
    }
    text
}

/// A digit of any style.
pub(super) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        '０'..='９' => u32::from(c) - u32::from('０'),
        '〇' | '○' | '零' | 'Ｏ' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

fn parse_digits(text: &str) -> Option<u32> {
    text.chars().try_fold(0_u32, |value, c| value.checked_mul(10)?.checked_add(digit(c)?))
}

fn parse_by_units(text: &str) -> Option<u32> {
    let (mut total, mut pending, mut last) = (0_u32, None, u32::MAX);
    for c in text.chars() {
        if let Some(scale) = unit(c) {
            if scale >= last {
                return None;
            }
            total += pending.take().unwrap_or(1) * scale;
            last = scale;
        } else {
            let value = digit(c)?;
            // 一百零五: the zero only fills a gap.
            if pending.is_some_and(|held| held != 0) {
                return None;
            }
            pending = Some(value);
        }
    }
    Some(total + pending.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_of_every_style_are_read() {
        for (text, value) in [
            ("一", 1),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("五十四", 54),
            ("一百零五", 105),
            ("一百一十", 110),
            ("二○二○", 2020),
            ("二〇〇四", 2004),
            ("一九九六", 1996),
            ("１２", 12),
            ("007", 7),
        ] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
        for text in ["", "十十", "百千", "一x", "条", "9999999999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_and_read_back() {
        for value in 1..=9_999 {
            assert_eq!(parse(&chinese(value)), Some(value), "{}", chinese(value));
        }
        assert_eq!([chinese(10), chinese(21), chinese(105)], ["十", "二十一", "一百零五"]);
    }
}
