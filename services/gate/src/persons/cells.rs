//! Tables, in CSV or in lines of text: numbers below or beside the cell that says what they are, and numbers
//! that stand one digit a cell, as forms have them.

mod headed;
mod joined;
mod offices;

use std::ops::Range;

pub(super) use headed::weigh as weigh_by_heads;
use joined::Said;
pub(super) use offices::weigh;

use super::{
    Doubt, Hit, MASK, checks, labelled, numbers,
    runs::{is_hidden, sign_of},
    signs_of,
};
use crate::codes::{self, Code};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The whole text is one.
    Csv,
    /// Lines of cells between `|`, as Markdown has them and Word files come out, between tabs, or set apart
    /// by blanks.
    Lines,
}

/// Characters of a cell that says what others hold, at most.
const LABEL_MAX: usize = 20;
/// Bytes of a cell that are looked at for a label, blanks and all: what is longer is none.
const BYTES_MAX: usize = 200;

/// A table's rows of cells, by their bytes.
type Rows = Vec<Vec<Range<usize>>>;

/// What a cell says of those below or beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Student,
    Card,
    Identity,
}

/// Students' and cards' numbers below or beside their label; ID cards, and what is labelled, one digit a cell.
pub(super) fn find(text: &str, form: Form) -> Vec<Hit> {
    let tables = tables(text, form);
    let hits = tables
        .iter()
        .flat_map(|rows| find_in(text, rows).into_iter().chain(joined::find(text, rows)));
    hits.collect()
}

fn find_in(text: &str, rows: &Rows) -> Vec<Hit> {
    let mut hits = vec![];
    let mut columns: Vec<Option<Label>> = vec![];
    let mut headings: Vec<Said<'_>> = vec![];
    for row in rows {
        let cells: Vec<&str> = row.iter().map(|range| cell(text, range)).collect();
        if cells.iter().all(|cell| cell.chars().all(|c| "-:".contains(c))) {
            continue; // below the headings, in Markdown
        }
        // A row without figures has headings, and ends what those above it said.
        let is_heading = !cells.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
        columns.resize(columns.len().max(cells.len()), None);
        let mut beside = None;
        for ((cell, range), below) in cells.iter().zip(row).zip(&mut columns) {
            if let Some(label) = label_of(cell) {
                (*below, beside) = (Some(label), Some(label));
            } else if !cell.is_empty() {
                hits.extend(beside.or(*below).and_then(|label| labelled_hit(label, cell, range)));
                below.take_if(|_| is_heading);
                beside = None;
            }
        }
        hits.extend(find_boxes(text, row, &headings));
        headings.resize(headings.len().max(cells.len()), Said::default());
        for (cell, heading) in cells.iter().zip(&mut headings) {
            if cell.contains(char::is_alphabetic) {
                *heading = Said(cell);
            }
        }
    }
    hits
}

fn cell<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    text.get(range.clone()).unwrap_or_default()
}

fn bare(cell: &str) -> String {
    let mut bare = String::with_capacity(cell.len());
    bare.extend(cell.chars().filter(|c| !c.is_whitespace() && !is_hidden(*c)));
    bare
}

/// What a cell says that those below or beside it hold, not how many or which of them.
fn label_of(cell: &str) -> Option<Label> {
    // Asked of every cell: all labels have one of these in them.
    if cell.len() > BYTES_MAX || !cell.contains(['号', '卡']) {
        return None;
    }
    let bare = bare(cell);
    let says = |words: &[&str]| words.iter().any(|word| bare.contains(word));
    let label = if says(&labelled::STUDENT) {
        Label::Student
    } else if says(&numbers::CARDS) {
        Label::Card
    } else if says(&numbers::IDENTITY) {
        Label::Identity
    } else {
        return None;
    };
    let is_label = bare.chars().count() <= LABEL_MAX
        && !bare.contains(['数', '段', '范', '规', MASK])
        && !labelled::is_student_number(&signs_of(&bare));
    is_label.then_some(label)
}

