//! Tables: columns headed as personal data, and figures that only look like a mobile number.

use std::ops::Range;

use lockstep_proto::finding::Severity;

use super::{Doubt, Hit, MASK, cells, labelled};
use crate::codes;

/// Whether a cell holds what the heading announces.
type Holds = fn(&str) -> bool;

/// What a heading says, and what its cells hold if it says so rightly. Whose the numbers of a table are is
/// asked of more words (`whom`): these are the columns that are personal data themselves.
const COLUMNS: [(&[&str], Holds); 5] = [
    (&["姓名"], is_name),
    (&["身份证", "证件号"], |cell| signs(cell) >= 8),
    (&["手机", "家庭电话", "家长电话", "监护人电话"], |cell| signs(cell) >= 7),
    (&labelled::STUDENT, |cell| signs(cell) >= 5),
    (&["住址", "家庭地址", "户籍地址", "居住地址"], is_address),
];

/// TS606 for every column of personal data; a masked or an empty one is none.
pub(super) fn columns(text: &str) -> Vec<Hit> {
    let bare = from_headings(text);
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bare.as_bytes());
    let Ok(headers) = reader.headers().cloned() else { return vec![] };
    let mut open: Vec<Option<Holds>> = headers.iter().map(holds_of).collect();
    let mut found: Vec<usize> = vec![];
    for record in reader.records().map_while(Result::ok) {
        // By cells, not by headings: there may be many of either, not of both.
        for (index, (cell, column)) in record.iter().zip(&mut open).enumerate() {
            if column.take_if(|holds| !is_masked(cell) && holds(cell)).is_some() {
                found.push(index);
            }
        }
    }
    found.sort_unstable();
    let start = text.len() - bare.len();
    let end = start + bare.lines().next().map_or(0, str::len);
    found
        .into_iter()
        .filter_map(|index| headers.get(index))
        .map(|header| column(header, start..end))
        .collect()
}

/// The same in tables that a text draws with `|`. Who holds which office 职务 is no personal matter.
pub(super) fn drawn_columns(text: &str) -> Vec<Hit> {
    let cell = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    let mut found = vec![];
    for rows in cells::drawn(text) {
        // A title over the table has one cell.
        let is_heading =
            |row: &&Vec<Range<usize>>| row.iter().filter(|c| !c.is_empty()).count() > 1;
        let mut rows = rows.iter().skip_while(|row| !is_heading(row));
        let Some(headings) = rows.next() else { continue };
        if headings.iter().any(|heading| cell(heading).contains("职务")) {
            continue;
        }
        let mut open: Vec<Option<Holds>> = headings.iter().map(|h| holds_of(cell(h))).collect();
        for row in rows {
            for ((range, heading), holds) in row.iter().zip(headings).zip(&mut open) {
                let value = cell(range);
                if holds.take_if(|holds| !is_masked(value) && holds(value)).is_some() {
                    found.push(column(cell(heading), heading.clone()));
                }
            }
        }
    }
    found.sort_by_key(|hit| hit.range.start);
    found
}

fn holds_of(header: &str) -> Option<Holds> {
    let mut columns = COLUMNS.iter();
    let named = columns.find(|(named, _)| named.iter().any(|name| header.contains(name)));
    named.map(|(_, holds)| *holds)
}

fn column(header: &str, range: Range<usize>) -> Hit {
    let code = &codes::PERSONAL_COLUMN;
    Hit { code, severity: code.severity, range, shown: header.to_owned(), doubt: None }
}

/// Lines above the headings at most.
const TITLE_LINES_MAX: usize = 10;

/// A table from its headings on, which are the first line of more than one cell: a title has one.
fn from_headings(text: &str) -> &str {
    let bare = text.trim_start_matches('\u{feff}');
    let mut rest = bare;
    for _ in 0..TITLE_LINES_MAX {
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let cells = line.split(',').map(|cell| cell.trim_matches(['"', ' ', '\r', '\u{3000}']));
        if cells.filter(|cell| !cell.is_empty()).count() > 1 {
            return rest;
        }
        rest = below;
    }
    bare
}

/// Whether a hit is about a column, of which there is nothing to mask.
pub(super) fn is_column(hit: &Hit) -> bool {
    hit.code.id == codes::PERSONAL_COLUMN.id
}

/// Whether what a cell holds was masked by hand: 138****1234, 李××.
fn is_masked(cell: &str) -> bool {
    cell.chars().filter(|c| matches!(*c, '*' | MASK | '×' | '●' | '■' | '□')).count() > 1
}

fn is_name(cell: &str) -> bool {
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '·');
    (2..=12).contains(&cell.chars().count()) && cell.chars().all(is_han)
}

fn is_address(cell: &str) -> bool {
    cell.chars().count() >= 6 && cell.contains(['路', '号', '室', '弄', '村', '街', '镇', '幢'])
}

fn signs(cell: &str) -> usize {
    cell.chars().filter(char::is_ascii_alphanumeric).count()
}

/// What heads a column of figures.
pub(super) const FIGURES: [&str; 8] = ["元", "金额", "经费", "数", "额", "值", "量", "收入"];

/// A mobile number in a column of figures is most likely a figure: 13,800,138,000 yuan are a sum a
/// district may well spend. One pass over the lines.
pub(super) fn weigh(text: &str, hits: &mut [Hit]) {
    const PHONES: [&str; 3] = ["电话", "手机", "联系"];
    let has_any = |header: &str, words: &[&str]| words.iter().any(|word| header.contains(word));
    let mut hits = hits.iter_mut().filter(|hit| hit.code.id == codes::MOBILE.id).peekable();
    let headers = from_headings(text).lines().next().unwrap_or_default().split(',');
    let are_figures: Vec<bool> =
        headers.map(|header| has_any(header, &FIGURES) && !has_any(header, &PHONES)).collect();
    let (mut column, mut is_quoted) = (0, false);
    for (at, c) in text.char_indices() {
        while let Some(hit) = hits.next_if(|hit| hit.range.start <= at) {
            if are_figures.get(column) == Some(&true) {
                hit.severity = Severity::Warning;
                hit.doubt = Some(Doubt::Likeness);
            }
        }
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => column += 1,
            '\n' if !is_quoted => column = 0,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_personal_column_closes_a_table() {
        for heading in COLUMNS.iter().flat_map(|(named, _)| *named) {
            let is_told = super::super::whom::heads_persons(heading)
                || super::super::whom::names_line(heading);
            assert!(is_told, "{heading}");
        }
    }
}
