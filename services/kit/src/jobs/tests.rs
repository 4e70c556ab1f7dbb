//! Jobs: asked for once, claimed by one at a time, tried again with growing waits.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks at a few of many")]

use lockstep_proto::{envelope::Envelope, facts::Fact};

use super::*;
use crate::{
    outbox,
    testing::{for_each_engine, name},
};

const BUNDLE: &str = "bundle";

async fn write(deps: &Deps, change: impl AsyncFn(&Deps, &mut Tx)) {
    let mut tx = deps.db.begin_write().await.unwrap();
    change(deps, &mut tx).await;
    deps.db.commit(tx).await.unwrap();
}

async fn ask(deps: &Deps, id: &str, payload: &str) {
    write(deps, async |deps, tx| deps.ask(tx, job(id, payload, &name("t"))).await.unwrap()).await;
}

async fn ask_again(deps: &Deps, id: &str, payload: &str) {
    write(deps, async |deps, tx| deps.ask_again(tx, job(id, payload, &name("t"))).await.unwrap())
        .await;
}

fn job<'a>(id: &str, payload: &str, trace: &'a TraceId) -> NewJob<'a> {
    let (id, payload) = (id.to_owned(), payload.to_owned());
    NewJob { id, kind: "kind", key: BUNDLE, payload, trace }
}

async fn hurry(deps: &Deps, id: &str) {
    write(deps, async |deps, tx| deps.hurry(tx, id).await.unwrap()).await;
}

async fn claimed(deps: &Deps) -> Vec<Job> {
    let mut jobs = vec![];
    while let Some((_, job)) = claim(deps, false).await.unwrap() {
        jobs.push(job);
    }
    jobs
}

/// Id and payload of what is claimed now.
async fn claim_now(deps: &Deps) -> Vec<String> {
    claimed(deps).await.iter().map(|job| format!("{} {}", job.id, job.payload)).collect()
}

async fn finish(deps: &Deps, job: &Job) {
    write(deps, async |deps, tx| assert!(deps.finish(tx, job).await.unwrap())).await;
}

fn pass(deps: &Deps, millis: i64) {
    deps.clock.set(deps.clock.now().plus_millis(millis));
}

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn asking_twice_makes_one_job() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        ask(&deps, "x", "2").await;
        ask_again(&deps, "x", "3").await;
        assert_eq!(claim_now(&deps).await, ["x 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_is_done_comes_back_only_if_asked_for_again() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        let job = claimed(&deps).await.remove(0);
        finish(&deps, &job).await;
        ask(&deps, "x", "2").await;
        assert_eq!(claim_now(&deps).await, NOTHING);
        ask_again(&deps, "x", "3").await;
        assert_eq!(claim_now(&deps).await, ["x 3"]);
    })
    .await;
}

#[tokio::test]
async fn asking_again_for_one_job_brings_no_other_back() {
    for_each_engine("a", async |deps| {
        for id in ["x", "y"] {
            ask(&deps, id, "1").await;
        }
        for job in claimed(&deps).await {
            finish(&deps, &job).await;
        }
        ask_again(&deps, "x", "2").await;
        ask(&deps, "y", "2").await;
        assert_eq!(claim_now(&deps).await, ["x 2"]);
    })
    .await;
}

#[tokio::test]
async fn a_failure_frees_no_other_jobs_lease() {
    for_each_engine("a", async |deps| {
        for id in ["x", "y"] {
            ask(&deps, id, "1").await;
        }
        let job = claimed(&deps).await.remove(0);
        do_one(&deps, Some(Arc::new(Failing(sick))), "kind", job.clone()).await.unwrap();
        pass(&deps, FIRST_WAIT_MS << 1);
        let again = claim_now(&deps).await;
        assert_eq!(again, [format!("{} 1", job.id)]);
    })
    .await;
}

#[tokio::test]
async fn finishing_one_job_leaves_the_others() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        ask(&deps, "y", "1").await;
        let jobs = claimed(&deps).await;
        finish(&deps, jobs.first().unwrap()).await;
        pass(&deps, LEASE_MS + 1);
        assert_eq!(claim_now(&deps).await, ["y 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_claim_keeps_others_off_until_its_lease_ends() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        assert_eq!(claim_now(&deps).await, ["x 1"]);
        pass(&deps, LEASE_MS);
        assert_eq!(claim_now(&deps).await, NOTHING);
        pass(&deps, 1);
        assert_eq!(claim_now(&deps).await, ["x 1"], "a dead worker's job is lost");
    })
    .await;
}

#[tokio::test]
async fn leases_of_a_process_that_died_are_freed() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        claim_now(&deps).await;
        free_leases(&deps).await.unwrap();
        assert_eq!(claim_now(&deps).await, ["x 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_service_claims_its_own_jobs() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        assert_eq!(claim_now(&deps.of_service(name("b"))).await, NOTHING);
        assert_eq!(claim_now(&deps).await, ["x 1"]);
    })
    .await;
}

