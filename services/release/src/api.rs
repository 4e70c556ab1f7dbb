//! Release's routes behind the staff door.

use axum::{
    Json, Router,
    extract::{Path, State as Extract},
    http::StatusCode,
    routing::{get, post},
};
use lockstep_gate::withdrawal::{self, InForce, Refusal};
use lockstep_kit::{
    Tx,
    http::{Act, ApiError, check_reason},
    register,
};
use lockstep_proto::{
    http::{self, PostWithdrawal},
    ids::BundleId,
};

use crate::{
    Release,
    advance::{advance, waits_for},
    domain::Event,
    steps::{self, Note, StepError},
    store::{self, Row},
};

pub(crate) fn router(release: Release) -> Router {
    let deps = release.deps.clone();
    Router::new()
        .route("/bundles/{bundle}/release", get(show))
        .route("/bundles/{bundle}/holds", get(holds))
        .route("/bundles/{bundle}/withdrawal", post(withdraw))
        .route("/bundles/{bundle}/resume", post(resume))
        .layer(axum::Extension(release))
        .with_state(deps)
}

type Service = axum::Extension<Release>;

async fn get_row(tx: &mut Tx, bundle: &BundleId) -> Result<Row, ApiError> {
    let row = store::find_row(tx, bundle).await?;
    row.ok_or_else(|| ApiError::NotFound(format!("发布 release of bundle {bundle}")))
}

async fn show(
    axum::Extension(release): Service,
    Path(bundle): Path<BundleId>,
    _: Act<()>,
) -> Result<Json<http::Release>, ApiError> {
    let mut tx = release.deps.db.begin_read().await?;
    let row = get_row(&mut tx, &bundle).await?;
    Ok(Json(view(&mut tx, row).await?))
}

/// Who gave up on a bundle; also before anything is granted for it.
async fn holds(
    axum::Extension(release): Service,
    Path(bundle): Path<BundleId>,
    _: Act<()>,
) -> Result<Json<Vec<String>>, ApiError> {
    let mut tx = release.deps.db.begin_read().await?;
    Ok(Json(store::list_holds(&mut tx, &bundle).await?))
}

async fn view(tx: &mut Tx, row: Row) -> Result<http::Release, ApiError> {
    let answers = store::list_answers(tx, &row.bundle).await?;
    let lives = store::list_channels(tx).await?;
    let waits_for = waits_for(&row, &answers, &lives)?;
    let shown = row.passed.as_ref().map(|passed| passed.evidence.manifest.digest().clone());
    let mut findings = row.findings.clone();
    findings.extend(answers.values().flat_map(|answer| answer.refused.clone()));
    Ok(http::Release {
        phase: row.state.phase.name().to_owned(),
        generation: row.state.generation,
        manifest: row.evidence.manifest.digest().clone(),
        edition: row.edition,
        since: row.since,
        reason: row.reason,
        findings,
        shown,
        waits_for,
        receipts: answers.into_values().filter_map(|answer| answer.receipt).collect(),
        bundle: row.bundle,
    })
}

fn turn_away(refusal: &Refusal) -> ApiError {
    match refusal {
        Refusal::WrongRole(_) | Refusal::BadSignature => ApiError::Forbidden(refusal.to_string()),
        Refusal::Stale(_) => ApiError::Conflict { code: "stale", detail: refusal.to_string() },
    }
}

async fn withdraw(
    axum::Extension(release): Service,
    Extract(deps): Extract<lockstep_kit::Deps>,
    Path(bundle): Path<BundleId>,
    act: Act<PostWithdrawal>,
) -> Result<(StatusCode, Json<http::Release>), ApiError> {
    if let Some(answer) = deps.find_answer(&act).await? {
        return Ok((StatusCode::OK, Json(answer)));
    }
    let ordered = &act.body.withdrawal;
    check_reason(&ordered.statement().reason)?;
    let mut tx = deps.db.begin_write().await?;
    let mut row = get_row(&mut tx, &bundle).await?;
    let directory = register::directory(&deps, &mut tx).await?;
    let in_force = InForce {
        deployment: &deps.settings.deployment,
        bundle: &bundle,
        manifest: row.visible_manifest(),
        generation: row.state.generation,
        chain: &row.evidence.chain,
    };
    withdrawal::check(ordered, &act.person, &in_force, &directory)
        .map_err(|refusal| turn_away(&refusal))?;
    store::save_withdrawal(&mut tx, ordered).await?;
    let seen = Some(row.state);
    let note = Note { reason: Some(ordered.statement().reason.clone()), ..Note::default() };
    steps::take(&release, &mut tx, &mut row, seen, Event::WithdrawalOrdered, note)
        .await
        .map_err(refused)?;
    let answer = view(&mut tx, row).await?;
    deps.save_answer(&mut tx, &act, &answer).await?;
    deps.db.commit(tx).await?;
    tracing::info!(bundle.id = %bundle, person.id = %act.person,
        "{} ordered the withdrawal of {bundle}", act.person);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A person has looked at a bundle that was held: it goes on.
async fn resume(
    axum::Extension(release): Service,
    Extract(deps): Extract<lockstep_kit::Deps>,
    Path(bundle): Path<BundleId>,
    act: Act<()>,
) -> Result<Json<http::Release>, ApiError> {
    if let Some(answer) = deps.find_answer(&act).await? {
        return Ok(Json(answer));
    }
    let mut tx = deps.db.begin_write().await?;
    let mut row = get_row(&mut tx, &bundle).await?;
    let directory = register::directory(&deps, &mut tx).await?;
    if !directory.may_order(&act.person, &row.evidence.chain) {
        return Err(turn_away(&Refusal::WrongRole(act.person)));
    }
    store::delete_holds(&mut tx, &bundle).await?;
    let (seen, event) = (Some(row.state), Event::Resumed);
    steps::take(&release, &mut tx, &mut row, seen, event, Note::default())
        .await
        .map_err(refused)?;
    advance(&release, &mut tx, &bundle).await.map_err(refused)?;
    let row = get_row(&mut tx, &bundle).await?;
    let answer = view(&mut tx, row).await?;
    deps.save_answer(&mut tx, &act, &answer).await?;
    deps.db.commit(tx).await?;
    Ok(Json(answer))
}

fn refused(error: StepError) -> ApiError {
    match error {
        StepError::Store(error) => ApiError::Store(error),
        StepError::Nothing(error) => {
            ApiError::Conflict { code: "nothing_released", detail: error.to_string() }
        }
    }
}
