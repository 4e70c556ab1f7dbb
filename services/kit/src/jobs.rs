//! Slow work: claimed by lease, done without a transaction, its outcome committed with its fact.
//! A lease only saves work; what keeps us right is the fence on the row that changes.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lockstep_proto::{
    facts::handling::Stuck,
    ids::{BundleId, TraceId},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    blobs::BlobError,
    db::{self, Tx},
    deps::Deps,
    dispatch::ATTEMPTS_MAX,
    error::{Chain, StoreError},
    failpoint,
    tick::{self, AHEAD_MAX_MS},
    trace,
};

/// How long a claim lasts once nobody renews it. A job whose worker stood still for longer may be done
/// twice, which every job survives.
const LEASE_MS: i64 = 60_000;
/// How often a claim is renewed while its job is done: two renewals may fail.
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// First wait after a failure; doubles with each attempt, eight times at most: under a minute.
const FIRST_WAIT_MS: i64 = 200;
/// Jobs of one service done at once at least; two cores are the smallest machine we run on. One more at
/// a time is done if it is urgent: what hangs must not keep a channel lit.
pub const AT_ONCE: usize = 2;
/// A job that takes longer than this is broken off and counted as failed, if its worker says nothing else.
const TIME_LIMIT: Duration = Duration::from_secs(50);

/// Does one kind of jobs.
#[async_trait]
pub trait Worker: Send + Sync + 'static {
    /// The kind.
    fn kind(&self) -> &'static str;

    /// How many of its jobs are worth doing at once.
    fn at_once(&self) -> usize {
        AT_ONCE
    }

    /// How long a job may take before it is broken off and counted as failed.
    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    /// How long it waits where somebody else is not ready: what people wait for by the hour need not be
    /// asked, and logged, several times a second.
    fn later_ms(&self) -> i64 {
        FIRST_WAIT_MS
    }

    /// Does the work, commits its outcome and, in the same transaction, [`finish`]es the job.
    async fn work(&self, job: &Job) -> Result<(), JobError>;
}

/// A job that was claimed.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id: what it is about, so that asking twice makes one job.
    pub id: String,
    /// The bundle.
    pub key: String,
    /// What is to be done, as JSON.
    pub payload: String,
    /// The person's act it comes from.
    pub trace: TraceId,
    /// How often it was tried before.
    pub attempt_count: i64,
    /// Since when it was due: a wish that came later is told from this one by it.
    due_at: i64,
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// State could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Bytes could not be read or written.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// A test wanted it so.
    #[error(transparent)]
    Injected(#[from] failpoint::Injected),
    /// Anything else; it is tried again.
    #[error("{0}")]
    Failed(String),
    /// A channel's place does not hold, or no longer whole, what it is to show.
    #[error("{0}")]
    NotHeld(String),
    /// Somebody else is not ready; it is tried again for as long as that takes, and held against
    /// nobody.
    #[error("{0}")]
    Later(String),
}

/// A job to be done.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// Its id; asking twice under one id makes one job.
    pub id: String,
    /// Its kind.
    pub kind: &'static str,
    /// The bundle.
    pub key: &'a str,
    /// What is to be done, as JSON.
    pub payload: String,
    /// The person's act it comes from.
    pub trace: &'a TraceId,
}

