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
    tick::TICK,
};

/// Whose facts tell a channel what to show.
const RELEASE: &str = "release";
/// Heads remembered at most; with more, those in the middle are told apart no longer.
const HEADS_MAX: usize = 256;

/// How long a channel has been behind release.
#[derive(Debug, Clone)]
pub struct Lag(Arc<Mutex<Looks>>);

#[derive(Debug)]
struct Looks {
    /// When the database last answered.
    at: Instant,
    /// Release's heads that the channel has not reached, and since when each was there.
    ahead: VecDeque<(i64, Instant)>,
}

impl Lag {
    /// None, as of now.
    #[expect(clippy::new_without_default, reason = "it is of a moment")]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Looks { at: Instant::now(), ahead: VecDeque::new() })))
    }

    /// How long something that release said has not been taken in; or how long nobody could tell.
    pub fn age(&self) -> Duration {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.ahead.front().map_or(looks.at, |(_, since)| *since.min(&looks.at)).elapsed()
    }

    /// Looks every quarter of a second until stopped. `at_most` is when the channel stops serving.
    pub async fn watch(
        self,
        deps: Deps,
        handler: &'static str,
        at_most: Duration,
        stop: CancellationToken,
    ) {
        let mut was_dark = false;
        loop {
            if let Err(error) = self.look(&deps, handler).await {
                tracing::warn!(error = %Chain(&error), "{handler}: cannot tell how far it is behind");
            }
            let age = self.age();
            deps.metrics.behind(handler, age);
            let is_dark = age > at_most;
            if is_dark && !was_dark {
                tracing::error!(
                    "{handler} has been behind release for {age:?}: readers get nothing"
                );
            } else if was_dark && !is_dark {
                tracing::info!("{handler} has caught up with release: readers are served again");
            }
            was_dark = is_dark;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    async fn look(&self, deps: &Deps, handler: &str) -> Result<(), StoreError> {
        // Before reading: what is written meanwhile is found by the next look.
        let at = Instant::now();
        let mut tx = deps.db.begin_read().await?;
        let (head, seen) = find_places(&mut tx, handler).await?;
        drop(tx);
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.at = at;
        while looks.ahead.front().is_some_and(|(head, _)| *head <= seen) {
            looks.ahead.pop_front();
        }
        let is_new = looks.ahead.back().is_none_or(|(last, _)| *last < head);
        if head > seen && is_new {
            if looks.ahead.len() == HEADS_MAX {
                looks.ahead.pop_back();
            }
            looks.ahead.push_back((head, at));
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
    let before = deps.clock.now().plus_millis(millis.saturating_neg());
    let rows = sqlx::query(
        "SELECT p.key, p.envelope FROM parked p
         JOIN inbox i ON i.handler = p.handler AND i.event_id = p.event_id
         WHERE p.handler = $1 AND i.done_at < $2",
    )
    .bind(handler)
    .bind(before.as_micros())
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
