//! The release protocol as a table: what each event does to a bundle in each phase. Pure; the
//! model in `tests/model` runs these very functions.

use lockstep_proto::release::Generation;

/// How far a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Granted; slots wait for the registrar.
    Registering,
    /// Channels are told to hold the edition.
    Staging,
    /// Every required channel holds it; waits for the window.
    Staged,
    /// Committed: the permit is out, channels flip.
    Permitted,
    /// Shown on every required channel and read back.
    Completed,
    /// Channels are told to show nothing.
    Withdrawing,
    /// Every channel confirmed that it shows nothing.
    Dark,
    /// Ended before it was committed.
    Stopped,
    /// The gate refused it; a person is asked.
    Blocked,
    /// What was read back is not what was approved, or a channel did not show it in time; a person
    /// is asked.
    Failed,
}

/// A bundle as release knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct State {
    /// The generation in force.
    pub generation: Generation,
    /// How far it is.
    pub phase: Phase,
    /// Some generation was permitted and none has been confirmed dark since: a channel may show
    /// something.
    pub may_show: bool,
    /// This very edition was permitted before: it is being shown again, or on a new disk.
    pub was_permitted: bool,
    /// The generation that was last confirmed dark: what was drafted before it is void.
    pub dark: Option<Generation>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A chain is complete over a manifest.
    Granted {
        /// Slots are open and nothing is registered.
        is_unregistered: bool,
        /// What was known to be dark when the manifest was drafted.
        after_dark: Option<Generation>,
    },
    /// The registrar filled the slots.
    Registered,
    /// The last step signed another order.
    Reordered,
    /// Every required channel holds the edition under this generation.
    AllStaged,
    /// The gate let it pass.
    Admitted,
    /// The gate refused it.
    Refused,
    /// What is shown was read from outside and compared.
    ReadBack {
        /// Whether it is what was approved.
        is_equal: bool,
    },
    /// A drafter asks to stop.
    StopAsked,
    /// An order to withdraw.
    WithdrawalOrdered,
    /// Every channel confirmed that it shows nothing under this generation.
    AllHidden,
    /// A channel is there with another disk.
    Rejoined,
    /// What was committed is not done in time.
    Overdue,
    /// A person has looked and lets it go on.
    Resumed,
}

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Nothing.
    Nothing,
    /// A release begins, under this generation and in this phase.
    Begin(Generation, Phase),
    /// What was granted waits until the release under way has ended.
    Queue,
    /// What was granted is turned away: it was drafted before the withdrawal was confirmed.
    Decline,
    /// Order or registration are taken over; generation and phase stay.
    Adopt,
    /// Channels are told to hold the edition, under this generation.
    Stage(Generation),
    /// Another phase of the same generation.
    Move(Phase),
    /// The same permit is said again, for more channels.
    PermitAgain,
    /// What readers see is said again, under this generation; what was under way waits for that,
    /// or is stopped.
    Restore(Generation),
    /// Channels are told to show nothing, under this generation.
    Withdraw(Generation),
}

/// What is known from outside a bundle's row, which may be an older one than it was: a backup, or a
/// copy that lost commits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Kept {
    /// The newest generation that was ever to be shown.
    pub shown: Option<Generation>,
    /// The newest generation that was ever to show nothing.
    pub hidden: Option<Generation>,
}

/// What happened to a bundle after its row was as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lost {
    /// Something was shown that nobody knows any more.
    pub shown: bool,
    /// It was withdrawn, under this generation.
    pub hidden: Option<Generation>,
}

/// There is nothing that could be withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("没有可撤回的发布 / nothing is released that could be withdrawn")]
pub struct NothingToWithdraw;

impl Phase {
    /// All phases, for tables.
    pub const ALL: [Self; 10] = [
        Self::Registering,
        Self::Staging,
        Self::Staged,
        Self::Permitted,
        Self::Completed,
        Self::Withdrawing,
        Self::Dark,
        Self::Stopped,
        Self::Blocked,
        Self::Failed,
    ];

    /// As it stands in the table and in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registering => "registering",
            Self::Staging => "staging",
            Self::Staged => "staged",
            Self::Permitted => "permitted",
            Self::Completed => "completed",
            Self::Withdrawing => "withdrawing",
            Self::Dark => "dark",
            Self::Stopped => "stopped",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
        }
    }
}

impl TryFrom<String> for Phase {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|phase| phase.name() == name).ok_or(name)
    }
}

