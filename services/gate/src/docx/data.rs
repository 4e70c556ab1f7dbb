//! A workbook as the data that charts are drawn from: its one sheet as lines of CSV, the cells as people see
//! them. What would be guessed at is refused by the cell's name.

use lockstep_proto::finding::Finding;

use super::{
    Document, Place, Worded,
    book::{Book, Table},
    formats::{Formats, Unshowable},
    package::Unreadable,
    workbook::{column_of, letters_of},
    xml::{Element, Node},
};
use crate::codes::{self, At as _};

/// Cells of a sheet of data at most: a chart has fifty rows.
const CELLS_MAX: usize = 200_000;
/// Bytes of an annex's cells that are read, and empty cells that are written out: one long text may stand in all.
const TEXT_MAX: usize = 2 << 20;
const BLANKS_MAX: usize = 100_000;

/// Reads a workbook of data. The text is CSV; each line knows its row.
pub fn read_data(bytes: &[u8]) -> Result<Document, Finding> {
    let unreadable = |why: Unreadable| match why {
        Unreadable::NoWord => bad("不是 Excel 文件 no Excel file"),
        Unreadable::Archive(_) | Unreadable::BadPart(_) => codes::BAD_DOCX.about(why),
    };
    let (name, sheet, strings, formats) = find_sheet(bytes).map_err(unreadable)??;
    let merged = sheet.child("s:mergeCells").and_then(|merged| merged.elements().next());
    if let Some(merged) = merged {
        let cells = merged.attribute("ref").unwrap_or_default();
        return Err(bad(&format!("{cells} 是合并单元格 is merged")).advising(
            "取消合并；首行为表头，一列一个名称，标题和说明不放在表中".to_owned(),
            "unmerge it: the first row holds the headings, one to a column, and no title"
                .to_owned(),
        ));
    }
    let reader = Reader { strings, formats };
    let rows = reader.rows(&sheet)?;
    let headings = headings(&rows)?;
    Ok(document(&name, &rows, &headings))
}

/// What an annex's visible sheets say, each as lines of CSV with its headings first, however it is laid out. What
/// cannot be shown is left out.
pub(crate) fn read_sheets(bytes: &[u8]) -> Result<String, Unreadable> {
    let (sheets, strings, formats) = find_sheets(bytes)?;
    let reader = Reader { strings, formats };
    let (mut bytes_left, mut blanks_left) = (TEXT_MAX, BLANKS_MAX);
    let mut text = String::new();
    for (_, sheet) in sheets {
        let rows = rows_of(&sheet).map_while(|(_, row)| {
            let cells = cells_of(row).filter_map(|(column, cell)| {
                let column = usize::try_from(column).unwrap_or_default();
                Some((column, reader.show(cell).ok()?))
            });
            let cells: Vec<(usize, String)> = cells.collect();
            bytes_left = bytes_left.checked_sub(cells.iter().map(|(_, text)| text.len()).sum())?;
            Some(cells)
        });
        let rows: Vec<_> = rows.collect();
        text += &Table::of(&rows, |(column, text)| (*column, text), &mut blanks_left).text;
    }
    Ok(text)
}

/// A row with what it holds: its number, and each cell by its column.
struct Row {
    number: String,
    cells: Vec<(u32, String)>,
    /// Words of number formats, by column.
    words: Vec<(u32, [String; 2])>,
}

impl Row {
    fn at(&self, column: u32) -> &str {
        self.cells.iter().find(|(of, _)| *of == column).map_or("", |(_, text)| text)
    }
}

type Found = (String, Element, Vec<String>, Formats);

/// The one visible sheet that holds something, with what its cells share.
fn find_sheet(bytes: &[u8]) -> Result<Result<Found, Finding>, Unreadable> {
    let (sheets, strings, formats) = find_sheets(bytes)?;
    let names: Vec<String> = sheets.iter().map(|(name, _)| format!("{name:?}")).collect();
    Ok(match <[_; 1]>::try_from(sheets) {
        Ok([(name, part)]) => Ok((name, part, strings, formats)),
        Err(_) if names.is_empty() => Err(bad("没有内容 it is empty")),
        Err(_) => {
            Err(bad(&format!("几张工作表都有内容 several sheets hold data: {}", names.join("、")))
                .advising(
                    "一个文件一张工作表：另存其余各表，或删去".to_owned(),
                    "one sheet to a file: save the others apart, or delete them".to_owned(),
                ))
        }
    })
}

