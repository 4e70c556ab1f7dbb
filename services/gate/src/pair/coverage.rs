//! Which clauses of the policy the interpretation explains: stated links and waivers, and for the
//! rest proposals by likeness. Equal numbers say nothing: in real pairs （五） explains （一）
//! (DOMAIN §3.3).

use std::collections::BTreeSet;

use lockstep_proto::manifest::{ElementAnswer, Stated};
use serde::Serialize;

use super::likeness::Likeness;
use crate::document::{Document, Unit};

/// Coverage of the policy, clause by clause.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Coverage {
    /// How many clauses there are.
    pub clause_count: usize,
    /// How many are explained.
    pub covered_count: usize,
    /// How many are waived.
    pub waived_count: usize,
    /// Every clause, in order.
    pub clauses: Vec<Clause>,
    /// Which unit of the interpretation answers which of the nine elements, or why it need not. What is
    /// not here is open.
    pub elements: Vec<ElementAnswer>,
}

/// One clause.
#[derive(Debug, Clone, Serialize)]
pub struct Clause {
    /// Its path.
    pub path: String,
    /// Whether it is explained.
    pub state: State,
    /// For an open clause: units of the interpretation that may explain it, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<Likely>,
}

/// Whether a clause is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A unit explains it.
    Covered,
    /// It needs none, with a reason.
    Waived,
    /// Nobody said.
    Open,
}

/// A unit that may explain a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Likely {
    /// Its path in the interpretation.
    pub unit: String,
    /// How alike the two are, per mille.
    pub likeness: u32,
}

/// A stated path that is nowhere: which, and whether it was looked for in the policy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    pub path: String,
    /// Which statement names it: `link.0.unit`.
    pub at: String,
    pub in_policy: bool,
}

/// What is stated, held against both texts, with proposals for what is open if they are asked for;
/// and the stated paths that are nowhere.
pub(super) fn cover(
    policy: &Document<'_>,
    interpretation: &Document<'_>,
    stated: &Stated,
    proposes: bool,
) -> (Coverage, Vec<Unknown>) {
    let (linked, waived, unknown) = stated_paths(policy, interpretation, stated);
    let clauses: Vec<&Unit> = policy.clauses().collect();
    let likeness = proposes.then(|| Likeness::of(policy, interpretation));
    let mut below = clauses.iter().skip(1).map(|unit| unit.path.clone()).collect::<Vec<_>>();
    below.push(String::new());
    let clauses: Vec<Clause> = clauses
        .into_iter()
        .zip(below)
        .filter_map(|(unit, next)| {
            let state = if is_within(&unit.path, &linked) {
                State::Covered
            } else if is_within(&unit.path, &waived) {
                State::Waived
            } else {
                State::Open
            };
            // Of what only leads to its parts, they are proposed for.
            let leads = policy.text_of(unit).trim_end().ends_with(['：', ':']);
            let likeness = likeness.as_ref().filter(|_| state == State::Open && !leads);
            let proposals = likeness.map(|likeness| likeness.propose(unit));
            let proposals = proposals.unwrap_or_default();
            let asks = state != State::Open || !explains_itself(policy, unit, &next);
            asks.then(|| Clause { path: unit.path.clone(), state, proposals })
        })
        .collect();
    let count = |state| clauses.iter().filter(|clause| clause.state == state).count();
    let coverage = Coverage {
        clause_count: clauses.len(),
        covered_count: count(State::Covered),
        waived_count: count(State::Waived),
        clauses,
        elements: vec![],
    };
    (coverage, unknown)
}

/// The paths of the policy that are linked, those that are waived, and the stated ones that are nowhere.
fn stated_paths(
    policy: &Document<'_>,
    interpretation: &Document<'_>,
    stated: &Stated,
) -> (BTreeSet<String>, BTreeSet<String>, Vec<Unknown>) {
    let mut unknown = vec![];
    let mut linked = BTreeSet::new();
    let mut waived = BTreeSet::new();
    let find_ours = |path: &String, at: String| {
        let is_there = interpretation.find_unit(path).is_some();
        (!is_there).then(|| Unknown { path: path.clone(), at, in_policy: false })
    };
    for (index, link) in stated.links.iter().enumerate() {
        unknown.extend(find_ours(&link.unit, format!("link.{index}.unit")));
        collect(policy, &link.clauses, &format!("link.{index}"), &mut linked, &mut unknown);
    }
    for (index, waiver) in stated.waivers.iter().enumerate() {
        collect(policy, &waiver.clauses, &format!("waiver.{index}"), &mut waived, &mut unknown);
    }
    for (index, answer) in stated.elements.iter().enumerate() {
        let unit = answer.unit.as_ref();
        unknown.extend(unit.and_then(|unit| find_ours(unit, format!("element.{index}.unit"))));
    }
    (linked, waived, unknown)
}

/// Whether a path, one above it or one below it is among these.
fn is_within(path: &str, set: &BTreeSet<String>) -> bool {
    let mut ancestors = path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or_default());
    let begins = format!("{path}/");
    set.contains(path)
        || ancestors.any(|ancestor| set.contains(ancestor))
        // What holds clauses of its own is explained where they are.
        || set.range(begins.clone()..).next().is_some_and(|next| next.starts_with(&begins))
}

fn collect(
    policy: &Document<'_>,
    paths: &[String],
    statement: &str,
    set: &mut BTreeSet<String>,
    unknown: &mut Vec<Unknown>,
) {
    for (index, path) in paths.iter().enumerate() {
        if let Some(unit) = policy.find_unit(path) {
            set.insert(unit.path.clone());
        } else {
            let at = format!("{statement}.clauses.{index}");
            unknown.push(Unknown { path: path.clone(), at, in_policy: true });
        }
    }
}

/// Characters of a heading that has its line for itself, and of a sentence that says when the text holds.
const HEADING_MAX: usize = 16;
const FORCE_MAX: usize = 40;

/// Whether nobody needs to explain an open clause: it leads to what follows, is a heading, hands the text on or
/// says from when it holds. What is stated of one all the same counts.
fn explains_itself(policy: &Document<'_>, unit: &Unit, next: &str) -> bool {
    let text = policy.text_of(unit).trim();
    let count = text.chars().count();
    let leads = (text.ends_with(['：', ':']) || text.ends_with("如下。")) && !next.is_empty();
    let is_heading = count <= HEADING_MAX
        && next.strip_prefix(unit.path.as_str()).is_some_and(|below| below.starts_with('/'));
    let is_preamble = unit.path.split('/').any(|part| part.starts_with("前言"));
    let hands_on = is_preamble
        && text.contains('现')
        && ["印发给你们", "发给你们", "予以印发", "现予印发", "现予公布", "现予发布", "现转发"]
            .iter()
            .any(|words| text.contains(words));
    let is_force = count <= FORCE_MAX
        && text.contains('本')
        && text.contains('自')
        && ["施行。", "执行。", "实施。", "生效。"].iter().any(|end| text.ends_with(end))
        && text.matches(['。', '；', '，', '：']).count() == 1;
    leads || is_heading || hands_on || is_force
}
