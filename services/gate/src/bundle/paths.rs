//! Which paths a bundle may hold, and how much.

use std::collections::BTreeMap;

use lockstep_proto::{finding::Finding, manifest::Role};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::{Files, SETTINGS, open::has_extension};
use crate::{
    codes::{self, At as _},
    persons::is_hidden,
};

/// A file's bytes at most. The largest real attachment we know is a 6 MB scan.
pub const FILE_BYTES_MAX: usize = 10 << 20;
/// All files' bytes at most: a submission is held in memory while it is checked.
pub const TOTAL_BYTES_MAX: usize = 20 << 20;
/// Files at most, so that a manifest stays well below a message's limit of 1 MiB.
pub const FILES_MAX: usize = 200;
/// A text's bytes at most: every rule reads it. The longest policy we know has 60 KiB.
pub(crate) const TEXT_BYTES_MAX: usize = 2 << 20;
/// `bundle.toml`'s bytes at most: nearly all of it travels in facts, its quotes and backslashes escaped twice, and the bus
/// carries up to 4 MB. One with links to three hundred clauses has 30 KiB.
const SETTINGS_BYTES_MAX: usize = 256 << 10;
/// A path's bytes at most; file systems take 255 for one part.
const PATH_BYTES_MAX: usize = 200;

/// What a path's file is; `None` for `bundle.toml` and for whatever has no place in a bundle.
pub(super) fn kind(path: &str) -> Option<(Role, &'static str)> {
    match path {
        "policy.md" => return Some((Role::Policy, "text/markdown; charset=utf-8")),
        "policy.txt" => return Some((Role::Policy, "text/plain; charset=utf-8")),
        "interpretation.md" => return Some((Role::Interpretation, "text/markdown; charset=utf-8")),
        "interpretation.txt" => return Some((Role::Interpretation, "text/plain; charset=utf-8")),
        _ => {}
    }
    let (folder, name) = path.split_once('/')?;
    if name.is_empty() || name.contains('/') {
        return None;
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match (folder, extension.as_deref()) {
        ("data", Some("csv")) => Some((Role::Data, "text/csv; charset=utf-8")),
        ("attachments", Some(extension)) => Some((Role::Attachment, media_type(extension)?)),
        _ => None,
    }
}

/// Attachments are offered as they are, also by web servers we do not know: only types that neither
/// a browser nor a server runs are taken.
fn media_type(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "txt" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "pdf" => "application/pdf",
        "ofd" => "application/ofd",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => return None,
    })
}

/// TS005: what is too large. Nothing else is looked at there.
pub(super) fn find_large(files: &Files) -> Vec<Finding> {
    let large = files.iter().filter(|(_, bytes)| bytes.len() > FILE_BYTES_MAX);
    let mut findings: Vec<Finding> =
        large.map(|(path, _)| codes::TOO_LARGE.about(path).in_member(path)).collect();
    let settings = files.get(SETTINGS).filter(|bytes| bytes.len() > SETTINGS_BYTES_MAX);
    findings.extend(settings.map(|_| {
        codes::TOO_LARGE.about(SETTINGS).in_member(SETTINGS).advising(
            "bundle.toml 不超过 256 KiB：只写说明，长的内容写进解读或附件".to_owned(),
            "bundle.toml has 256 KiB at most: what is long goes into the interpretation or an attachment"
                .to_owned(),
        )
    }));
    if files.len() > FILES_MAX {
        findings.push(codes::TOO_LARGE.about(format_args!("{} 个文件 files", files.len())));
    }
    let bytes: usize = files.values().map(Vec::len).sum();
    if bytes > TOTAL_BYTES_MAX {
        let mib = bytes.div_ceil(1 << 20);
        findings.push(codes::TOO_LARGE.about(format_args!("合计 {mib} MiB in all")));
    }
    findings
}

