//! From console to the service that owns a command.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
};
use futures::{StreamExt as _, stream::FuturesUnordered};
use lockstep_proto::{http::ACTOR_HEADER, ids::TraceId};
use tower::ServiceExt as _;

use super::{ApiError, read_body, use_ring};
use crate::trace::{self, TRACEPARENT};

/// How long the service that owns a command may take.
const UPSTREAM_TIME: Duration = Duration::from_secs(30);
/// A process that has not answered by then may hang: the next one is asked as well.
const NEXT_AFTER: Duration = Duration::from_secs(2);
/// The same for a command, which may be large.
const COMMAND_NEXT_AFTER: Duration = Duration::from_secs(8);

/// Where a service's routes are: in this process, or behind an address.
#[derive(Debug, Clone)]
pub enum Upstream {
    /// In this process.
    Local(Router),
    /// Elsewhere.
    Remote(Remote),
}

/// The processes of a service.
#[derive(Debug, Clone)]
pub struct Remote {
    addresses: Vec<String>,
    /// Which of them answered last, and is asked first.
    first: Arc<AtomicUsize>,
}

/// A request on its way.
struct Asked {
    method: Method,
    path: String,
    actor: HeaderValue,
    trace: HeaderValue,
    body: Bytes,
}

impl Upstream {
    /// The processes at these addresses, without a slash at the end.
    pub fn remote(addresses: Vec<String>) -> Self {
        Self::Remote(Remote { addresses, first: Arc::default() })
    }

    /// Passes a request on and brings the answer back.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        (actor, trace): (HeaderValue, &TraceId),
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), ApiError> {
        let trace = trace::header(trace).unwrap_or_else(|| HeaderValue::from_static(""));
        match self {
            Self::Local(router) => {
                let request = Request::builder()
                    .method(method)
                    .uri(path)
                    .header(ACTOR_HEADER, actor)
                    .header(TRACEPARENT, trace)
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(Body::from(body))
                    .map_err(|_| {
                        ApiError::Unreadable(format!("地址无法使用 / path {path:?} cannot be used"))
                    })?;
                let Ok(response) = router.clone().oneshot(request).await;
                let status = response.status();
                Ok((status, read_body(response.into_body()).await?))
            }
            Self::Remote(remote) => {
                let asked = Asked { method, path: path.to_owned(), actor, trace, body };
                remote.ask(&asked).await.ok_or(ApiError::Upstream(asked.path))
            }
        }
    }
}

impl Remote {
    /// The answer of whichever process answers; that one of them is out of order is none, unless all
    /// are. Asking two is harmless: a command is carried out once, and both are answered the same.
    async fn ask(&self, asked: &Asked) -> Option<(StatusCode, Bytes)> {
        let is_question = asked.method == Method::GET;
        let next_after = if is_question { NEXT_AFTER } else { COMMAND_NEXT_AFTER };
        let mut out_of_order = None;
        let count = self.addresses.len();
        let first = self.first.load(Ordering::Relaxed);
        let mut left = (0..count).map(|n| (first + n) % count);
        let mut under_way = FuturesUnordered::new();
        under_way.push(self.ask_one(left.next()?, asked));
        loop {
            tokio::select! {
                answer = under_way.next() => match answer {
                    Some((index, Ok(answer))) if !is_out_of_order(answer.0) => {
                        self.first.store(index, Ordering::Relaxed);
                        return Some(answer);
                    }
                    Some((index, answer)) => {
                        let address = self.addresses.get(index);
                        match answer {
                            Ok(answer) => {
                                tracing::warn!("{address:?} is out of order: {}", answer.0);
                                out_of_order = Some(answer);
                            }
                            Err(error) => tracing::warn!("{address:?} does not answer: {error}"),
                        }
                        if let Some(next) = left.next() {
                            under_way.push(self.ask_one(next, asked));
                        }
                    }
                    None => return out_of_order,
                },
                () = tokio::time::sleep(next_after) => {
                    if let Some(next) = left.next() {
                        under_way.push(self.ask_one(next, asked));
                    }
                }
            }
        }
    }

