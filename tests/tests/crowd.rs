//! Many bundles at once, one of them sick.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use lockstep_kit::dispatch::Transport;
use lockstep_proto::{ids::BundleId, time::Timestamp};
use lockstep_tests::{
    bundles::{self, Sample},
    history,
    site::Site,
    watch::Watch,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn submit(site: &Site, name: &str) -> BundleId {
    submit_for(site, name, "2026-12-02T00:00:00Z").await
}

async fn submit_for(site: &Site, name: &str, not_before: &str) -> BundleId {
    let folder = site.scratch(name);
    let window = (at(not_before), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name, version: 1, has_slots: false, window }).unwrap();
    site.submit(&folder, None).await.unwrap().bundle
}

/// One bundle's handler fails for good: nine complete, the sick one is held and says why.
async fn nine_and_one(handler: &'static str) {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let mut bundles = vec![];
    for name in ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"] {
        bundles.push(submit(&site, name).await);
    }
    for bundle in &bundles {
        site.wait_case(bundle, 1).await.unwrap();
        site.sign("reviewer", bundle, None).await.unwrap();
    }
    let (sick, well) = bundles.split_last().unwrap();
    fail::cfg(handler, &format!("return({sick})")).unwrap();
    for bundle in &bundles {
        site.sign("issuer", bundle, None).await.unwrap();
    }
    for bundle in well {
        site.wait_phase(bundle, "staged", 1).await.unwrap();
    }
    // The clock moves on, through the sick one's retries and into the window.
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    for bundle in well {
        site.wait_phase(bundle, "completed", 1).await.unwrap();
    }
    let clock = site.clock.clone();
    let held = site
        .wait("hold", async || {
            clock.advance(60_000).ok()?;
            let held = site.status(sick).await.ok()?.held;
            (!held.is_empty()).then_some(held)
        })
        .await
        .unwrap();
    assert!(held.iter().any(|why| why.contains(handler)), "{held:?}");
    let address = format!("{}/p/{sick}", site.public());
    assert_eq!(reqwest::get(&address).await.unwrap().status().as_u16(), 404);

    // Held, it can still be withdrawn; nothing was shown, so it stops.
    site.withdraw(sick).await.unwrap();
    site.wait_phase(sick, "stopped", 1).await.unwrap();
    assert_eq!(reqwest::get(&address).await.unwrap().status().as_u16(), 404);
    fail::remove(handler);
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sick_portal_handler_holds_one_bundle_and_nine_complete() {
    nine_and_one("portal").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sick_stage_job_holds_one_bundle_and_nine_complete() {
    nine_and_one("stage").await;
}

/// A withdrawal overtakes what is parked: it is never held.
#[tokio::test(flavor = "multi_thread")]
async fn a_shown_bundle_whose_channel_is_sick_still_goes_dark() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, "甲").await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    // A correction whose staging cannot be handled is parked at the portal.
    fail::cfg("portal", &format!("1*return({bundle})->off")).unwrap();
    let folder = site.scratch("second");
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name: "甲", version: 2, has_slots: false, window }).unwrap();
    site.submit(&folder, Some(&bundle)).await.unwrap();
    site.sign_all(&bundle, 2).await.unwrap();
    site.wait_phase(&bundle, "staging", 2).await.unwrap();
    // The clock stands: the retry is not due. The withdrawal does not wait for it.
    site.withdraw(&bundle).await.unwrap();
    site.wait_phase(&bundle, "dark", 3).await.unwrap();
    let address = format!("{}/p/{bundle}", site.public());
    assert_eq!(reqwest::get(&address).await.unwrap().status().as_u16(), 410);
    site.stop().await.unwrap();
}

