//! 环形图: parts of a whole, with their figures and shares beside the ring.

use std::f64::consts::TAU;

use super::Undrawable;
use super::content::Content;
use super::figure::{share_of, shares, sum};
use super::honest;
use super::sheet::{Anchor, Mark, Point, Sheet, Style};
use super::theme::{INK, MUTED, PALETTE, STRONG, Theme};
use crate::font::Fonts;

/// Corners of the whole ring's outer edge: between two of them it is as good as round.
const CORNERS: u32 = 180;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let values = parts(content)?;
    let shares = shares(&values).ok_or(Undrawable::Unfit([
        "环形图各部分不能为负，合计须大于零",
        "parts of a whole are not negative and add up to more than nothing",
    ]))?;
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.y += theme.above;
    let (inner, radius) = (sheet.inner(), theme.ring);
    let list =
        if theme.stacked { theme.padding } else { theme.padding + 2 * radius + theme.gap * 4 };
    let table = List::of(&sheet, content, &shares, inner + theme.padding - list)?;
    let height = table.height(&sheet);
    let middle = if theme.stacked {
        (theme.padding + inner / 2, sheet.y + radius)
    } else {
        (theme.padding + radius, sheet.y + radius.max(height / 2))
    };
    ring(&mut sheet, middle, &shares);
    centre(&mut sheet, middle, content, &values);
    let top = sheet.y;
    if theme.stacked {
        sheet.y += 2 * radius + theme.above;
        table.draw(&mut sheet, list);
    } else {
        sheet.y = middle.1 - height / 2;
        table.draw(&mut sheet, list);
        sheet.y = top + (2 * radius).max(height);
    }
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// The figures of the parts, if they are parts of one whole.
fn parts(content: &Content) -> Result<Vec<f64>, Undrawable> {
    if content.series.len() != 1 {
        return Err(Undrawable::OneSeries { series: content.series.len() });
    }
    if content.rows.len() > PALETTE.len() {
        return Err(Undrawable::Unfit([
            "环形图最多六个部分；请合并较小的部分，或用条形图",
            "a ring has six parts at most; put small ones together, or draw bars",
        ]));
    }
    let values: Vec<f64> = content.values().collect();
    if values.iter().filter(|value| **value != 0.0).count() < 2 {
        return Err(Undrawable::Unfit([
            "只有一个部分，没有构成可看；请写成一句话",
            "one part is the whole, and nothing is to be seen; say it in a sentence",
        ]));
    }
    if honest::are_per_cents(content)
        && !honest::add_up(content.rows.iter().flat_map(|row| &row.cells))
    {
        return Err(Undrawable::Unfit([
            "各部分的百分比合计不是100%，不能画成环形图；请用条形图",
            "these per cents do not add up to 100, so they are no parts of one whole; draw bars",
        ]));
    }
    Ok(values)
}

/// From twelve o'clock on, clockwise.
fn ring(sheet: &mut Sheet<'_>, middle: Point, shares: &[u32]) {
    let (outer, inner) = (sheet.theme.ring, sheet.theme.ring * 58 / 100);
    let mut reached = 0;
    for (index, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0) {
        let (from, to) = (reached, reached + share);
        reached = to;
        let steps = (share * CORNERS / 1000).max(1);
        let turn = |step: u32| {
            let along = f64::from(from) + f64::from(*share) * f64::from(step) / f64::from(steps);
            along / 1000.0 * TAU
        };
        let there = (0..=steps).map(|step| at(middle, outer, turn(step)));
        let back = (0..=steps).rev().map(|step| at(middle, inner, turn(step)));
        let colour = PALETTE.get(index).copied().unwrap_or(STRONG);
        sheet.marks.push(Mark::Shape(there.chain(back).collect(), colour));
    }
    // A white line between two parts; a whole ring has none.
    if shares.iter().filter(|share| **share > 0).count() > 1 {
        let mut reached = 0;
        for share in shares {
            let turn = f64::from(reached) / 1000.0 * TAU;
            let ends = vec![at(middle, inner, turn), at(middle, outer, turn)];
            let white = plotters::style::WHITE;
            sheet.marks.push(Mark::Stroke(ends, white, sheet.theme.stroke / 2));
            reached += share;
        }
    }
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "within the ring")]
fn at((x, y): Point, radius: i32, turn: f64) -> Point {
    let (sin, cos) = turn.sin_cos();
    let radius = f64::from(radius);
    (x + (radius * sin).round() as i32, y - (radius * cos).round() as i32)
}

