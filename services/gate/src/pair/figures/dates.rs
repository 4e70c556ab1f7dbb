//! Dates at the beginning of a text: 2025年9月1日, 2025-09-01, 2025.9.1 and 9月1日.

use super::{
    numbers::{Number, is_digit, narrow, read_number},
    read::Read,
};

/// 2025年9月1日, 2025年9月, 9月1日; 2025年 alone is no date to compare.
pub(super) fn read_date(rest: &str, number: Option<&Number>) -> Option<Read> {
    if let Some(read) = read_numeric(rest) {
        return Some(read);
    }
    let (first, len, _) = number?;
    let after = rest.get(*len..)?.trim_start();
    let date = |value: String, tail: &str| Read::exact(value, "", rest.len() - tail.len());
    if let Some(tail) = after.strip_prefix('月') {
        if let Some(tail) = tail.strip_prefix(END) {
            return Some(date(format!("{first}月{}日", last_day(first)), tail));
        }
        let day_text = tail.trim_start();
        let (day, len, _) = read_number(day_text)?;
        let tail = day_text.get(len..)?.trim_start().strip_prefix(['日', '号'])?;
        return Some(date(format!("{first}月{day}日"), tail));
    }
    let tail = after.strip_prefix('年').filter(|_| first.len() == 4)?;
    if let Some(tail) = tail.strip_prefix(END) {
        return Some(date(format!("{first}年12月"), tail));
    }
    let month_text = tail.trim_start();
    for term in ["春季", "秋季"] {
        let behind = month_text.strip_prefix(term).filter(|behind| behind.starts_with("学期"));
        if let Some(behind) = behind {
            return Some(date(format!("{first}年{term}"), behind));
        }
    }
    let Some((month, len, _)) = read_number(month_text) else {
        return Some(Read { is_weak: true, ..date(format!("{first}年"), tail) });
    };
    let Some(after_month) = month_text.get(len..)?.trim_start().strip_prefix('月') else {
        return Some(Read { is_weak: true, ..date(format!("{first}年"), tail) });
    };
    let day_text = after_month.trim_start();
    let day = read_number(day_text).and_then(|(day, len, _)| {
        Some((day, day_text.get(len..)?.trim_start().strip_prefix(['日', '号'])?))
    });
    Some(match day {
        Some((day, tail)) => date(format!("{first}年{month}月{day}日"), tail),
        None => date(format!("{first}年{month}月"), after_month),
    })
}

/// The end of a year or a month, said without its day.
const END: [char; 2] = ['底', '末'];

/// 6月底 is 6月30日.
fn last_day(month: &str) -> u8 {
    match month {
        "2" => 28,
        "4" | "6" | "9" | "11" => 30,
        _ => 31,
    }
}

/// Whether a day said by the year of writing can begin with this character.
pub(super) fn can_begin(c: char) -> bool {
    matches!(c, '明' | '来' | '今' | '本' | '去' | '上' | '下')
}

/// 明年2月1日, 今年底, 本月15日, each with its word before the day.
pub(super) fn read_relative(rest: &str) -> Option<Read> {
    const WORDS: [(&str, &str); 10] = [
        ("明年", "明年"),
        ("来年", "明年"),
        ("今年", "今年"),
        ("本年度", "今年"),
        ("本年", "今年"),
        ("去年", "去年"),
        ("上年", "去年"),
        ("本月", "本月"),
        ("下月", "下月"),
        ("下个月", "下月"),
    ];
    let (written, word) = WORDS.iter().find(|(written, _)| rest.starts_with(written))?;
    let text = rest.get(written.len()..)?.trim_start();
    let date = |said: String, tail: &str| {
        Read::exact(format!("{word}{said}"), "", rest.len() - tail.len())
    };
    let is_month = word.ends_with('月');
    // 今年年底
    let end = text.strip_prefix('年').unwrap_or(text).strip_prefix(END);
    if let Some(tail) = end {
        return Some(date(if is_month { String::new() } else { "12月".to_owned() }, tail));
    }
    let (first, len, _) = read_number(text)?;
    let after = text.get(len..)?.trim_start();
    if is_month {
        return Some(date(format!("{first}日"), after.strip_prefix(['日', '号'])?));
    }
    let tail = after.strip_prefix('月')?;
    let day = read_number(tail.trim_start()).and_then(|(day, len, _)| {
        Some((day, tail.trim_start().get(len..)?.trim_start().strip_prefix(['日', '号'])?))
    });
    Some(match day {
        Some((day, tail)) => date(format!("{first}月{day}日"), tail),
        None => date(format!("{first}月"), tail),
    })
}

/// 2026-03-01, 2026/3/1, 2026.3.1 as 2026年3月1日. Longer chains are versions or numbers of something.
fn read_numeric(rest: &str) -> Option<Read> {
    const SIGNS: [char; 6] = ['-', '/', '.', '－', '／', '．'];
    // No date is longer than this.
    let rest = crate::document::first_chars(rest, 12);
    let end = rest.find(|c: char| !is_digit(c) && !SIGNS.contains(&c)).unwrap_or(rest.len());
    // The full stop behind a sentence is none of it.
    let raw = rest.get(..end)?.trim_end_matches(SIGNS);
    let sign = raw.chars().find(|c| !is_digit(*c))?;
    let mut parts = raw.split(sign).map(|part| {
        let digits: String = part.chars().map(narrow).collect();
        (digits.len(), digits.parse::<u16>())
    });
    let (Some((4, Ok(year))), Some((1..=2, Ok(month))), Some((1..=2, Ok(day))), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let is_date =
        (1900..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then(|| Read::exact(format!("{year}年{month}月{day}日"), "", raw.len()))
}