fn labelled_hit(label: Label, cell: &str, range: &Range<usize>) -> Option<Hit> {
    match label {
        Label::Student => {
            is_number(cell).then(|| Hit::new(&codes::STUDENT_NUMBER, range.clone(), cell))
        }
        Label::Card => {
            let digits = bare(cell);
            let fits =
                (16..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            // Cards of other kinds have numbers without this check.
            let doubt = (!checks::is_bank_card(&digits)).then_some(Doubt::Likeness);
            fits.then(|| Hit::new(&codes::BANK_CARD, range.clone(), cell).doubted(doubt))
        }
        // A slip leaves it a person's. What passes its check is known by that.
        Label::Identity => {
            let signs = signs_of(&bare(cell));
            let (body, last) = signs.split_at_checked(17)?;
            let fits = body.bytes().all(|b| b.is_ascii_digit())
                && matches!(last.as_bytes(), [b'0'..=b'9' | b'X'])
                && !checks::is_id_card(&signs);
            let hit = || Hit::new(&codes::ID_CARD, range.clone(), cell);
            fits.then(|| hit().doubted(Some(Doubt::Likeness)))
        }
    }
}

/// Whether a cell holds a student's number and nothing else.
fn is_number(cell: &str) -> bool {
    let bare = bare(cell);
    let signs = signs_of(&bare);
    let bare = bare.trim_matches(['\'', '"', '*', '`']);
    bare.chars().all(|c| sign_of(c).is_some() || c == '-') && {
        let halves = bare.split_once('-').map(|(one, other)| (one.len(), other.len()));
        let is_range = halves.is_some_and(|(one, other)| one == other);
        !is_range && signs.len() <= labelled::NUMBER_MAX && labelled::is_student_number(&signs)
    }
}

/// Numbers that stand one digit a cell, below these headings.
fn find_boxes(text: &str, row: &[Range<usize>], headings: &[Said<'_>]) -> Vec<Hit> {
    let mut hits = vec![];
    let (mut label, mut digits, mut ranges) = (&(0..0), String::new(), vec![]);
    for (at, range) in row.iter().chain([&(0..0)]).enumerate() {
        if let Some(sign) = box_sign(cell(text, range)) {
            digits.push(sign);
            ranges.push(range.clone());
            continue;
        }
        if !digits.is_empty() {
            let above = headings.get(at - ranges.len()..at.min(headings.len())).unwrap_or_default();
            hits.extend(box_hit(text, &bare(cell(text, label)), above, &digits, &ranges));
            (digits, ranges) = (String::new(), vec![]);
        }
        label = range;
    }
    hits
}

/// The sign of a cell that shows nothing else.
fn box_sign(cell: &str) -> Option<char> {
    if cell.len() > BYTES_MAX {
        return None;
    }
    let mut shown = cell.chars().filter(|c| !c.is_whitespace() && !is_hidden(*c));
    let sign = sign_of(shown.next()?);
    sign.filter(|_| shown.next().is_none())
}

fn box_hit(
    text: &str,
    label: &str,
    above: &[Said<'_>],
    digits: &str,
    ranges: &[Range<usize>],
) -> Option<Hit> {
    let hit = |code: &'static Code, from: usize, count: usize| {
        let range = ranges.get(from)?.start..ranges.get(from + count - 1)?.end;
        Some(Hit::new(code, range.clone(), text.get(range)?))
    };
    let is_id = |from: &usize| digits.get(*from..from + 18).is_some_and(checks::is_id_card);
    if let Some(from) = (0..digits.len()).find(is_id) {
        return hit(&codes::ID_CARD, from, 18);
    }
    let says = |words: &[&str]| {
        words.iter().any(|word| label.contains(word)) || above.iter().any(|said| said.has(words))
    };
    let is_mobile = checks::is_mobile(digits);
    let is_figure = Said(label).measures() || above.iter().any(Said::measures);
    if is_mobile && !says(&numbers::PHONES) && !is_figure {
        return Some(hit(&codes::MOBILE, 0, digits.len())?.doubted(Some(Doubt::Likeness)));
    }
    let code = if label_of(label) == Some(Label::Student) && labelled::is_student_number(digits) {
        &codes::STUDENT_NUMBER
    } else if says(&numbers::PHONES) && is_mobile {
        &codes::MOBILE
    } else if says(&numbers::CARDS) && checks::is_bank_card(digits) {
        &codes::BANK_CARD
    } else {
        return None;
    };
    hit(code, 0, digits.len())
}

/// The tables that a text draws with `|`, by their cells, without the lines below Markdown's headings.
pub(super) fn drawn(text: &str) -> Vec<Rows> {
    let is_drawn = |row: &[Range<usize>]| {
        let ends = row.first().zip(row.last());
        let raw = ends.and_then(|(first, last)| text.get(first.start..last.end));
        raw.is_some_and(|raw| raw.contains('|'))
            && row.iter().any(|range| cell(text, range).contains(|c| !"-: ".contains(c)))
    };
    if !text.contains('|') {
        return vec![];
    }
    let mut tables = line_tables(text);
    for rows in &mut tables {
        rows.retain(|row| is_drawn(row));
    }
    tables
}

fn tables(text: &str, form: Form) -> Vec<Rows> {
    match form {
        Form::Csv => vec![csv_rows(text)],
        Form::Lines => line_tables(text),
    }
}

/// Each table that holds some of the hits, with those.
fn with_tables(
    text: &str,
    form: Form,
    hits: &mut [Hit],
    mut weigh: impl FnMut(&Rows, &mut [&mut Hit]),
) {
    // Most texts hold no number.
    if hits.is_empty() {
        return;
    }
    let mut hits = hits.iter_mut().peekable();
    for rows in tables(text, form) {
        let ends = rows.iter().flatten().next().zip(rows.iter().flatten().last());
        let Some((first, last)) = ends else { continue };
        while hits.next_if(|hit| hit.range.start < first.start).is_some() {}
        let mut within = vec![];
        while let Some(hit) = hits.next_if(|hit| hit.range.end <= last.end) {
            within.push(hit);
        }
        if !within.is_empty() {
            weigh(&rows, &mut within);
        }
    }
}

/// Whether signs and not blanks alone part a table's cells.
fn is_parted(text: &str, form: Form, rows: &Rows) -> bool {
    let ends = rows.iter().flatten().next().zip(rows.iter().flatten().last());
    let raw = ends.and_then(|(first, last)| text.get(first.start..last.end));
    form == Form::Csv || raw.is_some_and(|raw| raw.contains(['|', '\t']))
}

/// Cells between commas, quoted or not.
fn csv_rows(text: &str) -> Rows {
    let (mut rows, mut row) = (vec![], vec![]);
    let (mut start, mut is_quoted) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' | '\n' if !is_quoted => {
                row.push(trimmed(text, start..at, &['"', ' ', '\r', '\u{feff}']));
                start = at + 1;
                if c == '\n' {
                    rows.push(std::mem::take(&mut row));
                }
            }
            _ => {}
        }
    }
    row.push(trimmed(text, start..text.len(), &['"', ' ', '\r', '\u{feff}']));
    rows.push(row);
    rows
}

