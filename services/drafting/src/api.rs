//! Drafting's routes behind the staff door.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    extract::{Path, State as Extract},
    http::StatusCode,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep_gate::{
    bundle::{Content, Files, SETTINGS, Submission, Unfit},
    profile,
    verdict::{Facts, Intake, decide},
};
use lockstep_kit::{
    Deps, StoreError, Tx,
    child::Child,
    http::{Act, ApiError, check_reason},
    outbox::Context,
    register,
};
use lockstep_proto::{
    digest::Digest,
    document::{Document, canonical},
    facts::{Fact, drafting},
    finding::Finding,
    http::{Draft, Stop, Submit, Submitted},
    ids::{BundleId, PersonId},
    sign_off::Profile,
};

use crate::{
    domain::{Command, Effect, Refusal},
    reading,
    store::{self, Revision, Row},
};

/// Who may submit.
const DRAFTER: &str = "drafter";

pub(crate) fn router(deps: Deps, child: Child) -> Router {
    let submit = async move |Extract(deps): Extract<Deps>, act: Act<Submit>| {
        submit(&deps, &child, &act).await
    };
    Router::new()
        .route("/bundles", post(submit).get(list))
        .route("/bundles/{bundle}/draft", get(show))
        .route("/bundles/{bundle}/stop", post(stop))
        .route("/bundles/{bundle}/members/{digest}", get(member))
        .with_state(deps)
}

async fn submit(
    deps: &Deps,
    child: &Child,
    act: &Act<Submit>,
) -> Result<(StatusCode, Json<Submitted>), ApiError> {
    deps.once(act, submit_now(deps, child, act)).await
}

async fn submit_now(deps: &Deps, child: &Child, act: &Act<Submit>) -> Result<Submitted, ApiError> {
    let files = decode(&act.body.files)?;
    let (profile, _) = profile::find(&deps.settings.profile)
        .map_err(|error| ApiError::Upstream(error.to_string()))?;
    let read =
        reading::read_in(child, files, profile.clone().into_value(), &deps.settings.lexicons)
            .await?;
    let mut tx = deps.db.begin_read().await?;
    let newest = find_revised(&mut tx, act.body.revises.as_ref()).await?;
    let (content, warnings) =
        ask_gate(deps, &mut tx, &act.person, newest.as_ref(), (read, &profile)).await?;
    drop(tx);
    let digest = content_digest(&content)?;
    effect_of(newest.as_ref(), &digest)?;

    // Bytes before the fact that names them. Nothing is stored before the gate said yes.
    for (path, bytes) in content.files() {
        if path != SETTINGS {
            deps.blobs.put(bytes.clone()).await?;
        }
    }
    let mut tx = deps.db.begin_write().await?;
    let newest = find_revised(&mut tx, act.body.revises.as_ref()).await?;
    let effect = effect_of(newest.as_ref(), &digest)?;
    let bundle = newest.as_ref().map_or_else(|| deps.ids.fresh(), |row| row.bundle.clone());
    let answer = match (effect, newest) {
        (Effect::Nothing | Effect::AskRelease, Some(row)) => Submitted {
            bundle,
            revision: row.newest.draft.revision,
            submission: row.newest.draft.submission,
            unchanged: true,
            findings: warnings,
        },
        (_, newest) => {
            let submission = describe(deps, &mut tx, &act.person, &bundle, newest.as_ref()).await?;
            let revision = Revision {
                draft: content.draft(submission),
                content: digest,
                proposal: content.proposal().clone(),
                manifest: None,
                submitted_by: act.person.clone(),
                submitted_at: deps.clock.now(),
            };
            store::insert_revision(&mut tx, &revision).await?;
            let draft = revision.draft.clone();
            let answer = Submitted {
                bundle: bundle.clone(),
                revision: draft.revision,
                submission: draft.submission.clone(),
                unchanged: false,
                findings: warnings,
            };
            let submitted = drafting::Submitted { draft, by: act.person.clone() };
            let context = Context::of(&bundle, &act.trace);
            deps.append(&mut tx, context, Fact::BundleSubmitted(submitted)).await?;
            answer
        }
    };
    deps.save_answer(&mut tx, act, &answer).await?;
    deps.db.commit(tx).await?;
    tracing::Span::current().record("bundle", answer.bundle.as_str());
    tracing::info!(bundle.id = %answer.bundle, person.id = %act.person,
        "{} submitted revision {} of {}", act.person, answer.revision, answer.bundle);
    Ok(answer)
}

