//! Values that are perhaps of another place, number, total or year than the policy's: each way of looking warns,
//! and a figure is named once.

use foldhash::HashSet;

use super::{
    Pair, around, changes, contradictions, counts, linked, moved, ranges, rated::Rated, relative,
    swapped::Swapped, texts::Texts, totals,
};

/// The interpretation's figures that are, each with the policy's; none of those that are `said` to
/// contradict it already. `pairs` are the policy's pairs of characters.
pub(super) fn find<'p>(
    pair: &Pair<'_>,
    texts: &Texts<'_>,
    said: &HashSet<usize>,
    (swapped, rated, held): (&[Swapped], &[Rated], &[(usize, usize)]),
    pairs: impl Fn() -> &'p HashSet<(char, char)>,
) -> Vec<(usize, usize)> {
    let (policy, interpretation) = (pair.policy, pair.interpretation);
    let [theirs, ours] = [&texts.policy, &texts.interpretation].map(|said| said.figures.as_slice());
    let around = around::find(texts);
    let counted = counts::find((policy.text(), theirs), (interpretation.text(), ours)).into_iter();
    let counted = counted
        .filter(|(one, _)| ours.get(*one).is_some_and(|one| contradictions::is_now(one, "")));
    let found = moved::find(theirs, ours)
        .into_iter()
        .chain(linked::find((policy, theirs), (interpretation, ours), pair.stated))
        .chain(counted)
        .chain(totals::find(theirs, ours, pairs))
        .chain(ranges::find(texts))
        .chain(relative::find_other_year(theirs, ours, interpretation.text()))
        .chain(swapped.iter().map(|swapped| (swapped.ours, swapped.theirs)))
        .chain(changes::find(&texts.policy, &texts.interpretation))
        .chain(around.reversed)
        .chain(around.moved)
        .chain(held.iter().copied())
        .chain(rated.iter().map(|rated| (rated.ours, rated.theirs)));
    let mut named = said.clone();
    found.filter(|(one, _)| named.insert(*one)).collect()
}
