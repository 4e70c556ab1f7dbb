//! The statements people sign, made from what the server says is to be signed.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use lockstep_kit::ids::Ids;
use lockstep_proto::{
    digest::Digest,
    document::Document,
    edition::{Registration, RegistrationSchema, Slot, SlotValue},
    http::{Case, PostResumption, PostSignOff, PostWithdrawal, PutRegistration, Release},
    ids::{PersonId, Role},
    order::{Order, OrderSchema, Proposal},
    people::{KeyRecord, KeySchema, PersonRecord, PersonSchema},
    release::{Resumption, ResumptionSchema, Withdrawal, WithdrawalSchema},
    sign_off::{Decision, SignOff, SignOffKind, SignOffSchema, Step},
    signed::{Algorithm, PrivateKey, PublicKey, Signed},
    time::Timestamp,
};

use crate::{client::Failure, home::Home, identity::Identity, print};

/// A person's record, signed by the root key.
pub fn person(
    home: &Home,
    identity: &Identity,
    name: &str,
    mut roles: Vec<Role>,
    at: Timestamp,
) -> anyhow::Result<Signed<PersonRecord>> {
    roles.sort();
    roles.dedup();
    let record = PersonRecord {
        schema: PersonSchema,
        deployment: home.settings.deployment.clone(),
        person: identity.person.clone(),
        name: name.to_owned(),
        agency: identity.agency.clone(),
        roles,
        token: Digest::of(identity.token.as_bytes()),
        at,
    };
    Ok(Signed::new(record, &home.root_key()?)?)
}

/// That the deployment may go on after a restore, signed by the root key.
pub fn resumption(home: &Home, epoch: u32, at: Timestamp) -> anyhow::Result<PostResumption> {
    let deployment = home.settings.deployment.clone();
    let resumption = Resumption { schema: ResumptionSchema, deployment, epoch, at };
    Ok(PostResumption { resumption: Signed::new(resumption, &home.root_key()?)? })
}

/// A key's record, signed by the root key.
pub fn key(
    home: &Home,
    person: &PersonId,
    public: PublicKey,
    at: Timestamp,
) -> anyhow::Result<Signed<KeyRecord>> {
    let record = KeyRecord {
        schema: KeySchema,
        deployment: home.settings.deployment.clone(),
        person: person.clone(),
        public,
        at,
    };
    Ok(Signed::new(record, &home.root_key()?)?)
}

/// 32 random bytes as a token.
pub fn token() -> anyhow::Result<String> {
    Ok(lockstep_proto::digest::hex(&Ids.random::<32>()?))
}

/// The sign-off of the step whose turn it is, or its return. At the last step the order is signed
/// with it: `order`, or what the bundle proposes.
pub fn sign_off(
    identity: &Identity,
    case: &Case,
    decision: Decision,
    order: Option<Proposal>,
    at: Timestamp,
) -> anyhow::Result<PostSignOff> {
    let Some(name) = &case.next_step else {
        let state = print::case_state(&case.state);
        let detail = format!("没有待签批的环节（{state}） / no step waits to be signed");
        return Err(Failure::refused("wrong_state", detail).into());
    };
    let step = case.chain.steps.iter().find(|step| step.name == *name);
    let step = step.context("审批链中没有该环节 / the chain does not have this step")?;
    let is_last = case.chain.last() == Some(step);
    let is_signed = decision == Decision::Signed;
    if order.is_some() && !(is_last && is_signed) {
        bail!("只有签发环节签署发布令 / only the last step signs an order");
    }
    let order = (is_last && is_signed).then(|| order.unwrap_or_else(|| case.proposal.clone()));
    statement(identity, case, step, decision, order, at)
}

/// The last step's signature over another order, after granting.
pub fn reorder(
    identity: &Identity,
    case: &Case,
    order: Proposal,
    at: Timestamp,
) -> anyhow::Result<PostSignOff> {
    let step = case.chain.last().context("审批链为空 / the chain has no steps")?;
    statement(identity, case, step, Decision::Signed, Some(order), at)
}

fn statement(
    identity: &Identity,
    case: &Case,
    step: &Step,
    decision: Decision,
    order: Option<Proposal>,
    at: Timestamp,
) -> anyhow::Result<PostSignOff> {
    let key: PrivateKey = identity.key()?;
    let order = order
        .map(|Proposal { window, channels }| {
            Document::new(Order {
                schema: OrderSchema,
                deployment: identity.deployment.clone(),
                bundle: case.manifest.bundle.clone(),
                manifest: case.manifest.digest().clone(),
                window,
                channels,
            })
        })
        .transpose()?;
    let statement = SignOff {
        schema: SignOffSchema,
        decision,
        kind: SignOffKind::Signed,
        deployment: identity.deployment.clone(),
        bundle: case.manifest.bundle.clone(),
        manifest: case.manifest.digest().clone(),
        number: u32::try_from(case.sign_offs.len())?.saturating_add(1),
        previous: case.sign_offs.last().map(|signed| signed.digest().clone()),
        step: step.name.clone(),
        chain: case.chain.digest().clone(),
        profile: case.profile.digest().clone(),
        person: identity.person.clone(),
        role: step.role.clone(),
        agency: identity.agency.clone(),
        order: order.as_ref().map(|order| order.digest().clone()),
        key: key.public().id(),
        algorithm: Algorithm::Ed25519,
        at,
    };
    Ok(PostSignOff { sign_off: Signed::new(statement, &key)?, order })
}

/// The registrar's record.
pub fn registration(
    identity: &Identity,
    case: &Case,
    slots: BTreeMap<Slot, SlotValue>,
    at: Timestamp,
) -> anyhow::Result<PutRegistration> {
    let key = identity.key()?;
    let statement = Registration {
        schema: RegistrationSchema,
        deployment: identity.deployment.clone(),
        bundle: case.manifest.bundle.clone(),
        manifest: case.manifest.digest().clone(),
        slots,
        official_copy: None,
        person: identity.person.clone(),
        key: key.public().id(),
        algorithm: Algorithm::Ed25519,
        at,
    };
    Ok(PutRegistration { registration: Signed::new(statement, &key)? })
}

/// An order to withdraw what release says is in force.
pub fn withdrawal(
    identity: &Identity,
    release: &Release,
    reason: &str,
    at: Timestamp,
) -> anyhow::Result<PostWithdrawal> {
    let key = identity.key()?;
    let statement = Withdrawal {
        schema: WithdrawalSchema,
        deployment: identity.deployment.clone(),
        bundle: release.bundle.clone(),
        manifest: release.withdrawn_manifest().clone(),
        generation: release.generation,
        reason: reason.to_owned(),
        person: identity.person.clone(),
        key: key.public().id(),
        algorithm: Algorithm::Ed25519,
        at,
    };
    Ok(PostWithdrawal { withdrawal: Signed::new(statement, &key)? })
}
