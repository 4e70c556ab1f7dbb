//! The plan of an interpretation 解读方案 as a table on its first page.

use super::table::{Cell, Table};

/// Paragraphs that may stand above the plan's table: its heading and a remark.
pub(super) const BEFORE_MAX: usize = 3;

/// What the table must hold to be one.
const NEEDED: [&str; 2] = ["解读目的", "解读范围"];

/// Labels and entries, if the table is a plan.
pub(super) fn find(table: &Table) -> Option<Vec<(String, String)>> {
    let mut plan = vec![];
    for row in &table.rows {
        let text = |cell: &Cell| if cell.is_covered { String::new() } else { unescape(&cell.text) };
        let mut cells = row.iter().map(text);
        while let Some(label) = cells.next() {
            let label = bare(&label);
            if !label.is_empty() {
                plan.push((label, cells.next().unwrap_or_default()));
            }
        }
    }
    let has = |label: &str| plan.iter().any(|(known, _)| known == label);
    NEEDED.into_iter().all(has).then_some(plan)
}

/// A label without what explains it in brackets.
fn bare(label: &str) -> String {
    let label = label.split(['（', '(', '：', ':']).next().unwrap_or_default();
    label.chars().filter(|c| !c.is_whitespace()).collect()
}

/// `bundle.toml` is no Markdown.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        out.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    out
}
