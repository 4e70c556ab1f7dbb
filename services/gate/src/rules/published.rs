//! Published in sync (TS3xx): nothing is shown before everything is in place, inside the window
//! that the last step signed (同步发布).

use std::collections::BTreeSet;

use lockstep_proto::{
    finding::Finding,
    ids::ChannelName,
    order::{Channels, Order, Window},
    time::{Timestamp, is_date},
};

use super::approved;
use crate::{
    calendar,
    codes::{self, At as _},
    verdict::Facts,
    window::{DAYS_MAX, find_bounds, is_counted, registered_at},
};

/// TS301, TS308: the last step signed this very order with the manifest, and it can be carried out.
pub fn order_is_signed_and_sound(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let (Some(order), Some(chain)) = (facts.order, facts.chain) else {
        return vec![codes::NO_ORDER.finding()];
    };
    let signed = approved::progress(chain, facts.sign_offs).order;
    if signed.as_ref() != Some(order.digest())
        || Some(&order.manifest) != facts.digest
        || order.bundle != facts.manifest.bundle
        || order.deployment != *facts.deployment
    {
        return vec![codes::NO_ORDER.about(order.digest().short())];
    }
    order_is_sound(order)
}

/// TS310: the order names every channel that may show an earlier edition. One that is left out would
/// keep the old text for ever, while the release is said to be completed.
pub fn order_leaves_no_channel_out(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    facts.order.map(|order| find_left_out(&order.channels, facts.lit)).unwrap_or_default()
}

/// The same, of any channels.
pub fn find_left_out(channels: &Channels, lit: &[ChannelName]) -> Vec<Finding> {
    let left_out: Vec<&str> =
        lit.iter().filter(|lit| !channels.name(lit)).map(ChannelName::as_str).collect();
    if left_out.is_empty() { vec![] } else { vec![codes::LEFT_OUT.about(left_out.join("、"))] }
}

/// TS308: the order, or what is proposed as one, names channels of this deployment.
pub fn channels_are_there(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let (Some(there), Some((_, channels))) = (facts.channels, wanted(facts)) else {
        return vec![];
    };
    let names: Vec<&str> = there.iter().map(ChannelName::as_str).collect();
    channels
        .all()
        .filter(|channel| !there.contains(channel))
        .map(|channel| {
            codes::BAD_ORDER.about(format_args!("没有此渠道 no such channel: {channel}")).advising(
                format!("改用现有的渠道：{}", names.join("、")),
                format!("name channels that there are: {}", names.join(", ")),
            )
        })
        .collect()
}

/// TS305, as a warning: the last step may still order another window.
pub fn proposed_window_is_not_over(facts: &Facts<'_>, now: Timestamp) -> Vec<Finding> {
    let registered_at = registered_at(facts.registration);
    let late = facts.proposal.and_then(|proposal| find_late(&proposal.window, registered_at, now));
    late.map(Finding::into_warning).into_iter().collect()
}

fn find_late(window: &Window, registered_at: Option<Timestamp>, now: Timestamp) -> Option<Finding> {
    let bounds = find_bounds(window, registered_at)?;
    // One that ends before it begins is told as such.
    (bounds.not_before <= bounds.not_after && bounds.not_after < now)
        .then(|| codes::TOO_LATE.about(bounds.not_after.beijing()))
}

/// TS311: the last day of a window in working days rests on a notice that is still to come. Before
/// registration: it would, were it registered now.
pub fn date_is_settled(facts: &Facts<'_>, now: Timestamp) -> Vec<Finding> {
    let Some((Window::WorkingDays { days }, _)) = wanted(facts) else { return vec![] };
    let from = registered_at(facts.registration).unwrap_or(now).beijing_day();
    let due = calendar::china().due(from, (*days).min(DAYS_MAX));
    if due.is_provisional { vec![codes::PROVISIONAL.about(due)] } else { vec![] }
}

/// TS312: what is counted from registration waits for it, also where no slot does.
pub fn window_is_registered(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let waits = facts.order.is_some_and(|order| is_counted(order));
    if waits && facts.registration.is_none() {
        vec![codes::UNREGISTERED_WINDOW.finding()]
    } else {
        vec![]
    }
}

/// When and where it is to be released: by the order, or else by what is proposed as one.
pub(super) fn wanted<'a>(facts: &Facts<'a>) -> Option<(&'a Window, &'a Channels)> {
    let order = facts.order.map(|order| (&order.window, &order.channels));
    order.or(facts.proposal.map(|proposal| (&proposal.window, &proposal.channels)))
}

/// What is asked of an order when the last step signs it, whatever else is still to come.
pub fn order_may_be_signed(facts: &Facts<'_>, now: Timestamp) -> Vec<Finding> {
    let mut findings = order_is_signed_and_sound(facts, now);
    findings.extend(can_be_carried_out(facts, now));
    findings
}

/// What is asked of an order when it is proposed to the last step.
pub fn proposal_may_be_made(facts: &Facts<'_>, now: Timestamp) -> Vec<Finding> {
    let sound = |(window, channels): (&Window, &Channels)| {
        proposal_is_sound(window, &channels.required, &channels.optional)
    };
    let mut findings = wanted(facts).map(sound).unwrap_or_default();
    findings.extend(can_be_carried_out(facts, now));
    findings
}

