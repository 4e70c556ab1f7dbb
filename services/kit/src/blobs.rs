//! Bytes by digest, in a folder. Written before the fact that names them, verified at every read,
//! never deleted.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use lockstep_proto::{digest::Digest, manifest::Manifest};

use crate::files;

/// A store of bytes, addressed by their digest.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: PathBuf,
}

/// Why bytes could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The file system failed.
    #[error("内容 {digest} 无法存取 / blob failed while {doing}")]
    Io {
        /// Which.
        digest: Digest,
        /// What we were doing.
        doing: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The stored bytes are not those of the digest.
    #[error("内容 {digest} 已损坏 / blob is damaged")]
    Damaged {
        /// Which.
        digest: Digest,
    },
    /// The work was cut off.
    #[error("内容存取中断 / blob work was cut off")]
    CutOff,
}

impl Blobs {
    /// The store in `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Stores bytes; when this returns they survive a crash. What is there and damaged is mended.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        let (path, named) = (self.path(&digest), digest.clone());
        blocking(move || {
            // What is there already was synced before it got its name.
            if std::fs::read(&path).is_ok_and(|stored| stored == bytes) {
                return Ok(());
            }
            files::write_durably(&path, &bytes).map_err(|source| BlobError::Io {
                digest: named,
                doing: "writing",
                source,
            })
        })
        .await?;
        Ok(digest)
    }

    /// Reads bytes; `None` where there are none of this digest.
    pub async fn find(&self, digest: &Digest) -> Result<Option<Vec<u8>>, BlobError> {
        let (path, named) = (self.path(digest), digest.clone());
        blocking(move || match std::fs::read(&path) {
            Ok(bytes) if Digest::of(&bytes) == named => Ok(Some(bytes)),
            Ok(_) => Err(BlobError::Damaged { digest: named }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(BlobError::Io { digest: named, doing: "reading", source }),
        })
        .await
    }

    /// Path to digest of what the store really holds of a manifest's members, hashed now. What is
    /// missing or damaged is left out: the gate says so.
    pub async fn read_held(
        &self,
        manifest: &Manifest,
    ) -> Result<BTreeMap<String, Digest>, BlobError> {
        let mut held = BTreeMap::new();
        for member in &manifest.members {
            match self.find(&member.digest).await {
                // `find` hashes what it read.
                Ok(Some(_)) => {
                    held.insert(member.path.clone(), member.digest.clone());
                }
                Ok(None) | Err(BlobError::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(held)
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        let shelf = hex.get(..2).unwrap_or_default();
        Path::new(&self.folder).join(shelf).join(hex)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| BlobError::CutOff)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_come_back_and_damage_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(folder.path().to_owned());
        let digest = blobs.put(b"text".to_vec()).await.unwrap();
        assert_eq!(blobs.find(&digest).await.unwrap().as_deref(), Some(&b"text"[..]));
        assert!(blobs.find(&Digest::of(b"other")).await.unwrap().is_none());
        std::fs::write(blobs.path(&digest), b"tex").unwrap();
        assert!(matches!(blobs.find(&digest).await, Err(BlobError::Damaged { .. })));
        // Stored again, it is whole again.
        blobs.put(b"text".to_vec()).await.unwrap();
        assert_eq!(blobs.find(&digest).await.unwrap().as_deref(), Some(&b"text"[..]));
    }
}
