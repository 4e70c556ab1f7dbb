//! Flows by who does each step: a lane for each role from left to right, the steps below one another. Arrows
//! run sideways only between two rows, and up or down where nothing stands or left of a lane's boxes.

mod conditions;

use std::collections::BTreeMap;

use super::conditions::{Condition, Room, ways};
use super::flow::{Words, arrow, said, write_box};
use super::network::{Placed, are_apart};
use super::sheet::{Anchor, Mark, Point, Sheet, Style};
use super::steps::{Next, Step};
use super::theme::{GRID, INK, MUTED, TINT};
use conditions::{Branch, has_branches};

/// More lanes than this are too narrow.
const LANES_MAX: usize = 6;
/// Characters that a line of a box has room for, at least.
const MEASURE_LEAST: i32 = 4;

pub(super) struct Lanes {
    size: i32,
    /// What each is called, and its left and right edge.
    heads: Vec<(Vec<String>, i32, i32)>,
    head: i32,
    words: Vec<Words>,
    boxes: Vec<Placed>,
    ways: Vec<(Vec<Point>, bool)>,
    conditions: Vec<Condition>,
    height: i32,
}

/// Where each step stands.
struct Places {
    /// Row and lane of each step.
    of: Vec<(usize, usize)>,
    rows: usize,
}

/// How an arrow gets from one step to another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    /// Straight down.
    Down,
    /// Sideways below its step, then down.
    Over,
    /// Up or down left of the lane it leads to, in so-manieth place, and into the side of the box.
    Beside(usize),
}

/// One arrow, before it has a place.
struct Run<'s, 'c> {
    from: usize,
    next: &'s Next<'c>,
    course: Course,
}

