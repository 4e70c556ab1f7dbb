//! What can be computed of a chart's data: changes from an earlier figure to a later one, sums, shares, means.

use super::{
    Change, Course, Table,
    course::{Grid, named},
    scene::are_in_order,
    times::{Meant, are_times, is_said, year},
};

/// What speaks of parts of a whole.
const SHARES: [&str; 6] = ["占", "比重", "份额", "比例", "构成", "之比"];

/// Every earlier and later figure of the data: down a column, down the sum of columns, along a row.
pub(super) struct Spans {
    lines: Vec<Line>,
    /// An earlier figure and a later one, or two of a kind.
    pub(super) pairs: Vec<(f64, f64)>,
    /// Those of them that are a change.
    changes: Vec<(f64, f64)>,
    /// Shares in per cent, totals and means, in rows like the figures.
    parts: Vec<Line>,
}

/// Figures in a row, with the place of each.
struct Line {
    axis: Axis,
    figures: Vec<(usize, f64)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    /// From row to row.
    Down,
    /// From column to column.
    Along,
}

impl Spans {
    pub(super) fn of(table: &Table) -> Self {
        let (rows, series) = all(table);
        let lines = lines(table, &rows, &series);
        let pairs = lines.iter().flat_map(|line| pairs(line, |_, _| true)).collect();
        Self { lines, pairs, changes: vec![], parts: vec![] }
    }

    /// Nothing but these.
    pub(super) fn of_pairs(pairs: Vec<(f64, f64)>) -> Self {
        Self { lines: vec![], changes: pairs.clone(), pairs, parts: vec![] }
    }

    /// Those that a clause can mean that names some rows or columns: 西河 of 西河增长一倍; of 2026年比2025年增长50% those two
    /// years.
    pub(super) fn meant(table: &Table, headline: &str, clause: &str) -> Self {
        let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
        let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
        let (down, rows) = chosen(&labels, headline, clause);
        let (along, series) = chosen(&names, headline, clause);
        let lines = lines(table, &rows, &series);
        // A share's change is that of the part in its row, where shares are spoken of: 窗口办件减少五成 is of 件.
        let are_shares = SHARES.iter().any(|word| headline.contains(word));
        let mut parts = if are_shares { shares(table, &rows, &series) } else { vec![] };
        parts.extend(totals(table, &rows, &series));
        // Where time goes down the rows, what stands beside each other there does not change.
        let is_change = |axis| match (axis, are_in_order(&labels), are_in_order(&names)) {
            (Axis::Down, false, true) => rows.len() == 2 && labels.len() > 2,
            (Axis::Along, true, false) => false,
            _ => true,
        };
        let of = |line: &Line| -> Vec<(f64, f64)> {
            let (meant, count) = match line.axis {
                Axis::Down => (&down, labels.len()),
                Axis::Along => (&along, names.len()),
            };
            pairs(line, |from, to| meant.takes(from, to, count)).collect()
        };
        let both = || lines.iter().chain(&parts);
        let changes = both().filter(|line| is_change(line.axis)).flat_map(of).collect();
        let pairs = both().flat_map(of).collect();
        Self { lines, pairs, changes, parts }
    }

    /// The figures of the rows and columns that a clause names, or all; also of a single point in time.
    pub(super) fn named(table: &Table, clause: &str) -> Self {
        let of = |labels: &[&str]| {
            let said = if are_times(labels) {
                let said = labels.iter().enumerate().filter(|(_, label)| is_said(clause, label));
                said.map(|(at, _)| at).collect()
            } else {
                named(clause, labels)
            };
            if said.is_empty() { (0..labels.len()).collect() } else { said }
        };
        let rows = of(&table.rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>());
        let series = of(&table.series.iter().map(String::as_str).collect::<Vec<_>>());
        let lines = lines(table, &rows, &series);
        Self { lines, pairs: vec![], changes: vec![], parts: vec![] }
    }

