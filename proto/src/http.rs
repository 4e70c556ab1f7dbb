//! Request and answer bodies of the staff door.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    document::Document,
    edition::Registration,
    finding::Finding,
    ids::{
        BundleId, ChannelName, CommandId, DeploymentId, PersonId, StepName, SubmissionId, TraceId,
    },
    manifest::Manifest,
    order::{Order, Proposal},
    people::{KeyRecord, KeyRevocation, PersonRecord},
    release::{Generation, Receipt, Resumption, Withdrawal},
    sign_off::{Chain, Profile, SignOff},
    signed::{PublicKey, Signed, Statement},
    time::Timestamp,
};

/// Header with the client-made id of a command: a retry under the same id is answered, not
/// carried out again.
pub const COMMAND_HEADER: &str = "lockstep-command";

/// What went wrong, for programs and people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code such as `no_bundle`.
    pub code: String,
    /// One sentence, lower case.
    pub detail: String,
    /// What the rule says, where the rule refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// `POST /bundles`: a folder's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// The bundle this is a revision of; none: a new bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revises: Option<BundleId>,
    /// Path to base64 of the file's bytes.
    pub files: BTreeMap<String, String>,
}

/// Answer to [`Submit`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// The bundle.
    pub bundle: BundleId,
    /// Its revision.
    pub revision: u32,
    /// The submission.
    pub submission: SubmissionId,
    /// The same content is under way already; nothing was changed.
    pub unchanged: bool,
    /// Warnings.
    pub findings: Vec<Finding>,
}

/// `POST /bundles/{id}/stop`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Why.
    pub reason: String,
}

/// `GET /bundles/{id}/case`: what an approver needs to decide and to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// `open`, `granted`, `permitted`, `returned`, `superseded` or `ended`.
    pub state: String,
    /// What is to be signed.
    pub manifest: Document<Manifest>,
    /// By which steps.
    pub chain: Document<Chain>,
    /// Under which profile.
    pub profile: Document<Profile>,
    /// The order the bundle proposes.
    pub proposal: Proposal,
    /// The history so far.
    pub sign_offs: Vec<Signed<SignOff>>,
    /// The order in force, once the last step signed.
    pub order: Option<Document<Order>>,
    /// The registrar's record.
    pub registration: Option<Signed<Registration>>,
    /// The step whose turn it is.
    pub next_step: Option<StepName>,
}

/// `POST /bundles/{id}/sign-offs`: sign, return, or (last step, after granting) order anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostSignOff {
    /// The statement.
    pub sign_off: Signed<SignOff>,
    /// The order it names; with the last step's signature only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Document<Order>>,
}

/// `PUT /bundles/{id}/registration`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutRegistration {
    /// The statement.
    pub registration: Signed<Registration>,
}

/// `POST /bundles/{id}/withdrawal`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostWithdrawal {
    /// The statement.
    pub withdrawal: Signed<Withdrawal>,
}

/// `GET /bundles/{id}/draft`: drafting's view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The bundle.
    pub bundle: BundleId,
    /// Its title.
    pub title: String,
    /// The newest revision.
    pub revision: u32,
    /// `rendering`, `dropped`, `in_review`, `returned`, `granted`, `stopped`, `released`, `dark`.
    pub state: String,
    /// The newest sealed manifest.
    pub manifest: Option<Digest>,
    /// Who submitted the newest revision.
    pub submitted_by: PersonId,
    /// When.
    pub submitted_at: Timestamp,
    /// Why it was dropped or returned, or is not rendered yet; while it is in review, what was left out when it was
    /// rendered.
    pub findings: Vec<Finding>,
}

/// `GET /bundles/{id}/release`: release's view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The bundle.
    pub bundle: BundleId,
    /// The phase, in release's words.
    pub phase: String,
    /// The generation.
    pub generation: Generation,
    /// The manifest.
    pub manifest: Digest,
    /// The edition, once registered.
    pub edition: Option<Digest>,
    /// Since when the phase holds.
    pub since: Timestamp,
    /// What stands in the way, or why it ended.
    pub reason: Option<String>,
    /// Why the gate refused.
    pub findings: Vec<Finding>,
    /// What each channel last said it shows.
    pub receipts: Vec<Receipt>,
    /// The manifest that readers may see now: another one than `manifest` while a correction is
    /// under way.
    #[serde(default)]
    pub shown: Option<Digest>,
    /// The channels whose answer is still to come.
    #[serde(default)]
    pub waits_for: Vec<ChannelName>,
}

impl Release {
    /// What a withdrawal takes away: what readers see, or what is on its way to them.
    pub fn withdrawn_manifest(&self) -> &Digest {
        self.shown.as_ref().unwrap_or(&self.manifest)
    }
}

/// `GET /bundles/{id}`: everything the services say about a bundle, each in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Drafting's view.
    pub draft: Draft,
    /// Approval's view, once sealed.
    pub case: Option<Case>,
    /// Release's view, once granted.
    pub release: Option<Release>,
    /// Handlers and jobs that gave up on this bundle: it is held until a person has looked.
    pub held: Vec<String>,
}

/// `POST /deployment/resumption`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostResumption {
    /// Signed by the root key: the signature is the authority.
    pub resumption: Signed<Resumption>,
}

/// `GET /deployment`: the deployment as a whole. After a restore it is held until every channel was
/// compared and a person has looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The epoch it is in.
    pub epoch: u32,
    /// Whether nothing is released for now.
    pub is_held: bool,
    /// What is still to be compared, in words, before a person may let it go on.
    pub waits_for: Vec<String>,
    /// Bundles that were withdrawn after the backup was made: they are brought to dark again.
    pub withdrawn: Vec<BundleId>,
    /// Bundles that showed something after the backup was made that nobody here knows any more: each
    /// is held by itself.
    pub forgotten: Vec<BundleId>,
}

/// `PUT /people/{id}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutPerson {
    /// Signed by the root key: the signature is the authority.
    pub record: Signed<PersonRecord>,
}

/// `POST /keys`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostKey {
    /// Signed by the root key: the signature is the authority.
    pub record: Signed<KeyRecord>,
}

/// `POST /keys/revocations`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostRevocation {
    /// Signed by the root key: the signature is the authority.
    pub record: Signed<KeyRevocation>,
}

/// `GET /people`: the register, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub person: PersonId,
    /// As people write the name.
    pub name: String,
    /// For which agency.
    pub agency: String,
    /// What the person may do.
    pub roles: Vec<crate::ids::Role>,
    /// The person's keys that are not revoked.
    pub keys: Vec<PublicKey>,
}

/// What console says about whoever makes a request; the service that owns the command checks it.
/// Travels in the header `lockstep-actor` as the base64 of a [`Signed`] statement's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Where it counts.
    pub deployment: DeploymentId,
    /// Who, as authenticated by console.
    pub person: PersonId,
    /// The request's method.
    pub method: String,
    /// The request's path and query.
    pub path: String,
    /// Digest of the request's body.
    pub body: Digest,
    /// The client-made id; reading requests have one too.
    pub command: CommandId,
    /// Follows the request through all services.
    pub trace: TraceId,
    /// When; a service takes it for one minute.
    pub at: Timestamp,
}

impl Statement for Actor {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.actor+json";
}

/// Header with the [`Actor`].
pub const ACTOR_HEADER: &str = "lockstep-actor";
