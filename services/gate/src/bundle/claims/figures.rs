//! The figures of a text with their units and what is said of them: 超过1600个, 近1.7千个, 一百二十万元. Years and
//! other names are left out: 2021—2026年, 12345热线, 示教〔2027〕18号 count nothing.

use std::ops::{Range, RangeInclusive};

use super::{
    amount::Bound,
    units::{Units, Written, scale},
};
use crate::document::{is_numeral, parse_numeral};

/// A figure as it is written.
pub(super) struct Figure {
    /// Its digits, without the commas between thousands.
    pub(super) digits: String,
    /// From the first digit to the end of its unit.
    pub(super) range: Range<usize>,
    /// Of 1.6千: 1.6.
    value: f64,
    /// What its last digit counts.
    step: f64,
    /// Of 1.6千: 1000.
    scale: f64,
    pub(super) bound: Bound,
    /// The unit, if it is one of the chart's.
    pub(super) unit: Option<Written>,
    /// 12个, and not 12个街道 or 第12个.
    pub(super) stands_alone: bool,
}

impl Figure {
    /// Whether words count by it, as long as it has no unit: 五个方面, 12项.
    pub(super) fn is_small(&self) -> bool {
        self.digits.len() <= 2
    }

    /// 1.6 and 1000.
    pub(super) fn amount(&self) -> f64 {
        self.value * self.scale
    }

    /// Whether it may be said of `value`, to its last digit.
    pub(super) fn is(&self, value: f64, units: &Units) -> bool {
        self.holds(value, Bound::Exact, units)
    }

    /// Whether it may be said of `value` in a unit so many times as long.
    pub(super) fn is_of(&self, value: f64, times: f64) -> bool {
        self.bound.holds(value.abs() / times, self.value, self.step / 2.0)
    }

    /// Whether what is said of it may be said of `value`.
    pub(super) fn is_borne_out_by(&self, value: f64, units: &Units) -> bool {
        self.holds(value, self.bound, units)
    }

    /// Whether a figure is beyond its bound, however far: 超过50 of 120.
    pub(super) fn is_met_by(&self, value: f64, units: &Units) -> bool {
        let slack = 1e-9 * self.amount().abs();
        units.scales().any(|unit| match self.bound {
            Bound::Above => value * unit >= self.amount() - slack,
            Bound::Below | Bound::AtMost => value * unit <= self.amount() + slack,
            Bound::Exact | Bound::Near | Bound::Nearly => self.is_borne_out_by(value, units),
        })
    }

    fn holds(&self, value: f64, bound: Bound, units: &Units) -> bool {
        let (value, within) = (value.abs(), self.step / 2.0);
        if self.unit.is_some() {
            let within = within * self.scale;
            return units.scales().any(|unit| bound.holds(value * unit, self.amount(), within));
        }
        // Who knows in what unit: 3.8 for 37,798.58, in 万.
        [1.0, 1e4, 1e8, self.scale]
            .iter()
            .any(|scale| bound.holds(value / scale, self.value, within))
    }
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
/// What stands before a figure and bounds it; the longer before what it ends with.
const BEFORE: [(&str, Bound); 26] = [
    ("不超过", Bound::AtMost),
    ("未超过", Bound::AtMost),
    ("没超过", Bound::AtMost),
    ("没有超过", Bound::AtMost),
    ("不高于", Bound::AtMost),
    ("不多于", Bound::AtMost),
    ("至多", Bound::AtMost),
    ("不低于", Bound::Above),
    ("不少于", Bound::Above),
    ("至少", Bound::Above),
    ("超过", Bound::Above),
    ("突破", Bound::Above),
    ("多于", Bound::Above),
    ("高于", Bound::Above),
    ("超", Bound::Above),
    ("逾", Bound::Above),
    ("破", Bound::Above),
    ("过", Bound::Above),
    ("约", Bound::Near),
    ("近", Bound::Nearly),
    ("不足", Bound::Below),
    ("不到", Bound::Below),
    ("未到", Bound::Below),
    ("不满", Bound::Below),
    ("少于", Bound::Below),
    ("低于", Bound::Below),
];
const AFTER: [(&str, Bound); 9] = [
    ("以上", Bound::Above),
    ("多", Bound::Above),
    ("余", Bound::Above),
    ("左右", Bound::Near),
    ("上下", Bound::Near),
    ("以下", Bound::AtMost),
    ("以内", Bound::AtMost),
    ("之内", Bound::AtMost),
    ("内", Bound::AtMost),
];

/// The figures of a text, with these units.
pub(super) fn read(text: &str, units: &Units) -> Vec<Figure> {
    let numbers = numbers(text);
    let names = years(text, &numbers);
    let figures = numbers.into_iter().zip(names).filter(|(range, is_year)| {
        let behind = text.get(range.end..).unwrap_or_default();
        // PM2.5 is a name.
        let before = text.get(..range.start).unwrap_or_default();
        let is_name = before.ends_with(|c: char| c.is_ascii_alphabetic());
        !is_year && !is_name && !behind.starts_with(['热', '号', '〕'])
    });
    let figures = figures.filter_map(|(range, _)| {
        let digits = text.get(range.clone())?.replace(',', "");
        let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let step = 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
        let value = digits.parse().ok()?;
        Some(figure(text, range, (value, step), digits, units))
    });
    let mut figures: Vec<Figure> = figures.collect();
    figures.extend(spelled(text, units));
    figures.sort_by_key(|figure| figure.range.start);
    figures
}

/// 一百二十万元, 九分钟, where the unit is one of these; 一分钟 and 五个 are words.
fn spelled(text: &str, units: &Units) -> Vec<Figure> {
    let is_part = |c: char| is_numeral(c) && !c.is_ascii_digit() || c == '两';
    let mut found = vec![];
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(start) = rest.find(is_part) else { break };
        let start = at + start;
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        at = start + length;
        let before = text.get(..start).unwrap_or_default();
        let numeral = rest.get(..length).unwrap_or_default().replace('两', "二");
        // 三五天 is no 35, 数十万元 no ten.
        let is_one = numeral.chars().count() == 1 || numeral.contains(['十', '百', '千']);
        let is_vague = before.ends_with(['数', '几', '上', '成', '第', '每'])
            || before.ends_with(|c: char| c.is_ascii_digit() || c == '点')
            || text.get(at..).is_some_and(|behind| behind.starts_with(['几', '点', '来']));
        let Some(value) = parse_numeral(&numeral).filter(|value| is_one && !is_vague && *value > 1)
        else {
            continue;
        };
        let figure = figure(text, start..at, (f64::from(value), 1.0), value.to_string(), units);
        let is_sure = figure.unit.is_some_and(|unit| !unit.counts || unit.scale > 1.0);
        if is_sure || (figure.unit.is_some() && value >= 100) {
            found.push(figure);
        }
    }
    found
}

