//! The folder's files. Everything here is blocking and runs under one lock.

mod digests;
mod fence;
mod life;

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use lockstep_gate::channel::Placed;
use lockstep_kit::{
    Chain, failpoint,
    files::{make_folder, make_public_folder, parent_of, sync_folder, write_public},
    pages::Item,
};
use lockstep_proto::{digest::Digest, ids::BundleId, release::Generation, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The page of a folder.
pub(super) const PAGE: &str = "index.html";
/// The file with both texts, raw.
pub(super) const TEXTS: &str = "edition.json";
/// Below a bundle's folder: the current address.
const CURRENT: &str = "current";
/// Below a bundle's folder: the pinned addresses.
const PINNED: &str = "editions";
/// Below a bundle's folder: the editions themselves.
const SHOWN: &str = "shown";
/// The file with the instant an edition was first shown.
const SHOWN_AT: &str = "shown-at";
/// The file beside the notice with the list's row of what was withdrawn.
const ITEM: &str = "item.json";
/// Below a bundle's folder: the notice.
const NOTICE: &str = "withdrawn";
/// Below the staging folder: what was shown before it was withdrawn.
const WITHDRAWN: &str = "withdrawn";

/// Where the folder lies.
#[derive(Debug)]
pub(super) struct Disk {
    /// Served.
    pub(super) root: PathBuf,
    /// Not served, on the same file system.
    pub(super) staging: PathBuf,
}

/// A file of an edition, its path below the edition's folder.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// `edition.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Object {
    pub(super) edition: Digest,
    pub(super) generation: Generation,
    /// The edition's row in the list, but for the day it was shown.
    pub(super) item: Item,
    /// Path to text, slots filled: both texts and both fragments.
    pub(super) texts: BTreeMap<String, String>,
}

/// What a disk can refuse.
#[derive(Debug, thiserror::Error)]
pub(super) enum DiskError {
    #[error("{path} 磁盘操作失败 / disk failed while {doing}")]
    Io {
        path: String,
        doing: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("{path} 读回的与写入的不同 / what was read back is not what was written")]
    Differs { path: String },
    #[error(
        "{bundle} 的第 {wanted} 代早于磁盘已执行的第 {fence} 代 / generation is older than what this \
         disk carried out"
    )]
    Fenced { bundle: BundleId, wanted: Generation, fence: Generation },
    #[error("此磁盘未备妥定稿 {0} / edition is not staged on this disk")]
    NotStaged(String),
    #[error("{path} 备妥后已损坏 / was damaged since it was staged")]
    Damaged { path: String },
    #[error(
        "此磁盘已属恢复后的第 {known} 期，设置仍为第 {epoch} 期 / the disk is of epoch {known}, the settings \
         of {epoch}: take the lockstep.toml that `lockstep restore` wrote"
    )]
    Newer { known: u32, epoch: u32 },
    #[error(
        "{path} 被另一进程占用；若该进程已停滞，请将其结束 / is locked by another process; if that one \
         hangs, end it"
    )]
    Busy { path: String },
    #[error(
        "folder.root（{path}）中已有不属于本渠道的文件：请改为空目录或新目录，由网站服务器从那里提供 / \
         folder.root holds what is not this channel's: name an empty folder, or one that is not there \
         yet, and have the web server serve that; nothing was changed"
    )]
    Foreign { path: String },
    #[error(
        "folder.root 由 {old} 改为 {new}，而旧目录仍在公开显示政策，此后撤回到不了那里：请改回；要换目录，先停止\
         服务，以 mv -T {old} {new} 整体移走，并让网站服务器改用新目录 / folder.root was {old}, which still \
         shows policies, and no withdrawal would reach it any more: set it back, or move the whole folder \
         (mv -T) and have the web server serve the new one; nothing was changed. \
         若本部署是副本、旧目录属于原部署，请删除 {mark} / if this deployment is a copy and the old folder is \
         the original's, delete {mark}"
    )]
    Left { old: String, new: String, mark: String },
    #[error("页面无法制作 / page cannot be made: {0}")]
    Page(String),
}

