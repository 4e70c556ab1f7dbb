//! Where everything of a chart stands, except what depends on the scale of its bars. Pure sums in
//! units of 0.1 px: the width of each line is known from the font, so nothing overlaps.

use super::Undrawable;
use super::content::{Content, Item};
use super::text::{overhang, wrap};
use super::theme::{INK, MUTED, Theme, UNITS_PER_PX};
use crate::font::{Fonts, Metrics, Weight};
use plotters::style::RGBColor;

pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) lines: Vec<Line>,
    pub(super) plot: Plot,
}

/// One line of text.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) style: Style,
    /// Of the edge that `anchor` names.
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

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Left,
    Right,
}

/// The area of the bars.
pub(super) struct Plot {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: i32,
    pub(super) height: i32,
    /// Shares of the greatest magnitude at the left and right edge; zero is one of them or between.
    pub(super) low: f64,
    pub(super) high: f64,
    /// Upper and lower edge of each bar, from the top of the plot.
    pub(super) bars: Vec<(i32, i32)>,
    pub(super) axis: Axis,
    /// Between a bar and its figure.
    pub(super) gap: i32,
    /// Thickness of the zero line.
    pub(super) rule: i32,
    /// Font size of the figures.
    pub(super) figure: i32,
}

/// How the zero line is drawn.
#[derive(Clone, Copy)]
pub(super) enum Axis {
    /// From top to bottom.
    Whole,
    /// Beside each bar only: labels stand between the bars.
    PerBar,
}

impl Layout {
    pub(super) fn place(
        content: &Content<'_>,
        theme: &Theme,
        fonts: &Fonts,
    ) -> Result<Self, Undrawable> {
        let mut sheet = Sheet { theme, fonts, lines: Vec::new(), y: theme.padding };
        let bold = |size| Style { size, weight: Weight::Bold, colour: INK };
        let muted = |size| Style { size, weight: Weight::Regular, colour: MUTED };
        sheet.paragraph(&content.headline, bold(theme.headline), theme.headline * 27 / 20)?;
        sheet.y += theme.subtitle / 5;
        sheet.paragraph(&content.subtitle, muted(theme.subtitle), theme.subtitle * 3 / 2)?;
        sheet.y += theme.above;
        let plot = sheet.rows(&content.items)?;
        sheet.y += theme.below;
        sheet.paragraph(&content.source, muted(theme.source), theme.source * 3 / 2)?;
        let height = sheet.y + theme.padding * 3 / 4;
        let height = (height + UNITS_PER_PX - 1) / UNITS_PER_PX * UNITS_PER_PX;
        Ok(Self { width: theme.width, height, lines: sheet.lines, plot })
    }
}

/// A chart filled from top to bottom.
struct Sheet<'a> {
    theme: &'a Theme,
    fonts: &'a Fonts,
    lines: Vec<Line>,
    /// How far down it is filled.
    y: i32,
}

