//! The stream and its consumers: made by an administrator's command, never by services.

use std::time::Duration;

use async_nats::jetstream::{
    ErrorCode,
    consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
    context::{DeleteStreamError, DeleteStreamErrorKind},
    stream::{Config, DiscardPolicy, RetentionPolicy, StorageType},
};

use futures::TryStreamExt as _;

use super::{Bus, BusError, STREAM, store};
use crate::{db::Db, error::StoreError};

/// A message that was delivered and not acknowledged for so long is delivered to another process:
/// handlers do SQL only, and a process that died must not keep its consumer waiting.
const ACK_WAIT: Duration = Duration::from_secs(5);
/// How long the stream remembers message ids: a relay that died repeats what it was about.
const DUPLICATE_WINDOW: Duration = Duration::from_mins(10);

/// A handler's consumer: its name, and the services whose facts it hears.
pub type Consumer = (&'static str, &'static [&'static str]);

/// How much the stream holds, and on how many servers.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Servers that hold each message: 3 in a cluster, 1 on a single server.
    pub replicas: usize,
    /// Bytes at most. A full stream refuses what is new, and the outboxes keep it.
    pub bytes_max: i64,
}

impl Bus {
    /// Makes the stream and its consumers, or brings them to these settings.
    pub async fn make_stream(&self, size: Size, consumers: &[Consumer]) -> Result<(), BusError> {
        self.jetstream
            .create_or_update_stream(stream(size))
            .await
            .map_err(BusError::stream("making the stream"))?;
        for consumer in consumers {
            self.jetstream
                .create_consumer_on_stream(config(consumer), STREAM)
                .await
                .map_err(BusError::stream("making a consumer"))?;
        }
        Ok(())
    }
}

impl Bus {
    /// Makes the stream anew, empty: after a restore it holds facts that were forgotten, whose places
    /// belong to others now.
    pub async fn make_stream_anew(
        &self,
        size: Size,
        consumers: &[Consumer],
    ) -> Result<(), BusError> {
        match self.jetstream.delete_stream(STREAM).await {
            Ok(_) => {}
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(BusError::stream("removing the stream")(error)),
        }
        self.make_stream(size, consumers).await
    }
}

/// The stream as it is.
#[derive(Debug)]
pub struct Found {
    /// Servers that hold each message.
    pub replicas: usize,
    /// Bytes at most.
    pub bytes_max: i64,
    /// Bytes now.
    pub bytes: u64,
    /// Whether it refuses what is new once it is full, instead of dropping what is old.
    pub refuses_when_full: bool,
    /// Its consumers.
    pub consumers: Vec<String>,
}

impl Bus {
    /// The stream as it is, for administrators.
    pub async fn inspect(&self) -> Result<Found, BusError> {
        let stream = self.jetstream.get_stream(STREAM).await;
        let stream = stream.map_err(BusError::stream("finding the stream"))?;
        let listed: Result<_, _> = stream.consumer_names().try_collect().await;
        let consumers = listed.map_err(BusError::stream("listing the consumers"))?;
        let about = stream.cached_info();
        Ok(Found {
            replicas: about.config.num_replicas,
            bytes_max: about.config.max_bytes,
            bytes: about.state.bytes,
            refuses_when_full: about.config.discard == DiscardPolicy::New,
            consumers,
        })
    }

    /// How full the stream is, in percent: for administrators, and for release, who warns of it.
    pub async fn used_percent(&self) -> Result<i64, BusError> {
        let stream = self.jetstream.get_stream(STREAM).await;
        let about =
            stream.map_err(BusError::stream("asking how full it is"))?.cached_info().clone();
        let bytes = i64::try_from(about.state.bytes).unwrap_or(i64::MAX);
        Ok(bytes.saturating_mul(100) / about.config.max_bytes.max(1))
    }

    /// Whether a handler's consumer is there.
    pub async fn check_consumer(&self, name: &str) -> Result<(), BusError> {
        let found: Result<PullConsumer, _> =
            self.jetstream.get_consumer_from_stream(name, STREAM).await;
        found.map(drop).map_err(BusError::stream("finding the consumer"))
    }
}

fn is_missing(error: &DeleteStreamError) -> bool {
    matches!(error.kind(), DeleteStreamErrorKind::JetStream(said)
        if said.error_code() == ErrorCode::STREAM_NOT_FOUND)
}

/// How far a handler has taken in a source, for administrators.
pub async fn find_cursor(db: &Db, handler: &str, source: &str) -> Result<i64, StoreError> {
    let mut tx = db.begin_read().await?;
    store::find_cursor(&mut tx, handler, source).await
}

/// Has everything of `source` published anew that somebody has not taken in yet: what lies above
/// `taken_in`. What lies below is in no stream any more, and nobody misses it.
pub async fn publish_anew(db: &Db, source: &str, taken_in: i64) -> Result<(), StoreError> {
    let mut tx = db.begin_write().await?;
    store::unmark_all(&mut tx, source, taken_in).await?;
    db.commit(tx).await
}

fn stream(size: Size) -> Config {
    Config {
        name: STREAM.to_owned(),
        subjects: vec!["lockstep.>".to_owned()],
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        // `Old` would drop facts in silence.
        discard: DiscardPolicy::New,
        max_bytes: size.bytes_max,
        num_replicas: size.replicas,
        duplicate_window: DUPLICATE_WINDOW,
        // A relay looks up the last of its own subjects; it may not read anybody else's.
        allow_direct: true,
        deny_delete: true,
        deny_purge: true,
        ..Config::default()
    }
}

fn config((name, sources): &Consumer) -> pull::Config {
    pull::Config {
        durable_name: Some((*name).to_owned()),
        // Whole sources: `pos` shows a gap only if nothing else is left out.
        filter_subjects: sources.iter().map(|source| format!("lockstep.{source}.>")).collect(),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        // The server would stop delivering in silence; we park instead.
        max_deliver: -1,
        // What was delivered again would come after newer ones.
        max_ack_pending: 1,
        ..pull::Config::default()
    }
}
