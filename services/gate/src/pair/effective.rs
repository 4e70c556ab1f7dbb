//! From when the policy holds, as both texts say it (DOMAIN I6).

mod plain;

use std::cell::LazyCell;

use foldhash::HashSet;
use jiff::{ToSpan as _, civil::Date};
use lockstep_proto::finding::{Finding, Severity};

use super::{
    Pair, figures,
    former::{speaks_in_doubt, speaks_of_former, speaks_of_other},
    own::{Own, last_clause},
};
use crate::{
    codes::{self, At as _},
    document::{
        DateRole, Dated, DayAt, Metadata, SELF_NAMES, find_days, first_chars, is_numeral,
        parse_numeral, read_date, sentence_before,
    },
    titles,
};

/// TS126
pub(super) fn check(pair: &Pair<'_>, policy: &Metadata) -> Vec<Finding> {
    let own = Own::of(pair);
    let mut found: Vec<Finding> = check_day(pair, policy, &own).into_iter().collect();
    if let Some(plain) = check_plain(pair, policy, &own) {
        let is_place = |other: &Finding| (other.line, other.column) == (plain.line, plain.column);
        // One that is sure needs no doubtful one of the same day.
        found.retain(|other| !is_place(other) || other.severity >= plain.severity);
        if !found.iter().any(is_place) {
            found.push(plain);
        }
    }
    found.extend(check_relative(pair, policy, &own));
    found
}

/// The day from which it holds, where both texts say one.
fn check_day(pair: &Pair<'_>, policy: &Metadata, own: &Own<'_>) -> Option<Finding> {
    let of = |found: &Metadata| -> Vec<_> {
        let effective = found.dates.iter().filter(|dated| dated.role == DateRole::Effective);
        effective.filter_map(|dated| Some((dated.date?, dated.start))).collect()
    };
    let theirs = of(policy);
    let (first, _) = theirs.first()?;
    let written = written(pair, policy);
    // Before the policy was written, something else took effect, unless the policy itself is named.
    let is_recent = |date: &Date| written.is_some_and(|written| *date >= written);
    let text = pair.interpretation.text();
    let begun = LazyCell::new(|| days_begun(pair.policy.text()));
    let ours = of(pair.interpretation.metadata());
    let wrong = ours.into_iter().filter(|(date, start)| {
        let can_be = is_recent(date)
            || ((is_called(text, *start) || is_bare(text, *start))
                && !speaks_of_former(sentence(text, *start)));
        can_be
            && !theirs.iter().any(|(their, _)| their == date)
            && !begun.contains(date)
            && speaks_of_policy(text, *start, policy, own)
    });
    let told = wrong.map(|(date, start)| {
        let (line, column) = pair.interpretation.place(start);
        let finding = codes::EFFECTIVE_DATE.about(format_args!("{date} ≠ {first}"));
        let finding = finding.in_member(pair.interpretation_path).at_place(line, column);
        let is_sure = is_recent(&date) && is_sure(text, start);
        if is_sure { finding } else { finding.into_warning() }
    });
    surest(told)
}

/// The first that blocks; if none does, the first.
pub(super) fn surest(found: impl Iterator<Item = Finding>) -> Option<Finding> {
    let mut found = found.peekable();
    let first = found.peek().cloned();
    found.find(|finding| finding.severity == Severity::Block).or(first)
}

/// The day on which the policy was written.
fn written(pair: &Pair<'_>, policy: &Metadata) -> Option<Date> {
    let written = policy.dates.iter().find(|dated| dated.role == DateRole::Written);
    let written = written.and_then(|dated| dated.date);
    written.or_else(|| pair.metadata.written_on.as_deref().and_then(read_date))
}

