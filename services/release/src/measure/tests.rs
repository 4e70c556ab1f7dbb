use std::{collections::BTreeMap, sync::Arc};

use lockstep_kit::{
    Tx,
    safe::Safe,
    testing::{at, for_each_engine, name, release_key, sample},
};
use lockstep_proto::{
    digest::Digest,
    document::Document,
    facts::Fact,
    order::Window,
    release::{Evidence, Generation},
};

use super::*;
use crate::domain::State;

/// A bundle whose window ends at the end of that day in December; it holds an edition.
async fn insert(tx: &mut Tx, bundle: &str, phase: Phase, day: u32) -> store::Row {
    let Fact::CaseGranted(granted) = sample("case.granted.v1").fact else { panic!("no grant") };
    let mut order = granted.evidence.order.clone().unwrap().into_value();
    let not_after = at(&format!("2026-12-{day:02}T23:00:00Z"));
    order.window = Window::Instants { not_before: at("2026-11-01T00:00:00Z"), not_after };
    let row = store::Row {
        bundle: name(bundle),
        state: State { generation: Generation { epoch: 1, n: 1 }, phase, ..State::before_all(1) },
        evidence: Evidence { order: Some(Document::new(order).unwrap()), ..granted.evidence },
        edition: Some(Digest::of(bundle.as_bytes())),
        command: None,
        asked_at: None,
        passed: None,
        next_evidence: None,
        reason: None,
        findings: vec![],
        trace: name("trace"),
        since: at("2026-12-01T00:00:00Z"),
    };
    store::save_row(tx, &row, None).await.unwrap();
    row
}

async fn measured(release: &Release) -> BTreeMap<String, f64> {
    let mut sheet = Sheet::default();
    release.measure(&mut sheet).await.unwrap();
    sheet.values().into_iter().filter(|(_, value)| *value > 0.0).collect()
}

#[tokio::test]
async fn releases_are_counted_by_what_they_wait_for() {
    for_each_engine("release", async |deps| {
        crate::migrate(&deps.db).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let release = Release {
            deps: deps.clone(),
            key: Arc::new(release_key()),
            safe: Safe::new(folder.path().to_owned(), deps.settings.deployment.clone()),
            outside: Arc::default(),
        };
        assert_eq!(measured(&release).await, BTreeMap::new());
        let mut tx = deps.db.begin_write().await.unwrap();
        for (bundle, phase, day) in [
            ("in-time", Phase::Staged, 5),
            ("late", Phase::Staging, 1),
            ("refused", Phase::Blocked, 1),
            ("done", Phase::Completed, 1),
            ("gone", Phase::Dark, 1),
        ] {
            insert(&mut tx, bundle, phase, day).await;
        }
        // On a new disk after its window: it was permitted, and nobody is late. What is granted
        // behind it waits.
        let shown = insert(&mut tx, "again", Phase::Staging, 1).await;
        let edition = shown.edition.clone().unwrap();
        let first_permitted_at = at("2026-12-01T00:00:00Z");
        let passed =
            store::Passed { edition, evidence: shown.evidence.clone(), first_permitted_at };
        let (passed, next) = (Some(passed), Some(shown.evidence.clone()));
        let shown_again = store::Row { passed, next_evidence: next, ..shown.clone() };
        store::save_row(&mut tx, &shown_again, Some(shown.state)).await.unwrap();
        for handler in ["drafting", "portal"] {
            store::save_hold(&mut tx, &name("late"), handler, "sick").await.unwrap();
        }
        deps.db.commit(tx).await.unwrap();
        deps.clock.set(at("2026-12-02T00:00:00Z"));
        let expected = [
            ("lockstep_bundles_held", 1.0),
            ("lockstep_releases blocked", 1.0),
            ("lockstep_releases completed", 1.0),
            ("lockstep_releases dark", 1.0),
            ("lockstep_releases staged", 1.0),
            ("lockstep_releases staging", 2.0),
            ("lockstep_releases_overdue", 3.0),
            ("lockstep_releases_waiting", 4.0),
        ];
        let expected: BTreeMap<String, f64> =
            expected.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        assert_eq!(measured(&release).await, expected);

        let mut tx = deps.db.begin_write().await.unwrap();
        let epoch = store::Epoch {
            number: 2,
            lives: BTreeMap::new(),
            withdrawn: vec![],
            forgotten: vec![],
            differences: vec![],
            is_compared: false,
            is_resumed: false,
        };
        store::save_epoch(&mut tx, &epoch).await.unwrap();
        deps.db.commit(tx).await.unwrap();
        assert!(measured(&release).await.contains_key("lockstep_deployment_held"));
    })
    .await;
}
