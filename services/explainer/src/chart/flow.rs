//! 流程图: steps in layers, arrows between them, what leads back dashed at the side; in lanes where it is said
//! who does each.

use plotters::style::{RGBColor, WHITE};

use super::Undrawable;
use super::conditions::{Condition, Room};
use super::content::Content;
use super::lanes::Lanes;
use super::listed;
use super::network::{Network, Placed, are_apart, runs_through};
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
    let lanes = [theme.label, theme.tick].map(|size| Lanes::of(&sheet, &steps, size));
    if let Some(lanes) = lanes.into_iter().flatten().next() {
        lanes.draw(&mut sheet, &steps);
        sheet.end(&content.head)?;
        return Ok(sheet);
    }
    // The last ones have conditions in lines of so many half characters.
    let ways = [
        (theme.label, 40, None),
        (theme.label, 30, None),
        (theme.tick, 26, None),
        (theme.tick, 20, None),
        (theme.tick, 17, None),
        (theme.tick, 18, Some(7)),
        (theme.tick, 14, Some(5)),
        (theme.tick, 11, Some(4)),
    ];
    // Where arrows would run together, a little more between the boxes may part them.
    let flow = [0, 1, 2].into_iter().find_map(|more| {
        ways.into_iter().find_map(|(size, percent, halves)| {
            Flow::of(&sheet, &steps, (size, percent), (halves, more))
        })
    });
    match flow {
        Some(flow) => flow.draw(&mut sheet, &steps),
        None => listed::draw(&mut sheet, &steps)?,
    }
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// The steps one after the other as sentences, for those who can't see the arrows.
pub(super) fn describe(measure: &str, content: &Content) -> Result<String, Undrawable> {
    let steps = steps::of(content)?;
    let name = if measure.trim().is_empty() { &content.head.headline } else { measure.trim() };
    let said = steps.iter().map(|step| {
        let about: Vec<&str> = step.role.into_iter().chain(step.note).collect();
        let about =
            if about.is_empty() { String::new() } else { format!("（{}）", about.join("，")) };
        let next = step.next.iter().filter_map(|next| {
            let to = steps.get(next.to)?.label;
            Some(match next.condition {
                Some(condition) => format!("{condition}的，到{to}"),
                None => format!("到{to}"),
            })
        });
        let next: Vec<String> = next.collect();
        let next = if next.is_empty() { "结束".to_owned() } else { next.join("；") };
        format!("{}{about}：{next}。", step.label)
    });
    let said: String = said.collect();
    Ok(format!("{}：{said}", name.trim_end_matches(['。', '：'])))
}

/// A condition over more lines is a column of characters.
const CONDITION_LINES_MAX: usize = 3;

/// Share of the inner width that a step alone between others may take.
const ALONE_PERCENT: i32 = 40;

/// Higher than so much of its width, its steps stand closer.
const HIGH_PERCENT: i32 = 120;

/// What stands in a box: its name, and what is to be known of it.
pub(super) struct Words {
    label: Vec<String>,
    notes: Vec<String>,
    /// Of the box.
    pub(super) size: (i32, i32),
}

impl Words {
    /// None where it cannot be broken to `measure`.
    pub(super) fn of(
        sheet: &Sheet<'_>,
        label: &str,
        notes: &[&str],
        size: i32,
        (measure, padding): (i32, i32),
    ) -> Option<Self> {
        let (bold, small) = (Style::bold(size, INK), note_style(sheet.theme, INK));
        let label = sheet.broken(label, bold, measure).ok()?;
        let broken = notes.iter().map(|note| sheet.broken(note, small, measure).ok());
        let notes: Vec<String> =
            broken.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        let labels = label.iter().map(|line| sheet.width_of(line, bold));
        let widest = labels.chain(notes.iter().map(|line| sheet.width_of(line, small))).max();
        let count = |lines: &[String]| i32::try_from(lines.len()).unwrap_or(i32::MAX);
        let height = count(&label) * size * 6 / 5 + count(&notes) * small.size * 13 / 10;
        let widest = widest.unwrap_or(0);
        let width = widest.max((4 * size).min(measure)) + padding;
        Some(Self { label, notes, size: (width, height + size * 6 / 5) })
    }
}

