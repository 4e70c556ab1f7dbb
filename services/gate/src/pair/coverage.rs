//! Which clauses of the policy the interpretation explains: stated links and waivers, and for the
//! rest proposals by likeness. Equal numbers say nothing: in real pairs （五） explains （一）
//! (DOMAIN §3.3).

use std::collections::{BTreeSet, HashMap};

use lockstep_proto::manifest::Stated;
use serde::Serialize;

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
    pub proposals: Vec<Proposal>,
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
pub struct Proposal {
    /// Its path in the interpretation.
    pub unit: String,
    /// How alike the two are, per mille.
    pub likeness: u32,
}

/// A stated path that is nowhere: which, and whether it was looked for in the policy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    pub path: String,
    pub in_policy: bool,
}

/// What is stated, held against both texts; and the stated paths that are nowhere.
pub(super) fn cover(
    policy: &Document<'_>,
    interpretation: &Document<'_>,
    stated: &Stated,
) -> (Coverage, Vec<Unknown>) {
    let mut unknown = vec![];
    let mut linked = BTreeSet::new();
    let mut waived = BTreeSet::new();
    for link in &stated.links {
        if interpretation.find_unit(&link.unit).is_none() {
            unknown.push(Unknown { path: link.unit.clone(), in_policy: false });
        }
        collect(policy, &link.clauses, &mut linked, &mut unknown);
    }
    for waiver in &stated.waivers {
        collect(policy, &waiver.clauses, &mut waived, &mut unknown);
    }
    let clauses: Vec<&Unit> = policy.clauses().collect();
    let is_within = |path: &str, set: &BTreeSet<String>| {
        let ancestors = path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or_default());
        let begins = format!("{path}/");
        set.contains(path)
            || ancestors.into_iter().any(|ancestor| set.contains(ancestor))
            // What holds clauses of its own is explained where they are.
            || set.range(begins.clone()..).next().is_some_and(|next| next.starts_with(&begins))
    };
    let likeness = Likeness::of(interpretation);
    let clauses: Vec<Clause> = clauses
        .into_iter()
        .map(|unit| {
            let state = if is_within(&unit.path, &linked) {
                State::Covered
            } else if is_within(&unit.path, &waived) {
                State::Waived
            } else {
                State::Open
            };
            let proposals = match state {
                State::Open => likeness.propose(policy.text_of(unit)),
                State::Covered | State::Waived => vec![],
            };
            Clause { path: unit.path.clone(), state, proposals }
        })
        .collect();
    let count = |state| clauses.iter().filter(|clause| clause.state == state).count();
    let coverage = Coverage {
        clause_count: clauses.len(),
        covered_count: count(State::Covered),
        waived_count: count(State::Waived),
        clauses,
    };
    (coverage, unknown)
}

fn collect(
    policy: &Document<'_>,
    paths: &[String],
    set: &mut BTreeSet<String>,
    unknown: &mut Vec<Unknown>,
) {
    for path in paths {
        match policy.find_unit(path) {
            Some(unit) => drop(set.insert(unit.path.clone())),
            None => unknown.push(Unknown { path: path.clone(), in_policy: true }),
        }
    }
}

/// Units an n-gram may stand in before it says nothing about which. Keeps the work linear.
const COMMON: usize = 12;
/// Proposals for one clause.
const PROPOSALS: usize = 3;
/// A likeness below this is chance, per mille.
const LIKENESS_MIN: u32 = 60;

/// Finds units of the interpretation by rare three-character sequences.
struct Likeness {
    units: Vec<String>,
    index: HashMap<[char; 3], Vec<usize>>,
}

impl Likeness {
    fn of(interpretation: &Document<'_>) -> Self {
        let mut units = vec![];
        let mut index: HashMap<[char; 3], Vec<usize>> = HashMap::new();
        for unit in interpretation.clauses() {
            for gram in grams(interpretation.text_of(unit)) {
                let held = index.entry(gram).or_default();
                // One more than counts, so that it is known to be common.
                if held.len() <= COMMON {
                    held.push(units.len());
                }
            }
            units.push(unit.path.clone());
        }
        Self { units, index }
    }

    fn propose(&self, clause: &str) -> Vec<Proposal> {
        let grams = grams(clause);
        let mut scores: HashMap<usize, f64> = HashMap::new();
        for gram in &grams {
            let Some(held) = self.index.get(gram).filter(|held| held.len() <= COMMON) else {
                continue;
            };
            for unit in held {
                #[expect(
                    clippy::as_conversions,
                    clippy::cast_precision_loss,
                    reason = "twelve at most"
                )]
                let weight = 1.0 / held.len() as f64;
                *scores.entry(*unit).or_insert(0.0) += weight;
            }
        }
        let mut proposals: Vec<Proposal> = scores
            .into_iter()
            .filter_map(|(index, score)| {
                let path = self.units.get(index)?;
                #[expect(
                    clippy::as_conversions,
                    clippy::cast_precision_loss,
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share of a clause's characters, at most 1000"
                )]
                let likeness = (score * 1000.0 / grams.len().max(1) as f64).round() as u32;
                (likeness >= LIKENESS_MIN).then(|| Proposal { unit: path.clone(), likeness })
            })
            .collect();
        proposals.sort_by(|a, b| b.likeness.cmp(&a.likeness).then_with(|| a.unit.cmp(&b.unit)));
        proposals.truncate(PROPOSALS);
        proposals
    }
}

/// The distinct three-character sequences of a text, punctuation and blanks left out.
fn grams(text: &str) -> BTreeSet<[char; 3]> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.windows(3).filter_map(|window| <[char; 3]>::try_from(window).ok()).collect()
}
