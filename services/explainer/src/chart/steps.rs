//! The steps of a flow and what follows each.

use super::Undrawable;
use super::content::{Content, Item};

/// More boxes than this are no picture any more.
const STEPS_MAX: usize = 20;

pub(super) struct Step<'c> {
    pub(super) label: &'c str,
    pub(super) next: Vec<Next<'c>>,
}

pub(super) struct Next<'c> {
    /// Index of the step.
    pub(super) to: usize,
    /// When it is taken.
    pub(super) condition: Option<&'c str>,
    /// Whether it leads back to a step on the way here.
    pub(super) is_back: bool,
}

pub(super) fn of(content: &Content) -> Result<Vec<Step<'_>>, Undrawable> {
    if !matches!(content.series.len(), 1 | 2) {
        return Err(Undrawable::Unfit([
            "流程图须有下一步一列，可以加一列条件",
            "a flow has a column of next steps, and may have a second of conditions",
        ]));
    }
    if content.rows.len() > STEPS_MAX {
        return Err(Undrawable::Unfit([
            "流程图最多二十步，请拆成几张图",
            "a flow has twenty steps at most; make several of it",
        ]));
    }
    let labels: Vec<&str> = content.rows.iter().map(|item| item.label.as_str()).collect();
    let mut steps = (1..)
        .zip(&content.rows)
        .map(|(row, item)| step(row, item, &labels))
        .collect::<Result<Vec<_>, _>>()?;
    if steps.iter().all(|step| step.next.is_empty()) {
        return Err(Undrawable::Unfit([
            "没有一步写有下一步，不成流程",
            "no step leads to another, so it is no flow",
        ]));
    }
    let mut seen = vec![Seen::Not; steps.len()];
    for start in 0..steps.len() {
        find_back(&mut steps, start, &mut seen);
    }
    Ok(steps)
}

fn step<'c>(row: usize, item: &'c Item, labels: &[&str]) -> Result<Step<'c>, Undrawable> {
    let refused = |why| Undrawable::Row { row, label: item.label.clone(), why };
    if labels.iter().filter(|label| **label == item.label).count() > 1 {
        return Err(refused(["与另一步同名", "another step has the same name"]));
    }
    let parts = |column: usize| {
        let text = item.cells.get(column).map_or("—", |cell| cell.text.as_str());
        let parts = text.split('、').map(str::trim).filter(|_| text != "—");
        parts.collect::<Vec<_>>()
    };
    let (names, conditions) = (parts(0), parts(1));
    if !conditions.is_empty() && conditions.len() != names.len() {
        return Err(refused([
            "条件与下一步的个数不同",
            "it has not as many conditions as next steps",
        ]));
    }
    let mut next: Vec<Next<'c>> = vec![];
    for (index, name) in names.into_iter().enumerate() {
        let Some(to) = labels.iter().position(|label| *label == name) else {
            return Err(refused(["下一步不在各步骤之中", "its next step is none of the steps"]));
        };
        if to + 1 == row || next.iter().any(|other| other.to == to) {
            return Err(refused([
                "下一步是它自己，或者写了两次",
                "its next step is itself, or is named twice",
            ]));
        }
        let condition = conditions.get(index).copied();
        let condition = condition.filter(|condition| !matches!(*condition, "" | "—"));
        next.push(Next { to, condition, is_back: false });
    }
    Ok(Step { label: &item.label, next })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Not,
    OnTheWay,
    Done,
}

/// Marks what leads back, from a step on; there are few steps, so it may call itself.
fn find_back(steps: &mut [Step<'_>], at: usize, seen: &mut [Seen]) {
    if seen.get(at) != Some(&Seen::Not) {
        return;
    }
    let set = |seen: &mut [Seen], state| {
        if let Some(slot) = seen.get_mut(at) {
            *slot = state;
        }
    };
    set(seen, Seen::OnTheWay);
    for index in 0..steps.get(at).map_or(0, |step| step.next.len()) {
        let next = steps.get_mut(at).and_then(|step| step.next.get_mut(index));
        let Some(next) = next else { continue };
        next.is_back = seen.get(next.to) == Some(&Seen::OnTheWay);
        let to = next.to;
        find_back(steps, to, seen);
    }
    set(seen, Seen::Done);
}
