//! HTTP at the edge: the signed actor header, problems, listeners, and the way from console to the
//! service that owns a command.

use std::fmt::Write as _;

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep_proto::{
    digest::Digest,
    finding::Finding,
    http::{ACTOR_HEADER, Actor, Problem},
    ids::{CommandId, PersonId, TraceId},
    signed::{PrivateKey, Signed},
};
use serde::de::DeserializeOwned;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    deps::Deps,
    error::{Chain, StoreError},
};

mod upstream;

pub use upstream::Upstream;

/// A request's body at most: a bundle's 20 MiB in base64, and room for names.
pub const BODY_BYTES_MAX: usize = 30 << 20;
/// How long an actor header counts; console makes it just before it sends the request.
const ACTOR_SECONDS: i64 = 60;

/// What every service's errors become.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// There is no such thing.
    #[error("没有 {0} / there is no {0}")]
    NotFound(String),
    /// The person may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// The request is not of the form we read.
    #[error("{0}")]
    Unreadable(String),
    /// The rule says no; nothing is broken.
    #[error("{detail}")]
    Refused {
        /// Stable code.
        code: &'static str,
        /// One sentence.
        detail: String,
        /// What the rule says.
        findings: Vec<Finding>,
    },
    /// Not in this state.
    #[error("{detail}")]
    Conflict {
        /// Stable code.
        code: &'static str,
        /// One sentence.
        detail: String,
    },
    /// Who asks is not known.
    #[error("{0}")]
    Unauthorized(String),
    /// State could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Bytes could not be read or written.
    #[error(transparent)]
    Blob(#[from] crate::blobs::BlobError),
    /// The service that owns the command cannot be reached.
    #[error("服务没有应答 / service {0} does not answer")]
    Upstream(String),
}

impl ApiError {
    /// The rule's refusal.
    pub fn refused(code: &'static str, findings: Vec<Finding>) -> Self {
        let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
        Self::Refused { code, detail: said.join("; "), findings }
    }
}

/// A reason's characters at most: one that others read on a page, in a list, in a notice.
const REASON_CHARS_MAX: usize = 500;

/// Whether a reason says anything, and not too much.
pub fn check_reason(reason: &str) -> Result<(), ApiError> {
    let is_short = reason.chars().count() <= REASON_CHARS_MAX;
    if is_short && !reason.trim().is_empty() {
        return Ok(());
    }
    Err(ApiError::Refused {
        code: "bad_reason",
        detail: format!(
            "请写明理由，1 至 {REASON_CHARS_MAX} 字 / give a reason of 1 to {REASON_CHARS_MAX} \
             characters"
        ),
        findings: vec![],
    })
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = match &self {
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Self::Unreadable(_) => (StatusCode::BAD_REQUEST, "unreadable"),
            Self::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::Refused { code, .. } => (StatusCode::UNPROCESSABLE_ENTITY, *code),
            Self::Conflict { code, .. } => (StatusCode::CONFLICT, *code),
            Self::Store(StoreError::Stale { .. }) => (StatusCode::CONFLICT, "stale"),
            Self::Store(StoreError::TooLarge { .. }) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "too_large")
            }
            Self::Blob(error) if error.is_outage() => {
                (StatusCode::SERVICE_UNAVAILABLE, "blobs_away")
            }
            Self::Store(_) | Self::Blob(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            Self::Upstream(_) => (StatusCode::BAD_GATEWAY, "upstream"),
        };
        // The caller may know what they did wrong; what broke on our side is for our log alone.
        let broken = match status {
            StatusCode::INTERNAL_SERVER_ERROR => Some(
                "服务器内部出错，原因见日志 / something failed on our side; the log has the reason",
            ),
            StatusCode::SERVICE_UNAVAILABLE => Some(
                "内容存储暂不可用，请稍后再试 / the blob store is out of reach; try again in a moment",
            ),
            _ => None,
        };
        let detail = match broken {
            Some(detail) => {
                tracing::error!(error = %Chain(&self), code, "request failed");
                detail.to_owned()
            }
            None => self.to_string(),
        };
        let findings = if let Self::Refused { findings, .. } = self { findings } else { vec![] };
        (status, Json(Problem { code: code.to_owned(), detail, findings })).into_response()
    }
}

