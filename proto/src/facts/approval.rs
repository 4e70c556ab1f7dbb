//! Facts of approval.

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    document::Document,
    edition::Registration,
    ids::BundleId,
    release::Evidence,
    sign_off::{Chain, Profile, SignOff},
    signed,
};

/// Sign-off begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The bundle.
    pub bundle: BundleId,
    /// What is to be signed.
    pub manifest: Digest,
    /// By which steps.
    pub chain: Document<Chain>,
    /// Under which profile.
    pub profile: Document<Profile>,
}

/// One step signed, or returned it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The bundle.
    pub bundle: BundleId,
    /// The signed statement.
    pub sign_off: signed::Signed<SignOff>,
}

/// The chain is complete; from here on release owns the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// Manifest, order and the whole signed history.
    pub evidence: Evidence,
}

/// The registrar filled the slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The signed record.
    pub registration: signed::Signed<Registration>,
}
