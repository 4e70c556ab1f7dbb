//! Facts in: whatever the transport, a fact goes through [`process_once`]: begin, claim the inbox
//! row, handle, move the cursor, commit. A handler does SQL only.

mod parking;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use lockstep_proto::{envelope::Envelope, facts::Fact};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    bus::{self, Bus},
    db::Tx,
    deps::Deps,
    error::StoreError,
    failpoint,
    outbox::{self, Stored},
    tick, trace,
};

pub(crate) use parking::say_stuck;
pub use parking::{ATTEMPTS_MAX, is_parked};

/// Facts read at once; small, so that a handler's cursor is seldom far behind its work.
const BATCH: i64 = 64;

/// Hears facts and changes its service's state.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Its name: cursor, inbox and consumer carry it.
    fn name(&self) -> &'static str;

    /// Whether it handles this fact at all.
    fn hears(&self, fact: &Fact) -> bool;

    /// Whether this fact is handled at once although earlier ones of its key are parked. Only for
    /// facts that make the earlier ones void.
    fn overtakes(&self, _fact: &Fact) -> bool {
        false
    }

    /// Takes a fact in. May see a fact's effects already there: every write is fenced.
    async fn handle(&self, tx: &mut Tx, envelope: &Envelope) -> Result<(), HandleError>;
}

/// Why a fact was not handled.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// State could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A test wanted it so.
    #[error(transparent)]
    Injected(#[from] failpoint::Injected),
    /// The fact does not hold.
    #[error("{0}")]
    Refused(String),
}

impl HandleError {
    fn is_outage(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_outage())
    }
}

/// How facts travel between services.
#[derive(Debug, Clone)]
pub enum Transport {
    /// In process: the outbox is the log.
    Local,
    /// The same for tests: sources interleaved at random, every fact delivered twice, the second
    /// time at a later look.
    Shuffled {
        /// What decides the order.
        seed: u64,
    },
    /// Through the stream, between processes.
    JetStream(Box<Bus>),
}

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Handled, committed.
    Done,
    /// Handled before.
    Duplicate,
    /// Waits, with all later facts of its key.
    Parked,
    /// Not for this handler.
    Unheard,
}

/// Runs one handler until stopped.
pub async fn run(deps: Deps, handler: Arc<dyn Handler>, stop: CancellationToken) {
    let mut shuffle = match &deps.transport {
        Transport::Local => None,
        Transport::Shuffled { seed } => Some(Shuffle::new(*seed, handler.name())),
        Transport::JetStream(bus) => {
            let bus = bus.clone();
            return bus::consume(deps, handler, *bus, stop).await;
        }
    };
    let (db, name) = (deps.db.clone(), handler.name());
    tick::run(&db, &stop, name, || {
        let (deps, handler, stop) = (deps.clone(), Arc::clone(&handler), stop.clone());
        let mut shuffled = shuffle.as_mut().map(Shuffle::next_look);
        async move {
            let is_more = drain(&deps, &*handler, shuffled.as_mut(), &stop).await?;
            retry_parked(&deps, &*handler, &stop).await?;
            Ok::<_, StoreError>(is_more)
        }
    })
    .await;
}

/// Handles what lies after the cursor. Says whether there may be more.
async fn drain(
    deps: &Deps,
    handler: &dyn Handler,
    shuffled: Option<&mut Shuffle>,
    stop: &CancellationToken,
) -> Result<bool, StoreError> {
    let mut tx = deps.db.begin_read().await?;
    let mut facts = outbox::list_after_cursor(&mut tx, handler.name(), BATCH).await?;
    drop(tx);
    let is_full = i64::try_from(facts.len()).is_ok_and(|count| count == BATCH);
    let is_more = shuffled.is_some_and(|shuffle| shuffle.rearrange(&mut facts));
    for fact in &facts {
        if stop.is_cancelled() {
            return Ok(false);
        }
        process_once(deps, handler, fact).await?;
    }
    Ok(is_full || is_more)
}

/// Tries what is parked and due.
pub(crate) async fn retry_parked(
    deps: &Deps,
    handler: &dyn Handler,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    parking::retry_due(deps, handler, stop).await
}

/// Takes one fact through inbox, handler and cursor in one transaction. An error means that the
/// database is out of order: nothing was changed, the same fact comes again.
pub async fn process_once(
    deps: &Deps,
    handler: &dyn Handler,
    stored: &Stored,
) -> Result<Outcome, StoreError> {
    let begun = Instant::now();
    let parsed: Result<Envelope, _> = serde_json::from_str(&stored.envelope);
    let span = match &parsed {
        Ok(envelope) => trace::of_fact(deps.service.as_str(), handler.name(), envelope),
        Err(_) => trace::of_service(deps.service.as_str()),
    };
    let outcome = process(deps, handler, stored, parsed).instrument(span).await?;
    let name = match outcome {
        Outcome::Done => "done",
        Outcome::Duplicate => "duplicate",
        Outcome::Parked => "parked",
        Outcome::Unheard => return Ok(outcome),
    };
    deps.metrics.handled(handler.name(), name, begun.elapsed());
    Ok(outcome)
}

