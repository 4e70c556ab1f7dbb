//! A text as sentences and the parts between their commas, each by its words alone: without figures, bounds,
//! rates, duties and negations, which are kept beside them. So two that say the same of one thing are known,
//! whatever value, bound, rate or duty they give it.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    figures::{Figure, Gap},
    turns::{self, Turn},
};
use crate::document::{Document, Level, SELF_NAMES, Unit, is_letter, sentence_before};

/// What a word does to a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    /// 应当
    Must,
    /// 可以
    May,
    /// 不
    Not,
    /// It says neither: 以上, 的.
    Filler,
}

use Duty::{Filler, May, Must, Not};

/// Words that are kept beside a sentence's own, besides [`turns::words`]; the longest that fits is taken.
const WORDS: [(&str, Duty); 49] = [
    ("人民币", Filler),
    ("予以", Filler),
    ("给予", Filler),
    ("的", Filler),
    ("了", Filler),
    ("将", Filler),
    ("也", Filler),
    ("还", Filler),
    ("都", Filler),
    ("就", Filler),
    ("各", Filler),
    ("均", Filler),
    ("为", Filler),
    ("是", Filler),
    ("个", Filler),
    ("要", Must),
    ("不要", Not),
    ("不宜", Not),
    ("应当", Must),
    ("应该", Must),
    ("必须", Must),
    ("需要", Must),
    ("应", Must),
    ("须", Must),
    ("需", Must),
    ("可以", May),
    ("能够", May),
    ("允许", May),
    ("可", May),
    ("能", May),
    ("不得不", Must),
    ("不得", Not),
    ("不予", Not),
    ("不能", Not),
    ("不可", Not),
    ("不可以", Not),
    ("不准", Not),
    ("不必", Not),
    ("不用", Not),
    ("不需", Not),
    ("不需要", Not),
    ("无需", Not),
    ("无须", Not),
    ("不允许", Not),
    ("禁止", Not),
    ("严禁", Not),
    ("不", Not),
    ("未", Not),
    ("非", Not),
];

/// Words that only lead to what a sentence says, at its beginning: 一是, 凡, 本市.
const LEADS: [&str; 31] = [
    "一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "凡是", "凡", "即", "对于",
    "对", "同时", "今后", "现在", "另外", "此外", "其中", "明确", "规定", "只要", "如果", "本市",
    "我市", "本区", "我区", "本省", "我省", "也", "都",
];

/// What levels are counted by: 二级以上.
const LEVELS: [char; 4] = ['级', '档', '等', '星'];

/// The length of the lead that a text begins with.
fn lead(rest: &str) -> usize {
    let Some(first) = rest.chars().next() else { return 0 };
    let held = LEADS.iter().filter(|word| word.starts_with(first) && rest.starts_with(**word));
    held.map(|word| word.len()).max().unwrap_or(0)
}

/// Bytes that the words of most sentences take, so that they are not grown letter by letter.
const WORDS_BYTES: usize = 64;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| *word).chain(turns::words());
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
});

/// A word that binds, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Binding {
    pub duty: Duty,
    pub word: &'static str,
    pub offset: usize,
}

/// A word that has an opposite, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turned {
    pub turn: Turn,
    pub word: &'static str,
    pub offset: usize,
}

/// A sentence, or a part of one between commas.
#[derive(Debug, Clone, Default)]
pub(super) struct Sentence {
    /// Its letters without what is kept beside them; a figure is its kind.
    pub words: String,
    /// How many letters.
    pub length: usize,
    /// Its figures, as places in the text's list.
    pub figures: Range<usize>,
    /// Its duties and negations.
    pub duties: Vec<Binding>,
    /// Its bounds, rates and directions.
    pub turns: Vec<Turned>,
    /// Its bytes.
    pub range: Range<usize>,
    /// Whether it is one from stop to stop.
    pub is_whole: bool,
    /// Whether it is only what stands behind the colon of one.
    pub is_tail: bool,
    /// Whether it asks.
    pub is_question: bool,
    /// How often it denies: asked of a whole sentence for each of its parts.
    denials: usize,
}

impl Sentence {
    fn at(start: usize, figure: usize) -> Self {
        Self { range: start..start, figures: figure..figure, ..Self::default() }
    }

    fn push(&mut self, letter: char) {
        if self.words.is_empty() {
            self.words.reserve(WORDS_BYTES);
        }
        self.words.push(letter);
        self.length += 1;
    }

    fn push_turn(&mut self, turned: Turned) {
        self.turns.push(turned);
        // A sentence is known by 每人每月, and not by 不超过.
        self.length += if turned.turn.is_bound() { 0 } else { turned.word.chars().count() };
    }

    /// Takes in a part of it that is at its end.
    fn absorb(&mut self, part: &Self) {
        self.words.push_str(&part.words);
        self.length += part.length;
        self.duties.extend_from_slice(&part.duties);
        self.turns.extend_from_slice(&part.turns);
        if !part.figures.is_empty() {
            self.figures.end = part.figures.end;
        }
    }

