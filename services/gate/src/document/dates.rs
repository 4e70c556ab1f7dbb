//! Dates as documents write them: 2016 年 10 月 14 日, 二○二○年一月二日, 2024-07-26.

use jiff::civil::Date;

use super::numerals::{digit, is_numeral, parse};

/// A date and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateAt {
    /// The day.
    pub date: Date,
    /// Byte offsets.
    pub start: usize,
    /// Not included.
    pub end: usize,
}

/// A day in a text, or a month without its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DayAt {
    /// The day; of a month its first.
    pub(crate) day: Date,
    /// Whether it is the month alone.
    pub(crate) is_month: bool,
    /// Byte offsets.
    pub(crate) start: usize,
    /// Not included.
    pub(crate) end: usize,
}

impl DayAt {
    /// Whether this may be said of a day.
    pub(crate) fn is(&self, day: Date) -> bool {
        let is_month = || self.is_month && self.day.first_of_month() == day.first_of_month();
        self.day == day || is_month()
    }
}

/// The days and months of a text, in order.
pub(crate) fn find_days(text: &str) -> Vec<DayAt> {
    let years = text.match_indices('年');
    let days = years.filter_map(|(at, _)| {
        let day = date_at(text, at).map(|at| (at, false));
        let (DateAt { date: day, start, end }, is_month) =
            day.or_else(|| Some((month_at(text, at)?, true)))?;
        Some(DayAt { day, is_month, start, end })
    });
    days.collect()
}

/// The days of a text that have no year of their own, in order; `year` is taken for it: 5月1日.
pub(crate) fn find_days_of(text: &str, year: i16) -> Vec<DayAt> {
    let months = text.match_indices('月');
    let days = months.filter_map(|(at, sign)| {
        let before = text.get(..at)?.trim_end();
        let length =
            before.chars().rev().take(2).take_while(|c| is_numeral(*c)).map(char::len_utf8);
        let start = before.len() - length.sum::<usize>();
        let month = parse(before.get(start..)?)?;
        let (day, rest) = text
            .get(at + sign.len()..)
            .and_then(|rest| numeral_before(rest, '日').or_else(|| numeral_before(rest, '号')))?;
        // 今年5月1日 has none either.
        let lead = before.get(..start)?.trim_end();
        let lead = lead.strip_suffix('年').map_or(lead, str::trim_end);
        let has_year = lead.ends_with(is_numeral);
        let day = civil(u32::try_from(year).ok()?, month, day).filter(|_| !has_year)?;
        Some(DayAt { day, is_month: false, start, end: text.len() - rest.len() })
    });
    days.collect()
}

/// The days of a text written with points or strokes, in order: 2027.8.1, 2027-08-01, 2027/8/1.
pub(crate) fn find_pointed_days(text: &str) -> Vec<DayAt> {
    const YEAR: usize = 4;
    let marks = text.match_indices(['.', '-', '/']);
    let days = marks.filter_map(|(at, mark)| {
        let start = at.checked_sub(YEAR)?;
        let year = text.get(start..at)?.parse().ok()?;
        let is_inside = text.get(..start)?.ends_with(|c: char| c.is_ascii_digit());
        let (month, rest) = digits_before(text.get(at + mark.len()..)?)?;
        let (day, rest) = digits_before(rest.strip_prefix(mark)?)?;
        let rest = rest.strip_prefix('日').unwrap_or(rest);
        let day = civil(year, month, day).filter(|_| !is_inside && !rest.starts_with(mark))?;
        Some(DayAt { day, is_month: false, start, end: text.len() - rest.len() })
    });
    days.collect()
}

/// The months of a text that have no year of their own and from which something holds: 3月起; `year` is taken for it.
pub(crate) fn find_months_of(text: &str, year: i16) -> Vec<DayAt> {
    let months = text.match_indices('月').filter_map(|(at, sign)| {
        let before = text.get(..at)?;
        let length =
            before.chars().rev().take(2).take_while(|c| is_numeral(*c)).map(char::len_utf8);
        let (lead, month) = before.split_at_checked(before.len() - length.sum::<usize>())?;
        let end = at + sign.len();
        let begins =
            text.get(end..)?.strip_prefix('份').unwrap_or(text.get(end..)?).starts_with('起');
        let has_year = lead.strip_suffix('年').is_some_and(|lead| lead.ends_with(is_numeral));
        let day = civil(u32::try_from(year).ok()?, parse(month)?, 1);
        let day = day.filter(|_| begins && !has_year && !lead.ends_with(is_numeral))?;
        Some(DayAt { day, is_month: true, start: lead.len(), end })
    });
    months.collect()
}

