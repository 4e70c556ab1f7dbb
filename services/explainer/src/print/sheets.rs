//! Where a page is cut into sheets: between things, not after a heading, not before the foot; rows that go on on
//! another sheet have their head there again. What is higher than a sheet and has no rows has a sheet of its own and
//! is made smaller.

mod rows;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, ops::Range};

use krilla::geom::{Point, Transform};

use crate::{
    page::{Drawing, Page, Part, Thing, What},
    picture::paint::length,
};
use rows::Rows;

/// A sheet's width in px: the page's.
pub(super) const WIDTH: u16 = 1080;
/// A sheet's height in px: A5 is 148 by 210 mm.
pub(super) const HEIGHT: f32 = 1532.4;
/// Left free above; not on the first sheet, where the head fills it.
const ABOVE: u32 = 64;
/// Left free below, for the page number.
const BELOW: u32 = 96;
/// Rows of the page that fit on the first sheet, and on the others.
const FIRST_ROOM: u32 = 1532 - BELOW;
const ROOM: u32 = FIRST_ROOM - ABOVE;

/// A heading, so many lines and the figure they lead to stay on one sheet.
const LEAD_LINES: usize = 4;
/// How small they may be made for that.
const LED_SCALE: f32 = 0.8;
/// Type that is made smaller than this is no longer read: 24 px of a source, the smallest type of a chart, would be
/// less than 6 pt.
const LEGIBLE_SCALE: f32 = 0.644;
/// The last sheet has at least so many rows of the page before the foot, half a dozen lines: what is turned over for a
/// line or two looks forgotten.
const LAST_LEAST: u32 = 300;

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The page's rows that stand on it.
    pub(super) rows: Range<u32>,
    /// What stands above them again: the head of the rows that go on here.
    pub(super) head: Range<u32>,
    /// How many rows fit.
    room: u32,
}

impl Sheet {
    fn above(&self) -> u32 {
        FIRST_ROOM - self.room
    }

    /// How much smaller than the page: 1 where all fits.
    fn scale(&self) -> f32 {
        let rows = self.rows.end.saturating_sub(self.rows.start).max(1);
        (length(self.room) / length(rows)).min(1.0)
    }

    /// From the page's px to the sheet's.
    pub(super) fn transform(&self, width: f32) -> Transform {
        let scale = self.scale();
        let top = length(self.above()) - length(self.rows.start) * scale;
        Transform::from_row(scale, 0.0, 0.0, scale, width * (1.0 - scale) / 2.0, top)
    }

    /// Where a row of the page stands on the sheet, in points from its upper left corner.
    pub(super) fn point(&self, row: u32, to_points: f32) -> Point {
        let down = length(row.saturating_sub(self.rows.start)) * self.scale();
        Point::from_xy(0.0, (length(self.above()) + down) * to_points)
    }

    /// Likewise of the head, which ends where the rows begin.
    pub(super) fn head_transform(&self, width: f32) -> Transform {
        let scale = self.scale();
        let top = length(self.above()) - length(self.head.end) * scale;
        Transform::from_row(scale, 0.0, 0.0, scale, width * (1.0 - scale) / 2.0, top)
    }
}

/// Charts whose type is too small to be read, each for each sheet that shows it so; none: something else is.
pub(super) fn list_illegible(page: &Page) -> Vec<Option<&Drawing>> {
    let sheets = cut(page);
    let small = sheets.iter().filter(|sheet| sheet.scale() < LEGIBLE_SCALE);
    let drawing_of = |sheet: &Sheet| {
        page.things.iter().find_map(|thing| match &thing.what {
            What::Drawing(drawing) if sheet.rows.contains(&thing.top) => Some(drawing),
            What::Drawing(_)
            | What::Ground { .. }
            | What::Panel { .. }
            | What::Line { .. }
            | What::Emblem { .. } => None,
        })
    };
    small.map(drawing_of).collect()
}

