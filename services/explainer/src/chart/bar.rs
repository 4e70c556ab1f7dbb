//! 条形图: horizontal bars from zero, one series. The width of each line is known from the font, so
//! nothing overlaps.

use plotters::coord::CoordTranslate as _;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::style::RGBColor;

use super::Undrawable;
use super::content::{Content, Figure};
use super::expected;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::text::overhang;
use super::theme::{AXIS, INK, QUIET, STRONG, Theme};
use crate::font::{Fonts, Weight};

/// One bar.
struct Item {
    label: String,
    figure: String,
    /// The value as a share of the greatest magnitude in the chart, so -1 to 1: no figure is so
    /// great or small that plotters could not scale it.
    share: f64,
    emphasised: bool,
    /// And no fact.
    is_expected: bool,
}

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let items = items(content)?;
    let emphatic = content.named().is_some();
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.y += theme.above;
    let plot = rows(&mut sheet, &items)?;
    sheet.end(&content.head)?;
    bars(&mut sheet, &items, emphatic, &plot);
    Ok(sheet)
}

fn items(content: &Content) -> Result<Vec<Item>, Undrawable> {
    let greatest = content.values().map(f64::abs).fold(0.0, f64::max);
    let named = content.named();
    let rows = content.rows.iter().enumerate().map(|(index, row)| match row.cells.as_slice() {
        [Figure { text, value }] => Ok(Item {
            label: row.label.clone(),
            figure: text.clone(),
            share: value.unwrap_or(0.0) / greatest,
            emphasised: named == Some(index),
            is_expected: content.expected.is_row(index),
        }),
        cells => Err(Undrawable::OneSeries { series: cells.len() }),
    });
    rows.collect()
}

/// The area of the bars.
struct Plot {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
    /// Shares of the greatest magnitude at the left and right edge; zero is one of them or between.
    low: f64,
    high: f64,
    /// Upper and lower edge of each bar, from the top of the plot.
    bars: Vec<(i32, i32)>,
    axis: Axis,
    /// Between a bar and its figure.
    gap: i32,
    /// Thickness of the zero line.
    rule: i32,
    /// Font size of the figures.
    figure: i32,
}

/// How the zero line is drawn.
#[derive(Clone, Copy)]
enum Axis {
    /// From top to bottom.
    Whole,
    /// Beside each bar only: labels stand between the bars.
    PerBar,
}

fn rows(sheet: &mut Sheet<'_>, items: &[Item]) -> Result<Plot, Undrawable> {
    let theme = sheet.theme;
    let style = |item: &Item| label_style(theme, item);
    let share = if theme.stacked { 100 } else { LABELS_PERCENT };
    let measure = sheet.inner() * share / 100;
    let labels: Vec<Vec<String>> = items
        .iter()
        .map(|item| sheet.broken(&item.label, style(item), measure))
        .collect::<Result<_, _>>()?;
    let (top, column) = (sheet.y, column(sheet, items, &labels));
    let bars = if theme.stacked {
        stack(sheet, items, labels)
    } else {
        rank(sheet, items, labels, column)
    };
    let left = if theme.stacked { theme.padding } else { column + theme.gap * 4 / 3 };
    plot(sheet, items, bars, left, top)
}

/// Right edge of the labels if they stand left of the bars.
fn column(sheet: &Sheet<'_>, items: &[Item], labels: &[Vec<String>]) -> i32 {
    let widths = items.iter().zip(labels).flat_map(|(item, lines)| {
        let style = label_style(sheet.theme, item);
        lines.iter().map(move |line| sheet.metrics(style.weight).width(line, style.size))
    });
    sheet.theme.padding + widths.max().unwrap_or(0)
}

/// Labels above their bars; a row is as high as its label needs.
fn stack(sheet: &mut Sheet<'_>, items: &[Item], labels: Vec<Vec<String>>) -> Vec<(i32, i32)> {
    let (theme, line, top) = (sheet.theme, sheet.theme.label_line(), sheet.y);
    let mut bars = Vec::new();
    for (item, texts) in items.iter().zip(labels) {
        sheet.begin_row();
        for text in texts {
            let x = theme.padding - overhang(&text, theme.label);
            let (y, style) = (sheet.y + line / 2, label_style(theme, item));
            sheet.write(&text, style, (x, y), Anchor::Left);
            sheet.y += line;
        }
        sheet.y += theme.label / 5;
        bars.push((sheet.y - top, sheet.y - top + theme.bar));
        sheet.y += theme.bar + theme.row_padding;
    }
    sheet.y -= theme.row_padding;
    bars
}

