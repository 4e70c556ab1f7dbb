//! All of it: people, release, channels, the bus between them, and what goes wrong. Messages are
//! never taken away: any that was ever sent may be heard at any time, any number of times, or never.

use std::collections::BTreeSet;

use lockstep_release::domain::{Event, Phase, State as ReleaseState, Step};
use stateright::{Model, Property};

use crate::{
    channel::{Answer, CHANNELS_MAX, Channel, Command},
    forger::Forger,
    ghost::Ghost,
    mutation::Mutation,
    properties,
    release::{Drafted, Heard, Row, Said, bit},
    restore::{Places, Safe, n_in_epoch},
};

/// What is looked at, and how far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    pub(crate) channels: usize,
    pub(crate) mutation: Mutation,
    /// Generations are bounded by this.
    pub(crate) n_max: u32,
    pub(crate) crashes: u8,
    /// Disks lost.
    pub(crate) losses: u8,
    /// Workers that read the row and write much later.
    pub(crate) stale_workers: u8,
    /// Workers of a channel that decide and act much later.
    pub(crate) late_acts: u8,
    pub(crate) stop_requests: bool,
    pub(crate) withdrawals: u8,
    /// Orders signed anew.
    pub(crate) reorders: u8,
    /// Channels may take too long, and people let it go on.
    pub(crate) delays: bool,
    /// Who invents commands.
    pub(crate) forger: Forger,
    /// Backups put in place, all the same one.
    pub(crate) restores: u8,
    pub(crate) places: Places,
}

/// A message on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Message {
    Command(Command),
    Answer(usize, Answer),
}

/// A worker that has read the row, decided, and not yet written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Late {
    read: Row,
    event: Event,
}

/// What there is at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) row: Row,
    pub(crate) heard: Heard,
    pub(crate) late: Option<Late>,
    pub(crate) channels: [Channel; CHANNELS_MAX],
    pub(crate) sent: BTreeSet<Message>,
    /// Versions whose grant release has heard; a fact is heard once under its id.
    pub(crate) granted: u8,
    /// What was dark when each version was drafted.
    pub(crate) drafted: Drafted,
    /// Versions that drafters asked to stop.
    pub(crate) stop_asked: u8,
    pub(crate) withdrawals: u8,
    pub(crate) reorders: u8,
    pub(crate) crashes: u8,
    pub(crate) losses: u8,
    pub(crate) stale_workers: u8,
    pub(crate) late_acts: u8,
    pub(crate) ghost: Ghost,
    pub(crate) safe: Safe,
}

/// What release may do by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Deed {
    /// Channels answered all that is waited for.
    Advance,
    /// The gate lets it pass.
    Admit,
    /// The gate refuses it: the window, a key, a hold.
    Refuse,
    /// What is wanted is said to a new disk.
    Rejoin,
    /// It takes too long.
    GiveUp,
    /// A person lets it go on.
    Resume,
}

impl Deed {
    const ALL: [Self; 6] =
        [Self::Advance, Self::Admit, Self::Refuse, Self::Rejoin, Self::GiveUp, Self::Resume];
}

/// A step of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// The correction's chain is complete.
    Approve(u8),
    /// Release hears that a version's chain is complete.
    HearGrant(u8),
    /// A drafter saves over a version, in a design where that ends its sign-offs.
    Save(u8),
    /// Release hears that a drafter wants a version stopped.
    HearStop(u8),
    /// A person orders the withdrawal.
    Withdraw,
    /// Release hears another order for the version under way.
    HearOrder,
    /// Release takes a step.
    Do(Deed),
    /// A worker of release reads and decides, and is paused.
    Read(Deed),
    /// It writes.
    Write,
    /// A channel hears a command.
    Hear(usize, Command),
    /// Release hears an answer.
    Answered(usize, Answer),
    /// A channel makes its newest command so at the place.
    Work(usize),
    /// It writes that down.
    Settle(usize),
    /// A worker of a channel decides about its newest command, and is paused.
    Pause(usize),
    /// It acts at the place, and writes nothing down.
    Land(usize),
    /// Somebody invents a command.
    Forge(usize, Command),
    /// A place loses its disk.
    Lose(usize),
    /// The channel notices.
    Join(usize),
    /// Everything that is not written down is forgotten.
    Crash,
    /// A backup is made.
    Backup,
    /// The backup is put in place, and everybody enters another epoch.
    Restore,
    /// What is about to be shown is kept outside.
    KeepShow,
    /// The withdrawal is kept outside.
    KeepHide,
    /// A person has looked after a restore.
    GoOn,
}

impl World {
    /// All faults, one channel.
    pub(crate) fn new(mutation: Mutation) -> Self {
        Self {
            channels: 1,
            mutation,
            n_max: 3,
            crashes: 2,
            losses: 1,
            stale_workers: 1,
            late_acts: 1,
            stop_requests: true,
            withdrawals: 1,
            reorders: 0,
            delays: true,
            forger: Forger::User,
            restores: 0,
            places: Places::Within,
        }
    }

