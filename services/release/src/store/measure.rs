//! The SQL of release's gauges.

use std::collections::BTreeMap;

use lockstep_kit::{Tx, db, error::StoreError};

use super::Row;

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

/// Bundles that may wait for their permit.
pub(crate) async fn list_unpermitted(tx: &mut Tx) -> Result<Vec<Row>, StoreError> {
    sqlx::query(
        "SELECT * FROM release_bundle
         WHERE phase IN ('registering', 'staging', 'staged', 'blocked') ORDER BY bundle LIMIT $1",
    )
    .bind(MEASURED_MAX)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("listing what waits for a permit"))?
    .iter()
    .map(Row::try_from)
    .collect()
}

/// Grants that wait until the release under way has ended.
pub(crate) async fn count_queued(tx: &mut Tx) -> Result<i64, StoreError> {
    count(tx, "SELECT COUNT(next_evidence) AS count FROM release_bundle").await
}

/// Bundles that somebody gave up on.
pub(crate) async fn count_held(tx: &mut Tx) -> Result<i64, StoreError> {
    count(tx, "SELECT COUNT(DISTINCT bundle) AS count FROM release_hold").await
}

async fn count(tx: &mut Tx, sql: &'static str) -> Result<i64, StoreError> {
    let row = sqlx::query(sql).fetch_one(&mut **tx).await;
    db::integer(&row.map_err(StoreError::database("counting releases"))?, "count")
}
