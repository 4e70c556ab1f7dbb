//! Two values of a sentence that changed places: 市级60%，区级40% for 市级40%，区级60%. That the names are of
//! one thing cannot be sure where they are shortened, so it warns.

use std::collections::HashMap;

use super::figures::{Figure, Part};

/// Characters at the beginning of what is said of a figure that say whose it is.
const KEY: usize = 2;
/// Neighbours with the same two values that are compared.
const ALIKE_MAX: usize = 20;

/// The interpretation's figures that have what the policy gives to their neighbours, with the policy's
/// figure for them.
pub(super) fn find(policy: &[Figure], interpretation: &[Figure]) -> Vec<(usize, usize)> {
    let mut by_values: HashMap<_, Vec<Neighbours<'_>>> = HashMap::new();
    for pair in neighbours(policy) {
        let held = by_values.entry(pair.values()).or_default();
        if held.len() < ALIKE_MAX {
            held.push(pair);
        }
    }
    let exchanged = neighbours(interpretation).into_iter().filter_map(|ours| {
        let keys = [key(ours.first)?, key(ours.second)?];
        let mut agrees = false;
        let mut rival = None;
        for pair in by_values.get(&ours.values())? {
            // Two tables are compared cell by cell.
            if ours.first.row > 0 && pair.first.row > 0 {
                continue;
            }
            let (one_said, other_said) = (said(pair.first), said(pair.second));
            let are = |first: &str, second: &str| {
                first.contains(&keys[0])
                    && second.contains(&keys[1])
                    && !first.contains(&keys[1])
                    && !second.contains(&keys[0])
            };
            let is_same_order = pair.first.value == ours.first.value;
            // Whose the first value is in the policy.
            let (of_first, of_second) =
                if is_same_order { (one_said, other_said) } else { (other_said, one_said) };
            agrees |= are(of_first, of_second);
            if are(of_second, of_first) {
                rival = Some(if is_same_order { pair.places.1 } else { pair.places.0 });
            }
        }
        rival.filter(|_| !agrees).map(|rival| (ours.places.0, rival))
    });
    exchanged.collect()
}

/// Two figures of a sentence, or of a table's column, and their places in the list.
struct Neighbours<'f> {
    first: &'f Figure,
    second: &'f Figure,
    places: (usize, usize),
}

impl<'f> Neighbours<'f> {
    /// Their kind and both values, the lesser first.
    fn values(&self) -> (&'f str, &'f str, &'f str) {
        let (one, other) = (self.first.value.as_str(), self.second.value.as_str());
        (self.first.unit, one.min(other), one.max(other))
    }
}

/// Rows of a table that are compared with one.
const ROWS_NEAR: usize = 3;

fn neighbours(figures: &[Figure]) -> Vec<Neighbours<'_>> {
    let mut found = vec![];
    let mut columns: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    let mut push = |one: usize, other: usize| {
        let (Some(first), Some(second)) = (figures.get(one), figures.get(other)) else { return };
        if are_neighbours(first, second) {
            found.push(Neighbours { first, second, places: (one, other) });
        }
    };
    let mut last = 0;
    for (index, figure) in figures.iter().enumerate().filter(|(_, figure)| !figure.is_weak) {
        if figure.row == 0 {
            push(last, index);
            last = index;
            continue;
        }
        let column = figure.label.get(figure.row..).unwrap_or_default();
        let above = columns.entry((&figure.table, column)).or_default();
        above.iter().rev().take(ROWS_NEAR).for_each(|one| push(*one, index));
        above.push(index);
    }
    found
}

fn are_neighbours(first: &Figure, second: &Figure) -> bool {
    let is_near = match (first.row, second.row) {
        (0, 0) => second.lead.starts_with(&first.lead) && second.lead.len() > first.lead.len(),
        (0, _) | (_, 0) => false,
        _ => true,
    };
    let is_plain =
        |figure: &Figure| !figure.is_weak && figure.part == Part::Alone && !figure.unit.is_empty();
    let differ = first.value != second.value && first.unit == second.unit;
    is_near && differ && is_plain(first) && is_plain(second)
}

/// Whose a figure is: its row, or what the sentence says right before it.
fn said(figure: &Figure) -> &str {
    match figure.label.get(..figure.row).filter(|row| !row.is_empty()) {
        Some(row) => row,
        None => figure.lead.rsplit(['，', ',', '、', '：', ':', '；']).next().unwrap_or_default(),
    }
}

/// 市级 of 市级承担, 硕士 of 对硕士给予; a table's row is called as it is.
fn key(figure: &Figure) -> Option<String> {
    if figure.row > 0 {
        return Some(said(figure).to_owned());
    }
    let said = said(figure).trim_start_matches(['对', '由', '其', '中']);
    let key: String = said.chars().filter(|c| c.is_alphabetic()).take(KEY).collect();
    (key.chars().count() == KEY).then_some(key)
}
