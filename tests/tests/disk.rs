//! Disks that lose files, damage them or take no more: half a pair is served by nobody, and what is
//! withdrawn goes dark.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use lockstep::{client::Failure, home::BlobSettings};
use lockstep_kit::{dispatch::Transport, testing::SmallDisk};
use lockstep_proto::{
    digest::Digest, http::Release, ids::BundleId, manifest::Member, time::Timestamp,
};
use lockstep_tests::{
    bundles::{self, Sample, interpretation_mark, policy_mark},
    site::Site,
};
use reqwest::Method;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A bundle that waits for its window.
async fn staged(site: &Site, name: &str) -> BundleId {
    let folder = site.scratch(name);
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name, version: 1, has_slots: false, window }).unwrap();
    let bundle = site.submit(&folder, None).await.unwrap().bundle;
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    bundle
}

async fn released(site: &Site, name: &str) -> (BundleId, Digest) {
    let bundle = staged(site, name).await;
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let release = site.wait_phase(&bundle, "completed", 1).await.unwrap();
    (bundle, release.edition.unwrap())
}

fn staging(site: &Site) -> PathBuf {
    site.home.join(&site.home.settings.folder.staging)
}

fn in_folder(site: &Site, bundle: &BundleId) -> PathBuf {
    site.served().join("b").join(bundle.as_str())
}

/// What a reader of the folder's current address gets.
fn page(site: &Site, bundle: &BundleId) -> String {
    fs::read_to_string(in_folder(site, bundle).join("current/index.html")).unwrap_or_default()
}