/// TS005: texts that no reader would read to their end.
pub(super) fn find_long(files: &Files) -> Vec<Finding> {
    let is_text = |path: &str| matches!(kind(path), Some((Role::Policy | Role::Interpretation, _)));
    let long = files.iter().filter(|(path, text)| is_text(path) && text.len() > TEXT_BYTES_MAX);
    long.map(|(path, _)| {
        codes::TOO_LARGE.about(path).in_member(path).advising(
            "政策和解读的文字各不超过 2 MiB（约七十万字）：长表放入附件".to_owned(),
            "policy and interpretation have 2 MiB of text each at most: long tables go into attachments"
                .to_owned(),
        )
    })
    .collect()
}

/// TS004: paths that lead out, mislead, clash or have no place here.
pub(super) fn check(files: &Files) -> Vec<Finding> {
    let mut findings = vec![];
    for path in files.keys() {
        if path.contains(is_hidden) {
            findings.push(refuse_hidden(path).in_member(path));
        } else if is_sound(path) && is_old_attachment(path) {
            findings.push(codes::OLD_FORMAT.about(path).in_member(path));
        } else if !is_sound(path) || (path != SETTINGS && kind(path).is_none()) {
            let finding = codes::BAD_PATH.about(format_args!("{path:?}")).in_member(path);
            findings.push(if is_archive(path) { advise_unpacking(finding) } else { finding });
        }
    }
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for path in files.keys() {
        // １.png and 1.png are one name to a reader, A.png and a.png to many systems.
        let name: String = path.nfkc().collect::<String>().to_lowercase();
        if let Some(other) = folded.insert(name, path) {
            let finding = codes::BAD_PATH.about(format_args!("{other} = {path}")).in_member(path);
            findings.push(finding.advising(
                "两个文件名只差大小写或全角半角：给其中一个改名".to_owned(),
                "the two names differ in case or width alone: rename one of them".to_owned(),
            ));
        }
    }
    for text in ["policy", "interpretation"] {
        let both = [format!("{text}.md"), format!("{text}.txt")];
        if both.iter().all(|path| files.contains_key(path)) {
            findings.push(codes::BAD_PATH.about(both.join(" + ")));
        }
    }
    findings
}

/// A name with characters that do not show, or turn round what follows: it is read as another one.
pub(super) fn refuse_hidden(path: &str) -> Finding {
    let hidden: Vec<String> =
        path.chars().filter(|c| is_hidden(*c)).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let shown: String = path.chars().filter(|c| !is_hidden(*c)).collect();
    let about = format!(
        "{shown:?} 含有看不见的字符 holds characters that do not show: {}",
        hidden.join(" ")
    );
    codes::BAD_PATH.about(about).advising(
        "文件名中有看不见的或改变书写方向的字符，读者会看错：删去原名，重新键入文件名".to_owned(),
        "rename it, typing the name anew: characters that do not show or turn the direction mislead readers"
            .to_owned(),
    )
}

/// An attachment in a format that is saved anew in Word, Excel or WPS.
fn is_old_attachment(path: &str) -> bool {
    const OLD: [&str; 6] = ["doc", "wps", "et", "xls", "rtf", "docm"];
    path.strip_prefix("attachments/").is_some_and(|name| !name.contains('/'))
        && has_extension(path, &OLD)
}

/// An archive that is no attachment: of a kind that is not taken, or beside the texts.
fn is_archive(path: &str) -> bool {
    has_extension(path, &["rar", "7z", "tar", "gz", "tgz", "zip"])
}

fn advise_unpacking(finding: Finding) -> Finding {
    finding.advising(
        "请先解压，把需要公布的文件逐个放入 attachments/；确需打包的，重新压缩为不加密的 .zip 放入 attachments/"
            .to_owned(),
        "unpack it and put the files to be published under attachments/ one by one; if it has to be an archive, pack it anew as a .zip without a password, under attachments/"
            .to_owned(),
    )
}

fn is_sound(path: &str) -> bool {
    path.len() <= PATH_BYTES_MAX
        && is_nfc(path)
        && !path.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '"' | '<' | '>' | '|'))
        && path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}