/// Smaller than what it stands below.
fn note_style(theme: &Theme, colour: RGBColor) -> Style {
    Style::regular(theme.tick * 9 / 10, colour)
}

/// A box with its words, dark where the flow begins or ends.
pub(super) fn write_box(
    sheet: &mut Sheet<'_>,
    words: &Words,
    placed: &Placed,
    size: i32,
    is_end: bool,
) {
    let theme = sheet.theme;
    let [light, ..] = SHADES;
    let fill = if is_end { STRONG } else { light };
    let (from, to) = (placed.corner(-1), placed.corner(1));
    sheet.marks.push(Mark::Box(from, to, if is_end { STRONG } else { PALE }));
    let border = theme.rule * 3 / 2;
    let inner = ((from.0 + border, from.1 + border), (to.0 - border, to.1 - border));
    sheet.marks.push(Mark::Box(inner.0, inner.1, fill));
    let (bold, small) = (Style::bold(size, on(fill)), note_style(theme, on(fill)));
    let lines = words.label.iter().map(|line| (line, bold, size * 6 / 5));
    let lines = lines.chain(words.notes.iter().map(|line| (line, small, small.size * 13 / 10)));
    let (x, mut y) = (placed.middle.0, placed.middle.1 - (words.size.1 - size * 6 / 5) / 2);
    for (line, style, pitch) in lines {
        sheet.write(line, style, (x, y + pitch / 2), Anchor::Middle);
        y += pitch;
    }
}

/// Type of one size, and the steps where it puts them.
struct Flow {
    size: i32,
    words: Vec<Words>,
    network: Network,
    backs: Vec<Back>,
    conditions: Vec<Condition>,
    left: i32,
}

/// An arrow back, and where it runs up.
struct Back {
    line: Vec<Point>,
    x: i32,
}

/// Where an arrow back runs up: left of all boxes for -1, right of them for 1.
struct Lane {
    side: i32,
    width: i32,
}

