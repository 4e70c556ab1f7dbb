//! A channel: its shelf decides by the product's own [`Shelf`], its place is what readers see. Both
//! halves of the pair are kept apart at the place, so that designs with two writes can be told.

use std::sync::LazyLock;

use lockstep_gate::channel::{Act, Placed, Shelf, Wanted};
use lockstep_proto::{digest::Digest, ids::Incarnation, release::Generation};

use crate::mutation::Mutation;

/// No channel of the model is named above this.
pub(crate) const CHANNELS_MAX: usize = 2;
/// The first epoch.
pub(crate) const EPOCH: u32 = 1;
/// Generations are told by one number: those of each later epoch lie so much higher.
pub(crate) const STRIDE: u32 = 10;

static EDITIONS: LazyLock<[Digest; 3]> =
    LazyLock::new(|| ["none", "v1", "v2"].map(|text| Digest::of(text.as_bytes())));
static LIVES: LazyLock<[Incarnation; 5]> = LazyLock::new(|| {
    ["none", "first", "second", "third", "fourth"].map(|name| name.parse().unwrap())
});

/// Lives of the channels' disks, by channel; 0: never heard of.
pub(crate) type Lives = [u8; CHANNELS_MAX];

/// A version's pair under a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pair {
    pub(crate) version: u8,
    pub(crate) n: u32,
}

/// What a command of release wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Wish {
    Hold(Pair),
    Show(Pair),
    Hide(u32),
}

/// A command, with the life of each channel's disk that it counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Command {
    pub(crate) wish: Wish,
    pub(crate) lives: Lives,
}

/// What a channel answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Answer {
    Joined { life: u8 },
    Staged { life: u8, pair: Pair },
    Receipt { life: u8, n: u32, shown: Option<u8> },
}

/// What readers see, and the place's own fence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) policy: Option<Pair>,
    pub(crate) interpretation: Option<Pair>,
    fence: u32,
    /// Its disk is gone; the channel has not noticed yet.
    pub(crate) is_lost: bool,
    /// It is of an epoch that has ended; the channel has not begun anew yet.
    pub(crate) is_old: bool,
}

/// One channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Channel {
    pub(crate) life: u8,
    fence: Option<u32>,
    staged: Option<Pair>,
    shown: Option<Pair>,
    /// The newest show or hide command it heard.
    command: Option<Command>,
    /// Done at the place, not yet written down; a crash forgets it.
    pub(crate) unsettled: Option<Command>,
    /// Decided on this life by a worker that is paused before it acts; a crash forgets it.
    pub(crate) paused: Option<(u8, Command)>,
    pub(crate) place: Place,
}

pub(crate) fn generation(number: u32) -> Generation {
    Generation { epoch: EPOCH + number / STRIDE, n: number % STRIDE }
}

pub(crate) fn number(generation: Generation) -> u32 {
    (generation.epoch - EPOCH) * STRIDE + generation.n
}

fn placed(pair: Pair) -> Placed {
    let edition = EDITIONS[usize::from(pair.version)].clone();
    Placed { generation: generation(pair.n), edition }
}

fn pair(placed: &Placed) -> Pair {
    let version = EDITIONS.iter().position(|edition| *edition == placed.edition).unwrap();
    Pair { version: u8::try_from(version).unwrap(), n: number(placed.generation) }
}

impl Wish {
    pub(crate) fn n(self) -> u32 {
        match self {
            Self::Hold(pair) | Self::Show(pair) => pair.n,
            Self::Hide(n) => n,
        }
    }

    fn wanted(self) -> Wanted {
        match self {
            Self::Hold(pair) => Wanted::Held(placed(pair)),
            Self::Show(pair) => Wanted::Shown(placed(pair)),
            Self::Hide(n) => Wanted::Nothing(generation(n)),
        }
    }
}

impl Channel {
    /// With an empty disk.
    pub(crate) fn new(life: u8) -> Self {
        Self {
            life,
            fence: None,
            staged: None,
            shown: None,
            command: None,
            unsettled: None,
            paused: None,
            place: Place::default(),
        }
    }

