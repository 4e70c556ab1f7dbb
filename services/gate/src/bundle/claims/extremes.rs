//! What a headline says of the greatest beside the least: 最高的东街街道是最低的南苑街道的4倍.

use super::{
    Change, Course, Table,
    course::{Grid, named},
    ranks::{GREATEST, LEAST},
};

/// Whether a multiple that a clause says of these two comes out of a column, of a row, or of sums; nothing, where it is
/// said of others.
pub(super) fn bear_out(change: &Change, clause: &str, table: &Table) -> Option<bool> {
    let (one, other) = clause.split_once(['是', '为', '达'])?;
    let says = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    if change.course != Course::Either || !says(one, &GREATEST) || !says(other, &LEAST) {
        return None;
    }
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let (grid, series) = (Grid::of(table).without_rest(&labels), named(clause, &names));
    let turned = grid.turned();
    let mut lines: Vec<Vec<Option<f64>>> = (0..turned.len())
        .filter(|at| series.is_empty() || series.contains(at))
        .filter_map(|at| turned.line(at).map(<[_]>::to_vec))
        .collect();
    if series.is_empty() && names.len() > 1 {
        lines.push(grid.sums().into_iter().map(Some).collect());
        lines.extend((0..grid.len()).filter_map(|at| grid.line(at).map(<[_]>::to_vec)));
    }
    let holds = |line: &Vec<Option<f64>>| {
        let known = || line.iter().flatten().copied().filter(|value| *value > 0.0);
        let ends = known().reduce(f64::max).zip(known().reduce(f64::min));
        let holds = |(most, least): (f64, f64)| {
            change.bound.holds(most / least - 1.0, change.share, change.within)
        };
        ends.is_some_and(holds)
    };
    Some(lines.iter().any(holds))
}