type Sheets = (Vec<(String, Element)>, Vec<String>, Formats);

/// The visible sheets that hold something, with what their cells share.
fn find_sheets(bytes: &[u8]) -> Result<Sheets, Unreadable> {
    let mut book = Book::open(bytes)?;
    let strings = book.beside("sharedStrings")?;
    let items = strings.iter().flat_map(Element::elements).filter(|item| item.name == "s:si");
    let strings = items.map(text_of).collect();
    let starts_1904 = book.root.child("s:workbookPr").and_then(|pr| pr.attribute("date1904"));
    let starts_1904 = matches!(starts_1904, Some("1" | "true"));
    let formats = Formats::of(book.beside("styles")?.as_ref(), starts_1904);
    let mut sheets = vec![];
    for sheet in book.sheets().into_iter().filter(|sheet| !sheet.is_hidden) {
        let Some(part) = sheet.part else { continue };
        let part = book.package.part(&part)?.filter(|part| part.name == "s:worksheet");
        if let Some(part) = part.filter(|part| part.has(&["s:v", "s:is", "s:f"])) {
            sheets.push((sheet.name, part));
        }
    }
    Ok((sheets, strings, formats))
}

/// A sheet's rows, each by its number.
fn rows_of(sheet: &Element) -> impl Iterator<Item = (String, &Element)> {
    let rows = sheet.child("s:sheetData").into_iter().flat_map(Element::elements);
    rows.enumerate().map(|(index, row)| {
        (row.attribute("r").map_or_else(|| (index + 1).to_string(), str::to_owned), row)
    })
}

/// A row's cells, each by its column.
fn cells_of(row: &Element) -> impl Iterator<Item = (u32, &Element)> {
    let cells = (1..).zip(row.elements().filter(|cell| cell.name == "s:c"));
    cells.map(|(place, cell)| (cell.attribute("r").and_then(column_of).unwrap_or(place), cell))
}

struct Reader {
    strings: Vec<String>,
    formats: Formats,
}

impl Reader {
    fn rows(&self, sheet: &Element) -> Result<Vec<Row>, Finding> {
        let mut rows = vec![];
        let mut count = 0;
        for (number, row) in rows_of(sheet) {
            let (mut cells, mut words) = (vec![], vec![]);
            for (column, cell) in cells_of(row) {
                let named = |why: String| {
                    let name = format!("{}{number}", letters_of(column));
                    bad(&format!("{name} 单元格 cell {name}：{why}"))
                };
                let text = self.show(cell).map_err(named)?;
                if !text.is_empty() {
                    cells.push((column, text));
                    words.extend(self.words(cell).map(|words| (column, words)));
                }
            }
            count += cells.len();
            if count > CELLS_MAX {
                return Err(bad("单元格过多 too many cells"));
            }
            if !cells.is_empty() {
                rows.push(Row { number, cells, words });
            }
        }
        Ok(rows)
    }

    /// What the number format of a cell that holds a number writes around it.
    fn words(&self, cell: &Element) -> Option<[String; 2]> {
        let is_number = cell.attribute("t").unwrap_or("n") == "n";
        is_number.then(|| self.formats.words(cell.attribute("s"))).flatten()
    }

    /// A number with what its format writes around it: 60%, 300万元.
    fn number(&self, cell: &Element, number: &str) -> Result<String, Unshowable> {
        let style = cell.attribute("s");
        let digits = self.formats.show(style, number)?;
        let [before, behind] = self.formats.words(style).unwrap_or_default();
        let sign = if self.formats.is_share(style) { "%" } else { "" };
        Ok(format!("{before}{digits}{sign}{behind}"))
    }

