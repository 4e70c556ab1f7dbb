//! Generations 发布代次, the signed commands of release, withdrawals 撤回 and receipts 回执.
//!
//! A channel command is a signed statement that names the wanted state: [`Hold`] this edition,
//! [`Permit`] to show it, [`Hide`]: show nothing.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    document::Document,
    document::schema,
    edition::Registration,
    ids::{BundleId, ChannelName, DeploymentId, Incarnation, PersonId},
    manifest::Manifest,
    order::Order,
    sign_off::{Chain, Profile, SignOff},
    signed::{Algorithm, Signed, Statement},
    time::Timestamp,
};

/// How often a bundle changed on channels. Never goes back: not by crash, replay or restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generation {
    /// Rises at a restore or failover; taken from outside the backup.
    pub epoch: u32,
    /// Rises with every release, correction and withdrawal of the bundle.
    pub n: u32,
}

impl Generation {
    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        Self { epoch: self.epoch, n: self.n.saturating_add(1) }
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.n)
    }
}

/// The channels a command is for, each with the life of its disk that it counts for.
pub type Addressees = BTreeMap<ChannelName, Incarnation>;

/// Everything the gate needs to decide about one manifest again, signed at its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was signed.
    pub manifest: Document<Manifest>,
    /// The chain, checked against the digest in each sign-off.
    pub chain: Document<Chain>,
    /// The profile, likewise.
    pub profile: Document<Profile>,
    /// The case's whole history, in order.
    pub sign_offs: Vec<Signed<SignOff>>,
    /// What the last step signed with the manifest.
    pub order: Option<Document<Order>>,
    /// The registrar's record.
    pub registration: Option<Signed<Registration>>,
}

schema! {
    /// `lockstep.hold/1`
    HoldSchema, "lockstep.hold/1"
}

/// Command: hold this edition ready, show nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Always `lockstep.hold/1`.
    pub schema: HoldSchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest.
    pub manifest: Digest,
    /// The edition.
    pub edition: Digest,
    /// The generation this begins.
    pub generation: Generation,
    /// For whom.
    pub channels: Addressees,
}

impl Statement for Hold {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.hold+json";
}

/// The permit 放行凭证: release's statement that an edition passed the gate, and the command to
/// show it. An in-toto Statement v1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Permit {
    /// Always `https://in-toto.io/Statement/v1`.
    #[serde(rename = "_type")]
    pub statement: InTotoStatement,
    /// The edition: one subject.
    pub subject: [PermitSubject; 1],
    /// Always `urn:lockstep:permit:1`.
    pub predicate_type: PermitPredicateType,
    /// What is permitted.
    pub predicate: Permission,
}

schema! {
    /// `https://in-toto.io/Statement/v1`
    InTotoStatement, "https://in-toto.io/Statement/v1"
}
schema! {
    /// `urn:lockstep:permit:1`
    PermitPredicateType, "urn:lockstep:permit:1"
}

/// The edition, as in-toto names subjects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermitSubject {
    /// The bundle's id.
    pub name: BundleId,
    /// `sha256` to the edition digest's digits.
    pub digest: BTreeMap<String, String>,
}

/// What a permit says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Where it counts.
    pub deployment: DeploymentId,
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest.
    pub manifest: Digest,
    /// The edition that may be shown, and no other.
    pub edition: Digest,
    /// The order that was in force.
    pub order: Digest,
    /// The generation.
    pub generation: Generation,
    /// For whom.
    pub channels: Addressees,
    /// When this very edition first passed the gate: earlier than `issued_at` only where a
    /// channel lost its disk and is shown the same edition again.
    pub first_permitted_at: Timestamp,
    /// When this permit was made.
    pub issued_at: Timestamp,
}

impl Permit {
    /// Wraps a permission as an in-toto statement about its edition.
    pub fn new(predicate: Permission) -> Self {
        let digest = [("sha256".to_owned(), predicate.edition.hex().to_owned())].into();
        Self {
            statement: InTotoStatement,
            subject: [PermitSubject { name: predicate.bundle.clone(), digest }],
            predicate_type: PermitPredicateType,
            predicate,
        }
    }

    /// Whether subject and predicate speak of the same edition.
    pub fn is_consistent(&self) -> bool {
        *self == Self::new(self.predicate.clone())
    }
}

impl Statement for Permit {
    const PAYLOAD_TYPE: &'static str = "application/vnd.in-toto+json";
}

schema! {
    /// `lockstep.hide/1`
    HideSchema, "lockstep.hide/1"
}

/// Command: show nothing of this bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hide {
    /// Always `lockstep.hide/1`.
    pub schema: HideSchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest that is withdrawn.
    pub manifest: Digest,
    /// The generation that shows nothing.
    pub generation: Generation,
    /// For whom.
    pub channels: Addressees,
    /// What the public notice gives as the reason.
    pub reason: String,
    /// When it was ordered.
    pub at: Timestamp,
}

impl Statement for Hide {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.hide+json";
}

schema! {
    /// `lockstep.withdrawal/1`
    WithdrawalSchema, "lockstep.withdrawal/1"
}

/// A signed order to withdraw 撤回. Once recorded it is never forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Always `lockstep.withdrawal/1`.
    pub schema: WithdrawalSchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest that is withdrawn.
    pub manifest: Digest,
    /// The generation that is withdrawn.
    pub generation: Generation,
    /// What the public notice gives as the reason.
    pub reason: String,
    /// Who orders it.
    pub person: PersonId,
    /// Key the person signs with.
    pub key: Digest,
    /// How.
    pub algorithm: Algorithm,
    /// When.
    pub at: Timestamp,
}

impl Statement for Withdrawal {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.withdrawal+json";
}

schema! {
    /// `lockstep.resumption/1`
    ResumptionSchema, "lockstep.resumption/1"
}

/// A person has looked after a restore: the deployment goes on. Signed by the root key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resumption {
    /// Always `lockstep.resumption/1`.
    pub schema: ResumptionSchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// The epoch that the restore began.
    pub epoch: u32,
    /// When.
    pub at: Timestamp,
}

impl Statement for Resumption {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.resumption+json";
}

/// What a channel shows of a bundle, and since when; never merely "seen".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The channel.
    pub channel: ChannelName,
    /// The life of its disk.
    pub incarnation: Incarnation,
    /// The bundle.
    pub bundle: BundleId,
    /// The generation whose wanted state this is.
    pub generation: Generation,
    /// What is shown; `None` is nothing.
    pub edition: Option<Digest>,
    /// Since when.
    pub since: Timestamp,
}
