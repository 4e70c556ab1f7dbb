//! Facts of channels.

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    finding::Finding,
    ids::{BundleId, ChannelName, Incarnation},
    release::{Generation, Receipt},
};

/// A channel is there. A channel that lost its disk joins again, with another incarnation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The channel.
    pub channel: ChannelName,
    /// The life of its disk.
    pub incarnation: Incarnation,
}

/// A channel holds an edition: every member stored, read again and compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// The channel.
    pub channel: ChannelName,
    /// The life of its disk.
    pub incarnation: Incarnation,
    /// The bundle.
    pub bundle: BundleId,
    /// The generation.
    pub generation: Generation,
    /// The edition.
    pub edition: Digest,
}

/// What a channel shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipted {
    /// The receipt.
    pub receipt: Receipt,
}

/// A channel refuses a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The channel.
    pub channel: ChannelName,
    /// The life of its disk.
    pub incarnation: Incarnation,
    /// The bundle.
    pub bundle: BundleId,
    /// The generation of the command.
    pub generation: Generation,
    /// Why.
    pub findings: Vec<Finding>,
}
