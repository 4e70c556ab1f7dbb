use std::sync::atomic::{AtomicBool, Ordering};

use axum::{body::Body, routing::put};
use lockstep_proto::facts::{Fact, channel::Joined};
use tower::ServiceExt as _;

use super::*;
use crate::{
    bus::{Bus, admin::Size},
    dispatch::Transport,
    outbox::Context,
    testing::{self, Nats, Postgres, for_each_engine, name},
};

/// What `/metrics` prints after one reading.
async fn told(deps: &Deps) -> String {
    let measure: Arc<dyn Measure> = Arc::new(deps.clone());
    let hears = &["portal", "folder"];
    let sheet = read(&[Measured { service: "release", hears, measure }]).await;
    *deps.metrics.sheet.lock().unwrap() = sheet.registry;
    get_metrics(&deps.metrics).await
}

async fn get_metrics(metrics: &Metrics) -> String {
    let health = Health::new(CancellationToken::new());
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let response = metrics.router(&health).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn assert_says(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|said| said == *line), "{line} is not in:\n{text}");
    }
}

async fn append(deps: &Deps, count: usize) {
    let mut tx = deps.db.begin_write().await.unwrap();
    for _ in 0..count {
        let fact = Joined { channel: name("portal"), incarnation: name("life") };
        let context = Context::of("portal", &name("trace"));
        deps.append(&mut tx, context, Fact::ChannelJoined(fact)).await.unwrap();
    }
    deps.db.commit(tx).await.unwrap();
}