/// What submitting this content does to the bundle as it stands.
fn effect_of(newest: Option<&Row>, content: &Digest) -> Result<Effect, ApiError> {
    let Some(row) = newest else { return Ok(Effect::Begin) };
    let is_same = row.newest.content == *content;
    let command = if is_same { Command::SubmitSame } else { Command::SubmitOther };
    row.state.decide(command).map_err(conflict)
}

fn decode(files: &BTreeMap<String, String>) -> Result<Files, ApiError> {
    files
        .iter()
        .map(|(path, text)| {
            let bytes = BASE64.decode(text).map_err(|_| {
                ApiError::Unreadable(format!("文件 {path:?} 不是 base64 / is not base64"))
            })?;
            Ok((path.clone(), bytes))
        })
        .collect()
}

async fn find_revised(tx: &mut Tx, revises: Option<&BundleId>) -> Result<Option<Row>, ApiError> {
    let Some(bundle) = revises else { return Ok(None) };
    let row = store::find_bundle(tx, bundle).await?;
    row.map(Some).ok_or_else(|| ApiError::NotFound(format!("政策包 bundle {bundle}")))
}

/// The rule at intake, on the manifest to be.
async fn ask_gate(
    deps: &Deps,
    tx: &mut Tx,
    person: &PersonId,
    newest: Option<&Row>,
    (read, profile): (Result<Content, Unfit>, &Document<Profile>),
) -> Result<(Content, Vec<Finding>), ApiError> {
    let directory = register::directory(deps, tx).await?;
    let is_drafter = directory
        .find_person(person)
        .is_some_and(|record| record.roles.iter().any(|role| role.as_str() == DRAFTER));
    if !is_drafter {
        return Err(ApiError::Forbidden(format!(
            "{person} 不具备拟稿角色 / does not hold the role {DRAFTER}"
        )));
    }
    // Of what does not pass as it was read, all that is wrong is said at once.
    let (content, unfit) = match read {
        Ok(content) => (content, None),
        Err(Unfit { findings, content: None }) => {
            return Err(ApiError::refused("unreadable_bundle", findings));
        }
        Err(Unfit { findings, content: Some(content) }) => (*content, Some(findings)),
    };
    let bundle = newest.map_or_else(|| deps.ids.fresh(), |row| row.bundle.clone());
    let draft = content.draft(describe(deps, tx, person, &bundle, newest).await?);
    let held = content.held();
    let facts = Facts {
        profile: Some(profile),
        proposal: Some(content.proposal()),
        channels: Some(&deps.settings.channels),
        ..Facts::at_intake(&deps.settings.deployment, &draft, &held, &directory)
    };
    let decided = decide::<Intake>(&facts, deps.clock.now());
    let (is_admitted, decided) = match decided {
        Ok(admitted) => (unfit.is_none(), admitted.warnings),
        Err(blocked) => (false, blocked.findings),
    };
    let found = unfit.unwrap_or_else(|| content.warnings.clone());
    let all = found.into_iter().chain(content.place(decided)).collect();
    if is_admitted { Ok((content, all)) } else { Err(ApiError::refused("blocked", all)) }
}

async fn describe(
    deps: &Deps,
    tx: &mut Tx,
    person: &PersonId,
    bundle: &BundleId,
    newest: Option<&Row>,
) -> Result<Submission, StoreError> {
    let mut submitters = store::list_submitters(tx, bundle).await?;
    submitters.push(person.clone());
    Ok(Submission {
        bundle: bundle.clone(),
        revision: newest.map_or(1, |row| row.newest.draft.revision.saturating_add(1)),
        submission: deps.ids.fresh(),
        revises: newest.and_then(|row| row.released_manifest.clone()),
        after_dark: newest.and_then(|row| row.dark),
        submitters,
    })
}

/// What makes two submissions the same: everything but who, when and the proposed order.
fn content_digest(content: &Content) -> Result<Digest, ApiError> {
    let nobody = Submission {
        bundle: fixed("content")?,
        revision: 0,
        submission: fixed("content")?,
        revises: None,
        after_dark: None,
        submitters: vec![],
    };
    let text = canonical(&content.draft(nobody)).map_err(StoreError::from)?;
    Ok(Digest::of(text.as_bytes()))
}

