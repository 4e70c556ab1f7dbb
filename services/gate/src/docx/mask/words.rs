//! The texts of a part of Word, as they are read: paragraphs, and tables line by line.

use std::ops::Range;

use quick_xml::{Reader, events::Event};

use super::{super::xml, Drawn, Edit};
use crate::persons;

/// What masks the personal data in a part.
pub(super) fn mask(markup: &str) -> Vec<Edit> {
    let drawn = draw(markup);
    let (masked, hits) = persons::mask(&drawn.text);
    if hits.is_empty() { vec![] } else { drawn.edits(&masked) }
}

fn draw(markup: &str) -> Drawn {
    let mut reader = Reader::from_str(markup);
    let mut drawn = Drawn::default();
    let (mut is_text, mut cells) = (false, 0_usize);
    loop {
        let start = position(&reader);
        let Ok(event) = reader.read_event() else { return drawn };
        let range = start..position(&reader);
        match event {
            Event::Start(start) => {
                let name = start.local_name();
                is_text = name.as_ref() == b"t";
                match name.as_ref() {
                    b"tc" => {
                        cells += 1;
                        drawn.text.push_str("| ");
                    }
                    b"p" => drawn.text.push_str(if cells > 0 { " " } else { "\n\n" }),
                    _ => {}
                }
            }
            Event::End(end) => {
                is_text = false;
                match end.local_name().as_ref() {
                    b"tc" => cells = cells.saturating_sub(1),
                    b"tr" => drawn.text.push_str("|\n"),
                    b"p" => drawn.text.push_str(if cells > 0 { " " } else { "\n\n" }),
                    b"tbl" => drawn.text.push_str("\n\n"),
                    _ => {}
                }
            }
            Event::Empty(empty) => drawn.text.push_str(match empty.local_name().as_ref() {
                b"tab" => "\t",
                b"br" | b"cr" => "\n",
                b"noBreakHyphen" => "-",
                _ => "",
            }),
            Event::Eof => return drawn,
            event @ (Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                if is_text {
                    add(&mut drawn, &event, markup, range);
                }
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

pub(super) fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Takes in what an event says that is text, and stands in this range of the markup.
pub(super) fn add(drawn: &mut Drawn, event: &Event<'_>, markup: &str, range: Range<usize>) {
    const CDATA: [&str; 2] = ["<![CDATA[", "]]>"];
    if let Event::CData(_) = event {
        let within = range.start + CDATA[0].len()..range.end.saturating_sub(CDATA[1].len());
        drawn.push(markup.get(within.clone()).unwrap_or_default(), within);
    } else if let Event::GeneralRef(reference) = event {
        drawn.push(&xml::resolve(reference).unwrap_or_default(), range);
    } else {
        drawn.push(markup.get(range.clone()).unwrap_or_default(), range);
    }
}
