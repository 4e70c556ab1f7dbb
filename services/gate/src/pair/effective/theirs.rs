//! The day from which the policy holds, and what is known of the days around it, while it is drafted as well as when
//! it is signed.

use jiff::{ToSpan as _, civil::Date};

use super::super::Pair;
use crate::document::{
    DateRole, DayAt, Document, Level, Metadata, find_days, is_numeral, parse_numeral, read_date,
};

/// Days that may lie between writing and issue, and where 自印发之日起30日后 is plainly counted.
const ISSUE_MAX: i64 = 31;
const ISSUE_COUNTED_MAX: i64 = 7;
/// Months before its day of effect in which a policy is written, where the day of writing is not known.
const WRITTEN_BEFORE_MONTHS: i64 = 3;

/// How a day that an interpretation names stands to the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Right,
    /// Issue may have been on that day.
    Doubtful,
    Wrong,
}

/// From when the policy holds.
pub(super) struct Theirs<'d> {
    /// The days that it names.
    pub days: Vec<Date>,
    /// 自印发之日起, as it is written.
    relative: Vec<&'d str>,
    written: Option<Date>,
    /// Days on which it may have been issued.
    issued: Vec<Date>,
}

impl<'d> Theirs<'d> {
    /// `None` where the policy says nothing that a day could be held against.
    pub(super) fn of(pair: &Pair<'d>, policy: &'d Metadata) -> Option<Self> {
        let effective = policy.dates.iter().filter(|dated| dated.role == DateRole::Effective);
        let (named, relative): (Vec<_>, Vec<_>) = effective.partition(|dated| dated.date.is_some());
        let mut days: Vec<Date> = named.iter().filter_map(|dated| dated.date).collect();
        let head = head(pair.policy);
        if days.is_empty() && relative.is_empty() {
            days.extend(head.and_then(|head| head.begins));
        }
        let written = policy.dates.iter().find(|dated| dated.role == DateRole::Written);
        let written = written.and_then(|dated| dated.date);
        let declared = |day: &Option<String>| day.as_deref().and_then(read_date);
        let written = written
            .or_else(|| declared(&pair.metadata.written_on))
            .or_else(|| head.map(|head| head.issued));
        let printed = policy.dates.iter().filter(|dated| dated.role == DateRole::Printed);
        let issued = printed
            .filter_map(|dated| dated.date)
            .chain(declared(&pair.metadata.printed_on))
            .chain(pair.released_on)
            .collect();
        let theirs = Self {
            days,
            relative: relative.iter().map(|dated| dated.raw.as_str()).collect(),
            written,
            issued,
        };
        let is_known = !theirs.days.is_empty() || !theirs.relative.is_empty();
        (is_known && theirs.from().is_some()).then_some(theirs)
    }

    /// What the policy says of it.
    pub(super) fn shown(&self) -> String {
        let first = self.days.first().map(Date::to_string);
        first.or_else(|| self.relative.first().map(|raw| (*raw).to_owned())).unwrap_or_default()
    }

    /// The day that is meant by one without a year: the policy's own, or the next after it was written.
    pub(super) fn nearest(&self, day: Date) -> Option<Date> {
        let is_same = |their: &&Date| (their.month(), their.day()) == (day.month(), day.day());
        if let Some(same) = self.days.iter().find(is_same) {
            return Some(*same);
        }
        let from = self.from()?;
        let mut years = (from.year()..).take(2);
        years.find_map(|year| day.with().year(year).build().ok().filter(|day| *day >= from))
    }

    /// The year of its first day.
    pub(super) fn year(&self) -> i16 {
        let day = self.days.first().copied().or_else(|| self.from());
        day.map(Date::year).unwrap_or_default()
    }

    /// The day on or soon after which the policy was written.
    fn from(&self) -> Option<Date> {
        let before_effect = || {
            let first = self.days.iter().min()?;
            first.checked_sub(WRITTEN_BEFORE_MONTHS.months()).ok()
        };
        self.written.or_else(before_effect).or_else(|| self.issued.iter().min().copied())
    }

    /// Whether a day is one on which the policy can take effect: before it was written, something else did.
    pub(super) fn is_recent(&self, day: &DayAt) -> bool {
        let last = if day.is_month { day.day.last_of_month() } else { day.day };
        self.from().is_some_and(|from| last >= from)
    }

