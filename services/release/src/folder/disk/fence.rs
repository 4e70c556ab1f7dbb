//! What keeps acts on the disk apart: a lock between processes, and a fence between generations.

use std::{
    fs::{self, TryLockError},
    io,
    path::PathBuf,
    time::{Duration, Instant},
};

use lockstep_kit::files::{make_private_folder, write_durably};
use lockstep_proto::{ids::BundleId, release::Generation};

use super::{Disk, DiskError, at};

/// How long to wait for another process at work on the disk. An act takes far less; a process that is
/// stopped in the middle of one keeps the lock.
const LOCK_WAIT: Duration = Duration::from_secs(5);
const LOCK_AGAIN: Duration = Duration::from_millis(20);

impl Disk {
    /// Keeps other processes off this disk while it is worked on.
    pub(in crate::folder) fn lock(&self) -> Result<fs::File, DiskError> {
        make_private_folder(&self.staging)
            .map_err(at(&self.staging, "making the staging folder"))?;
        let path = self.staging.join("lock");
        let file = fs::File::create(&path).map_err(at(&path, "opening the lock"))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_WAIT => {
                    std::thread::sleep(LOCK_AGAIN);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(DiskError::Busy { path: path.display().to_string() });
                }
                Err(TryLockError::Error(error)) => return Err(at(&path, "locking")(error)),
            }
        }
    }

    fn fence_path(&self, bundle: &BundleId) -> PathBuf {
        self.staging.join("fence").join(bundle.as_str())
    }

    /// The newest generation that this disk carried out.
    pub(super) fn find_fence(&self, bundle: &BundleId) -> Result<Option<Generation>, DiskError> {
        let path = self.fence_path(bundle);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| at(&path, "reading the fence")(io::Error::other(error))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(&path, "reading the fence")(error)),
        }
    }

    /// Takes note that a generation is about to be carried out; refuses an older one than `fence`.
    pub(super) fn raise_fence(
        &self,
        bundle: &BundleId,
        fence: Option<Generation>,
        wanted: Generation,
    ) -> Result<(), DiskError> {
        match fence {
            Some(fence) if fence > wanted => {
                Err(DiskError::Fenced { bundle: bundle.clone(), wanted, fence })
            }
            Some(fence) if fence == wanted => Ok(()),
            Some(_) | None => {
                let path = self.fence_path(bundle);
                let bytes = serde_json::to_vec(&wanted)
                    .map_err(|error| at(&path, "raising the fence")(io::Error::other(error)))?;
                write_durably(&path, &bytes).map_err(at(&path, "raising the fence"))
            }
        }
    }
}
