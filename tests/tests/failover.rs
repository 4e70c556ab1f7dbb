//! PostgreSQL fails over to a copy that lost commits, among them a withdrawal, while some processes sleep;
//! or it is restored from a dump, and the blobs from their copy, as `deploy/restore.md` says. Nobody works
//! on what is there then until an administrator began a new epoch.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{path::Path, process::Command};

use lockstep::services;
use lockstep_proto::{http::Deployment, ids::BundleId, time::Timestamp};
use lockstep_tests::{
    bundles, history,
    site::{Site, under_test},
    watch::Watch,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What the administrator types. What it said, and whether it succeeded.
fn run(site: &Site, arguments: &[&str]) -> (bool, String) {
    let home = site.home.path.to_string_lossy();
    let mut command = Command::new(under_test().unwrap());
    let done = command.args(arguments).args(["--home", &home]).output().unwrap();
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    (done.status.success(), said)
}

fn processes() -> Vec<String> {
    services::ALL.iter().flat_map(|name| [1, 2].map(|n| format!("{name}-{n}"))).collect()
}

async fn wait<T>(site: &Site, what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    site.wait_ticking(what, look).await.unwrap()
}

async fn wait_phase(site: &Site, bundle: &BundleId, phase: &str, epoch: u32) {
    wait(site, phase, async || {
        let release = site.status(bundle).await.ok()?.release?;
        (release.phase == phase && release.generation.epoch == epoch).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_lost_a_withdrawal_does_not_bring_it_back() {
    let mut site = Site::apart().await.unwrap();
    let (gone, stays) =
        (bundles::submit(&site, "甲").await.unwrap(), bundles::submit(&site, "乙").await.unwrap());
    for bundle in [&gone, &stays] {
        site.sign_all(bundle, 1).await.unwrap();
    }
    let watches = [("甲", &gone), ("乙", &stays)].map(|(name, id)| Watch::begin(&site, name, id));
    for watch in &watches {
        watch.open(1);
    }
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    for bundle in [&gone, &stays] {
        wait_phase(&site, bundle, "completed", 1).await;
    }
    let cluster = site.cluster().unwrap();
    cluster.copy_postgres().await.unwrap();
    // What the copy does not have: a withdrawal, and facts that the stream holds.
    site.withdraw(&gone).await.unwrap();
    wait_phase(&site, &gone, "dark", 1).await;
    let forgotten = bundles::submit(&site, "丙").await.unwrap();
    site.sign_all(&forgotten, 1).await.unwrap();
    wait_phase(&site, &forgotten, "completed", 1).await;
    for sleeper in ["release-2", "portal-2", "drafting-2"] {
        cluster.signal(sleeper, "STOP").unwrap();
    }
    cluster.fail_over().await.unwrap();

    // Nobody works on the copy: the portal serves nothing from it.
    let address = format!("{}/p/{stays}", site.public());
    wait(&site, "no page", async || {
        let status = reqwest::get(&address).await.ok()?.status();
        status.is_server_error().then_some(())
    })
    .await;
    let url = cluster.postgres().await.unwrap();
    let awake: Vec<String> =
        processes().into_iter().filter(|part| part != "release-2" && part != "portal-2").collect();
    let awake: Vec<&str> = awake.iter().map(String::as_str).collect();
    cluster.kill(&awake).await.unwrap();
    // One that is started without an administrator's word says what to do.
    let (is_done, said) = run(&site, &["serve", "portal", "--public", "127.0.0.1:0"]);
    assert!(!is_done && said.contains("lockstep restore"), "{said}");
    let (is_done, said) = run(&site, &["restore", "--postgres", &url]);
    assert!(is_done, "{said}");
    cluster.start_again(&awake).await.unwrap();
    // They wake up in another epoch than they fell asleep in.
    for sleeper in ["release-2", "portal-2"] {
        cluster.signal(sleeper, "CONT").unwrap();
    }
    go_on(&site, [&gone, &stays, &forgotten]).await;
    let mut responses = 0;
    for watch in watches {
        let seen = watch.end().await;
        responses += seen.len();
        assert_eq!(history::violations(&seen), Vec::<String>::new());
    }
    println!("{responses} responses, no violation");
    site.stop().await.unwrap();
}

/// In the new epoch: every channel is compared, a person lets it go on; what was withdrawn stays dark,
/// what was shown comes back, what was forgotten is told, and what is new is released.
async fn go_on(site: &Site, [gone, stays, forgotten]: [&BundleId; 3]) {
    let client = site.client("issuer").unwrap();
    let deployment = wait(site, "comparison", async || {
        let deployment: Deployment = client.get("/deployment").await.ok()?;
        (deployment.epoch == 2 && deployment.waits_for.is_empty()).then_some(deployment)
    })
    .await;
    assert!(deployment.is_held);
    assert_eq!(deployment.withdrawn, std::slice::from_ref(gone));
    assert!(deployment.forgotten.contains(forgotten), "{deployment:?}");
    wait_phase(site, gone, "dark", 2).await;
    let identity = site.identity("issuer").unwrap().key_path().with_extension("toml");
    let resumed = run(site, &["resume", "--deployment", "--as", &identity.to_string_lossy()]);
    assert!(resumed.0, "{}", resumed.1);
    wait_phase(site, stays, "completed", 2).await;
    // What follows has places in the order that forgotten facts had.
    let next = bundles::submit(site, "丁").await.unwrap();
    site.sign_all(&next, 1).await.unwrap();
    wait_phase(site, &next, "completed", 2).await;
}

/// What an administrator does with the services while a dump is put back.
#[derive(PartialEq, Eq)]
enum Services {
    /// As `deploy/restore.md` says.
    Stopped,
    /// Forgot to stop them.
    Running,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_that_is_put_back_does_not_bring_a_withdrawal_back() {
    put_dump_back(Services::Stopped).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_that_is_put_back_beneath_running_services_does_not_either() {
    put_dump_back(Services::Running).await;
}

async fn put_dump_back(services: Services) {
    let mut site = Site::apart().await.unwrap();
    let (gone, stays) =
        (bundles::submit(&site, "甲").await.unwrap(), bundles::submit(&site, "乙").await.unwrap());
    for bundle in [&gone, &stays] {
        site.sign_all(bundle, 1).await.unwrap();
    }
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    for bundle in [&gone, &stays] {
        wait_phase(&site, bundle, "completed", 1).await;
    }
    // First the database, then the blobs.
    let cluster = site.cluster().unwrap();
    let (dump, blobs, kept) =
        (site.scratch("dump"), site.home.join("data/blobs"), site.scratch("blobs"));
    std::fs::create_dir_all(dump.parent().unwrap()).unwrap();
    cluster.dump_postgres(&dump).await.unwrap();
    copy(&blobs, &kept);

    site.withdraw(&gone).await.unwrap();
    wait_phase(&site, &gone, "dark", 1).await;
    let forgotten = bundles::submit(&site, "丙").await.unwrap();
    site.sign_all(&forgotten, 1).await.unwrap();
    wait_phase(&site, &forgotten, "completed", 1).await;
    let watch = Watch::begin(&site, "甲", &gone);
    watch.open(0);

    let all = processes();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    if services == Services::Running {
        cluster.load_postgres(&dump).await.unwrap();
        nobody_works_on(&site, &gone, &stays).await;
    }
    cluster.kill(&all).await.unwrap();
    std::fs::remove_dir_all(&blobs).unwrap();
    copy(&kept, &blobs);
    if services == Services::Stopped {
        cluster.load_postgres(&dump).await.unwrap();
    }
    let url = cluster.postgres().await.unwrap();
    let (is_done, said) = run(&site, &["restore", "--postgres", &url]);
    assert!(is_done, "{said}");
    cluster.start_again(&all).await.unwrap();
    go_on(&site, [&gone, &stays, &forgotten]).await;
    let seen = watch.end().await;
    assert!(seen.iter().all(|seen| seen.policies.is_empty()), "the withdrawn policy was seen");
    site.stop().await.unwrap();
}

/// Every process says why it does not work; readers get nothing from the older database.
async fn nobody_works_on(site: &Site, gone: &BundleId, stays: &BundleId) {
    for bundle in [stays, gone] {
        let answer = reqwest::get(format!("{}/p/{bundle}", site.public())).await.unwrap();
        assert_eq!(answer.status(), 503);
    }
    assert_eq!(reqwest::get(site.public()).await.unwrap().status(), 503);
    wait(site, "everybody to notice", async || {
        let answers = site.cluster().ok()?.ask_all("/readyz").await.ok()?;
        let is_said = |answer: &String| answer.contains("lockstep restore");
        (answers.len() == processes().len() && answers.iter().all(is_said)).then_some(())
    })
    .await;
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-r").args([from, to]).status().unwrap();
    assert!(done.success());
}