fn fixed<T: TryFrom<String>>(name: &str) -> Result<T, ApiError> {
    T::try_from(name.to_owned()).map_err(|_| ApiError::Unreadable(name.to_owned()))
}

fn conflict(refusal: Refusal) -> ApiError {
    let code = match refusal {
        Refusal::ReleaseOwns => "release_owns",
        Refusal::NothingToStop => "nothing_to_stop",
    };
    ApiError::Conflict { code, detail: refusal.to_string() }
}

async fn get_bundle(tx: &mut Tx, bundle: &BundleId) -> Result<Row, ApiError> {
    let row = store::find_bundle(tx, bundle).await?;
    row.ok_or_else(|| ApiError::NotFound(format!("政策包 bundle {bundle}")))
}

async fn list(Extract(deps): Extract<Deps>, _: Act<()>) -> Result<Json<Vec<Draft>>, ApiError> {
    let mut tx = deps.db.begin_read().await?;
    let rows = store::list_bundles(&mut tx).await?;
    Ok(Json(rows.into_iter().map(view).collect()))
}

async fn show(
    Extract(deps): Extract<Deps>,
    Path(bundle): Path<BundleId>,
    _: Act<()>,
) -> Result<Json<Draft>, ApiError> {
    let mut tx = deps.db.begin_read().await?;
    Ok(Json(view(get_bundle(&mut tx, &bundle).await?)))
}

fn view(row: Row) -> Draft {
    Draft {
        bundle: row.bundle,
        title: row.newest.draft.metadata.title,
        revision: row.newest.draft.revision,
        state: row.state.name().to_owned(),
        manifest: row.newest.manifest,
        submitted_by: row.newest.submitted_by,
        submitted_at: row.newest.submitted_at,
        findings: row.findings,
    }
}

async fn stop(
    Extract(deps): Extract<Deps>,
    Path(bundle): Path<BundleId>,
    act: Act<Stop>,
) -> Result<Json<Draft>, ApiError> {
    let done = deps.once(&act, stop_now(&deps, &bundle, &act)).await;
    done.map(|(_, answer)| answer)
}

async fn stop_now(deps: &Deps, bundle: &BundleId, act: &Act<Stop>) -> Result<Draft, ApiError> {
    check_reason(&act.body.reason)?;
    let mut tx = deps.db.begin_write().await?;
    let row = get_bundle(&mut tx, bundle).await?;
    if !row.newest.draft.drafters.contains(&act.person) {
        return Err(ApiError::Forbidden(format!(
            "{} 不是该政策包的拟稿人 / is no drafter of {bundle}",
            act.person
        )));
    }
    row.state.decide(Command::Stop).map_err(conflict)?;
    let manifest = row.newest.manifest.clone().ok_or(Refusal::NothingToStop).map_err(conflict)?;
    let asked = drafting::StopRequested {
        bundle: bundle.clone(),
        manifest,
        by: act.person.clone(),
        reason: act.body.reason.clone(),
    };
    let context = Context::of(&bundle, &act.trace);
    deps.append(&mut tx, context, Fact::BundleStopRequested(asked)).await?;
    let answer = view(row);
    deps.save_answer(&mut tx, act, &answer).await?;
    deps.db.commit(tx).await?;
    Ok(answer)
}

/// A member's bytes, base64: what an approver reads before signing. Only members of this bundle:
/// what else the store holds is not asked for here.
async fn member(
    Extract(deps): Extract<Deps>,
    Path((bundle, digest)): Path<(BundleId, String)>,
    _: Act<()>,
) -> Result<Json<String>, ApiError> {
    let digest = Digest::from_hex(&digest)
        .map_err(|error| ApiError::Unreadable(format!("摘要有误 / {error}")))?;
    let missing = || ApiError::NotFound(format!("成员 member {digest}"));
    let mut tx = deps.db.begin_read().await?;
    if !store::has_member(&mut tx, &bundle, &digest).await? {
        return Err(missing());
    }
    drop(tx);
    let bytes = deps.blobs.find(&digest).await?.ok_or_else(missing)?;
    Ok(Json(BASE64.encode(bytes)))
}
