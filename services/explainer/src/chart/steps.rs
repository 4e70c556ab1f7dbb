//! The steps of a flow and what follows each.

use super::Undrawable;
use super::content::{Content, Item};

/// More boxes than this are no picture any more.
const STEPS_MAX: usize = 20;

pub(super) struct Step<'c> {
    pub(super) label: &'c str,
    /// Who does it.
    pub(super) role: Option<&'c str>,
    /// What stands below its name.
    pub(super) note: Option<&'c str>,
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
    let columns = Columns::of(&content.series)?;
    if content.rows.len() > STEPS_MAX {
        return Err(Undrawable::Unfit([
            "流程图最多二十步，请拆成几张图",
            "a flow has twenty steps at most; make several of it",
        ]));
    }
    let labels: Vec<&str> = content.rows.iter().map(|item| item.label.as_str()).collect();
    let mut steps = (1..)
        .zip(&content.rows)
        .map(|(row, item)| step(row, item, &labels, &columns))
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

/// What each column after the next steps holds, by its heading.
#[derive(Default)]
struct Columns {
    condition: Option<usize>,
    role: Option<usize>,
    note: Option<usize>,
}

impl Columns {
    fn of(series: &[String]) -> Result<Self, Undrawable> {
        let mut columns = Self::default();
        for (column, heading) in series.iter().enumerate().skip(1) {
            let has = |words: &[&str]| words.iter().any(|word| heading.contains(word));
            let slot = if has(&ROLES) {
                &mut columns.role
            } else if has(&NOTES) {
                &mut columns.note
            } else {
                &mut columns.condition
            };
            if slot.replace(column).is_some() {
                return Err(Undrawable::Unfit([
                    "流程图的列是下一步，可以加条件、主体、说明各一列",
                    "a flow has a column of next steps, and may have one each of conditions, roles and notes",
                ]));
            }
        }
        Ok(columns)
    }
}

/// How a column is headed that says who does a step, and what is to be known of it.
const ROLES: [&str; 5] = ["主体", "角色", "部门", "单位", "role"];
const NOTES: [&str; 4] = ["说明", "备注", "时限", "note"];

fn step<'c>(
    row: usize,
    item: &'c Item,
    labels: &[&str],
    columns: &Columns,
) -> Result<Step<'c>, Undrawable> {
    let refused = |why| Undrawable::Row { row, label: item.label.clone(), why };
    if labels.iter().filter(|label| **label == item.label).count() > 1 {
        return Err(refused([
            "与另一步同名，请改名",
            "has the name of another step; rename one of them",
        ]));
    }
    let said = |column: Option<usize>| {
        let text = column.and_then(|column| item.cells.get(column)).map(|cell| cell.text.as_str());
        text.filter(|text| !matches!(*text, "" | "—"))
    };
    let names = said(Some(0)).map_or(vec![], |text| split(text, |text| labels.contains(&text)));
    let conditions = said(columns.condition);
    let conditions = conditions.map_or(vec![], |text| split_into(text, names.len()));
    let role = said(columns.role);
    if columns.role.is_some() && role.is_none() {
        return Err(refused([
            "没有写由谁办理，请补上办理主体",
            "does not say who does it; fill in its role",
        ]));
    }
    if !conditions.is_empty() && conditions.len() != names.len() {
        return Err(refused([
            "条件与下一步的个数不同：每个下一步写一个条件，次序相同，用“、”隔开，如下一步写“受理、补正”，条件写“齐全、不齐”；无条件的写“—”",
            "it has not as many conditions as next steps: one for each in the same order, separated by 、, as 齐全、不齐 for \
             受理、补正; — where there is none",
        ]));
    }
    let mut next: Vec<Next<'c>> = vec![];
    for (index, name) in names.into_iter().enumerate() {
        let Some(to) = labels.iter().position(|label| *label == name) else {
            return Err(refused([
                "写的下一步不是任何一步的名称，请与第一列写得一致；几个下一步用“、”隔开，如“受理、补正”",
                "has a next step that is none of the steps; write it as in the first column, and several separated by 、, as \
                 受理、补正",
            ]));
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
    Ok(Step { label: &item.label, role, note: said(columns.note), next })
}

/// What people put between several of a cell; the first is the usual one.
const BETWEEN: [&[char]; 4] = [&['、'], &['；', ';'], &['，', ','], &['/', '／']];

fn parts<'t>(text: &'t str, marks: &[char]) -> Vec<&'t str> {
    text.split(marks).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Of a cell all that is known, by whichever mark parts it; a name may have a mark in it: 受理、审核.
fn split(text: &str, is_known: impl Fn(&str) -> bool) -> Vec<&str> {
    if is_known(text.trim()) {
        return vec![text.trim()];
    }
    let all: Vec<char> = BETWEEN.concat();
    let mut ways = BETWEEN.into_iter().chain([all.as_slice()]).map(|marks| parts(text, marks));
    let known = ways.find(|parts| parts.iter().all(|part| is_known(part)));
    known.unwrap_or_else(|| parts(text, &['、']))
}

/// So many of a cell, by the first mark that makes so many of it.
fn split_into(text: &str, count: usize) -> Vec<&str> {
    let mut ways = BETWEEN.into_iter().map(|marks| parts(text, marks));
    ways.find(|parts| parts.len() == count).unwrap_or_else(|| vec![text])
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