impl State {
    /// What `event` does.
    pub fn decide(self, event: Event) -> Result<Step, NothingToWithdraw> {
        use Phase::{
            Blocked, Completed, Dark, Failed, Permitted, Registering, Staged, Staging, Stopped,
            Withdrawing,
        };
        let next = self.generation.next();
        let step = match (self.phase, event) {
            // What is committed is brought to its end before anything else begins.
            (Permitted, Event::Granted { .. }) => Step::Queue,
            (Staging | Staged, Event::Granted { .. }) if self.was_permitted => Step::Queue,
            // What goes dark returns only under a case that was opened afterwards.
            (Withdrawing, Event::Granted { .. }) => Step::Decline,
            (_, Event::Granted { after_dark, .. }) if after_dark < self.dark => Step::Decline,
            (_, Event::Granted { is_unregistered: true, .. }) => Step::Begin(next, Registering),
            (_, Event::Granted { is_unregistered: false, .. }) => Step::Begin(next, Staging),

            // From the permit on the edition is final, also while it is shown again.
            (_, Event::Registered) if self.was_permitted => Step::Nothing,
            (_, Event::Reordered) if self.was_permitted && self.phase != Blocked => Step::Nothing,
            (Registering, Event::Registered) => Step::Stage(self.generation),
            // Another edition or window is another generation; after commit it is a correction.
            (Staging | Staged | Blocked, Event::Registered | Event::Reordered) => Step::Stage(next),
            (Registering, Event::Reordered) => Step::Adopt,

            (Staging, Event::AllStaged) => Step::Move(Staged),
            (Staged, Event::Admitted) => Step::Move(Permitted),
            // An optional channel was staged late.
            (Permitted | Completed, Event::Admitted) => Step::PermitAgain,
            // While staging: the window is over, and some channel does not hold it.
            (Staging | Staged, Event::Refused) => Step::Move(Blocked),
            // Late is better than never: what failed may still arrive.
            (Permitted | Failed, Event::ReadBack { is_equal: true }) => Step::Move(Completed),
            (Permitted, Event::ReadBack { is_equal: false } | Event::Overdue) => Step::Move(Failed),
            (Staging | Staged, Event::Overdue) if self.was_permitted => Step::Move(Failed),
            (Failed | Blocked, Event::Resumed) => Step::Stage(next),

            // Too late to stop: then it goes dark.
            (Permitted | Completed | Failed, Event::StopAsked) => Step::Withdraw(next),
            (Staging | Staged | Blocked, Event::StopAsked) if self.was_permitted => {
                Step::Withdraw(next)
            }
            // A correction ends, a lost disk is filled: what readers see is said again.
            (Registering | Staging | Staged | Blocked, Event::StopAsked | Event::Rejoined)
                if self.may_show && !self.was_permitted =>
            {
                Step::Restore(next)
            }
            (Registering | Staging | Staged | Blocked, Event::StopAsked) => Step::Move(Stopped),

            (Registering | Staging | Staged | Blocked | Stopped, Event::WithdrawalOrdered)
                if self.may_show =>
            {
                Step::Withdraw(next)
            }
            (Registering | Staging | Staged | Blocked, Event::WithdrawalOrdered) => {
                Step::Move(Stopped)
            }
            (Permitted | Completed | Failed, Event::WithdrawalOrdered) => Step::Withdraw(next),
            (Stopped | Dark, Event::WithdrawalOrdered) => return Err(NothingToWithdraw),

            (Withdrawing, Event::AllHidden) => Step::Move(Dark),

            // A new disk holds nothing and knows no fence: whatever is wanted is said again, under
            // a generation that no earlier command carries.
            (Staging | Staged | Permitted | Completed | Failed, Event::Rejoined) => {
                Step::Stage(next)
            }
            (Withdrawing, Event::Rejoined) => Step::Withdraw(next),

            (
                Registering | Staging | Staged | Permitted | Completed | Withdrawing | Dark
                | Stopped | Blocked | Failed,
                _,
            ) => Step::Nothing,
        };
        Ok(step)
    }

    /// The state after `step`. What is queued waits elsewhere.
    #[must_use]
    pub fn apply(self, step: Step) -> Self {
        match step {
            Step::Nothing | Step::Queue | Step::Decline | Step::Adopt | Step::PermitAgain => self,
            Step::Begin(generation, phase) => {
                Self { generation, phase, was_permitted: false, ..self }
            }
            Step::Stage(generation) => Self { generation, phase: Phase::Staging, ..self },
            Step::Restore(generation) => {
                Self { generation, phase: Phase::Staging, was_permitted: true, ..self }
            }
            Step::Withdraw(generation) => {
                let was_permitted = self.may_show;
                Self { generation, phase: Phase::Withdrawing, was_permitted, ..self }
            }
            Step::Move(phase) => {
                let moved = Self { phase, ..self };
                match phase {
                    Phase::Permitted => Self { may_show: true, was_permitted: true, ..moved },
                    Phase::Dark => {
                        let dark = Some(self.generation);
                        Self { may_show: false, was_permitted: false, dark, ..moved }
                    }
                    Phase::Registering
                    | Phase::Staging
                    | Phase::Staged
                    | Phase::Completed
                    | Phase::Withdrawing
                    | Phase::Stopped
                    | Phase::Blocked
                    | Phase::Failed => moved,
                }
            }
        }
    }

