//! Document numbers 发文字号 as a text quotes them: agency, year, serial, as in 沪教委规〔2027〕1号
//! (GB/T 9704-2012, 7.2.5).

use std::ops::Range;

use super::Hit;
use crate::{
    codes,
    document::{NumberAt, find_numbers},
};

/// A document's number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// 机关代字. In running text the words before it may stick to it: compare its end.
    pub agency: String,
    /// The year.
    pub year: u32,
    /// 发文顺序号.
    pub serial: u32,
    /// The opening bracket as it is written.
    bracket: char,
    /// Its bytes.
    pub range: Range<usize>,
}

impl Number {
    /// The number that a text is, or `None`.
    pub fn read(text: &str) -> Option<Self> {
        Self::find_all(text).next()
    }

    /// All numbers in a text, in order.
    pub fn find_all(text: &str) -> impl Iterator<Item = Self> {
        find_numbers(text).into_iter().filter_map(|found| Self::of(text, &found))
    }

    fn of(text: &str, found: &NumberAt) -> Option<Self> {
        let (agency, rest) = found.number.split_once('〔')?;
        let (year, serial) = rest.split_once('〕')?;
        let behind = text.get(found.start + agency.len()..found.end)?;
        Some(Self {
            agency: agency.to_owned(),
            year: year.parse().ok()?,
            serial: serial.strip_suffix('号')?.parse().ok()?,
            bracket: behind.trim_start_matches('\\').chars().next()?,
            range: found.start..found.end,
        })
    }

    fn is_well_bracketed(&self) -> bool {
        // ﹝﹞ is what many fonts and input methods give for 〔〕.
        matches!(self.bracket, '〔' | '﹝')
    }
}

/// TS505 for years in other brackets than 〔〕.
pub(super) fn find_wrong_brackets(text: &str) -> impl Iterator<Item = Hit> {
    Number::find_all(text).filter(|number| !number.is_well_bracketed()).map(|number| {
        // Words before the agency may stick to it: the place is where the bracket opens.
        let start = number.range.start + number.agency.len();
        let quoted = text.get(start..number.range.end).unwrap_or_default();
        let detail = format!("{quoted}，年份未用六角括号〔〕 its year is not in 〔〕");
        Hit::new(&codes::QUOTED_NUMBER, start..number.range.end, detail)
    })
}
