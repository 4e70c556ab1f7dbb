//! Digests that carry their algorithm, so that another (SM3) can stand beside SHA-256 later.

use std::{
    fmt::{self, Write as _},
    io,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// `sha256:` and 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

/// A text that is not a digest we can check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDigest {
    /// Another algorithm than those we compute.
    #[error("{0:?} 不是 sha256 摘要 / digest names another algorithm")]
    Algorithm(String),
    /// Wrong length or other characters than 0-9 and a-f.
    #[error("{0:?} 不是摘要 / digest is sha256: and 64 hexadecimal digits")]
    Form(String),
}

const PREFIX: &str = "sha256:";

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(format!("{PREFIX}{}", hex(&Sha256::digest(bytes))))
    }

    /// The digest of everything that is read, for what is too large to hold.
    pub fn of_reader(mut reader: impl io::Read) -> io::Result<Self> {
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(Self(format!("{PREFIX}{}", hex(&hasher.finalize())))),
                count => hasher.update(buffer.get(..count).unwrap_or_default()),
            }
        }
    }

    /// With its algorithm: `sha256:…`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hexadecimal digits alone, for file names and addresses.
    pub fn hex(&self) -> &str {
        self.0.strip_prefix(PREFIX).unwrap_or(&self.0)
    }

    /// The first 12 digits, for people. Never to be compared.
    pub fn short(&self) -> &str {
        self.hex().get(..12).unwrap_or_default()
    }

    /// From the digits alone, as they stand in an address.
    pub fn from_hex(digits: &str) -> Result<Self, BadDigest> {
        format!("{PREFIX}{digits}").try_into()
    }
}

/// Lower-case hexadecimal digits of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

impl TryFrom<String> for Digest {
    type Error = BadDigest;
    fn try_from(given: String) -> Result<Self, BadDigest> {
        match given.strip_prefix(PREFIX) {
            None => Err(BadDigest::Algorithm(given)),
            Some(digits) => {
                let fits = digits.len() == 64
                    && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                if fits { Ok(Self(given)) } else { Err(BadDigest::Form(given)) }
            }
        }
    }
}

impl std::str::FromStr for Digest {
    type Err = BadDigest;
    fn from_str(given: &str) -> Result<Self, BadDigest> {
        given.to_owned().try_into()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_in_parts_has_the_digest_of_the_whole() {
        for length in [0, 1, 1 << 16, (1 << 17) + 3] {
            let bytes = vec![7; length];
            assert_eq!(Digest::of_reader(&bytes[..]).unwrap(), Digest::of(&bytes));
        }
    }

    #[test]
    fn digest_of_nothing_is_the_published_one() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").as_str(), empty);
    }

    #[test]
    fn other_algorithms_and_forms_are_refused() {
        assert!(matches!("sm3:00".parse::<Digest>(), Err(BadDigest::Algorithm(_))));
        assert!(matches!("sha256:00".parse::<Digest>(), Err(BadDigest::Form(_))));
        assert!(format!("sha256:{}", "A".repeat(64)).parse::<Digest>().is_err());
    }
}
