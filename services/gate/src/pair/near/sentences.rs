//! The sentence of the policy that holds most of the rarer words around a figure, where its clause alone says too
//! little: 打完疫苗15天内到派出所登记 of 自犬只免疫之日起三十日内，到公安派出所办理养犬登记. A value that the policy has of something
//! else is a slip there.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::{HashMap, HashSet};

use super::{
    super::{
        contradictions::{is_same, kind},
        figures::{Figure, Part, are_about_one},
        former::REACHED,
        rare::Rare,
        texts::Said,
    },
    BESIDE_MAX, ENDS, FILLERS, Letters, SHORT, STOPS, push_pairs,
};
use crate::document::{first_chars, is_alphabetic, is_numeral, last_chars};

/// Characters of a sentence before and behind a figure.
const AROUND_MAX: usize = 60;
/// Clauses on each side of a figure, its own with them.
const CLAUSES: usize = 2;
/// What a pair of letters weighs that stands around one figure of the policy; around more, each has its part of it.
const WHOLE: usize = 60;
/// What those of a sentence weigh together at least, those of any with the value at most, and how much more they weigh
/// than those of the next value's.
const WEIGHT_MIN: usize = WHOLE * 5 / 2;
const OWN_MAX: usize = WHOLE / 2;
const MARGIN: usize = WHOLE;
/// The same where none of them stands in the figure's own clause.
const MARGIN_BESIDE: usize = WHOLE * 3 / 2;
/// How many there are at least.
const SHARED_MIN: usize = 3;
/// And in the own clause of a number that is as good as a word: 两次.
const OWN_WEAK_MIN: usize = 2;

/// Plain words and the policy's for the same.
const PLAIN: [(&str, &str); 10] = [
    ("没有", "未"),
    ("报销", "支付"),
    ("封顶线", "限额"),
    ("起付线", "起付标准"),
    ("空置", "闲置"),
    ("免疫", "疫苗"),
    ("打款", "拨付"),
    ("处罚", "罚"),
    ("被罚", "罚"),
    ("不到", "不足"),
];
/// Words of any clause.
const SAID_OF_ALL: [&str; 36] = [
    "应当", "可以", "以上", "以下", "以内", "之内", "不超", "超过", "不少", "少于", "不低", "低于",
    "不高", "高于", "不得", "之日", "日起", "最高", "最低", "最多", "最少", "至少", "至多", "上年",
    "每年", "个月", "每人", "每户", "及以", "规定", "其他", "按照", "进行", "内不", "年内", "日内",
];

/// The policy's figures by the letters of their sentences.
pub(super) struct Index<'t> {
    policy: &'t Said<'t>,
    by_letters: Rare<(&'static str, Letters)>,
}

/// How near a sentence is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Near {
    weight: usize,
    shared: usize,
    /// Of the figure's own clause.
    own: usize,
}

impl<'t> Index<'t> {
    pub(super) fn of(policy: &'t Said<'_>) -> Self {
        let mut by_letters = Rare::default();
        let mut last: Option<(Range<usize>, Vec<Letters>)> = None;
        for (index, figure) in policy.figures.iter().enumerate().filter(|(_, f)| is_held(f)) {
            let sentence = sentence(policy, figure);
            // Figures of one sentence share its letters.
            let known = last.take().filter(|(range, _)| figure.row == 0 && *range == sentence);
            let letters = known.map_or_else(|| of_sentence(policy, figure, &sentence), |(_, l)| l);
            for letters in &letters {
                by_letters.add((kind(figure), *letters), index);
            }
            last = (figure.row == 0).then_some((sentence, letters));
        }
        Self { policy, by_letters }
    }

