//! 流程图: steps in layers, arrows between them, what leads back dashed at the side.

use plotters::style::{RGBColor, WHITE};

use super::Undrawable;
use super::content::Content;
use super::network::Network;
use super::sheet::{Anchor, Mark, Point, Sheet, Style};
use super::steps::{self, Next, Step};
use super::theme::{INK, MUTED, NOTED, PALE, SHADES, STRONG, Theme, on};
use crate::font::Fonts;

pub(super) fn draw<'a>(
    content: &Content,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let steps = steps::of(content)?;
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.y += theme.above;
    let ways = [(theme.label, 40), (theme.label, 30), (theme.tick, 26), (theme.tick, 20)];
    let flow = ways
        .into_iter()
        .find_map(|(size, percent)| Flow::of(&sheet, &steps, size, percent))
        .ok_or(Undrawable::NoRoom)?;
    flow.draw(&mut sheet, &steps);
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// Type of one size, and the steps where it puts them.
struct Flow {
    size: i32,
    labels: Vec<Vec<String>>,
    network: Network,
    /// One for each arrow back.
    lanes: Vec<Lane>,
    left: i32,
}

/// Where an arrow back runs up: left of all boxes for -1, right of them for 1.
struct Lane {
    side: i32,
    width: i32,
}

impl Flow {
    /// None where it is too wide.
    fn of(sheet: &Sheet<'_>, steps: &[Step<'_>], size: i32, percent: i32) -> Option<Self> {
        let theme = sheet.theme;
        let bold = Style::bold(size, INK);
        let measure = sheet.inner() * percent / 100 - 2 * size;
        let broken = steps.iter().map(|step| sheet.broken(step.label, bold, measure).ok());
        let labels = broken.collect::<Option<Vec<_>>>()?;
        let boxes: Vec<(i32, i32)> = labels
            .iter()
            .map(|lines| {
                let widest = lines.iter().map(|line| sheet.width_of(line, bold)).max().unwrap_or(0);
                let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
                (widest.max(4 * size) + 2 * size, count * size * 6 / 5 + size * 6 / 5)
            })
            .collect();
        let condition = |next: &Next<'_>| match next.condition {
            Some(text) => (sheet.width_of(text, noted(theme)) + theme.gap, theme.tick * 3 / 2),
            None => (0, 0),
        };
        let network = Network::of(steps, &boxes, condition, size * 3, theme.gap * 3);
        let lanes = back(steps).filter_map(|(from, next)| {
            let width = condition(next).0.max(theme.gap * 3) + theme.gap;
            Some(Lane { side: network.side(from, next.to)?, width })
        });
        let lanes: Vec<Lane> = lanes.collect();
        let wide = |side: i32| -> i32 {
            lanes.iter().filter(|lane| lane.side == side).map(|lane| lane.width).sum()
        };
        let room = sheet.inner() - wide(-1) - wide(1);
        let left = theme.padding + wide(-1) + (room - network.width) / 2;
        (network.width <= room).then_some(Self { size, labels, network, lanes, left })
    }

    fn draw(&self, sheet: &mut Sheet<'_>, steps: &[Step<'_>]) {
        let (theme, top) = (sheet.theme, sheet.y);
        let at = |(x, y): Point| (x + self.left, y + top);
        for edge in &self.network.edges {
            let line: Vec<Point> = edge.line.iter().copied().map(at).collect();
            arrow(sheet, &line, MUTED, false);
        }
        for edge in &self.network.edges {
            if let Some((text, placed)) = edge.condition.and_then(|place| {
                let next = steps.get(edge.from)?.next.get(edge.next)?;
                Some((next.condition?, place))
            }) {
                said(sheet, text, at(placed.middle));
            }
        }
        let mut taken = [0, 0];
        for ((from, next), lane) in back(steps).zip(&self.lanes) {
            let [left, right] = &mut taken;
            let (taken, edge) = if lane.side < 0 { (left, 0) } else { (right, self.network.width) };
            let x = edge + lane.side * (*taken + lane.width / 2);
            *taken += lane.width;
            let line = self.network.back(from, next.to, x, lane.side);
            let line: Vec<Point> = line.into_iter().map(at).collect();
            arrow(sheet, &line, MUTED, true);
            let ys: Vec<i32> =
                line.iter().filter(|at| at.0 == x + self.left).map(|at| at.1).collect();
            if let (Some(text), [from, to]) = (next.condition, ys.as_slice()) {
                said(sheet, text, (x + self.left, i32::midpoint(*from, *to)));
            }
        }
        for (index, (lines, placed)) in self.labels.iter().zip(&self.network.boxes).enumerate() {
            let is_end = index == 0 || steps.get(index).is_some_and(|step| step.next.is_empty());
            let [light, ..] = SHADES;
            let fill = if is_end { STRONG } else { light };
            let (from, to) = (at(placed.corner(-1)), at(placed.corner(1)));
            sheet.marks.push(Mark::Box(from, to, if is_end { STRONG } else { PALE }));
            let border = theme.rule * 3 / 2;
            let inner = ((from.0 + border, from.1 + border), (to.0 - border, to.1 - border));
            sheet.marks.push(Mark::Box(inner.0, inner.1, fill));
            let pitch = self.size * 6 / 5;
            let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
            let (x, y) = at(placed.middle);
            let mut y = y - (count - 1) * pitch / 2;
            for line in lines {
                sheet.write(line, Style::bold(self.size, on(fill)), (x, y), Anchor::Middle);
                y += pitch;
            }
        }
        sheet.y = top + self.network.height;
    }
}