    fn shelf(&self) -> Shelf {
        Shelf {
            incarnation: LIVES[usize::from(self.life)].clone(),
            fence: self.fence.map(generation),
            staged: self.staged.map(placed),
            shown: self.shown.map(placed),
        }
    }

    /// The generations that the channel and its place are closed up to; 0: none.
    pub(crate) fn fences(&self) -> [u32; 2] {
        [self.fence.unwrap_or(0), self.place.fence]
    }

    /// What a wish is taken for; a flip by generation alone is one of whatever is staged.
    fn meant(&self, wish: Wish, mutation: Mutation) -> Wish {
        match (wish, self.staged) {
            (Wish::Show(pair), Some(staged))
                if mutation == Mutation::FlipByGeneration && staged.n == pair.n =>
            {
                Wish::Show(staged)
            }
            _ => wish,
        }
    }

    /// The product's decision; the mutations deviate here.
    fn decide(&self, me: usize, command: Command, mutation: Mutation) -> Act {
        let mut shelf = self.shelf();
        if mutation == Mutation::NoFence {
            shelf.fence = None;
        }
        let named = if mutation == Mutation::NoIncarnation { self.life } else { command.lives[me] };
        let wanted = self.meant(command.wish, mutation).wanted();
        let act = shelf.decide(&wanted, Some(&LIVES[usize::from(named)]));
        match act {
            Act::NotStaged if mutation == Mutation::FlipUnstaged => Act::Do,
            Act::Do | Act::Again | Act::Ignore | Act::NotStaged => act,
        }
    }

    fn apply(&mut self, wish: Wish) {
        let shelf = self.shelf().apply(wish.wanted());
        self.fence = shelf.fence.map(number);
        self.staged = shelf.staged.as_ref().map(pair);
        self.shown = shelf.shown.as_ref().map(pair);
    }

    /// Takes a signed command in: holds at once, writes down what is to be shown or hidden.
    pub(crate) fn hear(
        &mut self,
        me: usize,
        command: Command,
        mutation: Mutation,
    ) -> Option<Answer> {
        if let Wish::Hold(pair) = command.wish {
            let staged = Answer::Staged { life: self.life, pair };
            return match self.decide(me, command, mutation) {
                // A lost disk fails to hold; the channel joins again first.
                _ if self.place.is_lost || self.place.is_old => None,
                Act::Do => {
                    self.apply(command.wish);
                    Some(staged)
                }
                Act::Again => Some(staged),
                Act::Ignore | Act::NotStaged => None,
            };
        }
        if self.place.is_old {
            return None;
        }
        let is_newest = self.command.is_none_or(|known| command.wish.n() >= known.wish.n());
        if is_newest || mutation == Mutation::NoFence {
            self.command = Some(command);
        }
        if mutation != Mutation::SeenReceipts {
            return None;
        }
        let shown = match command.wish {
            Wish::Show(pair) => Some(pair.version),
            Wish::Hold(_) | Wish::Hide(_) => None,
        };
        Some(Answer::Receipt { life: self.life, n: command.wish.n(), shown })
    }

    /// Makes the newest command so at the place. `is_admitted`: the gate, asked here, says yes.
    pub(crate) fn work(
        &mut self,
        me: usize,
        mutation: Mutation,
        is_admitted: impl Fn(u8) -> bool,
    ) -> Option<Answer> {
        let command = self.command.filter(|_| !self.place.is_old)?;
        let act = self.decide(me, command, mutation);
        match (act, command.wish) {
            (Act::Ignore | Act::NotStaged, _) | (_, Wish::Hold(_)) => return None,
            (Act::Do, Wish::Show(pair)) if !is_admitted(pair.version) => return None,
            (Act::Do | Act::Again, wish) => {
                let meant = self.meant(wish, mutation);
                if !self.place.act(meant, self.staged, mutation) {
                    return None;
                }
            }
        }
        if act == Act::Again {
            return self.receipt();
        }
        self.unsettled = Some(command);
        None
    }

