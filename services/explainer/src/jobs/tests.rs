//! One answer per submission, whatever becomes of the child that is asked.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use lockstep_gate::codes;
use lockstep_kit::{
    Db,
    child::Limits,
    dispatch::Handler as _,
    jobs, outbox,
    testing::{self, for_each_engine, name, sample},
};
use lockstep_proto::envelope::Envelope;
use serde_json::json;
use sqlx::Row as _;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::events::Explaining;

/// How long a condition may take before the test fails.
const DEADLINE: Duration = Duration::from_mins(1);
const BUNDLE: &str = "0197-bundle";

/// Leaves a line in `count`, does this, and answers with a fragment and with something left out.
fn program(folder: &TempDir, first: &str) -> PathBuf {
    let here = folder.path().display();
    let members = json!([["rendered/policy.html", "policy_fragment", "text/html"]]);
    let words = json!({ "Rendered": [members, [codes::NO_PICTURE.finding()]] });
    let line = json!({ "words": words, "sizes": [["rendered/policy.html", 3]] });
    let text = format!(
        "#!/bin/sh\nPATH=/bin:/usr/bin\nhere={here}\necho >>{here}/count\n{first}\ncat >/dev/null\n\
         printf '%s\\nabc' '{line}'\n"
    );
    let path = folder.path().join("program");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn count(folder: &TempDir) -> usize {
    fs::read_to_string(folder.path().join("count")).unwrap_or_default().lines().count()
}

fn worker(deps: &Deps, program: PathBuf, limits: Limits) -> Render {
    let child = Child::new(program, limits);
    Render { deps: deps.clone(), child, theme: Theme::plain(), version: OnceCell::new() }
}

/// Works until what is returned is dropped, or is told to stop.
fn run(worker: Render) -> (JoinSet<()>, CancellationToken) {
    let (mut tasks, stop) = (JoinSet::new(), CancellationToken::new());
    tasks.spawn(jobs::run(worker.deps.clone(), vec![Arc::new(worker)], stop.clone()));
    (tasks, stop)
}

async fn with_tables(deps: Deps) -> Deps {
    crate::migrate(&deps.db).await.unwrap();
    deps
}

async fn on_sqlite(folder: &Path) -> Deps {
    let db = Db::open_sqlite(&folder.join("test.db")).await.unwrap();
    with_tables(testing::deps("explainer", db, folder)).await
}

/// Hears of this submission.
async fn submit(deps: &Deps, submission: &str) {
    let mut envelope = sample("bundle.submitted.v1");
    let Fact::BundleSubmitted(data) = &mut envelope.fact else { panic!("another") };
    data.draft.submission = name(submission);
    for member in &data.draft.members {
        // What the sample's digests are of.
        deps.blobs.put(member.path.clone().into_bytes()).await.unwrap();
    }
    let mut tx = deps.db.begin_write().await.unwrap();
    Explaining(deps.clone()).handle(&mut tx, &envelope).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

async fn wait(mut look: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !look().await {
        assert!(begun.elapsed() < DEADLINE, "it did not happen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What the explainer said.
async fn said(deps: &Deps) -> Vec<Fact> {
    let mut tx = deps.db.begin_read().await.unwrap();
    let facts = outbox::list_of_key(&mut tx, BUNDLE, 9).await.unwrap();
    let read = |stored: outbox::Stored| serde_json::from_str::<Envelope>(&stored.envelope).unwrap();
    facts.into_iter().map(|stored| read(stored).fact).collect()
}

/// The codes that the first submission was refused for.
async fn refused(deps: &Deps) -> Vec<String> {
    wait(async || !said(deps).await.is_empty()).await;
    let Fact::ExplainerRefused(refused) = said(deps).await.remove(0) else { panic!("another") };
    refused.findings.into_iter().map(|finding| finding.code).collect()
}

async fn number(deps: &Deps, sql: &'static str) -> i64 {
    let mut tx = deps.db.begin_read().await.unwrap();
    sqlx::query(sql).fetch_one(&mut *tx).await.unwrap().get(0)
}

#[tokio::test]
async fn a_submission_heard_twice_asks_for_one_rendering() {
    for_each_engine("explainer", async |deps| {
        let deps = with_tables(deps).await;
        submit(&deps, "s1").await;
        submit(&deps, "s1").await;
        assert_eq!(number(&deps, "SELECT COUNT(*) FROM job").await, 1);
        submit(&deps, "s2").await;
        assert_eq!(number(&deps, "SELECT COUNT(*) FROM job").await, 2);
        assert!(Explaining(deps.clone()).hears(&sample("bundle.submitted.v1").fact));
        assert!(!Explaining(deps.clone()).hears(&sample("bundle.sealed.v1").fact));
    })
    .await;
}

#[tokio::test]
async fn what_was_left_out_is_told_also_of_what_was_rendered_before() {
    for_each_engine("explainer", async |deps| {
        let deps = with_tables(deps).await;
        let folder = tempfile::tempdir().unwrap();
        let (_tasks, _) = run(worker(&deps, program(&folder, ""), Limits::default()));
        for (number, submission) in [(1, "s1"), (2, "s2")] {
            submit(&deps, submission).await;
            wait(async || said(&deps).await.len() == number).await;
        }
        assert_eq!(count(&folder), 1);
        for (fact, submission) in said(&deps).await.into_iter().zip(["s1", "s2"]) {
            let Fact::ExplainerRendered(rendered) = fact else { panic!("another") };
            assert_eq!(rendered.submission, name(submission));
            assert_eq!(rendered.members.len(), 1);
            assert_eq!(rendered.findings, [codes::NO_PICTURE.finding()]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_submission_that_is_rendered_twice_has_one_answer() {
    for_each_engine("explainer", async |deps| {
        let deps = with_tables(deps).await;
        let folder = tempfile::tempdir().unwrap();
        let first_waits =
            "[ $(wc -l <$here/count) -gt 1 ] || while [ ! -e $here/go ]; do sleep 0.05; done";
        let program = program(&folder, first_waits);
        let (mut tasks, stop) = run(worker(&deps, program, Limits::default()));
        submit(&deps, "s1").await;
        wait(async || count(&folder) == 1).await;
        // Its lease runs out.
        deps.clock.set(deps.clock.now().plus_millis(61_000));
        wait(async || said(&deps).await.len() == 1).await;
        fs::write(folder.path().join("go"), "").unwrap();
        stop.cancel();
        while tasks.join_next().await.is_some() {}
        assert_eq!((count(&folder), said(&deps).await.len()), (2, 1));
    })
    .await;
}

/// It uses no processor time, so that only the clock ends it.
#[tokio::test]
async fn a_child_that_sleeps_is_refused_and_not_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let deps = on_sqlite(folder.path()).await;
    let limits = Limits { cpu_seconds: 1, ..Limits::default() };
    let (_tasks, _) = run(worker(&deps, program(&folder, "exec sleep 3600"), limits));
    submit(&deps, "s1").await;
    assert_eq!(refused(&deps).await, ["TS018"]);
    assert_eq!(count(&folder), 1);
}

#[tokio::test]
async fn a_child_has_time_to_be_refused_before_its_job_is_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    let deps = on_sqlite(folder.path()).await;
    let render = worker(&deps, program(&folder, ""), Limits::default());
    assert!(render.time_limit() > TURN_WAIT + render.child.patience());
    assert_eq!(render.at_once(), Child::cores());
}

#[tokio::test]
async fn a_child_that_answers_more_than_is_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let deps = on_sqlite(folder.path()).await;
    let (_tasks, _) = run(worker(&deps, program(&folder, "exec yes"), Limits::default()));
    submit(&deps, "s1").await;
    assert_eq!(refused(&deps).await, ["TS018"]);
}

#[tokio::test]
async fn waiting_for_others_is_held_against_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let deps = on_sqlite(folder.path()).await;
    let render = worker(&deps, program(&folder, ""), Limits::default());
    let others = render.child.clone();
    let mut turns = vec![];
    for _ in 0..Child::cores() {
        turns.push(others.turn().await);
    }
    let (_tasks, _) = run(render);
    submit(&deps, "s1").await;
    let failed = "SELECT COUNT(*) FROM job WHERE last_error IS NOT NULL AND attempt_count = 0";
    wait(async || number(&deps, failed).await == 1).await;
    assert_eq!((count(&folder), said(&deps).await.len()), (0, 0));
    drop(turns);
    wait(async || {
        deps.clock.set(deps.clock.now().plus_millis(100));
        said(&deps).await.len() == 1
    })
    .await;
}
