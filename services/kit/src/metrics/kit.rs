//! What kit keeps for every service, as gauges: how far facts went out and came in, what is parked,
//! which jobs wait.

use lockstep_proto::envelope::Envelope;

use super::{Gauge, Sheet};
use crate::{
    db::{self, Tx},
    deps::Deps,
    dispatch::Transport,
    error::StoreError,
};

const APPENDED: Gauge = ("lockstep_facts_appended", "Facts that a source has written so far");
const HEARD: Gauge = ("lockstep_facts_heard", "How far a handler is with the facts of a source");
const UNPUBLISHED: Gauge =
    ("lockstep_outbox_unpublished", "Facts of a source that the stream has not taken yet");
const AGE: Gauge = ("lockstep_outbox_age_seconds", "How old the oldest of these is");
const AHEAD: Gauge =
    ("lockstep_facts_ahead", "Facts that came while an earlier one of their source is missing");
const PARKED: Gauge = ("lockstep_parked_bundles", "Bundles whose facts a handler has parked");
const STUCK: Gauge = ("lockstep_stuck_facts", "Parked facts that a handler gave up on");
const WAITING: Gauge = ("lockstep_jobs_waiting", "Jobs that are not done");
const FAILING: Gauge = ("lockstep_jobs_failing", "Jobs that failed and are tried again");

/// What a handler has heard nothing of has no cursor yet, and is behind all the same. Real numbers
/// are written over it.
pub(super) fn say_unheard(sheet: &mut Sheet, handler: &str, hears: &[&str]) {
    for source in hears {
        sheet.count(HEARD, &[("handler", handler), ("source", source)], 0);
    }
}

/// Measures what kit keeps for a service.
pub(super) async fn measure(deps: &Deps, sheet: &mut Sheet) -> Result<(), StoreError> {
    let service = deps.service.as_str();
    let mut tx = deps.db.begin_read().await?;
    let head = "SELECT COALESCE(MAX(pos), 0) AS count FROM source_head WHERE source = $1";
    sheet.count(APPENDED, &[("source", service)], count(&mut tx, head, service).await?);
    // Embedded, nothing is ever published.
    if matches!(deps.transport, Transport::JetStream(_)) {
        let unpublished =
            "SELECT COUNT(*) AS count FROM outbox WHERE source = $1 AND stream_seq IS NULL";
        let labels = [("source", service)];
        sheet.count(UNPUBLISHED, &labels, count(&mut tx, unpublished, service).await?);
        let oldest = find_oldest_unpublished(&mut tx, service).await?;
        let age = oldest.map_or(0, |fact| deps.clock.now().millis_since(fact.at) * 1000);
        sheet.seconds(AGE, &labels, age.max(0));
        let ahead = "SELECT COUNT(*) AS count FROM ahead WHERE handler = $1";
        sheet.count(AHEAD, &[("handler", service)], count(&mut tx, ahead, service).await?);
    }
    for (source, pos) in list_cursors(&mut tx, service).await? {
        sheet.count(HEARD, &[("handler", service), ("source", &source)], pos);
    }
    let parked = "SELECT COUNT(DISTINCT key) AS count FROM parked WHERE handler = $1";
    sheet.count(PARKED, &[("handler", service)], count(&mut tx, parked, service).await?);
    let stuck = "SELECT COUNT(stuck_at) AS count FROM parked WHERE handler = $1";
    sheet.count(STUCK, &[("handler", service)], count(&mut tx, stuck, service).await?);
    for (kind, waiting, failing) in list_jobs(&mut tx, service).await? {
        let labels = [("service", service), ("kind", kind.as_str())];
        sheet.count(WAITING, &labels, waiting);
        sheet.count(FAILING, &labels, failing);
    }
    Ok(())
}

/// The one number that this query finds for `service`.
async fn count(tx: &mut Tx, sql: &'static str, service: &str) -> Result<i64, StoreError> {
    let row = sqlx::query(sql).bind(service).fetch_one(&mut **tx).await;
    db::integer(&row.map_err(StoreError::database("measuring"))?, "count")
}

async fn find_oldest_unpublished(
    tx: &mut Tx,
    source: &str,
) -> Result<Option<Envelope>, StoreError> {
    sqlx::query(
        "SELECT envelope FROM outbox WHERE source = $1 AND stream_seq IS NULL
         ORDER BY pos LIMIT 1",
    )
    .bind(source)
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::database("measuring the outbox"))?
    .map(|row| db::json(&row, "envelope"))
    .transpose()
}

async fn list_cursors(tx: &mut Tx, handler: &str) -> Result<Vec<(String, i64)>, StoreError> {
    sqlx::query("SELECT source, pos FROM cursor WHERE handler = $1 ORDER BY source LIMIT 100")
        .bind(handler)
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::database("measuring cursors"))?
        .iter()
        .map(|row| Ok((db::text(row, "source")?, db::integer(row, "pos")?)))
        .collect()
}

/// By kind, how many wait and how many of these failed.
async fn list_jobs(tx: &mut Tx, service: &str) -> Result<Vec<(String, i64, i64)>, StoreError> {
    sqlx::query(
        "SELECT kind, COUNT(*) AS waiting,
             CAST(SUM(CASE WHEN attempt_count > 0 THEN 1 ELSE 0 END) AS BIGINT) AS failing
         FROM job WHERE service = $1 AND done_at IS NULL GROUP BY kind ORDER BY kind LIMIT 100",
    )
    .bind(service)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("measuring jobs"))?
    .iter()
    .map(|row| {
        Ok((db::text(row, "kind")?, db::integer(row, "waiting")?, db::integer(row, "failing")?))
    })
    .collect()
}
