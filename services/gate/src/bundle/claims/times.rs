//! Rows or columns that are points in time, and between which of them a headline means a change: 2026年比2023年,
//! 近三年, or from the first to the last.

use std::ops::RangeInclusive;

use crate::document::{is_numeral, parse_numeral};

/// A length of time, and how points of it end.
const LENGTHS: [(&str, &str); 4] = [("年", "年"), ("个月", "月"), ("个季度", "季度"), ("周", "周")];

/// Which changes are meant.
#[derive(Debug)]
pub(super) enum Meant {
    /// Nothing says.
    Any,
    /// Of two points that the clause names, or of one that it does.
    Named(Vec<usize>),
    /// 环比: from the one before to one of these, or to any where there are none.
    Next(Vec<usize>),
    /// From the first to the last, or from one to the next; 三年增长 also over so many at either end; of those that
    /// another clause names.
    Usual { lengths: Vec<usize>, named: Vec<usize> },
}

/// 2026年, 2026年9月, 9月, 第一季度, 上半年
pub(super) fn is_time(label: &str) -> bool {
    const ENDS: [&str; 9] = ["年", "月", "季度", "半年", "年度", "学年", "学期", "周", "日"];
    year(label).is_some() || ENDS.iter().any(|end| label.ends_with(end))
}

/// Whether all of these are, and which stand in the order of time.
pub(super) fn are_times(labels: &[&str]) -> bool {
    labels.len() > 1 && labels.iter().all(|label| is_time(label))
}

/// The year that a label begins with.
pub(super) fn year(label: &str) -> Option<u32> {
    const YEARS: RangeInclusive<u32> = 1900..=2199;
    let digits = label.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let goes_on = label.get(4..)?.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    digits.parse().ok().filter(|year| !goes_on && YEARS.contains(year))
}

impl Meant {
    /// What a clause says, or else the headline around it.
    pub(super) fn of(labels: &[&str], headline: &str, clause: &str) -> Self {
        /// A part of the time that the labels do not say, or the greatest and the least.
        const NEXT: [&str; 5] = ["环比", "上月", "上个月", "上季", "上一季"];
        const VAGUE: [&str; 16] = [
            "同比", "同期", "期间", "时期", "峰", "谷", "高点", "低点", "半年", "学期", "以来",
            "五”", "四五", "五五", "最高", "最低",
        ];
        let named = |text: &str| -> Vec<usize> {
            let said = labels.iter().enumerate().filter(|(_, label)| is_said(text, label));
            said.map(|(at, _)| at).collect()
        };
        let in_clause = named(clause);
        if NEXT.iter().any(|word| clause.contains(word)) {
            return Self::Next(in_clause);
        }
        if !in_clause.is_empty() {
            return Self::Named(in_clause);
        }
        if VAGUE.iter().any(|word| headline.contains(word)) {
            return Self::Any;
        }
        let mut lengths = vec![];
        for (sign, end) in [("年", "年"), ("个月", "月"), ("个季度", "季度"), ("周", "周")]
        {
            for length in
                headline.match_indices(sign).filter_map(|(at, _)| count(headline.get(..at)?))
            {
                // 一年 of months is said of twelve of them.
                if !labels.iter().all(|label| label.ends_with(end) || year_alone(label)) {
                    return Self::Any;
                }
                lengths.push(length);
            }
        }
        Self::Usual { lengths, named: named(headline) }
    }

    /// Whether it is a change from one of so many points to another.
    pub(super) fn takes(&self, from: usize, to: usize, count: usize) -> bool {
        let among = |named: &[usize]| match named {
            [one] => from == *one || to == *one,
            several => several.contains(&from) && several.contains(&to),
        };
        match self {
            Self::Any => true,
            Self::Named(named) => among(named),
            Self::Next(named) => to == from + 1 && (named.is_empty() || named.contains(&to)),
            Self::Usual { lengths, named } => {
                let is_at_end = from == 0 || to + 1 == count;
                to == from + 1
                    || (from == 0 && to + 1 == count)
                    || (is_at_end && lengths.iter().any(|n| to - from == *n || to - from + 1 == *n))
                    || among(named)
            }
        }
    }
}

/// Whether a text speaks of a length of time: 五年, 近三个月.
pub(super) fn says_length(text: &str) -> bool {
    lengths(text).next().is_some()
}

/// How long it says: 5, 3.
pub(super) fn lengths(text: &str) -> impl Iterator<Item = usize> {
    let signs = LENGTHS.iter().flat_map(move |(sign, _)| text.match_indices(sign));
    signs.filter_map(|(at, _)| text.get(..at).and_then(count))
}

fn year_alone(label: &str) -> bool {
    year(label).is_some() && label.len() <= "2026学年度".len() && !label.ends_with('月')
}

/// Whether a text names a point in time: 2026 of 2021—2026年, 9月 of 2025年9月.
pub(super) fn is_said(text: &str, label: &str) -> bool {
    said_at(text, label).is_some()
}

