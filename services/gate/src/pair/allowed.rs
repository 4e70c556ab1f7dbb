//! What the policy forbids and the interpretation allows, in other words: 医院可以以系统改造为理由拒绝结算 where it says 不得以系统改造为由
//! 拒绝…. Acts are known by most of their words, or by two that the policy has nowhere else, so it warns.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use foldhash::HashMap;

use super::{
    duties::Said,
    former::{speaks_in_doubt, speaks_of_other},
    near::{Letters, letters},
    told::names_other,
};
use crate::document::{Document, first_chars, sentence_before};

const WORDS: [(&str, bool); 10] = [
    ("不得", false),
    ("禁止", false),
    ("严禁", false),
    ("不准", false),
    ("不能", false),
    ("不可", false),
    ("不允许", false),
    ("可以", true),
    ("允许", true),
    ("准许", true),
];
static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(WORDS.iter().map(|(word, _)| word)).ok());

/// Words of a sentence that holds for a case alone: 未经批准不得… is not denied by 经批准可以….
const CASES: [&str; 12] =
    ["除", "但", "确需", "特殊", "例外", "如果", "否则", "只有", "只要", "符合", "外，", "仍"];
/// What makes a case of its opposite.
const NONE: [&str; 4] = ["未", "没", "无", "非"];
/// What ends an act, and what ends a sentence.
const STOPS: [char; 8] = ['，', ',', '。', '；', ';', '\n', '：', '？'];

/// Characters of an act, and before it.
const ACT_MAX: usize = 24;
const BEFORE_MAX: usize = 60;
/// Rules of a text that are compared.
const RULES_MAX: usize = 200;
/// Rules in which a pair of letters may stand before it says nothing. Keeps the work linear.
const COMMON: usize = 16;
/// Pairs of letters that two acts share at least; those of which the policy has each once, and of a short act.
const SHARED_MIN: usize = 3;
const RARE_MIN: usize = 2;
const SHORT_MAX: usize = 8;

/// What a sentence allows or forbids.
struct Rule<'t> {
    word: Said,
    allows: bool,
    act: Vec<Letters>,
    before: &'t str,
    sentence: String,
}

impl Rule<'_> {
    fn is_of_none(&self) -> bool {
        NONE.iter().any(|word| self.before.contains(word))
    }

    fn is_plain(&self, title: &str) -> bool {
        !CASES.iter().any(|word| self.sentence.contains(word))
            && !speaks_of_other(&self.sentence)
            && !speaks_in_doubt(&self.sentence)
            && !names_other(&self.sentence, title)
    }
}

/// The interpretation's words that allow what the policy forbids, with those.
pub(super) fn find(
    policy: &Document<'_>,
    interpretation: &Document<'_>,
    title: &str,
) -> Vec<(Said, Said)> {
    let (theirs, ours) = (rules(policy), rules(interpretation));
    if !theirs.iter().any(|rule| !rule.allows) {
        return vec![];
    }
    let by_pair = |rules: &[Rule<'_>]| {
        let mut by_pair: HashMap<Letters, Vec<usize>> = HashMap::default();
        for (index, rule) in rules.iter().enumerate() {
            for pair in &rule.act {
                by_pair.entry(*pair).or_default().push(index);
            }
        }
        by_pair
    };
    let (of_theirs, of_ours) = (by_pair(&theirs), by_pair(&ours));
    let policy = policy.text();
    let allowed = ours.iter().filter(|rule| rule.allows && rule.is_plain(title));
    let found = allowed.filter_map(|rule| {
        let near = near(rule, &theirs, &of_theirs, policy);
        // The policy allows it too, or the interpretation says elsewhere that it may not be.
        let says =
            |rules: &[&Rule<'_>], allows: bool| rules.iter().any(|rule| rule.allows == allows);
        let rival = near.iter().find(|theirs| !theirs.allows)?;
        let is_said = says(&near, true) || says(&self::near(rule, &ours, &of_ours, policy), false);
        let is_alike = rival.is_of_none() == rule.is_of_none() && are_of_one(rule, rival);
        (!is_said && is_alike && !CASES.iter().any(|word| rival.sentence.contains(word)))
            .then_some((rule.word, rival.word))
    });
    found.collect()
}

/// The rules whose act is this one's, the nearest first.
fn near<'r>(
    rule: &Rule<'_>,
    rules: &'r [Rule<'r>],
    by_pair: &HashMap<Letters, Vec<usize>>,
    policy: &str,
) -> Vec<&'r Rule<'r>> {
    let mut shared: HashMap<usize, Vec<Letters>> = HashMap::default();
    for pair in &rule.act {
        let held = by_pair.get(pair).filter(|held| held.len() <= COMMON);
        for index in held.into_iter().flatten() {
            shared.entry(*index).or_default().push(*pair);
        }
    }
    // Asked of the few that two acts share.
    let is_rare = |(one, next): &Letters| {
        let word: String = [*one, *next].into_iter().collect();
        policy.match_indices(&word).nth(1).is_none()
    };
    let mut found: Vec<(usize, &Rule<'_>)> = shared
        .into_iter()
        .filter_map(|(index, pairs)| {
            let other = rules.get(index)?;
            let least = rule.act.len().min(other.act.len());
            let is_most = pairs.len() >= SHARED_MIN && pairs.len() * 5 >= least * 3;
            let is_told = || {
                least <= SHORT_MAX
                    && pairs.len() >= RARE_MIN
                    && pairs.iter().take(SHORT_MAX).filter(|pair| is_rare(pair)).count() >= RARE_MIN
            };
            (is_most || is_told()).then_some((pairs.len(), other))
        })
        .collect();
    found.sort_by_key(|(shared, rule)| (std::cmp::Reverse(*shared), rule.word.offset));
    found.into_iter().map(|(_, rule)| rule).collect()
}

/// Whether two rules bind the same, as far as both say whom.
fn are_of_one(ours: &Rule<'_>, theirs: &Rule<'_>) -> bool {
    const SUBJECT_MIN: usize = 2;
    let [one, other] = [ours, theirs].map(|rule| letters([rule.before].into_iter()));
    one.len() < SUBJECT_MIN
        || other.len() < SUBJECT_MIN
        || one.iter().any(|pair| other.binary_search(pair).is_ok())
}

/// What a document allows and forbids.
fn rules<'d>(document: &'d Document<'_>) -> Vec<Rule<'d>> {
    let rules = document.clauses().flat_map(|unit| {
        let text = document.text_of(unit);
        let words = FINDER.iter().flat_map(move |finder| finder.find_iter(text));
        words.filter_map(move |found| {
            let (word, allows) = *WORDS.get(found.pattern().as_usize())?;
            let behind = text.get(found.end()..)?;
            let act = first_chars(behind, ACT_MAX).split(STOPS).next()?;
            let end = behind.find(['。', '；', '\n', '？']).unwrap_or(behind.len());
            let rest = first_chars(behind.get(..end)?, BEFORE_MAX);
            // 可以…吗？
            let is_question = behind.get(end..)?.starts_with('？');
            let before = sentence_before(text, found.start(), BEFORE_MAX);
            let before = before.rsplit(['？', '?']).next()?;
            let word = Said { word, offset: unit.start + found.start() };
            let act = letters([act].into_iter());
            let sentence = format!("{before}{rest}");
            (!is_question && act.len() >= SHARED_MIN).then_some(Rule {
                word,
                allows,
                act,
                before,
                sentence,
            })
        })
    });
    rules.take(RULES_MAX).collect()
}