impl Places {
    /// Steps below all that lead to them; two of one lane never in one row.
    fn of(steps: &[Step<'_>], lanes: &[usize]) -> Self {
        let mut layers = vec![0_usize; steps.len()];
        // There are few steps, and no path is longer than all of them.
        for _ in steps {
            for (from, step) in steps.iter().enumerate() {
                let below = layers.get(from).map_or(0, |layer| layer + 1);
                for next in step.next.iter().filter(|next| !next.is_back) {
                    if let Some(layer) = layers.get_mut(next.to) {
                        *layer = below.max(*layer);
                    }
                }
            }
        }
        // Where a way ends stands below all that goes on beside it in its lane: what goes on would have to pass it by,
        // through the arrow that leads to it.
        let last = layers.iter().max().map_or(0, |layer| layer + 1);
        let goes_on = |step: usize| steps.get(step).is_some_and(|step| !step.next.is_empty());
        let is_passed = |step: usize| {
            let is_beside = |other: usize| {
                (layers.get(other), lanes.get(other)) == (layers.get(step), lanes.get(step))
            };
            !goes_on(step) && (0..steps.len()).any(|other| is_beside(other) && goes_on(other))
        };
        let layers: Vec<usize> = layers
            .iter()
            .enumerate()
            .map(|(step, layer)| if is_passed(step) { last } else { *layer })
            .collect();
        let mut order: Vec<usize> = (0..steps.len()).collect();
        order.sort_by_key(|step| (layers.get(*step), *step));
        let mut of = vec![(0, 0); steps.len()];
        let (mut first, mut rows, mut layer) = (0, 0, None);
        let mut taken: Vec<(usize, usize)> = vec![];
        for step in order {
            if layer != layers.get(step) {
                (first, layer) = (rows, layers.get(step));
            }
            let lane = lanes.get(step).copied().unwrap_or(0);
            let row = (first..=rows).find(|row| !taken.contains(&(*row, lane))).unwrap_or(rows);
            taken.push((row, lane));
            rows = rows.max(row + 1);
            if let Some(place) = of.get_mut(step) {
                *place = (row, lane);
            }
        }
        Self { of, rows }
    }

    fn at(&self, step: usize) -> (usize, usize) {
        self.of.get(step).copied().unwrap_or_default()
    }

    /// The step that stands there.
    fn find(&self, row: usize, lane: usize) -> Option<usize> {
        self.of.iter().position(|place| *place == (row, lane))
    }

    /// Whether nothing stands in a lane between two rows.
    fn is_clear(&self, lane: usize, above: usize, below: usize) -> bool {
        !self.of.iter().any(|(row, other)| *other == lane && above < *row && *row < below)
    }
}

impl Lanes {
    /// None where there is one role, or no room.
    pub(super) fn of(sheet: &Sheet<'_>, steps: &[Step<'_>], size: i32) -> Option<Self> {
        let theme = sheet.theme;
        let mut roles: Vec<&str> = vec![];
        for role in steps.iter().map(|step| step.role) {
            let role = role?;
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        if !(2..=LANES_MAX).contains(&roles.len()) {
            return None;
        }
        let lane_of = |step: &Step<'_>| roles.iter().position(|role| step.role == Some(role));
        let lanes: Vec<usize> = steps.iter().filter_map(lane_of).collect();
        let places = Places::of(steps, &lanes);
        let (runs, beside) = runs(steps, &places, roles.len());
        let count = i32::try_from(roles.len()).ok()?;
        let pitch = theme.gap * 2;
        let widths = beside.iter().map(|count| whole(*count) * pitch);
        let lane = (sheet.inner() - widths.clone().sum::<i32>()) / count;
        let measure = lane - theme.gap * 2 - size;
        // Words of a character or two below one another are not read: better who does it stands in the box.
        if measure < MEASURE_LEAST * size {
            return None;
        }
        let words = steps.iter().map(|step| {
            let notes: Vec<&str> = step.note.into_iter().collect();
            Words::of(sheet, step.label, &notes, size, (measure, size))
        });
        let words = words.collect::<Option<Vec<_>>>()?;
        let head = Style::bold(theme.tick, INK);
        let mut heads = vec![];
        let mut x = theme.padding;
        for (role, width) in roles.iter().zip(widths) {
            let lines = sheet.broken(role, head, lane - theme.gap).ok()?;
            heads.push((lines, x, x + width + lane));
            x += width + lane;
        }
        let lines = heads.iter().map(|(lines, ..)| lines.len()).max().unwrap_or(1);
        let mut lanes = Self {
            size,
            heads,
            head: whole(lines) * theme.tick * 6 / 5 + theme.tick,
            words,
            boxes: vec![],
            ways: vec![],
            conditions: vec![],
            height: 0,
        };
        lanes.place(sheet, &places, &runs, lane)?;
        Some(lanes)
    }

    /// Boxes, arrows and conditions; none where a condition has no room.
    fn place(
        &mut self,
        sheet: &Sheet<'_>,
        places: &Places,
        runs: &[Run<'_, '_>],
        lane: i32,
    ) -> Option<()> {
        let theme = sheet.theme;
        let levels = levels(places, runs);
        let pitch = theme.tick * 9 / 5;
        let mut tops = vec![];
        let mut y = self.head + theme.above;
        for row in 0..places.rows {
            let sizes = self.words.iter().zip(&places.of).filter(|(_, (of, _))| *of == row);
            let height = sizes.map(|(words, _)| words.size.1).max().unwrap_or(0);
            let gap = match levels.get(&row).map_or(0, Vec::len) {
                0 if row + 1 == places.rows => 0,
                0 => theme.tick * 5 / 2,
                // Conditions stand below where arrows branch.
                levels if has_branches(runs, places, row) => (whole(levels) + 2) * pitch,
                levels => (whole(levels) + 1) * pitch,
            };
            tops.push((y, height));
            y += height + gap;
        }
        self.height = y;
        let middle = |lane_index: usize| {
            self.heads.get(lane_index).map_or(0, |(_, _, right)| right - lane / 2)
        };
        let boxes = self.words.iter().zip(&places.of).map(|(words, (row, lane))| {
            let (top, height) = tops.get(*row).copied().unwrap_or_default();
            Placed { middle: (middle(*lane), top + height / 2), size: words.size }
        });
        self.boxes = boxes.collect();
        let level = |row: usize, key: Level| {
            let (top, height) = tops.get(row).copied().unwrap_or_default();
            let at = levels.get(&row).and_then(|keys| keys.iter().position(|other| *other == key));
            top + height + whole(at.unwrap_or(0) + 1) * pitch
        };
        for run in runs {
            let (from, to) = (self.boxes.get(run.from)?, self.boxes.get(run.next.to)?);
            let ((row, _), (_, to_lane)) = (places.at(run.from), places.at(run.next.to));
            let key = (run.from, run.next.is_back);
            let (start, end) = ((from.middle.0, from.corner(1).1), (to.middle.0, to.corner(-1).1));
            let side = |place: usize| {
                let left = self.heads.get(to_lane).map_or(0, |(_, left, _)| *left);
                left + theme.gap + whole(place) * theme.gap * 2
            };
            let y = level(row, key);
            let line = match run.course {
                Course::Down => vec![start, end],
                Course::Over => {
                    // Beside what comes from the box above, which it would seem to go on from.
                    let aside = (start.0 - end.0).signum() * self.size * 3 / 4;
                    let is_shared = places.find(row, to_lane).is_some_and(|above| {
                        let onward = |run: &Run<'_, '_>| run.from == above && !run.next.is_back;
                        runs.iter().any(|other| onward(other) && other.next.to != run.next.to)
                    });
                    let x = if is_shared { end.0 + aside } else { end.0 };
                    vec![start, (start.0, y), (x, y), (x, end.1)]
                }
                Course::Beside(place) => {
                    // What leads back enters lower than what leads on, or it would have no head of its own.
                    let is_shared = runs.iter().any(|other| {
                        let is_beside = matches!(other.course, Course::Beside(_));
                        is_beside
                            && other.next.to == run.next.to
                            && other.next.is_back != run.next.is_back
                    });
                    let down = match run.next.is_back {
                        _ if !is_shared => 0,
                        true => to.size.1 / 4,
                        false => -to.size.1 / 4,
                    };
                    let (x, end) = (side(place), (to.corner(-1).0, to.middle.1 + down));
                    let back = (from.corner(-1).0 + self.size / 2, start.1);
                    let start = if run.next.is_back { back } else { start };
                    vec![start, (start.0, y), (x, y), (x, end.1), end]
                }
            };
            self.ways.push((line, run.next.is_back));
        }
        let arrows = runs.iter().zip(&self.ways);
        let arrows = arrows.map(|(run, (line, _))| (run.from, run.next.to, line.as_slice()));
        if !are_apart(&arrows.collect::<Vec<_>>(), theme.rule * 2) {
            return None;
        }
        let mut room = Room {
            sheet,
            boxes: &self.boxes,
            arrows: self.ways.iter().map(|(line, _)| line.as_slice()).collect(),
            edges: (theme.padding, sheet.right()),
            taken: vec![],
        };
        for (own, (run, (line, _))) in runs.iter().zip(&self.ways).enumerate() {
            let Some(text) = run.next.condition else { continue };
            let y = level(places.at(run.from).0, (run.from, run.next.is_back));
            let branch = Branch { run, runs, line, y, tick: theme.tick };
            let middle = |step: usize| self.boxes.get(step).map(|placed| placed.middle.0);
            room.place(own, &ways(sheet, text), &branch.places(middle))?;
        }
        self.conditions = room.taken;
        Some(())
    }

    pub(super) fn draw(&self, sheet: &mut Sheet<'_>, steps: &[Step<'_>]) {
        let (theme, top) = (sheet.theme, sheet.y);
        let at = |(x, y): Point| (x, y + top);
        let (left, right) = (theme.padding, sheet.right());
        sheet.marks.push(Mark::Box((left, top), (right, top + self.head), TINT));
        for (index, (lines, from, to)) in self.heads.iter().enumerate() {
            if index > 0 {
                let line = vec![(*from, top), (*from, top + self.height)];
                sheet.marks.push(Mark::Stroke(line, GRID, theme.rule));
            }
            let pitch = theme.tick * 6 / 5;
            let mut y = top + self.head / 2 - (whole(lines.len()) - 1) * pitch / 2;
            for line in lines {
                let style = Style::bold(theme.tick, INK);
                sheet.write(line, style, (i32::midpoint(*from, *to), y), Anchor::Middle);
                y += pitch;
            }
        }
        for (line, is_back) in &self.ways {
            let line: Vec<Point> = line.iter().copied().map(at).collect();
            arrow(sheet, &line, MUTED, *is_back);
        }
        for Condition { lines, middle, .. } in &self.conditions {
            said(sheet, lines, at(*middle));
        }
        for (index, (words, placed)) in self.words.iter().zip(&self.boxes).enumerate() {
            let is_end = index == 0 || steps.get(index).is_some_and(|step| step.next.is_empty());
            let placed = Placed { middle: at(placed.middle), size: placed.size };
            write_box(sheet, words, &placed, self.size, is_end);
        }
        sheet.y = top + self.height;
    }
}

