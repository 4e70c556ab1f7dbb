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
pub struct Refusal {
    /// Its state.
    pub state: State,
    /// What was asked of it.
    pub command: Command,
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
            (state, command) => Err(Refusal { state, command }),
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

impl Refusal {
    /// What to do instead, Chinese and English.
    fn way_out(self) -> [&'static str; 2] {
        match (self.state, self.command) {
            (State::Open, _) => {
                ["签发之后才能登记", "it is registered after the last step has signed"]
            }
            (State::Granted, Command::Propose) => [
                "请签发人另签发布令（lockstep order）",
                "have the last step sign another order (lockstep order)",
            ],
            (State::Granted, _) => [
                "请拟稿人先停止发布（lockstep stop）",
                "have a drafter stop the release first (lockstep stop)",
            ],
            (State::Permitted, _) => [
                "发布内容与发布令已定；请提交更正（lockstep submit --revises），或撤回（lockstep withdraw）",
                "edition and order are final; submit a correction (lockstep submit --revises), or \
                 withdraw it (lockstep withdraw)",
            ],
            (State::Returned | State::Superseded | State::Ended, _) => [
                "请修改后重新提交（lockstep submit --revises）",
                "submit it anew (lockstep submit --revises)",
            ],
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [help, help_en] = self.way_out();
        write!(f, "审批状态为{}，{help} / the case is {}: {help_en}", self.state, self.state.name())
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
    fn a_refusal_says_what_to_do_in_both_languages() {
        for command in [Command::Sign, Command::Register, Command::Propose] {
            let said = State::Permitted.decide(command).unwrap_err().to_string();
            assert!(said.starts_with("审批状态为已放行 (permitted)，"), "{said}");
            for way in ["lockstep submit --revises", "lockstep withdraw"] {
                assert_eq!(said.matches(way).count(), 2, "{said}");
            }
        }
    }

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
