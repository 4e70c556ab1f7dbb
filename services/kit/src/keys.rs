//! Key files: private, made once, mode 0600.

use std::path::Path;

use lockstep_proto::signed::PrivateKey;

use crate::{error::StoreError, files, ids::Ids};

/// Reads the key at `path`, or makes one there.
pub fn load_or_make(path: &Path) -> Result<PrivateKey, StoreError> {
    if path.exists() { load(path) } else { make(path) }
}

/// Makes a key at `path`. Fails if there is one already.
pub fn make(path: &Path) -> Result<PrivateKey, StoreError> {
    let seed = Ids.random().map_err(|error| failed(path, "making a key", error))?;
    let key = PrivateKey::from_seed(seed);
    files::write_secret(path, &key.to_secret_text()).map_err(|source| StoreError::File {
        doing: "writing a key",
        path: path.display().to_string(),
        source,
    })?;
    Ok(key)
}

/// Reads the key at `path`.
pub fn load(path: &Path) -> Result<PrivateKey, StoreError> {
    let text = std::fs::read_to_string(path).map_err(|source| StoreError::File {
        doing: "reading a key",
        path: path.display().to_string(),
        source,
    })?;
    PrivateKey::from_secret_text(&text).map_err(|error| failed(path, "reading a key", error))
}

fn failed(
    path: &Path,
    doing: &'static str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> StoreError {
    let source = std::io::Error::other(error);
    StoreError::File { doing, path: path.display().to_string(), source }
}