/// The day where only the interpretation says it in such words: 新办法2027年3月1日正式实施.
fn check_plain(pair: &Pair<'_>, policy: &Metadata, own: &Own<'_>) -> Option<Finding> {
    let effective = |dated: &&Dated| dated.role == DateRole::Effective;
    let theirs = policy.dates.iter().filter(effective);
    let theirs: Vec<Date> = theirs.map(|dated| dated.date).collect::<Option<_>>()?;
    let first = theirs.first()?;
    let written = written(pair, policy)?;
    let text = pair.interpretation.text();
    let held = LazyCell::new(|| {
        let (mut named, mut begun) = (Days::default(), Days::default());
        for day in &theirs {
            begun.insert(*day);
        }
        for day in find_days(pair.policy.text()) {
            let behind = pair.policy.text().get(day.end..).unwrap_or_default();
            named.insert(day.day);
            if behind.trim_start().starts_with(['起', '后', '开']) {
                begun.insert(day.day);
            }
        }
        (named, begun)
    });
    let said = plain::find(text, own).into_iter();
    let wrong = said.filter(|said| {
        let day = &said.day;
        let is_recent = day.day >= written || day.is(written);
        is_recent && !held.1.has(day)
    });
    surest(wrong.map(|wrong| {
        // A day that the policy names for something else may be what is meant.
        let is_sure = wrong.is_sure && !held.0.has(&wrong.day);
        let (line, column) = pair.interpretation.place(wrong.day.start);
        let raw = text.get(wrong.day.start..wrong.day.end).unwrap_or_default();
        let finding = codes::EFFECTIVE_DATE.about(format_args!("{raw} ≠ {first}"));
        let finding = finding.in_member(pair.interpretation_path).at_place(line, column);
        if is_sure { finding } else { finding.into_warning() }
    }))
}

/// Days, and the months in which they are.
#[derive(Default)]
struct Days {
    days: HashSet<Date>,
    months: HashSet<Date>,
}

impl Days {
    fn insert(&mut self, day: Date) {
        self.days.insert(day);
        self.months.insert(day.first_of_month());
    }

    fn has(&self, said: &DayAt) -> bool {
        if said.is_month { self.months.contains(&said.day) } else { self.days.contains(&said.day) }
    }
}

/// The days from which the policy lets something hold: 低保标准自2025年1月1日起执行，其余自6月1日起.
fn days_begun(policy: &str) -> Vec<Date> {
    let figures = figures::find_in(policy, 0, &[]);
    let begun = figures.iter().filter(|figure| {
        let behind = policy.get(figure.range.end..).unwrap_or_default();
        figure.unit.is_empty() && behind.trim_start().starts_with(['起', '后', '开'])
    });
    begun.filter_map(|figure| read_date(&figure.value)).collect()
}

/// The sentence that leads to byte `at`.
fn sentence(text: &str, at: usize) -> &str {
    sentence_before(text, at, 80)
}

/// Whether the words right before byte `at` call a document: 《通知》自…, 本办法自….
fn is_called(text: &str, at: usize) -> bool {
    let clause = sentence(text, at).rsplit(['，', ',']).next().unwrap_or_default();
    let clause = clause.trim_end().trim_end_matches(['自', '从', '于']);
    clause.ends_with('》') || SELF_NAMES.contains(&clause.trim()) || names_own(text, at)
}

/// Whether a sentence begins with the day: 自2026年3月1日起施行。
fn is_bare(text: &str, at: usize) -> bool {
    const SIGNS: [char; 9] = ['将', '自', '从', '于', '为', '*', '-', '：', ':'];
    let before = sentence(text, at).trim().trim_matches(SIGNS);
    before.is_empty() || ["施行日期", "施行时间", "实施日期", "生效日期"].contains(&before)
}

/// Whether the words right before a day lead to it or call the policy 本通知; in 新的要求2027年2月1日起施行 they
/// perhaps mean something else.
fn is_sure(text: &str, at: usize) -> bool {
    let clause = sentence(text, at).rsplit(['，', ',']).next().unwrap_or_default().trim();
    // 该通知 may be one named before.
    if clause.contains('该') {
        return false;
    }
    clause.is_empty()
        || clause.contains('本')
        || clause.ends_with(['自', '从', '于', '》', '：', '为', ':'])
}

