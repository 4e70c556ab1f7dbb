//! Jobs and parked facts: what is urgent waits for nothing, a clock that steps back keeps nobody
//! waiting, and giving up says on what.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lockstep_gate::{channel::Placed, wording::Lexicons};
use lockstep_kit::{
    Db, Deps, Settings, Tx,
    blobs::Blobs,
    channel::{Adapter, Channel, Staged},
    clock::Clock,
    dispatch::{self, HandleError, Handler, Transport},
    ids::Ids,
    jobs::{self, Job, JobError, NewJob, Worker},
    metrics::Metrics,
    outbox::{self, Context},
};
use lockstep_proto::{
    digest::Digest,
    envelope::Envelope,
    facts::{Fact, channel::Joined, handling::Stuck, release},
    ids::{BundleId, Incarnation},
    release::{Generation, Hide, HideSchema, Permission, Permit},
    signed::{PrivateKey, Signed},
    time::Timestamp,
};
use sqlx::Row as _;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long a condition may take before the test fails.
const DEADLINE: Duration = Duration::from_secs(20);
const DAY_MS: i64 = 86_400_000;

fn key() -> PrivateKey {
    PrivateKey::from_seed([7; 32])
}

fn noon() -> Timestamp {
    "2026-12-01T12:00:00Z".parse().unwrap()
}

async fn deps(folder: &TempDir) -> Deps {
    let public = key().public();
    let settings = Settings {
        lexicons: Arc::new(Lexicons::new(vec![]).unwrap()),
        profile: "shanghai".to_owned(),
        deployment: "test".parse().unwrap(),
        root: public.clone(),
        console: public.clone(),
        release: vec![public],
        channels: vec![],
        epoch: 1,
        site_name: "测试".to_owned(),
    };
    Deps {
        service: "portal".parse().unwrap(),
        db: Db::open_sqlite(&folder.path().join("test.db")).await.unwrap(),
        clock: Clock::set_to(noon()),
        ids: Ids,
        blobs: Blobs::new(folder.path().join("blobs")),
        transport: Transport::Local,
        metrics: Metrics::new().unwrap(),
        settings: Arc::new(settings),
        boot_id: "boot".to_owned(),
    }
}

