//! Facts of release. The first three are commands to channels.

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    finding::Finding,
    ids::BundleId,
    release::{Evidence, Generation, Hide, Hold, Permit, Receipt},
    signed::Signed,
};

/// Channels are to hold an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staging {
    /// The command.
    pub hold: Signed<Hold>,
    /// So that channels can decide themselves.
    pub evidence: Evidence,
}

/// Channels are to show what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permitted {
    /// The command.
    pub permit: Signed<Permit>,
}

/// Channels are to show nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawing {
    /// The command.
    pub hide: Signed<Hide>,
}

/// A release did not succeed. If it was stopped or is dark, sign-offs over its manifest end with it;
/// if it failed they stand: it may still arrive, or be let go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest.
    pub manifest: Digest,
    /// The generation.
    pub generation: Generation,
    /// Why, for people.
    pub reason: String,
}

/// A release is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest.
    pub manifest: Digest,
    /// The edition that is shown.
    pub edition: Digest,
    /// The generation.
    pub generation: Generation,
    /// One per channel.
    pub receipts: Vec<Receipt>,
    /// Between the first and the last channel, in milliseconds.
    pub skew_ms: i64,
}

/// The gate refused a release; a person is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest.
    pub manifest: Digest,
    /// The generation.
    pub generation: Generation,
    /// Why.
    pub findings: Vec<Finding>,
}
