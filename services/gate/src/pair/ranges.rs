//! Ranges of which one end is the policy's and the other is not: 500元至2000元 where the policy says 500元以上1000元以下. The
//! other end may well stand in the policy, of another range. It warns.

use foldhash::{HashMap, HashSet};

use super::{
    contradictions::is_now,
    figures::{
        Figure, Part,
        times::{CLOCK, WEEKDAY},
    },
    near::words,
    texts::{Said, Texts},
};

/// Bytes between the two ends of a range at most.
const GAP_MAX: usize = 30;
/// Ranges of one end that are compared.
const ALIKE_MAX: usize = 12;

/// The interpretation's ends of ranges, each with the policy's.
pub(super) fn find(texts: &Texts<'_>) -> Vec<(usize, usize)> {
    let (policy, ours) = (&texts.policy, &texts.interpretation);
    let theirs = ranges(policy);
    let form = |said: &Said<'_>, at: usize| said.forms.get(at).cloned().unwrap_or_default();
    let mut by_low: HashMap<String, Vec<usize>> = HashMap::default();
    let mut by_high: HashMap<String, Vec<usize>> = HashMap::default();
    let mut held = HashSet::default();
    for low in theirs {
        let ends = (form(policy, low), form(policy, low + 1));
        for (by, end) in [(&mut by_low, &ends.0), (&mut by_high, &ends.1)] {
            let alike = by.entry(end.clone()).or_default();
            if alike.len() < ALIKE_MAX {
                alike.push(low);
            }
        }
        held.insert(ends);
    }
    let mut found = vec![];
    for low in ranges(ours) {
        let ends = (form(ours, low), form(ours, low + 1));
        let (lows, highs) = (by_low.get(&ends.0), by_high.get(&ends.1));
        // 200元至5万元 may say at once what several clauses say.
        let (place, rival) = match (lows, highs) {
            (Some(lows), None) => (low + 1, nearest(texts, low, lows, 1)),
            (None, Some(highs)) => (low, nearest(texts, low, highs, 0)),
            (None, None) | (Some(_), Some(_)) => continue,
        };
        let figures =
            ours.figures.get(place).zip(rival.and_then(|rival| policy.figures.get(rival)));
        let is_plain = figures.is_some_and(|(figure, theirs)| {
            let behind = ours.document.text().get(figure.range.end..).unwrap_or_default();
            is_now(figure, &theirs.lead) && !behind.starts_with("不等")
        });
        if let Some(rival) = rival.filter(|_| is_plain && !held.contains(&ends)) {
            found.push((place, rival));
        }
    }
    found
}

/// Of the policy's ranges the one whose words are the interpretation's, as its lower or its other end.
fn nearest(texts: &Texts<'_>, low: usize, lows: &[usize], end: usize) -> Option<usize> {
    let own = words(&texts.interpretation, low);
    let shared = |rival: &usize| {
        let theirs = words(&texts.policy, *rival);
        own.iter().filter(|pair| theirs.contains(pair)).count()
    };
    let (shared, rival) = lows.iter().map(|rival| (shared(rival), *rival)).max()?;
    (shared > 0).then_some(rival + end)
}

/// The places of the lower ends of a text's ranges; the upper ones stand next to them.
fn ranges(said: &Said<'_>) -> Vec<usize> {
    // Hours are said in lists of any order, and compared elsewhere.
    let is_end = |figure: &Figure| {
        figure.part == Part::End
            && !figure.is_weak
            && !figure.is_about
            && ![CLOCK, WEEKDAY].contains(&figure.unit)
    };
    let mut found: Vec<usize> = vec![];
    for (index, pair) in said.figures.windows(2).enumerate() {
        let [low, high] = pair else { continue };
        let is_near = high.range.start.saturating_sub(low.range.end) <= GAP_MAX;
        let is_taken = found.last().is_some_and(|last| last + 1 == index);
        if is_end(low) && is_end(high) && low.unit == high.unit && is_near && !is_taken {
            found.push(index);
        }
    }
    found
}
