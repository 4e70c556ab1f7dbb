//! Clauses in the policy's own words that are of another place: 南三环以内 for 南二环以内, 西城区居民 for 东城区居民. Nothing
//! but the words around tells a place, so it warns.

use std::ops::Range;

use foldhash::{HashMap, HashSet};

use super::{
    former::{speaks_in_doubt, speaks_of_other},
    told::names_other,
};
use crate::document::{Document, is_letter, is_numeral, sentence_before};

/// Letters of a clause that is compared, and those that two have in common at least.
const LENGTH: std::ops::RangeInclusive<usize> = 7..=80;
const COMMON_MIN: usize = 6;
/// Letters of a place's name that are changed at most.
const NAME_MAX: usize = 4;
/// Letters by which clauses are looked up, from either end, and those that are compared with one.
const KEY: usize = 4;
const ALIKE_MAX: usize = 16;
/// Characters before a clause that may say that it is of another time.
const BEFORE_MAX: usize = 60;

const DIRECTIONS: [char; 4] = ['东', '南', '西', '北'];
/// What stands behind a direction or before it where it is one of a place: 东城, 城东, 以东.
const BEHIND_DIRECTION: [char; 10] = ['城', '部', '区', '岸', '片', '环', '侧', '路', '街', '门'];
const BEFORE_DIRECTION: [&str; 4] = ["城", "以", "路", "江"];
/// What is counted where it is a place: 二环, 三楼, 1号线.
const COUNTED: [&str; 3] = ["环", "楼", "号线"];
/// What places end with.
const ENDS: [&str; 14] =
    ["大道", "街道", "社区", "新区", "片区", "路", "街", "镇", "乡", "村", "区", "县", "江", "河"];
/// Words that only begin so.
const NO_ENDS: [&str; 14] = [
    "区域", "区级", "区分", "区间", "县级", "镇级", "村民", "村级", "乡村", "路段", "路线", "路灯",
    "街区", "河道",
];

/// A clause by its letters, and where they stand.
struct Clause {
    letters: Vec<char>,
    at: Vec<usize>,
}

/// Where a place of the interpretation stands, and the policy's in whose stead it does.
pub(super) fn find(
    policy: &Document<'_>,
    interpretation: &Document<'_>,
    title: &str,
) -> Vec<[Range<usize>; 2]> {
    let theirs = clauses(policy);
    let known: HashSet<&[char]> = theirs.iter().map(|clause| clause.letters.as_slice()).collect();
    let mut by_end: HashMap<(bool, &[char]), Vec<&Clause>> = HashMap::default();
    for clause in &theirs {
        for key in keys(clause) {
            let alike = by_end.entry(key).or_default();
            if alike.len() < ALIKE_MAX {
                alike.push(clause);
            }
        }
    }
    let text = interpretation.text();
    let ours = clauses(interpretation);
    let fresh = ours.iter().filter(|clause| !known.contains(clause.letters.as_slice()));
    let found = fresh.filter_map(|ours| {
        let mut alike = keys(ours).filter_map(|key| by_end.get(&key)).flatten();
        let (range, of, rival) = alike.find_map(|theirs| {
            let (ours, of) = other_place(&ours.letters, &theirs.letters)?;
            Some((ours, of, theirs))
        })?;
        let start = *ours.at.first()?;
        let end = *ours.at.last()?;
        let said = text.get(start - sentence_before(text, start, BEFORE_MAX).len()..end)?;
        let is_plain = !speaks_of_other(said)
            && !speaks_in_doubt(said)
            && !names_other(said, title)
            && !text.get(end..)?.chars().nth(1).is_some_and(|stop| ['？', '?'].contains(&stop));
        is_plain.then_some([ours.shown(&range), rival.shown(&of)])
    });
    found.collect()
}

/// The clauses of a text's units, without their marks.
fn clauses(document: &Document<'_>) -> Vec<Clause> {
    let units = document.units().iter();
    let clauses = units.flat_map(|unit| {
        let text = document.text_of(unit);
        let begin = text.find(&unit.mark).map_or(0, |at| at + unit.mark.len());
        clauses_of(text.get(begin..).unwrap_or_default(), unit.start + begin)
    });
    clauses.collect()
}

