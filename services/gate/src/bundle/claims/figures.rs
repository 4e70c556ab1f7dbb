//! The figures of a text, years and other names left out: 2021—2026年, 12345热线, 示教〔2027〕18号 count nothing.

use std::ops::{Range, RangeInclusive};

/// A figure as it is written.
pub(super) struct Figure {
    /// Its digits, without the commas between thousands.
    pub(super) digits: String,
}

/// Years that are said of data and plans.
const YEARS: RangeInclusive<u32> = 1900..=2199;
/// What stands between the first and the last of several years.
const RANGE: [char; 12] = ['—', '–', '-', '－', '―', '─', '~', '～', '〜', '至', '到', '/'];
/// What stands between years in a list.
const LIST: [char; 5] = ['、', '和', '与', '及', ','];
/// What follows a year, besides 年.
const OF_YEAR: [&str; 7] = ["学年", "上半年", "下半年", "全年", "春", "秋", "届"];
const SCALES: [char; 3] = ['千', '万', '亿'];

/// Figures of three digits at least or with decimals; small counts are words.
pub(super) fn read(text: &str) -> Vec<Figure> {
    let numbers = numbers(text);
    let names = years(text, &numbers);
    let figures = numbers.into_iter().zip(names).filter(|(range, is_year)| {
        let behind = text.get(range.end..).unwrap_or_default();
        !is_year && !behind.starts_with(['热', '号', '〕'])
    });
    figures
        .map(|(range, _)| text.get(range).unwrap_or_default().replace(',', ""))
        .filter(|digits| digits.len() > 2)
        .map(|digits| Figure { digits })
        .collect()
}

/// Where digits stand: 63,897.16, 12, 2026.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut found = vec![];
    let mut at = 0;
    while at < bytes.len() {
        if !is_digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        // A comma stands before three digits, a point before any.
        let thousand = |at: usize| (1..=3).all(|next| is_digit(at + next)) && !is_digit(at + 4);
        while is_digit(at)
            || (bytes.get(at) == Some(&b'.') && is_digit(at + 1))
            || (bytes.get(at) == Some(&b',') && thousand(at))
        {
            at += 1;
        }
        found.push(start..at);
    }
    found
}

/// Which of these numbers are years or days: 2026年, both of 2021—2026年, all of 2023、2024年, 2026.9.
fn years(text: &str, numbers: &[Range<usize>]) -> Vec<bool> {
    let mut are_years = vec![false; numbers.len()];
    // From the last: what stands before a year, joined with it, is one too.
    let mut next: Option<(usize, bool)> = None;
    for (is_year, range) in are_years.iter_mut().zip(numbers).rev() {
        let digits = text.get(range.clone()).unwrap_or_default();
        let behind = text.get(range.end..).unwrap_or_default();
        let between = next.and_then(|(start, _)| text.get(range.end..start)).map(str::trim);
        let next_is_year = next.is_some_and(|(_, is_year)| is_year);
        *is_year = behind.trim_start().starts_with('年')
            || (is_of_years(digits) && {
                let is_named = OF_YEAR.iter().any(|word| behind.starts_with(word));
                let is_joined = between.is_some_and(|between| {
                    is_sign(between, &RANGE) || (is_sign(between, &LIST) && next_is_year)
                });
                is_named || (is_joined && (next_is_year || is_range(text, range, next)))
            })
            || is_month(digits, behind)
            || is_last(text, range, digits);
        next = Some((range.start, *is_year));
    }
    are_years
}

fn is_of_years(digits: &str) -> bool {
    digits.len() == 4 && digits.parse().is_ok_and(|year| YEARS.contains(&year))
}

/// Nothing else than one of these, which may be doubled: ——.
fn is_sign(between: &str, signs: &[char]) -> bool {
    !between.is_empty()
        && between.chars().count() <= 2
        && between.chars().all(|c| signs.contains(&c))
}

/// 2021—2026 before a word; 2000—2100个 are none.
fn is_range(text: &str, first: &Range<usize>, next: Option<(usize, bool)>) -> bool {
    let Some((start, _)) = next else { return false };
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (last, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
    let first = text.get(first.clone()).unwrap_or_default();
    is_of_years(last) && first < last && !is_counted(behind)
}

/// 2026.9, 2026.09.30, 2026-09-30, 2026/9
fn is_month(digits: &str, behind: &str) -> bool {
    let month = |text: &str| text.parse().is_ok_and(|month: u32| (1..=12).contains(&month));
    if let Some((year, rest)) = digits.split_once('.') {
        let first = rest.split('.').next().unwrap_or(rest);
        return is_of_years(year) && month(first) && !is_counted(behind);
    }
    let Some(rest) = behind.strip_prefix(['-', '/']).filter(|_| is_of_years(digits)) else {
        return false;
    };
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..length).is_some_and(|first| first.len() <= 2 && month(first))
}

/// The second of 2021年—2026, 2021—2026.
fn is_last(text: &str, range: &Range<usize>, digits: &str) -> bool {
    let (before, behind) =
        (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default());
    let first = before.trim_end().trim_end_matches(RANGE).trim_end();
    let is_joined = first.len() < before.trim_end().len();
    let year = first.len().checked_sub(4).and_then(|at| first.get(at..)).unwrap_or_default();
    is_of_years(digits)
        && is_joined
        && (first.ends_with('年') || (is_of_years(year) && year < digits && !is_counted(behind)))
}

/// Whether what stands before it is an amount and no name.
fn is_counted(behind: &str) -> bool {
    const COUNTS: [char; 12] =
        ['个', '人', '元', '件', '所', '户', '名', '次', '项', '家', '%', '吨'];
    behind.starts_with(SCALES) || behind.starts_with(COUNTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_no_figures() {
        for (text, figures) in [
            ("2021—2026年学位数", vec![]),
            ("2021-2026年学位数", vec![]),
            ("2021～2026年学位数", vec![]),
            ("2021至2026年学位数", vec![]),
            ("2021——2026年学位数", vec![]),
            ("2021年—2026年", vec![]),
            ("2021年—2026", vec![]),
            ("2021—26年", vec![]),
            ("2017—2024学年", vec![]),
            ("2017—2024学位数", vec![]),
            ("2023、2024年和2025年", vec![]),
            ("2023、2024、2025年", vec![]),
            ("2024/2025学年", vec![]),
            ("2026 年", vec![]),
            ("截至2026.9，至2026-09-30", vec![]),
            ("2026秋季学期", vec![]),
            ("2000—2100个", vec!["2000", "2100"]),
            ("2023个、2024个", vec!["2023", "2024"]),
            ("2024、2025个", vec!["2024", "2025"]),
            ("2025.5万元", vec!["2025.5"]),
            ("1,652个，63,897.16元", vec!["1652", "63897.16"]),
            ("12345热线，示教〔2027〕118号", vec![]),
            ("达2030。", vec!["2030"]),
        ] {
            let found: Vec<String> = read(text).into_iter().map(|figure| figure.digits).collect();
            assert_eq!(found, figures, "{text}");
        }
    }
}
