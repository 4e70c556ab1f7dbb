//! What operators see of a deployment at work: whether it is ready, what it counts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use axum::{Json, Router, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep::{services::HEARS, statements};
use lockstep_kit::{dispatch::Transport, health::Readiness, ids::Ids, trace::TRACEPARENT};
use lockstep_proto::{
    http::{COMMAND_HEADER, Submit, Submitted},
    ids::{CommandId, TraceId},
    sign_off::Decision,
    time::Timestamp,
};
use lockstep_tests::{bundles, site::Site};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn get(url: String) -> (u16, String) {
    let response = reqwest::get(url).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Waits until `/metrics` says every one of these lines.
async fn wait_said(site: &Site, lines: &[&str]) -> String {
    let says = async || {
        let (_, text) = get(format!("{}/metrics", site.staff())).await;
        lines.iter().all(|line| text.lines().any(|said| said == *line)).then_some(text)
    };
    match site.wait("such metrics", says).await {
        Ok(text) => text,
        Err(error) => {
            let (_, text) = get(format!("{}/metrics", site.staff())).await;
            let missing = lines.iter().filter(|line| !text.lines().any(|said| said == **line));
            let missing: Vec<_> = missing.collect();
            unreachable!("{error:#}\nmissing: {missing:#?}\n{text}")
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_seen_in_numbers_and_nothing_else_of_it() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    wait_said(&site, &["lockstep_releases_waiting 1", "lockstep_grants_waiting 1"]).await;
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    site.wait_heard().await.unwrap();
    assert_eq!(get(format!("{}/p/{bundle}", site.public())).await.0, 200);
    let text = wait_said(
        &site,
        &[
            "lockstep_build_info{version=\"0.1.0\"} 1",
            "lockstep_ready 1",
            "lockstep_measured{service=\"release\"} 1",
            "lockstep_releases{phase=\"completed\"} 1",
            "lockstep_releases_waiting 0",
            "lockstep_grants_waiting 0",
            "lockstep_cases{state=\"permitted\"} 1",
            "lockstep_jobs_total{kind=\"render\",outcome=\"done\",service=\"explainer\"} 1",
            "lockstep_facts_handled_total{handler=\"explainer\",outcome=\"done\"} 1",
            "lockstep_parked_bundles{handler=\"release\"} 0",
            "lockstep_http_requests_total{listener=\"staff\",route=\"/people/{person}\",status=\"201\"} 5",
        ],
    )
    .await;
    // Every handler hears everything there is; what was never said, too.
    let value = |text: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| value.trim().parse::<f64>().unwrap())
    };
    site.wait("handlers that have heard everything", async || {
        let (_, text) = get(format!("{}/metrics", site.staff())).await;
        let pairs = HEARS
            .iter()
            .flat_map(|(handler, sources)| sources.iter().map(move |source| (*handler, *source)));
        let has_heard = |(handler, source): (&str, &str)| {
            let labels = format!("{{handler=\"{handler}\",source=\"{source}\"}}");
            let heard = value(&text, &format!("lockstep_facts_heard{labels}"));
            let said = value(&text, &format!("lockstep_facts_appended{{source=\"{source}\"}}"));
            heard.is_some() && heard == said
        };
        pairs.into_iter().all(has_heard).then_some(())
    })
    .await
    .unwrap();
    // Release reads back as readers do: how often, is its own affair.
    let public = "lockstep_http_requests_total{listener=\"public\",route=\"any\",status=\"200\"}";
    assert!(text.contains(public), "{text}");
    for word in [bundle.as_str(), "drafter", "甲", "sha256"] {
        assert!(!text.contains(word), "{word} is in:\n{text}");
    }
    // It is nothing for the public.
    for path in ["metrics", "readyz", "healthz"] {
        assert_eq!(get(format!("{}/{path}", site.public())).await.0, 404, "{path}");
    }
    let (status, text) = get(format!("{}/readyz", site.staff())).await;
    let readiness: Readiness = serde_json::from_str(&text).unwrap();
    let well = Readiness { ready: true, reasons: vec![], minds: vec![] };
    assert_eq!((status, readiness), (200, well));
    site.stop().await.unwrap();
}

/// Takes spans as an OpenTelemetry collector does: OTLP over HTTP, as JSON.
struct Collector {
    address: String,
    bodies: Arc<Mutex<Vec<String>>>,
    _server: JoinSet<std::io::Result<()>>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&bodies);
        let take = post(async move |body: String| {
            kept.lock().unwrap().push(body);
            Json(json!({}))
        });
        let mut server = JoinSet::new();
        let router = Router::new().route("/v1/traces", take);
        server.spawn(axum::serve(listener, router).into_future());
        Self { address, bodies, _server: server }
    }

    fn text(&self) -> String {
        self.bodies.lock().unwrap().concat()
    }

    /// The services whose spans belong to this trace.
    fn services_of(&self, trace: &str) -> BTreeSet<String> {
        let mut services = BTreeSet::new();
        for body in self.bodies.lock().unwrap().iter() {
            let body: Value = serde_json::from_str(body).unwrap();
            let each = |value: &Value, key: &str| {
                value.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
            };
            let resources = each(&body, "resourceSpans");
            let scopes = resources.iter().flat_map(|resource| each(resource, "scopeSpans"));
            for span in scopes.flat_map(|scope| each(&scope, "spans")) {
                let attributes = each(&span, "attributes");
                let service = attributes
                    .iter()
                    .find(|attribute| attribute.get("key").is_some_and(|key| key == "service"));
                let service = service.and_then(|service| service.pointer("/value/stringValue"));
                if span.get("traceId").is_some_and(|id| id == trace) {
                    services.extend(service.and_then(Value::as_str).map(str::to_owned));
                }
            }
        }
        services
    }
}