    /// What stands beside the data and comes out of it: shares in per cent and their differences, means.
    pub(super) fn computed(table: &Table) -> Vec<f64> {
        let (rows, series) = all(table);
        let shares = shares(table, &rows, &series);
        let differences = shares.iter().flat_map(|line| pairs(line, |_, _| true));
        let differences = differences.map(|(from, to)| to - from);
        let of_lines = shares.iter().flat_map(|line| &line.figures).map(|(_, share)| *share);
        means(&lines(table, &rows, &series))
            .into_iter()
            .chain(of_lines)
            .chain(differences)
            .collect()
    }

    /// The figures themselves.
    pub(super) fn figures(&self) -> Vec<f64> {
        self.lines.iter().flat_map(|line| &line.figures).map(|(_, value)| *value).collect()
    }

    pub(super) fn sums(&self) -> Vec<f64> {
        sums(&self.lines)
    }

    /// Of what stands beside each other: at one point in time, where these go down.
    pub(super) fn sums_along(&self) -> Vec<f64> {
        let along = self.lines.iter().filter(|line| line.axis == Axis::Along);
        along.map(sum).collect()
    }

    /// Of the first and the last of each line, and of its greatest and least.
    pub(super) fn partial_sums(&self) -> Vec<f64> {
        self.lines.iter().flat_map(partial_sums).collect()
    }

    /// In per cent: those sums as parts of the whole line.
    pub(super) fn partial_shares(&self) -> Vec<f64> {
        let of = |line: &Line| {
            let whole = sum(line);
            let parts = if whole > 0.0 { partial_sums(line) } else { vec![] };
            parts.into_iter().map(move |part| part / whole * 100.0).collect::<Vec<_>>()
        };
        self.lines.iter().flat_map(of).collect()
    }

    /// In per cent: what the rows or columns that a clause names have together of each line.
    pub(super) fn named_shares(table: &Table, clause: &str) -> Vec<f64> {
        let (own, all) = (Self::named(table, clause).lines, Self::of(table).lines);
        let shares = |axis: Axis| {
            let of = |lines: &[Line]| -> Vec<f64> {
                lines.iter().filter(|line| line.axis == axis).map(sum).collect()
            };
            let (parts, wholes) = (of(&own), of(&all));
            let each = parts.into_iter().flat_map(move |part| {
                let wholes = wholes.clone();
                wholes.into_iter().filter(|whole| *whole > 0.0).map(move |w| part / w * 100.0)
            });
            each.collect::<Vec<_>>()
        };
        [Axis::Down, Axis::Along].into_iter().flat_map(shares).collect()
    }

    /// Of any stretch of a line.
    pub(super) fn window_means(&self) -> Vec<f64> {
        let mut means = vec![];
        for line in &self.lines {
            for from in 0..line.figures.len() {
                let (mut sum, mut count) = (0.0, 0.0);
                for (_, value) in line.figures.iter().skip(from) {
                    sum += value;
                    count += 1.0;
                    means.push(sum / count);
                }
            }
        }
        means
    }

    pub(super) fn means(&self) -> Vec<f64> {
        means(&self.lines)
    }

    pub(super) fn bear_out(&self, change: &Change, table: &Table) -> bool {
        let holds = |share: f64| change.bound.holds(share, change.share, change.within);
        if change.is_yearly {
            let lines = || self.lines.iter().chain(&self.parts);
            return lines().any(|line| yearly(line, table, change).into_iter().any(holds));
        }
        let pairs = if change.course == Course::Either { &self.pairs } else { &self.changes };
        pairs.iter().any(|(from, to)| match change.course {
            Course::Rises => *from > 0.0 && holds((to - from) / from),
            Course::Falls => *from > 0.0 && holds((from - to) / from),
            Course::Either => {
                let ratio = |of: &f64, to: &f64| *of > 0.0 && holds((to - of) / of);
                ratio(from, to) || ratio(to, from)
            }
            Course::Points(true) => holds(from - to),
            Course::Points(false) => holds(to - from),
        })
    }
}

fn all(table: &Table) -> (Vec<usize>, Vec<usize>) {
    ((0..table.rows.len()).collect(), (0..table.series.len()).collect())
}