fn clauses_of(text: &str, mut base: usize) -> impl Iterator<Item = Clause> {
    let parts = text.split_inclusive(is_stop);
    let clauses = parts.filter_map(move |part| {
        let start = base;
        base += part.len();
        part.contains(is_mark).then(|| {
            let count = part.len() / '路'.len_utf8();
            let (mut letters, mut at) = (Vec::with_capacity(count), Vec::with_capacity(count));
            for (place, c) in part.char_indices().filter(|(_, c)| is_letter(*c)) {
                letters.push(c);
                at.push(start + place);
            }
            Clause { letters, at }
        })
    });
    clauses.filter(|clause| LENGTH.contains(&clause.letters.len()))
}

/// What parts clauses.
fn is_stop(c: char) -> bool {
    matches!(c, '，' | ',' | '。' | '；' | ';' | '：' | ':' | '\n' | '？' | '?' | '|')
}

/// Letters of which each place has one: those of all that is said above of places. Clauses without are not compared.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '东' | '南'
            | '西'
            | '北'
            | '环'
            | '楼'
            | '线'
            | '道'
            | '区'
            | '街'
            | '路'
            | '镇'
            | '乡'
            | '村'
            | '县'
            | '江'
            | '河'
    )
}

/// What a clause begins and ends with.
fn keys(clause: &Clause) -> impl Iterator<Item = (bool, &[char])> {
    let first = clause.letters.get(..KEY).map(|key| (true, key));
    let last = clause.letters.get(clause.letters.len().saturating_sub(KEY)..);
    first.into_iter().chain(last.map(|key| (false, key)))
}

/// The letters of the one that stand for others in the other, if both are places.
fn other_place(ours: &[char], theirs: &[char]) -> Option<(Range<usize>, Range<usize>)> {
    let same = ours.iter().zip(theirs).take_while(|(one, other)| one == other).count();
    let rest = ours.iter().rev().zip(theirs.iter().rev());
    let rest = rest.take(ours.len().min(theirs.len()) - same);
    let rest = rest.take_while(|(one, other)| one == other).count();
    let (range, of) = (same..ours.len() - rest, same..theirs.len() - rest);
    let is_common = same + rest >= COMMON_MIN;
    let [one, other] = [(ours, &range), (theirs, &of)].map(|(of, range)| of.get(range.clone()));
    let (one, other) = one.zip(other)?;
    let behind: String = ours.get(range.end..)?.iter().take(3).collect();
    let is_name = |name: &[char]| (2..=NAME_MAX).contains(&name.len());
    let ends = |name: &[char]| {
        let name: String = name.iter().collect();
        ENDS.iter().any(|end| name.len() > end.len() && name.ends_with(end))
    };
    let are_names = is_name(one)
        && is_name(other)
        && (is_end(&behind) || (ends(one) && ends(other)))
        && is_common;
    let is_moved = ours.len() == theirs.len() && turned(ours, theirs);
    (are_names || is_moved).then_some((range, of))
}

/// Whether what stands behind a name makes it that of a place.
fn is_end(behind: &str) -> bool {
    ENDS.iter().any(|end| behind.starts_with(end))
        && !NO_ENDS.iter().any(|word| behind.starts_with(word))
}

/// Whether all letters in which two clauses differ are directions or numerals of places.
fn turned(ours: &[char], theirs: &[char]) -> bool {
    let differ = ours.iter().zip(theirs).enumerate().filter(|(_, (one, other))| one != other);
    let (mut count, mut are_places) = (0, true);
    for (at, (one, other)) in differ {
        count += 1;
        let behind: String = ours.get(at + 1..).unwrap_or_default().iter().take(2).collect();
        let before: String =
            ours.get(..at).unwrap_or_default().iter().skip(at.saturating_sub(1)).collect();
        let is_direction = DIRECTIONS.contains(one)
            && DIRECTIONS.contains(other)
            && (behind.starts_with(BEHIND_DIRECTION)
                || BEFORE_DIRECTION.contains(&before.as_str()));
        let is_counted = is_numeral(*one)
            && is_numeral(*other)
            && COUNTED.iter().any(|word| behind.starts_with(word));
        are_places &= is_direction || is_counted;
    }
    are_places && (1..=NAME_MAX).contains(&count) && ours.len() - count >= COMMON_MIN
}

impl Clause {
    /// Letters of it with those around, so that it can be told what was changed.
    fn shown(&self, range: &Range<usize>) -> Range<usize> {
        let from = range.start.saturating_sub(2);
        let last = (range.end + 1).min(self.at.len() - 1);
        let [start, end] = [from, last].map(|at| self.at.get(at).copied().unwrap_or_default());
        let letter = self.letters.get(last).map_or(0, |letter| letter.len_utf8());
        start..end + letter
    }
}
