//! Whether a typeface came whole. What reads it trusts its tables: a damaged map of characters is gone through for
//! thousands of millions of them, and a damaged outline is drawn as a blot.

use ttf_parser::{RawFace, Tag};

/// The first table, of those that are read here, that is not what its checksum says (OpenType 1.9.1, "Table directory").
pub(super) fn find(face: &[u8]) -> Option<String> {
    let raw = RawFace::parse(face, 0).ok()?;
    let is_damaged = |tag: Tag, expected: u32| {
        let table = raw.table(tag)?;
        (sum(tag, table) != expected).then(|| tag.to_string())
    };
    let read = [b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"OS/2", b"post"];
    let read = read.map(Tag::from_bytes);
    let mut records = raw.table_records.into_iter().filter(|record| read.contains(&record.tag));
    records.find_map(|record| is_damaged(record.tag, record.check_sum))
}

/// Of 32-bit words, the last filled up with noughts. In `head` the third is the sum of the whole file, and none of its
/// own.
fn sum(tag: Tag, table: &[u8]) -> u32 {
    let word = |bytes: &[u8]| {
        let mut word = [0; 4];
        word.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        u32::from_be_bytes(word)
    };
    let is_head = tag == Tag::from_bytes(b"head");
    let words = table.chunks(4).enumerate().filter(|(at, _)| !(is_head && *at == 2));
    words.fold(0, |sum, (_, bytes)| sum.wrapping_add(word(bytes)))
}