/// The dates of a text, in order.
pub(super) fn find(text: &str) -> Vec<DateAt> {
    text.match_indices('年').filter_map(|(at, _)| date_at(text, at)).collect()
}

/// The first date of a text, or the one that it consists of.
pub(super) fn first(text: &str) -> Option<DateAt> {
    find(text).into_iter().next().or_else(|| {
        let start = text.len() - text.trim_start().len();
        Some(DateAt { date: read(text)?, start, end: start + text.trim().len() })
    })
}

/// The date that a text consists of, blanks aside.
pub(crate) fn read(text: &str) -> Option<Date> {
    let text = text.trim().trim_matches('*');
    if let Some(date) = text.get(..10).filter(|_| text.len() == 10).and_then(iso) {
        return Some(date);
    }
    let date = date_at(text, text.find('年')?)?;
    (date.start == 0 && date.end == text.len()).then_some(date.date)
}

fn iso(text: &str) -> Option<Date> {
    let mut parts = text.split(['-', '/', '.']);
    let mut next = || parts.next().and_then(parse);
    let (year, month, day) = (next()?, next()?, next()?);
    civil(year, month, day)
}

/// The date around the 年 at byte `at`.
fn date_at(text: &str, at: usize) -> Option<DateAt> {
    let (year, month, start, rest) = month_of(text, at)?;
    let (day, rest) = numeral_before(rest, '日').or_else(|| numeral_before(rest, '号'))?;
    let date = civil(year, month, day)?;
    Some(DateAt { date, start, end: text.len() - rest.len() })
}

/// The first day of the month around the 年 at byte `at`.
fn month_at(text: &str, at: usize) -> Option<DateAt> {
    let (year, month, start, rest) = month_of(text, at)?;
    let date = civil(year, month, 1)?;
    Some(DateAt { date, start, end: text.len() - rest.len() })
}

/// The year and the month around the 年 at byte `at`, where they begin, and what stands behind them.
fn month_of(text: &str, at: usize) -> Option<(u32, u32, usize, &str)> {
    let before = text.get(..at)?.trim_end();
    let year_start =
        before.char_indices().rev().take(4).take_while(|(_, c)| digit(*c).is_some()).last()?.0;
    let year_text = before.get(year_start..)?;
    if year_text.chars().count() != 4 {
        return None;
    }
    let rest = text.get(at + '年'.len_utf8()..)?;
    let (month, rest) = numeral_before(rest, '月')?;
    Some((parse(year_text)?, month, year_start, rest))
}

fn numeral_before(text: &str, sign: char) -> Option<(u32, &str)> {
    let text = text.trim_start();
    let len = super::mark::prefix_len(text, is_numeral);
    let rest = text.get(len..)?.trim_start().strip_prefix(sign)?;
    Some((parse(text.get(..len)?)?, rest))
}

/// The one or two digits that a text begins with, and what stands behind them.
fn digits_before(text: &str) -> Option<(u32, &str)> {
    let len = text.bytes().take(3).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(len).filter(|_| len < 3)?;
    Some((number.parse().ok()?, rest))
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1900..2200).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_style_are_read() {
        for (text, date) in [
            ("2016 年 10 月 14 日", "2016-10-14"),
            ("二○○四年六月二十六日", "2004-06-26"),
            ("一九九六年二月五日", "1996-02-05"),
            ("二〇二〇年十二月三十一日", "2020-12-31"),
            ("２０２４年７月２６日", "2024-07-26"),
            ("2024-07-26", "2024-07-26"),
            ("2024年7月26号", "2024-07-26"),
        ] {
            assert_eq!(read(text).map(|date| date.to_string()).as_deref(), Some(date), "{text}");
        }
        for text in ["2016年", "2016年13月1日", "2016年2月30日", "5年", "2016年1月1日起施行"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        let bare = find_days_of("今年5月1日起，2026年3月1日、十二月 5 号和13月1日", 2027);
        let bare: Vec<String> = bare.iter().map(|day| day.day.to_string()).collect();
        assert_eq!(bare, ["2027-05-01", "2027-12-05"]);
        let pointed = find_pointed_days(
            "2027.8.1起，至2027-12-31，2027/3/5；12027.8.1、2027.13.1、1.2.3、2027.8.1.2",
        );
        let pointed: Vec<String> = pointed.iter().map(|day| day.day.to_string()).collect();
        assert_eq!(pointed, ["2027-08-01", "2027-12-31", "2027-03-05"]);
        let found = find("自2016 年 11 月 1 日起，至2026年12月31日止，20年10月1日");
        assert_eq!(found.len(), 2);
    }
}
