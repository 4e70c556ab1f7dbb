//! What has rows below a head, a table or a high chart: cut between two rows, it goes on under its head.

use std::ops::Range;

use super::{LED_SCALE, ROOM};
use crate::{
    page::{Part, Thing, What},
    picture::paint::length,
};

/// A head that fills more than this part of a sheet is not repeated: the rows need the room.
const HEAD_PART: u32 = 3;

/// Rows of the page.
pub(super) struct Rows {
    /// Where the whole begins.
    pub(super) top: u32,
    /// What is repeated; the first row begins where it ends.
    pub(super) head: Range<u32>,
    /// Where the last row ends.
    pub(super) end: u32,
    /// Where the last row begins, if there are more than two: alone on a sheet it looks forgotten.
    pub(super) last: Option<u32>,
    /// Of a chart: where it may be cut. A table is things of their own.
    pub(super) cuts: Vec<u32>,
}

impl Rows {
    /// All of a page, from top to bottom.
    pub(super) fn of(things: &[Thing]) -> Vec<Self> {
        let blocks = things.chunk_by(|a, b| a.block == b.block);
        let found =
            blocks.filter_map(|block| Self::of_chart(block).or_else(|| Self::of_table(block)));
        found
            .filter(|rows| rows.head.end.saturating_sub(rows.head.start) <= ROOM / HEAD_PART)
            .collect()
    }

    /// Whether it is a table that one sheet holds.
    pub(super) fn is_whole(&self) -> bool {
        self.cuts.is_empty() && self.end.saturating_sub(self.top) <= ROOM
    }

    /// One that would have to be made smaller by more than its heading's lead may be.
    fn of_chart(block: &[Thing]) -> Option<Self> {
        block.iter().find_map(|thing| {
            let What::Drawing(drawing) = &thing.what else { return None };
            let [head, first, rest @ ..] = drawing.rows.as_slice() else { return None };
            let is_high = length(thing.height) * LED_SCALE > length(ROOM);
            (is_high && !rest.is_empty()).then(|| Self {
                top: thing.top,
                head: thing.top + head..thing.top + first,
                end: thing.top.saturating_add(thing.height),
                last: rest.last().filter(|_| rest.len() > 1).map(|row| thing.top + row),
                cuts: rest.iter().map(|row| thing.top + row).collect(),
            })
        })
    }

    /// The ground of its head is the first thing of a table.
    fn of_table(block: &[Thing]) -> Option<Self> {
        let is_cell = |thing: &&Thing| matches!(thing.part, Part::Cell { is_head: false, .. });
        let bottom = |thing: &Thing| thing.top.saturating_add(thing.height);
        let end = block.iter().filter(is_cell).map(bottom).max()?;
        let head = block.first()?;
        let row_of = |thing: &Thing| match thing.part {
            Part::Cell { row, .. } => Some(row),
            Part::Heading(_)
            | Part::Text
            | Part::Item
            | Part::Figure
            | Part::Caption
            | Part::Ornament => None,
        };
        let count = block.iter().filter_map(row_of).max()?;
        let words = block.iter().filter(|thing| row_of(thing) == Some(count));
        let words = words.map(|thing| thing.top).min()?;
        // Its ground begins above its words.
        let grounds =
            block.iter().filter(|thing| thing.part == Part::Ornament && thing.top <= words);
        let last = grounds.map(|thing| thing.top).max().filter(|_| count > 2);
        Some(Self { top: head.top, head: head.top..bottom(head), end, last, cuts: vec![] })
    }
}
