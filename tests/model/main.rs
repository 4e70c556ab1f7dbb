//! The release protocol, model-checked. Its transitions are the product's own decisions
//! (`lockstep_gate::channel`, `lockstep_release::domain`) in a world where messages are lost,
//! doubled and reordered, processes crash, workers come late, disks are lost and commands forged.
//! Wrong designs are run beside it: a model that does not catch them proves nothing.
//!
//! `LOCKSTEP_MODEL=long` looks further; `-- --nocapture` prints states, depths and seconds.
//!
//! Left out, and so not caught here: what a restore within the same epoch breaks (facts that were
//! forgotten and are still on the bus, `kit/bus/tests.rs`; here commands name lives, and every life
//! ends); foreign channels, as there is none yet, with what they bring:
//! posts that land late and the late loss of one half; optional channels; time (windows, leases,
//! wrong clocks); liveness; slots; revoked keys; two channels at once with a forger or late workers.
//! Digest match is looked at where holds are forged: with signed holds and one epoch, no generation
//! ever has two editions. [`reader`] is a model of its own, and tells the portal's table again.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a model that cannot go on fails, and looks at a few of many"
)]

mod channel;
mod forger;
mod ghost;
mod mutation;
mod properties;
mod reader;
mod release;
mod restore;
mod world;

use std::time::{Duration, Instant};

use stateright::{Checker, HasDiscoveries, Model};

use crate::{
    forger::Forger,
    mutation::Mutation,
    properties::{
        ALWAYS, APPROVED, CORRECTED, DARK, FENCE, HONEST, MONOTONE, PAIR, PERMITTED, SOMETIMES,
        STOP, WITHDRAWN,
    },
    restore::Places,
    world::{Action, World},
};

/// A long run that is not through by then says so and counts for what it saw.
const LONG: Duration = Duration::from_mins(20);

fn is_long() -> bool {
    std::env::var_os("LOCKSTEP_MODEL").is_some_and(|length| length == "long")
}

/// The product's design (gaps mended) holds everywhere, and what should be reachable is.
fn assert_safe(name: &str, world: World, reachable: &[&str]) {
    let begun = Instant::now();
    let checker = world.checker().finish_when(HasDiscoveries::AnyFailures);
    let checker = if is_long() { checker.timeout(LONG).threads(2) } else { checker };
    let checker = checker.spawn_bfs().join();
    let is_capped = is_long() && begun.elapsed() >= LONG;
    println!(
        "{name}: {} states, depth {}, {:.1} s{}",
        checker.unique_state_count(),
        checker.max_depth(),
        begun.elapsed().as_secs_f32(),
        if is_capped { ", broken off" } else { "" }
    );
    let mut discoveries = checker.discoveries();
    for property in ALWAYS {
        if let Some(path) = discoveries.remove(property) {
            panic!("{name}: {property} is violated by\n{}", tell(&path.into_actions()));
        }
    }
    for property in reachable {
        assert!(SOMETIMES.contains(property));
        assert!(discoveries.contains_key(property), "{name}: never reached: {property}");
    }
}

/// The shortest way to break `property`; `None` where it holds.
fn find_shortest(world: World, property: &'static str) -> Option<Vec<Action>> {
    let run = |depth: Option<usize>| {
        let checker = world.checker().finish_when(HasDiscoveries::AnyOf([property].into()));
        let checker = match depth {
            Some(depth) => checker.target_max_depth(depth),
            None => checker,
        };
        checker.spawn_bfs().join().discovery(property).map(stateright::Path::into_actions)
    };
    let mut shortest = run(None)?;
    // The checker keeps the last of a block of finds. It looks at states before the depth, and a way
    // of n steps ends in state n + 1.
    while let Some(shorter) = run(Some(shortest.len() + 1)) {
        shortest = shorter;
    }
    Some(shortest)
}

