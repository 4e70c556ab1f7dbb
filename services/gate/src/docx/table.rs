//! Tables: rows of cells. Of merged ones a figure stands in each cell that it covers, and a name or heading
//! once where it begins: Markdown cannot merge.

use super::{blocks::Blocks, branch, xml::Element};

/// Columns of a table at most; Word takes 63.
const COLUMNS_MAX: usize = 64;

pub(super) struct Table {
    pub(super) rows: Vec<Vec<Cell>>,
    /// Where merged names and headings begin.
    pub(super) merged: Vec<String>,
}

#[derive(Clone, Default)]
pub(super) struct Cell {
    /// Escaped, in one line.
    pub(super) text: String,
    pub(super) place: String,
    /// Whether it is covered by the one that holds this text.
    pub(super) is_covered: bool,
}

/// What a column's cell goes on with, row by row.
#[derive(Clone, Default)]
struct Above {
    cell: Cell,
    /// Whether it began below the first row and holds a name.
    is_name: bool,
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
    let (mut read, mut merged_at) = (vec![], vec![]);
    let mut above: Vec<Above> = vec![];
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
        let own_cells = cells(row);
        let is_only = own_cells.len() == 1;
        for cell in own_cells {
            let column = line.len();
            let place = format!("{place}第 {} 列", column + 1);
            blocks.leaks.scan_cell(cell, table, &place, &blocks.parts.styles);
            let own = cell.child("w:tcPr");
            let merged = own.and_then(|p| p.child("w:vMerge"));
            let width = span(own.and_then(|p| p.value_of("w:gridSpan")), 1).max(1);
            // A merged cell's text stands where it begins.
            let goes_on = merged.is_some_and(|m| m.attribute("val") != Some("restart"));
            above.resize(above.len().max(column + width), Above::default());
            if goes_on {
                let above = above.get_mut(column).map(|above| {
                    merged_at.extend(
                        std::mem::take(&mut above.is_name).then(|| above.cell.place.clone()),
                    );
                    above.cell.clone()
                });
                let covered = above.filter(|cell| is_figure(&cell.text));
                let covered = covered.map_or_else(
                    || Cell { place, ..Cell::default() },
                    |cell| Cell { is_covered: true, ..cell },
                );
                line.resize(column + width, covered);
                continue;
            }
            let text = cell_text(blocks, cell, &place);
            let is_body = index > 0;
            let is_repeated = is_body && is_figure(&text);
            if !is_body && width > 1 && !is_only && !text.is_empty() {
                merged_at.push(place.clone());
            }
            let cell = Cell { text, place, is_covered: false };
            let begins = merged.is_some() && is_body;
            for above in above.iter_mut().skip(column).take(width) {
                *above = Above::default();
            }
            if let Some(above) = above.get_mut(column).filter(|_| begins) {
                let is_name = !is_repeated && !cell.text.is_empty();
                *above = Above { cell: cell.clone(), is_name };
            }
            line.push(cell.clone());
            let rest =
                if is_repeated { Cell { is_covered: true, ..cell } } else { Cell::default() };
            line.resize(column + width, rest);
        }
        line.truncate(COLUMNS_MAX);
        if line.iter().any(|cell| !cell.text.is_empty() && !cell.is_covered) {
            read.push(line);
        }
    }
    Table { rows: read, merged: merged_at }
}

/// Whether a cell holds a figure, which is said of each cell that it covers: 800, 500元/月, 不超过5%. What is as
/// long as a telephone number is none.
fn is_figure(text: &str) -> bool {
    const CHARS_MAX: usize = 16;
    const DIGITS_MAX: usize = 9;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (1..=DIGITS_MAX).contains(&digits)
        && text.chars().nth(CHARS_MAX).is_none()
        && !text.contains(['。', '；', '-', '第'])
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
