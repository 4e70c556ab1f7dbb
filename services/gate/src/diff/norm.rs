//! Whether a change touches a norm: anything that binds people otherwise than before. Punctuation and
//! plain typing errors do not; whatever else is changed does, for a machine cannot know better.

use std::sync::LazyLock;

use serde::Serialize;

use super::{
    Change, ChangeKind, Span, SpanKind,
    align::{Aligned, Item, Side},
};
use crate::{
    document::{Target, Unit},
    pair::figures,
    wording::{Kind, Lexicon},
};

/// Why a change touches a norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A clause more.
    Added,
    /// A clause less.
    Removed,
    /// An amount, share, date or period.
    Figure,
    /// When it takes effect, how long it holds, what it repeals.
    Effect,
    /// What must, may or must not be done.
    Duty,
    /// On what condition, with what exception.
    Condition,
    /// Whom or what it is about.
    Scope,
    /// It stands below another clause now.
    Place,
    /// A clause that it refers to has another number now, or is gone.
    Reference,
    /// Other words: in doubt a norm.
    Words,
    /// An attachment of the policy.
    Attachment,
    /// Whose document it is.
    Issuer,
}

impl Cause {
    /// In words, Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Added => ("新增条款", "a clause is new"),
            Self::Removed => ("删除条款", "a clause is gone"),
            Self::Figure => ("数额、比例、日期或期限有变", "an amount, share, date or period"),
            Self::Effect => ("施行、有效期或废止有变", "when it takes effect, ends or repeals"),
            Self::Duty => ("应当、可以、不得等有变", "what must, may or must not be done"),
            Self::Condition => ("条件或例外有变", "a condition or exception"),
            Self::Scope => ("对象或范围有变", "whom or what it is about"),
            Self::Place => ("移至另一条款之下", "it stands below another clause"),
            Self::Reference => {
                ("引用的条款已改编号或删除", "a clause it refers to is renumbered or gone")
            }
            Self::Words => ("其他文字有变，从严对待", "other words; in doubt it binds"),
            Self::Attachment => ("附件有变", "an attachment"),
            Self::Issuer => ("发文机关有变", "whose document it is"),
        }
    }
}

/// Words that say what must, may or must not be done; longer ones first.
const BINDING: [&str; 40] = [
    "不得不",
    "应当",
    "应该",
    "必须",
    "不得",
    "不可",
    "不能",
    "不应",
    "不予",
    "不再",
    "可以",
    "禁止",
    "严禁",
    "有权",
    "无权",
    "免予",
    "免除",
    "减免",
    "无须",
    "无需",
    "不必",
    "一律",
    "一般",
    "原则上",
    "负责",
    "承担",
    "责令",
    "处罚",
    "罚款",
    "准予",
    "允许",
    "有责任",
    "义务",
    "鼓励",
    "支持",
    "优先",
    "要求",
    "确需",
    "务必",
    "予以",
];

/// Bytes of the word that binds at the start of a text.
pub(super) fn binding_len(text: &str) -> Option<usize> {
    BINDING.iter().find(|word| text.starts_with(**word)).map(|word| word.len())
}

const DUTY: [char; 11] = ['不', '未', '非', '无', '勿', '禁', '应', '须', '可', '免', '准'];
const EFFECT: [&str; 6] = ["施行", "有效期", "废止", "失效", "生效", "执行"];
const CONDITION: [&str; 18] = [
    "除", "但", "如果", "的，", "符合", "条件", "以上", "以下", "以内", "以外", "超过", "满", "或",
    "并且", "且", "和", "及", "等",
];
const SCOPE: [&str; 12] =
    ["适用", "范围", "对象", "本市", "本区", "全市", "全区", "市", "区", "县", "所有", "各"];
const NUMERALS: &str = "〇○零一二三四五六七八九十百千万亿两半倍首末";

/// Punctuation of Chinese and English texts, without the signs that stand in figures.
pub(super) fn is_punctuation(c: char) -> bool {
    c.is_whitespace() || "，。；：、！？“”‘’（）《》〈〉【】〔〕［］…—·,.;:!?\"'()[]*#>".contains(c)
}