/// What needs a height of its own between two rows: all that leads on from a step, and all that leads back.
type Level = (usize, bool);

/// All arrows, and how many run left of each lane's boxes.
fn runs<'s, 'c>(
    steps: &'s [Step<'c>],
    places: &Places,
    lanes: usize,
) -> (Vec<Run<'s, 'c>>, Vec<usize>) {
    let mut beside = vec![0; lanes];
    let all = steps
        .iter()
        .enumerate()
        .flat_map(|(from, step)| step.next.iter().map(move |next| (from, next)));
    let runs = all.map(|(from, next)| {
        let ((row, lane), (to_row, to_lane)) = (places.at(from), places.at(next.to));
        let is_clear = !next.is_back && places.is_clear(to_lane, row, to_row);
        let course = match is_clear {
            true if lane == to_lane => Course::Down,
            true => Course::Over,
            false => {
                let taken = beside.get_mut(to_lane);
                let place = taken.map_or(0, |taken| std::mem::replace(taken, *taken + 1));
                Course::Beside(place)
            }
        };
        Run { from, next, course }
    });
    (runs.collect(), beside)
}

/// Who needs a height below each row, from above.
fn levels(places: &Places, runs: &[Run<'_, '_>]) -> BTreeMap<usize, Vec<Level>> {
    let mut levels: BTreeMap<usize, Vec<Level>> = BTreeMap::new();
    let mut entered: Vec<(usize, usize)> = vec![];
    for run in runs {
        let ((row, _), (_, to_lane)) = (places.at(run.from), places.at(run.next.to));
        if run.course != Course::Down || run.next.condition.is_some() {
            let known = levels.entry(row).or_default();
            if !known.contains(&(run.from, run.next.is_back)) {
                known.push((run.from, run.next.is_back));
            }
        }
        if run.course == Course::Over {
            entered.push((row, to_lane));
        }
    }
    for (row, known) in &mut levels {
        // Who stands above where another comes down turns aside before it.
        known.sort_by_key(|(from, is_back)| {
            let (own, lane) = places.at(*from);
            (own == *row && !entered.contains(&(*row, lane)), *is_back, *from)
        });
    }
    levels
}

fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
