//! Bundles and their revisions: only what concerns the newest one moves a bundle.

use lockstep_kit::testing::{at, for_each_engine, name, sample};
use lockstep_proto::facts::Fact;

use super::*;

/// On every engine, within one transaction.
async fn on_drafts(test: impl AsyncFn(&mut Tx)) {
    for_each_engine("drafting", async |deps| {
        crate::migrate(&deps.db).await.unwrap();
        test(&mut deps.db.begin_write().await.unwrap()).await;
    })
    .await;
}

/// A revision, its submission named after both; submitted in the minute of its number.
fn a_revision(bundle: &str, number: u32) -> Revision {
    let Fact::BundleSealed(sealed) = sample("bundle.sealed.v1").fact else { panic!("not sealed") };
    let mut draft = sealed.manifest.into_value();
    draft.bundle = name(bundle);
    draft.revision = number;
    draft.submission = name(&format!("{bundle}-{number}"));
    Revision {
        draft,
        content: digest(&format!("content {number}")),
        proposal: sealed.proposal,
        manifest: None,
        submitted_by: name("lin"),
        submitted_at: at(&format!("2026-12-01T00:0{number}:00Z")),
    }
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn manifest_called(title: &str) -> Document<Manifest> {
    let mut manifest = a_revision("any", 1).draft;
    manifest.metadata.title = title.to_owned();
    Document::new(manifest).unwrap()
}

fn manifest(title: &str) -> Digest {
    manifest_called(title).digest().clone()
}

async fn submit(tx: &mut Tx, bundle: &str, number: u32) -> SubmissionId {
    let revision = a_revision(bundle, number);
    insert_revision(tx, &revision).await.unwrap();
    revision.draft.submission
}

/// Submitted and sealed; in review.
async fn seal(tx: &mut Tx, bundle: &str, number: u32, manifest: &str) {
    let submission = submit(tx, bundle, number).await;
    save_manifest(tx, &submission, &manifest_called(manifest)).await.unwrap();
    assert!(
        move_submission(tx, &submission, [State::Rendering, State::InReview], &[]).await.unwrap()
    );
}

async fn get(tx: &mut Tx, bundle: &str) -> Row {
    find_bundle(tx, &name(bundle)).await.unwrap().unwrap()
}

async fn state(tx: &mut Tx, bundle: &str) -> State {
    get(tx, bundle).await.state
}

fn a_finding() -> Finding {
    lockstep_gate::codes::RETURNED.about("here")
}

#[tokio::test]
async fn a_submission_comes_back_as_it_was_taken_in() {
    on_drafts(async |tx| {
        let submission = submit(tx, "a", 1).await;
        let expected = a_revision("a", 1);
        let row = get(tx, "a").await;
        assert_eq!(
            (row.state, row.released_manifest, row.findings),
            (State::Rendering, None, vec![])
        );
        for read in [row.newest, find_revision(tx, &submission).await.unwrap().unwrap()] {
            assert_eq!(
                (read.draft, read.content),
                (expected.draft.clone(), expected.content.clone())
            );
            assert_eq!((read.proposal, read.manifest), (expected.proposal.clone(), None));
            assert_eq!(read.submitted_by, expected.submitted_by);
            assert_eq!(read.submitted_at, expected.submitted_at);
        }
        assert!(find_bundle(tx, &name("b")).await.unwrap().is_none());
        assert!(find_revision(tx, &name("another")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_new_revision_is_the_newest_and_begins_anew() {
    on_drafts(async |tx| {
        seal(tx, "a", 1, "m1").await;
        save_released(tx, &name("a"), &manifest("m1")).await.unwrap();
        let steps = (&[State::InReview][..], State::Returned);
        move_manifest(tx, &name("a"), &manifest("m1"), steps, &[a_finding()]).await.unwrap();
        submit(tx, "b", 1).await;
        let second = submit(tx, "a", 2).await;
        let row = get(tx, "a").await;
        assert_eq!((row.state, row.findings), (State::Rendering, vec![]));
        assert_eq!((row.newest.draft.submission, row.newest.manifest), (second, None));
        assert_eq!(row.released_manifest, Some(manifest("m1")), "readers see the first on");
        assert_eq!(get(tx, "b").await.newest.draft.revision, 1);
    })
    .await;
}

#[tokio::test]
async fn a_revision_is_taken_in_once() {
    for_each_engine("drafting", async |deps| {
        crate::migrate(&deps.db).await.unwrap();
        let mut tx = deps.db.begin_write().await.unwrap();
        submit(&mut tx, "a", 1).await;
        deps.db.commit(tx).await.unwrap();
        // Two at once would write the same number; and no submission belongs to two bundles.
        let mut other = a_revision("b", 1);
        other.draft.submission = name("a-1");
        for again in [a_revision("a", 1), other] {
            let mut tx = deps.db.begin_write().await.unwrap();
            assert!(insert_revision(&mut tx, &again).await.is_err());
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_submitted_any_revision_is_listed_once() {
    on_drafts(async |tx| {
        for (bundle, number, person) in
            [("a", 1, "wang"), ("a", 2, "lin"), ("a", 3, "wang"), ("b", 1, "zhao")]
        {
            let submitted_by = name(person);
            let revision = Revision { submitted_by, ..a_revision(bundle, number) };
            insert_revision(tx, &revision).await.unwrap();
        }
        let submitters = list_submitters(tx, &name("a")).await.unwrap();
        assert_eq!(submitters, [name("lin"), name("wang")]);
    })
    .await;
}

#[tokio::test]
async fn bundles_are_listed_once_each_newest_submission_first() {
    on_drafts(async |tx| {
        for (bundle, number) in [("c", 1), ("a", 1), ("b", 2), ("b", 3)] {
            submit(tx, bundle, number).await;
        }
        let rows = list_bundles(tx).await.unwrap();
        let listed: Vec<_> = rows
            .iter()
            .map(|row| format!("{} {}", row.bundle, row.newest.draft.revision))
            .collect();
        assert_eq!(listed, ["b 3", "a 1", "c 1"]);
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_submission_moves_its_bundle_and_once() {
    on_drafts(async |tx| {
        submit(tx, "other", 1).await;
        let first = submit(tx, "a", 1).await;
        let second = submit(tx, "a", 2).await;
        let steps = [State::Rendering, State::Dropped];
        assert!(!move_submission(tx, &first, steps, &[a_finding()]).await.unwrap(), "an older one");
        assert_eq!(state(tx, "a").await, State::Rendering);
        assert!(move_submission(tx, &second, steps, &[a_finding()]).await.unwrap());
        let row = get(tx, "a").await;
        assert_eq!((row.state, row.findings), (State::Dropped, vec![a_finding()]));
        assert!(!move_submission(tx, &second, steps, &[]).await.unwrap(), "the same again");
        assert_eq!(get(tx, "a").await.findings, [a_finding()]);
        assert_eq!(state(tx, "other").await, State::Rendering);
    })
    .await;
}

#[tokio::test]
async fn a_manifest_is_noted_at_its_own_submission() {
    on_drafts(async |tx| {
        let first = submit(tx, "a", 1).await;
        let second = submit(tx, "a", 2).await;
        save_manifest(tx, &second, &manifest_called("m2")).await.unwrap();
        let mut noted =
            async |submission| find_revision(tx, submission).await.unwrap().unwrap().manifest;
        assert_eq!((noted(&first).await, noted(&second).await), (None, Some(manifest("m2"))));
    })
    .await;
}

#[tokio::test]
async fn a_fact_about_another_manifest_than_the_newest_moves_nothing() {
    on_drafts(async |tx| {
        seal(tx, "a", 1, "m1").await;
        seal(tx, "a", 2, "m2").await;
        // Another bundle in the same state.
        seal(tx, "b", 1, "m1").await;
        let steps = (&[State::InReview][..], State::Granted);
        move_manifest(tx, &name("a"), &manifest("m1"), steps, &[a_finding()]).await.unwrap();
        assert_eq!(state(tx, "a").await, State::InReview);
        move_manifest(tx, &name("a"), &manifest("m2"), steps, &[a_finding()]).await.unwrap();
        let row = get(tx, "a").await;
        assert_eq!((row.state, row.findings), (State::Granted, vec![a_finding()]));
        assert_eq!(state(tx, "b").await, State::InReview);
    })
    .await;
}

#[tokio::test]
async fn a_late_fact_brings_no_bundle_back() {
    on_drafts(async |tx| {
        seal(tx, "a", 1, "m1").await;
        let bundle = name("a");
        let released = (&[State::InReview, State::Granted][..], State::Released);
        move_manifest(tx, &bundle, &manifest("m1"), released, &[]).await.unwrap();
        let granted = (&[State::InReview][..], State::Granted);
        move_manifest(tx, &bundle, &manifest("m1"), granted, &[a_finding()]).await.unwrap();
        let row = get(tx, "a").await;
        assert_eq!((row.state, row.findings), (State::Released, vec![]));
    })
    .await;
}

#[tokio::test]
async fn what_readers_see_is_noted_on_its_own_bundle_until_it_is_dark() {
    on_drafts(async |tx| {
        for bundle in ["a", "b"] {
            seal(tx, bundle, 1, "m1").await;
        }
        save_released(tx, &name("a"), &manifest("m1")).await.unwrap();
        assert_eq!(get(tx, "a").await.released_manifest, Some(manifest("m1")));
        assert_eq!(get(tx, "b").await.released_manifest, None);
        save_released(tx, &name("b"), &manifest("m1")).await.unwrap();
        darken(tx, &name("a"), Generation { epoch: 1, n: 2 }).await.unwrap();
        let row = get(tx, "a").await;
        assert_eq!((row.state, row.released_manifest), (State::Dark, None));
        assert_eq!(row.dark, Some(Generation { epoch: 1, n: 2 }));
        let row = get(tx, "b").await;
        assert_eq!((row.state, row.released_manifest), (State::InReview, Some(manifest("m1"))));
    })
    .await;
}
