//! 折线图, 面积图: change over time, each series named where its line ends.

use lockstep_proto::manifest::ChartKind;

use super::Undrawable;
use super::apart::apart;
use super::axis::{Axis, are_whole, extent, with_zero};
use super::calendar;
use super::content::Content;
use super::expected::{self, runs};
use super::sheet::{Anchor, Mark, Point, Sheet, Style};
use super::theme::{INK, MUTED, PALE, PALETTE, STRONG, Theme};
use crate::font::Fonts;

/// Between fewer points, whatever happened there is not known.
pub(super) const POINTS_MIN: usize = 3;
/// Share of the inner width that names at the ends may take.
const NAMES_PERCENT: i32 = 34;

pub(super) fn draw<'a>(
    kind: ChartKind,
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let is_area = kind == ChartKind::Area;
    if content.rows.len() < POINTS_MIN {
        return Err(Undrawable::Unfit([
            "折线图至少要有三个时点；两个时点请用柱形图",
            "a line needs three points in time; draw columns for two",
        ]));
    }
    if is_area && content.series.len() != 1 {
        return Err(Undrawable::OneSeries { series: content.series.len() });
    }
    let mut series = content.series.iter().enumerate();
    if let Some((_, name)) = series.find(|(series, _)| !is_line(content, *series)) {
        let why = [
            "不足三个数字，连不成折线；请补全，或改用柱形图",
            "has fewer than three figures, which make no line; fill them in, or draw columns",
        ];
        return Err(Undrawable::Series { name: name.clone(), why });
    }
    let (low, high) = if is_area { with_zero(content) } else { extent(content) };
    let axis = Axis::over(low, high, "", are_whole(content));
    let head = content.head.noting_cut(axis.is_cut());
    let mut sheet = Sheet::begin(&head, theme, fonts)?;
    sheet.y += theme.above;
    let left = theme.padding + axis.room(&sheet);
    let ends = Ends::of(&sheet, content)?;
    let top = sheet.y + theme.tick / 2;
    let bottom = top + theme.plot.max(ends.height(theme));
    let ends = ends.place(theme, |value| axis.place(value, (top, bottom)), (top, bottom));
    let last = sheet.right() - ends.room - theme.dot - theme.gap - ends.lead;
    if last - left < sheet.inner() / 3 {
        return Err(Undrawable::NoRoom);
    }
    axis.draw(&mut sheet, left, (top, bottom));
    let places = places(content, (left + theme.gap * 2, last));
    let lines: Vec<(usize, Vec<Point>)> = (0..content.series.len())
        .flat_map(|series| {
            pieces(content, series, &places, |value| axis.place(value, (top, bottom)))
        })
        .collect();
    if is_area {
        let base = axis.place(0.0, (top, bottom));
        for (first, line) in &lines {
            for (is_expected, line) in runs(line, *first, |row| content.expected.is_row(row)) {
                let ends = [line.last(), line.first()].into_iter().flatten();
                let ends: Vec<Point> = ends.map(|(x, _)| (*x, base)).collect();
                let colour = if is_expected { expected::fill(STRONG) } else { PALE };
                sheet.marks.push(Mark::Shape(line.into_iter().chain(ends).collect(), colour));
            }
        }
    }
    for series in 0..content.series.len() {
        let colour = PALETTE.get(series).copied().unwrap_or(STRONG);
        let place = |value| axis.place(value, (top, bottom));
        let is_expected = |row| content.expected.is(row, series);
        for (first, line) in pieces(content, series, &places, place) {
            // What stands alone between gaps is a point.
            if let [point] = line.as_slice() {
                expected::dot(&mut sheet, (*point, theme.dot), is_expected(first), colour);
                continue;
            }
            let runs = runs(&line, first, is_expected);
            expected::line(&mut sheet, runs, (colour, theme.stroke));
            // Where the dashes come to, there is a point; a whole series of them needs none.
            let points = (first..).zip(&line);
            for (_, at) in points.filter(|(row, _)| content.expected.is_row(*row)) {
                expected::dot(&mut sheet, (*at, theme.dot * 4 / 5), true, colour);
            }
        }
    }
    ends.draw(&mut sheet, content, &places, last);
    times(&mut sheet, content, &places, bottom)?;
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// Where the points stand: as far apart as they were in time, where every label tells the time.
pub(super) fn places(content: &Content, (left, right): (i32, i32)) -> Vec<i32> {
    let told: Option<Vec<f64>> =
        content.rows.iter().map(|row| calendar::moment(&row.label)).collect();
    let evenly =
        || (0..content.rows.len()).map(|n| f64::from(u32::try_from(n).unwrap_or(u32::MAX)));
    let moments = told.unwrap_or_else(|| evenly().collect());
    let first = moments.first().copied().unwrap_or(0.0);
    let span = moments.last().copied().unwrap_or(1.0) - first;
    moments.iter().map(|moment| at((moment - first) / span, (left, right))).collect()
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "within the plot")]
fn at(share: f64, (left, right): (i32, i32)) -> i32 {
    left + (f64::from(right - left) * share).round() as i32
}

