//! The policy's own words in quotation marks, with a word of them changed. What is compared nowhere else (不超过
//! beside 不少于) is certain here: all the rest is the policy's, to the letter.

use std::{collections::HashMap, ops::Range};

use lockstep_proto::finding::Finding;

use super::{Pair, cap};
use crate::{
    codes::{self, At as _},
    document::first_chars,
    titles,
};

/// Letters and digits of a quotation that is looked at: shorter ones are names and catchwords.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=200;
/// Characters by which a quotation's place in the policy is found.
const SEED: usize = 4;
/// Places in the policy that one quotation is held against at most.
const PLACES_MAX: usize = 16;
/// Characters that are changed at most, on either side.
const CHANGE_MAX: usize = 4;

/// What turns a rule into another when it stands for one another, or for nothing.
const OPPOSED: [[&str; 2]; 22] = [
    ["超过", "少于"],
    ["超过", "低于"],
    ["高于", "低于"],
    ["高于", "少于"],
    ["多于", "少于"],
    ["大于", "小于"],
    ["高", "低"],
    ["多", "少"],
    ["大", "小"],
    ["上", "下"],
    ["内", "外"],
    ["前", "后"],
    ["应当", "可以"],
    ["应当", "不得"],
    ["不得", "可以"],
    ["必须", "可以"],
    ["应", "不"],
    ["不", ""],
    ["不得", ""],
    ["未", ""],
    ["非", ""],
    ["有", "无"],
];

/// Words of a sentence whose quotation is of another time or is spoken of as changed.
const OTHERS: [&str; 14] = [
    "原",
    "旧",
    "此前",
    "以前",
    "过去",
    "修改",
    "修订",
    "改为",
    "调整",
    "删",
    "征求意见",
    "草案",
    "建议",
    "误",
];

/// A text's letters and digits, and where each begins.
struct Letters {
    chars: Vec<char>,
    at: Vec<usize>,
}

impl Letters {
    fn of(text: &str, base: usize) -> Self {
        let letters = text.char_indices().filter(|(_, c)| c.is_alphanumeric());
        let (at, chars) = letters.map(|(at, c)| (base + at, c)).unzip();
        Self { chars, at }
    }
}

/// TS145: it blocks where the change turns the rule, or a number of it, into another.
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let title = pair.policy.metadata().title.unwrap_or_else(|| pair.metadata.title.clone());
    let quotations = quotations(pair.interpretation.text(), &title);
    if quotations.is_empty() {
        return vec![];
    }
    let policy = Letters::of(pair.policy.text(), 0);
    let mut places: HashMap<&[char], Vec<usize>> = HashMap::new();
    for (at, seed) in policy.chars.windows(SEED).enumerate() {
        let known = places.entry(seed).or_default();
        if known.len() < PLACES_MAX {
            known.push(at);
        }
    }
    let changed = quotations.into_iter().filter_map(|quotation| {
        let found = places.get(quotation.chars.get(..SEED)?)?.iter();
        let changes = found.map(|at| Change::of(&quotation, &policy, *at));
        // None where one of the places has it to the letter.
        let changes: Vec<Change> =
            changes.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        let change =
            changes.into_iter().min_by_key(|change| change.ours.len() + change.theirs.len())?;
        Some((quotation, change))
    });
    cap(changed.map(|(quotation, change)| {
        let (ours, theirs) =
            (change.shown(&quotation, &change.ours), change.shown(&policy, &change.theirs));
        let is_sure = change.is_sure(&quotation, &policy);
        let at = quotation.at.get(change.ours.start).copied().unwrap_or_default();
        let there = policy.at.get(change.theirs.start).copied().unwrap_or_default();
        move || {
            let (line, _) = pair.policy.place(there);
            let detail = format!("{ours} ≠ {theirs}（{}:{line}）", pair.policy_path);
            let (line, column) = pair.interpretation.place(at);
            let finding = codes::MISQUOTED.about(detail).in_member(pair.interpretation_path);
            let finding = finding.at_place(line, column);
            if is_sure { finding } else { finding.into_warning() }
        }
    }))
}

