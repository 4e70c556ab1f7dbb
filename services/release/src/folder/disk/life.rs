//! The life of a disk, and the epoch it is of: what a disk that was lost, or that a restore left behind,
//! still shows must not be taken for what is wanted.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs, io,
    os::unix::ffi::OsStringExt as _,
    path::{Path, PathBuf},
};

use lockstep_kit::files::{make_folder, write_durably, write_public};
use lockstep_proto::ids::Incarnation;

use super::{
    CURRENT, Disk, DiskError, PAGE, WITHDRAWN, at,
    digests::{DAMAGED, DIGESTS},
};
use crate::folder::shown_edition;

/// Below the staging folder: the epoch of the disk.
const EPOCH: &str = "epoch";
/// Below the staging folder: which served folder it belongs to.
const SERVED: &str = "root";
/// Below the served folder: the life of the disk.
const LIFE: &str = ".life";

impl Disk {
    /// Takes the served folder as this channel's: one that is used for the first time and holds what is
    /// not ours would be emptied by a new life.
    pub(in crate::folder) fn claim(&self) -> Result<(), DiskError> {
        if self.is_claimed()? {
            return Ok(());
        }
        if let Some(old) = self.find_left()? {
            let mark = self.staging.join(SERVED);
            let [old, new, mark] = [&old, &self.root, &mark].map(|path| path.display().to_string());
            return Err(DiskError::Left { old, new, mark });
        }
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.mark_served(),
            Err(error) => return Err(at(&self.root, "looking whose it is")(error)),
        };
        let names: BTreeSet<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        // Both marks lost, but nothing else is there.
        let looks_ours = names.iter().all(|name| name == "b" || name == PAGE) && names.len() == 2;
        let [served, staged] = self.marks().map(|mark| fs::read_to_string(mark).ok());
        // One half of a disk of ours may be lost; halves of two disks are not one.
        let is_ours = match (&served, &staged) {
            (None, _) => names.is_empty() || looks_ours,
            (Some(_), None) => true,
            (Some(served), Some(staged)) => served == staged,
        };
        if !is_ours {
            return Err(DiskError::Foreign { path: self.root.display().to_string() });
        }
        self.mark_served()
    }

    /// Whether this folder was served for this staging folder before.
    fn is_claimed(&self) -> Result<bool, DiskError> {
        let path = self.staging.join(SERVED);
        match fs::read(&path) {
            Ok(known) => Ok(known == self.served()?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(at(&path, "reading whose it is")(error)),
        }
    }

    /// The folder that was served for this staging folder before, while it still shows something: no
    /// withdrawal would reach it any more.
    fn find_left(&self) -> Result<Option<PathBuf>, DiskError> {
        let path = self.staging.join(SERVED);
        let old = match fs::read(&path) {
            Ok(known) => PathBuf::from(OsString::from_vec(known)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at(&path, "reading whose it is")(error)),
        };
        // The same folder by another name, as where a link leads to it, is not left.
        let is_same = matches!((fs::canonicalize(&old), fs::canonicalize(&self.root)),
            (Ok(old), Ok(new)) if old == new);
        let life = |path: &Path| fs::read_to_string(path).ok();
        let [_, staged] = self.marks();
        let is_ours = life(&staged).is_some() && life(&old.join(LIFE)) == life(&staged);
        if is_same || !is_ours {
            return Ok(None);
        }
        let bundles = match fs::read_dir(old.join("b")) {
            Ok(bundles) => bundles,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at(&old, "looking what it shows")(error)),
        };
        let shows = |bundle: fs::DirEntry| shown_edition(&bundle.path().join(CURRENT)).is_some();
        Ok(bundles.flatten().any(shows).then_some(old))
    }

    fn mark_served(&self) -> Result<(), DiskError> {
        let path = self.staging.join(SERVED);
        write_durably(&path, &self.served()?).map_err(at(&path, "marking whose it is"))
    }

    fn served(&self) -> Result<Vec<u8>, DiskError> {
        let path = std::path::absolute(&self.root).map_err(at(&self.root, "finding its place"))?;
        Ok(path.into_os_string().into_encoded_bytes())
    }

    fn marks(&self) -> [PathBuf; 2] {
        [self.root.join(LIFE), self.staging.join("life")]
    }

    /// The life of this disk: both halves carry it. A disk that lost one, or that is of an earlier
    /// epoch, begins a new life, dark: whatever the other half still shows is moved aside.
    pub(in crate::folder) fn life(
        &self,
        fresh: Incarnation,
        epoch: u32,
    ) -> Result<Incarnation, DiskError> {
        let marks = self.marks();
        // Only what is not there is lost; what cannot be read now is read again later.
        let [served, staged] = marks.each_ref().map(|path| match fs::read_to_string(path) {
            Ok(text) => Ok(Incarnation::try_from(text).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(path, "reading its life")(error)),
        });
        let known = self.epoch()?;
        if known > epoch {
            return Err(DiskError::Newer { known, epoch });
        }
        if let (Some(served), Some(staged)) = (served?, staged?)
            && served == staged
            && known == epoch
        {
            return Ok(served);
        }
        self.claim()?;
        let old = self.staging.join("lost").join(fresh.as_str());
        if self.root.exists() {
            make_folder(&old).map_err(at(&old, "making room for what was shown"))?;
            fs::rename(&self.root, old.join("root")).map_err(at(&self.root, "going dark"))?;
        }
        for name in ["fence", "editions", WITHDRAWN, DIGESTS, DAMAGED] {
            let path = self.staging.join(name);
            if path.exists() {
                make_folder(&old).map_err(at(&old, "making room for what was staged"))?;
                fs::rename(&path, old.join(name)).map_err(at(&path, "moving aside"))?;
            }
        }
        // Made in time: a full disk has no room for it, and then it is needed.
        let kept = self.staging.join(WITHDRAWN);
        make_folder(&kept).map_err(at(&kept, "making room for what will be withdrawn"))?;
        let path = self.staging.join(EPOCH);
        write_durably(&path, epoch.to_string().as_bytes())
            .map_err(at(&path, "marking an epoch"))?;
        for mark in &marks {
            write_public(mark, fresh.as_str().as_bytes()).map_err(at(mark, "marking a life"))?;
        }
        Ok(fresh)
    }

    /// The epoch that the disk is of; one that does not say is of the first.
    fn epoch(&self) -> Result<u32, DiskError> {
        let path = self.staging.join(EPOCH);
        match fs::read_to_string(&path) {
            Ok(text) => text
                .trim()
                .parse()
                .map_err(|error| at(&path, "reading its epoch")(io::Error::other(error))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(1),
            Err(error) => Err(at(&path, "reading its epoch")(error)),
        }
    }
}
