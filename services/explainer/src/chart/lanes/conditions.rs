//! Where a condition may stand in lanes: on its own branch, below where arrows of one step part.

use super::{Places, Point, Run};

/// An arrow and those around it.
pub(super) struct Branch<'p, 's, 'c> {
    pub(super) run: &'p Run<'s, 'c>,
    pub(super) runs: &'p [Run<'s, 'c>],
    pub(super) line: &'p [Point],
    /// Where it runs sideways.
    pub(super) y: i32,
    /// Font size of conditions.
    pub(super) tick: i32,
}

impl Branch<'_, '_, '_> {
    /// Places for its condition, the best first; `middle` tells where a step stands.
    pub(super) fn places(&self, middle: impl Fn(usize) -> Option<i32>) -> Vec<Point> {
        let Self { run, y, tick, .. } = *self;
        let siblings = || self.runs.iter().filter(|other| are_siblings(run, other));
        let is_only = run.next.is_back || siblings().next().is_none();
        match self.line {
            [(x, _), (_, end)] if !is_only => {
                vec![(*x, end - tick * 9 / 5), (*x, i32::midpoint(y, *end))]
            }
            [(x, _), _] => vec![(*x, y)],
            [_, a, b, end] if !is_only => {
                // Beyond the last that branches off on its side.
                let side = (b.0 - a.0).signum();
                let far =
                    siblings().map(|other| (middle(other.next.to).unwrap_or(a.0) - a.0) * side);
                let own = (b.0 - a.0) * side;
                let shared = far.filter(|far| *far < own).max().unwrap_or(0).max(0);
                let beyond = (i32::midpoint(a.0 + side * shared, b.0), y);
                // On its way down, where no other comes in.
                let is_single = self.runs.iter().filter(|r| r.next.to == run.next.to).count() == 1;
                let down = is_single.then_some((b.0, end.1 - tick * 9 / 5));
                down.into_iter().chain([beyond]).collect()
            }
            [start, _, a, b, _] if !run.next.is_back => {
                // On its own way down; on the stem it would seem to be of all that branch off.
                let below = tick * 3 / 2;
                let down = [(a.0, i32::midpoint(a.1, b.1)), (a.0, a.1 + below), (a.0, b.1 - below)];
                let stem = is_only.then_some((i32::midpoint(start.0, a.0), y));
                down.into_iter().chain(stem).collect()
            }
            [_, a, b, ..] => {
                let middle = i32::midpoint(a.0, b.0);
                let mut places = vec![(i32::midpoint(middle, b.0), y), (middle, y), (b.0, y)];
                if run.next.is_back {
                    places.swap(0, 1);
                }
                places
            }
            _ => vec![],
        }
    }
}

/// Whether both lead on from one step.
fn are_siblings(run: &Run<'_, '_>, other: &Run<'_, '_>) -> bool {
    other.from == run.from && other.next.to != run.next.to && !other.next.is_back
}

/// Whether several arrows with conditions lead on from a step of a row.
pub(super) fn has_branches(runs: &[Run<'_, '_>], places: &Places, row: usize) -> bool {
    let onward = |run: &&Run<'_, '_>| !run.next.is_back && places.at(run.from).0 == row;
    let branches = |run: &Run<'_, '_>| runs.iter().any(|other| are_siblings(run, other));
    runs.iter().filter(onward).any(|run| run.next.condition.is_some() && branches(run))
}
