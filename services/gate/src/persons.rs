//! Personal data 个人信息 in any text (政府信息公开条例 第十五条: personal privacy is not disclosed):
//! where it stands, and the same text with it masked. A number found is never repeated whole, neither
//! in a finding nor in a log. Names and home addresses in running text are not looked for.
//!
//! What is not flagged: office telephones, document and index numbers, amounts, dates, and the unified
//! social credit codes 统一社会信用代码 of organisations.

mod amounts;
mod cells;
mod checks;
mod labelled;
mod lists;
mod masked;
mod numbers;
mod runs;
mod spelled;
mod table;
mod whom;

use std::ops::Range;

use lockstep_proto::finding::{Finding, Severity};

use crate::codes::{At as _, Code};
use runs::sign_of;
pub(crate) use runs::{fold, is_hidden};

/// One piece of personal data in a text.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What kind it is.
    pub code: &'static Code,
    /// How sure we are: what only looks like personal data, or is given openly, warns.
    pub severity: Severity,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The number masked, or the column's name: fit to be shown and logged.
    pub shown: String,
    /// Why it only warns, or why it is not masked.
    pub doubt: Option<Doubt>,
}

/// Why a hit only warns, or is left by masking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It has the form and might be another number.
    Likeness,
    /// A mobile number given as an office's contact line; masking leaves it.
    OpenLine,
    /// Its digits stand in several rows, `range` being the first of them; it may block.
    Scattered,
}

impl Hit {
    fn new(code: &'static Code, range: Range<usize>, raw: &str) -> Self {
        let shown = shade(raw).chars().filter(|c| !c.is_whitespace() && !is_hidden(*c)).collect();
        Self { code, severity: code.severity, range, shown, doubt: None }
    }

    /// It is an office's after all: it warns, and masking leaves it.
    fn open(&mut self) {
        (self.doubt, self.severity) = (Some(Doubt::OpenLine), Severity::Warning);
    }

    /// It is a person's after all: it blocks, and is masked.
    fn close(&mut self) {
        if self.doubt == Some(Doubt::OpenLine) {
            (self.doubt, self.severity) = (None, self.code.severity);
        }
    }

    /// One of which `range` holds the first digit alone.
    fn scattered(self) -> Self {
        Self { doubt: Some(Doubt::Scattered), ..self }
    }

    fn doubted(self, doubt: Option<Doubt>) -> Self {
        let severity = if doubt.is_some() { Severity::Warning } else { self.severity };
        Self { severity, doubt, ..self }
    }

    /// What is said about it, without a place.
    pub fn finding(&self) -> Finding {
        let finding = Finding { severity: self.severity, ..self.code.about(&self.shown) };
        let (help, help_en) = match self.doubt {
            None => return finding,
            Some(Doubt::Likeness) => (
                "请核对：确属个人信息的运行 lockstep mask 遮盖，不是的不必处理",
                "check it: mask it by `lockstep mask` if it is a person's, leave it if not",
            ),
            Some(Doubt::OpenLine) => (
                "确为对外公布的办公联系电话的可以保留，宜改用办公固定电话",
                "an office's own public line may stay; a landline is better",
            ),
            Some(Doubt::Scattered) => (
                "这些数字从上到下是一个号码：请在原文件中删去或遮盖",
                "read downwards, these digits are one number: remove or mask it in the file itself",
            ),
        };
        finding.advising(help.to_owned(), help_en.to_owned())
    }

    /// The same, found where `lockstep mask` cannot mask: a person has to, at the place named.
    pub(crate) fn finding_by_hand(&self, place: &str) -> Finding {
        let finding = self.finding_at(place);
        if self.doubt == Some(Doubt::OpenLine) || table::is_column(self) {
            return finding;
        }
        finding.advising(
            "确属个人信息的请在原文件中删去或遮盖；此处 lockstep mask 不能代改".to_owned(),
            "if it is a person's, remove or mask it in the file itself: lockstep mask cannot here"
                .to_owned(),
        )
    }

    /// The same at a place that has a name.
    pub(crate) fn finding_at(&self, place: &str) -> Finding {
        let mut finding = self.finding();
        if !place.is_empty() {
            finding.message = format!("{}（{place}）", finding.message);
            finding.message_en = format!("{} ({place})", finding.message_en);
        }
        finding
    }
}

/// Personal data in a text, in order, without overlaps. A number may be broken by spaces, dashes, line
/// breaks and characters that do not show, be written in full-width digits or in Chinese ones, or stand
/// in a table one digit a cell.
pub fn find(text: &str) -> Vec<Hit> {
    let mut numbers = numbers::find(text, true);
    lists::weigh(text, &mut numbers);
    cells::weigh(text, cells::Form::Lines, &mut numbers);
    cells::weigh_by_heads(text, cells::Form::Lines, &mut numbers);
    in_order([
        numbers,
        labelled::find(text),
        spelled::find(text, true),
        cells::find(text, cells::Form::Lines),
        masked::find(text),
    ])
}

