//! Numbers over several cells: cut in two or three in a row, one digit a row down a column.

use std::{collections::BTreeMap, ops::Range};

use lockstep_proto::finding::Severity;

use super::{
    super::{Doubt, Hit, checks, labelled, numbers, runs::is_dash, table, whom},
    BYTES_MAX, LABEL_MAX, Label, Rows, bare, box_sign, cell, label_of,
};
use crate::codes;

/// A number is cut into so many cells at most.
const PIECES_MAX: usize = 4;

/// What stands above or beside a cell, as far as it says whose number that is.
#[derive(Default, Clone, Copy)]
pub(super) struct Said<'t>(pub &'t str);

impl Said<'_> {
    /// Longer ones are no labels.
    fn label(self) -> String {
        let label = if self.0.len() <= BYTES_MAX { bare(self.0) } else { String::new() };
        if label.chars().count() <= LABEL_MAX { label } else { String::new() }
    }

    pub(super) fn has(&self, words: &[&str]) -> bool {
        let said = self.label().to_ascii_lowercase();
        words.iter().any(|word| said.contains(word))
    }

    /// Whether it names a figure or a year.
    pub(super) fn measures(&self) -> bool {
        const UNITS: &str = "年月率%％个人次户件分";
        self.has(&table::FIGURES) || self.label().contains(|c| UNITS.contains(c))
    }
}

/// Identity numbers by check and label, telephones and cards by their label; what only looks like one warns.
pub(super) fn find(text: &str, rows: &Rows) -> Vec<Hit> {
    let mut hits = vec![];
    let mut headings: Vec<Said<'_>> = vec![];
    let mut likely: BTreeMap<(usize, usize), Likely> = BTreeMap::new();
    let mut columns: Vec<Column> = vec![];
    for row in rows {
        let cells: Vec<(&str, &Range<usize>)> =
            row.iter().map(|range| (cell(text, range), range)).collect();
        if cells.iter().all(|(cell, _)| cell.chars().all(|c| "-:".contains(c))) {
            continue;
        }
        headings.resize(headings.len().max(cells.len()), Said::default());
        columns.resize_with(columns.len().max(cells.len()), Column::default);
        let is_alone = cells.iter().filter(|(cell, _)| !cell.is_empty()).count() == 1;
        for (at, (cell, range)) in cells.iter().enumerate() {
            let (Some(heading), Some(column)) = (headings.get_mut(at), columns.get_mut(at)) else {
                continue;
            };
            if column.add(cell, range, is_alone) {
                continue;
            }
            hits.extend(column.end(heading));
            if cell.contains(char::is_alphabetic) {
                *heading = Said(cell);
            }
        }
        hits.extend(find_cut(text, &cells, &headings, &mut likely));
    }
    for (column, heading) in columns.iter_mut().zip(&headings) {
        hits.extend(column.end(heading));
    }
    let likely = likely.into_values().filter(|likely| !likely.is_refuted);
    hits.extend(likely.flat_map(|likely| likely.hits));
    hits.sort_by_key(|hit| hit.range.start);
    hits
}

/// Cells side by side that would be telephones in one row, and are none in another: figures.
#[derive(Default)]
struct Likely {
    hits: Vec<Hit>,
    is_refuted: bool,
}