/// What leads back, with the step that it comes from.
fn back<'s, 'c>(steps: &'s [Step<'c>]) -> impl Iterator<Item = (usize, &'s Next<'c>)> {
    steps.iter().enumerate().flat_map(|(from, step)| {
        step.next.iter().filter(|next| next.is_back).map(move |next| (from, next))
    })
}

fn noted(theme: &Theme) -> Style {
    Style::regular(theme.tick, NOTED)
}

/// A condition, with no line running through it.
fn said(sheet: &mut Sheet<'_>, text: &str, (x, y): Point) {
    let (style, theme) = (noted(sheet.theme), sheet.theme);
    let (width, height) = (sheet.width_of(text, style) + theme.gap / 2, theme.tick * 13 / 10);
    let (from, to) = ((x - width / 2, y - height / 2), (x + width / 2, y + height / 2));
    sheet.marks.push(Mark::Box(from, to, WHITE));
    sheet.write(text, style, (x, y), Anchor::Middle);
}

/// A line whose last piece ends in a head.
fn arrow(sheet: &mut Sheet<'_>, line: &[Point], colour: RGBColor, is_dashed: bool) {
    let (thickness, head) = (sheet.theme.rule * 3 / 2, sheet.theme.dot);
    let [.., before, tip] = line else { return };
    let (dx, dy) = ((tip.0 - before.0).signum(), (tip.1 - before.1).signum());
    let base = (tip.0 - dx * head * 3 / 2, tip.1 - dy * head * 3 / 2);
    let shaft: Vec<Point> = line.iter().take(line.len() - 1).copied().chain([base]).collect();
    if is_dashed {
        for piece in dashes(&shaft, head) {
            sheet.marks.push(Mark::Stroke(piece.to_vec(), colour, thickness));
        }
    } else {
        sheet.marks.push(Mark::Stroke(shaft, colour, thickness));
    }
    let side = (dy * head * 4 / 5, dx * head * 4 / 5);
    let wings = [(base.0 + side.0, base.1 + side.1), (base.0 - side.0, base.1 - side.1)];
    sheet.marks.push(Mark::Shape(vec![*tip, wings[0], wings[1]], colour));
}

/// The dashes of a line of level and upright pieces.
fn dashes(line: &[Point], length: i32) -> Vec<[Point; 2]> {
    let mut dashes = vec![];
    for pair in line.windows(2) {
        let [from, to] = pair else { continue };
        let (dx, dy) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let whole = (to.0 - from.0).abs().max((to.1 - from.1).abs());
        let mut at = 0;
        while at < whole {
            let end = (at + length * 3 / 2).min(whole);
            let point = |far: i32| (from.0 + dx * far, from.1 + dy * far);
            dashes.push([point(at), point(end)]);
            at += length * 5 / 2;
        }
    }
    dashes
}