    /// The event that a deed of release makes, if it is due.
    fn due(&self, state: &State, deed: Deed) -> Option<Event> {
        let (row, heard) = (&state.row, &state.heard);
        match (row.state.phase, deed) {
            (Phase::Staging, Deed::Advance) => {
                heard.all_staged(row, self.channels, self.mutation).then_some(Event::AllStaged)
            }
            (Phase::Permitted | Phase::Failed, Deed::Advance) => heard
                .all_show(Some(row.version), self.channels, self.mutation)
                .then(|| Event::ReadBack { is_equal: self.reads_back(state) }),
            (Phase::Withdrawing, Deed::Advance) => {
                let is_dark = heard.all_show(None, self.channels, self.mutation);
                (is_dark && self.may_be_dark(state)).then_some(Event::AllHidden)
            }
            (Phase::Staged, Deed::Admit) => {
                let may_pass = heard.all_staged(row, self.channels, self.mutation)
                    && self.may_admit(state)
                    && self.is_signed(state, row.version);
                may_pass.then_some(Event::Admitted)
            }
            (Phase::Staging | Phase::Staged, Deed::Refuse) => Some(Event::Refused),
            (_, Deed::Rejoin) => row.names_another_life(heard).then_some(Event::Rejoined),
            (Phase::Staging | Phase::Staged | Phase::Permitted, Deed::GiveUp) if self.delays => {
                Some(Event::Overdue)
            }
            (Phase::Failed | Phase::Blocked, Deed::Resume) if self.delays => Some(Event::Resumed),
            _ => None,
        }
        .filter(|event| row.state.decide(*event) != Ok(Step::Nothing))
    }

    /// What the places show from outside is the row's edition, whatever its generation.
    fn reads_back(&self, state: &State) -> bool {
        state.channels.iter().take(self.channels).all(|channel| {
            let place = &channel.place;
            place.policy.is_some_and(|policy| policy.version == state.row.version)
                && place.interpretation == place.policy
        })
    }

    /// Whether the gate finds the version's sign-offs in order.
    fn is_signed(&self, state: &State, version: u8) -> bool {
        self.mutation == Mutation::NoApprovalCheck || state.ghost.signed & bit(version) != 0
    }

    /// Whether a save would harm nothing at this moment: the version is signed, and no reader sees
    /// it.
    fn may_save(&self, state: &State, version: u8) -> bool {
        let shows =
            |channel: &Channel| channel.place.policy.is_some_and(|shown| shown.version == version);
        self.is_signed(state, version) && !state.channels.iter().any(shows)
    }

    fn say(&self, state: &mut State, said: Vec<Said>) {
        for said in said {
            state.ghost.note(said, self.channels, self.mutation);
            if let Said::Command(command) = said {
                state.sent.insert(Message::Command(command));
            }
        }
    }

    /// Release takes an event in, on the row as `read`; the row was written if it is still so.
    pub(crate) fn take(&self, state: &mut State, read: Row, event: Event, granted: u8) {
        let key = |state: ReleaseState| (state.generation, state.phase);
        if key(read.state) != key(state.row.state) && self.mutation != Mutation::NoCompareAndSet {
            return;
        }
        let before = state.row.n();
        state.row = read;
        let said = match event {
            Event::Granted { .. } => state.row.grant(&state.heard, granted, state.drafted),
            _ => state.row.take(&state.heard, event, granted, state.drafted),
        };
        if state.row.n() != before {
            state.heard.forget_answers();
        }
        self.say(state, said);
    }

