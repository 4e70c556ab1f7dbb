//! The scale of figures: round numbers from plotters, lines across the plot, names beside them.

use plotters::coord::ranged1d::{BoldPoints, Ranged as _};
use plotters::coord::types::RangedCoordf64;

use super::content::Content;
use super::figure::grouped;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::theme::{AXIS, GRID, MUTED};

/// A vertical scale.
pub(super) struct Axis {
    low: f64,
    high: f64,
    /// Round figures from low to high, each with its name.
    ticks: Vec<(f64, String)>,
}

/// Counts up to this are drawn from zero.
const FEW: f64 = 10.0;
/// Lines across a plot, at most; and across a panel.
const TICKS_MAX: usize = 6;
const PANEL_TICKS_MAX: usize = 3;

impl Axis {
    /// From `low` to `high`, let out to the next round figures, each named with `unit`.
    pub(super) fn over(low: f64, high: f64, unit: &str, are_whole: bool) -> Self {
        Self::with((low, high), unit, TICKS_MAX, are_whole)
    }

    /// The same with few lines, for a small plot.
    pub(super) fn of_panel(low: f64, high: f64, are_whole: bool) -> Self {
        Self::with((low, high), "", PANEL_TICKS_MAX, are_whole)
    }

    fn with((low, high): (f64, f64), unit: &str, ticks_max: usize, are_whole: bool) -> Self {
        let range: RangedCoordf64 = (low..high).into();
        let inside = range.key_points(BoldPoints(ticks_max));
        // Half of a person there is not.
        let least = if are_whole { 1.0 } else { 0.0 };
        let (step, mut at) = match inside.as_slice() {
            [first, second, ..] if second - first >= least => (second - first, inside),
            _ => round_steps((low, high), ticks_max, least).unwrap_or((high - low, inside)),
        };
        if let Some(last) = at.last().copied().filter(|last| *last < high) {
            at.push(last + step);
        }
        if let Some(first) = at.first().copied().filter(|first| *first > low) {
            at.insert(0, first - step);
        }
        let decimals = decimals_of(step);
        let ticks = at.into_iter().map(|value| {
            // Sums of steps leave crumbs, and a crumb of zero a sign.
            let value = if value.abs() < step / 1e6 { 0.0 } else { value };
            (value, format!("{}{unit}", grouped(&format!("{value:.decimals$}"))))
        });
        let ticks: Vec<(f64, String)> = ticks.collect();
        let first = ticks.first().map_or(low, |(value, _)| *value);
        let last = ticks.last().map_or(high, |(value, _)| *value);
        Self { low: first.min(low), high: last.max(high), ticks }
    }

    /// Whether zero lies outside, so that heights are no amounts.
    pub(super) fn is_cut(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// Where a figure stands between the plot's bottom and top.
    pub(super) fn place(&self, value: f64, (top, bottom): (i32, i32)) -> i32 {
        let range: RangedCoordf64 = (self.low..self.high).into();
        range.map(&value, (bottom, top))
    }

    /// Room that the names need left of the plot.
    pub(super) fn room(&self, sheet: &Sheet<'_>) -> i32 {
        let style = Style::regular(sheet.theme.tick, MUTED);
        let widths = self.ticks.iter().map(|(_, name)| sheet.width_of(name, style));
        widths.max().unwrap_or(0) + sheet.theme.gap
    }

    pub(super) fn draw(&self, sheet: &mut Sheet<'_>, left: i32, (top, bottom): (i32, i32)) {
        let right = sheet.right();
        self.draw_named(sheet, (left, right), (top, bottom), true);
    }

    /// Lines from left to right, with names or without.
    pub(super) fn draw_named(
        &self,
        sheet: &mut Sheet<'_>,
        (left, right): (i32, i32),
        plot: (i32, i32),
        has_names: bool,
    ) {
        let style = Style::regular(sheet.theme.tick, MUTED);
        let (rule, gap) = (sheet.theme.rule, sheet.theme.gap);
        for (value, name) in &self.ticks {
            let y = self.place(*value, plot);
            let colour = if *value == 0.0 { AXIS } else { GRID };
            sheet.marks.push(Mark::Stroke(vec![(left, y), (right, y)], colour, rule));
            if has_names {
                sheet.write(name, style, (left - gap, y), Anchor::Right);
            }
        }
    }
}

/// A step of 1, 2 or 5 of some power of ten, and its multiples from low to high, where plotters finds none or fewer than
/// two. None where no such step can be reckoned.
fn round_steps((low, high): (f64, f64), ticks_max: usize, least: f64) -> Option<(f64, Vec<f64>)> {
    let most = f64::from(u32::try_from(ticks_max).unwrap_or(u32::MAX));
    let wanted = ((high / most) - (low / most)).max(least);
    let power = 10_f64.powf(wanted.log10().floor());
    let fits = |step: &f64| {
        step.is_normal() && *step >= least && (high / step).ceil() - (low / step).floor() <= most
    };
    let step = [1.0, 2.0, 5.0, 10.0, 20.0].map(|of| of * power).into_iter().find(fits)?;
    let first = (low / step).floor();
    let steps = (0..=ticks_max).map(|n| first + f64::from(u32::try_from(n).unwrap_or(u32::MAX)));
    let inside = steps.take_while(|at| *at <= (high / step).ceil()).map(|at| at * step);
    Some((step, inside.collect()))
}

/// Decimals by which steps of this size differ.
fn decimals_of(step: f64) -> usize {
    (0..9)
        .find(|decimals| {
            let scaled = step * 10_f64.powi(*decimals);
            (scaled - scaled.round()).abs() < 1e-6 && scaled.round() != 0.0
        })
        .and_then(|decimals| usize::try_from(decimals).ok())
        .unwrap_or(9)
}

/// The least and the greatest figure, and zero.
pub(super) fn with_zero(content: &Content) -> (f64, f64) {
    content
        .values()
        .fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)))
}

/// Whether the figures count what is not cut into parts: none has decimals.
pub(super) fn are_whole(content: &Content) -> bool {
    content.values().all(|value| value.fract() == 0.0)
        && content.rows.iter().flat_map(|row| &row.cells).all(|cell| !cell.text.contains('.'))
}

/// From zero, if that leaves the lines half of the height.
pub(super) fn extent(content: &Content) -> (f64, f64) {
    let low = content.values().fold(f64::INFINITY, f64::min);
    let high = content.values().fold(f64::NEG_INFINITY, f64::max);
    // Of a handful the whole is seen at a glance: from 1 to 2 is no rise from the bottom to the top.
    let are_few = are_whole(content) && low > 0.0 && high <= FEW;
    match (low, high) {
        _ if are_few => (0.0, high),
        _ if low >= high => (low.min(0.0), high.max(0.0)),
        _ if low > 0.0 && low < high / 2.0 => (0.0, high),
        _ if high < 0.0 && high > low / 2.0 => (low, 0.0),
        extent => extent,
    }
}

/// How far from low to high a figure is, 0 to 1; where these are one, it is in the middle.
pub(super) fn share(value: f64, (low, high): (f64, f64)) -> f64 {
    // Of halves: a float may not hold the whole.
    let (whole, part) = (high / 2.0 - low / 2.0, value / 2.0 - low / 2.0);
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.5 }
}

/// The place that is so far from one to the other.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "within the chart")]
pub(super) fn between((from, to): (i32, i32), share: f64) -> i32 {
    from + (f64::from(to - from) * share).round() as i32
}
