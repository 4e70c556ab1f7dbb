//! An amount of the policy by another rate: 120元/年 of one that the policy gives 每人每月, whatever it is called.

use foldhash::HashMap;

use super::figures::{Figure, Rate};

/// Our amounts whose value the policy has by other rates alone, each with the first that it has.
pub(super) fn find(theirs: &[Figure], ours: &[Figure]) -> Vec<(usize, usize)> {
    let mut values: HashMap<&str, Vec<(usize, &Rate)>> = HashMap::default();
    for (index, figure) in amounts(theirs) {
        values.entry(figure.value.as_str()).or_default().push((index, &figure.rate));
    }
    let wrong = amounts(ours).filter_map(|(index, figure)| {
        let rivals = values.get(figure.value.as_str())?;
        let (first, _) = rivals.first()?;
        let is_other = rivals.len() <= RIVALS_MAX
            && rivals.iter().all(|(_, rival)| rival.conflicts(&figure.rate));
        is_other.then_some((index, *first))
    });
    wrong.collect()
}

/// A value that stands more often says nothing. Keeps the work linear.
const RIVALS_MAX: usize = 16;

fn amounts(figures: &[Figure]) -> impl Iterator<Item = (usize, &Figure)> {
    figures.iter().enumerate().filter(|(_, figure)| figure.unit == "元")
}
