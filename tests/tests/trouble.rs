//! Channels that cannot do what they are told, and what becomes of the release.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, path::PathBuf};

use lockstep_kit::dispatch::Transport;
use lockstep_proto::{facts::Fact, http::Release, ids::BundleId, time::Timestamp};
use lockstep_tests::{
    bundles::{self, Sample, policy_mark},
    history,
    site::Site,
    watch::Watch,
};
use reqwest::Method;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn write(site: &Site, name: &str, version: u32, not_before: &str) -> PathBuf {
    let folder = site.scratch(&format!("{name}-{version}"));
    let window = (at(not_before), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name, version, has_slots: false, window }).unwrap();
    folder
}

async fn submit(site: &Site, name: &str) -> BundleId {
    let folder = write(site, name, 1, "2026-12-02T00:00:00Z");
    site.submit(&folder, None).await.unwrap().bundle
}

/// Waits while time goes on: what failed is tried again.
async fn wait_later(site: &Site, bundle: &BundleId, phase: &str, n: u32) -> Release {
    let clock = site.clock.clone();
    site.wait(&format!("phase {phase} of generation {n}, later"), async || {
        clock.advance(30_000).ok()?;
        let release = site.status(bundle).await.ok()?.release?;
        (release.phase == phase && release.generation.n == n).then_some(release)
    })
    .await
    .unwrap()
}

async fn current(site: &Site, bundle: &BundleId) -> String {
    let page = reqwest::get(format!("{}/p/{bundle}", site.public())).await.unwrap();
    page.text().await.unwrap()
}

fn page_in_folder(site: &Site, bundle: &BundleId) -> Option<String> {
    let page = site.served().join("b").join(bundle.as_str()).join("current/index.html");
    fs::read_to_string(page).ok()
}

/// The folder cannot flip: the release ends as failed and says where; a person mends the place, and
/// it is shown under a new generation.
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_cannot_show_fails_the_release_until_a_person_has_looked() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, "甲").await;
    let watch = Watch::begin(&site, "甲", &bundle);
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    let place = site.served().join("b");
    fs::write(&place, "a file where a folder should be").unwrap();
    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let failed = wait_later(&site, &bundle, "failed", 1).await;
    assert!(failed.reason.unwrap().contains("folder"));
    assert_eq!(failed.waits_for.iter().map(ToString::to_string).collect::<Vec<_>>(), ["folder"]);
    assert!(current(&site, &bundle).await.contains(&policy_mark("甲", 1)));
    let is_failed = |fact: &Fact| matches!(fact, Fact::ReleaseFailed(_));
    assert_eq!(site.count_facts(&bundle, is_failed).await.unwrap(), 1);

    fs::remove_file(&place).unwrap();
    let client = site.client("issuer").unwrap();
    let address = format!("/bundles/{bundle}/resume");
    let _: Release = client.command(Method::POST, &address, &()).await.unwrap();
    wait_later(&site, &bundle, "completed", 2).await;
    assert!(page_in_folder(&site, &bundle).unwrap().contains(&policy_mark("甲", 1)));
    assert_eq!(history::violations(&watch.end().await), Vec::<String>::new());
    site.stop().await.unwrap();
}

/// The folder can hold nothing ready until the window is over: the gate says what is missing.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_staged_by_the_end_of_the_window_is_blocked() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let staging = site.home.join(&site.home.settings.folder.staging);
    let bundle = submit(&site, "乙").await;
    site.wait_case(&bundle, 1).await.unwrap();
    fs::write(staging.join("editions"), "a file where a folder should be").unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-20T00:00:01Z")).unwrap();
    let blocked = wait_later(&site, &bundle, "blocked", 1).await;
    let codes: Vec<_> = blocked.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert!(codes.contains(&"TS306") && codes.contains(&"TS305"), "{codes:?}");
    assert!(!current(&site, &bundle).await.contains(&policy_mark("乙", 1)));
    site.stop().await.unwrap();
}

