//! Exceptions that a clause makes in words and that the units which explain it leave out (DOMAIN hazard
//! 15). Only what people linked is compared: nothing else says which unit explains a clause.

use std::collections::{BTreeMap, HashMap, HashSet};

use lockstep_proto::manifest::Stated;

use super::figures;
use crate::document::{Document, Unit, first_chars};

/// Words by which a clause makes an exception.
const WORDS: [&str; 4] = ["除外", "不适用", "不在此限", "但"];
/// Characters of an exception that are looked at.
const PHRASE_MAX: usize = 60;

/// Words by which a text tells of one, in whichever way.
const TOLD: &[&str] = &[
    "除外",
    "例外",
    "但",
    "不适用",
    "不包括",
    "不含",
    "不在",
    "以外",
    "之外",
    "除了",
    "特殊",
    "不受",
    "无需",
    "不用",
    "不必",
    "仅",
    "只有",
];

/// An exception that is left out.
pub(super) struct LeftOut {
    /// Where it stands in the policy.
    pub offset: usize,
    /// The clause.
    pub clause: String,
    /// Its word.
    pub word: &'static str,
}

/// The exceptions of linked clauses that none of the units linked to them tells of.
pub(super) fn find_left_out(
    policy: &Document<'_>,
    interpretation: &Document<'_>,
    stated: &Stated,
) -> Vec<LeftOut> {
    let mut told: HashMap<&str, Told> = HashMap::new();
    let mut explained: BTreeMap<usize, (&Unit, Vec<&str>)> = BTreeMap::new();
    for link in &stated.links {
        told.entry(&link.unit).or_insert_with(|| {
            let units = within(interpretation, &link.unit);
            Told::of(&units.map(|unit| interpretation.text_of(unit)).collect::<String>())
        });
        for clause in link.clauses.iter().flat_map(|path| within(policy, path)) {
            explained.entry(clause.start).or_insert((clause, vec![])).1.push(&link.unit);
        }
    }
    let mut left_out = vec![];
    for (start, (clause, units)) in explained {
        for (at, word, phrase) in exceptions(policy.text_of(clause)) {
            let tells = |unit| told.get(unit).is_some_and(|told| told.tells(phrase));
            if !units.iter().copied().any(tells) {
                left_out.push(LeftOut { offset: start + at, clause: clause.path.clone(), word });
            }
        }
    }
    left_out
}

/// The unit of this name and those below it.
fn within<'d>(document: &'d Document<'_>, name: &str) -> impl Iterator<Item = &'d Unit> {
    let path = document.find_unit(name).map(|unit| unit.path.as_str());
    document.units().iter().filter(move |unit| {
        path.is_some_and(|path| {
            unit.path
                .strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    })
}

/// The exceptions of a clause: where, by which word, and what it says. Those with figures are compared as
/// figures; 法律另有规定的除外 is said of everything.
fn exceptions(text: &str) -> Vec<(usize, &'static str, &str)> {
    let mut found: Vec<(usize, &'static str, &str)> = vec![];
    for word in WORDS {
        for (at, _) in text.match_indices(word) {
            let before = last_chars(text.get(..at).unwrap_or_default(), PHRASE_MAX);
            let phrase = if word == "但" {
                // 不但 makes none.
                if !before.trim_end().ends_with(['，', '；', '。', ',', ';']) {
                    continue;
                }
                let behind = text.get(at + word.len()..).unwrap_or_default();
                let behind = first_chars(behind, PHRASE_MAX);
                behind.split(['。', '；', '\n']).next().unwrap_or_default()
            } else {
                before.rsplit(['。', '；', '，', '（', '(', '\n']).next().unwrap_or_default()
            };
            let is_common = phrase.contains("另有规定") || phrase.contains("另有约定");
            if !is_common && figures::find_in(phrase, 0, &[]).is_empty() {
                found.push((at, word, phrase));
            }
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    found
}

fn last_chars(text: &str, count: usize) -> &str {
    let floor = text.char_indices().rev().take(count).last().map_or(text.len(), |(at, _)| at);
    text.get(floor..).unwrap_or_default()
}

/// What a unit says of exceptions.
struct Told {
    has_word: bool,
    pairs: HashSet<(char, char)>,
}

impl Told {
    fn of(text: &str) -> Self {
        Self { has_word: TOLD.iter().any(|word| text.contains(word)), pairs: pairs(text) }
    }

    /// By a word for one, or by half of the exception's own words.
    fn tells(&self, phrase: &str) -> bool {
        let wanted = pairs(phrase);
        let held = wanted.iter().filter(|pair| self.pairs.contains(*pair)).count();
        self.has_word || held * 2 >= wanted.len().max(1)
    }
}

/// The pairs of letters that stand side by side.
pub(super) fn pairs(text: &str) -> HashSet<(char, char)> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.iter().copied().zip(letters.iter().copied().skip(1)).collect()
}
