//! Cells of a sheet that hold something and are not shown: in rows and columns that are hidden or next to
//! nothing wide, beneath merged cells, by their number format, by the colour of their type.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    conditions::{Conditions, Seen},
    looks::Looks,
    workbook::{column_of, is_on, letters_of},
    xml::Element,
};

/// Characters of a column's width, and points of a row's height, that show nothing.
const NARROW: f64 = 0.5;
const FLAT: f64 = 2.0;
/// Columns of a sheet (Excel's own limit).
const COLUMNS_MAX: u32 = 16_384;

/// Where something of a sheet is not shown.
#[derive(Default)]
pub(super) struct Unseen {
    /// What is hidden: columns, rows, cells by their format.
    pub(super) hidden: Vec<String>,
    /// Cells whose type nobody can see or read, one a row.
    pub(super) faint: Vec<String>,
}

pub(super) fn find(sheet: &Element, looks: &Looks) -> Unseen {
    let columns = hidden_columns(sheet);
    let format = sheet.child("s:sheetFormatPr");
    let are_rows_flat = format.is_some_and(|f| is_below(f, "defaultRowHeight", FLAT));
    // What a table's style fills is not known here.
    let is_filled_otherwise = sheet.has(&["s:tablePart"]);
    let (mut conditions, mut merged) = (Conditions::of(sheet, looks), Merged::of(sheet));
    let (mut held, mut rows) = (BTreeSet::new(), vec![]);
    let (mut beneath, mut by_format, mut by_condition) = (vec![], vec![], vec![]);
    let mut faint = vec![];
    let elements = sheet.child("s:sheetData").into_iter().flat_map(Element::elements);
    for (index, row) in elements.enumerate() {
        let number = row.attribute("r").map_or_else(|| (index + 1).to_string(), str::to_owned);
        let filled: Vec<(u32, &Element)> = filled(row).collect();
        let is_flat = is_below(row, "ht", FLAT) || (are_rows_flat && row.attribute("ht").is_none());
        if !filled.is_empty() && (is_on(row, "hidden") || is_flat) {
            rows.push(format!("第 {number} 行 row {number}"));
        }
        let is_hidden = |column: &u32| {
            usize::try_from(*column).ok().and_then(|at| columns.get(at)) == Some(&true)
        };
        held.extend(filled.iter().map(|(column, _)| *column).filter(is_hidden));
        let name = |(column, _): &(u32, &Element)| {
            let name = format!("{}{number}", letters_of(*column));
            format!("{name} 单元格 cell {name}")
        };
        let row = number.parse().unwrap_or_default();
        let covered: Vec<_> =
            filled.iter().filter(|(column, cell)| merged.cover(row, *column, cell)).collect();
        beneath.extend(covered.first().copied().map(name));
        by_format.extend(filled.iter().find(|(_, cell)| looks.hides(cell)).map(name));
        let seen = filled.iter().map(|(column, cell)| conditions.see(row, *column, cell, looks));
        let seen: Vec<_> = filled.iter().zip(seen.collect::<Vec<_>>()).collect();
        by_condition
            .extend(seen.iter().find(|(_, seen)| seen.is_hidden).map(|(cell, _)| name(cell)));
        let is_faint = |(cell, seen): &&(&(u32, &Element), Seen)| {
            let is_own = !seen.is_filled && !is_filled_otherwise && looks.is_unseen(cell.1);
            !seen.is_hidden && (seen.is_faint || is_own)
        };
        faint.extend(seen.iter().find(is_faint).map(|(cell, _)| name(cell)));
    }
    if conditions.are_too_many() {
        faint.push("条件格式过多，未全部检查 too many conditional formats to look at".to_owned());
    }
    let columns = held.into_iter().map(|column| {
        let letters = letters_of(column);
        format!("{letters} 列 column {letters}")
    });
    let mut hidden: Vec<String> = columns.chain(rows).collect();
    for (cells, why) in [
        (beneath, "被合并单元格遮住 beneath a merged cell"),
        (by_format, "数字格式不显示 by its format"),
        (by_condition, "条件格式不显示 by a condition"),
    ] {
        hidden.extend(cells.into_iter().map(|cell| format!("{cell}（{why}）")));
    }
    Unseen { hidden, faint }
}

/// Cells that are one, of which only the first is shown. They do not overlap; the sheet is gone through once,
/// from its first row on.
struct Merged<'s> {
    /// By first row, later ones first.
    ahead: Vec<Area>,
    /// By first column, with what the first cell holds.
    open: BTreeMap<u32, (Area, Option<&'s Element>)>,
}

