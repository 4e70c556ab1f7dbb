//! Whether this process can do its work: looked at in the background, answered from memory.
//!
//! `/healthz` says that the process is there, `/readyz` whether it can work: 503 and reasons in words
//! while it cannot. What is not ready is sent no requests; nothing is safe because of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use futures::{FutureExt as _, future::BoxFuture};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock, deps::Deps, dispatch::Transport, error::Chain, jobs::JobError, safe::Safe,
};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(3);
/// How long database, stream and blobs may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// A look that is older than this says nothing any more.
const STALE: Duration = Duration::from_secs(30);
/// Between two looks at a bucket that is well: each costs two requests.
const BUCKET_EVERY: Duration = Duration::from_secs(30);
/// How far our clock may be from the database's: a window begins and ends by the clock.
pub const CLOCK_MICROS_MAX: i64 = 1_000_000;

/// What `/readyz` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// Whether every service of this process can work.
    pub ready: bool,
    /// What keeps it.
    pub reasons: Vec<Reason>,
    /// What a person has to mend though the process works for all else: to send its requests elsewhere
    /// would not help.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minds: Vec<Reason>,
}

/// Why a service cannot work, or what it cannot do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Which service.
    pub service: String,
    /// What is not right: `database`, `clock`, `stream`, `blobs`, `safe`, or `look` where nobody looked
    /// lately; `members` of what is shown.
    pub what: String,
    /// In words.
    pub detail: String,
}

/// What one look found.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// What is not right: what it is, and in words.
    pub reasons: Vec<(&'static str, String)>,
    /// How far our clock is ahead of the database's, where that has one of its own.
    pub clock_micros: Option<i64>,
}

/// The newest look at each service of this process.
#[derive(Debug, Clone, Default)]
pub struct Health {
    looks: Arc<Mutex<BTreeMap<String, (Instant, Look)>>>,
    minds: watch::Sender<Vec<Reason>>,
    stop: CancellationToken,
}

impl Health {
    /// Of a process that ends with `stop`.
    pub fn new(stop: CancellationToken) -> Self {
        Self { stop, ..Self::default() }
    }

