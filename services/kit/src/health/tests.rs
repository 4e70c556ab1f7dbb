use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt as _;

use super::*;
use crate::{
    bus::{Bus, admin::Size},
    clock::Clock,
    testing::{self, Nats, Postgres, S3, SmallDisk},
};

const SIZE: Size = Size { replicas: 1, bytes_max: 64 << 20 };

/// The answer of a process that has looked once.
async fn answer(deps: &Deps) -> (StatusCode, Readiness) {
    let health = Health::new(CancellationToken::new());
    let look = look(deps, &mut BlobLook::default()).await;
    health.looks().insert(deps.service.to_string(), (Instant::now(), look));
    ask(&health).await
}

async fn ask(health: &Health) -> (StatusCode, Readiness) {
    let request = Request::get("/readyz").body(Body::empty()).unwrap();
    let response = health.router().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn what(readiness: &Readiness) -> Vec<&str> {
    readiness.reasons.iter().map(|reason| reason.what.as_str()).collect()
}

#[tokio::test]
async fn a_process_is_ready_while_database_clock_and_stream_are_well() {
    let (postgres, mut nats) = (Postgres::start(), Nats::start());
    let folder = tempfile::tempdir().unwrap();
    let deps = testing::deps("source", postgres.fresh().await, folder.path());
    let bus = Bus::connect(&deps.service, &nats.address()).await.unwrap();
    bus.make_stream(SIZE, &[]).await.unwrap();
    let transport = Transport::JetStream(Box::new(bus));
    let deps = Deps { clock: Clock::System, transport, ..deps };
    let (status, readiness) = answer(&deps).await;
    assert_eq!((status, what(&readiness)), (StatusCode::OK, vec![]));

    let now = Clock::System.now();
    for (millis, expected) in [(-60_000, vec!["clock"]), (60_000, vec!["clock"])] {
        let clock = Clock::set_to(now.plus_millis(millis));
        let (status, readiness) = answer(&Deps { clock, ..deps.clone() }).await;
        assert_eq!((status, what(&readiness)), (StatusCode::SERVICE_UNAVAILABLE, expected));
    }

    nats.kill();
    let (status, readiness) = answer(&deps).await;
    assert_eq!((status, what(&readiness)), (StatusCode::SERVICE_UNAVAILABLE, vec!["stream"]));

    deps.db.close().await;
    let (_, readiness) = answer(&deps).await;
    assert_eq!(what(&readiness), ["database", "stream"]);
}

#[tokio::test]
async fn a_missing_stream_is_not_reached() {
    let (postgres, nats) = (Postgres::start(), Nats::start());
    let folder = tempfile::tempdir().unwrap();
    let deps = testing::deps("source", postgres.fresh().await, folder.path());
    let bus = Bus::connect(&deps.service, &nats.address()).await.unwrap();
    let transport = Transport::JetStream(Box::new(bus));
    let (_, readiness) = answer(&Deps { clock: Clock::System, transport, ..deps }).await;
    assert_eq!(what(&readiness), ["stream"]);
}

#[tokio::test]
async fn embedded_there_is_one_clock_and_the_database_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let db = crate::Db::open_sqlite(&folder.path().join("test.db")).await.unwrap();
    // Its clock is years away from the machine's.
    let deps = testing::deps("release", db, folder.path());
    assert_eq!(answer(&deps).await.0, StatusCode::OK);
    deps.db.close().await;
    assert_eq!(what(&answer(&deps).await.1), ["database"]);
}

#[tokio::test]
async fn nobody_is_ready_before_the_first_look_and_after_the_last() {
    let health = Health::new(CancellationToken::new());
    assert_eq!(ask(&health).await.0, StatusCode::SERVICE_UNAVAILABLE);
    let look = (Instant::now(), Look::default());
    health.looks().insert("release".to_owned(), look);
    assert_eq!(ask(&health).await.0, StatusCode::OK);
    health.stop.cancel();
    assert_eq!(ask(&health).await.0, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn nothing_is_shown_by_a_clock_that_is_not_the_databases() {
    testing::for_each_engine("release", async |deps| {
        let with = |clock| Deps { clock, ..deps.clone() };
        check_clock(&with(Clock::System)).await.unwrap();
        // A test's own clock is whatever the test says.
        check_clock(&deps).await.unwrap();
    })
    .await;
}

#[cfg(feature = "test-clock")]
#[tokio::test]
async fn a_clock_that_a_test_calls_wrong_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, micros: i64| {
        std::fs::write(folder.path().join(name), micros.to_string()).unwrap();
    };
    testing::for_each_engine("release", async |deps| {
        write("clock", 5_000_000);
        std::fs::remove_file(folder.path().join("clock.true")).ok();
        let clock = Clock::File(folder.path().join("clock"));
        let deps = Deps { clock, ..deps };
        check_clock(&deps).await.unwrap();
        for (truth, is_well) in [(5_000_000, true), (6_000_000, true), (3_999_999, false)] {
            write("clock.true", truth);
            assert_eq!(check_clock(&deps).await.is_ok(), is_well, "{truth}");
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_is_ready_while_blobs_cannot_be_written_but_whoever_keeps_none() {
    let folder = tempfile::tempdir().unwrap();
    let db = crate::Db::open_sqlite(&folder.path().join("test.db")).await.unwrap();
    let place = folder.path().join("disk");
    let Some(disk) = SmallDisk::mount(&place, 64) else {
        println!("nothing was tested: a file system cannot be mounted here");
        return;
    };
    let deps = testing::deps("drafting", db, &place);
    assert_eq!(answer(&deps).await.0, StatusCode::OK);
    let filler = disk.fill();
    let (status, readiness) = answer(&deps).await;
    assert_eq!((status, what(&readiness)), (StatusCode::SERVICE_UNAVAILABLE, vec!["blobs"]));
    assert!(readiness.reasons[0].detail.contains("room on its disk"), "{readiness:?}");
    for service in ["console", "release"] {
        assert_eq!(answer(&deps.of_service(testing::name(service))).await.0, StatusCode::OK);
    }
    std::fs::remove_file(filler).unwrap();
    assert_eq!(answer(&deps).await.0, StatusCode::OK);
    // The looks left nothing there.
    assert_eq!(std::fs::read_dir(place.join("blobs")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_bucket_that_is_well_is_left_alone_for_a_while() {
    let mut s3 = S3::start();
    let folder = tempfile::tempdir().unwrap();
    let db = crate::Db::open_sqlite(&folder.path().join("test.db")).await.unwrap();
    let blobs = crate::blobs::Blobs::in_bucket(&s3.address()).unwrap();
    let deps = Deps { blobs, ..testing::deps("release", db, folder.path()) };
    let mut look = BlobLook::default();
    assert_eq!(look.look(&deps).await, None);
    s3.stop();
    assert_eq!(look.look(&deps).await, None);
    look.well_at = Instant::now().checked_sub(BUCKET_EVERY);
    assert!(look.look(&deps).await.is_some());
    s3.start_again();
    assert_eq!(look.look(&deps).await, None);
}
