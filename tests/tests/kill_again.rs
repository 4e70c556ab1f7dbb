//! Kill tests of what comes while a correction waits for its window: a withdrawal, a stop, a lost
//! disk. As in `kill.rs`, real processes abort at a named point and are started again, while watchers
//! record every response.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, path::PathBuf};

use lockstep_proto::{ids::BundleId, time::Timestamp};
use lockstep_tests::{
    bundles::{self, Sample, policy_mark},
    history,
    site::Site,
    watch::Watch,
};

/// What comes between. The first edition is shown as 1.1, the correction waits as 1.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scenario {
    Withdrawal,
    Stop,
    LostDisk,
}

impl Scenario {
    /// Where the process dies.
    fn points(self) -> &'static [&'static str] {
        match self {
            Self::Withdrawal => &[
                "handled=return(portal release.withdrawing.v1 1.3)",
                "committed=return(folder release.withdrawing.v1 1.3)",
                "unflipped=return(folder 1.3)",
                "darkened=return(1.3)",
                "flipped=return(folder 1.3)",
                "flipped=return(portal 1.3)",
                "handled=return(release channel.hidden.v1 1.3)",
            ],
            Self::Stop => &["permitted=return(1.3)", "renamed=return(1.3)", FOLDER_FLIPPED],
            Self::LostDisk => &[
                "handled=return(folder release.staging.v1 1.3)",
                "staged=return(folder 1.3)",
                "gate_passed=return(1.3)",
                "permitted=return(1.3)",
                "renamed=return(1.3)",
                FOLDER_FLIPPED,
                "flipped=return(portal 1.3)",
                "unsettled=return(1.3)",
            ],
        }
    }

    /// How it ends: what readers saw is gone, stays, or stays while the correction waits again.
    fn end(self) -> (&'static str, u32) {
        match self {
            Self::Withdrawal => ("dark", 3),
            Self::Stop => ("completed", 3),
            Self::LostDisk => ("staged", 4),
        }
    }
}

const FOLDER_FLIPPED: &str = "flipped=return(folder 1.3)";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn write(site: &Site, version: u32) -> PathBuf {
    let folder = site.scratch(&format!("v{version}"));
    let start = if version == 1 { "2026-12-02T00:00:00Z" } else { "2026-12-03T00:00:00Z" };
    let window = (at(start), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name: "甲", version, has_slots: false, window }).unwrap();
    folder
}

/// The first edition is shown, the correction waits; watched from the first submission on.
async fn begin() -> (Site, BundleId, Watch) {
    let site = Site::with_child("").await.unwrap();
    let bundle = site.submit(&write(&site, 1), None).await.unwrap().bundle;
    let watch = Watch::begin(&site, "甲", &bundle);
    site.sign_all(&bundle, 1).await.unwrap();
    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    site.submit(&write(&site, 2), Some(&bundle)).await.unwrap();
    site.sign_all(&bundle, 2).await.unwrap();
    let staged = site.wait_phase(&bundle, "staged", 2).await.unwrap();
    site.wait_state(&bundle, "granted").await.unwrap();
    watch.learn(staged.edition.as_ref().unwrap());
    (site, bundle, watch)
}

async fn run(scenario: Scenario, point: &str) {
    let (mut site, bundle, watch) = begin().await;
    site.stop().await.unwrap();
    site.start_child(point).await.unwrap();
    // The server may die before it answers.
    match scenario {
        Scenario::Withdrawal => drop(site.withdraw(&bundle).await),
        Scenario::Stop => drop(site.stop_release(&bundle).await),
        Scenario::LostDisk => fs::remove_dir_all(site.served()).unwrap(),
    }
    site.wait_dead().await.unwrap();
    // Readers meet what the dead process left behind, for a while.
    let before = watch.count();
    site.wait("responses after the death", async || (watch.count() > before + 20).then_some(()))
        .await
        .unwrap();
    site.start_child("").await.unwrap();

    let (phase, n) = scenario.end();
    let clock = site.clock.clone();
    site.wait(&format!("phase {phase} of generation {n}"), async || {
        clock.advance(500).ok()?;
        let release = site.status(&bundle).await.ok()?.release?;
        (release.phase == phase && release.generation.n == n).then_some(())
    })
    .await
    .unwrap();
    let is_dark = scenario == Scenario::Withdrawal;
    let page = site.served().join("b").join(bundle.as_str()).join("current/index.html");
    let page = fs::read_to_string(page).unwrap();
    assert_eq!(page.contains(&policy_mark("甲", 1)), !is_dark, "{scenario:?} {point}");
    let portal = reqwest::get(format!("{}/p/{bundle}", site.public())).await.unwrap();
    assert_eq!(portal.status().as_u16(), if is_dark { 410 } else { 200 });
    let seen = watch.end().await;
    assert_eq!(history::violations(&seen), Vec::<String>::new(), "{scenario:?} {point}");
    site.stop().await.unwrap();
}

async fn run_all(scenario: Scenario) {
    for point in scenario.points() {
        println!("{scenario:?}: killed at {point}");
        run(scenario, point).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_while_a_correction_waits_survives_every_death() {
    run_all(Scenario::Withdrawal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_is_stopped_leaves_the_earlier_edition_through_every_death() {
    run_all(Scenario::Stop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_lost_while_a_correction_waits_is_filled_through_every_death() {
    run_all(Scenario::LostDisk).await;
}
