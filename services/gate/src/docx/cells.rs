//! What the cells of a workbook say, as far as it may not be published: a classification mark at the
//! head of a sheet, personal data, columns of it.

use std::borrow::Cow;

use lockstep_proto::finding::{Finding, Severity};

use super::{
    workbook::{column_of, letters_of},
    xml::Element,
};
use crate::{archive::BadArchive, codes, internal, persons, secrecy};

/// Rows that are a sheet's head.
const HEAD_ROWS: usize = 20;
/// Rows among which the headings stand, below a title perhaps.
pub(super) const HEADINGS_WITHIN: usize = 10;
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

    /// A row's cells, each in its column, each one line.
    fn of_row(&mut self, row: &Element) -> Result<Vec<String>, BadArchive> {
        let mut cells = vec![];
        for cell in row.elements().filter(|cell| cell.name == "s:c") {
            let column = cell.attribute("r").and_then(column_of);
            let column = column.and_then(|column| usize::try_from(column).ok()).unwrap_or_default();
            let blanks = column.saturating_sub(cells.len() + 1).min(self.blanks_left);
            self.blanks_left -= blanks;
            cells.extend(std::iter::repeat_n(String::new(), blanks));
            let text = self.text_of(cell).replace(['\n', '\r'], " ");
            let left = self.bytes_left.checked_sub(text.len());
            self.bytes_left = left.ok_or(BadArchive::TooLarge)?;
            cells.push(text);
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

/// A sheet as lines.
pub(super) struct Sheet {
    /// Its rows as lines of CSV, the headings first.
    table: String,
    /// The number of the row that each line came from.
    rows: Vec<String>,
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
            if cells.iter().any(|cell| !cell.is_empty()) {
                lines.push((number, cells));
            }
        }
        let margins = margins_of(sheet);
        let mut head = margins.clone();
        for (_, cells) in lines.iter().take(HEAD_ROWS) {
            head.push_str(&cells.join(" | "));
            head.push('\n');
        }
        // Headings are the first row of more than one cell; a title above them has one.
        let is_heading =
            |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
        let heading = lines.iter().take(HEADINGS_WITHIN).position(|(_, cells)| is_heading(cells));
        lines.rotate_left(heading.unwrap_or_default());
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |cells: &Vec<String>| cells.iter().map(quoted).collect::<Vec<_>>().join(",");
        let table = lines.iter().map(|(_, cells)| line(cells) + "\n").collect();
        let rows = lines.into_iter().map(|(number, _)| number).collect();
        Ok(Self { table, rows, head, margins })
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
        let (mut line, mut column, mut end, mut is_quoted) = (0, 1, 0, false);
        // Columns come before numbers, and begin at the table's start.
        for hit in persons::find_in_table(&self.table) {
            for c in self.table.get(end..hit.range.start).unwrap_or_default().chars() {
                match c {
                    '"' => is_quoted = !is_quoted,
                    '\n' => (line, column) = (line + 1, 1),
                    ',' if !is_quoted => column += 1,
                    _ => {}
                }
            }
            end = end.max(hit.range.start);
            let row = self.rows.get(line).map_or("", String::as_str);
            let mut place = format!("工作表 sheet {name} 第 {row} 行 row {row}");
            if hit.code.id != codes::PERSONAL_COLUMN.id {
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
