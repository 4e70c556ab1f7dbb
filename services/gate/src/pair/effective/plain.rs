//! The day of effect in words that only an interpretation has: 新办法2027年3月1日正式实施, 2027年3月起，新标准开始执行, and
//! what is asked by 什么时候施行.

use super::super::{
    former::{speaks_in_doubt, speaks_of_former, speaks_of_other},
    own::{Own, first_clause, is_new, last_clause, strip_ends},
};
use super::{is_above, is_asked, theirs::Theirs, without_answer};
use crate::document::{
    DayAt, EFFECT_VERBS as VERBS, find_days, find_days_of, find_months_of, find_pointed_days,
    first_chars, last_chars, sentence_before,
};

/// Words between the day, the name and the verb.
const BETWEEN: [&str; 7] = ["正式", "开始", "将", "起", "零时", "零点", "0时"];
/// Words between the name and the day.
pub(super) const BEFORE: [&str; 14] = [
    "定于",
    "定在",
    "自",
    "从",
    "于",
    "将",
    "拟",
    "已",
    "在",
    "今年",
    "明年",
    "施行时间是",
    "实施时间是",
    "执行时间是",
];
/// What asks for the day.
const WHEN: [&str; 9] =
    ["什么时候", "何时", "什么时间", "哪一天", "哪天", "几号", "什么日子", "何日", "哪日"];
/// What else such a question has.
const ASKING: [&str; 21] = [
    "从",
    "自",
    "起",
    "开始",
    "正式",
    "于",
    "在",
    "将",
    "的",
    "呢",
    "是",
    "才",
    "会",
    "日期",
    "时间",
    "有效期限",
    "有效期",
    "有效",
    "和",
    "与",
    "及",
];
/// What makes it a part, a trial or a stage: none of it is the policy's own day.
const PARTLY: [&str; 12] = [
    "其中",
    "部分",
    "试点",
    "试运行",
    "过渡",
    "分步",
    "分批",
    "分阶段",
    "逐步",
    "第一批",
    "首批",
    "除",
];
/// Characters that are looked at around a day.
const BEFORE_MAX: usize = 160;
const BEHIND_MAX: usize = 80;

/// Where the year of a day is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    Written,
    /// The words before name no other.
    Plain,
    Doubtful,
}

/// A day of effect.
pub(super) struct Said {
    pub day: DayAt,
    /// Whether it is of the policy without a doubt.
    pub is_sure: bool,
}

/// All of them in an interpretation.
pub(super) fn find(text: &str, own: &Own<'_>, theirs: &Theirs<'_>) -> Vec<Said> {
    let dated = find_days(text).into_iter().chain(find_pointed_days(text));
    let dated = dated.map(|day| (day, Year::Written));
    let days = dated.chain(days_without_year(text, theirs));
    let said = days.filter_map(|(day, year)| {
        let said = said(text, own, day)?;
        Some(Said { is_sure: said.is_sure && year != Year::Doubtful, ..said })
    });
    said.collect()
}

/// Days from which something holds and that are no dates of a document's metadata: 5月1日起施行, 2027.5.1起施行.
pub(super) fn find_bare(text: &str, theirs: &Theirs<'_>) -> Vec<(DayAt, Year)> {
    let holds = |day: &DayAt| {
        let behind = text.get(day.end..).unwrap_or_default();
        holds(strip_starts(behind.strip_prefix('起').unwrap_or(behind), &BETWEEN))
    };
    let pointed = find_pointed_days(text).into_iter().map(|day| (day, Year::Written));
    pointed.chain(days_without_year(text, theirs)).filter(|(day, _)| holds(day)).collect()
}

/// Days without a year, in that which was named last or the nearest. 每年5月1日 is none.
fn days_without_year(text: &str, theirs: &Theirs<'_>) -> impl Iterator<Item = (DayAt, Year)> {
    const OTHER: [&str; 5] = ["每年", "去年", "上年", "次年", "翌年"];
    let days = find_days_of(text, theirs.year()).into_iter();
    let days = days.chain(find_months_of(text, theirs.year()));
    days.filter_map(move |mut day| {
        let before = last_chars(text.get(..day.start)?, BEFORE_MAX);
        let before = before.rsplit("\n\n").next().unwrap_or_default();
        let sentence = sentence_before(text, day.start, BEFORE_MAX);
        if OTHER.iter().any(|word| sentence.contains(word)) {
            return None;
        }
        day.day = match find_years(sentence).last() {
            Some(year) => day.day.with().year(year).build().ok()?,
            None => theirs.nearest(day.day)?,
        };
        // A month alone is said loosely.
        let is_plain = !day.is_month && find_years(before).all(|year| theirs.is_year(year));
        Some((day, if is_plain { Year::Plain } else { Year::Doubtful }))
    })
}

