//! A reader before two replicas and a shared cache: another small model, looked at to its end. The
//! bundle's first version is live, then its correction, then it is dark; replicas learn of that at
//! different instants. A reader opens the policy, then follows its link to the interpretation.
//!
//! What `portal::site` answers is told again here: its table is part of what makes pages.

use std::collections::BTreeMap;

use stateright::{Checker, Model, Property};

/// What a replica knows when it knows of the withdrawal; versions before.
const WITHDRAWN: u8 = 3;
/// Requests of others, which fill the cache.
const OTHERS_MAX: u8 = 3;

/// Never one version's policy with another's interpretation.
const MIXED: &str = "MIXED";
/// Whoever is given a policy is, at that moment and wherever they ask, given its interpretation.
const HALF: &str = "HALF";
/// A link that a reader once got leads to the interpretation whenever it is followed.
const STRANDED: &str = "STRANDED";
/// Replicas that know of the withdrawal give nothing.
const DARK: &str = "DARK";

/// How texts are given to readers. In all but the last four designs a cache keeps anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Design {
    /// Two current addresses, one per text.
    CurrentAddresses,
    /// The policy links to its own interpretation, which is there while it is live.
    PinnedWhileLive,
    /// Earlier interpretations stay, too.
    PinnedOfReplica,
    /// A replica that does not know a version asks for the newest state.
    PinnedReadThrough,
    /// The same, and interpretations stay after the withdrawal.
    PinnedKept,
    /// One response with both texts.
    OneResponse,
    /// The portal: one response with both; each text alone at a pinned address, bound to the other
    /// one. All is answered from the newest state, and caches have to ask.
    Portal,
    /// The portal, where replicas answer from what they know.
    PortalFromMemory,
    /// The portal, where caches may keep the texts.
    PortalKept,
    /// The portal, where a text is given although the other one is lost.
    PortalHalfLost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Text {
    Policy,
    Interpretation,
}

/// An address: what stands there, and of which version; `None`: of the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Address {
    Pair,
    Alone(Text, Option<u8>),
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    Replica(usize),
    Cache,
}

/// What following a link gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Followed {
    NotYet,
    Gave(u8),
    /// A notice (410), or the excuse of a moment (503).
    GaveNone,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    /// What each replica knows.
    replicas: [u8; 2],
    /// A text of a version whose bytes are lost.
    lost: Option<(Text, u8)>,
    /// Versions, by the address that they were given at.
    cache: BTreeMap<Address, u8>,
    others: u8,
    /// The policy that the reader has.
    policy: Option<u8>,
    interpretation: Followed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Action {
    /// A replica learns of the next state.
    Learn(usize),
    /// A text's bytes are lost.
    Lose(Text, u8),
    /// The reader opens an address with a policy.
    Open(Address, Source),
    /// The reader follows the policy's link.
    Follow(Source),
    /// Somebody else asks, by way of the cache.
    Ask(Address, usize),
}

impl Design {
    fn is_portal(self) -> bool {
        matches!(
            self,
            Self::Portal | Self::PortalFromMemory | Self::PortalKept | Self::PortalHalfLost
        )
    }

    /// Whether a cache may answer by itself.
    fn may_keep(self) -> bool {
        !self.is_portal() || self == Self::PortalKept
    }

    /// Where policies are given.
    fn doors(self) -> Vec<Address> {
        let alone = |version| Address::Alone(Text::Policy, version);
        match self {
            Self::OneResponse => vec![Address::Pair],
            _ if self.is_portal() => vec![Address::Pair, alone(Some(1)), alone(Some(2))],
            _ => vec![alone(None)],
        }
    }

    /// Where a version's policy links to.
    fn link(self, version: u8) -> Address {
        let version = (self != Self::CurrentAddresses).then_some(version);
        Address::Alone(Text::Interpretation, version)
    }

    /// The version that a replica gives at an address.
    fn give(self, state: &State, replica: usize, address: Address) -> Option<u8> {
        let here = state.replicas[replica];
        let newest = state.replicas[0].max(state.replicas[1]);
        let of = |known: u8| (known != WITHDRAWN).then_some(known);
        // What readers never saw is unknown.
        let seen = |known: u8, version: u8| of(known).is_some_and(|known| version <= known);
        let is_lost = |text: Text, version: u8| state.lost == Some((text, version));
        let has_both =
            |version| !is_lost(Text::Policy, version) && !is_lost(Text::Interpretation, version);
        let (text, version) = match address {
            Address::Pair if self.is_portal() && self != Self::PortalFromMemory => {
                return of(newest).filter(|version| has_both(*version));
            }
            Address::Pair => return of(here).filter(|version| has_both(*version)),
            Address::Alone(_, None) => return of(here),
            Address::Alone(text, Some(version)) => (text, version),
        };
        let is_given = match self {
            Self::CurrentAddresses | Self::OneResponse => false,
            Self::PinnedWhileLive => here == version,
            Self::PinnedOfReplica => seen(here, version),
            Self::PinnedReadThrough => seen(newest, version),
            Self::PinnedKept => version <= newest,
            Self::Portal | Self::PortalKept => seen(newest, version) && has_both(version),
            Self::PortalFromMemory => seen(here, version) && has_both(version),
            Self::PortalHalfLost => seen(newest, version) && !is_lost(text, version),
        };
        is_given.then_some(version)
    }

    /// The same by way of the cache, which keeps what it is given if it may.
    fn get(self, state: &mut State, source: Source, address: Address) -> Option<u8> {
        match source {
            Source::Cache => state.cache.get(&address).copied(),
            Source::Replica(replica) => {
                let given = self.give(state, replica, address);
                if let Some(version) = given.filter(|_| self.may_keep()) {
                    state.cache.insert(address, version);
                }
                given
            }
        }
    }

