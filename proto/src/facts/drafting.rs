//! Facts of drafting.

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    document::Document,
    finding::Finding,
    ids::{BundleId, PersonId, SubmissionId},
    manifest::Manifest,
    order::Proposal,
};

/// A revision came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// The manifest to be, without the rendered members.
    pub draft: Manifest,
    /// Who submitted it, as authenticated.
    pub by: PersonId,
}

/// A revision is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The manifest; its digest is the revision's identity from here on.
    pub manifest: Document<Manifest>,
    /// The order the bundle proposes.
    pub proposal: Proposal,
}

/// A drafter asks release to stop. Release decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopRequested {
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest whose release is to stop.
    pub manifest: Digest,
    /// Who asks.
    pub by: PersonId,
    /// Why.
    pub reason: String,
}

/// A submission ended without a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The bundle.
    pub bundle: BundleId,
    /// The submission.
    pub submission: SubmissionId,
    /// Why.
    pub findings: Vec<Finding>,
}
