//! What a change begins from: 由60万元提高到75万元, where the policy says 由65万元提高到75万元. Other texts may have begun from another
//! value, so it warns.

use foldhash::HashMap;

use super::{
    figures::{Figure, Part},
    texts::Said,
};

/// Changes to one value that are compared.
const ALIKE_MAX: usize = 40;

/// The interpretation's former values of which the policy has another for the same new one.
pub(super) fn find(policy: &Said<'_>, interpretation: &Said<'_>) -> Vec<(usize, usize)> {
    let mut by_new: HashMap<&str, Vec<usize>> = HashMap::default();
    for (former, new) in changes(policy) {
        let alike = by_new.entry(new).or_default();
        if alike.len() < ALIKE_MAX {
            alike.push(former);
        }
    }
    let wrong = changes(interpretation).filter_map(|(ours, new)| {
        let alike = by_new.get(new)?;
        let unit = |of: &Said<'_>, index: usize| of.figures.get(index).map(|figure| figure.unit);
        let is_same = |theirs: &usize| policy.forms.get(*theirs) == interpretation.forms.get(ours);
        let rival =
            alike.iter().find(|theirs| unit(policy, **theirs) == unit(interpretation, ours))?;
        (!alike.iter().any(is_same)).then_some((ours, *rival))
    });
    wrong.collect()
}

/// Former values, each with the new one.
fn changes<'s>(said: &'s Said<'_>) -> impl Iterator<Item = (usize, &'s str)> {
    let is_former = |figure: &Figure| figure.part == Part::Former;
    let formers = said.figures.iter().enumerate().filter(move |(_, figure)| is_former(figure));
    formers.filter_map(|(index, _)| Some((index, said.forms.get(index + 1)?.as_str())))
}
