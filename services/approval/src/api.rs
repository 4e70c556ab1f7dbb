//! Approval's routes behind the staff door.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    extract::{Path, State as Extract},
    http::StatusCode,
    routing::{get, post, put},
};
use lockstep_gate::{
    codes,
    rules::{approved, published},
    verdict::{self, Blocked, Facts, decide},
    window,
};
use lockstep_kit::{
    Deps, Tx,
    blobs::BlobError,
    http::{Act, ApiError, check_reason},
    outbox::Context,
    register,
};
use lockstep_proto::{
    facts::{Fact, approval},
    http::{self, PostSignOff, PutRegistration},
    ids::{BundleId, PersonId},
    manifest::Manifest,
    order::Proposal,
    release::Evidence,
    sign_off::Decision,
};

use crate::{
    domain::{Command, Effect, Refusal, State},
    store::{self, Case},
};

pub(crate) fn router(deps: Deps) -> Router {
    Router::new()
        .route("/bundles/{bundle}/case", get(show))
        .route("/bundles/{bundle}/sign-offs", post(sign))
        .route("/bundles/{bundle}/registration", put(register_slots))
        .route("/bundles/{bundle}/proposal", put(propose))
        .with_state(deps)
}

async fn get_case(tx: &mut Tx, bundle: &BundleId) -> Result<Case, ApiError> {
    let case = store::find_newest(tx, bundle).await?;
    case.ok_or_else(|| ApiError::NotFound(format!("审批 case of bundle {bundle}")))
}

async fn show(
    Extract(deps): Extract<Deps>,
    Path(bundle): Path<BundleId>,
    _: Act<()>,
) -> Result<Json<http::Case>, ApiError> {
    let mut tx = deps.db.begin_read().await?;
    Ok(Json(view(get_case(&mut tx, &bundle).await?)))
}

fn view(case: Case) -> http::Case {
    let Evidence { manifest, chain, profile, sign_offs, order, registration } = case.evidence;
    let next_step = match case.state {
        State::Open => approved::progress(&chain, &sign_offs).next_step(&chain).cloned(),
        State::Granted | State::Permitted | State::Returned | State::Superseded | State::Ended => {
            None
        }
    };
    http::Case {
        state: case.state.name().to_owned(),
        next_step: next_step.map(|step| step.name),
        manifest,
        chain,
        profile,
        proposal: case.proposal,
        sign_offs,
        order,
        registration,
    }
}

async fn sign(
    Extract(deps): Extract<Deps>,
    Path(bundle): Path<BundleId>,
    act: Act<PostSignOff>,
) -> Result<(StatusCode, Json<http::Case>), ApiError> {
    deps.once(&act, sign_now(&deps, &bundle, &act)).await
}

async fn sign_now(
    deps: &Deps,
    bundle: &BundleId,
    act: &Act<PostSignOff>,
) -> Result<http::Case, ApiError> {
    let statement = act.body.sign_off.statement();
    is_own(&act.person, &statement.person)?;
    if let Decision::Returned { reason } = &statement.decision {
        check_reason(reason)?;
    }
    let mut tx = deps.db.begin_read().await?;
    let case = get_case(&mut tx, bundle).await?;
    let directory = register::directory(deps, &mut tx).await?;
    let lit = store::list_lit(&mut tx, &case.evidence.manifest).await?;
    drop(tx);
    let is_return = matches!(statement.decision, Decision::Returned { .. });
    let command = if is_return { Command::Return } else { Command::Sign };
    let effect = case.state.decide(command).map_err(conflict)?;

    let mut evidence = case.evidence.clone();
    evidence.sign_offs.push(act.body.sign_off.clone());
    if let Some(order) = &act.body.order {
        evidence.order = Some(order.clone());
    }
    // What is signed is what is there now: every member is read again.
    let held = deps.blobs.read_held(&evidence.manifest).await?;
    let facts = Facts::of(&deps.settings.deployment, &evidence, &held, &directory);
    let facts = Facts { lit: &lit, channels: Some(&deps.settings.channels), ..facts };
    let now = deps.clock.now();
    if let Err(blocked) = decide::<verdict::Approval>(&facts, now) {
        return Err(name_damaged(deps, &evidence.manifest, blocked).await);
    }
    let progress = approved::progress(&evidence.chain, &evidence.sign_offs);
    let is_complete = progress.is_complete(&evidence.chain);
    let findings = if is_complete {
        // Where it waits for the registrar, that act is asked about the whole stage.
        if !window::waits_for_registration(&evidence) {
            decide::<verdict::Scheduling>(&facts, now).map_err(blocked)?;
        }
        published::order_may_be_signed(&facts, now)
    } else if statement.order.is_some() || act.body.order.is_some() {
        vec![codes::BAD_ORDER.about(&statement.step)]
    } else {
        vec![]
    };
    if !findings.is_empty() {
        return Err(ApiError::refused("blocked", findings));
    }

    let signed = approval::Signed { bundle: bundle.clone(), sign_off: act.body.sign_off.clone() };
    let (state, facts) = if is_return {
        (State::Returned, vec![Fact::CaseReturned(signed)])
    } else if is_complete {
        let granted = approval::Granted { evidence: evidence.clone() };
        let last = match effect {
            Effect::Reorder => Fact::CaseReordered(granted),
            Effect::AddSignOff | Effect::SetRegistration | Effect::SetProposal => {
                Fact::CaseGranted(granted)
            }
        };
        (State::Granted, vec![Fact::CaseSigned(signed), last])
    } else {
        (State::Open, vec![Fact::CaseSigned(signed)])
    };
    let case = Case { state, evidence, ..case };
    save(deps, act, bundle, case, facts).await
}