    fn answer(state: &mut State, channel: usize, answer: Option<Answer>) {
        if let Some(answer) = answer {
            state.sent.insert(Message::Answer(channel, answer));
        }
    }
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            row: Row::new(),
            heard: Heard::new([1; CHANNELS_MAX]),
            late: None,
            channels: [Channel::new(1); CHANNELS_MAX],
            sent: BTreeSet::new(),
            granted: 0,
            drafted: [0; 3],
            stop_asked: 0,
            withdrawals: 0,
            reorders: 0,
            crashes: 0,
            losses: 0,
            stale_workers: 0,
            late_acts: 0,
            ghost: Ghost::new(),
            safe: Safe::default(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for version in [1, 2] {
            let is_signed = self.is_signed(state, version);
            if state.ghost.signed & bit(version) == 0 {
                actions.push(Action::Approve(version));
            }
            // Facts of one source come in order: the correction's grant after the first one's.
            let is_next = version == 1 || state.granted & bit(1) != 0;
            if is_signed && is_next && state.granted & bit(version) == 0 {
                actions.push(Action::HearGrant(version));
            }
            let is_saved = state.ghost.ended & bit(version) != 0;
            let voids = self.mutation == Mutation::VoidOnSave;
            if voids && !is_saved && self.may_save(state, version) {
                actions.push(Action::Save(version));
            }
            // Where nothing hangs on the moment of the request, only its being heard is a step.
            let is_asked = !voids || is_saved;
            if self.stop_requests && is_asked && state.stop_asked & bit(version) == 0 {
                actions.push(Action::HearStop(version));
            }
        }
        if state.row.version != 0 && state.withdrawals < self.withdrawals {
            actions.push(Action::Withdraw);
        }
        if state.row.version != 0 && state.reorders < self.reorders {
            actions.push(Action::HearOrder);
        }
        for deed in Deed::ALL {
            if self.due(state, deed).is_some() {
                actions.push(Action::Do(deed));
                if state.late.is_none() && state.stale_workers < self.stale_workers {
                    actions.push(Action::Read(deed));
                }
            }
        }
        if state.late.is_some() {
            actions.push(Action::Write);
        }
        for message in &state.sent {
            match *message {
                Message::Command(command) => {
                    actions
                        .extend((0..self.channels).map(|channel| Action::Hear(channel, command)));
                }
                Message::Answer(channel, answer) => actions.push(Action::Answered(channel, answer)),
            }
        }
        for (index, channel) in state.channels.iter().enumerate().take(self.channels) {
            if channel.unsettled.is_some() {
                actions.push(Action::Settle(index));
            } else {
                actions.push(Action::Work(index));
            }
            if channel.paused.is_some() {
                actions.push(Action::Land(index));
            } else if state.late_acts < self.late_acts {
                actions.push(Action::Pause(index));
            }
            if channel.place.is_lost || channel.place.is_old {
                actions.push(Action::Join(index));
            } else if state.losses < self.losses {
                actions.push(Action::Lose(index));
            }
            let forged = self.forgeries(state);
            actions.extend(forged.into_iter().map(|command| Action::Forge(index, command)));
        }
        let works = |channel: &Channel| channel.unsettled.is_some() || channel.paused.is_some();
        let is_busy = state.late.is_some() || state.channels.iter().any(works);
        if is_busy && state.crashes < self.crashes {
            actions.push(Action::Crash);
        }
        self.push_restores(state, actions);
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        let mutation = self.mutation;
        match action {
            Action::Approve(version) => {
                state.ghost.signed |= bit(version);
                state.drafted[usize::from(version)] = state.ghost.dark;
            }
            Action::HearGrant(version) => {
                state.granted |= bit(version);
                if mutation == Mutation::TakesOldGrants {
                    state.drafted[usize::from(version)] = last.row.n();
                }
                let event = Event::Granted { is_unregistered: false, after_dark: None };
                self.take(&mut state, last.row, event, version);
            }
            Action::Save(version) => state.ghost.ended |= bit(version),
            Action::HearStop(version) => {
                state.stop_asked |= bit(version);
                state.heard.note_stop(version);
                if state.row.version == version {
                    self.take(&mut state, last.row, Event::StopAsked, 0);
                }
            }
            Action::Withdraw => {
                state.withdrawals += 1;
                self.take(&mut state, last.row, Event::WithdrawalOrdered, 0);
            }
            Action::HearOrder => {
                state.reorders += 1;
                self.take(&mut state, last.row, Event::Reordered, 0);
            }
            Action::Do(deed) => {
                let event = self.due(last, deed)?;
                self.take(&mut state, last.row, event, 0);
            }
            Action::Read(deed) => {
                state.stale_workers += 1;
                state.late = Some(Late { read: last.row, event: self.due(last, deed)? });
            }
            Action::Write => {
                let late = state.late.take()?;
                self.take(&mut state, late.read, late.event, 0);
            }
            Action::Hear(index, command) | Action::Forge(index, command) => {
                let answer = state.channels[index].hear(index, command, mutation);
                Self::answer(&mut state, index, answer);
            }
            Action::Answered(index, answer) => {
                state.heard.note(index, answer, last.row.n());
            }
            Action::Work(index) => {
                let is_admitted = |version| self.is_signed(last, version);
                let answer = state.channels[index].work(index, mutation, is_admitted);
                Self::answer(&mut state, index, answer);
            }
            Action::Settle(index) => {
                let answer = state.channels[index].settle(index, mutation);
                Self::answer(&mut state, index, answer);
            }
            Action::Pause(index) => {
                state.late_acts += 1;
                state.channels[index].pause(index, mutation);
                state.channels[index].paused?;
            }
            Action::Land(index) => state.channels[index].land(mutation),
            Action::Lose(index) => {
                state.losses += 1;
                state.channels[index].lose();
                state.ghost.begin_life(index);
            }
            Action::Join(index) => {
                let joined = state.channels[index].join();
                state.ghost.begin_life(index);
                if mutation != Mutation::NoIncarnation {
                    Self::answer(&mut state, index, Some(joined));
                }
            }
            Action::Crash => {
                state.crashes += 1;
                state.late = None;
                for channel in &mut state.channels {
                    (channel.unsettled, channel.paused) = (None, None);
                }
            }
            Action::Backup => Self::backup(&mut state),
            Action::Restore => self.restore(&mut state)?,
            Action::KeepShow => Self::keep_show(&mut state),
            Action::KeepHide => Self::keep_hide(&mut state),
            Action::GoOn => state.safe.go_on(),
        }
        for (index, channel) in state.channels.iter().enumerate() {
            state.ghost.look(index, &channel.place);
        }
        (state != *last).then_some(state)
    }

    fn within_boundary(&self, state: &State) -> bool {
        n_in_epoch(&state.row) <= self.n_max
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}