    /// A worker decides about the newest command, as [`Self::work`], and is paused before it acts.
    pub(crate) fn pause(&mut self, me: usize, mutation: Mutation) {
        let command = self.command;
        let is_wanted = |command: &Command| self.decide(me, *command, mutation) == Act::Do;
        self.paused = command.filter(is_wanted).map(|command| (self.life, command));
    }

    /// It acts at last, and finds its lease gone: it writes nothing. A new disk holds nothing that
    /// it could show.
    pub(crate) fn land(&mut self, mutation: Mutation) {
        if let Some((life, command)) = self.paused.take()
            && life == self.life
        {
            self.place.act(self.meant(command.wish, mutation), self.staged, mutation);
        }
    }

    /// Writes down what the place shows now and says so, unless something newer came meanwhile.
    pub(crate) fn settle(&mut self, me: usize, mutation: Mutation) -> Option<Answer> {
        let command = self.unsettled.take()?;
        if let Wish::Show(pair) = command.wish {
            self.place.finish(pair, mutation);
        }
        let hides = |command: Command| matches!(command.wish, Wish::Hide(_));
        let is_overtaken = !hides(command) && self.command.is_some_and(hides);
        match self.decide(me, command, mutation) {
            Act::Ignore | Act::NotStaged => None,
            Act::Do | Act::Again if is_overtaken => None,
            Act::Again => self.receipt(),
            Act::Do => {
                self.apply(self.meant(command.wish, mutation));
                self.receipt()
            }
        }
    }

    fn receipt(&self) -> Option<Answer> {
        let n = self.fence?;
        Some(Answer::Receipt { life: self.life, n, shown: self.shown.map(|shown| shown.version) })
    }

    /// The place's disk is lost.
    pub(crate) fn lose(&mut self) {
        self.place = Place { is_lost: true, ..Place::default() };
        self.unsettled = None;
    }

    /// What it wrote down is void: the next life begins with nothing.
    pub(crate) fn end_life(&mut self, life: u8) {
        *self = Self { place: self.place, paused: self.paused, ..Self::new(life) };
        self.place.is_old = true;
    }

    /// The loss is noticed: another life begins.
    pub(crate) fn join(&mut self) -> Answer {
        *self = Self { paused: self.paused, ..Self::new(self.life + 1) };
        Answer::Joined { life: self.life }
    }
}

impl Place {
    /// Whether it could be done.
    fn act(&mut self, wish: Wish, staged: Option<Pair>, mutation: Mutation) -> bool {
        let has_no_fence = matches!(mutation, Mutation::NoFence | Mutation::NoFenceAtPlace);
        if self.fence > wish.n() && !has_no_fence {
            return false;
        }
        match wish {
            Wish::Hold(_) => return false,
            Wish::Show(_) if self.is_lost => return false,
            Wish::Show(pair) => self.show(pair, staged, mutation),
            Wish::Hide(_) => (self.policy, self.interpretation) = (None, None),
        }
        self.fence = wish.n();
        true
    }

    fn show(&mut self, pair: Pair, staged: Option<Pair>, mutation: Mutation) {
        match mutation {
            Mutation::PolicyFirst => self.policy = Some(pair),
            Mutation::InterpretationFirst => self.interpretation = Some(pair),
            // The flip trusts that the stage is there, and points at whatever is.
            Mutation::FlipUnstaged => {
                self.policy = Some(pair);
                self.interpretation = staged.or(self.interpretation);
            }
            _ => (self.policy, self.interpretation) = (Some(pair), Some(pair)),
        }
    }

    /// The second of two writes, where a design has two.
    fn finish(&mut self, pair: Pair, mutation: Mutation) {
        if matches!(mutation, Mutation::PolicyFirst | Mutation::InterpretationFirst) {
            (self.policy, self.interpretation) = (Some(pair), Some(pair));
        }
    }
}