/// Numbers cut into cells of one row.
fn find_cut(
    text: &str,
    cells: &[(&str, &Range<usize>)],
    headings: &[Said<'_>],
    likely: &mut BTreeMap<(usize, usize), Likely>,
) -> Vec<Hit> {
    let mut hits = vec![];
    let pieces: Vec<String> = cells.iter().map(|(cell, _)| piece(cell)).collect();
    let mut at = 0;
    while at < pieces.len() {
        let mut taken = 1;
        for count in 2..=PIECES_MAX {
            let Some(parts) = pieces.get(at..at + count) else { break };
            if parts.iter().any(|part| part.len() < 2) {
                break;
            }
            let beside = at.checked_sub(1).and_then(|at| cells.get(at));
            let beside = beside.map(|(cell, _)| Said(cell)).unwrap_or_default();
            let above = headings.get(at..at + count).unwrap_or_default();
            let ends = cells.get(at).zip(cells.get(at + count - 1));
            let Some(((_, first), (_, last))) = ends else { break };
            let range = first.start..last.end;
            let raw = text.get(range.clone()).unwrap_or_default();
            match weigh(parts, &beside, above) {
                Weight::Sure(code) => {
                    hits.push(Hit::new(code, range, raw));
                    taken = count;
                    break;
                }
                Weight::Open => {
                    let hit = Hit::new(&codes::MOBILE, range, raw);
                    hits.push(hit.doubted(Some(Doubt::OpenLine)));
                    taken = count;
                    break;
                }
                Weight::Likely(code) => {
                    let hit = Hit::new(code, range, raw);
                    let likely = likely.entry((at, count)).or_default();
                    likely.hits.push(hit.doubted(Some(Doubt::Likeness)));
                }
                Weight::None => likely.entry((at, count)).or_default().is_refuted = true,
            }
        }
        at += taken;
    }
    hits
}

/// The digits of a cell that holds nothing else, or an identity number's end.
fn piece(cell: &str) -> String {
    let is_sign = |c: char| c.is_ascii_digit() || matches!(c, 'x' | 'X');
    // Most cells hold words.
    if cell.len() > BYTES_MAX || cell.contains(|c| matches!(c, '\u{4e00}'..='\u{9fff}')) {
        return String::new();
    }
    let bare = bare(cell);
    let digits: String = bare.chars().filter(|c| !is_dash(*c)).collect();
    let fits = digits.chars().all(is_sign) && digits.len() <= 18 && !bare.starts_with('-');
    if fits { digits.to_ascii_uppercase() } else { String::new() }
}

enum Weight {
    None,
    Likely(&'static codes::Code),
    Open,
    Sure(&'static codes::Code),
}

fn weigh(parts: &[String], beside: &Said, above: &[Said]) -> Weight {
    let joined = parts.concat();
    let says = |words: &[&str]| beside.has(words) || above.iter().any(|said| said.has(words));
    if checks::is_id_card(&joined) {
        // A district's code, a day and a serial number side by side pass the check once in eleven times.
        let is_said = says(&["身份证", "证件号", "身份号"]);
        if is_said { Weight::Sure(&codes::ID_CARD) } else { Weight::Likely(&codes::ID_CARD) }
    } else if checks::is_bank_card(&joined) && says(&numbers::CARDS) {
        Weight::Sure(&codes::BANK_CARD)
    } else if !checks::is_mobile(&joined) {
        Weight::None
    } else if says(&numbers::PHONES) {
        let said = || std::iter::once(beside).chain(above).map(|said| said.label());
        let is_open = said().any(|label| whom::is_own_line(&label))
            && !said().any(|label| whom::tells_of_persons(&label) || whom::is_name(&label));
        if is_open { Weight::Open } else { Weight::Sure(&codes::MOBILE) }
    } else {
        let lengths: Vec<usize> = parts.iter().map(String::len).collect();
        let is_grouped = matches!(lengths.as_slice(), [3, 8] | [7, 4] | [3, 4, 4]);
        let is_figure = beside.measures() || above.iter().any(Said::measures);
        if is_grouped && !is_figure { Weight::Likely(&codes::MOBILE) } else { Weight::None }
    }
}

/// Digits one below the other.
#[derive(Default)]
struct Column {
    digits: String,
    first: Range<usize>,
    /// Whether other cells of their rows hold something.
    has_neighbours: bool,
}

impl Column {
    /// Takes a cell in that holds one digit.
    fn add(&mut self, cell: &str, range: &Range<usize>, is_alone: bool) -> bool {
        let Some(sign) = box_sign(cell) else { return false };
        if self.digits.is_empty() {
            self.first = range.clone();
        }
        self.digits.push(sign);
        self.has_neighbours |= !is_alone;
        true
    }

    /// What they are, below this heading. Single figures stand in many a table.
    fn end(&mut self, heading: &Said) -> Option<Hit> {
        if self.digits.is_empty() {
            return None;
        }
        let Self { digits, first, has_neighbours } = std::mem::take(self);
        let is_id = |from: &usize| digits.get(*from..from + 18).is_some_and(checks::is_id_card);
        let hit = |code, number: &str| Some(Hit::new(code, first.clone(), number).scattered());
        if let Some(from) = (0..digits.len()).find(is_id) {
            return hit(&codes::ID_CARD, digits.get(from..from + 18)?);
        }
        let is_student = label_of(heading.0) == Some(Label::Student);
        if is_student && !has_neighbours && labelled::is_student_number(&digits) {
            hit(&codes::STUDENT_NUMBER, &digits)
        } else if checks::is_bank_card(&digits) && heading.has(&numbers::CARDS) {
            hit(&codes::BANK_CARD, &digits)
        } else if !checks::is_mobile(&digits) {
            None
        } else if heading.has(&numbers::PHONES) {
            hit(&codes::MOBILE, &digits)
        } else {
            let likely = hit(&codes::MOBILE, &digits).filter(|_| !has_neighbours);
            likely.map(|hit| Hit { severity: Severity::Warning, ..hit })
        }
    }
}
