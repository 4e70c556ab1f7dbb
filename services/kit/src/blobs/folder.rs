//! Blobs as files: whole, synced and under their name, or not there. Other files may lie there too,
//! such as what a crash left aside; `files::sweep` takes that away.

use std::{io, path::PathBuf};

use lockstep_proto::digest::Digest;

use super::{BlobError, name, named};
use crate::files;

#[derive(Debug, Clone)]
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    /// Makes the folder, if there is none yet, and tries whether it takes a file.
    pub(super) async fn check_writable(&self) -> Result<(), BlobError> {
        let folder = self.0.clone();
        blocking(move || {
            files::make_private_folder(&folder).and_then(|()| files::probe(&folder)).map_err(
                |source| BlobError::Unwritable { folder: folder.display().to_string(), source },
            )
        })
        .await
    }

    pub(super) async fn put(&self, digest: Digest, bytes: Vec<u8>) -> Result<(), BlobError> {
        let (path, root) = (self.path(&digest), self.0.clone());
        blocking(move || {
            let put = || {
                // What has its name was synced before it got it.
                if !std::fs::read(&path).is_ok_and(|stored| stored == bytes) {
                    files::write_durably(&path, &bytes)?;
                }
                // The names themselves, its own and its shelf's, somebody else may be just making.
                files::sync_folder(files::parent_of(&path))?;
                files::sync_folder(&root)
            };
            put().map_err(|source| BlobError::Io { digest, doing: "writing", source })
        })
        .await
    }

    pub(super) async fn find(&self, digest: Digest) -> Result<Option<Vec<u8>>, BlobError> {
        let path = self.path(&digest);
        blocking(move || match std::fs::read(&path) {
            Ok(bytes) if Digest::of(&bytes) == digest => Ok(Some(bytes)),
            Ok(_) => Err(BlobError::Damaged { digest }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(BlobError::Io { digest, doing: "reading", source }),
        })
        .await
    }

    pub(super) async fn list(&self) -> Result<Vec<Digest>, BlobError> {
        let folder = self.0.clone();
        blocking(move || {
            list(&folder).map_err(|source| BlobError::Folder {
                folder: folder.display().to_string(),
                source,
            })
        })
        .await
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.0.join(name(digest))
    }
}

fn list(folder: &std::path::Path) -> io::Result<Vec<Digest>> {
    let mut digests = vec![];
    if !folder.exists() {
        return Ok(digests);
    }
    for shelf in std::fs::read_dir(folder)? {
        let shelf = shelf?;
        if !shelf.file_type()?.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(shelf.path())? {
            let (shelf, file) = (shelf.file_name(), file?.file_name());
            let path = format!("{}/{}", shelf.to_string_lossy(), file.to_string_lossy());
            digests.extend(named(&path));
        }
    }
    Ok(digests)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| BlobError::CutOff)?
}
