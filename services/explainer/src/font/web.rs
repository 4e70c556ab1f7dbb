//! A face with a few of its characters, as browsers take it: WOFF2.

use subsetter::GlyphRemapper;
use ttf_parser::{RawFace, Tag};
use ttf2woff2::BrotliQuality;
use write_fonts::{FontBuilder, tables::cmap::Cmap, types::GlyphId};

use super::{Metrics, UnreadableFont};

/// Measured on real pairs: 11 makes files smaller by two in a hundred and takes four times as long.
const QUALITY: u8 = 9;
/// A `post` table without names of glyphs: this version, and no more than its head.
const POST: ([u8; 4], usize) = ([0, 3, 0, 0], 32);

/// A face that cannot be cut down.
#[derive(Debug, thiserror::Error)]
#[error("cannot cut the font down: {0}")]
pub(crate) struct Uncut(String);

impl From<&UnreadableFont> for Uncut {
    fn from(error: &UnreadableFont) -> Self {
        Self(error.to_string())
    }
}

/// The characters that the face has of these; the same ones give the same bytes.
pub(crate) fn woff2(
    metrics: &Metrics,
    characters: impl IntoIterator<Item = char>,
) -> Result<Vec<u8>, Uncut> {
    let font = uncompressed(metrics, characters)?;
    ttf2woff2::encode(&font, BrotliQuality::from(QUALITY))
        .map_err(|error| Uncut(format!("{error:?}")))
}

fn uncompressed(
    metrics: &Metrics,
    characters: impl IntoIterator<Item = char>,
) -> Result<Vec<u8>, Uncut> {
    let mut glyphs = GlyphRemapper::new();
    let mapped: Vec<(char, GlyphId)> = characters
        .into_iter()
        .filter(|character| metrics.has(*character))
        .map(|c| (c, GlyphId::new(u32::from(glyphs.remap(metrics.glyph(c))))))
        .collect();
    let uncut = |why: &dyn std::fmt::Debug| Uncut(format!("{why:?}"));
    // Made for PDF: it leaves out what browsers ask for besides outlines and widths.
    let cut = subsetter::subset(metrics.bytes, 0, &glyphs).map_err(|error| uncut(&error))?;
    let mut font = FontBuilder::new();
    for (face, wanted) in [(&*cut, None), (metrics.bytes, Some([*b"OS/2", *b"name", *b"post"]))] {
        let face = RawFace::parse(face, 0).map_err(|error| uncut(&error))?;
        for record in face.table_records {
            let tag = record.tag.to_bytes();
            let is_wanted = wanted.map_or(tag != *b"post", |wanted| wanted.contains(&tag));
            let Some(table) = face.table(Tag::from_bytes(&tag)).filter(|_| is_wanted) else {
                continue;
            };
            let mut table = table.to_vec();
            if tag == *b"post" {
                table.truncate(POST.1);
                table.splice(..POST.0.len().min(table.len()), POST.0);
            }
            font.add_raw(write_fonts::types::Tag::new(&tag), table);
        }
    }
    let cmap = Cmap::from_mappings(mapped).map_err(|error| uncut(&error))?;
    font.add_table(&cmap).map_err(|error| uncut(&error))?;
    Ok(font.build())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ttf_parser::Face;

    use super::*;
    use crate::font::{Fonts, Weight};

    /// What stands before it is compressed.
    fn made(characters: &str) -> Vec<u8> {
        let metrics = Fonts::embedded().unwrap().metrics(Weight::Regular);
        uncompressed(metrics, characters.chars()).unwrap()
    }

    #[test]
    fn a_cut_face_has_the_same_outlines_and_widths_under_the_same_characters_and_no_others() {
        let whole = Face::parse(crate::font::REGULAR, 0).unwrap();
        let bytes = made("赟𬣞〔2〕A");
        let cut = Face::parse(&bytes, 0).unwrap();
        let mut held = BTreeSet::new();
        for table in cut.tables().cmap.unwrap().subtables {
            table.codepoints(|code| held.extend(char::from_u32(code)));
        }
        assert_eq!(String::from_iter(held), "2A〔〕赟𬣞");
        for character in "赟𬣞〔2〕A".chars() {
            let [one, other] = [&whole, &cut].map(|face| {
                let glyph = face.glyph_index(character).unwrap();
                (face.glyph_hor_advance(glyph), face.glyph_bounding_box(glyph))
            });
            assert_eq!(one, other, "{character}");
        }
        // What browsers refuse a face without.
        for tag in [b"OS/2", b"cmap", b"head", b"hhea", b"hmtx", b"maxp", b"name", b"post"] {
            let face = RawFace::parse(&bytes, 0).unwrap();
            assert!(face.table(Tag::from_bytes(tag)).is_some(), "{tag:?}");
        }
    }

    #[test]
    fn the_same_characters_make_the_same_bytes_and_one_without_a_glyph_is_left_out() {
        let metrics = Fonts::embedded().unwrap().metrics(Weight::Bold);
        let make = |characters: &str| woff2(metrics, characters.chars()).unwrap();
        assert_eq!(make("甲乙"), make("甲乙"));
        assert_eq!(make("甲乙𪚥"), make("甲乙"));
        assert_ne!(make("甲乙丙"), make("甲乙"));
    }
}
