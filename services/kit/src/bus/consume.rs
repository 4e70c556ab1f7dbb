//! From the stream to a handler. One message of a consumer is under way at a time, so that the order
//! of each source is kept; whatever cannot be handled is parked in SQL and acknowledged, so that no
//! bundle keeps another waiting. A handler does SQL only: a message is done in milliseconds.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::jetstream::{self, AckKind, consumer::PullConsumer};
use futures::StreamExt as _;
use tokio_util::sync::CancellationToken;

use super::{Bus, BusError, Missing, STREAM, epoch_of, fact_of, is_answer, store};
use crate::{
    deps::Deps,
    dispatch::{self, Handler},
    epoch,
    error::{Chain, StoreError},
    outbox::Stored,
    tick::TICK,
};

/// Messages asked for at once; the server hands them out one by one.
const BATCH: usize = 32;
/// How long one request for messages stands.
const EXPIRES: Duration = Duration::from_secs(10);
/// The server says so often that it is there.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// How long to leave a database alone that is out of order.
const PAUSE: Duration = Duration::from_secs(1);
/// How often a message of an epoch that our database does not know is waited with: whoever restored may
/// still be starting processes.
const FOREIGN_TRIES: i64 = 10;
/// How often to ask for what is missing.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// Brings facts to `handler` until stopped. A consumer that cannot be read is tried again.
pub(crate) async fn run(deps: Deps, handler: Arc<dyn Handler>, bus: Bus, stop: CancellationToken) {
    // The lowest epoch that messages named and that there is not.
    let mut forged = None;
    while !stop.is_cancelled() {
        if let Err(error) = work(&deps, &*handler, &bus, &mut forged, &stop).await {
            let name = handler.name();
            tracing::warn!(error = %Chain(&error), "consumer {name} broke off; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn work(
    deps: &Deps,
    handler: &dyn Handler,
    bus: &Bus,
    forged: &mut Option<u32>,
    stop: &CancellationToken,
) -> Result<(), BusError> {
    let consumer: PullConsumer = bus
        .jetstream
        .get_consumer_from_stream(handler.name(), STREAM)
        .await
        .map_err(BusError::stream("finding the consumer; `lockstep migrate` makes it"))?;
    let mut messages = consumer
        .stream()
        .max_messages_per_batch(BATCH)
        .expires(EXPIRES)
        .heartbeat(HEARTBEAT)
        .messages()
        .await
        .map_err(BusError::stream("asking for messages"))?;
    let mut commits = deps.db.commits();
    let mut asked_at = None;
    loop {
        commits.borrow_and_update();
        dispatch::retry_parked(deps, handler, stop).await?;
        mind_the_gap(deps, handler, bus, &mut asked_at).await?;
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            message = messages.next() => match message {
                Some(message) => {
                    let message = message.map_err(BusError::stream("receiving"))?;
                    take(deps, handler, &message, forged).await?;
                }
                None => return Ok(()),
            },
            // Whatever this process committed may have made something due.
            _ = commits.changed() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Takes one message in and acknowledges it once its effects are committed.
async fn take(
    deps: &Deps,
    handler: &dyn Handler,
    message: &jetstream::Message,
    forged: &mut Option<u32>,
) -> Result<(), BusError> {
    let failed = |source| BusError::Stream { doing: "acknowledging", source };
    if is_answer(message) {
        tracing::error!("{} is an answer to somebody, and no fact; dropped", message.subject);
        return message.ack_with(AckKind::Term).await.map_err(failed);
    }
    let (epoch, ours) = (epoch_of(message), deps.settings.epoch);
    if epoch > ours {
        // Another process is in it, or somebody says so who may not: our database knows.
        let tries = message.info().map_or(0, |info| info.delivered);
        let is_forged = forged.is_some_and(|forged| epoch >= forged) || tries >= FOREIGN_TRIES;
        if is_forged && !epoch::is_known(deps, epoch).await? {
            *forged = Some(forged.map_or(epoch, |forged| forged.min(epoch)));
            tracing::error!(
                "{} says it is of epoch {epoch}, of which our database knows nothing; dropped",
                message.subject
            );
            return message.ack_with(AckKind::Term).await.map_err(failed);
        }
        message.ack_with(AckKind::Nak(Some(PAUSE))).await.map_err(failed)?;
        return Err(BusError::NewerEpoch(epoch));
    }
    if epoch < ours {
        // From a process that slept through a restore: what it tells of is forgotten everywhere, and
        // its place in the order belongs to another fact by now.
        tracing::error!("{} is of epoch {epoch}, which has ended; dropped", message.subject);
        return message.ack_with(AckKind::Term).await.map_err(failed);
    }
    let Some(fact) = fact_of(message) else {
        tracing::error!("{} is not what its source may publish; dropped", message.subject);
        return message.ack_with(AckKind::Term).await.map_err(failed);
    };
    match accept(deps, handler, &fact).await {
        Ok(()) => message.ack().await.map_err(failed),
        Err(error) => {
            // Nothing was changed: the same message comes again.
            message.ack_with(AckKind::Nak(Some(PAUSE))).await.map_err(failed)?;
            Err(error.into())
        }
    }
}

/// Handles a fact that is the next of its source, or was handled before; puts others aside.
async fn accept(deps: &Deps, handler: &dyn Handler, fact: &Stored) -> Result<(), StoreError> {
    let mut tx = deps.db.begin_read().await?;
    let seen = store::find_cursor(&mut tx, handler.name(), &fact.source).await?;
    drop(tx);
    if fact.pos <= seen + 1 {
        return dispatch::process_once(deps, handler, fact).await.map(drop);
    }
    tracing::warn!(
        "{} has {} of {} and gets {}: one is missing",
        handler.name(),
        seen,
        fact.source,
        fact.pos
    );
    let mut tx = deps.db.begin_write().await?;
    store::save_ahead(&mut tx, handler.name(), fact).await?;
    deps.db.commit_quietly(tx).await
}

/// Handles what was put aside and has become the next of its source; asks the sources for what is
/// missing before the rest, again and again, until it came.
async fn mind_the_gap(
    deps: &Deps,
    handler: &dyn Handler,
    bus: &Bus,
    asked_at: &mut Option<Instant>,
) -> Result<(), BusError> {
    loop {
        let mut tx = deps.db.begin_read().await?;
        let ahead = store::list_ahead(&mut tx, handler.name()).await?;
        drop(tx);
        if let Some((fact, _)) = ahead.iter().find(|(fact, seen)| fact.pos <= seen + 1) {
            dispatch::process_once(deps, handler, fact).await?;
            let mut tx = deps.db.begin_write().await?;
            store::delete_ahead(&mut tx, handler.name(), fact).await?;
            deps.db.commit_quietly(tx).await?;
            continue;
        }
        if !asked_at.is_some_and(|at| at.elapsed() < ASK_EVERY) {
            for (fact, seen) in &ahead {
                let missing = Missing { from: seen + 1, to: fact.pos - 1 };
                bus.ask_again(&fact.source, missing).await?;
            }
            *asked_at = (!ahead.is_empty()).then(Instant::now);
        }
        return Ok(());
    }
}
