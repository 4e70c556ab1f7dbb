//! The cells of a workbook and the texts they share, as the tables that they are looked at as.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use quick_xml::{
    Reader,
    escape::escape,
    events::{BytesStart, Event},
};

use super::{
    super::{
        book::{Book, Table},
        cells::written_out,
        workbook::column_of,
    },
    Drawn, Edit, edited,
    words::{add, position},
};
use crate::persons;

/// Bytes of a table that is masked at most.
const TEXT_MAX: usize = 16 << 20;
/// Columns of a sheet (Excel's own limit).
const COLUMNS_MAX: usize = 16_384;

/// The parts that change, by name.
pub(super) fn mask(book: &mut Book<'_>) -> Option<BTreeMap<String, Vec<u8>>> {
    let shared_name = book.name_of("sharedStrings");
    let shared_markup = shared_name.as_ref().and_then(|name| book.package.markup(name));
    let strings = shared_markup.as_deref().map(draw_shared).unwrap_or_default();
    // Which characters of which shared text are masked.
    let mut hidden: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut are_used = vec![false; strings.len()];
    let mut parts = BTreeMap::new();
    for name in book.sheets().into_iter().filter_map(|sheet| sheet.part) {
        let Some(markup) = book.package.markup(&name) else { continue };
        let rows = read_rows(&markup, &strings);
        for cell in rows.iter().flatten() {
            if let Some(is_used) = cell.shared.and_then(|at| are_used.get_mut(at)) {
                *is_used = true;
            }
        }
        let mut edits = vec![];
        for (cell, masked) in masked_cells(&rows)? {
            match cell.shared {
                Some(at) => hidden.entry(at).or_default().extend(masked),
                None => edits.extend(cell.edits(&markup, &masked)),
            }
        }
        if !edits.is_empty() {
            parts.insert(name, edited(&markup, edits).into_bytes());
        }
    }
    for (at, text) in strings.iter().enumerate().filter(|(at, _)| are_used.get(*at) != Some(&true))
    {
        let masked = persons::mask(&text.text).0;
        let changed = text.text.chars().zip(masked.chars()).enumerate();
        let changed: Vec<usize> =
            changed.filter(|(_, (one, other))| one != other).map(|(at, _)| at).collect();
        if !changed.is_empty() {
            hidden.entry(at).or_default().extend(changed);
        }
    }
    let edits: Vec<Edit> = hidden
        .iter()
        .filter_map(|(at, masked)| Some((strings.get(*at)?, masked)))
        .flat_map(|(text, masked)| text.edits(&with_masks(&text.text, masked)))
        .collect();
    if let (Some(name), Some(markup)) = (shared_name, shared_markup)
        && !edits.is_empty()
    {
        parts.insert(name, edited(&markup, edits).into_bytes());
    }
    Some(parts)
}

fn with_masks(text: &str, masked: &BTreeSet<usize>) -> String {
    let chars = text.chars().enumerate();
    chars.map(|(at, c)| if masked.contains(&at) { persons::MASK } else { c }).collect()
}

/// Each text that cells share.
fn draw_shared(markup: &str) -> Vec<Drawn> {
    let mut reader = Reader::from_str(markup);
    let (mut texts, mut open) = (vec![], None);
    loop {
        let start = position(&reader);
        let Ok(event) = reader.read_event() else { return texts };
        let range = start..position(&reader);
        match event {
            Event::Start(start) if start.local_name().as_ref() == b"si" => {
                open = Some(Drawn::default());
            }
            Event::Empty(empty) if empty.local_name().as_ref() == b"si" => {
                texts.push(Drawn::default());
            }
            Event::End(end) if end.local_name().as_ref() == b"si" => texts.extend(open.take()),
            Event::Eof => return texts,
            Event::Start(_) | Event::Empty(_) | Event::End(_) => {}
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            event @ (Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                if let Some(text) = &mut open {
                    add(text, &event, markup, range);
                }
            }
        }
    }
}

/// A cell of a sheet.
#[derive(Debug, Default)]
struct Cell {
    /// From 1; 0 where it is not said.
    column: usize,
    /// What it shows.
    text: String,
    /// The text that it shares with others.
    shared: Option<usize>,
    /// What it holds itself.
    own: Drawn,
    /// The whole element.
    markup: Range<usize>,
    is_number: bool,
    has_formula: bool,
}

impl Cell {
    fn starting(start: &BytesStart<'_>, at: usize) -> (Self, bool) {
        let attribute = |name: &str| {
            let found = start.try_get_attribute(name).ok().flatten()?;
            std::str::from_utf8(&found.value).ok().map(str::to_owned)
        };
        let column = attribute("r").and_then(|r| column_of(&r)).unwrap_or_default();
        let kind = attribute("t").unwrap_or_else(|| "n".to_owned());
        let cell = Self {
            column: usize::try_from(column).unwrap_or_default(),
            markup: at..at,
            is_number: kind == "n",
            ..Self::default()
        };
        (cell, kind == "s")
    }

