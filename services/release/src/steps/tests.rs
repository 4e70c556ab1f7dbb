//! Corrections, and the channels that show what they correct.

use lockstep_kit::{
    outbox,
    safe::Safe,
    testing::{for_each_engine, name, release_key, sample},
};
use lockstep_proto::{document::Document, ids::BundleId, order::Channels, release::Generation};

use super::*;
use crate::store::Passed;

pub(crate) const BUNDLE: &str = "0197-bundle";

pub(crate) async fn on_releases(test: impl AsyncFn(Release)) {
    for_each_engine("release", async |deps| {
        crate::migrate(&deps.db).await.unwrap();
        let (key, outside) = (release_key().into(), std::sync::Arc::default());
        let folder = tempfile::tempdir().unwrap();
        let safe = Safe::new(folder.path().to_owned(), deps.settings.deployment.clone());
        test(Release { deps, key, safe, outside }).await;
    })
    .await;
}

/// A revision with its order for these channels.
pub(crate) fn evidence(revision: u32, channels: &[&str]) -> Evidence {
    let Fact::CaseGranted(data) = sample("case.granted.v1").fact else { panic!("another") };
    let mut manifest = data.evidence.manifest.into_value();
    manifest.revision = revision;
    let mut order = data.evidence.order.unwrap().into_value();
    let required = channels.iter().map(|channel| name(channel)).collect();
    order.channels = Channels { required, optional: vec![] };
    let manifest = Document::new(manifest).unwrap();
    Evidence { manifest, order: Some(Document::new(order).unwrap()), ..data.evidence }
}

/// The first revision is shown on both channels, or was and is dark by now.
pub(crate) async fn begin(release: &Release, is_dark: bool) {
    let first = evidence(1, &["folder", "portal"]);
    let mut row = new_row(release, &first, &name("trace"));
    let (generation, at) = (Generation { epoch: 1, n: 1 }, release.deps.clock.now());
    let edition = edition_of(&first).unwrap();
    let passed = Passed { edition: edition.clone(), evidence: first, first_permitted_at: at };
    row.state.generation = generation;
    row.state.phase = if is_dark { Phase::Dark } else { Phase::Completed };
    row.edition = Some(edition);
    row.passed = (!is_dark).then_some(passed);
    let mut tx = release.deps.db.begin_write().await.unwrap();
    store::save_row(&mut tx, &row, None).await.unwrap();
    release.deps.db.commit(tx).await.unwrap();
}

async fn row(tx: &mut Tx) -> Row {
    let bundle: BundleId = name(BUNDLE);
    store::find_row(tx, &bundle).await.unwrap().unwrap()
}

/// Grants a correction for these channels. The phase it is in then, and what was found.
async fn correct(release: &Release, channels: &[&str]) -> (Phase, Vec<String>) {
    let mut tx = release.deps.db.begin_write().await.unwrap();
    grant(release, &mut tx, evidence(2, channels), &name("trace")).await.unwrap();
    release.deps.db.commit(tx).await.unwrap();
    let row = row(&mut release.deps.db.begin_read().await.unwrap()).await;
    (row.state.phase, row.findings.into_iter().map(|finding| finding.message).collect())
}

#[tokio::test]
async fn a_correction_that_leaves_a_channel_out_is_blocked_until_another_order_names_it() {
    on_releases(async |release| {
        begin(&release, false).await;
        let (phase, said) = correct(&release, &["portal"]).await;
        assert_eq!(phase, Phase::Blocked);
        assert!(matches!(said.as_slice(), [one] if one.ends_with("：folder")), "{said:?}");
        let mut tx = release.deps.db.begin_write().await.unwrap();
        let facts = outbox::list_of_key(&mut tx, BUNDLE, 9).await.unwrap();
        assert_eq!(facts.last().unwrap().type_name, "release.blocked.v1");

        let mut blocked = row(&mut tx).await;
        let (seen, both) = (Some(blocked.state), evidence(2, &["folder", "portal"]));
        let note = Note { evidence: Some(both), ..Note::default() };
        take(&release, &mut tx, &mut blocked, seen, Event::Reordered, note).await.unwrap();
        assert_eq!(row(&mut tx).await.state.phase, Phase::Staging);
    })
    .await;
}

#[tokio::test]
async fn a_correction_that_names_every_channel_goes_on() {
    on_releases(async |release| {
        begin(&release, false).await;
        let more = ["elsewhere", "folder", "portal"];
        assert_eq!(correct(&release, &more).await, (Phase::Staging, vec![]));
    })
    .await;
}

#[tokio::test]
async fn after_a_withdrawal_no_channel_has_to_be_named() {
    on_releases(async |release| {
        begin(&release, true).await;
        assert_eq!(correct(&release, &["portal"]).await, (Phase::Staging, vec![]));
    })
    .await;
}
