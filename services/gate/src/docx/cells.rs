//! What the cells of a workbook say, as far as it may not be published: a classification mark at the
//! head of a sheet, personal data, columns of it.

use std::borrow::Cow;

use lockstep_proto::finding::{Finding, Severity};

use super::{
    book::Table,
    workbook::{column_of, letters_of},
    xml::Element,
};
use crate::{archive::BadArchive, codes, internal, persons, secrecy};

/// Rows that are a sheet's head.
const HEAD_ROWS: usize = 20;
/// Bytes of a workbook's cells at most: one long text may stand in a million of them.
const TEXT_MAX: usize = 64 << 20;
/// Empty cells that are written out at most, to keep columns below their headings: what a sheet leaves
/// out costs it nothing.
const BLANKS_MAX: usize = 1_000_000;
/// Numbers in texts that no cell holds that are named, at most.
const NAMED_MAX: usize = 20;

/// What a workbook's sheets share.
pub(super) struct Cells {
    /// Texts of cells, in the order of their numbers.
    strings: Vec<String>,
    /// Which of them a cell holds.
    are_used: Vec<bool>,
    bytes_left: usize,
    blanks_left: usize,
}

impl Cells {
    /// With the part that holds the texts.
    pub(super) fn of(strings: Option<&Element>) -> Self {
        let items = strings.into_iter().flat_map(Element::elements);
        let strings: Vec<String> =
            items.filter(|item| item.name == "s:si").map(Element::text).collect();
        Self {
            are_used: vec![false; strings.len()],
            strings,
            bytes_left: TEXT_MAX,
            blanks_left: BLANKS_MAX,
        }
    }

    /// A row's cells, each with its column.
    fn of_row(&mut self, row: &Element) -> Result<Vec<(usize, String)>, BadArchive> {
        let mut cells = vec![];
        for cell in row.elements().filter(|cell| cell.name == "s:c") {
            let column = cell.attribute("r").and_then(column_of);
            let column = column.and_then(|column| usize::try_from(column).ok()).unwrap_or_default();
            let text = self.text_of(cell).into_owned();
            let left = self.bytes_left.checked_sub(text.len());
            self.bytes_left = left.ok_or(BadArchive::TooLarge)?;
            cells.push((column, text));
        }
        Ok(cells)
    }

    /// Personal data in texts that no cell holds: who opens the file finds them.
    pub(super) fn check_unused(&self) -> Vec<Finding> {
        let unused = self.strings.iter().zip(&self.are_used).filter(|(_, is_used)| !**is_used);
        let hits = unused.flat_map(|(text, _)| persons::find(text));
        hits.filter(|hit| hit.severity == Severity::Block)
            .take(NAMED_MAX)
            .map(|hit| hit.finding_at("没有单元格使用的文字 a text that no cell holds"))
            .collect()
    }

    fn text_of(&mut self, cell: &Element) -> Cow<'_, str> {
        if let Some(inline) = cell.child("s:is") {
            return inline.text().into();
        }
        let value = cell.child("s:v").map(Element::text).unwrap_or_default();
        if cell.attribute("t") != Some("s") {
            return written_out(&value).unwrap_or(value).into();
        }
        let index = value.trim().parse::<usize>().ok();
        if let Some(is_used) = index.and_then(|index| self.are_used.get_mut(index)) {
            *is_used = true;
        }
        index.and_then(|index| self.strings.get(index)).map_or("", String::as_str).into()
    }
}

/// A whole number as it is shown, where the file has it as `1.3812345678E10`.
pub(super) fn written_out(value: &str) -> Option<String> {
    const DIGITS_MAX: usize = 20;
    let (mantissa, power) = value.trim().split_once(['E', 'e'])?;
    let power: usize = power.trim_start_matches('+').parse().ok()?;
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let zeros = power.checked_sub(decimals.len())?;
    let digits = format!("{whole}{decimals}");
    let fits = digits.len() + zeros.min(DIGITS_MAX) <= DIGITS_MAX
        && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits + &"0".repeat(zeros))
}

