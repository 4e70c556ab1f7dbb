//! What can be computed of a chart's data: changes from an earlier figure to a later one, sums, shares, means.

use std::ops::RangeInclusive;

use super::{
    Change, Course, Table,
    course::{Grid, named},
};

/// Every earlier and later figure of the data: down a column, down the sum of columns, along a row.
pub(super) struct Spans {
    lines: Vec<Vec<f64>>,
    /// An earlier figure and a later one.
    pub(super) pairs: Vec<(f64, f64)>,
    /// Of each of these lines.
    pub(super) sums: Vec<f64>,
}

impl Spans {
    pub(super) fn of(table: &Table) -> Self {
        let all = (0..table.rows.len()).collect::<Vec<_>>();
        Self::of_lines(lines(table, &all, &(0..table.series.len()).collect::<Vec<_>>()))
    }

    /// Those that a clause can mean that names some rows or columns: 西河 of 西河增长一倍; of 2026年比2025年增长50% those two
    /// years.
    pub(super) fn meant(table: &Table, clause: &str) -> Self {
        let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
        let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
        let or_all = |said: Vec<usize>, count: usize| {
            if said.is_empty() { (0..count).collect() } else { said }
        };
        let rows = named(clause, &labels);
        let are_times = labels.iter().all(|label| label.starts_with(|c: char| c.is_ascii_digit()));
        // 2026年增长23%: from which year is not said.
        let rows = if are_times && rows.len() < 2 { vec![] } else { rows };
        let (rows, series) =
            (or_all(rows, labels.len()), or_all(named(clause, &names), names.len()));
        let mut spans = Self::of_lines(lines(table, &rows, &series));
        // A share's change is that of the part in its row.
        let shares = shares(table, &rows, &series);
        spans.pairs.extend(shares.iter().flat_map(|line| pairs(line)));
        spans
    }

    fn of_lines(lines: Vec<Vec<f64>>) -> Self {
        let pairs = lines.iter().flat_map(|line| pairs(line)).collect();
        let sums = lines.iter().map(|line| line.iter().sum()).collect();
        Self { lines, pairs, sums }
    }

    /// What stands beside the data and comes out of it: shares in per cent and their differences, means.
    pub(super) fn computed(table: &Table) -> Vec<f64> {
        let [rows, series] =
            [table.rows.len(), table.series.len()].map(|n| (0..n).collect::<Vec<_>>());
        let lines = lines(table, &rows, &series);
        let means = lines.iter().filter_map(|line| {
            let count = u32::try_from(line.len()).ok().filter(|count| *count > 0)?;
            Some(line.iter().sum::<f64>() / f64::from(count))
        });
        let shares = shares(table, &rows, &series);
        let differences = shares.iter().flat_map(|line| pairs(line)).map(|(from, to)| to - from);
        means.chain(shares.iter().flatten().copied()).chain(differences).collect()
    }

    pub(super) fn bear_out(&self, change: &Change) -> bool {
        let holds = |share: f64| change.bound.holds(share, change.share, change.within);
        if change.is_yearly {
            return self.lines.iter().filter_map(|line| yearly(line)).any(holds);
        }
        self.pairs.iter().any(|(from, to)| match change.course {
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

/// Down each of these columns, down their sum, along each row.
fn lines(table: &Table, rows: &[usize], series: &[usize]) -> Vec<Vec<f64>> {
    let value = |row: usize, series: usize| {
        table.rows.get(row).and_then(|row| row.cells.get(series)).and_then(|cell| cell.value)
    };
    let column = |series: usize| rows.iter().filter_map(move |row| value(*row, series)).collect();
    let mut lines: Vec<Vec<f64>> = series.iter().map(|series| column(*series)).collect();
    let along = |row: usize| series.iter().filter_map(move |series| value(row, *series));
    lines.push(rows.iter().map(|row| along(*row).sum()).collect());
    lines.extend(rows.iter().map(|row| along(*row).collect::<Vec<_>>()));
    lines
}

/// In per cent: each figure's part of its row, down each column; and of its column.
fn shares(table: &Table, rows: &[usize], series: &[usize]) -> Vec<Vec<f64>> {
    let of = |grid: &Grid, lines: &[usize], parts: &[usize]| -> Vec<Vec<f64>> {
        let share = |line: usize, part: usize| {
            let values = grid.line(line)?;
            let whole: f64 = values.iter().flatten().sum();
            let part = values.get(part).copied().flatten()?;
            (whole > 0.0).then(|| part / whole * 100.0)
        };
        let down = |part: usize| lines.iter().filter_map(move |line| share(*line, part)).collect();
        parts.iter().map(|part| down(*part)).collect()
    };
    let grid = Grid::of(table);
    let mut shares = of(&grid, rows, series);
    shares.extend(of(&grid.turned(), series, rows));
    shares
}

fn pairs(line: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    line.iter().enumerate().flat_map(|(at, from)| line.iter().skip(at + 1).map(|to| (*from, *to)))
}

/// 年均增长14.5%: by how much it grew in each step, compounded.
fn yearly(line: &[f64]) -> Option<f64> {
    const STEPS: RangeInclusive<usize> = 1..=60;
    let (first, last) = (line.first()?, line.last()?);
    let steps = line.len() - 1;
    let power = u32::try_from(steps).ok().filter(|_| STEPS.contains(&steps) && *first > 0.0)?;
    Some((last / first).powf(1.0 / f64::from(power)) - 1.0)
}
