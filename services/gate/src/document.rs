//! The document model: a policy or interpretation as units with paths, and what its text says of
//! itself. Units lie in order and cover the text byte for byte; nothing is repaired, what is odd is
//! said. Field knowledge: DOMAIN §3 (structure of real texts).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "there are many levels, and most questions are about a few of them"
)]

mod clauses;
mod dates;
mod frames;
mod mark;
mod metadata;
mod numerals;
mod pieces;
mod references;
mod signs;
mod tables;
mod units;
mod words;
mod wrap;

use std::sync::OnceLock;

use lockstep_proto::finding::Finding;
use serde::Serialize;

pub(crate) use dates::{
    DayAt, find_days, find_days_of, find_months_of, find_pointed_days, read as read_date,
};
pub use mark::Level;
pub(crate) use mark::answer as answer_mark;
pub use metadata::{DateRole, Dated, DisclosureMark, Metadata, Repeal, Validity};
pub(crate) use metadata::{
    EFFECT_VERBS, SELF_NAMES, ValidityStated, disclosure_in, is_about_itself,
};
pub(crate) use numerals::{is_numeral, parse as parse_numeral};
pub use references::{Reference, Target};
pub(crate) use signs::{KINDS as DOCUMENT_KINDS, is_agency};
pub use signs::{NumberAt, find_numbers};
pub(crate) use words::{
    first_chars, is_alphabetic, is_letter, last_chars, places_of, sentence_before,
};

use crate::codes::{self, At as _};
use clauses::Names;
use units::Flaw;

/// A text taken apart.
#[derive(Debug, Clone)]
pub struct Document<'t> {
    text: &'t str,
    units: Vec<Unit>,
    flaws: Vec<Flaw>,
    /// Where each line begins.
    lines: Vec<usize>,
    /// What many ask for is read once, when it is first asked for.
    metadata: OnceLock<Metadata>,
    references: OnceLock<Vec<Reference>>,
    names: OnceLock<Names>,
}

/// A piece of the text with a place in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Where it belongs, unique in the text: `第六条/第二款/（一）`, `二/（三）/1`, `附文1/第一条`, `前言`.
    pub path: String,
    /// Its mark as written: `第六条`, `（三）`, `１．`; empty where it has none.
    pub mark: String,
    /// What it is.
    pub level: Level,
    /// First byte.
    pub start: usize,
    /// Behind its last byte: the next unit's start.
    pub end: usize,
    #[serde(skip)]
    part: Option<String>,
    #[serde(skip)]
    number: Option<String>,
    /// Whether it says only what follows is about.
    #[serde(skip)]
    pub is_heading: bool,
    #[serde(skip)]
    is_whole_title: bool,
}

impl<'t> Document<'t> {
    /// Takes a text apart, in time linear in its length. Any text will do.
    pub fn read(text: &'t str) -> Self {
        let pieces = pieces::cut(text);
        let (mut units, flaws) = units::build(&pieces);
        let mut end = text.len();
        for unit in units.iter_mut().rev() {
            unit.end = end;
            end = unit.start;
        }
        units::settle(text, &mut units);
        match units.first_mut() {
            Some(first) => first.start = 0,
            None if text.is_empty() => {}
            None => units.push(Unit::blank(text)),
        }
        let lines =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let (metadata, references, names) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { text, units, flaws, lines, metadata, references, names }
    }

    /// The text itself.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// All units, in order.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// What the text says of itself.
    pub fn metadata(&self) -> &Metadata {
        self.metadata.get_or_init(|| self.read_metadata())
    }

    /// All references, in order.
    pub fn references(&self) -> &[Reference] {
        self.references.get_or_init(|| self.find_references())
    }

    /// The index of the unit that a byte lies in.
    pub(crate) fn unit_at(&self, offset: usize) -> usize {
        self.units.partition_point(|unit| unit.end <= offset)
    }

    /// What a unit says, its mark and the blanks around it included.
    pub fn text_of(&self, unit: &Unit) -> &'t str {
        self.text.get(unit.start..unit.end).unwrap_or_default()
    }

    /// Line and column of a byte, in characters, from 1.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        (line, self.text.get(start..offset).unwrap_or_default().chars().count() + 1)
    }

    /// TS127, TS128: gaps in the numbering, and pages torn out of sentences.
    pub fn findings(&self) -> Vec<Finding> {
        self.flaws
            .iter()
            .map(|flaw| match flaw {
                Flaw::Gap { start, missing } => (codes::NUMBERING_GAP.about(missing), *start),
                Flaw::Again { start, mark } => (codes::NUMBERING_AGAIN.about(mark), *start),
                Flaw::Torn { start } => (codes::TORN_TEXT.finding(), *start),
            })
            .map(|(finding, start)| {
                let (line, column) = self.place(start);
                finding.at_place(line, column)
            })
            .collect()
    }
}

impl Unit {
    /// What a text of blanks consists of.
    fn blank(text: &str) -> Self {
        Self {
            path: "噪声".to_owned(),
            mark: String::new(),
            level: Level::Noise,
            start: 0,
            end: text.len(),
            part: None,
            number: None,
            is_heading: false,
            is_whole_title: false,
        }
    }
}

#[cfg(test)]
mod tests;
