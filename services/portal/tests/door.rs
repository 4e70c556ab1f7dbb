//! The public door, full: whoever comes then is told so.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request, routing::get};
use lockstep_kit::{health::Health, metrics::Metrics};
use lockstep_portal::{Limits, serve};
use reqwest::{Response, StatusCode, header::RETRY_AFTER};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

const PATIENT: Limits =
    Limits { connections: 8, requests: 2, request_time: Duration::from_mins(1) };

/// Serves `/` and `/slow`, which answers once `go` has a permit and says by `come` that it waits.
async fn begin(limits: Limits) -> (SocketAddr, Arc<Semaphore>, Arc<Semaphore>, JoinSet<()>) {
    begin_counting(limits, Metrics::new().unwrap()).await
}

async fn begin_counting(
    limits: Limits,
    metrics: Metrics,
) -> (SocketAddr, Arc<Semaphore>, Arc<Semaphore>, JoinSet<()>) {
    let (come, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let slow = {
        let (come, go) = (come.clone(), go.clone());
        async move || {
            come.add_permits(1);
            go.acquire().await.unwrap().forget();
        }
    };
    let router = Router::new().route("/", get(async || "")).route("/slow", get(slow));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let public = (router, metrics);
        serve(listener, public, limits, CancellationToken::new()).await.unwrap();
    });
    (address, come, go, tasks)
}

async fn ask(address: SocketAddr, path: &str) -> Response {
    // A client of its own: a connection of its own.
    lockstep_kit::http::use_ring();
    reqwest::Client::new().get(format!("http://{address}{path}")).send().await.unwrap()
}

fn is_turned_away(response: &Response) -> bool {
    response.status() == StatusCode::SERVICE_UNAVAILABLE
        && response.headers().contains_key(RETRY_AFTER)
}

#[tokio::test]
async fn a_request_too_many_is_told_to_come_again() {
    let (address, come, go, _tasks) = begin(PATIENT).await;
    let mut asking = JoinSet::new();
    for _ in 0..2 {
        asking.spawn(async move { ask(address, "/slow").await.status() });
    }
    come.acquire_many(2).await.unwrap().forget();
    assert!(is_turned_away(&ask(address, "/").await));
    go.add_permits(2);
    assert_eq!(asking.join_all().await, [StatusCode::OK, StatusCode::OK]);
    assert_eq!(ask(address, "/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_connection_too_many_is_told_to_come_again() {
    let metrics = Metrics::new().unwrap();
    let limits = Limits { connections: 2, ..PATIENT };
    let (address, _, _, _tasks) = begin_counting(limits, metrics.clone()).await;
    let idle =
        [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
    assert!(is_turned_away(&ask(address, "/").await));
    let told = metrics.router(&Health::default());
    let told = told.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    let told = axum::body::to_bytes(told.into_body(), 1 << 20).await.unwrap();
    let counted = "{listener=\"public\",route=\"any\",status=\"503\"} 1";
    assert!(String::from_utf8(told.to_vec()).unwrap().contains(counted));
    drop(idle);
    // The seats are free once the door has seen that they are.
    while is_turned_away(&ask(address, "/").await) {}
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let hasty = Limits { request_time: Duration::from_millis(1), ..PATIENT };
    let (address, _, _, _tasks) = begin(hasty).await;
    assert!(is_turned_away(&ask(address, "/slow").await));
}