/// The same in a table (CSV): a number does not run on from line to line, and columns headed as
/// personal data are named (TS606).
pub fn find_in_table(text: &str) -> Vec<Hit> {
    let mut numbers = numbers::find(text, false);
    cells::weigh(text, cells::Form::Csv, &mut numbers);
    cells::weigh_by_heads(text, cells::Form::Csv, &mut numbers);
    table::weigh(text, &mut numbers);
    let mut hits = table::columns(text);
    let in_cells = cells::find(text, cells::Form::Csv);
    let spelled = spelled::find(text, false);
    hits.extend(in_order([numbers, labelled::find(text), spelled, in_cells, masked::find(text)]));
    hits
}

/// The columns headed as personal data in the tables that a text draws with `|` (TS606).
pub fn find_columns(text: &str) -> Vec<Hit> {
    table::drawn_columns(text)
}

/// The letters and digits of a number, however it is written.
pub(crate) fn signs_of(raw: &str) -> String {
    raw.chars().filter_map(sign_of).collect()
}

/// Overlapping hits are one: the longer, of equals the first.
fn in_order(found: [Vec<Hit>; 5]) -> Vec<Hit> {
    let mut all: Vec<Hit> = found.into_iter().flatten().collect();
    all.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));
    let mut hits: Vec<Hit> = vec![];
    for hit in all {
        match hits.last_mut() {
            Some(last) if hit.range.start < last.range.end => {
                if hit.range.len() > last.range.len() {
                    *last = hit;
                }
            }
            _ => hits.push(hit),
        }
    }
    hits
}

/// The text with the numbers in it masked, and what was masked. An office's open line stays, and so
/// does everything else, byte for byte. Masking twice is masking once.
pub fn mask(text: &str) -> (String, Vec<Hit>) {
    mask_found(text, find)
}

/// The same for a table (CSV); its columns of names are left to a person.
pub fn mask_table(text: &str) -> (String, Vec<Hit>) {
    mask_found(text, find_in_table)
}

/// Passes in which a text is masked: what stood beside a number may be one only once that is gone
/// (学号：00000000001-13000000000).
const PASSES: usize = 8;

fn mask_found(text: &str, find: impl Fn(&str) -> Vec<Hit>) -> (String, Vec<Hit>) {
    let (mut masked, mut hits) = mask_hits(text, find(text));
    for _ in 1..PASSES {
        let (next, more) = mask_hits(&masked, find(&masked));
        if more.is_empty() {
            break;
        }
        hits.extend(more.into_iter().map(|hit| Hit { range: as_in(text, &masked, &hit), ..hit }));
        masked = next;
    }
    hits.sort_by_key(|hit| hit.range.start);
    (masked, hits)
}

/// Where in a text a hit of its masked form stands: that has as many characters, of other lengths.
fn as_in(text: &str, masked: &str, hit: &Hit) -> Range<usize> {
    let at = |offset: usize| {
        let count = masked.get(..offset).unwrap_or_default().chars().count();
        text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
    };
    at(hit.range.start)..at(hit.range.end)
}

fn mask_hits(text: &str, mut hits: Vec<Hit>) -> (String, Vec<Hit>) {
    let stays = |hit: &Hit| matches!(hit.doubt, Some(Doubt::OpenLine | Doubt::Scattered));
    hits.retain(|hit| !stays(hit) && !table::is_column(hit));
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for hit in &hits {
        masked.push_str(text.get(end..hit.range.start).unwrap_or_default());
        masked.push_str(&shade(text.get(hit.range.clone()).unwrap_or_default()));
        end = hit.range.end;
    }
    masked.push_str(text.get(end..).unwrap_or_default());
    (masked, hits)
}

/// Stands for a character that was taken out. Not the ASCII asterisk: two numbers masked by that in
/// one paragraph of Markdown would turn into emphasis and lose it.
pub(crate) const MASK: char = '＊';

/// At most the first three and the last two characters stay (of short numbers one each), the rest is
/// masked one for one; what stands between stays.
///
/// Why not the customary 前6后4: with the region, the last three of the sequence and the check digit
/// known, a person's birthday is one of some three thousand that the checksum allows.
fn shade(raw: &str) -> String {
    let is_sign = |c: char| sign_of(c).is_some();
    let count = raw.chars().filter(|c| is_sign(*c)).count();
    let (head, tail) = if count >= 11 { (3, 2) } else { (1, 1) };
    let mut seen = 0;
    raw.chars()
        .map(|c| {
            if !is_sign(c) {
                return c;
            }
            seen += 1;
            if seen <= head || seen + tail > count { c } else { MASK }
        })
        .collect()
}

#[cfg(test)]
mod tests;