/// A correction waits for its window while the folder loses its disk: readers of the folder get the
/// earlier edition back, and the correction waits on. Stopped, the earlier edition stays.
#[tokio::test(flavor = "multi_thread")]
async fn the_earlier_edition_is_shown_again_while_a_correction_waits_and_after_it_is_stopped() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, "丙").await;
    let watch = Watch::begin(&site, "丙", &bundle);
    site.sign_all(&bundle, 1).await.unwrap();
    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let first = site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let folder = write(&site, "丙", 2, "2026-12-10T00:00:00Z");
    site.submit(&folder, Some(&bundle)).await.unwrap();
    site.sign_all(&bundle, 2).await.unwrap();
    let second = site.wait_phase(&bundle, "staged", 2).await.unwrap();
    assert_eq!(second.shown.as_ref(), Some(&first.manifest));

    fs::remove_dir_all(site.served()).unwrap();
    // The earlier edition under generation 3, then the correction again under generation 4.
    site.wait_phase(&bundle, "staged", 4).await.unwrap();
    assert!(page_in_folder(&site, &bundle).unwrap().contains(&policy_mark("丙", 1)));

    site.stop_release(&bundle).await.unwrap();
    let again = site.wait("the earlier edition again", async || {
        let status = site.status(&bundle).await.ok()?;
        let release = status.release?;
        let is_there = release.phase == "completed" && release.generation.n == 5;
        (is_there && status.draft.state == "stopped").then_some(release)
    });
    assert_eq!(again.await.unwrap().manifest, first.manifest);
    site.clock.set(at("2026-12-11T00:00:00Z")).unwrap();
    assert!(current(&site, &bundle).await.contains(&policy_mark("丙", 1)));
    assert_eq!(history::violations(&watch.end().await), Vec::<String>::new());

    // What is withdrawn is what readers see.
    let hidden = site.withdraw(&bundle).await.unwrap();
    assert_eq!(hidden.manifest, first.manifest);
    site.wait_phase(&bundle, "dark", 6).await.unwrap();
    site.stop().await.unwrap();
}

/// An optional channel that is ready late is shown late; the release does not wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn an_optional_channel_follows_when_it_is_ready() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let staging = site.home.join(&site.home.settings.folder.staging);
    let folder = write(&site, "丁", 1, "2026-12-02T00:00:00Z");
    let toml = fs::read_to_string(folder.join("bundle.toml")).unwrap();
    let toml = toml.replace(
        "required = [\"portal\", \"folder\"]",
        "required = [\"portal\"]\noptional = [\"folder\"]",
    );
    fs::write(folder.join("bundle.toml"), toml).unwrap();
    let bundle = site.submit(&folder, None).await.unwrap().bundle;
    site.wait_case(&bundle, 1).await.unwrap();
    let place = staging.join("editions");
    fs::write(&place, "a file where a folder should be").unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    assert_eq!(page_in_folder(&site, &bundle), None);
    fs::remove_file(&place).unwrap();
    let shown = site.wait("the folder's page", async || {
        site.clock.advance(30_000).ok()?;
        page_in_folder(&site, &bundle)
    });
    assert!(shown.await.unwrap().contains(&policy_mark("丁", 1)));
    let completed = |fact: &Fact| matches!(fact, Fact::ReleaseCompleted(_));
    assert_eq!(site.count_facts(&bundle, completed).await.unwrap(), 1);
    site.stop().await.unwrap();
}

/// The channels' jobs fail, as on a disk that cannot be written: readers of the portal get the
/// notice from the order on, not only once it is carried out.
#[tokio::test(flavor = "multi_thread")]
async fn readers_get_nothing_from_the_order_on_though_it_cannot_be_carried_out() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, "戊").await;
    let watch = Watch::begin(&site, "戊", &bundle);
    site.sign_all(&bundle, 1).await.unwrap();
    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let release = site.wait_phase(&bundle, "completed", 1).await.unwrap();
    fail::cfg("assert", &format!("return({bundle})")).unwrap();
    site.withdraw(&bundle).await.unwrap();
    let current = format!("{}/p/{bundle}", site.public());
    let pinned = format!("{current}/{}", release.edition.unwrap().hex());
    let status = async |url: &str| reqwest::get(url).await.unwrap().status().as_u16();
    site.wait("the notice", async || (status(&current).await == 410).then_some(())).await.unwrap();
    for part in ["", "/policy", "/interpretation", "/edition.json", "/raw/policy.md"] {
        assert_eq!(status(&format!("{pinned}{part}")).await, 410, "{part}");
    }
    let list = reqwest::get(site.public()).await.unwrap().text().await.unwrap();
    assert!(!list.contains(bundle.as_str()));
    let release = site.status(&bundle).await.unwrap().release.unwrap();
    assert_eq!(release.phase, "withdrawing");

    fail::remove("assert");
    wait_later(&site, &bundle, "dark", 2).await;
    assert_eq!(history::violations(&watch.end().await), Vec::<String>::new());
    site.stop().await.unwrap();
}

/// The clock ran ahead at the release and is set right; then the folder loses its disk.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_keeps_no_lost_disk_from_being_filled() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, "己").await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    site.clock.set(at("2026-12-02T01:00:00Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:10:00Z")).unwrap();
    fs::remove_dir_all(site.served()).unwrap();
    site.wait_phase(&bundle, "completed", 2).await.unwrap();
    assert!(page_in_folder(&site, &bundle).unwrap().contains(&policy_mark("己", 1)));
    site.stop().await.unwrap();
}
