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
    jobs::find_error,
    register,
};
use lockstep_proto::{
    http::{self, PostResumption, PostWithdrawal},
    ids::BundleId,
};

use crate::{
    Release,
    advance::{advance, is_kept, job_id, waits_for},
    compare,
    domain::{Event, Phase},
    jobs, kept,
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
        .route("/deployment", get(deployment))
        .route("/deployment/resumption", post(resume_deployment))
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
    let mut holds = store::list_holds(&mut tx, &bundle).await?;
    if store::find_held_epoch(&mut tx).await?.is_some() {
        holds.push(
            "deployment: 恢复后整体搁置，由管理员核对后以 lockstep resume --deployment 继续 / held as a whole \
             since a restore; the operator lets it go on by `lockstep resume --deployment`"
                .to_owned(),
        );
    }
    let row = store::find_row(&mut tx, &bundle).await?;
    if let Some(row) = row.as_ref().filter(|row| row.state.phase == Phase::Staged) {
        let job = job_id(row, jobs::ASK_GATE);
        if let Some(why) = find_error(&mut tx, &job).await? {
            holds.push(format!(
                "gate: 放行受阻，自动重试 / kept from release, tried again by itself: {why}"
            ));
        }
    }
    if let Some(row) = row.filter(|row| row.state.phase == Phase::Withdrawing)
        && !is_kept(&mut tx, &row).await?
    {
        holds.push(
            "safe: 撤回令尚未存入库外存根，请管理员检查其是否挂载 / the withdrawal is not in the safe yet; the \
             operator should see whether it is mounted"
                .to_owned(),
        );
    }
    Ok(Json(holds))
}

/// The deployment as a whole.
async fn deployment(
    axum::Extension(release): Service,
    _: Act<()>,
) -> Result<Json<http::Deployment>, ApiError> {
    let mut tx = release.deps.db.begin_read().await?;
    Ok(Json(view_deployment(&release, &mut tx).await?))
}

async fn view_deployment(release: &Release, tx: &mut Tx) -> Result<http::Deployment, ApiError> {
    let epoch = release.deps.settings.epoch;
    let Some(newest) = store::find_newest_epoch(tx).await? else {
        let (waits_for, withdrawn, forgotten) = (vec![], vec![], vec![]);
        return Ok(http::Deployment { epoch, is_held: false, waits_for, withdrawn, forgotten });
    };
    let mut waits_for = vec![];
    if !newest.is_compared {
        waits_for = compare::list_missing(release, tx, &newest).await?;
        waits_for.extend(newest.differences);
        if waits_for.is_empty() {
            waits_for.push("渠道核对中 / channels are being compared".to_owned());
        }
    }
    let (withdrawn, forgotten) = (newest.withdrawn, newest.forgotten);
    Ok(http::Deployment { epoch, is_held: !newest.is_resumed, waits_for, withdrawn, forgotten })
}

/// The holder of the root key has looked: after a restore, the deployment goes on.
async fn resume_deployment(
    axum::Extension(release): Service,
    Extract(deps): Extract<lockstep_kit::Deps>,
    act: Act<PostResumption>,
) -> Result<Json<http::Deployment>, ApiError> {
    let done = deps.once(&act, resume_deployment_now(&release, &act)).await;
    done.map(|(_, answer)| answer)
}

async fn resume_deployment_now(
    release: &Release,
    act: &Act<PostResumption>,
) -> Result<http::Deployment, ApiError> {
    let deps = &release.deps;
    let (resumption, settings) = (&act.body.resumption, &deps.settings);
    let statement = resumption.statement();
    let is_ours = statement.deployment == settings.deployment && statement.epoch == settings.epoch;
    if !is_ours || resumption.verify(&settings.root).is_err() {
        return Err(ApiError::Forbidden(
            "须由根密钥就本期签署 / must be signed by the root key, for this epoch".to_owned(),
        ));
    }
    let mut tx = deps.db.begin_write().await?;
    if !store::save_resumed(&mut tx, statement.epoch, deps.clock.now()).await? {
        let waits_for = view_deployment(release, &mut tx).await?.waits_for;
        let detail = match &waits_for[..] {
            [] => "部署未被搁置 / the deployment is not held".to_owned(),
            some => format!("尚不能继续 / not yet: {}", some.join("; ")),
        };
        return Err(ApiError::Conflict { code: "not_compared", detail });
    }
    let answer = view_deployment(release, &mut tx).await?;
    deps.save_answer(&mut tx, act, &answer).await?;
    deps.db.commit(tx).await?;
    tracing::warn!(person.id = %act.person, "{} let the deployment go on in epoch {}",
        act.person, statement.epoch);
    Ok(answer)
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
    deps.once(&act, withdraw_now(&release, &bundle, &act)).await
}