/// Rows and columns, the last ones too.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) rows: (u32, u32),
    pub(super) columns: (u32, u32),
}

impl Area {
    /// `A1:C3`, or one cell.
    pub(super) fn of(reference: &str) -> Option<Self> {
        let row_of =
            |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_uppercase()).parse().ok();
        let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
        let rows = (row_of(first)?, row_of(last)?);
        Some(Self { rows, columns: (column_of(first)?, column_of(last)?) })
    }

    pub(super) fn has_column(&self, column: u32) -> bool {
        (self.columns.0..=self.columns.1).contains(&column)
    }
}

impl<'s> Merged<'s> {
    fn of(sheet: &Element) -> Self {
        let areas = sheet.child("s:mergeCells").into_iter().flat_map(Element::elements);
        let areas = areas.filter_map(|merged| Area::of(merged.attribute("ref")?));
        let mut ahead: Vec<Area> = areas.collect();
        ahead.sort_by_key(|area| std::cmp::Reverse(area.rows.0));
        Self { ahead, open: BTreeMap::new() }
    }

    /// Whether a cell lies beneath another. One that says the same hides nothing.
    fn cover(&mut self, row: u32, column: u32, cell: &'s Element) -> bool {
        while let Some(area) = self.ahead.pop_if(|area| area.rows.0 <= row) {
            self.open.insert(area.columns.0, (area, None));
        }
        let Some((_, (area, first))) = self.open.range_mut(..=column).next_back() else {
            return false;
        };
        if area.columns.1 < column || area.rows.1 < row {
            return false;
        }
        if (row, column) == (area.rows.0, area.columns.0) {
            *first = Some(cell);
            return false;
        }
        let says = |cell: &Element| (cell.attribute("t").map(str::to_owned), cell.text());
        first.is_none_or(|first| says(first) != says(cell))
    }
}

/// The cells of a row that hold something, each with its column.
fn filled(row: &Element) -> impl Iterator<Item = (u32, &Element)> {
    let cells = row.elements().filter(|e| e.name == "s:c").enumerate();
    cells.filter(|(_, cell)| is_filled(cell)).filter_map(|(at, cell)| {
        let column = cell.attribute("r").and_then(column_of);
        Some((column.or_else(|| u32::try_from(at + 1).ok())?, cell))
    })
}

fn is_filled(cell: &Element) -> bool {
    ["s:v", "s:is", "s:f"].iter().any(|name| cell.child(name).is_some_and(|e| !e.text().is_empty()))
}

/// By number, whether a column is hidden: by what is said of it, or by what holds for all others. The
/// ranges may be many, and overlap: their ends are counted, and summed up once.
fn hidden_columns(sheet: &Element) -> Vec<bool> {
    let format = sheet.child("s:sheetFormatPr");
    let are_narrow = format.is_some_and(|f| is_below(f, "defaultColWidth", NARROW));
    let count = usize::try_from(COLUMNS_MAX).unwrap_or_default() + 2;
    let (mut hidden, mut said) = (vec![0_i64; count], vec![0_i64; count]);
    let mark = |steps: &mut Vec<i64>, min: u32, max: u32| {
        for (at, step) in [(min, 1), (max.saturating_add(1), -1)] {
            let at = usize::try_from(at).unwrap_or(usize::MAX).min(count - 1);
            if let Some(steps) = steps.get_mut(at) {
                *steps += step;
            }
        }
    };
    for column in sheet.child("s:cols").into_iter().flat_map(Element::elements) {
        let end = |name| column.attribute(name).and_then(|n| n.parse::<u32>().ok());
        let (Some(min), Some(max)) = (end("min"), end("max")) else { continue };
        let is_default = column.attribute("width").is_none();
        if is_on(column, "hidden")
            || is_below(column, "width", NARROW)
            || (is_default && are_narrow)
        {
            mark(&mut hidden, min, max);
        }
        mark(&mut said, min, max);
    }
    let sum = |steps: Vec<i64>| {
        steps.into_iter().scan(0, |open, step| {
            *open += step;
            Some(*open > 0)
        })
    };
    sum(hidden).zip(sum(said)).map(|(hidden, said)| hidden || (are_narrow && !said)).collect()
}

fn is_below(element: &Element, attribute: &str, limit: f64) -> bool {
    element.attribute(attribute).and_then(|n| n.parse::<f64>().ok()).is_some_and(|n| n < limit)
}
