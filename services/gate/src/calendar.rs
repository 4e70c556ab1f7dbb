//! Working days 工作日, from the notices on public holidays 放假安排. A year without a notice is
//! counted Monday to Friday and said to be provisional, never taken for certain.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::LazyLock,
};

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};
use lockstep_proto::digest::Digest;
use serde::Deserialize;

/// Days off and days worked instead, of some years.
#[derive(Debug, Clone)]
pub struct Calendar {
    name: &'static str,
    version: Digest,
    /// Whether it is a day off, for days on which the week does not say.
    notices: BTreeMap<Date, bool>,
    /// The years that have a notice.
    years: BTreeSet<i16>,
}

/// What a calendar says of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Whether it is worked.
    pub is_worked: bool,
    /// Whether a notice still to come may change that.
    pub is_provisional: bool,
}

/// The last day of a term in working days, with the calendar it was counted by: a notice may move it
/// in the middle of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub date: Date,
    /// Whether a day was counted that a notice still to come may change.
    pub is_provisional: bool,
    /// The calendar's name.
    pub calendar: &'static str,
    /// Digest of the calendar's data.
    pub version: Digest,
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}（{} {}", self.date, self.calendar, self.version.short())?;
        if self.is_provisional {
            write!(f, "，放假安排未公布，暂计 provisional")?;
        }
        write!(f, "）")
    }
}

/// A year, as holiday-cn writes it.
#[derive(Deserialize)]
struct File {
    year: i16,
    papers: Vec<String>,
    days: Vec<Notice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notice {
    date: String,
    is_off_day: bool,
}

/// Data that is no calendar.
#[derive(Debug, thiserror::Error)]
pub enum BadCalendar {
    /// A file is not as holiday-cn writes it.
    #[error("file {0} of the calendar cannot be read")]
    File(usize, #[source] serde_json::Error),
    /// A date is none.
    #[error("{0:?} is no date")]
    Date(String),
}

/// The first day of December whose working the next year's notice may still decide: that of 2019 had
/// Saturday 29 December 2018 worked and Monday 31 December off.
const NEXT_YEARS_DAYS: (i8, i8) = (12, 25);

impl Calendar {
    /// Reads a calendar from a file for each year.
    pub fn read(name: &'static str, files: &[&str]) -> Result<Self, BadCalendar> {
        let (mut notices, mut years) = (BTreeMap::new(), BTreeSet::new());
        for (index, file) in files.iter().enumerate() {
            let read: File = serde_json::from_str(file)
                .map_err(|source| BadCalendar::File(index + 1, source))?;
            if !read.papers.is_empty() {
                years.insert(read.year);
            }
            for Notice { date, is_off_day } in read.days {
                let day = date.parse().map_err(|_| BadCalendar::Date(date))?;
                notices.insert(day, is_off_day);
            }
        }
        Ok(Self { name, version: Digest::of(files.concat().as_bytes()), notices, years })
    }

    /// Digest of the data.
    pub fn version(&self) -> &Digest {
        &self.version
    }

    /// What is known of a day.
    pub fn day(&self, date: Date) -> Day {
        let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let is_off = self.notices.get(&date).copied().unwrap_or(is_weekend);
        let has_notice = |year| self.years.contains(&year);
        let is_next_years = (date.month(), date.day()) >= NEXT_YEARS_DAYS;
        let is_settled = has_notice(date.year()) && (!is_next_years || has_notice(date.year() + 1));
        Day { is_worked: !is_off, is_provisional: !is_settled }
    }

    /// The last of `count` working days after `start`, which itself is not counted.
    pub fn due(&self, start: Date, count: u16) -> Due {
        let mut is_provisional = false;
        let date = start
            .series(1.day())
            .skip(1)
            .filter(|date| {
                let day = self.day(*date);
                is_provisional |= day.is_provisional;
                day.is_worked
            })
            .take(count.into())
            .last();
        Due {
            date: date.unwrap_or(start),
            is_provisional,
            calendar: self.name,
            version: self.version.clone(),
        }
    }
}

/// The calendar of this name, as a profile names it.
pub fn find(name: &str) -> Option<&'static Calendar> {
    Some(china()).filter(|calendar| calendar.name == name)
}

/// Mainland China's, by the notices of the State Council's General Office.
pub fn china() -> &'static Calendar {
    const NAME: &str = "holiday-cn";
    static CHINA: LazyLock<Calendar> = LazyLock::new(|| {
        let files = [
            include_str!("../calendars/2019.json"),
            include_str!("../calendars/2020.json"),
            include_str!("../calendars/2021.json"),
            include_str!("../calendars/2022.json"),
            include_str!("../calendars/2023.json"),
            include_str!("../calendars/2024.json"),
            include_str!("../calendars/2025.json"),
            include_str!("../calendars/2026.json"),
            include_str!("../calendars/2027.json"),
        ];
        // A test reads them all; without any, every day would be provisional.
        Calendar::read(NAME, &files).unwrap_or_else(|_| Calendar {
            name: NAME,
            version: Digest::of(b""),
            notices: BTreeMap::new(),
            years: BTreeSet::new(),
        })
    });
    &CHINA
}

#[cfg(test)]
mod tests;
