//! Exceptions that a clause makes in words and that the units which explain it leave out (DOMAIN hazard
//! 15). A unit explains a clause where people linked it, or where it repeats the sentence without its exception.

use std::{collections::BTreeSet, sync::LazyLock};

use aho_corasick::AhoCorasick;
use foldhash::{HashMap, HashSet};
use lockstep_proto::manifest::Stated;

use super::{figures, texts::Texts};
use crate::document::{Document, Unit, first_chars, is_letter, last_chars, sentence_before};

/// Words by which a clause makes an exception.
const WORDS: [&str; 10] =
    ["除外", "不适用", "不在此限", "但", "放宽", "免收", "免交", "免缴", "不受", "下列"];
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(WORDS).ok());
/// Characters of an exception that are looked at.
const PHRASE_MAX: usize = 60;

/// Pairs of letters of a rule that are enough to know it by.
const RULE_MIN: usize = 6;
/// Units linked to one clause that are looked at; one that more explain is explained all over.
const UNITS_MAX: usize = 20;
/// Exceptions of one text that are looked for where nothing is linked.
const RULES_MAX: usize = 50;

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

/// What tells of an exception by one of these words alone.
const TOLD_OF: [(&[&str], &[&str]); 3] = [
    (&["放宽"], &["放宽"]),
    (&["免收", "免交", "免缴"], &["减免", "免收", "免交", "免缴", "免费", "不收", "不交", "不缴"]),
    (&["下列"], &["不予", "不能", "不得", "不发"]),
];

/// Words by which a text says of a thing that it is no bound: 不看学历, 学历不限.
const FREE: [&str; 10] =
    ["不看", "不限", "不论", "无论", "不设", "不要求", "不考虑", "不问", "打破", "突破"];
const IS_FREE: [&str; 7] =
    ["不限", "不作要求", "不做要求", "不作限制", "不设限", "没有要求", "没有限制"];

/// An exception that is left out.
pub(super) struct LeftOut {
    /// Where it stands in the policy.
    pub offset: usize,
    /// The clause.
    pub clause: String,
    /// Its word.
    pub word: &'static str,
}

/// By the path of each linked clause, the paths of the units that are linked to it.
type Linked<'d> = HashMap<&'d str, BTreeSet<&'d str>>;

/// The exceptions of linked clauses that none of the units linked to them tells of.
pub(super) fn find_left_out(texts: &Texts<'_>, stated: &Stated) -> Vec<LeftOut> {
    let [policy, interpretation] = [&texts.policy, &texts.interpretation].map(|said| said.document);
    let mut linked = Linked::default();
    for link in &stated.links {
        let unit = interpretation.find_unit(&link.unit).map(|unit| unit.path.as_str());
        for clause in link.clauses.iter().filter_map(|clause| policy.find_unit(clause)) {
            linked.entry(&clause.path).or_default().extend(unit);
        }
    }
    let told = told_by(interpretation, &linked.values().flatten().copied().collect());
    let mut left_out = find_repeated(texts, &linked);
    for clause in policy.units() {
        let mut holders = upwards(&clause.path).filter_map(|path| linked.get(path)).peekable();
        if holders.peek().is_none() {
            continue;
        }
        let units = holders.flatten().filter_map(|unit| told.get(unit)).take(UNITS_MAX + 1);
        let units: Vec<&Told> = units.collect();
        if units.len() > UNITS_MAX {
            continue;
        }
        let mut said: HashSet<&str> = HashSet::default();
        let text = policy.text_of(clause);
        for (at, word, phrase) in exceptions(text) {
            // 执法水平有了提高，但…: what leads to the clauses tells how things are.
            if word == "但" && clause.path.split('/').any(|part| part.starts_with("前言")) {
                continue;
            }
            // Once for a clause: 甲（乙除外）或丙（丁除外） reads the same twice.
            let bounds = bounds_lifted(text, at, word);
            let is_told = units.iter().any(|told| told.tells(word, phrase) || told.lifts(&bounds));
            if !is_told && said.insert(word) {
                let offset = clause.start + at;
                left_out.push(LeftOut { offset, clause: clause.path.clone(), word });
            }
        }
    }
    left_out
}

/// What each of these units says, with those below it.
fn told_by<'d>(document: &Document<'_>, paths: &HashSet<&'d str>) -> HashMap<&'d str, Told> {
    let mut texts: HashMap<&str, String> = HashMap::default();
    for unit in document.units() {
        for path in upwards(&unit.path).filter_map(|path| paths.get(path).copied()) {
            texts.entry(path).or_default().push_str(document.text_of(unit));
        }
    }
    texts.into_iter().map(|(path, text)| (path, Told::of(&text))).collect()
}