/// Every file below a folder whose text holds this.
fn list_holding(folder: &Path, mark: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(list_holding(&path, mark));
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(mark) {
            found.push(path);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portal_serves_no_half_while_the_other_one_is_lost() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let (bundle, edition) = released(&site, "甲").await;
    let blobs = site.home.join("data/blobs");
    let base = format!("{}/p/{bundle}/{}", site.public(), edition.hex());
    let parts = [
        "",
        "/policy",
        "/interpretation",
        "/raw/policy.md",
        "/raw/interpretation.md",
        "/raw/rendered/policy.html",
        "/raw/rendered/interpretation.html",
    ];
    let marks = [policy_mark("甲", 1), interpretation_mark("甲", 1)];
    for lost in &marks {
        let files: Vec<_> = list_holding(&blobs, lost)
            .into_iter()
            .map(|path| (fs::read(&path).unwrap(), path))
            .collect();
        for (_, path) in &files {
            fs::write(path, "damaged").unwrap();
        }
        for part in parts {
            let response = reqwest::get(format!("{base}{part}")).await.unwrap();
            assert_eq!(response.status().as_u16(), 503, "{part} without {lost}");
            let text = response.text().await.unwrap();
            assert!(!marks.iter().any(|mark| text.contains(mark)), "{part} without {lost}");
        }
        for (bytes, path) in files {
            fs::write(path, bytes).unwrap();
        }
        for part in parts {
            let response = reqwest::get(format!("{base}{part}")).await.unwrap();
            assert_eq!(response.status().as_u16(), 200, "{part}");
        }
    }
    site.stop().await.unwrap();
}

/// What refuses the next signature: code and message of each finding.
async fn refused_signature(site: &Site, bundle: &BundleId) -> Vec<(String, String)> {
    let error = site.sign("reviewer", bundle, None).await.unwrap_err();
    let Ok(Failure::Refused(problem)) = error.downcast::<Failure>() else {
        unreachable!("it is refused by the rule")
    };
    problem.findings.into_iter().map(|finding| (finding.code, finding.message)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_is_not_called_missing_to_who_signs_it() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    let case = site.wait("its case", async || site.case(&bundle).await.ok()).await.unwrap();
    let is_policy = |member: &&Member| member.path == "policy.md";
    let hex = case.manifest.members.iter().find(is_policy).unwrap().digest.hex().to_owned();
    let blob = site.home.join("data/blobs").join(&hex[..2]).join(&hex);
    let whole = fs::read(&blob).unwrap();
    fs::write(&blob, "damaged").unwrap();
    let said = |message: &str| vec![("TS106".to_owned(), format!("{message}：policy.md"))];
    assert_eq!(refused_signature(&site, &bundle).await, said("清单中的成员在存储中已损坏"));
    fs::remove_file(&blob).unwrap();
    assert_eq!(refused_signature(&site, &bundle).await, said("清单中的成员缺失"));
    fs::write(&blob, whole).unwrap();
    site.sign("reviewer", &bundle, None).await.unwrap();
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_goes_dark_whatever_its_disk_does_not_take() {
    type Harm = fn(&Site, &BundleId);
    let harms: [(&str, Harm); 4] = [
        ("the fence is damaged", |site, bundle| {
            fs::write(staging(site).join("fence").join(bundle.as_str()), "").unwrap();
        }),
        ("the fence cannot be written", |site, _| {
            fs::remove_dir_all(staging(site).join("fence")).unwrap();
            fs::write(staging(site).join("fence"), "").unwrap();
        }),
        ("the notice cannot be written", |site, bundle| {
            fs::write(in_folder(site, bundle).join("withdrawn"), "").unwrap();
        }),
        ("the list cannot be written", |site, _| {
            fs::remove_file(site.served().join("index.html")).unwrap();
            fs::create_dir(site.served().join("index.html")).unwrap();
        }),
    ];
    for (what, harm) in harms {
        let mut site = Site::in_process(Transport::Local).await.unwrap();
        let (bundle, _) = released(&site, "乙").await;
        assert!(page(&site, &bundle).contains(&policy_mark("乙", 1)));
        harm(&site, &bundle);
        site.withdraw(&bundle).await.unwrap();
        let dark = site.wait("darkness", async || {
            let is_lit = page(&site, &bundle).contains(&policy_mark("乙", 1));
            let is_pinned = in_folder(&site, &bundle).join("editions").exists();
            (!is_lit && !is_pinned).then_some(())
        });
        dark.await.unwrap_or_else(|error| panic!("{what}: {error}"));
        site.stop().await.unwrap();
    }
}

/// Days lie between staging and the window. What was damaged meanwhile fails the release; held ready
/// again, it is shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_damaged_before_its_window_is_not_shown() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = staged(&site, "丙").await;
    let cut = list_holding(&staging(&site).join("editions"), &policy_mark("丙", 1));
    let cut: Vec<_> = cut.into_iter().filter(|path| path.ends_with("index.html")).collect();
    for path in &cut {
        let text = fs::read_to_string(path).unwrap();
        let end = text.find("<article id=\"interpretation\"").unwrap();
        fs::write(path, &text[..end]).unwrap();
    }
    assert_eq!(cut.len(), 1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let reach = async |phase: &str, n: u32| {
        let is_reached = site.wait(phase, async || {
            assert!(phase == "completed" || page(&site, &bundle).is_empty(), "half is shown");
            site.clock.advance(30_000).ok()?;
            let release = site.status(&bundle).await.ok()?.release?;
            (release.phase == phase && release.generation.n == n).then_some(())
        });
        is_reached.await.unwrap();
    };
    reach("failed", 1).await;
    let release = site.status(&bundle).await.unwrap().release.unwrap();
    let said: Vec<_> = release.findings.iter().map(|finding| &finding.message_en).collect();
    assert!(said.iter().any(|said| said.contains("damaged since it was staged")), "{said:?}");

    let client = site.client("issuer").unwrap();
    let address = format!("/bundles/{bundle}/resume");
    let _: Release = client.command(Method::POST, &address, &()).await.unwrap();
    reach("completed", 2).await;
    assert!(page(&site, &bundle).contains(&interpretation_mark("丙", 1)));
    site.stop().await.unwrap();
}

/// A damaged page goes out, and comes back as it was: the same generation, the same day.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_damaged_while_it_is_shown_is_shown_whole_again() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let (bundle, _) = released(&site, "丁").await;
    let whole = page(&site, &bundle);
    let list = || fs::read_to_string(site.served().join("index.html")).unwrap();
    let listed = list();
    site.clock.set(at("2027-06-01T00:00:00Z")).unwrap();
    let path = in_folder(&site, &bundle).join("current/index.html");
    let end = whole.find("<article id=\"interpretation\"").unwrap();
    fs::write(path, &whole[..end]).unwrap();
    site.wait("the whole page", async || (page(&site, &bundle) == whole).then_some(()))
        .await
        .unwrap();
    site.wait_heard().await.unwrap();
    assert_eq!(list(), listed);
    let release = site.status(&bundle).await.unwrap().release.unwrap();
    assert_eq!((release.phase.as_str(), release.generation.n), ("completed", 1));
    site.stop().await.unwrap();
}

/// Nothing more can be stored for a while; what was stored is served, and nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_the_blobs_holds_things_up_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("disk"), 4 << 10) else {
        println!("nothing was tested: a file system cannot be mounted here");
        return;
    };
    let mut site = Site::new().unwrap();
    site.home.settings.blobs = BlobSettings::Folder(folder.path().join("disk/blobs"));
    site.home.save().unwrap();
    site.start_here(Transport::Local).await.unwrap();
    site.add_people().await.unwrap();
    let bundle = staged(&site, "戊").await;
    let filler = disk.fill();
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    let folder = site.scratch("己");
    bundles::write(&folder, &Sample { name: "己", version: 1, has_slots: false, window }).unwrap();
    let refused = site.submit(&folder, None).await.unwrap_err().to_string();
    assert!(refused.contains("blob store"), "{refused}");
    // What was stored already goes out.
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    fs::remove_file(filler).unwrap();
    let second = site.submit(&folder, None).await.unwrap().bundle;
    site.sign_all(&second, 1).await.unwrap();
    site.wait_phase(&second, "completed", 1).await.unwrap();
    site.stop().await.unwrap();
}
