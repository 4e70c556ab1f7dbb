//! Release's rows: written only by whoever read them last, looked at when due; what was asked and
//! ordered stays.

use lockstep_kit::testing::{at, for_each_engine, name, release_key, sample};
use lockstep_proto::{document::Document, order::Window};

use super::*;
use crate::domain::Phase;

/// On every engine, within one transaction.
async fn on_releases(test: impl AsyncFn(&mut Tx)) {
    for_each_engine("release", async |deps| {
        crate::migrate(&deps.db).await.unwrap();
        test(&mut deps.db.begin_write().await.unwrap()).await;
    })
    .await;
}

fn generation(epoch: u32, n: u32) -> Generation {
    Generation { epoch, n }
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

/// Evidence whose order has this window.
fn evidence(window: Window) -> Evidence {
    let Fact::CaseGranted(granted) = sample("case.granted.v1").fact else { panic!("no grant") };
    let mut order = granted.evidence.order.clone().unwrap().into_value();
    order.window = window;
    Evidence { order: Some(Document::new(order).unwrap()), ..granted.evidence }
}

fn from(not_before: &str) -> Window {
    Window::Instants { not_before: at(not_before), not_after: at("2026-12-20T00:00:00Z") }
}

/// A bundle that was granted and no more.
fn row(bundle: &str, generation: Generation, phase: Phase) -> Row {
    Row {
        bundle: name(bundle),
        state: State { generation, phase, ..State::before_all(1) },
        evidence: evidence(from("2026-12-02T00:00:00Z")),
        edition: None,
        command: None,
        asked_at: None,
        passed: None,
        next_evidence: None,
        reason: None,
        findings: vec![],
        trace: name("trace"),
        since: at("2026-12-01T00:00:00Z"),
    }
}

async fn insert(tx: &mut Tx, row: &Row) {
    save_row(tx, row, None).await.unwrap();
}

async fn get(tx: &mut Tx, bundle: &str) -> Row {
    find_row(tx, &name(bundle)).await.unwrap().unwrap()
}

fn a_finding(text: &str) -> Finding {
    lockstep_gate::codes::NOT_STAGED.about(text)
}

fn passed(edition: &str) -> Passed {
    Passed {
        edition: digest(edition),
        evidence: evidence(Window::WorkingDays { days: 2 }),
        first_permitted_at: at("2026-12-02T00:00:01Z"),
    }
}

#[tokio::test]
async fn a_row_comes_back_as_it_was_written() {
    on_releases(async |tx| {
        let bare = row("bare", generation(1, 1), Phase::Registering);
        let full = Row {
            state: State {
                generation: generation(2, 7),
                phase: Phase::Permitted,
                may_show: true,
                was_permitted: true,
                dark: Some(generation(1, 5)),
            },
            edition: Some(digest("x")),
            command: Some(sample("release.permitted.v1").fact),
            asked_at: Some(at("2026-12-02T00:00:02Z")),
            passed: Some(passed("x")),
            next_evidence: Some(evidence(Window::WorkingDays { days: 3 })),
            reason: Some("原因".to_owned()),
            findings: vec![a_finding("folder")],
            ..row("full", generation(2, 7), Phase::Permitted)
        };
        for written in [&bare, &full] {
            insert(tx, written).await;
        }
        // Written again, it keeps nothing of what it was.
        let emptied = Row { bundle: name("full"), ..row("full", generation(2, 8), Phase::Staging) };
        for (written, bundle) in [(&bare, "bare"), (&full, "full")] {
            assert_eq!(format!("{:?}", get(tx, bundle).await), format!("{written:?}"));
        }
        save_row(tx, &emptied, Some(full.state)).await.unwrap();
        assert_eq!(format!("{:?}", get(tx, "full").await), format!("{emptied:?}"));
        assert_eq!(format!("{:?}", get(tx, "bare").await), format!("{bare:?}"));
        assert!(find_row(tx, &name("none")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_may_show_and_what_was_permitted_is_read_from_what_passed() {
    on_releases(async |tx| {
        for (bundle, is_passed, edition, may_show, was_permitted) in [
            ("nothing", false, Some("x"), false, false),
            ("itself", true, Some("x"), true, true),
            ("an-earlier-one", true, Some("y"), true, false),
            ("unregistered", true, None, true, false),
        ] {
            let written = Row {
                edition: edition.map(digest),
                passed: is_passed.then(|| passed("x")),
                ..row(bundle, generation(1, 1), Phase::Staging)
            };
            insert(tx, &written).await;
            let State { may_show: shows, was_permitted: permitted, .. } =
                get(tx, bundle).await.state;
            assert_eq!((shows, permitted), (may_show, was_permitted), "{bundle}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_is_written_only_in_the_epoch_number_and_phase_it_was_read_in() {
    on_releases(async |tx| {
        let states = [
            (generation(1, 1), Phase::Staging),
            (generation(1, 1), Phase::Staged),
            (generation(1, 2), Phase::Staged),
            (generation(2, 1), Phase::Staged),
        ];
        for (i, stands_at) in states.iter().enumerate() {
            for (j, read) in states.iter().enumerate() {
                let bundle = format!("b{i}{j}");
                insert(tx, &row(&bundle, stands_at.0, stands_at.1)).await;
                let next = row(&bundle, generation(9, 9), Phase::Completed);
                let seen = State { generation: read.0, phase: read.1, ..State::before_all(1) };
                let done = save_row(tx, &next, Some(seen)).await;
                let now = get(tx, &bundle).await.state;
                if i == j {
                    done.unwrap();
                    assert_eq!(now.generation, generation(9, 9));
                } else {
                    assert!(matches!(done, Err(StoreError::Stale { .. })), "{done:?}");
                    assert_eq!((now.generation, now.phase), *stands_at);
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_first_row_is_written_where_there_is_none() {
    on_releases(async |tx| {
        insert(tx, &row("a", generation(1, 1), Phase::Stopped)).await;
        let again = save_row(tx, &row("a", generation(1, 2), Phase::Staging), None).await;
        assert!(matches!(again, Err(StoreError::Stale { .. })), "{again:?}");
        assert_eq!(get(tx, "a").await.state.phase, Phase::Stopped);
        insert(tx, &row("b", generation(1, 1), Phase::Staging)).await;
    })
    .await;
}

async fn due(tx: &mut Tx, after: Option<&str>) -> Vec<BundleId> {
    let (now, asked_before) = (at("2026-12-02T00:00:00Z"), at("2026-12-01T23:59:30Z"));
    list_due(tx, now, asked_before, after.map(name).as_ref()).await.unwrap()
}

#[tokio::test]
async fn a_staged_bundle_is_due_once_its_window_begins() {
    on_releases(async |tx| {
        for (bundle, window) in [
            ("a-early", from("2026-12-02T00:00:00.000001Z")),
            ("b-now", from("2026-12-02T00:00:00Z")),
            ("c-late", from("2026-11-02T00:00:00Z")),
            ("d-registered", Window::WorkingDays { days: 2 }),
            ("e-unregistered", Window::WorkingDays { days: 2 }),
        ] {
            let staged = row(bundle, generation(1, 1), Phase::Staged);
            let mut evidence = evidence(window);
            evidence.registration.take_if(|_| bundle == "e-unregistered");
            insert(tx, &Row { evidence, ..staged }).await;
        }
        assert_eq!(due(tx, None).await, ["b-now", "c-late", "d-registered"].map(name));
    })
    .await;
}

#[tokio::test]
async fn a_command_that_was_asked_long_ago_is_due_while_it_waits_for_answers() {
    on_releases(async |tx| {
        for phase in Phase::ALL {
            for (when, asked_at) in [
                ("never", None),
                ("long", Some("2026-12-01T23:59:29.999999Z")),
                ("now", Some("2026-12-01T23:59:30Z")),
            ] {
                let written = Row {
                    evidence: evidence(from("2026-12-03T00:00:00Z")),
                    asked_at: asked_at.map(at),
                    ..row(&format!("{}-{when}", phase.name()), generation(1, 1), phase)
                };
                insert(tx, &written).await;
            }
        }
        let waiting = ["permitted-long", "staging-long", "withdrawing-long"];
        assert_eq!(due(tx, None).await, waiting.map(name));
    })
    .await;
}

#[tokio::test]
async fn what_is_due_goes_on_behind_the_last_bundle() {
    on_releases(async |tx| {
        let most = usize::try_from(DUE_MAX).unwrap();
        let staging = row("any", generation(1, 1), Phase::Staging);
        for number in 0..most + 3 {
            let asked_at = Some(at("2026-12-01T00:00:00Z"));
            let bundle = name(&format!("b{number:03}"));
            insert(tx, &Row { bundle, asked_at, ..staging.clone() }).await;
        }
        let first = due(tx, None).await;
        assert_eq!((first.len(), first.first()), (most, Some(&name("b000"))));
        let last = first.last().unwrap().as_str();
        assert_eq!(due(tx, Some(last)).await, ["b100", "b101", "b102"].map(name));
        assert_eq!(due(tx, Some("b102")).await, Vec::<BundleId>::new());
        // A bundle that is due no more is gone past, too.
        assert_eq!(due(tx, Some("b1015")).await, [name("b102")]);
    })
    .await;
}

#[tokio::test]
async fn a_new_disk_concerns_every_bundle_but_those_that_show_nothing() {
    on_releases(async |tx| {
        for phase in Phase::ALL {
            let trace = name(&format!("trace-{}", phase.name()));
            insert(tx, &Row { trace, ..row(phase.name(), generation(1, 1), phase) }).await;
        }
        let wanted = [
            "blocked",
            "completed",
            "failed",
            "permitted",
            "registering",
            "staged",
            "staging",
            "withdrawing",
        ];
        let expected = wanted.map(|phase| (name(phase), name(&format!("trace-{phase}"))));
        assert_eq!(list_wanted(tx).await.unwrap(), expected);
    })
    .await;
}

#[tokio::test]
async fn a_channels_life_is_news_once() {
    on_releases(async |tx| {
        let mut join = async |channel, life| {
            save_channel(tx, &name(channel), &name::<Incarnation>(life)).await.unwrap()
        };
        assert!(join("portal", "first").await);
        assert!(join("folder", "first").await, "another channel");
        assert!(!join("portal", "first").await);
        assert!(join("portal", "second").await);
        assert!(!join("portal", "second").await);
        let lives = [("folder", "first"), ("portal", "second")];
        let lives: Addressees = lives.map(|(channel, life)| (name(channel), name(life))).into();
        assert_eq!(list_channels(tx).await.unwrap(), lives);
    })
    .await;
}

fn staged(n: u32) -> StagedAnswer {
    let incarnation = name("life");
    StagedAnswer { incarnation, generation: generation(1, n), edition: digest("x") }
}

fn receipt(bundle: &str, channel: &str, generation: Generation) -> Receipt {
    Receipt {
        channel: name(channel),
        incarnation: name("life"),
        bundle: name(bundle),
        generation,
        edition: Some(digest("x")),
        since: at("2026-12-02T00:00:01Z"),
    }
}

async fn say(tx: &mut Tx, channel: &str, n: u32, said: Said, json: &impl Serialize) {
    let from = (&name("a"), &name(channel), generation(1, n));
    save_answer(tx, from, said, json).await.unwrap();
}

async fn answer(tx: &mut Tx, channel: &str) -> Answer {
    list_answers(tx, &name("a")).await.unwrap().remove(&name(channel)).unwrap()
}

#[tokio::test]
async fn what_a_channel_says_is_noted_as_its_own() {
    on_releases(async |tx| {
        let receipt = receipt("a", "portal", generation(1, 1));
        say(tx, "portal", 1, Said::Staged, &staged(1)).await;
        say(tx, "portal", 1, Said::Receipt, &receipt).await;
        say(tx, "portal", 2, Said::Staged, &staged(2)).await;
        say(tx, "folder", 1, Said::Refused, &[a_finding("folder")]).await;
        let portal = answer(tx, "portal").await;
        assert_eq!(portal.staged.unwrap().placed(), staged(2).placed());
        assert_eq!((portal.receipt, portal.refused), (Some(receipt), vec![]));
        let folder = answer(tx, "folder").await;
        assert!(folder.staged.is_none() && folder.receipt.is_none());
        assert_eq!(folder.refused, [a_finding("folder")]);
        assert_eq!(list_answers(tx, &name("b")).await.unwrap().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_answer_clears_a_refusal_and_a_refusal_leaves_the_answers() {
    on_releases(async |tx| {
        let receipt = receipt("a", "portal", generation(1, 1));
        say(tx, "portal", 1, Said::Staged, &staged(1)).await;
        say(tx, "portal", 1, Said::Receipt, &receipt).await;
        say(tx, "folder", 1, Said::Refused, &[a_finding("folder")]).await;
        for is_staged in [true, false] {
            say(tx, "portal", 1, Said::Refused, &[a_finding("portal")]).await;
            let refused = answer(tx, "portal").await;
            assert_eq!(refused.refused, [a_finding("portal")]);
            assert!(refused.staged.is_some());
            assert_eq!(refused.receipt, Some(receipt.clone()));
            if is_staged {
                say(tx, "portal", 1, Said::Staged, &staged(1)).await;
            } else {
                say(tx, "portal", 1, Said::Receipt, &receipt).await;
            }
            assert_eq!(answer(tx, "portal").await.refused, []);
        }
        assert_eq!(answer(tx, "folder").await.refused, [a_finding("folder")]);
    })
    .await;
}

/// A hide overtakes what is parked: what was said before it is taken in after it.
#[tokio::test]
async fn what_a_newer_receipt_has_overtaken_is_not_noted() {
    on_releases(async |tx| {
        let newest = receipt("a", "portal", generation(1, 3));
        say(tx, "portal", 3, Said::Receipt, &newest).await;
        say(tx, "portal", 2, Said::Receipt, &receipt("a", "portal", generation(1, 2))).await;
        say(tx, "portal", 2, Said::Staged, &staged(2)).await;
        say(tx, "portal", 2, Said::Refused, &[a_finding("portal")]).await;
        let portal = answer(tx, "portal").await;
        assert_eq!(portal.receipt, Some(newest.clone()));
        assert!(portal.staged.is_none() && portal.refused.is_empty());
        // The same one again, newer ones, and other channels' are.
        let again = Receipt { since: at("2026-12-02T00:00:09Z"), ..newest };
        say(tx, "portal", 3, Said::Receipt, &again).await;
        say(tx, "folder", 2, Said::Staged, &staged(2)).await;
        say(tx, "portal", 4, Said::Refused, &[a_finding("portal")]).await;
        assert_eq!(answer(tx, "portal").await.receipt, Some(again));
        assert!(answer(tx, "folder").await.staged.is_some());
        assert_eq!(answer(tx, "portal").await.refused, [a_finding("portal")]);
    })
    .await;
}

#[tokio::test]
async fn a_bundle_is_held_by_everybody_who_gave_up_until_it_is_let_go() {
    on_releases(async |tx| {
        for (bundle, handler, why) in [
            ("a", "portal", "first"),
            ("a", "folder", "disk"),
            ("a", "portal", "second"),
            ("b", "portal", "other"),
        ] {
            save_hold(tx, &name(bundle), handler, why).await.unwrap();
        }
        let mut holds = async |bundle| list_holds(tx, &name(bundle)).await.unwrap();
        assert_eq!(holds("a").await, ["folder: disk", "portal: second"]);
        delete_holds(tx, &name("a")).await.unwrap();
        assert_eq!(list_holds(tx, &name("a")).await.unwrap(), Vec::<String>::new());
        assert_eq!(list_holds(tx, &name("b")).await.unwrap(), ["portal: other"]);
    })
    .await;
}

#[tokio::test]
async fn a_stop_is_asked_once_for_one_manifest() {
    on_releases(async |tx| {
        for (manifest, reason) in [("m1", "first"), ("m1", "second"), ("m2", "other")] {
            save_stop(tx, &name("a"), &digest(manifest), reason).await.unwrap();
        }
        let mut stop =
            async |bundle, manifest| find_stop(tx, &name(bundle), &digest(manifest)).await.unwrap();
        assert_eq!(stop("a", "m1").await.as_deref(), Some("first"));
        assert_eq!(stop("a", "m2").await.as_deref(), Some("other"));
        assert_eq!(stop("a", "m3").await, None);
        assert_eq!(stop("b", "m1").await, None);
    })
    .await;
}

fn withdrawal(bundle: &str, generation: Generation, reason: &str) -> Signed<Withdrawal> {
    let sample = include_str!("../../../../proto/samples/documents/withdrawal.json");
    let sample: Withdrawal = serde_json::from_str(sample).unwrap();
    let (bundle, reason) = (name(bundle), reason.to_owned());
    Signed::new(Withdrawal { bundle, generation, reason, ..sample }, &release_key()).unwrap()
}

#[tokio::test]
async fn a_withdrawal_is_recorded_once_and_stays_as_it_was_signed() {
    on_releases(async |tx| {
        let first = withdrawal("a", generation(1, 2), "first");
        let others = [
            withdrawal("a", generation(1, 20), "a later one"),
            withdrawal("b", generation(1, 2), "another bundle's"),
        ];
        save_withdrawal(tx, &first).await.unwrap();
        save_withdrawal(tx, &first).await.unwrap();
        save_withdrawal(tx, &withdrawal("a", generation(1, 2), "second")).await.unwrap();
        for other in &others {
            save_withdrawal(tx, other).await.unwrap();
        }
        let rows = sqlx::query("SELECT * FROM release_withdrawal ORDER BY bundle, generation")
            .fetch_all(&mut **tx)
            .await
            .unwrap();
        let recorded: Vec<Signed<Withdrawal>> =
            rows.iter().map(|row| db::json(row, "record").unwrap()).collect();
        let [later, another] = others;
        assert_eq!(recorded, [first, later, another]);
    })
    .await;
}