impl Deps {
    /// Asks for a job, in the transaction of whatever wants it.
    pub async fn ask(&self, tx: &mut Tx, job: NewJob<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO job (job_id, service, kind, key, payload, trace, due_at, attempt_count)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT DO NOTHING",
        )
        .bind(job.id)
        .bind(self.service.as_str())
        .bind(job.kind)
        .bind(job.key)
        .bind(job.payload)
        .bind(job.trace.as_str())
        .bind(self.clock.now().as_micros())
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("asking for a job"))
    }

    /// The same, also if it was done before.
    pub async fn ask_again(&self, tx: &mut Tx, job: NewJob<'_>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM job WHERE job_id = $1 AND done_at IS NOT NULL")
            .bind(&job.id)
            .execute(&mut **tx)
            .await
            .map_err(StoreError::database("asking for a job again"))?;
        self.ask(tx, job).await
    }

    /// Makes a job that waits due at once, as if it had never failed: what it is to do is new, and
    /// must not inherit an older wish's waits.
    pub async fn hurry(&self, tx: &mut Tx, job_id: &str) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE job SET due_at = $1, attempt_count = 0 WHERE job_id = $2 AND done_at IS NULL",
        )
        .bind(self.clock.now().as_micros())
        .bind(job_id)
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("hurrying a job"))
    }

    /// Says whether a job that waits is urgent: done before all others, and in a lane that no other
    /// can take.
    pub async fn set_urgent(
        &self,
        tx: &mut Tx,
        job_id: &str,
        is_urgent: bool,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE job SET urgent = $1 WHERE job_id = $2 AND done_at IS NULL")
            .bind(i64::from(is_urgent))
            .bind(job_id)
            .execute(&mut **tx)
            .await
            .map(drop)
            .map_err(StoreError::database("ranking a job"))
    }

    /// Marks a job done, in the transaction of its outcome. Says whether it was not done yet: of two who
    /// did it, because a lease ran out, one was the first. One that was hurried meanwhile waits on, for anybody: a
    /// wish came that the work may not have seen.
    pub async fn finish(&self, tx: &mut Tx, job: &Job) -> Result<bool, StoreError> {
        sqlx::query(
            "UPDATE job SET done_at = CASE WHEN due_at = $3 THEN $1 END,
                 lease_until = CASE WHEN due_at = $3 OR boot_id <> $4 THEN lease_until END
             WHERE job_id = $2 AND done_at IS NULL",
        )
        .bind(self.clock.now().as_micros())
        .bind(&job.id)
        .bind(job.due_at)
        .bind(&self.boot_id)
        .execute(&mut **tx)
        .await
        .map(|done| done.rows_affected() == 1)
        .map_err(StoreError::database("finishing a job"))
    }
}

/// Frees every lease of this database. Right only while this process alone uses it.
pub async fn free_leases(deps: &Deps) -> Result<(), StoreError> {
    let mut tx = deps.db.begin_write().await?;
    sqlx::query("UPDATE job SET lease_until = NULL WHERE done_at IS NULL")
        .execute(&mut *tx)
        .await
        .map_err(StoreError::database("freeing leases"))?;
    deps.db.commit(tx).await
}

/// Why a job that is not done was not, when it was last tried.
pub async fn find_error(tx: &mut Tx, job_id: &str) -> Result<Option<String>, StoreError> {
    let failed = StoreError::database("reading why a job failed");
    let row = sqlx::query("SELECT last_error FROM job WHERE job_id = $1 AND done_at IS NULL")
        .bind(job_id)
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
    row.map_or(Ok(None), |row| db::maybe_text(&row, "last_error"))
}

/// Does a service's jobs until stopped.
pub async fn run(deps: Deps, workers: Vec<Arc<dyn Worker>>, stop: CancellationToken) {
    let at_once = workers.iter().map(|worker| worker.at_once()).max().unwrap_or(AT_ONCE);
    let mut lanes = JoinSet::new();
    for _ in 0..at_once.max(AT_ONCE) {
        lanes.spawn(lane(deps.clone(), workers.clone(), false, stop.clone()));
    }
    lanes.spawn(lane(deps, workers, true, stop));
    while lanes.join_next().await.is_some() {}
}