/// Where it does so.
pub(super) fn said_at(text: &str, label: &str) -> Option<usize> {
    let apart = |name: &str| {
        let is_apart = |at: &usize| {
            !text.get(..*at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
        };
        let mut places = text.match_indices(name).map(|(at, _)| at);
        places.find(is_apart).filter(|_| !name.is_empty())
    };
    // 四季度 of 第四季度; 前三季度 are three of them.
    let of_quarter = || {
        let name = short(label).strip_prefix('第').filter(|name| name.ends_with("季度"))?;
        let is_one = |at: &usize| {
            !text.get(..*at).is_some_and(|before| {
                before.ends_with(|c: char| "前后近至到—–-~～、和".contains(c))
            })
        };
        text.match_indices(name).map(|(at, _)| at).find(is_one)
    };
    apart(label).or_else(|| apart(short(label))).or_else(of_quarter)
}

/// 9月 of 2025年9月, 2025 of 2025年.
pub(super) fn short(label: &str) -> &str {
    match label.get(..4) {
        Some(year) if year_alone(label) => year,
        Some(_) if year(label).is_some() => label.split_once('年').map_or(label, |(_, rest)| rest),
        _ => label,
    }
}

/// The first and the last of the stretch that a text names: 1—8月, 2021年至2024年.
pub(super) fn stretch(text: &str, labels: &[&str]) -> Option<(usize, usize)> {
    const RANGE: [char; 8] = ['—', '–', '-', '－', '~', '～', '至', '到'];
    let digits = |c: char| c.is_ascii_digit();
    labels.iter().enumerate().find_map(|(last, label)| {
        let before = text.get(..said_at(text, label)?)?;
        let first = before.trim_end_matches(RANGE);
        let first = ["年", "月", "日", "季度"]
            .iter()
            .find_map(|end| first.strip_suffix(end))
            .filter(|_| first.len() < before.len())
            .or_else(|| (first.len() < before.len()).then_some(first))?;
        let number = first.get(first.trim_end_matches(digits).len()..)?;
        let end = short(label).trim_start_matches(digits);
        let name = format!("{number}{end}");
        let is_first = |other: &&str| !number.is_empty() && short(other) == name;
        let first = labels.iter().position(is_first)?;
        (first < last).then_some((first, last))
    })
}

/// The count at the end of a text: 近三, 10; 2026 is a year.
pub(super) fn count(before: &str) -> Option<usize> {
    let chars = before.char_indices().rev().take_while(|(_, c)| is_numeral(*c) || *c == '两');
    let numeral = before.get(chars.last()?.0..)?;
    let value = if numeral == "两" { 2 } else { parse_numeral(numeral)? };
    usize::try_from(value).ok().filter(|value| *value < 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_other_names() {
        for label in ["2026年", "2026", "2026年9月", "9月", "第一季度", "2026学年", "2026年上半年"]
        {
            assert!(is_time(label), "{label}");
        }
        for label in ["65岁以上", "0—3岁", "3000元以下", "东街街道", "平时", "20261人", ""]
        {
            assert!(!is_time(label), "{label}");
        }
    }

    #[test]
    fn what_is_said_of_time_says_which_change_is_meant() {
        let years = ["2021年", "2022年", "2023年", "2024年", "2025年"];
        let months = ["2025年9月", "2025年10月", "2025年11月", "2025年12月"];
        let clause = |headline: &'static str| headline.rsplit('，').next().unwrap_or(headline);
        let takes = |labels: &[&str], headline: &'static str, from: usize, to: usize| {
            Meant::of(labels, headline, clause(headline)).takes(from, to, labels.len())
        };
        for (headline, from, to, is_meant) in [
            ("增长65%", 0, 4, true),
            ("增长65%", 1, 2, true),
            ("增长65%", 1, 3, false),
            ("2024年比2022年增长65%", 1, 3, true),
            ("2024年比2022年增长65%", 1, 2, false),
            ("2023年以来增长65%", 2, 4, true),
            ("2023年以来增长65%", 0, 1, false),
            ("2022-2024年增长65%", 1, 3, true),
            ("近三年增长65%", 2, 4, true),
            ("近两年增长65%", 1, 4, false),
            ("2023年最多，四年增长65%", 0, 4, true),
            ("自2023年起，累计增长65%", 2, 4, true),
            ("自2023年起，累计增长65%", 1, 3, false),
            ("“十四五”期间增长65%", 1, 3, true),
        ] {
            assert_eq!(takes(&years, headline, from, to), is_meant, "{headline}: {from}, {to}");
        }
        for (headline, from, to, is_meant) in [
            ("12月比10月增长65%", 1, 3, true),
            ("12月比10月增长65%", 0, 3, false),
            ("一年增长65%", 1, 3, true),
            ("增长65%", 1, 3, false),
        ] {
            assert_eq!(takes(&months, headline, from, to), is_meant, "{headline}: {from}, {to}");
        }
        assert!(!is_said("11月最多", "1月"));
    }
}
