//! What may happen to a bundle while it is drafting's, and when it is not.

use std::fmt;

/// Where a bundle stands, as far as drafting knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The newest revision waits for its fragments and charts.
    Rendering,
    /// They could not be made.
    Dropped,
    /// Sealed; the chain is at work.
    InReview,
    /// A step returned it.
    Returned,
    /// The chain is complete: release owns the bundle.
    Granted,
    /// Release ended it before it was shown.
    Stopped,
    /// Shown.
    Released,
    /// Withdrawn.
    Dark,
}

/// What people ask of drafting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A revision with other content than the newest.
    SubmitOther,
    /// The newest revision's content again.
    SubmitSame,
    /// Stop the release.
    Stop,
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A new revision begins.
    Begin,
    /// Nothing: it is so already.
    Nothing,
    /// Release is asked.
    AskRelease,
}

/// Why a command is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// From granting on release owns the bundle; ask it to stop first.
    ReleaseOwns,
    /// There is no release to stop.
    NothingToStop,
}

impl State {
    /// All states, for tables.
    pub const ALL: [Self; 8] = [
        Self::Rendering,
        Self::Dropped,
        Self::InReview,
        Self::Returned,
        Self::Granted,
        Self::Stopped,
        Self::Released,
        Self::Dark,
    ];

    /// As it stands in the table and in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rendering => "rendering",
            Self::Dropped => "dropped",
            Self::InReview => "in_review",
            Self::Returned => "returned",
            Self::Granted => "granted",
            Self::Stopped => "stopped",
            Self::Released => "released",
            Self::Dark => "dark",
        }
    }

    /// What a command does in this state.
    pub fn decide(self, command: Command) -> Result<Effect, Refusal> {
        use State::{Dark, Dropped, Granted, InReview, Released, Rendering, Returned, Stopped};
        match (self, command) {
            (Granted, Command::SubmitSame) => Ok(Effect::Nothing),
            (Granted, Command::SubmitOther) => Err(Refusal::ReleaseOwns),
            (Granted, Command::Stop) => Ok(Effect::AskRelease),
            (_, Command::Stop) => Err(Refusal::NothingToStop),
            // Saving the same content while it is under way, or is what readers see, changes nothing.
            (Rendering | InReview | Released, Command::SubmitSame) => Ok(Effect::Nothing),
            // After a return, a stop or a withdrawal it is sealed anew: no signature outlives them.
            (Dropped | Returned | Stopped | Dark, Command::SubmitSame)
            | (
                Rendering | Dropped | InReview | Returned | Stopped | Released | Dark,
                Command::SubmitOther,
            ) => Ok(Effect::Begin),
        }
    }
}

impl TryFrom<String> for State {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or(name)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReleaseOwns => {
                "已获批准，发布流程进行中；请先停止发布 (lockstep stop) / it is granted and being \
                 released; ask to stop it first (lockstep stop)"
            }
            Self::NothingToStop => {
                "没有进行中的发布；已发布的请撤回 (lockstep withdraw) / there is no release to \
                 stop; withdraw what is released (lockstep withdraw)"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_answers_every_command() {
        let mut table = String::from("state | submit other | submit same | stop\n");
        for state in State::ALL {
            let answer = |command| match state.decide(command) {
                Ok(effect) => format!("{effect:?}"),
                Err(refusal) => format!("refused {refusal:?}"),
            };
            let answers =
                [Command::SubmitOther, Command::SubmitSame, Command::Stop].map(answer).join(" | ");
            table.push_str(&format!("{} | {answers}\n", state.name()));
        }
        assert_eq!(
            table,
            "state | submit other | submit same | stop\n\
             rendering | Begin | Nothing | refused NothingToStop\n\
             dropped | Begin | Begin | refused NothingToStop\n\
             in_review | Begin | Nothing | refused NothingToStop\n\
             returned | Begin | Begin | refused NothingToStop\n\
             granted | refused ReleaseOwns | Nothing | AskRelease\n\
             stopped | Begin | Begin | refused NothingToStop\n\
             released | Begin | Nothing | refused NothingToStop\n\
             dark | Begin | Begin | refused NothingToStop\n"
        );
    }
}