/// Does one job after another; lanes do not wait for each other.
async fn lane(
    deps: Deps,
    workers: Vec<Arc<dyn Worker>>,
    only_urgent: bool,
    stop: CancellationToken,
) {
    let db = deps.db.clone();
    tick::run(&db, &stop, "doing jobs", || {
        let (deps, workers) = (deps.clone(), workers.clone());
        async move {
            let Some((kind, job)) = claim(&deps, only_urgent).await? else { return Ok(false) };
            let worker = workers.iter().find(|worker| worker.kind() == kind).cloned();
            deps.metrics.job_began(deps.service.as_str(), &kind);
            let span = trace::of_job(deps.service.as_str(), &kind, &job);
            let ended = do_one(&deps, worker, &kind, job).instrument(span).await;
            let outcome = ended.as_ref().map_or("failed", |outcome| outcome);
            deps.metrics.job_ended(deps.service.as_str(), &kind, outcome);
            ended.map(|_| true)
        }
    })
    .await;
}

/// What may be claimed. Times too far ahead are from before the clock stepped back.
const DUE: &str = "service = $1 AND done_at IS NULL AND urgent >= $2
    AND (due_at <= $3 OR due_at > $4)
    AND (lease_until IS NULL OR lease_until < $3 OR lease_until > $4)";

async fn claim(deps: &Deps, only_urgent: bool) -> Result<Option<(String, Job)>, StoreError> {
    let find =
        format!("SELECT job_id FROM job WHERE {DUE} ORDER BY urgent DESC, due_at, job_id LIMIT 1");
    let claim = format!(
        "UPDATE job SET lease_until = $5, boot_id = $6 WHERE {DUE} AND job_id = $7
         RETURNING job_id, kind, key, payload, trace, attempt_count, due_at"
    );
    loop {
        let now = deps.clock.now();
        let due = |sql: &str| {
            sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
                .bind(deps.service.as_str())
                .bind(i64::from(only_urgent))
                .bind(now.as_micros())
                .bind(now.plus_millis(AHEAD_MAX_MS).as_micros())
        };
        // Looked for as a reader, so that lanes with nothing to do do not queue for the writer.
        let mut tx = deps.db.begin_read().await?;
        let found = due(&find).fetch_optional(&mut *tx).await;
        drop(tx);
        let Some(row) = found.map_err(StoreError::database("looking for a job"))? else {
            return Ok(None);
        };
        let mut tx = deps.db.begin_write().await?;
        let claimed = due(&claim)
            .bind(now.plus_millis(LEASE_MS).as_micros())
            .bind(&deps.boot_id)
            .bind(db::text(&row, "job_id")?)
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::database("claiming a job"))?;
        // Nobody waits for a claim: waking everybody for it would never end.
        deps.db.commit_quietly(tx).await?;
        // Where a rival has claimed it since, another may be due.
        let Some(row) = claimed else { continue };
        let job = Job {
            id: db::text(&row, "job_id")?,
            key: db::text(&row, "key")?,
            payload: db::text(&row, "payload")?,
            trace: db::parsed(&row, "job", "trace")?,
            attempt_count: db::integer(&row, "attempt_count")?,
            due_at: db::integer(&row, "due_at")?,
        };
        return Ok(Some((db::text(&row, "kind")?, job)));
    }
}

