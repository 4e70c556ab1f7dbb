//! What the interpretation says in the policy's own words, but with another value, the opposite bound or the
//! opposite duty: the words around leave little doubt of what is meant.

use std::cell::LazyCell;

use foldhash::{HashMap, HashSet};

use super::{
    contradictions::{end_of, is_now, is_same, kind},
    duties::Said,
    figures::{
        Figure, Part, are_about_one, period,
        times::{CLOCK, WEEKDAY},
    },
    held::form,
    increments::{is_by_how_much, reaches_other},
    sentences::{Sentence, Turned},
    texts::Said as Text,
    turns, whose,
};

/// Letters of a sentence that are enough to know it by, and of one that leaves no doubt.
const KNOWN: usize = 5;
const SURE: usize = 8;
/// Sentences of the same words that are compared.
const ALIKE_MAX: usize = 40;

/// A figure of the interpretation with the policy's in the same words.
pub(super) struct Changed {
    pub ours: usize,
    pub theirs: usize,
    /// Whether the whole sentence is the policy's.
    pub is_whole: bool,
}

/// What is found.
#[derive(Default)]
pub(super) struct Repeated {
    pub values: Vec<Changed>,
    /// Words that bind otherwise, with the policy's.
    pub duties: Vec<(Said, Said)>,
    /// Bounds, rates and directions that are others, with the policy's.
    pub turned: Vec<(Said, Said)>,
}

/// Sentences of the interpretation in words of the policy's that say another thing, where the policy nowhere
/// says theirs.
pub(super) fn find(policy: &Text<'_>, interpretation: &Text<'_>) -> Repeated {
    let mut by_words: HashMap<&str, Vec<&Sentence>> = HashMap::default();
    for sentence in policy.sentences.iter().filter(|sentence| sentence.length >= KNOWN) {
        let alike = by_words.entry(&sentence.words).or_default();
        if alike.len() < ALIKE_MAX {
            alike.push(sentence);
        }
    }
    let mut found = Repeated::default();
    let longer = LazyCell::new(|| -> HashSet<(String, String)> {
        let named = policy.figures.iter();
        named.filter_map(|figure| Some((form(figure), end_of(&figure.label)?))).collect()
    });
    // 低保家庭：补贴标准为800元, where the policy says 低保家庭补贴标准.
    let is_shortened = |figure: &Figure| {
        end_of(&figure.label).is_some_and(|end| longer.contains(&(form(figure), end)))
    };
    let mut places: HashMap<usize, usize> = HashMap::default();
    let sentences = interpretation.sentences.iter();
    let is_compared = |sentence: &&Sentence| {
        !sentence.is_question && !sentence.is_tail && sentence.length >= KNOWN
    };
    for sentence in sentences.filter(is_compared) {
        let Some(alike) = by_words.get(sentence.words.as_str()) else { continue };
        let alike = alike.iter();
        let alike = alike.map(|theirs| (changed(policy, theirs, interpretation, sentence), theirs));
        let Some((changed, least)) = alike.min_by_key(|(changed, theirs)| {
            let is_against = oppose(sentence, theirs) || turned(sentence, theirs).is_some();
            let is_apart = speaks_of_change(sentence) != speaks_of_change(theirs);
            (changed.len(), is_apart, theirs.is_whole != sentence.is_whole, is_against)
        }) else {
            continue;
        };
        // 收入8万元的 is a case of 收入不高于10万元的.
        let are_bound_alike = sentence.turns.len() == least.turns.len();
        let is_whole = sentence.is_whole
            && least.is_whole
            && sentence.length >= SURE
            && are_bound_alike
            && !is_of_another_label(policy, interpretation, &changed);
        if changed.is_empty() && is_whole {
            let is_same = |(one, other): (usize, usize)| {
                interpretation.forms.get(one) == policy.forms.get(other)
            };
            let mut figures = sentence.figures.clone().zip(least.figures.clone());
            match turned(sentence, least) {
                // 每人每年480元 may be 每人每月40元.
                Some(_) if are_of_other_rates(sentence, least) && !figures.all(is_same) => {}
                // 低于20平方米的，不得出租 says the same as 不低于20平方米的，可以出租.
                Some(_) if sentence.is_negative() != least.is_negative() => {}
                Some(turned) => found.turned.push(turned),
                None if oppose(sentence, least) => {
                    found.duties.push((said(sentence), said(least)));
                }
                None => {}
            }
        }
        for (ours, theirs) in changed {
            let lead = policy.figures.get(theirs).map(|theirs| theirs.lead.as_str());
            let is_now = |figure: &&Figure| is_now(figure, lead.unwrap_or_default());
            let Some(figure) = interpretation.figures.get(ours).filter(is_now) else {
                continue;
            };
            // 补贴标准提高100元 says nothing against 补贴标准为500元.
            let is_change = || {
                speaks_of_change(sentence) != speaks_of_change(least)
                    && policy.figures.get(theirs).is_some_and(|theirs| {
                        let next = interpretation.figures.get(ours + 1);
                        (is_by_how_much(figure, theirs) && !reaches_other(figure, next, theirs))
                            || is_by_how_much(theirs, figure)
                    })
            };
            if is_change() {
                continue;
            }
            let is_reversed = || interpretation.forms.get(ours) == policy.forms.get(theirs);
            let are_whole = sentence.is_whole && least.is_whole;
            if !are_whole && !is_reversed() && is_shortened(figure) {
                continue;
            }
            // The sentence comes behind its parts.
            let known = *places.entry(ours).or_insert(found.values.len());
            match found.values.get_mut(known) {
                Some(known) => known.is_whole |= is_whole,
                None => found.values.push(Changed { ours, theirs, is_whole }),
            }
        }
    }
    found
}

