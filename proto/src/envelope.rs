//! What a fact travels in.

use serde::{Deserialize, Serialize};

use crate::{
    facts::Fact,
    ids::{EventId, Source, TraceId},
    release::Generation,
    time::Timestamp,
};

/// An envelope's bytes at most, as JSON: headers come on top, and the bus takes 4 MB (`max_payload`). One that is longer
/// would never be published, nor would any fact of its service behind it.
pub const ENVELOPE_BYTES_MAX: usize = 3 << 20;

/// A fact with its identity and its place in the order of its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Made once, in the transaction that wrote the fact; the JetStream message id and the
    /// consumer's inbox key.
    pub id: EventId,
    /// The service that wrote it.
    pub source: Source,
    /// 1, 2, 3 … per source, without gaps.
    pub pos: u64,
    /// What order is kept for: the bundle's id, or the person's or channel's name.
    pub key: String,
    /// The release generation it belongs to, where it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Generation>,
    /// 32 random hexadecimal digits: the ledger's public leaves commit to facts without
    /// disclosing them.
    pub salt: String,
    /// The person's act it came from.
    pub trace: TraceId,
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
}

impl Envelope {
    /// The NATS subject: `lockstep.<service>.<key>.<type>`.
    pub fn subject(&self) -> String {
        format!("lockstep.{}.{}.{}", self.source, self.key, self.fact.type_name())
    }
}