/// Characters that are typed for one another without saying anything else.
const CONFUSED: [&str; 7] = ["的地得", "做作", "帐账", "象像", "再在", "侯候", "复覆"];

/// What a changed clause touches, if anything; the gravest cause first.
pub(super) fn judge(change: &Change, text: &str) -> Option<Cause> {
    match change.kind {
        ChangeKind::Added => Some(Cause::Added),
        ChangeKind::Removed => Some(Cause::Removed),
        ChangeKind::Moved => None,
        ChangeKind::Changed => judge_words(&change.spans, text),
    }
}

fn judge_words(spans: &[Span], text: &str) -> Option<Cause> {
    let mut causes = vec![];
    let mut spans = spans.iter().peekable();
    let mut before = "";
    while let Some(span) = spans.next() {
        let (removed, added) = match span.kind {
            SpanKind::Same => {
                before = &span.text;
                continue;
            }
            SpanKind::Added => ("", span.text.as_str()),
            SpanKind::Removed => {
                let added = spans.next_if(|next| next.kind == SpanKind::Added);
                (span.text.as_str(), added.map_or("", |added| added.text.as_str()))
            }
        };
        let after = spans.peek().map_or("", |next| next.text.as_str());
        if !is_correction(removed, added, (before, after)) {
            causes.extend(cause_of(removed, added, (before, after), text));
        }
    }
    causes.into_iter().min()
}

/// What replacing `removed` by `added` touches, between the words around it.
fn cause_of(removed: &str, added: &str, around: (&str, &str), text: &str) -> Option<Cause> {
    let both = [removed, added];
    let has = |words: &[&str]| both.iter().any(|text| words.iter().any(|word| text.contains(word)));
    let is_number =
        |c: char| c.is_ascii_digit() || c.is_numeric() || NUMERALS.contains(c) || c == '%';
    if both.iter().any(|text| text.contains(is_number)) {
        return (!is_same_figure(removed, added)).then(|| {
            let is_effect = EFFECT.iter().any(|word| text.contains(word));
            if is_effect { Cause::Effect } else { Cause::Figure }
        });
    }
    let said = both.map(|text| text.chars().filter(|c| !is_punctuation(*c)).collect::<String>());
    let [removed, added] = said;
    // A point between two numbers is no punctuation.
    let is_digit = |c: Option<char>| c.is_some_and(is_number);
    let is_inside = is_digit(around.0.trim_end().chars().next_back())
        && is_digit(around.1.trim_start().chars().next());
    if removed == added {
        return is_inside.then_some(Cause::Figure);
    }
    if has(&EFFECT) {
        Some(Cause::Effect)
    } else if has(&BINDING) || both.iter().any(|text| text.contains(DUTY)) {
        Some(Cause::Duty)
    } else if has(&CONDITION) {
        Some(Cause::Condition)
    } else if has(&SCOPE) {
        Some(Cause::Scope)
    } else if is_typing(&removed, &added, around) {
        None
    } else {
        Some(Cause::Words)
    }
}

/// 十五个工作日 and 15个工作日.
fn is_same_figure(removed: &str, added: &str) -> bool {
    let [one, other] = [removed, added].map(|text| {
        let found = figures::find_in(text, 0, &[]).into_iter().next();
        found.filter(|figure| figure.range == (0..text.trim_end().len())).map(|figure| figure.value)
    });
    one.is_some() && one == other
}

/// A typing error for certain: the same characters confused, or one typed twice.
fn is_typing(removed: &str, added: &str, (before, after): (&str, &str)) -> bool {
    let mut letters = (removed.chars(), added.chars());
    let pair = (letters.0.next(), letters.1.next());
    if letters.0.next().is_some() || letters.1.next().is_some() {
        return false;
    }
    match pair {
        (Some(one), Some(other)) => {
            CONFUSED.iter().any(|set| set.contains(one) && set.contains(other))
        }
        (Some(twice), None) | (None, Some(twice)) => {
            before.ends_with(twice) || after.starts_with(twice)
        }
        (None, None) => true,
    }
}

