//! Slow work: claimed by lease, done without a transaction, its outcome committed with its fact.
//! A lease only saves work; what keeps us right is the fence on the row that changes.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lockstep_proto::{
    facts::handling::Stuck,
    ids::{BundleId, TraceId},
};
use tokio_util::sync::CancellationToken;

use crate::{
    blobs::BlobError,
    db::{self, Tx},
    deps::Deps,
    dispatch::ATTEMPTS_MAX,
    error::{Chain, StoreError},
    failpoint, tick,
};

/// How long a claim lasts. A job that takes longer may be done twice, which every job survives.
const LEASE_MS: i64 = 60_000;
/// First wait after a failure; doubles with each attempt.
const FIRST_WAIT_MS: i64 = 200;
/// Jobs of one service done at once; two cores are the smallest machine we run on.
const AT_ONCE: i64 = 2;
/// A job that takes longer than this is broken off and counted as failed.
const TIME_LIMIT: Duration = Duration::from_secs(50);

/// Does one kind of jobs.
#[async_trait]
pub trait Worker: Send + Sync + 'static {
    /// The kind.
    fn kind(&self) -> &'static str;

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

    /// Marks a job done, in the transaction of its outcome.
    pub async fn finish(&self, tx: &mut Tx, job: &Job) -> Result<(), StoreError> {
        sqlx::query("UPDATE job SET done_at = $1 WHERE job_id = $2")
            .bind(self.clock.now().as_micros())
            .bind(&job.id)
            .execute(&mut **tx)
            .await
            .map(drop)
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

/// Does a service's jobs until stopped.
pub async fn run(deps: Deps, workers: Vec<Arc<dyn Worker>>, stop: CancellationToken) {
    let db = deps.db.clone();
    tick::run(&db, &stop, "claiming jobs", || {
        let (deps, workers) = (deps.clone(), workers.clone());
        async move {
            let jobs = claim(&deps).await?;
            let count = jobs.len();
            let mut running = tokio::task::JoinSet::new();
            for (kind, job) in jobs {
                let worker = workers.iter().find(|worker| worker.kind() == kind).cloned();
                let deps = deps.clone();
                running.spawn(async move { do_one(&deps, worker, &kind, &job).await });
            }
            while let Some(done) = running.join_next().await {
                if let Ok(Err(error)) = done {
                    tracing::error!(error = %Chain(&error), "a job's failure could not be recorded");
                }
            }
            Ok::<_, StoreError>(count > 0)
        }
    })
    .await;
}

async fn claim(deps: &Deps) -> Result<Vec<(String, Job)>, StoreError> {
    let now = deps.clock.now();
    let mut tx = deps.db.begin_write().await?;
    let rows = sqlx::query(
        "UPDATE job SET lease_until = $1, boot_id = $2
         WHERE job_id IN (
             SELECT job_id FROM job WHERE service = $3 AND done_at IS NULL AND due_at <= $4
                 AND (lease_until IS NULL OR lease_until < $4)
             ORDER BY due_at, job_id LIMIT $5)
           AND (lease_until IS NULL OR lease_until < $4) -- a rival may have claimed it since
         RETURNING job_id, kind, key, payload, trace, attempt_count",
    )
    .bind(now.plus_millis(LEASE_MS).as_micros())
    .bind(&deps.boot_id)
    .bind(deps.service.as_str())
    .bind(now.as_micros())
    .bind(AT_ONCE)
    .fetch_all(&mut *tx)
    .await
    .map_err(StoreError::database("claiming jobs"))?;
    // Nobody waits for a claim: waking everybody for it would never end.
    deps.db.commit_quietly(tx).await?;
    rows.iter()
        .map(|row| {
            let job = Job {
                id: db::text(row, "job_id")?,
                key: db::text(row, "key")?,
                payload: db::text(row, "payload")?,
                trace: db::parsed(row, "job", "trace")?,
                attempt_count: db::integer(row, "attempt_count")?,
            };
            Ok((db::text(row, "kind")?, job))
        })
        .collect()
}

async fn do_one(
    deps: &Deps,
    worker: Option<Arc<dyn Worker>>,
    kind: &str,
    job: &Job,
) -> Result<(), StoreError> {
    let result = match &worker {
        None => Err(JobError::Failed(format!("nobody does jobs of kind {kind}"))),
        Some(worker) => match failpoint::fail(kind, &job.key) {
            Err(error) => Err(error.into()),
            Ok(()) => tokio::time::timeout(TIME_LIMIT, worker.work(job))
                .await
                .unwrap_or_else(|_| Err(JobError::Failed("took too long".to_owned()))),
        },
    };
    let Err(error) = result else { return Ok(()) };
    let why = Chain(&error).to_string();
    let is_outage = matches!(&error, JobError::Store(error) if error.is_outage());
    tracing::warn!(job.id = %job.id, "job {} failed: {why}", job.id);
    let attempt_count = job.attempt_count + i64::from(!is_outage);
    let wait = FIRST_WAIT_MS << attempt_count.clamp(0, 8);
    let mut tx = deps.db.begin_write().await?;
    sqlx::query(
        "UPDATE job SET attempt_count = $1, due_at = $2, last_error = $3, lease_until = NULL
         WHERE job_id = $4 AND done_at IS NULL",
    )
    .bind(attempt_count)
    .bind(deps.clock.now().plus_millis(wait).as_micros())
    .bind(&why)
    .bind(&job.id)
    .execute(&mut *tx)
    .await
    .map_err(StoreError::database("recording a failed job"))?;
    if attempt_count == ATTEMPTS_MAX && !is_outage {
        let bundle: Option<BundleId> = job.key.parse().ok();
        let stuck = Stuck {
            service: deps.service.clone(),
            handler: kind.to_owned(),
            bundle,
            what: "job".to_owned(),
            why,
        };
        crate::dispatch::say_stuck(deps, &mut tx, &job.key, stuck).await?;
    }
    deps.db.commit(tx).await
}

#[cfg(test)]
mod tests;