    /// Whether it denies.
    pub(super) fn is_negative(&self) -> bool {
        self.denials % 2 == 1
    }

    /// What binds in it, in order.
    pub(super) fn binding(&self) -> impl Iterator<Item = Duty> {
        self.duties.iter().map(|binding| binding.duty).filter(|duty| *duty != Not)
    }
}

/// The sentences of a document and their parts, in the order of their ends; tables have none. Of a sentence
/// without commas there is no part.
pub(super) fn find(document: &Document<'_>, figures: &[Figure]) -> Vec<Sentence> {
    let mut found = vec![];
    let said = document.units().iter().filter(|unit| is_said(unit));
    for unit in said {
        let text = document.text_of(unit);
        let mark = text.find(&unit.mark).map_or(0, |at| at + unit.mark.len());
        let from = figures.partition_point(|figure| figure.range.start < unit.start);
        read(text, mark, unit.start, (figures, from), &mut found);
    }
    found
}

fn is_said(unit: &Unit) -> bool {
    unit.level == Level::Paragraph || unit.level.is_structural()
}

/// Reads a unit's text from byte `at` on; `base` is where it begins in the document, `from` its first figure.
fn read(
    text: &str,
    mut at: usize,
    base: usize,
    (figures, from): (&[Figure], usize),
    found: &mut Vec<Sentence>,
) {
    let words = FINDER.iter().flat_map(|finder| finder.find_iter(text));
    let mut words = words.peekable();
    let mut figure = from;
    // Where a bound stands behind more than its figure.
    let mut bounded: Option<(usize, Gap)> = None;
    // The whole sentence, what stands behind its last colon, and the part between two commas, which the others
    // take in where it ends.
    let mut open = [(); 3].map(|()| Sentence::at(base + at, figure));
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        while words.next_if(|word| word.start() < at).is_some() {}
        while figures.get(figure).is_some_and(|next| next.range.start < base + at) {
            figure += 1;
        }
        let [_, _, part] = &mut open;
        if let Some(next) = figures.get(figure).filter(|next| next.range.start == base + at) {
            part.push('#');
            part.figures.end = figure + 1;
            figure += 1;
            // 3至5万元: two of one place.
            while figures.get(figure).is_some_and(|more| more.range.start < next.range.end) {
                figure += 1;
            }
            at = (next.range.end - base).max(at + c.len_utf8());
            // 30日内 is 30日, and not 30日后.
            let behind = text.get(at..).unwrap_or_default();
            // The figure of （含500万元）以下 is within the gap.
            bounded = bounded
                .filter(|(end, _)| *end > at)
                .or_else(|| Gap::of(behind).map(|gap| (at + gap.len, gap)));
            // 500万元（不含）以下; of （含500万元）以下 the figure is read as one.
            let is_bare = |end: usize| {
                behind.starts_with(['（', '('])
                    && figures.get(figure).is_none_or(|next| next.range.start >= base + end)
            };
            let marked = bounded.filter(|(end, _)| is_bare(*end)).and_then(|(end, gap)| {
                let (len, word, turn) = turns::behind_gap(text.get(end..)?, gap)?;
                Some((end + len, Turned { turn, word, offset: base + at }))
            });
            if let Some((end, turned)) = marked {
                part.push_turn(turned);
                at = end;
            } else if let Some((word, turn)) = turns::behind_figure(behind) {
                part.push_turn(Turned { turn, word, offset: base + at });
                at += word.len();
            }
            continue;
        }
        let lead = if part.words.is_empty() { text.get(at..).map_or(0, lead) } else { 0 };
        if lead > 0 {
            at += lead;
            continue;
        }
        if let Some(word) = words.next_if(|word| word.start() == at) {
            let offset = base + at;
            let pattern = word.pattern().as_usize();
            match WORDS.get(pattern) {
                Some((_, Filler)) => {}
                // （不含500万元） denies nothing.
                Some((_, Not)) if bounded.is_some_and(|(bound, _)| at < bound) => {}
                Some((word, duty)) => part.duties.push(Binding { duty: *duty, word, offset }),
                None => {
                    let is_level = text.get(..at).is_some_and(|before| before.ends_with(LEVELS));
                    let bound = text.get(at..).filter(|_| is_level).and_then(turns::behind_level);
                    // 500吨/日以下
                    let behind = || {
                        let (bound, gap) =
                            bounded.filter(|(bound, _)| word.range().contains(bound))?;
                        let (_, word, turn) = turns::behind_gap(text.get(bound..)?, gap)?;
                        Some((word, turn))
                    };
                    let turn = turns::get(pattern - WORDS.len()).or(bound).or_else(behind);
                    if let Some((word, turn)) = turn {
                        part.push_turn(Turned { turn, word, offset });
                    }
                }
            }
            at = word.end();
            continue;
        }
        let end = at + c.len_utf8();
        match c {
            // 《办法》明确，…: the sentence begins behind it.
            '，' | ',' | '：' | ':' if leads_in(text, at) => {
                open = [(); 3].map(|()| Sentence::at(base + end, figure));
            }
            '，' | ',' => {
                let [whole, tail, part] = &mut open;
                whole.absorb(part);
                if tail.range.start > whole.range.start {
                    tail.absorb(part);
                }
                keep(std::mem::replace(part, Sentence::at(base + end, figure)), base + at, found);
            }
            '：' | ':' => {
                let [whole, tail, part] = &mut open;
                whole.absorb(part);
                *tail = Sentence::at(base + end, figure);
                keep(std::mem::replace(part, Sentence::at(base + end, figure)), base + at, found);
            }
            '。' | '；' | ';' | '\n' | '！' | '？' | '?' => {
                let next = [(); 3].map(|()| Sentence::at(base + end, figure));
                let is_question = matches!(c, '？' | '?');
                close(std::mem::replace(&mut open, next), base + at, is_question, found);
            }
            _ if is_letter(c) => part.push(c),
            _ => {}
        }
        at = end;
    }
    close(open, base + at, false, found);
}

