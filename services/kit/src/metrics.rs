//! What a process counts, for Prometheus: `/metrics` on the internal listener, never the public one.
//! Labels name services, handlers, kinds and route patterns; no bundle, no person, nothing of what a
//! bundle says.
//!
//! Counters rise where things happen. Gauges are read from the database by [`run`], a whole sheet at
//! a time, so that what is not there any more is not said any more.

mod kit;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use lockstep_proto::time::Timestamp;
use prometheus::{
    Error, GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use tokio_util::sync::CancellationToken;

use crate::{
    deps::Deps,
    error::{Chain, StoreError},
    health::Health,
};

/// Between two looks into the database.
const EVERY: Duration = Duration::from_secs(10);
/// How long reading one service's gauges may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// A handler does SQL only: milliseconds; seconds where the database is busy.
const SECONDS: [f64; 8] = [0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0];

/// What one process counts.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
    relayed: IntCounterVec,
    healed: IntCounterVec,
    heals: IntCounterVec,
    last_heal: GaugeVec,
    handled: IntCounterVec,
    seconds: HistogramVec,
    jobs: IntCounterVec,
    running: IntGaugeVec,
    behind: GaugeVec,
    requests: IntCounterVec,
    /// The newest sheet of gauges.
    sheet: Arc<Mutex<Registry>>,
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new() -> Result<Self, Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone())).map(|()| counter)
        };
        let relayed = counter(
            "lockstep_facts_relayed_total",
            "Facts that the stream took from the outbox of a source",
            &["source"],
        )?;
        let heals = counter(
            "lockstep_heals_total",
            "Times that the stream was found to have lost facts of a source",
            &["source"],
        )?;
        let last_heal = GaugeVec::new(
            Opts::new(
                "lockstep_last_heal_seconds",
                "When this process last found that the stream had lost facts, since 1970; 0: never",
            ),
            &["source"],
        )?;
        registry.register(Box::new(last_heal.clone()))?;
        let healed = counter(
            "lockstep_facts_healed_total",
            "Facts that the stream lost and that were published again",
            &["source"],
        )?;
        let handled = counter(
            "lockstep_facts_handled_total",
            "Facts that a handler took in, by outcome: done, duplicate, parked",
            &["handler", "outcome"],
        )?;
        let jobs = counter(
            "lockstep_jobs_total",
            "Jobs that came to an end, by outcome: done, failed, later (somebody else is not ready)",
            &["service", "kind", "outcome"],
        )?;
        let requests = counter(
            "lockstep_http_requests_total",
            "Requests by listener, route pattern (the public's are not told apart) and status",
            &["listener", "route", "status"],
        )?;
        let running = IntGaugeVec::new(
            Opts::new("lockstep_jobs_running", "Jobs that this process is doing now"),
            &["service", "kind"],
        )?;
        registry.register(Box::new(running.clone()))?;
        let behind = GaugeVec::new(
            Opts::new(
                "lockstep_behind_seconds",
                "How long a channel has not heard what release said",
            ),
            &["handler"],
        )?;
        registry.register(Box::new(behind.clone()))?;
        let seconds = HistogramVec::new(
            HistogramOpts::new("lockstep_handle_seconds", "How long handlers took for a fact")
                .buckets(SECONDS.to_vec()),
            &["handler"],
        )?;
        registry.register(Box::new(seconds.clone()))?;
        let sheet = Arc::default();
        Ok(Self {
            registry,
            relayed,
            healed,
            heals,
            last_heal,
            handled,
            seconds,
            jobs,
            running,
            behind,
            requests,
            sheet,
        })
    }

    /// A relay begins: what it counts is said from the start.
    pub(crate) fn relay_began(&self, source: &str) {
        self.relayed(source, 0);
        self.heals.with_label_values(&[source]).inc_by(0);
        self.last_heal.with_label_values(&[source]).set(0.0);
        self.healed.with_label_values(&[source]).inc_by(0);
    }

    /// The stream took facts of `source`.
    pub(crate) fn relayed(&self, source: &str, count: usize) {
        let count = u64::try_from(count).unwrap_or_default();
        self.relayed.with_label_values(&[source]).inc_by(count);
    }

    /// The stream lost facts of `source`; they are published again. Most heals happen at a start,
    /// before anybody asked what was counted: that a count is one again shows no rise, so the time is
    /// said too.
    pub(crate) fn healed(&self, source: &str, lost: u64, now: Timestamp) {
        let at = Duration::from_micros(now.as_micros().unsigned_abs()).as_secs_f64();
        self.last_heal.with_label_values(&[source]).set(at);
        self.heals.with_label_values(&[source]).inc();
        self.healed.with_label_values(&[source]).inc_by(lost);
    }

    /// A handler took in a fact.
    pub(crate) fn handled(&self, handler: &str, outcome: &str, took: Duration) {
        self.handled.with_label_values(&[handler, outcome]).inc();
        self.seconds.with_label_values(&[handler]).observe(took.as_secs_f64());
    }

    /// A channel has not heard what release said for so long.
    pub(crate) fn behind(&self, handler: &str, age: Duration) {
        self.behind.with_label_values(&[handler]).set(age.as_secs_f64());
    }

    /// A job begins.
    pub(crate) fn job_began(&self, service: &str, kind: &str) {
        self.running.with_label_values(&[service, kind]).inc();
    }

    /// A job that began came to an end.
    pub(crate) fn job_ended(&self, service: &str, kind: &str, outcome: &str) {
        self.running.with_label_values(&[service, kind]).dec();
        self.jobs.with_label_values(&[service, kind, outcome]).inc();
    }

    /// Counts the requests of a listener, by route pattern and status.
    pub fn counting(&self, listener: &'static str, router: Router) -> Router {
        let state = (self.requests.clone(), listener);
        router.layer(middleware::from_fn_with_state(state, count))
    }

    /// The route that tells it all.
    pub fn router(&self, health: &Health) -> Router {
        Router::new().route("/metrics", get(tell)).with_state((self.clone(), health.clone()))
    }

    fn text(&self, health: &Health) -> Result<String, Error> {
        let mut now = Sheet::default();
        let (version, ready) = (env!("CARGO_PKG_VERSION"), health.readiness().ready);
        now.count(BUILD, &[("version", version)], 1);
        now.count(READY, &[], i64::from(ready));
        for (service, micros) in health.clocks() {
            now.seconds(CLOCK, &[("service", &service)], micros);
        }
        let sheet = self.sheet.lock().unwrap_or_else(PoisonError::into_inner).gather();
        let families = [self.registry.gather(), sheet, now.registry.gather()].concat();
        TextEncoder::new().encode_to_string(&families)
    }
}

