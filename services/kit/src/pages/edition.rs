//! An edition as pages tell of it: what it is, where its parts are, its row in the list.

use lockstep_gate::fill::fill_text;
use lockstep_proto::{
    digest::Digest,
    edition::Slot,
    manifest::{Attribute, Role},
    release::{Evidence, Generation},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{channel::Filled, http::encode_path};

/// A row of the list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
    /// The policy's title.
    pub title: String,
    pub(super) number: Option<String>,
    pub(super) agency: String,
    pub(super) released_on: Option<String>,
    pub(super) href: String,
}

impl Item {
    /// The row of what this evidence is for, not dated, leading to `href`.
    pub fn new(evidence: &Evidence, href: String) -> Self {
        let metadata = &evidence.manifest.metadata;
        let slots = evidence.registration.as_ref().map(|signed| &signed.statement().slots);
        Self {
            title: slots.map_or_else(|| metadata.title.clone(), |s| fill_text(&metadata.title, s)),
            number: known(evidence, metadata.number.as_ref(), Slot::Number),
            agency: evidence.manifest.agencies.issuing.join("、"),
            released_on: None,
            href,
        }
    }

    /// The same, released at this instant.
    #[must_use]
    pub fn released_on(self, at: Timestamp) -> Self {
        Self { released_on: Some(at.chinese_date()), ..self }
    }
}

/// Addresses of one edition's parts. Those not given are not linked.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) struct Links {
    #[serde(rename = "self")]
    pub(super) own: Option<String>,
    pub(super) policy: Option<String>,
    pub(super) interpretation: Option<String>,
    pub(super) policy_raw: Option<String>,
    pub(super) interpretation_raw: Option<String>,
    pub(super) json: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) kind: String,
    pub(super) size: String,
}

/// An edition as pages tell of it: the manifest's metadata with slots filled.
#[derive(Debug, Clone, Serialize)]
pub struct Edition {
    pub(super) title: String,
    pub(super) number: Option<String>,
    pub(super) index_number: Option<String>,
    pub(super) agency: String,
    pub(super) written_on: Option<String>,
    pub(super) released_on: Option<String>,
    pub(super) disclosure: &'static str,
    #[serde(rename = "edition")]
    pub(super) digest: String,
    #[serde(rename = "edition_short")]
    pub(super) short: String,
    pub(super) generation: String,
    pub(super) revised: bool,
    pub(super) revision: u32,
    /// A newer edition is shown at the current address.
    pub superseded: bool,
    /// The page is a file that stays as it is when a newer edition is shown, and says so.
    pub is_file: bool,
    /// The bundle's current address.
    pub current_href: Option<String>,
    pub(super) links: Links,
    pub(super) attachments: Vec<File>,
    pub(super) data: Vec<File>,
    pub(super) copies: Vec<File>,
}

/// Where an edition's parts are.
#[derive(Debug, Clone, Copy)]
pub struct Addresses<'a> {
    /// The pinned address of the pair, without a slash at the end.
    pub pinned: &'a str,
    /// What stands between it and a member's path.
    pub members: &'a str,
    /// Whether the texts have addresses of their own (views, raw, JSON).
    pub has_views: bool,
}

impl Edition {
    /// What pages tell of an edition.
    pub fn new(
        evidence: &Evidence,
        (edition, generation): (&Digest, Generation),
        released_at: Option<Timestamp>,
        filled: &[Filled],
        at: Addresses<'_>,
    ) -> Self {
        let manifest = &evidence.manifest;
        let metadata = &manifest.metadata;
        let Item { title, number, agency, .. } = Item::new(evidence, String::new());
        let address = |path: &str| format!("{}{}{}", at.pinned, at.members, encode_path(path));
        let files = |role: Role| -> Vec<File> {
            filled
                .iter()
                .filter(|f| f.member.role == role)
                .map(|f| {
                    let path = &f.member.path;
                    let drawn = manifest.charts.iter().find(|chart| chart.data == *path);
                    let (name, kind) = name_and_kind(path);
                    let name = match role {
                        Role::LongPicture => "长图",
                        Role::Brochure => "宣传手册（A5，可双面打印）",
                        Role::Policy
                        | Role::Interpretation
                        | Role::Data
                        | Role::Attachment
                        | Role::PolicyFragment
                        | Role::InterpretationFragment
                        | Role::Chart
                        | Role::ChartPicture => name,
                    };
                    File {
                        name: drawn.map_or(name, |chart| &chart.headline).to_owned(),
                        href: address(path),
                        kind: kind.to_ascii_uppercase(),
                        size: size_text(f.size),
                    }
                })
                .collect()
        };
        let (attachments, data) = (files(Role::Attachment), files(Role::Data));
        let copies = [files(Role::LongPicture), files(Role::Brochure)].concat();
        let raw = |role: Role| {
            let member = manifest.members_of(role).next()?;
            at.has_views.then(|| address(&member.path))
        };
        let view = |name: &str| at.has_views.then(|| format!("{}/{name}", at.pinned));
        Self {
            title,
            number,
            index_number: known(evidence, metadata.index_number.as_ref(), Slot::IndexNumber),
            agency,
            written_on: known(evidence, metadata.written_on.as_ref(), Slot::WrittenOn),
            released_on: released_at.map(Timestamp::chinese_date),
            disclosure: match metadata.disclosure.attribute {
                Attribute::Proactive => "主动公开",
                Attribute::OnRequest => "依申请公开",
                Attribute::Withheld => "不予公开",
            },
            digest: edition.to_string(),
            short: edition.short().to_owned(),
            generation: generation.to_string(),
            revised: manifest.revises.is_some(),
            revision: manifest.revision,
            superseded: false,
            is_file: false,
            current_href: None,
            links: Links {
                own: Some(at.pinned.to_owned()),
                policy: view("policy"),
                interpretation: view("interpretation"),
                policy_raw: raw(Role::Policy),
                interpretation_raw: raw(Role::Interpretation),
                json: view("edition.json"),
            },
            attachments,
            data,
            copies,
        }
    }

    /// The edition's row in the list, leading to `href`.
    pub fn item(&self, href: String) -> Item {
        Item {
            title: self.title.clone(),
            number: self.number.clone(),
            agency: self.agency.clone(),
            released_on: self.released_on.clone(),
            href,
        }
    }
}

/// A value that the manifest holds or else the registration.
fn known(evidence: &Evidence, value: Option<&String>, slot: Slot) -> Option<String> {
    let registered = || evidence.registration.as_ref()?.statement().slots.get(&slot);
    value.cloned().or_else(|| registered().map(|value| value.as_str().to_owned()))
}

/// A file's name for people, and what its extension says it is.
pub(super) fn name_and_kind(path: &str) -> (&str, &str) {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').filter(|(name, _)| !name.is_empty()).unwrap_or((file, ""))
}

/// A size for people.
fn size_text(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}
