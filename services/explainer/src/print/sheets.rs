//! Where a page is cut into sheets: between things, not after a heading; what is higher than a sheet has a
//! sheet of its own and is made smaller.

use std::{collections::BTreeSet, ops::Range};

use krilla::geom::{Point, Transform};

use crate::{
    page::{Page, Part, Thing},
    picture::paint::length,
};

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
/// Type that is made smaller than this is no longer read: 29 px of a label would be less than 6 pt.
const LEGIBLE_SCALE: f32 = 0.53;

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The page's rows that stand on it.
    pub(super) rows: Range<u32>,
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
}

/// How many sheets show something too small to be read.
pub(super) fn count_illegible(page: &Page) -> usize {
    cut(page).iter().filter(|sheet| sheet.scale() < LEGIBLE_SCALE).count()
}

pub(super) fn cut(page: &Page) -> Vec<Sheet> {
    let [firm, loose] = [true, false].map(|keeps_lead| begins(&page.things, keeps_lead));
    let mut sheets: Vec<Sheet> = vec![];
    let mut start = 0;
    loop {
        let room = if sheets.is_empty() { FIRST_ROOM } else { ROOM };
        let end = if page.height <= start + room {
            page.height
        } else {
            let fitting = |begins: &[u32]| {
                begins.iter().rfind(|row| **row > start && **row <= start + room).copied()
            };
            let next = |begins: &[u32]| {
                begins.iter().find(|row| **row > start).copied().unwrap_or(page.height)
            };
            let nearly = Sheet { rows: start..next(&firm), room };
            let nearly = Some(nearly.rows.end).filter(|_| nearly.scale() >= LED_SCALE);
            let end = fitting(&firm).or(nearly).or_else(|| fitting(&loose));
            end.unwrap_or_else(|| next(&loose))
        };
        sheets.push(Sheet { rows: start..end, room });
        if end >= page.height {
            return sheets;
        }
        start = end;
    }
}

