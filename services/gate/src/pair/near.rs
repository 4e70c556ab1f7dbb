//! The place of the policy that a figure's clause is nearest to by its words, where that gives another value of one
//! kind: 不超过15个工作日 of a step for which the policy has 10. Words are chosen freely, so it warns.

mod lists;
mod sentences;

use std::{borrow::Cow, cell::LazyCell, ops::Range};

use foldhash::{HashMap, HashSet};

use super::{
    contradictions::{Known, is_difference, is_now, is_same, kind},
    examples,
    figures::{
        Figure, Part, are_about_one,
        times::{CLOCK, WEEKDAY},
    },
    former::speaks_in_doubt,
    increments::is_by_how_much,
    rare::{Places, Rare},
    sentences::Sentence,
    texts::{Said, Texts},
};
use crate::document::{first_chars, is_alphabetic, last_chars};

/// Characters before and behind a figure in which its clause is looked for.
const AROUND_MAX: usize = 60;
/// Pairs of letters of a clause that say of what it is; one with fewer takes in the clause before it.
const OWN_MIN: usize = 2;
/// Figures beside one that may stand in its clause.
const BESIDE_MAX: usize = 6;
/// Pairs that both clauses share at least: for a value that the policy lacks, and for one that it has elsewhere.
const LACKING_MIN: usize = 2;
const HELD_MIN: usize = 3;
/// So many are enough where they are two of five.
const MANY_MIN: usize = 4;
/// How many more than with any clause that has the value.
const MARGIN: usize = 2;

/// What parts clauses, and sentences.
const STOPS: [char; 15] =
    ['，', ',', '；', ';', '：', ':', '。', '（', '）', '(', ')', '\n', '|', '？', '！'];
const ENDS: [char; 6] = ['。', '；', ';', '\n', '？', '！'];

/// Words of a clause that tells what was done, or of how a document came to be: 已改造642个, 2026年9月22日印发.
const TOLD: [&str; 9] = ["已", "累计", "截至", "以来", "去年", "上年", "现有", "共有", "目前"];

/// Characters before a figure that opens its clause: 自, 从, 一、
const OPENS_MAX: usize = 2;

/// What stands right behind a figure and belongs to it.
const BOUNDS: [&str; 12] =
    ["以上", "以下", "以内", "之内", "以前", "以后", "之前", "之后", "内", "前", "起", "后"];
/// Letters that say nothing of what a clause is about.
const FILLERS: [char; 7] = ['的', '了', '是', '为', '将', '各', '要'];

