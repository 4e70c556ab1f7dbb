//! The SQL of release's gauges.

use std::collections::BTreeMap;

use lockstep_kit::{Tx, db, error::StoreError};
use lockstep_proto::{release::Evidence, time::Timestamp};

use super::{Passed, maybe_json};

/// Bundles of which a gauge looks at each; beyond that, more do not matter.
const MEASURED_MAX: i64 = 1000;

/// How many bundles are in each phase; phases without any are left out.
pub(crate) async fn count_phases(tx: &mut Tx) -> Result<BTreeMap<String, i64>, StoreError> {
    sqlx::query("SELECT phase, COUNT(*) AS count FROM release_bundle GROUP BY phase ORDER BY phase")
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::database("counting releases"))?
        .iter()
        .map(|row| Ok((db::text(row, "phase")?, db::integer(row, "count")?)))
        .collect()
}

/// Granted editions that wait for their permit: the evidence of each whose window has begun by `now`.
/// Of the others, which may be many, it is not read: it is long.
pub(crate) async fn list_unpermitted(
    tx: &mut Tx,
    now: Timestamp,
) -> Result<Vec<Option<Evidence>>, StoreError> {
    let rows = sqlx::query(
        "SELECT edition, passed, CASE WHEN not_before <= $1 THEN evidence END AS evidence
         FROM release_bundle
         WHERE phase IN ('registering', 'staging', 'staged', 'blocked') ORDER BY bundle LIMIT $2",
    )
    .bind(now.as_micros())
    .bind(MEASURED_MAX)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("listing what waits for a permit"))?;
    let mut waiting = vec![];
    for row in &rows {
        let passed: Option<Passed> = maybe_json(row, "passed")?;
        let passed = passed.map(|passed| passed.edition.as_str().to_owned());
        let edition = db::maybe_text(row, "edition")?;
        // What is shown again passed the gate before.
        if edition.is_none() || edition != passed {
            waiting.push(maybe_json(row, "evidence")?);
        }
    }
    Ok(waiting)
}

/// Granted editions that wait until the release under way has ended.
pub(crate) async fn list_queued(tx: &mut Tx) -> Result<Vec<Evidence>, StoreError> {
    sqlx::query(
        "SELECT next_evidence FROM release_bundle WHERE next_evidence IS NOT NULL
         ORDER BY bundle LIMIT $1",
    )
    .bind(MEASURED_MAX)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("listing what is queued"))?
    .iter()
    .map(|row| db::json(row, "next_evidence"))
    .collect()
}

/// Bundles that somebody gave up on.
pub(crate) async fn count_held(tx: &mut Tx) -> Result<i64, StoreError> {
    count(tx, "SELECT COUNT(DISTINCT bundle) AS count FROM release_hold").await
}

async fn count(tx: &mut Tx, sql: &'static str) -> Result<i64, StoreError> {
    let row = sqlx::query(sql).fetch_one(&mut **tx).await;
    db::integer(&row.map_err(StoreError::database("counting releases"))?, "count")
}
