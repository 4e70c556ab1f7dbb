//! Backup and restore: release, and with it what channels wrote down, becomes as it was at some moment;
//! what was said, and what readers see at places of their own, does not. A failover to a copy that lost
//! commits is the same, and comes without a word. What is kept outside stays.

use lockstep_proto::release::Generation;
use lockstep_release::domain::{Event, Kept, Phase};

use crate::{
    channel::{CHANNELS_MAX, Channel, EPOCH, STRIDE, generation, number},
    mutation::Mutation,
    release::{Drafted, Heard, Row, Versions},
    world::{Action, State, World},
};

/// Where a channel's place lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Places {
    /// Beside the database: it becomes as it was, too.
    Within,
    /// On a disk of its own, which stays as it is.
    Outside,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Backup {
    row: Row,
    heard: Heard,
    granted: Versions,
    drafted: Drafted,
    channels: [Channel; CHANNELS_MAX],
    kept_here: u32,
    /// What was stopped and not yet forgotten.
    stopped: Versions,
}

/// What there is besides, for restores.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Safe {
    backup: Option<Box<Backup>>,
    restores: u8,
    /// Outside the backup: what was ever to be shown, and ever to show nothing.
    shown: u32,
    hidden: u32,
    /// The withdrawal of which release knows that it is kept.
    kept_here: u32,
    /// Lives that count as of the ended epoch.
    lives: Option<[u8; CHANNELS_MAX]>,
}

fn kept(number: u32) -> Option<Generation> {
    (number > 0).then(|| generation(number))
}

impl Safe {
    /// Nobody has let the deployment go on since a restore.
    pub(crate) fn is_held(&self) -> bool {
        self.lives.is_some()
    }

    pub(crate) fn go_on(&mut self) {
        self.lives = None;
    }
}

impl World {
    pub(crate) fn push_restores(&self, state: &State, actions: &mut Vec<Action>) {
        if self.restores == 0 {
            return;
        }
        let (row, safe) = (&state.row, &state.safe);
        if safe.backup.is_none() {
            actions.push(Action::Backup);
        } else if safe.restores < self.restores {
            actions.push(Action::Restore);
        }
        if row.state.phase == Phase::Staged && safe.shown < row.n() {
            actions.push(Action::KeepShow);
        }
        if row.state.phase == Phase::Withdrawing && safe.kept_here != row.n() {
            actions.push(Action::KeepHide);
        }
        if self.may_go_on(state) {
            actions.push(Action::GoOn);
        }
    }

    /// Whether what is about to be shown is kept, and nothing is held.
    pub(crate) fn may_admit(&self, state: &State) -> bool {
        self.restores == 0 || (state.safe.shown >= state.row.n() && !state.safe.is_held())
    }

    /// Whether the withdrawal in force is kept.
    pub(crate) fn may_be_dark(&self, state: &State) -> bool {
        self.restores == 0
            || self.mutation == Mutation::DarkBeforeKept
            || state.safe.kept_here == state.row.n()
    }

    /// Every channel began anew and shows nothing.
    fn may_go_on(&self, state: &State) -> bool {
        let Some(old) = state.safe.lives else { return false };
        (0..self.channels).all(|index| {
            let place = &state.channels[index].place;
            state.heard.lives[index] != old[index] && place.policy.is_none()
        })
    }

    pub(crate) fn backup(state: &mut State) {
        state.safe.backup = Some(Box::new(Backup {
            row: state.row,
            heard: state.heard,
            granted: state.granted,
            drafted: state.drafted,
            channels: state.channels,
            kept_here: state.safe.kept_here,
            stopped: state.ghost.stopped,
        }));
    }

    pub(crate) fn keep_show(state: &mut State) {
        state.safe.shown = state.row.n();
    }

    pub(crate) fn keep_hide(state: &mut State) {
        state.safe.hidden = state.safe.hidden.max(state.row.n());
        state.safe.kept_here = state.row.n();
    }

    /// `Release::enter` and `Channel::enter` over the backup.
    pub(crate) fn restore(&self, state: &mut State) -> Option<()> {
        let backup = state.safe.backup.clone()?;
        state.safe.restores += 1;
        state.safe.kept_here = backup.kept_here;
        (state.row, state.heard) = (backup.row, backup.heard);
        (state.granted, state.drafted) = (backup.granted, backup.drafted);
        // What people stopped since, they stop again.
        state.ghost.stopped = backup.stopped;
        for index in 0..self.channels {
            self.begin_anew(state, index, &backup.channels[index]);
        }
        let safe = &state.safe;
        let of = Kept { shown: kept(safe.shown), hidden: kept(safe.hidden) };
        let lost = state.row.state.lost(of);
        let epoch = EPOCH + u32::from(state.safe.restores);
        state.row.state = state.row.state.in_epoch(epoch);
        let hidden = lost.hidden.filter(|_| self.mutation != Mutation::OrdersInside);
        if let Some(hidden) = hidden {
            let read = state.row;
            self.take(state, read, Event::WithdrawalOrdered, 0);
            if state.row.state.phase != Phase::Withdrawing {
                state.row.state = state.row.state.darkened(hidden);
            }
        }
        state.heard.forget_answers();
        state.safe.lives = Some(state.heard.lives);
        if self.mutation == Mutation::RestoredLit {
            // Nobody begins anew: whoever looks finds the channels as they were.
            state.safe.lives = None;
        }
        Some(())
    }

    /// What a channel wrote down becomes as it was; its life ends, and the next begins dark.
    fn begin_anew(&self, state: &mut State, index: usize, then: &Channel) {
        let now = state.channels[index];
        let mut channel = *then;
        channel.unsettled = None;
        channel.paused = now.paused;
        if self.places == Places::Outside {
            channel.place = now.place;
        }
        if self.mutation != Mutation::RestoredLit {
            // The life after the newest: one that never was, whatever was lost since.
            channel.end_life(now.life);
            if self.places == Places::Within {
                // Nothing is served before it has begun anew.
                (channel.place.policy, channel.place.interpretation) = (None, None);
            }
        }
        state.channels[index] = channel;
        state.ghost.begin_life(index);
    }
}

/// How many generations of its epoch a row has seen.
pub(crate) fn n_in_epoch(row: &Row) -> u32 {
    number(row.state.generation) % STRIDE
}
