//! Where the policy forbids and the interpretation allows the same thing, or the one asks for what the other
//! says is not needed. Words alone cannot be sure of that: it warns, and only where both sentences are
//! plain, of one subject and of one act, and neither text says the other elsewhere.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use foldhash::HashMap;

use super::{exceptions::pairs, former::speaks_of_other, own::calls_own};
use crate::{
    document::{Document, first_chars, last_chars, sentence_before},
    titles,
};

/// What a sentence says of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    Must,
    May,
    MustNot,
    NeedNot,
}

/// Words of duty, longer ones first; those without one are others that begin alike.
const WORDS: [(&str, Option<Duty>); 24] = [
    ("不得不", None),
    ("不得", Some(Duty::MustNot)),
    ("禁止", Some(Duty::MustNot)),
    ("严禁", Some(Duty::MustNot)),
    ("不准", Some(Duty::MustNot)),
    ("不可以", Some(Duty::MustNot)),
    ("不允许", Some(Duty::MustNot)),
    ("不应当", Some(Duty::MustNot)),
    ("不再需要", Some(Duty::NeedNot)),
    ("不需要", Some(Duty::NeedNot)),
    ("不必", Some(Duty::NeedNot)),
    ("不用", Some(Duty::NeedNot)),
    ("无需", Some(Duty::NeedNot)),
    ("无须", Some(Duty::NeedNot)),
    ("可以不", Some(Duty::NeedNot)),
    ("可以", Some(Duty::May)),
    ("允许", Some(Duty::May)),
    ("准许", Some(Duty::May)),
    ("应当不", None),
    ("应当", Some(Duty::Must)),
    ("必须", Some(Duty::Must)),
    ("需要", Some(Duty::Must)),
    ("是否", None),
    ("能否", None),
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| word);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok()
});

/// Words in a sentence that make it hold for a case, another time, or nobody: 未经批准, 确需…的, 原规定.
const UNSURE: &[&str] = &[
    "未", "经", "的，", "的,", "除", "但", "如", "若", "情形", "情况", "特殊", "例外", "只有",
    "只要", "否则", "当前", "是否", "能否", "可否", "有的", "一些", "部分", "个别", "问题", "？",
    "?", "吗", "不再",
];

/// Letters of an act that are compared, and at least.
const ACT_MAX: usize = 20;
const ACT_MIN: usize = 4;
/// Letters of an act that says whom it is for.
const LONG: usize = 6;
/// Letters of a subject before the word of duty.
const SUBJECT_MAX: usize = 12;
/// Rules that begin alike and are compared.
const ALIKE_MAX: usize = 40;

/// One rule of a text.
#[derive(Debug)]
struct Rule {
    duty: Duty,
    word: Said,
    subject: String,
    act: String,
    is_plain: bool,
}

/// A word of duty and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub word: &'static str,
    pub offset: usize,
}

/// The interpretation's words that say the opposite of the policy's, with those.
pub(super) fn find_opposed(
    policy: &Document<'_>,
    interpretation: &Document<'_>,
    title: &str,
) -> Vec<(Said, Said)> {
    let (theirs, ours) = (rules(policy, title), rules(interpretation, title));
    let (of_theirs, of_ours) = (by_act(&theirs), by_act(&ours));
    let alike = |rule: &Rule, rules: &HashMap<&str, Vec<usize>>, of: &'_ [Rule]| -> Vec<usize> {
        let held = rules.get(begin(&rule.act)).into_iter().flatten().copied();
        held.filter(|index| of.get(*index).is_some_and(|other| same_act(&rule.act, &other.act)))
            .collect()
    };
    let opposed = ours.iter().filter(|rule| rule.is_plain).filter_map(|rule| {
        let rivals = alike(rule, &of_theirs, &theirs);
        let mut rivals = rivals.into_iter().filter_map(|index| theirs.get(index));
        // 可以 stands in the policy too, of another case.
        if rivals.clone().any(|rival| rival.duty == rule.duty) {
            return None;
        }
        let rival = rivals.find(|rival| {
            rival.is_plain && are_opposed(rule.duty, rival.duty) && same_subject(rule, rival)
        })?;
        // And the interpretation says elsewhere what the policy says.
        let said = alike(rule, &of_ours, &ours);
        let is_said = said
            .into_iter()
            .filter_map(|index| ours.get(index))
            .any(|other| other.duty == rival.duty);
        (!is_said).then_some((rule.word, rival.word))
    });
    opposed.collect()
}

fn are_opposed(one: Duty, other: Duty) -> bool {
    matches!(
        (one, other),
        (Duty::MustNot, Duty::May | Duty::Must)
            | (Duty::May | Duty::Must, Duty::MustNot)
            | (Duty::NeedNot, Duty::Must)
            | (Duty::Must, Duty::NeedNot)
    )
}