impl Flow {
    /// None where it is too wide. A step that stands alone has the room for a longer line than those beside each other.
    fn of(
        sheet: &Sheet<'_>,
        steps: &[Step<'_>],
        (size, percent): (i32, i32),
        close: (Option<i32>, i32),
    ) -> Option<Self> {
        let flow = Self::with(sheet, steps, (size, |_| percent), close)?;
        let ys: Vec<i32> = flow.network.boxes.iter().map(|placed| placed.middle.1).collect();
        let is_alone = |y: &i32| ys.iter().filter(|other| *other == y).count() == 1;
        let is_narrow = |words: &Words| words.label.len() > 1;
        let widened: Vec<bool> =
            ys.iter().zip(&flow.words).map(|(y, words)| is_alone(y) && is_narrow(words)).collect();
        if percent >= ALONE_PERCENT || !widened.contains(&true) {
            return Some(flow);
        }
        let percents = |step: usize| {
            if widened.get(step) == Some(&true) { ALONE_PERCENT } else { percent }
        };
        Some(Self::with(sheet, steps, (size, percents), close).unwrap_or(flow))
    }

    /// With so much of the width for each step's words, conditions in lines of so many half characters, and so much more between boxes.
    fn with(
        sheet: &Sheet<'_>,
        steps: &[Step<'_>],
        (size, percent): (i32, impl Fn(usize) -> i32),
        (halves, more): (Option<i32>, i32),
    ) -> Option<Self> {
        let theme = sheet.theme;
        // Where it has to be, boxes have less around their words, and conditions go over several lines.
        let (padding, apart) = match halves {
            Some(_) => (size, theme.gap * (2 + more)),
            None => (2 * size, theme.gap * (3 + more)),
        };
        let noted_in = halves.map_or(i32::MAX, |halves| theme.tick * halves / 2);
        let conditions = steps.iter().flat_map(|step| &step.next).filter_map(|next| next.condition);
        let lines = |text: &str| condition_lines(sheet, text, noted_in);
        if conditions.map(lines).any(|lines| lines.len() > CONDITION_LINES_MAX) {
            return None;
        }
        let words = steps.iter().enumerate().map(|(index, step)| {
            let measure = sheet.inner() * percent(index) / 100 - padding;
            // Who does it is said here where there are no lanes.
            let notes: Vec<&str> = step.role.into_iter().chain(step.note).collect();
            Words::of(sheet, step.label, &notes, size, (measure, padding))
        });
        let words = words.collect::<Option<Vec<_>>>()?;
        let boxes: Vec<(i32, i32)> = words.iter().map(|words| words.size).collect();
        let condition = |next: &Next<'_>| match next.condition {
            Some(text) => {
                let lines = lines(text);
                let widths = lines.iter().map(|line| sheet.width_of(line, noted(theme)));
                let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
                (
                    widths.max().unwrap_or(0) + theme.gap,
                    theme.tick * 3 / 2 + (count - 1) * theme.tick * 6 / 5,
                )
            }
            None => (0, 0),
        };
        let loose = Network::of(steps, &boxes, condition, size * 3, apart);
        // Printed on a sheet of its own, a higher one would be made smaller, and its words with it.
        let is_high = loose.height > theme.width * HIGH_PERCENT / 100 && !theme.stacked;
        let network = if is_high && more == 0 {
            Network::of(steps, &boxes, condition, size * 3 / 2, apart)
        } else {
            loose
        };
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
        let backs = backs(steps, &network, &lanes);
        let flow = Self { size, words, network, backs, conditions: vec![], left };
        let is_plain = flow.network.width <= room && flow.is_plain(steps, theme.rule * 2);
        let conditions = is_plain.then(|| flow.conditions(sheet, steps, lines))??;
        Some(Self { conditions, ..flow })
    }

    /// None where one has no room.
    fn conditions(
        &self,
        sheet: &Sheet<'_>,
        steps: &[Step<'_>],
        lines: impl Fn(&str) -> Vec<String>,
    ) -> Option<Vec<Condition>> {
        let edges = self.network.edges.iter();
        let backs = self.backs.iter().map(|back| back.line.as_slice());
        let mut room = Room {
            sheet,
            boxes: &self.network.boxes,
            arrows: edges.clone().map(|edge| edge.line.as_slice()).chain(backs).collect(),
            edges: (sheet.theme.padding - self.left, sheet.right() - self.left),
            taken: vec![],
        };
        for (own, edge) in edges.clone().enumerate() {
            let next = steps.get(edge.from)?.next.get(edge.next)?;
            if let (Some(text), Some(placed)) = (next.condition, edge.condition) {
                room.place(own, &[lines(text)], &[placed.middle])?;
            }
        }
        for (number, ((_, next), Back { line, x })) in back(steps).zip(&self.backs).enumerate() {
            let ys: Vec<i32> =
                line.iter().copied().filter(|at| at.0 == *x).map(|(_, y)| y).collect();
            if let (Some(text), [from, to]) = (next.condition, ys.as_slice()) {
                let middle = (*x, i32::midpoint(*from, *to));
                room.place(edges.len() + number, &[lines(text)], &[middle])?;
            }
        }
        Some(room.taken)
    }

    fn is_plain(&self, steps: &[Step<'_>], least: i32) -> bool {
        let onward = self.network.edges.iter().filter_map(|edge| {
            let next = steps.get(edge.from)?.next.get(edge.next)?;
            Some((edge.from, next.to, edge.line.as_slice()))
        });
        let backs = back(steps).zip(&self.backs);
        let backs = backs.map(|((from, next), back)| (from, next.to, back.line.as_slice()));
        let arrows: Vec<_> = onward.chain(backs).collect();
        let crosses =
            |line: &[Point]| self.network.boxes.iter().any(|placed| runs_through(line, placed));
        are_apart(&arrows, least) && !arrows.iter().any(|(_, _, line)| crosses(line))
    }

    fn draw(&self, sheet: &mut Sheet<'_>, steps: &[Step<'_>]) {
        let top = sheet.y;
        let at = |(x, y): Point| (x + self.left, y + top);
        for edge in &self.network.edges {
            let line: Vec<Point> = edge.line.iter().copied().map(at).collect();
            arrow(sheet, &line, MUTED, false);
        }
        for back in &self.backs {
            let line: Vec<Point> = back.line.iter().copied().map(at).collect();
            arrow(sheet, &line, MUTED, true);
        }
        for Condition { lines, middle, .. } in &self.conditions {
            said(sheet, lines, at(*middle));
        }
        for (index, (words, placed)) in self.words.iter().zip(&self.network.boxes).enumerate() {
            let is_end = index == 0 || steps.get(index).is_some_and(|step| step.next.is_empty());
            let placed = Placed { middle: at(placed.middle), size: placed.size };
            write_box(sheet, words, &placed, self.size, is_end);
        }
        sheet.y = top + self.network.height;
    }
}

/// Each runs up outside of those before it.
fn backs(steps: &[Step<'_>], network: &Network, lanes: &[Lane]) -> Vec<Back> {
    let mut taken = [0, 0];
    let run = |((from, next), lane): ((usize, &Next<'_>), &Lane)| {
        let [left, right] = &mut taken;
        let (taken, edge) = if lane.side < 0 { (left, 0) } else { (right, network.width) };
        let x = edge + lane.side * (*taken + lane.width / 2);
        *taken += lane.width;
        Back { line: network.back(from, next.to, x, lane.side), x }
    };
    back(steps).zip(lanes).map(run).collect()
}

/// What leads back, with the step that it comes from.
fn back<'s, 'c>(steps: &'s [Step<'c>]) -> impl Iterator<Item = (usize, &'s Next<'c>)> {
    steps.iter().enumerate().flat_map(|(from, step)| {
        step.next.iter().filter(|next| next.is_back).map(move |next| (from, next))
    })
}

pub(super) fn noted(theme: &Theme) -> Style {
    Style::regular(theme.tick, NOTED)
}

/// A condition, with no line running through it.
pub(super) fn said(sheet: &mut Sheet<'_>, lines: &[String], (x, y): Point) {
    let (style, theme) = (noted(sheet.theme), sheet.theme);
    let pitch = theme.tick * 6 / 5;
    let others = i32::try_from(lines.len()).unwrap_or(i32::MAX).saturating_sub(1);
    let widths = lines.iter().map(|line| sheet.width_of(line, style));
    let width = widths.max().unwrap_or(0) + theme.gap / 2;
    let height = theme.tick * 13 / 10 + others * pitch;
    let (from, to) = ((x - width / 2, y - height / 2), (x + width / 2, y + height / 2));
    sheet.marks.push(Mark::Box(from, to, WHITE));
    let mut y = y - others * pitch / 2;
    for line in lines {
        sheet.write(line, style, (x, y), Anchor::Middle);
        y += pitch;
    }
}

/// A condition in lines of this width; in one where it cannot be broken to that.
fn condition_lines(sheet: &Sheet<'_>, text: &str, measure: i32) -> Vec<String> {
    let whole = |_| vec![text.to_owned()];
    sheet.broken(text, noted(sheet.theme), measure).unwrap_or_else(whole)
}

/// A line whose last piece ends in a head.
pub(super) fn arrow(sheet: &mut Sheet<'_>, line: &[Point], colour: RGBColor, is_dashed: bool) {
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
