//! The relay: from a service's outbox to the stream, in order of `pos`. One per outbox works at a
//! time; two would only cost work, because whoever reads the stream goes by `pos`.

use std::time::{Duration, Instant};

use async_nats::{
    HeaderValue,
    jetstream::{message::PublishMessage, stream::DirectGetErrorKind},
};
use futures::StreamExt as _;
use tokio_util::sync::CancellationToken;

use super::{
    Bus, BusError, EPOCH, EVENT, Missing, STREAM, headers, lease, missing_subject, store, subject,
};
use crate::{deps::Deps, error::Chain, failpoint, outbox::Stored, tick::TICK};

/// Facts published at once.
const BATCH: i64 = 256;
/// Facts published again for one request.
const AGAIN_MAX: i64 = 256;
/// The same request is not answered twice within this time.
const AGAIN_WAIT: Duration = Duration::from_secs(1);
/// How long a lease lasts; longer than a pass may take.
const LEASE_MS: i64 = 15_000;
/// A lease is taken again when so much time has passed since it was.
const RENEW: Duration = Duration::from_secs(4);
/// Between two tries after a failure.
const RETRY: Duration = Duration::from_millis(500);

/// Carries what the service appends to the stream, until stopped.
pub async fn run(deps: Deps, bus: Bus, stop: CancellationToken) {
    deps.metrics.relay_began(deps.service.as_str());
    while !stop.is_cancelled() {
        if let Err(error) = work(&deps, &bus, &stop).await {
            tracing::warn!(error = %Chain(&error), "the relay of {} broke off", deps.service);
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(RETRY) => {}
        }
    }
}

