//! Where a page is cut into sheets: between things, not after a heading or what leads to the next thing, not before the
//! foot. A table is whole where a sheet holds it; rows that go on on another sheet have their head there again. A chart
//! that is higher than the room it finds is made smaller, the text beside it is not.

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
/// A chart is made so much smaller rather than leave the sheet half empty before it.
const KEPT_SCALE: f32 = 0.75;
/// And so much smaller where it then fits the rest of a sheet.
const FITTED_SCALE: f32 = 0.8;
/// And so much where that keeps its figures on its sheet.
const TABLED_SCALE: f32 = 0.7;
/// A sheet that is emptier than this takes the lead of the next chart without the chart.
const BARE_PART: u32 = 2;
/// A table goes to the next sheet whole if no more than this part of the sheet is left empty before it.
const EMPTY_PART: u32 = 3;
/// So few px are no gap that anyone sees.
const GAP_LEAST: u32 = 120;
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
    /// Those of its rows that are charts.
    figures: Vec<Range<u32>>,
}

/// Rows of a sheet that are of one size.
pub(super) struct Band {
    /// The page's.
    pub(super) rows: Range<u32>,
    scale: f32,
    /// Where they begin on the sheet, in its px.
    top: f32,
}

impl Band {
    /// Where a part of a line of the page is, in px of the sheet: left, top, right, bottom.
    pub(super) fn place(&self, (from, to): (f32, f32), line: &Thing, width: f32) -> [f32; 4] {
        let x = |x: f32| x * self.scale + width * (1.0 - self.scale) / 2.0;
        let y = |row: u32| self.top + (length(row) - length(self.rows.start)) * self.scale;
        [x(from), y(line.top), x(to), y(line.top.saturating_add(line.height))]
    }

    /// From the page's px to the sheet's.
    pub(super) fn transform(&self, width: f32) -> Transform {
        let (scale, top) = (self.scale, self.top - length(self.rows.start) * self.scale);
        Transform::from_row(scale, 0.0, 0.0, scale, width * (1.0 - scale) / 2.0, top)
    }
}

impl Sheet {
    fn above(&self) -> u32 {
        FIRST_ROOM - self.room
    }