const BUILD: Gauge = ("lockstep_build_info", "The program's version");
const READY: Gauge = ("lockstep_ready", "1: this process can work; 0: /readyz says why not");
const CLOCK: Gauge =
    ("lockstep_clock_ahead_seconds", "How far our clock is ahead of the database's");
const MEASURED: Gauge =
    ("lockstep_measured", "1: this service's gauges could be read from its database; 0: not");

async fn tell(
    State((metrics, health)): State<(Metrics, Health)>,
) -> Result<String, (StatusCode, String)> {
    metrics.text(&health).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

async fn count(
    State((requests, listener)): State<(IntCounterVec, &'static str)>,
    request: Request,
    next: Next,
) -> Response {
    let pattern = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = match (&pattern, listener) {
        (_, "public") => "any",
        (Some(pattern), _) => pattern.as_str(),
        (None, _) => "none",
    };
    requests.with_label_values(&[listener, route, response.status().as_str()]).inc();
    response
}

/// A gauge: its name, and what it says.
pub type Gauge = (&'static str, &'static str);

/// Gauges that were read together.
#[derive(Debug, Default)]
pub struct Sheet {
    registry: Registry,
    gauges: BTreeMap<&'static str, GaugeVec>,
}

impl Sheet {
    /// Every gauge with the values of its labels, for tests.
    pub fn values(&self) -> BTreeMap<String, f64> {
        let families = self.registry.gather();
        let each = families.iter().flat_map(|family| {
            family.get_metric().iter().map(|metric| {
                let labels = metric.get_label().iter().map(|label| format!(" {}", label.value()));
                let name = family.name().to_owned() + &labels.collect::<String>();
                (name, metric.get_gauge().get_value())
            })
        });
        each.collect()
    }

    /// Writes down how many there are.
    pub fn count(&mut self, gauge: Gauge, labels: &[(&str, &str)], count: i64) {
        // Beyond this, how many does not matter.
        self.set(gauge, labels, f64::from(i32::try_from(count).unwrap_or(i32::MAX)));
    }

    /// Writes down a time, in microseconds.
    pub fn seconds(&mut self, gauge: Gauge, labels: &[(&str, &str)], micros: i64) {
        let size = Duration::from_micros(micros.unsigned_abs()).as_secs_f64();
        self.set(gauge, labels, if micros < 0 { -size } else { size });
    }

    fn set(&mut self, (name, help): Gauge, labels: &[(&str, &str)], value: f64) {
        let (names, values): (Vec<&str>, Vec<&str>) = labels.iter().copied().unzip();
        let gauge = match self.gauges.get(name) {
            Some(gauge) => Ok(gauge.clone()),
            None => GaugeVec::new(Opts::new(name, help), &names).and_then(|gauge| {
                self.registry.register(Box::new(gauge.clone()))?;
                self.gauges.insert(name, gauge.clone());
                Ok(gauge)
            }),
        };
        match gauge.and_then(|gauge| gauge.get_metric_with_label_values(&values)) {
            Ok(gauge) => gauge.set(value),
            Err(error) => tracing::error!("{name} cannot be measured: {error}"),
        }
    }
}

/// Reads a service's gauges from its database.
#[async_trait]
pub trait Measure: Send + Sync + 'static {
    /// Writes them down.
    async fn measure(&self, sheet: &mut Sheet) -> Result<(), StoreError>;
}

/// What kit keeps for every service.
#[async_trait]
impl Measure for Deps {
    async fn measure(&self, sheet: &mut Sheet) -> Result<(), StoreError> {
        kit::measure(self, sheet).await
    }
}

/// A service whose gauges are read.
pub struct Measured {
    /// Which.
    pub service: &'static str,
    /// The services whose facts its handler hears.
    pub hears: &'static [&'static str],
    /// What reads them.
    pub measure: Arc<dyn Measure>,
}

/// Reads the gauges of a process's services until stopped.
pub async fn run(metrics: Metrics, services: Vec<Measured>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let sheet = read(&services).await;
        *metrics.sheet.lock().unwrap_or_else(PoisonError::into_inner) = sheet.registry;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn read(services: &[Measured]) -> Sheet {
    let mut sheet = Sheet::default();
    for Measured { service, hears, measure } in services {
        kit::say_unheard(&mut sheet, service, hears);
        let done = tokio::time::timeout(PATIENCE, measure.measure(&mut sheet)).await;
        let is_done = matches!(done, Ok(Ok(())));
        if let Ok(Err(error)) = done {
            tracing::warn!(error = %Chain(&error), service, "gauges of {service} cannot be read");
        }
        sheet.count(MEASURED, &[("service", service)], i64::from(is_done));
    }
    sheet
}

#[cfg(test)]
mod tests;
