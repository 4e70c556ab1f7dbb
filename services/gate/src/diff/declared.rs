//! What a revision declares, from `bundle.toml` or, in a folder that was fetched, from its manifest;
//! and its files.

use std::collections::{BTreeMap, BTreeSet};

use lockstep_proto::{
    digest::Digest,
    finding::{Finding, Severity},
    ids::PersonId,
    manifest::{
        Agencies, Brief, BundleKind, ChartSpec, Companion, Manifest, Member, Metadata, Role, Stated,
    },
    order::Proposal,
};
use serde::Serialize;
use serde_json::Value;

use super::{Cause, ChangeKind, Touch};
use crate::{
    bundle::{self, Files, SETTINGS},
    codes::{self, At as _},
};

/// What `lockstep fetch` writes beside the members.
const MANIFEST: &str = "manifest.json";

/// One revision of a bundle, read as far as comparing it needs.
#[derive(Debug, Clone)]
pub struct Revision {
    files: Files,
    members: Vec<Member>,
    pub(super) declared: Declared,
}

/// What makes a revision besides its files.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Declared {
    kind: BundleKind,
    /// In a manifest submitters are among them, so that they compare with those of another alone.
    drafters: Option<Vec<PersonId>>,
    agencies: Agencies,
    companion: Companion,
    explains: Option<Digest>,
    brief: Option<Brief>,
    metadata: Metadata,
    pub stated: Stated,
    pub charts: Vec<ChartSpec>,
    /// No part of a manifest.
    order: Option<Proposal>,
    #[serde(skip)]
    is_drafts: bool,
}

impl Revision {
    /// Reads a folder's files. Whether it may pass is not asked; what keeps it from being read, or
    /// must not be shown, is said.
    pub fn read(files: &Files) -> Result<Self, Vec<Finding>> {
        let opened = bundle::open(files);
        let marks = bundle::find_marks(&opened);
        if !marks.is_empty() {
            return Err(marks);
        }
        let is_blocking = |finding: &&Finding| finding.severity == Severity::Block;
        if opened.has_unread_text() {
            return Err(opened.findings.iter().filter(is_blocking).cloned().collect());
        }
        let declared = match (opened.files.get(SETTINGS), opened.files.get(MANIFEST)) {
            (Some(settings), _) => Declared::of_settings(settings)?,
            (None, Some(manifest)) => Declared::of_manifest(manifest)?,
            (None, None) => return Err(vec![codes::NO_FILE.about(SETTINGS).in_member(SETTINGS)]),
        };
        let members = bundle::list_members(&opened.files);
        Ok(Self { files: opened.files, members, declared })
    }

    /// The text in this role; empty where there is none.
    pub(super) fn text(&self, role: Role) -> &str {
        let member = self.members.iter().find(|member| member.role == role);
        let bytes = member.and_then(|member| self.files.get(&member.path));
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        text.trim_start_matches('\u{feff}')
    }
}

impl Declared {
    fn of_settings(bytes: &[u8]) -> Result<Self, Vec<Finding>> {
        let settings = bundle::read_settings(bytes)?;
        Ok(Self {
            kind: settings.kind,
            drafters: Some(settings.drafters),
            agencies: settings.agencies,
            companion: settings.companion,
            explains: settings.explains,
            brief: settings.brief,
            metadata: settings.metadata,
            stated: settings.stated,
            charts: settings.charts,
            order: Some(settings.proposal),
            is_drafts: true,
        })
    }

    fn of_manifest(bytes: &[u8]) -> Result<Self, Vec<Finding>> {
        let manifest: Manifest = serde_json::from_slice(bytes)
            .map_err(|error| vec![codes::BAD_SETTINGS.about(error).in_member(MANIFEST)])?;
        Ok(Self {
            kind: manifest.kind,
            drafters: Some(manifest.drafters),
            agencies: manifest.agencies,
            companion: manifest.companion,
            explains: manifest.pairing.explains,
            brief: manifest.brief,
            metadata: manifest.metadata,
            stated: manifest.stated,
            charts: manifest.charts,
            order: None,
            is_drafts: false,
        })
    }