/// The figures in which two sentences of the same words differ, by value or by bound.
fn changed(
    policy: &Text<'_>,
    theirs: &Sentence,
    interpretation: &Text<'_>,
    ours: &Sentence,
) -> Vec<(usize, usize)> {
    let pairs = ours.figures.clone().zip(theirs.figures.clone());
    // 未成年人 is not 成年人, and 每季度1次 is 每年4次.
    if ours.is_negative() != theirs.is_negative() || are_of_other_rates(ours, theirs) {
        return vec![];
    }
    let is_whole = ours.is_whole && theirs.is_whole && ours.length >= SURE;
    let differ = |(one, other): &(usize, usize)| {
        let is_other = interpretation.forms.get(*one) != policy.forms.get(*other);
        let figures = interpretation.figures.get(*one).zip(policy.figures.get(*other));
        figures.is_some_and(|(one, other)| {
            // 12月20日 may be 2026年12月20日, and 一个月 30日.
            let is_other = is_other
                && !is_same(&one.value, &other.value)
                && !are_about_one(&one.value, &other.value);
            let is_of_kind = is_whole || of_kind(one) == of_kind(other);
            // Times of day are said in lists of any order: one is another if none of the sentence's is it.
            let held = policy.figures.get(theirs.figures.clone()).unwrap_or_default();
            let is_time = one.unit == CLOCK && other.unit == CLOCK;
            if is_time {
                return is_whole && !held.iter().any(|held| held.value == one.value);
            }
            let is_compared = is_compared(one) && is_compared(other) && is_of_kind;
            is_compared && (is_other || reverses(one, other))
        })
    };
    pairs.filter(differ).collect()
}

/// A period in whatever unit, or a figure's own.
fn of_kind(figure: &Figure) -> &'static str {
    let is_period = || period(&figure.value).is_some() || figure.unit == "工作日";
    if is_period() { "期" } else { kind(figure) }
}

/// Days of the week are said in lists of any order, and so are times of day.
fn is_compared(figure: &Figure) -> bool {
    ![CLOCK, WEEKDAY].contains(&figure.unit) && !figure.is_about && figure.part != Part::Former
}

/// 不超过30日 for 不少于30日
pub(super) fn reverses(one: &Figure, other: &Figure) -> bool {
    one.bound.zip(other.bound).is_some_and(|(one, other)| one != other)
}

/// Whether a sentence has a word like 提高.
fn speaks_of_change(sentence: &Sentence) -> bool {
    sentence.turns.iter().any(|held| held.turn.is_change())
}

/// Of the policy's 三年期贷款贴息30% another term with another value, 五年期贷款贴息20%, is another loan, if the policy has
/// none of that term.
fn is_of_another_label(
    policy: &Text<'_>,
    interpretation: &Text<'_>,
    changed: &[(usize, usize)],
) -> bool {
    let mut figures = changed.iter().filter_map(|(one, other)| {
        Some((interpretation.figures.get(*one)?, policy.figures.get(*other)?))
    });
    figures.any(|(figure, theirs)| {
        whose::is_of_another_label(&figure.lead, &theirs.lead, policy.document.text())
    })
}

/// Whether one denies what the other says, or allows what it asks for.
fn oppose(one: &Sentence, other: &Sentence) -> bool {
    let binds_otherwise = || {
        let [ours, theirs] = [one, other].map(|sentence| sentence.binding().collect::<Vec<_>>());
        ours.len() == theirs.len() && ours != theirs
    };
    one.is_negative() != other.is_negative()
        || (one.duties.len() == other.duties.len() && binds_otherwise())
}

fn are_of_other_rates(one: &Sentence, other: &Sentence) -> bool {
    let [ours, theirs] = [one, other].map(|sentence| {
        let turns = sentence.turns.iter().map(|held| held.turn);
        turns.filter(|turn| turn.is_rate()).collect::<Vec<_>>()
    });
    ours.len() == theirs.len() && ours != theirs
}

/// The words in which two sentences are turned against one another: 未满 for 年满, 每户 for 每人.
fn turned(one: &Sentence, other: &Sentence) -> Option<(Said, Said)> {
    let [ours, theirs] = [one, other]
        .map(|sentence| sentence.turns.iter().map(|held| held.turn).collect::<Vec<_>>());
    let at = turns::first_against(&ours, &theirs)?;
    let said = |held: &Turned| Said { word: held.word, offset: held.offset };
    Some((said(one.turns.get(at)?), said(other.turns.get(at)?)))
}

/// The word by which a sentence binds, or its beginning.
fn said(sentence: &Sentence) -> Said {
    let bound = sentence.duties.first();
    bound.map_or(Said { word: "——", offset: sentence.range.start }, |duty| Said {
        word: duty.word,
        offset: duty.offset,
    })
}
