//! Values that are perhaps of another place, number, total or year than the policy's: each way of looking warns,
//! and a figure is named once.

use std::collections::HashSet;

use super::{
    Pair, contradictions, counts, exchanged, figures::Figure, linked, moved, relative, totals,
};

/// The interpretation's figures that are, each with the policy's; none of those that are `said` to
/// contradict it already. `pairs` are the policy's pairs of characters.
pub(super) fn find<'p>(
    pair: &Pair<'_>,
    (theirs, ours): (&[Figure], &[Figure]),
    said: &HashSet<usize>,
    pairs: impl Fn() -> &'p HashSet<(char, char)>,
) -> Vec<(usize, usize)> {
    let (policy, interpretation) = (pair.policy, pair.interpretation);
    // Of two that changed places, one is named.
    let exchanged = exchanged::find(theirs, ours).into_iter();
    let exchanged = exchanged.filter(|(one, _)| !said.contains(&(one + 1)));
    let counted = counts::find((policy.text(), theirs), (interpretation.text(), ours)).into_iter();
    let counted = counted.filter(|(one, _)| ours.get(*one).is_some_and(contradictions::is_now));
    let found = exchanged
        .chain(moved::find(theirs, ours))
        .chain(linked::find((policy, theirs), (interpretation, ours), pair.stated))
        .chain(counted)
        .chain(totals::find(theirs, ours, pairs))
        .chain(relative::find_other_year(theirs, ours, interpretation.text()));
    let mut named = said.clone();
    found.filter(|(one, _)| named.insert(*one)).collect()
}
