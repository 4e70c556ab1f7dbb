//! A bundle on disk: a folder with `bundle.toml`, `policy.md|txt|docx`, `interpretation.md|txt|docx`,
//! `data/*.csv|xlsx` and `attachments/*`. Read the same way by `lockstep check` and at intake, from
//! files in memory; nothing is stored before it passed here. What is stored, signed and digested is
//! text: what comes in another format is opened first ([`open`]).

mod annexes;
mod beneath;
mod blanks;
mod claims;
mod content;
mod data;
mod encoding;
mod fences;
mod mend;
mod open;
mod packed;
mod paths;
mod said;
mod settings;
mod sources;
mod statements;
mod texts;
mod totals;
mod unpack;

use std::collections::BTreeMap;

use lockstep_proto::{
    digest::Digest,
    finding::{Finding, Severity},
    ids::{BundleId, PersonId, SubmissionId},
    manifest::{Manifest, ManifestSchema, Member, Pairing, Role},
    order::Proposal,
    release::Generation,
    sign_off::Profile,
};

use fences::Fence;

pub use data::{
    CHARTS_MAX, Cell, PLACES_MAX, Row, TEXT_CHARS_MAX, Table, headed_unit, line_of_row, read_table,
};
pub use mend::mend;
pub use open::{Opened, Source, open};
pub(crate) use paths::TEXT_BYTES_MAX;
pub use paths::{FILE_BYTES_MAX, FILES_MAX, TOTAL_BYTES_MAX};
pub use said::{Masked, mask};
pub use settings::in_chinese;
pub(crate) use settings::read as read_settings;
pub use settings::{SETTINGS, Settings};
pub use texts::check_fixed;
pub use totals::{Parts, are_rates, may_name_total, names_total};
pub use unpack::unpack;

use serde::{Deserialize, Serialize};

use crate::{
    both::both,
    codes::{self, At as _},
    pair::Coverage,
    persons, profile,
    rules::published::proposal_is_sound,
    secrecy,
    wording::Lexicons,
};

/// Path to bytes, as they came.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A bundle's content that could be read. Whether it may pass, [`crate::decide`] says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Content {
    settings: Settings,
    members: Vec<Member>,
    pairing: Pairing,
    /// They travel beside it.
    #[serde(skip)]
    files: Files,
    /// The charts that the interpretation declares itself.
    fences: Vec<Fence>,
    /// Things said that do not keep it from being read.
    pub warnings: Vec<Finding>,
}

/// Who submits a content, as what.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The bundle.
    pub bundle: BundleId,
    /// The number of the revision.
    pub revision: u32,
    /// The submission.
    pub submission: SubmissionId,
    /// The released manifest that this revision corrects.
    pub revises: Option<Digest>,
    /// The generation of the bundle that was last known to be dark.
    pub after_dark: Option<Generation>,
    /// Whoever submitted this or any earlier revision.
    pub submitters: Vec<PersonId>,
}

/// A content that does not pass here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unfit {
    /// What blocks, then what is only said.
    pub findings: Vec<Finding>,
    /// What could be read of it, so that [`crate::decide`] can say at once what else is wrong. None where
    /// a file is missing: whatever names it would be found wrong again.
    pub content: Option<Box<Content>>,
}

/// Reads a folder's files, each finding weighing what its code says.
pub fn read(files: &Files) -> Result<Content, Vec<Finding>> {
    read_under(Rules::default(), files).map_err(|unfit| unfit.findings)
}

/// What a bundle is read under.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The profile; where none is known, findings weigh what their codes say.
    pub profile: Option<&'a Profile>,
    /// The lexicons that its wording is looked through by.
    pub lexicons: &'a Lexicons,
}

impl Default for Rules<'_> {
    fn default() -> Self {
        Self { profile: None, lexicons: Lexicons::starter() }
    }
}

