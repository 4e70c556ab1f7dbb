//! Shelves: fences that only rise, the newest command, what readers saw and what was withdrawn.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks at a few of many")]

use lockstep_proto::{digest::Digest, facts::Fact, release::Evidence};

use super::*;
use crate::{
    Deps,
    testing::{for_each_engine, name, sample},
};

fn generation(epoch: u32, n: u32) -> Generation {
    Generation { epoch, n }
}

fn placed(n: u32, edition: &str) -> Placed {
    Placed { generation: generation(1, n), edition: digest(edition) }
}

fn digest(edition: &str) -> Digest {
    Digest::of(edition.as_bytes())
}

fn micros(at: i64) -> Timestamp {
    Timestamp::from_micros(at)
}

fn portal() -> ChannelName {
    name("portal")
}

fn folder() -> ChannelName {
    name("folder")
}

/// A transaction over channels that have joined. Nothing is committed.
async fn joined(deps: &Deps) -> Tx {
    let mut tx = deps.db.begin_write().await.unwrap();
    begin_life(&mut tx, &portal(), &name("first-life")).await.unwrap();
    begin_life(&mut tx, &folder(), &name("folder-life")).await.unwrap();
    tx
}

/// On every engine, within one transaction.
async fn on_shelves(test: impl AsyncFn(&mut Tx)) {
    for_each_engine("portal", async |deps| test(&mut joined(&deps).await).await).await;
}

fn row(bundle: &str, shelf: Shelf) -> Row {
    Row {
        bundle: name(bundle),
        shelf,
        shown_since: None,
        dark_since: None,
        dark_reason: None,
        command: None,
    }
}

/// A row whose fence stands at this generation.
fn fenced(bundle: &str, fence: Option<Generation>) -> Row {
    row(bundle, Shelf { fence, ..Shelf::new(name("first-life")) })
}

async fn fence(tx: &mut Tx, bundle: &str) -> Option<Generation> {
    find_row(tx, &portal(), &name(bundle)).await.unwrap().unwrap().shelf.fence
}

fn show() -> Command {
    match sample("release.permitted.v1").fact {
        Fact::ReleasePermitted(data) => Command::Show { permit: Box::new(data.permit) },
        other => panic!("{other:?}"),
    }
}

fn hide() -> Command {
    match sample("release.withdrawing.v1").fact {
        Fact::ReleaseWithdrawing(data) => Command::Hide { hide: Box::new(data.hide) },
        other => panic!("{other:?}"),
    }
}

async fn command(tx: &mut Tx, bundle: &str, at: Generation, command: &Command) -> bool {
    save_command(tx, &portal(), &name(bundle), at, command, &name("trace")).await.unwrap()
}

async fn is_to_hide(tx: &mut Tx, bundle: &str) -> bool {
    let row = find_row(tx, &portal(), &name(bundle)).await.unwrap().unwrap();
    matches!(row.command, Some(Command::Hide { .. }))
}

fn evidence(bundle: &str) -> Evidence {
    let Fact::CaseGranted(data) = sample("case.granted.v1").fact else { panic!("no grant") };
    let mut manifest = data.evidence.manifest.clone().into_value();
    manifest.bundle = name(bundle);
    let manifest = lockstep_proto::document::Document::new(manifest).unwrap();
    Evidence { manifest, ..data.evidence }
}

async fn keep(tx: &mut Tx, channel: &ChannelName, bundle: &str, edition: &str) {
    let held = HeldEdition {
        edition: digest(edition),
        evidence: evidence(bundle),
        filled: vec![],
        first_shown_at: None,
        withdrawn_at: None,
    };
    save_edition(tx, channel, &held).await.unwrap();
}

