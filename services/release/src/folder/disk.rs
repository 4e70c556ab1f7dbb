//! The folder's files. Everything here is blocking and runs under one lock.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use lockstep_gate::channel::Placed;
use lockstep_kit::{
    failpoint,
    files::{sync_folder, write_durably},
    pages::Item,
};
use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, Incarnation},
    release::Generation,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The page of a folder.
pub(super) const PAGE: &str = "index.html";
/// The file with both texts, raw.
pub(super) const TEXTS: &str = "edition.json";
/// The file with the instant an edition was first shown.
const SHOWN_AT: &str = "shown-at";

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
    #[error("{path}: disk failed while {doing}")]
    Io {
        path: String,
        doing: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("{path}: what was read back is not what was written")]
    Differs { path: String },
    #[error("generation {wanted} of {bundle} is older than {fence}, which this disk carried out")]
    Fenced { bundle: BundleId, wanted: Generation, fence: Generation },
    #[error("edition {0} is not staged on this disk")]
    NotStaged(String),
    #[error("page cannot be made: {0}")]
    Page(String),
}

fn at<'p>(path: &'p Path, doing: &'static str) -> impl FnOnce(io::Error) -> DiskError + 'p {
    move |source| DiskError::Io { path: path.display().to_string(), doing, source }
}

impl Disk {
    /// Keeps other processes off this disk while it is worked on.
    pub(super) fn lock(&self) -> Result<fs::File, DiskError> {
        fs::create_dir_all(&self.staging)
            .map_err(at(&self.staging, "making the staging folder"))?;
        let path = self.staging.join("lock");
        let file = fs::File::create(&path).map_err(at(&path, "opening the lock"))?;
        file.lock().map_err(at(&path, "waiting for the lock"))?;
        Ok(file)
    }

    /// The life of this disk: both halves carry it. A disk that lost one begins a new life, dark:
    /// whatever the other half still shows is moved aside.
    pub(super) fn life(&self, fresh: Incarnation) -> Result<Incarnation, DiskError> {
        let marks = [self.root.join(".life"), self.staging.join("life")];
        // Only what is not there is lost; what cannot be read now is read again later.
        let [served, staged] = marks.each_ref().map(|path| match fs::read_to_string(path) {
            Ok(text) => Ok(Incarnation::try_from(text).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(path, "reading its life")(error)),
        });
        if let (Some(served), Some(staged)) = (served?, staged?)
            && served == staged
        {
            return Ok(served);
        }
        let old = self.staging.join("lost").join(fresh.as_str());
        if self.root.exists() {
            fs::create_dir_all(&old).map_err(at(&old, "making room for what was shown"))?;
            fs::rename(&self.root, old.join("root")).map_err(at(&self.root, "going dark"))?;
        }
        for name in ["fence", "editions", "withdrawn"] {
            let path = self.staging.join(name);
            if path.exists() {
                fs::create_dir_all(&old).map_err(at(&old, "making room for what was staged"))?;
                fs::rename(&path, old.join(name)).map_err(at(&path, "moving aside"))?;
            }
        }
        for mark in &marks {
            write_durably(mark, fresh.as_str().as_bytes()).map_err(at(mark, "marking a life"))?;
        }
        Ok(fresh)
    }

    fn staged(&self, bundle: &BundleId, placed: &Placed) -> PathBuf {
        let name = format!("{}-{}", placed.generation, placed.edition.hex());
        self.staging.join("editions").join(bundle.as_str()).join(name)
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
        let folder = self.staged(bundle, placed);
        let aside = folder.with_file_name(format!(".{}.new", placed.generation));
        for old in [&folder, &aside] {
            if old.exists() {
                fs::remove_dir_all(old).map_err(at(old, "clearing an unfinished stage"))?;
            }
        }
        for file in files {
            let path = aside.join(&file.path);
            write_durably(&path, &file.bytes).map_err(at(&path, "staging"))?;
        }
        for file in files {
            let path = aside.join(&file.path);
            let read = fs::read(&path).map_err(at(&path, "reading back"))?;
            if read != file.bytes {
                return Err(DiskError::Differs { path: path.display().to_string() });
            }
        }
        sync_tree(&aside)?;
        fs::rename(&aside, &folder).map_err(at(&folder, "staging"))?;
        sync_parent(&folder)
    }

