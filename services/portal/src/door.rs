//! The public door: how much the public may take at once. Connections, requests and their time are
//! bounded, so that services and staff keep what they need; whoever finds it full is told so.

use std::{pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use lockstep_kit::metrics::Metrics;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::site::unavailable;

/// How long a connection may be idle, or take to say what it asks for.
const IDLE_TIME: Duration = Duration::from_secs(10);
/// A connection's time: enough for the largest member at 35 KB/s.
const CONNECTION_TIME: Duration = Duration::from_mins(5);
/// How long the answer under way may take once a connection is to end.
const LAST_ANSWER_TIME: Duration = Duration::from_secs(10);
/// Connections beyond the limit that are told so. Any more wait to be accepted.
const STANDING: usize = 32;

/// How much the public may take at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections.
    pub connections: usize,
    /// Requests that are being answered.
    pub requests: usize,
    /// How long an answer may take to begin.
    pub request_time: Duration,
}

impl Default for Limits {
    /// Connections: a quarter of the files that a process may usually open. Requests: each may hold
    /// a member of 10 MiB in memory. What takes ten seconds waits for a disk that is not well;
    /// `deploy/nginx.conf` waits one more before it asks another process.
    fn default() -> Self {
        Self { connections: 256, requests: 32, request_time: Duration::from_secs(10) }
    }
}

/// Serves the public until stopped; requests under way are finished. Whoever is turned away is
/// counted too.
pub async fn serve(
    listener: TcpListener,
    (router, metrics): (Router, Metrics),
    limits: Limits,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let places = Arc::new(Semaphore::new(limits.requests));
    let router = router.layer(middleware::from_fn_with_state((places, limits.request_time), admit));
    let router = metrics.counting("public", router);
    let full = metrics.counting("public", Router::new().fallback(async || unavailable()));
    let seats = Arc::new(Semaphore::new(limits.connections + STANDING));
    let tasks = TaskTracker::new();
    loop {
        let next = async {
            let seat = Arc::clone(&seats).acquire_owned().await;
            (seat, listener.accept().await)
        };
        let (seat, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!("a public connection was not accepted: {error}");
                // What stays wrong, such as too many open files, must not use the processor up.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let is_full = seats.available_permits() < STANDING;
        let router = if is_full { full.clone() } else { router.clone() };
        let stop = stop.clone();
        tasks.spawn(async move {
            converse(stream, router, is_full, stop).await;
            drop(seat);
        });
    }
    tasks.close();
    tasks.wait().await;
    Ok(())
}

/// One connection, to its end. What a client does wrong is nobody's concern here.
async fn converse(stream: TcpStream, router: Router, is_full: bool, stop: CancellationToken) {
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIME)
        .keep_alive(!is_full)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stop.cancelled() => {}
        () = tokio::time::sleep(CONNECTION_TIME) => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::time::timeout(LAST_ANSWER_TIME, connection).await.ok();
}

/// One of at most so many requests at once.
async fn admit(
    State((places, time)): State<(Arc<Semaphore>, Duration)>,
    request: Request,
    next: Next,
) -> Response {
    let Ok(_place) = places.try_acquire() else { return unavailable() };
    tokio::time::timeout(time, next.run(request)).await.unwrap_or_else(|_| unavailable())
}