    /// A cell as people see it, in one line; or why not (ISO/IEC 29500-1, 18.18.11).
    fn show(&self, cell: &Element) -> Result<String, String> {
        let value = cell.child("s:v").map(Element::text).unwrap_or_default();
        let kind = cell.attribute("t").unwrap_or("n");
        // Some programs write formulas and leave the reckoning to Excel. Of words, nothing may be the result.
        if kind != "str" && value.trim().is_empty() && cell.child("s:f").is_some() {
            return Err("是公式而没有算出的值，请在 Excel/WPS 中打开并保存 the formula has no value; open and save it once".to_owned());
        }
        let text = match kind {
            "s" => {
                let index = value.trim().parse::<usize>().ok();
                index.and_then(|index| self.strings.get(index)).cloned().unwrap_or_default()
            }
            "inlineStr" => cell.child("s:is").map(text_of).unwrap_or_default(),
            "str" => value,
            "b" => {
                return Err(
                    "是 TRUE 或 FALSE；写成文字或数字 it is TRUE or FALSE; write words or a figure"
                        .to_owned(),
                );
            }
            "e" => return Err(format!("公式出错 the formula has an error: {value}")),
            "d" => value.split('T').next().unwrap_or_default().to_owned(),
            _ if value.trim().is_empty() => String::new(),
            _ => self.number(cell, value.trim()).map_err(|why| {
                let Unshowable(why) = why;
                format!("{why} ({})", value.trim())
            })?,
        };
        // How Excel writes a carriage return (18.18.100, ST_Xstring).
        let text = text.replace("_x000D_", " ");
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// The columns, which the first row names.
fn headings(rows: &[Row]) -> Result<Vec<u32>, Finding> {
    let Some((head, data)) = rows.split_first() else {
        return Err(bad("没有内容 it is empty"));
    };
    let number = &head.number;
    if head.cells.len() == 1 && data.iter().any(|row| row.cells.len() > 1) {
        let said = format!("第 {number} 行像是标题，不是表头 row {number} looks like a title");
        return Err(bad(&said).advising(
            "首行须为表头：标题、单位、说明写在 bundle.toml 的 subtitle、unit 中".to_owned(),
            "the first row holds the headings; title, unit and notes go into subtitle and unit of bundle.toml".to_owned(),
        ));
    }
    for (index, (_, heading)) in head.cells.iter().enumerate() {
        if head.cells.iter().take(index).any(|(_, other)| other == heading) {
            return Err(bad(&format!("表头重复 the heading is there twice: {heading}")));
        }
    }
    for row in data {
        let unnamed = row.cells.iter().find(|(column, _)| head.at(*column).is_empty());
        if let Some((column, _)) = unnamed {
            let (letters, row) = (letters_of(*column), &row.number);
            return Err(bad(&format!(
                "{letters}{row} 单元格 cell {letters}{row}：该列没有表头 its column has no heading in row {number}"
            )));
        }
    }
    let is_noted = |row: &&Row| matches!(row.cells.as_slice(), [(_, text)] if is_note(text));
    if let Some(row) = data.iter().find(is_noted) {
        let number = &row.number;
        let said = format!("第 {number} 行是表注，不是数据 row {number} is a note, no data");
        return Err(bad(&said).advising(
            "删去表注；来源写在 bundle.toml 的 source 中".to_owned(),
            "delete it; where the figures come from goes into source of bundle.toml".to_owned(),
        ));
    }
    Ok(head.cells.iter().map(|(column, _)| *column).collect())
}

/// Whether a line of a table is a note below it: 注：2024年为快报数.
pub(crate) fn is_note(text: &str) -> bool {
    const NOTES: [&str; 9] =
        ["注：", "注:", "注1", "备注", "说明：", "说明:", "资料来源", "数据来源", "来源："];
    NOTES.iter().any(|note| text.starts_with(note))
}

fn document(sheet: &str, rows: &[Row], columns: &[u32]) -> Document {
    let mut document = Document::default();
    let heading = |column: u32| rows.first().map_or("", |head| head.at(column)).to_owned();
    for (line, row) in (1..).zip(rows) {
        document.worded.extend(row.words.iter().map(|(column, [before, behind])| Worded {
            cell: format!("{}{}", letters_of(*column), row.number),
            heading: heading(*column),
            line,
            before: before.clone(),
            behind: behind.clone(),
        }));
        let start = document.text.len();
        document.line_starts.push(start);
        let cells: Vec<String> = columns.iter().map(|column| quoted(row.at(*column))).collect();
        document.text.push_str(&cells.join(","));
        document.text.push('\n');
        let name =
            format!("工作表 sheet {sheet:?} 第 {number} 行 row {number}", number = row.number);
        document.places.push(Place { range: start..document.text.len(), name });
    }
    document
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// A text in pieces, without how it is pronounced.
fn text_of(item: &Element) -> String {
    let mut text = String::new();
    item.visit(&mut |node| match node {
        Node::Element(element) => {
            if element.name == "s:t" {
                text.push_str(&element.text());
            }
            element.name != "s:rPh"
        }
        Node::Text(_) => true,
    });
    text
}

fn bad(why: &str) -> Finding {
    codes::BAD_DATA.about(why)
}
