//! 小图组: several series over the same categories, each in a panel of its own; all have one scale, so that
//! they can be compared. Lines where the categories are points in time, columns otherwise.

use super::Undrawable;
use super::axis::{Axis, are_whole, extent, with_zero};
use super::calendar;
use super::content::{Content, Figure};
use super::expected::{self, runs};
use super::lines::{dated, is_line, pieces, places};
use super::sheet::{Anchor, Point, Sheet, Style};
use super::theme::{INK, MUTED, STRONG, Theme};
use crate::font::Fonts;

/// Lines that a panel's title or a category's label may take.
const LINES_MAX: usize = 2;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    if content.series.len() < 2 {
        return Err(Undrawable::Unfit([
            "小图组至少要有两个系列；一个系列请用折线图或柱形图",
            "small multiples show two series or more; draw lines or columns for one",
        ]));
    }
    let is_time = (0..content.series.len()).all(|series| is_line(content, series))
        && content.rows.iter().all(|row| calendar::moment(&row.label).is_some());
    let across: &[usize] = match content.series.len() {
        _ if theme.stacked => &[2, 1],
        2 | 4 => &[2, 1],
        _ => &[3, 2, 1],
    };
    let (low, high) = if is_time { extent(content) } else { with_zero(content) };
    let axis = Axis::of_panel(low, high, are_whole(content));
    let head = content.head.noting_cut(axis.is_cut());
    let mut sheet = Sheet::begin(&head, theme, fonts)?;
    sheet.y += theme.above;
    let panels = across
        .iter()
        .find_map(|across| Panels::of(&sheet, content, *across, &axis, is_time))
        .ok_or(Undrawable::Unfit([
            "小图中的类别放不下：手机宽度约容十个短名称；请减少类别，缩短名称或数字，或用热力表 heat",
            "the categories have no room in a panel: a phone shows about ten short names; leave some out, shorten \
             names or figures, or draw a heat table",
        ]))?;
    panels.draw(&mut sheet, content);
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// Panels in rows of so many, where all that they say has room.
struct Panels<'s> {
    across: usize,
    axis: &'s Axis,
    /// Left edge of the first plot, and width of each.
    left: i32,
    width: i32,
    height: i32,
    titles: Vec<Vec<String>>,
    /// Names of the categories below each plot: all of columns, of lines the first and the last.
    labels: Vec<Vec<String>>,
    is_time: bool,
    /// Whether each column has room for its figure; else the first and the last have.
    says_all: bool,
}

impl<'s> Panels<'s> {
    /// None where something has no room.
    fn of(
        sheet: &Sheet<'_>,
        content: &Content,
        across: usize,
        axis: &'s Axis,
        is_time: bool,
    ) -> Option<Self> {
        let theme = sheet.theme;
        let left = theme.padding + axis.room(sheet);
        let count = i32::try_from(across).ok()?;
        let width = (sheet.right() - left - (count - 1) * theme.gap * 3) / count;
        let title = Style::bold(theme.label, INK);
        let titles = content.series.iter().map(|name| sheet.broken(name, title, width).ok());
        let titles = titles.collect::<Option<Vec<_>>>()?;
        let tick = Style::regular(theme.tick, MUTED);
        let slot = width / i32::try_from(content.rows.len()).ok()?;
        let labels: Vec<Vec<String>> = if is_time {
            let ends = [content.rows.first(), content.rows.last()].into_iter().flatten();
            ends.map(|row| vec![row.label.clone()]).collect()
        } else {
            let broken = content
                .rows
                .iter()
                .map(|row| sheet.broken(&row.label, tick, slot - theme.gap / 2).ok());
            broken.collect::<Option<_>>()?
        };
        let widest = |texts: &mut dyn Iterator<Item = &str>| {
            texts.map(|text| sheet.width_of(text, tick)).max().unwrap_or(0)
        };
        let figures = |row: &super::content::Item| {
            widest(&mut row.cells.iter().map(|cell| cell.text.as_str()))
        };
        let all = content.rows.iter().map(figures).max().unwrap_or(0);
        let says_all = !is_time && all + theme.gap / 3 <= slot;
        let named = |series| -> i32 {
            ends(content, series).iter().map(|(_, text)| sheet.width_of(text, tick)).sum()
        };
        let ends_fit = if is_time {
            (0..content.series.len()).all(|series| named(series) + theme.gap * 2 <= width)
        } else {
            2 * all + theme.gap * 2 <= width - slot
        };
        let labels_fit = !is_time
            || labels.iter().flatten().map(|text| sheet.width_of(text, tick)).sum::<i32>()
                + theme.gap
                <= width;
        let are_short = titles.iter().chain(&labels).all(|lines| lines.len() <= LINES_MAX);
        let fits = are_short && labels_fit && (says_all || ends_fit) && slot > theme.rule * 4;
        // Of lines, small panels say more side by side; of columns, fewer are read where all can be said.
        let fits = fits && (is_time || says_all || across == 1);
        let height = theme.plot * 2 / 5;
        fits.then_some(Self {
            across,
            axis,
            left,
            width,
            height,
            titles,
            labels,
            is_time,
            says_all,
        })
    }

