//! The order 发布令: when and where one manifest is to be released. Not part of the manifest; the
//! last step of the chain signs it together with the manifest.

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    document::schema,
    ids::{BundleId, ChannelName, DeploymentId},
    time::Timestamp,
};

schema! {
    /// `lockstep.order/1`
    OrderSchema, "lockstep.order/1"
}

/// When and where to release one manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Always `lockstep.order/1`.
    pub schema: OrderSchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest.
    pub manifest: Digest,
    /// When.
    pub window: Window,
    /// Where.
    pub channels: Channels,
}

/// What a bundle proposes; becomes an [`Order`] when the last step signs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// When.
    pub window: Window,
    /// Where.
    pub channels: Channels,
}

/// When a release may happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// Between two instants, both included.
    Instants {
        /// Never before.
        not_before: Timestamp,
        /// Later than this, a person is asked.
        not_after: Timestamp,
    },
    /// A number of working days after registration.
    WorkingDays {
        /// Counted from the day after registration.
        days: u16,
    },
}

/// Where a release goes. Both lists sorted, none named twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    /// Must hold the pair before anything is shown anywhere. At least one.
    pub required: Vec<ChannelName>,
    /// May follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub optional: Vec<ChannelName>,
}

impl Channels {
    /// Whether the order names this channel at all.
    pub fn name(&self, channel: &ChannelName) -> bool {
        self.all().any(|named| named == channel)
    }

    /// All channels named, required ones first.
    pub fn all(&self) -> impl Iterator<Item = &ChannelName> {
        self.required.iter().chain(&self.optional)
    }
}
