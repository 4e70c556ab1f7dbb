//! Facts of the explainer.

use serde::{Deserialize, Serialize};

use crate::{
    finding::Finding,
    ids::{BundleId, SubmissionId},
    manifest::Member,
};

/// Fragments and charts of one submission are made and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// The bundle.
    pub bundle: BundleId,
    /// The submission it answers.
    pub submission: SubmissionId,
    /// What was made, sorted by path.
    pub members: Vec<Member>,
    /// What was left out of it, and why: these block nothing. Since pictures can be left out; older
    /// messages lack it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// They cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The bundle.
    pub bundle: BundleId,
    /// The submission it answers.
    pub submission: SubmissionId,
    /// Why.
    pub findings: Vec<Finding>,
}