/// 自印发之日起施行, where the policy names another day than that on which it was written.
fn check_relative(pair: &Pair<'_>, policy: &Metadata, own: &Own<'_>) -> Option<Finding> {
    let effective = |dated: &&Dated| dated.role == DateRole::Effective;
    let theirs: Vec<_> = policy.dates.iter().filter(effective).collect();
    let written = policy.dates.iter().find(|dated| dated.role == DateRole::Written)?.date?;
    // Some of it from another day on, or all of it from that on which it was written.
    let is_later = |dated: &&Dated| dated.date.is_some_and(|date| date > written);
    let first = theirs.first().filter(|_| theirs.iter().all(is_later))?.date?;
    let text = pair.interpretation.text();
    // 自公布之日起30日后施行，即2027年2月1日
    let says_day = |end: usize| {
        let behind = first_chars(text.get(end..).unwrap_or_default(), 80);
        let behind = behind.split(['。', '\n']).next().unwrap_or_default();
        find_days(behind).iter().any(|day| day.is(first))
    };
    let is_named = |dated: &Dated| {
        let sentence = sentence(text, dated.start);
        own.is_name(last_clause(sentence)) && !speaks_of_former(sentence) && !says_day(dated.end)
    };
    let is_called = |dated: &Dated| names_own(text, dated.start) || is_bare(text, dated.start);
    let is_wrong = |dated: &&Dated| dated.date.is_none() && (is_called(dated) || is_named(dated));
    let wrong = pair.interpretation.metadata().dates.iter().filter(effective).filter(is_wrong);
    surest(wrong.map(|wrong| {
        let (line, column) = pair.interpretation.place(wrong.start);
        let finding = codes::EFFECTIVE_DATE.about(format_args!("{} ≠ {first}", wrong.raw));
        let finding = finding.in_member(pair.interpretation_path).at_place(line, column);
        let around = sentence_before(text, wrong.start, 160);
        let mut days = theirs.iter().filter_map(|dated| dated.date);
        let is_sure = days.all(|day| !can_be(&wrong.raw, written, day))
            && !own.has_others_in(around)
            && !speaks_of_other(around)
            && !speaks_in_doubt(around)
            && !says_day(wrong.end);
        if is_sure { finding } else { finding.into_warning() }
    }))
}

/// Days that may lie between writing and issue, and where 自印发之日起30日后 is plainly counted.
const ISSUE_MAX: i64 = 31;
const ISSUE_COUNTED_MAX: i64 = 7;

/// Whether the day may be the one that is meant: 自公布之日起30日后, counted from some day soon after it was written.
fn can_be(raw: &str, written: Date, day: Date) -> bool {
    // From today on: nobody knows which day it is.
    if raw.contains("即日") {
        return true;
    }
    let counted = raw.split_once("之日起").map_or("", |(_, counted)| counted);
    let counted = counted.trim_start_matches('满');
    let end = counted.find(|c: char| !is_numeral(c)).unwrap_or(counted.len());
    let (days, unit) = counted.split_at(end);
    let Some(days) = (if days.is_empty() { Some(0) } else { parse_numeral(days) }) else {
        return true;
    };
    // 一个月后, 10个工作日后 are no plain days.
    if days > 0 && !unit.starts_with(['日', '天']) {
        return true;
    }
    let is_counted = days > 0 && raw.contains("印发");
    let slack = if is_counted { ISSUE_COUNTED_MAX } else { ISSUE_MAX };
    let begin = written.checked_add(i64::from(days).days());
    let end = begin.clone().and_then(|begin| begin.checked_add(slack.days()));
    begin.is_ok_and(|begin| begin <= day) && end.is_ok_and(|end| day <= end)
}

/// Whether the clause that leads to byte `at` calls the policy 本通知, 本办法.
fn names_own(text: &str, at: usize) -> bool {
    let clause = sentence(text, at).rsplit(['，', ',']).next().unwrap_or_default();
    SELF_NAMES
        .iter()
        .any(|name| clause.trim_end().strip_suffix(name).is_some_and(|own| own.ends_with('本')))
}

/// By what a policy is carried out, on days of its own: 网上办理系统自…起执行新标准.
const MEANS: [&str; 9] = ["系统", "平台", "网站", "小程序", "窗口", "热线", "中心", "大厅", "APP"];

/// Whether the sentence that leads to byte `at` is about the policy: names it, or no other document.
fn speaks_of_policy(text: &str, at: usize, policy: &Metadata, own: &Own<'_>) -> bool {
    let sentence = sentence(text, at);
    let Some((_, named)) = sentence.rsplit_once('《') else {
        // 国家条例自…起施行 is about that one; 本办法, or nothing named, about this.
        let clause = sentence.rsplit(['，', ',', '：']).next().unwrap_or_default();
        let clause = clause.trim().trim_end_matches('自').trim_end_matches('从').trim();
        // 其中第七条自…起施行
        let is_of_part = clause.contains('第') && clause.ends_with(['条', '款', '项', '章']);
        if is_of_part || MEANS.iter().any(|means| clause.ends_with(means)) {
            return false;
        }
        let is_named = SELF_NAMES.iter().any(|name| clause.ends_with(name));
        // 办法 beside a policy that is a 细则 is another document.
        return !is_named || clause.contains(['本', '该']) || own.is_name(clause);
    };
    let named = named.split('》').next().unwrap_or_default();
    // 《办法》: the short form of a title ends it.
    policy.title.as_ref().is_some_and(|title| titles::is_own(title, named))
}