/// The rows at which something begins that nothing before reaches into, no heading stands before, and
/// neither the first nor the last line of a paragraph would be left alone; nor a figure, where it is to keep the few
/// lines below a heading that lead to it.
fn begins(things: &[Thing], keeps_lead: bool) -> Vec<u32> {
    let lonely = lonely(things);
    let mut placed: Vec<(u32, u32, Part)> = things
        .iter()
        .filter(|thing| thing.height <= ROOM || thing.part != Part::Ornament)
        .map(|thing| {
            let bottom = thing.top.saturating_add(thing.height);
            (thing.top, bottom, thing.part)
        })
        .collect();
    placed.sort_unstable_by_key(|(top, bottom, _)| (*top, *bottom));
    let is_figure = |thing: &&Thing| thing.part == Part::Figure;
    let figures: BTreeSet<u32> = things.iter().filter(is_figure).map(|thing| thing.top).collect();
    let (mut begins, mut reached, mut is_after_heading) = (vec![], 0, true);
    // Lines since the last heading.
    let mut lead = usize::MAX;
    for (top, bottom, part) in placed {
        // A figure begins with its frame; a heading has an ornament too. What fills a sheet alone can keep nothing.
        let has_figure = figures.range(top..bottom).next().is_some();
        let is_led =
            keeps_lead && has_figure && lead <= LEAD_LINES && bottom.saturating_sub(top) <= ROOM;
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

#[cfg(test)]
mod tests {
    use plotters::style::RGBColor;
    use proptest::prelude::*;

    use super::*;
    use crate::page::What;

    /// Things below each other, with gaps.
    fn page(blocks: &[(Part, u32, u32, u32)]) -> Page {
        let (mut things, mut y) = (vec![], 0);
        for (block, (part, lines, height, gap)) in blocks.iter().enumerate() {
            for _ in 0..*lines {
                let colour = RGBColor(0, 0, 0);
                let what = What::Ground { left: 0, width: 10, colour };
                let block = u32::try_from(block).unwrap_or(0);
                things.push(Thing { top: y, height: *height, part: *part, block, what });
                y += height;
            }
            y += gap;
        }
        Page { width: 1080, height: y, things }
    }

    fn starts(page: &Page) -> Vec<u32> {
        cut(page).iter().skip(1).map(|sheet| sheet.rows.start).collect()
    }

    #[test]
    fn a_heading_stays_with_what_it_heads() {
        let page = page(&[
            (Part::Figure, 1, 1380, 10),
            (Part::Heading(2), 1, 40, 4),
            (Part::Text, 9, 50, 0),
        ]);
        assert_eq!(starts(&page), [1390]);
    }

    #[test]
    fn a_heading_and_a_few_lines_stay_with_the_figure_they_lead_to() {
        let of = |lines: u32, figure: u32| {
            page(&[
                (Part::Text, 9, 100, 10),
                (Part::Heading(2), 1, 40, 4),
                (Part::Text, lines, 50, 6),
                (Part::Figure, 1, figure, 10),
                (Part::Heading(2), 1, 40, 4),
                (Part::Text, 1, 50, 6),
                (Part::Figure, 1, figure, 10),
            ])
        };
        let led = |lines: u32, figure: u32| -> Vec<u32> {
            starts(&of(lines, figure)).into_iter().take(1).collect()
        };
        assert_eq!(led(2, 900), [910]);
        // Each figure in a frame, each heading beside an ornament.
        let mut framed = of(2, 900);
        let ornaments: Vec<Thing> = framed
            .things
            .iter()
            .filter(|thing| matches!(thing.part, Part::Figure | Part::Heading(_)))
            .map(|thing| {
                let colour = RGBColor(0, 0, 0);
                let what = What::Ground { left: 0, width: 10, colour };
                let (top, height, block) = (thing.top - 2, thing.height + 4, thing.block);
                Thing { top, height, part: Part::Ornament, block, what }
            })
            .collect();
        framed.things.extend(ornaments);
        let second = 910 + 44 + 106 + 910;
        assert_eq!(starts(&framed), [908, second - 2]);
        // A longer text may be left before its figure, and so may any where both would be too small.
        assert_eq!(led(6, 900), [910 + 44 + 306]);
        assert_eq!(led(2, 1300), [910], "made a little smaller");
        assert_eq!(led(2, 3000), [910 + 44 + 106]);
    }

    #[test]
    fn what_is_made_too_small_is_counted() {
        let illegible = |height| count_illegible(&page(&[(Part::Figure, 1, height, 0)]));
        assert_eq!([1000, 2500, 3000].map(illegible), [0, 0, 1]);
    }

    #[test]
    fn no_line_of_a_paragraph_stands_alone() {
        // Room for one line, then for all but one.
        let first = page(&[(Part::Figure, 1, 1370, 10), (Part::Text, 5, 50, 0)]);
        assert_eq!(starts(&first), [1380]);
        let last = page(&[(Part::Figure, 1, 1170, 10), (Part::Text, 6, 50, 0)]);
        assert_eq!(starts(&last), [1180 + 4 * 50]);
    }

    #[test]
    fn what_is_higher_than_a_sheet_has_one_of_its_own_and_is_made_smaller() {
        let page =
            page(&[(Part::Text, 2, 50, 10), (Part::Figure, 1, 3000, 10), (Part::Text, 2, 50, 0)]);
        assert_eq!(starts(&page), [110, 3120]);
        let sheets = cut(&page);
        assert!(sheets.iter().map(Sheet::scale).collect::<Vec<_>>()[1] < 0.5);
    }

    fn a_block() -> impl Strategy<Value = (Part, u32, u32, u32)> {
        let part = prop_oneof![
            4 => Just(Part::Text),
            1 => Just(Part::Item),
            1 => Just(Part::Heading(2)),
            1 => Just(Part::Figure),
            1 => Just(Part::Ornament),
        ];
        (part, 1..12_u32, 1..400_u32, 0..40_u32)
    }

    proptest! {
        #[test]
        fn sheets_hold_the_page_and_cut_nothing(blocks in proptest::collection::vec(a_block(), 1..40)) {
            let page = page(&blocks);
            let sheets = cut(&page);
            let mut reached = 0;
            for sheet in &sheets {
                prop_assert_eq!(sheet.rows.start, reached);
                prop_assert!(sheet.rows.end > reached || page.height == 0);
                reached = sheet.rows.end;
                let cut = |thing: &&Thing| thing.top < reached && thing.top + thing.height > reached;
                prop_assert!(page.things.iter().find(cut).is_none());
            }
            prop_assert_eq!(reached, page.height);
        }
    }
}
