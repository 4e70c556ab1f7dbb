//! The staff listener's routes: authenticate, pass on with a signed actor header, bring back.

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{any, get, post, put},
};
use lockstep_kit::{
    http::{ApiError, BODY_BYTES_MAX, Upstream, actor_header, read_body},
    trace,
};
use lockstep_proto::{
    digest::Digest,
    http::{Actor, COMMAND_HEADER, Person, Status},
    ids::{BundleId, CommandId, PersonId, TraceId},
};
use serde::de::DeserializeOwned;

use crate::{Console, people};

pub(crate) fn router(console: Console) -> Router {
    let router = Router::new()
        .route("/people", get(list_people))
        .route("/people/{person}", put(people::put_person))
        .route("/keys", post(people::post_key))
        .route("/keys/revocations", post(people::post_revocation))
        .route("/deployment", any(pass_deployment))
        .route("/deployment/{*rest}", any(pass_deployment))
        .route("/bundles", any(pass_bundles))
        .route("/bundles/{bundle}", get(status))
        .route("/bundles/{bundle}/{*rest}", any(pass))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(console);
    trace::following("console", router)
}

/// Whoever holds the token in the request's `Authorization: Bearer …`.
async fn authenticate(console: &Console, headers: &HeaderMap) -> Result<PersonId, ApiError> {
    let refuse = || {
        ApiError::Unauthorized(
            "令牌缺失或无效 / the token is missing or not known (Authorization: Bearer …)"
                .to_owned(),
        )
    };
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(refuse)?;
    let mut tx = console.deps.db.begin_read().await?;
    people::find_by_token(console, &mut tx, token).await?.ok_or_else(refuse)
}

async fn list_people(
    State(console): State<Console>,
    headers: HeaderMap,
) -> Result<Json<Vec<Person>>, ApiError> {
    authenticate(&console, &headers).await?;
    let mut tx = console.deps.db.begin_read().await?;
    Ok(Json(people::list(&console, &mut tx).await?))
}

/// The client-made id of a command; reading requests get one of ours.
fn command_id(
    console: &Console,
    method: &Method,
    headers: &HeaderMap,
) -> Result<CommandId, ApiError> {
    match headers.get(COMMAND_HEADER).and_then(|value| value.to_str().ok()) {
        Some(id) => {
            id.parse().map_err(|error| ApiError::Unreadable(format!("命令编号有误 / {error}")))
        }
        None if *method == Method::GET => Ok(console.deps.ids.fresh()),
        None => Err(ApiError::Unreadable(format!(
            "命令缺少标头 {COMMAND_HEADER} / a command needs this header"
        ))),
    }
}

async fn send(
    console: &Console,
    upstream: &Upstream,
    (person, trace): (PersonId, TraceId),
    command: CommandId,
    (method, path, body): (Method, &str, Bytes),
) -> Result<(StatusCode, Bytes), ApiError> {
    let actor = Actor {
        deployment: console.deps.settings.deployment.clone(),
        person,
        method: method.to_string(),
        path: path.to_owned(),
        body: Digest::of(&body),
        command,
        trace: trace.clone(),
        at: console.deps.clock.now(),
    };
    let actor = actor_header(actor, &console.key)?;
    upstream.send(method, path, (actor, &trace), body).await
}

async fn pass_bundles(
    State(console): State<Console>,
    request: Request,
) -> Result<Response, ApiError> {
    let upstream = console.drafting.clone();
    pass_to(&console, &upstream, request).await
}

async fn pass_deployment(
    State(console): State<Console>,
    request: Request,
) -> Result<Response, ApiError> {
    let upstream = console.release.clone();
    pass_to(&console, &upstream, request).await
}

/// To the service that owns what is asked.
async fn pass(
    State(console): State<Console>,
    Path((_, rest)): Path<(String, String)>,
    request: Request,
) -> Result<Response, ApiError> {
    let owned = rest.split('/').next().unwrap_or_default();
    let upstream = match owned {
        "draft" | "stop" | "members" => console.drafting.clone(),
        "case" | "sign-offs" | "registration" | "proposal" => console.approval.clone(),
        "release" | "holds" | "withdrawal" | "resume" => console.release.clone(),
        _ => return Err(ApiError::NotFound(format!("/{rest}"))),
    };
    pass_to(&console, &upstream, request).await
}

async fn pass_to(
    console: &Console,
    upstream: &Upstream,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let person = authenticate(console, &parts.headers).await?;
    let command = command_id(console, &parts.method, &parts.headers)?;
    let trace = parts.extensions.get().cloned();
    let trace = trace.unwrap_or_else(|| console.deps.ids.trace());
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
    let body = read_body(body).await?;
    let (status, body) =
        send(console, upstream, (person, trace), command, (parts.method, &path, body)).await?;
    Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// What every service says about a bundle.
async fn status(
    State(console): State<Console>,
    Path(bundle): Path<BundleId>,
    Extension(trace): Extension<TraceId>,
    headers: HeaderMap,
) -> Result<Json<Status>, ApiError> {
    let person = authenticate(&console, &headers).await?;
    let ask = |upstream: Upstream, what: &'static str| {
        let (console, act) = (console.clone(), (person.clone(), trace.clone()));
        let path = format!("/bundles/{bundle}/{what}");
        async move {
            let command = console.deps.ids.fresh();
            let request = (Method::GET, path.as_str(), Bytes::new());
            send(&console, &upstream, act, command, request).await
        }
    };
    let (status, body) = ask(console.drafting.clone(), "draft").await?;
    let draft = found(status, &body)?
        .ok_or_else(|| ApiError::NotFound(format!("政策包 bundle {bundle}")))?;
    let (status, body) = ask(console.approval.clone(), "case").await?;
    let case = found(status, &body)?;
    let (status, body) = ask(console.release.clone(), "release").await?;
    let release = found(status, &body)?;
    let (status, body) = ask(console.release.clone(), "holds").await?;
    let held = found(status, &body)?.unwrap_or_default();
    Ok(Json(Status { draft, case, release, held }))
}

/// An answer's body; `None` where the service knows of nothing.
fn found<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<Option<T>, ApiError> {
    let unreadable = || ApiError::Upstream(format!("answered {status}"));
    match status {
        StatusCode::OK => serde_json::from_slice(body).map(Some).map_err(|_| unreadable()),
        StatusCode::NOT_FOUND => Ok(None),
        _ => Err(unreadable()),
    }
}
