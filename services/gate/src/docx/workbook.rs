//! XLSX as attachments: sheets, rows, columns and cells that hold something and are hidden, comments, and
//! what the cells say that may not be published.

use lockstep_proto::finding::Finding;

use super::{
    book::Book, cells, few, looks::Looks, package::Unreadable, unseen_cells, xml::Element,
};
use crate::codes::{self, At as _};

/// TS601 to TS607, TS612, TS614.
pub(super) fn check(bytes: &[u8]) -> Result<Vec<Finding>, Unreadable> {
    let mut book = Book::open(bytes)?;
    let mut cells = cells::Cells::of(book.beside("sharedStrings")?.as_ref());
    let looks = Looks::of(book.beside("styles")?.as_ref());
    let (mut hidden, mut faint, mut commented, mut said) = (vec![], vec![], vec![], vec![]);
    for sheet in book.sheets() {
        let name = &sheet.name;
        if sheet.is_hidden {
            hidden.push(format!("工作表 sheet {name:?}"));
        }
        let Some(target) = &sheet.part else { continue };
        let beside = book.package.relations(target)?;
        if beside.values().any(|r| matches!(r.kind.as_str(), "comments" | "threadedComment")) {
            commented.push(format!("工作表 sheet {name:?}"));
        }
        if let Some(part) = book.package.part(target)? {
            said.extend(cells::Sheet::read(&part, &mut cells)?.check(name));
            if !sheet.is_hidden {
                let unseen = unseen_cells::find(&part, &looks);
                let named = |place: String| format!("{name:?} {place}");
                hidden.extend(unseen.hidden.into_iter().map(named));
                faint.extend(unseen.faint.into_iter().map(named));
            }
        }
    }
    said.extend(cells.check_unused());
    let all = [(&codes::HIDDEN_CELLS, hidden), (&codes::COMMENTS, commented)];
    let found = all.into_iter().filter(|(_, places)| !places.is_empty());
    let found = found.map(|(code, places)| code.about(few(&places)));
    let faint = (!faint.is_empty()).then(|| warn_of_faint(&faint));
    Ok(found.chain(faint).chain(said).collect())
}

/// Clerks keep helpers in white beside a table; so may who hides something.
fn warn_of_faint(places: &[String]) -> Finding {
    let looks = "白色、与底色相近、极小或按条件不显示的字 white, of its ground's colour, tiny or not shown on a condition";
    let found = codes::HIDDEN_CELLS.about(format_args!("{}（{looks}）", few(places)));
    found.into_warning().advising(
        "改为看得见的颜色和字号；不公开的请删去".to_owned(),
        "give it a colour and size that can be seen, or delete what is not to be public".to_owned(),
    )
}

pub(super) fn is_on(element: &Element, attribute: &str) -> bool {
    matches!(element.attribute(attribute), Some("1" | "true"))
}

/// `C12` is in column 3.
pub(super) fn column_of(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase).take(4);
    let column = letters.fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (column > 0).then_some(column)
}

pub(super) fn letters_of(column: u32) -> String {
    let mut letters = vec![];
    let mut left = column;
    while left > 0 {
        letters.push(char::from_u32(u32::from('A') + (left - 1) % 26).unwrap_or('?'));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}
