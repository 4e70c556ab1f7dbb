//! Bytes by digest, in a folder or in a bucket. Written before the fact that names them, verified at
//! every read, never deleted.

mod bucket;
mod cache;
mod folder;

use std::{collections::BTreeMap, io, path::PathBuf, sync::Arc};

use lockstep_proto::{digest::Digest, manifest::Manifest};

pub use bucket::BucketAddress;

use bucket::Bucket;
use cache::Cache;
use folder::Folder;

/// A store of bytes, addressed by their digest.
#[derive(Debug, Clone)]
pub struct Blobs {
    place: Place,
    cache: Option<Arc<Cache>>,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
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
    /// The folder cannot be looked through.
    #[error("内容目录 {folder} 无法读取 / the blobs' folder cannot be read")]
    Folder {
        /// Which.
        folder: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The folder takes no file.
    #[error(
        "内容目录 {folder} 无法写入：请检查磁盘空间、权限与挂载 / the blobs' folder cannot be written: see \
         to the room on its disk, its rights and its mount"
    )]
    Unwritable {
        /// Which.
        folder: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The bucket cannot be reached, or does not do what it was asked.
    #[error("内容存储桶 {bucket} 无法存取 / the bucket failed while {doing}")]
    Bucket {
        /// Which, and where.
        bucket: String,
        /// What we were doing.
        doing: &'static str,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// There is no such bucket.
    #[error("没有内容存储桶 {0}，请先建立 / there is no such bucket: make it first")]
    NoBucket(String),
    /// The bucket does not take our keys.
    #[error("内容存储桶 {bucket} 拒绝访问密钥 / the bucket refuses our keys")]
    Refused {
        /// Which, and where.
        bucket: String,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// The bucket did not answer in time.
    #[error("内容存储桶 {0} 没有及时应答 / the bucket does not answer in time")]
    Late(String),
    /// What the bucket's settings say cannot be used.
    #[error("内容存储桶的设置有误 / the bucket's settings are not right: {what}")]
    Settings {
        /// Which.
        what: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
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

impl BlobError {
    /// Whether the store itself is out of order: wait and try again, rather than blame the bundle.
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other kind is of one file")]
    pub fn is_outage(&self) -> bool {
        use io::ErrorKind as Kind;
        match self {
            Self::Io { source, .. }
            | Self::Folder { source, .. }
            | Self::Unwritable { source, .. } => match source.kind() {
                Kind::StorageFull | Kind::QuotaExceeded | Kind::ReadOnlyFilesystem => true,
                // A folder that is mounted from elsewhere.
                Kind::StaleNetworkFileHandle | Kind::HostUnreachable | Kind::TimedOut => true,
                _ => false,
            },
            Self::Bucket { .. } | Self::NoBucket(_) | Self::Refused { .. } | Self::Late(_) => true,
            Self::Settings { .. } | Self::Damaged { .. } | Self::CutOff => false,
        }
    }
}

impl Blobs {
    /// The store in `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { place: Place::Folder(Folder(folder)), cache: None }
    }

    /// The store in a bucket. Nothing is asked of it yet; see [`Self::check`].
    pub fn in_bucket(address: &BucketAddress) -> Result<Self, BlobError> {
        Ok(Self { place: Place::Bucket(Bucket::open(address)?), cache: None })
    }

    /// The same store for whoever reads the same few blobs again and again: of a bucket, what was
    /// read is kept in memory, up to a limit. What a folder holds, the system keeps in memory.
    #[must_use]
    pub fn with_cache(&self) -> Self {
        let cache = match &self.place {
            Place::Folder(_) => None,
            Place::Bucket(_) => Some(Arc::new(Cache::default())),
        };
        Self { cache, ..self.clone() }
    }

    /// Whether asking this store takes the network.
    pub(crate) fn is_bucket(&self) -> bool {
        matches!(self.place, Place::Bucket(_))
    }

    /// Whether the store is there and lets us in.
    pub async fn check(&self) -> Result<(), BlobError> {
        match &self.place {
            // Whoever writes makes it.
            Place::Folder(_) => Ok(()),
            Place::Bucket(bucket) => bucket.check().await,
        }
    }

    /// Whether it takes what is written, too: a disk may be full or mounted to be read, keys be good
    /// for reading alone. What is tried is no blob.
    pub async fn check_writable(&self) -> Result<(), BlobError> {
        match &self.place {
            Place::Folder(folder) => folder.check_writable().await,
            Place::Bucket(bucket) => bucket.check_writable().await,
        }
    }

    /// The same, for a service: whether it can do with them what it does.
    pub async fn check_for(&self, service: &str) -> Result<(), BlobError> {
        match service {
            "drafting" | "explainer" | "portal" => self.check_writable().await,
            // It keeps none: its machine gets no keys to them.
            "console" => Ok(()),
            _ => self.check().await,
        }
    }

    /// Stores bytes; when this returns they survive a crash. What is there and damaged is mended.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        match &self.place {
            Place::Folder(folder) => folder.put(digest.clone(), bytes).await?,
            Place::Bucket(bucket) => bucket.put(&digest, bytes).await?,
        }
        Ok(digest)
    }

    /// Reads bytes; `None` where there are none of this digest.
    pub async fn find(&self, digest: &Digest) -> Result<Option<Vec<u8>>, BlobError> {
        if let Some(bytes) = self.cache.as_ref().and_then(|cache| cache.find(digest)) {
            return Ok(Some(bytes));
        }
        let found = match &self.place {
            Place::Folder(folder) => folder.find(digest.clone()).await?,
            Place::Bucket(bucket) => bucket.find(digest).await?,
        };
        if let (Some(cache), Some(bytes)) = (&self.cache, &found) {
            cache.keep(digest, bytes);
        }
        Ok(found)
    }

    /// Which blobs there are, in order; whether they are whole, [`Self::find`] says.
    pub async fn list(&self) -> Result<Vec<Digest>, BlobError> {
        let mut digests = match &self.place {
            Place::Folder(folder) => folder.list().await?,
            Place::Bucket(bucket) => bucket.list().await?,
        };
        digests.sort();
        Ok(digests)
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
}

/// The name of a blob in its store: `ab/abcdef…`.
fn name(digest: &Digest) -> String {
    let hex = digest.hex();
    let shelf = hex.get(..2).unwrap_or_default();
    format!("{shelf}/{hex}")
}

/// The blob of this name; others may keep things there too.
fn named(name: &str) -> Option<Digest> {
    let (shelf, hex) = name.split_once('/')?;
    Digest::from_hex(hex).ok().filter(|_| hex.starts_with(shelf))
}

#[cfg(test)]
mod tests;
