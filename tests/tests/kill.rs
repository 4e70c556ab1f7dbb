//! Kill tests: real processes that abort at a named point, are started again, and must end as if
//! nothing had happened, while watchers record every response of every channel.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks at a few of many")]

use std::{collections::BTreeMap, fs};

use lockstep_proto::{
    digest::Digest, facts::Fact, http::Release, ids::BundleId, release::Generation, time::Timestamp,
};
use lockstep_tests::{
    bundles::{self, Sample},
    history,
    site::Site,
    watch::Watch,
};

/// What is under way when the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scenario {
    First,
    Correction,
    Withdrawal,
}

impl Scenario {
    const ALL: [Self; 3] = [Self::First, Self::Correction, Self::Withdrawal];

    /// The generation that is under way.
    fn n(self) -> u32 {
        match self {
            Self::First => 1,
            Self::Correction | Self::Withdrawal => 2,
        }
    }

    /// The version that readers see in the end.
    fn shown(self) -> Option<u32> {
        match self {
            Self::First => Some(1),
            Self::Correction => Some(2),
            Self::Withdrawal => None,
        }
    }
}

/// The points of the issue, each with the places where it exists. `{g}` is the generation.
const POINTS: &[(&str, &[&str], &[Scenario])] = {
    use Scenario::{Correction, First, Withdrawal};
    &[
        (
            "handled but uncommitted",
            &[
                "handled=return(release case.granted.v1 -)",
                "handled=return(portal release.staging.v1 {g})",
                "handled=return(folder release.permitted.v1 {g})",
                "handled=return(release channel.shown.v1 {g})",
            ],
            &[First, Correction],
        ),
        (
            "handled but uncommitted",
            &[
                "handled=return(portal release.withdrawing.v1 {g})",
                "handled=return(release channel.hidden.v1 {g})",
            ],
            &[Withdrawal],
        ),
        (
            "committed but not woken",
            &[
                "committed=return(release case.granted.v1 -)",
                "committed=return(portal release.permitted.v1 {g})",
                "committed=return(release channel.shown.v1 {g})",
            ],
            &[First, Correction],
        ),
        (
            "committed but not woken",
            &[
                "committed=return(folder release.withdrawing.v1 {g})",
                "committed=return(release channel.hidden.v1 {g})",
            ],
            &[Withdrawal],
        ),
        (
            "staged but unrecorded",
            &["staged=return(portal {g})", "staged=return(folder {g})"],
            &[First, Correction],
        ),
        ("gate passed but uncommitted", &["gate_passed=return({g})"], &[First, Correction]),
        (
            "committed but not flipped",
            &[
                "permitted=return({g})",
                "unflipped=return(portal {g})",
                "unflipped=return(folder {g})",
            ],
            &[First, Correction],
        ),
        (
            "committed but not flipped",
            &["unflipped=return(portal {g})", "unflipped=return(folder {g})"],
            &[Withdrawal],
        ),
        (
            "flipped but no receipt",
            &["renamed=return({g})", "flipped=return(folder {g})", "flipped=return(portal {g})"],
            &[First, Correction],
        ),
        (
            "flipped but no receipt",
            &["darkened=return({g})", "flipped=return(folder {g})", "flipped=return(portal {g})"],
            &[Withdrawal],
        ),
        ("kept outside but unrecorded", &["kept=return({g})"], &[Withdrawal]),
        ("receipt but not settled", &["unsettled=return({g})"], &[First, Correction]),
    ]
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn write(site: &Site, version: u32) -> std::path::PathBuf {
    let folder = site.scratch(&format!("v{version}"));
    // The correction has a window of its own: it begins a day after the first.
    let start = if version == 1 { "2026-12-02T00:00:00Z" } else { "2026-12-03T00:00:00Z" };
    let window = (at(start), at("2026-12-20T00:00:00Z"));
    let sample = Sample { name: "甲", version, has_slots: false, window };
    bundles::write(&folder, &sample).unwrap();
    folder
}

/// Version 1 goes out, watched from its submission on.
async fn release_first(site: &Site) -> (BundleId, Watch) {
    let bundle = site.submit(&write(site, 1), None).await.unwrap().bundle;
    let watch = Watch::begin(site, "甲", &bundle);
    // `granted` may be the point of death: the last signature's answer is not waited for.
    sign(site, &bundle, 1).await;
    (bundle, watch)
}

async fn sign(site: &Site, bundle: &BundleId, revision: u32) {
    site.wait_case(bundle, revision).await.unwrap();
    site.sign("reviewer", bundle, None).await.unwrap();
    // The server may die of this very signature, after it is committed.
    site.sign("issuer", bundle, None).await.ok();
}

/// Waits until nothing moves before the window, or the process has died already. The watch then asks
/// for what is held ready, too.
async fn wait_staged(site: &mut Site, watch: &Watch, bundle: &BundleId, n: u32) {
    let started = std::time::Instant::now();
    while started.elapsed() < std::time::Duration::from_mins(1) {
        if site.is_dead().unwrap() {
            return;
        }
        let release = site.status(bundle).await.ok().and_then(|status| status.release);
        if let Some(release) = release.filter(|r| r.phase == "staged" && r.generation.n == n) {
            watch.learn(release.edition.as_ref().unwrap());
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("not staged:\n{}", site.log());
}

/// One scenario with one point of death.
async fn run(scenario: Scenario, point: &str) -> usize {
    let point = point.replace("{g}", &format!("1.{}", scenario.n()));
    let mut site = Site::with_child("").await.unwrap();
    // Whatever comes before the scenario passes without a failpoint.
    let (bundle, watch) = if scenario == Scenario::First {
        site.stop().await.unwrap();
        site.start_child(&point).await.unwrap();
        release_first(&site).await
    } else {
        let (bundle, watch) = release_first(&site).await;
        watch.open(1);
        site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
        site.wait_phase(&bundle, "completed", 1).await.unwrap();
        site.stop().await.unwrap();
        site.start_child(&point).await.unwrap();
        (bundle, watch)
    };
    match scenario {
        Scenario::First => {
            wait_staged(&mut site, &watch, &bundle, 1).await;
            watch.open(1);
            site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
        }
        Scenario::Correction => {
            site.submit(&write(&site, 2), Some(&bundle)).await.unwrap();
            sign(&site, &bundle, 2).await;
            wait_staged(&mut site, &watch, &bundle, 2).await;
            watch.open(2);
            site.clock.set(at("2026-12-03T00:00:01Z")).unwrap();
        }
        Scenario::Withdrawal => {
            site.withdraw(&bundle).await.unwrap();
        }
    }
    site.wait_dead().await.unwrap();
    // Readers meet what the dead process left behind, for a while.
    let before = watch.count();
    site.wait("responses after the death", async || (watch.count() > before + 20).then_some(()))
        .await
        .unwrap();
    site.start_child("").await.unwrap();

    let n = scenario.n();
    let phase = if scenario == Scenario::Withdrawal { "dark" } else { "completed" };
    let release = site.wait_phase(&bundle, phase, n).await.unwrap();
    check_end(&site, &bundle, scenario, &release).await;
    let seen = watch.end().await;
    assert_eq!(history::violations(&seen), Vec::<String>::new(), "{scenario:?} {point}");
    site.stop().await.unwrap();
    seen.len()
}

/// Versions of the policy and of the interpretation that a text holds.
fn versions(text: &str) -> [Vec<u32>; 2] {
    let marks: [fn(&str, u32) -> String; 2] = [bundles::policy_mark, bundles::interpretation_mark];
    marks.map(|mark| (1..=2).filter(|version| text.contains(&mark("甲", *version))).collect())
}

/// The current address of the portal shows the expected pair under the expected generation, or the
/// notice.
async fn check_portal(site: &Site, bundle: &BundleId, scenario: Scenario, release: &Release) {
    let response = reqwest::get(format!("{}/p/{bundle}", site.public())).await.unwrap();
    let shown = scenario.shown();
    assert_eq!(response.status().as_u16(), if shown.is_some() { 200 } else { 410 });
    let header =
        |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (edition, generation) = (header("lockstep-edition"), header("lockstep-generation"));
    let expected = release.edition.as_ref().map(ToString::to_string);
    assert_eq!(edition, expected.filter(|_| shown.is_some()));
    assert_eq!(generation, shown.map(|_| release.generation.to_string()));
    check_page(&response.text().await.unwrap(), shown);
}

/// So does the folder; after dark nothing else of the bundle is served.
fn check_folder(site: &Site, bundle: &BundleId, scenario: Scenario, release: &Release) {
    let folder = site.served().join("b").join(bundle.as_str());
    let read = |file| fs::read_to_string(folder.join("current").join(file));
    check_page(&read("index.html").unwrap(), scenario.shown());
    if scenario.shown().is_some() {
        let object: Object = serde_json::from_str(&read("edition.json").unwrap()).unwrap();
        assert_eq!(object.generation, release.generation);
        assert_eq!(Some(&object.edition), release.edition.as_ref());
    } else {
        let served = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut served: Vec<_> = served.map(|name| name.into_string().unwrap()).collect();
        served.sort();
        assert_eq!(served, ["current", "withdrawn"]);
        assert!(read("edition.json").is_err());
    }
}

/// What the folder says of the edition at its current address.
#[derive(serde::Deserialize)]
struct Object {
    edition: Digest,
    generation: Generation,
}

/// Both texts of this version and of no other; or the notice with its reason, and no text.
fn check_page(page: &str, shown: Option<u32>) {
    let expected = Vec::from_iter(shown);
    assert_eq!(versions(page), [expected.clone(), expected], "{page}");
    assert_eq!(page.contains("文件有误"), shown.is_none(), "{page}");
}

/// One visible generation (or none, and the notice) on every channel, one receipt per channel and
/// generation, one completed fact per generation.
async fn check_end(site: &Site, bundle: &BundleId, scenario: Scenario, release: &Release) {
    check_portal(site, bundle, scenario, release).await;
    check_folder(site, bundle, scenario, release);
    assert_eq!(release.receipts.len(), 2);
    for receipt in &release.receipts {
        assert_eq!(receipt.generation, release.generation, "{}", receipt.channel);
        assert_eq!(receipt.edition.is_some(), scenario.shown().is_some());
    }
    let mut receipts: BTreeMap<String, u32> = BTreeMap::new();
    let mut completed: BTreeMap<String, u32> = BTreeMap::new();
    for envelope in site.facts(bundle.as_str()).await.unwrap() {
        match &envelope.fact {
            Fact::ChannelShown(data) | Fact::ChannelHidden(data) => {
                let key = format!("{} {}", data.receipt.channel, data.receipt.generation);
                *receipts.entry(key).or_default() += 1;
            }
            Fact::ReleaseCompleted(data) => {
                *completed.entry(data.generation.to_string()).or_default() += 1;
            }
            _ => {}
        }
    }
    let generations = usize::try_from(scenario.n()).unwrap();
    assert_eq!(receipts.len(), 2 * generations, "{receipts:?}");
    assert!(receipts.values().all(|count| *count == 1), "{receipts:?}");
    let shown = if scenario == Scenario::Correction { 2 } else { 1 };
    assert_eq!(completed.len(), shown, "{completed:?}");
    assert!(completed.values().all(|count| *count == 1), "{completed:?}");
}

async fn run_all(scenario: Scenario) {
    let (mut combinations, mut responses) = (0, 0);
    for (name, places, scenarios) in POINTS {
        if !scenarios.contains(&scenario) {
            continue;
        }
        for place in *places {
            println!("{scenario:?}: killed when {name} ({place})");
            responses += run(scenario, place).await;
            combinations += 1;
        }
    }
    println!("{scenario:?}: {combinations} combinations, {responses} responses, no violation");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_release_survives_every_death() {
    run_all(Scenario::First).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_survives_every_death() {
    run_all(Scenario::Correction).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_survives_every_death() {
    run_all(Scenario::Withdrawal).await;
}

#[test]
fn every_point_of_the_issue_is_killed_at() {
    let names: std::collections::BTreeSet<_> = POINTS.iter().map(|(name, ..)| name).collect();
    let count: usize = POINTS.iter().map(|(_, places, s)| places.len() * s.len()).sum();
    println!(
        "{count} combinations of {} points and {} scenarios",
        names.len(),
        Scenario::ALL.len()
    );
    assert_eq!(names.len(), 8);
}

/// The process lies dead for longer than a release may take: nobody was asked, so nobody is late.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_a_process_was_dead_is_nobodys_delay() {
    let mut site = Site::with_child("permitted=return(1.1)").await.unwrap();
    let (bundle, watch) = release_first(&site).await;
    wait_staged(&mut site, &watch, &bundle, 1).await;
    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_dead().await.unwrap();
    site.clock.set(at("2026-12-02T00:30:00Z")).unwrap();
    site.start_child("").await.unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let failed = |fact: &Fact| matches!(fact, Fact::ReleaseFailed(_));
    assert_eq!(site.count_facts(&bundle, failed).await.unwrap(), 0);
    assert_eq!(history::violations(&watch.end().await), Vec::<String>::new());
    site.stop().await.unwrap();
}
