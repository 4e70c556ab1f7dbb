//! A share of another total: 占户籍人口的30% for 占常住人口的30%. Totals are called freely, so only what is plainly
//! another one is found, and it warns.

use foldhash::{HashMap, HashSet};

use super::{exceptions::pairs, figures::Figure};

/// Shares of one value that are compared.
const ALIKE_MAX: usize = 40;
/// Characters of a name by which two totals are of one kind: 常住人口 and 户籍人口.
const HEAD: usize = 2;
/// What stands before a total: 占, 按照, 不超过, 不低于, 达到, 为.
const BEFORE: [char; 12] = ['占', '按', '照', '过', '于', '达', '到', '为', '是', '以', '予', '的'];

/// The interpretation's shares whose value the policy has only of other totals, with one of those;
/// `theirs` are the policy's pairs of characters.
pub(super) fn find<'p>(
    policy: &[Figure],
    interpretation: &[Figure],
    theirs: impl Fn() -> &'p HashSet<(char, char)>,
) -> Vec<(usize, usize)> {
    let mut by_value: HashMap<&str, Vec<usize>> = HashMap::default();
    for (index, figure) in policy.iter().enumerate().filter(|(_, figure)| figure.unit == "%") {
        let alike = by_value.entry(&figure.value).or_default();
        if alike.len() < ALIKE_MAX {
            alike.push(index);
        }
    }
    let shares = interpretation.iter().enumerate().filter(|(_, figure)| figure.unit == "%");
    let other = shares.filter_map(|(index, figure)| {
        let ours = total(figure)?;
        let alike = by_value.get(figure.value.as_str())?;
        let totals: Option<Vec<_>> =
            alike.iter().map(|index| Some((*index, total(policy.get(*index)?)?))).collect();
        // A share of which the policy does not say the total may be of ours.
        let totals =
            totals.filter(|totals| !totals.iter().any(|(_, total)| are_one(ours, total)))?;
        let is_of_policy = pairs(ours).is_subset(theirs());
        let rival = totals.iter().find(|(_, total)| is_of_policy || head(ours) == head(total))?;
        Some((index, rival.0))
    });
    other.collect()
}

/// What a share is of: 常住人口 in 占常住人口的30%.
fn total(figure: &Figure) -> Option<&str> {
    let name = figure.label.strip_suffix('的')?;
    let name = name.rsplit(BEFORE).next()?;
    (name.chars().count() >= HEAD).then_some(name)
}

/// Whether two names may be of one total: half of the shorter one's pairs of characters are in the other.
fn are_one(one: &str, other: &str) -> bool {
    let (one, other) = (pairs(one), pairs(other));
    one.intersection(&other).count() * 2 >= one.len().min(other.len())
}

fn head(name: &str) -> Vec<char> {
    name.chars().rev().take(HEAD).collect()
}
