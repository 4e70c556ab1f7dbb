//! Which unit of the later text is which of the earlier one: first those that say the same, in order,
//! then the same elsewhere, then what is alike, then what stands at the same place.

use std::collections::{HashMap, HashSet, VecDeque};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::words::Said;
use crate::document::{Document, Level, Unit};

/// A text to be compared, without page furniture and contents lists.
#[derive(Debug)]
pub(super) struct Side<'d> {
    pub document: &'d Document<'d>,
    pub items: Vec<Item<'d>>,
    by_path: HashMap<&'d str, usize>,
}

/// A unit and what it says.
#[derive(Debug)]
pub(super) struct Item<'d> {
    pub unit: &'d Unit,
    pub said: Said<'d>,
    /// From 1.
    pub line: usize,
}

impl<'d> Side<'d> {
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        let mut items = vec![];
        let mut line = 1;
        for unit in document.units() {
            let text = document.text_of(unit);
            if !matches!(unit.level, Level::Noise | Level::Contents) {
                items.push(Item { unit, said: Said::of(unit, text), line });
            }
            line += text.matches('\n').count();
        }
        let by_path = items.iter().enumerate().map(|(at, item)| (item.unit.path.as_str(), at));
        let by_path = by_path.collect();
        Self { document, items, by_path }
    }

    /// The item of this path.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }
}

/// Pairs of units, by their places in both texts.
#[derive(Debug)]
pub(super) struct Aligned {
    before: Vec<Option<usize>>,
    /// Whether each unit of the later text keeps its place in the order.
    keeps: Vec<bool>,
    is_kept: Vec<bool>,
}

impl Aligned {
    /// What a unit of the later text was before.
    pub(super) fn before(&self, after: usize) -> Option<usize> {
        self.before.get(after).copied().flatten()
    }

    /// Whether it keeps its place in the order of the pairs.
    pub(super) fn keeps_order(&self, after: usize) -> bool {
        self.keeps.get(after).is_some_and(|keeps| *keeps)
    }

    /// Whether a unit of the earlier text is in the later one.
    pub(super) fn is_kept(&self, before: usize) -> bool {
        self.is_kept.get(before).is_some_and(|is_kept| *is_kept)
    }
}

pub(super) fn align(old: &Side<'_>, new: &Side<'_>) -> Aligned {
    let mut pairs =
        Pairs { before: vec![None; new.items.len()], is_kept: vec![false; old.items.len()] };
    pair_same(old, new, &mut pairs);
    pair_alike(old, new, &mut pairs);
    for (after, item) in new.items.iter().enumerate() {
        if let Some(before) = old.find(&item.unit.path) {
            pairs.add(before, after);
        }
    }
    let keeps = keep_order(old, new, &pairs.before);
    Aligned { before: pairs.before, keeps, is_kept: pairs.is_kept }
}

struct Pairs {
    before: Vec<Option<usize>>,
    is_kept: Vec<bool>,
}

impl Pairs {
    /// Makes a pair, unless one of the two is paired.
    fn add(&mut self, before: usize, after: usize) {
        if let (Some(is_kept), Some(slot)) =
            (self.is_kept.get_mut(before), self.before.get_mut(after))
            && !*is_kept
            && slot.is_none()
        {
            *is_kept = true;
            *slot = Some(before);
        }
    }

    fn is_open(&self, after: usize) -> bool {
        self.before.get(after).is_some_and(Option::is_none)
    }
}

/// What makes two units the same: what they say; where that is nothing, their place.
fn key<'i>(item: &'i Item<'_>) -> (&'i str, &'i str) {
    match item.said.key.as_str() {
        "" => ("", &item.unit.path),
        key => (key, ""),
    }
}

/// Pairs what says the same: first in order, so that of clauses that say the same each finds its own;
/// then wherever it went.
fn pair_same(old: &Side<'_>, new: &Side<'_>, pairs: &mut Pairs) {
    let [then, now] = [old, new].map(|side| side.items.iter().map(key).collect::<Vec<_>>());
    for op in capture_diff_slices(Algorithm::Myers, &then, &now) {
        if matches!(op, DiffOp::Equal { .. }) {
            op.old_range().zip(op.new_range()).for_each(|(one, other)| pairs.add(one, other));
        }
    }
    let mut left: HashMap<_, VecDeque<usize>> = HashMap::new();
    for (before, key) in then.iter().enumerate() {
        if pairs.is_kept.get(before).is_some_and(|is_kept| !is_kept) {
            left.entry(key).or_default().push_back(before);
        }
    }
    for (after, key) in now.iter().enumerate() {
        if pairs.is_open(after)
            && let Some(before) = left.get_mut(key).and_then(VecDeque::pop_front)
        {
            pairs.add(before, after);
        }
    }
}