    fn close(&mut self, end: usize, is_shared: bool, strings: &[Drawn]) {
        self.markup.end = end;
        if is_shared {
            self.shared = self.own.text.trim().parse().ok().filter(|at| *at < strings.len());
            let shared = self.shared.and_then(|at| strings.get(at));
            self.text = shared.map(|shared| shared.text.clone()).unwrap_or_default();
        } else {
            let number = written_out(&self.own.text).filter(|_| self.is_number);
            self.text = number.unwrap_or_else(|| self.own.text.clone());
        }
    }

    /// What masks these characters of it. A figure becomes a text; what a formula computes is left.
    fn edits(&self, markup: &str, masked: &BTreeSet<usize>) -> Vec<Edit> {
        if self.has_formula {
            vec![]
        } else if self.is_number {
            let element = markup.get(self.markup.clone()).unwrap_or_default();
            let text = with_masks(&self.text, masked);
            as_text(element, &text).map(|text| (self.markup.clone(), text)).into_iter().collect()
        } else {
            self.own.edits(&with_masks(&self.text, masked))
        }
    }
}

/// A cell's element with this text for its figure.
fn as_text(element: &str, text: &str) -> Option<String> {
    let mut reader = Reader::from_str(element);
    let Ok(Event::Start(start)) = reader.read_event() else { return None };
    let name = std::str::from_utf8(start.name().into_inner()).ok()?.to_owned();
    let prefix = name.rsplit_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default();
    let mut head = format!("<{name}");
    for attribute in start.attributes().with_checks(false).flatten() {
        let key = std::str::from_utf8(attribute.key.into_inner()).ok()?;
        let value = std::str::from_utf8(&attribute.value).ok()?.replace('"', "&quot;");
        if key != "t" {
            head.push_str(&format!(" {key}=\"{value}\""));
        }
    }
    let text = escape(text);
    Some(format!(
        "{head} t=\"inlineStr\"><{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is></{name}>"
    ))
}

/// The rows of a sheet that hold something.
fn read_rows(markup: &str, strings: &[Drawn]) -> Vec<Vec<Cell>> {
    let mut reader = Reader::from_str(markup);
    let mut rows: Vec<Vec<Cell>> = vec![];
    let mut open: Option<(Cell, bool)> = None;
    let mut is_value = false;
    loop {
        let start = position(&reader);
        let Ok(event) = reader.read_event() else { return rows };
        let range = start..position(&reader);
        match event {
            Event::Start(start) => match start.local_name().as_ref() {
                b"row" => rows.push(vec![]),
                b"c" => open = Some(Cell::starting(&start, range.start)),
                b"v" | b"is" => is_value = true,
                b"f" => {
                    if let Some((cell, _)) = &mut open {
                        cell.has_formula = true;
                    }
                }
                _ => {}
            },
            Event::Empty(empty) if empty.local_name().as_ref() == b"f" => {
                if let Some((cell, _)) = &mut open {
                    cell.has_formula = true;
                }
            }
            Event::End(end) => match end.local_name().as_ref() {
                b"v" | b"is" => is_value = false,
                b"c" => {
                    if let (Some((mut cell, is_shared)), Some(row)) = (open.take(), rows.last_mut())
                    {
                        cell.close(range.end, is_shared, strings);
                        row.push(cell);
                    }
                }
                b"sheetData" => return rows,
                _ => {}
            },
            Event::Eof => return rows,
            Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
            event @ (Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                if let Some((cell, _)) = open.as_mut().filter(|_| is_value) {
                    add(&mut cell.own, &event, markup, range);
                }
            }
        }
    }
}

/// The cells in which something is masked, and which of their characters; `None` where there are too many.
fn masked_cells(rows: &[Vec<Cell>]) -> Option<Vec<(&Cell, BTreeSet<usize>)>> {
    let bytes: usize = rows.iter().flatten().map(|cell| cell.text.len()).sum();
    if bytes > TEXT_MAX {
        return None;
    }
    let mut blanks_left = TEXT_MAX;
    // As the gate reads a sheet.
    let table = Table::of(
        rows,
        |cell| (cell.column.min(COLUMNS_MAX), cell.text.as_str()),
        &mut blanks_left,
    );
    let masked = persons::mask_table(&table.text).0;
    let found = table.differing(&masked).into_iter();
    let cells = found.filter_map(|((row, cell), masked)| {
        Some((rows.get(row)?.get(cell)?, masked.into_iter().collect()))
    });
    Some(cells.collect())
}
