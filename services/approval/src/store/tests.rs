//! Cases: one for each manifest, the newest revision's alone is at work, and none that was drafted
//! before a withdrawal.

use lockstep_kit::testing::{at, for_each_engine, name, sample};
use lockstep_proto::{document::Document, facts::Fact, order::Window};

use super::*;

/// On every engine, within one transaction.
async fn on_cases(test: impl AsyncFn(&mut Tx)) {
    for_each_engine("approval", async |deps| {
        crate::migrate(&deps.db).await.unwrap();
        test(&mut deps.db.begin_write().await.unwrap()).await;
    })
    .await;
}

fn generation(epoch: u32, n: u32) -> Generation {
    Generation { epoch, n }
}

/// What a new case rests on: this revision, drafted when that generation was known to be dark.
fn evidence(bundle: &str, revision: u32, after_dark: Option<Generation>) -> Evidence {
    let Fact::CaseGranted(granted) = sample("case.granted.v1").fact else { panic!("no grant") };
    let mut manifest = granted.evidence.manifest.clone().into_value();
    manifest.bundle = name(bundle);
    manifest.revision = revision;
    manifest.after_dark = after_dark;
    Evidence { manifest: Document::new(manifest).unwrap(), ..granted.evidence }
}

fn proposal() -> Proposal {
    let Fact::BundleSealed(sealed) = sample("bundle.sealed.v1").fact else { panic!("not sealed") };
    sealed.proposal
}

async fn open(tx: &mut Tx, evidence: &Evidence) -> bool {
    open_case(tx, evidence, &proposal(), at("2026-12-01T00:00:00Z")).await.unwrap()
}

/// The case of this evidence, in this state.
async fn put(tx: &mut Tx, evidence: &Evidence, state: State) {
    assert!(open(tx, evidence).await);
    let case = find_newest(tx, &evidence.manifest.bundle).await.unwrap().unwrap();
    save_case(tx, &Case { state, ..case }).await.unwrap();
}

/// A case of a bundle of its own in every state; their manifests.
async fn put_all(tx: &mut Tx) -> Vec<Digest> {
    let mut manifests = vec![];
    for state in State::ALL {
        let evidence = evidence(state.name(), 1, None);
        put(tx, &evidence, state).await;
        manifests.push(evidence.manifest.digest().clone());
    }
    manifests
}

async fn get(tx: &mut Tx, bundle: &str) -> Case {
    find_newest(tx, &name(bundle)).await.unwrap().unwrap()
}

async fn state(tx: &mut Tx, bundle: &str) -> State {
    get(tx, bundle).await.state
}

/// The states of those cases now, in the order of [`State::ALL`].
async fn states(tx: &mut Tx) -> Vec<State> {
    let mut found = vec![];
    for before in State::ALL {
        found.push(state(tx, before.name()).await);
    }
    found
}

/// The state of every case of a bundle, oldest revision first.
async fn history(tx: &mut Tx, bundle: &str) -> Vec<String> {
    let rows = sqlx::query("SELECT state FROM approval_case WHERE bundle = $1 ORDER BY revision")
        .bind(bundle)
        .fetch_all(&mut **tx)
        .await
        .unwrap();
    rows.iter().map(|row| db::text(row, "state").unwrap()).collect()
}

