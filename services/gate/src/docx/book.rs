//! A workbook as it is opened: its parts, its sheets, a sheet's rows as a table of text.

use std::collections::BTreeMap;

use super::{
    package::{Package, Relation, Unreadable},
    xml::Element,
};

/// Rows among which the headings stand, below a title perhaps.
const HEADINGS_WITHIN: usize = 10;

/// An opened workbook (ISO/IEC 29500-1, 12.2).
pub(super) struct Book<'b> {
    pub(super) package: Package<'b>,
    pub(super) root: Element,
    relations: BTreeMap<String, Relation>,
}

/// A sheet as its workbook lists it.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) is_hidden: bool,
    /// The name of its part.
    pub(super) part: Option<String>,
}

impl<'b> Book<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        let mut package = Package::open(bytes)?;
        let main = package.main_part()?;
        let root = package.part(&main)?.filter(|root| root.name == "s:workbook");
        let root = root.ok_or(Unreadable::NoWord)?;
        let relations = package.relations(&main)?;
        Ok(Self { package, root, relations })
    }

    /// The name of the part of this kind that all its sheets share: `styles`, `sharedStrings`.
    pub(super) fn name_of(&self, kind: &str) -> Option<String> {
        let relation = self.relations.values().find(|relation| relation.kind == kind);
        relation.map(|relation| relation.target.clone())
    }

    /// That part.
    pub(super) fn beside(&mut self, kind: &str) -> Result<Option<Element>, Unreadable> {
        self.name_of(kind).map_or(Ok(None), |name| self.package.part(&name))
    }

    pub(super) fn sheets(&self) -> Vec<Listed> {
        let sheets = self.root.child("s:sheets").into_iter().flat_map(Element::elements);
        sheets
            .map(|sheet| {
                let relation = sheet.attribute("r:id").and_then(|id| self.relations.get(id));
                Listed {
                    name: sheet.attribute("name").unwrap_or_default().to_owned(),
                    is_hidden: matches!(sheet.attribute("state"), Some("hidden" | "veryHidden")),
                    part: relation.map(|relation| relation.target.clone()),
                }
            })
            .collect()
    }
}

/// A sheet's rows as lines of CSV, each cell in its column, the headings first.
pub(super) struct Table {
    pub(super) text: String,
    /// Where each cell begins with its quotation mark, in bytes: with its row and its place in it.
    cells: Vec<(usize, usize, usize)>,
}

impl Table {
    /// Of rows of cells, as `read` gives each: its column from 1, or 0 where it follows the one before, and its
    /// text. What a sheet leaves out is written as so many empty cells at most.
    pub(super) fn of<C>(
        rows: &[Vec<C>],
        read: impl Fn(&C) -> (usize, &str),
        blanks_left: &mut usize,
    ) -> Self {
        let filled = |row: &[C]| row.iter().filter(|cell| !read(cell).1.is_empty()).count();
        let mut order: Vec<(usize, &Vec<C>)> =
            rows.iter().enumerate().filter(|(_, row)| filled(row) > 0).collect();
        // Headings are the first row of more than one cell; a title above them has one.
        let is_heading = |(_, row): &(usize, &Vec<C>)| filled(row) > 1;
        let heading = order.iter().take(HEADINGS_WITHIN).position(is_heading);
        order.rotate_left(heading.unwrap_or_default());
        let mut table = Self { text: String::new(), cells: vec![] };
        for (number, row) in order {
            let mut columns = 0;
            for (index, (column, text)) in row.iter().map(&read).enumerate() {
                let blanks = column.saturating_sub(columns + 1).min(*blanks_left);
                *blanks_left -= blanks;
                columns += blanks + 1;
                table.text.extend(std::iter::repeat_n(',', blanks + usize::from(index > 0)));
                table.cells.push((table.text.len(), number, index));
                table.push(text);
            }
            table.text.push('\n');
        }
        table
    }

    /// A cell in one line, one character for one.
    fn push(&mut self, text: &str) {
        self.text.push('"');
        self.text.extend(text.chars().map(|c| match c {
            '\n' | '\r' => ' ',
            '"' => '”',
            c => c,
        }));
        self.text.push('"');
    }

    /// The row, and the cell's place in it, that a byte of the text stands in.
    pub(super) fn cell_at(&self, offset: usize) -> Option<(usize, usize)> {
        let at = self.cells.partition_point(|(start, ..)| *start <= offset).max(1) - 1;
        self.cells.get(at).map(|(_, row, cell)| (*row, *cell))
    }

    /// The cells in which a text of as many characters differs, by row and place, and which of their characters.
    pub(super) fn differing(&self, other: &str) -> BTreeMap<(usize, usize), Vec<usize>> {
        let mut found: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        let mut ahead = self.cells.iter().peekable();
        let mut open = None;
        for ((at, one), other) in self.text.char_indices().zip(other.chars()) {
            if let Some((_, row, cell)) = ahead.next_if(|(start, ..)| *start == at) {
                open = Some(((*row, *cell), 0));
            } else if let Some((place, within)) = &mut open {
                if one != other {
                    found.entry(*place).or_default().push(*within);
                }
                *within += 1;
            }
        }
        found
    }
}