#[tokio::test]
async fn the_longest_due_are_claimed_first() {
    for_each_engine("a", async |deps| {
        for id in ["z", "y", "x"] {
            ask(&deps, id, "1").await;
            pass(&deps, 1);
        }
        assert_eq!(claim_now(&deps).await, ["z 1", "y 1", "x 1"]);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_finish_a_job_one_was_the_first() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        let job = claimed(&deps).await.remove(0);
        finish(&deps, &job).await;
        write(&deps, async |deps, tx| assert!(!deps.finish(tx, &job).await.unwrap())).await;
    })
    .await;
}

#[tokio::test]
async fn a_job_that_was_hurried_while_it_was_done_is_done_again() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        let job = claimed(&deps).await.remove(0);
        pass(&deps, 1);
        hurry(&deps, "x").await;
        assert_eq!(claim_now(&deps).await, NOTHING, "it is still being done");
        finish(&deps, &job).await;
        let again = claimed(&deps).await.remove(0);
        finish(&deps, &again).await;
        pass(&deps, LEASE_MS + 1);
        assert_eq!(claim_now(&deps).await, NOTHING);
    })
    .await;
}

#[tokio::test]
async fn a_failure_takes_no_claim_from_another_process() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        let job = Job { attempt_count: ATTEMPTS_MAX - 1, ..claimed(&deps).await.remove(0) };
        pass(&deps, LEASE_MS + 1);
        let other = Deps { boot_id: "another".to_owned(), ..deps.clone() };
        assert_eq!(claim_now(&other).await, ["x 1"]);
        do_one(&deps, Some(Arc::new(Failing(sick))), "kind", job).await.unwrap();
        assert_eq!(told(&deps).await, []);
        pass(&deps, LEASE_MS - 1);
        assert_eq!(claim_now(&deps).await, NOTHING, "the other's lease is freed");
        pass(&deps, 2);
        assert_eq!(claimed(&deps).await.remove(0).attempt_count, 0);
    })
    .await;
}

/// Takes as long as a test wants.
struct Slow {
    takes: Duration,
    limit: Duration,
}

#[async_trait]
impl Worker for Slow {
    fn kind(&self) -> &'static str {
        "kind"
    }

    fn time_limit(&self) -> Duration {
        self.limit
    }

    async fn work(&self, _: &Job) -> Result<(), JobError> {
        tokio::time::sleep(self.takes).await;
        Ok(())
    }
}

const HOUR: Duration = Duration::from_hours(1);
const SOON: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_claim_is_renewed_while_its_job_is_done() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        let job = claimed(&deps).await.remove(0);
        pass(&deps, LEASE_MS);
        let slow = Arc::new(Slow { takes: SOON, limit: HOUR });
        work_apart(&deps, slow, job.clone(), SOON / 6).await.unwrap();
        pass(&deps, LEASE_MS);
        assert_eq!(claim_now(&deps).await, NOTHING);
        // One that is done or given back stays so.
        let failing = Arc::new(Failing(sick));
        do_one(&deps, Some(failing), "kind", job.clone()).await.unwrap();
        renew(&deps, &job.id).await;
        pass(&deps, FIRST_WAIT_MS << 1);
        assert_eq!(claim_now(&deps).await, ["x 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_claim_that_another_process_holds_is_not_renewed_for_it() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        claim_now(&deps).await;
        pass(&deps, LEASE_MS);
        renew(&Deps { boot_id: "another".to_owned(), ..deps.clone() }, "x").await;
        pass(&deps, 1);
        assert_eq!(claim_now(&deps).await, ["x 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_worker_says_how_long_its_jobs_may_take() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        let job = claimed(&deps).await.remove(0);
        let slow = Arc::new(Slow { takes: HOUR, limit: SOON });
        let error = work_apart(&deps, slow, job, HOUR).await.unwrap_err();
        assert!(error.to_string().contains("took too long"), "{error}");
    })
    .await;
}

/// Fails as it is told.
struct Failing(fn() -> JobError);

#[async_trait]
impl Worker for Failing {
    fn kind(&self) -> &'static str {
        "kind"
    }

    async fn work(&self, _: &Job) -> Result<(), JobError> {
        Err((self.0)())
    }
}

/// Claims what is due and fails at it. Says how many jobs there were.
async fn fail_at(deps: &Deps, why: fn() -> JobError) -> usize {
    let jobs = claimed(deps).await;
    for job in &jobs {
        do_one(deps, Some(Arc::new(Failing(why))), "kind", job.clone()).await.unwrap();
    }
    jobs.len()
}

fn sick() -> JobError {
    JobError::Failed("sick".to_owned())
}

fn outage() -> JobError {
    let source = sqlx::Error::PoolTimedOut;
    StoreError::Database { doing: "testing", source }.into()
}

/// What was told of jobs that were given up.
async fn told(deps: &Deps) -> Vec<Stuck> {
    let mut tx = deps.db.begin_read().await.unwrap();
    let facts = outbox::list_of_key(&mut tx, BUNDLE, 99).await.unwrap();
    let read = |fact: &outbox::Stored| match serde_json::from_str::<Envelope>(&fact.envelope)
        .unwrap()
        .fact
    {
        Fact::HandlingStuck(stuck) => stuck,
        other => panic!("{other:?}"),
    };
    facts.iter().map(read).collect()
}

