//! Scores up to a bound: 75分至89分 is 75分以上不足90分, for points are counted whole; 75分至90分 is not.

use foldhash::{HashMap, HashSet};

use super::{
    contradictions::is_now,
    figures::{Figure, Part},
    texts::{Said, Texts},
};
use crate::document::{first_chars, last_chars};

/// Points that a rule holds up to, of one text.
struct Scores {
    /// The least and the first that is too many: 75分以上不足90分. Each with its figure.
    open: HashMap<(Option<u32>, u32), usize>,
    /// The least and the most.
    closed: Vec<Score>,
}

struct Score {
    low: Option<u32>,
    high: u32,
    index: usize,
    /// 60分以下 is said loosely of what 不足60分 means.
    is_loose: bool,
}

/// What is found.
#[derive(Default)]
pub(super) struct Found {
    /// Where figures begin that say what the policy says of the next point.
    pub same: HashSet<usize>,
    /// The interpretation's figures that hold a point which the policy leaves out, with the policy's.
    pub held: Vec<(usize, usize)>,
}

/// The interpretation's bounds of points.
pub(super) fn find(texts: &Texts<'_>) -> Found {
    let mut found = Found::default();
    let ours = Scores::of(&texts.interpretation);
    if ours.closed.is_empty() {
        return found;
    }
    let theirs = Scores::of(&texts.policy);
    let closed: HashSet<_> = theirs.closed.iter().map(|score| (score.low, score.high)).collect();
    for Score { low, high, index, is_loose } in &ours.closed {
        let Some(figure) = texts.interpretation.figures.get(*index) else { continue };
        if closed.contains(&(*low, *high)) {
            continue;
        }
        let next = high.checked_add(1);
        if next.is_some_and(|next| theirs.open.contains_key(&(*low, next))) {
            found.same.insert(figure.range.start);
            // 75—89分 begins with the policy's 75.
            let begin = index.checked_sub(1).filter(|_| low.is_some());
            let begin = begin.and_then(|begin| texts.interpretation.figures.get(begin));
            found.same.extend(begin.map(|begin| begin.range.start));
        } else if let Some(rival) = theirs.open.get(&(*low, *high))
            && !is_loose
            && texts.policy.figures.get(*rival).is_some_and(|rival| is_now(figure, &rival.lead))
        {
            found.held.push((*index, *rival));
        }
    }
    found
}

impl Scores {
    fn of(said: &Said<'_>) -> Self {
        let mut scores = Self { open: HashMap::default(), closed: vec![] };
        let text = said.document.text();
        for (index, figure) in said.figures.iter().enumerate() {
            let Some(high) = points(figure) else { continue };
            let before = text.get(..figure.range.start).unwrap_or_default();
            let behind = text.get(figure.range.end..).unwrap_or_default();
            let last = index.checked_sub(1).and_then(|last| said.figures.get(last));
            let low = last.and_then(|last| low_end(text, last, figure));
            if is_open(before, behind) {
                scores.open.entry((low, high)).or_insert(index);
                continue;
            }
            let is_end = figure.part == Part::End && low.is_some();
            let is_most = behind.starts_with("及以下") || behind.starts_with("（含）以下");
            let is_loose = !is_end && !is_most;
            if is_end || is_most || behind.starts_with("以下") {
                scores.closed.push(Score { low, high, index, is_loose });
            }
        }
        scores
    }
}

/// Whole points: 89分.
fn points(figure: &Figure) -> Option<u32> {
    (figure.unit == "分").then(|| figure.value.strip_suffix('分')?.parse().ok())?
}

/// The points that a range begins with: 75分以上不足90分, 75分（含）至90分, 75至89分.
fn low_end(text: &str, low: &Figure, high: &Figure) -> Option<u32> {
    const BETWEEN_MAX: usize = 30;
    const STOPS: [char; 6] = ['。', '；', ';', '\n', '为', '的'];
    let between = text.get(low.range.end..high.range.start).unwrap_or_default();
    let is_range =
        low.part == Part::End && high.part == Part::End || between.contains(['上', '至']);
    let is_near = between.len() <= BETWEEN_MAX && !between.contains(STOPS);
    points(low).filter(|_| is_near && is_range)
}

/// Whether points are those that are too many: 不足90分, 90分（不含）.
fn is_open(before: &str, behind: &str) -> bool {
    const BEFORE: [&str; 7] = ["不足", "低于", "未满", "不满", "未达到", "小于", "少于"];
    const NOT: [&str; 2] = ["不", "不得"];
    const MAX: usize = 8;
    let before = last_chars(before, MAX);
    let is_less = BEFORE.iter().find_map(|word| before.strip_suffix(word));
    let behind = first_chars(behind, MAX);
    let behind = behind.strip_prefix("以下").unwrap_or(behind);
    is_less.is_some_and(|before| !NOT.iter().any(|not| before.ends_with(not)))
        || behind.starts_with("（不含")
        || behind.starts_with("(不含")
}