fn assert_caught(mutation: Mutation, property: &'static str, world: World) {
    let begun = Instant::now();
    let way = find_shortest(World { mutation, ..world }, property);
    let way = way.unwrap_or_else(|| panic!("{mutation:?} does not break {property}"));
    let seconds = begun.elapsed().as_secs_f32();
    println!("{mutation:?}: breaks {property} in {} steps, {seconds:.1} s", way.len());
}

fn tell(way: &[Action]) -> String {
    way.iter().map(|action| format!("  {action:?}")).collect::<Vec<_>>().join("\n")
}

/// One channel, nothing goes wrong but what the bus does.
fn quiet() -> World {
    World {
        crashes: 0,
        losses: 0,
        stale_workers: 0,
        late_acts: 0,
        delays: false,
        forger: Forger::Nobody,
        ..World::new(Mutation::None)
    }
}

#[test]
fn one_channel_is_safe_under_all_faults() {
    let (n_max, late_acts) = if is_long() { (4, 1) } else { (3, 0) };
    let delays = is_long();
    let world = World { n_max, late_acts, delays, ..World::new(Mutation::None) };
    assert_safe("one channel, all faults", world, &SOMETIMES);
}

#[test]
fn one_channel_is_safe_when_releases_take_too_long() {
    let n_max = if is_long() { 5 } else { 4 };
    let world = World { delays: true, losses: 1, n_max, ..quiet() };
    assert_safe("one channel, delays", world, &SOMETIMES);
}

#[test]
fn one_channel_is_safe_when_workers_act_late() {
    let n_max = if is_long() { 4 } else { 3 };
    let world = World { late_acts: 1, losses: 1, crashes: 1, n_max, ..quiet() };
    assert_safe("one channel, late acts", world, &SOMETIMES);
}

#[test]
fn one_channel_is_safe_when_orders_are_signed_anew() {
    let world = World { reorders: 1, crashes: 1, n_max: if is_long() { 4 } else { 3 }, ..quiet() };
    assert_safe("one channel, another order", world, &SOMETIMES);
}

#[test]
fn one_channel_is_safe_whoever_tells_it_what_to_hold() {
    let n_max = if is_long() { 3 } else { 2 };
    let world = World { forger: Forger::Stager, n_max, ..quiet() };
    assert_safe("one channel, forged holds", world, &SOMETIMES);
}

#[test]
fn two_channels_are_safe_when_a_disk_is_lost() {
    let world = World { channels: 2, losses: 1, withdrawals: 0, ..quiet() };
    let world = if is_long() { World { withdrawals: 1, crashes: 1, ..world } } else { world };
    // A committed release that is stopped goes dark.
    assert_safe("two channels, a disk lost", world, &SOMETIMES);
}

#[test]
fn two_channels_are_safe_through_crashes() {
    let crashes = if is_long() { 2 } else { 1 };
    let n_max = if is_long() { 4 } else { 3 };
    let world = World { channels: 2, crashes, n_max, ..quiet() };
    assert_safe("two channels, crashes", world, &SOMETIMES);
}

/// One backup, put in place once or twice.
fn restored(places: Places) -> World {
    World { restores: 1, places, stop_requests: false, n_max: 4, ..quiet() }
}

#[test]
fn one_channel_is_safe_through_a_restore() {
    for places in [Places::Within, Places::Outside] {
        let world = restored(places);
        let world = if is_long() { World { losses: 1, crashes: 1, ..world } } else { world };
        assert_safe("one channel, restored", world, &[CORRECTED, WITHDRAWN]);
    }
}

#[test]
fn one_channel_is_safe_through_two_restores_of_one_backup() {
    let n_max = if is_long() { 3 } else { 2 };
    let world = World { restores: 2, n_max, ..restored(Places::Outside) };
    assert_safe("one channel, restored twice", world, &[CORRECTED, WITHDRAWN]);
}

#[test]
fn one_channel_is_safe_when_workers_sleep_through_a_restore() {
    let n_max = if is_long() { 3 } else { 2 };
    let late_acts = u8::from(is_long());
    let world = World { stale_workers: 1, late_acts, n_max, ..restored(Places::Outside) };
    assert_safe("one channel, restored, sleepers", world, &[CORRECTED, WITHDRAWN]);
}

