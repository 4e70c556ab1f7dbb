//! 斜率图: two points in time, a line for each category, with its figures and name at the ends.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use super::Undrawable;
use super::apart::apart;
use super::axis::{between, share};
use super::content::{Content, Figure};
use super::expected::{self, runs};
use super::sheet::{Anchor, Mark, Point, Sheet, Style};
use super::theme::{AXIS, INK, MUTED, PALETTE, QUIET, STRONG, Theme};
use crate::font::{Fonts, Weight};

/// More lines than this cross too often to be followed.
const LINES_MAX: usize = 12;
/// A label that stands more lines than this from its point is not found by its leader any more.
const LINES_OFF_MAX: i32 = 4;
/// Share of the inner width that names may take.
const NAMES_PERCENT: i32 = 36;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    check(content)?;
    let (low, high) = reach(content);
    let head = content.head.noting_cut(low > 0.0 || high < 0.0);
    let mut sheet = Sheet::begin(&head, theme, fonts)?;
    sheet.y += theme.above;
    let lines = lines(&sheet, content)?;
    let plot = Plot::of(&sheet, &lines)?;
    plot.times(&mut sheet, content)?;
    let needed: i32 = lines.iter().map(|line| line.height(theme)).sum();
    let span = (sheet.y, sheet.y + theme.plot.max(needed));
    plot.draw(&mut sheet, &lines, (low, high), span)?;
    sheet.y = span.1;
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// From zero where the least figure is near it, else from that: what is compared are heights of points, and no lengths.
fn reach(content: &Content) -> (f64, f64) {
    /// How near, as a part of the greatest.
    const NEAR: f64 = 0.25;
    let low = content.values().fold(f64::INFINITY, f64::min);
    let high = content.values().fold(f64::NEG_INFINITY, f64::max);
    match (low, high) {
        _ if low >= high => (low.min(0.0), high.max(0.0)),
        _ if low > 0.0 && low < high * NEAR => (0.0, high),
        _ if high < 0.0 && high > low * NEAR => (low, 0.0),
        reach => reach,
    }
}

fn check(content: &Content) -> Result<(), Undrawable> {
    if content.series.len() != 2 {
        return Err(Undrawable::Unfit([
            "斜率图须有两列数字，前后两个时点各一列",
            "a slope has two columns of figures, one of each point in time",
        ]));
    }
    if content.rows.len() > LINES_MAX {
        return Err(Undrawable::Unfit([
            "斜率图最多十二条线；更多的请用区间图",
            "a slope has twelve lines at most; draw more as ranges",
        ]));
    }
    Ok(())
}

/// A category.
struct Line {
    name: Vec<String>,
    weight: Weight,
    colour: RGBColor,
    /// Before and after.
    ends: [Figure; 2],
    is_expected: [bool; 2],
}

impl Line {
    fn height(&self, theme: &Theme) -> i32 {
        let lines = i32::try_from(self.name.len()).unwrap_or(i32::MAX) * theme.label_line();
        // Names of several lines keep apart.
        lines + if self.name.len() > 1 { theme.label * 3 / 5 } else { 0 }
    }

    fn style(&self, theme: &Theme) -> Style {
        Style { size: theme.label, weight: self.weight, colour: INK }
    }
}

/// The one that the headline names comes last: it lies over the others.
fn lines(sheet: &Sheet<'_>, content: &Content) -> Result<Vec<Line>, Undrawable> {
    // More lines than there are colours have one: none is made more of than the headline does.
    let are_many = content.rows.len() > PALETTE.len();
    let named = content.named();
    let measure = sheet.inner() * NAMES_PERCENT / 100;
    let mut lines = vec![];
    for (index, row) in content.rows.iter().enumerate() {
        let [before, after] = row.cells.as_slice() else { continue };
        let (weight, colour) = match named {
            Some(strong) if strong == index => (Weight::Bold, STRONG),
            Some(_) => (Weight::Regular, QUIET),
            None if are_many => (Weight::Regular, STRONG),
            None => (Weight::Regular, PALETTE.get(index).copied().unwrap_or(STRONG)),
        };
        let style = Style { size: sheet.theme.label, weight, colour };
        let name = sheet.broken(&row.label, style, measure)?;
        let is_expected = [0, 1].map(|series| content.expected.is(index, series));
        let ends = [before.clone(), after.clone()];
        lines.push(Line { name, weight, colour, ends, is_expected });
    }
    lines.sort_by_key(|line| line.weight == Weight::Bold);
    Ok(lines)
}

struct Plot {
    /// Where the two points in time are.
    sides: [i32; 2],
    /// Widest figure behind the right one.
    figure: i32,
}

impl Plot {
    fn of(sheet: &Sheet<'_>, lines: &[Line]) -> Result<Self, Undrawable> {
        let theme = sheet.theme;
        let figure = |line: &Line, [before, after]: [bool; 2]| {
            let ends = line.ends.iter().zip([before, after]).filter(|(_, counts)| *counts);
            ends.map(|(end, _)| sheet.width_of(&end.text, line.style(theme))).max().unwrap_or(0)
        };
        let widest = |side| lines.iter().map(|line| figure(line, side)).max().unwrap_or(0);
        let names = lines
            .iter()
            .flat_map(|line| line.name.iter().map(|text| sheet.width_of(text, line.style(theme))));
        let names = names.max().unwrap_or(0);
        let (left, figure) = (widest([true, false]), widest([false, true]));
        let sides = [
            theme.padding + left + lead(theme),
            sheet.right() - names - theme.gap - figure - lead(theme),
        ];
        let [left, right] = sides;
        if right - left < sheet.inner() / 5 {
            return Err(Undrawable::NoRoom);
        }
        Ok(Self { sides, figure })
    }