async fn withdraw_now(
    release: &Release,
    bundle: &BundleId,
    act: &Act<PostWithdrawal>,
) -> Result<http::Release, ApiError> {
    let deps = &release.deps;
    let ordered = &act.body.withdrawal;
    check_reason(&ordered.statement().reason)?;
    let mut tx = deps.db.begin_read().await?;
    check_withdrawal(deps, &mut tx, bundle, act).await?;
    drop(tx);
    // Outside first: once it is answered, no restore may forget it.
    kept::keep_order(release, ordered).await;
    let mut tx = deps.db.begin_write().await?;
    let mut row = check_withdrawal(deps, &mut tx, bundle, act).await?;
    store::save_withdrawal(&mut tx, ordered).await?;
    row.trace.clone_from(&act.trace);
    let seen = Some(row.state);
    let note = Note { reason: Some(ordered.statement().reason.clone()), ..Note::default() };
    steps::take(release, &mut tx, &mut row, seen, Event::WithdrawalOrdered, note)
        .await
        .map_err(refused)?;
    let answer = view(&mut tx, row).await?;
    deps.save_answer(&mut tx, act, &answer).await?;
    deps.db.commit(tx).await?;
    tracing::info!(bundle.id = %bundle, person.id = %act.person,
        "{} ordered the withdrawal of {bundle}", act.person);
    Ok(answer)
}

/// The row, if the order is in force for it.
async fn check_withdrawal(
    deps: &lockstep_kit::Deps,
    tx: &mut Tx,
    bundle: &BundleId,
    act: &Act<PostWithdrawal>,
) -> Result<Row, ApiError> {
    let row = get_row(tx, bundle).await?;
    let directory = register::directory(deps, tx).await?;
    let in_force = InForce {
        deployment: &deps.settings.deployment,
        bundle,
        manifest: row.visible_manifest(),
        generation: row.state.generation,
        chain: &row.evidence.chain,
    };
    withdrawal::check(&act.body.withdrawal, &act.person, &in_force, &directory)
        .map_err(|refusal| turn_away(&refusal))?;
    Ok(row)
}

/// A person has looked at a bundle that was held: it goes on.
async fn resume(
    axum::Extension(release): Service,
    Extract(deps): Extract<lockstep_kit::Deps>,
    Path(bundle): Path<BundleId>,
    act: Act<()>,
) -> Result<Json<http::Release>, ApiError> {
    let done = Box::pin(deps.once(&act, resume_now(&release, &bundle, &act))).await;
    done.map(|(_, answer)| answer)
}

async fn resume_now(
    release: &Release,
    bundle: &BundleId,
    act: &Act<()>,
) -> Result<http::Release, ApiError> {
    let deps = &release.deps;
    let mut tx = deps.db.begin_write().await?;
    let mut row = get_row(&mut tx, bundle).await?;
    let directory = register::directory(deps, &mut tx).await?;
    if !directory.may_order(&act.person, &row.evidence.chain) {
        return Err(turn_away(&Refusal::WrongRole(act.person.clone())));
    }
    store::delete_holds(&mut tx, bundle).await?;
    row.trace.clone_from(&act.trace);
    let (seen, event) = (Some(row.state), Event::Resumed);
    steps::take(release, &mut tx, &mut row, seen, event, Note::default()).await.map_err(refused)?;
    advance(release, &mut tx, bundle).await.map_err(refused)?;
    let row = get_row(&mut tx, bundle).await?;
    let answer = view(&mut tx, row).await?;
    deps.save_answer(&mut tx, act, &answer).await?;
    deps.db.commit(tx).await?;
    Ok(answer)
}

fn refused(error: StepError) -> ApiError {
    match error {
        StepError::Store(error) => ApiError::Store(error),
        StepError::Nothing(error) => {
            ApiError::Conflict { code: "nothing_released", detail: error.to_string() }
        }
    }
}
