//! How far a channel is behind release. What is not heard may be an order to withdraw: whoever serves
//! readers stops once this has lasted too long, whatever the reason is (the stream is away, no relay
//! runs, the database takes no writes, the handler fails).
//!
//! Asked of the database and not of the stream, so that an outage of the stream is seen for what it
//! is, and darkens nothing while release has said nothing.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use lockstep_proto::{envelope::Envelope, facts::Fact};
use tokio_util::sync::CancellationToken;

use crate::{
    db::{self, Tx},
    deps::Deps,
    error::{Chain, StoreError},
    tick::{AHEAD_MAX_MS, TICK},
};

/// Whose facts tell a channel what to show.
const RELEASE: &str = "release";
/// Heads remembered at most; with more, the newest are told apart no longer.
const HEADS_MAX: usize = 256;
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is said where nobody knows how long it has been.
const UNKNOWN: Duration = Duration::from_hours(24);

/// How long a channel has been behind release.
#[derive(Debug, Clone, Default)]
pub struct Lag(Arc<Mutex<Looks>>);

#[derive(Debug, Default)]
struct Looks {
    /// When the database last answered; none: nobody has looked.
    at: Option<Instant>,
    /// Release's heads that the channel has not reached, and since when each was there; none: before
    /// anybody looked, perhaps for long.
    ahead: VecDeque<(i64, Option<Instant>)>,
    /// The furthest that release's head was seen.
    furthest: i64,
}

impl Lag {
    /// How long something that release said has not been taken in, or how long nobody could tell. None:
    /// for longer than anybody knows.
    pub fn age(&self) -> Option<Duration> {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let looked = looks.at?.elapsed();
        match looks.ahead.front() {
            None => Some(looked),
            Some((_, since)) => since.map(|since| since.elapsed().max(looked)),
        }
    }

    /// Whether the channel may be behind for longer than `at_most`.
    pub fn is_over(&self, at_most: Duration) -> bool {
        self.age().is_none_or(|age| age > at_most)
    }

    /// Looks every quarter of a second until stopped. `at_most` is when the channel is to stop serving.
    pub async fn watch(
        self,
        deps: Deps,
        handler: &'static str,
        at_most: Duration,
        stop: CancellationToken,
    ) {
        let mut was_over = false;
        while !stop.is_cancelled() {
            let looked = tokio::time::timeout(PATIENCE, self.look(&deps, handler)).await;
            if let Ok(Err(error)) = looked {
                tracing::warn!(error = %Chain(&error), "{handler}: cannot tell how far it is behind");
            }
            let age = self.age();
            deps.metrics.behind(handler, age.unwrap_or(UNKNOWN));
            let is_over = self.is_over(at_most);
            if is_over && !was_over {
                if let Some(age) = age {
                    tracing::error!("{handler} has not heard release for {age:?}: too long");
                } else {
                    // As after a restart: it is about to be heard.
                    tracing::warn!("{handler} has yet to hear what release said before it began");
                }
            } else if was_over && !is_over {
                tracing::info!("{handler} has caught up with release");
            }
            was_over = is_over;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    /// Looks once.
    pub async fn look(&self, deps: &Deps, handler: &str) -> Result<(), StoreError> {
        // Before reading: what is written meanwhile is found by the next look.
        let at = Instant::now();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).furthest;
        let mut tx = deps.db.begin_read().await?;
        let (head, seen) = find_places(&mut tx, handler).await?;
        drop(tx);
        if head < known {
            // Release's tables were put back, though not ours.
            deps.db.note_moved();
            return Err(StoreError::Moved);
        }
        if head < seen {
            // This is not release's head.
            let (table, key, column) = ("heads", RELEASE.to_owned(), "pos");
            return Err(StoreError::Corrupt { table, key, column });
        }
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.furthest = looks.furthest.max(head);
        let since = looks.at.replace(at).map(|_| at);
        while looks.ahead.front().is_some_and(|(head, _)| *head <= seen) {
            looks.ahead.pop_front();
        }
        let is_new = looks.ahead.back().is_none_or(|(last, _)| *last < head);
        if head > seen && is_new {
            let full = looks.ahead.len() == HEADS_MAX;
            // The two count as one, as old as the older of them.
            let since = if full { looks.ahead.pop_back().and_then(|(_, at)| at) } else { since };
            looks.ahead.push_back((head, since));
        }
        Ok(())
    }
}

/// Release's head, and how far `handler` has taken release's facts in.
async fn find_places(tx: &mut Tx, handler: &str) -> Result<(i64, i64), StoreError> {
    let row = sqlx::query(
        "SELECT COALESCE((SELECT pos FROM heads WHERE source = $1), 0) AS head,
             COALESCE((SELECT pos FROM cursor WHERE handler = $2 AND source = $1), 0) AS seen",
    )
    .bind(RELEASE)
    .bind(handler)
    .fetch_one(&mut **tx)
    .await
    .map_err(StoreError::database("reading how far release is"))?;
    Ok((db::integer(&row, "head")?, db::integer(&row, "seen")?))
}

/// The bundles of which an order to withdraw, or what nobody can read, has waited longer than
/// `at_most`: the handler cannot take it in.
pub async fn list_unheeded(
    tx: &mut Tx,
    deps: &Deps,
    handler: &str,
    at_most: Duration,
) -> Result<BTreeSet<String>, StoreError> {
    let millis = i64::try_from(at_most.as_millis()).unwrap_or(i64::MAX);
    let now = deps.clock.now();
    let before = now.plus_millis(millis.saturating_neg());
    let rows = sqlx::query(
        "SELECT p.key, p.envelope FROM parked p
         JOIN inbox i ON i.handler = p.handler AND i.event_id = p.event_id
         WHERE p.handler = $1 AND (i.done_at < $2 OR i.done_at > $3)",
    )
    .bind(handler)
    .bind(before.as_micros())
    // Further ahead than this: from before the clock stepped back.
    .bind(now.plus_millis(AHEAD_MAX_MS).as_micros())
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("looking for orders that wait"))?;
    let mut unheeded = BTreeSet::new();
    for row in &rows {
        let envelope = db::text(row, "envelope")?;
        let parsed = serde_json::from_str::<Envelope>(&envelope);
        if parsed.map_or(true, |envelope| matches!(envelope.fact, Fact::ReleaseWithdrawing(_))) {
            unheeded.insert(db::text(row, "key")?);
        }
    }
    Ok(unheeded)
}

#[cfg(test)]
mod tests;
