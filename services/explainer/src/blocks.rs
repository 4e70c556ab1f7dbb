//! A text from people as a list of blocks: what print and pictures are set from. The same allow-list as the page's
//! ([`crate::text`]): what Markdown can say, raw HTML as text, nothing from anywhere.

mod read;
mod slot;

use lockstep_gate::document::{Document, Level, Unit};
use lockstep_proto::ids::ChartId;

use crate::set::Run;

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line of the source it begins in, from 1.
    pub line: usize,
    /// How many lists it stands in.
    pub depth: u32,
    /// Within a quotation.
    pub is_quoted: bool,
    /// What it is.
    pub what: What,
}

/// The kinds of blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// From 1, the text's title, down.
    Heading(u8, Vec<Run>),
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// The first paragraph of a list's item, with its mark.
    Item(String, Vec<Run>),
    /// A table.
    Table(Table),
    /// The answer card: what each line is called, and what it says.
    Answer(Vec<[Vec<Run>; 2]>),
    /// A chart stands here.
    Chart(ChartId),
    /// A line between two parts.
    Rule,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Where the cells of each column stand.
    pub sides: Vec<Side>,
    /// Its head and then its rows, a cell for each column.
    pub rows: Vec<Vec<Vec<Run>>>,
}

/// Where the text of a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// At its left edge.
    Left,
    /// In its middle.
    Middle,
    /// At its right edge.
    Right,
}

impl Block {
    /// All runs in it.
    pub fn runs(&self) -> Box<dyn Iterator<Item = &Run> + '_> {
        match &self.what {
            What::Heading(_, runs) | What::Paragraph(runs) | What::Item(_, runs) => {
                Box::new(runs.iter())
            }
            What::Table(table) => Box::new(table.rows.iter().flatten().flatten()),
            What::Answer(lines) => Box::new(lines.iter().flatten().flatten()),
            What::Chart(_) | What::Rule => Box::new(std::iter::empty()),
        }
    }

    fn runs_mut(&mut self) -> Vec<&mut Vec<Run>> {
        match &mut self.what {
            What::Heading(_, runs) | What::Paragraph(runs) | What::Item(_, runs) => vec![runs],
            What::Table(table) => table.rows.iter_mut().flatten().collect(),
            What::Answer(lines) => lines.iter_mut().flatten().collect(),
            What::Chart(_) | What::Rule => vec![],
        }
    }
}

/// A text in Markdown.
pub fn from_markdown(source: &str) -> Vec<Block> {
    finished(source, read::read(source))
}

/// A longer first line is no title, and neither is a sentence.
const TITLE_CHARS_MAX: usize = 100;

/// Whether the first line of a plain text is its title.
pub(crate) fn is_title(line: &str) -> bool {
    line.chars().count() <= TITLE_CHARS_MAX && !line.trim_end().ends_with(['。', '；', '：'])
}

/// A plain text: its first line is the title, every other line a paragraph.
pub fn from_plain(source: &str) -> Vec<Block> {
    let mut blocks = vec![];
    let mut at = 0;
    for (line, text) in (1..).zip(source.split('\n')) {
        if !text.trim().is_empty() {
            let run = vec![Run::regular(text.trim())];
            let is_title = blocks.is_empty() && is_title(text);
            let what = if is_title { What::Heading(1, run) } else { What::Paragraph(run) };
            // A unit begins where the line's words do or where the line does.
            let begins = at + text.len() - text.trim_start().len();
            blocks.push((begins, Block { line, depth: 0, is_quoted: false, what }));
        }
        at += text.len() + 1;
    }
    finished(source, blocks)
}

/// Blanks and Markdown's signs between where a unit begins and where its words do, in bytes.
const SIGNS_MAX: usize = 16;

/// Lines of a text that are headings by their marks: 一、, （一）, 问：.
pub(crate) struct Headings(Vec<Heading>);

struct Heading {
    start: usize,
    end: usize,
    level: Level,
    /// How many letters and digits it has.
    words: usize,
}

impl Headings {
    pub(crate) fn of(source: &str) -> Self {
        let document = Document::read(source);
        let headings = document.units().iter().filter(|unit| {
            unit.is_heading || unit.level == Level::Question && is_asked(document.text_of(unit))
        });
        let heading = |unit: &Unit| {
            let words = words(document.text_of(unit));
            Heading { start: unit.start, end: unit.end, level: unit.level, words }
        };
        Self(headings.map(heading).collect())
    }

    /// The level of the one that is all of a paragraph whose words begin there, if it is one.
    pub(crate) fn level(&self, begins: usize, shown: &str) -> Option<Level> {
        let next = self.0.partition_point(|heading| heading.end <= begins);
        let is_here = |start: usize| start <= begins && begins - start <= SIGNS_MAX;
        let heading = self.0.get(next).filter(|heading| is_here(heading.start))?;
        // It may say it with Markdown's signs.
        (heading.words == words(shown)).then_some(heading.level)
    }
}

/// Whether a paragraph is a question and no more, in Markdown's signs or without: **问1：…？**
fn is_asked(text: &str) -> bool {
    const CHARS_MAX: usize = 60;
    let text = text.trim().trim_end_matches(['*', '_']);
    let inner = text.strip_suffix(['？', '?']);
    inner.is_some_and(|inner| !inner.contains(['？', '?', '。', '！']))
        && text.chars().count() <= CHARS_MAX
}

fn words(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Blocks as they are shown: lines that are headings by their marks raised to headings, slots worded, what nobody sees
/// left out.
fn finished(source: &str, blocks: Vec<(usize, Block)>) -> Vec<Block> {
    let headings = Headings::of(source);
    let raised = |(begins, mut block): (usize, Block)| {
        if let What::Paragraph(runs) = &mut block.what {
            let level = headings.level(begins, &text_of(runs)).and_then(level_of);
            if let Some(level) = level {
                block.what = What::Heading(level, std::mem::take(runs));
            }
        }
        for runs in block.runs_mut() {
            slot::word(runs);
            for run in runs {
                run.text.retain(is_seen);
            }
        }
        block
    };
    blocks.into_iter().map(raised).collect()
}

fn text_of(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// How a unit that is a heading in a text without other headings ranks among them.
fn level_of(level: Level) -> Option<u8> {
    match level {
        Level::Part | Level::Chapter | Level::First => Some(2),
        Level::Section | Level::Article | Level::Second | Level::Question => Some(3),
        Level::Third | Level::Fourth => Some(4),
        Level::Heading
        | Level::Decimal
        | Level::Fifth
        | Level::Paragraph
        | Level::Title
        | Level::Number
        | Level::Addressee
        | Level::Table
        | Level::AttachmentList
        | Level::Attachment
        | Level::Signer
        | Level::Date
        | Level::Note
        | Level::Contents
        | Level::Noise => None,
    }
}

/// Whether a character shows anything or makes room: Unicode's `Default_Ignorable_Code_Point` and the controls
/// do neither. Pages leave them out as well.
fn is_seen(c: char) -> bool {
    let is_ignored = matches!(
        u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
            | 0xFFF0..=0xFFF8 | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF
    );
    !is_ignored && (!c.is_control() || matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests;
