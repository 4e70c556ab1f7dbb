//! Facts through NATS JetStream: each service's relay carries its outbox to one stream, and a durable
//! consumer per handler brings facts back. The outbox is the truth: what the stream lost is
//! published again, and a fact that is missing in a source's order is asked for.
//!
//! Nothing here is trusted to keep facts: an acknowledged message may be lost with the stream's tail,
//! doubled, or come out of order. `pos` and the inbox absorb all of that.

pub mod admin;
mod consume;
mod lease;
mod relay;
mod store;

use std::time::Duration;

use async_nats::{
    Client, ConnectOptions, Event, HeaderMap,
    jetstream::{self, Context, context::ContextBuilder, stream::DirectGetErrorKind},
};
use lockstep_proto::ids::Source;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{error::StoreError, outbox::Stored};

pub(crate) use consume::run as consume;
pub use relay::run as relay;

/// The one stream.
pub const STREAM: &str = "LOCKSTEP";
/// Older servers take settings silently that they do not know.
const SERVER_MIN: (i64, i64, i64) = (2, 12, 0);
/// How long the server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The header that names the fact, whatever id the message has.
const EVENT: &str = "Lockstep-Event";

/// The header that names the epoch of the relay that published it.
const EPOCH: &str = "Lockstep-Epoch";

/// A service's connection.
#[derive(Debug, Clone)]
pub struct Bus {
    client: Client,
    jetstream: Context,
    /// Changes whenever the connection is there again.
    connected: watch::Receiver<u64>,
}

/// How to reach the servers.
#[derive(Debug, Clone)]
pub struct Address {
    /// One is enough; the others are learned.
    pub servers: Vec<String>,
    /// The seed of the service's nkey, where the servers ask for one.
    pub seed: Option<String>,
}

/// What can go wrong between a service and the stream.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// No server can be reached, or none lets us in.
    #[error("无法连接 NATS / NATS at {servers} cannot be reached, or refuses our key")]
    Unreachable {
        /// Where.
        servers: String,
        /// Why.
        #[source]
        source: async_nats::ConnectError,
    },
    /// The server is too old.
    #[error("NATS 版本过低 / nats-server {found} is too old: at least 2.12 is needed")]
    TooOld {
        /// What it says it is.
        found: String,
    },
    /// The server, or the network, refused something.
    #[error("消息流出错 / the stream failed while {doing}")]
    Stream {
        /// What we were doing.
        doing: &'static str,
        /// Why.
        #[source]
        source: async_nats::Error,
    },
    /// The deployment was restored, and this process does not know it.
    #[error(
        "消息属于恢复后的第 {0} 期，请换用新的 lockstep.toml 重新启动 / a message is of epoch {0}: take the \
         lockstep.toml that `lockstep restore` wrote and start again"
    )]
    NewerEpoch(u32),
    /// State could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BusError {
    /// For `map_err`: an error of the stream while `doing` something.
    fn stream<E>(doing: &'static str) -> impl FnOnce(E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        move |source| Self::Stream { doing, source: source.into() }
    }
}

/// Asks a source's relay for facts again, from one `pos` to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Missing {
    from: i64,
    to: i64,
}

impl Bus {
    /// Connects as `service`. Later losses of the connection are mended by itself.
    pub async fn connect(service: &Source, address: &Address) -> Result<Self, BusError> {
        let (tell, connected) = watch::channel(0);
        let name = service.to_string();
        let options = match &address.seed {
            Some(seed) => ConnectOptions::with_nkey(seed.clone()),
            None => ConnectOptions::new(),
        };
        let client = options
            .name(&name)
            // Answers come to an inbox that no other service may read.
            .custom_inbox_prefix(format!("_INBOX_{name}"))
            .connection_timeout(TIMEOUT)
            .request_timeout(Some(TIMEOUT))
            .max_reconnects(None)
            .event_callback(move |event| {
                if matches!(event, Event::Connected) {
                    tell.send_modify(|count| *count += 1);
                } else {
                    tracing::warn!("NATS, as {name}: {event}");
                }
                async {}
            })
            .connect(&address.servers)
            .await
            .map_err(|source| BusError::Unreachable {
                servers: address.servers.join(", "),
                source,
            })?;
        let (major, minor, patch) = SERVER_MIN;
        if !client.is_server_compatible(major, minor, patch) {
            return Err(BusError::TooOld { found: client.server_info().version });
        }
        let jetstream =
            ContextBuilder::new().timeout(TIMEOUT).ack_timeout(TIMEOUT).build(client.clone());
        Ok(Self { client, jetstream, connected })
    }

    /// Whether the connection is there now.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == async_nats::connection::State::Connected
    }

    /// Asks the stream something that `service` may ask; it has to answer.
    pub async fn reach(&self, service: &Source) -> Result<(), BusError> {
        let stream = self.jetstream.get_stream_no_info(STREAM).await;
        let stream = stream.map_err(BusError::stream("finding the stream"))?;
        // Nothing is ever published there: an answer says that there is nothing.
        match stream.direct_get_last_for_subject(format!("lockstep.{service}.none.none")).await {
            Err(error) if error.kind() != DirectGetErrorKind::NotFound => {
                Err(BusError::stream("reaching the stream")(error))
            }
            _ => Ok(()),
        }
    }

    /// Asks `source` to publish again what is missing. Lost requests are made again.
    async fn ask_again(&self, source: &str, missing: Missing) -> Result<(), BusError> {
        let text = serde_json::to_vec(&missing)
            .map_err(|source| StoreError::Json { what: "missing facts", source })?;
        self.client
            .publish(missing_subject(source), text.into())
            .await
            .map_err(BusError::stream("asking for missing facts"))
    }
}

/// Where a source hears which of its facts are missing somewhere; outside the stream.
fn missing_subject(source: &str) -> String {
    format!("missing.lockstep.{source}")
}

/// Where a fact goes: its source can be told from it, because only the source may publish there.
fn subject(fact: &Stored) -> String {
    format!("lockstep.{}.{}.{}", fact.source, fact.key, fact.type_name)
}

fn headers(fact: &Stored, message_id: &str, epoch: u32) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(EPOCH, epoch.to_string());
    headers.insert("Nats-Msg-Id", message_id);
    headers.insert(EVENT, fact.event_id.as_str());
    headers
}

/// What inbox and parking need of an envelope, also of one whose type is not known here.
#[derive(Deserialize)]
struct Identity {
    id: String,
    source: String,
    pos: i64,
    key: String,
    #[serde(rename = "type")]
    type_name: String,
}

/// The fact a message carries; none where it is not what the subject's source may publish.
fn fact_of(message: &jetstream::Message) -> Option<Stored> {
    let envelope = String::from_utf8(message.payload.to_vec()).ok()?;
    let Identity { id, source, pos, key, type_name } = serde_json::from_str(&envelope).ok()?;
    let fact = Stored { source, pos, event_id: id, key, type_name, envelope };
    (message.subject.as_str() == subject(&fact)).then_some(fact)
}

/// The epoch of the relay that published a message; what names none is of the first.
fn epoch_of(message: &jetstream::Message) -> u32 {
    let named = message.headers.as_ref().and_then(|headers| headers.get(EPOCH));
    named.and_then(|epoch| epoch.as_str().parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests;
