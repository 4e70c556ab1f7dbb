//! What an observer who forgets nothing knows. No part of the protocol reads it, but for sign-offs,
//! which everybody can verify.

use crate::{
    channel::{CHANNELS_MAX, Pair, Place},
    mutation::Mutation,
    release::{Said, Versions, bit},
};

/// The observer's notes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Ghost {
    /// Versions whose chain was ever complete.
    pub(crate) signed: Versions,
    /// Versions whose sign-offs ended by a withdrawal.
    pub(crate) ended: Versions,
    /// Versions of which release said that they were stopped before commit.
    pub(crate) stopped: Versions,
    /// The generation under which release last said: dark.
    pub(crate) dark: u32,
    /// The newest generation that this life of a place showed.
    newest: [u32; CHANNELS_MAX],
    /// What a place showed last, on any life.
    showed: [Option<Pair>; CHANNELS_MAX],
    /// A place went back to an older generation.
    pub(crate) went_back: bool,
    /// Release said completed, and some channel never showed it.
    pub(crate) lied: bool,
}

impl Ghost {
    pub(crate) fn new() -> Self {
        Self {
            signed: bit(1),
            ended: 0,
            stopped: 0,
            dark: 0,
            newest: [0; CHANNELS_MAX],
            showed: [None; CHANNELS_MAX],
            went_back: false,
            lied: false,
        }
    }

    pub(crate) fn note(&mut self, said: Said, channels: usize, mutation: Mutation) {
        match said {
            Said::Command(_) => {}
            Said::Stopped(version) => self.stopped |= bit(version),
            Said::Withdrawing if mutation == Mutation::EndedEarly => self.ended |= self.signed,
            Said::Withdrawing => {}
            // Every case that is granted by now ends; what returns, returns under another.
            Said::Dark(n) => (self.dark, self.ended) = (n, self.ended | self.signed),
            Said::Completed(pair) => {
                self.lied |= self.showed.iter().take(channels).any(|showed| *showed != Some(pair));
            }
        }
    }

    pub(crate) fn begin_life(&mut self, channel: usize) {
        self.newest[channel] = 0;
    }

    /// Looks at a place after a step.
    pub(crate) fn look(&mut self, channel: usize, place: &Place) {
        for half in [place.policy, place.interpretation].into_iter().flatten() {
            self.went_back |= half.n < self.newest[channel];
            self.newest[channel] = self.newest[channel].max(half.n);
        }
        if place.policy.is_some() && place.policy == place.interpretation {
            self.showed[channel] = place.policy;
        }
    }
}