    /// The figure whose sentence is nearest to what stands around one of the interpretation's, if it has another value.
    pub(super) fn nearest(&self, ours: &Said<'_>, at: usize) -> Option<usize> {
        let figure = ours.figures.get(at).filter(|figure| is_asked(ours, figure))?;
        let (own, all) = around(ours, at, figure);
        let mut near: HashMap<usize, Near> = HashMap::default();
        for letters in &all {
            let held = self.by_letters.get(&(kind(figure), *letters));
            let Some(held) = held.filter(|held| !held.are_common()) else { continue };
            let weight = WHOLE / held.count;
            for index in held {
                let near = near.entry(index).or_default();
                near.weight += weight;
                near.shared += 1;
                near.own += usize::from(own.contains(letters));
            }
        }
        let of = |index: &usize| self.policy.figures.get(*index);
        let is_own = |theirs: &Figure| {
            is_same(&theirs.value, &figure.value) || are_about_one(&theirs.value, &figure.value)
        };
        let (own, others): (Vec<_>, Vec<_>) = near
            .iter()
            .filter_map(|(index, near)| Some((*index, of(index)?, *near)))
            .partition(|(_, theirs, _)| is_own(theirs));
        let own = own.iter().map(|(_, _, near)| near.weight).max().unwrap_or_default();
        let (rival, theirs, most) =
            others.iter().max_by_key(|(index, _, near)| (*near, usize::MAX - *index))?;
        let next = others.iter().filter(|(_, other, _)| other.value != theirs.value);
        let next = next.map(|(_, _, near)| near.weight).max().unwrap_or_default();
        let margin = most.weight - next.min(most.weight);
        let is_beside = own == 0 && margin >= MARGIN_BESIDE;
        let is_near = most.weight >= WEIGHT_MIN
            && most.shared >= SHARED_MIN
            && own <= OWN_MAX
            && margin >= MARGIN
            && (most.own > 0 || is_beside)
            && (most.own >= OWN_WEAK_MIN || !is_word(figure));
        let agrees = theirs.rate.agrees(&figure.rate) && theirs.part == figure.part;
        (is_near && agrees && !is_said_beside(ours, at, theirs)).then_some(*rival)
    }
}

/// Whether the sentence of a figure gives the policy's value too: 全省不低于25万元，我市定为30万元.
fn is_said_beside(ours: &Said<'_>, at: usize, theirs: &Figure) -> bool {
    let text = ours.document.text();
    let start = ours.figures.get(at).map_or(0, |figure| figure.range.start);
    let beside = ours.figures.iter().enumerate().skip(at.saturating_sub(BESIDE_MAX));
    let mut beside = beside.take(BESIDE_MAX * 2).filter(|(index, _)| *index != at);
    beside.any(|(_, other)| {
        let (one, next) = (start.min(other.range.start), start.max(other.range.start));
        let gap = text.get(one..next).unwrap_or("。");
        kind(other) == kind(theirs)
            && is_same(&other.value, &theirs.value)
            && !gap.contains(['。', '；', '\n'])
    })
}

/// Counts and periods too that are as good as words: 两次, 一年. Days and times are compared otherwise, and 十四届 is
/// named by its number.
fn is_held(figure: &Figure) -> bool {
    let is_year = figure.unit == "年" && figure.value.len() > "100年".len();
    !figure.unit.is_empty()
        && ![super::CLOCK, super::WEEKDAY, "届"].contains(&figure.unit)
        && figure.part != Part::Former
        && !is_year
}

fn is_asked(ours: &Said<'_>, figure: &Figure) -> bool {
    const BEHIND_MAX: usize = 16;
    const PERIOD: [char; 8] = ['的', '内', '以', '之', '前', '期', '不', '后'];
    let behind = ours.document.text().get(figure.range.end..).unwrap_or_default();
    let behind = first_chars(behind, BEHIND_MAX).split(ENDS).next().unwrap_or_default();
    // 一年就是60立方米, 只有一年
    let is_loose = || {
        figure.is_weak
            && figure.bound.is_none()
            && is_period(figure)
            && (behind.starts_with(char::is_alphabetic) && !behind.starts_with(PERIOD)
                || figure.lead.ends_with("只有"))
    };
    // 2027年 names the row of a yearly table.
    let is_of_year = || {
        let row = figure.label.get(..figure.row).unwrap_or_default();
        row.split_once('年').is_some_and(|(year, _)| year.parse::<u16>().is_ok())
    };
    is_held(figure)
        && !is_loose()
        && !is_of_year()
        && !figure.is_about
        && !figure.lead.ends_with('每')
        && !figure.lead.contains("误区")
        && !super::is_difference(figure)
        // 上限为100万元，这次提高到200万元
        && !REACHED.iter().any(|word| behind.contains(word))
        && (figure.unit != "日" || !figure.lead.ends_with("每月"))
}

fn is_period(figure: &Figure) -> bool {
    ["年", "月数"].contains(&figure.unit)
}

