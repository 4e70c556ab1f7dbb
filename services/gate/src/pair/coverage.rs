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
    let clauses: Vec<&Unit> = policy.clauses().collect();
    let is_within = |path: &str, set: &BTreeSet<String>| {
        let ancestors = path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or_default());
        let begins = format!("{path}/");
        set.contains(path)
            || ancestors.into_iter().any(|ancestor| set.contains(ancestor))
            // What holds clauses of its own is explained where they are.
            || set.range(begins.clone()..).next().is_some_and(|next| next.starts_with(&begins))
    };
    let likeness = proposes.then(|| Likeness::of(interpretation));
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
            let likeness = likeness.as_ref().filter(|_| state == State::Open);
            let proposals = likeness.map(|likeness| likeness.propose(policy.text_of(unit)));
            let proposals = proposals.unwrap_or_default();
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

/// Units an n-gram may stand in before it says nothing about which. Keeps the work linear.
const COMMON: usize = 12;
/// Proposals for one clause.
const PROPOSALS: usize = 3;
/// A likeness below this is chance, per mille.
const LIKENESS_MIN: u32 = 60;

/// Finds units of the interpretation by rare three-character sequences.
struct Likeness {
    units: Vec<String>,
    /// Each sequence with a unit it stands in; sorted.
    index: Vec<(u64, usize)>,
}

impl Likeness {
    fn of(interpretation: &Document<'_>) -> Self {
        let (mut units, mut index) = (vec![], vec![]);
        for unit in interpretation.clauses() {
            let grams = grams(interpretation.text_of(unit));
            index.extend(grams.into_iter().map(|gram| (gram, units.len())));
            units.push(unit.path.clone());
        }
        index.sort_unstable();
        Self { units, index }
    }

    /// The units that a sequence stands in; none if it stands in too many to say which.
    fn find(&self, gram: u64) -> &[(u64, usize)] {
        let begin = self.index.partition_point(|(held, _)| *held < gram);
        let rest = self.index.get(begin..).unwrap_or_default();
        let count = rest.iter().take(COMMON + 1).take_while(|(held, _)| *held == gram).count();
        if count > COMMON { &[] } else { rest.get(..count).unwrap_or_default() }
    }

    fn propose(&self, clause: &str) -> Vec<Proposal> {
        let grams = grams(clause);
        let mut scores: HashMap<usize, usize> = HashMap::new();
        for gram in &grams {
            let held = self.find(*gram);
            for (_, unit) in held {
                *scores.entry(*unit).or_insert(0) += 1000 / held.len();
            }
        }
        let mut proposals: Vec<Proposal> = scores
            .into_iter()
            .filter_map(|(index, score)| {
                let likeness = u32::try_from(score / grams.len().max(1)).ok()?;
                let path = self.units.get(index)?;
                (likeness >= LIKENESS_MIN).then(|| Proposal { unit: path.clone(), likeness })
            })
            .collect();
        proposals.sort_by(|a, b| b.likeness.cmp(&a.likeness).then_with(|| a.unit.cmp(&b.unit)));
        proposals.truncate(PROPOSALS);
        proposals
    }
}

/// The distinct three-character sequences of a text, punctuation and blanks left out; sorted. Three
/// characters of 21 bits fit a number.
fn grams(text: &str) -> Vec<u64> {
    let mut last = (0_u64, 0_u64);
    let letters = text.chars().filter(|c| c.is_alphanumeric()).map(|c| u64::from(u32::from(c)));
    let mut grams: Vec<u64> = letters
        .filter_map(|letter| {
            let gram = last.0 << 42 | last.1 << 21 | letter;
            let is_whole = last.0 != 0;
            last = (last.1, letter);
            is_whole.then_some(gram)
        })
        .collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}