/// A series' line, in pieces where there are gaps, each with the index of its first point.
pub(super) fn pieces(
    content: &Content,
    series: usize,
    places: &[i32],
    place: impl Fn(f64) -> i32,
) -> Vec<(usize, Vec<Point>)> {
    let mut pieces: Vec<(usize, Vec<Point>)> = vec![];
    let mut goes_on = false;
    for (index, (row, x)) in content.rows.iter().zip(places).enumerate() {
        let value = row.cells.get(series).and_then(|cell| cell.value);
        if let Some(value) = value {
            let point = (*x, place(value));
            match pieces.last_mut().filter(|_| goes_on) {
                Some((_, piece)) => piece.push(point),
                None => pieces.push((index, vec![point])),
            }
        }
        goes_on = value.is_some();
    }
    pieces
}

/// Whether a series has points enough.
pub(super) fn is_line(content: &Content, series: usize) -> bool {
    let cells = content.rows.iter().filter_map(|row| row.cells.get(series));
    cells.filter(|cell| cell.value.is_some()).count() >= POINTS_MIN
}

/// The figure of a point that ends a line, with its time where that is not the chart's own end.
pub(super) fn dated(label: &str, text: &str, is_end: bool) -> String {
    if is_end { text.to_owned() } else { format!("{label}：{text}") }
}

/// The names of the series and their last figures, behind the ends of their lines.
struct Ends {
    named: Vec<End>,
    room: i32,
}

struct End {
    series: usize,
    /// Index of the last row that has a figure, and this.
    row: usize,
    value: f64,
    /// What is written there, each line in its style.
    lines: Vec<(String, Style)>,
}

impl Ends {
    fn of(sheet: &Sheet<'_>, content: &Content) -> Result<Self, Undrawable> {
        let bold = Style::bold(sheet.theme.label, INK);
        // One series is named by the headline.
        let is_named = content.series.len() > 1;
        let measure = sheet.inner() * NAMES_PERCENT / 100;
        let figure = if is_named { Style::regular(sheet.theme.label, INK) } else { bold };
        let mut named = vec![];
        for (series, name) in content.series.iter().enumerate() {
            let cells = content.rows.iter().enumerate();
            let figures =
                cells.filter_map(|(index, row)| Some((index, row, row.cells.get(series)?)));
            let last = figures.rev().find_map(|(index, row, cell)| {
                let is_end = index + 1 == content.rows.len();
                Some((index, cell.value?, dated(&row.label, &cell.text, is_end)))
            });
            let Some((row, value, text)) = last else { continue };
            let mut lines = vec![];
            if is_named {
                lines.extend(
                    sheet.broken(name, bold, measure)?.into_iter().map(|line| (line, bold)),
                );
            }
            let text = sheet.broken(&text, figure, measure)?;
            lines.extend(text.into_iter().map(|line| (line, figure)));
            named.push(End { series, row, value, lines });
        }
        let lines = named.iter().flat_map(|end| &end.lines);
        let room = lines.map(|(line, style)| sheet.width_of(line, *style)).max().unwrap_or(0);
        Ok(Self { named, room })
    }

    /// Of all names, one below the other.
    fn height(&self, theme: &Theme) -> i32 {
        self.named.iter().map(|end| height(theme, &end.lines)).sum()
    }

