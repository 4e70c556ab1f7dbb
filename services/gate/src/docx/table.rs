//! Tables: rows of cells, merged ones once where they begin.

use super::{blocks::Blocks, branch, xml::Element};

/// Columns of a table at most; Word takes 63.
const COLUMNS_MAX: usize = 64;

pub(super) struct Table {
    pub(super) rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Default)]
pub(super) struct Cell {
    /// Escaped, in one line.
    pub(super) text: String,
    pub(super) place: String,
}

/// The cell of a table that has one.
pub(super) fn only_cell(table: &Element) -> Option<&Element> {
    let mut cells = rows(table).into_iter().flat_map(|row| cells(row));
    let first = cells.next()?;
    cells.next().is_none().then_some(first)
}

pub(super) fn read<'p>(blocks: &mut Blocks<'p>, table: &'p Element, name: &str) -> Table {
    for element in table.elements().filter(|e| e.name == "w:tblPr" || e.name == "w:tblGrid") {
        blocks.leaks.scan(element, name, &blocks.parts.styles);
    }
    let mut read = vec![];
    for (index, row) in rows(table).into_iter().enumerate() {
        let place = format!("{name} 第 {} 行", index + 1);
        let properties = row.child("w:trPr");
        if let Some(properties) = properties {
            blocks.leaks.scan(properties, &place, &blocks.parts.styles);
        }
        if properties.is_some_and(|p| p.child("w:del").is_some()) {
            continue;
        }
        let before = properties.and_then(|p| p.value_of("w:gridBefore"));
        let mut line = vec![Cell::default(); span(before, 0)];
        for cell in cells(row) {
            let place = format!("{place}第 {} 列", line.len() + 1);
            blocks.leaks.scan_cell(cell, table, &place, &blocks.parts.styles);
            let own = cell.child("w:tcPr");
            let merged = own.and_then(|p| p.child("w:vMerge"));
            // A merged cell's text stands where it begins.
            let goes_on = merged.is_some_and(|m| m.attribute("val") != Some("restart"));
            let text = if goes_on { String::new() } else { cell_text(blocks, cell, &place) };
            line.push(Cell { text, place });
            let width = span(own.and_then(|p| p.value_of("w:gridSpan")), 1);
            line.resize(line.len() + width.saturating_sub(1), Cell::default());
        }
        line.truncate(COLUMNS_MAX);
        if line.iter().any(|cell| !cell.text.is_empty()) {
            read.push(line);
        }
    }
    Table { rows: read }
}

fn span(value: Option<&str>, or: usize) -> usize {
    value.and_then(|n| n.parse().ok()).unwrap_or(or).min(COLUMNS_MAX)
}

/// The text of a cell with whatever stands in it, in one line. A column of numbers may hold nothing but what Word
/// counts.
fn cell_text<'p>(blocks: &mut Blocks<'p>, cell: &'p Element, place: &str) -> String {
    let mut parts = vec![];
    collect(blocks, cell, &mut parts);
    blocks.settle(place);
    let mark = parts.iter_mut().find_map(|(_, mark)| mark.take());
    let mut lines: Vec<String> = parts.into_iter().map(|(lines, _)| lines).collect();
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        lines.extend(mark);
    }
    lines.join(" ").replace(['\n', '\t'], " ").trim().to_owned()
}

/// Lines of paragraphs, each with the number of one that has nothing else.
fn collect<'p>(
    blocks: &mut Blocks<'p>,
    parent: &'p Element,
    parts: &mut Vec<(String, Option<String>)>,
) {
    for element in parent.elements() {
        match element.name.as_str() {
            "w:p" => parts.push(blocks.lines_with_mark(element)),
            "w:del" | "w:moveFrom" | "w:sdtPr" | "w:tcPr" | "w:trPr" | "w:tblPr" => {}
            "mc:AlternateContent" => {
                if let Some(chosen) = branch(element) {
                    collect(blocks, chosen, parts);
                }
            }
            _ => collect(blocks, element, parts),
        }
    }
}

/// The rows of a table, also those in content controls.
fn rows(table: &Element) -> Vec<&Element> {
    let mut found = vec![];
    gather(table, "w:tr", &mut found);
    found
}

fn cells(row: &Element) -> Vec<&Element> {
    let mut found = vec![];
    gather(row, "w:tc", &mut found);
    found
}

fn gather<'e>(parent: &'e Element, name: &str, found: &mut Vec<&'e Element>) {
    for element in parent.elements() {
        if element.name == name {
            found.push(element);
        } else if !matches!(element.name.as_str(), "w:tbl" | "w:p" | "w:del" | "w:moveFrom") {
            gather(element, name, found);
        }
    }
}