fn at<'p>(path: &'p Path, doing: &'static str) -> impl FnOnce(io::Error) -> DiskError + 'p {
    move |source| DiskError::Io { path: path.display().to_string(), doing, source }
}

impl Disk {
    /// Where editions of a bundle are staged.
    fn staged(&self, bundle: &BundleId) -> PathBuf {
        self.staging.join("editions").join(bundle.as_str())
    }

    fn of_bundle(&self, bundle: &BundleId) -> PathBuf {
        self.root.join("b").join(bundle.as_str())
    }

    /// Writes an edition aside, reads it back and compares.
    pub(super) fn stage(
        &self,
        bundle: &BundleId,
        placed: &Placed,
        files: &[File],
    ) -> Result<(), DiskError> {
        let folder = self.staged(bundle).join(folder_name(placed));
        let aside = folder.with_file_name(format!(".{}-new", placed.generation));
        for old in [&folder, &aside] {
            if old.exists() {
                fs::remove_dir_all(old).map_err(at(old, "clearing an unfinished stage"))?;
            }
        }
        for file in files {
            let path = aside.join(&file.path);
            write_public(&path, &file.bytes).map_err(at(&path, "staging"))?;
        }
        for file in files {
            let path = aside.join(&file.path);
            let read = fs::read(&path).map_err(at(&path, "reading back"))?;
            if read != file.bytes {
                return Err(DiskError::Differs { path: path.display().to_string() });
            }
        }
        self.note_digests(bundle, placed, files)?;
        fs::rename(&aside, &folder).map_err(at(&folder, "staging"))?;
        sync_parent(&folder)
    }

    /// Renames the staged pair in, then points the pinned address and `current` to it. A crash on
    /// the way is asserted again: the pair is then in already.
    pub(super) fn show(
        &self,
        bundle: &BundleId,
        placed: &Placed,
        now: Timestamp,
    ) -> Result<(), DiskError> {
        self.raise_fence(bundle, self.find_fence(bundle)?, placed.generation)?;
        let (folder, name) = (self.of_bundle(bundle), folder_name(placed));
        let (shown, staged) = (folder.join(SHOWN).join(&name), self.staged(bundle).join(&name));
        let pinned = format!("{PINNED}/{}", placed.edition.hex());
        if !shown.exists() {
            if !staged.exists() {
                return Err(DiskError::NotStaged(placed.edition.to_string()));
            }
            self.verify(bundle, placed, &staged)?;
            // What is shown again keeps the day on which it was first shown.
            let first = fs::read(folder.join(&pinned).join(SHOWN_AT))
                .or_else(|_| fs::read(self.damaged(bundle, placed).join(SHOWN_AT)));
            let first = first.unwrap_or(now.to_string().into_bytes());
            let at_file = staged.join(SHOWN_AT);
            write_public(&at_file, &first).map_err(at(&at_file, "dating"))?;
            let room = folder.join(SHOWN);
            make_public_folder(&room).map_err(at(&room, "making room"))?;
            fs::rename(&staged, &shown).map_err(at(&shown, "renaming the pair in"))?;
            sync_parent(&shown)?;
        }
        failpoint::crash("renamed", &placed.generation.to_string());
        let target = Path::new(SHOWN).join(&name);
        point(&folder, &pinned, &Path::new("..").join(&target))?;
        point(&folder, CURRENT, &target)?;
        self.clear_staged(bundle, placed.generation);
        Ok(())
    }

