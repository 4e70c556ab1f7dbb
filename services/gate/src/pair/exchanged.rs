//! Two values of a sentence that changed places: 市级60%，区级40% for 市级40%，区级60%. That the names are of
//! one thing cannot be sure where they are shortened, so it warns.

use std::collections::HashMap;

use super::figures::{Figure, Part};

/// Characters at the beginning of what is said of a figure that say whose it is.
const KEY: usize = 2;
/// Neighbours with the same two values that are compared.
const ALIKE_MAX: usize = 20;

/// The interpretation's figures that have what the policy gives to their neighbours, with the policy's
/// figure for them.
pub(super) fn find(policy: &[Figure], interpretation: &[Figure]) -> Vec<(usize, usize)> {
    let mut by_values: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, pair) in policy.windows(2).enumerate() {
        let held = values(pair).map(|values| by_values.entry(values).or_default());
        if let Some(held) = held.filter(|held| held.len() < ALIKE_MAX) {
            held.push(index);
        }
    }
    let exchanged = interpretation.windows(2).enumerate().filter_map(|(at, ours)| {
        let [first, second] = ours else { return None };
        let keys = [key(first)?, key(second)?];
        let mut agrees = false;
        let mut rival = None;
        for index in by_values.get(&values(ours)?)? {
            let Some([one, other]) = policy.get(*index..*index + 2) else { continue };
            let (one_said, other_said) = (said(one), said(other));
            let are = |first: &str, second: &str| {
                first.contains(&keys[0])
                    && second.contains(&keys[1])
                    && !first.contains(&keys[1])
                    && !second.contains(&keys[0])
            };
            let is_same_order = one.value == first.value;
            // Whose the first value is in the policy.
            let (of_first, of_second) =
                if is_same_order { (one_said, other_said) } else { (other_said, one_said) };
            agrees |= are(of_first, of_second);
            if are(of_second, of_first) {
                rival = Some(if is_same_order { *index + 1 } else { *index });
            }
        }
        rival.filter(|_| !agrees).map(|rival| (at, rival))
    });
    exchanged.collect()
}

/// The kind and both values of two neighbours in a sentence, the lesser first.
fn values(pair: &[Figure]) -> Option<(&str, &str, &str)> {
    let [first, second] = pair else { return None };
    let is_near = second.lead.starts_with(&first.lead) && second.lead.len() > first.lead.len();
    let is_plain = |figure: &Figure| {
        !figure.is_weak && figure.part == Part::Alone && figure.row == 0 && !figure.unit.is_empty()
    };
    let differ = first.value != second.value && first.unit == second.unit;
    let (one, other) = (first.value.as_str(), second.value.as_str());
    (is_near && differ && is_plain(first) && is_plain(second))
        .then(|| (first.unit, one.min(other), one.max(other)))
}

/// What the sentence says right before a figure.
fn said(figure: &Figure) -> &str {
    figure.lead.rsplit(['，', ',', '、', '：', ':', '；']).next().unwrap_or_default()
}

/// 市级 of 市级承担, 硕士 of 对硕士给予
fn key(figure: &Figure) -> Option<String> {
    let said = said(figure).trim_start_matches(['对', '由', '其', '中']);
    let key: String = said.chars().filter(|c| c.is_alphabetic()).take(KEY).collect();
    (key.chars().count() == KEY).then_some(key)
}
