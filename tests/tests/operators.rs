//! What operators rely on: `lockstep doctor` on real servers, well and broken one after another, and
//! alerts that ask for what is really measured.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use lockstep::services;
use lockstep_kit::{
    dispatch::Transport,
    health::{Readiness, Reason},
    testing::Nats,
};
use lockstep_tests::{
    bundles,
    site::{Site, under_test},
};
use serde_json::Value;

/// What `lockstep doctor` says: its exit status, and what it looked at, by state.
#[derive(Debug)]
struct Said {
    status: i32,
    lines: Vec<(String, String, String)>,
}

impl Said {
    fn of(&self, state: &str) -> BTreeSet<&str> {
        let lines = self.lines.iter().filter(|(found, ..)| found == state);
        // How full the disk of this machine is, is not ours to say.
        lines.map(|(_, what, _)| what.as_str()).filter(|what| *what != "disk").collect()
    }

    /// Nothing else is wrong, and it is said so.
    fn is_wrong(&self, expected: &[&str]) {
        assert_eq!(self.of("wrong"), expected.iter().copied().collect(), "{self:#?}");
        assert_eq!(self.status, 1, "{self:#?}");
    }
}

async fn doctor(site: &Site, flags: &[&str], clock: Option<PathBuf>) -> Said {
    let mut command = Command::new(under_test().unwrap());
    command.args(["doctor", "--json", "--home"]).arg(&site.home.path).args(flags);
    if let Some(path) = clock {
        command.env("LOCKSTEP_CLOCK_FILE", path);
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(!err.contains("closed"), "what doctor itself did is no finding: {err}");
    let lines: Vec<Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| unreachable!("{}", String::from_utf8_lossy(&output.stderr)));
    let text = |line: &Value, key: &str| line.get(key).unwrap().as_str().unwrap().to_owned();
    let lines =
        lines.iter().map(|line| (text(line, "state"), text(line, "what"), text(line, "detail")));
    Said { status: output.status.code().unwrap(), lines: lines.collect() }
}