    /// Policies that anybody is given now without their interpretation in the same response.
    fn bare_policies(self, state: &State) -> impl Iterator<Item = u8> {
        let is_bare = |address: &Address| matches!(address, Address::Alone(Text::Policy, _));
        self.doors().into_iter().filter(is_bare).flat_map(move |door| {
            let given = [0, 1].map(|replica| self.give(state, replica, door));
            given.into_iter().chain([state.cache.get(&door).copied()]).flatten()
        })
    }
}

impl Model for Design {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            replicas: [1, 1],
            lost: None,
            cache: BTreeMap::new(),
            others: 0,
            policy: None,
            interpretation: Followed::NotYet,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let links = || [1, 2].map(|version| self.link(version));
        for replica in [0, 1] {
            if state.replicas[replica] < WITHDRAWN {
                actions.push(Action::Learn(replica));
            }
            if state.others < OTHERS_MAX && self.may_keep() {
                let addresses = self.doors().into_iter().chain(links());
                actions.extend(addresses.map(|address| Action::Ask(address, replica)));
            }
        }
        // The sketched designs are broken, or held, with nothing lost.
        if self.is_portal() && state.lost.is_none() {
            for text in [Text::Policy, Text::Interpretation] {
                actions.extend([1, 2].map(|version| Action::Lose(text, version)));
            }
        }
        for source in [Source::Cache, Source::Replica(0), Source::Replica(1)] {
            match (state.policy, state.interpretation) {
                (None, _) => {
                    actions.extend(self.doors().into_iter().map(|door| Action::Open(door, source)));
                }
                (Some(_), Followed::NotYet) => actions.push(Action::Follow(source)),
                (Some(_), Followed::Gave(_) | Followed::GaveNone) => {}
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Learn(replica) => state.replicas[replica] += 1,
            Action::Lose(text, version) => state.lost = Some((text, version)),
            Action::Open(door, source) => {
                let version = self.get(&mut state, source, door)?;
                state.policy = Some(version);
                if door == Address::Pair {
                    state.interpretation = Followed::Gave(version);
                }
            }
            Action::Follow(source) => {
                let given = self.get(&mut state, source, self.link(last.policy?));
                if given.is_none() && source == Source::Cache {
                    return None;
                }
                state.interpretation = given.map_or(Followed::GaveNone, Followed::Gave);
            }
            Action::Ask(address, replica) => {
                state.others += 1;
                self.get(&mut state, Source::Replica(replica), address)?;
            }
        }
        (state != *last).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(MIXED, |_, state: &State| match state.interpretation {
                Followed::Gave(version) => state.policy == Some(version),
                Followed::NotYet | Followed::GaveNone => true,
            }),
            Property::always(HALF, |design: &Self, state: &State| {
                design.bare_policies(state).all(|version| {
                    [0, 1].into_iter().all(|replica| {
                        design.give(state, replica, design.link(version)) == Some(version)
                    })
                })
            }),
            Property::always(STRANDED, |_, state: &State| {
                state.interpretation != Followed::GaveNone
            }),
            Property::always(DARK, |design: &Self, state: &State| {
                let links = [1, 2].map(|version| design.link(version));
                let gives =
                    |replica, address: &Address| design.give(state, replica, *address).is_some();
                [0, 1].into_iter().filter(|replica| state.replicas[*replica] == WITHDRAWN).all(
                    |replica| !design.doors().iter().chain(&links).any(|at| gives(replica, at)),
                )
            }),
        ]
    }
}

/// Looks at all there is, and asserts that just these properties are broken.
fn assert_breaks(design: Design, broken: &[&str]) {
    let checker = design.checker().spawn_bfs().join();
    let mut found: Vec<_> = checker.discoveries().into_iter().collect();
    found.sort_by_key(|(property, _)| *property);
    println!("{design:?}: {} states, depth {}", checker.unique_state_count(), checker.max_depth());
    let mut names = vec![];
    for (property, path) in found {
        names.push(property);
        println!("  {property} is violated by {:?}", path.into_actions());
    }
    assert_eq!(names, broken, "{design:?}");
}

#[test]
fn two_current_addresses_are_caught() {
    assert_breaks(Design::CurrentAddresses, &[HALF, MIXED, STRANDED]);
}

#[test]
fn pinned_addresses_are_never_mixed_but_can_be_half() {
    assert_breaks(Design::PinnedWhileLive, &[HALF, STRANDED]);
    assert_breaks(Design::PinnedOfReplica, &[HALF, STRANDED]);
    assert_breaks(Design::PinnedReadThrough, &[HALF, STRANDED]);
}

#[test]
fn interpretations_kept_after_dark_hold_but_are_not_withdrawn() {
    assert_breaks(Design::PinnedKept, &[DARK]);
}

#[test]
fn one_response_with_both_texts_holds() {
    assert_breaks(Design::OneResponse, &[]);
}

/// A link that is followed after the withdrawal leads to a notice; so does, by then, the address
/// that it was on. Bound, not half.
#[test]
fn a_pair_page_and_texts_that_are_bound_to_each_other_hold() {
    assert_breaks(Design::Portal, &[STRANDED]);
}

#[test]
fn bound_texts_from_memory_or_caches_or_without_the_other_are_caught() {
    assert_breaks(Design::PortalFromMemory, &[HALF, STRANDED]);
    assert_breaks(Design::PortalKept, &[HALF, STRANDED]);
    assert_breaks(Design::PortalHalfLost, &[HALF, STRANDED]);
}
