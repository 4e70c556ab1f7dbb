//! 区间图: two figures of each category on one scale, with a bar between them.

use super::Undrawable;
use super::axis::{between, extent, share};
use super::content::{Content, Figure, Item};
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::text::overhang;
use super::theme::{GRID, INK, PALETTE, QUIET, STRONG, Theme};
use crate::font::Fonts;

/// Share of the inner width that labels may take before they are broken.
const LABELS_PERCENT: i32 = 32;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    if content.series.len() != 2 {
        return Err(Undrawable::Unfit([
            "区间图须有两列数字，各为区间的一端",
            "a range has two columns of figures, one of each end",
        ]));
    }
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    let entries: Vec<_> = content.series.iter().map(String::as_str).zip(PALETTE).collect();
    sheet.legend(&entries)?;
    sheet.y += theme.above;
    let percent = if theme.stacked { 100 } else { LABELS_PERCENT };
    let label = Style::regular(theme.label, INK);
    let labels = content
        .rows
        .iter()
        .map(|row| sheet.broken(&row.label, label, sheet.inner() * percent / 100))
        .collect::<Result<Vec<_>, _>>()?;
    let widths = labels.iter().flatten().map(|line| sheet.width_of(line, label));
    let column = theme.padding + widths.max().unwrap_or(0);
    let left = if theme.stacked { theme.padding } else { column + theme.gap * 2 };
    let scale = Scale::of(&sheet, content, left)?;
    for (item, lines) in content.rows.iter().zip(&labels) {
        sheet.begin_row();
        if theme.stacked {
            above(&mut sheet, lines, label);
            let height = theme.label_line();
            scale.draw(&mut sheet, item, height);
            sheet.y += height + theme.row_padding;
        } else {
            let row = theme.row_of(lines.len());
            beside(&mut sheet, lines, label, column, row);
            scale.draw(&mut sheet, item, row);
            sheet.y += row;
        }
    }
    if theme.stacked {
        sheet.y -= theme.row_padding;
    }
    sheet.end(&content.head)?;
    Ok(sheet)
}

fn above(sheet: &mut Sheet<'_>, lines: &[String], style: Style) {
    for text in lines {
        let x = sheet.theme.padding - overhang(text, style.size);
        sheet.write(text, style, (x, sheet.y + sheet.theme.label_line() / 2), Anchor::Left);
        sheet.y += sheet.theme.label_line();
    }
    sheet.y += sheet.theme.label * 2 / 5;
}

fn beside(sheet: &mut Sheet<'_>, lines: &[String], style: Style, right: i32, row: i32) {
    let (count, line) = (i32::try_from(lines.len()).unwrap_or(i32::MAX), sheet.theme.label_line());
    let mut y = sheet.y + row / 2 - (count - 1) * line / 2;
    for text in lines {
        sheet.write(text, style, (right, y), Anchor::Right);
        y += line;
    }
}

struct Scale {
    extent: (f64, f64),
    /// Left and right edge of what the rows have, and of the ranges between their figures.
    row: (i32, i32),
    plot: (i32, i32),
}

impl Scale {
    /// With room for the figures outside either end: the longest range might have the widest.
    fn of(sheet: &Sheet<'_>, content: &Content, left: i32) -> Result<Self, Undrawable> {
        let theme = sheet.theme;
        let style = Style::bold(theme.label, INK);
        let cells = content.rows.iter().flat_map(|row| &row.cells);
        let figure = cells.map(|cell| sheet.width_of(&cell.text, style)).max().unwrap_or(0);
        let (row, room) = ((left, sheet.right()), figure + theme.gap + theme.dot * 5 / 4);
        let plot = (row.0 + room, row.1 - room);
        if plot.1 - plot.0 < theme.width / 6 {
            return Err(Undrawable::NoRoom);
        }
        Ok(Self { extent: extent(content), row, plot })
    }

    fn place(&self, figure: &Figure) -> i32 {
        between(self.plot, share(figure.value.unwrap_or(0.0), self.extent))
    }

    fn draw(&self, sheet: &mut Sheet<'_>, item: &Item, height: i32) {
        let (theme, y) = (sheet.theme, sheet.y + height / 2);
        let [first, last] = item.cells.as_slice() else { return };
        let ends = [first, last].map(|figure| self.place(figure));
        let guide = vec![(self.row.0, y), (self.row.1, y)];
        sheet.marks.push(Mark::Stroke(guide, GRID, theme.rule));
        let dot = theme.dot * 5 / 4;
        sheet.marks.push(Mark::Stroke(ends.map(|x| (x, y)).to_vec(), QUIET, dot));
        let is_rising = first.value <= last.value;
        for ((x, figure), (colour, is_left)) in ends
            .into_iter()
            .zip([first, last])
            .zip(PALETTE.into_iter().zip([is_rising, !is_rising]))
        {
            sheet.marks.push(Mark::Dot((x, y), dot, colour));
            let style = if colour == STRONG {
                Style::regular(theme.label, INK)
            } else {
                Style::bold(theme.label, INK)
            };
            let away = dot + theme.gap;
            let (x, anchor) =
                if is_left { (x - away, Anchor::Right) } else { (x + away, Anchor::Left) };
            // The guide must not run through the figure.
            let width = sheet.width_of(&figure.text, style) + theme.gap;
            let left = if is_left { x - width + theme.gap / 2 } else { x - theme.gap / 2 };
            let (top, bottom) = (y - theme.rule, y + theme.rule);
            let white = plotters::style::WHITE;
            sheet.marks.push(Mark::Box((left, top), (left + width, bottom), white));
            sheet.write(&figure.text, style, (x, y), anchor);
        }
    }
}
