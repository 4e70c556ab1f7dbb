//! Release's routes behind the staff door.

use axum::{
    Json, Router,
    extract::{Path, State as Extract},
    http::StatusCode,
    routing::{get, post},
};
use lockstep_gate::people::Directory;
use lockstep_kit::{
    Tx,
    http::{Act, ApiError},
    register,
};
use lockstep_proto::{
    http::{self, PostWithdrawal},
    ids::{BundleId, PersonId},
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

/// Whether the person holds the last step's role: the one that ordered the release.
fn may_order(directory: &Directory, row: &Row, person: &PersonId) -> Result<(), ApiError> {
    let last = row.evidence.chain.last();
    if last.is_some_and(|step| directory.holds(person, &step.role)) {
        Ok(())
    } else {
        Err(ApiError::Forbidden(format!(
            "{person} 不具备签发环节的角色 / does not hold the last step's role"
        )))
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
    let withdrawal = &act.body.withdrawal;
    let statement = withdrawal.statement();
    let mut tx = deps.db.begin_write().await?;
    let mut row = get_row(&mut tx, &bundle).await?;
    let directory = register::directory(&deps, &mut tx).await?;
    may_order(&directory, &row, &act.person)?;
    let is_signed = statement.person == act.person
        && statement.key == *withdrawal.key_id()
        && statement.deployment == deps.settings.deployment
        && statement.bundle == bundle
        && directory.find_key(withdrawal.key_id()).is_some_and(|key| {
            key.person == act.person && !key.is_revoked && withdrawal.verify(&key.public).is_ok()
        });
    if !is_signed {
        return Err(ApiError::Forbidden(
            "撤回令的签名无效 / the withdrawal's signature does not hold".to_owned(),
        ));
    }
    let names_this = statement.manifest == *row.visible_manifest()
        && statement.generation == row.state.generation;
    if !names_this {
        return Err(ApiError::Conflict {
            code: "stale",
            detail: format!(
                "发布代次已变为 {0}，请重新确认 / the generation is {0} by now; look again",
                row.state.generation
            ),
        });
    }
    store::save_withdrawal(&mut tx, withdrawal).await?;
    let seen = Some(row.state);
    let note = Note { reason: Some(statement.reason.clone()), ..Note::default() };
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
    may_order(&directory, &row, &act.person)?;
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