    /// As fields by name, `metadata.title`, without those that the other cannot have.
    fn fields(&self, other: &Self) -> BTreeMap<String, Value> {
        let mut comparable = self.clone();
        if self.is_drafts != other.is_drafts {
            comparable.drafters = None;
            comparable.order = None;
        }
        let mut fields = BTreeMap::new();
        flatten("", serde_json::to_value(comparable).unwrap_or_default(), &mut fields);
        fields
    }
}

/// Objects by their fields; lists and values are values.
fn flatten(name: &str, value: Value, fields: &mut BTreeMap<String, Value>) {
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (key, value) in object {
                let name = if name.is_empty() { key } else { format!("{name}.{key}") };
                flatten(&name, value, fields);
            }
        }
        value @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            fields.insert(name.to_owned(), value);
        }
    }
}

/// A field that is declared otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeclaredChange {
    /// As manifest and order name it: `metadata.title`, `stated.links`, `order.window.not_before`.
    pub field: String,
    /// What was said; of a list, what is no longer in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is said; of a list, what is new in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// The fields that differ, by name.
pub(super) fn compare(old: &Revision, new: &Revision) -> Vec<DeclaredChange> {
    let mut was = old.declared.fields(&new.declared);
    let mut is = new.declared.fields(&old.declared);
    let names: BTreeSet<String> = was.keys().chain(is.keys()).cloned().collect();
    names
        .into_iter()
        .filter_map(|field| {
            let (before, after) = (was.remove(&field), is.remove(&field));
            if before == after {
                return None;
            }
            let (before, after) = match (before, after) {
                (Some(Value::Array(was)), Some(Value::Array(is))) => lists(was, is),
                values => values,
            };
            Some(DeclaredChange { field, before, after })
        })
        .collect()
}

/// What only one of two lists holds; both whole, where only their order differs.
fn lists(was: Vec<Value>, is: Vec<Value>) -> (Option<Value>, Option<Value>) {
    let texts = |list: &[Value]| list.iter().map(Value::to_string).collect::<BTreeSet<_>>();
    let (old, new) = (texts(&was), texts(&is));
    if old == new {
        return (Some(Value::Array(was)), Some(Value::Array(is)));
    }
    let only = |list: Vec<Value>, other: &BTreeSet<String>| {
        let only: Vec<_> =
            list.into_iter().filter(|item| !other.contains(&item.to_string())).collect();
        (!only.is_empty()).then_some(Value::Array(only))
    };
    (only(was, &new), only(is, &old))
}

/// A file that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberChange {
    /// What became of it: `added`, `removed` or `changed`.
    pub kind: ChangeKind,
    /// Its path.
    pub path: String,
    /// What it is.
    pub role: Role,
}

/// The files that differ, by path.
pub(super) fn compare_members(old: &Revision, new: &Revision) -> Vec<MemberChange> {
    let by_path = |revision: &Revision| -> BTreeMap<String, Member> {
        revision.members.iter().map(|member| (member.path.clone(), member.clone())).collect()
    };
    let (was, is) = (by_path(old), by_path(new));
    let gone = was.values().filter(|member| !is.contains_key(&member.path));
    let gone = gone.map(|member| (ChangeKind::Removed, member));
    let come = is.values().filter_map(|member| match was.get(&member.path) {
        None => Some((ChangeKind::Added, member)),
        Some(earlier) if earlier.digest != member.digest => Some((ChangeKind::Changed, member)),
        Some(_) => None,
    });
    let mut changes: Vec<MemberChange> = gone
        .chain(come)
        .map(|(kind, member)| MemberChange { kind, path: member.path.clone(), role: member.role })
        .collect();
    changes.sort_by(|one, other| one.path.cmp(&other.path));
    changes
}

/// What may bind people otherwise besides the policy's text: what is attached to it, and whose it is.
pub(super) fn touches(members: &[MemberChange], declared: &[DeclaredChange]) -> Vec<Touch> {
    let attached = members.iter().filter(|member| member.role == Role::Attachment);
    let attached = attached.map(|member| Touch::new(&member.path, Cause::Attachment));
    let issuers = ["agencies.issuing", "agencies.joint"];
    let issuers = declared.iter().filter(|change| issuers.contains(&change.field.as_str()));
    attached.chain(issuers.map(|change| Touch::new(&change.field, Cause::Issuer))).collect()
}
