//! XLSX as attachments: sheets, rows and columns that hold something and are hidden, comments, and what
//! the cells say that may not be published.

use std::collections::BTreeSet;

use lockstep_proto::finding::Finding;

use super::{
    cells, few,
    package::{Package, Unreadable},
    xml::Element,
};
use crate::codes;

/// TS601 to TS607, TS612, TS614.
pub(super) fn check(bytes: &[u8]) -> Result<Vec<Finding>, Unreadable> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part()?;
    let book = package.part(&main)?.filter(|root| root.name == "s:workbook");
    let book = book.ok_or(Unreadable::NoWord)?;
    let relations = package.relations(&main)?;
    let strings = relations.values().find(|relation| relation.kind == "sharedStrings");
    let strings = strings.map_or(Ok(None), |relation| package.part(&relation.target))?;
    let mut cells = cells::Cells::of(strings.as_ref());
    let (mut hidden, mut commented, mut said) = (vec![], vec![], vec![]);
    for sheet in book.child("s:sheets").into_iter().flat_map(Element::elements) {
        let name = sheet.attribute("name").unwrap_or_default();
        let is_hidden = matches!(sheet.attribute("state"), Some("hidden" | "veryHidden"));
        if is_hidden {
            hidden.push(format!("工作表 sheet {name:?}"));
        }
        let relation = sheet.attribute("r:id").and_then(|id| relations.get(id));
        let Some(target) = relation.map(|relation| relation.target.as_str()) else { continue };
        let beside = package.relations(target)?;
        if beside.values().any(|r| matches!(r.kind.as_str(), "comments" | "threadedComment")) {
            commented.push(format!("工作表 sheet {name:?}"));
        }
        if let Some(part) = package.part(target)? {
            said.extend(cells::Sheet::read(&part, &mut cells)?.check(name));
            if !is_hidden {
                let places = find_hidden(&part).into_iter();
                hidden.extend(places.map(|place| format!("{name:?} {place}")));
            }
        }
    }
    let all = [(&codes::HIDDEN_CELLS, hidden), (&codes::COMMENTS, commented)];
    let found = all.into_iter().filter(|(_, places)| !places.is_empty());
    Ok(found.map(|(code, places)| code.about(few(&places))).chain(said).collect())
}

/// Hidden rows and columns of a sheet that hold something.
fn find_hidden(sheet: &Element) -> Vec<String> {
    let columns = sheet.child("s:cols").into_iter().flat_map(Element::elements);
    let hidden: Vec<(u32, u32)> = columns
        .filter(|c| is_on(c, "hidden") || c.attribute("width") == Some("0"))
        .filter_map(|c| {
            Some((c.attribute("min")?.parse().ok()?, c.attribute("max")?.parse().ok()?))
        })
        .collect();
    let mut rows = vec![];
    let mut held = BTreeSet::new();
    for (index, row) in
        sheet.child("s:sheetData").into_iter().flat_map(Element::elements).enumerate()
    {
        let mut filled = row.elements().enumerate().filter(|(_, cell)| is_filled(cell)).peekable();
        if filled.peek().is_some() && (is_on(row, "hidden") || row.attribute("ht") == Some("0")) {
            let number = row.attribute("r").map_or_else(|| (index + 1).to_string(), str::to_owned);
            rows.push(format!("第 {number} 行 row {number}"));
        }
        for (at, cell) in filled {
            let column = cell.attribute("r").and_then(column_of);
            let column = column.or_else(|| u32::try_from(at + 1).ok());
            held.extend(
                column.filter(|c| hidden.iter().any(|(min, max)| (min..=max).contains(&c))),
            );
        }
    }
    let columns = held.into_iter().map(|column| {
        let letters = letters_of(column);
        format!("{letters} 列 column {letters}")
    });
    columns.chain(rows).collect()
}

fn is_on(element: &Element, attribute: &str) -> bool {
    matches!(element.attribute(attribute), Some("1" | "true"))
}

fn is_filled(cell: &Element) -> bool {
    ["s:v", "s:is", "s:f"].iter().any(|name| cell.child(name).is_some_and(|e| !e.text().is_empty()))
}

/// `C12` is in column 3.
pub(super) fn column_of(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase).take(4);
    let column = letters.fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (column > 0).then_some(column)
}

fn letters_of(column: u32) -> String {
    let mut letters = vec![];
    let mut left = column;
    while left > 0 {
        letters.push(char::from_u32(u32::from('A') + (left - 1) % 26).unwrap_or('?'));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}
