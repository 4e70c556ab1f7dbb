//! Masking personal data where it stands in a Word or Excel file: in the texts of paragraphs, in cells and
//! the texts they share. Masks keep the length, so that every character is written in its own place and all
//! the rest of the file stays as it was, byte for byte. What stands elsewhere (drawings, charts, comments,
//! formulas, files within) is left to a person.

mod cells;
mod words;

use std::{collections::BTreeMap, ops::Range};

use zip::CompressionMethod;

use super::{
    book::Book,
    package::{self, Package, Unreadable},
};

/// The parts of Word that are texts.
const TEXTS: [&str; 4] = ["header", "footer", "footnotes", "endnotes"];

/// The file with the personal data in it masked; `None` where there is none that can be.
pub fn mask(bytes: &[u8]) -> Option<Vec<u8>> {
    let parts = match Book::open(bytes) {
        Ok(mut book) => cells::mask(&mut book)?,
        Err(Unreadable::NoWord) => mask_word(bytes)?,
        Err(Unreadable::Archive(_) | Unreadable::BadPart(_)) => return None,
    };
    if parts.is_empty() {
        return None;
    }
    package::with_parts(bytes, &parts, CompressionMethod::Deflated)
}

fn mask_word(bytes: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut package = Package::open(bytes).ok()?;
    let main = package.main_part().ok()?;
    let relations = package.relations(&main).ok()?;
    package.part(&main).ok()?.filter(|root| root.name == "w:document")?;
    let beside = relations.into_values().filter(|r| TEXTS.contains(&r.kind.as_str()));
    let names = std::iter::once(main).chain(beside.map(|relation| relation.target));
    let mut parts = BTreeMap::new();
    for name in names {
        let Some(markup) = package.markup(&name) else { continue };
        let edits = words::mask(&markup);
        if !edits.is_empty() {
            parts.insert(name, edited(&markup, edits).into_bytes());
        }
    }
    Some(parts)
}

/// What is written over a range of a part's markup.
type Edit = (Range<usize>, String);

/// A part's markup with what is written over it.
fn edited(markup: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut written = String::with_capacity(markup.len());
    let mut end = 0;
    for (range, text) in edits {
        written.push_str(markup.get(end..range.start).unwrap_or_default());
        written.push_str(&text);
        end = end.max(range.end);
    }
    written.push_str(markup.get(end..).unwrap_or_default());
    written
}

/// A text drawn from a part's markup, and where each piece of it stands there.
#[derive(Debug, Default)]
struct Drawn {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    text: Range<usize>,
    markup: Range<usize>,
}

impl Drawn {
    /// Takes in what the markup holds there, as it is read: itself, or what a reference stands for.
    fn push(&mut self, read: &str, markup: Range<usize>) {
        let start = self.text.len();
        self.text.push_str(read);
        self.pieces.push(Piece { text: start..self.text.len(), markup });
    }

    /// What must be written where, for the text to read like `masked`, which is of as many characters.
    fn edits(&self, masked: &str) -> Vec<Edit> {
        let mut pieces = self.pieces.iter().peekable();
        let mut edits = vec![];
        for ((at, one), other) in self.text.char_indices().zip(masked.chars()) {
            if one == other {
                continue;
            }
            while pieces.next_if(|piece| piece.text.end <= at).is_some() {}
            let Some(piece) = pieces.peek().filter(|piece| piece.text.start <= at) else {
                continue;
            };
            // A reference is of one character.
            let range = if piece.text.len() == piece.markup.len() {
                let from = piece.markup.start + at - piece.text.start;
                from..from + one.len_utf8()
            } else {
                piece.markup.clone()
            };
            edits.push((range, other.to_string()));
        }
        edits
    }
}