async fn edition(tx: &mut Tx, channel: &ChannelName, edition: &str) -> HeldEdition {
    find_edition(tx, channel, &digest(edition)).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_new_life_empties_the_shelves_of_its_own_channel_and_keeps_the_evidence() {
    on_shelves(async |tx| {
        for channel in [portal(), folder()] {
            save_shelf(tx, &channel, &fenced("a", Some(generation(1, 3))), None).await.unwrap();
            keep(tx, &channel, "a", "x").await;
        }
        begin_life(tx, &portal(), &name("second-life")).await.unwrap();
        let shelf = get_shelf(tx, &portal(), &name("a")).await.unwrap();
        assert_eq!(shelf, Shelf::new(name("second-life")));
        assert_eq!(find_life(tx, &folder()).await.unwrap(), Some(name("folder-life")));
        let other = get_shelf(tx, &folder(), &name("a")).await.unwrap();
        assert_eq!(other.fence, Some(generation(1, 3)));
        edition(tx, &portal(), "x").await;
    })
    .await;
}

#[tokio::test]
async fn when_a_life_ends_nothing_is_shown_and_what_was_withdrawn_is_still_told() {
    on_shelves(async |tx| {
        let shown = Some(placed(2, "x"));
        let mut row = fenced("lit", Some(generation(1, 2)));
        row.shelf.shown = shown;
        save_shelf(tx, &portal(), &row, None).await.unwrap();
        let mut row = fenced("dark", Some(generation(1, 3)));
        let since = crate::testing::at("2026-12-02T00:00:00Z");
        (row.dark_since, row.dark_reason) = (Some(since), Some("有误".to_owned()));
        save_shelf(tx, &portal(), &row, None).await.unwrap();
        end_life(tx, &portal()).await.unwrap();
        assert_eq!(find_life(tx, &portal()).await.unwrap(), None);
        begin_life(tx, &portal(), &name("second-life")).await.unwrap();
        assert!(find_row(tx, &portal(), &name("lit")).await.unwrap().is_none());
        assert!(list_shown(tx, &portal(), 10).await.unwrap().is_empty());
        let row = find_public_row(tx, &portal(), &name("dark")).await.unwrap().unwrap();
        assert_eq!(row.shelf, Shelf::new(name("second-life")));
        assert_eq!((row.dark_since, row.dark_reason.as_deref()), (Some(since), Some("有误")));
    })
    .await;
}

#[tokio::test]
async fn a_channel_that_never_joined_has_no_shelf() {
    for_each_engine("portal", async |deps| {
        let mut tx = deps.db.begin_write().await.unwrap();
        assert_eq!(find_life(&mut tx, &portal()).await.unwrap(), None);
        assert!(get_life(&mut tx, &portal()).await.is_err());
        assert!(get_shelf(&mut tx, &portal(), &name("a")).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_shelf_comes_back_as_it_was_written() {
    on_shelves(async |tx| {
        let shelf = Shelf {
            incarnation: name("first-life"),
            fence: Some(generation(1, 2)),
            staged: Some(placed(3, "y")),
            shown: Some(placed(2, "x")),
        };
        let (shown_since, dark_since) = (Some(micros(5)), Some(micros(6)));
        let dark_reason = Some("reason".to_owned());
        let written = Row { shown_since, dark_since, dark_reason, ..row("a", shelf.clone()) };
        save_shelf(tx, &portal(), &written, None).await.unwrap();
        let read = find_row(tx, &portal(), &name("a")).await.unwrap().unwrap();
        assert_eq!((read.bundle, read.shelf), (name("a"), shelf));
        assert_eq!((read.shown_since, read.dark_since), (shown_since, dark_since));
        assert_eq!(read.dark_reason, written.dark_reason);
        assert!(find_row(tx, &folder(), &name("a")).await.unwrap().is_none());
        assert!(find_row(tx, &portal(), &name("b")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_was_read_before_the_fence_moved_is_not_written() {
    on_shelves(async |tx| {
        let seen = [None, Some(generation(1, 1)), Some(generation(2, 1)), Some(generation(1, 2))];
        for (i, stands_at) in seen.iter().enumerate() {
            for (j, read) in seen.iter().enumerate() {
                let bundle = format!("b{i}{j}");
                save_shelf(tx, &portal(), &fenced(&bundle, *stands_at), None).await.unwrap();
                let next = fenced(&bundle, Some(generation(9, 9)));
                let done = save_shelf(tx, &portal(), &next, *read).await;
                if stands_at == read {
                    done.unwrap();
                    assert_eq!(fence(tx, &bundle).await, Some(generation(9, 9)));
                } else {
                    assert!(matches!(done, Err(StoreError::Stale { .. })), "{done:?}");
                    assert_eq!(fence(tx, &bundle).await, *stands_at);
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn writing_a_shelf_leaves_other_bundles_channels_and_the_command() {
    on_shelves(async |tx| {
        let first = Some(generation(1, 1));
        save_shelf(tx, &portal(), &fenced("b", first), None).await.unwrap();
        save_shelf(tx, &folder(), &fenced("a", first), None).await.unwrap();
        command(tx, "a", generation(1, 2), &hide()).await;
        save_shelf(tx, &portal(), &fenced("a", Some(generation(1, 2))), None).await.unwrap();
        assert!(is_to_hide(tx, "a").await);
        assert_eq!(fence(tx, "b").await, first);
        let other = get_shelf(tx, &folder(), &name("a")).await.unwrap();
        assert_eq!(other.fence, first);
    })
    .await;
}

#[tokio::test]
async fn an_older_command_is_void_and_the_newest_may_be_said_again() {
    on_shelves(async |tx| {
        assert!(command(tx, "a", generation(1, 5), &show()).await);
        assert!(command(tx, "a", generation(1, 5), &hide()).await, "said again");
        for older in [generation(1, 4), generation(0, 9)] {
            assert!(!command(tx, "a", older, &show()).await, "{older} is older than 1.5");
            assert!(is_to_hide(tx, "a").await);
        }
        for newer in [generation(1, 6), generation(2, 0)] {
            assert!(command(tx, "a", newer, &show()).await, "{newer} is newer");
            assert!(!is_to_hide(tx, "a").await);
        }
        assert!(command(tx, "b", generation(1, 1), &hide()).await, "another bundle");
    })
    .await;
}

#[tokio::test]
async fn a_first_command_is_taken_where_something_is_staged_already() {
    on_shelves(async |tx| {
        let staged = Shelf::new(name("first-life"));
        let staged = Shelf { staged: Some(placed(1, "x")), ..staged };
        save_shelf(tx, &portal(), &row("a", staged), None).await.unwrap();
        assert!(command(tx, "a", generation(1, 1), &show()).await);
        let shelf = get_shelf(tx, &portal(), &name("a")).await.unwrap();
        assert_eq!(shelf.staged, Some(placed(1, "x")));
    })
    .await;
}

#[tokio::test]
async fn a_command_waits_until_the_fence_has_reached_it() {
    on_shelves(async |tx| {
        let fences = [
            ("never", None),
            ("older-n", Some(generation(2, 4))),
            ("older-epoch", Some(generation(1, 9))),
            ("there", Some(generation(2, 5))),
            ("newer-n", Some(generation(2, 6))),
            ("newer-epoch", Some(generation(3, 1))),
        ];
        for (bundle, fence) in fences {
            save_shelf(tx, &portal(), &fenced(bundle, fence), None).await.unwrap();
            command(tx, bundle, generation(2, 5), &hide()).await;
        }
        save_shelf(tx, &portal(), &fenced("not-commanded", None), None).await.unwrap();
        let waiting = ["never", "older-epoch", "older-n"];
        let waiting: Vec<BundleId> = waiting.map(name).into();
        let mut found = vec![];
        for (bundle, _, trace) in list_waiting(tx, &portal(), None).await.unwrap() {
            assert_eq!(trace, name("trace"));
            found.push(bundle);
        }
        assert_eq!(found, waiting);
        assert!(list_waiting(tx, &folder(), None).await.unwrap().is_empty());
        // The next pass goes on behind the last one.
        let rest = list_waiting(tx, &portal(), Some(&name("never"))).await.unwrap();
        let rest: Vec<_> = rest.into_iter().map(|(bundle, ..)| bundle).collect();
        assert_eq!(rest, waiting[1..]);
    })
    .await;
}

#[test]
fn from_the_order_to_hide_on_a_show_is_void() {
    let staged = Shelf::new(name("first-life")).apply(Wanted::Held(placed(1, "x")));
    let act = |command, wanted| {
        let row = Row { command: Some(command), ..row("a", staged.clone()) };
        row.decide(&wanted, Some(&name("first-life")))
    };
    assert_eq!(act(show(), Wanted::Shown(placed(1, "x"))), Act::Do);
    assert_eq!(act(hide(), Wanted::Shown(placed(1, "x"))), Act::Ignore);
    assert_eq!(act(hide(), Wanted::Nothing(generation(1, 2))), Act::Do);
}

#[tokio::test]
async fn a_refusal_is_told_once_for_each_generation() {
    on_shelves(async |tx| {
        for bundle in ["a", "b"] {
            save_shelf(tx, &portal(), &fenced(bundle, None), None).await.unwrap();
        }
        save_shelf(tx, &folder(), &fenced("a", None), None).await.unwrap();
        let mut refuse = async |bundle, generation| {
            save_refusal(tx, &portal(), &name(bundle), generation).await.unwrap()
        };
        assert!(refuse("a", generation(1, 1)).await);
        assert!(!refuse("a", generation(1, 1)).await);
        assert!(refuse("a", generation(1, 2)).await);
        assert!(refuse("a", generation(2, 2)).await);
        assert!(refuse("b", generation(2, 2)).await, "another bundle's refusal was counted");
        assert!(save_refusal(tx, &folder(), &name("a"), generation(2, 2)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_is_shown_is_listed_newest_first() {
    on_shelves(async |tx| {
        for (bundle, since) in [("a", 1), ("b", 3), ("c", 2), ("d", 2)] {
            let shelf = Shelf { shown: Some(placed(1, "x")), ..Shelf::new(name("first-life")) };
            let shown_since = Some(micros(since));
            let shown = Row { shown_since, ..row(bundle, shelf) };
            save_shelf(tx, &portal(), &shown, None).await.unwrap();
        }
        save_shelf(tx, &portal(), &fenced("unseen", None), None).await.unwrap();
        let mut bundles = async |limit| {
            let rows = list_shown(tx, &portal(), limit).await.unwrap();
            rows.iter().map(|row| row.bundle.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(bundles(9).await, ["b", "c", "d", "a"]);
        assert_eq!(bundles(2).await, ["b", "c"]);
        assert_eq!(list_shown(tx, &folder(), 9).await.unwrap().len(), 0);
        // The same one by one, by their ids.
        let (mut after, mut found) = (None, vec![]);
        while let Some(row) = find_next_shown(tx, &portal(), after.as_ref()).await.unwrap() {
            found.push(row.bundle.to_string());
            after = Some(row.bundle);
        }
        assert_eq!(found, ["a", "b", "c", "d"]);
    })
    .await;
}

#[tokio::test]
async fn readers_are_told_only_of_bundles_that_they_see_or_saw() {
    on_shelves(async |tx| {
        let empty = Shelf { fence: Some(generation(1, 1)), ..Shelf::new(name("first-life")) };
        let (staged, shown) = (Some(placed(2, "y")), Some(placed(1, "x")));
        for (bundle, staged, shown, dark_since, is_told) in [
            ("stopped", None, None, None, false),
            ("held", staged.clone(), None, None, false),
            ("shown", None, shown.clone(), None, true),
            ("corrected", staged.clone(), shown, None, true),
            ("dark", None, None, Some(micros(5)), true),
            ("held-after-dark", staged, None, Some(micros(5)), true),
        ] {
            let written =
                Row { dark_since, ..row(bundle, Shelf { staged, shown, ..empty.clone() }) };
            save_shelf(tx, &portal(), &written, None).await.unwrap();
            command(tx, bundle, generation(1, 2), &show()).await;
            let found = find_public_row(tx, &portal(), &name(bundle)).await.unwrap();
            assert_eq!(found.is_some(), is_told, "{bundle}");
            assert!(find_public_row(tx, &folder(), &name(bundle)).await.unwrap().is_none());
        }
        assert!(find_public_row(tx, &portal(), &name("unknown")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn an_edition_that_readers_never_saw_is_not_read_for_them() {
    on_shelves(async |tx| {
        for edition in ["held", "shown", "withdrawn"] {
            keep(tx, &portal(), "a", edition).await;
        }
        for (edition, at) in [("withdrawn", 1), ("shown", 3)] {
            mark_shown(tx, &portal(), &digest(edition), micros(at)).await.unwrap();
            if edition == "withdrawn" {
                mark_withdrawn(tx, &portal(), &name("a"), micros(2)).await.unwrap();
            }
        }
        let mut found = async |channel, bundle, edition| {
            let (bundle, edition) = (name(bundle), digest(edition));
            let held = find_shown_edition(tx, &channel, &bundle, &edition).await.unwrap();
            held.map(|held| (held.edition, held.first_shown_at, held.withdrawn_at))
        };
        assert_eq!(found(portal(), "a", "held").await, None);
        let shown = (digest("shown"), Some(micros(3)), None);
        assert_eq!(found(portal(), "a", "shown").await, Some(shown));
        let withdrawn = (digest("withdrawn"), Some(micros(1)), Some(micros(2)));
        assert_eq!(found(portal(), "a", "withdrawn").await, Some(withdrawn));
        assert_eq!(found(portal(), "b", "shown").await, None, "another bundle's");
        assert_eq!(found(folder(), "a", "shown").await, None, "another channel's");
    })
    .await;
}

#[tokio::test]
async fn the_first_showing_of_an_edition_stays_its_first() {
    on_shelves(async |tx| {
        for edition in ["x", "y"] {
            keep(tx, &portal(), "a", edition).await;
        }
        keep(tx, &folder(), "a", "x").await;
        for at in [micros(7), micros(8)] {
            mark_shown(tx, &portal(), &digest("x"), at).await.unwrap();
            // Held again, as after a lost disk.
            keep(tx, &portal(), "a", "x").await;
        }
        assert_eq!(edition(tx, &portal(), "x").await.first_shown_at, Some(micros(7)));
        assert_eq!(edition(tx, &portal(), "y").await.first_shown_at, None);
        assert_eq!(edition(tx, &folder(), "x").await.first_shown_at, None);
    })
    .await;
}

#[tokio::test]
async fn an_edition_comes_back_as_it_was_kept() {
    on_shelves(async |tx| {
        keep(tx, &portal(), "a", "x").await;
        let held = edition(tx, &portal(), "x").await;
        assert_eq!((held.edition, held.evidence), (digest("x"), evidence("a")));
        assert!(find_edition(tx, &folder(), &digest("x")).await.unwrap().is_none());
        assert!(find_edition(tx, &portal(), &digest("y")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_withdrawal_dates_what_readers_saw_of_its_bundle_and_dates_it_once() {
    on_shelves(async |tx| {
        for (channel, bundle, edition) in [
            (portal(), "a", "shown"),
            (portal(), "a", "held"),
            (portal(), "b", "other"),
            (folder(), "a", "shown"),
        ] {
            keep(tx, &channel, bundle, edition).await;
            if edition != "held" {
                mark_shown(tx, &channel, &digest(edition), micros(1)).await.unwrap();
            }
        }
        for at in [micros(2), micros(3)] {
            mark_withdrawn(tx, &portal(), &name("a"), at).await.unwrap();
        }
        assert_eq!(edition(tx, &portal(), "shown").await.withdrawn_at, Some(micros(2)));
        for (channel, kept) in [(portal(), "held"), (portal(), "other"), (folder(), "shown")] {
            assert_eq!(edition(tx, &channel, kept).await.withdrawn_at, None, "{channel} {kept}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_edition_that_readers_saw_last_is_the_one_shown_last() {
    on_shelves(async |tx| {
        for (bundle, edition, at) in [
            ("a", "x", Some(1)),
            ("a", "y", Some(3)),
            ("a", "z", None),
            ("b", "w", Some(9)),
            ("unseen", "v", None),
        ] {
            keep(tx, &portal(), bundle, edition).await;
            if let Some(at) = at {
                mark_shown(tx, &portal(), &digest(edition), micros(at)).await.unwrap();
            }
        }
        let mut last = async |channel, bundle| {
            let held = find_last_shown(tx, &channel, &name(bundle)).await.unwrap();
            held.map(|held| held.edition)
        };
        assert_eq!(last(portal(), "a").await, Some(digest("y")));
        assert_eq!(last(portal(), "unseen").await, None);
        assert_eq!(last(folder(), "a").await, None);
    })
    .await;
}
