//! `bundle.toml`.

use std::collections::BTreeMap;

use lockstep_proto::{
    digest::Digest,
    edition::Slot,
    finding::Finding,
    ids::{ChannelName, PersonId},
    manifest::{
        Agencies, Attribute, Brief, BundleKind, ChartSpec, Companion, Disclosure, ElementAnswer,
        ExternalFigure, Link, Metadata, Plan, RepealedDocument, Stated, Waiver,
    },
    order::{Channels, Proposal, Window},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    data,
    open::{WORKBOOKS, csv_of, has_extension},
    statements,
};
use crate::codes::{self, At as _};

mod limits;
mod slips;

pub use slips::in_chinese;
pub(super) use slips::of_chart;

/// The file's name.
pub const SETTINGS: &str = "bundle.toml";

/// What `bundle.toml` declares.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    pub(crate) kind: BundleKind,
    pub(crate) drafters: Vec<PersonId>,
    pub(crate) agencies: Agencies,
    pub(crate) companion: Companion,
    pub(crate) explains: Option<Digest>,
    pub(crate) brief: Option<Brief>,
    pub(crate) metadata: Metadata,
    pub(crate) stated: Stated,
    pub(crate) charts: Vec<ChartSpec>,
    pub(crate) proposal: Proposal,
    /// The lines at which keys and tables begin.
    lines: BTreeMap<String, usize>,
    /// Line and column of each statement, by its path.
    pub(crate) places: BTreeMap<String, (usize, usize)>,
}

/// Which key or table of the file a code is about, where it is about what the file declares.
const PLACES: &[(&str, Option<&str>)] = &[
    (codes::COMPANION.id, Some("companion")),
    (codes::PLAN.id, Some("plan")),
    (codes::STALE.id, Some("companion")),
    (codes::UNCONFIRMED.id, Some("companion")),
    (codes::DISCLOSURE.id, Some("disclosure")),
    (codes::SLOT.id, Some("slots")),
    (codes::AGENCIES.id, Some("agencies")),
    // What is not there stands nowhere.
    (codes::NO_NUMBER.id, None),
    (codes::UNKNOWN_DRAFTER.id, Some("drafters")),
    (codes::TOO_LATE.id, Some("order")),
    (codes::BAD_ORDER.id, Some("order")),
    (codes::PROVISIONAL.id, Some("order")),
    (codes::BRIEF.id, Some("brief")),
    (codes::FULL_OWED.id, Some("brief")),
];

impl Settings {
    /// Names the place in the file of a finding that names none yet.
    pub(super) fn place(&self, finding: Finding) -> Finding {
        if finding.code == codes::MANIFEST.id && finding.member.is_none() {
            return self.place_chart(finding);
        }
        let place = PLACES.iter().find(|(code, _)| *code == finding.code);
        let Some((_, key)) = place.filter(|_| finding.member.is_none()) else { return finding };
        let line = key.and_then(|key| self.lines.get(key));
        let finding = finding.in_member(SETTINGS);
        match line {
            Some(line) => finding.at_line(*line),
            None => finding,
        }
    }

    /// At the last chart of the id that the finding names: of two, the first may stay.
    fn place_chart(&self, finding: Finding) -> Finding {
        let is_named = |id: &str| finding.message.contains(&format!("chart {id}："));
        let index = self.charts.iter().rposition(|chart| is_named(chart.id.as_str()));
        let place = index.and_then(|index| self.places.get(&format!("chart.{index}.id")));
        match place {
            Some((line, column)) => finding.in_member(SETTINGS).at_place(*line, *column),
            None => finding,
        }
    }
}