pub(super) fn cut(page: &Page) -> Vec<Sheet> {
    let all = Rows::of(&page.things);
    let loose = begins(&page.things, &all, false);
    let mut firm = begins(&page.things, &all, true);
    // The first row stays with its head, and the foot with what stands before it.
    firm.retain(|row| *row < page.foot && !all.iter().any(|rows| rows.head.end == *row));
    let head_of = |start: u32| {
        let rows = all.iter().find(|rows| rows.head.end < start && start < rows.end);
        rows.map_or(0..0, |rows| rows.head.clone())
    };
    let mut sheets: Vec<Sheet> = vec![];
    let mut start = 0;
    loop {
        let head = head_of(start);
        let room = if sheets.is_empty() { FIRST_ROOM } else { ROOM - high(&head) };
        let end = if page.height <= start + room {
            page.height
        } else {
            let fitting = |begins: &[u32]| {
                begins.iter().rfind(|row| **row > start && **row <= start + room).copied()
            };
            let next = |begins: &[u32]| {
                begins.iter().find(|row| **row > start).copied().unwrap_or(page.height)
            };
            let nearly = Sheet { rows: start..next(&firm), head: 0..0, room };
            let nearly = Some(nearly.rows.end).filter(|_| nearly.scale() >= LED_SCALE);
            let end = fitting(&firm).or(nearly).or_else(|| fitting(&loose));
            let end = end.unwrap_or_else(|| next(&loose));
            // Where the last sheet would have next to nothing, this one gives it what it can spare.
            let is_last = end < page.height && page.height <= end + ROOM - high(&head_of(end));
            let is_scant = page.foot < page.height && page.foot < end + LAST_LEAST;
            let spared = firm.iter().rfind(|row| page.foot >= **row + LAST_LEAST).copied();
            let spared = spared.filter(|row| {
                let left = page.height - row;
                is_last
                    && is_scant
                    && *row >= start + room / 2
                    && left <= ROOM - high(&head_of(*row))
            });
            spared.unwrap_or(end)
        };
        sheets.push(Sheet { rows: start..end, head, room });
        if end >= page.height {
            return sheets;
        }
        start = end;
    }
}

fn high(rows: &Range<u32>) -> u32 {
    rows.end.saturating_sub(rows.start)
}

/// The rows at which something begins that nothing before reaches into, no heading stands before, and
/// neither the first nor the last line of a paragraph would be left alone; nor a figure, where it is to keep the few
/// lines below a heading that lead to it.
fn begins(things: &[Thing], rows: &[Rows], keeps_lead: bool) -> Vec<u32> {
    let lonely = lonely(things);
    let mut placed: Vec<(u32, u32, Part)> = things
        .iter()
        .filter(|thing| thing.height <= ROOM || thing.part != Part::Ornament)
        .flat_map(|thing| {
            let bottom = thing.top.saturating_add(thing.height);
            let is_of = |rows: &&Rows| rows.top == thing.top && thing.part == Part::Figure;
            let cuts = rows.iter().find(is_of).map_or(&[][..], |rows| &rows.cuts);
            let tops = [thing.top].into_iter().chain(cuts.iter().copied());
            let bottoms = cuts.iter().copied().chain([bottom]);
            tops.zip(bottoms).map(|(top, bottom)| (top, bottom, thing.part)).collect::<Vec<_>>()
        })
        .collect();
    placed.sort_unstable_by_key(|(top, bottom, _)| (*top, *bottom));
    let is_figure = |thing: &&Thing| thing.part == Part::Figure;
    let figures: BTreeSet<u32> = things.iter().filter(is_figure).map(|thing| thing.top).collect();
    let (mut begins, mut reached, mut is_after_heading) = (vec![], 0, true);
    // Lines since the last heading.
    let mut lead = usize::MAX;
    for (top, bottom, part) in placed {
        // A figure begins with its frame; a heading has an ornament too. What is shrunk to a sheet of its own keeps
        // nothing.
        let has_figure = figures.range(top..bottom).next().is_some();
        let is_led = keeps_lead
            && has_figure
            && lead <= LEAD_LINES
            && length(high(&(top..bottom))) * LED_SCALE <= length(ROOM);
        if top >= reached {
            if !is_after_heading && !is_led && !lonely.contains(&top) {
                begins.push(top);
            }
            is_after_heading = false;
            lead = lead.saturating_add(usize::from(matches!(part, Part::Text | Part::Item)));
            if has_figure {
                lead = usize::MAX;
            }
        }
        reached = reached.max(bottom);
        if let Part::Heading(_) = part {
            (is_after_heading, lead) = (true, 0);
        }
    }
    begins
}

/// The second and the last line of each paragraph.
fn lonely(things: &[Thing]) -> BTreeSet<u32> {
    let is_text = |thing: &&Thing| matches!(thing.part, Part::Text | Part::Item);
    let lines: Vec<&Thing> = things.iter().filter(is_text).collect();
    let mut lonely = BTreeSet::new();
    for block in lines.chunk_by(|a, b| a.block == b.block) {
        // A list's mark stands on its item's first line.
        let mut tops: Vec<u32> = block.iter().map(|line| line.top).collect();
        tops.dedup();
        if let [_, second, .., last] | [_, second @ last] = tops.as_slice() {
            lonely.extend([*second, *last]);
        }
    }
    lonely
}
