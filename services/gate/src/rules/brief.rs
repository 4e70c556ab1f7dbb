//! A brief interpretation 简要解读: in the urgent case it goes out in sync with the policy and the
//! full one is owed by a deadline (国办发〔2016〕80号 as agencies quote it: within three working days).
//! Only a profile with that rule allows it; the pair itself is never loosened.

use jiff::{ToSpan as _, civil::Date};
use lockstep_proto::{finding::Finding, manifest::Brief, time::Timestamp};

use super::published::wanted;
use crate::{
    calendar::{self, Due},
    codes,
    verdict::Facts,
    window::{Bounds, find_bounds, registered_at},
};

/// TS135: the profile allows it, and it says on what authority, why, who decided and by when the full
/// one follows: no later than the rule lets it.
pub fn brief_is_allowed_and_complete(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let Some(brief) = &facts.manifest.brief else { return vec![] };
    if facts.profile.is_none_or(|profile| profile.brief.is_none()) {
        let name = facts.profile.map_or("", |profile| &profile.name);
        return vec![codes::BRIEF.about(format_args!("检查规则 profile {name}"))];
    }
    let Brief { authority, reason, decider, full_by } = brief;
    let full_by: Option<Date> = full_by.parse().ok();
    let latest = bounds(facts).and_then(|bounds| due(facts, bounds.not_after));
    let is_late = full_by.zip(latest).is_some_and(|(full_by, latest)| full_by > last_day(&latest));
    [
        ("依据 authority", authority.trim().is_empty()),
        ("理由 reason", reason.trim().is_empty()),
        ("决定人 decider", decider.trim().is_empty()),
        ("期限须为日期 full_by takes a date, such as 2027-01-05", full_by.is_none()),
        ("期限晚于规定 full_by is later than the rule lets it", is_late),
    ]
    .into_iter()
    .filter(|(_, lacks)| *lacks)
    .map(|(field, _)| codes::BRIEF.about(field))
    .collect()
}

/// TS136: when the full one is due, were it released now or, if that is still to come, when the
/// window begins; and that it is promised for later, where nobody can say yet when it is released.
pub fn full_interpretation_is_owed(facts: &Facts<'_>, now: Timestamp) -> Vec<Finding> {
    let Some(brief) = &facts.manifest.brief else { return vec![] };
    let bounds = bounds(facts);
    let released_at = bounds.as_ref().map_or(now, |bounds| now.max(bounds.not_before));
    let due = due(facts, released_at);
    let full_by: Option<Date> = brief.full_by.parse().ok();
    let is_open = |due: &Due| bounds.is_none() || due.is_provisional;
    let said = due.map(|due| match full_by.filter(|day| is_open(&due) && *day > due.date) {
        Some(full_by) => codes::FULL_OWED
            .about(format_args!("{due}，full_by {full_by} 晚于此日 is later than that")),
        None => codes::FULL_OWED.about(due),
    });
    said.into_iter().collect()
}

/// Days off in a row at the most, which a notice that is still to come may put before the last day.
const DAYS_OFF_MAX: i32 = 9;

/// The last day that cannot be refused: a count without a notice on holidays is certain of none.
fn last_day(due: &Due) -> Date {
    let off = if due.is_provisional { DAYS_OFF_MAX } else { 0 };
    due.date.saturating_add(off.days())
}

fn bounds(facts: &Facts<'_>) -> Option<Bounds> {
    let (window, _) = wanted(facts)?;
    find_bounds(window, registered_at(facts.registration))
}

/// The last day for the full one after a release at this instant.
fn due(facts: &Facts<'_>, released_at: Timestamp) -> Option<Due> {
    let rule = facts.profile?.brief.as_ref()?;
    Some(calendar::china().due(released_at.beijing_day(), rule.working_days))
}
