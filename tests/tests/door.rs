//! However full the public door is, the staff door answers.

use lockstep_kit::dispatch::Transport;
use lockstep_proto::http::Draft;
use lockstep_tests::{
    bundles::{self, Sample},
    site::Site,
};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn staff_are_answered_while_the_public_door_is_full() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let address = site.public().replace("http://", "");
    let mut idle = vec![];
    let full = loop {
        for _ in 0..64 {
            idle.push(TcpStream::connect(&address).await.unwrap());
        }
        let answer = reqwest::get(site.public()).await.unwrap();
        if answer.status().as_u16() == 503 {
            break answer;
        }
        assert!(idle.len() < 400, "the public door is never full");
    };
    assert!(full.headers().contains_key("retry-after"));
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
    let address = site.public().replace("http://", "");
    let mut idle = vec![];
    while idle.len() < 320 {
        idle.push(TcpStream::connect(&address).await.unwrap());
    }
    site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
    site.wait_phase(&bundle, "permitted", 1).await.unwrap();
    // Through more tries than a job of its own fault would get.
    for _ in 0..20 {
        site.clock.advance(1_000).unwrap();
        let status = site.status(&bundle).await.unwrap();
        assert_eq!(status.held, Vec::<String>::new());
        assert!(matches!(status.release.unwrap().phase.as_str(), "permitted" | "completed"));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
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