async fn wait(mut look: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !look().await {
        assert!(started.elapsed() < DEADLINE, "it did not happen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A number that a query gives.
async fn number(deps: &Deps, sql: &'static str) -> i64 {
    let mut tx = deps.db.begin_read().await.unwrap();
    sqlx::query(sql).fetch_one(&mut *tx).await.unwrap().get(0)
}

/// Does jobs at once, but for those whose payload says otherwise.
struct Stub {
    deps: Deps,
    at_once: usize,
    begun: Mutex<Vec<String>>,
    done: Mutex<Vec<String>>,
}

impl Stub {
    fn new(deps: &Deps) -> Arc<Self> {
        Self::of_lanes(deps, jobs::AT_ONCE)
    }

    fn of_lanes(deps: &Deps, at_once: usize) -> Arc<Self> {
        let (begun, done) = (Mutex::default(), Mutex::default());
        Arc::new(Self { deps: deps.clone(), at_once, begun, done })
    }

    /// Runs until what is returned is dropped.
    fn run(self: &Arc<Self>) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        tasks.spawn(jobs::run(self.deps.clone(), vec![self.clone()], CancellationToken::new()));
        tasks
    }
}

fn has(list: &Mutex<Vec<String>>, id: &str) -> bool {
    list.lock().unwrap().iter().any(|one| one == id)
}

#[async_trait]
impl Worker for Stub {
    fn kind(&self) -> &'static str {
        "stub"
    }

    fn at_once(&self) -> usize {
        self.at_once
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        self.begun.lock().unwrap().push(job.id.clone());
        match job.payload.as_str() {
            "hang" => std::future::pending().await,
            "panic" => panic!("on purpose"),
            "fail" => Err(JobError::Failed("not yet".to_owned())),
            _ => {
                let mut tx = self.deps.db.begin_write().await?;
                self.deps.finish(&mut tx, job).await?;
                self.deps.db.commit(tx).await?;
                self.done.lock().unwrap().push(job.id.clone());
                Ok(())
            }
        }
    }
}

async fn ask(deps: &Deps, id: &str, payload: &str, is_urgent: bool) {
    let trace = deps.ids.fresh();
    let mut tx = deps.db.begin_write().await.unwrap();
    let job = NewJob {
        id: id.to_owned(),
        kind: "stub",
        key: "b",
        payload: payload.to_owned(),
        trace: &trace,
    };
    deps.ask(&mut tx, job).await.unwrap();
    deps.set_urgent(&mut tx, id, is_urgent).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

#[tokio::test]
async fn a_job_that_hangs_keeps_no_other_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let deps = deps(&folder).await;
    let stub = Stub::new(&deps);
    ask(&deps, "1", "hang", false).await;
    ask(&deps, "2", "", false).await;
    ask(&deps, "3", "", false).await;
    let _tasks = stub.run();
    wait(async || has(&stub.done, "2") && has(&stub.done, "3")).await;
}

#[tokio::test]
async fn an_urgent_job_is_done_though_all_others_hang() {
    let folder = tempfile::tempdir().unwrap();
    let deps = deps(&folder).await;
    let stub = Stub::new(&deps);
    for id in ["1", "2", "3"] {
        ask(&deps, id, "hang", false).await;
    }
    let _tasks = stub.run();
    wait(async || stub.begun.lock().unwrap().len() == 2).await;
    ask(&deps, "hide", "", true).await;
    wait(async || has(&stub.done, "hide")).await;
    assert!(!has(&stub.begun, "3"), "the urgent lane took what is not urgent");
}

#[tokio::test]
async fn a_worker_says_how_many_of_its_jobs_are_done_at_once() {
    for (at_once, begun) in [(1, 2), (4, 4)] {
        let folder = tempfile::tempdir().unwrap();
        let deps = deps(&folder).await;
        let stub = Stub::of_lanes(&deps, at_once);
        for id in ["1", "2", "3", "4", "5", "6"] {
            ask(&deps, id, "hang", false).await;
        }
        let _tasks = stub.run();
        wait(async || stub.begun.lock().unwrap().len() == begun).await;
        ask(&deps, "hide", "", true).await;
        wait(async || has(&stub.done, "hide")).await;
        assert_eq!(stub.begun.lock().unwrap().len(), begun + 1);
    }
}

#[tokio::test]
async fn a_job_that_panics_uses_no_slot_up() {
    let folder = tempfile::tempdir().unwrap();
    let deps = deps(&folder).await;
    let stub = Stub::new(&deps);
    for id in ["1", "2", "3"] {
        ask(&deps, id, "panic", false).await;
    }
    ask(&deps, "4", "", false).await;
    let _tasks = stub.run();
    wait(async || has(&stub.done, "4")).await;
}

#[tokio::test]
async fn a_clock_that_stepped_back_keeps_no_job_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let deps = deps(&folder).await;
    ask(&deps, "leased", "hang", false).await;
    ask(&deps, "put off", "fail", false).await;
    let before = Stub::new(&deps);
    let tasks = before.run();
    wait(async || {
        let failed = "SELECT COUNT(*) FROM job WHERE last_error IS NOT NULL";
        has(&before.begun, "leased") && number(&deps, failed).await == 1
    })
    .await;
    drop(tasks);

    deps.clock.set(noon().plus_millis(-DAY_MS));
    let mut tx = deps.db.begin_write().await.unwrap();
    sqlx::query("UPDATE job SET payload = ''").execute(&mut *tx).await.unwrap();
    deps.db.commit(tx).await.unwrap();
    let after = Stub::new(&deps);
    let _tasks = after.run();
    wait(async || has(&after.done, "leased") && has(&after.done, "put off")).await;
}

/// Refuses every fact until it is willing.
struct Picky {
    is_willing: Mutex<bool>,
}

#[async_trait]
impl Handler for Picky {
    fn name(&self) -> &'static str {
        "picky"
    }

    fn hears(&self, fact: &Fact) -> bool {
        !matches!(fact, Fact::HandlingStuck(_))
    }

    async fn handle(&self, _: &mut Tx, _: &Envelope) -> Result<(), HandleError> {
        let is_willing = *self.is_willing.lock().unwrap();
        if is_willing { Ok(()) } else { Err(HandleError::Refused("unwilling".to_owned())) }
    }
}

