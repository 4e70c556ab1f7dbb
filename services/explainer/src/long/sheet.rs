//! A page that is filled from top to bottom. Lengths are px.

use std::sync::Arc;

use plotters::style::RGBColor;

use crate::{
    font::Fonts,
    page::{Glyph, Link, Part, Thing, What},
    set::{Fill, Line, Measure, Run, set},
};

/// Of the page.
pub(super) const WIDTH: u32 = 1080;
/// On either side: that of a chart at this width, so that its words and the text's begin alike.
pub(super) const MARGIN: u32 = 40;
/// Of the lines.
pub(super) const MEASURE: u32 = WIDTH - 2 * MARGIN;

/// How text looks.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// In tenths of a px.
    pub(super) size: u16,
    /// From line to line, in px.
    pub(super) leading: u16,
    pub(super) colour: RGBColor,
    pub(super) fill: Fill,
}

impl Look {
    /// From the top of a line to its baseline: the em box, .88 of it above the baseline, stands in the
    /// middle. In whole px, so that all lines of a page meet the px alike.
    fn baseline(self) -> u16 {
        let (size, leading) = (u32::from(self.size), u32::from(self.leading) * 10);
        let tenths = leading.saturating_sub(size) / 2 + size * 88 / 100;
        u16::try_from((tenths + 5) / 10).unwrap_or(u16::MAX)
    }
}

pub(super) struct Sheet<'a> {
    pub(super) fonts: &'a Fonts,
    /// Of headings and labels.
    pub(super) accent: RGBColor,
    /// In the order in which they are drawn.
    pub(super) things: Vec<Thing>,
    /// How far down it is filled.
    pub(super) y: u32,
    /// What the words that come are part of.
    part: Part,
    /// Of which block.
    block: u32,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(fonts: &'a Fonts, accent: RGBColor) -> Self {
        Self { fonts, accent, things: vec![], y: 0, part: Part::Text, block: 0 }
    }

    /// The words that come are a block's of this kind.
    pub(super) fn begin(&mut self, part: Part) {
        self.block += 1;
        self.part = part;
    }

    /// The words that come are a cell's of the table that was begun.
    pub(super) fn cell(&mut self, (row, column): (usize, usize), is_head: bool) {
        let [row, column] = [row, column].map(|index| u16::try_from(index).unwrap_or(u16::MAX));
        self.part = Part::Cell { row, column, is_head };
    }

    /// Something from here down; the sheet is not filled by it.
    pub(super) fn put(&mut self, height: u32, what: What) {
        let part = match what {
            What::Ground { .. } | What::Panel { .. } | What::Emblem { .. } => Part::Ornament,
            What::Line { .. } | What::Drawing(_) => self.part,
        };
        self.things.push(Thing { top: self.y, height, part, block: self.block, what });
    }

    /// A ground that begins here, behind what comes until it is ended.
    pub(super) fn begin_ground(&mut self, left: u32, width: u32, colour: RGBColor) -> usize {
        self.put(0, What::Ground { left, width, colour });
        self.things.len() - 1
    }

    pub(super) fn end_ground(&mut self, ground: usize) {
        let y = self.y;
        if let Some(thing) = self.things.get_mut(ground) {
            thing.height = y.saturating_sub(thing.top);
        }
    }

    /// A ground between two heights.
    pub(super) fn ground(
        &mut self,
        left: u32,
        width: u32,
        (top, bottom): (u32, u32),
        colour: RGBColor,
    ) {
        let (y, height) = (self.y, bottom.saturating_sub(top));
        self.y = top;
        self.put(height, What::Ground { left, width, colour });
        self.y = y;
    }

    /// A thin line across.
    pub(super) fn rule(&mut self, left: u32, width: u32, colour: RGBColor) {
        self.ground(left, width, (self.y, self.y + 2), colour);
        self.y += 2;
    }

    /// Text from here down.
    pub(super) fn text(&mut self, runs: &[Run], look: Look, left: u32, width: u32) {
        for line in self.lines(runs, look, width) {
            self.line(&line, look, tenths(left));
            self.y += u32::from(look.leading);
        }
    }

    /// Lines that are not placed yet.
    pub(super) fn lines(&self, runs: &[Run], look: Look, width: u32) -> Vec<Line> {
        let measure = Measure { size: look.size, width: tenths(width), fill: look.fill };
        set(runs, measure, self.fonts)
    }

    /// One line here, from `left` in tenths of a px.
    pub(super) fn line(&mut self, line: &Line, look: Look, left: i32) {
        let moved = |glyph: &Glyph| Glyph { x: glyph.x + left, ..*glyph };
        let (size, colour, baseline) = (look.size, look.colour, look.baseline());
        let glyphs = line.glyphs.iter().map(moved).collect();
        let links = line.links.iter().map(|(from, to, address)| {
            let (from, to) = (from + left, to + left);
            Link { from, to, address: Arc::clone(address) }
        });
        let links = links.collect();
        self.put(u32::from(look.leading), What::Line { baseline, size, colour, glyphs, links });
        for &(from, to) in &line.struck {
            let (from, to) = (px(from + left), px(to + left));
            let middle = self.y + u32::from(baseline) - u32::from(size) * 38 / 1000;
            self.ground(from, to.saturating_sub(from), (middle, middle + 3), colour);
        }
    }

    /// A mark on this line, its right edge `width` from `left`: the text beside it comes after. One that is
    /// wider goes out to the left.
    pub(super) fn mark(&mut self, mark: &str, look: Look, left: u32, width: u32) {
        let run = Run::regular(mark);
        let look = Look { fill: Fill::Even, ..look };
        if let Some(line) = self.lines(&[run], look, WIDTH).first() {
            let right = tenths(left + width);
            self.line(line, look, (right - line.width).max(0));
        }
    }

    /// Words in a box of their own.
    pub(super) fn tag(&mut self, words: &str, look: Look, colour: RGBColor) {
        let run = Run::regular(words);
        if let Some(line) = self.lines(&[run], look, MEASURE).first() {
            let (height, inset) = (u32::from(look.leading), 18);
            let width = px(line.width) + 2 * inset;
            self.put(height, What::Panel { left: MARGIN, width, radius: 6, border: None, colour });
            self.line(line, look, tenths(MARGIN + inset));
            self.y += height;
        }
    }
}

pub(super) fn tenths(px: u32) -> i32 {
    i32::try_from(px).map_or(i32::MAX, |px| px.saturating_mul(10))
}

/// Whole px, a broken one counted.
pub(super) fn px(tenths: i32) -> u32 {
    u32::try_from((tenths + 9).div_euclid(10)).unwrap_or(0)
}
