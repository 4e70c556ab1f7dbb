//! Instants, to the microsecond, in UTC.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00Z. Travels as RFC 3339 text with six decimals, so that
/// equal instants are equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// A text that is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} 不是时刻，写作 2026-11-24T09:00:00+08:00 / is not an instant such as 2026-11-24T09:00:00+08:00"
)]
pub struct BadTimestamp(String);

impl Timestamp {
    /// From microseconds since 1970 UTC, held to the years 1970 to 9999.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(0, 253_402_207_200_000_000))
    }

    /// Microseconds since 1970 UTC.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// This instant, `millis` later (or, if negative, earlier).
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_micros(self.0.saturating_add(millis.saturating_mul(1000)))
    }

    /// Milliseconds from `earlier` to this instant; negative if it is later.
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1000
    }

    /// Date and minute in China Standard Time, as people read it: `2026-11-24 09:00`.
    pub fn beijing(self) -> String {
        self.in_beijing("%Y-%m-%d %H:%M")
    }

    /// The day it is in China Standard Time.
    pub fn beijing_day(self) -> jiff::civil::Date {
        self.instant().to_zoned_datetime(beijing()).date()
    }

    /// The last instant of a day in China Standard Time.
    pub fn end_of_beijing_day(day: jiff::civil::Date) -> Self {
        let end = beijing().to_timestamp(day.at(23, 59, 59, 999_999_000));
        // What has no instant lies beyond the year 9999.
        Self::from_micros(end.map_or(i64::MAX, jiff::Timestamp::as_microsecond))
    }

    /// Date in China Standard Time, as documents write it: `2026年11月24日`.
    pub fn chinese_date(self) -> String {
        self.in_beijing("%-Y年%-m月%-d日")
    }

    /// The same with the minute: `2026年11月24日 09:00`.
    pub fn chinese_minute(self) -> String {
        self.in_beijing("%-Y年%-m月%-d日 %H:%M")
    }

    /// RFC 3339 with China's offset, to the second, as people write windows:
    /// `2026-11-24T09:00:00+08:00`.
    pub fn to_beijing_text(self) -> String {
        self.in_beijing("%Y-%m-%dT%H:%M:%S+08:00")
    }

    fn in_beijing(self, pattern: &str) -> String {
        self.instant().to_zoned_datetime(beijing()).strftime(pattern).to_string()
    }

    fn instant(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// China has had one time zone without summer time since 1991: a fixed offset is exact.
fn beijing() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(8))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.instant())
    }
}

impl From<Timestamp> for String {
    fn from(at: Timestamp) -> Self {
        at.to_string()
    }
}

impl std::str::FromStr for Timestamp {
    type Err = BadTimestamp;
    fn from_str(given: &str) -> Result<Self, BadTimestamp> {
        let instant: jiff::Timestamp = given.parse().map_err(|_| BadTimestamp(given.to_owned()))?;
        let micros = instant.as_microsecond();
        let at = Self::from_micros(micros);
        if at.0 == micros { Ok(at) } else { Err(BadTimestamp(given.to_owned())) }
    }
}

impl TryFrom<String> for Timestamp {
    type Error = BadTimestamp;
    fn try_from(given: String) -> Result<Self, BadTimestamp> {
        given.parse()
    }
}

/// Whether a text is a day of the calendar as documents write it: `2027年1月5日` or `2027-01-05`.
pub fn is_date(text: &str) -> bool {
    let chinese = || {
        let (year, rest) = text.strip_suffix('日')?.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        Some([year, month, day])
    };
    let iso = || {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        (month.len() == 2 && day.len() == 2).then_some([year, month, day])
    };
    let is_number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    chinese().or_else(iso).is_some_and(|[year, month, day]| {
        is_number(year, 4..=4)
            && is_number(month, 1..=2)
            && is_number(day, 1..=2)
            && format!("{year}-{month:0>2}-{day:0>2}").parse::<jiff::civil::Date>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_one_of_the_calendar() {
        for date in ["2027年1月5日", "2027年01月05日", "2027-01-05", "2028年2月29日"] {
            assert!(is_date(date), "{date:?} was refused");
        }
        for no in [
            "",
            "2027年2月29日",
            "2027年13月1日",
            "2027-1-5",
            "2027-01-05T00",
            "27年1月5日",
            "2027年1月",
            "1月5日",
            "2027/01/05",
            "2027年 1月5日",
            "2027年1月5日印发",
            "二〇二七年一月五日",
            "２０２７年１月５日",
            "示教〔2027〕1号",
        ] {
            assert!(!is_date(no), "{no:?} was taken");
        }
    }

    #[test]
    fn equal_instants_are_equal_bytes() {
        let beijing: Timestamp = "2026-11-24T09:00:00+08:00".parse().unwrap();
        let utc: Timestamp = "2026-11-24T01:00:00Z".parse().unwrap();
        assert_eq!(beijing.to_string(), "2026-11-24T01:00:00.000000Z");
        assert_eq!(beijing.to_string(), utc.to_string());
        assert_eq!(beijing.beijing(), "2026-11-24 09:00");
        assert_eq!(beijing.chinese_date(), "2026年11月24日");
        assert_eq!(beijing.chinese_minute(), "2026年11月24日 09:00");
    }

    #[test]
    fn a_day_ends_at_midnight_in_beijing() {
        let late: Timestamp = "2026-11-24T15:59:59.999999Z".parse().unwrap();
        assert_eq!(late.beijing_day(), jiff::civil::date(2026, 11, 24));
        assert_eq!(Timestamp::end_of_beijing_day(late.beijing_day()), late);
        let next = Timestamp::from_micros(late.as_micros() + 1);
        assert_eq!(next.beijing_day(), jiff::civil::date(2026, 11, 25));
        assert!(Timestamp::end_of_beijing_day(jiff::civil::Date::MAX) > late);
    }
}