    async fn ask_one(
        &self,
        index: usize,
        asked: &Asked,
    ) -> (usize, Result<(StatusCode, Bytes), reqwest::Error>) {
        let address = self.addresses.get(index).map_or("", String::as_str);
        let request = client()
            .request(asked.method.clone(), format!("{address}{}", asked.path))
            .header(ACTOR_HEADER, asked.actor.clone())
            .header(TRACEPARENT, asked.trace.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .body(asked.body.clone());
        (index, answer_of(request).await)
    }
}

/// Whether an answer says that the process itself is not well. What console signs is turned away only by
/// one whose clock or settings are wrong.
fn is_out_of_order(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::UNAUTHORIZED
}

/// One pool of connections for all requests of this process.
fn client() -> &'static reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        use_ring();
        reqwest::Client::new()
    });
    &CLIENT
}

async fn answer_of(
    request: reqwest::RequestBuilder,
) -> Result<(StatusCode, Bytes), reqwest::Error> {
    let response = request.timeout(UPSTREAM_TIME).send().await?;
    let status = response.status();
    Ok((status, response.bytes().await?))
}

#[cfg(test)]
mod tests {
    use axum::routing::post;
    use futures::FutureExt as _;
    use tokio::net::TcpListener;
    use tokio_util::task::TaskTracker;

    use super::*;
    use crate::testing::name;

    /// A process that answers with `word`.
    async fn serve(word: &'static str, tasks: &TaskTracker) -> String {
        serve_by(Router::new().route("/a", post(async move || word)), tasks).await
    }

    async fn serve_by(router: Router, tasks: &TaskTracker) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tasks.spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    /// One that takes connections and never answers, as one that is stopped.
    async fn hang() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        (listener, address)
    }

    /// One that is not there.
    async fn nobody() -> String {
        hang().await.1
    }

    async fn ask(upstream: &Upstream) -> Result<Bytes, ApiError> {
        let actor = HeaderValue::from_static("actor");
        let trace: TraceId = name("trace");
        upstream.send(Method::POST, "/a", (actor, &trace), Bytes::new()).await.map(|(_, body)| body)
    }

    #[tokio::test]
    async fn whoever_answers_is_asked_first_from_then_on() {
        let tasks = TaskTracker::new();
        let (hung, hanging) = hang().await;
        let answering = serve("here", &tasks).await;
        let upstream = Upstream::remote(vec![hanging, nobody().await, answering]);
        for _ in 0..5 {
            assert_eq!(ask(&upstream).await.unwrap(), "here");
        }
        // One that hangs was asked once.
        assert!(hung.accept().now_or_never().is_some());
        assert!(hung.accept().now_or_never().is_none());
    }

    #[tokio::test]
    async fn whoever_is_out_of_order_is_passed_by() {
        let tasks = TaskTracker::new();
        let sick = || {
            let out_of_order = async || (StatusCode::SERVICE_UNAVAILABLE, "sick");
            serve_by(Router::new().route("/a", post(out_of_order)), &tasks)
        };
        let upstream = Upstream::remote(vec![sick().await, serve("here", &tasks).await]);
        assert_eq!(ask(&upstream).await.unwrap(), "here");
        // Where all are, that is the answer.
        let upstream = Upstream::remote(vec![nobody().await, sick().await]);
        assert_eq!(ask(&upstream).await.unwrap(), "sick");
    }

    #[tokio::test]
    async fn nobody_there_is_said() {
        for addresses in [vec![], vec![nobody().await, nobody().await]] {
            let upstream = Upstream::remote(addresses);
            assert!(matches!(ask(&upstream).await, Err(ApiError::Upstream(path)) if path == "/a"));
        }
    }
}