/// A file's text for a while; another one meanwhile.
async fn with_text(path: &Path, text: &str, work: impl AsyncFnOnce()) {
    let before = fs::read(path).unwrap();
    fs::write(path, text).unwrap();
    work().await;
    fs::write(path, before).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_apart_is_looked_at_whole_and_each_broken_part_named() {
    let mut site = Site::apart().await.unwrap();
    // Nothing is tried where readers see it.
    let served = || fs::metadata(site.served()).unwrap().modified().unwrap();
    let before = served();
    let said = doctor(&site, &[], None).await;
    assert_eq!(served(), before);
    assert_eq!(
        (said.status, said.of("mind"), said.of("wrong")),
        (0, [].into(), [].into()),
        "{said:#?}"
    );
    let each = |kind: &str| services::ALL.map(|service| format!("{kind} {service}"));
    let mut expected: BTreeSet<String> = each("postgres").into_iter().chain(each("nats")).collect();
    let others = "settings secrets blobs folder safe shown public theme clock stream";
    expected.extend(others.split(' ').map(str::to_owned));
    expected.extend(["postgres durability", "postgres connections"].map(str::to_owned));
    expected.extend(services::OWNERS.map(|owner| format!("upstreams {owner}")));
    let cluster = site.home.settings.cluster.clone().unwrap();
    let monitors: Vec<String> =
        cluster.nats.monitors.iter().map(|monitor| format!("nats sync {monitor}")).collect();
    assert_eq!(monitors.len(), 3);
    expected.extend(monitors.clone());
    assert_eq!(said.of("well"), expected.iter().map(String::as_str).collect(), "{said:#?}");

    alerts_ask_for_what_is_measured(&site).await;

    // The clock of the tests is days away from the database's.
    let clock = site.home.path.ancestors().nth(2).unwrap().join("clock");
    doctor(&site, &[], Some(clock)).await.is_wrong(&["clock"]);

    let password = site.home.join("keys/postgres/release");
    with_text(&password, "wrong", async || {
        doctor(&site, &[], None).await.is_wrong(&["postgres release"]);
    })
    .await;
    // Another service's user has other rights.
    let foreign = fs::read_to_string(site.home.join("keys/nats/portal.nk")).unwrap();
    with_text(&site.home.join("keys/nats/release.nk"), &foreign, async || {
        doctor(&site, &[], None).await.is_wrong(&["nats release"]);
    })
    .await;
    let root = fs::read_to_string(site.home.join("keys/root.key")).unwrap();
    with_text(&site.home.join("keys/console.key"), &root, async || {
        doctor(&site, &[], None).await.is_wrong(&["key console"]);
    })
    .await;
    let mode = |mode| fs::set_permissions(&password, PermissionsExt::from_mode(mode)).unwrap();
    mode(0o644);
    doctor(&site, &[], None).await.is_wrong(&["secrets"]);
    mode(0o600);

    let lax = Nats::start();
    let monitors_flag = format!("cluster.nats.monitors=['{}']", lax.monitor());
    let sync = format!("nats sync {}", lax.monitor());
    for (flag, wrong) in [
        ("cluster.nats.replicas=1", "stream"),
        ("cluster.nats.bytes_max=1000000", "stream"),
        ("cluster.upstreams.release=[]", "upstreams release"),
        ("cluster.upstreams.portal=[]", "upstreams"),
        ("safe.folder=nowhere", "safe"),
        ("folder.staging=/dev/shm/staging", "folder"),
        // As where a disk is not mounted.
        ("folder.staging=nowhere", "folder"),
        ("folder.root=nowhere", "folder"),
        ("blobs.folder=nowhere", "blobs"),
        ("cluster.public_address=http://127.0.0.1:1", "public"),
        (&monitors_flag, &sync),
    ] {
        doctor(&site, &["--setting", flag], None).await.is_wrong(&[wrong]);
    }
    let said = doctor(&site, &["--setting", "cluster.nats.monitors=[]"], None).await;
    assert_eq!((said.status, said.of("mind")), (0, ["nats sync"].into()));

    let parts = site.cluster().unwrap();
    parts.kill(&["drafting-1"]).await.unwrap();
    let said = doctor(&site, &[], None).await;
    assert_eq!((said.status, said.of("mind")), (0, ["upstreams drafting"].into()), "{said:#?}");
    parts.kill(&["drafting-2"]).await.unwrap();
    doctor(&site, &[], None).await.is_wrong(&["upstreams drafting"]);
    parts.start_again(&["drafting-1", "drafting-2"]).await.unwrap();
    site.wait("drafting", async || {
        let said = doctor(&site, &[], None).await;
        (said.status == 0 && said.of("mind").is_empty()).then_some(())
    })
    .await
    .unwrap();

    parts.kill(&["nats-1", "nats-2", "nats-3"]).await.unwrap();
    let nats = each("nats").into_iter().chain(monitors).chain(["stream".to_owned()]);
    let nats: Vec<String> = nats.collect();
    let nats: Vec<&str> = nats.iter().map(String::as_str).collect();
    doctor(&site, &[], None).await.is_wrong(&nats);
    site.wait("unreadiness", async || {
        let answers = parts.ask_all("/readyz").await.ok()?;
        let is_said = |text: &String| {
            let readiness: Readiness = serde_json::from_str(text).unwrap();
            readiness.reasons.iter().any(|reason| reason.what == "stream")
        };
        answers.iter().all(is_said).then_some(())
    })
    .await
    .unwrap();
    parts.kill(&["postgres"]).await.unwrap();
    let wrong: Vec<String> = each("postgres").into_iter().chain(["public".to_owned()]).collect();
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).chain(nats).collect();
    doctor(&site, &[], None).await.is_wrong(&wrong);
    site.stop().await.unwrap();
}

/// Every metric that an alert names is one that some process prints.
async fn alerts_ask_for_what_is_measured(site: &Site) {
    let parts = site.cluster().unwrap();
    // A job that nobody does fails again and again.
    let db =
        lockstep_kit::Db::open_postgres(&parts.postgres().await.unwrap(), "release").await.unwrap();
    lockstep_kit::testing::insert_sick_job(&db, "release").await;
    db.close().await;
    let rules = include_str!("../../deploy/alerts.yml");
    let expressions = rules.lines().filter_map(|line| line.trim().strip_prefix("expr: "));
    let mut named = BTreeSet::new();
    for expression in expressions {
        let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        named.extend(words.filter(|word| word.starts_with("lockstep_")));
    }
    assert!(named.len() > 10, "{named:?}");
    let mut missing = BTreeSet::new();
    let all = site.wait("all metrics", async || {
        let text = parts.ask_all("/metrics").await.ok()?.concat();
        let printed: BTreeSet<&str> =
            text.lines().filter_map(|line| line.split(['{', ' ']).next()).collect();
        missing = named.iter().filter(|name| !printed.contains(**name)).copied().collect();
        missing.is_empty().then_some(())
    });
    all.await.unwrap_or_else(|_| unreachable!("nobody prints {missing:?}"));
}