/// The trace of everything that people do here.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// Of the withdrawal.
const WITHDRAWAL: &str = "0af7651916cd43dd8448eb211c80319c";

/// A command that names the trace it belongs to.
async fn command(
    site: &Site,
    (person, trace): (&str, &str),
    path: &str,
    body: &impl Serialize,
) -> Value {
    let (command, identity): (CommandId, _) = (Ids.fresh(), site.identity(person).unwrap());
    let response = reqwest::Client::new()
        .post(format!("{}{path}", site.staff()))
        .bearer_auth(&identity.token)
        .header(COMMAND_HEADER, command.as_str())
        .header(TRACEPARENT, format!("00-{trace}-00f067aa0ba902b7-01"))
        .json(body)
        .send()
        .await
        .unwrap();
    assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
    response.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_goes_from_the_request_through_every_service_and_its_log() {
    let mut site = Site::new().unwrap();
    let collector = Collector::start().await;
    site.environment = vec![
        ("LOCKSTEP_LOG_FORMAT", "json".to_owned()),
        ("LOCKSTEP_SET_TELEMETRY__OTLP", collector.address.clone()),
    ];
    site.start_child("").await.unwrap();
    site.add_people().await.unwrap();
    let folder = site.scratch("甲");
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    let sample = bundles::Sample { name: "甲", version: 1, has_slots: false, window };
    bundles::write(&folder, &sample).unwrap();
    let files = lockstep::folder::read(&folder).unwrap().into_iter();
    let files = files.map(|(path, bytes)| (path, BASE64.encode(bytes))).collect();
    let submit = Submit { revises: None, files };
    let submitted = command(&site, ("drafter", TRACE), "/bundles", &submit).await;
    let Submitted { bundle, .. } = serde_json::from_value(submitted).unwrap();
    site.wait_case(&bundle, 1).await.unwrap();
    for person in ["reviewer", "issuer"] {
        let case = site.case(&bundle).await.unwrap();
        let (identity, now) = (site.identity(person).unwrap(), site.clock.now());
        let body = statements::sign_off(identity, &case, Decision::Signed, None, now).unwrap();
        command(&site, (person, TRACE), &format!("/bundles/{bundle}/sign-offs"), &body).await;
    }
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();

    let facts = site.facts(bundle.as_str()).await.unwrap();
    let trace: TraceId = TRACE.parse().unwrap();
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for envelope in &facts {
        assert_eq!(envelope.trace, trace, "{envelope:?}");
        seen.entry(envelope.source.as_str()).or_default().insert(envelope.fact.type_name());
    }
    let sources: Vec<&str> = seen.keys().copied().collect();
    assert_eq!(sources, ["approval", "drafting", "explainer", "folder", "portal", "release"]);
    assert!(seen.get("release").unwrap().contains("release.completed.v1"), "{seen:?}");

    // A withdrawal is another act, and whatever follows from it says so.
    let release = site.status(&bundle).await.unwrap().release.unwrap();
    let issuer = site.identity("issuer").unwrap();
    let body = statements::withdrawal(issuer, &release, "有误", site.clock.now()).unwrap();
    let path = format!("/bundles/{bundle}/withdrawal");
    command(&site, ("issuer", WITHDRAWAL), &path, &body).await;
    site.wait_phase(&bundle, "dark", 2).await.unwrap();
    let facts = site.facts(bundle.as_str()).await.unwrap();
    let withdrawal: TraceId = WITHDRAWAL.parse().unwrap();
    let ends = ["release.withdrawing.v1", "channel.hidden.v1", "release.dark.v1"];
    let ends = facts.iter().filter(|envelope| ends.contains(&envelope.fact.type_name()));
    assert!(ends.clone().count() >= 4, "{facts:?}");
    for envelope in ends {
        assert_eq!(envelope.trace, withdrawal, "{envelope:?}");
    }

    // Every line is one object; those about the bundle say which, whose, and in which trace.
    let mut services = BTreeSet::new();
    for line in site.log().lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| unreachable!("{line}"));
        let span = line.get("span").unwrap_or(&Value::Null);
        let about = |field| span.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        if line.get("bundle.id").is_some_and(|id| id == bundle.as_str()) {
            assert_eq!(about("bundle"), bundle.as_str(), "{line}");
            assert!([TRACE, WITHDRAWAL].contains(&about("trace").as_str()), "{line}");
            services.insert(about("service"));
        }
    }
    assert_eq!(services, ["approval", "drafting", "release"].map(str::to_owned).into());

    // The collector is sent the same trace, of every service; no member's text is in it.
    let services = "approval console drafting explainer folder portal release";
    site.wait("spans of every service", async || {
        let found = collector.services_of(TRACE);
        (found == services.split(' ').map(str::to_owned).collect()).then_some(())
    })
    .await
    .unwrap_or_else(|_| unreachable!("{:?} in {}", collector.services_of(TRACE), collector.text()));
    assert!(!collector.text().contains(&bundles::policy_mark("甲", 1)));
    site.stop().await.unwrap();
}