/// What stands between quotation marks, where nothing says that it is another's or of another time.
fn quotations(text: &str, own: &str) -> Vec<Letters> {
    const MARKS: [[char; 2]; 2] = [['“', '”'], ['「', '」']];
    let mut found = vec![];
    let mut base = 0;
    for line in text.split_inclusive('\n') {
        let mut named =
            line.split('《').skip(1).map(|rest| rest.split('》').next().unwrap_or_default());
        let is_own = named.all(|named| titles::is_own(own, named));
        for [open, close] in MARKS.into_iter().filter(|_| is_own) {
            let mut at = 0;
            while let Some(start) = line.get(at..).and_then(|rest| rest.find(open)) {
                let start = at + start + open.len_utf8();
                let rest = line.get(start..).unwrap_or_default();
                let Some(length) = rest.find(close) else { break };
                let letters = Letters::of(rest.get(..length).unwrap_or_default(), base + start);
                if LENGTH.contains(&letters.chars.len())
                    && !is_of_other_time(line, start, start + length)
                {
                    found.push(letters);
                }
                at = start + length;
            }
        }
        base += line.len();
    }
    found
}

/// Whether the words around a quotation say that it is another's, or no longer or not yet so.
fn is_of_other_time(line: &str, start: usize, end: usize) -> bool {
    const BEFORE: usize = 60;
    const BEHIND: usize = 12;
    let before = line.get(..start).unwrap_or_default();
    let floor = before.char_indices().rev().take(BEFORE).last().map_or(0, |(at, _)| at);
    let before = before.get(floor..).unwrap_or_default();
    let before = before.rsplit(['。', '；']).next().unwrap_or_default();
    let behind = first_chars(line.get(end..).unwrap_or_default(), BEHIND);
    OTHERS.iter().any(|word| before.contains(word) || behind.contains(word))
}

/// What a quotation has in place of what the policy has, by their letters.
struct Change {
    ours: Range<usize>,
    theirs: Range<usize>,
}

impl Change {
    /// The one change by which a quotation is what the policy says from a place on. Outer `None` where it is the
    /// same, inner where more differs.
    #[expect(clippy::option_option, reason = "nothing changed is another answer than no likeness")]
    fn of(quotation: &Letters, policy: &Letters, at: usize) -> Option<Option<Self>> {
        let ours = &quotation.chars;
        let theirs = policy.chars.get(at..).unwrap_or_default();
        let same = ours.iter().zip(theirs).take_while(|(one, other)| one == other).count();
        if same == ours.len() {
            return None;
        }
        let spans =
            (0..=CHANGE_MAX).flat_map(|one| (0..=CHANGE_MAX).map(move |other| (one, other)));
        let mut spans: Vec<(usize, usize)> = spans.filter(|span| *span != (0, 0)).collect();
        spans.sort_by_key(|(one, other)| one + other);
        let fits = |(one, other): &(usize, usize)| {
            let tail = ours.get(same + one..).unwrap_or_default();
            !tail.is_empty()
                && theirs.get(same + other..).is_some_and(|rest| rest.starts_with(tail))
        };
        let Some((one, other)) = spans.into_iter().find(fits) else { return Some(None) };
        // What is left must be enough to be the policy's own words.
        if (ours.len() - one) < *LENGTH.start() - 2 || one * 2 > ours.len() {
            return Some(None);
        }
        Some(Some(Self { ours: same..same + one, theirs: at + same..at + same + other }))
    }

    /// The words around, so that it can be told what was changed.
    fn shown(&self, of: &Letters, range: &Range<usize>) -> String {
        const AROUND: usize = 4;
        let _ = self;
        let range = range.start.saturating_sub(AROUND)..(range.end + AROUND).min(of.chars.len());
        of.chars.get(range).unwrap_or_default().iter().collect()
    }

    /// Whether it turns the rule into another: by an opposite, a negation, a number in figures.
    fn is_sure(&self, quotation: &Letters, policy: &Letters) -> bool {
        let word = |of: &Letters, range: &Range<usize>| -> String {
            of.chars.get(range.clone()).unwrap_or_default().iter().collect()
        };
        let (one, other) = (word(quotation, &self.ours), word(policy, &self.theirs));
        let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
        let are_opposed = OPPOSED.iter().any(|pair| {
            *pair == [one.as_str(), other.as_str()] || *pair == [other.as_str(), one.as_str()]
        });
        are_opposed || (is_number(&one) && is_number(&other))
    }
}