/// Whether a wrong word was put right, as the starter lexicon has it: 布署 to 部署.
fn is_correction(removed: &str, added: &str, (before, after): (&str, &str)) -> bool {
    CORRECTIONS.iter().any(|[head, wrong, right, tail]| {
        removed == wrong && added == right && before.ends_with(head) && after.starts_with(tail)
    })
}

/// Wrong words: what both spellings begin with, what is wrong, what is right, what both end with.
static CORRECTIONS: LazyLock<Vec<[String; 4]>> = LazyLock::new(|| {
    let entries = Lexicon::starter().map(|lexicon| lexicon.entries).unwrap_or_default();
    let errors = entries.iter().filter(|entry| entry.kind == Kind::Error);
    errors.filter_map(|entry| Some(part(entry.find_always_wrong()?, &entry.right))).collect()
});

fn part(wrong: &str, right: &str) -> [String; 4] {
    let [wrong, right] = [wrong, right].map(|word| word.chars().collect::<Vec<_>>());
    let same = |(one, other): &(&char, &char)| one == other;
    let head = wrong.iter().zip(&right).take_while(same).count();
    let most = wrong.len().min(right.len()) - head;
    let tail = wrong.iter().rev().zip(right.iter().rev()).take(most).take_while(same).count();
    let cut = |word: &[char], from: usize, to: usize| {
        word.get(from..to).unwrap_or_default().iter().collect::<String>()
    };
    let ends = [wrong.len(), right.len()].map(|len| len - tail);
    [
        cut(&wrong, 0, head),
        cut(&wrong, head, ends[0]),
        cut(&right, head, ends[1]),
        cut(&wrong, ends[0], wrong.len()),
    ]
}

/// The path of the unit around the one of this path; none at the top.
pub(super) fn around(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(parent, _)| parent)
}

/// Notes at clauses that stand below another one now: 有下列情形之一的，不得… says what its items mean.
pub(super) fn judge_places(
    old: &Side<'_>,
    new: &Side<'_>,
    aligned: &Aligned,
    changes: &mut [Change],
) {
    for change in changes.iter_mut().filter(|change| change.touch.is_none()) {
        let (Some(before), Some(after)) = (&change.before, &change.after) else { continue };
        let is_same = match (around(&before.path), around(&after.path)) {
            (None, None) => true,
            (Some(was), Some(is)) => match (old.find(was), new.find(is)) {
                (Some(was), Some(is)) => aligned.before(is) == Some(was),
                // No unit of its own: the name of a part.
                _ => was == is,
            },
            _ => false,
        };
        if !is_same {
            change.touch = Some(Cause::Place);
        }
    }
}

/// Clauses that say the same as before, and name another clause by it: numbering moved on under
/// their references.
pub(super) fn find_astray<'n>(
    old: &Side<'_>,
    new: &'n Side<'_>,
    aligned: &Aligned,
) -> Vec<&'n str> {
    let (then, now) = (references_by_unit(old), references_by_unit(new));
    let is_astray = |(index, item): &(usize, &Item<'_>)| {
        let Some(before) = aligned.before(*index) else { return false };
        let is_same = old.items.get(before).is_some_and(|old| old.said.key == item.said.key);
        let named =
            then.get(before).into_iter().flatten().zip(now.get(*index).into_iter().flatten());
        is_same
            && named.into_iter().any(|(then, now)| {
                let is = new.find(now).and_then(|index| aligned.before(index));
                old.find(then).is_some_and(|was| is != Some(was))
            })
    };
    let items = new.items.iter().enumerate();
    items.filter(is_astray).map(|(_, item)| item.unit.path.as_str()).collect()
}

/// The clauses of the document itself that each unit refers to.
fn references_by_unit(side: &Side<'_>) -> Vec<Vec<String>> {
    let references = side.document.references();
    let of = |unit: &Unit| {
        let from = references.partition_point(|reference| reference.start < unit.start);
        let within = references.get(from..).unwrap_or_default().iter();
        within
            .take_while(|reference| reference.start < unit.end)
            .filter(|reference| !matches!(reference.document, Target::Other(_)))
            .flat_map(|reference| reference.paths.clone())
            .collect()
    };
    side.items.iter().map(|item| of(item.unit)).collect()
}
