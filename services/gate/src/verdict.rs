//! The verdict: `decide` asks every rule that applies at a stage. It decides from the facts each
//! time; only an [`Admitted`] of [`Release`] can become a permit.

use std::{collections::BTreeMap, marker::PhantomData};

use lockstep_proto::{
    digest::Digest,
    document::Document,
    edition::Registration,
    finding::{Finding, Severity},
    ids::{ChannelName, DeploymentId},
    manifest::Manifest,
    order::{Order, Proposal},
    release::Evidence,
    sign_off::{Chain, Profile, SignOff},
    signed::Signed,
    time::Timestamp,
};

use crate::{
    channel::Placed,
    codes::{self, Code},
    people::Directory,
    profile,
    rules::{approved, brief, drafted, published},
};

/// When the gate is asked. A rule holds from its first stage on at every later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// A bundle comes in.
    Intake,
    /// A step is about to sign.
    Approval,
    /// A release is planned.
    Scheduling,
    /// A release is about to be committed, or a channel about to show.
    Release,
}

/// A stage as a type.
pub trait Stage {
    /// The stage as a value.
    const AT: At;
}

macro_rules! stages {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;
        impl Stage for $name {
            const AT: At = At::$name;
        }
    )+};
}

stages! {
    /// [`At::Intake`]
    Intake;
    /// [`At::Approval`]
    Approval;
    /// [`At::Scheduling`]
    Scheduling;
    /// [`At::Release`]
    Release;
}

/// Everything the gate decides from. What is missing blocks where a rule needs it.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// This deployment.
    pub deployment: &'a DeploymentId,
    /// The manifest; at intake the one to be, without rendered members.
    pub manifest: &'a Manifest,
    /// Its digest; none at intake.
    pub digest: Option<&'a Digest>,
    /// Path to digest of what is really there, hashed from the bytes by whoever asks.
    pub held: &'a BTreeMap<String, Digest>,
    /// Persons and keys as known to whoever asks.
    pub directory: &'a Directory,
    /// The chain; from approval on.
    pub chain: Option<&'a Document<Chain>>,
    /// The profile: its weights, and from approval on its chain.
    pub profile: Option<&'a Document<Profile>>,
    /// The case's history.
    pub sign_offs: &'a [Signed<SignOff>],
    /// The order.
    pub order: Option<&'a Document<Order>>,
    /// What is proposed as its order, while nobody has signed one.
    pub proposal: Option<&'a Proposal>,
    /// The channels of this deployment, where they are known and asked about: not by a drafter's own
    /// check, nor after signing. One that is taken away later must not keep what was permitted from
    /// being shown again on the others.
    pub channels: Option<&'a [ChannelName]>,
    /// The registration.
    pub registration: Option<&'a Signed<Registration>>,
    /// The channels that may show an earlier edition of the bundle. Approval and release know them;
    /// a channel that asks about itself need not.
    pub lit: &'a [ChannelName],
    /// Who holds what ready; at release only.
    pub staging: Option<Staging<'a>>,
}

/// Who holds what ready, and who asks.
#[derive(Debug, Clone, Copy)]
pub struct Staging<'a> {
    /// What is to be shown, under which generation.
    pub placed: &'a Placed,
    /// What each channel holds ready.
    pub staged: &'a BTreeMap<ChannelName, Placed>,
    /// The channel that asks about itself; `None`: release asks about all that the order requires.
    pub asker: Option<&'a ChannelName>,
    /// When this very edition first passed the gate, if it did: a channel that lost its disk is
    /// shown the same edition again, also after the window.
    pub first_permitted_at: Option<Timestamp>,
}

impl<'a> Facts<'a> {
    /// What is known when a bundle comes in: the manifest to be, and nothing signed.
    pub fn at_intake(
        deployment: &'a DeploymentId,
        draft: &'a Manifest,
        held: &'a BTreeMap<String, Digest>,
        directory: &'a Directory,
    ) -> Self {
        Self {
            deployment,
            manifest: draft,
            digest: None,
            held,
            directory,
            chain: None,
            profile: None,
            sign_offs: &[],
            order: None,
            proposal: None,
            channels: None,
            registration: None,
            lit: &[],
            staging: None,
        }
    }

    /// The facts that evidence holds; what is held and who is known come from whoever asks.
    pub fn of(
        deployment: &'a DeploymentId,
        evidence: &'a Evidence,
        held: &'a BTreeMap<String, Digest>,
        directory: &'a Directory,
    ) -> Self {
        Self {
            deployment,
            manifest: &evidence.manifest,
            digest: Some(evidence.manifest.digest()),
            held,
            directory,
            chain: Some(&evidence.chain),
            profile: Some(&evidence.profile),
            sign_offs: &evidence.sign_offs,
            order: evidence.order.as_ref(),
            proposal: None,
            channels: None,
            registration: evidence.registration.as_ref(),
            lit: &[],
            staging: None,
        }
    }
}

/// The gate let it pass at stage `S`.
#[derive(Debug)]
pub struct Admitted<S> {
    /// What it said besides.
    pub warnings: Vec<Finding>,
    stage: PhantomData<S>,
}