/// The rows or columns that a clause names, or all; of points in time, also between which of them.
fn chosen(labels: &[&str], headline: &str, clause: &str) -> (Meant, Vec<usize>) {
    let all = (0..labels.len()).collect();
    if are_times(labels) {
        return match Meant::of(labels, headline, clause) {
            // 2026年增长23%: from which year is not said.
            Meant::Named(named) if named.len() > 1 => (Meant::Named(named.clone()), named),
            meant @ (Meant::Any | Meant::Next(_) | Meant::Named(_) | Meant::Usual { .. }) => {
                (meant, all)
            }
        };
    }
    let mut said = named(clause, labels);
    if said.is_empty() {
        said = named(clause, &without_ending(labels));
    }
    (Meant::Any, if said.is_empty() { all } else { said })
}

/// Names without what they all end with: 窗口 of 窗口办理 beside 网上办理.
fn without_ending<'l>(labels: &[&'l str]) -> Vec<&'l str> {
    let Some((first, others)) = labels.split_first().filter(|(_, others)| !others.is_empty())
    else {
        return vec![];
    };
    let is_end = |end: &&str| others.iter().all(|label| label.ends_with(end));
    let ends = first.char_indices().filter_map(|(at, _)| first.get(at..));
    let end = ends.into_iter().find(is_end).unwrap_or_default();
    labels.iter().map(|label| label.strip_suffix(end).unwrap_or(label)).collect()
}

/// Down each of these columns, down their sum, along each row.
fn lines(table: &Table, rows: &[usize], series: &[usize]) -> Vec<Line> {
    let value = |row: usize, series: usize| {
        table.rows.get(row).and_then(|row| row.cells.get(series)).and_then(|cell| cell.value)
    };
    let down = |figures| Line { axis: Axis::Down, figures };
    let column = |series: usize| {
        rows.iter().filter_map(move |row| Some((*row, value(*row, series)?))).collect()
    };
    let mut lines: Vec<Line> = series.iter().map(|series| down(column(*series))).collect();
    let along =
        |row: usize| series.iter().filter_map(move |series| Some((*series, value(row, *series)?)));
    let sum = |row: &usize| (*row, along(*row).map(|(_, value)| value).sum());
    lines.push(down(rows.iter().map(sum).collect()));
    lines.extend(rows.iter().map(|row| Line { axis: Axis::Along, figures: along(*row).collect() }));
    lines
}

/// In per cent: each figure's part of its row, down each column; and of its column.
fn shares(table: &Table, rows: &[usize], series: &[usize]) -> Vec<Line> {
    let of = |grid: &Grid, lines: &[usize], parts: &[usize], axis: Axis| -> Vec<Line> {
        let share = |line: usize, part: usize| {
            let values = grid.line(line)?;
            let whole: f64 = values.iter().flatten().sum();
            let part = values.get(part).copied().flatten()?;
            (whole > 0.0).then(|| (line, part / whole * 100.0))
        };
        let down = |part: usize| lines.iter().filter_map(move |line| share(*line, part)).collect();
        parts.iter().map(|part| Line { axis, figures: down(*part) }).collect()
    };
    let grid = Grid::of(table);
    let mut shares = of(&grid, rows, series, Axis::Down);
    shares.extend(of(&grid.turned(), series, rows, Axis::Along));
    shares
}

/// From column to column the sum of their rows and its mean, and from row to row the mean: 各街道平均提高2.5个百分点.
fn totals(table: &Table, rows: &[usize], series: &[usize]) -> Vec<Line> {
    let value = |row: usize, series: usize| {
        table.rows.get(row).and_then(|row| row.cells.get(series)).and_then(|cell| cell.value)
    };
    let sum = |cells: &mut dyn Iterator<Item = Option<f64>>| {
        let known: Vec<f64> = cells.flatten().collect();
        let count = u32::try_from(known.len()).unwrap_or(u32::MAX);
        let sum: f64 = known.iter().sum();
        (sum, if count == 0 { 0.0 } else { sum / f64::from(count) })
    };
    let along = series.iter().map(|at| (*at, sum(&mut rows.iter().map(|row| value(*row, *at)))));
    let (totals, means) = along.map(|(at, (sum, mean))| ((at, sum), (at, mean))).unzip();
    let down = rows.iter().map(|at| (*at, sum(&mut series.iter().map(|one| value(*at, *one))).1));
    vec![
        Line { axis: Axis::Along, figures: totals },
        Line { axis: Axis::Along, figures: means },
        Line { axis: Axis::Down, figures: down.collect() },
    ]
}

