//! What may happen to a case.

use std::fmt;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The chain is at work.
    Open,
    /// The chain is complete; release owns the bundle.
    Granted,
    /// Release permitted it: order and registration are final.
    Permitted,
    /// A step returned it.
    Returned,
    /// Another revision came in before the chain was complete.
    Superseded,
    /// Release ended it: stopped, or withdrawn and dark.
    Ended,
}

/// What people ask of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A step signs.
    Sign,
    /// A step returns it.
    Return,
    /// The registrar fills the slots.
    Register,
    /// Somebody proposes another order before the last step signs.
    Propose,
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A statement is added to the history.
    AddSignOff,
    /// The last step signs another order.
    Reorder,
    /// The registration is set, replacing an earlier one.
    SetRegistration,
    /// The proposal is replaced.
    SetProposal,
}

/// The case is not in a state for this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("当前{state}，不能这样做 / the case is not in a state for this")]
pub struct Refusal {
    /// Its state.
    pub state: State,
}

impl State {
    /// All states, for tables.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Granted, Self::Permitted, Self::Returned, Self::Superseded, Self::Ended];

    /// As it stands in the table and in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Granted => "granted",
            Self::Permitted => "permitted",
            Self::Returned => "returned",
            Self::Superseded => "superseded",
            Self::Ended => "ended",
        }
    }

    /// What a command does in this state. Whether the statement itself holds, the gate says.
    pub fn decide(self, command: Command) -> Result<Effect, Refusal> {
        match (self, command) {
            (Self::Open, Command::Sign | Command::Return) => Ok(Effect::AddSignOff),
            (Self::Open, Command::Propose) => Ok(Effect::SetProposal),
            (Self::Granted, Command::Sign) => Ok(Effect::Reorder),
            (Self::Granted, Command::Register) => Ok(Effect::SetRegistration),
            // Before 签发 there is no number to give; from granting on release owns the bundle, and
            // from the permit on nothing of the edition changes.
            (state, _) => Err(Refusal { state }),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "审批中 (open)",
            Self::Granted => "已签发 (granted)",
            Self::Permitted => "已放行 (permitted)",
            Self::Returned => "已退回 (returned)",
            Self::Superseded => "已被新版次取代 (superseded)",
            Self::Ended => "已终止 (ended)",
        })
    }
}

impl TryFrom<String> for State {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_answers_every_command() {
        let mut table = String::from("state | sign | return | register | propose\n");
        for state in State::ALL {
            let answer = |command| match state.decide(command) {
                Ok(effect) => format!("{effect:?}"),
                Err(_) => "refused".to_owned(),
            };
            let commands = [Command::Sign, Command::Return, Command::Register, Command::Propose];
            table.push_str(&format!("{} | {}\n", state.name(), commands.map(answer).join(" | ")));
        }
        assert_eq!(
            table,
            "state | sign | return | register | propose\n\
             open | AddSignOff | AddSignOff | refused | SetProposal\n\
             granted | Reorder | refused | SetRegistration | refused\n\
             permitted | refused | refused | refused | refused\n\
             returned | refused | refused | refused | refused\n\
             superseded | refused | refused | refused | refused\n\
             ended | refused | refused | refused | refused\n"
        );
    }
}
