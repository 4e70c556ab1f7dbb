//! Days said by the year or the month in which the policy is written: 明年2月1日, 今年底, 本月15日.

use foldhash::{HashMap, HashSet};
use jiff::{ToSpan as _, civil::Date};

use super::figures::Figure;

/// Words for a year, and how far it is from the one of writing.
const YEARS: [(&str, i64); 3] = [("去年", -1), ("今年", 0), ("明年", 1)];
/// Words for a month, the same.
const MONTHS: [(&str, i64); 2] = [("本月", 0), ("下月", 1)];

/// The figures with such days as what they are; where it is not known when the policy was written, without
/// them.
pub(super) fn resolve(figures: Vec<Figure>, written: Option<Date>) -> Vec<Figure> {
    let resolved = figures.into_iter().filter_map(|figure| {
        if !figure.unit.is_empty() || !is_relative(&figure.value) {
            return Some(figure);
        }
        let value = absolute(&figure.value, written?)?;
        Some(Figure { value, ..figure })
    });
    resolved.collect()
}

fn is_relative(value: &str) -> bool {
    YEARS.iter().chain(&MONTHS).any(|(word, _)| value.starts_with(word))
}

/// 2027年2月1日 for 明年2月1日.
fn absolute(value: &str, written: Date) -> Option<String> {
    if let Some((rest, years)) = said_by(&YEARS, value) {
        let year = written.checked_add(years.years()).ok()?.year();
        return Some(format!("{year}年{rest}"));
    }
    let (rest, months) = said_by(&MONTHS, value)?;
    let month = written.first_of_month().checked_add(months.months()).ok()?;
    Some(format!("{}年{}月{rest}", month.year(), month.month()))
}

fn said_by<'v>(words: &[(&str, i64)], value: &'v str) -> Option<(&'v str, i64)> {
    words.iter().find_map(|(word, by)| Some((value.strip_prefix(word)?, *by)))
}

/// Days said so that the policy has in another year only: 今年2月1日 for 2027年2月1日.
pub(super) fn find_other_year(
    policy: &[Figure],
    interpretation: &[Figure],
    text: &str,
) -> Vec<(usize, usize)> {
    let day = |figure: &Figure| {
        let (year, day) = figure.value.split_once('年').filter(|_| figure.unit.is_empty())?;
        Some((year.to_owned(), day.to_owned()))
    };
    // The first figure of each day, and its years.
    let mut by_day: HashMap<String, (usize, HashSet<String>)> = HashMap::default();
    for (index, figure) in policy.iter().enumerate() {
        let Some((year, day)) = day(figure) else { continue };
        by_day.entry(day).or_insert_with(|| (index, HashSet::default())).1.insert(year);
    }
    let said = interpretation.iter().enumerate().filter(|(_, figure)| {
        let raw = text.get(figure.range.clone()).unwrap_or_default();
        raw.starts_with(['今', '明', '本'])
    });
    let other = said.filter_map(|(index, figure)| {
        let (ours, day) = day(figure).filter(|(_, day)| day.ends_with('日'))?;
        let (rival, years) = by_day.get(&day)?;
        (!years.contains(&ours)).then_some((index, *rival))
    });
    other.collect()
}
