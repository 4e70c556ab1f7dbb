//! A bundle that comes as one ZIP archive: the folder's files, or the folder.

use lockstep_proto::finding::Finding;

use super::{FILE_BYTES_MAX, FILES_MAX, Files, SETTINGS, TOTAL_BYTES_MAX, open::has_extension};
use crate::{
    archive::{Archive, BadArchive},
    codes::{self, At as _},
};

/// The files of a bundle in an archive. TS015 where it is none.
pub fn unpack(bytes: &[u8]) -> Result<Files, Vec<Finding>> {
    let refuse = |why: BadArchive| vec![codes::BAD_ZIP.about(why)];
    // One file over the limit is enough for the gate to name it.
    let mut archive = Archive::open(bytes, TOTAL_BYTES_MAX + FILE_BYTES_MAX).map_err(refuse)?;
    let names = archive.names().iter().map(|name| name.replace('\\', "/")).enumerate();
    let names: Vec<_> =
        names.filter(|(_, name)| !name.ends_with('/') && !is_left_behind(name)).collect();
    if names.len() > FILES_MAX {
        return Err(refuse(BadArchive::TooLarge));
    }
    let is_kept = |name: &str| !is_left_behind(&name.replace('\\', "/"));
    if archive.unpacked(is_kept)
        > u64::try_from(TOTAL_BYTES_MAX + FILE_BYTES_MAX).unwrap_or_default()
    {
        return Err(refuse(BadArchive::TooLarge));
    }
    let mut findings = vec![];
    for (_, name) in &names {
        if name.starts_with('/') || name.contains(':') || name.split('/').any(|part| part == "..") {
            findings.push(codes::BAD_ZIP.about(format_args!("{name:?} 指向包外 leads out of it")));
        }
    }
    let folder = top_folder(&names);
    let mut files = Files::new();
    for (index, name) in &names {
        let path = name.strip_prefix(&folder).unwrap_or(name);
        if !path.contains('/') && has_extension(path, &["zip", "rar", "7z"]) {
            let about = format!("{path:?} 包中有包 an archive within the archive");
            findings.push(codes::BAD_ZIP.about(about).advising(
                format!("解压 {path}：是政策包的，只提交它；是附件的，放入 attachments/"),
                format!("unpack {path}: if it is the bundle, submit it alone; if it is an attachment, put it under attachments/"),
            ));
            continue;
        }
        let bytes = archive.read(*index, FILE_BYTES_MAX).map_err(refuse)?;
        if files.insert(path.to_owned(), bytes).is_some() {
            findings.push(codes::BAD_ZIP.about(BadArchive::Twice(path.to_owned())));
        }
    }
    if findings.is_empty() { Ok(files) } else { Err(findings) }
}

/// What editors and systems leave behind, as in a folder.
fn is_left_behind(name: &str) -> bool {
    name.split('/').any(|part| {
        part == "__MACOSX"
            || part == "Thumbs.db"
            || part.starts_with("~$")
            || (part.starts_with('.') && part != "..")
    })
}

/// The one folder that everything lies in, with its stroke; nothing if `bundle.toml` lies at the top.
fn top_folder(names: &[(usize, String)]) -> String {
    let first = names.first().and_then(|(_, name)| name.split_once('/'));
    let folder = first.map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
    let within = |name: &String| name.strip_prefix(&folder).map(str::to_owned);
    let holds_settings = names.iter().any(|(_, name)| within(name).as_deref() == Some(SETTINGS));
    let is_whole = names.iter().all(|(_, name)| within(name).is_some());
    if holds_settings && is_whole { folder } else { String::new() }
}