/// What a number becomes with the words around it.
fn figure(
    text: &str,
    range: Range<usize>,
    (value, step): (f64, f64),
    digits: String,
    units: &Units,
) -> Figure {
    let before = text.get(..range.start).unwrap_or_default().trim_end();
    let before = BEFORE.iter().find(|(word, _)| before.ends_with(word)).map(|(_, bound)| *bound);
    let (behind, after) = without_bound(text.get(range.end..).unwrap_or_default());
    // 1600多个, 1.6万余个, 1600个以上
    let behind = behind.trim_start();
    let whole = units.read(behind).map(|unit| (1.0, behind, unit));
    let scaled = || {
        let (scale, len) = scale(behind);
        let (rest, bound) = without_bound(behind.get(len..)?);
        Some((scale, rest, units.read(rest)?, bound))
    };
    let (scale, rest, unit, after) = match whole {
        Some((scale, rest, unit)) => (scale, rest, Some(unit), after),
        None => scaled()
            .map_or((scale(behind).0, behind, None, after), |(scale, rest, unit, bound)| {
                (scale, rest, Some(unit), after.or(bound))
            }),
    };
    let rest = rest.get(unit.map_or(0, |unit| unit.len)..).unwrap_or_default();
    let end = if unit.is_some() { text.len() - rest.len() } else { range.end };
    let (rest, last) = without_bound(if unit.is_some() { rest } else { without_unit(rest) });
    let bound = before.or(after).or(last).unwrap_or(Bound::Exact);
    let scale = scale * unit.map_or(1.0, |unit| unit.scale);
    let range = range.start..end;
    let stands_alone = unit.is_some_and(|unit| stands_alone(text, &range, rest, unit));
    Figure { digits, range, value, step, scale, bound, unit, stands_alone }
}

/// What follows a unit that nobody knows: 左右 of 1650个左右.
fn without_unit(text: &str) -> &str {
    const WORDS: [&str; 4] = ["以上", "左右", "上下", "以下"];
    /// 万平方米 is the longest that is usual.
    const CHARS: usize = 5;
    let starts = text.char_indices().take(CHARS).filter_map(|(at, _)| text.get(at..));
    let mut found = starts.filter(|rest| WORDS.iter().any(|word| rest.starts_with(word)));
    found.next().unwrap_or(text)
}

/// What follows 多, 以上, 左右 at the beginning of a text.
fn without_bound(text: &str) -> (&str, Option<Bound>) {
    let found = AFTER.iter().find_map(|(word, bound)| Some((text.strip_prefix(word)?, *bound)));
    found.map_or((text, None), |(rest, bound)| (rest, Some(bound)))
}

/// Whether a small figure tells of the data: not 12个街道, 第3个, 每3人, 15分钟生活圈, 3—5天, 24小时.
fn stands_alone(text: &str, range: &Range<usize>, behind: &str, unit: Written) -> bool {
    const ENDS: [char; 33] = [
        '，', '。', '；', '、', '：', '）', '（', '？', '！', '”', ',', ';', ':', '(', ')', ' ',
        '—', '-', '~', '至', '到', '和', '与', '提', '增', '减', '降', '升', '比', '较', '占',
        '的', '为',
    ];
    let before = text.get(..range.start).unwrap_or_default().trim_end();
    let is_digit = |c: char| c.is_ascii_digit();
    let ends_range = before.ends_with(RANGE)
        && before.trim_end_matches(RANGE).ends_with(|c| is_digit(c) || is_numeral(c));
    let begins_range =
        behind.starts_with(RANGE) && behind.trim_start_matches(RANGE).starts_with(is_digit);
    let written = text.get(range.clone()).unwrap_or_default();
    let is_name = before.ends_with(['第', '前', '每', '×', 'x', '*'])
        || written == "24小时"
        || behind.starts_with(['圈', '制', '生', '服']);
    let ends = !unit.counts || behind.is_empty() || behind.starts_with(ENDS);
    ends && !is_name && !ends_range && !begins_range
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
            let read = read(text, &Units::none()).into_iter();
            let found = read.filter(|figure| !figure.is_small()).map(|figure| figure.digits);
            let found: Vec<String> = found.collect();
            assert_eq!(found, figures, "{text}");
        }
    }
}