fn sum(line: &Line) -> f64 {
    line.figures.iter().map(|(_, value)| value).sum()
}

fn sums(lines: &[Line]) -> Vec<f64> {
    lines.iter().map(sum).collect()
}

fn partial_sums(line: &Line) -> Vec<f64> {
    let figures: Vec<f64> = line.figures.iter().map(|(_, value)| *value).collect();
    let mut sorted = figures.clone();
    sorted.sort_by(f64::total_cmp);
    let mut orders = vec![figures, sorted];
    orders.extend(orders.clone().into_iter().map(|order| order.into_iter().rev().collect()));
    let sums = |order: Vec<f64>| {
        order.into_iter().scan(0.0, |sum, value| {
            *sum += value;
            Some(*sum)
        })
    };
    orders.into_iter().flat_map(sums).collect()
}

fn means(lines: &[Line]) -> Vec<f64> {
    let count = |line: &Line| u32::try_from(line.figures.len()).ok().filter(|count| *count > 1);
    let sums = sums(lines);
    lines.iter().zip(sums).filter_map(|(line, sum)| Some(sum / f64::from(count(line)?))).collect()
}

/// Those of its pairs whose places are taken.
fn pairs(line: &Line, takes: impl Fn(usize, usize) -> bool) -> impl Iterator<Item = (f64, f64)> {
    let figures = &line.figures;
    let all = figures
        .iter()
        .enumerate()
        .flat_map(move |(at, from)| figures.iter().skip(at + 1).map(move |to| (*from, *to)));
    all.filter(move |(from, to)| takes(from.0, to.0)).map(|((_, from), (_, to))| (from, to))
}

/// 年均增长14.5%: by how much it grew in each step, compounded; where these are years, in each year.
fn yearly(line: &Line, table: &Table, change: &Change) -> Vec<f64> {
    let figures = line.figures.as_slice();
    let [first, .., last] = figures else { return vec![] };
    let yearly_between = |from, to| yearly_between((line.axis, table), change.course, from, to);
    if !change.is_of_some {
        return yearly_between(*first, *last);
    }
    let pairs = figures
        .iter()
        .enumerate()
        .flat_map(|(at, from)| figures.iter().skip(at + 1).map(move |to| (*from, *to)));
    pairs.flat_map(|(from, to)| yearly_between(from, to)).collect()
}

/// How much of that goes the way that is said.
fn yearly_between(
    (axis, table): (Axis, &Table),
    course: Course,
    (first_at, first): (usize, f64),
    (last_at, last): (usize, f64),
) -> Vec<f64> {
    const STEPS_MAX: u32 = 60;
    let year_at = |at: usize| {
        year(match axis {
            Axis::Down => &table.rows.get(at)?.label,
            Axis::Along => table.series.get(at)?,
        })
    };
    let rows = u32::try_from(last_at - first_at).ok();
    let years = year_at(last_at).zip(year_at(first_at));
    let years = years.and_then(|(to, from)| to.checked_sub(from));
    let steps = [rows, years].into_iter().flatten();
    let steps = steps.filter(|steps| (1..=STEPS_MAX).contains(steps));
    let of = |steps: u32| match course {
        Course::Points(falls) => {
            let by = (last - first) / f64::from(steps);
            Some(if falls { -by } else { by })
        }
        Course::Rises | Course::Falls | Course::Either => {
            let share = (last / first).powf(1.0 / f64::from(steps)) - 1.0;
            (first > 0.0).then_some(if course == Course::Falls { -share } else { share })
        }
    };
    steps.filter_map(of).collect()
}