#[test]
fn prometheus_reads_the_alerts_and_each_fires_when_it_should() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let found = Command::new(here.join("scripts/promtool")).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let promtool = String::from_utf8(found.stdout).unwrap();
    for (verb, file) in [("check", "alerts.yml"), ("test", "alerts_test.yml")] {
        let mut command = Command::new(promtool.trim());
        let said = command.args([verb, "rules"]).arg(here.join("deploy").join(file)).output();
        let said = said.unwrap();
        let text = [said.stdout, said.stderr].concat();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&text));
    }
    let tests = include_str!("../../deploy/alerts_test.yml");
    let rules = include_str!("../../deploy/alerts.yml").lines();
    for alert in rules.filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(tests.contains(&format!("alertname=\"{alert}\"")), "{alert} is not tested");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embedded_deployment_is_looked_at_too() {
    // Before anything was started, nothing is wrong.
    let fresh = doctor(&Site::new().unwrap(), &[], None).await;
    assert_eq!((fresh.status, fresh.of("wrong")), (0, [].into()), "{fresh:#?}");
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let said = doctor(&site, &[], None).await;
    let well = "settings secrets database blobs folder safe shown public theme";
    // The safe of a test is where the database is.
    assert_eq!((said.status, said.of("mind")), (0, ["safe"].into()), "{said:#?}");
    assert_eq!(said.of("well"), well.split(' ').collect());
    // For people, a line each.
    let mut command = Command::new(under_test().unwrap());
    let output = command.args(["doctor", "--home"]).arg(&site.home.path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line_of = |start: &str| text.lines().any(|line| line.starts_with(start));
    assert!(line_of("✓ database：") && line_of("! safe："), "{text}");
    // Without settings there is nothing to look at.
    let mut command = Command::new(under_test().unwrap());
    let output = command.args(["doctor", "--home", "nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    site.stop().await.unwrap();
    let said = doctor(&site, &[], None).await;
    assert_eq!((said.status, said.of("mind")), (0, ["safe", "public"].into()), "{said:#?}");
    let database = site.home.join("data/lockstep.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes.iter_mut().skip(4096).step_by(7).for_each(|byte| *byte ^= 0x55);
    fs::write(&database, bytes).unwrap();
    doctor(&site, &[], None).await.is_wrong(&["database"]);
}

/// The file of the store that holds a rendered text with this mark.
fn blob_of(site: &Site, mark: &str) -> PathBuf {
    let shelves = fs::read_dir(site.home.join("data/blobs")).unwrap();
    let files = shelves.flat_map(|shelf| fs::read_dir(shelf.unwrap().path()).unwrap());
    let mut files = files.map(|file| file.unwrap().path());
    let holds = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.contains(mark) && text.contains("<p")
    };
    files.find(holds).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shown_member_that_is_lost_or_damaged_is_named_by_doctor_and_readiness() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let (bundle, other) =
        (bundles::submit(&site, "甲").await.unwrap(), bundles::submit(&site, "乙").await.unwrap());
    for bundle in [&bundle, &other] {
        site.sign_all(bundle, 1).await.unwrap();
        site.wait_phase(bundle, "staged", 1).await.unwrap();
    }
    site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
    for bundle in [&bundle, &other] {
        site.wait_phase(bundle, "completed", 1).await.unwrap();
    }
    let blob = blob_of(&site, &bundles::interpretation_mark("甲", 1));
    let whole = fs::read(&blob).unwrap();
    for (harm, word) in [(None, "缺失"), (Some("damaged"), "已损坏")] {
        site.stop().await.unwrap();
        match harm {
            None => fs::remove_file(&blob).unwrap(),
            Some(text) => fs::write(&blob, text).unwrap(),
        }
        site.start_here(Transport::Local).await.unwrap();
        let said = doctor(&site, &[], None).await;
        said.is_wrong(&["shown"]);
        let names = |detail: &str| {
            detail.contains(bundle.as_str())
                && detail.contains(word)
                && detail.contains("rendered/interpretation.html")
                && !detail.contains(other.as_str())
        };
        let wrong: Vec<_> = said.lines.iter().filter(|(_, what, _)| what == "shown").collect();
        assert!(matches!(wrong[..], [(_, _, detail)] if names(detail)), "{said:#?}");
        // The process serves everything else: it stays ready, and says what it cannot show.
        wait_minds(&site, |minds| matches!(minds, [one] if names(&one.detail))).await;
        let page = reqwest::get(format!("{}/p/{bundle}", site.public())).await.unwrap();
        assert_eq!(page.status().as_u16(), 503);
        let page = reqwest::get(format!("{}/p/{other}", site.public())).await.unwrap();
        assert_eq!(page.status().as_u16(), 200);
        fs::write(&blob, &whole).unwrap();
        wait_minds(&site, <[_]>::is_empty).await;
        assert_eq!(doctor(&site, &[], None).await.of("wrong"), [].into());
    }
    site.stop().await.unwrap();
}

async fn wait_minds(site: &Site, fits: impl Fn(&[Reason]) -> bool) {
    let looked = site.wait("what readiness minds", async || {
        let answer = reqwest::get(format!("{}/readyz", site.staff())).await.ok()?;
        let readiness: Readiness = answer.json().await.ok()?;
        (readiness.ready && fits(&readiness.minds)).then_some(())
    });
    looked.await.unwrap();
}
