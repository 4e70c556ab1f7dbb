//! Where blobs lie: a folder, or a bucket whose keys lie beside the other secrets.
//!
//! ```text
//! HOME/keys/blobs.toml    access_key = "…", secret_key = "…"; written by hand, mode 0600
//! ```

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use lockstep_kit::blobs::{Blobs, BucketAddress};
use serde::{Deserialize, Serialize};

use super::Home;

const KEYS: &str = "keys/blobs.toml";

/// `[blobs]` of `lockstep.toml`: `folder` alone, or a bucket.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum BlobSettings {
    /// A folder; relative to the deployment's folder.
    Folder(PathBuf),
    /// A bucket.
    Bucket(BucketSettings),
}

/// A bucket of an S3-compatible store.
#[derive(Debug, Clone)]
pub struct BucketSettings {
    /// The store's address: `https://HOST:PORT`.
    pub endpoint: String,
    /// The bucket's name.
    pub bucket: String,
    /// The region; what S3-compatible stores are called unless told otherwise.
    pub region: String,
    /// Certificates of the authority to trust instead of the system's; relative to the deployment's
    /// folder.
    pub ca: Option<PathBuf>,
}

/// As it is written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca: Option<PathBuf>,
}

/// `[blobs]` names neither a folder nor a bucket.
#[derive(Debug, thiserror::Error)]
#[error(
    "[blobs] 须写 folder，或写 endpoint 与 bucket / takes folder alone, or endpoint and bucket, with \
     region and ca if need be"
)]
pub struct BadBlobSettings;

impl TryFrom<Written> for BlobSettings {
    type Error = BadBlobSettings;

    fn try_from(written: Written) -> Result<Self, BadBlobSettings> {
        match written {
            Written {
                folder: Some(folder),
                endpoint: None,
                bucket: None,
                region: None,
                ca: None,
            } => Ok(Self::Folder(folder)),
            Written {
                folder: None,
                endpoint: Some(endpoint),
                bucket: Some(bucket),
                region,
                ca,
            } => {
                let region = region.unwrap_or_else(|| "us-east-1".to_owned());
                Ok(Self::Bucket(BucketSettings { endpoint, bucket, region, ca }))
            }
            _ => Err(BadBlobSettings),
        }
    }
}

impl From<BlobSettings> for Written {
    fn from(settings: BlobSettings) -> Self {
        match settings {
            BlobSettings::Folder(folder) => Self { folder: Some(folder), ..Self::default() },
            BlobSettings::Bucket(BucketSettings { endpoint, bucket, region, ca }) => Self {
                folder: None,
                endpoint: Some(endpoint),
                bucket: Some(bucket),
                region: Some(region),
                ca,
            },
        }
    }
}

impl Default for BlobSettings {
    fn default() -> Self {
        Self::Folder(PathBuf::from("data/blobs"))
    }
}

impl BlobSettings {
    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Bucket(_) => None,
        }
    }
}

/// `keys/blobs.toml`. Not `Debug`: nobody is to print these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    access_key: String,
    secret_key: String,
}

impl Home {
    /// Where blobs lie. Nothing is asked of a bucket yet.
    pub fn blobs(&self) -> anyhow::Result<Blobs> {
        let settings = match &self.settings.blobs {
            BlobSettings::Folder(folder) => return Ok(Blobs::new(self.join(folder))),
            BlobSettings::Bucket(settings) => settings.clone(),
        };
        // What a parser says of a line that is not right would show the line.
        let keys: Option<Keys> = toml::from_str(&self.secret(KEYS)?).ok();
        let keys = keys.with_context(|| {
            format!(
                "{} 有误：须写 access_key 与 secret_key / is not right: it holds access_key = \"…\" \
                 and secret_key = \"…\"",
                self.join(KEYS).display()
            )
        })?;
        let BucketSettings { endpoint, bucket, region, ca } = settings;
        Ok(Blobs::in_bucket(&BucketAddress {
            endpoint,
            bucket,
            region,
            access_key: keys.access_key,
            secret_key: keys.secret_key,
            ca: ca.map(|path| self.join(path)),
        })?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_lie_in_a_folder_or_in_a_bucket_and_not_in_both() {
        let read = |text: &str| toml::from_str::<BlobSettings>(text).map_err(|e| e.to_string());
        let folder = read("folder = \"data/blobs\"").unwrap();
        assert_eq!(folder.folder(), Some(Path::new("data/blobs")));
        let bucket = "endpoint = \"http://s3\"\nbucket = \"b\"\n";
        let BlobSettings::Bucket(settings) = read(bucket).unwrap() else {
            panic!("no bucket");
        };
        assert_eq!((settings.bucket.as_str(), settings.region.as_str()), ("b", "us-east-1"));
        for bad in [
            "",
            "bucket = \"b\"",
            &format!("folder = \"x\"\n{bucket}"),
            "folder = \"x\"\nca = \"y\"",
        ] {
            assert!(read(bad).unwrap_err().contains("endpoint and bucket"), "{bad}");
        }
        assert!(read("flder = \"x\"").unwrap_err().contains("flder"));
        for settings in [folder, BlobSettings::Bucket(settings)] {
            let text = toml::to_string(&settings).unwrap();
            assert_eq!(format!("{:?}", read(&text).unwrap()), format!("{settings:?}"));
        }
    }
}
