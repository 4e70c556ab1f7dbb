//! Blobs in a bucket: the whole path, what happens while the store is away, backup and restore.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{path::PathBuf, process::Command};

use lockstep::home::{BlobSettings, BucketSettings};
use lockstep_kit::{
    blobs::Blobs,
    dispatch::{ATTEMPTS_MAX, Transport},
    files,
    testing::{S3, find_waiting_job},
};
use lockstep_proto::{http::Deployment, ids::BundleId, time::Timestamp};
use lockstep_tests::{
    bundles::{self, Sample, interpretation_mark, policy_mark},
    site::{Site, under_test},
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A deployment whose blobs lie in this store, served in this process.
async fn begin(s3: &S3) -> Site {
    let mut site = Site::new().unwrap();
    let address = s3.address();
    site.home.settings.blobs = BlobSettings::Bucket(BucketSettings {
        endpoint: address.endpoint,
        bucket: address.bucket,
        region: address.region,
        ca: address.ca,
    });
    site.home.save().unwrap();
    let (access, secret) = (address.access_key, address.secret_key);
    let keys = format!("access_key = \"{access}\"\nsecret_key = \"{secret}\"\n");
    files::write_secret(&site.home.join("keys/blobs.toml"), &keys).unwrap();
    site.start_here(Transport::Local).await.unwrap();
    site.add_people().await.unwrap();
    site
}

fn write(site: &Site, name: &str) -> PathBuf {
    let folder = site.scratch(name);
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name, version: 1, has_slots: false, window }).unwrap();
    folder
}

async fn released(site: &Site, name: &str) -> BundleId {
    let bundle = site.submit(&write(site, name), None).await.unwrap().bundle;
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    bundle
}

/// What a reader gets at a bundle's address.
async fn page(site: &Site, bundle: &BundleId) -> (u16, String) {
    let response = reqwest::get(format!("{}/p/{bundle}", site.public())).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn holds_both(page: &(u16, String), name: &str) -> bool {
    let marks = [policy_mark(name, 1), interpretation_mark(name, 1)];
    page.0 == 200 && marks.iter().all(|mark| page.1.contains(mark))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_holds_things_up_and_breaks_nothing() {
    let mut s3 = S3::start();
    let mut site = begin(&s3).await;
    let seen = released(&site, "甲").await;
    let unseen = released(&site, "乙").await;
    assert!(!site.home.join("data/blobs").exists());
    // Release read both back; a process that begins has nothing in memory.
    site.stop().await.unwrap();
    site.start_here(Transport::Local).await.unwrap();
    assert!(holds_both(&page(&site, &seen).await, "甲"));
    let waiting = site.submit(&write(&site, "丙"), None).await.unwrap().bundle;
    site.wait_case(&waiting, 1).await.unwrap();

    s3.stop();
    // What is in memory is whole; of what is not, no half is shown.
    assert!(holds_both(&page(&site, &seen).await, "甲"));
    let (status, text) = page(&site, &unseen).await;
    assert_eq!(status, 503);
    assert!(!text.contains(&policy_mark("乙", 1)));
    let refused = site.submit(&write(&site, "丁"), None).await.unwrap_err().to_string();
    assert!(refused.contains("blob store"), "{refused}");

    s3.start_again();
    assert!(holds_both(&page(&site, &unseen).await, "乙"));
    site.sign("reviewer", &waiting, None).await.unwrap();
    site.sign("issuer", &waiting, None).await.unwrap();
    site.wait_phase(&waiting, "completed", 1).await.unwrap();
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_waits_for_the_store_as_long_as_it_takes() {
    let s3 = S3::start();
    let mut site = begin(&s3).await;
    let bundle = site.submit(&write(&site, "甲"), None).await.unwrap().bundle;
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    // A bucket that is gone is not one that holds nothing.
    let away = s3.bucket().with_file_name("away");
    std::fs::rename(s3.bucket(), &away).unwrap();
    let db = site.deps().unwrap().db.clone();
    // Through more tries than a job of its own fault would get.
    for attempt in 0..ATTEMPTS_MAX + 3 {
        if attempt == 0 {
            site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
        } else {
            // Longer than any wait between so many tries.
            site.clock.advance(10_000).unwrap();
        }
        let now = site.clock.now();
        let why = site.wait("a try in vain", async || {
            // Put off, as seen from this now: tried since the clock moved.
            let job = find_waiting_job(&db, "ask_gate", bundle.as_str()).await?;
            job.last_error.filter(|_| job.due_at > now)
        });
        assert!(why.await.unwrap().contains("no such bucket"));
    }
    let status = site.status(&bundle).await.unwrap();
    // It says what it waits for, and nobody need resume it.
    assert!(
        matches!(&status.held[..], [one] if one.starts_with("gate: ") && one.contains("no such bucket")),
        "{:?}",
        status.held
    );
    assert_eq!(status.release.unwrap().phase, "staged");
    std::fs::rename(&away, s3.bucket()).unwrap();
    let clock = site.clock.clone();
    site.wait("completed", async || {
        clock.advance(1_000).ok()?;
        let release = site.status(&bundle).await.ok()?.release?;
        (release.phase == "completed").then_some(())
    })
    .await
    .unwrap();
    assert_eq!(site.status(&bundle).await.unwrap().held, Vec::<String>::new());
    assert!(holds_both(&page(&site, &bundle).await, "甲"));
    site.stop().await.unwrap();
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

/// Backed up while it runs; then the bucket is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_what_the_bucket_held() {
    let s3 = S3::start();
    let mut site = begin(&s3).await;
    let bundle = released(&site, "甲").await;
    let backup = site.scratch("backup");
    let folder = backup.to_string_lossy().into_owned();
    run(&site, &["backup", &folder], 0);
    let store = site.home.blobs().unwrap();
    let kept = Blobs::new(backup.join("blobs")).list().await.unwrap();
    assert_eq!(kept, store.list().await.unwrap());
    site.stop().await.unwrap();

    // One is lost, one is damaged, and somebody else's lies there too.
    let [lost, harmed] =
        [&kept[0], &kept[1]].map(|digest| s3.bucket().join(&digest.hex()[..2]).join(digest.hex()));
    std::fs::remove_file(lost).unwrap();
    std::fs::write(harmed, "").unwrap();
    let newer = store.put(b"newer".to_vec()).await.unwrap();
    // A bucket that is damaged is not backed up as if it were whole.
    let said = run(&site, &["backup", &format!("{folder}-2")], 2);
    assert!(said.contains(kept[1].hex()), "{said}");
    run(&site, &["restore", &folder], 0);
    for digest in kept.iter().chain([&newer]) {
        assert!(store.find(digest).await.unwrap().is_some());
    }
    site.start_child("").await.unwrap();
    let client = site.client("issuer").unwrap();
    site.wait("comparison", async || {
        site.clock.advance(100).unwrap();
        let deployment: Deployment = client.get("/deployment").await.ok()?;
        deployment.waits_for.is_empty().then_some(())
    })
    .await
    .unwrap();
    let identity = site.identity("issuer").unwrap().key_path().with_extension("toml");
    run(&site, &["resume", "--deployment", "--as", &identity.to_string_lossy()], 0);
    site.wait("the pair", async || {
        site.clock.advance(100).unwrap();
        holds_both(&page(&site, &bundle).await, "甲").then_some(())
    })
    .await
    .unwrap();
}