/// Keeps what ends at a stop, each text once.
fn close(open: [Sentence; 3], end: usize, is_question: bool, found: &mut Vec<Sentence>) {
    let [mut whole, mut tail, part] = open.map(|sentence| Sentence { is_question, ..sentence });
    whole.absorb(&part);
    let (first, second) = (whole.range.start, tail.range.start);
    if second > first {
        tail.absorb(&part);
    }
    if part.range.start > second {
        keep(part, end, found);
    }
    if second > first {
        keep(Sentence { is_whole: true, is_tail: true, ..tail }, end, found);
    }
    keep(Sentence { is_whole: true, ..whole }, end, found);
}

fn keep(mut sentence: Sentence, end: usize, found: &mut Vec<Sentence>) {
    sentence.range.end = end;
    let denials = sentence.duties.iter().filter(|binding| binding.duty == Not);
    sentence.denials = denials.count();
    if !sentence.words.is_empty() {
        found.push(sentence);
    }
}

/// What leads on, alone.
const ALONE: [&str; 17] = [
    "其中",
    "首先",
    "其次",
    "再次",
    "最后",
    "此外",
    "同时",
    "另外",
    "具体来说",
    "具体而言",
    "也就是说",
    "换言之",
    "简单说",
    "简单来说",
    "一方面",
    "另一方面",
    "答",
];
/// What it ends with otherwise, behind one of [`BEFORE`].
const ENDS: [&str; 4] = ["如下", "即", "注意的是", "说明的是"];
const BEFORE: [&str; 14] = [
    "",
    "具体",
    "内容",
    "主要内容",
    "具体内容",
    "规定",
    "具体规定",
    "主要规定",
    "标准",
    "具体标准",
    "需要",
    "特别需要",
    "值得",
    "主要内容有",
];
/// What it ends with behind the policy's own name.
const SAID: [&str; 6] = ["明确", "规定", "指出", "要求", "提出", "明确规定"];

/// Whether what leads on may end with this character: asked of every comma.
fn may_end_lead(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '*' | '中' | '先' | '次' | '后' | '外' | '时' | '说' | '言' | '之' | '面' | '答'
        )
        || matches!(c, '下' | '即' | '是' | '确' | '定' | '出' | '求')
}

/// Whether what stands before byte `at` only leads to what follows, and says nothing of whose it is: 《办法》明确，…; 其中，…;
/// 具体规定如下：…. 邻市规定如下：… does.
fn leads_in(text: &str, at: usize) -> bool {
    const MAX: usize = 40;
    if !text.get(..at).is_some_and(|before| before.ends_with(may_end_lead)) {
        return false;
    }
    let lead = sentence_before(text, at, MAX).trim().trim_matches('*');
    let is_own_name = |before: &str| {
        let name = before.trim_start_matches(['《', '“']).trim_end_matches(['》', '”']);
        // 《条例》 and 《规定》 are mostly what the policy is grounded on.
        let is_own = name.starts_with(['本', '新'])
            || !["条例", "规定", "法", "决定", "标准", "制度"].contains(&name);
        is_own && SELF_NAMES.contains(&name.trim_start_matches(['本', '新']))
    };
    let ends = |words: &[&str], is_right: &dyn Fn(&str) -> bool| {
        words.iter().any(|word| lead.strip_suffix(word).is_some_and(is_right))
    };
    ALONE.contains(&lead)
        || ends(&ENDS, &|before| BEFORE.contains(&before))
        || ends(&SAID, &is_own_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lead_may_be_one() {
        for word in ALONE.iter().chain(&ENDS).chain(&SAID) {
            assert!(word.ends_with(may_end_lead), "{word}");
        }
    }
}