/// The whole, in the middle of the ring, as large as it has room there. Its unit stands in the subtitle too.
fn centre(sheet: &mut Sheet<'_>, (x, y): Point, content: &Content, values: &[f64]) {
    let theme = sheet.theme;
    let cells = content.rows.iter().flat_map(|row| &row.cells);
    // Rounded shares add up to 100.1 at times; `parts` made sure that they are all of the whole.
    let is_share = honest::are_per_cents(content);
    let (total, unit) = if is_share {
        ("100%".to_owned(), "")
    } else {
        let total = sum(values.iter().copied(), cells.map(|cell| cell.text.as_str()));
        (total, content.unit.as_str())
    };
    let muted = Style::regular(theme.tick, MUTED);
    let room = theme.ring * 2 * 58 / 100 - 2 * theme.gap;
    let sizes = [theme.headline, theme.label * 5 / 4, theme.label, theme.tick];
    let styles = sizes.map(|size| Style::bold(size, INK));
    let fitting = styles.into_iter().find(|style| sheet.width_of(&total, *style) <= room);
    // What is wider than that has more digits than a double holds.
    let Some(bold) = fitting else { return };
    if unit.is_empty() || sheet.width_of(unit, muted) > room {
        sheet.write(&total, bold, (x, y), Anchor::Middle);
    } else {
        sheet.write(&total, bold, (x, y - theme.headline / 3), Anchor::Middle);
        sheet.write(unit, muted, (x, y + theme.headline * 3 / 4), Anchor::Middle);
    }
}

/// What the parts are: name, figure, share.
struct List {
    rows: Vec<(Vec<String>, String, String)>,
    /// Widths of the columns of figures and shares.
    columns: [i32; 2],
    width: i32,
}

impl List {
    fn of(
        sheet: &Sheet<'_>,
        content: &Content,
        shares: &[u32],
        width: i32,
    ) -> Result<Self, Undrawable> {
        let theme = sheet.theme;
        let (regular, bold) = (Style::regular(theme.label, INK), Style::bold(theme.label, INK));
        // Shares of shares would be the same figures twice.
        let is_share = honest::are_per_cents(content);
        let sum = content.values().sum();
        let figures: Vec<(String, String)> = content
            .rows
            .iter()
            .zip(shares)
            .map(|(row, share)| {
                let cell = row.cells.first();
                let text = cell.map_or("", |cell| cell.text.as_str());
                let value = cell.and_then(|cell| cell.value).unwrap_or(0.0);
                if is_share {
                    (String::new(), format!("{text}%"))
                } else {
                    (text.to_owned(), share_of(*share, value, sum))
                }
            })
            .collect();
        let widest = |widths: &mut dyn Iterator<Item = i32>| widths.max().unwrap_or(0);
        let columns = [
            widest(&mut figures.iter().map(|(figure, _)| sheet.width_of(figure, regular))),
            widest(&mut figures.iter().map(|(_, share)| sheet.width_of(share, bold))),
        ];
        let [figure, share] = columns;
        let name = width - figure - share - 3 * theme.gap - theme.label * 13 / 10;
        if name < theme.label * 3 {
            return Err(Undrawable::NoRoom);
        }
        let rows = content
            .rows
            .iter()
            .zip(figures)
            .map(|(row, (figure, share))| {
                Ok((sheet.broken(&row.label, regular, name)?, figure, share))
            })
            .collect::<Result<_, Undrawable>>()?;
        Ok(Self { rows, columns, width })
    }

    fn height(&self, sheet: &Sheet<'_>) -> i32 {
        self.rows.iter().map(|(lines, ..)| Self::row(sheet.theme, lines)).sum()
    }

    fn row(theme: &Theme, lines: &[String]) -> i32 {
        i32::try_from(lines.len()).unwrap_or(i32::MAX) * theme.label_line() + theme.label * 3 / 5
    }

    fn draw(&self, sheet: &mut Sheet<'_>, left: i32) {
        let theme = sheet.theme;
        let (regular, bold) = (Style::regular(theme.label, INK), Style::bold(theme.label, INK));
        let (square, line) = (theme.label * 4 / 5, theme.label_line());
        let right = left + self.width;
        let [_, share_width] = self.columns;
        for (index, (lines, figure, share)) in self.rows.iter().enumerate() {
            let height = Self::row(theme, lines);
            let middle = sheet.y + height / 2;
            let colour = PALETTE.get(index).copied().unwrap_or(STRONG);
            let top = middle - square / 2;
            sheet.marks.push(Mark::Box((left, top), (left + square, top + square), colour));
            let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
            let mut y = middle - (count - 1) * line / 2;
            for text in lines {
                sheet.write(text, regular, (left + theme.label * 13 / 10, y), Anchor::Left);
                y += line;
            }
            let figures = right - share_width - theme.gap * 2;
            sheet.write(figure, regular, (figures, middle), Anchor::Right);
            sheet.write(share, bold, (right, middle), Anchor::Right);
            sheet.y += height;
        }
    }
}
