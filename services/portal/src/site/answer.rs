//! Answers and their headers: digests, caching, what a browser may do with them.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep_kit::{Chain, channel::store::HeldEdition};
use lockstep_proto::{
    digest::Digest,
    manifest::{Member, Role},
    release::Generation,
};

use super::SiteError;

/// Pages hold no script and load nothing; icon, emblem and typefaces are data addresses.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; \
    font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Current addresses and frames: ask each time, by ETag.
const ASK: &str = "no-cache";
/// Pinned member bytes never change, but must be gone a minute after a withdrawal.
const MINUTE: &str = "max-age=60, must-revalidate";

/// After how many seconds to ask again.
const RETRY_SECONDS: &str = "5";

/// What readers get when there is no answer now, whatever they asked for.
pub(crate) fn unavailable() -> Response {
    let headers = [(header::RETRY_AFTER, RETRY_SECONDS), (header::CACHE_CONTROL, "no-store")];
    let text = "暂时无法显示，请稍后再试 / temporarily unavailable; try again in a moment\n";
    (StatusCode::SERVICE_UNAVAILABLE, headers, text).into_response()
}

/// What a reader gets.
pub(super) struct Answer {
    status: StatusCode,
    media_type: String,
    cache: &'static str,
    body: Vec<u8>,
    headers: Vec<(&'static str, String)>,
}

impl Answer {
    fn new(media_type: &str, cache: &'static str, body: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            media_type: media_type.to_owned(),
            cache,
            body,
            headers: vec![],
        }
    }

    pub(super) fn page(html: String) -> Self {
        Self::new("text/html; charset=utf-8", ASK, html.into_bytes())
    }

    pub(super) fn json(value: &serde_json::Value) -> Self {
        Self::new("application/json", ASK, value.to_string().into_bytes())
    }

    /// A member as it is. Types that a browser would run are never shown as such.
    pub(super) fn member(bytes: Vec<u8>, member: &Member) -> Self {
        let media_type = match member.role {
            Role::Policy
            | Role::Interpretation
            | Role::PolicyFragment
            | Role::InterpretationFragment => "text/plain; charset=utf-8",
            Role::Data
            | Role::Attachment
            | Role::Chart
            | Role::ChartPicture
            | Role::LongPicture
            | Role::Brochure => &member.media_type,
        };
        // A text must not outlive, in a cache, the other half that it is bound to.
        let cache = if member.role.has_slots() { ASK } else { MINUTE };
        let mut answer = Self::new(media_type, cache, bytes);
        if member.role == Role::Attachment {
            answer.headers.push(("content-disposition", "attachment".to_owned()));
        }
        answer
    }

    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Names the edition it carries.
    pub(super) fn of(mut self, edition: &Digest, generation: Generation) -> Self {
        self.headers.push(("lockstep-edition", edition.to_string()));
        self.headers.push(("lockstep-generation", generation.to_string()));
        self
    }

    /// Says that the rows were looked at, and no edition is shown.
    pub(super) fn of_none(mut self) -> Self {
        self.headers.push(("lockstep-shows", "nothing".to_owned()));
        self
    }

    /// Links to the other half, or else to the pair, and to the pair, at their pinned addresses.
    pub(super) fn bound(mut self, other: Option<&str>, pair: &str) -> Self {
        let other = other.map_or_else(|| pair.to_owned(), |other| format!("{pair}/{other}"));
        let link = format!("<{other}>; rel=\"describedby\", <{pair}>; rel=\"canonical\"");
        self.headers.push(("link", link));
        self
    }
}

/// The answer as a response; 304 where the reader has it already.
pub(super) fn respond(answered: Result<Answer, SiteError>, asked: &HeaderMap) -> Response {
    let answer = match answered {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(error = %Chain(&error), "a public page could not be made");
            return unavailable();
        }
    };
    let digest = Digest::of(&answer.body);
    let tag = format!("\"{}\"", digest.hex());
    let is_known = answer.status == StatusCode::OK && has_already(asked, &tag);
    let mut response = Response::builder()
        .status(if is_known { StatusCode::NOT_MODIFIED } else { answer.status })
        .header(header::CONTENT_TYPE, answer.media_type)
        // Of what is not sent, too: to HEAD, and with 304.
        .header(header::CONTENT_LENGTH, answer.body.len())
        .header(header::CACHE_CONTROL, answer.cache)
        .header(header::ETAG, tag)
        .header("repr-digest", repr_digest(&digest))
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer");
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    let body = if is_known { Body::empty() } else { Body::from(answer.body) };
    response.body(body).unwrap_or_else(|_| unavailable())
}

/// RFC 9110, 13.1.2: any of the tags that the reader names, weak or not; `*` is whatever there is.
fn has_already(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|v| v.to_str().ok());
    known.map(str::trim).any(|known| {
        let mut tags = known.split(',').map(str::trim);
        known == "*" || tags.any(|one| one.strip_prefix("W/").unwrap_or(one) == tag)
    })
}

/// RFC 9530: the digest of the representation, in base64 between colons.
fn repr_digest(digest: &Digest) -> String {
    let hex = digest.hex().as_bytes();
    let bytes: Vec<u8> = hex
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    format!("sha-256=:{}:", BASE64.encode(bytes))
}

/// An edition as data. No names of persons: who signed is the certificate's to say.
pub(super) fn about(held: &HeldEdition, generation: Generation) -> serde_json::Value {
    let manifest = &held.evidence.manifest;
    let members: Vec<_> = held
        .filled
        .iter()
        .map(|filled| {
            serde_json::json!({
                "path": filled.member.path,
                "role": filled.member.role,
                "media_type": filled.member.media_type,
                "size": filled.size,
                "digest": filled.digest,
            })
        })
        .collect();
    serde_json::json!({
        "edition": held.edition,
        "generation": generation,
        "bundle": manifest.bundle,
        "manifest": manifest.digest(),
        "revision": manifest.revision,
        "title": manifest.metadata.title,
        "issuing": manifest.agencies.issuing,
        "pairing": manifest.pairing,
        "slots": held.evidence.registration.as_ref().map(|signed| &signed.statement().slots),
        "members": members,
    })
}