/// A sheet as a table.
pub(super) struct Sheet {
    table: Table,
    /// The number of each row, and the columns of its cells.
    rows: Vec<(String, Vec<usize>)>,
    /// Its first rows as lines of text, with what its margins print.
    head: String,
    /// What its margins print, line by line.
    margins: String,
}

impl Sheet {
    pub(super) fn read(sheet: &Element, cells: &mut Cells) -> Result<Self, BadArchive> {
        let rows = sheet.child("s:sheetData").into_iter().flat_map(Element::elements);
        let mut lines = vec![];
        for (index, row) in rows.enumerate() {
            let number = row.attribute("r").map_or_else(|| (index + 1).to_string(), str::to_owned);
            let cells = cells.of_row(row)?;
            if cells.iter().any(|(_, text)| !text.is_empty()) {
                lines.push((number, cells));
            }
        }
        let margins = margins_of(sheet);
        let mut head = margins.clone();
        for (_, cells) in lines.iter().take(HEAD_ROWS) {
            let texts: Vec<String> =
                cells.iter().map(|(_, text)| text.replace(['\n', '\r'], " ")).collect();
            head.push_str(&texts.join(" | "));
            head.push('\n');
        }
        let (numbers, cells_of): (Vec<String>, Vec<Vec<(usize, String)>>) =
            lines.into_iter().unzip();
        let table = Table::of(&cells_of, |(column, text)| (*column, text), &mut cells.blanks_left);
        let columns = |cells: Vec<(usize, String)>| cells.into_iter().map(|(column, _)| column);
        let columns = cells_of.into_iter().map(|cells| columns(cells).collect());
        let rows = numbers.into_iter().zip(columns);
        Ok(Self { table, rows: rows.collect(), head, margins })
    }

    /// TS601 to TS607 of a sheet of this name.
    pub(super) fn check(&self, name: &str) -> Vec<Finding> {
        let mut findings = vec![];
        if secrecy::find_mark(&self.head).is_some() {
            findings.push(codes::CLASSIFIED.finding());
        }
        let name = persons::mask(&format!("{name:?}")).0;
        // A row of several cells is no mark.
        let is_alone =
            |line: &&str| line.split('|').filter(|cell| !cell.trim().is_empty()).count() == 1;
        let alone: Vec<&str> = self.head.lines().filter(is_alone).collect();
        findings.extend(internal::find(&alone.join("\n")).into_iter().map(|finding| Finding {
            line: None,
            message: format!("{}（工作表 {name}）", finding.message),
            message_en: format!("{} (sheet {name})", finding.message_en),
            ..finding
        }));
        let margins = persons::find(&self.margins).into_iter().map(|hit| {
            hit.finding_by_hand(&format!("工作表 sheet {name} 页眉页脚 header or footer"))
        });
        findings.extend(margins);
        // Columns come before numbers, and begin at the table's start.
        for hit in persons::find_in_table(&self.table.text) {
            let place = self.table.cell_at(hit.range.start);
            let place = place.and_then(|(row, cell)| Some((self.rows.get(row)?, cell)));
            let Some(((row, columns), cell)) = place else { continue };
            let mut place = format!("工作表 sheet {name} 第 {row} 行 row {row}");
            if hit.code.id != codes::PERSONAL_COLUMN.id {
                // A cell that does not say where it stands follows the one before.
                let column = columns.get(cell).copied().filter(|column| *column > 0);
                let column = u32::try_from(column.unwrap_or(cell + 1)).unwrap_or_default();
                let cell = format!("{}{row}", letters_of(column));
                place = format!("{place} {cell} 单元格 cell {cell}");
            }
            findings.push(hit.finding_at(&place));
        }
        findings
    }
}

/// What is printed above and below every page: `&C机密` is in its middle (ISO/IEC 29500-1, 18.3.1.46).
fn margins_of(sheet: &Element) -> String {
    let margins = sheet.child("s:headerFooter").into_iter().flat_map(Element::elements);
    margins
        .map(|margin| {
            margin.text().replace("&L", "\n").replace("&C", "\n").replace("&R", "\n") + "\n"
        })
        .collect()
}
