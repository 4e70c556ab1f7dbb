//! Rows that are older than what was kept: every way in which a backup can lag behind.

use std::sync::Arc;

use lockstep_kit::{Settings, outbox, testing::name};
use lockstep_proto::{digest::Digest, release::Generation};

use super::*;
use crate::{
    Outside,
    advance::is_held,
    kept::What,
    steps::tests::{BUNDLE, begin, evidence, on_releases},
    store::Row,
};

/// The backup holds the bundle as completed under 1.1.
const BACKED_UP: Generation = Generation { epoch: 1, n: 1 };

fn later(n: u32) -> Generation {
    Generation { epoch: 1, n }
}

fn in_epoch(release: &Release, epoch: u32) -> Release {
    let settings = Settings { epoch, ..(*release.deps.settings).clone() };
    let deps = lockstep_kit::Deps { settings: Arc::new(settings), ..release.deps.clone() };
    Release { deps, ..release.clone() }
}

async fn keep(release: &Release, bundle: &str, generation: Generation, what: What) {
    let at = release.deps.clock.now();
    let kept = Kept { bundle: name(bundle), manifest: Digest::of(b"m"), generation, at, what };
    kept::keep(release, &kept).await.unwrap();
}

fn hide() -> What {
    What::Hide { reason: "有误".to_owned() }
}

fn show() -> What {
    What::Show { edition: Digest::of(b"later") }
}

/// The bundle's row, and the types of the facts that were written.
async fn look(release: &Release) -> (Option<Row>, Vec<String>) {
    let mut tx = release.deps.db.begin_read().await.unwrap();
    let row = store::find_row(&mut tx, &name(BUNDLE)).await.unwrap();
    let facts = outbox::list_of_key(&mut tx, BUNDLE, 100).await.unwrap();
    (row, facts.into_iter().map(|fact| fact.type_name).collect())
}

async fn is_bundle_held(release: &Release) -> bool {
    let mut tx = release.deps.db.begin_read().await.unwrap();
    !store::list_holds(&mut tx, &name(BUNDLE)).await.unwrap().is_empty()
}

#[tokio::test]
async fn a_new_deployment_is_not_held() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        release.enter().await.unwrap();
        let mut tx = release.deps.db.begin_read().await.unwrap();
        assert!(!is_held(&mut tx, &name(BUNDLE)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_restored_row_goes_on_in_the_new_epoch_and_waits_for_a_person() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        begin(&release, false).await;
        keep(&release, BUNDLE, BACKED_UP, show()).await;
        let next = in_epoch(&release, 2);
        next.enter().await.unwrap();
        let (row, facts) = look(&next).await;
        let state = row.unwrap().state;
        assert_eq!(
            (state.generation, state.phase),
            (Generation { epoch: 2, n: 1 }, Phase::Completed)
        );
        assert!(facts.is_empty());
        assert!(!is_bundle_held(&next).await);
        let mut tx = next.deps.db.begin_read().await.unwrap();
        assert!(is_held(&mut tx, &name(BUNDLE)).await.unwrap());
        drop(tx);
        // A restart changes nothing.
        next.enter().await.unwrap();
        assert!(matches!(release.enter().await, Err(EnterError::Epoch(EpochError::Older { .. }))));
    })
    .await;
}

#[tokio::test]
async fn a_withdrawal_that_the_backup_forgot_is_taken_again() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        begin(&release, false).await;
        keep(&release, BUNDLE, later(2), hide()).await;
        let next = in_epoch(&release, 2);
        next.enter().await.unwrap();
        let (row, facts) = look(&next).await;
        let row = row.unwrap();
        assert_eq!(row.state.phase, Phase::Withdrawing);
        assert_eq!(row.state.generation, Generation { epoch: 2, n: 2 });
        assert_eq!(row.reason.as_deref(), Some("有误"));
        assert_eq!(facts, ["release.withdrawing.v1"]);
        // Restored again from the same backup or not: what is known is not taken twice.
        let third = in_epoch(&release, 3);
        third.enter().await.unwrap();
        let (row, facts) = look(&third).await;
        assert_eq!(row.unwrap().state.phase, Phase::Withdrawing);
        assert_eq!(facts.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_order_that_was_kept_and_never_recorded_is_taken_again() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        begin(&release, false).await;
        let text = include_str!("../../../../proto/samples/documents/withdrawal.json");
        let mut order: lockstep_proto::release::Withdrawal = serde_json::from_str(text).unwrap();
        order.generation = BACKED_UP;
        order.bundle = name(BUNDLE);
        let order =
            lockstep_proto::signed::Signed::new(order, &lockstep_kit::testing::root_key()).unwrap();
        kept::keep_order(&release, &order).await;
        // As long as it is the same epoch, whoever ordered it orders it again.
        release.enter().await.unwrap();
        let next = in_epoch(&release, 2);
        next.enter().await.unwrap();
        assert_eq!(look(&next).await.0.unwrap().state.phase, Phase::Withdrawing);
    })
    .await;
}

#[tokio::test]
async fn a_bundle_that_showed_what_the_backup_lacks_is_held_by_itself() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        begin(&release, false).await;
        keep(&release, BUNDLE, later(3), show()).await;
        let next = in_epoch(&release, 2);
        next.enter().await.unwrap();
        assert!(is_bundle_held(&next).await);
        assert_eq!(look(&next).await.0.unwrap().state.phase, Phase::Completed);
    })
    .await;
}

