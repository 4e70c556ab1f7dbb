//! Days that no calendar has (2月30日, 13月1日), and spans of days that end before they begin (6月20日至6月10日).

use jiff::civil::Date;

use super::Hit;
use crate::{
    codes,
    document::{first_chars, is_numeral, last_chars, parse_numeral},
};

/// Characters of a numeral at most: 二〇二六, 三十一.
const NUMERAL_MAX: usize = 4;
/// Characters before a day that may say 农历: its months are others.
const CALENDAR_MAX: usize = 8;

/// A day as it is written, its year where it has one.
struct Written {
    year: Option<u32>,
    month: u32,
    day: Option<u32>,
    start: usize,
    end: usize,
}

/// TS501, in order.
pub(super) fn find(text: &str) -> Vec<Hit> {
    let mut hits = vec![];
    for (at, _) in text.match_indices('月') {
        let Some(day) = day_at(text, at) else { continue };
        if is_lunar(text, day.start) {
            continue;
        }
        if !day.exists() {
            hits.push(hit(text, day.start, day.end, "没有这一天 there is no such day"));
        } else if let Some(end) = day.ends_before(text).filter(|_| !is_yearly(text, day.start)) {
            hits.push(hit(text, day.start, end, "止于开始之前 it ends before it begins"));
        }
    }
    hits
}

fn hit(text: &str, start: usize, end: usize, why: &str) -> Hit {
    let written = text.get(start..end).unwrap_or_default();
    Hit::new(&codes::ERROR_PAIR, start..end, format!("{written}，{why}"))
}

/// 每年3月26日至3月25日 is a year.
fn is_yearly(text: &str, start: usize) -> bool {
    last_chars(text.get(..start).unwrap_or_default(), CALENDAR_MAX).contains('每')
}

fn is_lunar(text: &str, start: usize) -> bool {
    let before = last_chars(text.get(..start).unwrap_or_default(), CALENDAR_MAX);
    ["农历", "阴历", "正", "腊"].iter().any(|word| before.contains(word))
}

/// The day around the 月 at byte `at`; of 2026年13月 the month alone. 3个月 and 每月 are none.
fn day_at(text: &str, at: usize) -> Option<Written> {
    let before = text.get(..at)?;
    let (month, lead) = numeral_at_end(before)?;
    let with_year = lead.trim_end().strip_suffix('年').and_then(numeral_at_end);
    let with_year = with_year.filter(|(year, _)| (1900..2200).contains(year));
    let behind = text.get(at + '月'.len_utf8()..)?;
    let day = numeral_before(behind, '日');
    let end = text.len() - day.map_or(behind, |(_, rest)| rest).len();
    // 于13月 may be a slip of 3个月.
    (day.is_some() || with_year.is_some()).then(|| Written {
        year: with_year.map(|(year, _)| year),
        month,
        day: day.map(|(day, _)| day),
        start: with_year.map_or(lead, |(_, lead)| lead).len(),
        end,
    })
}

/// The number that a text ends with, and what stands before it.
fn numeral_at_end(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_end_matches(' ');
    let digits = text.chars().rev().take(NUMERAL_MAX).take_while(|c| is_numeral(*c));
    let lead = text.get(..text.len() - digits.map(char::len_utf8).sum::<usize>())?;
    let is_whole = !lead.ends_with(|c: char| is_numeral(c) || matches!(c, '.' | '-'));
    Some((parse_numeral(text.get(lead.len()..)?)?, lead)).filter(|_| is_whole)
}

/// The number before a sign that a text begins with, and what stands behind it.
fn numeral_before(text: &str, sign: char) -> Option<(u32, &str)> {
    let text = text.trim_start_matches(' ');
    let len = text.find(|c| !is_numeral(c))?;
    let number = text.get(..len).filter(|number| number.chars().count() <= NUMERAL_MAX)?;
    let rest = text.get(len..)?.trim_start_matches(' ').strip_prefix(sign)?;
    Some((parse_numeral(number)?, rest))
}

impl Written {
    /// Whether a year has it, if not this one.
    fn exists(&self) -> bool {
        const LEAP: u32 = 2028;
        civil(self.year.unwrap_or(LEAP), self.month, self.day.unwrap_or(1)).is_some()
    }

    /// Behind the span that begins with this day, where it ends on an earlier one. From one year into the next
    /// spans run that name no second year: 11月1日至3月31日.
    fn ends_before(&self, text: &str) -> Option<usize> {
        let day = self.day?;
        let behind = text.get(self.end..)?;
        let behind = behind.strip_prefix('起').unwrap_or(behind);
        let rest = ["至", "到", "——", "—", "–", "-", "～", "~", "－"]
            .iter()
            .find_map(|sign| behind.strip_prefix(sign))?;
        let at = text.len() - rest.len();
        if let Some((last, rest)) = numeral_before(rest, '日') {
            return (last < day).then(|| text.len() - rest.len());
        }
        let month = first_chars(rest, 3 * NUMERAL_MAX).find('月')?;
        let last = day_at(text, at + month).filter(|last| last.start == at)?;
        let (first_year, last_year) = (self.year, last.year.or(self.year));
        let is_before = match (first_year, last_year) {
            (Some(first), Some(of)) if last.year.is_some() => {
                civil(of, last.month, last.day?)? < civil(first, self.month, day)?
            }
            _ => last.year.is_none() && last.month == self.month && last.day? < day,
        };
        is_before.then_some(last.end)
    }
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_are_none_and_spans_that_run_backwards_are_found() {
        for (text, found) in [
            ("自2027年2月30日起施行。", "2027年2月30日"),
            ("2027年2月29日前", "2027年2月29日"),
            ("2028年2月29日前", ""),
            ("每年2月29日", ""),
            ("6月31日截止", "6月31日"),
            ("自2026年13月1日起", "2026年13月1日"),
            ("2026年13月起", "2026年13月"),
            ("二〇二六年十一月三十一日", "二〇二六年十一月三十一日"),
            ("2026 年 11 月 31 日", "2026 年 11 月 31 日"),
            ("12月31日", ""),
            ("满12月31日后", ""),
            ("13月", ""),
            ("农历二月三十日", ""),
            ("正月三十日", ""),
            ("6月20日至6月10日", "6月20日至6月10日"),
            ("6月20日至10日", "6月20日至10日"),
            ("6月20日起至6月10日止", "6月20日起至6月10日"),
            ("6月10日至20日", ""),
            ("6月20日—25日", ""),
            ("11月1日至3月31日", ""),
            ("每年3月26日至3月25日", ""),
            ("本年度（3月26日至3月25日）", "3月26日至3月25日"),
            ("2026年9月1日至2026年8月31日", "2026年9月1日至2026年8月31日"),
            ("2026年9月1日至2027年8月31日", ""),
            ("2026年12月1日至1月31日", ""),
            ("2026年9月20日至9月1日", "2026年9月20日至9月1日"),
            ("1月0日", "1月0日"),
        ] {
            let hits = find(text);
            let hits: Vec<&str> = hits.iter().map(|hit| &text[hit.range.clone()]).collect();
            assert_eq!(hits.concat(), found, "{text}");
        }
    }
}
