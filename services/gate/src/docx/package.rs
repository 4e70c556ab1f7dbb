//! The parts of an OOXML file and how they refer to one another (ISO/IEC 29500-2).

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _, Write as _},
};

use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::xml::Element;
use crate::archive::{Archive, BadArchive};

/// Bytes of a file's XML when unpacked, at most; pictures are not unpacked.
pub(super) const UNPACKED_MAX: usize = 32 << 20;
/// Bytes of one part of XML at most. A tree takes several times as much memory while it is read; the
/// text of a book of 500 pages is 8 MiB.
pub(super) const PART_MAX: usize = 16 << 20;

/// Why a file is no readable Word or Excel file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The archive.
    #[error("{0}")]
    Archive(#[from] BadArchive),
    /// A part that must be there.
    #[error("不是 Word 文件 no Word file")]
    NoWord,
    /// A part that is no XML.
    #[error("{0}：无法读取 cannot be read")]
    BadPart(String),
}

/// An OOXML file.
pub(super) struct Package<'b> {
    archive: Archive<'b>,
    /// Folded name to place; names are compared without regard to case.
    index: BTreeMap<String, usize>,
}

/// What a part refers to.
pub(super) struct Relation {
    /// The last word of its type, such as `hyperlink`.
    pub(super) kind: String,
    /// A part's name, or an address.
    pub(super) target: String,
    pub(super) is_external: bool,
}

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        let archive = Archive::open(bytes, UNPACKED_MAX)?;
        let names = archive.names().iter().enumerate();
        let index = names.map(|(at, name)| (fold(name), at)).collect();
        Ok(Self { archive, index })
    }

    /// What the archive holds that is no part.
    pub(super) fn beside(&self) -> &[&'static str] {
        self.archive.beside()
    }

    /// A part's tree; `None` if it is not there.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Element>, Unreadable> {
        let Some(at) = self.index.get(&fold(name)) else { return Ok(None) };
        let bytes = self.archive.read(*at, PART_MAX)?;
        let element = Some(bytes).filter(|bytes| bytes.len() <= PART_MAX);
        let element = element.and_then(|bytes| Element::parse(&bytes));
        element.map(Some).ok_or_else(|| Unreadable::BadPart(name.to_owned()))
    }

    /// A part as it is written, where that is UTF-8; without a byte order mark.
    pub(super) fn markup(&mut self, name: &str) -> Option<String> {
        let at = self.index.get(&fold(name))?;
        let bytes = self.archive.read(*at, PART_MAX).ok().filter(|b| b.len() <= PART_MAX)?;
        let markup = String::from_utf8(bytes).ok()?;
        Some(markup.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(markup))
    }

    /// What a part refers to, by id. `""` is the package itself.
    pub(super) fn relations(&mut self, of: &str) -> Result<BTreeMap<String, Relation>, Unreadable> {
        let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
        let place = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let Some(root) = self.part(&format!("{place}_rels/{name}.rels"))? else {
            return Ok(BTreeMap::new());
        };
        let relations = root.elements().filter(|e| e.name == "rel:Relationship").filter_map(|e| {
            let kind = e.attribute("Type")?.rsplit('/').next()?.to_owned();
            let is_external = e.attribute("TargetMode") == Some("External");
            let target = e.attribute("Target")?;
            let target = if is_external { target.to_owned() } else { join(folder, target) };
            Some((e.attribute("Id")?.to_owned(), Relation { kind, target, is_external }))
        });
        Ok(relations.collect())
    }

    /// The name of the main part, and what it refers to.
    pub(super) fn main_part(&mut self) -> Result<String, Unreadable> {
        let root = self.relations("")?;
        let main = root.into_values().find(|relation| relation.kind == "officeDocument");
        Ok(main.map_or_else(|| "word/document.xml".to_owned(), |relation| relation.target))
    }
}

/// The same file with these parts in place of its own; every other part as it was. The same
/// bytes give the same bytes.
pub(super) fn with_parts(
    bytes: &[u8],
    parts: &BTreeMap<String, Vec<u8>>,
    method: CompressionMethod,
) -> Option<Vec<u8>> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut to = ZipWriter::new(Cursor::new(vec![]));
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default());
    for index in 0..from.len() {
        let entry = from.by_index_raw(index).ok()?;
        let name = entry.name().ok()?.into_owned();
        let part = parts.iter().find(|(part, _)| fold(part) == fold(&name));
        match part {
            Some((_, part)) => {
                to.start_file(name, options).ok()?;
                to.write_all(part).ok()?;
            }
            None if entry.comment_raw().is_empty() => to.raw_copy_file(entry).ok()?,
            // Copied as it is, its comment would come with it.
            None => {
                drop(entry);
                let mut content = vec![];
                let most = u64::try_from(UNPACKED_MAX).ok()?;
                from.by_index(index).ok()?.take(most).read_to_end(&mut content).ok()?;
                to.start_file(name, options).ok()?;
                to.write_all(&content).ok()?;
            }
        }
    }
    Some(to.finish().ok()?.into_inner())
}

fn fold(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// A target beside the part that names it; `/x` begins at the package's root.
fn join(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}
