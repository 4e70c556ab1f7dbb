//! Services apart, killed in the middle of many releases: every fact is taken in once, every release
//! comes to its end, and no reader sees half a pair.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use lockstep::services;
use lockstep_proto::{facts::Fact, ids::BundleId, time::Timestamp};
use lockstep_tests::{bundles, history, site::Site, watch::Watch};

/// Releases under way while everything dies.
const RELEASES: usize = 50;
/// Of these, how many are watched all the while: each watcher asks both channels without pause.
const WATCHED: usize = 4;
/// How long after the last start a release may take to its end. Generous: machines are shared.
const DEADLINE: Duration = Duration::from_mins(5);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Everything that dies, in turn; what is killed together is started together.
fn deaths() -> Vec<Vec<String>> {
    let mut deaths = vec![];
    for service in services::ALL {
        deaths.push(vec![format!("{service}-1")]);
        deaths.push(vec![format!("{service}-1"), format!("{service}-2")]);
    }
    deaths.push(vec!["nats-1".to_owned()]);
    deaths.push((1..=3).map(|n| format!("nats-{n}")).collect());
    deaths.push(vec!["postgres".to_owned()]);
    // The power fails. Services are back before what they connect to, and end again.
    let services =
        services::ALL.iter().flat_map(|service| [1, 2].map(|n| format!("{service}-{n}")));
    let servers = (1..=3).map(|n| format!("nats-{n}")).chain(["postgres".to_owned()]);
    deaths.push(services.chain(servers).collect());
    deaths
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_releases_survive_the_death_of_every_part() {
    let mut site = Site::apart().await.unwrap();
    let begun = Instant::now();
    let mut bundles = vec![];
    let mut watches = vec![];
    for number in 0..RELEASES {
        let name = format!("文{number}");
        let bundle = bundles::submit(&site, &name).await.unwrap();
        if number % (RELEASES / WATCHED) == 0 {
            watches.push(Watch::begin(&site, &name, &bundle));
        }
        bundles.push(bundle);
    }
    for bundle in &bundles {
        site.sign_all(bundle, 1).await.unwrap();
    }
    println!("{RELEASES} bundles granted after {:?}", begun.elapsed());
    for watch in &watches {
        watch.open(1);
    }
    // The window begins; from now on something is dead most of the time.
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let cluster = site.cluster().unwrap();
    let deaths = deaths();
    for parts in &deaths {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        cluster.kill(&parts).await.unwrap();
        // Leases of the dead end by the clock.
        site.clock.advance(2_000).unwrap();
        cluster.start_again(&parts).await.unwrap();
    }
    let started = Instant::now();
    println!("{} deaths, the last start after {:?}", deaths.len(), begun.elapsed());
    let mut left = bundles.clone();
    let mut ended = 0;
    while !left.is_empty() {
        if started.elapsed() > DEADLINE {
            let status = site.status(&left[0]).await;
            panic!("{} are not completed, among them {status:?}\n{}", left.len(), site.log());
        }
        // Who was started just before all of NATS died has ended.
        ended += cluster.restart_ended().await.unwrap();
        site.clock.advance(1_000).unwrap();
        let mut open = vec![];
        for bundle in left {
            let status = site.status(&bundle).await.ok();
            let release = status.and_then(|status| status.release);
            if release.is_none_or(|release| release.phase != "completed") {
                open.push(bundle);
            }
        }
        left = open;
    }
    let took = started.elapsed();
    println!(
        "all {RELEASES} completed {took:?} after the last start; {ended} had to be started again"
    );
    let facts = check_facts(&site, &bundles).await;
    let mut responses = 0;
    for watch in watches {
        let seen = watch.end().await;
        responses += seen.len();
        assert_eq!(history::violations(&seen), Vec::<String>::new());
    }
    println!("{facts} facts, {responses} responses, no violation");
    site.stop().await.unwrap();
}

/// Each bundle came to one end, by each step once. How many facts there are.
async fn check_facts(site: &Site, bundles: &[BundleId]) -> usize {
    let keys: Vec<&str> = bundles.iter().map(BundleId::as_str).collect();
    let facts = site.cluster().unwrap().facts(&keys).await.unwrap();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for envelope in &facts {
        assert!(!matches!(envelope.fact, Fact::HandlingStuck(_)), "{envelope:?}");
        *counts.entry((&envelope.key, envelope.fact.type_name())).or_default() += 1;
    }
    for bundle in keys {
        for (name, expected) in [
            ("bundle.submitted.v1", 1),
            ("explainer.rendered.v1", 1),
            ("bundle.sealed.v1", 1),
            ("case.opened.v1", 1),
            ("case.signed.v1", 2),
            ("case.granted.v1", 1),
            ("release.completed.v1", 1),
        ] {
            assert_eq!(counts.get(&(bundle, name)), Some(&expected), "{name} of {bundle}");
        }
    }
    facts.len()
}
