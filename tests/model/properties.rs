//! What must hold at every moment, and what must be possible.

use lockstep_release::domain::Phase;
use stateright::Property;

use crate::{
    channel::{Channel, Command, Wish},
    release::bit,
    world::{Message, State, World},
};

/// Never a policy without its own interpretation.
pub(crate) const PAIR: &str = "PAIR";
/// What is shown was permitted under its generation.
pub(crate) const PERMITTED: &str = "PERMITTED";
/// What is shown is approved, and its sign-offs have not ended.
pub(crate) const APPROVED: &str = "APPROVED";
/// The generation that a life of a place shows never goes back.
pub(crate) const MONOTONE: &str = "MONOTONE";
/// Once release says dark, no channel shows what was withdrawn.
pub(crate) const DARK: &str = "DARK";
/// Once release says completed, every channel did show it.
pub(crate) const HONEST: &str = "HONEST";
/// What was stopped is never shown.
pub(crate) const STOP: &str = "STOP";
/// No fence stands where release has said neither show nor hide: what is fenced off for nothing is
/// never shown.
pub(crate) const FENCE: &str = "FENCE";

/// All of the above.
pub(crate) const ALWAYS: [&str; 8] =
    [PAIR, PERMITTED, APPROVED, MONOTONE, DARK, HONEST, STOP, FENCE];

pub(crate) const CORRECTED: &str = "v2 live everywhere after all crashes";
pub(crate) const WITHDRAWN: &str = "withdrawn and dark everywhere";
pub(crate) const STOPPED: &str = "stopped";
/// What must be reachable.
pub(crate) const SOMETIMES: [&str; 3] = [CORRECTED, WITHDRAWN, STOPPED];

fn channels<'s>(world: &World, state: &'s State) -> impl Iterator<Item = &'s Channel> {
    state.channels.iter().take(world.channels)
}

fn shows(channel: &Channel, versions: u8) -> bool {
    let place = &channel.place;
    place.policy.iter().chain(&place.interpretation).any(|half| versions & bit(half.version) != 0)
}

fn is_permitted(state: &State, channel: &Channel) -> bool {
    channel.place.policy.is_none_or(|shown| {
        state.sent.iter().any(|message| {
            let permit = Wish::Show(shown);
            matches!(message, Message::Command(Command { wish, .. }) if *wish == permit)
        })
    })
}

fn is_said(state: &State, fence: u32) -> bool {
    state.sent.iter().any(|message| match message {
        Message::Command(command) => {
            command.wish.n() == fence && !matches!(command.wish, Wish::Hold(_))
        }
        Message::Answer(..) => false,
    })
}

pub(crate) fn all() -> Vec<Property<World>> {
    vec![
        Property::always(PAIR, |world: &World, state: &State| {
            channels(world, state).all(|channel| {
                let place = &channel.place;
                place.policy.is_none() || place.policy == place.interpretation
            })
        }),
        Property::always(PERMITTED, |world: &World, state: &State| {
            channels(world, state).all(|channel| is_permitted(state, channel))
        }),
        Property::always(APPROVED, |world: &World, state: &State| {
            let not_approved = !state.ghost.signed | state.ghost.ended;
            channels(world, state).all(|channel| !shows(channel, not_approved))
        }),
        Property::always(MONOTONE, |_, state: &State| !state.ghost.went_back),
        Property::always(DARK, |world: &World, state: &State| {
            channels(world, state)
                .all(|channel| channel.place.policy.is_none_or(|shown| shown.n > state.ghost.dark))
        }),
        Property::always(HONEST, |_, state: &State| !state.ghost.lied),
        Property::always(STOP, |world: &World, state: &State| {
            // A place of an ended epoch goes dark by itself, and until then nobody is told otherwise.
            let mut own = channels(world, state).filter(|channel| !channel.place.is_old);
            own.all(|channel| !shows(channel, state.ghost.stopped))
        }),
        Property::always(FENCE, |world: &World, state: &State| {
            channels(world, state)
                .flat_map(Channel::fences)
                .all(|fence| fence == 0 || is_said(state, fence))
        }),
        Property::sometimes(CORRECTED, |world: &World, state: &State| {
            state.crashes == world.crashes
                && state.row.state.phase == Phase::Completed
                && channels(world, state)
                    .all(|channel| channel.place.policy.is_some_and(|shown| shown.version == 2))
        }),
        Property::sometimes(WITHDRAWN, |world: &World, state: &State| {
            state.row.state.phase == Phase::Dark
                && channels(world, state).all(|channel| channel.place.policy.is_none())
        }),
        Property::sometimes(STOPPED, |_, state: &State| {
            state.row.version != 0 && state.row.state.phase == Phase::Stopped
        }),
    ]
}
