//! Traces: one id follows a person's act through all services, in requests, facts, jobs and log lines.
//!
//! It comes with the request (W3C `traceparent`) or is made at the staff door; the facts that a command
//! appends carry it, a handler's facts that of the fact handled, a job's that of whatever asked for it.
//! Spans are of the level `error`, so that no filter keeps their fields from log lines.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::{self, Next},
    response::Response,
};
use lockstep_proto::{
    envelope::Envelope,
    ids::{BundleId, TraceId},
};
use tracing::{Instrument as _, Span, error_span, field::Empty};

use crate::{ids::Ids, jobs::Job};

/// The header in which a trace travels: version, trace, parent, flags.
pub const TRACEPARENT: &str = "traceparent";

/// Gives every request of `service` its trace, as an extension and in log lines.
pub fn following(service: &'static str, router: Router) -> Router {
    router.layer(middleware::from_fn_with_state(service, follow))
}

async fn follow(State(service): State<&'static str>, mut request: Request, next: Next) -> Response {
    let named = of_request(request.headers());
    let (trace, parent) = named.unwrap_or_else(|| (Ids.trace(), None));
    let bundle = request.uri().path().strip_prefix("/bundles/");
    let bundle: Option<BundleId> =
        bundle.and_then(|path| path.split('/').next()).and_then(|bundle| bundle.parse().ok());
    let span =
        span(error_span!("request", service, bundle = Empty, trace = %trace), bundle.as_ref());
    link(&span, &trace, parent);
    request.extensions_mut().insert(trace);
    next.run(request).instrument(span).await
}

/// The trace that a request names, and the caller's span; none where it names none that is one.
fn of_request(headers: &HeaderMap) -> Option<(TraceId, Option<String>)> {
    let text = headers.get(TRACEPARENT)?.to_str().ok()?;
    let mut parts = text.split('-');
    let (version, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = version.len() == 2 && version != "ff" && parent.len() == 16 && is_id(parent);
    let trace = is_whole.then(|| hex_of(trace))??.parse().ok()?;
    Some((trace, Some(parent.to_owned())))
}

/// A trace as its 32 hexadecimal digits; none for ids that have other ones.
fn hex_of(trace: &str) -> Option<String> {
    let digits = trace.replace('-', "");
    (digits.len() == 32 && is_id(&digits)).then_some(digits)
}

/// Hexadecimal digits that are not all zero: of a trace or a span, zero is none.
fn is_id(digits: &str) -> bool {
    digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && digits.bytes().any(|b| b != b'0')
}

/// The header that passes a trace on.
pub fn header(trace: &TraceId) -> Option<HeaderValue> {
    let digits = hex_of(trace.as_str())?;
    // What calls has no span that anybody could look up by its number.
    let parent = digits.get(16..)?;
    HeaderValue::from_str(&format!("00-{digits}-{parent}-01")).ok()
}

/// For the work of a handler on a fact.
pub(crate) fn of_fact(service: &str, handler: &str, envelope: &Envelope) -> Span {
    let (fact, trace) = (envelope.fact.type_name(), &envelope.trace);
    let span = error_span!("handle", service, handler, fact, bundle = Empty, trace = %trace);
    link(&span, trace, None);
    self::span(span, envelope.fact.bundle())
}

/// For the work on a job.
pub(crate) fn of_job(service: &str, kind: &str, job: &Job) -> Span {
    let span = error_span!("job", service, kind, bundle = Empty, trace = %job.trace);
    link(&span, &job.trace, None);
    // Some jobs are about other things.
    self::span(span, job.key.parse::<BundleId>().ok().as_ref())
}

/// For everything else that a service does.
pub fn of_service(service: &str) -> Span {
    error_span!("service", service)
}

fn span(span: Span, bundle: Option<&BundleId>) -> Span {
    if let Some(bundle) = bundle {
        span.record("bundle", bundle.as_str());
    }
    span
}

/// Tells an OpenTelemetry layer, if there is one, which trace a span belongs to. What has no caller's
/// span is below one that all of a trace's share and nobody sees.
#[cfg(feature = "otel")]
fn link(span: &Span, trace: &TraceId, parent: Option<String>) {
    use opentelemetry::{
        Context,
        trace::{self, SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceState},
    };
    use tracing_opentelemetry::OpenTelemetrySpanExt as _;

    // A request that was passed on within the process is below the one that passed it on.
    if Span::current().metadata().is_some_and(|current| current.name() == "request") {
        return;
    }
    let Some(digits) = hex_of(trace.as_str()) else { return };
    let parent = parent.or_else(|| digits.get(16..).map(str::to_owned)).unwrap_or_default();
    let (Ok(trace), Ok(parent)) = (trace::TraceId::from_hex(&digits), SpanId::from_hex(&parent))
    else {
        return;
    };
    let state = TraceState::NONE;
    let above = SpanContext::new(trace, parent, TraceFlags::SAMPLED, true, state);
    // Without a layer there is nobody to be told.
    span.set_parent(Context::new().with_remote_span_context(above)).ok();
}

#[cfg(not(feature = "otel"))]
fn link(_: &Span, _: &TraceId, _: Option<String>) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Option<TraceId> {
        let value = HeaderValue::from_str(text).unwrap();
        let headers = HeaderMap::from_iter([(TRACEPARENT.parse().unwrap(), value)]);
        of_request(&headers).map(|(trace, _)| trace)
    }

    #[test]
    fn a_trace_is_taken_as_w3c_writes_it_and_passed_on_so() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let taken = named(&format!("00-{trace}-00f067aa0ba902b7-01")).unwrap();
        assert_eq!(taken.as_str(), trace);
        assert_eq!(named(header(&taken).unwrap().to_str().unwrap()), Some(taken));
        let zero = "0".repeat(32);
        for bad in [
            String::new(),
            trace.to_owned(),
            format!("00-{zero}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()),
            format!("00-{trace}x-00f067aa0ba902b7-01"),
            format!("ff-{trace}-00f067aa0ba902b7-01"),
            format!("00-{trace}"),
            format!("00-{trace}-0000000000000000-01"),
            format!("00-{trace}-00f067aa0ba902bx-01"),
        ] {
            assert_eq!(named(&bad), None, "{bad}");
        }
        // Ids of earlier versions are UUIDs.
        let earlier: TraceId = "01938f5e-0000-7000-8000-000000000001".parse().unwrap();
        assert!(header(&earlier).unwrap().to_str().unwrap().contains("01938f5e000070008000"));
        assert_eq!(header(&"trace".parse().unwrap()), None);
        assert!(header(&Ids.trace()).is_some());
    }
}