/// Long names and what they are mostly called.
const SHORT: [(&str, &str); 13] = [
    ("最低生活保障", "低保"),
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("社会保障卡", "社保卡"),
    ("社会保险", "社保"),
    ("医疗保险", "医保"),
    ("医疗保障", "医保"),
    ("农业农村局", "农业局"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("住房公积金", "公积金"),
    ("千瓦时", "度"),
    ("十五分钟", "刻钟"),
];

/// Two letters side by side.
pub(super) type Letters = (char, char);

/// The interpretation's figures with the policy's that stands in the clause nearest to theirs; none of those that are
/// `said` to contradict it. The policy lacks those that are `missing`.
pub(super) fn find(
    texts: &Texts<'_>,
    known: &Known<'_>,
    said: &[(usize, usize)],
    missing: &HashSet<usize>,
) -> Vec<(usize, usize)> {
    let (policy, ours) = (&texts.policy, &texts.interpretation);
    let forms =
        |(one, other): &(usize, usize)| Some((ours.forms.get(*one)?, policy.forms.get(*other)?));
    // Of two that changed places, one is named.
    let exchanged: HashSet<(&String, &String)> = said.iter().filter_map(forms).collect();
    let said: HashSet<usize> = said.iter().map(|(one, _)| *one).collect();
    let index = LazyCell::new(|| Index::of(policy));
    let sentences = LazyCell::new(|| sentences::Index::of(policy));
    let lists = lists::find(texts);
    let mut found = vec![];
    let mut named = HashSet::default();
    for (at, figure) in ours.figures.iter().enumerate() {
        let text = ours.document.text();
        // What is quoted is asked for word by word.
        let is_quoted = figure.lead.rfind('“') > figure.lead.rfind('”');
        let is_apart = is_quoted || is_of_document(text, figure) || is_counted(ours, at);
        if said.contains(&at) || is_apart {
            continue;
        }
        let is_missing = missing.contains(&at);
        let by_clause = || index.nearest(figure, &words(ours, at), is_missing);
        let by_clause = if is_compared(figure) { by_clause() } else { None };
        let by_sentence = || if is_missing { None } else { sentences.nearest(ours, at) };
        let by_list = lists.get(&at).copied();
        let rival =
            by_list.or(by_clause).or_else(by_sentence).filter(|_| speaks_plainly(ours, figure));
        let Some(rival) = rival else { continue };
        let Some(theirs) = policy.figures.get(rival) else { continue };
        let is_exchanged =
            || forms(&(at, rival)).is_some_and(|(one, other)| exchanged.contains(&(other, one)));
        let is_given = || is_given_beside(ours, at, (theirs, &self::words(policy, rival)));
        // 从2026年7月1日起 tells of no change.
        let begins = figure.unit.is_empty() && figure.label == "从";
        let is_past = if begins {
            !is_now(figure, &theirs.lead)
        } else {
            known.is_of_another_time(figure, &theirs.lead)
        };
        if !is_past
            && (by_list.is_some() || !is_given() && !is_exchanged())
            && !are_of_two(figure, theirs)
            && !is_by_how_much(figure, theirs)
            && !are_days_apart(&figure.value, &theirs.value)
            && named.insert((figure.value.as_str(), rival))
        {
            found.push((at, rival));
        }
    }
    found
}

/// Shares of the interpretation that are the rest of the policy's: 个人负担10% of 政府负担90%.
pub(super) fn find_rests(texts: &Texts<'_>, missing: &HashSet<usize>) -> HashSet<usize> {
    const WORDS: [&str; 6] = ["个人", "自付", "自己", "自负", "只需", "只要"];
    const ALIKE_MAX: usize = 12;
    let (policy, ours) = (&texts.policy, &texts.interpretation);
    let mut by_form: HashMap<&str, Vec<usize>> = HashMap::default();
    for (index, form) in policy.forms.iter().enumerate().filter(|(_, form)| form.ends_with('%')) {
        let alike = by_form.entry(form).or_default();
        if alike.len() < ALIKE_MAX {
            alike.push(index);
        }
    }
    let rest = |at: usize| -> Option<String> {
        let share: f64 = ours.forms.get(at)?.strip_suffix('%')?.parse().ok()?;
        Some(format!("{}%", 100.0 - share))
    };
    let is_rest = |at: &usize| {
        let figure = ours.figures.get(*at);
        let asks = figure.is_some_and(|figure| WORDS.iter().any(|word| figure.lead.contains(word)));
        let alike = rest(*at).filter(|_| asks).and_then(|rest| by_form.get(rest.as_str()));
        let own = words(ours, *at);
        let mut alike = alike.into_iter().flatten().map(|index| words(policy, *index));
        alike.any(|theirs| own.iter().filter(|pair| theirs.contains(pair)).count() >= LACKING_MIN)
    };
    missing.iter().copied().filter(is_rest).collect()
}

/// Days of the week and times are said in lists of any order, and what was or is told as an example is none of the
/// policy's.
fn is_compared(figure: &Figure) -> bool {
    !figure.is_weak
        && !figure.is_about
        && figure.part != Part::Former
        && !is_difference(figure)
        && !figure.label.contains("分别")
        // 每月15日前 is a day, and no period.
        && (figure.unit != "日" || !figure.lead.ends_with("每月"))
        && ![CLOCK, WEEKDAY].contains(&figure.unit)
        && (!figure.unit.is_empty() || figure.value.ends_with(['日', '月']))
}

/// Whether the one is of men and the other of women.
fn are_of_two(one: &Figure, other: &Figure) -> bool {
    let is_of = |figure: &Figure, sex: char| figure.label.contains(sex);
    ['男', '女'].iter().any(|sex| is_of(one, *sex) != is_of(other, *sex))
}

/// Whether two days have neither their year nor their month and day in common: a slip changes one of them.
fn are_days_apart(one: &str, other: &str) -> bool {
    one.split_once('年').zip(other.split_once('年')).is_some_and(|((year, day), (of, their))| {
        year.len() == 4 && of.len() == 4 && year != of && (day != their || day.is_empty())
    })
}

/// The day on which a document is issued or in force: others ask for it.
fn is_of_document(text: &str, figure: &Figure) -> bool {
    const WORDS: [&str; 8] = ["施行", "执行", "实施", "印发", "公布", "废止", "有效", "生效"];
    const MAX: usize = 16;
    let behind = first_chars(text.get(figure.range.end..).unwrap_or_default(), MAX);
    let behind = behind.split(['。', '；', '\n']).next().unwrap_or_default();
    let words = WORDS.iter().filter(|word| **word != "公布" || figure.value.contains('年'));
    figure.unit.is_empty()
        && words.into_iter().any(|word| behind.contains(word) || figure.lead.contains(word))
}

/// 80周岁以上的老年人有5名 counts those.
fn is_counted(said: &Said<'_>, at: usize) -> bool {
    let Some((figure, next)) = said.figures.get(at).zip(said.figures.get(at + 1)) else {
        return false;
    };
    let gap = said.document.text().get(figure.range.end..next.range.start);
    gap.is_some_and(|gap| gap.ends_with(['有', '共']) && !gap.contains(STOPS))
}

fn speaks_plainly(ours: &Said<'_>, figure: &Figure) -> bool {
    let sentence = ours.sentence_of(figure);
    let whole = sentence.map_or("", |sentence| ours.around(sentence, figure.range.start));
    let clause = figure.lead.rsplit(['，', ',']).next().unwrap_or_default();
    !TOLD.iter().any(|word| clause.contains(word))
        && !sentence.is_some_and(|sentence: &Sentence| sentence.is_question)
        && !speaks_in_doubt(whole)
        && !examples::tells(ours.document.text(), figure.range.start)
}

/// Whether the sentence gives the policy's value too, in some of its `words`.
fn is_given_beside(ours: &Said<'_>, at: usize, (theirs, words): (&Figure, &[Letters])) -> bool {
    let Some(figure) = ours.figures.get(at) else { return false };
    let text = ours.document.text();
    let is_near = |(_, other): &(usize, &Figure)| {
        let (one, next) = if other.range.start < figure.range.start {
            (other.range.end, figure.range.start)
        } else {
            (figure.range.end, other.range.start)
        };
        text.get(one..next).is_none_or(|gap| !gap.contains(['。', '\n']))
    };
    let beside = ours.figures.iter().enumerate().skip(at.saturating_sub(BESIDE_MAX));
    let beside = beside.take(BESIDE_MAX * 2).filter(|(index, _)| *index != at);
    let mut same = beside
        .filter(is_near)
        .filter(|(_, other)| kind(other) == kind(theirs) && is_same(&other.value, &theirs.value));
    same.any(|(index, _)| {
        let own = self::words(ours, index);
        own.len() < LACKING_MIN
            || own.iter().filter(|pair| words.contains(pair)).count() >= LACKING_MIN
    })
}

/// The policy's figures by the letters of their clauses.
struct Index<'t> {
    policy: &'t Said<'t>,
    by_letters: Rare<(&'static str, Letters)>,
}

impl<'t> Index<'t> {
    fn of(policy: &'t Said<'_>) -> Self {
        let mut by_letters = Rare::default();
        // 三次 of the policy is no word of course: 每人每年最多享受三次.
        let is_held = |figure: &Figure| {
            is_compared(figure)
                || (figure.is_weak && figure.is_count() && figure.part != Part::Former)
        };
        let compared = policy.figures.iter().enumerate().filter(|(_, figure)| is_held(figure));
        for (index, figure) in compared {
            for letters in words(policy, index) {
                by_letters.add((kind(figure), letters), index);
            }
        }
        Self { policy, by_letters }
    }

    /// The figure in the clause that shares most of these words, if that is one, has another value than `figure`, and
    /// none of its value is near.
    fn nearest(&self, figure: &Figure, words: &[Letters], is_missing: bool) -> Option<usize> {
        let mut shared: HashMap<usize, usize> = HashMap::default();
        let mut count = 0;
        for letters in words {
            let held = self.by_letters.get(&(kind(figure), *letters));
            if held.as_ref().is_some_and(Places::are_common) {
                continue;
            }
            count += 1;
            for index in held.into_iter().flatten() {
                *shared.entry(index).or_default() += 1;
            }
        }
        let of = |index: &usize| self.policy.figures.get(*index);
        let is_own = |index: &usize| {
            of(index).is_some_and(|theirs| {
                is_same(&theirs.value, &figure.value) || are_about_one(&theirs.value, &figure.value)
            })
        };
        let own = shared.iter().filter(|(index, _)| is_own(index)).map(|(_, shared)| *shared).max();
        let own = own.unwrap_or_default();
        let others = || shared.iter().filter(|(index, _)| !is_own(index));
        let (index, most) =
            others().max_by_key(|(index, shared)| (**shared, usize::MAX - **index))?;
        let theirs = of(index)?;
        // Two clauses as near say nothing.
        let is_one = others().all(|(other, shared)| {
            shared < most || of(other).is_some_and(|other| other.value == theirs.value)
        });
        let least = if is_missing { LACKING_MIN } else { HELD_MIN };
        let is_half =
            most * 2 >= count || (is_missing && *most >= MANY_MIN && most * 5 >= count * 2);
        let is_near = *most >= least && is_half && (own == 0 || *most >= own + MARGIN);
        let agrees = theirs.rate.agrees(&figure.rate) && theirs.part == figure.part;
        (is_one && is_near && agrees).then_some(*index)
    }
}

/// The pairs of letters of the clause that a figure stands in, its own and others' figures left out, each once; of a
/// short one, or behind a case (对结果有异议的，), with those of the clause before it.
pub(super) fn words(said: &Said<'_>, at: usize) -> Vec<Letters> {
    let Some(figure) = said.figures.get(at) else { return vec![] };
    if figure.row > 0 {
        return letters([figure.label.as_str()].into_iter());
    }
    let text = said.document.text();
    let before = text.get(..figure.range.start).unwrap_or_default();
    let before = last_chars(before, AROUND_MAX).rsplit(ENDS).next().unwrap_or_default();
    let rest = text.get(figure.range.end..).unwrap_or_default();
    let rest = first_chars(rest, AROUND_MAX).split(ENDS).next().unwrap_or_default();
    let behind = BOUNDS.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    // 6月8日：民办学校电脑派位
    let is_led = |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '|');
    let lead = before.trim_end_matches(is_led);
    let mut clauses = lead.rsplit(STOPS);
    let own_before = clauses.next().unwrap_or_default();
    let opens = own_before.chars().nth(OPENS_MAX).is_none();
    let behind = if opens { behind.trim_start_matches(is_led) } else { behind };
    let own_behind = behind.split(STOPS).next().unwrap_or_default();
    let end_before = figure.range.start - (before.len() - lead.len());
    let start_behind = figure.range.end + (rest.len() - behind.len());
    let own =
        [end_before - own_before.len()..end_before, start_behind..start_behind + own_behind.len()];
    let own = apart(said, at, own);
    let mut found = letters(own.into_iter().flat_map(|part| without_figures(said, at, part)));
    // 从2026年7月1日起，按…核定
    if found.is_empty() && opens {
        found = letters(behind.split(STOPS).skip(1).take(1));
    }
    if let Some(case) = clauses.next().filter(|case| !case.contains(char::is_numeric))
        && (found.len() < OWN_MIN || case.ends_with('的'))
    {
        found.extend(letters([case].into_iter()));
        found.sort_unstable();
        found.dedup();
    }
    found
}

