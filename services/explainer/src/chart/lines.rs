//! 折线图, 面积图: change over time, each series named where its line ends.

use lockstep_proto::manifest::ChartKind;

use super::Undrawable;
use super::apart::apart;
use super::axis::{Axis, extent, with_zero};
use super::calendar;
use super::content::Content;
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
    let (low, high) = if is_area { with_zero(content) } else { extent(content) };
    let axis = Axis::over(low, high, "");
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
    let lines: Vec<Vec<Point>> = (0..content.series.len())
        .flat_map(|series| {
            pieces(content, series, &places, |value| axis.place(value, (top, bottom)))
        })
        .map(|(_, piece)| piece)
        .collect();
    if is_area {
        let base = axis.place(0.0, (top, bottom));
        for line in &lines {
            let ends = [line.last(), line.first()].into_iter().flatten().map(|(x, _)| (*x, base));
            sheet.marks.push(Mark::Shape(line.iter().copied().chain(ends).collect(), PALE));
        }
    }
    for series in 0..content.series.len() {
        let colour = PALETTE.get(series).copied().unwrap_or(STRONG);
        let place = |value| axis.place(value, (top, bottom));
        for (_, line) in pieces(content, series, &places, place) {
            // What stands alone between gaps is a point.
            match line.as_slice() {
                [point] => sheet.marks.push(Mark::Dot(*point, theme.dot, colour)),
                _ => sheet.marks.push(Mark::Stroke(line, colour, theme.stroke)),
            }
        }
    }
    ends.draw(&mut sheet, content, last);
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

/// The names of the series and their last figures, behind the ends of their lines.
struct Ends {
    /// Index of the series, its last figure, and what is written there, line by line.
    named: Vec<(usize, f64, Vec<String>)>,
    room: i32,
}

impl Ends {
    fn of(sheet: &Sheet<'_>, content: &Content) -> Result<Self, Undrawable> {
        let measure = sheet.inner() * NAMES_PERCENT / 100;
        let style = Style::bold(sheet.theme.label, INK);
        let mut named = vec![];
        for (series, name) in content.series.iter().enumerate() {
            let figures = content.rows.iter().filter_map(|row| row.cells.get(series));
            let last = figures.rev().find_map(|cell| Some((cell.value?, &cell.text)));
            let Some((value, text)) = last else { continue };
            // One series is named by the headline.
            let mut lines = match content.series.len() {
                1 => vec![],
                _ => sheet.broken(name, style, measure)?,
            };
            lines.push(text.clone());
            named.push((series, value, lines));
        }
        let lines = named.iter().flat_map(|(_, _, lines)| lines);
        let room = lines.map(|line| sheet.width_of(line, style)).max().unwrap_or(0);
        Ok(Self { named, room })
    }

    /// Of all names, one below the other.
    fn height(&self, theme: &Theme) -> i32 {
        self.named.iter().map(|(_, _, lines)| height(theme, lines)).sum()
    }

    /// Beside their ends, moved apart where they would meet.
    fn place(
        self,
        theme: &Theme,
        place: impl Fn(f64) -> i32,
        (top, bottom): (i32, i32),
    ) -> PlacedEnds {
        let named = self.named.into_iter();
        let mut ends: Vec<_> = named
            .map(|(series, value, lines)| End { series, y: place(value), top: 0, lines })
            .collect();
        ends.sort_by_key(|end| (end.y, end.series));
        let wanted = ends.iter().map(|end| (end.y, height(theme, &end.lines)));
        let tops = apart(wanted, (top, bottom));
        for (end, top) in ends.iter_mut().zip(tops) {
            end.top = top;
        }
        // Of labels that had to leave their points nobody knows whose they are without a line to these.
        let has_left =
            |end: &End| (end.middle(theme) - end.y).abs() > height(theme, &end.lines) / 2;
        let lead = if ends.iter().any(has_left) { theme.gap * 2 } else { 0 };
        PlacedEnds { ends, room: self.room, lead }
    }
}

/// What is written behind the end of a line.
struct End {
    series: usize,
    /// Of the end, and of its label's upper edge.
    y: i32,
    top: i32,
    lines: Vec<String>,
}

impl End {
    fn middle(&self, theme: &Theme) -> i32 {
        self.top + height(theme, &self.lines) / 2
    }
}

struct PlacedEnds {
    ends: Vec<End>,
    room: i32,
    /// Length of the lines to labels, where any of these had to leave its point.
    lead: i32,
}

impl PlacedEnds {
    fn draw(self, sheet: &mut Sheet<'_>, content: &Content, last: i32) {
        let theme = sheet.theme;
        let x = last + theme.dot + theme.gap + self.lead;
        for end in self.ends {
            let colour = PALETTE.get(end.series).copied().unwrap_or(STRONG);
            if self.lead > 0 {
                let label = (x - theme.gap / 3, end.middle(theme));
                sheet.marks.push(Mark::Stroke(vec![(last, end.y), label], colour, theme.rule * 2));
            }
            sheet.marks.push(Mark::Dot((last, end.y), theme.dot, colour));
            let mut middle = end.top + theme.label_line() / 2;
            let figure = end.lines.len().saturating_sub(1);
            for (index, line) in end.lines.into_iter().enumerate() {
                let style = match (index == figure, content.series.len()) {
                    (true, 1) => Style::bold(theme.label, INK),
                    (true, _) => Style::regular(theme.label, INK),
                    _ => Style::bold(theme.label, INK),
                };
                sheet.write(&line, style, (x, middle), Anchor::Left);
                middle += theme.label_line();
            }
        }
    }
}

fn height(theme: &Theme, lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(i32::MAX) * theme.label_line()
}

/// As many names of points as have room: the first, the last, and every so-many-th between them.
fn times(
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