    fn draw(&self, sheet: &mut Sheet<'_>, content: &Content) {
        let theme = sheet.theme;
        // Above and below the plot a figure has room.
        let room = theme.tick * 3 / 2;
        let label_lines = self.labels.iter().map(Vec::len).max().unwrap_or(0);
        for (row, titles) in self.titles.chunks(self.across).enumerate() {
            if row > 0 {
                sheet.y += theme.above;
            }
            let lines = titles.iter().map(Vec::len).max().unwrap_or(0);
            let top = sheet.y + whole(lines) * theme.label_line() + room;
            let plot = (top, top + self.height);
            for (index, lines) in titles.iter().enumerate() {
                let left = self.left + whole(index) * (self.width + theme.gap * 3);
                let mut y = sheet.y + theme.label_line() / 2;
                for line in lines {
                    sheet.write(line, Style::bold(theme.label, INK), (left, y), Anchor::Left);
                    y += theme.label_line();
                }
                self.axis.draw_named(sheet, (left, left + self.width), plot, index == 0);
                let panel = Panel { series: row * self.across + index, left, plot };
                if self.is_time {
                    self.line(sheet, content, &panel);
                } else {
                    self.columns(sheet, content, &panel);
                }
            }
            let below = self.below(content, theme);
            sheet.y = plot.1 + below + whole(label_lines) * theme.tick * 6 / 5;
        }
    }

    /// Between a plot and its labels: a figure, where one stands below the plot.
    fn below(&self, content: &Content, theme: &Theme) -> i32 {
        let room = theme.tick * 3 / 2;
        let reaches = |value: f64| {
            let from_bottom = self.height - self.axis.place(value, (0, self.height));
            if self.is_time { from_bottom < room } else { value < 0.0 }
        };
        if content.values().any(reaches) { room } else { theme.gap }
    }

    fn line(&self, sheet: &mut Sheet<'_>, content: &Content, panel: &Panel) {
        let theme = sheet.theme;
        let (left, right) = (panel.left + theme.dot, panel.left + self.width - theme.dot);
        let places = places(content, (left, right));
        let place = |value| self.axis.place(value, panel.plot);
        let mut points: Vec<(usize, Point)> = vec![];
        let is_expected = |row| content.expected.is(row, panel.series);
        for (first, line) in pieces(content, panel.series, &places, place) {
            points.extend((first..).zip(line.iter().copied()));
            if let [point] = line.as_slice() {
                expected::dot(sheet, (*point, theme.dot * 3 / 4), is_expected(first), STRONG);
            } else {
                let runs = runs(&line, first, is_expected);
                expected::line(sheet, runs, (STRONG, theme.stroke * 4 / 5));
            }
        }
        let line: Vec<Point> = points.iter().map(|(_, at)| *at).collect();
        let edges = [(left - theme.dot, Anchor::Left), (right + theme.dot, Anchor::Right)];
        let floor = panel.plot.1 + self.below(content, theme);
        let zero = (!self.axis.is_cut()).then(|| place(0.0));
        for ((row, text), edge) in ends(content, panel.series).into_iter().zip(edges) {
            if let Some((_, at)) = points.iter().find(|(index, _)| *index == row) {
                let dot = (*at, theme.dot * 3 / 4);
                expected::dot(sheet, dot, is_expected(row), STRONG);
                end(sheet, &text, *at, edge, (&line, zero, floor));
            }
        }
        let (tick, y) = (
            Style::regular(theme.tick, MUTED),
            panel.plot.1 + self.below(content, theme) + theme.tick * 3 / 5,
        );
        let edges = [(panel.left, Anchor::Left), (panel.left + self.width, Anchor::Right)];
        for (label, (x, anchor)) in self.labels.iter().flatten().zip(edges) {
            sheet.write(label, tick, (x, y), anchor);
        }
    }