    /// What the two points in time are called.
    fn times(&self, sheet: &mut Sheet<'_>, content: &Content) -> Result<(), Undrawable> {
        let (theme, style) = (sheet.theme, Style::bold(sheet.theme.tick, MUTED));
        let pitch = theme.tick * 13 / 10;
        let (top, mut taken, mut reached) = (sheet.y, theme.padding, sheet.y);
        for (name, side) in content.series.iter().zip(self.sides) {
            let lines = sheet.broken(name, style, sheet.inner() / 2 - theme.gap)?;
            let width = lines.iter().map(|line| sheet.width_of(line, style)).max().unwrap_or(0);
            let left = (side - width / 2).clamp(theme.padding, sheet.right() - width);
            if left < taken {
                return Err(Undrawable::NoRoom);
            }
            taken = left + width + theme.gap;
            let mut y = top + pitch / 2;
            for line in lines {
                sheet.write(&line, style, (left + width / 2, y), Anchor::Middle);
                y += pitch;
            }
            reached = reached.max(y - pitch / 2);
        }
        sheet.y = reached + theme.gap;
        Ok(())
    }

    fn draw(
        &self,
        sheet: &mut Sheet<'_>,
        lines: &[Line],
        extent: (f64, f64),
        (top, bottom): (i32, i32),
    ) -> Result<(), Undrawable> {
        let theme = sheet.theme;
        let line = theme.label_line();
        // Labels have their middle at the height of their points.
        let within = (bottom - line / 2, top + line / 2);
        let place = |figure: &Figure| between(within, share(figure.value.unwrap_or(0.0), extent));
        let ends: Vec<[i32; 2]> =
            lines.iter().map(|line| line.ends.each_ref().map(place)).collect();
        for side in self.sides {
            sheet.marks.push(Mark::Stroke(vec![(side, top), (side, bottom)], AXIS, theme.rule));
        }
        for (line, ys) in lines.iter().zip(&ends) {
            let points: Vec<Point> = self.sides.into_iter().zip(*ys).collect();
            let runs = runs(&points, 0, |side| line.is_expected.get(side) == Some(&true));
            expected::line(sheet, runs, (line.colour, theme.stroke));
        }
        for (line, ys) in lines.iter().zip(&ends) {
            for (point, is_expected) in self.sides.into_iter().zip(*ys).zip(line.is_expected) {
                expected::dot(sheet, (point, theme.dot), is_expected, line.colour);
            }
        }
        for before in [true, false] {
            let y = |[left, right]: &[i32; 2]| if before { *left } else { *right };
            let mut order: Vec<(&Line, i32, [i32; 2])> =
                lines.iter().zip(&ends).map(|(line, ends)| (line, y(ends), *ends)).collect();
            order.sort_by_key(|(_, y, _)| *y);
            let height = |of: &Line| if before { line } else { of.height(theme) };
            let wanted = order.iter().map(|(line, y, _)| (*y, height(line)));
            let tops = apart(wanted, (top, bottom));
            // Lines that lie on each other are one, wherever each of their names stands.
            let mut off: BTreeMap<[i32; 2], i32> = BTreeMap::new();
            for ((of, y, ends), top) in order.into_iter().zip(tops) {
                let own = (top + height(of) / 2 - y).abs();
                off.entry(ends).and_modify(|off| *off = own.min(*off)).or_insert(own);
                self.label(sheet, of, before, (y, top, height(of)));
            }
            if off.values().any(|off| *off > line * LINES_OFF_MAX) {
                return Err(Undrawable::Unfit([
                    "斜率图上的数值过于接近，标签离开了自己的点，看不出谁是谁；请改用分组条形图 grouped_bar",
                    "the figures of the slope are so close to each other that their labels have to leave their \
                     points; use grouped bars (grouped_bar)",
                ]));
            }
        }
        Ok(())
    }

    /// Figure, and behind the line's end the name, with a thin line to a point that they had to leave.
    fn label(
        &self,
        sheet: &mut Sheet<'_>,
        line: &Line,
        before: bool,
        (y, top, height): (i32, i32, i32),
    ) {
        let (theme, style) = (sheet.theme, line.style(sheet.theme));
        let ([left, right], [first, last]) = (self.sides, &line.ends);
        let (side, away, anchor) =
            if before { (left, -1, Anchor::Right) } else { (right, 1, Anchor::Left) };
        let middle = top + height / 2;
        if (middle - y).abs() > theme.label_line() / 3 {
            let ends = [(theme.dot + theme.rule, y), (lead(theme) - theme.gap / 3, middle)];
            let ends = ends.map(|(far, y)| (side + away * far, y));
            sheet.marks.push(Mark::Stroke(ends.to_vec(), AXIS, theme.rule));
        }
        let figure = if before { &first.text } else { &last.text };
        let x = side + away * lead(theme);
        sheet.write(figure, style, (x, middle), anchor);
        if !before {
            let lines = i32::try_from(line.name.len()).unwrap_or(i32::MAX);
            let mut y = middle - (lines - 1) * theme.label_line() / 2;
            for text in &line.name {
                sheet.write(text, style, (x + self.figure + theme.gap, y), anchor);
                y += theme.label_line();
            }
        }
    }
}

/// Between a point and its figure.
fn lead(theme: &Theme) -> i32 {
    theme.dot + theme.gap * 3 / 2
}