    /// Makes the bundle dark. `notice` makes the page, given the row of what was shown. Whatever
    /// fails, and be the disk full or damaged, the editions go out; the notice follows when this is
    /// done again.
    pub(super) fn hide(
        &self,
        bundle: &BundleId,
        generation: Generation,
        notice: impl FnOnce(Option<&Item>) -> Result<Vec<u8>, DiskError>,
    ) -> Result<(), DiskError> {
        let fence = self.find_fence(bundle).unwrap_or_else(|error| {
            // It counts as older: what is unreadable must not keep a bundle lit.
            tracing::error!(bundle.id = %bundle, "{}; going dark", Chain(&error));
            None
        });
        let raised = self.raise_fence(bundle, fence, generation);
        if matches!(raised, Err(DiskError::Fenced { .. })) {
            return raised;
        }
        let noted = raised.and_then(|()| self.put_notice(bundle, generation, notice));
        let gone = if noted.is_err() { self.remove_current(bundle) } else { Ok(()) };
        failpoint::crash("darkened", &generation.to_string());
        let taken = self.take_out(bundle, generation);
        self.clear_staged(bundle, generation);
        noted.and(gone).and(taken)
    }

    /// Points `current` at the notice, where there ever was anything.
    fn put_notice(
        &self,
        bundle: &BundleId,
        generation: Generation,
        notice: impl FnOnce(Option<&Item>) -> Result<Vec<u8>, DiskError>,
    ) -> Result<(), DiskError> {
        let folder = self.of_bundle(bundle);
        if !folder.exists() {
            return Ok(());
        }
        let withdrawn = folder.join(NOTICE);
        let item = self.item(bundle, generation);
        let notice = notice(item.as_ref())?;
        if let Some(item) = item {
            // Kept: when this is done again, the edition that tells it is gone.
            let path = withdrawn.join(ITEM);
            let bytes = serde_json::to_vec(&item)
                .map_err(|error| at(&path, "keeping its row")(io::Error::other(error)))?;
            write_public(&path, &bytes).map_err(at(&path, "keeping its row"))?;
        }
        let page = withdrawn.join(PAGE);
        write_public(&page, &notice).map_err(at(&page, "writing the notice"))?;
        point(&folder, CURRENT, Path::new(NOTICE))
    }

    fn remove_current(&self, bundle: &BundleId) -> Result<(), DiskError> {
        let current = self.of_bundle(bundle).join(CURRENT);
        if !current.is_symlink() {
            return Ok(());
        }
        fs::remove_file(&current).map_err(at(&current, "going dark"))?;
        sync_parent(&current)
    }

    /// Takes every edition out of the served root, and the pinned addresses.
    fn take_out(&self, bundle: &BundleId, generation: Generation) -> Result<(), DiskError> {
        let folder = self.of_bundle(bundle);
        let (shown, pinned) = (folder.join(SHOWN), folder.join(PINNED));
        let moved = if shown.exists() { self.keep(bundle, generation, &shown) } else { Ok(()) };
        if pinned.exists() {
            fs::remove_dir_all(&pinned).map_err(at(&pinned, "unpinning"))?;
            sync_parent(&pinned)?;
        }
        moved
    }

    /// Where what was shown is kept, outside the served root.
    fn kept(&self, bundle: &BundleId, generation: Generation) -> PathBuf {
        self.staging.join(WITHDRAWN).join(format!("{generation}-{bundle}"))
    }

    fn keep(
        &self,
        bundle: &BundleId,
        generation: Generation,
        shown: &Path,
    ) -> Result<(), DiskError> {
        let place = self.kept(bundle, generation);
        let room = parent_of(&place);
        make_folder(room).map_err(at(room, "keeping what was shown"))?;
        fs::rename(shown, &place).map_err(at(shown, "taking editions out"))?;
        sync_parent(&place)?;
        sync_parent(shown)
    }