/// A path and those above it.
fn upwards(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| Some(path.rsplit_once('/')?.0))
}

/// A rule with an exception: the pairs of its own letters.
struct Rule<'d> {
    left_out: LeftOut,
    phrase: &'d str,
    bounds: Vec<&'d str>,
    pairs: HashSet<(char, char)>,
}

/// The exceptions of clauses that nothing is linked to, where a sentence of the interpretation says their rule
/// in its own words, and neither its unit nor the next tells of one.
fn find_repeated(texts: &Texts<'_>, linked: &Linked<'_>) -> Vec<LeftOut> {
    let (policy, interpretation) = (texts.policy.document, texts.interpretation.document);
    let mut rules: Vec<Rule<'_>> = vec![];
    let is_linked = |clause: &Unit| upwards(&clause.path).any(|path| linked.contains_key(path));
    let clauses = policy.clauses().filter(|clause| !is_linked(clause));
    for clause in clauses.filter(|clause| !clause.path.contains("前言")) {
        let text = policy.text_of(clause);
        for (at, word, phrase) in exceptions(text) {
            let offset = clause.start + at;
            let Some(sentence) = texts.policy.sentence_at(offset) else { continue };
            let whole = texts.policy.around(sentence, offset);
            let pairs = pairs(&whole.replacen(phrase, "", 1).replacen(word, "", 1));
            if pairs.len() >= RULE_MIN && rules.len() < RULES_MAX {
                let left_out = LeftOut { offset, clause: clause.path.clone(), word };
                let bounds = bounds_lifted(text, at, word);
                rules.push(Rule { left_out, phrase, bounds, pairs });
            }
        }
    }
    if rules.is_empty() {
        return vec![];
    }
    let mut by_pair: HashMap<(char, char), Vec<usize>> = HashMap::default();
    for (index, rule) in rules.iter().enumerate() {
        for pair in &rule.pairs {
            by_pair.entry(*pair).or_default().push(index);
        }
    }
    let mut said: HashMap<usize, bool> = HashMap::default();
    let mut told: HashMap<usize, Told> = HashMap::default();
    let wholes =
        texts.interpretation.sentences.iter().filter(|said| said.is_whole && !said.is_tail);
    for sentence in wholes.filter(|sentence| !sentence.is_question) {
        let text = interpretation.text().get(sentence.range.clone()).unwrap_or_default();
        let mut shared: HashMap<usize, usize> = HashMap::default();
        for pair in pairs(text) {
            for index in by_pair.get(&pair).into_iter().flatten() {
                *shared.entry(*index).or_default() += 1;
            }
        }
        for (index, shared) in shared {
            let Some(rule) = rules.get(index) else { continue };
            if shared * 10 >= rule.pairs.len() * 8 {
                let unit = interpretation.unit_at(sentence.range.start);
                let told = told.entry(unit).or_insert_with(|| {
                    let near = interpretation.units().get(unit..).unwrap_or_default().iter();
                    Told::of(
                        &near.take(2).map(|unit| interpretation.text_of(unit)).collect::<String>(),
                    )
                });
                *said.entry(index).or_default() |=
                    told.tells(rule.left_out.word, rule.phrase) || told.lifts(&rule.bounds);
            }
        }
    }
    let left_out = rules.into_iter().enumerate();
    let left_out = left_out.filter(|(index, _)| said.get(index) == Some(&false));
    left_out.map(|(_, rule)| rule.left_out).collect()
}

/// The exceptions of a clause: where, by which word, and what it says. Those with figures are compared as
/// figures; 法律另有规定的除外 is said of everything.
fn exceptions(text: &str) -> Vec<(usize, &'static str, &str)> {
    let said = FINDER.iter().flat_map(|finder| finder.find_iter(text));
    let said = said.filter_map(|said| {
        let (at, word) = (said.start(), WORDS.get(said.pattern().as_usize())?);
        let phrase = phrase_of(text, at, word)?;
        let is_common = phrase.contains("另有规定") || phrase.contains("另有约定");
        let is_said = !is_common && figures::find_in(phrase, 0, &[]).iter().all(is_said_count);
        is_said.then_some((at, *word, phrase))
    });
    said.collect()
}

/// 三次 in an exception is compared as its words are.
fn is_said_count(figure: &figures::Figure) -> bool {
    figure.is_weak && figure.is_count()
}

