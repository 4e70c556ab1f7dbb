//! Whose line a mobile number in a table is: an office's, where its heading says so or another column is one of
//! offices, and a person's wherever the table tells of persons. In doubt it is a person's.

use std::ops::Range;

use super::{
    super::{Doubt, Hit, MASK, whom},
    BYTES_MAX, Form, LABEL_MAX, Rows, bare, cell, is_parted, with_tables,
};
use crate::codes;

/// Rows that may hold headings.
const HEADS_MAX: usize = 3;

/// An office's open line is none where the table tells of persons or of no office. And a number below a heading
/// such as 办公电话 is an office's, where no other column is one of persons.
pub(in super::super) fn weigh(text: &str, form: Form, hits: &mut [Hit]) {
    with_tables(text, form, hits, |rows, within| weigh_table(text, form, rows, within));
}

fn weigh_table(text: &str, form: Form, rows: &Rows, hits: &mut [&mut Hit]) {
    let table = Table::new(text, rows);
    let holds_person = hits.iter().any(|hit| hit.code.id != codes::MOBILE.id);
    let is_closed = holds_person || table.is_of_persons;
    // Where blanks alone part the cells, it may be a sentence, which has been weighed.
    let is_drawn = is_parted(text, form, rows);
    let is_weighed = |hit: &&mut Hit| {
        hit.code.id == codes::MOBILE.id && matches!(hit.doubt, None | Some(Doubt::OpenLine))
    };
    let mut hits = hits.iter_mut().map(|hit| &mut **hit).filter(is_weighed).peekable();
    let mut above: Vec<Option<bool>> = vec![];
    for (row, cells) in rows.iter().zip(&table.rows) {
        above.resize(above.len().max(row.len()), None);
        let mut beside = None;
        for ((range, cell), above) in row.iter().zip(cells).zip(&mut above) {
            if let Some(is_open) = table.heads_lines(cell) {
                (*above, beside) = (Some(is_open), Some(is_open));
            }
            while hits.next_if(|hit| hit.range.start < range.start).is_some() {}
            while let Some(hit) = hits.next_if(|hit| hit.range.end <= range.end) {
                let is_alone = !cell.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
                let is_open = above.or(beside).unwrap_or_default();
                if is_closed || (is_alone && is_drawn && !is_open) {
                    hit.close();
                } else if is_open && hit.doubt.is_none() {
                    hit.open();
                }
            }
        }
    }
}

/// What a table tells of whom its numbers are.
struct Table {
    /// Its cells without blanks; what is too long for a label is empty.
    rows: Vec<Vec<String>>,
    is_of_persons: bool,
    is_of_offices: bool,
}

impl Table {
    fn new(text: &str, rows: &Rows) -> Self {
        let label = |range: &Range<usize>| {
            let cell = cell(text, range);
            if cell.len() <= BYTES_MAX { bare(cell) } else { String::new() }
        };
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(label).collect()).collect();
        // What stands in the first row of more than one cell: a title over the table has one.
        let is_row = |row: &&Vec<String>| row.iter().filter(|cell| is_filled(cell)).count() > 1;
        let filled = rows.iter().filter(|row| row.iter().any(|cell| is_filled(cell)));
        let rest: Vec<&Vec<String>> = filled.skip_while(|row| !is_row(row)).collect();
        let has_digits = |row: &&&Vec<String>| row.iter().any(|cell| cell.contains(is_digit));
        let heads_count = rest.iter().take(HEADS_MAX).take_while(|row| !has_digits(row)).count();
        let first: &[String] = rest.first().map_or(&[], |row| row);
        let (heads, below) = rest.split_at(heads_count);
        // Those of the second row may be what a table without figures begins with.
        let is_form = heads_count == 0;
        let headings = || first.iter().filter(|cell| !is_form || is_label(cell));
        let heads = || heads.iter().copied().flatten().chain(first).filter(|cell| is_label(cell));
        let is_job = |heading: &String| heading.contains("职务");
        let tells_offices = heads().any(is_job)
            && heads().any(|heading| heading.ends_with("姓名"))
            && heads().any(|heading| whom::names_line(heading))
            && !first.iter().any(|heading| is_number(heading))
            && !headings().any(|heading| heading != "姓名" && heading.ends_with("姓名"))
            && !heads().any(|heading| whom::is_personal(heading));
        let asks = |cell: &String| {
            let cell = cell.trim_end_matches([':', '：']);
            is_label(cell) && whom::is_of_person(cell) && !(tells_offices && cell == "姓名")
        };
        let is_of_persons = headings()
            .any(|heading| whom::heads_persons(heading) && !(tells_offices && heading == "姓名"))
            || rows.iter().flatten().any(asks)
            || (!tells_offices
                && (holds_names(first, below) || rows.iter().any(|row| names_contact(row))));
        let forms = rows.iter().filter_map(|row| row.first());
        let is_of_offices = tells_offices
            || heads().any(|heading| whom::heads_offices(heading))
            || forms.filter(|cell| is_label(cell)).any(|cell| whom::heads_offices(cell));
        Self { rows, is_of_persons, is_of_offices }
    }

    /// Whether the lines below or beside a heading are offices'; none where it heads no lines.
    fn heads_lines(&self, cell: &str) -> Option<bool> {
        let is_heading = is_label(cell) && !is_number(cell) && whom::names_line(cell);
        is_heading.then(|| {
            whom::is_own_line(cell) || (self.is_of_offices && whom::may_be_office_line(cell))
        })
    }
}

/// Whether a column below these headings is one of names: half its cells, or all of those of offices, which may
/// be called like persons.
fn holds_names(first: &[String], below: &[&Vec<String>]) -> bool {
    let mut counts: Vec<(usize, usize)> = vec![];
    for row in below {
        counts.resize(counts.len().max(row.len()), (0, 0));
        for (cell, (names, filled)) in row.iter().zip(&mut counts) {
            *names += usize::from(whom::is_name(cell));
            *filled += usize::from(is_filled(cell));
        }
    }
    let headings = first.iter().map(String::as_str).chain(std::iter::repeat(""));
    counts.iter().zip(headings).any(|((names, filled), heading)| {
        let is_other = ["职务", "时间", "事项", "业务"].iter().any(|word| heading.contains(word));
        let needed = if whom::heads_offices(heading) { *filled } else { filled.div_ceil(2) };
        *names > 0 && *names >= needed && !is_other
    })
}

/// Whether a form has a name beside 联系人.
fn names_contact(row: &[String]) -> bool {
    let cells = row.iter().zip(row.iter().skip(1));
    cells.filter(|(label, _)| label.ends_with("联系人")).any(|(_, cell)| whom::is_name(cell))
}

fn is_filled(cell: &str) -> bool {
    cell.contains(char::is_alphanumeric)
}

fn is_label(cell: &str) -> bool {
    (1..=LABEL_MAX).contains(&cell.chars().count())
}

fn is_digit(c: char) -> bool {
    c.is_numeric() && !"一二三四五六七八九十百千万零〇两".contains(c) || c == MASK
}

fn is_number(cell: &str) -> bool {
    cell.chars().filter(|c| is_digit(*c)).count() >= 7
}
