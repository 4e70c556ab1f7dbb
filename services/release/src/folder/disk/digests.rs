//! What was held ready, file by file: between staging and the window lie days in which a disk can
//! damage it, and what is shown is shown for years.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use lockstep_gate::channel::Placed;
use lockstep_kit::files::{make_folder, parent_of, write_durably};
use lockstep_proto::{digest::Digest, ids::BundleId};

use super::{CURRENT, Disk, DiskError, File, PINNED, SHOWN, at, folder_name, sync_parent};

/// Below the staging folder: the digests of what is staged and of what is shown.
pub(super) const DIGESTS: &str = "digests";
/// Below the staging folder: what was shown and found damaged.
pub(super) const DAMAGED: &str = "damaged";

/// Path below the edition's folder to digest.
type Digests = BTreeMap<PathBuf, Digest>;

impl Disk {
    fn digests_path(&self, bundle: &BundleId, placed: &Placed) -> PathBuf {
        self.staging.join(DIGESTS).join(bundle.as_str()).join(folder_name(placed))
    }

    /// Where an edition goes that was found damaged.
    pub(super) fn damaged(&self, bundle: &BundleId, placed: &Placed) -> PathBuf {
        self.staging.join(DAMAGED).join(format!("{}-{bundle}", folder_name(placed)))
    }

    /// Notes what an edition's files are.
    pub(super) fn note_digests(
        &self,
        bundle: &BundleId,
        placed: &Placed,
        files: &[File],
    ) -> Result<(), DiskError> {
        let path = self.digests_path(bundle, placed);
        let digests: Digests =
            files.iter().map(|file| (file.path.clone(), Digest::of(&file.bytes))).collect();
        let bytes = serde_json::to_vec(&digests)
            .map_err(|error| at(&path, "noting digests")(io::Error::other(error)))?;
        write_durably(&path, &bytes).map_err(at(&path, "noting digests"))
    }

    /// Refuses an edition that is not, file by file, what was staged.
    pub(super) fn verify(
        &self,
        bundle: &BundleId,
        placed: &Placed,
        folder: &Path,
    ) -> Result<(), DiskError> {
        let damaged = |path: &Path| DiskError::Damaged { path: path.display().to_string() };
        let path = self.digests_path(bundle, placed);
        let digests: Option<Digests> =
            fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        for (file, digest) in digests.ok_or_else(|| damaged(&path))? {
            let file = folder.join(file);
            if !fs::read(&file).is_ok_and(|bytes| Digest::of(&bytes) == digest) {
                return Err(damaged(&file));
            }
        }
        Ok(())
    }

    /// Whether readers get the edition as it was staged. One that is damaged is taken from them.
    pub(crate) fn check(&self, bundle: &BundleId, placed: &Placed) -> Result<bool, DiskError> {
        let folder = self.of_bundle(bundle);
        let shown = folder.join(SHOWN).join(folder_name(placed));
        let error = match self.verify(bundle, placed, &shown) {
            Ok(()) => {
                let at_current = super::super::shown_edition(&folder.join(CURRENT));
                return Ok(at_current.as_ref() == Some(&placed.edition));
            }
            Err(error) => error,
        };
        tracing::error!(bundle.id = %bundle, "{error}");
        // The addresses first: whatever fails then, nobody is led to it.
        for link in [folder.join(CURRENT), folder.join(PINNED).join(placed.edition.hex())] {
            if link.is_symlink() {
                fs::remove_file(&link).map_err(at(&link, "taking what is damaged out"))?;
                sync_parent(&link)?;
            }
        }
        if shown.exists() {
            let place = self.damaged(bundle, placed);
            let room = parent_of(&place);
            make_folder(room).map_err(at(room, "taking what is damaged out"))?;
            if place.exists() {
                fs::remove_dir_all(&place).map_err(at(&place, "clearing earlier damage"))?;
            }
            fs::rename(&shown, &place).map_err(at(&shown, "taking what is damaged out"))?;
            sync_parent(&place)?;
            sync_parent(&shown)?;
        }
        Ok(false)
    }

    /// Forgets the digests of what is neither staged nor shown any more.
    pub(super) fn clear_digests(&self, bundle: &BundleId) {
        let (shown, staged) = (self.of_bundle(bundle).join(SHOWN), self.staged(bundle));
        let folder = self.staging.join(DIGESTS).join(bundle.as_str());
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !shown.join(&name).exists() && !staged.join(&name).exists() {
                fs::remove_file(entry.path()).ok();
            }
        }
    }
}