    fn columns(&self, sheet: &mut Sheet<'_>, content: &Content, panel: &Panel) {
        let theme = sheet.theme;
        let slot = self.width / whole(content.rows.len()).max(1);
        let width = (slot * 65 / 100).min(theme.column);
        let style = Style::regular(theme.tick, INK);
        let last = content.rows.len().saturating_sub(1);
        let base = self.axis.place(0.0, panel.plot);
        for (index, lines) in self.labels.iter().enumerate() {
            let middle = panel.left + whole(index) * slot + slot / 2;
            if let Some(Figure { text, value }) = figure(content, index, panel.series) {
                let end = self.axis.place(value.unwrap_or(0.0), panel.plot);
                if end != base {
                    let corners = ((middle - width / 2, base), (middle - width / 2 + width, end));
                    let is_expected = content.expected.is(index, panel.series);
                    expected::bar(sheet, corners, is_expected, STRONG);
                }
                let is_negative = value.is_some_and(|value| value < 0.0);
                let away = if is_negative { theme.tick * 4 / 5 } else { -theme.tick * 4 / 5 };
                if self.says_all || index == 0 || index == last {
                    sheet.write(text, style, (middle, end + away), Anchor::Middle);
                }
            }
            let mut y = panel.plot.1 + self.below(content, theme) + theme.tick * 3 / 5;
            for line in lines {
                let tick = Style::regular(theme.tick, MUTED);
                sheet.write(line, tick, (middle, y), Anchor::Middle);
                y += theme.tick * 6 / 5;
            }
        }
    }
}

/// One of them.
struct Panel {
    series: usize,
    left: i32,
    /// Top and bottom.
    plot: (i32, i32),
}

/// A point that is named, its figure at the panel's edge, above or below all of the line that runs along it:
/// on the side that is nearer to the point. The line of zero does not run through it.
fn end(
    sheet: &mut Sheet<'_>,
    text: &str,
    at: Point,
    (x, anchor): (i32, Anchor),
    (line, zero, floor): (&[Point], Option<i32>, i32),
) {
    let (theme, style) = (sheet.theme, Style::regular(sheet.theme.tick, INK));
    let width = sheet.width_of(text, style) + theme.gap / 2;
    let (from, to) = if anchor == Anchor::Left { (x, x + width) } else { (x - width, x) };
    let along = line.windows(2).filter_map(|pair| match pair {
        [a, b] => heights(*a, *b, (from, to)),
        _ => None,
    });
    let (top, bottom) =
        along.fold((at.1, at.1), |(top, bottom), (high, low)| (top.min(high), bottom.max(low)));
    let away = theme.tick * 9 / 10;
    let y = if at.1 - top <= bottom - at.1 { top - away } else { bottom + away };
    let clear = theme.tick * 4 / 5;
    let y = match zero.filter(|zero| (y - zero).abs() < clear) {
        // On the other side of the line, if that does not lead far from the point or below the names of the times.
        Some(zero) if y > at.1 => {
            let is_near = at.1 - top <= theme.tick * 2;
            let is_low = zero + clear + theme.tick / 2 > floor;
            if is_near || is_low { top - away } else { zero + clear }
        }
        Some(zero) => zero - clear,
        None => y,
    };
    sheet.write(text, style, (x, y), anchor);
}

/// The highest and the lowest that a stroke comes between two edges, where it comes there.
fn heights(a: Point, b: Point, (from, to): (i32, i32)) -> Option<(i32, i32)> {
    let (left, right) = (a.0.max(from), b.0.min(to));
    let height = |x: i32| {
        let (along, whole) = (i64::from(x - a.0), i64::from((b.0 - a.0).max(1)));
        i32::try_from(i64::from(a.1) + i64::from(b.1 - a.1) * along / whole).unwrap_or(a.1)
    };
    (left <= right).then(|| {
        let (one, other) = (height(left), height(right));
        (one.min(other), one.max(other))
    })
}

/// The first and the last figure of a line, with the row of each.
fn ends(content: &Content, series: usize) -> Vec<(usize, String)> {
    let cells = content.rows.iter().enumerate();
    let known: Vec<_> = cells
        .filter_map(|(index, row)| {
            let cell = row.cells.get(series).filter(|cell| cell.value.is_some())?;
            Some((index, row, &cell.text))
        })
        .collect();
    let last = content.rows.len().saturating_sub(1);
    let ends = [(known.first(), 0), (known.last(), last)];
    let said = ends.into_iter().filter_map(|(known, end)| {
        let (index, row, text) = known?;
        let label = match content.rows.get(end) {
            Some(end) => within_year(&row.label, &end.label),
            None => &row.label,
        };
        Some((*index, dated(label, text, *index == end)))
    });
    said.collect()
}

/// 11月 of 2025年11月, where the panel's end says the year: there is little room.
fn within_year<'l>(label: &'l str, end: &str) -> &'l str {
    let parts = label.split_once('年').zip(end.split_once('年'));
    match parts {
        Some(((year, rest), (other, _))) if year == other && !rest.is_empty() => rest,
        Some(_) | None => label,
    }
}

fn figure(content: &Content, row: usize, series: usize) -> Option<&Figure> {
    content.rows.get(row)?.cells.get(series)
}

fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
