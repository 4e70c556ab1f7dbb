//! Signed statements: DSSE envelopes (Dead Simple Signing Envelope 1.0.0) with one Ed25519
//! signature over the canonical text of the statement.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::{
    digest::Digest,
    document::{BadDocument, Document},
};

/// A statement that can be signed. The payload type keeps a signature over one kind of statement
/// from being taken for another.
pub trait Statement: Serialize + DeserializeOwned {
    /// The DSSE payload type.
    const PAYLOAD_TYPE: &'static str;
}

/// How a signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// Ed25519 (RFC 8032), verified strictly.
    Ed25519,
}

/// The public half of a key; travels as `ed25519:` and base64.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// How statements and records name this key: the digest of its 32 bytes.
    pub fn id(&self) -> Digest {
        Digest::of(&self.0)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = BadKey;
    fn try_from(given: String) -> Result<Self, BadKey> {
        let bytes = given.strip_prefix("ed25519:").and_then(|text| BASE64.decode(text).ok());
        let bytes: [u8; 32] = bytes.and_then(|b| b.try_into().ok()).ok_or(BadKey)?;
        ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| BadKey)?;
        Ok(Self(bytes))
    }
}

impl std::str::FromStr for PublicKey {
    type Err = BadKey;
    fn from_str(given: &str) -> Result<Self, BadKey> {
        given.to_owned().try_into()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        format!("ed25519:{}", BASE64.encode(key.0))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(self.clone()))
    }
}

/// A text that is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("密钥格式有误 / a key is ed25519: and the base64 of 32 bytes")]
pub struct BadKey;

/// The private half of a key. Never shown in logs.
#[derive(Clone)]
pub struct PrivateKey(ed25519_dalek::SigningKey);

impl PrivateKey {
    /// From 32 random bytes.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// The text that a key file holds. Whoever reads it can sign for the key's person.
    pub fn to_secret_text(&self) -> String {
        format!("ed25519-private:{}\n", BASE64.encode(self.0.to_bytes()))
    }

    /// Reads a key file's text.
    pub fn from_secret_text(text: &str) -> Result<Self, BadKey> {
        let bytes =
            text.trim().strip_prefix("ed25519-private:").and_then(|t| BASE64.decode(t).ok());
        Ok(Self::from_seed(bytes.and_then(|b| b.try_into().ok()).ok_or(BadKey)?))
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public().id().short())
    }
}

/// A statement with the signature that was made over its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    statement: Document<T>,
    key: Digest,
    signature: Vec<u8>,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// The envelope names another key than the one it is checked against.
    #[error("signed by key {signed_by}, not by {expected}")]
    OtherKey {
        /// The key the envelope names.
        signed_by: Digest,
        /// The key it was checked against.
        expected: Digest,
    },
    /// The signature is not one of this key over this text.
    #[error("the signature does not fit the statement")]
    Wrong,
}

impl<T: Statement> Signed<T> {
    /// Signs `statement`.
    pub fn new(statement: T, key: &PrivateKey) -> Result<Self, BadDocument> {
        let statement = Document::new(statement)?;
        let signature = key.0.sign(&pre_authentication::<T>(statement.text())).to_bytes().to_vec();
        Ok(Self { statement, key: key.public().id(), signature })
    }

    /// Whether `key` signed this very text.
    pub fn verify(&self, key: &PublicKey) -> Result<(), BadSignature> {
        if key.id() != self.key {
            return Err(BadSignature::OtherKey { signed_by: self.key.clone(), expected: key.id() });
        }
        let verifying = ed25519_dalek::VerifyingKey::from_bytes(&key.0);
        let signature = Signature::from_slice(&self.signature);
        match (verifying, signature) {
            (Ok(verifying), Ok(signature)) => verifying
                .verify_strict(&pre_authentication::<T>(self.statement.text()), &signature)
                .map_err(|_| BadSignature::Wrong),
            _ => Err(BadSignature::Wrong),
        }
    }
}