#[tokio::test]
async fn what_was_drafted_before_a_forgotten_withdrawal_is_turned_away() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        // The backup is from before the grant: release knows nothing of the bundle.
        keep(&release, BUNDLE, later(1), show()).await;
        keep(&release, BUNDLE, later(2), hide()).await;
        let next = in_epoch(&release, 2);
        next.enter().await.unwrap();
        assert_eq!(look(&next).await.1, ["release.dark.v1"]);
        let mut tx = next.deps.db.begin_write().await.unwrap();
        let first = evidence(1, &["folder", "portal"]);
        steps::grant(&next, &mut tx, first, &name("trace")).await.unwrap();
        next.deps.db.commit(tx).await.unwrap();
        let (row, facts) = look(&next).await;
        assert!(row.is_none());
        assert_eq!(facts, ["release.dark.v1", "release.stopped.v1"]);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_row_learns_of_a_later_withdrawal() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        begin(&release, true).await;
        keep(&release, BUNDLE, later(4), hide()).await;
        let next = in_epoch(&release, 2);
        next.enter().await.unwrap();
        let (row, facts) = look(&next).await;
        assert_eq!(row.unwrap().state.dark, Some(later(4)));
        assert_eq!(facts, ["release.dark.v1"]);
    })
    .await;
}

#[tokio::test]
async fn an_older_database_under_the_same_epoch_is_refused() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        begin(&release, false).await;
        keep(&release, BUNDLE, BACKED_UP, show()).await;
        release.enter().await.unwrap();
        keep(&release, BUNDLE, later(2), hide()).await;
        let refused = release.enter().await.unwrap_err();
        assert!(matches!(refused, EnterError::Behind { .. }));
        assert!(refused.to_string().contains("lockstep restore"));
    })
    .await;
}

#[tokio::test]
async fn without_the_safe_no_epoch_begins_and_with_a_new_one_every_bundle_is_held() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        begin(&release, false).await;
        let folder = tempfile::tempdir().unwrap();
        let deployment = release.deps.settings.deployment.clone();
        let safe = lockstep_kit::safe::Safe::new(folder.path().join("new"), deployment);
        let next = Release { safe, ..in_epoch(&release, 2) };
        assert!(matches!(next.enter().await, Err(EnterError::Safe(SafeError::Missing { .. }))));
        next.safe.make_anew(2).await.unwrap();
        next.enter().await.unwrap();
        assert!(is_bundle_held(&next).await);
    })
    .await;
}

#[tokio::test]
async fn an_empty_database_is_not_taken_for_a_new_deployment() {
    on_releases(async |release| {
        release.safe.make().unwrap();
        keep(&release, BUNDLE, BACKED_UP, show()).await;
        assert!(matches!(release.enter().await, Err(EnterError::Empty)));
        // Nor where a restore was cut off before anything was ever shown.
        let folder = tempfile::tempdir().unwrap();
        let deployment = release.deps.settings.deployment.clone();
        let safe = lockstep_kit::safe::Safe::new(folder.path().to_owned(), deployment);
        let next = Release { safe, ..in_epoch(&release, 2) };
        assert!(matches!(next.enter().await, Err(EnterError::Empty)));
    })
    .await;
}

#[tokio::test]
async fn nobody_lets_it_go_on_while_a_reader_sees_what_should_be_dark() {
    on_releases(async |release| {
        release.enter().await.unwrap();
        begin(&release, false).await;
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("b").join(BUNDLE);
        std::fs::create_dir_all(&bundle).unwrap();
        let (place, edition) = (bundle.join("current"), Digest::of(b"old"));
        let shown = format!("shown/{BACKED_UP}-{}", edition.hex());
        std::os::unix::fs::symlink(shown, &place).unwrap();
        let outside = Outside::Folder(folder.path().to_owned());
        let outside = Arc::new(BTreeMap::from([(name("folder"), outside)]));
        let next = Release { outside, ..in_epoch(&release, 2) };
        next.enter().await.unwrap();
        let resume = async || {
            let mut tx = next.deps.db.begin_write().await.unwrap();
            let may = store::save_resumed(&mut tx, 2, next.deps.clock.now()).await.unwrap();
            next.deps.db.commit(tx).await.unwrap();
            may
        };
        assert!(!resume().await);
        let stop = tokio_util::sync::CancellationToken::new();
        let workers = tokio_util::task::TaskTracker::new();
        let (deps, all) = (next.deps.clone(), next.workers());
        workers.spawn(lockstep_kit::jobs::run(deps, all, stop.clone()));
        // No channel has begun anew: nothing is compared.
        let wait = async |what: &str, is_so: fn(&store::Epoch) -> bool| {
            let begun = std::time::Instant::now();
            loop {
                let mut tx = next.deps.db.begin_write().await.unwrap();
                compare::ask(&next, &mut tx).await.unwrap();
                next.deps.db.commit(tx).await.unwrap();
                let mut tx = next.deps.db.begin_read().await.unwrap();
                let epoch = store::find_newest_epoch(&mut tx).await.unwrap().unwrap();
                if is_so(&epoch) {
                    return epoch;
                }
                assert!(begun.elapsed() < std::time::Duration::from_mins(1), "no {what}");
            }
        };
        let mut tx = next.deps.db.begin_write().await.unwrap();
        for channel in ["portal", "folder"] {
            store::save_channel(&mut tx, &name(channel), &name("second-life")).await.unwrap();
        }
        next.deps.db.commit(tx).await.unwrap();
        let epoch = wait("difference", |epoch| !epoch.differences.is_empty()).await;
        assert!(epoch.differences.iter().all(|one| one.contains(BUNDLE)), "{epoch:?}");
        assert!(!resume().await);
        std::fs::remove_file(&place).unwrap();
        wait("comparison", |epoch| epoch.is_compared).await;
        assert!(resume().await);
        let mut tx = next.deps.db.begin_read().await.unwrap();
        assert!(!is_held(&mut tx, &name(BUNDLE)).await.unwrap());
        drop(tx);
        stop.cancel();
        workers.close();
        workers.wait().await;
    })
    .await;
}
