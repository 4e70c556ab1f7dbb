//! Release: the row and what surrounds it, moved by the product's own [`State`]. What
//! `services/release/src/{steps,events,jobs}.rs` do around it is told again here, without SQL.

use lockstep_release::domain::{Event, Phase, State, Step};

use crate::{
    channel::{Answer, CHANNELS_MAX, Command, EPOCH, Lives, Pair, Wish, generation, number},
    mutation::Mutation,
};

/// The number of the generation that was dark when a version was drafted; 0: nothing was.
pub(crate) type Drafted = [u32; 3];

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
    /// What passed the gate last and was not confirmed dark since; 0: nothing.
    shown: u8,
    /// The lives that the newest command names.
    named: Lives,
}

/// Release's other tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Heard {
    pub(crate) lives: Lives,
    staged: [Option<(u8, Pair)>; CHANNELS_MAX],
    receipts: [Option<(u8, Option<u8>)>; CHANNELS_MAX],
    /// Versions that drafters asked to stop.
    stops: Versions,
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
        let named = [0; CHANNELS_MAX];
        Self { state: State::before_all(EPOCH), version: 0, next: 0, shown: 0, named }
    }

    pub(crate) fn n(&self) -> u32 {
        number(self.state.generation)
    }

    pub(crate) fn pair(&self) -> Pair {
        Pair { version: self.version, n: self.n() }
    }

    /// `steps::grant`. `drafted`: what was dark when each version was drafted.
    pub(crate) fn grant(&mut self, heard: &Heard, version: u8, drafted: Drafted) -> Vec<Said> {
        if self.version == version {
            return vec![];
        }
        let n = drafted[usize::from(version)];
        let after_dark = (n > 0).then(|| generation(n));
        let event = Event::Granted { is_unregistered: false, after_dark };
        let mut said = self.take(heard, event, version, drafted);
        if self.version == version && heard.stops & bit(version) != 0 {
            said.extend(self.take(heard, Event::StopAsked, version, drafted));
        }
        said
    }

    /// `steps::take`. `granted`: the version that comes with [`Event::Granted`].
    pub(crate) fn take(
        &mut self,
        heard: &Heard,
        event: Event,
        granted: u8,
        drafted: Drafted,
    ) -> Vec<Said> {
        let Ok(step) = self.state.decide(event) else { return vec![] };
        let before = self.state;
        let mut said = vec![];
        match step {
            Step::Nothing => return vec![],
            Step::Decline => return vec![Said::Stopped(granted)],
            Step::Queue => {
                let waited = std::mem::replace(&mut self.next, granted);
                said.extend((waited != 0).then_some(Said::Stopped(waited)));
            }
            Step::Restore(_) => {
                let ended = std::mem::replace(&mut self.version, self.shown);
                if event == Event::StopAsked {
                    said.push(Said::Stopped(ended));
                } else {
                    self.next = ended;
                }
            }
            Step::Withdraw(_) if before.is_under_way() && before.may_show => {
                said.push(Said::Stopped(std::mem::replace(&mut self.version, self.shown)));
            }
            Step::Adopt
            | Step::Stage(_)
            | Step::Move(_)
            | Step::Withdraw(_)
            | Step::PermitAgain => {}
            Step::Begin(..) => {
                if before.is_under_way() && self.version != 0 {
                    said.push(Said::Stopped(self.version));
                }
                self.version = granted;
            }
        }
        self.state = before.apply(step);
        let n = self.n();
        let named = &mut self.named;
        let mut command = |wish| {
            *named = heard.lives;
            Said::Command(Command { wish, lives: heard.lives })
        };
        let pair = Pair { version: self.version, n };
        match step {
            Step::Begin(_, Phase::Staging) | Step::Stage(_) | Step::Restore(_) => {
                said.push(command(Wish::Hold(pair)));
            }
            Step::Withdraw(_) => {
                if self.next != 0 {
                    said.push(Said::Stopped(self.next));
                    self.next = 0;
                }
                said.extend([Said::Withdrawing, command(Wish::Hide(n))]);
            }
            Step::Move(phase) => match phase {
                Phase::Permitted => {
                    self.shown = self.version;
                    said.push(command(Wish::Show(pair)));
                }
                Phase::Completed => said.push(Said::Completed(pair)),
                Phase::Stopped => said.push(Said::Stopped(self.version)),
                Phase::Dark => {
                    self.shown = 0;
                    said.push(Said::Dark(n));
                }
                Phase::Registering
                | Phase::Staging
                | Phase::Staged
                | Phase::Withdrawing
                | Phase::Blocked
                | Phase::Failed => {}
            },
            Step::PermitAgain => said.push(command(Wish::Show(pair))),
            Step::Nothing | Step::Queue | Step::Decline | Step::Adopt | Step::Begin(..) => {}
        }
        said.extend(self.begin_next(heard, drafted));
        said
    }

    /// `jobs::Rejoin`: a command for the disks that are there now is still to be given.
    pub(crate) fn names_another_life(&self, heard: &Heard) -> bool {
        self.version != 0 && self.named != heard.lives
    }

    fn begin_next(&mut self, heard: &Heard, drafted: Drafted) -> Vec<Said> {
        if self.next == 0 || self.state.is_busy() {
            return vec![];
        }
        let version = std::mem::take(&mut self.next);
        self.grant(heard, version, drafted)
    }
}

impl Heard {
    pub(crate) fn new(lives: Lives) -> Self {
        let (staged, receipts) = ([None; CHANNELS_MAX], [None; CHANNELS_MAX]);
        Self { lives, staged, receipts, stops: 0 }
    }

    /// `events::answer`. Answers of another generation than the one in force are never looked at,
    /// as generations only rise; so they are not kept.
    pub(crate) fn note(&mut self, channel: usize, answer: Answer, n: u32) {
        match answer {
            // Facts of one source come in order.
            Answer::Joined { life } => self.lives[channel] = self.lives[channel].max(life),
            Answer::Staged { life, pair } if pair.n == n => {
                self.staged[channel] = Some((life, pair));
            }
            Answer::Receipt { life, n: of, shown } if of == n => {
                self.receipts[channel] = Some((life, shown));
            }
            Answer::Staged { .. } | Answer::Receipt { .. } => {}
        }
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
