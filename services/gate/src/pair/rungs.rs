//! Steps of a scale told one by one: of 投资额达到1000万元的，奖励20万元；达到5000万元的，奖励50万元 the second is
//! 投资额达到5000万元的，奖励50万元, which has the words of the first and the figures of the second.

use foldhash::{HashMap, HashSet};

use super::{
    repeated::reverses,
    sentences::Sentence,
    texts::{Said, Texts},
};

/// Sentences that end with one value and are compared.
const ALIKE_MAX: usize = 40;
/// Figures of a sentence that is one step.
const FIGURES_MAX: usize = 12;

/// The interpretation's figures in sentences that say one of the policy's with its subject put before it.
pub(super) fn find(texts: &Texts<'_>) -> HashSet<usize> {
    let (policy, interpretation) = (&texts.policy, &texts.interpretation);
    let mut by_last: HashMap<&str, Vec<&Sentence>> = HashMap::default();
    for sentence in policy.sentences.iter().filter(|sentence| is_step(sentence)) {
        if let Some(last) = forms(policy, sentence).last() {
            let alike = by_last.entry(last).or_default();
            if alike.len() < ALIKE_MAX {
                alike.push(sentence);
            }
        }
    }
    let mut found = HashSet::default();
    for ours in interpretation.sentences.iter().filter(|sentence| is_step(sentence)) {
        let told = forms(interpretation, ours);
        let alike = told.last().and_then(|last| by_last.get(last.as_str()));
        // 一个月内违法5次: what its subject is counted within.
        let figures = interpretation.figures.get(ours.figures.clone()).unwrap_or_default();
        let weak = figures.iter().filter(|figure| figure.is_weak).count();
        // 室内温度≤18℃ for 室内温度≥18℃
        let is_reversed = |ours: &Sentence, theirs: &Sentence| {
            let figures = ours.figures.clone().zip(theirs.figures.clone());
            let figures = figures.filter_map(|(one, other)| {
                interpretation.figures.get(one).zip(policy.figures.get(other))
            });
            figures.into_iter().any(|(one, other)| reverses(one, other))
        };
        let is_told = |theirs: &&&Sentence| {
            let [our_turns, their_turns] =
                [ours, *theirs].map(|said| said.turns.iter().map(|held| held.turn));
            let more = told.len().checked_sub(theirs.figures.len());
            more.is_some_and(|more| more <= weak)
                && ours.turns.len() == theirs.turns.len()
                && ours.is_negative() == theirs.is_negative()
                && is_within(forms(policy, theirs).iter(), told.iter())
                && is_within(their_turns, our_turns)
                && is_within(theirs.words.chars(), ours.words.chars())
                && !is_reversed(ours, theirs)
        };
        if alike.into_iter().flatten().any(|theirs| is_told(&theirs)) {
            found.extend(ours.figures.clone());
        }
    }
    found
}

fn is_step(sentence: &Sentence) -> bool {
    const LETTERS_MIN: usize = 2;
    let letters = sentence.words.chars().filter(|c| *c != '#').count();
    sentence.is_whole
        && letters >= LETTERS_MIN
        && (1..=FIGURES_MAX).contains(&sentence.figures.len())
}

fn forms<'t>(text: &'t Said<'_>, sentence: &Sentence) -> &'t [String] {
    text.forms.get(sentence.figures.clone()).unwrap_or_default()
}

/// Whether all of the one stand in the other, in their order.
fn is_within<T: PartialEq>(
    one: impl Iterator<Item = T>,
    mut other: impl Iterator<Item = T>,
) -> bool {
    let mut one = one;
    one.all(|sought| other.any(|held| held == sought))
}
