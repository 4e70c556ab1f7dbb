//! Backups made at every step of a release, by the command that people use, while the services run and
//! after they died; each restored twice. What was withdrawn since never comes back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{path::PathBuf, process::Command};

use lockstep_proto::{
    http::{Case, Deployment, Release},
    ids::BundleId,
    time::Timestamp,
};
use lockstep_tests::{
    bundles::{self, Sample},
    history::{self, Seen},
    site::{Site, under_test},
    watch::Watch,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn write(site: &Site, version: u32) -> PathBuf {
    let folder = site.scratch(&format!("v{version}"));
    let start = if version == 1 { "2026-12-02T00:00:00Z" } else { "2026-12-03T00:00:00Z" };
    let window = (at(start), at("2026-12-20T00:00:00Z"));
    let sample = Sample { name: "甲", version, has_slots: false, window };
    bundles::write(&folder, &sample).unwrap();
    folder
}

/// A command, as somebody types it. What it said; its exit status must be this.
fn run(site: &Site, arguments: &[&str], status: i32) -> String {
    let home = site.home.path.to_string_lossy();
    let mut command = Command::new(under_test().unwrap());
    let done = command.args(arguments).args(["--home", &home]).output().unwrap();
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert_eq!(done.status.code(), Some(status), "{arguments:?}: {said}");
    said
}

fn backup(site: &Site, name: &str) -> String {
    let folder = site.scratch("backups").join(name).to_string_lossy().into_owned();
    run(site, &["backup", &folder], 0);
    folder
}

/// Restores and starts; returns once every channel is compared, as the operator waits for it.
async fn restore(site: &mut Site, backup: &str) -> Deployment {
    site.stop().await.unwrap();
    run(site, &["restore", backup], 0);
    site.start_child("").await.unwrap();
    let client = site.client("issuer").unwrap();
    site.wait("comparison", async || {
        // Waits end by a clock that stands otherwise.
        site.clock.advance(100).unwrap();
        let deployment: Deployment = client.get("/deployment").await.ok()?;
        assert!(deployment.is_held);
        deployment.waits_for.is_empty().then_some(deployment)
    })
    .await
    .unwrap()
}

fn resume(site: &Site) -> String {
    let identity = site.identity("issuer").unwrap().key_path().with_extension("toml");
    run(site, &["resume", "--deployment", "--as", &identity.to_string_lossy()], 0)
}

async fn submit(site: &Site, version: u32, revises: Option<&BundleId>) -> BundleId {
    let bundle = site.submit(&write(site, version), revises).await.unwrap().bundle;
    site.wait_case(&bundle, version).await.unwrap();
    bundle
}

/// Lets the process die at this point.
async fn die(site: &mut Site, point: &str) {
    site.stop().await.unwrap();
    site.start_child(point).await.unwrap();
}

/// Version 1 goes out and is withdrawn, with a backup at every step.
async fn release_and_withdraw(
    site: &mut Site,
) -> (BundleId, Vec<(&'static str, String)>, Vec<Seen>) {
    let mut backups = vec![("recorded", backup(site, "recorded"))];
    let bundle = submit(site, 1, None).await;
    let watch = Watch::begin(site, "甲", &bundle);
    backups.push(("opened", backup(site, "opened")));
    site.sign("reviewer", &bundle, None).await.unwrap();
    backups.push(("half signed", backup(site, "half")));
    die(site, "staged=return(folder 1.1)").await;
    site.sign("issuer", &bundle, None).await.ok();
    site.wait_dead().await.unwrap();
    backups.push(("staging", backup(site, "staging")));
    site.start_child("").await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    backups.push(("staged", backup(site, "staged")));
    die(site, "permitted=return(1.1)").await;
    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_dead().await.unwrap();
    backups.push(("permitted", backup(site, "permitted")));
    site.start_child("flipped=return(portal 1.1)").await.unwrap();
    site.wait_dead().await.unwrap();
    backups.push(("flipped", backup(site, "flipped")));
    site.start_child("").await.unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    backups.push(("completed", backup(site, "completed")));
    die(site, "unflipped=return(portal 1.2)").await;
    site.withdraw(&bundle).await.unwrap();
    site.wait_dead().await.unwrap();
    backups.push(("withdrawing", backup(site, "withdrawing")));
    site.start_child("").await.unwrap();
    site.wait_phase(&bundle, "dark", 2).await.unwrap();
    backups.push(("dark", backup(site, "dark")));
    (bundle, backups, watch.end().await)
}

/// Whether the bundle has come to rest: dark or stopped where release knows it, and no case of it open.
async fn is_at_rest(site: &Site, bundle: &BundleId) -> bool {
    let client = site.client("reviewer").unwrap();
    let release: Option<Release> = client.get(&format!("/bundles/{bundle}/release")).await.ok();
    let case: Option<Case> = client.get(&format!("/bundles/{bundle}/case")).await.ok();
    release.is_none_or(|release| matches!(&*release.phase, "dark" | "stopped"))
        && case.is_none_or(|case| case.state != "open")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_backup_brings_back_what_was_withdrawn_since() {
    let mut site = Site::with_child("").await.unwrap();
    let (bundle, backups, before) = release_and_withdraw(&mut site).await;
    assert!(before.iter().any(|seen| !seen.policies.is_empty()));
    let mut epoch = 1;
    for (step, folder) in &backups {
        for _ in 0..2 {
            let watch = Watch::begin_open(&site, "甲", &bundle, 1);
            let deployment = restore(&mut site, folder).await;
            epoch += 1;
            assert_eq!(deployment.epoch, epoch, "{step}");
            resume(&site);
            // Whoever has not heard of the withdrawal signs on, and the window is open.
            for name in ["reviewer", "issuer"] {
                site.sign(name, &bundle, None).await.ok();
            }
            site.wait(&format!("rest after {step}"), async || {
                site.clock.advance(100).unwrap();
                is_at_rest(&site, &bundle).await.then_some(())
            })
            .await
            .unwrap();
            let count = watch.count();
            site.wait("responses", async || (watch.count() > count + 20).then_some(()))
                .await
                .unwrap();
            let after = watch.end().await;
            let shown = after.iter().find(|seen| !seen.policies.is_empty());
            assert!(shown.is_none(), "restored from {step}: {shown:?}");
            // Where the backup knew that it was shown, readers are told that it was withdrawn, and why.
            if matches!(*step, "completed" | "withdrawing" | "dark") {
                let notice = reqwest::get(format!("{}/p/{bundle}", site.public())).await.unwrap();
                assert_eq!(notice.status().as_u16(), 410, "restored from {step}");
                let text = notice.text().await.unwrap();
                assert!(text.contains("文件有误"), "restored from {step}: {text}");
            }
            // A portal that never heard of the bundle says that it knows nothing of it.
            let after = after.into_iter().filter(|seen| seen.status != 404);
            let all: Vec<Seen> = before.iter().cloned().chain(after).collect();
            assert_eq!(history::violations(&all), Vec::<String>::new(), "restored from {step}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_backup_holds_is_shown_again_once_a_person_has_looked() {
    let mut site = Site::with_child("").await.unwrap();
    let bundle = submit(&site, 1, None).await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let released = site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let folder = backup(&site, "completed");
    let address = format!("{}/p/{bundle}", site.public());
    let first = reqwest::get(&address).await.unwrap().text().await.unwrap();

    restore(&mut site, &folder).await;
    // Every channel holds it ready, the window is open, and nothing moves until a person has looked.
    site.wait("readiness", async || {
        let release = site.status(&bundle).await.ok()?.release?;
        (release.phase == "staged" && release.waits_for.is_empty()).then_some(())
    })
    .await
    .unwrap();
    let facts = site.facts(bundle.as_str()).await.unwrap().len();
    site.stop().await.unwrap();
    site.start_child("").await.unwrap();
    // Another one comes after it, as far as it gets: release is at work all the while.
    let other = bundles::submit(&site, "乙").await.unwrap();
    site.sign_all(&other, 1).await.unwrap();
    site.wait_phase(&other, "staged", 1).await.unwrap();
    for _ in 0..20 {
        site.clock.advance(60_000).unwrap();
        assert_eq!(site.status(&other).await.unwrap().release.unwrap().phase, "staged");
    }
    let release = site.status(&bundle).await.unwrap().release.unwrap();
    assert_eq!(release.phase, "staged");
    // What channels said before the restore is said by nobody now.
    assert!(release.receipts.is_empty(), "{:?}", release.receipts);
    assert_eq!(site.facts(bundle.as_str()).await.unwrap().len(), facts);
    // Not gone, and not there yet; the folder shows nothing.
    let held = reqwest::get(&address).await.unwrap();
    assert_eq!(held.status().as_u16(), 503);
    assert!(held.text().await.unwrap().contains("本页正在恢复"));
    assert!(!site.served().join("b").join(bundle.as_str()).join("current").exists());
    let said = site.status(&bundle).await.unwrap().held.join("\n");
    assert!(said.contains("resume --deployment"), "{said}");

    resume(&site);
    let again = site
        .wait("the pair", async || {
            site.clock.advance(100).unwrap();
            let release = site.status(&bundle).await.ok()?.release?;
            (release.phase == "completed" && release.generation.epoch == 2).then_some(release)
        })
        .await
        .unwrap();
    assert_eq!(again.edition, released.edition);
    let second = reqwest::get(&address).await.unwrap().text().await.unwrap();
    // The same page, but for the generation it names.
    let generation = format!(">{}<", again.generation);
    assert!(first.replace(">1.1<", ">G<") == second.replace(&generation, ">G<"), "{second}");
    assert!(site.served().join("b").join(bundle.as_str()).join("current/index.html").exists());
    // And it can be withdrawn as ever.
    site.withdraw(&bundle).await.unwrap();
    site.wait_state(&bundle, "dark").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_the_backup_lacks_holds_its_bundle() {
    let mut site = Site::with_child("").await.unwrap();
    let bundle = submit(&site, 1, None).await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let folder = backup(&site, "first");
    submit(&site, 2, Some(&bundle)).await;
    site.sign_all(&bundle, 2).await.unwrap();
    site.clock.set(at("2026-12-03T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 2).await.unwrap();

    let deployment = restore(&mut site, &folder).await;
    assert_eq!(deployment.forgotten, std::slice::from_ref(&bundle));
    let said = resume(&site);
    assert!(said.contains(bundle.as_str()), "{said}");
    // Another bundle goes on; this one waits for somebody who knows what it showed.
    site.clock.advance(60_000).unwrap();
    let status = site.status(&bundle).await.unwrap();
    assert!(status.held.iter().any(|held| held.contains("restore:")), "{:?}", status.held);
    let address = format!("{}/p/{bundle}", site.public());
    assert_eq!(reqwest::get(&address).await.unwrap().status().as_u16(), 503);
    // The correction is submitted anew, and takes the place of what is held.
    submit(&site, 2, Some(&bundle)).await;
    site.sign_all(&bundle, 2).await.unwrap();
    let path = format!("/bundles/{bundle}/resume");
    let client = site.client("issuer").unwrap();
    let _: Release = client.command(reqwest::Method::POST, &path, &()).await.unwrap();
    site.wait("the correction", async || {
        site.clock.advance(100).unwrap();
        let page = reqwest::get(&address).await.ok()?.text().await.ok()?;
        page.contains(&bundles::policy_mark("甲", 2)).then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_database_put_in_place_by_hand_is_refused() {
    let mut site = Site::with_child("").await.unwrap();
    let bundle = submit(&site, 1, None).await;
    let folder = backup(&site, "opened");
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    site.stop().await.unwrap();
    for name in ["lockstep.db-wal", "lockstep.db-shm"] {
        std::fs::remove_file(site.home.join("data").join(name)).ok();
    }
    let database = site.home.join("data/lockstep.db");
    std::fs::copy(PathBuf::from(&folder).join("lockstep.db"), &database).unwrap();
    let said =
        run(&site, &["serve", "all", "--staff", "127.0.0.1:0", "--public", "127.0.0.1:0"], 2);
    assert!(said.contains("lockstep restore"), "{said}");
    // Nor an empty one.
    std::fs::remove_file(&database).unwrap();
    let said =
        run(&site, &["serve", "all", "--staff", "127.0.0.1:0", "--public", "127.0.0.1:0"], 2);
    assert!(said.contains("lockstep restore"), "{said}");
    run(&site, &["restore", &folder], 0);
    site.start_child("").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_backup_is_refused_before_anything_is_touched() {
    let mut site = Site::with_child("").await.unwrap();
    submit(&site, 1, None).await;
    let folder = backup(&site, "whole");
    let said = run(&site, &["backup", &folder], 2);
    assert!(said.contains("已存在"), "{said}");
    let said = run(&site, &["restore", &folder], 2);
    assert!(said.contains("已有服务在运行"), "{said}");
    site.stop().await.unwrap();
    let settings = std::fs::read(site.home.join("lockstep.toml")).unwrap();
    let refused = |what: &str| {
        let said = run(&site, &["restore", &folder], 2);
        assert!(said.contains(what), "{said}");
        assert_eq!(std::fs::read(site.home.join("lockstep.toml")).unwrap(), settings);
    };
    let (copy, about) =
        (PathBuf::from(&folder).join("lockstep.db"), format!("{folder}/backup.json"));
    let bytes = std::fs::read(&copy).unwrap();
    std::fs::write(&copy, [&bytes[..], b"x"].concat()).unwrap();
    refused("已损坏");
    std::fs::write(&copy, bytes).unwrap();
    let blobs = PathBuf::from(&folder).join("blobs");
    let shelf = std::fs::read_dir(&blobs).unwrap().next().unwrap().unwrap().path();
    std::fs::rename(&shelf, PathBuf::from(&folder).join("aside")).unwrap();
    refused("缺少");
    std::fs::rename(PathBuf::from(&folder).join("aside"), &shelf).unwrap();
    let text = std::fs::read_to_string(&about).unwrap();
    let deployment = site.home.settings.deployment.as_str();
    std::fs::write(&about, text.replace(deployment, "another")).unwrap();
    refused("不是本部署的备份");
    std::fs::remove_file(&about).unwrap();
    refused("不是完整的备份");
    std::fs::write(&about, text).unwrap();
    // Without the safe nobody knows what was forgotten.
    let (safe, aside) = (site.home.join("safe"), site.home.join("not-mounted"));
    std::fs::rename(&safe, &aside).unwrap();
    refused("--safe-lost");
    std::fs::rename(&aside, &safe).unwrap();
    run(&site, &["restore", &folder], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_and_nothing_counts_as_dark_that_the_safe_does_not_hold() {
    let mut site = Site::with_child("").await.unwrap();
    let bundle = submit(&site, 1, None).await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    let (safe, aside) = (site.home.join("safe"), site.home.join("not-mounted"));
    std::fs::rename(&safe, &aside).unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let said = site.wait("a word about it", async || {
        site.log().contains("库外存根（未挂载？）").then_some(())
    });
    said.await.unwrap();
    assert_eq!(site.status(&bundle).await.unwrap().release.unwrap().phase, "staged");
    std::fs::rename(&aside, &safe).unwrap();
    site.wait("the pair", async || {
        site.clock.advance(1_000).unwrap();
        let release = site.status(&bundle).await.ok()?.release?;
        (release.phase == "completed").then_some(())
    })
    .await
    .unwrap();

    std::fs::rename(&safe, &aside).unwrap();
    site.withdraw(&bundle).await.unwrap();
    // Readers do not wait for the safe.
    let address = format!("{}/p/{bundle}", site.public());
    let is_told = |held: &String| held.contains("库外存根");
    site.wait("the notice", async || {
        let status = reqwest::get(&address).await.ok()?.status().as_u16();
        let release = site.status(&bundle).await.ok()?.release?;
        (status == 410 && release.waits_for.is_empty()).then_some(())
    })
    .await
    .unwrap();
    let status = site.status(&bundle).await.unwrap();
    assert_eq!(status.release.unwrap().phase, "withdrawing");
    assert!(status.held.iter().any(is_told), "{:?}", status.held);
    std::fs::rename(&aside, &safe).unwrap();
    site.wait("dark", async || {
        site.clock.advance(1_000).unwrap();
        let release = site.status(&bundle).await.ok()?.release?;
        (release.phase == "dark").then_some(())
    })
    .await
    .unwrap();
    site.stop().await.unwrap();
}