/// Works until something fails. Whoever begins looks first whether the stream lost its tail.
async fn work(deps: &Deps, bus: &Bus, stop: &CancellationToken) -> Result<(), BusError> {
    let mut relay = Relay { deps, bus, held_since: None, answered: vec![] };
    let subject = missing_subject(deps.service.as_str());
    let mut asked =
        bus.client.subscribe(subject).await.map_err(BusError::stream("listening for requests"))?;
    let (mut commits, mut connected) = (deps.db.commits(), bus.connected.clone());
    let mut must_heal = true;
    loop {
        commits.borrow_and_update();
        let is_more = if relay.holds_lease().await? {
            if must_heal || connected.has_changed().unwrap_or(false) {
                connected.borrow_and_update();
                relay.heal().await?;
                must_heal = false;
            }
            relay.publish_next().await?
        } else {
            // Whoever takes over after another does not know what that one saw.
            must_heal = true;
            false
        };
        if stop.is_cancelled() {
            return Ok(());
        }
        if is_more {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            _ = commits.changed() => {}
            _ = connected.changed() => must_heal = true,
            Some(message) = asked.next() => {
                if let Ok(missing) = serde_json::from_slice(&message.payload) {
                    relay.publish_again(missing).await?;
                }
            }
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

struct Relay<'a> {
    deps: &'a Deps,
    bus: &'a Bus,
    /// When the lease was taken last.
    held_since: Option<Instant>,
    /// Requests that were answered just now.
    answered: Vec<(Missing, Instant)>,
}

impl Relay<'_> {
    async fn holds_lease(&mut self) -> Result<bool, BusError> {
        if self.held_since.is_some_and(|since| since.elapsed() < RENEW) {
            return Ok(true);
        }
        let mut tx = self.deps.db.begin_write().await?;
        let is_held = lease::take(self.deps, &mut tx, "relay", LEASE_MS).await?;
        self.deps.db.commit_quietly(tx).await?;
        self.held_since = is_held.then(Instant::now);
        Ok(is_held)
    }

    /// Publishes what waits. Says whether there may be more.
    async fn publish_next(&self) -> Result<bool, BusError> {
        let mut tx = self.deps.db.begin_read().await?;
        let source = self.deps.service.as_str();
        let facts = store::list_unpublished(&mut tx, source, BATCH).await?;
        drop(tx);
        let Some(first) = facts.first() else { return Ok(false) };
        failpoint::crash("unpublished", &first.type_name);
        // What was published under an ended epoch is another message to the stream.
        let epoch = self.deps.settings.epoch;
        let places = self.publish(&facts, |fact| format!("{}.{epoch}", fact.event_id)).await?;
        failpoint::crash("unmarked", &first.type_name);
        self.mark(&places).await?;
        self.deps.metrics.relayed(source, places.len());
        Ok(facts.len() == usize::try_from(BATCH).unwrap_or(usize::MAX))
    }

    /// All at once; every acknowledgement is waited for. Where each fact lies in the stream.
    async fn publish(
        &self,
        facts: &[Stored],
        message_id: impl Fn(&Stored) -> String,
    ) -> Result<Vec<(i64, i64)>, BusError> {
        let mut acks = vec![];
        for fact in facts {
            let message = PublishMessage::build()
                .payload(fact.envelope.clone().into())
                .headers(headers(fact, &message_id(fact), self.deps.settings.epoch))
                .expected_stream(STREAM);
            let ack = self.bus.jetstream.send_publish(subject(fact), message).await;
            acks.push(ack.map_err(BusError::stream("publishing"))?);
        }
        let mut places = vec![];
        for (fact, ack) in facts.iter().zip(acks) {
            let ack = ack.await.map_err(BusError::stream("waiting for an acknowledgement"))?;
            places.push((fact.pos, i64::try_from(ack.sequence).unwrap_or(i64::MAX)));
        }
        Ok(places)
    }

    async fn mark(&self, places: &[(i64, i64)]) -> Result<(), BusError> {
        let mut tx = self.deps.db.begin_write().await?;
        store::mark_published(&mut tx, self.deps.service.as_str(), places).await?;
        Ok(self.deps.db.commit_quietly(tx).await?)
    }

    /// Whether the stream still holds what it acknowledged: walks back from the newest fact to one
    /// that is there, and has everything above published again. Other services may have filled the
    /// lost places since; so identities are compared, not numbers.
    async fn heal(&self) -> Result<(), BusError> {
        let source = self.deps.service.as_str();
        let good = self.find_newest_there().await?;
        let mut tx = self.deps.db.begin_write().await?;
        let lost = store::unmark_above(&mut tx, source, good).await?;
        self.deps.db.commit_quietly(tx).await?;
        if lost > 0 {
            self.deps.metrics.healed(source, lost, self.deps.clock.now());
            tracing::error!(
                "the stream lost {lost} facts of {source}; they are published again (heal)"
            );
        }
        Ok(())
    }

    /// The place of the newest fact that the stream holds; 0 where it holds none.
    async fn find_newest_there(&self) -> Result<i64, BusError> {
        let stream = self.bus.jetstream.get_stream_no_info(STREAM).await;
        let stream = stream.map_err(BusError::stream("finding the stream"))?;
        let mut below = i64::MAX;
        loop {
            let mut tx = self.deps.db.begin_read().await?;
            let source = self.deps.service.as_str();
            let facts = store::list_newest(&mut tx, source, below, BATCH).await?;
            drop(tx);
            if facts.is_empty() {
                return Ok(0);
            }
            for (fact, place) in facts {
                // Of all that is above, nothing is there: so this is the last on its subject, or
                // is not there either.
                match stream.direct_get_last_for_subject(subject(&fact)).await {
                    Ok(message) => {
                        // An earlier copy, or one that a process of another epoch published and
                        // nobody takes in, is not what lies at this place.
                        let said = |name| message.headers.get(name).map(HeaderValue::as_str);
                        let epoch = self.deps.settings.epoch.to_string();
                        let is_it = said(EVENT) == Some(fact.event_id.as_str())
                            && said(EPOCH) == Some(epoch.as_str())
                            && i64::try_from(message.sequence).is_ok_and(|at| at >= place);
                        if is_it {
                            return Ok(place);
                        }
                    }
                    Err(error) if error.kind() == DirectGetErrorKind::NotFound => {}
                    Err(error) => return Err(BusError::stream("looking into the stream")(error)),
                }
                below = place;
            }
        }
    }

    /// Publishes again what somebody misses, under ids that the stream has not seen: it may remember
    /// a message that it no longer holds.
    async fn publish_again(&mut self, missing: Missing) -> Result<(), BusError> {
        self.answered.retain(|(_, at)| at.elapsed() < AGAIN_WAIT);
        let is_answered = self.answered.iter().any(|(answered, _)| *answered == missing);
        if is_answered || !self.holds_lease().await? {
            return Ok(());
        }
        let range = (missing.from, missing.to.min(missing.from.saturating_add(AGAIN_MAX - 1)));
        let mut tx = self.deps.db.begin_read().await?;
        let source = self.deps.service.as_str();
        let facts = store::list_published(&mut tx, source, range).await?;
        drop(tx);
        tracing::warn!("publishing {} facts of {source} again from {}", facts.len(), missing.from);
        let again: lockstep_proto::ids::EventId = self.deps.ids.fresh();
        let places = self.publish(&facts, |fact| format!("{}.{again}", fact.event_id)).await?;
        self.mark(&places).await?;
        self.answered.push((missing, Instant::now()));
        Ok(())
    }
}
