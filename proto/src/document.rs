//! Documents whose bytes are their identity: canonical JSON (RFC 8785), made once. Afterwards only
//! the stored bytes are hashed and verified.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::digest::Digest;

/// A value together with the canonical text it was made as or read from, and the text's digest.
///
/// Travels as a JSON string that holds the text, so that no carrier can reformat it.
#[derive(Debug, Clone)]
pub struct Document<T> {
    text: String,
    digest: Digest,
    value: T,
}

/// A text that is not the canonical form of the document it claims to be.
#[derive(Debug, thiserror::Error)]
pub enum BadDocument {
    /// Not JSON, a field missing, unknown or of the wrong form.
    #[error("document cannot be read")]
    Unreadable(#[source] serde_json::Error),
    /// The same value would be written otherwise: duplicate keys, other order, spaces, floats.
    #[error("document is not in canonical form (RFC 8785)")]
    NotCanonical,
    /// The value cannot be written as JSON.
    #[error("document cannot be written")]
    Unwritable(#[source] serde_json::Error),
}

impl<T: Serialize> Document<T> {
    /// Writes `value` as canonical JSON.
    pub fn new(value: T) -> Result<Self, BadDocument> {
        let text = canonical(&value)?;
        Ok(Self { digest: Digest::of(text.as_bytes()), text, value })
    }
}

impl<T: Serialize + DeserializeOwned> Document<T> {
    /// Reads `text`, which must be exactly what [`Document::new`] would write for its value.
    pub fn read(text: String) -> Result<Self, BadDocument> {
        let value: T = serde_json::from_str(&text).map_err(BadDocument::Unreadable)?;
        if canonical(&value)? != text {
            return Err(BadDocument::NotCanonical);
        }
        Ok(Self { digest: Digest::of(text.as_bytes()), text, value })
    }
}

impl<T> Document<T> {
    /// The bytes that are hashed and signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The digest of [`Document::text`].
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The value itself, without its text.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T> std::ops::Deref for Document<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> PartialEq for Document<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Document<T> {}

impl<T> Serialize for Document<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T: Serialize + DeserializeOwned> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// The canonical JSON text of a value.
pub fn canonical(value: &impl Serialize) -> Result<String, BadDocument> {
    let bytes = serde_json_canonicalizer::to_vec(value).map_err(BadDocument::Unwritable)?;
    String::from_utf8(bytes)
        .map_err(|error| BadDocument::Unwritable(serde::ser::Error::custom(error)))
}

/// Defines the `schema` field of a document: one constant text, refused otherwise.
macro_rules! schema {
    ($(#[$doc:meta])* $name:ident, $text:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name;

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(given: String) -> Result<Self, String> {
                if given == $text {
                    Ok(Self)
                } else {
                    Err(format!("schema is {given:?}, expected {:?}", $text))
                }
            }
        }

        impl From<$name> for String {
            fn from(_: $name) -> Self {
                $text.to_owned()
            }
        }
    };
}
pub(crate) use schema;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Pair {
        a: u32,
        b: String,
    }

    #[test]
    fn only_the_canonical_text_is_read() {
        let made = Document::new(Pair { a: 1, b: "政策".to_owned() }).unwrap();
        assert_eq!(made.text(), r#"{"a":1,"b":"政策"}"#);
        assert!(Document::<Pair>::read(made.text().to_owned()).is_ok());
        let others = [
            r#"{"b":"政策","a":1}"#,
            r#"{"a":1, "b":"政策"}"#,
            r#"{"a":1,"a":1,"b":"政策"}"#,
            r#"{"a":1,"b":"政策","c":0}"#,
            r#"{"a":1.0,"b":"政策"}"#,
            r#"{"a":1,"b":"\u653f策"}"#,
        ];
        for text in others {
            assert!(Document::<Pair>::read(text.to_owned()).is_err(), "{text} was taken");
        }
    }
}
