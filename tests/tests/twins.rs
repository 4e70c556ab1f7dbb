//! Two processes of each service, apart. One dies at a step of the protocol, or falls asleep there for
//! longer than its leases last; its twin takes over, and what the sleeper had in mind when it wakes up
//! changes nothing.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{collections::BTreeMap, time::Duration};

use lockstep_proto::{facts::Fact, ids::BundleId, time::Timestamp};
use lockstep_tests::{
    bundles::{self, Sample},
    history,
    site::Site,
    watch::Watch,
};

/// What is under way at the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Show,
    Hide,
}

/// What becomes of the process that reaches the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Dies,
    Sleeps,
}

/// A step: whose, where, of which act, and what is tried there.
type Step = (&'static str, &'static str, &'static str, Act, &'static [Fate]);

/// Dying is quick; a sleeper is waited for until server and stream have given up on it. It sleeps where
/// it holds no lock of the disk: one that does keeps its twin waiting until it is ended, and says so.
const BOTH: &[Fate] = &[Fate::Dies, Fate::Sleeps];
const DIES: &[Fate] = &[Fate::Dies];

/// The steps of a bundle that is shown as 1.1 and withdrawn as 1.2.
const STEPS: [Step; 14] = [
    ("release", "gate_passed", "1.1", Act::Show, BOTH),
    ("release", "permitted", "1.1", Act::Show, DIES),
    ("release", "unpublished", "release.permitted.v1", Act::Show, DIES),
    ("release", "unmarked", "release.permitted.v1", Act::Show, BOTH),
    ("release", "handled", "release channel.shown.v1 1.1", Act::Show, DIES),
    ("release", "unsettled", "1.1", Act::Show, BOTH),
    ("release", "kept", "1.2", Act::Hide, BOTH),
    ("portal", "staged", "portal 1.1", Act::Show, DIES),
    ("portal", "unflipped", "portal 1.1", Act::Show, BOTH),
    ("folder", "staged", "folder 1.1", Act::Show, DIES),
    ("folder", "unflipped", "folder 1.1", Act::Show, DIES),
    ("folder", "unlocked", "show 1.1", Act::Show, BOTH),
    ("folder", "freed", "hide 1.2", Act::Hide, BOTH),
    ("folder", "flipped", "folder 1.2", Act::Hide, DIES),
];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn wait<T>(site: &Site, what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    site.wait_ticking(what, look).await.unwrap()
}

async fn wait_phase(site: &Site, bundle: &BundleId, phase: &str) {
    wait(site, phase, async || {
        let release = site.status(bundle).await.ok()?.release?;
        (release.phase == phase).then_some(())
    })
    .await;
}

/// The same, with a process that is started as often as it ends, as a supervisor does: one that sleeps
/// in a transaction may keep it from its tables longer than it waits.
async fn wait_phase_with(site: &Site, part: &str, bundle: &BundleId, phase: &str) {
    let cluster = site.cluster().unwrap();
    wait(site, phase, async || {
        if cluster.state(part).is_none() {
            cluster.start_again(&[part]).await.unwrap();
        }
        let release = site.status(bundle).await.ok()?.release?;
        (release.phase == phase).then_some(())
    })
    .await;
}

async fn submit(site: &Site, name: &str) -> BundleId {
    let folder = site.scratch(name);
    // The window is open as soon as everything is signed.
    let window = (at("2026-11-01T00:00:00Z"), at("2027-11-01T00:00:00Z"));
    bundles::write(&folder, &Sample { name, version: 1, has_slots: false, window }).unwrap();
    let bundle = site.submit(&folder, None).await.unwrap().bundle;
    site.wait_case(&bundle, 1).await.unwrap();
    bundle
}

async fn sign(site: &Site, bundle: &BundleId) {
    for person in ["reviewer", "issuer"] {
        site.sign(person, bundle, None).await.unwrap();
    }
}

