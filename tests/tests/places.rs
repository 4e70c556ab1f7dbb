//! Where a deployment's files lie: who may read them, what is not ours to move, and what is said where
//! one of the places is gone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use lockstep_kit::health::Readiness;
use lockstep_proto::time::Timestamp;
use lockstep_tests::{
    bundles,
    site::{Site, under_test},
};
use rustix::{fs::Mode, process::umask};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Everything below a folder; where links lead is not followed.
fn list(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        found.push(entry.path());
        if entry.file_type().unwrap().is_dir() {
            list(&entry.path(), found);
        }
    }
}

/// Shows one bundle and withdraws another.
async fn work(site: &mut Site) {
    let at: Timestamp = "2026-12-02T00:00:01Z".parse().unwrap();
    let (stays, goes) =
        (bundles::submit(site, "甲").await.unwrap(), bundles::submit(site, "乙").await.unwrap());
    for bundle in [&stays, &goes] {
        site.sign_all(bundle, 1).await.unwrap();
        site.wait_phase(bundle, "staged", 1).await.unwrap();
    }
    site.clock.set(at).unwrap();
    for bundle in [&stays, &goes] {
        site.wait_phase(bundle, "completed", 1).await.unwrap();
    }
    site.withdraw(&goes).await.unwrap();
    site.wait_phase(&goes, "dark", 2).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_served_folder_is_open_to_a_web_server_and_nothing_else_to_anybody() {
    for mask in [0o077, 0o022] {
        umask(Mode::from_raw_mode(mask));
        let mut site = Site::with_child("").await.unwrap();
        work(&mut site).await;
        let home = &site.home;
        for folder in ["data", "data/blobs", "keys", "safe", "site-staging"] {
            assert_eq!(mode(&home.join(folder)), 0o700, "{folder} under {mask:o}");
        }
        for file in ["lockstep.db", "lockstep.db-wal", "lockstep.db-shm"] {
            assert_eq!(mode(&home.join("data").join(file)), 0o600, "{file} under {mask:o}");
        }
        let mut served = vec![site.served()];
        list(&site.served(), &mut served);
        assert!(served.iter().any(|path| path.ends_with("withdrawn/index.html")));
        assert!(served.iter().any(|path| path.ends_with("edition.json")));
        for path in &served {
            let open = if path.is_dir() { 0o755 } else { 0o644 };
            assert_eq!(mode(path), open, "{} under {mask:o}", path.display());
        }
        site.stop().await.unwrap();
    }
}

/// Starts it, which is refused; what it said.
async fn refused_start(site: &Site) -> String {
    let mut serve = Command::new(under_test().unwrap());
    serve.args(["serve", "all", "--staff", "127.0.0.1:0", "--public", "127.0.0.1:0", "--home"]);
    let mut child = serve.arg(&site.home.path).stderr(Stdio::piped()).spawn().unwrap();
    let ended = site.wait("its end", async || child.try_wait().ok().flatten()).await;
    child.kill().ok();
    let said = child.wait_with_output().unwrap().stderr;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert_eq!(ended.unwrap().code(), Some(2), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_still_shows_a_pair_is_not_left_for_another() {
    let mut site = Site::with_child("").await.unwrap();
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    site.stop().await.unwrap();
    let (old, new) = (site.served(), site.home.join("site2"));
    let settings = site.home.join("lockstep.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let changed = text.replace("root = \"site\"", "root = \"site2\"");
    assert_ne!(text, changed);
    fs::write(&settings, changed).unwrap();
    let said = refused_start(&site).await;
    for path in [&old, &new] {
        assert!(said.contains(&path.display().to_string()), "{said}");
    }
    let page = |root: &Path| root.join("b").join(bundle.as_str()).join("current/index.html");
    let mark = bundles::interpretation_mark("甲", 1);
    assert!(fs::read_to_string(page(&old)).unwrap().contains(&mark) && !new.exists());
    // As it says: moved as a whole, it goes on, and dark when told.
    fs::rename(&old, &new).unwrap();
    site.start_child("").await.unwrap();
    assert!(fs::read_to_string(page(&new)).unwrap().contains(&mark));
    site.withdraw(&bundle).await.unwrap();
    site.wait_phase(&bundle, "dark", 2).await.unwrap();
    assert!(!fs::read_to_string(page(&new)).unwrap().contains(&mark) && !old.exists());
    site.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_with_foreign_files_is_refused_and_left_as_it_is() {
    let site = Site::new().unwrap();
    let foreign = site.served().join("index.html");
    fs::create_dir(site.served()).unwrap();
    fs::write(&foreign, "welcome").unwrap();
    let said = refused_start(&site).await;
    assert!(said.contains("folder.root") && said.contains("name an empty folder"), "{said}");
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "welcome");
    assert!(!site.home.join("site-staging/lost").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_safe_that_is_gone_is_named_by_readiness() {
    let mut site = Site::with_child("").await.unwrap();
    let address = format!("{}/readyz", site.staff());
    let wait = async |is_there: bool| {
        site.wait("the safe to be looked at", async || {
            let answer = reqwest::get(&address).await.ok()?;
            let status = answer.status().as_u16();
            let readiness: Readiness = answer.json().await.ok()?;
            let said: Vec<_> =
                readiness.reasons.iter().map(|r| (r.service.as_str(), r.what.as_str())).collect();
            let (expected, code): (&[_], _) =
                if is_there { (&[], 200) } else { (&[("release", "safe")], 503) };
            (said == expected && status == code).then_some(())
        })
        .await
        .unwrap();
    };
    wait(true).await;
    let (safe, away) = (site.home.join("safe"), site.home.join("away"));
    fs::rename(&safe, &away).unwrap();
    wait(false).await;
    fs::rename(&away, &safe).unwrap();
    wait(true).await;
    // Into a file, without what only a terminal shows.
    assert!(site.log().contains("not ready") && !site.log().contains('\u{1b}'), "{}", site.log());
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_waits_for_the_safe_says_so_and_asks_seldom() {
    let mut site = Site::with_child("").await.unwrap();
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    assert_eq!(site.status(&bundle).await.unwrap().held, Vec::<String>::new());
    let (safe, away) = (site.home.join("safe"), site.home.join("away"));
    fs::rename(&safe, &away).unwrap();
    site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
    let tries = || site.log().matches("job ask_gate:").count();
    let held = site.wait("what it waits for", async || {
        let held = site.status(&bundle).await.ok()?.held;
        (!held.is_empty()).then_some(held)
    });
    let held = held.await.unwrap();
    assert!(
        matches!(&held[..], [one] if one.starts_with("gate: ") && one.contains("safe")),
        "{held:?}"
    );
    // Not before three seconds have passed by its clock.
    let first = tries();
    site.clock.advance(2_000).unwrap();
    site.wait("the safe to be looked at twice", async || {
        (site.log().matches("not ready").count() >= 2).then_some(())
    })
    .await
    .unwrap();
    assert_eq!((first, tries()), (1, 1));
    site.clock.advance(1_100).unwrap();
    site.wait("another try", async || (tries() > first).then_some(())).await.unwrap();
    fs::rename(&away, &safe).unwrap();
    site.clock.advance(3_100).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    assert_eq!(site.status(&bundle).await.unwrap().held, Vec::<String>::new());
    site.stop().await.unwrap();
}