    /// Beside their ends, moved apart where they would meet.
    fn place(
        self,
        theme: &Theme,
        place: impl Fn(f64) -> i32,
        (top, bottom): (i32, i32),
    ) -> PlacedEnds {
        let mut named: Vec<_> = self.named.into_iter().map(|end| (place(end.value), end)).collect();
        named.sort_by_key(|(y, end)| (*y, end.series));
        let wanted = named.iter().map(|(y, end)| (*y, height(theme, &end.lines)));
        let tops = apart(wanted, (top, bottom));
        let placed = named.into_iter().zip(tops);
        let named: Vec<_> = placed.map(|((y, end), top)| PlacedEnd { end, y, top }).collect();
        // Of names that had to leave their ends nobody knows whose they are without a line to these.
        let has_left = |placed: &PlacedEnd| {
            (placed.middle(theme) - placed.y).abs() > height(theme, &placed.end.lines) / 2
        };
        let lead = if named.iter().any(has_left) { theme.gap * 2 } else { 0 };
        PlacedEnds { named, room: self.room, lead }
    }
}

struct PlacedEnd {
    end: End,
    /// Of the line's end, and of the upper edge of what is written there.
    y: i32,
    top: i32,
}

impl PlacedEnd {
    fn middle(&self, theme: &Theme) -> i32 {
        self.top + height(theme, &self.end.lines) / 2
    }
}

struct PlacedEnds {
    named: Vec<PlacedEnd>,
    room: i32,
    /// Length of the lines to names, where any of these had to leave its end.
    lead: i32,
}

impl PlacedEnds {
    fn draw(self, sheet: &mut Sheet<'_>, content: &Content, places: &[i32], last: i32) {
        let theme = sheet.theme;
        let x = last + theme.dot + theme.gap + self.lead;
        for placed in self.named {
            let (middle, PlacedEnd { end, y, top }) = (placed.middle(theme), placed);
            let colour = PALETTE.get(end.series).copied().unwrap_or(STRONG);
            if self.lead > 0 {
                let line = vec![(last, y), (x - theme.gap / 3, middle)];
                sheet.marks.push(Mark::Stroke(line, colour, theme.rule * 2));
            }
            let at = places.get(end.row).copied().unwrap_or(last);
            let is_expected = content.expected.is(end.row, end.series);
            expected::dot(sheet, ((at, y), theme.dot), is_expected, colour);
            let mut middle = top + theme.label_line() / 2;
            for (line, style) in end.lines {
                sheet.write(&line, style, (x, middle), Anchor::Left);
                middle += theme.label_line();
            }
        }
    }
}

fn height(theme: &Theme, lines: &[(String, Style)]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(i32::MAX) * theme.label_line()
}

/// As many names of points as have room: the first, the last, and every so-many-th between them.
pub(super) fn times(
    sheet: &mut Sheet<'_>,
    content: &Content,
    places: &[i32],
    bottom: i32,
) -> Result<(), Undrawable> {
    let (theme, style) = (sheet.theme, Style::regular(sheet.theme.tick, MUTED));
    let widths: Vec<i32> =
        content.rows.iter().map(|row| sheet.width_of(&row.label, style)).collect();
    let ends = |index: usize| {
        let (x, width) =
            (places.get(index).copied().unwrap_or(0), widths.get(index).copied().unwrap_or(0));
        let left =
            (x - width / 2).clamp(theme.padding, (theme.width - theme.padding - width).max(0));
        (left, left + width)
    };
    let last = content.rows.len().saturating_sub(1);
    let fits = |step: usize| {
        let shown: Vec<usize> =
            (0..=last).filter(|i| i % step == 0 && i + step <= last || *i == last).collect();
        let apart = shown.windows(2).all(|pair| match pair {
            [a, b] => ends(*a).1 + theme.gap <= ends(*b).0,
            _ => true,
        });
        apart.then_some(shown)
    };
    let shown = (1..=last.max(1)).find_map(fits).ok_or(Undrawable::NoRoom)?;
    // Below the axis's lowest name, which reaches half its height under the plot.
    let y = bottom + theme.tick + theme.gap * 2 / 3;
    for index in shown {
        if let Some(row) = content.rows.get(index) {
            let (left, right) = ends(index);
            sheet.write(&row.label, style, (i32::midpoint(left, right), y), Anchor::Middle);
        }
    }
    sheet.y = y + theme.tick / 2;
    Ok(())
}
