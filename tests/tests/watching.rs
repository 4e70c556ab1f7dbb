//! What operators see of a deployment at work: whether it is ready, what it counts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use lockstep_kit::{dispatch::Transport, health::Readiness};
use lockstep_proto::time::Timestamp;
use lockstep_tests::{bundles, site::Site};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn get(url: String) -> (u16, String) {
    let response = reqwest::get(url).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Waits until `/metrics` says every one of these lines.
async fn wait_said(site: &Site, lines: &[&str]) -> String {
    let says = async || {
        let (_, text) = get(format!("{}/metrics", site.staff())).await;
        lines.iter().all(|line| text.lines().any(|said| said == *line)).then_some(text)
    };
    match site.wait("such metrics", says).await {
        Ok(text) => text,
        Err(error) => {
            let (_, text) = get(format!("{}/metrics", site.staff())).await;
            let missing = lines.iter().filter(|line| !text.lines().any(|said| said == **line));
            let missing: Vec<_> = missing.collect();
            unreachable!("{error:#}\nmissing: {missing:#?}\n{text}")
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_seen_in_numbers_and_nothing_else_of_it() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = bundles::submit(&site, "甲").await.unwrap();
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    wait_said(&site, &["lockstep_releases_waiting 1", "lockstep_grants_waiting 1"]).await;
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    site.wait_heard().await.unwrap();
    assert_eq!(get(format!("{}/p/{bundle}", site.public())).await.0, 200);
    let text = wait_said(
        &site,
        &[
            "lockstep_build_info{version=\"0.1.0\"} 1",
            "lockstep_ready 1",
            "lockstep_measured{service=\"release\"} 1",
            "lockstep_releases{phase=\"completed\"} 1",
            "lockstep_releases_waiting 0",
            "lockstep_grants_waiting 0",
            "lockstep_cases{state=\"permitted\"} 1",
            "lockstep_jobs_total{kind=\"render\",outcome=\"done\",service=\"explainer\"} 1",
            "lockstep_facts_handled_total{handler=\"explainer\",outcome=\"done\"} 1",
            "lockstep_parked_bundles{handler=\"release\"} 0",
            "lockstep_http_requests_total{listener=\"staff\",route=\"/people/{person}\",status=\"201\"} 5",
        ],
    )
    .await;
    // Release reads back as readers do: how often, is its own affair.
    let public = "lockstep_http_requests_total{listener=\"public\",route=\"any\",status=\"200\"}";
    assert!(text.contains(public), "{text}");
    for word in [bundle.as_str(), "drafter", "甲", "sha256"] {
        assert!(!text.contains(word), "{word} is in:\n{text}");
    }
    // It is nothing for the public.
    for path in ["metrics", "readyz", "healthz"] {
        assert_eq!(get(format!("{}/{path}", site.public())).await.0, 404, "{path}");
    }
    let (status, text) = get(format!("{}/readyz", site.staff())).await;
    let readiness: Readiness = serde_json::from_str(&text).unwrap();
    assert_eq!((status, readiness), (200, Readiness { ready: true, reasons: vec![] }));
    site.stop().await.unwrap();
}
