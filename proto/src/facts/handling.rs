//! Facts that any service may write about its own work.

use serde::{Deserialize, Serialize};

use crate::ids::{BundleId, Source};

/// A handler or job gave up on a bundle. Release holds the bundle until a person has looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// The service whose work it is.
    pub service: Source,
    /// The handler or job.
    pub handler: String,
    /// The bundle; `None` where the fact belongs to none.
    pub bundle: Option<BundleId>,
    /// What was being handled: a fact's type or a job's kind.
    pub what: String,
    /// The last error.
    pub why: String,
}
