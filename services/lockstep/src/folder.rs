//! Bundle folders on disk: reading them into memory, making and confirming them.

use std::{fs, io::ErrorKind, path::Path};

use anyhow::{Context as _, bail};
use lockstep_gate::bundle::{FILE_BYTES_MAX, FILES_MAX, Files, SETTINGS};
use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, DeploymentId},
};

/// Remembers as which bundle the folder was submitted: a line with deployment and bundle for each
/// deployment. No part of the bundle.
const SUBMITTED: &str = ".lockstep-bundle";

/// Reads every file below `folder`. What editors and systems leave behind (names that begin with a
/// dot, `~$…`, `Thumbs.db`) is no part of a bundle. Links are not followed.
pub fn read(folder: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    collect(folder, "", &mut files)
        .with_context(|| format!("政策包 {} 无法读取 / bundle cannot be read", folder.display()))?;
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
        // One byte over the limit is enough for the gate to name it.
        let size = usize::try_from(entry.metadata()?.len()).unwrap_or(usize::MAX);
        let bytes = if size > FILE_BYTES_MAX {
            vec![0; FILE_BYTES_MAX + 1]
        } else {
            fs::read(entry.path()).with_context(|| path.clone())?
        };
        files.insert(path, bytes);
    }
    Ok(())
}

fn list_submitted(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let path = folder.join(SUBMITTED);
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
        .with_context(|| format!("{} 有误 / is not right", folder.join(SUBMITTED).display()))
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
    let path = folder.join(SUBMITTED);
    lockstep_kit::files::write_durably(&path, lines.as_bytes())
        .with_context(|| format!("{} 无法写入 / cannot be written", path.display()))
}

/// Pins the interpretation to the policy's present text: writes `explains` under `[companion]` in
/// `bundle.toml`, leaving everything else as it stands. Gives the digest.
pub fn confirm(folder: &Path) -> anyhow::Result<Digest> {
    let files = read(folder)?;
    let policy = ["policy.md", "policy.txt"].iter().find_map(|name| files.get(*name));
    let policy =
        policy.context("没有 policy.md 或 policy.txt / there is no policy.md or policy.txt")?;
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
