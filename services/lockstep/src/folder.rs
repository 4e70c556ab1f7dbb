//! Bundles on disk, folders or archives: reading them into memory, making and confirming them.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use lockstep_gate::{
    bundle::{self, FILE_BYTES_MAX, FILES_MAX, Files, SETTINGS, TOTAL_BYTES_MAX},
    codes,
};
use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, DeploymentId},
};

use crate::client::Failure;

/// Remembers as which bundle the folder was submitted: a line with deployment and bundle for each
/// deployment. No part of the bundle. Beside an archive, with its name.
const SUBMITTED: &str = ".lockstep-bundle";

/// Reads every file below a folder, or in an archive. What editors and systems leave behind (names
/// that begin with a dot, `~$…`, `Thumbs.db`) is no part of a bundle. Links are not followed.
pub fn read(path: &Path) -> anyhow::Result<Files> {
    let unreadable = || format!("政策包 {} 无法读取 / bundle cannot be read", path.display());
    if path.is_file() {
        let packed = fs::metadata(path).with_context(unreadable)?.len();
        if usize::try_from(packed).unwrap_or(usize::MAX) > TOTAL_BYTES_MAX {
            let finding = codes::TOO_LARGE.about(path.display());
            return Err(Failure::Findings(vec![finding]).into());
        }
        let bytes = fs::read(path).with_context(unreadable)?;
        let is_office = ["docx", "xlsx", "pptx", "ofd"]
            .iter()
            .any(|kind| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(kind)));
        let is_zip = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("zip"));
        if is_office || (!is_zip && !bytes.starts_with(b"PK")) {
            bail!(
                "{0} 是单个文件，不是政策包（目录或 .zip）；看一篇文本用 lockstep outline，由两篇文本制作政策包用 \
                 lockstep new / {0} is one file, no bundle (a folder or a .zip): lockstep outline shows one text, \
                 lockstep new makes a bundle of two",
                path.display()
            );
        }
        return bundle::unpack(&bytes).map_err(|findings| Failure::Findings(findings).into());
    }
    let mut files = Files::new();
    collect(path, "", &mut files).with_context(unreadable)?;
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        // One file over the limit is enough for the gate to name it.
        if files.len() > FILES_MAX {
            return Ok(());
        }
        let entry = entry?;
        let name = entry.file_name();
        let name = name
            .to_str()
            .with_context(|| format!("{} 不是 UTF-8 / is not UTF-8", name.display()))?;
        if name.starts_with('.') || name.starts_with("~$") || name == "Thumbs.db" {
            continue;
        }
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            bail!("{path} 是链接，请放入文件本身 / is a link; put the file itself there");
        }
        if kind.is_dir() {
            if prefix.matches('/').count() > 8 {
                bail!("{path} 层级过深 / is too deep");
            }
            collect(&entry.path(), &format!("{path}/"), files)?;
            continue;
        }
        // A pipe would be read for ever.
        if !kind.is_file() {
            bail!("{path} 不是文件 / is no file");
        }
        let bytes = read_file(&entry.path()).with_context(|| path.clone())?;
        files.insert(path, bytes);
    }
    Ok(())
}

/// A file's bytes; of one that is too large just so many that the gate names it.
pub(crate) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let size = usize::try_from(fs::metadata(path)?.len()).unwrap_or(usize::MAX);
    if size > FILE_BYTES_MAX {
        // One byte over the limit is enough.
        return Ok(vec![0; FILE_BYTES_MAX + 1]);
    }
    fs::read(path)
}

fn memory(bundle: &Path) -> PathBuf {
    match bundle.file_name().filter(|_| bundle.is_file()) {
        Some(name) => bundle.with_file_name(format!(".{}{SUBMITTED}", name.display())),
        None => bundle.join(SUBMITTED),
    }
}

fn list_submitted(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let path = memory(folder);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
        read => read.with_context(|| format!("{} 无法读取 / cannot be read", path.display()))?,
    };
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    Ok(pairs.map(|(deployment, bundle)| (deployment.to_owned(), bundle.to_owned())).collect())
}

/// As which bundle of this deployment the folder was submitted last.
pub(crate) fn find_submitted(
    folder: &Path,
    deployment: &DeploymentId,
) -> anyhow::Result<Option<BundleId>> {
    let submitted = list_submitted(folder)?;
    let found = submitted.into_iter().find(|(of, _)| of == deployment.as_str());
    found
        .map(|(_, bundle)| bundle.parse())
        .transpose()
        .with_context(|| format!("{} 有误 / is not right", memory(folder).display()))
}

/// Remembers as which bundle of this deployment the folder was submitted.
pub(crate) fn remember(
    folder: &Path,
    deployment: &DeploymentId,
    bundle: &BundleId,
) -> anyhow::Result<()> {
    let mut submitted = list_submitted(folder)?;
    submitted.retain(|(of, _)| of != deployment.as_str());
    submitted.push((deployment.to_string(), bundle.to_string()));
    let lines = submitted
        .iter()
        .fold(String::new(), |lines, (of, bundle)| lines + &format!("{of} {bundle}\n"));
    let path = memory(folder);
    lockstep_kit::files::write_durably(&path, lines.as_bytes())
        .with_context(|| format!("{} 无法写入 / cannot be written", path.display()))
}

/// Pins the interpretation to the policy's present text, as it is read from whatever file: writes `explains` under `[companion]` in
/// `bundle.toml`, leaving everything else as it stands. Gives the digest.
pub fn confirm(folder: &Path) -> anyhow::Result<Digest> {
    if folder.is_file() {
        bail!(
            "{} 是压缩包，无法写入：请先解压，或用 lockstep new 建立政策包 / is an archive: unpack it \
             first, or make a folder by lockstep new",
            folder.display()
        );
    }
    let files = bundle::open(&read(folder)?).files;
    let policy = ["policy.md", "policy.txt"].iter().find_map(|name| files.get(*name));
    let policy = policy.context(
        "没有 policy.md、policy.txt 或 policy.docx / there is no policy.md, policy.txt or policy.docx",
    )?;
    let digest = Digest::of(policy);
    let path = folder.join(SETTINGS);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("{} 无法读取 / cannot be read", path.display()))?;
    let mut settings: toml_edit::DocumentMut =
        text.parse().with_context(|| format!("{} 有误 / is not right", path.display()))?;
    let companion = settings
        .entry("companion")
        .or_insert(toml_edit::table())
        .as_table_mut()
        .context("bundle.toml 的 [companion] 有误 / is no table")?;
    companion.insert("explains", toml_edit::value(digest.as_str()));
    lockstep_kit::files::write_durably(&path, settings.to_string().as_bytes())
        .with_context(|| format!("{} 无法写入 / cannot be written", path.display()))?;
    Ok(digest)
}