/// Units an n-gram may stand in before it says nothing about which. Keeps the work linear.
const COMMON: usize = 12;
/// Two units below this share too little to be one, per mille of their n-grams.
const LIKENESS_MIN: usize = 400;
/// What the same path counts, per mille: of two that are alike, the one that stayed.
const SAME_PATH: usize = 150;
/// How many candidates of each unit are looked at closely.
const CANDIDATES: usize = 3;

type Grams = HashSet<[char; 3]>;

/// The three-character sequences of a text; of a shorter one, itself.
fn grams(said: &Said<'_>) -> Grams {
    let letters: Vec<char> = said.key.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.windows(3).filter_map(|window| <[char; 3]>::try_from(window).ok()).collect()
}

/// Pairs what is alike, the likest first.
fn pair_alike(old: &Side<'_>, new: &Side<'_>, pairs: &mut Pairs) {
    let open = |side: &Side<'_>, is_open: &dyn Fn(usize) -> bool| -> Vec<(usize, Grams)> {
        let items = side.items.iter().enumerate().filter(|(at, _)| is_open(*at));
        items.map(|(at, item)| (at, grams(&item.said))).collect()
    };
    let then = open(old, &|at| pairs.is_kept.get(at).is_some_and(|is_kept| !is_kept));
    let now = open(new, &|at| pairs.is_open(at));
    let mut index: HashMap<[char; 3], Vec<usize>> = HashMap::new();
    for (place, (_, grams)) in then.iter().enumerate() {
        for gram in grams {
            let held = index.entry(*gram).or_default();
            // One more than counts, so that it is known to be common.
            if held.len() <= COMMON {
                held.push(place);
            }
        }
    }
    let place_of: HashMap<usize, usize> =
        then.iter().enumerate().map(|(place, (before, _))| (*before, place)).collect();
    let mut scored = vec![];
    for (after, grams) in &now {
        let same_path = new.items.get(*after).and_then(|item| old.find(&item.unit.path));
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for place in
            grams.iter().filter_map(|g| index.get(g)).filter(|h| h.len() <= COMMON).flatten()
        {
            *shared.entry(*place).or_default() += 1;
        }
        let mut candidates: Vec<(usize, usize)> = shared.into_iter().collect();
        candidates.sort_unstable_by_key(|(place, count)| (usize::MAX - count, *place));
        let stayed = same_path.and_then(|before| place_of.get(&before)).copied();
        let looked_at = candidates.into_iter().take(CANDIDATES).map(|(place, _)| place);
        for place in looked_at.chain(stayed) {
            let Some((before, theirs)) = then.get(place) else { continue };
            let likeness = likeness(theirs, grams);
            if likeness >= LIKENESS_MIN {
                let bonus = if same_path == Some(*before) { SAME_PATH } else { 0 };
                scored.push((usize::MAX - likeness - bonus, *before, *after));
            }
        }
    }
    scored.sort_unstable();
    for (_, before, after) in scored {
        pairs.add(before, after);
    }
}

/// What two share of what both have, per mille.
fn likeness(one: &Grams, other: &Grams) -> usize {
    let (few, many) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let shared = few.iter().filter(|gram| many.contains(*gram)).count();
    shared * 2000 / (one.len() + other.len()).max(1)
}

/// Of the pairs the longest run in the order of both texts, those that kept their path counted twice:
/// everything else moved. The best run up to each unit of the earlier text is held in a Fenwick tree,
/// so that it takes n log n.
fn keep_order(old: &Side<'_>, new: &Side<'_>, before: &[Option<usize>]) -> Vec<bool> {
    // How much a run counts, and where it ends in the later text.
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); old.items.len() + 1];
    let mut runs: Vec<Option<usize>> = vec![None; before.len()];
    for (after, item) in new.items.iter().enumerate() {
        let Some(before) = before.get(after).copied().flatten() else { continue };
        let (mut count, mut last) = (0, None);
        let mut at = before;
        while at > 0 {
            if let Some(run) = best.get(at).filter(|run| run.0 > count) {
                (count, last) = *run;
            }
            at &= at - 1;
        }
        if let Some(slot) = runs.get_mut(after) {
            *slot = last;
        }
        count += if old.find(&item.unit.path) == Some(before) { 2 } else { 1 };
        let mut at = before + 1;
        while let Some(run) = best.get_mut(at) {
            if run.0 < count {
                *run = (count, Some(after));
            }
            at += at & at.wrapping_neg();
        }
    }
    let mut keeps = vec![false; before.len()];
    let mut next = best.iter().max_by_key(|run| run.0).and_then(|run| run.1);
    while let Some(after) = next {
        if let Some(slot) = keeps.get_mut(after) {
            *slot = true;
        }
        next = runs.get(after).copied().flatten();
    }
    keeps
}