#[test]
fn withdrawals_kept_in_the_database_alone_are_caught() {
    for places in [Places::Within, Places::Outside] {
        assert_caught(Mutation::OrdersInside, APPROVED, restored(places));
    }
}

#[test]
fn dark_that_counts_before_it_is_kept_is_caught() {
    assert_caught(Mutation::DarkBeforeKept, APPROVED, restored(Places::Outside));
}

#[test]
fn channels_that_come_up_as_they_were_are_caught() {
    assert_caught(Mutation::RestoredLit, APPROVED, restored(Places::Within));
}

#[test]
fn policy_before_interpretation_is_caught() {
    assert_caught(Mutation::PolicyFirst, PAIR, quiet());
}

#[test]
fn interpretation_before_policy_in_place_is_caught() {
    assert_caught(Mutation::InterpretationFirst, PAIR, quiet());
}

#[test]
fn no_fence_at_the_channel_is_caught() {
    assert_caught(Mutation::NoFence, DARK, quiet());
    assert_caught(Mutation::NoFence, MONOTONE, quiet());
}

#[test]
fn no_fence_at_the_place_is_caught() {
    assert_caught(Mutation::NoFenceAtPlace, DARK, World { late_acts: 1, ..quiet() });
}

#[test]
fn sign_offs_ended_before_dark_are_caught() {
    assert_caught(Mutation::EndedEarly, APPROVED, quiet());
}

#[test]
fn flip_of_an_unstaged_pair_is_caught() {
    assert_caught(Mutation::FlipUnstaged, PAIR, quiet());
}

#[test]
fn no_approval_check_is_caught() {
    assert_caught(Mutation::NoApprovalCheck, APPROVED, quiet());
}

#[test]
fn commands_without_incarnation_are_caught() {
    assert_caught(Mutation::NoIncarnation, DARK, World { losses: 1, ..quiet() });
}

#[test]
fn no_compare_and_set_is_caught() {
    let world = World { stale_workers: 1, ..quiet() };
    assert_caught(Mutation::NoCompareAndSet, STOP, world);
    // A success that is none: what is said to be shown was replaced meanwhile.
    assert_caught(
        Mutation::NoCompareAndSet,
        HONEST,
        World { stop_requests: false, withdrawals: 0, ..world },
    );
    // What was withdrawn is shown again, on a new disk.
    let world = World { losses: 1, stop_requests: false, ..world };
    assert_caught(Mutation::NoCompareAndSet, DARK, world);
    assert_caught(Mutation::NoCompareAndSet, APPROVED, world);
}

#[test]
fn permit_that_names_the_manifest_only_is_caught() {
    let world = World { losses: 1, forger: Forger::User, ..quiet() };
    assert_caught(Mutation::PermitOfManifest, PERMITTED, world);
}

#[test]
fn hides_that_nobody_signs_are_caught() {
    let world = World { forger: Forger::User, ..quiet() };
    assert_caught(Mutation::UnsignedHide, FENCE, world);
}

#[test]
fn flips_by_generation_alone_are_caught() {
    let world = World { forger: Forger::Stager, ..quiet() };
    assert_caught(Mutation::FlipByGeneration, PERMITTED, world);
    assert_caught(Mutation::FlipByGeneration, APPROVED, world);
}

#[test]
fn saves_that_end_sign_offs_by_themselves_are_caught() {
    assert_caught(Mutation::VoidOnSave, APPROVED, quiet());
}

#[test]
fn receipts_that_merely_say_seen_are_caught() {
    assert_caught(Mutation::SeenReceipts, DARK, quiet());
    // What is read back from outside names no generation.
    let world = World { channels: 2, losses: 1, withdrawals: 0, stop_requests: false, ..quiet() };
    assert_caught(Mutation::SeenReceipts, HONEST, world);
}

#[test]
fn a_grant_from_before_dark_that_is_taken_after_it_is_caught() {
    assert_caught(Mutation::TakesOldGrants, APPROVED, quiet());
}
