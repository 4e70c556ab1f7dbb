//! Chain 审批链, profile and sign-off 签批.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    document::schema,
    finding::Severity,
    ids::{BundleId, DeploymentId, PersonId, Role, StepName},
    manifest::Element,
    signed::{Algorithm, Statement},
    time::Timestamp,
};

schema! {
    /// `lockstep.chain/1`
    ChainSchema, "lockstep.chain/1"
}

/// The ordered steps of sign-off that an agency asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Always `lockstep.chain/1`.
    pub schema: ChainSchema,
    /// In order; at least one. The last is 签发.
    pub steps: Vec<Step>,
}

impl Chain {
    /// The last step 签发, which signs manifest and order in one act.
    pub fn last(&self) -> Option<&Step> {
        self.steps.last()
    }
}

/// One step of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Unique within the chain.
    pub name: StepName,
    /// The role that its signer must hold.
    pub role: Role,
}

schema! {
    /// `lockstep.profile/1`
    ProfileSchema, "lockstep.profile/1"
}

/// What an agency or legal basis settles about the rule. No profile loosens the pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Always `lockstep.profile/1`.
    pub schema: ProfileSchema,
    /// Its name, such as `shanghai`.
    pub name: String,
    /// The calendar that working days are counted by; the only one there is, where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Who may fill slots.
    pub registrar: Role,
    /// What an interpretation answers, or declares not applicable with a reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<Element>,
    /// The share of an interpretation, in thousandths, that may stand in the policy word for word
    /// before it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt_per_mille: Option<u16>,
    /// The chain's steps.
    pub steps: Vec<Step>,
    /// Code to weight, where it differs from the code's own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub severity: BTreeMap<String, Severity>,
    /// Whether a brief interpretation may go out in sync, the full one being owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brief: Option<BriefRule>,
}

/// When the full interpretation is owed after a brief one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BriefRule {
    /// Counted from the day after release.
    pub working_days: u16,
}

schema! {
    /// `lockstep.sign-off/1`
    SignOffSchema, "lockstep.sign-off/1"
}

/// An approver's signed statement about one manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// Always `lockstep.sign-off/1`.
    pub schema: SignOffSchema,
    /// Signed or returned.
    pub decision: Decision,
    /// How it came about.
    pub kind: SignOffKind,
    /// Where it counts.
    pub deployment: DeploymentId,
    /// The bundle.
    pub bundle: BundleId,
    /// The manifest that was seen: both texts and everything rendered from them.
    pub manifest: Digest,
    /// 1, 2, 3 … within the case.
    pub number: u32,
    /// Digest of the statement before this one, so that the history has no gaps.
    pub previous: Option<Digest>,
    /// The step.
    pub step: StepName,
    /// Digest of the chain.
    pub chain: Digest,
    /// Digest of the profile.
    pub profile: Digest,
    /// Who.
    pub person: PersonId,
    /// In which role.
    pub role: Role,
    /// For which agency.
    pub agency: String,
    /// Digest of the order; at the last step only, when it signs.
    pub order: Option<Digest>,
    /// Key the person signs with.
    pub key: Digest,
    /// How.
    pub algorithm: Algorithm,
    /// When.
    pub at: Timestamp,
}

impl Statement for SignOff {
    const PAYLOAD_TYPE: &'static str = "application/vnd.lockstep.sign-off+json";
}

/// What an approver decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Decision {
    /// 同意
    Signed,
    /// 退回: ends the case.
    Returned {
        /// What has to be mended.
        reason: String,
    },
}

/// How a sign-off came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum SignOffKind {
    /// By the person's own key.
    Signed,
    /// By a deputy's key.
    Delegated {
        /// For whom.
        principal: PersonId,
        /// Digest of the delegation.
        delegation: Digest,
    },
    /// On paper; the registrar vouches for the sheet.
    Attested {
        /// Who signed on paper.
        signer: PersonId,
        /// The sheet's number.
        sheet: String,
        /// Digest of its scan.
        scan: Digest,
        /// When it was signed on paper.
        signed_at: Timestamp,
    },
}