async fn process(
    deps: &Deps,
    handler: &dyn Handler,
    stored: &Stored,
    parsed: serde_json::Result<Envelope>,
) -> Result<Outcome, StoreError> {
    let mut tx = deps.db.begin_write().await?;
    if let Ok(envelope) = &parsed
        && !handler.hears(&envelope.fact)
    {
        outbox::save_cursor(&mut tx, handler.name(), &stored.source, stored.pos).await?;
        deps.db.commit_quietly(tx).await?;
        return Ok(Outcome::Unheard);
    }
    if !claim_inbox(&mut tx, deps, handler.name(), &stored.event_id).await? {
        outbox::save_cursor(&mut tx, handler.name(), &stored.source, stored.pos).await?;
        deps.db.commit_quietly(tx).await?;
        return Ok(Outcome::Duplicate);
    }
    let is_behind = parking::is_parked(&mut tx, handler.name(), &stored.key).await?;
    let result = match &parsed {
        Err(error) => Err(format!(
            "消息无法读取，可能属于较新的类型 / fact cannot be read, perhaps a newer type: {error}"
        )),
        Ok(envelope) if is_behind && !handler.overtakes(&envelope.fact) => {
            Err("排在较早的消息之后 / waits behind an earlier fact".to_owned())
        }
        Ok(envelope) => match handle(handler, &mut tx, envelope).await {
            Ok(()) => Ok(place(handler, envelope)),
            Err(error) if error.is_outage() => return Err(into_store(error)),
            Err(error) => Err(crate::error::Chain(&error).to_string()),
        },
    };
    match result {
        Ok(place) => {
            outbox::save_cursor(&mut tx, handler.name(), &stored.source, stored.pos).await?;
            failpoint::crash("handled", &place);
            deps.db.commit_quietly(tx).await?;
            failpoint::crash("committed", &place);
            deps.db.wake();
            Ok(Outcome::Done)
        }
        Err(why) => {
            tx.rollback().await.map_err(StoreError::database("rolling back"))?;
            parking::park(deps, handler.name(), stored, &why).await?;
            Ok(Outcome::Parked)
        }
    }
}

async fn handle(
    handler: &dyn Handler,
    tx: &mut Tx,
    envelope: &Envelope,
) -> Result<(), HandleError> {
    failpoint::fail(handler.name(), &envelope.key)?;
    handler.handle(tx, envelope).await
}

/// Names a moment for failpoints: handler, fact type, generation.
fn place(handler: &dyn Handler, envelope: &Envelope) -> String {
    let generation = envelope.generation.map_or("-".to_owned(), |g| g.to_string());
    format!("{} {} {generation}", handler.name(), envelope.fact.type_name())
}

fn into_store(error: HandleError) -> StoreError {
    match error {
        HandleError::Store(error) => error,
        HandleError::Injected(_) | HandleError::Refused(_) => {
            StoreError::Stale { what: error.to_string() }
        }
    }
}

async fn claim_inbox(
    tx: &mut Tx,
    deps: &Deps,
    handler: &str,
    event_id: &str,
) -> Result<bool, StoreError> {
    sqlx::query(
        "INSERT INTO inbox (handler, event_id, done_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(handler)
    .bind(event_id)
    .bind(deps.clock.now().as_micros())
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
    .map_err(StoreError::database("claiming an inbox row"))
}

/// A seeded order for tests.
#[derive(Debug, Clone)]
struct Shuffle {
    state: u64,
    /// What was delivered once and comes a second time, late.
    again: Arc<Mutex<Vec<Stored>>>,
}

impl Shuffle {
    fn new(seed: u64, salt: &str) -> Self {
        let mixed = salt.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |mix, byte| {
            (mix ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state: mixed | 1, again: Arc::default() }
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    /// A generator for one look, so that looks differ.
    fn next_look(&mut self) -> Self {
        Self { state: self.next() | 1, again: Arc::clone(&self.again) }
    }

    /// Keeps a random few facts of random sources, in order within each source, and mixes in some
    /// that were delivered before. Says whether it left some out.
    fn rearrange(&mut self, facts: &mut Vec<Stored>) -> bool {
        let is_more = self.interleave(facts);
        let fresh = facts.clone();
        let again = Arc::clone(&self.again);
        let mut again = again.lock().unwrap_or_else(PoisonError::into_inner);
        let late: Vec<Stored> = again.extract_if(.., |_| self.next().is_multiple_of(3)).collect();
        for fact in late {
            let place = usize::try_from(self.next()).unwrap_or(0) % (facts.len() + 1);
            facts.insert(place, fact);
        }
        again.extend(fresh);
        is_more
    }

    fn interleave(&mut self, facts: &mut Vec<Stored>) -> bool {
        let mut by_source: Vec<Vec<Stored>> = vec![];
        for fact in std::mem::take(facts) {
            match by_source.iter_mut().find(|of| of.iter().any(|f| f.source == fact.source)) {
                Some(of) => of.push(fact),
                None => by_source.push(vec![fact]),
            }
        }
        let mut is_more = false;
        for of in &mut by_source {
            let keep = usize::try_from(self.next() % 3).unwrap_or(1);
            is_more |= of.len() > keep;
            of.truncate(keep);
        }
        while by_source.iter().any(|of| !of.is_empty()) {
            let pick = usize::try_from(self.next() % 8).unwrap_or(0) % by_source.len().max(1);
            if let Some(of) = by_source.get_mut(pick).filter(|of| !of.is_empty()) {
                facts.push(of.remove(0));
            }
        }
        is_more
    }
}

#[cfg(test)]
mod tests;