#[tokio::test]
async fn a_case_comes_back_as_it_was_opened() {
    on_cases(async |tx| {
        let evidence = evidence("a", 1, Some(generation(1, 2)));
        assert!(open(tx, &evidence).await);
        let case = get(tx, "a").await;
        assert_eq!((case.state, case.version), (State::Open, 1));
        assert_eq!((case.evidence, case.proposal), (evidence, proposal()));
        assert!(find_newest(tx, &name("b")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn the_same_manifest_opens_one_case() {
    on_cases(async |tx| {
        let evidence = evidence("a", 1, None);
        put(tx, &evidence, State::Returned).await;
        assert!(!open(tx, &evidence).await);
        assert_eq!(history(tx, "a").await, ["returned"]);
    })
    .await;
}

#[tokio::test]
async fn a_newer_revision_opens_and_only_open_cases_of_its_bundle_give_way() {
    on_cases(async |tx| {
        for (revision, state) in [(1, State::Returned), (2, State::Granted), (3, State::Open)] {
            put(tx, &evidence("a", revision, None), state).await;
        }
        put(tx, &evidence("b", 1, None), State::Open).await;
        let seen = get(tx, "a").await;
        assert!(open(tx, &evidence("a", 4, None)).await);
        assert_eq!(history(tx, "a").await, ["returned", "granted", "superseded", "open"]);
        assert_eq!(history(tx, "b").await, ["open"]);
        assert_eq!(get(tx, "a").await.evidence.manifest.revision, 4);
        // Whoever read it before cannot sign it any more.
        assert!(matches!(save_case(tx, &seen).await, Err(StoreError::Stale { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_case_of_an_older_revision_does_not_open() {
    on_cases(async |tx| {
        put(tx, &evidence("a", 3, None), State::Open).await;
        let mut same_revision = evidence("a", 3, None);
        let mut manifest = same_revision.manifest.clone().into_value();
        manifest.submission = name("another");
        same_revision.manifest = Document::new(manifest).unwrap();
        for older in [evidence("a", 2, None), same_revision] {
            assert!(!open(tx, &older).await, "revision {}", older.manifest.revision);
        }
        assert_eq!(history(tx, "a").await, ["open"]);
        assert!(open(tx, &evidence("b", 2, None)).await, "another bundle");
    })
    .await;
}

#[tokio::test]
async fn a_case_drafted_before_a_dark_generation_does_not_open() {
    on_cases(async |tx| {
        for (bundle, after_dark, opens) in [
            ("never", None, false),
            ("older-n", Some(generation(2, 2)), false),
            ("older-epoch", Some(generation(1, 9)), false),
            ("same", Some(generation(2, 3)), true),
            ("newer-n", Some(generation(2, 4)), true),
            ("newer-epoch", Some(generation(3, 0)), true),
        ] {
            darken(tx, &name(bundle), generation(2, 3)).await.unwrap();
            assert_eq!(open(tx, &evidence(bundle, 1, after_dark)).await, opens, "{bundle}");
        }
        assert!(open(tx, &evidence("other", 1, None)).await, "another bundle's dark counted");
    })
    .await;
}

#[tokio::test]
async fn a_case_is_written_back_only_as_it_was_read() {
    on_cases(async |tx| {
        for bundle in ["a", "b"] {
            open(tx, &evidence(bundle, 1, None)).await;
        }
        let read = get(tx, "a").await;
        let (mut evidence, mut proposal) = (read.evidence.clone(), read.proposal.clone());
        evidence.sign_offs.clear();
        proposal.window = Window::WorkingDays { days: 5 };
        let written = Case {
            state: State::Granted,
            evidence: evidence.clone(),
            proposal: proposal.clone(),
            ..read
        };
        save_case(tx, &written).await.unwrap();
        let now = get(tx, "a").await;
        assert_eq!((now.state, now.version), (State::Granted, 2));
        assert_eq!((now.evidence, now.proposal), (evidence, proposal));
        // Read before that, it is stale; so is what was read of a case to come.
        for version in [1, 3] {
            let stale = Case { state: State::Returned, version, ..written.clone() };
            assert!(matches!(save_case(tx, &stale).await, Err(StoreError::Stale { .. })));
        }
        assert_eq!(state(tx, "a").await, State::Granted);
        assert_eq!((state(tx, "b").await, get(tx, "b").await.version), (State::Open, 1));
    })
    .await;
}

#[tokio::test]
async fn a_case_that_is_not_there_is_not_written_back() {
    on_cases(async |tx| {
        open(tx, &evidence("a", 1, None)).await;
        let case = Case { evidence: evidence("b", 1, None), ..get(tx, "a").await };
        assert!(matches!(save_case(tx, &case).await, Err(StoreError::Stale { .. })));
        assert!(find_newest(tx, &name("b")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn only_a_granted_case_is_permitted() {
    on_cases(async |tx| {
        let manifests = put_all(tx).await;
        put(tx, &evidence("other", 1, None), State::Granted).await;
        let seen = get(tx, "granted").await;
        for manifest in &manifests {
            permit_case(tx, manifest).await.unwrap();
        }
        let expected =
            State::ALL.map(|state| if state == State::Granted { State::Permitted } else { state });
        assert_eq!(states(tx).await, expected);
        assert_eq!(state(tx, "other").await, State::Granted);
        // A registration that was on its way comes too late.
        assert!(matches!(save_case(tx, &seen).await, Err(StoreError::Stale { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_stopped_release_ends_its_own_case_and_leaves_others() {
    on_cases(async |tx| {
        let manifests = put_all(tx).await;
        put(tx, &evidence("a", 1, None), State::Permitted).await;
        put(tx, &evidence("a", 2, None), State::Granted).await;
        let seen = get(tx, "a").await;
        for manifest in &manifests {
            end_case(tx, manifest).await.unwrap();
        }
        let expected = State::ALL.map(|state| match state {
            State::Granted | State::Permitted => State::Ended,
            State::Open | State::Returned | State::Superseded | State::Ended => state,
        });
        assert_eq!(states(tx).await, expected);
        assert_eq!(history(tx, "a").await, ["permitted", "granted"]);
        end_case(tx, seen.evidence.manifest.digest()).await.unwrap();
        assert_eq!(history(tx, "a").await, ["permitted", "ended"]);
        assert!(matches!(save_case(tx, &seen).await, Err(StoreError::Stale { .. })));
    })
    .await;
}

/// Bundles with one case in this state, each drafted when another generation was known to be dark;
/// whether that was before 2.3.
const DRAFTED: [(&str, Option<Generation>, bool); 6] = [
    ("never", None, true),
    ("older-n", Some(Generation { epoch: 2, n: 2 }), true),
    ("older-epoch", Some(Generation { epoch: 1, n: 9 }), true),
    ("same", Some(Generation { epoch: 2, n: 3 }), false),
    ("newer-n", Some(Generation { epoch: 2, n: 4 }), false),
    ("newer-epoch", Some(Generation { epoch: 3, n: 0 }), false),
];

#[tokio::test]
async fn an_ordered_withdrawal_ends_open_cases_that_were_drafted_before_it() {
    on_cases(async |tx| {
        put_all(tx).await;
        for (bundle, after_dark, is_before) in DRAFTED {
            put(tx, &evidence(bundle, 1, after_dark), State::Open).await;
            let seen = get(tx, bundle).await;
            end_open_cases(tx, &name(bundle), generation(2, 3)).await.unwrap();
            let ended = if is_before { State::Ended } else { State::Open };
            assert_eq!(state(tx, bundle).await, ended, "{bundle}");
            assert_eq!(save_case(tx, &seen).await.is_err(), is_before, "{bundle}");
        }
        assert_eq!(states(tx).await, State::ALL, "another bundle's withdrawal counted");
        for before in State::ALL {
            end_open_cases(tx, &name(before.name()), generation(2, 3)).await.unwrap();
        }
        // What was granted ends with the release that it belongs to.
        let expected =
            State::ALL.map(|state| if state == State::Open { State::Ended } else { state });
        assert_eq!(states(tx).await, expected);
    })
    .await;
}

#[tokio::test]
async fn what_is_dark_ends_whatever_was_drafted_before_it() {
    on_cases(async |tx| {
        put_all(tx).await;
        for (bundle, after_dark, is_before) in DRAFTED {
            put(tx, &evidence(bundle, 1, after_dark), State::Permitted).await;
            darken(tx, &name(bundle), generation(2, 3)).await.unwrap();
            let ended = if is_before { State::Ended } else { State::Permitted };
            assert_eq!(state(tx, bundle).await, ended, "{bundle}");
        }
        assert_eq!(states(tx).await, State::ALL, "another bundle's dark counted");
        for before in State::ALL {
            darken(tx, &name(before.name()), generation(2, 3)).await.unwrap();
        }
        let expected = State::ALL.map(|state| match state {
            State::Open | State::Granted | State::Permitted => State::Ended,
            State::Returned | State::Superseded | State::Ended => state,
        });
        assert_eq!(states(tx).await, expected);
    })
    .await;
}

#[tokio::test]
async fn what_was_dark_last_is_not_forgotten_for_an_older_one() {
    on_cases(async |tx| {
        for (bundle, said) in [
            ("n", [generation(1, 2), generation(1, 4), generation(1, 3)]),
            ("epoch", [generation(1, 9), generation(2, 1), generation(1, 9)]),
        ] {
            let newest = *said.iter().max().unwrap();
            for dark in said {
                darken(tx, &name(bundle), dark).await.unwrap();
            }
            let before = Generation { n: newest.n - 1, ..newest };
            assert!(!open(tx, &evidence(bundle, 1, Some(before))).await, "{bundle}");
            assert!(open(tx, &evidence(bundle, 2, Some(newest))).await, "{bundle}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_grant_waits_until_it_is_permitted_or_another_takes_its_place() {
    on_cases(async |tx| {
        put_all(tx).await;
        // Of all states, one.
        assert_eq!(count_grants(tx).await.unwrap(), 1);
        assert_eq!(
            count_states(tx).await.unwrap(),
            State::ALL.map(|state| (state.name().to_owned(), 1)).into()
        );
        put(tx, &evidence("granted", 2, None), State::Granted).await;
        assert_eq!(count_grants(tx).await.unwrap(), 1);
        put(tx, &evidence("granted", 3, None), State::Permitted).await;
        assert_eq!(count_grants(tx).await.unwrap(), 0);
    })
    .await;
}