    /// Whether a release was begun and not yet committed: it ends if another one begins.
    pub fn is_under_way(self) -> bool {
        use Phase::{Blocked, Registering, Staged, Staging};
        !self.was_permitted && matches!(self.phase, Registering | Staging | Staged | Blocked)
    }

    /// Whether what is granted meanwhile has to wait for the end of what is committed.
    pub fn is_busy(self) -> bool {
        use Phase::{Permitted, Staged, Staging, Withdrawing};
        matches!(self.phase, Permitted | Withdrawing)
            || (self.was_permitted && matches!(self.phase, Staging | Staged))
    }

    /// What the row does not know of what was kept: generations only rise, and no row is behind what
    /// was kept of it, unless it was restored.
    pub fn lost(self, kept: Kept) -> Lost {
        let is_lost = |generation: &Generation| *generation > self.generation;
        Lost {
            shown: kept.shown.as_ref().is_some_and(is_lost),
            hidden: kept.hidden.filter(is_lost),
        }
    }

    /// The same in a new epoch: whatever follows has a generation that never was.
    #[must_use]
    pub fn in_epoch(self, epoch: u32) -> Self {
        Self { generation: Generation { epoch, ..self.generation }, ..self }
    }

    /// Known to have been dark, at a time that the row forgot: what was drafted before is void.
    #[must_use]
    pub fn darkened(self, dark: Generation) -> Self {
        Self { dark: self.dark.max(Some(dark)), ..self }
    }

    /// Before anything of this bundle was ever released.
    pub fn before_all(epoch: u32) -> Self {
        let generation = Generation { epoch, n: 0 };
        let phase = Phase::Stopped;
        Self { generation, phase, may_show: false, was_permitted: false, dark: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_answers_every_event() {
        const DARK: Option<Generation> = Some(Generation { epoch: 1, n: 5 });
        const EVENTS: [(&str, Event); 16] = [
            ("granted", Event::Granted { is_unregistered: false, after_dark: DARK }),
            ("granted, slots open", Event::Granted { is_unregistered: true, after_dark: DARK }),
            ("granted before dark", Event::Granted { is_unregistered: false, after_dark: None }),
            ("registered", Event::Registered),
            ("reordered", Event::Reordered),
            ("all staged", Event::AllStaged),
            ("admitted", Event::Admitted),
            ("refused", Event::Refused),
            ("read back equal", Event::ReadBack { is_equal: true }),
            ("read back other", Event::ReadBack { is_equal: false }),
            ("stop asked", Event::StopAsked),
            ("withdrawal", Event::WithdrawalOrdered),
            ("all hidden", Event::AllHidden),
            ("rejoined", Event::Rejoined),
            ("overdue", Event::Overdue),
            ("resumed", Event::Resumed),
        ];
        // (may show, was permitted), and how it is called.
        const SHOWN: [(bool, bool, &str); 3] = [
            (false, false, ""),
            (true, false, " where an earlier edition is shown"),
            (true, true, " where this edition was permitted"),
        ];
        let generation = Generation { epoch: 1, n: 7 };
        let mut table = String::new();
        for phase in Phase::ALL {
            table.push_str(&format!("{}\n", phase.name()));
            for (name, event) in EVENTS {
                let mut usual = None;
                for (may_show, was_permitted, condition) in SHOWN {
                    let state = State { generation, phase, may_show, was_permitted, dark: DARK };
                    let answer = match state.decide(event) {
                        Ok(step) => describe(step),
                        Err(_) => "refused".to_owned(),
                    };
                    if usual.get_or_insert_with(|| "-".to_owned()) != &answer {
                        table.push_str(&format!("  {name}{condition}: {answer}\n"));
                    }
                    if condition.is_empty() {
                        usual = Some(answer);
                    }
                }
            }
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/domain.table.txt");
        if std::env::var_os("LOCKSTEP_BLESS").is_some() {
            std::fs::write(path, &table).unwrap();
        }
        assert_eq!(table, std::fs::read_to_string(path).unwrap());
    }

    fn describe(step: Step) -> String {
        match step {
            Step::Nothing => "-".to_owned(),
            Step::Queue => "waits until this release has ended".to_owned(),
            Step::Decline => "turned away".to_owned(),
            Step::Adopt => "taken over".to_owned(),
            Step::PermitAgain => "permitted for more channels".to_owned(),
            Step::Begin(generation, phase) => format!("{} as {generation}", phase.name()),
            Step::Stage(generation) => format!("staging as {generation}"),
            Step::Move(phase) => phase.name().to_owned(),
            Step::Restore(generation) => format!("what is shown is staged again as {generation}"),
            Step::Withdraw(generation) => format!("withdrawing as {generation}"),
        }
    }
}
