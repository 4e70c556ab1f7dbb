//! The stream is away. The portal serves on while release has said nothing that it did not hear; once it
//! has, and be it an order to withdraw, the portal goes dark within its bound, and tells readers why
//! when it hears of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::{Duration, Instant};

use lockstep_tests::{bundles, history, site::Site, watch::Watch};

const BOUND: Duration = Duration::from_secs(3);
const NATS: [&str; 3] = ["nats-1", "nats-2", "nats-3"];

/// Both processes of the portal, with this bound.
async fn restart_portal(site: &Site) {
    let file = site.home.join("lockstep.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let (said, wanted) = ("dark_after_seconds = 60", "dark_after_seconds = 3");
    assert!(text.contains(said));
    std::fs::write(&file, text.replace(said, wanted)).unwrap();
    let cluster = site.cluster().unwrap();
    cluster.kill(&["portal-1", "portal-2"]).await.unwrap();
    cluster.start_again(&["portal-1", "portal-2"]).await.unwrap();
}

async fn wait<T>(site: &Site, what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    site.wait_ticking(what, look).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_cannot_hear_of_a_withdrawal_goes_dark() {
    let mut site = Site::apart().await.unwrap();
    restart_portal(&site).await;
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    let watch = Watch::begin_open(&site, "甲", &bundle, 1);
    site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
    wait(&site, "completed", async || {
        let release = site.status(&bundle).await.ok()?.release?;
        (release.phase == "completed").then_some(())
    })
    .await;
    let (public, page) = (site.public(), format!("{}/p/{bundle}", site.public()));
    let status = async |address: &str| Some(reqwest::get(address).await.ok()?.status().as_u16());

    let cluster = site.cluster().unwrap();
    cluster.kill(&NATS).await.unwrap();
    let begun = Instant::now();
    let mut answers = 0;
    while begun.elapsed() < 2 * BOUND {
        // A process that had not begun to serve yet is no answer.
        if let Some(status) = status(&page).await {
            assert_eq!(status, 200, "after {:?}", begun.elapsed());
            answers += 1;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(answers > 0);

    wait(&site, "the order", async || site.withdraw(&bundle).await.ok().map(drop)).await;
    for address in [&page, &public] {
        wait(&site, "dark", async || (status(address).await? == 503).then_some(())).await;
    }
    // Processes that know nothing of how long it has been are no brighter: the stream is there again, but
    // nobody publishes the order.
    let (portals, releases) = (["portal-1", "portal-2"], ["release-1", "release-2"]);
    cluster.kill(&releases).await.unwrap();
    cluster.start_again(&NATS).await.unwrap();
    cluster.kill(&portals).await.unwrap();
    cluster.start_again(&portals).await.unwrap();
    let first = wait(&site, "an answer", async || {
        for part in portals {
            if cluster.state(part).is_none() {
                cluster.start_again(&[part]).await.unwrap();
            }
        }
        status(&page).await
    });
    assert_eq!(first.await, 503);
    cluster.start_again(&releases).await.unwrap();
    wait(&site, "the notice", async || (status(&page).await? == 410).then_some(())).await;
    assert_eq!(status(&public).await, Some(200));
    wait(&site, "confirmed", async || {
        (site.status(&bundle).await.ok()?.release?.phase == "dark").then_some(())
    })
    .await;
    assert_eq!(history::violations(&watch.end().await), Vec::<String>::new());
    site.stop().await.unwrap();
}

/// The clocks of a release and of a portal are days ahead. Nothing is shown, nor permitted, before its
/// window.
#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_are_ahead_show_nothing_early() {
    let mut site = Site::apart().await.unwrap();
    let cluster = site.cluster().unwrap();
    let fast = ["release-1", "portal-1"];
    cluster.kill(&fast).await.unwrap();
    cluster.start_ahead(&fast, 4 * 86_400_000).await.unwrap();
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    let phase = async || site.status(&bundle).await.ok()?.release.map(|release| release.phase);
    wait(&site, "staged", async || (phase().await? == "staged").then_some(())).await;
    let page = format!("{}/p/{bundle}", site.public());
    let begun = Instant::now();
    while begun.elapsed() < 2 * BOUND {
        if let Ok(answer) = reqwest::get(&page).await {
            assert_ne!(answer.status().as_u16(), 200);
        }
        assert_ne!(phase().await.as_deref(), Some("permitted"));
        site.clock.advance(100).unwrap();
    }
    // In its window, whoever has the right time shows it.
    site.clock.set("2026-12-02T00:00:01Z".parse().unwrap()).unwrap();
    wait(&site, "completed", async || (phase().await? == "completed").then_some(())).await;
    site.stop().await.unwrap();
}
