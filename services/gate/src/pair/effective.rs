//! From when the policy holds, as both texts say it (DOMAIN I6).

mod plain;
mod theirs;

use std::cell::LazyCell;

use foldhash::HashSet;
use jiff::civil::Date;
use lockstep_proto::finding::Finding;

use super::{
    Pair,
    context::Context,
    former::{speaks_in_doubt, speaks_of_former, speaks_of_other},
    own::{Own, is_new, last_clause, strip_ends},
};
use crate::{
    codes::{self, At as _},
    document::{
        DateRole, Dated, DayAt, Document, Metadata, SELF_NAMES, answer_mark, find_days,
        find_days_of, first_chars, last_chars, sentence_before,
    },
    titles,
};
use plain::Year;
use theirs::{Standing, Theirs, can_be};

/// TS126
pub(super) fn check(pair: &Pair<'_>, policy: &Metadata) -> Vec<Finding> {
    let own = Own::of(pair);
    let theirs = Theirs::of(pair, policy);
    let day = theirs.as_ref().and_then(|theirs| check_day(pair, policy, &own, theirs));
    let mut found: Vec<Finding> = day.into_iter().collect();
    if let Some(plain) = theirs.and_then(|theirs| check_plain(pair, &own, &theirs)) {
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

/// The day from which it holds, in words that policies have too.
fn check_day(
    pair: &Pair<'_>,
    policy: &Metadata,
    own: &Own<'_>,
    theirs: &Theirs<'_>,
) -> Option<Finding> {
    let text = pair.interpretation.text();
    let known = LazyCell::new(|| Known::of(pair.policy.text(), theirs.year()));
    let context = LazyCell::new(|| Context::of(pair));
    let said = days_said(pair.interpretation, theirs);
    let wrong = said.into_iter().filter_map(|(day, year)| {
        let start = day.start;
        // Before the policy was written, something else took effect, unless the policy itself is named.
        let is_recent = theirs.is_recent(&day)
            // Of what was, a day without a year is one of its time.
            && (year == Year::Written || !speaks_of_former(sentence(text, start)));
        let can_be = is_recent
            || ((is_called(text, start) || is_bare(text, start))
                && !speaks_of_former(sentence(text, start)));
        let standing = Some(theirs.standing(&day)).filter(|standing| {
            can_be
                && !is_since(text, &day)
                && !is_of_stage(text, start)
                && *standing != Standing::Right
                && !known.begun.has(&day)
                && speaks_of_policy(text, start, policy, own)
        })?;
        let is_sure = standing == Standing::Wrong
            && is_recent
            && year != Year::Doubtful
            && is_sure(text, &day, year == Year::Written, own)
            && !is_staged(text, &day)
            && !known.follows(&day)
            && !context.takes_away_at(start);
        Some((day, is_sure))
    });
    surest(wrong).map(|(day, is_sure)| finding_of(pair, theirs, &day, is_sure))
}

/// 自2012年9月1日施行以来: what holds from a day to come has not held since.
fn is_since(text: &str, day: &DayAt) -> bool {
    const BEHIND_MAX: usize = 10;
    let behind = first_chars(text.get(day.end..).unwrap_or_default(), BEHIND_MAX);
    let behind = behind.split(['，', '。', '；', '\n']).next().unwrap_or_default();
    ["以来", "至今"].iter().any(|word| behind.contains(word))
}

/// 第二阶段自2027年4月1日开始实施: a day of one stage is none of the policy's.
fn is_of_stage(text: &str, start: usize) -> bool {
    const BEFORE_MAX: usize = 16;
    let before = sentence_before(text, start, BEFORE_MAX);
    strip_ends(last_clause(before), &[&plain::BEFORE]).ends_with("阶段")
}

/// The days of effect of an interpretation in words that policies have too, and their years.
fn days_said(interpretation: &Document<'_>, theirs: &Theirs<'_>) -> Vec<(DayAt, Year)> {
    let effective = interpretation.metadata().dates.iter();
    let effective = effective.filter(|dated| dated.role == DateRole::Effective);
    let days = effective.filter_map(|dated| {
        let Dated { start, end, .. } = *dated;
        Some((DayAt { day: dated.date?, is_month: false, start, end }, Year::Written))
    });
    days.chain(plain::find_bare(interpretation.text(), theirs)).collect()
}

/// What is said of a day that is not the policy's.
fn finding_of(pair: &Pair<'_>, theirs: &Theirs<'_>, day: &DayAt, is_sure: bool) -> Finding {
    let (line, column) = pair.interpretation.place(day.start);
    let raw = pair.interpretation.text().get(day.start..day.end).unwrap_or_default();
    let finding = codes::EFFECTIVE_DATE.about(format_args!("{raw} ≠ {}", theirs.shown()));
    let finding = finding.in_member(pair.interpretation_path).at_place(line, column);
    if is_sure { finding } else { finding.into_warning() }
}

/// The first that is sure; if none is, the first.
pub(super) fn surest<T>(mut found: impl Iterator<Item = (T, bool)>) -> Option<(T, bool)> {
    let first = found.next()?;
    Some(if first.1 { first } else { found.find(|(_, is_sure)| *is_sure).unwrap_or(first) })
}

/// The day where only the interpretation says it in such words: 新办法2027年3月1日正式实施.
fn check_plain(pair: &Pair<'_>, own: &Own<'_>, theirs: &Theirs<'_>) -> Option<Finding> {
    let text = pair.interpretation.text();
    let known = LazyCell::new(|| Known::of(pair.policy.text(), theirs.year()));
    let context = LazyCell::new(|| Context::of(pair));
    let said = plain::find(text, own, theirs).into_iter();
    let wrong = said.filter_map(|said| {
        let standing = Some(theirs.standing(&said.day)).filter(|standing| {
            *standing != Standing::Right
                && theirs.is_recent(&said.day)
                && !known.begun.has(&said.day)
        })?;
        // A day that the policy names for something else may be what is meant.
        let is_sure = said.is_sure
            && standing == Standing::Wrong
            && !known.named.has(&said.day)
            && !known.follows(&said.day)
            && !context.takes_away_at(said.day.start);
        Some((said.day, is_sure))
    });
    surest(wrong).map(|(day, is_sure)| finding_of(pair, theirs, &day, is_sure))
}

/// The days that a policy names.
struct Known {
    named: Days,
    /// Those from which it lets something hold: 低保标准自2025年1月1日起执行，其余自6月1日起.
    begun: Days,
    /// Those up to which: 2027年9月30日前.
    ended: HashSet<Date>,
}

impl Known {
    fn of(policy: &str, year: i16) -> Self {
        let (mut named, mut begun) = (Days::default(), Days::default());
        let mut ended = HashSet::default();
        for day in find_days(policy).into_iter().chain(find_days_of(policy, year)) {
            let behind = policy.get(day.end..).unwrap_or_default();
            named.insert(day.day);
            let behind = behind.trim_start();
            if behind.starts_with(['起', '后', '开']) {
                begun.insert(day.day);
            }
            if behind.trim_start_matches(['之', '以']).starts_with(['前', '止']) {
                ended.insert(day.day);
            }
        }
        Self { named, begun, ended }
    }

    /// Whether the policy lets something end on the day before.
    fn follows(&self, day: &DayAt) -> bool {
        day.day.yesterday().is_ok_and(|before| self.ended.contains(&before))
    }
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

/// The sentence that leads to byte `at`, without the mark of an answer or who gives it: 答：, A2：, 负责人：.
fn sentence(text: &str, at: usize) -> &str {
    without_answer(sentence_before(text, at, 80))
}

fn without_answer(text: &str) -> &str {
    let bare = text.trim_start_matches(SIGNS);
    let Some(len) = answer_mark(bare) else { return text };
    bare.get(len..).unwrap_or_default().trim_start_matches(SIGNS)
}

/// What Markdown and lists set before a line.
const SIGNS: [char; 6] = ['*', '_', '>', '-', ' ', '　'];

/// Whether a day is only asked for: 听说本办法自…起施行？ is told no one.
fn is_asked(text: &str, day: &DayAt) -> bool {
    const ASKING: [&str; 5] = ["是不是", "是否", "听说", "难道", "真的"];
    const BEHIND_MAX: usize = 40;
    let behind = first_chars(text.get(day.end..).unwrap_or_default(), BEHIND_MAX);
    let Some(end) = behind.find(['。', '，', '；', '？', '?', '\n']) else { return false };
    let (clause, stop) = behind.split_at(end);
    let before = sentence(text, day.start).rsplit(['？', '?']).next().unwrap_or_default();
    stop.starts_with(['？', '?'])
        && (clause.ends_with(['吗', '么']) || ASKING.iter().any(|word| before.contains(word)))
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

/// What comes in stages has days of its own.
const STAGES: [&str; 8] = ["过渡", "试运行", "分步", "分批", "分阶段", "逐步", "首批", "第一批"];
/// Characters before a day that may say so.
const STAGED_MAX: usize = 120;

/// Whether a day may be that of a stage: 过渡期至2027年9月30日，2027年10月1日起正式执行.
fn is_staged(text: &str, day: &DayAt) -> bool {
    let before = last_chars(text.get(..day.start).unwrap_or_default(), STAGED_MAX);
    let before = before.rsplit("\n\n").next().unwrap_or_default();
    STAGES.iter().any(|word| before.contains(word))
}

/// What ends the label of a day of effect: 施行日期：, 王局长答：.
const LABELS: [&str; 3] = ["日期", "时间", "答"];

/// Whether the words before a day say that it is the policy's: they call it 本通知, or nothing else; in
/// 新的要求2027年2月1日起施行 they perhaps mean something else.
fn is_sure(text: &str, day: &DayAt, has_year: bool, own: &Own<'_>) -> bool {
    /// What is made beside the policy.
    const APART: [&str; 4] = ["另行", "另文", "同步", "配套"];
    /// 《办法》配套的收费标准自…起施行, 《办法》施行日期由征求意见稿的…改为….
    const BESIDE: [&str; 4] = ["配套", "征求意见", "送审稿", "的细则"];
    let sentence = sentence(text, day.start);
    let clause = sentence.rsplit(['，', ',', '？', '?', '！', '!']).next().unwrap_or_default();
    let clause = without_answer(clause);
    // 该通知 may be one named before.
    let is_beside = BESIDE.iter().any(|word| clause.contains(word));
    if clause.contains('该') || is_beside || speaks_of_former(clause) || is_asked(text, day) {
        return false;
    }
    let (label, clause) = clause.rsplit_once(['：', ':']).unwrap_or(("", clause));
    let subject = strip_ends(last_clause(clause), &[&plain::BEFORE, &["为"]]);
    if !subject.is_empty() {
        let calls_itself = || SELF_NAMES.iter().any(|name| subject.contains(&format!("本{name}")));
        let is_led = clause.trim_end().ends_with(['自', '从', '于', '为']);
        return calls_itself()
            || subject.contains('》')
            || (is_led && (own.is_name(subject) || is_new(subject)))
            || LABELS.iter().any(|end| subject.ends_with(end));
    }
    // 配套细则另行印发，自…起施行
    let before = sentence.rsplit_once(['，', ',']).map_or("", |(before, _)| last_clause(before));
    if APART.iter().any(|word| before.contains(word)) {
        return false;
    }
    let label = last_clause(label).trim_end_matches('*');
    let is_led = label.is_empty()
        || LABELS.iter().any(|end| label.ends_with(end))
        || (own.is_called_in(label) && !is_above(label));
    let is_named = || sentence.trim_matches(LEADING).is_empty() || own.is_called_in(sentence);
    is_led && (has_year || is_named()) && !plain::answers_other(text, own, day)
}

/// 国家办法：, 省条例：: of another level.
fn is_above(label: &str) -> bool {
    ["国家", "国务院", "省", "中央"].iter().any(|above| label.starts_with(above))
}

/// What may stand before a day that a line begins with.
const LEADING: [char; 10] = ['将', '自', '从', '于', '为', '*', '-', ' ', '：', ':'];

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
    let (wrong, is_sure) = surest(wrong.map(|wrong| {
        let around = sentence_before(text, wrong.start, 160);
        let mut days = theirs.iter().filter_map(|dated| dated.date);
        let is_sure = days.all(|day| !may_be(&wrong.raw, written, day))
            && !own.has_others_in(around)
            && !speaks_of_other(around)
            && !speaks_in_doubt(around)
            && !says_day(wrong.end);
        (wrong, is_sure)
    }))?;
    let (line, column) = pair.interpretation.place(wrong.start);
    let finding = codes::EFFECTIVE_DATE.about(format_args!("{} ≠ {first}", wrong.raw));
    let finding = finding.in_member(pair.interpretation_path).at_place(line, column);
    Some(if is_sure { finding } else { finding.into_warning() })
}

/// Whether a policy may have been issued on the day that it names: 即日起 is said on nobody knows which.
fn may_be(raw: &str, written: Date, day: Date) -> bool {
    raw.contains("即日") || can_be(raw, written, &DayAt { day, is_month: false, start: 0, end: 0 })
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