impl Sheet<'_> {
    fn metrics(&self, weight: Weight) -> &Metrics {
        self.fonts.metrics(weight)
    }

    /// Width inside the padding.
    fn inner(&self) -> i32 {
        self.theme.width - 2 * self.theme.padding
    }

    fn broken(&self, text: &str, style: Style, measure: i32) -> Result<Vec<String>, Undrawable> {
        let metrics = self.metrics(style.weight);
        let lines = wrap(text, measure, style.size, metrics);
        match lines.iter().find(|line| metrics.width(line, style.size) > measure) {
            Some(line) => Err(Undrawable::TooWide { text: line.clone() }),
            None => Ok(lines),
        }
    }

    /// Lines over the whole width.
    fn paragraph(&mut self, text: &str, style: Style, pitch: i32) -> Result<(), Undrawable> {
        for text in self.broken(text, style, self.inner())? {
            let x = self.theme.padding - overhang(&text, style.size);
            let y = self.y + pitch / 2;
            self.lines.push(Line { text, style, x, y, anchor: Anchor::Left });
            self.y += pitch;
        }
        Ok(())
    }

    fn rows(&mut self, items: &[Item]) -> Result<Plot, Undrawable> {
        let theme = self.theme;
        let style = |item: &Item| label_style(theme, item);
        let share = if theme.stacked { 100 } else { LABELS_PERCENT };
        let measure = self.inner() * share / 100;
        let labels: Vec<Vec<String>> = items
            .iter()
            .map(|item| self.broken(&item.label, style(item), measure))
            .collect::<Result<_, _>>()?;
        let (top, column) = (self.y, self.column(items, &labels));
        let bars = if theme.stacked {
            self.stack(items, labels)
        } else {
            self.rank(items, labels, column)
        };
        let left = if theme.stacked { theme.padding } else { column + theme.gap * 4 / 3 };
        self.plot(items, bars, left, top)
    }

    /// Right edge of the labels if they stand left of the bars.
    fn column(&self, items: &[Item], labels: &[Vec<String>]) -> i32 {
        let widths = items.iter().zip(labels).flat_map(|(item, lines)| {
            let style = label_style(self.theme, item);
            lines.iter().map(move |line| self.metrics(style.weight).width(line, style.size))
        });
        self.theme.padding + widths.max().unwrap_or(0)
    }

    /// Labels above their bars; a row is as high as its label needs.
    fn stack(&mut self, items: &[Item], labels: Vec<Vec<String>>) -> Vec<(i32, i32)> {
        let (theme, line, top) = (self.theme, self.theme.label_line(), self.y);
        let mut bars = Vec::new();
        for (item, texts) in items.iter().zip(labels) {
            for text in texts {
                let x = theme.padding - overhang(&text, theme.label);
                let (y, style) = (self.y + line / 2, label_style(theme, item));
                self.lines.push(Line { text, style, x, y, anchor: Anchor::Left });
                self.y += line;
            }
            self.y += theme.label / 5;
            bars.push((self.y - top, self.y - top + theme.bar));
            self.y += theme.bar + theme.row_padding;
        }
        self.y -= theme.row_padding;
        bars
    }

    /// Labels left of their bars; all rows are as high as the longest label needs, for an even
    /// rhythm says that the rows are of one kind.
    fn rank(&mut self, items: &[Item], labels: Vec<Vec<String>>, column: i32) -> Vec<(i32, i32)> {
        let (theme, line, top) = (self.theme, self.theme.label_line(), self.y);
        let needed = |lines: &Vec<String>| count(lines) * line + theme.row_padding;
        let row = labels.iter().map(needed).max().unwrap_or(0).max(theme.row);
        let mut bars = Vec::new();
        for (item, texts) in items.iter().zip(labels) {
            let middle = self.y + row / 2;
            let mut y = middle - (count(&texts) - 1) * line / 2;
            for text in texts {
                let style = label_style(theme, item);
                self.lines.push(Line { text, style, x: column, y, anchor: Anchor::Right });
                y += line;
            }
            bars.push((middle - theme.bar / 2 - top, middle + theme.bar / 2 - top));
            self.y += row;
        }
        bars
    }

    /// The plot from `left` to the right border, less room for the figures at either end: the
    /// longest bar might have the widest figure.
    fn plot(
        &self,
        items: &[Item],
        bars: Vec<(i32, i32)>,
        left: i32,
        top: i32,
    ) -> Result<Plot, Undrawable> {
        let theme = self.theme;
        let room = |negative: bool| {
            let figures = items.iter().filter(|item| (item.share < 0.0) == negative);
            let width = |item: &Item| {
                theme.gap + self.metrics(figure_weight(item)).width(&item.figure, theme.label)
            };
            figures.map(width).max().unwrap_or(0)
        };
        // Left of its bar, a figure needs more room: it must not read as part of the label.
        let left = match room(true) {
            0 => left,
            room if theme.stacked => left + room,
            room => left + room + theme.gap,
        };
        let width = theme.width - theme.padding - room(false) - left;
        if width < theme.width / BARS_PART {
            return Err(Undrawable::NoRoom);
        }
        Ok(Plot {
            left,
            top,
            width,
            height: self.y - top,
            low: items.iter().map(|item| item.share).fold(0.0, f64::min),
            high: items.iter().map(|item| item.share).fold(0.0, f64::max),
            bars,
            axis: if theme.stacked { Axis::PerBar } else { Axis::Whole },
            gap: theme.gap,
            rule: theme.rule,
            figure: theme.label,
        })
    }
}

/// Share of the inner width that labels may take before they are broken.
const LABELS_PERCENT: i32 = 36;
/// The bars must have at least one part in so many of the chart's width, or they say nothing.
const BARS_PART: i32 = 6;

/// An emphasised figure is bold, as its label is.
pub(super) fn figure_weight(item: &Item) -> Weight {
    if item.emphasised { Weight::Bold } else { Weight::Regular }
}

fn label_style(theme: &Theme, item: &Item) -> Style {
    Style { size: theme.label, weight: figure_weight(item), colour: INK }
}

fn count(lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(i32::MAX)
}