/// Labels left of their bars. A row whose label takes several lines is higher, by more than lines are apart: else
/// nobody sees where one label ends and the next begins.
fn rank(
    sheet: &mut Sheet<'_>,
    items: &[Item],
    labels: Vec<Vec<String>>,
    column: i32,
) -> Vec<(i32, i32)> {
    let (theme, line, top) = (sheet.theme, sheet.theme.label_line(), sheet.y);
    let mut bars = Vec::new();
    for (item, texts) in items.iter().zip(labels) {
        sheet.begin_row();
        let row = theme.row_of(texts.len());
        let middle = sheet.y + row / 2;
        let mut y = middle - (count(&texts) - 1) * line / 2;
        for text in texts {
            let style = label_style(theme, item);
            sheet.write(&text, style, (column, y), Anchor::Right);
            y += line;
        }
        bars.push((middle - theme.bar / 2 - top, middle + theme.bar / 2 - top));
        sheet.y += row;
    }
    bars
}

/// The plot from `left` to the right border, less room for the figures at either end: the
/// longest bar might have the widest figure.
fn plot(
    sheet: &Sheet<'_>,
    items: &[Item],
    bars: Vec<(i32, i32)>,
    left: i32,
    top: i32,
) -> Result<Plot, Undrawable> {
    let theme = sheet.theme;
    let room = |negative: bool| {
        let figures = items.iter().filter(|item| (item.share < 0.0) == negative);
        let width = |item: &Item| {
            theme.gap + sheet.metrics(figure_weight(item)).width(&item.figure, theme.label)
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
        height: sheet.y - top,
        low: items.iter().map(|item| item.share).fold(0.0, f64::min),
        high: items.iter().map(|item| item.share).fold(0.0, f64::max),
        bars,
        axis: if theme.stacked { Axis::PerBar } else { Axis::Whole },
        gap: theme.gap,
        rule: theme.rule,
        figure: theme.label,
    })
}

/// Share of the inner width that labels may take before they are broken.
const LABELS_PERCENT: i32 = 36;
/// The bars must have at least one part in so many of the chart's width, or they say nothing.
const BARS_PART: i32 = 6;

/// An emphasised figure is bold, as its label is.
fn figure_weight(item: &Item) -> Weight {
    if item.emphasised { Weight::Bold } else { Weight::Regular }
}

fn label_style(theme: &Theme, item: &Item) -> Style {
    Style { size: theme.label, weight: figure_weight(item), colour: INK }
}

fn count(lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(i32::MAX)
}

/// Bars, the zero line over their ends, and the figures.
fn bars(sheet: &mut Sheet<'_>, items: &[Item], emphatic: bool, plot: &Plot) {
    // The second axis counts units downwards, so that the layout's edges can be used as they are.
    let bottom = f64::from(plot.height);
    let scale = Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
        plot.low..plot.high,
        bottom..0.0,
        (plot.left..plot.left + plot.width, plot.top..plot.top + plot.height),
    );
    let edge = |share: f64| scale.translate(&(share, 0.0)).0;
    for (item, &(top, bottom)) in items.iter().zip(&plot.bars) {
        if item.share != 0.0 {
            let corners = ((edge(0.0), plot.top + top), (edge(item.share), plot.top + bottom));
            expected::bar(sheet, corners, item.is_expected, colour(emphatic, item));
        }
    }
    let mut rule = |(top, bottom): (i32, i32)| {
        let ends = vec![(edge(0.0), plot.top + top), (edge(0.0), plot.top + bottom)];
        sheet.marks.push(Mark::Stroke(ends, AXIS, plot.rule));
    };
    match plot.axis {
        Axis::Whole => rule((0, plot.height)),
        // It sticks out a little, or it would not be seen beside a bar.
        Axis::PerBar => plot
            .bars
            .iter()
            .for_each(|&(top, bottom)| rule((top - 2 * plot.rule, bottom + 2 * plot.rule))),
    }
    for (item, (top, bottom)) in items.iter().zip(&plot.bars) {
        let (x, anchor) = if item.share < 0.0 {
            (edge(item.share) - plot.gap, Anchor::Right)
        } else {
            (edge(item.share) + plot.gap, Anchor::Left)
        };
        let colour = if item.emphasised { STRONG } else { INK };
        let style = Style { size: plot.figure, weight: figure_weight(item), colour };
        sheet.write(&item.figure, style, (x, plot.top + (top + bottom) / 2), anchor);
    }
}

fn colour(emphatic: bool, item: &Item) -> RGBColor {
    if emphatic && !item.emphasised { QUIET } else { STRONG }
}
