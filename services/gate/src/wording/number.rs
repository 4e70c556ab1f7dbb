//! Document numbers 发文字号: agency, year, serial, as in 沪教委规〔2027〕1号 (GB/T 9704-2012, 7.2.5).

use std::ops::Range;

use super::Hit;
use crate::codes;

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

/// Brackets that are put around the year, right ones first.
const OPENING: &str = "〔﹝[［(（【";
const CLOSING: &str = "〕﹞]］)）】";

/// The brackets of years as 〔〕, whichever of ﹝﹞ [ ] ［ ］ they were; nothing else changes.
pub fn normal_brackets(text: &str) -> String {
    let normal = |c| match c {
        '﹝' | '[' | '［' => '〔',
        '﹞' | ']' | '］' => '〕',
        c => c,
    };
    text.chars().map(normal).collect()
}

impl Number {
    /// The number that a text is, or `None`.
    pub fn read(text: &str) -> Option<Self> {
        Self::find_all(text).next()
    }

    /// All numbers in a text, in order, in one pass.
    pub fn find_all(text: &str) -> impl Iterator<Item = Self> {
        text.match_indices('号').filter_map(|(at, mark)| Self::before(text, at, at + mark.len()))
    }

    /// Reads backwards from 号. Every step is bounded, so the whole stays linear.
    fn before(text: &str, at: usize, end: usize) -> Option<Self> {
        let rest = text.get(..at)?;
        let (rest, serial) = strip_digits(rest, 1..=6)?;
        let rest = rest.strip_suffix('第').unwrap_or(rest).trim_end_matches(' ');
        let rest = rest.strip_suffix(|c| CLOSING.contains(c))?;
        let (rest, year) = strip_digits(rest, 4..=4)?;
        let bracket = rest.chars().next_back().filter(|c| OPENING.contains(*c))?;
        let rest = rest.get(..rest.len() - bracket.len_utf8())?;
        let is_han = |c: &char| matches!(c, '\u{3400}'..='\u{9fff}');
        let agency: Vec<char> = rest.chars().rev().take(20).take_while(is_han).collect();
        let agency: String = agency.into_iter().rev().collect();
        let start = rest.len() - agency.len();
        let is_year = (1949..2100).contains(&year);
        (is_year && !agency.is_empty()).then_some(Self {
            agency,
            year,
            serial,
            bracket,
            range: start..end,
        })
    }

    fn is_well_bracketed(&self) -> bool {
        // ﹝﹞ is what many fonts and input methods give for 〔〕.
        matches!(self.bracket, '〔' | '﹝')
    }
}

/// Takes digits off the end, of either width.
fn strip_digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<(&str, u32)> {
    let digit = |c: char| match c {
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        c => c.to_digit(10),
    };
    let (mut rest, mut value, mut scale, mut taken) = (text, 0, 1, 0);
    while let Some((c, digit)) = rest.chars().next_back().and_then(|c| Some((c, digit(c)?))) {
        taken += 1;
        if taken > *count.end() {
            return None;
        }
        value += digit * scale;
        scale *= 10;
        rest = rest.get(..rest.len() - c.len_utf8())?;
    }
    (taken >= *count.start()).then_some((rest, value))
}

/// TS505 for years in other brackets than 〔〕.
pub(super) fn find_wrong_brackets(text: &str) -> impl Iterator<Item = Hit> {
    Number::find_all(text).filter(|number| !number.is_well_bracketed()).map(|number| {
        // Words before the agency may stick to it: the place is where the bracket opens.
        let start = number.range.start + number.agency.len();
        let detail = format!("〔{}〕{}号", number.year, number.serial);
        Hit::new(&codes::QUOTED_NUMBER, start..number.range.end, detail)
    })
}