#[tokio::test]
async fn waits_grow_and_the_fifth_failure_is_told_once() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        assert_eq!(fail_at(&deps, sick).await, 1);
        for (failures, wait) in [(1, 400), (2, 800), (3, 1600), (4, 3200), (5, 6400), (6, 12_800)] {
            assert_eq!(told(&deps).await.len(), usize::from(failures >= 5));
            pass(&deps, wait - 1);
            assert_eq!(fail_at(&deps, sick).await, 0, "tried before {wait} ms had passed");
            pass(&deps, 1);
            assert_eq!(fail_at(&deps, sick).await, 1);
        }
        let stuck = told(&deps).await.remove(0);
        assert_eq!((stuck.handler.as_str(), stuck.why.as_str()), ("kind", "sick"));
        assert_eq!(stuck.bundle, Some(name(BUNDLE)));
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_out_of_order_is_no_failure_of_the_job() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        for _ in 0..2 * ATTEMPTS_MAX {
            assert_eq!(fail_at(&deps, outage).await, 1);
            pass(&deps, FIRST_WAIT_MS);
        }
        assert_eq!(told(&deps).await, []);
        assert_eq!(claimed(&deps).await.remove(0).attempt_count, 0);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_nobody_does_is_told() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        for _ in 0..ATTEMPTS_MAX {
            let job = claimed(&deps).await.remove(0);
            do_one(&deps, None, "kind", job.clone()).await.unwrap();
            pass(&deps, 60_000);
        }
        assert!(told(&deps).await.remove(0).why.contains("nobody does jobs of kind kind"));
    })
    .await;
}

#[tokio::test]
async fn a_failure_after_the_job_was_done_changes_nothing() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        let job = claimed(&deps).await.remove(0);
        finish(&deps, &job).await;
        do_one(&deps, Some(Arc::new(Failing(sick))), "kind", job.clone()).await.unwrap();
        pass(&deps, 60_000);
        assert_eq!(claim_now(&deps).await, NOTHING);
    })
    .await;
}

#[tokio::test]
async fn hurry_forgets_the_waits_of_an_older_wish() {
    for_each_engine("a", async |deps| {
        ask(&deps, "x", "1").await;
        for _ in 0..ATTEMPTS_MAX - 1 {
            fail_at(&deps, sick).await;
            pass(&deps, 60_000);
        }
        fail_at(&deps, sick).await;
        ask_again(&deps, "x", "2").await;
        assert_eq!(claim_now(&deps).await, NOTHING, "asking again alone waits on");
        hurry(&deps, "x").await;
        let job = claimed(&deps).await.remove(0);
        assert_eq!((job.id.as_str(), job.attempt_count), ("x", 0));
    })
    .await;
}

#[tokio::test]
async fn hurry_wakes_its_own_job_only_and_none_that_is_done() {
    for_each_engine("a", async |deps| {
        for id in ["x", "y"] {
            ask(&deps, id, "1").await;
        }
        let jobs = claimed(&deps).await;
        for job in &jobs {
            do_one(&deps, Some(Arc::new(Failing(sick))), "kind", job.clone()).await.unwrap();
        }
        hurry(&deps, "y").await;
        let job = claimed(&deps).await.remove(0);
        assert_eq!(job.id, "y");
        finish(&deps, &job).await;
        hurry(&deps, "y").await;
        pass(&deps, LEASE_MS + 1);
        assert_eq!(claim_now(&deps).await, ["x 1"]);
    })
    .await;
}

/// Waits for somebody else, and asks seldom.
struct Seldom;

#[async_trait]
impl Worker for Seldom {
    fn kind(&self) -> &'static str {
        "kind"
    }

    fn later_ms(&self) -> i64 {
        3_000
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        Err(if job.payload == "later" { JobError::Later("not ready".to_owned()) } else { sick() })
    }
}

#[tokio::test]
async fn who_waits_for_somebody_else_asks_as_seldom_as_it_says_and_why_is_known() {
    for_each_engine("a", async |deps| {
        let why = async |id: &str| {
            let mut tx = deps.db.begin_read().await.unwrap();
            find_error(&mut tx, id).await.unwrap()
        };
        for (id, payload) in [("x", "later"), ("y", "fails")] {
            ask(&deps, id, payload).await;
        }
        assert_eq!(why("x").await, None);
        for job in claimed(&deps).await {
            do_one(&deps, Some(Arc::new(Seldom)), "kind", job).await.unwrap();
        }
        assert_eq!(why("x").await.as_deref(), Some("not ready"));
        pass(&deps, 2_900);
        let mut jobs = claimed(&deps).await;
        assert_eq!(jobs.iter().map(|job| job.id.as_str()).collect::<Vec<_>>(), ["y"]);
        finish(&deps, &jobs.remove(0)).await;
        assert_eq!(why("y").await, None);
        pass(&deps, 200);
        assert_eq!(claim_now(&deps).await, ["x later"]);
    })
    .await;
}