/// An order that a channel cannot take in is not served against without bound: the bundle goes dark,
/// the others stay.
#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_whose_withdrawal_the_portal_cannot_take_in_goes_dark_within_the_bound() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let (sick, well) = (submit(&site, "申").await, submit(&site, "酉").await);
    for bundle in [&sick, &well] {
        site.sign_all(bundle, 1).await.unwrap();
    }
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    for bundle in [&sick, &well] {
        site.wait_phase(bundle, "completed", 1).await.unwrap();
    }
    let get = async |bundle: &BundleId| {
        let answer = reqwest::get(format!("{}/p/{bundle}", site.public())).await.ok()?;
        Some(answer.status().as_u16())
    };
    let wait_for = async |status: u16| {
        site.wait("the portal's answer", async || {
            site.clock.advance(1_000).ok()?;
            (get(&sick).await? == status).then_some(())
        })
        .await
        .unwrap();
    };
    fail::cfg("portal", &format!("return({sick})")).unwrap();
    site.withdraw(&sick).await.unwrap();
    wait_for(503).await;
    let list = reqwest::get(site.public()).await.unwrap().text().await.unwrap();
    assert!(!list.contains(sick.as_str()) && list.contains(well.as_str()));
    assert_eq!(get(&well).await, Some(200));
    // Once it can be taken in, readers are told.
    fail::remove("portal");
    wait_for(410).await;
    site.stop().await.unwrap();
}

/// A bundle that is held ready for its window, watched from now on.
async fn hold_ready(site: &Site, name: &str, not_before: &str) -> (BundleId, Watch) {
    let bundle = submit_for(site, name, not_before).await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    site.wait_state(&bundle, "granted").await.unwrap();
    let watch = Watch::begin(site, name, &bundle);
    (bundle, watch)
}

/// A stop request ends a release stopped before the window and dark after the permit; where it races
/// the flip, as one of the two or refused; never in half.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_racing_the_flip_ends_stopped_or_dark() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let mut bundles = BTreeMap::new();
    for name in ["子", "丑", "寅", "卯", "辰", "巳"] {
        bundles.insert(name, hold_ready(&site, name, "2026-12-02T00:00:00Z").await);
    }
    let late = [("午", "2026-12-03T00:00:00Z"), ("未", "2026-12-04T00:00:00Z")];
    for (name, not_before) in late {
        bundles.insert(name, hold_ready(&site, name, not_before).await);
    }

    // Before the window: nobody ever sees it.
    for name in ["子", "丑"] {
        let (bundle, _) = &bundles[name];
        site.stop_release(bundle).await.unwrap();
        site.wait_phase(bundle, "stopped", 1).await.unwrap();
    }

    // While it begins.
    let mut racing = vec![];
    for (index, name) in ["寅", "卯", "辰", "巳"].into_iter().enumerate() {
        let (bundle, watch) = &bundles[name];
        watch.open(1);
        if index == 2 {
            site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
        }
        racing.push((bundle, site.stop_release(bundle).await.is_ok()));
    }
    let mut ends = BTreeMap::new();
    for (bundle, was_accepted) in racing {
        let expected: &[&str] = if was_accepted { &["stopped", "dark"] } else { &["completed"] };
        let end = site.wait("an end", async || {
            let phase = site.status(bundle).await.ok()?.release?.phase;
            expected.contains(&phase.as_str()).then_some(phase)
        });
        *ends.entry(end.await.unwrap()).or_insert(0) += 1;
    }
    println!("while the window begins: {ends:?}");

    // After the permit, before drafting hears that it is completed: too late to stop.
    for (name, not_before) in late {
        let (bundle, watch) = &bundles[name];
        fail::cfg("read_back", &format!("return({bundle})")).unwrap();
        watch.open(1);
        site.clock.set(at(not_before)).unwrap();
        site.wait_phase(bundle, "permitted", 1).await.unwrap();
        site.stop_release(bundle).await.unwrap();
        site.wait_phase(bundle, "dark", 2).await.unwrap();
    }
    fail::remove("read_back");

    for (name, (_, watch)) in bundles {
        assert_eq!(history::violations(&watch.end().await), Vec::<String>::new(), "{name}");
    }
    site.stop().await.unwrap();
}