/// The years that a text names: 2027年.
fn find_years(text: &str) -> impl Iterator<Item = i16> {
    text.match_indices('年').filter_map(|(at, _)| {
        let year = last_chars(text.get(..at)?.trim_end(), 4);
        year.parse().ok().filter(|year| (1900..2200).contains(year))
    })
}

fn said(text: &str, own: &Own<'_>, day: DayAt) -> Option<Said> {
    let sentence = sentence_before(text, day.start, BEFORE_MAX);
    let behind = first_chars(text.get(day.end..)?, BEHIND_MAX);
    let behind = behind.strip_prefix('份').unwrap_or(behind);
    let behind = behind.strip_prefix('起').unwrap_or(behind);
    let is_cell = sentence.trim_end().ends_with('|');
    let name = if is_cell { "" } else { strip_ends(last_clause(sentence), &[&BEFORE]) };
    let rest = strip_starts(behind, &BETWEEN);
    let is_new_name = is_new(name);
    let is_named = own.is_name(name) || is_new_name;
    let called =
        strip_ends(strip_verb(first_clause(behind.trim_start_matches(['，', ',']))), &[&BETWEEN]);
    let (answer, is_open) = if is_named && holds(rest) {
        (Some(true), is_new_name)
    } else if name.is_empty() && is_first(sentence) && !called.is_empty() && behind_verb(behind) {
        ((own.is_name(called) || is_new(called)).then_some(true), is_new(called))
    } else {
        let is_answer =
            (is_named || name.is_empty()) && (ends(rest) || holds(rest) || is_range(rest));
        (is_answer.then(|| answers(text, own, &day, name)).flatten(), true)
    };
    let is_said = answer.is_some();
    // Of a day alone 自2027年3月1日起施行 is read as in any document.
    let is_bare = !is_said && day.is_month && name.is_empty() && is_first(sentence) && holds(rest);
    if !(is_said || is_bare) || speaks_of_former(sentence) {
        return None;
    }
    // What is new may be that of a document named some sentences before.
    let before = last_chars(text.get(..day.start)?, BEFORE_MAX);
    let around = [sentence, first_clause(rest)];
    let is_other = |text: &&str| {
        own.has_others_in(text)
            || speaks_of_other(text)
            || speaks_in_doubt(text)
            || PARTLY.iter().any(|word| text.contains(word))
    };
    let is_alone = !(is_open || is_bare) || !own.has_others_in(before);
    let is_sure = answer != Some(false) && is_alone && !is_asked(text, &day);
    Some(Said { day, is_sure: is_sure && !around.iter().any(is_other) })
}

/// Whether the day to which it holds follows: 2027年2月1日至2032年1月31日。
fn is_range(rest: &str) -> bool {
    let last = rest.strip_prefix(['至', '到', '-', '—', '－', '~', '～']).unwrap_or_default();
    let last = first_clause(last);
    let days = find_days(last);
    matches!(days.as_slice(), [day] if day.start == 0 && day.end == last.len())
}

/// Whether a verb and nothing else follows: 正式施行。
fn holds(rest: &str) -> bool {
    VERBS.iter().any(|verb| rest.strip_prefix(verb).is_some_and(ends))
}

/// Whether a sentence or clause ends here.
fn ends(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['了', '*', '”', ' ']);
    rest.is_empty()
        || rest.starts_with(['。', '；', ';', '，', ',', '！', '!', '\n', '）', ')', '|'])
}

/// Whether what stands behind a day is a clause of its own that ends with such a verb.
fn behind_verb(behind: &str) -> bool {
    let clause = first_clause(behind.trim_start_matches(['，', ',']));
    strip_verb(clause).len() < clause.len()
}

