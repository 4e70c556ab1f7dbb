//! What a channel may do with a command: the fence. Commands are level-triggered; each names the
//! wanted state, its generation and the life of the disk it counts for.

use lockstep_proto::{digest::Digest, ids::Incarnation, release::Generation};

/// What a channel knows of one bundle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shelf {
    /// The life of the channel's disk.
    pub incarnation: Incarnation,
    /// The newest generation whose show or hide was carried out.
    pub fence: Option<Generation>,
    /// Held ready, unseen.
    pub staged: Option<Placed>,
    /// What readers see.
    pub shown: Option<Placed>,
}

/// An edition under a generation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Placed {
    /// The generation.
    pub generation: Generation,
    /// The edition.
    pub edition: Digest,
}

/// The state a command wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Hold this, show nothing of it.
    Held(Placed),
    /// Show what is held.
    Shown(Placed),
    /// Show nothing.
    Nothing(Generation),
}

/// What to do about a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Carry it out.
    Do,
    /// It is so already: assert it again and answer again.
    Again,
    /// A newer one was carried out, or it is for another life of the disk: nothing.
    Ignore,
    /// It wants something shown that is not staged under its generation: refuse.
    NotStaged,
}

impl Shelf {
    /// An empty shelf on a new disk.
    pub fn new(incarnation: Incarnation) -> Self {
        Self { incarnation, fence: None, staged: None, shown: None }
    }

    /// What to do about `wanted`, if it counts for the disk `named`.
    pub fn decide(&self, wanted: &Wanted, named: Option<&Incarnation>) -> Act {
        if named != Some(&self.incarnation) {
            return Act::Ignore;
        }
        let is_newer = |generation: Generation| self.fence.is_none_or(|fence| generation > fence);
        match wanted {
            Wanted::Held(placed) if self.staged.as_ref() == Some(placed) => Act::Again,
            Wanted::Held(placed) => {
                let staged = self.staged.as_ref().map(|staged| staged.generation);
                // Equal generations with another edition: the first stays; a new registration
                // comes under a new generation.
                let is_next = staged.is_none_or(|staged| placed.generation > staged);
                if is_newer(placed.generation) && is_next { Act::Do } else { Act::Ignore }
            }
            Wanted::Shown(placed) if self.shown.as_ref() == Some(placed) => Act::Again,
            Wanted::Shown(placed) if !is_newer(placed.generation) => Act::Ignore,
            Wanted::Shown(placed) if self.staged.as_ref() == Some(placed) => Act::Do,
            Wanted::Shown(_) => Act::NotStaged,
            Wanted::Nothing(generation) if is_newer(*generation) => Act::Do,
            Wanted::Nothing(generation) if self.fence == Some(*generation) => {
                if self.shown.is_none() { Act::Again } else { Act::Do }
            }
            Wanted::Nothing(_) => Act::Ignore,
        }
    }

    /// The shelf after [`Act::Do`].
    #[must_use]
    pub fn apply(mut self, wanted: Wanted) -> Self {
        match wanted {
            Wanted::Held(placed) => self.staged = Some(placed),
            Wanted::Shown(placed) => {
                self.fence = Some(placed.generation);
                self.staged = None;
                self.shown = Some(placed);
            }
            Wanted::Nothing(generation) => {
                self.fence = Some(generation);
                self.staged = None;
                self.shown = None;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(name: &str) -> Incarnation {
        name.parse().unwrap()
    }
    fn placed(n: u32, text: &str) -> Placed {
        let generation = Generation { epoch: 1, n };
        Placed { generation, edition: Digest::of(text.as_bytes()) }
    }

    #[test]
    fn only_what_is_staged_under_the_same_generation_is_shown() {
        let shelf = Shelf::new(life("a")).apply(Wanted::Held(placed(1, "x")));
        let act = |wanted| shelf.decide(&wanted, Some(&life("a")));
        assert_eq!(act(Wanted::Shown(placed(1, "x"))), Act::Do);
        assert_eq!(act(Wanted::Shown(placed(1, "y"))), Act::NotStaged);
        assert_eq!(act(Wanted::Shown(placed(2, "x"))), Act::NotStaged);
    }

    #[test]
    fn generation_never_goes_back() {
        let shelf = Shelf::new(life("a"))
            .apply(Wanted::Held(placed(2, "x")))
            .apply(Wanted::Shown(placed(2, "x")));
        let act = |wanted| shelf.decide(&wanted, Some(&life("a")));
        assert_eq!(act(Wanted::Shown(placed(2, "x"))), Act::Again);
        assert_eq!(act(Wanted::Shown(placed(1, "w"))), Act::Ignore);
        assert_eq!(act(Wanted::Held(placed(1, "w"))), Act::Ignore);
        assert_eq!(act(Wanted::Nothing(Generation { epoch: 1, n: 1 })), Act::Ignore);
        let dark = shelf.clone().apply(Wanted::Nothing(Generation { epoch: 1, n: 3 }));
        assert_eq!(dark.decide(&Wanted::Shown(placed(2, "x")), Some(&life("a"))), Act::Ignore);
    }

    #[test]
    fn another_life_of_the_disk_takes_nothing() {
        let shelf = Shelf::new(life("b"));
        let wanted = Wanted::Held(placed(1, "x"));
        assert_eq!(shelf.decide(&wanted, Some(&life("a"))), Act::Ignore);
        assert_eq!(shelf.decide(&wanted, None), Act::Ignore);
    }
}