impl<T> Signed<T> {
    /// The statement and its text.
    pub fn statement(&self) -> &Document<T> {
        &self.statement
    }

    /// The statement, without its signature.
    pub fn into_value(self) -> T {
        self.statement.into_value()
    }

    /// The id of the key the envelope names; a claim until [`Signed::verify`] says so.
    pub fn key_id(&self) -> &Digest {
        &self.key
    }

    /// The digest of the signed text.
    pub fn digest(&self) -> &Digest {
        self.statement.digest()
    }
}

/// DSSE's PAE: what is signed binds the type and the lengths as well as the text.
fn pre_authentication<T: Statement>(text: &str) -> Vec<u8> {
    let kind = T::PAYLOAD_TYPE;
    format!("DSSEv1 {} {kind} {} {text}", kind.len(), text.len()).into_bytes()
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope {
    payload_type: String,
    payload: String,
    signatures: [EnvelopeSignature; 1],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeSignature {
    keyid: Digest,
    sig: String,
}

impl<T: Statement> Serialize for Signed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Envelope {
            payload_type: T::PAYLOAD_TYPE.to_owned(),
            payload: BASE64.encode(self.statement.text()),
            signatures: [EnvelopeSignature {
                keyid: self.key.clone(),
                sig: BASE64.encode(&self.signature),
            }],
        }
        .serialize(serializer)
    }
}

impl<'de, T: Statement> Deserialize<'de> for Signed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let envelope = Envelope::deserialize(deserializer)?;
        if envelope.payload_type != T::PAYLOAD_TYPE {
            let (given, expected) = (envelope.payload_type, T::PAYLOAD_TYPE);
            return Err(D::Error::custom(format!("payload type is {given}, expected {expected}")));
        }
        let text = BASE64.decode(&envelope.payload).map_err(D::Error::custom)?;
        let text = String::from_utf8(text).map_err(D::Error::custom)?;
        let [EnvelopeSignature { keyid, sig }] = envelope.signatures;
        Ok(Self {
            statement: Document::read(text).map_err(D::Error::custom)?,
            key: keyid,
            signature: BASE64.decode(sig).map_err(D::Error::custom)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Serialize, Deserialize)]
    struct Note {
        text: String,
    }
    impl Statement for Note {
        const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.note+json";
    }
    #[derive(Debug, Clone, Serialize, Deserialize)]
    struct Other {
        text: String,
    }
    impl Statement for Other {
        const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.other+json";
    }

    fn key(seed: u8) -> PrivateKey {
        PrivateKey::from_seed([seed; 32])
    }

    #[test]
    fn signature_holds_for_its_key_and_text_only() {
        let signed = Signed::new(Note { text: "政策".to_owned() }, &key(1)).unwrap();
        assert_eq!(signed.verify(&key(1).public()), Ok(()));
        assert!(matches!(signed.verify(&key(2).public()), Err(BadSignature::OtherKey { .. })));
        let mut altered = signed.clone();
        altered.statement = Document::new(Note { text: "解读".to_owned() }).unwrap();
        assert_eq!(altered.verify(&key(1).public()), Err(BadSignature::Wrong));
    }

    #[test]
    fn envelope_comes_back_and_is_not_another_statement() {
        let signed = Signed::new(Note { text: "x".to_owned() }, &key(1)).unwrap();
        let wire = serde_json::to_string(&signed).unwrap();
        let back: Signed<Note> = serde_json::from_str(&wire).unwrap();
        assert_eq!(back.verify(&key(1).public()), Ok(()));
        assert!(serde_json::from_str::<Signed<Other>>(&wire).is_err());
    }

    #[test]
    fn secret_text_comes_back() {
        let back = PrivateKey::from_secret_text(&key(7).to_secret_text()).unwrap();
        assert_eq!(back.public(), key(7).public());
        assert!(!format!("{back:?}").contains("private"));
    }
}