/// Tables are lines of several cells, one below the other.
fn line_tables(text: &str) -> Vec<Rows> {
    let (mut tables, mut rows) = (vec![], vec![]);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let cells = line_cells(text, trimmed(text, start..start + line.len(), BLANKS));
        // Digits one a line are a table of one column.
        let is_box = cells.iter().all(|range| range.len() == 1);
        if cells.len() > 1 || (is_box && !line.trim().is_empty()) {
            rows.push(cells);
        } else if !rows.is_empty() {
            tables.push(std::mem::take(&mut rows));
        }
        start += line.len();
    }
    tables.push(rows);
    tables
}

fn line_cells(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let raw = text.get(line.clone()).unwrap_or_default();
    let sign = ['|', '\t'].into_iter().find(|sign| raw.contains(*sign));
    // Asked of every line; most are no row.
    if sign.is_none() && !raw.contains(' ') && !raw.contains('\u{3000}') {
        return vec![trimmed(text, line, BLANKS)];
    }
    let mut cells = vec![];
    let (mut start, mut blanks) = (line.start, 0);
    for (at, c) in raw.char_indices() {
        blanks = if matches!(c, ' ' | '\u{3000}') { blanks + 1 } else { 0 };
        if sign.map_or(blanks == 2, |sign| c == sign) {
            cells.push(trimmed(text, start..line.start + at, BLANKS));
            start = line.start + at + c.len_utf8();
        }
    }
    cells.push(trimmed(text, start..line.end, BLANKS));
    cells
}

const BLANKS: &[char] = &[' ', '\u{3000}', '\t', '\r', '\n', '*', '`'];

fn trimmed(text: &str, range: Range<usize>, blanks: &[char]) -> Range<usize> {
    let raw = text.get(range.clone()).unwrap_or_default();
    let inner = raw.trim_start_matches(blanks);
    let start = range.end - inner.len();
    start..start + inner.trim_end_matches(blanks).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_known() {
        for label in labelled::STUDENT {
            assert_eq!(label_of(label), Some(Label::Student), "{label}");
        }
        for label in numbers::CARDS {
            assert_eq!(label_of(label), Some(Label::Card), "{label}");
        }
    }
}