/// 两次, 1次: what is said of much that is no figure.
fn is_word(figure: &Figure) -> bool {
    let is_one = figure.value.strip_suffix(figure.unit) == Some("1");
    (figure.is_weak || (is_one && figure.is_count())) && figure.bound.is_none()
}

/// The sentence around a figure, or its cell of a table.
fn sentence(said: &Said<'_>, figure: &Figure) -> Range<usize> {
    const CELL: char = '|';
    let text = said.document.text();
    let before = last_chars(text.get(..figure.range.start).unwrap_or_default(), AROUND_MAX);
    let before = before.rsplit(ENDS).next().unwrap_or_default();
    let before = before.rsplit(CELL).next().unwrap_or_default();
    let behind = first_chars(text.get(figure.range.end..).unwrap_or_default(), AROUND_MAX);
    let behind = behind.split(ENDS).next().unwrap_or_default();
    let behind = behind.split(CELL).next().unwrap_or_default();
    figure.range.start - before.len()..figure.range.end + behind.len()
}

fn of_sentence(said: &Said<'_>, figure: &Figure, sentence: &Range<usize>) -> Vec<Letters> {
    if figure.row > 0 {
        return letters([figure.label.as_str(), figure.lead.as_str()].into_iter());
    }
    let text = said.document.text();
    let parts = [sentence.start..figure.range.start, figure.range.end..sentence.end];
    letters(parts.into_iter().filter_map(|part| text.get(part)))
}

/// The letters of a figure's own clause, and those of the clauses beside it too, as far as no other figure of its kind
/// stands between.
fn around(said: &Said<'_>, at: usize, figure: &Figure) -> (Vec<Letters>, Vec<Letters>) {
    if figure.row > 0 {
        let own = letters([figure.label.as_str()].into_iter());
        return (own.clone(), letters([figure.label.as_str(), figure.lead.as_str()].into_iter()));
    }
    let text = said.document.text();
    let mut sentence = sentence(said, figure);
    let is_alike = |other: &&Figure| kind(other) == kind(figure) && is_held(other);
    let before = said.figures.get(..at).unwrap_or_default().iter().rev();
    let before = before.take_while(|other| other.range.end > sentence.start).find(is_alike);
    sentence.start = before.map_or(sentence.start, |last| last.range.end.min(figure.range.start));
    let next = said.figures.get(at + 1..).unwrap_or_default().iter();
    let next = next.take_while(|other| other.range.start < sentence.end).find(is_alike);
    if let Some(next) = next {
        let gap = text.get(figure.range.end..next.range.start).unwrap_or_default();
        let end = gap.rfind(STOPS).max(gap.rfind(['、', '和', '及'])).unwrap_or_default();
        sentence.end = figure.range.end + end;
    }
    let before = text.get(sentence.start..figure.range.start).unwrap_or_default();
    let behind = text.get(figure.range.end..sentence.end).unwrap_or_default();
    let clauses = |count: usize| {
        letters(before.rsplit(STOPS).take(count).chain(behind.split(STOPS).take(count)))
    };
    (clauses(1), clauses(CLAUSES))
}

/// The pairs of letters of some words as policies write them, each once.
fn letters<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Letters> {
    static WRITTEN: LazyLock<(Option<AhoCorasick>, Vec<&str>)> = LazyLock::new(|| {
        let (said, written): (Vec<_>, Vec<_>) = SHORT.iter().chain(&PLAIN).copied().unzip();
        let found = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(said);
        (found.ok(), written)
    });
    static OF_ALL: LazyLock<HashSet<Letters>> = LazyLock::new(|| {
        let pairs = SAID_OF_ALL.iter().filter_map(|word| {
            let mut letters = word.chars();
            Some((letters.next()?, letters.next()?))
        });
        pairs.collect()
    });
    let (written, of_all) = (&*WRITTEN, &*OF_ALL);
    let is_letter = |c: char| is_alphabetic(c) && !is_numeral(c) && !FILLERS.contains(&c);
    let mut found = vec![];
    for words in words {
        let words = match &written.0 {
            Some(said) if said.is_match(words) => said.replace_all(words, &written.1).into(),
            _ => std::borrow::Cow::Borrowed(words),
        };
        push_pairs(&words, is_letter, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|pair| !of_all.contains(pair));
    found
}