fn can_be_carried_out(facts: &Facts<'_>, now: Timestamp) -> Vec<Finding> {
    let Some((window, channels)) = wanted(facts) else { return vec![] };
    let mut findings = channels_are_there(facts, now);
    findings.extend(find_left_out(channels, facts.lit));
    findings.extend(find_late(window, registered_at(facts.registration), now));
    findings
}

/// TS308: a window of two instants in order, or of some working days; channels named once, at least one required.
pub fn order_is_sound(order: &Order) -> Vec<Finding> {
    proposal_is_sound(&order.window, &order.channels.required, &order.channels.optional)
}

/// The same, of what a bundle proposes.
pub fn proposal_is_sound(
    window: &Window,
    required: &[ChannelName],
    optional: &[ChannelName],
) -> Vec<Finding> {
    let mut findings = vec![];
    match window {
        Window::Instants { not_before, not_after } if not_before <= not_after => {}
        Window::Instants { .. } => {
            findings.push(codes::BAD_ORDER.about("时限早于起始 not_after < not_before"));
        }
        Window::WorkingDays { days: 1..=DAYS_MAX } => {}
        Window::WorkingDays { days } => {
            findings.push(codes::BAD_ORDER.about(format_args!("工作日数 working_days {days}")));
        }
    }
    let distinct: BTreeSet<_> = required.iter().chain(optional).collect();
    if required.is_empty() || distinct.len() != required.len() + optional.len() {
        findings.push(codes::BAD_ORDER.about("渠道 channels"));
    }
    findings
}

/// TS302, TS303: every open slot is filled, dates by dates, by a registrar's signature over this
/// manifest.
pub fn slots_are_registered(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let open = &facts.manifest.metadata.slots;
    let Some(registration) = facts.registration else {
        return if open.is_empty() { vec![] } else { vec![codes::NO_REGISTRATION.finding()] };
    };
    let statement = registration.statement();
    let is_signed = facts.directory.is_signed_by(&statement.person, &statement.key, registration);
    let is_registrar = facts
        .profile
        .is_some_and(|profile| facts.directory.holds(&statement.person, &profile.registrar));
    let is_over_this = Some(&statement.manifest) == facts.digest
        && statement.bundle == facts.manifest.bundle
        && statement.deployment == *facts.deployment;
    let names: Vec<&str> = open.iter().map(|slot| slot.name()).collect();
    [
        ("签名 signature".to_owned(), is_signed),
        (format!("{0} 不是文秘 {0} is no registrar", statement.person), is_registrar),
        ("清单 manifest".to_owned(), is_over_this),
        (
            "尚不支持版式文件 official copies are not supported yet".to_owned(),
            statement.official_copy.is_none(),
        ),
        (format!("须恰好填写 slots: {}", names.join("、")), statement.slots.keys().eq(open.iter())),
    ]
    .into_iter()
    .chain(statement.slots.iter().map(|(slot, value)| {
        let what = format!(
            "{0}须为日期，如 2027年1月5日 或 2027-01-05 {0} takes a date, such as these",
            slot.name()
        );
        (what, !slot.is_date() || is_date(value.as_str()))
    }))
    .filter(|(_, holds)| !holds)
    .map(|(what, _)| codes::BAD_REGISTRATION.about(what))
    .collect()
}

/// TS304, TS305: now lies in the window. Never early; later, a person is asked.
pub fn window_is_open(facts: &Facts<'_>, now: Timestamp) -> Vec<Finding> {
    let Some(order) = facts.order else { return vec![codes::NO_ORDER.finding()] };
    let Some(bounds) = find_bounds(&order.window, registered_at(facts.registration)) else {
        return vec![codes::UNREGISTERED_WINDOW.finding()];
    };
    // What passed the gate inside its window may be shown again after it: a channel that lost its
    // disk, or a crash between commit and flip.
    let passed_at = facts.staging.and_then(|staging| staging.first_permitted_at).unwrap_or(now);
    if now < bounds.not_before || passed_at < bounds.not_before {
        vec![codes::TOO_EARLY.about(bounds.not_before.beijing())]
    } else if passed_at > bounds.not_after {
        vec![codes::TOO_LATE.about(bounds.not_after.beijing())]
    } else {
        vec![]
    }
}

/// TS306, TS307: every required channel (or the one that asks) holds this edition under this
/// generation.
pub fn channels_hold_the_edition(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let (Some(order), Some(staging)) = (facts.order, facts.staging) else {
        return vec![codes::NOT_STAGED.finding()];
    };
    let asked: Vec<&ChannelName> = match staging.asker {
        Some(channel) if !order.channels.name(channel) => {
            return vec![codes::OTHER_CHANNEL.about(channel)];
        }
        Some(channel) => vec![channel],
        None => order.channels.required.iter().collect(),
    };
    asked
        .into_iter()
        .filter(|channel| staging.staged.get(*channel) != Some(staging.placed))
        .map(|channel| codes::NOT_STAGED.about(channel))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_an_order_is_said_in_chinese_too() {
        let at = |text: &str| text.parse().unwrap();
        let window = Window::Instants {
            not_before: at("2026-12-02T00:00:00Z"),
            not_after: at("2026-12-01T00:00:00Z"),
        };
        let said: Vec<_> = proposal_is_sound(&window, &[], &[])
            .into_iter()
            .map(|finding| finding.message)
            .collect();
        assert_eq!(
            said,
            [
                "发布令无法执行：时限早于起始 not_after < not_before",
                "发布令无法执行：渠道 channels"
            ]
        );
    }
}
