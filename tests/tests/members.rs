//! What staff get of a bundle's members: all of its own, none of others.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep::client::Failure;
use lockstep_kit::dispatch::Transport;
use lockstep_proto::{digest::Digest, ids::BundleId, time::Timestamp};
use lockstep_tests::{
    bundles::{self, Sample},
    site::Site,
};

async fn submit(site: &Site, name: &str, version: u32, revises: Option<&BundleId>) -> BundleId {
    let folder = site.scratch(&format!("{name}-{version}"));
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name, version, has_slots: false, window }).unwrap();
    site.submit(&folder, revises).await.unwrap().bundle
}

async fn fetch(site: &Site, bundle: &BundleId, digest: &Digest) -> Result<String, Failure> {
    let address = format!("/bundles/{bundle}/members/{}", digest.hex());
    site.client("reviewer").unwrap().get(&address).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_gives_its_own_members_and_no_others() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let one = submit(&site, "甲", 1, None).await;
    let first = site.wait_case(&one, 1).await.unwrap().manifest;
    submit(&site, "甲", 2, Some(&one)).await;
    let second = site.wait_case(&one, 2).await.unwrap().manifest;
    let other = submit(&site, "乙", 1, None).await;
    let others = site.wait_case(&other, 1).await.unwrap().manifest;

    for member in first.members.iter().chain(&second.members) {
        let bytes = BASE64.decode(fetch(&site, &one, &member.digest).await.unwrap()).unwrap();
        assert_eq!(Digest::of(&bytes), member.digest, "{}", member.path);
    }
    for name in ["policy.md", "interpretation.md"] {
        let member = others.members.iter().find(|member| member.path == name).unwrap();
        let refused = fetch(&site, &one, &member.digest).await;
        assert!(matches!(refused, Err(Failure::Unusable(said)) if said.code == "not_found"));
    }
    site.stop().await.unwrap();
}
