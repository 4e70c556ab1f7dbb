//! Persons, their roles and keys. Each record is signed by the deployment root key.

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    document::schema,
    ids::{DeploymentId, PersonId, Role},
    signed::{PublicKey, Statement},
    time::Timestamp,
};

schema! {
    /// `lockstep.person/1`
    PersonSchema, "lockstep.person/1"
}

/// A person of this deployment. A later record replaces an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRecord {
    /// Always `lockstep.person/1`.
    pub schema: PersonSchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// Who.
    pub person: PersonId,
    /// As people write the name.
    pub name: String,
    /// For which agency the person acts.
    pub agency: String,
    /// What the person may do. Sorted; none: the person left.
    pub roles: Vec<Role>,
    /// Digest of the person's token for the staff door; the token itself stays with the person.
    pub token: Digest,
    /// When.
    pub at: Timestamp,
}

impl Statement for PersonRecord {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.person+json";
}

schema! {
    /// `lockstep.key/1`
    KeySchema, "lockstep.key/1"
}

/// A key of a person; the private part stays with the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// Always `lockstep.key/1`.
    pub schema: KeySchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// Whose.
    pub person: PersonId,
    /// The public part.
    pub public: PublicKey,
    /// When.
    pub at: Timestamp,
}

impl Statement for KeyRecord {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.key+json";
}

schema! {
    /// `lockstep.key-revocation/1`
    RevocationSchema, "lockstep.key-revocation/1"
}

/// The end of a key: what it signed no longer counts for a release that is still to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRevocation {
    /// Always `lockstep.key-revocation/1`.
    pub schema: RevocationSchema,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// Whose.
    pub person: PersonId,
    /// Id of the key.
    pub key: Digest,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl Statement for KeyRevocation {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.key-revocation+json";
}
