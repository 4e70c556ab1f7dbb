//! Dates at the beginning of a text: 2025年9月1日, 2025-09-01, 2025.9.1 and 9月1日.

use super::{
    numbers::{is_digit, narrow, read_number},
    read::Read,
};

/// 2025年9月1日, 2025年9月, 9月1日; 2025年 alone is no date to compare.
pub(super) fn read_date(rest: &str) -> Option<Read> {
    if let Some(read) = read_numeric(rest) {
        return Some(read);
    }
    let (first, len, _) = read_number(rest)?;
    let after = rest.get(len..)?.trim_start();
    let date = |value: String, tail: &str| Read {
        value,
        unit: "",
        len: rest.len() - tail.len(),
        is_weak: false,
        is_about: false,
        more: 0,
    };
    if let Some(tail) = after.strip_prefix('月') {
        let day_text = tail.trim_start();
        let (day, len, _) = read_number(day_text)?;
        let tail = day_text.get(len..)?.trim_start().strip_prefix(['日', '号'])?;
        return Some(date(format!("{first}月{day}日"), tail));
    }
    let tail = after.strip_prefix('年').filter(|_| first.len() == 4)?;
    let month_text = tail.trim_start();
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
    is_date.then(|| Read {
        value: format!("{year}年{month}月{day}日"),
        unit: "",
        len: raw.len(),
        is_weak: false,
        is_about: false,
        more: 0,
    })
}
