//! The window of an order as two instants. One in working days runs from registration to the end of
//! the last of these days in Beijing, counted from the day after registration; before that it has
//! no instants, and nothing is due.

use lockstep_proto::{
    edition::Registration,
    order::{Order, Window},
    release::Evidence,
    signed::Signed,
    time::Timestamp,
};

use crate::calendar::{self, Due};

/// The longest window in working days: about three months.
pub const DAYS_MAX: u16 = 60;

/// The first and the last instant of a window, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Never before.
    pub not_before: Timestamp,
    /// Later than this, a person is asked.
    pub not_after: Timestamp,
    /// The last day, where it was counted.
    pub due: Option<Due>,
}

/// The bounds of a window; none while one in working days waits for registration. Counted anew each
/// time: a notice on holidays may move them.
pub fn find_bounds(window: &Window, registered_at: Option<Timestamp>) -> Option<Bounds> {
    match window {
        Window::Instants { not_before, not_after } => {
            Some(Bounds { not_before: *not_before, not_after: *not_after, due: None })
        }
        Window::WorkingDays { days } => {
            let not_before = registered_at?;
            // Whoever orders more is refused (TS308).
            let due = calendar::china().due(not_before.beijing_day(), (*days).min(DAYS_MAX));
            let not_after = Timestamp::end_of_beijing_day(due.date);
            Some(Bounds { not_before, not_after, due: Some(due) })
        }
    }
}

/// The bounds of what evidence orders; none without an order, or as [`find_bounds`] says.
pub fn of(evidence: &Evidence) -> Option<Bounds> {
    find_bounds(&evidence.order.as_ref()?.window, registered_at(evidence.registration.as_ref()))
}

/// Whether registration must come before staging: slots wait for it, or the window does.
pub fn waits_for_registration(evidence: &Evidence) -> bool {
    evidence.registration.is_none()
        && (!evidence.manifest.metadata.slots.is_empty()
            || evidence.order.as_ref().is_some_and(|order| is_counted(order)))
}

pub(crate) fn is_counted(order: &Order) -> bool {
    matches!(order.window, Window::WorkingDays { .. })
}

pub(crate) fn registered_at(registration: Option<&Signed<Registration>>) -> Option<Timestamp> {
    registration.map(|registration| registration.statement().at)
}