/// What an exception by this word at `at` says; `None` where the word makes none.
fn phrase_of<'t>(text: &'t str, at: usize, word: &str) -> Option<&'t str> {
    let before = last_chars(text.get(..at)?, PHRASE_MAX);
    let behind = first_chars(text.get(at + word.len()..)?, PHRASE_MAX);
    let sentence = behind.split(['。', '；', '\n']).next().unwrap_or_default();
    let phrase = before.rsplit(['。', '；', '，', '（', '(', '\n']).next().unwrap_or_default();
    let rule = sentence_before(text, at, PHRASE_MAX);
    let next = sentence.split(['，', '：', ',']).next().unwrap_or_default();
    match word {
        // 不但 makes none.
        "但" => before.trim_end().ends_with(['，', '；', '。', ',', ';']).then_some(sentence),
        // 但… is found by its own word.
        _ if phrase.starts_with('但') => None,
        "放宽" => {
            let may = phrase.trim_end_matches("适当").trim_end_matches('以');
            may.ends_with('可').then_some(phrase)
        }
        // For a group, from what others are charged; otherwise it is the rule.
        "免收" | "免交" | "免缴" => {
            let charged = rule.strip_suffix(phrase).unwrap_or_default();
            let is_charged = ["收费", "收取", "缴纳", "交纳"].iter().any(|w| charged.contains(w));
            (is_charged && !phrase.is_empty()).then_some(phrase)
        }
        // 不受此限, 不受户籍限制
        "不受" => next.contains('限').then_some(phrase),
        // 下列人员不予补贴
        "下列" => next.contains("不予").then_some(next),
        _ => Some(phrase),
    }
}

/// The bounds that a clause lifts by 不受 at `at`: 学历 and 资历 of 不受学历、资历限制.
fn bounds_lifted<'t>(text: &'t str, at: usize, word: &str) -> Vec<&'t str> {
    let behind = text.get(at + word.len()..).filter(|_| word == "不受").unwrap_or_default();
    let behind = first_chars(behind, PHRASE_MAX).split('限').next().unwrap_or_default();
    let bounds = behind
        .split(['、', '和', '与', '及', '或'])
        .map(|bound| bound.trim_end_matches(['等', '的']).trim_end_matches("条件"));
    bounds.filter(|bound| bound.chars().nth(1).is_some()).collect()
}

/// The letters that a text begins with, and ends with.
fn begin(text: &str) -> Option<(char, char)> {
    let mut letters = text.chars();
    Some((letters.next()?, letters.next()?))
}

fn end(text: &str) -> Option<(char, char)> {
    let mut letters = text.chars();
    let last = letters.next_back()?;
    Some((letters.next_back()?, last))
}

/// What a unit says of exceptions.
struct Told {
    /// The letters by which what is no bound begins, behind 不看, and ends, before 不限.
    begins_free: HashSet<(char, char)>,
    ends_free: HashSet<(char, char)>,
    has_word: bool,
    /// In the order of `TOLD_OF`.
    has_own_word: [bool; TOLD_OF.len()],
    pairs: HashSet<(char, char)>,
}

impl Told {
    fn of(text: &str) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let has_own_word = TOLD_OF.map(|(_, told)| says(told));
        let free = FREE.iter().flat_map(|word| text.match_indices(word));
        let free = free.filter_map(|(at, word)| begin(text.get(at + word.len()..)?));
        let is_free = IS_FREE.iter().flat_map(|word| text.match_indices(word));
        let is_free = is_free.filter_map(|(at, _)| end(text.get(..at)?));
        Self {
            begins_free: free.collect(),
            ends_free: is_free.collect(),
            has_word: says(TOLD),
            has_own_word,
            pairs: pairs(text),
        }
    }

    /// Whether it says of one of these that it is no bound.
    fn lifts(&self, bounds: &[&str]) -> bool {
        bounds.iter().any(|bound| {
            begin(bound).is_some_and(|pair| self.begins_free.contains(&pair))
                || end(bound).is_some_and(|pair| self.ends_free.contains(&pair))
        })
    }

    /// By a word for one, or by half of the exception's own words.
    fn tells(&self, word: &str, phrase: &str) -> bool {
        let own = TOLD_OF.iter().zip(self.has_own_word);
        let has_own_word = own.into_iter().any(|((words, _), told)| told && words.contains(&word));
        let wanted = pairs(phrase);
        let held = wanted.iter().filter(|pair| self.pairs.contains(*pair)).count();
        self.has_word || has_own_word || held * 2 >= wanted.len().max(1)
    }
}

/// The pairs of letters that stand side by side.
pub(super) fn pairs(text: &str) -> HashSet<(char, char)> {
    let mut letters = text.chars().filter(|c| is_letter(*c));
    let mut last = letters.next();
    letters.filter_map(|c| Some((last.replace(c)?, c))).collect()
}
