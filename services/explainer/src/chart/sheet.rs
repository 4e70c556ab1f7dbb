//! A chart filled from top to bottom: what every kind has above and below its plot, and the marks
//! that plotters will draw. Pure sums in units of 0.1 px.

use plotters::style::RGBColor;

use super::Undrawable;
use super::content::{Content, Head};
use super::expected;
use super::text::{Purpose, overhang, wrap};
use super::theme::{INK, MUTED, PALETTE, Theme, UNITS_PER_PX};
use crate::font::{Fonts, Metrics, Weight};

/// The attribute of a large drawing that says where it may be cut: where what heads its rows begins, then each row.
pub(crate) const ROWS: &str = "data-rows";

/// One line of text.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) style: Style,
    /// Of the edge or middle that `anchor` names.
    pub(super) x: i32,
    /// Of the middle of the em box.
    pub(super) y: i32,
    pub(super) anchor: Anchor,
}

#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: i32,
    pub(super) weight: Weight,
    pub(super) colour: RGBColor,
}

impl Style {
    pub(super) fn regular(size: i32, colour: RGBColor) -> Self {
        Self { size, weight: Weight::Regular, colour }
    }

    pub(super) fn bold(size: i32, colour: RGBColor) -> Self {
        Self { size, weight: Weight::Bold, colour }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Left,
    Middle,
    Right,
}

/// A point, from the left and from the top.
pub(super) type Point = (i32, i32);

/// One shape.
pub(super) enum Mark {
    /// By two corners.
    Box(Point, Point, RGBColor),
    Shape(Vec<Point>, RGBColor),
    /// With its thickness.
    Stroke(Vec<Point>, RGBColor, i32),
    /// With its radius.
    Dot(Point, i32, RGBColor),
    Text(Line),
}

pub(super) struct Sheet<'a> {
    pub(super) theme: &'a Theme,
    pub(super) fonts: &'static Fonts,
    /// In the order in which they are drawn.
    pub(super) marks: Vec<Mark>,
    /// How far down it is filled.
    pub(super) y: i32,
    /// Where what heads the rows begins, then where each row does.
    pub(super) rows: Vec<i32>,
}

impl<'a> Sheet<'a> {
    /// With headline and subtitle.
    pub(super) fn begin(
        head: &Head,
        theme: &'a Theme,
        fonts: &'static Fonts,
    ) -> Result<Self, Undrawable> {
        let mut sheet = Self { theme, fonts, marks: vec![], y: theme.padding, rows: vec![] };
        let headline = Style::bold(theme.headline, INK);
        sheet.paragraph(&head.headline, headline, theme.headline * 27 / 20)?;
        sheet.y += theme.subtitle / 5;
        let subtitle = Style::regular(theme.subtitle, MUTED);
        sheet.paragraph(&head.subtitle, subtitle, theme.subtitle * 3 / 2)?;
        sheet.rows.push(sheet.y);
        Ok(sheet)
    }

    /// With the source; then the sheet is as high as it is filled.
    pub(super) fn end(&mut self, head: &Head) -> Result<(), Undrawable> {
        self.y += self.theme.below;
        let source = Style::regular(self.theme.source, MUTED);
        self.paragraph(&head.source, source, self.theme.source * 3 / 2)?;
        let height = self.y + self.theme.padding * 3 / 4;
        self.y = (height + UNITS_PER_PX - 1) / UNITS_PER_PX * UNITS_PER_PX;
        Ok(())
    }

    /// A row begins here; in print the rows may go on on another sheet.
    pub(super) fn begin_row(&mut self) {
        self.rows.push(self.y);
    }

    pub(super) fn metrics(&self, weight: Weight) -> &Metrics {
        self.fonts.metrics(weight)
    }

    pub(super) fn width_of(&self, text: &str, style: Style) -> i32 {
        self.metrics(style.weight).width(text, style.size)
    }

    /// Width inside the padding.
    pub(super) fn inner(&self) -> i32 {
        self.theme.width - 2 * self.theme.padding
    }

    /// The right border of what stands inside the padding.
    pub(super) fn right(&self) -> i32 {
        self.theme.width - self.theme.padding
    }

    pub(super) fn write(&mut self, text: &str, style: Style, (x, y): Point, anchor: Anchor) {
        self.marks.push(Mark::Text(Line { text: text.to_owned(), style, x, y, anchor }));
    }

    pub(super) fn broken(
        &self,
        text: &str,
        style: Style,
        measure: i32,
    ) -> Result<Vec<String>, Undrawable> {
        let metrics = self.metrics(style.weight);
        let is_headline = style.size == self.theme.headline && style.weight == Weight::Bold;
        let purpose = if is_headline { Purpose::Headline } else { Purpose::Text };
        let lines = wrap(text, measure, (style.size, metrics), purpose);
        match lines.iter().find(|line| metrics.width(line, style.size) > measure) {
            Some(line) => Err(Undrawable::TooWide { text: line.clone() }),
            None => Ok(lines),
        }
    }

    /// Lines over the whole width.
    pub(super) fn paragraph(
        &mut self,
        text: &str,
        style: Style,
        pitch: i32,
    ) -> Result<(), Undrawable> {
        for text in self.broken(text, style, self.inner())? {
            let x = self.theme.padding - overhang(&text, style.size);
            let y = self.y + pitch / 2;
            self.write(&text, style, (x, y), Anchor::Left);
            self.y += pitch;
        }
        Ok(())
    }

    /// Which series has which colour; one has none to be told from.
    pub(super) fn legend_of(&mut self, content: &Content) -> Result<(), Undrawable> {
        if content.series.len() < 2 {
            return Ok(());
        }
        let entries: Vec<_> = content.series.iter().map(String::as_str).zip(PALETTE).collect();
        self.legend_with(&entries, |series| content.expected.is_series(series))
    }

    /// What each colour stands for, over as many lines as it takes.
    pub(super) fn legend(&mut self, entries: &[(&str, RGBColor)]) -> Result<(), Undrawable> {
        self.legend_with(entries, |_| false)
    }

    fn legend_with(
        &mut self,
        entries: &[(&str, RGBColor)],
        is_expected: impl Fn(usize) -> bool,
    ) -> Result<(), Undrawable> {
        let (size, padding) = (self.theme.label, self.theme.padding);
        let style = Style::regular(size, INK);
        let (square, pitch) = (size * 4 / 5, size * 8 / 5);
        self.y += self.theme.above;
        let mut x = padding;
        for (at, (name, colour)) in entries.iter().enumerate() {
            let width = square + size / 2 + self.width_of(name, style);
            if width > self.inner() {
                return Err(Undrawable::TooWide { text: (*name).to_owned() });
            }
            if x > padding && x + width > self.right() {
                x = padding;
                self.y += pitch;
            }
            let middle = self.y + pitch / 2;
            let top = middle - square / 2;
            let corners = ((x, top), (x + square, top + square));
            expected::bar(self, corners, is_expected(at), *colour);
            self.write(name, style, (x + square + size / 2, middle), Anchor::Left);
            x += width + size * 6 / 5;
        }
        self.y += pitch;
        Ok(())
    }
}