/// One bundle, from its submission to dark, through one step. How many responses readers got.
async fn run(site: &Site, name: &str, step: Step, fate: Fate) -> usize {
    let (service, point, context, act, _) = step;
    println!("{fate:?} at {point}, {context}");
    let bundle = submit(site, name).await;
    let watch = Watch::begin_open(site, name, &bundle, 1);
    let cluster = site.cluster().unwrap();
    // Without a proxy, the public address is that of the portal's first process.
    let [one, other] = [2, 1].map(|n| format!("{service}-{n}"));
    if act == Act::Hide {
        sign(site, &bundle).await;
        wait_phase(site, &bundle, "completed").await;
    }
    // It is alone, so that the step is its own.
    cluster.kill(&[&one, &other]).await.unwrap();
    let prefix = if fate == Fate::Sleeps { "sleep " } else { "" };
    cluster.start_with(&[&one], &format!("{point}=return({prefix}{context})")).await.unwrap();
    match act {
        Act::Show => sign(site, &bundle).await,
        // Whoever is asked may not be up yet, or die or fall asleep before it answers.
        Act::Hide => {
            wait(site, "a withdrawal", async || {
                let asked = tokio::time::timeout(Duration::from_secs(3), site.withdraw(&bundle));
                let is_taken = asked.await.is_ok_and(|answer| answer.is_ok());
                (is_taken || reached(site, &one, fate)).then_some(())
            })
            .await;
        }
    }
    wait(site, "the step", async || reached(site, &one, fate).then_some(())).await;
    if act == Act::Show {
        wait_phase_with(site, &other, &bundle, "completed").await;
        site.withdraw(&bundle).await.unwrap();
    }
    wait_phase_with(site, &other, &bundle, "dark").await;
    if fate == Fate::Sleeps {
        assert_eq!(cluster.state(&one), Some('T'));
        cluster.signal(&one, "CONT").unwrap();
        wait_awake(site, &one).await;
    } else {
        cluster.start_again(&[&one]).await.unwrap();
    }
    check_end(site, &bundle).await;
    let seen = watch.end().await;
    assert_eq!(history::violations(&seen), Vec::<String>::new(), "{fate:?} at {point} {context}");
    seen.len()
}

fn reached(site: &Site, part: &str, fate: Fate) -> bool {
    match (site.cluster().unwrap().state(part), fate) {
        (None, Fate::Dies) => true,
        (None, Fate::Sleeps) => panic!("{part} died\n{}", site.log()),
        (state, Fate::Sleeps) => state == Some('T'),
        (Some(_), Fate::Dies) => false,
    }
}

/// Gives whoever woke up the time to do what it had in mind: until its own listener answers, and a
/// second more.
async fn wait_awake(site: &Site, part: &str) {
    wait(site, "the sleeper", async || (site.cluster().unwrap().state(part)? != 'T').then_some(()))
        .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// Dark on every channel, by each step once.
async fn check_end(site: &Site, bundle: &BundleId) {
    let release = site.status(bundle).await.unwrap().release.unwrap();
    assert_eq!(release.phase, "dark");
    let answer = reqwest::get(format!("{}/p/{bundle}", site.public())).await.unwrap();
    assert_eq!(answer.status().as_u16(), 410);
    let folder = site.served().join("b").join(bundle.as_str());
    let page = std::fs::read_to_string(folder.join("current/index.html")).unwrap();
    assert!(page.contains("文件有误"), "{page}");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for envelope in site.cluster().unwrap().facts(&[bundle.as_str()]).await.unwrap() {
        assert!(!matches!(envelope.fact, Fact::HandlingStuck(_)), "{envelope:?}");
        let at = envelope.generation.map(|generation| format!(" {generation}")).unwrap_or_default();
        *counts.entry(format!("{}{at}", envelope.fact.type_name())).or_default() += 1;
    }
    for (name, times) in ONCE {
        assert_eq!(counts.get(name), Some(&times), "{name}: {counts:#?}");
    }
    // What is wanted is said again until it is confirmed; never under another generation.
    assert!(counts.keys().all(|name| !name.ends_with(" 1.3")), "{counts:#?}");
}

/// Facts, with their generation, and how often there is each.
const ONCE: [(&str, usize); 3] =
    [("case.granted.v1", 1), ("release.completed.v1 1.1", 1), ("release.dark.v1 1.2", 1)];

async fn run_all(fate: Fate) {
    let mut site = Site::apart().await.unwrap();
    let (mut steps, mut responses) = (0, 0);
    for step in STEPS.into_iter().filter(|(.., fates)| fates.contains(&fate)) {
        steps += 1;
        responses += run(&site, &format!("文{steps}"), step, fate).await;
    }
    println!("{fate:?}: {steps} steps, {responses} responses, no violation");
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_takes_over_from_whoever_dies_at_a_step() {
    run_all(Fate::Dies).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sleeper_that_wakes_up_past_its_lease_changes_nothing() {
    run_all(Fate::Sleeps).await;
}
