//! What a headline says of the same time a year before: 6月同比增长10%, which is of June and the June before, where the data
//! have both.

use super::{
    Change, Table,
    course::{Grid, named},
    spans::Spans,
    times::{are_times, is_said, year},
};

/// What speaks of it.
const SAID: [&str; 3] = ["同比", "同期", "上年同"];
/// More members are summed up together than this in no chart.
const TOGETHER_MAX: usize = 24;

/// Whether a change that a clause says comes out of two such times; nothing, where it is not said, or not of the data.
pub(super) fn bear_out(change: &Change, clause: &str, table: &Table) -> Option<bool> {
    if change.is_yearly || !SAID.iter().any(|word| clause.contains(word)) {
        return None;
    }
    let pairs = pairs(clause, table)?;
    Some(Spans::of_pairs(pairs).bear_out(change, table))
}

/// The figures of each time that a clause can mean with those of the year before: of one that it names, or of any, and
/// of several that follow each other together.
pub(super) fn pairs(clause: &str, table: &Table) -> Option<Vec<(f64, f64)>> {
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let grid = Grid::of(table);
    let down = || along(clause, (&labels, &names), &grid);
    let across = || along(clause, (&names, &labels), &grid.turned());
    down().or_else(across)
}

/// The same of times that are the rows of a grid.
fn along(clause: &str, (times, names): (&[&str], &[&str]), grid: &Grid) -> Option<Vec<(f64, f64)>> {
    let meant = meant(clause, times, &twins(times))?;
    let mut found = vec![];
    for members in members(clause, names) {
        let at = |row: usize| {
            let line = grid.line(row)?;
            let mut values = members.iter().map(|one| line.get(*one).copied().flatten());
            values.try_fold(0.0, |sum: f64, value| Some(sum + value?))
        };
        let known: Vec<(f64, f64)> =
            meant.pairs.iter().filter_map(|(from, to)| Some((at(*from)?, at(*to)?))).collect();
        found.extend(known.iter().copied());
        if meant.are_together {
            found.extend(together(&known));
        }
    }
    Some(found)
}

/// Those that a clause names, or each and all together; of months also several that follow each other.
fn members(clause: &str, names: &[&str]) -> Vec<Vec<usize>> {
    let are_months = are_times(names);
    let said: Vec<usize> = if are_months {
        (0..names.len()).filter(|at| names.get(*at).is_some_and(|n| is_said(clause, n))).collect()
    } else {
        named(clause, names)
    };
    let own = if said.is_empty() { (0..names.len()).collect() } else { said.clone() };
    let mut members: Vec<Vec<usize>> = own.iter().map(|at| vec![*at]).collect();
    members.push(own);
    if are_months && (said.is_empty() || is_stretch(clause)) {
        for from in 0..names.len().min(TOGETHER_MAX) {
            members
                .extend((from + 2..=names.len().min(TOGETHER_MAX)).map(|to| (from..to).collect()));
        }
    }
    members
}

/// Whether a clause speaks of several times together, or of a part of them that no name tells.
fn is_stretch(clause: &str) -> bool {
    const STRETCHES: [&str; 12] =
        ["季", "半年", "累计", "—", "-", "至", "全年", "以来", "期间", "前", "近", "共"];
    STRETCHES.iter().any(|word| clause.contains(word))
}

struct Meant {
    /// From the time a year before to this one.
    pairs: Vec<(usize, usize)>,
    /// It may be of several of them.
    are_together: bool,
}

fn meant(clause: &str, labels: &[&str], twins: &[(usize, usize)]) -> Option<Meant> {
    if twins.is_empty() {
        return None;
    }
    let is_named = |to: &usize| labels.get(*to).is_some_and(|label| is_said(clause, label));
    let named: Vec<(usize, usize)> = twins.iter().filter(|(_, to)| is_named(to)).copied().collect();
    let are_quarters = labels.iter().all(|label| label.ends_with("季度"));
    let are_years = labels.iter().all(|label| label.ends_with('年'));
    let clause = if are_quarters { clause.replace('季', "") } else { clause.to_owned() };
    let is_stretch = is_stretch(&clause);
    // 2025年同比增长 of months is of the whole year.
    let is_of_year = !are_years && named.is_empty() && clause.contains('年');
    if named.is_empty() || is_stretch || is_of_year {
        return Some(Meant { pairs: twins.to_vec(), are_together: true });
    }
    Some(Meant { pairs: named, are_together: false })
}

/// Each time with the same of the year before.
fn twins(labels: &[&str]) -> Vec<(usize, usize)> {
    let part =
        |label: &str| Some((year(label)?, label.get(4..)?.trim_start_matches('年').to_owned()));
    let parts: Vec<Option<(u32, String)>> = labels.iter().map(|label| part(label)).collect();
    let mut twins = vec![];
    for (to, own) in parts.iter().enumerate() {
        let Some((year, rest)) = own else { return vec![] };
        let is_twin = |other: &Option<(u32, String)>| {
            other.as_ref().is_some_and(|(before, part)| before + 1 == *year && part == rest)
        };
        twins.extend(parts.iter().position(is_twin).map(|from| (from, to)));
    }
    twins
}

/// Sums of such that follow each other.
fn together(known: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sums = vec![];
    for from in 0..known.len().min(TOGETHER_MAX) {
        let (mut before, mut after) = (0.0, 0.0);
        for (one, other) in known.iter().skip(from).take(TOGETHER_MAX) {
            (before, after) = (before + one, after + other);
            sums.push((before, after));
        }
    }
    sums
}