/// The gate refused, and why. At least one finding blocks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("规则不允许 / the rule says no: {}", .findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Blocked {
    /// All findings, warnings included.
    pub findings: Vec<Finding>,
}

/// A rule: reads the facts, says what it finds.
type Rule = fn(&Facts<'_>, Timestamp) -> Vec<Finding>;

/// Every rule with the first stage at which it applies, and the codes it says as they weigh. A window
/// that is over (TS305) is said of a proposal too, as a warning.
pub const RULES: &[(At, Rule, &[&Code])] = &[
    (At::Intake, drafted::kind_is_supported, &[&codes::KIND]),
    (At::Intake, drafted::title_drafters_and_agencies_are_named, &[&codes::AGENCIES]),
    (At::Intake, drafted::drafters_are_recorded, &[&codes::UNKNOWN_DRAFTER]),
    (
        At::Intake,
        drafted::companion_is_own_interpretation,
        &[&codes::NO_INTERPRETATION, &codes::COMPANION],
    ),
    (At::Intake, drafted::plan_is_complete, &[&codes::PLAN]),
    (
        At::Intake,
        drafted::interpretation_explains_this_policy,
        &[&codes::STALE, &codes::UNCONFIRMED],
    ),
    (At::Intake, drafted::disclosure_allows_release, &[&codes::DISCLOSURE]),
    (At::Intake, drafted::slots_are_open_or_known, &[&codes::SLOT]),
    (At::Intake, drafted::number_is_open_or_known, &[&codes::NO_NUMBER]),
    (At::Intake, drafted::manifest_is_consistent, &[&codes::MANIFEST]),
    (
        At::Intake,
        drafted::members_are_what_the_manifest_lists,
        &[&codes::MEMBER_MISSING, &codes::MEMBER_EXTRA, &codes::MEMBER_ALTERED],
    ),
    (At::Intake, brief::brief_is_allowed_and_complete, &[&codes::BRIEF]),
    (At::Intake, brief::full_interpretation_is_owed, &[&codes::FULL_OWED]),
    (At::Intake, published::channels_are_there, &[&codes::BAD_ORDER]),
    (At::Intake, published::proposed_window_is_not_over, &[]),
    (At::Intake, published::date_is_settled, &[&codes::PROVISIONAL]),
    (At::Approval, drafted::rendered_members_are_complete, &[&codes::MEMBER_MISSING]),
    (
        At::Approval,
        approved::history_holds,
        &[
            &codes::OTHER_MANIFEST,
            &codes::OWN_WORK,
            &codes::SIGNED_TWICE,
            &codes::OUT_OF_ORDER,
            &codes::BAD_SIGNATURE,
            &codes::WRONG_ROLE,
            &codes::OTHER_CHAIN,
            &codes::OTHER_DEPLOYMENT,
            &codes::SIGN_OFF_KIND,
        ],
    ),
    (At::Scheduling, approved::chain_is_complete, &[&codes::INCOMPLETE_CHAIN, &codes::RETURNED]),
    (At::Scheduling, published::order_is_signed_and_sound, &[&codes::NO_ORDER, &codes::BAD_ORDER]),
    (At::Scheduling, published::order_leaves_no_channel_out, &[&codes::LEFT_OUT]),
    (
        At::Scheduling,
        published::slots_are_registered,
        &[&codes::NO_REGISTRATION, &codes::BAD_REGISTRATION],
    ),
    (At::Scheduling, published::window_is_registered, &[&codes::UNREGISTERED_WINDOW]),
    (
        At::Release,
        published::window_is_open,
        &[&codes::NO_ORDER, &codes::UNREGISTERED_WINDOW, &codes::TOO_EARLY, &codes::TOO_LATE],
    ),
    (
        At::Release,
        published::channels_hold_the_edition,
        &[&codes::NOT_STAGED, &codes::OTHER_CHANNEL],
    ),
];

/// The first stage at which a code is said as it weighs. What texts and files say of themselves is read
/// as they come in; a permit (TS309) is looked at by channels alone.
pub fn first_stage(code: &Code) -> At {
    let says = |said: &[&Code]| said.iter().any(|said| said.id == code.id);
    let ruled = RULES.iter().filter(|(.., said)| says(said)).map(|(first, ..)| *first).min();
    let unruled = if code.id == codes::BAD_PERMIT.id { At::Release } else { At::Intake };
    ruled.unwrap_or(unruled)
}

/// Whether the facts may pass stage `S` at the instant `now`.
pub fn decide<S: Stage>(facts: &Facts<'_>, now: Timestamp) -> Result<Admitted<S>, Blocked> {
    let findings: Vec<Finding> = RULES
        .iter()
        .filter(|(first, ..)| *first <= S::AT)
        .flat_map(|(_, rule, _)| rule(facts, now))
        .collect();
    let findings = profile::weigh(facts.profile.map(|profile| &**profile), findings);
    if findings.iter().any(|finding| finding.severity == Severity::Block) {
        Err(Blocked { findings })
    } else {
        Ok(Admitted { warnings: findings, stage: PhantomData })
    }
}