    /// Takes note that a generation is about to be carried out; refuses an older one.
    fn raise_fence(&self, bundle: &BundleId, wanted: Generation) -> Result<(), DiskError> {
        let path = self.staging.join("fence").join(bundle.as_str());
        let fence: Option<Generation> = match fs::read(&path) {
            Ok(bytes) => Some(
                serde_json::from_slice(&bytes)
                    .map_err(|error| at(&path, "reading the fence")(io::Error::other(error)))?,
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(at(&path, "reading the fence")(error)),
        };
        match fence {
            Some(fence) if fence > wanted => {
                Err(DiskError::Fenced { bundle: bundle.clone(), wanted, fence })
            }
            Some(fence) if fence == wanted => Ok(()),
            Some(_) | None => {
                let bytes = serde_json::to_vec(&wanted)
                    .map_err(|error| at(&path, "raising the fence")(io::Error::other(error)))?;
                write_durably(&path, &bytes).map_err(at(&path, "raising the fence"))
            }
        }
    }

    /// Renames the staged pair in, then the `current` symlink onto it. A crash between the two is
    /// asserted again: the pair is then in already.
    pub(super) fn show(
        &self,
        bundle: &BundleId,
        placed: &Placed,
        now: Timestamp,
    ) -> Result<(), DiskError> {
        self.raise_fence(bundle, placed.generation)?;
        let staged = self.staged(bundle, placed);
        let editions = self.of_bundle(bundle).join("editions");
        let shown = editions.join(placed.edition.hex());
        if !shown.exists() {
            if !staged.exists() {
                return Err(DiskError::NotStaged(placed.edition.to_string()));
            }
            let at_file = staged.join(SHOWN_AT);
            write_durably(&at_file, now.to_string().as_bytes()).map_err(at(&at_file, "dating"))?;
            fs::create_dir_all(&editions).map_err(at(&editions, "making room"))?;
            fs::rename(&staged, &shown).map_err(at(&shown, "renaming the pair in"))?;
            sync_parent(&shown)?;
            sync_parent(&editions)?;
            sync_parent(&self.of_bundle(bundle))?;
        }
        failpoint::crash("renamed", &placed.generation.to_string());
        let target = Path::new("editions").join(placed.edition.hex());
        self.point_current(bundle, &target)
    }

    /// The one act that changes what readers see of a bundle.
    fn point_current(&self, bundle: &BundleId, target: &Path) -> Result<(), DiskError> {
        let folder = self.of_bundle(bundle);
        let current = folder.join("current");
        if fs::read_link(&current).is_ok_and(|now| now == target) {
            return sync_folder(&folder).map_err(at(&folder, "syncing"));
        }
        let aside = folder.join(".current.new");
        if aside.is_symlink() {
            fs::remove_file(&aside).map_err(at(&aside, "clearing an unfinished flip"))?;
        }
        symlink(target, &aside).map_err(at(&aside, "flipping"))?;
        fs::rename(&aside, &current).map_err(at(&current, "flipping"))?;
        sync_folder(&folder).map_err(at(&folder, "syncing"))
    }

    /// Points `current` at the notice, then takes every edition out of the served root.
    pub(super) fn hide(
        &self,
        bundle: &BundleId,
        generation: Generation,
        notice: &[u8],
    ) -> Result<(), DiskError> {
        self.raise_fence(bundle, generation)?;
        let folder = self.of_bundle(bundle);
        if !folder.exists() {
            return Ok(());
        }
        let page = folder.join("withdrawn").join(PAGE);
        write_durably(&page, notice).map_err(at(&page, "writing the notice"))?;
        self.point_current(bundle, Path::new("withdrawn"))?;
        failpoint::crash("darkened", &generation.to_string());
        let editions = folder.join("editions");
        if editions.exists() {
            let kept = self.staging.join("withdrawn").join(bundle.as_str());
            fs::create_dir_all(&kept).map_err(at(&kept, "keeping what was shown"))?;
            let place = kept.join(generation.to_string());
            fs::rename(&editions, &place).map_err(at(&editions, "taking editions out"))?;
            sync_folder(&folder).map_err(at(&folder, "syncing"))?;
        }
        Ok(())
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
            let current = entry.path().join("current");
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

    /// The title of what is shown of a bundle, if anything is.
    pub(super) fn title(&self, bundle: &BundleId) -> Option<String> {
        let bytes = fs::read(super::current(&self.root, bundle).join(TEXTS)).ok()?;
        let object: Object = serde_json::from_slice(&bytes).ok()?;
        Some(object.item.title)
    }

    /// Replaces the list.
    pub(super) fn write_index(&self, page: &[u8]) -> Result<(), DiskError> {
        let path = self.root.join(PAGE);
        write_durably(&path, page).map_err(at(&path, "writing the index"))
    }
}

fn sync_parent(path: &Path) -> Result<(), DiskError> {
    let parent = path.parent().unwrap_or(Path::new("."));
    sync_folder(parent).map_err(at(parent, "syncing"))
}

/// Syncs every folder below `folder`, so that no name is lost; files were synced when written.
fn sync_tree(folder: &Path) -> Result<(), DiskError> {
    for entry in fs::read_dir(folder).map_err(at(folder, "syncing"))? {
        let path = entry.map_err(at(folder, "syncing"))?.path();
        if path.is_dir() {
            sync_tree(&path)?;
        }
    }
    sync_folder(folder).map_err(at(folder, "syncing"))
}
