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

use std::{path::PathBuf, time::Duration};

use async_nats::{
    Client, ConnectError, ConnectErrorKind, ConnectOptions, Event, HeaderMap,
    jetstream::{self, Context, context::ContextBuilder, stream::DirectGetErrorKind},
};
use lockstep_proto::{envelope::ENVELOPE_BYTES_MAX, ids::Source};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{
    error::{Chain, StoreError},
    outbox::Stored,
};

pub(crate) use consume::run as consume;
pub use relay::run as relay;

/// The one stream.
pub const STREAM: &str = "LOCKSTEP";
/// Older servers take settings silently that they do not know.
const SERVER_MIN: (i64, i64, i64) = (2, 12, 0);
/// Bytes of a message's headers at most.
const HEADERS_BYTES_MAX: usize = 64 << 10;
/// How long the server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How often to ask for the stream at the start, and how long to wait between.
const CHECKS: u32 = 10;
const CHECK_WAIT: Duration = Duration::from_secs(1);

/// The header that names the fact, whatever id the message has.
const EVENT: &str = "Lockstep-Event";

/// The header of what a server answers when it is asked for a message. An answer can be asked to go
/// anywhere, past all permissions to publish: one that came into the stream is nobody's fact.
const ANSWER: &str = "Nats-Stream";

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
    /// Certificates of the authority that the servers' are to be from; TLS is required then.
    pub ca: Option<PathBuf>,
}

/// What can go wrong between a service and the stream.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// No server can be reached.
    #[error(
        "无法连接 NATS {servers}：请确认其已启动 / NATS at {servers} cannot be reached: is it running?"
    )]
    Unreachable {
        /// Where.
        servers: String,
        /// Why.
        #[source]
        source: async_nats::ConnectError,
    },
    /// The servers do not know our key.
    #[error(
        "NATS {servers} 拒绝本服务的密钥：请核对 keys/nats 与各服务器的 NKEY_… / NATS at {servers} refuses our \
         key: see keys/nats, and NKEY_… of the servers' environment"
    )]
    Refused {
        /// Where.
        servers: String,
        /// Why.
        #[source]
        source: async_nats::ConnectError,
    },
    /// We do not know the servers.
    #[error(
        "NATS {servers} 的证书不可信：请核对 [cluster.nats] ca 与服务器证书 / the certificate of NATS at \
         {servers} is not trusted: see ca of [cluster.nats], and the names in the certificate"
    )]
    Untrusted {
        /// Where.
        servers: String,
        /// Why.
        #[source]
        source: async_nats::ConnectError,
    },
    /// The server takes smaller messages than facts may be.
    #[error(
        "NATS 的 max_payload 为 {found} 字节，须至少 {needed}（见 deploy/nats-common.conf） / max_payload of \
         NATS is {found} bytes: at least {needed} are needed"
    )]
    SmallPayload {
        /// Bytes that it takes.
        found: usize,
        /// Bytes that we may send.
        needed: usize,
    },
    /// The server is too old.
    #[error(
        "NATS {servers} 版本过低 / nats-server {found} at {servers} is too old: at least 2.12 is needed"
    )]
    TooOld {
        /// Where.
        servers: String,
        /// What it says it is.
        found: String,
    },
    /// The stream does not answer.
    #[error(
        "NATS {0} 上没有消息流：请运行 lockstep migrate，或等多数服务器就绪 / there is no stream at NATS {0}: run \
         `lockstep migrate`, or wait until most of its servers are up"
    )]
    NoStream(String),
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
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is the network's")]
    fn connect(address: &Address, source: ConnectError) -> Self {
        let servers = address.servers.join(", ");
        match source.kind() {
            ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
                Self::Refused { servers, source }
            }
            ConnectErrorKind::Tls => Self::Untrusted { servers, source },
            // The library takes a handshake that failed for a line that did.
            _ if Chain(&source).to_string().contains("certificate") => {
                Self::Untrusted { servers, source }
            }
            _ => Self::Unreachable { servers, source },
        }
    }

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
        let mut options = match &address.seed {
            Some(seed) => ConnectOptions::with_nkey(seed.clone()),
            None => ConnectOptions::new(),
        };
        if let Some(ca) = &address.ca {
            options = options.add_root_certificates(ca.clone()).require_tls(true);
        }
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
                } else if matches!(event, Event::Closed) {
                    // By ourselves: what is tried again for ever, nobody else ends.
                    tracing::debug!("NATS, as {name}: {event}");
                } else {
                    tracing::warn!("NATS, as {name}: {event}");
                }
                async {}
            })
            .connect(&address.servers)
            .await
            .map_err(|source| BusError::connect(address, source))?;
        let (major, minor, patch) = SERVER_MIN;
        if !client.is_server_compatible(major, minor, patch) {
            return Err(BusError::TooOld {
                servers: address.servers.join(", "),
                found: client.server_info().version,
            });
        }
        let jetstream =
            ContextBuilder::new().timeout(TIMEOUT).ack_timeout(TIMEOUT).build(client.clone());
        Ok(Self { client, jetstream, connected })
    }

    /// Whether the stream is there, which an administrator makes. Servers that were just started get
    /// some time.
    pub async fn check(&self, service: &Source) -> Result<(), BusError> {
        let stream = self.jetstream.get_stream_no_info(STREAM).await;
        let stream = stream.map_err(BusError::stream("finding the stream"))?;
        let subject = format!("lockstep.{service}.none");
        for _ in 0..CHECKS {
            match stream.direct_get_last_for_subject(subject.as_str()).await {
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == DirectGetErrorKind::NotFound => return Ok(()),
                Err(error) => tracing::info!("the stream does not answer yet: {error}"),
            }
            tokio::time::sleep(CHECK_WAIT).await;
        }
        let server = self.client.server_info();
        Err(BusError::NoStream(format!("{} ({}:{})", server.server_name, server.host, server.port)))
    }

    /// Whether the connection is there now.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == async_nats::connection::State::Connected
    }

    /// Whether the server takes facts of every size that is appended: one that is refused would hold up all behind it.
    pub fn check_payload(&self) -> Result<(), BusError> {
        let (found, needed) =
            (self.client.server_info().max_payload, ENVELOPE_BYTES_MAX + HEADERS_BYTES_MAX);
        if found < needed { Err(BusError::SmallPayload { found, needed }) } else { Ok(()) }
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

/// Whether it is an answer of the stream that somebody had sent to a fact's subject.
fn is_answer(message: &jetstream::Message) -> bool {
    message.headers.as_ref().is_some_and(|headers| headers.get(ANSWER).is_some())
}

/// The epoch of the relay that published a message; what names none is of the first.
fn epoch_of(message: &jetstream::Message) -> u32 {
    let named = message.headers.as_ref().and_then(|headers| headers.get(EPOCH));
    named.and_then(|epoch| epoch.as_str().parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests;
