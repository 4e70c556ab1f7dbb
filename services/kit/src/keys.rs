//! Key files: private, made once, mode 0600.

use std::path::Path;

use lockstep_proto::signed::{PrivateKey, PublicKey};

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

/// Every public key that was ever in use here, `now`'s included: what was signed with an earlier
/// key stays verifiable. The file at `path` holds them as JSON.
pub fn keep_public(path: &Path, now: &PublicKey) -> Result<Vec<PublicKey>, StoreError> {
    let mut keys: Vec<PublicKey> = match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map_err(|source| StoreError::Json { what: "public keys", source })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => vec![],
        Err(error) => return Err(failed(path, "reading public keys", error)),
    };
    if !keys.contains(now) {
        keys.push(now.clone());
        let json = serde_json::to_vec_pretty(&keys)
            .map_err(|source| StoreError::Json { what: "public keys", source })?;
        files::write_durably(path, &json).map_err(|source| StoreError::File {
            doing: "writing public keys",
            path: path.display().to_string(),
            source,
        })?;
    }
    Ok(keys)
}

fn failed(
    path: &Path,
    doing: &'static str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> StoreError {
    let source = std::io::Error::other(error);
    StoreError::File { doing, path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_public_keys_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("release.pub.json");
        let keys = [[1; 32], [2; 32]].map(|seed| PrivateKey::from_seed(seed).public());
        assert_eq!(keep_public(&path, &keys[0]).unwrap(), keys[..1]);
        assert_eq!(keep_public(&path, &keys[1]).unwrap(), keys);
        assert_eq!(keep_public(&path, &keys[1]).unwrap(), keys);
    }
}