    /// Removes staged copies that the fence has passed: they can never be shown, and their bytes lie
    /// in the blob store. What cannot be removed now is left for the next time.
    fn clear_staged(&self, bundle: &BundleId, fence: Generation) {
        for entry in fs::read_dir(self.staged(bundle)).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_past = name.to_str().and_then(generation_of).is_some_and(|of| of <= fence);
            if is_past && let Err(error) = fs::remove_dir_all(entry.path()) {
                tracing::warn!(bundle.id = %bundle, "{name:?} of {bundle} stays staged: {error}");
            }
        }
        self.clear_digests(bundle);
    }

    /// The row of every bundle that is shown, newest first, `but` one.
    pub(super) fn list(&self, but: Option<&BundleId>) -> Result<Vec<Item>, DiskError> {
        let folder = self.root.join("b");
        if !folder.exists() {
            return Ok(vec![]);
        }
        let mut listed = vec![];
        for entry in fs::read_dir(&folder).map_err(at(&folder, "listing"))? {
            let entry = entry.map_err(at(&folder, "listing"))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(bundle) = BundleId::try_from(name) else { continue };
            if but == Some(&bundle) {
                continue;
            }
            let current = entry.path().join(CURRENT);
            if super::shown_edition(&current).is_none() {
                continue;
            }
            let path = current.join(TEXTS);
            let object: Option<Object> =
                fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let Some(object) = object else {
                tracing::error!(bundle.id = %bundle, "{} cannot be read; not listed", path.display());
                continue;
            };
            let shown_at = fs::read_to_string(current.join(SHOWN_AT)).unwrap_or_default();
            let shown_at = shown_at.parse().unwrap_or_else(|_| Timestamp::from_micros(0));
            listed.push((shown_at, bundle, object.item.released_on(shown_at)));
        }
        listed.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        Ok(listed.into_iter().map(|(_, _, item)| item).collect())
    }

    /// The row of what is shown of a bundle, or was before this generation withdrew it.
    fn item(&self, bundle: &BundleId, generation: Generation) -> Option<Item> {
        let folder = self.of_bundle(bundle);
        let item_in = |edition: &Path| {
            let object: Object =
                serde_json::from_slice(&fs::read(edition.join(TEXTS)).ok()?).ok()?;
            Some(object.item)
        };
        let noted = || serde_json::from_slice(&fs::read(folder.join(NOTICE).join(ITEM)).ok()?).ok();
        // The editions went out, and the notice that was to tell of them was not written.
        let kept = || {
            let entries = fs::read_dir(self.kept(bundle, generation)).ok()?;
            let newest = entries
                .flatten()
                .map(|entry| (entry.file_name().to_str().and_then(generation_of), entry.path()))
                .max()?;
            item_in(&newest.1)
        };
        item_in(&folder.join(CURRENT)).or_else(noted).or_else(kept)
    }

    /// Replaces the list.
    pub(super) fn write_index(&self, page: &[u8]) -> Result<(), DiskError> {
        let path = self.root.join(PAGE);
        write_public(&path, page).map_err(at(&path, "writing the index"))
    }
}

/// How the folder of an edition under a generation is called.
fn folder_name(placed: &Placed) -> String {
    format!("{}-{}", placed.generation, placed.edition.hex())
}

/// The edition that a folder of this name holds.
pub(super) fn edition_of(name: &str) -> Option<Digest> {
    Digest::from_hex(name.split_once('-')?.1).ok()
}

/// The generation that a staged folder of this name, finished or not, is for.
fn generation_of(name: &str) -> Option<Generation> {
    let (epoch, n) = name.trim_start_matches('.').split_once('-')?.0.split_once('.')?;
    Some(Generation { epoch: epoch.parse().ok()?, n: n.parse().ok()? })
}

/// Points a symlink, in one act. `link` is below a bundle's folder.
fn point(folder: &Path, link: &str, target: &Path) -> Result<(), DiskError> {
    let path = folder.join(link);
    if fs::read_link(&path).is_ok_and(|now| now == target) {
        return sync_parent(&path);
    }
    let room = parent_of(&path);
    make_public_folder(room).map_err(at(room, "making room"))?;
    let aside = folder.join(".new");
    if aside.is_symlink() {
        fs::remove_file(&aside).map_err(at(&aside, "clearing an unfinished flip"))?;
    }
    symlink(target, &aside).map_err(at(&aside, "flipping"))?;
    fs::rename(&aside, &path).map_err(at(&path, "flipping"))?;
    sync_parent(&path)
}

fn sync_parent(path: &Path) -> Result<(), DiskError> {
    let parent = parent_of(path);
    sync_folder(parent).map_err(at(parent, "syncing"))
}

#[cfg(test)]
mod tests;