/// The rules of a document's clauses, in order.
fn rules(document: &Document<'_>, title: &str) -> Vec<Rule> {
    document
        .clauses()
        .flat_map(|unit| {
            let text = document.text_of(unit);
            let words = FINDER.iter().flat_map(move |finder| finder.find_iter(text));
            words.filter_map(move |found| {
                let (word, duty) = WORDS.get(found.pattern().as_usize())?;
                let at = found.start();
                let rule = rule(text, at, word, (*duty)?)?;
                let is_plain = rule.is_plain && !is_quoted_of_other(text, at, title);
                Some(Rule { word: Said { word, offset: unit.start + at }, is_plain, ..rule })
            })
        })
        .collect()
}

/// The rule around a word of duty, if its act is long enough to be known again.
fn rule(text: &str, at: usize, word: &'static str, duty: Duty) -> Option<Rule> {
    let (before, behind) = (text.get(..at)?, text.get(at + word.len()..)?);
    let behind = first_chars(behind, ACT_MAX * 2);
    let (act, rest) = behind.split_at(behind.find(ENDS).unwrap_or(behind.len()));
    let sentence = last_chars(before, ACT_MAX * 4).rsplit(['。', '；', ';', '\n', '！']).next()?;
    let subject = sentence.rsplit(ENDS).next()?;
    let letters = |text: &str, max: usize| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).take(max).collect()
    };
    let act = letters(act, ACT_MAX);
    let rest = rest.split(['。', '；', '\n']).next().unwrap_or_default();
    let is_plain = !UNSURE.iter().any(|word| sentence.contains(word))
        && !speaks_of_other(sentence)
        && !rest.contains(['？', '?', '但', '除'])
        && !act.ends_with('外');
    (act.chars().count() >= ACT_MIN).then(|| Rule {
        duty,
        word: Said { word, offset: at },
        subject: letters(subject, SUBJECT_MAX),
        act,
        is_plain,
    })
}

/// Whether byte `at` lies in what is quoted of another document: 《价格法》规定“经营者可以…”.
fn is_quoted_of_other(text: &str, at: usize, title: &str) -> bool {
    const BEFORE_MAX: usize = 80;
    let sentence = sentence_before(text, at, BEFORE_MAX);
    let quoted = sentence.rsplit_once(['“', '「']).filter(|(_, of)| !of.contains(['”', '」']));
    let named = quoted.and_then(|(lead, _)| lead.rsplit_once('》'));
    named.is_some_and(|(before, between)| {
        let named = before.rsplit('《').next().unwrap_or_default();
        !titles::is_own(title, named) && !calls_own(between, title)
    })
}

/// What ends an act or begins a subject.
const ENDS: [char; 11] = ['，', ',', '。', '；', ';', '：', '（', '）', '、', '\n', '？'];

/// The first two letters of an act: its verb.
fn begin(act: &str) -> &str {
    first_chars(act, 2)
}

fn by_act(rules: &[Rule]) -> HashMap<&str, Vec<usize>> {
    let mut by_act: HashMap<&str, Vec<usize>> = HashMap::default();
    for (index, rule) in rules.iter().enumerate() {
        let alike = by_act.entry(begin(&rule.act)).or_default();
        if alike.len() < ALIKE_MAX {
            alike.push(index);
        }
    }
    by_act
}

/// Whether two acts are one: they begin alike, and four fifths of the shorter stand in the longer.
fn same_act(one: &str, other: &str) -> bool {
    // 无需提交身份证原件 beside 应当提交身份证: a copy will do.
    const FORMS: [&str; 6] = ["原件", "复印件", "副本", "纸质", "电子", "扫描件"];
    if FORMS.iter().any(|form| one.contains(form) != other.contains(form)) {
        return false;
    }
    let (one_pairs, other_pairs) = (pairs(one), pairs(other));
    let least = one_pairs.len().min(other_pairs.len());
    begin(one) == begin(other) && one_pairs.intersection(&other_pairs).count() * 5 >= least * 4
}

/// Whether two rules bind the same: subjects share half of their pairs of letters; where one names none,
/// the acts are the same to the letter.
fn same_subject(one: &Rule, other: &Rule) -> bool {
    let (one_pairs, other_pairs) = (pairs(&one.subject), pairs(&other.subject));
    let least = one_pairs.len().min(other_pairs.len());
    if least == 0 {
        let is_long = one.act.chars().count() >= LONG || one.subject == other.subject;
        return is_long && one.act == other.act;
    }
    one_pairs.intersection(&other_pairs).count() * 2 >= least
}