/// The same under a profile of one's own, or with other lexicons.
pub fn read_under(rules: Rules<'_>, files: &Files) -> Result<Content, Unfit> {
    let Rules { profile, lexicons } = rules;
    let large = paths::find_large(files);
    if !large.is_empty() {
        return Err(Unfit { findings: large, content: None });
    }
    let opened = open(files);
    let long = paths::find_long(&opened.files);
    if !long.is_empty() {
        return Err(Unfit { findings: long, content: None });
    }
    // Secrecy first and alone: nothing else is said about such a bundle.
    let marks = find_marks(&opened);
    if !marks.is_empty() {
        let marks = marks.into_iter().map(|finding| opened.place(finding)).collect();
        return Err(Unfit { findings: marks, content: None });
    }
    let files = &opened.files;
    let mut findings = paths::check(files);
    let settings = match files.get(SETTINGS) {
        None => {
            findings.push(codes::NO_FILE.about(SETTINGS).in_member(SETTINGS));
            None
        }
        Some(bytes) => settings::read(bytes).map_err(|found| findings.extend(found)).ok(),
    };
    let members = list_members(files);
    let check_content = || {
        let settings = settings.as_ref();
        settings.map(|settings| content::check(files, &members, settings, profile))
    };
    let check_said = || {
        let mut findings = said::check_persons(files);
        findings.extend(said::check_internal(files, settings.as_ref()));
        findings.extend(said::check_wording(files, &members, settings.as_ref(), lexicons));
        findings
    };
    let (found, said) = both(check_content, check_said);
    // Of a text that could not be read nothing else is known.
    if !opened.has_unread_text() {
        findings.extend(texts::check(files, &members, settings.as_ref()));
    }
    findings.extend(said);
    if let Some(settings) = &settings {
        let found = found.into_iter().flatten();
        findings.extend(found.map(|finding| settings.place(finding)));
        findings.extend(data::check(&opened, settings));
        findings.extend(sources::check(settings));
        let channels = &settings.proposal.channels;
        findings.extend(
            proposal_is_sound(&settings.proposal.window, &channels.required, &channels.optional)
                .into_iter()
                .map(|finding| settings.place(finding)),
        );
    }
    for finding in &mut findings {
        // A finding shows a bad cell or address as it is: not if that is a person's number.
        finding.message = persons::mask(&finding.message).0;
        finding.message_en = persons::mask(&finding.message_en).0;
    }
    let policy = members.iter().find(|member| member.role == Role::Policy);
    let pairing = settings.as_ref().zip(policy).map(|(settings, policy)| Pairing {
        policy: policy.digest.clone(),
        explains: settings.explains.clone(),
    });
    if policy.is_none() && !opened.has_unread_text() {
        findings.push(codes::NO_FILE.about("policy.md | policy.txt | policy.docx"));
    }
    let findings = findings.into_iter().map(|finding| opened.place(finding));
    let findings = opened.findings.iter().cloned().chain(findings);
    let weighed = profile::weigh(profile, findings.collect());
    let (blocking, warnings): (Vec<_>, Vec<_>) =
        count_alike(weighed).into_iter().partition(|finding| finding.severity == Severity::Block);
    let lacks_data = settings
        .iter()
        .any(|settings| settings.charts.iter().any(|chart| opened.is_unread(&chart.data)));
    let content = settings.zip(pairing).map(|(settings, pairing)| {
        let warnings = warnings.clone();
        let fences = opened.fences;
        Content { settings, members, pairing, files: opened.files, fences, warnings }
    });
    match content {
        Some(content) if blocking.is_empty() => Ok(content),
        content => {
            let is_whole =
                !lacks_data && blocking.iter().all(|finding| finding.code != codes::NO_FILE.id);
            Err(Unfit {
                findings: blocking.into_iter().chain(warnings).collect(),
                content: content.filter(|_| is_whole).map(Box::new),
            })
        }
    }
}

/// Findings of one code in one member that are said: more help nobody.
const ALIKE_MAX: usize = 20;

/// The first of each code in each member; the last of them says how many more there are.
pub fn count_alike(findings: Vec<Finding>) -> Vec<Finding> {
    let mut said: Vec<Finding> = vec![];
    let mut alike: BTreeMap<(String, Option<String>, bool), (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let blocks = finding.severity == Severity::Block;
        let key = (finding.code.clone(), finding.member.clone(), blocks);
        let (count, last) = alike.entry(key).or_default();
        *count += 1;
        if *count <= ALIKE_MAX {
            *last = said.len();
            said.push(finding);
        } else {
            *count += codes::split_more(&finding.message).1;
        }
    }
    for (count, last) in alike.into_values().filter(|(count, _)| *count > ALIKE_MAX) {
        if let Some(finding) = said.get_mut(last) {
            *finding = finding.clone().and_more(count - ALIKE_MAX);
        }
    }
    said
}

/// Bytes of findings that are taken from who is not believed: ours have a tenth of it.
const FINDINGS_BYTES_MAX: usize = 256 << 10;
/// Characters of each of their texts.
const FINDING_CHARS_MAX: usize = 2000;