fn strip_verb(clause: &str) -> &str {
    let clause = clause.strip_suffix('了').unwrap_or(clause);
    VERBS.iter().find_map(|verb| clause.strip_suffix(verb)).unwrap_or(clause)
}

/// Whether nothing is said in a sentence before its day but what leads to it: 答：从…
fn is_first(sentence: &str) -> bool {
    let before = sentence.rsplit(['：', ':']).next().unwrap_or_default();
    strip_ends(last_clause(before), &[&BEFORE]).is_empty() && !before.contains(['，', ',', '、'])
}

/// Whether the day answers the question from when the policy holds, and whether surely: 什么时候开始？ may be asked of
/// something else. `name` stands before the day.
fn answers(text: &str, own: &Own<'_>, day: &DayAt, name: &str) -> Option<bool> {
    let question = question(text, day.start, name);
    let asks = WHEN.iter().any(|when| question.contains(when));
    let (question, is_bracketed) = match strip_bracketed(question) {
        Some(question) => (question, true),
        None => (question, false),
    };
    let asked = last_clause(question);
    if VERBS.contains(&asked) {
        // 实施 is the heading of whatever is done besides.
        let is_alone = !text.get(day.end..)?.trim_start_matches('起').starts_with(['，', ',']);
        return Some(["施行", "生效"].contains(&asked) && is_alone);
    }
    if !asks && !question.ends_with(['期', '间']) {
        return None;
    }
    // A row of more cells may have one for a draft.
    let behind = text.get(day.end..)?.lines().next().unwrap_or_default();
    let is_plain = !asked.contains('|') && behind.matches('|').count() <= 1;
    let named = strip_ends(asked, &[&WHEN, &ASKING, &VERBS]);
    let asked = asked.get(named.len()..)?;
    let is_asked = is_bracketed || VERBS.iter().any(|verb| asked.contains(verb));
    let is_named = own.is_name(named) || is_new(named);
    let is_begin = asks && asked.contains("开始");
    let is_said = (is_asked && (named.is_empty() || is_named)) || (is_begin && is_named);
    (is_said || (is_begin && named.is_empty())).then_some(is_said && is_plain)
}

/// 从什么时候开始（实施）: without what stands in brackets, if that is to take effect.
fn strip_bracketed(question: &str) -> Option<&str> {
    let inner = question.strip_suffix(['）', ')'])?;
    let verb = VERBS.iter().find_map(|verb| inner.strip_suffix(verb))?;
    verb.strip_suffix(['（', '('])
}

/// Whether the day at byte `at` answers a question from when something else holds: 新的收费标准什么时候执行？
pub(super) fn answers_other(text: &str, own: &Own<'_>, day: &DayAt) -> bool {
    let question = question(text, day.start, "");
    let asked = question.trim_start_matches(|c: char| "问Q：:、.1234567890 ".contains(c));
    // 省里的新规什么时候施行？ 《条例》什么时候施行？
    let is_named = || own.has_others_in(question) || (is_above(asked) && !own.is_called_by(asked));
    let is_unsaid = || !own.is_called_in(question) && answers(text, own, day, "") != Some(true);
    WHEN.iter().any(|when| question.contains(when)) && (is_named() || is_unsaid())
}

/// The line or sentence before the one that begins with the day at byte `at`, or with `name` and the day.
fn question<'t>(text: &'t str, at: usize, name: &str) -> &'t str {
    let before = last_chars(text.get(..at).unwrap_or_default(), BEFORE_MAX);
    let before = strip_ends(before.trim_end(), &[&BEFORE]);
    let before = before.strip_suffix(name).unwrap_or(before);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_marked = without_answer(line).is_empty();
    let before = if is_marked { before.strip_suffix(line).unwrap_or(before) } else { before };
    let before = before
        .trim_end_matches(['*', ' ', '\n', '\r', '：', ':', '答', '问', 'A', 'Q', '>', '　', '|']);
    let line = before.rsplit(['\n', '。']).next().unwrap_or_default();
    line.trim_end_matches(['？', '?', '*', '#', ' '])
}

/// A text without these words at its beginning, however many.
fn strip_starts<'t>(text: &'t str, words: &[&str]) -> &'t str {
    let mut text = text.trim_start_matches(' ');
    while let Some(rest) = words.iter().find_map(|word| text.strip_prefix(word)) {
        text = rest;
    }
    text
}
