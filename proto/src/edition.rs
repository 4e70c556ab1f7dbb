//! Slots 留空项, registration 登记 and edition 定稿: what is known only after 签发, and the pair as
//! readers meet it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    document::{BadDocument, Document, schema},
    ids::{BundleId, DeploymentId, PersonId},
    signed::{Algorithm, Signed, Statement},
    time::Timestamp,
};

/// A place for what is known only after 签发; stands in texts as `{{文号}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Slot {
    /// The document number.
    #[serde(rename = "文号")]
    Number,
    /// The date the document was made.
    #[serde(rename = "成文日期")]
    WrittenOn,
    /// The date it was printed and sent.
    #[serde(rename = "印发日期")]
    PrintedOn,
    /// The index number in the catalogue.
    #[serde(rename = "索引号")]
    IndexNumber,
}

impl Slot {
    /// All slots there are.
    pub const ALL: [Self; 4] = [Self::Number, Self::WrittenOn, Self::PrintedOn, Self::IndexNumber];

    /// Its Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "文号",
            Self::WrittenOn => "成文日期",
            Self::PrintedOn => "印发日期",
            Self::IndexNumber => "索引号",
        }
    }

    /// Whether it is filled by a date.
    pub fn is_date(self) -> bool {
        matches!(self, Self::WrittenOn | Self::PrintedOn)
    }

    /// As it stands in a text.
    pub fn mark(self) -> String {
        format!("{{{{{}}}}}", self.name())
    }
}

/// Whether a character turns the direction of writing, so that what is read is not what is written: Unicode's bidi
/// controls.
pub fn is_turning(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// What a registrar fills into a slot: one line, 1 to 100 characters, none of `< > & " ' { }`, so
/// that the same value is right in text and in HTML, and none that turns the direction of writing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SlotValue(String);

/// A value that cannot be filled into a slot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "留空项的值 {0:?} 须为 1 至 100 字的一行，不含 < > & \" ' {{ }} 和改变书写方向的字符 / slot value must be such a line"
)]
pub struct BadSlotValue(String);

impl SlotValue {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SlotValue {
    type Error = BadSlotValue;
    fn try_from(given: String) -> Result<Self, BadSlotValue> {
        let fits = (1..=100).contains(&given.chars().count())
            && given.trim() == given
            && !given.chars().any(|c| {
                c.is_control()
                    || is_turning(c)
                    || matches!(c, '<' | '>' | '&' | '"' | '\'' | '{' | '}')
            });
        if fits { Ok(Self(given)) } else { Err(BadSlotValue(given)) }
    }
}

impl From<SlotValue> for String {
    fn from(value: SlotValue) -> Self {
        value.0
    }
}

schema! {
    /// `lockstep.registration/1`
    RegistrationSchema, "lockstep.registration/1"
}

/// The registrar's record for one manifest. Replaceable until the permit, final after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Always `lockstep.registration/1`.
    pub schema: RegistrationSchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest it fills.
    pub manifest: Digest,
    /// A value for each open slot of the manifest, and none besides.
    pub slots: BTreeMap<Slot, SlotValue>,
    /// The official copy with its seal: an attachment so labelled, never the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official_copy: Option<OfficialCopy>,
    /// The registrar.
    pub person: PersonId,
    /// Key the registrar signs with.
    pub key: Digest,
    /// How.
    pub algorithm: Algorithm,
    /// When.
    pub at: Timestamp,
}

/// The official copy 版式文件: OFD or PDF, with seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficialCopy {
    /// Its media type, e.g. `application/ofd`.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub digest: Digest,
}

impl Statement for Registration {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.registration+json";
}

schema! {
    /// `lockstep.edition/1`
    EditionSchema, "lockstep.edition/1"
}

/// Manifest and registration: what a reader meets. Permits and pinned addresses carry the digest
/// of this document's canonical text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Always `lockstep.edition/1`.
    pub schema: EditionSchema,
    /// The manifest.
    pub manifest: Digest,
    /// The registration's text; none where the manifest has no open slots.
    pub registration: Option<Digest>,
}

impl Edition {
    /// The edition's digest.
    pub fn digest(
        manifest: &Digest,
        registration: Option<&Signed<Registration>>,
    ) -> Result<Digest, BadDocument> {
        let edition = Self {
            schema: EditionSchema,
            manifest: manifest.clone(),
            registration: registration.map(|signed| signed.digest().clone()),
        };
        Ok(Document::new(edition)?.digest().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slot_values_are_right_in_text_and_html() {
        assert!(SlotValue::try_from("示教〔2026〕3号".to_owned()).is_ok());
        let turned = ["示教\u{202e}〔2026〕3号", "\u{2067}3号", "3\u{200f}号"];
        let long = "长".repeat(101);
        for bad in ["", " x", "a\nb", "<b>", "{{文号}}", "a&b", &long].into_iter().chain(turned) {
            assert!(SlotValue::try_from(bad.to_owned()).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn mark_is_what_stands_in_texts() {
        assert_eq!(Slot::Number.mark(), "{{文号}}");
    }
}