    /// The chart that began on a sheet before and goes on at the top of this one.
    pub(super) fn continued<'p>(&self, page: &'p Page) -> Option<&'p Drawing> {
        page.things.iter().find_map(|thing| match &thing.what {
            What::Drawing(drawing) => {
                let rows = thing.top..thing.top.saturating_add(thing.height);
                (rows.start < self.rows.start && self.rows.start < rows.end).then_some(drawing)
            }
            What::Ground { .. } | What::Panel { .. } | What::Line { .. } | What::Emblem { .. } => {
                None
            }
        })
    }

    /// How much smaller than the page its text and its charts are: 1 where all fits. Only the charts are made smaller,
    /// unless there are none or the text alone is too high.
    fn scales(&self) -> (f32, f32) {
        let rows = high(&self.rows).max(1);
        let figures: u32 = self.figures.iter().map(high).sum();
        let text = rows.saturating_sub(figures);
        if rows <= self.room {
            (1.0, 1.0)
        } else if figures > 0 && text < self.room {
            (1.0, length(self.room - text) / length(figures))
        } else {
            let all = length(self.room) / length(rows);
            (all, all)
        }
    }

    /// The smallest on it.
    fn scale(&self) -> f32 {
        self.scales().1
    }

    /// From top to bottom.
    pub(super) fn bands(&self) -> Vec<Band> {
        let (text, figure) = self.scales();
        let (mut bands, mut from, mut top) = (vec![], self.rows.start, length(self.above()));
        let mut push = |rows: Range<u32>, scale: f32| {
            if !rows.is_empty() {
                let high = length(high(&rows)) * scale;
                bands.push(Band { rows, scale, top });
                top += high;
            }
        };
        for rows in &self.figures {
            push(from..rows.start, text);
            push(rows.clone(), figure);
            from = rows.end;
        }
        push(from..self.rows.end, text);
        bands
    }

    /// Where a row of the page stands on the sheet, in points from its upper left corner.
    pub(super) fn point(&self, row: u32, to_points: f32) -> Point {
        let band = self.bands().into_iter().rfind(|band| band.rows.start <= row);
        let down = band.map_or(0.0, |band| {
            band.top + length(row.saturating_sub(band.rows.start)) * band.scale
        });
        Point::from_xy(0.0, down.max(length(self.above())) * to_points)
    }

    /// Of the head, which ends where the rows begin and is as large as they are.
    pub(super) fn head_transform(&self, width: f32) -> Transform {
        let scale = self.bands().first().map_or(1.0, |band| band.scale);
        let top = length(self.above()) - length(high(&self.head)) * scale;
        Band { rows: self.head.clone(), scale, top }.transform(width)
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

/// The rows of charts, from top to bottom, none in another.
fn figures(things: &[Thing]) -> Vec<Range<u32>> {
    let placed = things.iter().filter(|thing| thing.part == Part::Figure);
    let mut placed: Vec<_> =
        placed.map(|thing| thing.top..thing.top.saturating_add(thing.height)).collect();
    placed.sort_unstable_by_key(|rows| (rows.start, rows.end));
    let mut figures: Vec<Range<u32>> = vec![];
    for rows in placed {
        match figures.last_mut() {
            Some(last) if rows.start < last.end => last.end = last.end.max(rows.end),
            _ => figures.push(rows),
        }
    }
    figures
}

/// Those of them, or parts of them, that lie in these rows.
fn within(figures: &[Range<u32>], rows: &Range<u32>) -> Vec<Range<u32>> {
    let from = figures.partition_point(|figure| figure.end <= rows.start);
    let here = figures.iter().skip(from).take_while(|figure| figure.start < rows.end);
    here.map(|figure| figure.start.max(rows.start)..figure.end.min(rows.end)).collect()
}

pub(super) fn cut(page: &Page) -> Vec<Sheet> {
    let all = Rows::of(&page.things);
    let figures = figures(&page.things);
    let sheet = |rows: Range<u32>, head: Range<u32>, room: u32| {
        let figures = within(&figures, &rows);
        Sheet { rows, head, room, figures }
    };
    let loose = begins(&page.things, &all, Kept::Headings);
    let bare = begins(&page.things, &all, Kept::AllButTitle);
    let mut split = begins(&page.things, &all, Kept::Leads);
    // The first row stays with its head, the last with the one before, and the foot with what stands before it.
    let held: BTreeSet<u32> =
        all.iter().flat_map(|rows| [Some(rows.head.end), rows.last]).flatten().collect();
    split.retain(|row| *row < page.foot && !held.contains(row));
    let whole = |row: &u32| {
        all.iter().any(|rows| rows.is_whole() && rows.head.end < *row && *row < rows.end)
    };
    let firm: Vec<u32> = split.iter().filter(|row| !whole(row)).copied().collect();
    let mut parted = begins(&page.things, &all, Kept::Openings);
    parted.retain(|row| *row < page.foot && !held.contains(row) && !whole(row));
    let head_of = |start: u32| {
        let rows = all.iter().find(|rows| rows.head.end < start && start < rows.end);
        rows.map_or(0..0, |rows| rows.head.clone())
    };
    let is_caption = |thing: &&Thing| thing.part == Part::Caption;
    let captions: BTreeSet<u32> =
        page.things.iter().filter(is_caption).map(|thing| thing.top).collect();
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
            let nearly = |begins: &[u32], scale: f32| {
                let sheet = sheet(start..next(begins), 0..0, room);
                Some(sheet.rows.end).filter(|_| sheet.scale() >= scale)
            };
            let kept = fitting(&firm);
            let cut = fitting(&split)
                .filter(|_| kept.is_none_or(|end| start + room - end > room / EMPTY_PART));
            // What would stand on the next sheet is a chart, or the figures of the last one, and with the charts smaller
            // this one has it.
            let reduced = cut.or(kept).and_then(|end| {
                let after = firm.iter().find(|row| **row > end).copied().unwrap_or(page.height);
                let sheet = sheet(start..after, 0..0, room);
                let is_chart = sheet.figures.last().is_some_and(|figure| figure.start >= end);
                let is_gap = end + GAP_LEAST < start + room;
                let least = if captions.contains(&end) { TABLED_SCALE } else { FITTED_SCALE };
                let is_wanted = (is_chart && is_gap) || captions.contains(&end);
                Some(after).filter(|_| is_wanted && sheet.scale() >= least)
            });
            let usual = cut.or(kept);
            let lead = fitting(&parted).filter(|row| {
                usual.is_some_and(|end| end < start + room / BARE_PART && *row >= end + GAP_LEAST)
            });
            let end = reduced.or(lead).or(usual).or_else(|| nearly(&firm, KEPT_SCALE));
            // A heading with its lead alone on a sheet looks forgotten: then the chart may be as small as is still read.
            let end = end
                .or_else(|| fitting(&loose).filter(|end| *end >= start + room / 3))
                .or_else(|| nearly(&firm, LEGIBLE_SCALE));
            let end = end.or_else(|| fitting(&loose)).or_else(|| nearly(&loose, LEGIBLE_SCALE));
            // The title alone on a sheet is no loss beside a chart that cannot be read.
            let end = end.or_else(|| fitting(&bare));
            let end = end.unwrap_or_else(|| next(&loose));
            // Where the last sheet would have next to nothing, this one gives it what it can spare.
            let is_last = end < page.height && page.height <= end + ROOM - high(&head_of(end));
            let is_scant = page.foot < page.height && page.foot < end + LAST_LEAST;
            let spared = firm.iter().rfind(|row| page.foot >= **row + LAST_LEAST).copied();
            let spared = spared.filter(|row| {
                let left = page.height - row;
                is_last
                    && is_scant
                    && *row >= start + room / 3
                    && left <= ROOM - high(&head_of(*row))
            });
            // Or takes what the last would have, its charts a little smaller.
            let joined = sheet(start..page.height, 0..0, room);
            let is_joined = !joined.figures.is_empty() && joined.scale() >= FITTED_SCALE;
            let joined = Some(page.height).filter(|_| is_last && is_scant && is_joined);
            spared.or(joined).unwrap_or(end)
        };
        sheets.push(sheet(start..end, head, room));
        if end >= page.height {
            return sheets;
        }
        start = end;
    }
}

