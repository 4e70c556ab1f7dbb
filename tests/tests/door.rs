//! However full the public door is, the staff door answers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use lockstep_kit::{
    dispatch::{ATTEMPTS_MAX, Transport},
    testing::find_waiting_job,
};
use lockstep_proto::http::Draft;
use lockstep_tests::{
    bundles::{self, Sample},
    site::Site,
};
use reqwest::Response;
use tokio::net::TcpStream;

/// More connections than the public door takes, and fewer than it turns away at once.
const CROWD: usize = 272;

/// A crowd that asks for nothing, and what the next one is told. The door ends connections that are
/// idle for ten seconds: a crowd stands no longer.
async fn crowd(site: &Site) -> (Vec<TcpStream>, Response) {
    let address = site.public().replace("http://", "");
    let mut idle = vec![];
    for _ in 0..CROWD {
        idle.push(TcpStream::connect(&address).await.unwrap());
    }
    let answer = reqwest::get(site.public()).await.unwrap();
    assert_eq!(answer.status().as_u16(), 503, "the public door is not full");
    (idle, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_are_answered_while_the_public_door_is_full() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let (idle, answer) = crowd(&site).await;
    assert!(answer.headers().contains_key("retry-after"));
    let drafts: Vec<Draft> = site.client("reviewer").unwrap().get("/bundles").await.unwrap();
    assert!(drafts.is_empty());
    drop(idle);
    site.stop().await.unwrap();
}

/// Release reads back as readers do. Where they are turned away, that is no fault of the release:
/// it waits, and is held against nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_release_waits_while_the_public_door_is_full() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let folder = site.scratch("甲");
    let window = ("2026-12-02T00:00:00Z".parse().unwrap(), "2026-12-20T00:00:00Z".parse().unwrap());
    let sample = Sample { name: "甲", version: 1, has_slots: false, window };
    bundles::write(&folder, &sample).unwrap();
    let bundle = site.submit(&folder, None).await.unwrap().bundle;
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    let db = site.deps().unwrap().db.clone();
    let mut idle = vec![];
    // Through more tries than a job of its own fault would get.
    for attempt in 0..ATTEMPTS_MAX + 3 {
        // Nothing is due while the clock stands, so nobody comes between two crowds.
        drop(idle);
        (idle, _) = crowd(&site).await;
        if attempt == 0 {
            site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
        } else {
            // Longer than any wait between so many tries.
            site.clock.advance(10_000).unwrap();
        }
        let now = site.clock.now();
        let why = site.wait("a try that was turned away", async || {
            // Put off, as seen from this now: tried since the clock moved.
            let job = find_waiting_job(&db, "read_back", bundle.as_str()).await?;
            job.last_error.filter(|_| job.due_at > now)
        });
        assert!(why.await.unwrap().contains("503"));
        let status = site.status(&bundle).await.unwrap();
        assert_eq!(status.held, Vec::<String>::new());
        assert_eq!(status.release.unwrap().phase, "permitted");
    }
    drop(idle);
    let clock = site.clock.clone();
    site.wait("completed", async || {
        clock.advance(1_000).ok()?;
        let release = site.status(&bundle).await.ok()?.release?;
        (release.phase == "completed").then_some(())
    })
    .await
    .unwrap();
    site.stop().await.unwrap();
}
