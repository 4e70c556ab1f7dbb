//! Somebody with access to the bus who invents commands, and what channels take from such a one.

use crate::{
    channel::{Command, Pair, Wish},
    mutation::Mutation,
    world::{Message, State, World},
};

/// A generation that release will not reach.
const FAR: u32 = 99;

/// Who invents commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forger {
    /// Nobody.
    Nobody,
    /// A bus user without any key.
    User,
    /// A bus user whose holds are taken for release's. What is shown must not hang on them.
    Stager,
}

impl World {
    /// What a forger may think of, and channels take: any version, the generations in force and to
    /// come.
    pub(crate) fn forgeries(&self, state: &State) -> Vec<Command> {
        if self.forger == Forger::Nobody {
            return vec![];
        }
        let lives = state.channels.map(|channel| channel.life);
        let (now, next) = (state.row.n(), state.row.n() + 1);
        let pairs =
            [(1, now), (2, now), (1, next), (2, next)].map(|(version, n)| Pair { version, n });
        pairs
            .into_iter()
            .flat_map(|pair| [Wish::Hold(pair), Wish::Show(pair)])
            .chain([now, next, FAR].map(Wish::Hide))
            .map(|wish| Command { wish, lives })
            .filter(|command| !state.sent.contains(&Message::Command(*command)))
            .filter(|command| self.is_taken(state, command.wish))
            .collect()
    }

    /// Whether channels take what release never sent: all that it signed was sent.
    fn is_taken(&self, state: &State, wish: Wish) -> bool {
        match wish {
            Wish::Hold(_) => self.forger == Forger::Stager,
            Wish::Hide(_) => self.mutation == Mutation::UnsignedHide,
            Wish::Show(pair) => {
                self.mutation == Mutation::PermitOfManifest
                    && state.sent.iter().any(|message| match message {
                        Message::Command(Command { wish: Wish::Show(signed), .. }) => {
                            signed.version == pair.version
                        }
                        Message::Command(_) | Message::Answer(..) => false,
                    })
            }
        }
    }
}