fn high(rows: &Range<u32>) -> u32 {
    rows.end.saturating_sub(rows.start)
}

/// What keeps the thing below it on its sheet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// Headings, and the few lines below one that lead to a figure, and what ends with a colon.
    Leads,
    /// Headings, and what ends with a colon.
    Openings,
    /// Headings.
    Headings,
    /// All headings but the first, which is the page's title.
    AllButTitle,
}

/// The rows at which something begins that nothing before reaches into, no heading stands before, and
/// neither the first nor the last line of a paragraph would be left alone; nor what follows a colon, nor a figure, where
/// it is to keep the few lines that lead to it.
fn begins(things: &[Thing], rows: &[Rows], kept: Kept) -> Vec<u32> {
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
    let openings = openings(things);
    let (mut begins, mut reached, mut is_after_heading) = (vec![], 0, true);
    let mut is_opened = false;
    // Lines since the last heading.
    let mut lead = usize::MAX;
    for (top, bottom, part) in placed {
        // A figure begins with its frame; a heading has an ornament too. What is shrunk to a sheet of its own keeps
        // nothing.
        let has_figure = figures.range(top..bottom).next().is_some();
        let is_lead = kept == Kept::Leads && has_figure && lead <= LEAD_LINES;
        let is_led = (is_lead || is_opened && matches!(kept, Kept::Leads | Kept::Openings))
            && length(high(&(top..bottom))) * LED_SCALE <= length(ROOM);
        if top >= reached {
            if !is_after_heading && !is_led && !lonely.contains(&top) {
                begins.push(top);
            }
            is_after_heading = false;
            is_opened = openings.contains(&top);
            lead = lead.saturating_add(usize::from(matches!(part, Part::Text | Part::Item)));
            if has_figure {
                lead = usize::MAX;
            }
        }
        reached = reached.max(bottom);
        if let Part::Heading(level) = part {
            (is_after_heading, lead) = (level > 1 || kept != Kept::AllButTitle, 0);
        }
    }
    begins
}

/// The last line of each paragraph that ends with a colon, and each caption: what it announces follows.
fn openings(things: &[Thing]) -> BTreeSet<u32> {
    let is_opening = |thing: &&Thing| match &thing.what {
        What::Line { glyphs, .. } => {
            thing.part == Part::Caption
                || thing.part == Part::Text
                    && glyphs.last().is_some_and(|last| "：:".contains(last.character))
        }
        What::Ground { .. } | What::Panel { .. } | What::Drawing(_) | What::Emblem { .. } => false,
    };
    things.iter().filter(is_opening).map(|thing| thing.top).collect()
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