/// The first of findings that another process says, which may have been taken over: as many, and as much of each, as a
/// fact and a page have room for.
pub fn bound(findings: Vec<Finding>) -> Vec<Finding> {
    let mut left = FINDINGS_BYTES_MAX;
    let shorten = |text: &mut String| {
        if let Some((at, _)) = text.char_indices().nth(FINDING_CHARS_MAX) {
            text.truncate(at);
            text.push('…');
        }
    };
    let bounded = findings.into_iter().map_while(|mut finding| {
        let Finding { code, member, message, message_en, help, help_en, .. } = &mut finding;
        let mut bytes = 0;
        for text in [code, message, message_en, help, help_en].into_iter().chain(member) {
            shorten(text);
            bytes += text.len();
        }
        left = left.checked_sub(bytes)?;
        Some(finding)
    });
    bounded.collect()
}

/// How far the policy's clauses are explained, where both texts and the settings can be read.
pub fn coverage(files: &Files) -> Option<Coverage> {
    let files = &open(files).files;
    let settings = settings::read(files.get(SETTINGS)?).ok()?;
    content::cover(files, &list_members(files), &settings)
}

impl Content {
    /// The manifest to be, without rendered members.
    pub fn draft(&self, submission: Submission) -> Manifest {
        let mut drafters = self.settings.drafters.clone();
        drafters.extend(submission.submitters);
        drafters.sort();
        drafters.dedup();
        Manifest {
            schema: ManifestSchema,
            bundle: submission.bundle,
            revision: submission.revision,
            submission: submission.submission,
            kind: self.settings.kind.clone(),
            revises: submission.revises,
            after_dark: submission.after_dark,
            drafters,
            agencies: self.settings.agencies.clone(),
            companion: self.settings.companion.clone(),
            metadata: self.settings.metadata.clone(),
            brief: self.settings.brief.clone(),
            pairing: self.pairing.clone(),
            stated: self.settings.stated.clone(),
            charts: self.settings.charts.clone(),
            members: self.members.clone(),
        }
    }

    /// The bundle's files as they are stored, signed and digested: texts as text.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The files, taken out so that they can travel beside the rest.
    pub fn take_files(&mut self) -> Files {
        std::mem::take(&mut self.files)
    }

    /// Whether these are its files, whoever says so: then it holds them.
    pub fn put_files(&mut self, files: Files) -> bool {
        let is_whole = list_members(&files) == self.members;
        if is_whole {
            self.files = files;
        }
        is_whole
    }

    /// What the bundle proposes as its order.
    pub fn proposal(&self) -> &Proposal {
        &self.settings.proposal
    }

    /// Names the place in `bundle.toml`, or in the interpretation whose chart it is, of what the gate found in what it declares.
    pub fn place(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let placed = findings.into_iter().map(|finding| self.settings.place(finding));
        placed.map(|finding| fences::place(&self.fences, finding)).collect()
    }

    /// Path to digest of every member, for the gate.
    pub fn held(&self) -> BTreeMap<String, Digest> {
        self.members.iter().map(|m| (m.path.clone(), m.digest.clone())).collect()
    }
}

/// TS601 wherever a text bears a classification mark at its head.
pub(crate) fn find_marks(opened: &Opened) -> Vec<Finding> {
    let told = opened.findings.iter().filter(|finding| finding.code == codes::CLASSIFIED.id);
    let found = opened.files.iter().filter_map(|(path, bytes)| {
        // A mark is looked for in whatever reads as text, also if it is badly encoded elsewhere.
        let text = encoding::decode_roughly(bytes);
        let on_page = || {
            open::has_extension(path, &["md"]).then(|| secrecy::find_mark_on_page(&text)).flatten()
        };
        let line = secrecy::find_mark(&text).or_else(on_page)?;
        Some(codes::CLASSIFIED.finding().in_member(path).at_line(line))
    });
    // Names of files are published, and so is what bundle.toml says of the texts and charts.
    let named = opened.files.keys().filter(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        secrecy::is_name_marked(name)
    });
    let named = named.map(|path| codes::CLASSIFIED.finding().in_member(path));
    let settings = opened.files.get(SETTINGS).map(|bytes| encoding::decode_roughly(bytes));
    let declared = settings.iter().flat_map(|text| text.lines().enumerate()).filter(|(_, line)| {
        line.split(['"', '\'']).skip(1).step_by(2).any(|value| secrecy::find_mark(value).is_some())
    });
    let declared =
        declared.map(|(i, _)| codes::CLASSIFIED.finding().in_member(SETTINGS).at_line(i + 1));
    told.cloned().chain(found).chain(named).chain(declared).collect()
}

pub(crate) fn list_members(files: &Files) -> Vec<Member> {
    files
        .iter()
        .filter_map(|(path, bytes)| {
            let (role, media_type) = paths::kind(path)?;
            Some(Member {
                path: path.clone(),
                role,
                media_type: media_type.to_owned(),
                size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
                digest: Digest::of(bytes),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