/// Does a job; says what became of it.
async fn do_one(
    deps: &Deps,
    worker: Option<Arc<dyn Worker>>,
    kind: &str,
    job: Job,
) -> Result<&'static str, StoreError> {
    let later_ms = worker.as_ref().map_or(FIRST_WAIT_MS, |worker| worker.later_ms());
    let result = match worker {
        None => {
            Err(JobError::Failed(format!("无人处理此类工作 / nobody does jobs of kind {kind}")))
        }
        Some(worker) => match failpoint::fail(kind, &job.key) {
            Err(error) => Err(error.into()),
            Ok(()) => work_apart(deps, worker, job.clone(), RENEW_EVERY).await,
        },
    };
    let Err(error) = result else { return Ok("done") };
    let why = Chain(&error).to_string();
    let is_outage = match &error {
        JobError::Store(error) => error.is_outage(),
        JobError::Blob(error) => error.is_outage(),
        JobError::Later(_) => true,
        JobError::Injected(_) | JobError::Failed(_) | JobError::NotHeld(_) => false,
    };
    tracing::warn!(job.id = %job.id, "job {} failed: {why}", job.id);
    let attempt_count = job.attempt_count + i64::from(!is_outage);
    let wait = if matches!(error, JobError::Later(_)) {
        later_ms
    } else {
        FIRST_WAIT_MS << attempt_count.clamp(0, 8)
    };
    let mut tx = deps.db.begin_write().await?;
    // A wish that was hurried meanwhile is a new one: it does not inherit this one's waits. Another process that claimed
    // the job since, because our lease ran out, keeps its claim, and says itself what becomes of it.
    let recorded = sqlx::query(
        "UPDATE job SET last_error = $1, lease_until = NULL,
             due_at = CASE WHEN attempt_count = $2 AND due_at = $6 THEN $3 ELSE due_at END,
             attempt_count = CASE WHEN attempt_count = $2 AND due_at = $6 THEN $4
                             ELSE attempt_count END
         WHERE job_id = $5 AND done_at IS NULL AND boot_id = $7",
    )
    .bind(&why)
    .bind(job.attempt_count)
    .bind(deps.clock.now().plus_millis(wait).as_micros())
    .bind(attempt_count)
    .bind(&job.id)
    .bind(job.due_at)
    .bind(&deps.boot_id)
    .execute(&mut *tx)
    .await
    .map_err(StoreError::database("recording a failed job"))?;
    if recorded.rows_affected() == 1 && attempt_count == ATTEMPTS_MAX && !is_outage {
        let bundle: Option<BundleId> = job.key.parse().ok();
        let stuck = Stuck {
            service: deps.service.clone(),
            handler: kind.to_owned(),
            bundle,
            what: "job".to_owned(),
            why,
        };
        crate::dispatch::say_stuck(deps, &mut tx, (&job.key, &job.trace), stuck).await?;
    }
    deps.db.commit(tx).await?;
    Ok(if is_outage { "later" } else { "failed" })
}

/// Does the work in a task of its own, so that one that panics is a job that failed and not a lane
/// that is gone; keeps its claim meanwhile.
async fn work_apart(
    deps: &Deps,
    worker: Arc<dyn Worker>,
    job: Job,
    renew_every: Duration,
) -> Result<(), JobError> {
    let (limit, id) = (worker.time_limit(), job.id.clone());
    let mut task = JoinSet::new();
    task.spawn(async move { worker.work(&job).await }.in_current_span());
    let working = async {
        loop {
            match tokio::time::timeout(renew_every, task.join_next()).await {
                Ok(done) => return done,
                Err(_) => renew(deps, &id).await,
            }
        }
    };
    match tokio::time::timeout(limit, working).await {
        Ok(Some(Ok(done))) => done,
        Ok(_) => Err(JobError::Failed("工作中断 / the work broke off".to_owned())),
        Err(_) => Err(JobError::Failed("工作超时 / the work took too long".to_owned())),
    }
}

/// Keeps others off a job for longer. Where that fails, the lease runs out: it only saves work.
async fn renew(deps: &Deps, job_id: &str) {
    let renewing = async {
        let mut tx = deps.db.begin_write().await?;
        sqlx::query(
            "UPDATE job SET lease_until = $1 WHERE job_id = $2 AND boot_id = $3
             AND done_at IS NULL AND lease_until IS NOT NULL",
        )
        .bind(deps.clock.now().plus_millis(LEASE_MS).as_micros())
        .bind(job_id)
        .bind(&deps.boot_id)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::database("renewing a lease"))?;
        deps.db.commit_quietly(tx).await
    };
    if let Err(error) = renewing.await {
        tracing::warn!(error = %Chain(&error), job.id = %job_id, "lease of {job_id} is not renewed");
    }
}

#[cfg(test)]
mod tests;