async fn register_slots(
    Extract(deps): Extract<Deps>,
    Path(bundle): Path<BundleId>,
    act: Act<PutRegistration>,
) -> Result<Json<http::Case>, ApiError> {
    let done = deps.once(&act, register_now(&deps, &bundle, &act)).await;
    done.map(|(_, answer)| answer)
}

async fn register_now(
    deps: &Deps,
    bundle: &BundleId,
    act: &Act<PutRegistration>,
) -> Result<http::Case, ApiError> {
    let registration = &act.body.registration;
    is_own(&act.person, &registration.statement().person)?;
    let mut tx = deps.db.begin_read().await?;
    let mut case = get_case(&mut tx, bundle).await?;
    let directory = register::directory(deps, &mut tx).await?;
    let lit = store::list_lit(&mut tx, &case.evidence.manifest).await?;
    drop(tx);
    case.state.decide(Command::Register).map_err(conflict)?;
    case.evidence.registration = Some(registration.clone());
    let held = deps.blobs.read_held(&case.evidence.manifest).await?;
    let facts = Facts::of(&deps.settings.deployment, &case.evidence, &held, &directory);
    let facts = Facts { lit: &lit, ..facts };
    if let Err(blocked) = decide::<verdict::Scheduling>(&facts, deps.clock.now()) {
        return Err(name_damaged(deps, &case.evidence.manifest, blocked).await);
    }
    let registered = approval::Registered { registration: registration.clone() };
    let facts = vec![Fact::CaseRegistered(registered)];
    save(deps, act, bundle, case, facts).await
}

/// Another order is proposed to the last step; whoever signs there signs what he or she chooses.
async fn propose(
    Extract(deps): Extract<Deps>,
    Path(bundle): Path<BundleId>,
    act: Act<Proposal>,
) -> Result<Json<http::Case>, ApiError> {
    let done = deps.once(&act, propose_now(&deps, &bundle, &act)).await;
    done.map(|(_, answer)| answer)
}

async fn propose_now(
    deps: &Deps,
    bundle: &BundleId,
    act: &Act<Proposal>,
) -> Result<http::Case, ApiError> {
    let mut tx = deps.db.begin_read().await?;
    let mut case = get_case(&mut tx, bundle).await?;
    let directory = register::directory(deps, &mut tx).await?;
    let lit = store::list_lit(&mut tx, &case.evidence.manifest).await?;
    drop(tx);
    case.state.decide(Command::Propose).map_err(conflict)?;
    let is_drafter = case.evidence.manifest.drafters.contains(&act.person);
    let is_signer =
        case.evidence.chain.steps.iter().any(|step| directory.holds(&act.person, &step.role));
    if !is_drafter && !is_signer {
        return Err(ApiError::Forbidden(format!(
            "{} 与该政策包无关 / has no part in {bundle}",
            act.person
        )));
    }
    // Whether the members are there is asked when it is signed.
    let held = BTreeMap::new();
    let facts = Facts {
        proposal: Some(&act.body),
        channels: Some(&deps.settings.channels),
        lit: &lit,
        ..Facts::of(&deps.settings.deployment, &case.evidence, &held, &directory)
    };
    let findings = published::proposal_may_be_made(&facts, deps.clock.now());
    if !findings.is_empty() {
        return Err(ApiError::refused("blocked", findings));
    }
    case.proposal = act.body.clone();
    save(deps, act, bundle, case, vec![]).await
}

/// Commits the case with its facts and the command's answer.
async fn save<T>(
    deps: &Deps,
    act: &Act<T>,
    bundle: &BundleId,
    case: Case,
    facts: Vec<Fact>,
) -> Result<http::Case, ApiError> {
    let mut tx = deps.db.begin_write().await?;
    store::save_case(&mut tx, &case).await?;
    for fact in facts {
        tracing::info!(bundle.id = %bundle, person.id = %act.person,
            "{} of {bundle} by {}", fact.type_name(), act.person);
        deps.append(&mut tx, Context::of(bundle, &act.trace), fact).await?;
    }
    let answer = view(case);
    deps.save_answer(&mut tx, act, &answer).await?;
    deps.db.commit(tx).await?;
    Ok(answer)
}

fn is_own(actor: &PersonId, signer: &PersonId) -> Result<(), ApiError> {
    if actor == signer {
        Ok(())
    } else {
        Err(ApiError::Forbidden(format!(
            "{actor} 不得代交 {signer} 的声明 / brings a statement of {signer}"
        )))
    }
}

fn blocked(blocked: Blocked) -> ApiError {
    ApiError::refused("blocked", blocked.findings)
}

/// The gate sees which members are held; that another one is there and damaged is known here alone.
async fn name_damaged(deps: &Deps, manifest: &Manifest, mut blocked: Blocked) -> ApiError {
    for finding in blocked.findings.iter_mut().filter(|f| f.code == codes::MEMBER_MISSING.id) {
        let path = finding.member.as_deref();
        let Some(member) = manifest.members.iter().find(|member| Some(&*member.path) == path)
        else {
            continue;
        };
        if let Err(BlobError::Damaged { .. }) = deps.blobs.find(&member.digest).await {
            let path = &member.path;
            finding.message = format!("清单中的成员在存储中已损坏：{path}");
            finding.message_en =
                format!("a member of the manifest is damaged in the store: {path}");
            let [help, help_en] = [
                "请运维从备份补回（lockstep doctor），或重新提交完整的政策包",
                "have it put back from a backup (lockstep doctor), or submit the bundle again",
            ];
            (finding.help, finding.help_en) = (help.to_owned(), help_en.to_owned());
        }
    }
    self::blocked(blocked)
}

fn conflict(refusal: Refusal) -> ApiError {
    ApiError::Conflict { code: "wrong_state", detail: refusal.to_string() }
}