async fn append(deps: &Deps, key: &str, fact: Fact) {
    let trace = deps.ids.fresh();
    let mut tx = deps.db.begin_write().await.unwrap();
    deps.append(&mut tx, Context::of(key, &trace), fact).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

fn joined() -> Fact {
    Fact::ChannelJoined(Joined {
        channel: "portal".parse().unwrap(),
        incarnation: "life".parse().unwrap(),
    })
}

async fn is_parked(deps: &Deps, key: &str) -> bool {
    let mut tx = deps.db.begin_read().await.unwrap();
    dispatch::is_parked(&mut tx, "picky", key).await.unwrap()
}

#[tokio::test]
async fn a_clock_that_stepped_back_keeps_no_fact_parked() {
    let folder = tempfile::tempdir().unwrap();
    let deps = deps(&folder).await;
    let picky = Arc::new(Picky { is_willing: Mutex::new(false) });
    append(&deps, "portal", joined()).await;
    let mut tasks = JoinSet::new();
    tasks.spawn(dispatch::run(deps.clone(), picky.clone(), CancellationToken::new()));
    wait(async || is_parked(&deps, "portal").await).await;
    *picky.is_willing.lock().unwrap() = true;
    deps.clock.set(noon().plus_millis(-DAY_MS));
    wait(async || !is_parked(&deps, "portal").await).await;
}

/// The fact that says that a handler gave up on a key.
async fn find_stuck(deps: &Deps, key: &str) -> Option<Stuck> {
    let mut tx = deps.db.begin_read().await.unwrap();
    let facts = outbox::list_of_key(&mut tx, key, 10).await.unwrap();
    facts.iter().find_map(|stored| {
        let envelope: Envelope = serde_json::from_str(&stored.envelope).unwrap();
        if let Fact::HandlingStuck(stuck) = envelope.fact { Some(stuck) } else { None }
    })
}

#[tokio::test]
async fn giving_up_names_a_bundle_only_for_facts_about_one() {
    let folder = tempfile::tempdir().unwrap();
    let deps = deps(&folder).await;
    append(&deps, "portal", joined()).await;
    append(&deps, "b", hide(1)).await;
    let picky = Arc::new(Picky { is_willing: Mutex::new(false) });
    let mut tasks = JoinSet::new();
    tasks.spawn(dispatch::run(deps.clone(), picky, CancellationToken::new()));
    for (key, bundle) in [("portal", None), ("b", Some("b".parse().unwrap()))] {
        wait(async || {
            deps.clock.set(deps.clock.now().plus_millis(1000));
            find_stuck(&deps, key).await.is_some()
        })
        .await;
        assert_eq!(find_stuck(&deps, key).await.unwrap().bundle, bundle);
    }
}

struct Nowhere;

#[async_trait]
impl Adapter for Nowhere {
    async fn life(&self) -> Result<Incarnation, JobError> {
        Ok("life".parse().unwrap())
    }
    async fn stage(&self, _: &Staged<'_>) -> Result<(), JobError> {
        Ok(())
    }
    async fn show(&self, _: &BundleId, _: &Placed) -> Result<(), JobError> {
        Ok(())
    }
    async fn hide(&self, _: &Hide) -> Result<(), JobError> {
        Ok(())
    }
}

fn hide(n: u32) -> Fact {
    let hide = Hide {
        schema: HideSchema,
        deployment: "test".parse().unwrap(),
        bundle: "b".parse().unwrap(),
        manifest: Digest::of(b"manifest"),
        generation: Generation { epoch: 1, n },
        channels: [("portal".parse().unwrap(), "life".parse().unwrap())].into(),
        reason: String::new(),
        at: noon(),
    };
    Fact::ReleaseWithdrawing(release::Withdrawing { hide: Signed::new(hide, &key()).unwrap() })
}

fn show(n: u32) -> Fact {
    let permission = Permission {
        deployment: "test".parse().unwrap(),
        bundle: "b".parse().unwrap(),
        manifest: Digest::of(b"manifest"),
        edition: Digest::of(b"edition"),
        order: Digest::of(b"order"),
        generation: Generation { epoch: 1, n },
        channels: [("portal".parse().unwrap(), "life".parse().unwrap())].into(),
        first_permitted_at: noon(),
        issued_at: noon(),
    };
    let permit = Signed::new(Permit::new(permission), &key()).unwrap();
    Fact::ReleasePermitted(release::Permitted { permit })
}

#[tokio::test]
async fn only_going_dark_is_urgent() {
    let folder = tempfile::tempdir().unwrap();
    let deps = deps(&folder).await;
    let name = "portal".parse().unwrap();
    let channel = Channel::new(deps.clone(), name, "portal", Arc::new(Nowhere));
    channel.join().await.unwrap();
    let of_show = "SELECT urgent FROM job WHERE job_id = 'show:portal:b'";
    let of_hide = "SELECT urgent FROM job WHERE job_id = 'hide:portal:b'";
    for (fact, asked, urgent) in
        [(show(1), of_show, 0), (hide(2), of_hide, 1), (show(3), of_show, 0)]
    {
        append(&deps, "b", fact).await;
        let mut tx = deps.db.begin_read().await.unwrap();
        let stored = outbox::list_of_key(&mut tx, "b", 10).await.unwrap().pop().unwrap();
        drop(tx);
        dispatch::process_once(&deps, &channel, &stored).await.unwrap();
        assert_eq!(number(&deps, asked).await, urgent);
    }
}
