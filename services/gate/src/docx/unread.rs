//! Identity numbers in whatever of a Word or Excel file nobody reads: descriptions of pictures, fields,
//! bookmarks, properties, comments to the program. Whoever opens the file finds them.

use lockstep_proto::finding::Finding;

use super::package::{PART_MAX, UNPACKED_MAX};
use crate::{
    archive::Archive,
    codes,
    persons::{self, Hit},
};

/// Characters of an identity number (GB 11643-1999).
const ID_CHARS: usize = 18;

/// TS602, once: other numbers are too much like what markup is full of.
pub(super) fn check(bytes: &[u8]) -> Option<Finding> {
    let mut archive = Archive::open(bytes, UNPACKED_MAX).ok()?;
    let names = archive.names().to_vec();
    names.iter().enumerate().filter(|(_, name)| is_markup(name)).find_map(|(index, name)| {
        let part = archive.read(index, PART_MAX).ok()?;
        let hit = find_id(&String::from_utf8_lossy(&part))?;
        Some(hit.finding_by_hand(&format!("文件内部 within the file: {name}")))
    })
}

fn is_markup(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    ["xml", "rels", "vml", "htm", "html", "txt"].iter().any(|e| extension.eq_ignore_ascii_case(e))
}

fn find_id(markup: &str) -> Option<Hit> {
    markup
        .split(|c: char| !c.is_ascii_digit() && !matches!(c, 'X' | 'x'))
        .filter(|run| run.len() == ID_CHARS)
        .flat_map(persons::find)
        .find(|hit| hit.code.id == codes::ID_CARD.id)
}
