//! Release: the row and what surrounds it, moved by the product's own [`State`]. What
//! `services/release/src/{steps,events,jobs}.rs` do around it is told again here, without SQL.

use lockstep_release::domain::{Event, Phase, State, Step};

use crate::{
    channel::{Answer, CHANNELS_MAX, Command, EPOCH, Lives, Pair, Wish},
    mutation::Mutation,
};

/// Versions of the manifest, as bits.
pub(crate) type Versions = u8;

pub(crate) fn bit(version: u8) -> Versions {
    1 << version
}

/// The row of the bundle: one compare-and-set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    pub(crate) state: State,
    /// Whose evidence it holds; 0: there is no row yet.
    pub(crate) version: u8,
    /// Granted meanwhile; 0: nothing waits.
    pub(crate) next: u8,
}

/// Release's other tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Heard {
    pub(crate) lives: Lives,
    staged: [Option<(u8, Pair)>; CHANNELS_MAX],
    receipts: [Option<(u8, Option<u8>)>; CHANNELS_MAX],
    /// Versions that drafters asked to stop.
    stops: Versions,
    /// Whether a correction of what went dark is taken after all: a wrong design.
    takes_old_grants: bool,
}

/// What a step says to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Command(Command),
    /// This version's release ended before it was committed.
    Stopped(u8),
    /// An order to withdraw was taken in.
    Withdrawing,
    /// All channels show nothing; under this generation.
    Dark(u32),
    /// Every channel shows this.
    Completed(Pair),
}

impl Row {
    pub(crate) fn new() -> Self {
        Self { state: State::before_all(EPOCH), version: 0, next: 0 }
    }

    pub(crate) fn n(&self) -> u32 {
        self.state.generation.n
    }

    pub(crate) fn pair(&self) -> Pair {
        Pair { version: self.version, n: self.n() }
    }

    /// `steps::grant`.
    pub(crate) fn grant(&mut self, heard: &Heard, version: u8) -> Vec<Said> {
        if self.version == version {
            return vec![];
        }
        // Version 2 corrects version 1: it was drafted before that went dark.
        if self.state.phase == Phase::Dark && version > 1 && !heard.takes_old_grants {
            return vec![Said::Stopped(version)];
        }
        let mut said = self.take(heard, Event::Granted { is_unregistered: false }, version);
        if self.version == version && heard.stops & bit(version) != 0 {
            said.extend(self.take(heard, Event::StopAsked, version));
        }
        said
    }

    /// `steps::take`. `granted`: the version that comes with [`Event::Granted`].
    pub(crate) fn take(&mut self, heard: &Heard, event: Event, granted: u8) -> Vec<Said> {
        let Ok(step) = self.state.decide(event) else { return vec![] };
        let before = self.state;
        let mut said = vec![];
        match step {
            Step::Nothing => return vec![],
            Step::Decline => return vec![Said::Stopped(granted)],
            Step::Queue => self.next = granted,
            Step::Adopt | Step::Stage(_) | Step::Move(_) | Step::Withdraw(_) => {}
            Step::Begin(..) => {
                let is_under_way = matches!(
                    before.phase,
                    Phase::Registering | Phase::Staging | Phase::Staged | Phase::Blocked
                );
                if is_under_way && self.version != 0 && !before.was_permitted {
                    said.push(Said::Stopped(self.version));
                }
                self.version = granted;
            }
        }
        self.state = before.apply(step);
        let command = |wish| Said::Command(Command { wish, lives: heard.lives });
        match step {
            Step::Begin(_, Phase::Staging) | Step::Stage(_) => {
                said.push(command(Wish::Hold(self.pair())));
            }
            Step::Withdraw(_) => {
                if self.next != 0 {
                    said.push(Said::Stopped(self.next));
                    self.next = 0;
                }
                said.extend([Said::Withdrawing, command(Wish::Hide(self.n()))]);
            }
            Step::Move(phase) => match phase {
                Phase::Permitted => said.push(command(Wish::Show(self.pair()))),
                Phase::Completed => said.push(Said::Completed(self.pair())),
                Phase::Stopped => said.push(Said::Stopped(self.version)),
                Phase::Dark => said.push(Said::Dark(self.n())),
                Phase::Registering
                | Phase::Staging
                | Phase::Staged
                | Phase::Withdrawing
                | Phase::Blocked
                | Phase::Failed => {}
            },
            Step::Nothing | Step::Queue | Step::Decline | Step::Adopt | Step::Begin(..) => {}
        }
        said.extend(self.begin_next(heard));
        said
    }

    fn begin_next(&mut self, heard: &Heard) -> Vec<Said> {
        let is_again =
            self.state.was_permitted && matches!(self.state.phase, Phase::Staging | Phase::Staged);
        let is_busy = matches!(self.state.phase, Phase::Permitted | Phase::Withdrawing);
        if self.next == 0 || is_again || is_busy {
            return vec![];
        }
        let version = std::mem::take(&mut self.next);
        self.grant(heard, version)
    }
}

impl Heard {
    pub(crate) fn new(lives: Lives, mutation: Mutation) -> Self {
        let (staged, receipts) = ([None; CHANNELS_MAX], [None; CHANNELS_MAX]);
        let takes_old_grants = mutation == Mutation::TakesOldGrants;
        Self { lives, staged, receipts, stops: 0, takes_old_grants }
    }

    /// `events::answer`. Answers of another generation than the one in force are never looked at,
    /// as generations only rise; so they are not kept. Says whether a channel joined anew.
    pub(crate) fn note(&mut self, channel: usize, answer: Answer, n: u32) -> bool {
        match answer {
            Answer::Joined { life } => {
                // Facts of one source come in order.
                let is_news = life > self.lives[channel];
                self.lives[channel] = self.lives[channel].max(life);
                return is_news;
            }
            Answer::Staged { life, pair } if pair.n == n => {
                self.staged[channel] = Some((life, pair));
            }
            Answer::Receipt { life, n: of, shown } if of == n => {
                self.receipts[channel] = Some((life, shown));
            }
            Answer::Staged { .. } | Answer::Receipt { .. } => {}
        }
        false
    }

    /// Another generation is in force.
    pub(crate) fn forget_answers(&mut self) {
        *self = Self { staged: [None; 2], receipts: [None; 2], ..*self };
    }

    pub(crate) fn note_stop(&mut self, version: u8) {
        self.stops |= bit(version);
    }

    /// Whether every channel holds the row's pair.
    pub(crate) fn all_staged(&self, row: &Row, channels: usize, mutation: Mutation) -> bool {
        mutation == Mutation::FlipUnstaged
            || (0..channels).all(|channel| {
                self.staged[channel].is_some_and(|(life, pair)| {
                    self.counts(channel, life, mutation) && pair == row.pair()
                })
            })
    }

    /// Whether every channel says that it shows `wanted` under the generation in force.
    pub(crate) fn all_show(&self, wanted: Option<u8>, channels: usize, mutation: Mutation) -> bool {
        (0..channels).all(|channel| {
            self.receipts[channel].is_some_and(|(life, shown)| {
                self.counts(channel, life, mutation) && shown == wanted
            })
        })
    }

    fn counts(&self, channel: usize, life: u8, mutation: Mutation) -> bool {
        mutation == Mutation::NoIncarnation || self.lives[channel] == life
    }
}
