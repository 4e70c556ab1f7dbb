//! The actor header: console's word about one request, for a minute.

use axum::{extract::State, routing::post};
use lockstep_proto::{ids::DeploymentId, time::Timestamp};
use tower::ServiceExt as _;

use super::*;
use crate::testing::{console_key, for_each_engine, name};

const BODY: &str = "{\"reason\":\"x\"}";

async fn whoami(State(_): State<Deps>, act: Act<serde_json::Value>) -> String {
    format!("{} {} {}", act.person, act.command, act.body)
}

fn upstream(deps: &Deps) -> Upstream {
    let router = Router::new().route("/a", post(whoami).put(whoami)).route("/b", post(whoami));
    Upstream::Local(router.with_state(deps.clone()))
}

/// What console says about a request that lin makes now.
fn actor(deps: &Deps) -> Actor {
    Actor {
        deployment: deps.settings.deployment.clone(),
        person: name("lin"),
        method: "POST".to_owned(),
        path: "/a".to_owned(),
        body: Digest::of(BODY.as_bytes()),
        command: name("c"),
        trace: name("t"),
        at: deps.clock.now(),
    }
}

/// Status and body of this request under this header.
async fn send(deps: &Deps, header: HeaderValue, request: (Method, &str, &str)) -> (u16, String) {
    let (method, path, body) = request;
    let body = Bytes::copy_from_slice(body.as_bytes());
    let (status, body) =
        upstream(deps).send(method, path, (header, &name("trace")), body).await.unwrap();
    (status.as_u16(), String::from_utf8(body.to_vec()).unwrap())
}

fn signed(actor: Actor) -> HeaderValue {
    actor_header(actor, &console_key()).unwrap()
}

async fn is_refused(deps: &Deps, what: &str, header: HeaderValue, request: (Method, &str, &str)) {
    let (status, body) = send(deps, header, request).await;
    assert!(status == 401 && body.contains("unauthorized"), "{what}: {status} {body}");
}

#[tokio::test]
async fn who_asks_is_whom_console_names() {
    for_each_engine("a", async |deps| {
        let answer = send(&deps, signed(actor(&deps)), (Method::POST, "/a", BODY)).await;
        assert_eq!(answer, (200, format!("lin c {BODY}")));
    })
    .await;
}

#[tokio::test]
async fn a_header_that_is_not_consoles_counts_for_nothing() {
    for_each_engine("a", async |deps| {
        let forger = PrivateKey::from_seed([66; 32]);
        let forged = actor_header(actor(&deps), &forger).unwrap();
        // Another signature of console's own is no header either.
        let mut altered = signed(actor(&deps)).to_str().unwrap().to_owned();
        altered.replace_range(..4, "AAAA");
        let altered = HeaderValue::from_str(&altered).unwrap();
        for (what, header) in [
            ("forged", forged),
            ("altered", altered),
            ("empty", HeaderValue::from_static("")),
            ("no base64", HeaderValue::from_static("*")),
            ("no statement", HeaderValue::from_static("e30=")),
        ] {
            is_refused(&deps, what, header, (Method::POST, "/a", BODY)).await;
        }
        let request = Request::post("/a").body(Body::from(BODY)).unwrap();
        let Upstream::Local(router) = upstream(&deps) else { panic!("elsewhere") };
        let Ok(answer) = router.oneshot(request).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "without a header");
    })
    .await;
}

#[tokio::test]
async fn a_header_counts_for_its_own_request_only() {
    for_each_engine("a", async |deps| {
        let header = || signed(actor(&deps));
        for (what, request) in [
            ("another method", (Method::PUT, "/a", BODY)),
            ("another path", (Method::POST, "/b", BODY)),
            ("a query", (Method::POST, "/a?force=1", BODY)),
            ("another body", (Method::POST, "/a", "{}")),
        ] {
            is_refused(&deps, what, header(), request).await;
        }
        let deployment: DeploymentId = name("elsewhere");
        let foreign = signed(Actor { deployment, ..actor(&deps) });
        is_refused(&deps, "another deployment", foreign, (Method::POST, "/a", BODY)).await;
    })
    .await;
}

#[tokio::test]
async fn a_header_counts_for_a_minute() {
    for_each_engine("a", async |deps| {
        let said = |at: Timestamp| signed(Actor { at, ..actor(&deps) });
        let now = deps.clock.now();
        for millis in [-60_000, 60_000] {
            let request = (Method::POST, "/a", BODY);
            assert_eq!(send(&deps, said(now.plus_millis(millis)), request).await.0, 200);
        }
        for millis in [-60_001, 60_001] {
            let header = said(now.plus_millis(millis));
            is_refused(&deps, "too old or to come", header, (Method::POST, "/a", BODY)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_said_to_be_so() {
    for_each_engine("a", async |deps| {
        let body = Digest::of(b"{");
        let header = signed(Actor { body, ..actor(&deps) });
        let (status, body) = send(&deps, header, (Method::POST, "/a", "{")).await;
        assert!(status == 400 && body.contains("unreadable"), "{status} {body}");
    })
    .await;
}