    /// Whether its years are none but these: 2027年3月1日印发，5月1日起施行.
    pub(super) fn is_year(&self, year: i16) -> bool {
        let days = self.days.iter().chain(&self.written).chain(&self.issued);
        days.into_iter().any(|day| day.year() == year)
    }

    pub(super) fn standing(&self, day: &DayAt) -> Standing {
        if self.days.iter().any(|their| day.is(*their)) {
            return Standing::Right;
        }
        if self.relative.is_empty() {
            return Standing::Wrong;
        }
        let Some(written) = self.written else {
            // Nobody knows yet; the planned release is near to it.
            let counted = self.relative.iter().filter_map(|raw| counted(raw)).max();
            let slack = ISSUE_MAX + i64::from(counted.unwrap_or_default());
            let is_near = |issued: &Date| is_within(*issued, slack, day);
            let is_right = !self.days.is_empty() || self.issued.iter().any(is_near);
            return if is_right { Standing::Right } else { Standing::Doubtful };
        };
        if !self.relative.iter().any(|raw| can_be(raw, written, day)) {
            return Standing::Wrong;
        }
        let is_plain =
            self.days.is_empty() && self.relative.iter().all(|raw| counted(raw) == Some(0));
        let is_issue = day.is(written) || self.issued.iter().any(|issued| day.is(*issued));
        if is_plain && !is_issue { Standing::Doubtful } else { Standing::Right }
    }
}

/// What the note at a regulation's head says: （2027年3月1日示例市人民政府令第6号公布　自2027年4月1日起施行）.
#[derive(Debug, Clone, Copy)]
struct Head {
    issued: Date,
    begins: Option<Date>,
}

fn head(policy: &Document<'_>) -> Option<Head> {
    let units = policy.units().iter();
    let notes = units.take_while(|unit| !unit.level.is_structural());
    let mut notes = notes.filter(|unit| matches!(unit.level, Level::Note | Level::Paragraph));
    notes.find_map(|unit| {
        let note = policy.text_of(unit).trim().strip_prefix(['（', '('])?;
        let is_order = note.contains('令') && note.contains("公布");
        let (before, behind) = note.rsplit_once("公布").filter(|_| is_order)?;
        let days = find_days(before);
        let [issued] = days.as_slice() else { return None };
        let begins = find_days(behind);
        let begins = begins.first().filter(|day| {
            let behind = behind.get(day.end..).unwrap_or_default();
            !day.is_month && behind.starts_with("起施行")
        });
        Some(Head { issued: issued.day, begins: begins.map(|day| day.day) })
    })
}

/// Whether the day may be the one that is meant: 自公布之日起30日后, counted from some day soon after it was written.
pub(super) fn can_be(raw: &str, written: Date, day: &DayAt) -> bool {
    // 一个月后, 10个工作日后 are no plain days.
    let Some(days) = counted(raw) else { return true };
    let is_counted = days > 0 && raw.contains("印发");
    let slack = if is_counted { ISSUE_COUNTED_MAX } else { ISSUE_MAX };
    let begin = written.checked_add(i64::from(days).days());
    begin.is_ok_and(|begin| is_within(begin, slack, day))
}

/// How many days are counted from issue on; `None` where they are no plain days.
fn counted(raw: &str) -> Option<u32> {
    let counted = raw.split_once("之日起").map_or("", |(_, counted)| counted);
    let counted = counted.trim_start_matches('满');
    let end = counted.find(|c: char| !is_numeral(c)).unwrap_or(counted.len());
    let (days, unit) = counted.split_at(end);
    let days = if days.is_empty() { 0 } else { parse_numeral(days)? };
    (days == 0 || unit.starts_with(['日', '天'])).then_some(days)
}

/// Whether a day, or one of a month, is `begin` or one of the `slack` days behind it.
fn is_within(begin: Date, slack: i64, day: &DayAt) -> bool {
    let end = begin.checked_add(slack.days());
    let last = if day.is_month { day.day.last_of_month() } else { day.day };
    begin <= last && end.is_ok_and(|end| day.day <= end)
}