#[tokio::test]
async fn gauges_say_what_the_database_holds() {
    for_each_engine("release", async |deps| {
        append(&deps, 3).await;
        let mut tx = deps.db.begin_write().await.unwrap();
        for sql in [
            "INSERT INTO cursor (handler, source, pos) VALUES ('release', 'portal', 7)",
            "INSERT INTO cursor (handler, source, pos) VALUES ('drafting', 'portal', 9)",
            "INSERT INTO parked (handler, event_id, key, place, envelope, why, attempt_count, due_at,
                 stuck_at)
             VALUES ('release', 'a', 'x', 1, '', '', 5, 0, 1), ('release', 'b', 'x', 2, '', '', 1, 0, NULL),
                 ('release', 'c', 'y', 1, '', '', 1, 0, NULL), ('drafting', 'd', 'z', 1, '', '', 1, 0, 1)",
            "INSERT INTO job (job_id, service, kind, key, payload, trace, due_at, attempt_count, done_at)
             VALUES ('1', 'release', 'ask', 'x', '', 't', 0, 0, NULL),
                 ('2', 'release', 'ask', 'y', '', 't', 0, 2, NULL),
                 ('3', 'release', 'ask', 'z', '', 't', 0, 2, 1), ('4', 'portal', 'ask', 'z', '', 't', 0, 2, NULL)",
        ] {
            sqlx::query(sql).execute(&mut *tx).await.unwrap();
        }
        deps.db.commit(tx).await.unwrap();
        let text = told(&deps).await;
        assert_says(
            &text,
            &[
                "lockstep_facts_appended{source=\"release\"} 3",
                "lockstep_facts_heard{handler=\"release\",source=\"portal\"} 7",
                "lockstep_facts_heard{handler=\"release\",source=\"folder\"} 0",
                "lockstep_parked_bundles{handler=\"release\"} 2",
                "lockstep_stuck_facts{handler=\"release\"} 1",
                "lockstep_jobs_waiting{kind=\"ask\",service=\"release\"} 2",
                "lockstep_jobs_failing{kind=\"ask\",service=\"release\"} 1",
                "lockstep_measured{service=\"release\"} 1",
                "lockstep_ready 0",
            ],
        );
        assert!(!text.contains("drafting") && !text.contains("outbox"), "{text}");
        // What cannot be read is not said, and that it cannot is.
        deps.db.close().await;
        let text = told(&deps).await;
        assert_says(&text, &["lockstep_measured{service=\"release\"} 0"]);
        assert!(!text.contains("lockstep_parked_bundles"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn the_outbox_is_measured_and_a_heal_counted() {
    let (postgres, mut nats) = (Postgres::start(), Nats::start());
    let folder = tempfile::tempdir().unwrap();
    let deps = testing::deps("release", postgres.fresh().await, folder.path());
    let bus = Bus::connect(&deps.service, &nats.address()).await.unwrap();
    let transport = Transport::JetStream(Box::new(bus.clone()));
    let deps = Deps { transport, ..deps };
    append(&deps, 2).await;
    deps.clock.set(deps.clock.now().plus_millis(90_000));
    let source = "{source=\"release\"}";
    let unpublished = |count| format!("lockstep_outbox_unpublished{source} {count}");
    let text = told(&deps).await;
    assert_says(&text, &[&unpublished(2), &format!("lockstep_outbox_age_seconds{source} 90")]);

    let size = Size { replicas: 1, bytes_max: 64 << 20 };
    bus.make_stream(size, &[]).await.unwrap();
    relay_until(&deps, &bus, &unpublished(0)).await;
    assert_says(&told(&deps).await, &[&format!("lockstep_facts_relayed_total{source} 2")]);
    let never = format!("lockstep_last_heal_seconds{source} 0");
    assert_says(&told(&deps).await, &[&format!("lockstep_heals_total{source} 0"), &never]);

    nats.kill();
    std::fs::remove_dir_all(nats.store()).unwrap();
    nats.start_again();
    let admin = Bus::connect(&deps.service, &nats.address()).await.unwrap();
    admin.make_stream(size, &[]).await.unwrap();
    // A process that heals while it starts was never asked before.
    let deps = Deps { metrics: Metrics::new().unwrap(), ..deps };
    relay_until(&deps, &admin, &format!("lockstep_facts_relayed_total{source} 2")).await;
    let at = deps.clock.now().as_micros() / 1_000_000;
    assert_says(&told(&deps).await, &[&format!("lockstep_last_heal_seconds{source} {at}")]);
    let healed = format!("lockstep_facts_healed_total{source} 2");
    assert_says(&told(&deps).await, &[&format!("lockstep_heals_total{source} 1"), &healed]);
}

/// Runs the relay until `/metrics` says this.
async fn relay_until(deps: &Deps, bus: &Bus, line: &str) {
    let (stop, begun) = (CancellationToken::new(), std::time::Instant::now());
    let mut relay = tokio::task::JoinSet::new();
    relay.spawn(crate::bus::relay(deps.clone(), bus.clone(), stop.clone()));
    while !told(deps).await.lines().any(|said| said == line) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{line} is never said");
    }
    stop.cancel();
    relay.join_all().await;
}

#[tokio::test]
async fn requests_are_counted_by_pattern_and_the_publics_by_status_alone() {
    let metrics = Metrics::new().unwrap();
    let routes = || Router::new().route("/people/{person}", put(async || StatusCode::FORBIDDEN));
    for (listener, path) in [("staff", "/people/li"), ("staff", "/x"), ("public", "/people/li")] {
        let request = Request::put(path).body(Body::empty()).unwrap();
        metrics.counting(listener, routes()).oneshot(request).await.unwrap();
    }
    let text = get_metrics(&metrics).await;
    let counted: Vec<&str> = text.lines().filter(|line| line.contains("requests_total{")).collect();
    assert_eq!(
        counted,
        [
            "lockstep_http_requests_total{listener=\"public\",route=\"any\",status=\"403\"} 1",
            "lockstep_http_requests_total{listener=\"staff\",route=\"/people/{person}\",status=\"403\"} 1",
            "lockstep_http_requests_total{listener=\"staff\",route=\"none\",status=\"404\"} 1",
        ]
    );
}

/// Fails the second time.
struct Forgetful(AtomicBool);

#[async_trait]
impl Measure for Forgetful {
    async fn measure(&self, sheet: &mut Sheet) -> Result<(), StoreError> {
        if !self.0.swap(false, Ordering::SeqCst) {
            return Err(StoreError::Stale { what: "gone".to_owned() });
        }
        sheet.count(("lockstep_there", "There"), &[("of", "a")], 1);
        Ok(())
    }
}

#[tokio::test]
async fn what_is_not_there_any_more_is_not_said_any_more() {
    let measure: Arc<dyn Measure> = Arc::new(Forgetful(AtomicBool::new(true)));
    let services = [Measured { service: "release", hears: &[], measure }];
    for (expected, ok) in [(Some(&1.0), 1.0), (None, 0.0)] {
        let values = read(&services).await.values();
        assert_eq!(values.get("lockstep_there a"), expected);
        assert_eq!(values.get("lockstep_measured release"), Some(&ok));
    }
}