    /// Looks at a service until stopped; and at the safe, if it keeps something there.
    pub async fn watch(self, deps: Deps, safe: Option<Safe>) {
        let (mut blobs, mut safe_look) = (BlobLook::default(), PatientLook::default());
        while !self.stop.is_cancelled() {
            let mut look = look(&deps, &mut blobs).await;
            if let Some(safe) = &safe
                && let Some(detail) = look_at_safe(safe, &mut safe_look).await
            {
                look.say("safe", &detail);
            }
            for (what, detail) in &look.reasons {
                tracing::warn!(service = %deps.service, what, "not ready: {detail}");
            }
            self.looks().insert(deps.service.to_string(), (Instant::now(), look));
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    fn looks(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (Instant, Look)>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a service has found that a person has to mend; nothing any more: none.
    pub fn mind(&self, minds: Vec<Reason>) {
        self.minds.send_replace(minds);
    }

    /// What is known now.
    pub fn readiness(&self) -> Readiness {
        let reason = |service: &str, what: &str, detail: &str| Reason {
            service: service.to_owned(),
            what: what.to_owned(),
            detail: detail.to_owned(),
        };
        let looks = self.looks();
        let mut reasons = vec![];
        for (service, (at, look)) in looks.iter() {
            reasons.extend(look.reasons.iter().map(|(what, detail)| reason(service, what, detail)));
            if at.elapsed() > STALE {
                let detail = "检查停滞 / nobody looked for half a minute";
                reasons.push(reason(service, "look", detail));
            }
        }
        if looks.is_empty() {
            reasons.push(reason("", "look", "尚未检查 / nobody has looked yet"));
        }
        if self.stop.is_cancelled() {
            reasons.push(reason("", "look", "正在结束 / finishing what is under way"));
        }
        let minds = self.minds.borrow().clone();
        Readiness { ready: reasons.is_empty(), reasons, minds }
    }

    /// How far our clock is ahead of each service's database, in microseconds.
    pub fn clocks(&self) -> Vec<(String, i64)> {
        let looks = self.looks();
        let known = looks.iter().filter_map(|(service, (_, look))| {
            look.clock_micros.map(|micros| (service.clone(), micros))
        });
        known.collect()
    }

    /// The routes that say so.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/healthz", get(async || "ok"))
            .route("/readyz", get(readyz))
            .with_state(self.clone())
    }
}

async fn readyz(State(health): State<Health>) -> impl IntoResponse {
    let readiness = health.readiness();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}

/// Looks at a service's database, clock, stream and blobs.
async fn look(deps: &Deps, blobs: &mut BlobLook) -> Look {
    let mut look = Look::default();
    match tokio::time::timeout(PATIENCE, deps.db.clock_ahead(&deps.clock)).await {
        Err(_) => look.say("database", "数据库没有应答 / the database does not answer"),
        Ok(Err(error)) => look.say("database", &Chain(&error).to_string()),
        Ok(Ok(micros)) => look.clock_micros = micros,
    }
    if let Some(micros) = look.clock_micros.filter(|micros| micros.abs() > CLOCK_MICROS_MAX) {
        look.say("clock", &clock_off(micros));
    }
    if let Transport::JetStream(bus) = &deps.transport {
        match tokio::time::timeout(PATIENCE, bus.reach(&deps.service)).await {
            Err(_) => look.say("stream", "消息流没有应答 / the stream does not answer"),
            Ok(Err(error)) => look.say("stream", &Chain(&error).to_string()),
            Ok(Ok(())) => {}
        }
    }
    if let Some(detail) = blobs.look(deps).await {
        look.say("blobs", &detail);
    }
    look
}

/// Windows begin and end by the clock: nothing is permitted and nothing newly shown while ours and the
/// database's differ by more than a second. A clock that a test owns is compared with what the test
/// says.
pub async fn check_clock(deps: &Deps) -> Result<(), JobError> {
    let ahead = match &deps.clock {
        Clock::System => deps.db.clock_ahead(&deps.clock).await?,
        clock @ Clock::Set(_) => ahead_of_truth(clock),
        #[cfg(feature = "test-clock")]
        clock @ Clock::File(_) => ahead_of_truth(clock),
    };
    match ahead {
        Some(micros) if micros.abs() > CLOCK_MICROS_MAX => Err(JobError::Later(clock_off(micros))),
        Some(_) | None => Ok(()),
    }
}

fn ahead_of_truth(clock: &Clock) -> Option<i64> {
    clock.truth().map(|truth| clock.now().as_micros() - truth.as_micros())
}

fn clock_off(micros: i64) -> String {
    let millis = micros / 1000;
    format!(
        "本机时钟比数据库快 {millis} 毫秒 / our clock is {millis} ms ahead of the database's; set both by NTP"
    )
}

/// What keeps release from the safe, in words.
async fn look_at_safe(safe: &Safe, look: &mut PatientLook) -> Option<String> {
    let safe = safe.clone();
    let check = async move { safe.reach().await.map_err(|error| Chain(&error).to_string()) };
    match look.at(|| check.boxed()).await {
        None => Some("库外存根没有应答 / the safe does not answer".to_owned()),
        Some(done) => done.err(),
    }
}

/// A look at what may hang, such as a mount.
#[derive(Default)]
struct PatientLook {
    /// One that is not over: one waits and not one more every few seconds.
    under_way: Option<BoxFuture<'static, Result<(), String>>>,
}

impl PatientLook {
    /// What is found, in words; none: nothing yet.
    async fn at(
        &mut self,
        look: impl FnOnce() -> BoxFuture<'static, Result<(), String>>,
    ) -> Option<Result<(), String>> {
        let under_way = self.under_way.get_or_insert_with(look);
        let done = tokio::time::timeout(PATIENCE, under_way).await.ok()?;
        self.under_way = None;
        Some(done)
    }
}

/// The newest look at the blobs.
#[derive(Default)]
struct BlobLook {
    /// When they were found well.
    well_at: Option<Instant>,
    look: PatientLook,
}

impl BlobLook {
    /// What keeps the service from them, in words.
    async fn look(&mut self, deps: &Deps) -> Option<String> {
        if deps.blobs.is_bucket() && self.well_at.is_some_and(|at| at.elapsed() < BUCKET_EVERY) {
            return None;
        }
        let (blobs, service) = (deps.blobs.clone(), deps.service.clone());
        let check = async move {
            let checked = blobs.check_for(service.as_str()).await;
            checked.map_err(|error| Chain(&error).to_string())
        };
        match self.look.at(|| check.boxed()).await {
            None => Some("内容存储没有应答 / the blobs' store does not answer".to_owned()),
            Some(Ok(())) => {
                self.well_at = Some(Instant::now());
                None
            }
            Some(Err(detail)) => Some(detail),
        }
    }
}

impl Look {
    fn say(&mut self, what: &'static str, detail: &str) {
        self.reasons.push((what, detail.to_owned()));
    }
}

#[cfg(test)]
mod tests;
