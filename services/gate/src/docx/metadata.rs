//! Who wrote a file, by its properties (ISO/IEC 29500-2, 8; -1, 22.2–22.3): of no use to readers, and not
//! theirs to know.

use lockstep_proto::finding::Finding;
use zip::CompressionMethod;

use super::{
    package::{Package, Unreadable, with_parts},
    unread,
};
use crate::{codes, media};

/// The properties that name people or bodies: kind of part, element, what it is.
const NAMING: [(&str, &str, &str); 8] = [
    ("core-properties", "creator", "作者 author"),
    ("core-properties", "lastModifiedBy", "最后修改者 last modified by"),
    ("core-properties", "description", "备注 comments"),
    ("core-properties", "subject", "主题 subject"),
    ("core-properties", "keywords", "关键词 keywords"),
    ("core-properties", "category", "类别 category"),
    ("extended-properties", "Company", "单位 company"),
    ("extended-properties", "Manager", "管理者 manager"),
];

/// The kinds of parts that hold properties, and such a part when it is empty.
const EMPTY: [(&str, &str); 3] = [
    (
        "core-properties",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#,
    ),
    (
        "extended-properties",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>"#,
    ),
    (
        "custom-properties",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>"#,
    ),
];

/// TS615: what the properties tell. What they say is not repeated.
pub(super) fn check(bytes: &[u8]) -> Option<Finding> {
    let told = tell(bytes).ok().filter(|told| !told.is_empty())?;
    Some(codes::METADATA.about(told.join("、")))
}

fn tell(bytes: &[u8]) -> Result<Vec<&'static str>, Unreadable> {
    let mut package = Package::open(bytes)?;
    // A comment on the archive, and what stands around it, is taken out with them.
    let mut told = package.beside().to_vec();
    let is_properties = |kind: &str| EMPTY.iter().any(|(properties, _)| *properties == kind);
    // Besides, there is the text itself, and a picture of the first page.
    for relation in package.relations("")?.into_values().filter(|r| is_properties(&r.kind)) {
        let Some(part) = package.part(&relation.target)? else { continue };
        let says = |name: &str| {
            let mut found = part.elements().filter(|e| e.name.rsplit(':').next() == Some(name));
            found.any(|e| !e.text().trim().is_empty())
        };
        let named = NAMING.iter().filter(|(kind, name, _)| *kind == relation.kind && says(name));
        told.extend(named.map(|(_, _, what)| *what));
        if relation.kind == "custom-properties" && part.elements().next().is_some() {
            told.push("自定义属性 custom properties");
        }
    }
    drop(package);
    for (_, picture) in unread::pictures(bytes) {
        told.extend(media::told(&picture));
    }
    told.sort_unstable();
    told.dedup();
    Ok(told)
}

/// The same file without its properties and those of its pictures, everything else as it was, byte for byte; the file itself if it
/// has none or cannot be read. The same bytes give the same bytes.
pub fn strip(bytes: &[u8]) -> Vec<u8> {
    match check(bytes) {
        None => bytes.to_vec(),
        Some(_) => rewrite(bytes).unwrap_or_else(|| bytes.to_vec()),
    }
}

fn rewrite(bytes: &[u8]) -> Option<Vec<u8>> {
    let relations = Package::open(bytes).ok()?.relations("").ok()?;
    let empty = relations.into_values().filter_map(|relation| {
        let (_, xml) = EMPTY.iter().find(|(kind, _)| relation.kind == *kind)?;
        Some((relation.target, xml.as_bytes().to_vec()))
    });
    // The pictures in it are published as bare as those beside it.
    let pictures = unread::pictures(bytes).into_iter();
    let bare = pictures
        .filter(|(_, picture)| !media::told(picture).is_empty())
        .map(|(name, picture)| (name, media::strip(&picture)));
    let parts = empty.chain(bare).collect();
    with_parts(bytes, &parts, CompressionMethod::Stored)
}