/// The clause before and behind a figure, as far as they are not another's of its kind: 合同3年以上、社保满6个月.
fn apart(said: &Said<'_>, at: usize, own: [Range<usize>; 2]) -> [Range<usize>; 2] {
    let [mut before, mut behind] = own;
    let Some(figure) = said.figures.get(at).filter(|figure| figure.part != Part::End) else {
        return [before, behind];
    };
    let is_alike = |other: &&Figure| kind(other) == kind(figure);
    let last = at.checked_sub(1).and_then(|last| said.figures.get(last)).filter(is_alike);
    if let Some(last) = last.filter(|last| before.contains(&last.range.end)) {
        before.start = last.range.end;
    }
    let next = said.figures.get(at + 1).filter(is_alike);
    if let Some(next) = next.filter(|next| behind.contains(&next.range.start)) {
        let text = said.document.text().get(behind.start..next.range.start).unwrap_or_default();
        behind.end = behind.start + text.rfind(['、', '和', '及']).unwrap_or(text.len());
    }
    [before, behind]
}

/// A part of a text as what stands between the figures in it.
fn without_figures<'t>(said: &'t Said<'_>, at: usize, part: Range<usize>) -> Vec<&'t str> {
    let beside = said.figures.iter().skip(at.saturating_sub(BESIDE_MAX)).take(BESIDE_MAX * 2);
    let text = said.document.text();
    let mut from = part.start;
    let mut found = vec![];
    for figure in beside.filter(|figure| part.contains(&figure.range.start)) {
        found.extend(text.get(from..figure.range.start));
        from = from.max(figure.range.end);
    }
    found.extend(text.get(from..part.end));
    found
}

/// Adds the pairs of letters that stand side by side.
pub(super) fn push_pairs(words: &str, is_letter: impl Fn(char) -> bool, found: &mut Vec<Letters>) {
    found.reserve(words.len() / '的'.len_utf8());
    let mut last = None;
    for c in words.chars() {
        let letter = is_letter(c).then_some(c);
        found.extend(last.zip(letter));
        last = letter;
    }
}

/// The pairs of letters of some words, each once.
pub(super) fn letters<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Letters> {
    let mut found = vec![];
    for words in words {
        let mut words = Cow::Borrowed(words);
        for (long, short) in SHORT {
            if words.contains(long) {
                words = words.replace(long, short).into();
            }
        }
        push_pairs(&words, |c| is_alphabetic(c) && !FILLERS.contains(&c), &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found
}