/// The file as it is written. Texts that may be empty here are the gate's to judge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    kind: Kind,
    title: String,
    number: Option<String>,
    written_on: Option<String>,
    printed_on: Option<String>,
    index_number: Option<String>,
    #[serde(default)]
    slots: Vec<Slot>,
    #[serde(default)]
    drafters: Vec<PersonId>,
    agencies: FileAgencies,
    disclosure: FileDisclosure,
    companion: FileCompanion,
    brief: Option<Brief>,
    #[serde(default)]
    plan: FilePlan,
    #[serde(default, rename = "link")]
    links: Vec<Link>,
    #[serde(default, rename = "waiver")]
    waivers: Vec<Waiver>,
    #[serde(default, rename = "element")]
    elements: Vec<ElementAnswer>,
    #[serde(default)]
    external: Vec<ExternalFigure>,
    #[serde(default)]
    repealed: Vec<RepealedDocument>,
    #[serde(default, rename = "chart")]
    charts: Vec<ChartSpec>,
    order: FileOrder,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Issue,
    Supplement,
    DraftForComment,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileAgencies {
    #[serde(default)]
    drafting: Vec<String>,
    #[serde(default)]
    issuing: Vec<String>,
    lead: Option<String>,
    #[serde(default)]
    joint: Vec<String>,
    publishing: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDisclosure {
    attribute: Attribute,
    #[serde(default)]
    ground: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCompanion {
    #[serde(rename = "type")]
    kind: CompanionKind,
    explains: Option<Digest>,
    source: Option<String>,
    archived: Option<Digest>,
    ground: Option<String>,
    reason: Option<String>,
    decider: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CompanionKind {
    Own,
    Upstream,
    Exempt,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct FilePlan {
    purpose: String,
    scope: String,
    procedure: String,
    form: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOrder {
    not_before: Option<Timestamp>,
    not_after: Option<Timestamp>,
    working_days: Option<u16>,
    required: Vec<ChannelName>,
    #[serde(default)]
    optional: Vec<ChannelName>,
}

/// Reads the file. TS001 names the line.
pub(crate) fn read(bytes: &[u8]) -> Result<Settings, Vec<Finding>> {
    let bad = |why: &str, line: Option<usize>| {
        let finding = codes::BAD_SETTINGS.about(why).in_member(SETTINGS);
        vec![line.map_or(finding.clone(), |line| finding.at_line(line))]
    };
    let text = std::str::from_utf8(bytes)
        .map_err(|error| bad("UTF-8", Some(line_at(bytes, error.valid_up_to()))))?;
    let toml = text.trim_start_matches('\u{feff}');
    let file: File = toml::from_str(toml).map_err(|error| {
        let line = error.span().map(|span| line_at(bytes, span.start));
        match of_chart(error.message(), toml) {
            Some(why) => bad(&why, line),
            None => bad(&in_chinese(error.message()), line),
        }
    })?;
    let settings: Settings = file.try_into().map_err(|why: String| bad(&why, None))?;
    let settings = Settings { lines: find_lines(text), places: statements::find(text), ..settings };
    let mut long = find_long(&settings);
    long.extend(limits::find(toml, &settings.places));
    if long.is_empty() { Ok(settings) } else { Err(long) }
}

/// Words of charts that are too long to stand beside one.
fn find_long(settings: &Settings) -> Vec<Finding> {
    let texts = settings.charts.iter().enumerate().flat_map(|(index, chart)| {
        let own = [
            ("headline", &chart.headline),
            ("subtitle", &chart.subtitle),
            ("unit", &chart.unit),
            ("source", &chart.source),
            ("category", &chart.category),
        ];
        let all = own.into_iter().chain(chart.values.iter().map(|value| ("value", value)));
        all.map(move |(key, text)| (index, key, text))
    });
    let long = texts.filter_map(|(index, key, text)| {
        let why = format!("{key}：{}", data::too_long(text)?);
        let finding = codes::BAD_SETTINGS.about(why).in_member(SETTINGS);
        let place = settings.places.get(&format!("chart.{index}.{key}"));
        Some(place.map_or(finding.clone(), |(line, column)| finding.at_place(*line, *column)))
    });
    long.collect()
}

/// The first line that begins each key or table of [`PLACES`].
fn find_lines(text: &str) -> BTreeMap<String, usize> {
    let begins = |line: &str, key: &str| {
        let line = line.trim();
        line.starts_with(&format!("[{key}]"))
            || line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let keys = PLACES.iter().filter_map(|(_, key)| *key);
    keys.filter_map(|key| {
        Some((key.to_owned(), text.lines().position(|line| begins(line, key))? + 1))
    })
    .collect()
}

fn line_at(bytes: &[u8], offset: usize) -> usize {
    bytes.iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

impl TryFrom<File> for Settings {
    type Error = String;

    fn try_from(file: File) -> Result<Self, String> {
        let mut slots = file.slots;
        slots.sort_unstable();
        let mut channels =
            Channels { required: file.order.required, optional: file.order.optional };
        channels.required.sort();
        channels.optional.sort();
        let window = match (file.order.not_before, file.order.not_after, file.order.working_days) {
            (Some(not_before), Some(not_after), None) => Window::Instants { not_before, not_after },
            (None, None, Some(days)) => Window::WorkingDays { days },
            _ => return Err("[order] 须写 not_before 与 not_after，或 working_days / takes both instants, or days".to_owned()),
        };
        let kind = match file.kind {
            Kind::Issue => BundleKind::Issue,
            Kind::Supplement | Kind::DraftForComment => {
                return Err("kind 目前只支持 issue / only issue is supported yet".to_owned());
            }
        };
        let explains = file.companion.explains.clone();
        let mut charts = file.charts;
        for chart in &mut charts {
            // A workbook of data is read as CSV, and it is this that is stored and signed.
            if has_extension(&chart.data, &WORKBOOKS) {
                chart.data = csv_of(&chart.data);
            }
        }
        Ok(Self {
            kind,
            drafters: file.drafters,
            agencies: Agencies {
                drafting: file.agencies.drafting,
                issuing: file.agencies.issuing,
                lead: file.agencies.lead,
                joint: file.agencies.joint,
                publishing: file.agencies.publishing,
            },
            companion: companion(file.companion)?,
            explains,
            brief: file.brief,
            metadata: Metadata {
                title: file.title,
                number: file.number,
                written_on: file.written_on,
                printed_on: file.printed_on,
                index_number: file.index_number,
                slots,
                disclosure: Disclosure {
                    attribute: file.disclosure.attribute,
                    ground: file.disclosure.ground,
                },
                plan: Plan {
                    purpose: file.plan.purpose,
                    scope: file.plan.scope,
                    procedure: file.plan.procedure,
                    form: file.plan.form,
                },
            },
            stated: Stated {
                links: file.links,
                waivers: file.waivers,
                elements: file.elements,
                external: file.external,
                repealed: file.repealed,
            },
            charts,
            proposal: Proposal { window, channels },
            lines: BTreeMap::new(),
            places: BTreeMap::new(),
        })
    }
}

fn companion(file: FileCompanion) -> Result<Companion, String> {
    let need = |field: Option<String>, name: &str| {
        field.ok_or_else(|| format!("[companion] 缺少 {name} / is missing"))
    };
    match file.kind {
        CompanionKind::Own => Ok(Companion::Own),
        CompanionKind::Upstream => Ok(Companion::Upstream {
            source: need(file.source, "source")?,
            archived: file.archived.ok_or("[companion] 缺少 archived / is missing")?,
        }),
        CompanionKind::Exempt => Ok(Companion::Exempt {
            ground: need(file.ground, "ground")?,
            reason: need(file.reason, "reason")?,
            decider: need(file.decider, "decider")?,
        }),
    }
}

#[cfg(test)]
mod tests;
