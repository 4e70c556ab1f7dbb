//! Whose line a mobile number in a table is: an office's, by the heading of its column or its own row, or
//! a person's, by whatever else the table holds.

use std::ops::Range;

use super::{
    super::{Doubt, Hit, numbers},
    BYTES_MAX, Form, LABEL_MAX, Rows, bare, cell, tables,
};
use crate::codes;

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

/// What heads a column of a list of persons.
const HEADS_PERSONS: [&str; 18] = [
    "姓名",
    "身份证",
    "证件号",
    "出生",
    "性别",
    "年龄",
    "住址",
    "家庭地址",
    "户籍",
    "监护人",
    "家长",
    "学生",
    "学号",
    "学籍",
    "申请人",
    "户主",
    "考生",
    "患者",
];

/// An office's open line is none where the table names a person. And a number below a heading such as
/// 办公电话 is an office's, where no other column is one of persons.
pub(in super::super) fn weigh(text: &str, form: Form, hits: &mut [Hit]) {
    let mut hits = hits.iter_mut().peekable();
    for rows in tables(text, form) {
        let ends = rows.iter().flatten().next().zip(rows.iter().flatten().last());
        let Some((first, last)) = ends else { continue };
        while hits.next_if(|hit| hit.range.start < first.start).is_some() {}
        let mut within = vec![];
        while let Some(hit) = hits.next_if(|hit| hit.range.end <= last.end) {
            within.push(hit);
        }
        // Most tables hold no number.
        if !within.is_empty() {
            weigh_table(text, &rows, &mut within);
        }
    }
}

fn weigh_table(text: &str, rows: &Rows, hits: &mut [&mut Hit]) {
    let names_person = |range: &Range<usize>| {
        let bare = bare(cell(text, range));
        let bare = bare.trim_end_matches([':', '：']);
        bare.chars().count() <= LABEL_MAX && OF_PERSONS.iter().any(|label| bare.ends_with(label))
    };
    let of_persons = |but: &str| {
        rows.iter().flatten().any(|range| names_person(range) && bare(cell(text, range)) != but)
    };
    let headings: Vec<String> = headings(text, rows).collect();
    // Who holds which office is no personal matter, as long as nothing else of them is told.
    let tells_offices = headings.iter().any(|heading| heading.contains("职务"))
        && headings.iter().any(|heading| numbers::names_line(heading))
        && !headings.iter().any(|heading| is_number(heading))
        && !of_persons("姓名");
    let is_of_person = !tells_offices && of_persons("");
    for hit in hits.iter_mut().filter(|hit| hit.doubt == Some(Doubt::OpenLine) && is_of_person) {
        (hit.doubt, hit.severity) = (None, hit.code.severity);
    }
    let holds_person = hits.iter().any(|hit| hit.code.id != codes::MOBILE.id);
    if is_of_person || holds_person || lists_persons(&headings, tells_offices) {
        return;
    }
    let hits = hits.iter_mut().filter(|hit| hit.code.id == codes::MOBILE.id);
    let mut hits = hits.filter(|hit| hit.doubt.is_none()).peekable();
    let mut open: Vec<bool> = vec![];
    for row in rows {
        open.resize(open.len().max(row.len()), false);
        for (range, open) in row.iter().zip(&mut open) {
            if let Some(is_open) = heads_lines(cell(text, range)) {
                *open = is_open;
            }
            while hits.next_if(|hit| hit.range.start < range.start).is_some() {}
            while let Some(hit) = hits.next_if(|hit| hit.range.end <= range.end) {
                if *open {
                    hit.open();
                }
            }
        }
    }
}

/// What stands in the first row of more than one cell: a title over the table has one.
fn headings<'t>(text: &'t str, rows: &'t Rows) -> impl Iterator<Item = String> + 't {
    let row = rows.iter().find(|row| row.iter().filter(|range| !range.is_empty()).count() > 1);
    let cells = row.into_iter().flatten().map(|range| cell(text, range));
    cells.filter(|cell| cell.len() <= BYTES_MAX).map(bare)
}

/// Whether a column is one of persons: not how many of them there are, nor their names beside the offices
/// that they hold.
fn lists_persons(headings: &[String], tells_offices: bool) -> bool {
    let is_one = |heading: &String, word: &str| {
        let is_left = heading.contains(['数', '额', '率']) || (tells_offices && word == "姓名");
        heading.contains(word) && !is_left && !numbers::names_line(heading)
    };
    headings.iter().any(|heading| HEADS_PERSONS.iter().any(|word| is_one(heading, word)))
}

fn is_number(cell: &str) -> bool {
    cell.chars().filter(char::is_ascii_digit).count() >= 7
}

/// Whether the lines below a heading are offices'; none where it heads no lines.
fn heads_lines(cell: &str) -> Option<bool> {
    if cell.len() > BYTES_MAX {
        return None;
    }
    let heading = bare(cell);
    let is_heading = heading.chars().count() <= LABEL_MAX
        && !is_number(&heading)
        && numbers::names_line(&heading);
    is_heading.then(|| numbers::is_offices_line(&heading))
}
