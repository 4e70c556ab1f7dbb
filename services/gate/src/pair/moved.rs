//! A table's value in another row, column or table than in the policy: 二类 has what 一类 has there. Heads
//! are worded freely, so it warns.

use foldhash::{HashMap, HashSet};

use super::{contradictions::kind, figures::Figure};
use crate::document::is_letter;

/// Figures of one name or one value that are compared; of more, a name says nothing.
const ALIKE_MAX: usize = 40;

/// What a figure in a table is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Side {
    Row,
    Column,
    /// The row of one of several tables.
    Table,
}

const SIDES: [Side; 3] = [Side::Row, Side::Column, Side::Table];

/// The interpretation's figures in tables that the policy has in another row, column or table, with what
/// it has in this one.
pub(super) fn find(policy: &[Figure], interpretation: &[Figure]) -> Vec<(usize, usize)> {
    let (theirs, ours) = (Cells::of(policy), Cells::of(interpretation));
    let cells = ours.figures.iter().enumerate().filter(|(_, figure)| figure.row > 0);
    let moved = cells.filter_map(|(index, figure)| {
        SIDES.iter().find_map(|side| {
            let name = name(figure, *side)?;
            let there = theirs.called(figure, &name)?;
            if there.iter().any(|index| theirs.has(*index, &figure.value)) {
                return None;
            }
            // A row that gives all of the policy's values gives another quantity beside them.
            let given: HashSet<&str> = ours
                .on(*side, figure, &name)?
                .iter()
                .filter_map(|index| Some(interpretation.get(*index)?.value.as_str()))
                .collect();
            let lacks = |index: &&usize| {
                policy.get(**index).is_some_and(|theirs| {
                    !given.contains(theirs.value.as_str())
                        && (*side != Side::Column || is_called(theirs, &row(figure)))
                })
            };
            let rival = there.iter().find(lacks)?;
            let is_moved = |theirs: &Figure| {
                let mut others = SIDES.iter().filter_map(|side| self::name(theirs, *side));
                (*side == Side::Row || is_called(theirs, &row(figure)))
                    && others.any(|other| other != name && ours.on(*side, figure, &other).is_some())
            };
            let mut elsewhere = theirs.by_value.get(figure.value.as_str())?.iter();
            let is_moved = elsewhere.any(|index| policy.get(*index).is_some_and(is_moved));
            is_moved.then_some((index, *rival))
        })
    });
    moved.collect()
}

type ByName = HashMap<(&'static str, String), Vec<usize>>;

/// The figures of a text's tables.
struct Cells<'f> {
    figures: &'f [Figure],
    by_side: HashMap<Side, ByName>,
    by_value: HashMap<&'f str, Vec<usize>>,
}

impl<'f> Cells<'f> {
    fn of(figures: &'f [Figure]) -> Self {
        let mut by_side: HashMap<Side, ByName> = HashMap::default();
        let mut by_value: HashMap<&str, Vec<usize>> = HashMap::default();
        for (index, figure) in figures.iter().enumerate().filter(|(_, figure)| figure.row > 0) {
            for side in SIDES {
                let Some(name) = name(figure, side) else { continue };
                let by_name = by_side.entry(side).or_default();
                add(by_name.entry((kind(figure), name)).or_default(), index);
            }
            add(by_value.entry(&figure.value).or_default(), index);
        }
        Self { figures, by_side, by_value }
    }

    /// Those of a figure's kind under this name, if they are few.
    fn on(&self, side: Side, figure: &Figure, name: &str) -> Option<&[usize]> {
        let held = self.by_side.get(&side)?.get(&(kind(figure), name.to_owned()))?;
        (held.len() < ALIKE_MAX).then_some(held)
    }

    /// The same, whether the name is a row's or a column's: tables are turned round.
    fn called(&self, figure: &Figure, name: &str) -> Option<&[usize]> {
        SIDES.iter().find_map(|side| self.on(*side, figure, name))
    }

    fn has(&self, index: usize, value: &str) -> bool {
        self.figures.get(index).is_some_and(|figure| figure.value == value)
    }
}

fn add(held: &mut Vec<usize>, index: usize) {
    if held.len() < ALIKE_MAX {
        held.push(index);
    }
}

/// What a figure is called by on a side.
fn name(figure: &Figure, side: Side) -> Option<String> {
    let name = match side {
        Side::Row => row(figure),
        Side::Column => bare(figure.label.get(figure.row..)?),
        Side::Table => {
            let table = bare(&figure.table);
            if table.is_empty() { table } else { format!("{table}|{}", row(figure)) }
        }
    };
    (!name.is_empty()).then_some(name)
}

fn row(figure: &Figure) -> String {
    bare(figure.label.get(..figure.row).unwrap_or_default())
}

fn is_called(figure: &Figure, row: &str) -> bool {
    [Side::Row, Side::Column].iter().any(|side| name(figure, *side).is_some_and(|name| name == row))
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| is_letter(*c)).collect()
}