/// A request by an authenticated person, its body read and parsed.
#[derive(Debug)]
pub struct Act<T> {
    /// Who, as console says under its signature.
    pub person: PersonId,
    /// The client-made id.
    pub command: CommandId,
    /// Follows the request through all services.
    pub trace: TraceId,
    /// Method and path: with the body, what the command's id stands for.
    pub request: Digest,
    /// The body.
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<Deps> for Act<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, deps: &Deps) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
        let body = read_body(body).await?;
        let actor = read_actor(deps, &parts.headers, &parts.method, &path, &body)?;
        // No body reads as null, so that `Act<()>` takes requests without one.
        let text: &[u8] = if body.is_empty() { b"null" } else { &body };
        let parsed = serde_json::from_slice(text).map_err(|error| {
            ApiError::Unreadable(format!("请求内容无法读取 / body cannot be read: {error}"))
        })?;
        let request = Digest::of(format!("{} {path} {}", parts.method, actor.body).as_bytes());
        Ok(Self {
            person: actor.person,
            command: actor.command,
            trace: actor.trace,
            request,
            body: parsed,
        })
    }
}

/// Reads a whole body, up to the limit.
pub async fn read_body(body: Body) -> Result<Bytes, ApiError> {
    axum::body::to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| {
        ApiError::Unreadable(format!(
            "请求超过 {BODY_BYTES_MAX} 字节或中断 / body is over that many bytes, or broke off"
        ))
    })
}

fn read_actor(
    deps: &Deps,
    headers: &HeaderMap,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Result<Actor, ApiError> {
    let refuse = |why: &str| ApiError::Unauthorized(format!("身份标头无效 / actor header {why}"));
    let header = headers.get(ACTOR_HEADER).ok_or_else(|| refuse("is missing"))?;
    let text = BASE64.decode(header.as_bytes()).map_err(|_| refuse("cannot be read"))?;
    let signed: Signed<Actor> =
        serde_json::from_slice(&text).map_err(|_| refuse("cannot be read"))?;
    signed.verify(&deps.settings.console).map_err(|_| refuse("is not console's"))?;
    let actor = signed.into_value();
    let age = deps.clock.now().millis_since(actor.at).abs();
    let fits = actor.deployment == deps.settings.deployment
        && actor.method == method.as_str()
        && actor.path == path
        && actor.body == Digest::of(body)
        && age <= ACTOR_SECONDS * 1000;
    if fits { Ok(actor) } else { Err(refuse("is of another request")) }
}

/// The header value for an actor.
pub fn actor_header(actor: Actor, key: &PrivateKey) -> Result<HeaderValue, ApiError> {
    let failed =
        |_| ApiError::Unreadable("身份标头无法生成 / actor header cannot be made".to_owned());
    let signed = Signed::new(actor, key).map_err(StoreError::from)?;
    let text =
        serde_json::to_vec(&signed).map_err(|source| StoreError::Json { what: "actor", source })?;
    HeaderValue::from_str(&BASE64.encode(text)).map_err(failed)
}

/// Begins an HTTP client for this address. Where that needs no TLS, no certificates are read, which
/// takes a while.
pub fn client_for(address: &str) -> reqwest::ClientBuilder {
    use_ring();
    let builder = reqwest::Client::builder();
    if address.starts_with("https:") { builder } else { builder.tls_certs_only([]) }
}

/// TLS in this process uses the cryptography of `ring`. To be said before the first HTTP client is
/// made, whoever makes it; once said, it stays.
pub fn use_ring() {
    rustls::crypto::ring::default_provider().install_default().ok();
}

/// Serves a router until stopped; requests under way are finished.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
) -> std::io::Result<()> {
    axum::serve(listener, router)
        .with_graceful_shutdown(async move { stop.cancelled().await })
        .await
}

/// Percent-encodes everything but what stands in an address as it is; slashes stay.
pub fn encode_path(path: &str) -> String {
    path.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(byte));
            }
            other => {
                // Writing to a String cannot fail.
                write!(text, "%{other:02X}").ok();
            }
        }
        text
    })
}

#[cfg(test)]
mod tests;
