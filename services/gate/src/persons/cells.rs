//! Tables, in CSV or in lines of text: numbers below or beside the cell that says what they are, and numbers
//! that stand one digit a cell, as forms have them.

use std::ops::Range;

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

/// A table's rows of cells, by their bytes.
type Rows = Vec<Vec<Range<usize>>>;

/// Student numbers below or beside their label; ID cards, and what is labelled, one digit a cell.
pub(super) fn find(text: &str, form: Form) -> Vec<Hit> {
    tables(text, form).iter().flat_map(|rows| find_in(text, rows)).collect()
}

fn find_in(text: &str, rows: &Rows) -> Vec<Hit> {
    let mut hits = vec![];
    let mut columns: Vec<bool> = vec![];
    for row in rows {
        let cells: Vec<&str> = row.iter().map(|range| cell(text, range)).collect();
        if cells.iter().all(|cell| cell.chars().all(|c| "-:".contains(c))) {
            continue; // below the headings, in Markdown
        }
        // A row without figures has headings, and ends what those above it said.
        let is_heading = !cells.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
        columns.resize(columns.len().max(cells.len()), false);
        let mut is_beside = false;
        for ((cell, range), is_below) in cells.iter().zip(row).zip(&mut columns) {
            if is_label(cell) {
                (*is_below, is_beside) = (true, true);
            } else if !cell.is_empty() {
                if (*is_below || is_beside) && is_number(cell) {
                    hits.push(Hit::new(&codes::STUDENT_NUMBER, range.clone(), cell));
                }
                *is_below &= !is_heading;
                is_beside = false;
            }
        }
        hits.extend(find_boxes(text, row));
    }
    hits
}

fn cell<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    text.get(range.clone()).unwrap_or_default()
}

fn bare(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_whitespace() && !is_hidden(*c)).collect()
}

/// Whether a cell says that those below or beside it hold students' numbers, not how many or which.
fn is_label(cell: &str) -> bool {
    let bare = bare(cell);
    bare.chars().count() <= LABEL_MAX
        && labelled::STUDENT.iter().any(|label| bare.contains(label))
        && !bare.contains(['数', '段', '范', '规', MASK])
        && !labelled::is_student_number(&signs_of(&bare))
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

/// Numbers that stand one digit a cell.
fn find_boxes(text: &str, row: &[Range<usize>]) -> Vec<Hit> {
    let mut hits = vec![];
    let (mut label, mut digits, mut ranges) = (String::new(), String::new(), vec![]);
    for range in row.iter().chain([&(0..0)]) {
        let signs = signs_of(cell(text, range));
        let is_box = signs.len() == 1 && bare(cell(text, range)).chars().count() == 1;
        if is_box {
            digits.push_str(&signs);
            ranges.push(range.clone());
            continue;
        }
        hits.extend(box_hit(text, &label, &digits, &ranges));
        (digits, ranges) = (String::new(), vec![]);
        label = bare(cell(text, range));
    }
    hits
}

fn box_hit(text: &str, label: &str, digits: &str, ranges: &[Range<usize>]) -> Option<Hit> {
    let hit = |code: &'static Code, from: usize, count: usize| {
        let range = ranges.get(from)?.start..ranges.get(from + count - 1)?.end;
        Some(Hit::new(code, range.clone(), text.get(range)?))
    };
    let is_id = |from: &usize| digits.get(*from..from + 18).is_some_and(checks::is_id_card);
    if let Some(from) = (0..digits.len()).find(is_id) {
        return hit(&codes::ID_CARD, from, 18);
    }
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    let code = if is_label(label) && labelled::is_student_number(digits) {
        &codes::STUDENT_NUMBER
    } else if says(&numbers::PHONES) && digits.len() == 11 && checks::is_mobile(digits) {
        &codes::MOBILE
    } else if says(&numbers::CARDS) && checks::is_bank_card(digits) {
        &codes::BANK_CARD
    } else {
        return None;
    };
    hit(code, 0, digits.len())
}

/// What a form asks of a person.
const OF_PERSONS: [&str; 10] = [
    "姓名",
    "身份证号",
    "身份证号码",
    "身份证",
    "出生日期",
    "出生年月",
    "住址",
    "监护人",
    "学号",
    "学籍号",
];

/// An office's open line is none where the table names a person.
pub(super) fn weigh(text: &str, form: Form, hits: &mut [Hit]) {
    let mut hits = hits.iter_mut().filter(|hit| hit.doubt == Some(Doubt::OpenLine)).peekable();
    if hits.peek().is_none() {
        return;
    }
    let names_person = |range: &Range<usize>| {
        let bare = bare(cell(text, range));
        let bare = bare.trim_end_matches([':', '：']);
        bare.chars().count() <= LABEL_MAX && OF_PERSONS.iter().any(|label| bare.ends_with(label))
    };
    for rows in tables(text, form) {
        let ends = rows.iter().flatten().next().zip(rows.iter().flatten().last());
        let Some((first, last)) = ends else { continue };
        let is_of_person = rows.iter().flatten().any(names_person);
        while hits.next_if(|hit| hit.range.start < first.start).is_some() {}
        while let Some(hit) = hits.next_if(|hit| hit.range.end <= last.end) {
            if is_of_person {
                (hit.doubt, hit.severity) = (None, hit.code.severity);
            }
        }
    }
}

fn tables(text: &str, form: Form) -> Vec<Rows> {
    match form {
        Form::Csv => vec![csv_rows(text)],
        Form::Lines => line_tables(text),
    }
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
        if cells.len() > 1 {
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
