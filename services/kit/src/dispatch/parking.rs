//! Parking: a bundle whose fact could not be handled waits, with all its later facts in order;
//! other bundles go on. Retried with back-off; giving up is a fact, so that release holds the
//! bundle and people hear of it.

use std::time::Instant;

use lockstep_proto::{
    envelope::Envelope,
    facts::{Fact, handling::Stuck},
    ids::{BundleId, TraceId},
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::{Handler, claim_inbox, handle};
use crate::{
    db::{self, Tx},
    deps::Deps,
    error::{Chain, StoreError},
    outbox::{self, Context, Stored},
    tick::AHEAD_MAX_MS,
    trace,
};

/// Attempts before a handler gives up on a bundle and says so. With the back-off below this is
/// about six seconds: long enough for a key to arrive, short enough for a person to hear of it.
pub const ATTEMPTS_MAX: i64 = 5;
/// First wait; doubles with each attempt.
const FIRST_WAIT_MS: i64 = 200;
/// After giving up: still tried, in case the cause was mended.
const STUCK_WAIT_MS: i64 = 60_000;
/// Parked bundles looked at in one pass.
const HEADS_MAX: i64 = 64;

/// Whether earlier facts of this key wait.
pub async fn is_parked(tx: &mut Tx, handler: &str, key: &str) -> Result<bool, StoreError> {
    sqlx::query("SELECT event_id FROM parked WHERE handler = $1 AND key = $2 LIMIT 1")
        .bind(handler)
        .bind(key)
        .fetch_optional(&mut **tx)
        .await
        .map(|row| row.is_some())
        .map_err(StoreError::database("looking at parked facts"))
}

/// Puts a fact behind all others of its key that wait.
pub(super) async fn park(
    deps: &Deps,
    handler: &str,
    stored: &Stored,
    why: &str,
) -> Result<(), StoreError> {
    tracing::warn!(fact.kind = %stored.type_name, fact.key = %stored.key, handler,
        "parked {} of {}: {why}", stored.type_name, stored.key);
    let mut tx = deps.db.begin_write().await?;
    claim_inbox(&mut tx, deps, handler, &stored.event_id).await?;
    sqlx::query(
        "INSERT INTO parked (handler, event_id, key, place, envelope, why, attempt_count, due_at)
         VALUES ($1, $2, $3,
             (SELECT COALESCE(MAX(place), 0) + 1 FROM parked WHERE handler = $1 AND key = $3),
             $4, $5, 1, $6) ON CONFLICT DO NOTHING",
    )
    .bind(handler)
    .bind(&stored.event_id)
    .bind(&stored.key)
    .bind(&stored.envelope)
    .bind(why)
    .bind(deps.clock.now().plus_millis(FIRST_WAIT_MS).as_micros())
    .execute(&mut *tx)
    .await
    .map_err(StoreError::database("parking a fact"))?;
    outbox::save_cursor(&mut tx, handler, &stored.source, stored.pos).await?;
    deps.db.commit(tx).await
}

struct Head {
    event_id: String,
    key: String,
    envelope: String,
    attempt_count: i64,
}

/// Tries the first parked fact of every key that is due; a success makes the next one due.
pub(super) async fn retry_due(
    deps: &Deps,
    handler: &dyn Handler,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    loop {
        let heads = list_due(deps, handler.name()).await?;
        let mut is_progress = false;
        for head in heads {
            if stop.is_cancelled() {
                return Ok(());
            }
            is_progress |= retry(deps, handler, &head).await?;
        }
        if !is_progress {
            return Ok(());
        }
    }
}

async fn list_due(deps: &Deps, handler: &str) -> Result<Vec<Head>, StoreError> {
    let now = deps.clock.now();
    let mut tx = deps.db.begin_read().await?;
    sqlx::query(
        "SELECT event_id, key, envelope, attempt_count FROM parked p WHERE handler = $1
         AND (due_at <= $2 OR due_at > $3) AND place = (
             SELECT MIN(place) FROM parked q WHERE q.handler = p.handler AND q.key = p.key)
         ORDER BY due_at, event_id LIMIT $4",
    )
    .bind(handler)
    .bind(now.as_micros())
    // Further ahead than this: from before the clock stepped back.
    .bind(now.plus_millis(AHEAD_MAX_MS).as_micros())
    .bind(HEADS_MAX)
    .fetch_all(&mut *tx)
    .await
    .map_err(StoreError::database("looking at parked facts"))?
    .iter()
    .map(|row| {
        Ok(Head {
            event_id: db::text(row, "event_id")?,
            key: db::text(row, "key")?,
            envelope: db::text(row, "envelope")?,
            attempt_count: db::integer(row, "attempt_count")?,
        })
    })
    .collect()
}

/// Whether the fact was handled.
async fn retry(deps: &Deps, handler: &dyn Handler, head: &Head) -> Result<bool, StoreError> {
    let span = match serde_json::from_str::<Envelope>(&head.envelope) {
        Ok(envelope) => trace::of_fact(deps.service.as_str(), handler.name(), &envelope),
        Err(_) => trace::of_service(deps.service.as_str()),
    };
    let begun = Instant::now();
    let is_done = try_again(deps, handler, head).instrument(span).await?;
    if is_done {
        deps.metrics.handled(handler.name(), "done", begun.elapsed());
    }
    Ok(is_done)
}

async fn try_again(deps: &Deps, handler: &dyn Handler, head: &Head) -> Result<bool, StoreError> {
    let failed = || StoreError::database("retrying a parked fact");
    let mut tx = deps.db.begin_write().await?;
    // Taken out first: another process of this service may have handled it meanwhile.
    let done = sqlx::query("DELETE FROM parked WHERE handler = $1 AND event_id = $2")
        .bind(handler.name())
        .bind(&head.event_id)
        .execute(&mut *tx)
        .await
        .map_err(failed())?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let result = match serde_json::from_str::<Envelope>(&head.envelope) {
        Err(error) => Err(error.to_string()),
        Ok(envelope) => match handle(handler, &mut tx, &envelope).await {
            Ok(()) => Ok(()),
            Err(error) if error.is_outage() => return Err(super::into_store(error)),
            Err(error) => Err(Chain(&error).to_string()),
        },
    };
    let Err(why) = result else {
        sqlx::query(
            "UPDATE parked SET due_at = 0 WHERE handler = $1 AND key = $2 AND stuck_at IS NULL",
        )
        .bind(handler.name())
        .bind(&head.key)
        .execute(&mut *tx)
        .await
        .map_err(failed())?;
        deps.db.commit(tx).await?;
        return Ok(true);
    };
    tx.rollback().await.map_err(failed())?;
    give_up_or_wait(deps, handler.name(), head, why).await?;
    Ok(false)
}

async fn give_up_or_wait(
    deps: &Deps,
    handler: &str,
    head: &Head,
    why: String,
) -> Result<(), StoreError> {
    let now = deps.clock.now();
    let attempt_count = head.attempt_count + 1;
    let is_stuck = attempt_count >= ATTEMPTS_MAX;
    let wait = if is_stuck { STUCK_WAIT_MS } else { FIRST_WAIT_MS << attempt_count.min(8) };
    let mut tx = deps.db.begin_write().await?;
    let done = sqlx::query(
        "UPDATE parked SET attempt_count = $1, due_at = $2, why = $3,
             stuck_at = CASE WHEN $4 = 1 THEN COALESCE(stuck_at, $5) ELSE stuck_at END
         WHERE handler = $6 AND event_id = $7 AND attempt_count = $8",
    )
    .bind(attempt_count)
    .bind(now.plus_millis(wait).as_micros())
    .bind(&why)
    .bind(i64::from(is_stuck))
    .bind(now.as_micros())
    .bind(handler)
    .bind(&head.event_id)
    .bind(head.attempt_count)
    .execute(&mut *tx)
    .await
    .map_err(StoreError::database("counting an attempt"))?;
    if done.rows_affected() == 1 && attempt_count == ATTEMPTS_MAX {
        let what = "fact".to_owned();
        let bundle = bundle_of(head);
        say_stuck(
            deps,
            &mut tx,
            (&head.key, &trace_of(deps, head)),
            Stuck { service: deps.service.clone(), handler: handler.to_owned(), bundle, what, why },
        )
        .await?;
    }
    deps.db.commit(tx).await
}

/// The bundle that a parked fact is about; facts about persons and channels are about none. What a
/// fact that cannot be read is about, nobody knows: its key is taken for a bundle's, because a hold
/// too many costs a look, and one too few may release.
fn bundle_of(head: &Head) -> Option<BundleId> {
    match serde_json::from_str::<Envelope>(&head.envelope) {
        Ok(envelope) => envelope.fact.bundle().cloned(),
        Err(_) => head.key.parse().ok(),
    }
}

/// The trace of a parked fact; of one that cannot be read, a fresh one.
fn trace_of(deps: &Deps, head: &Head) -> TraceId {
    let envelope = serde_json::from_str::<Envelope>(&head.envelope);
    envelope.map_or_else(|_| deps.ids.trace(), |envelope| envelope.trace)
}

/// Writes down that this service gave up on something.
pub(crate) async fn say_stuck(
    deps: &Deps,
    tx: &mut Tx,
    (key, trace): (&str, &TraceId),
    stuck: Stuck,
) -> Result<(), StoreError> {
    tracing::error!(fact.key = %key, handler = %stuck.handler,
        "{} gave up on {key}: {}", stuck.handler, stuck.why);
    deps.append(tx, Context::of(key, trace), Fact::HandlingStuck(stuck)).await.map(drop)
}
