//! Histories made by hand: each rule finds its violation, and nothing else is one.

use super::*;

/// An answer of the portal's or folder's current address, page or object.
fn at(place: Where, version: u32) -> Seen {
    Seen {
        place,
        allowed: 3,
        status: 200,
        edition: Some(format!("e{version}")),
        generation: Some(Generation { epoch: 1, n: version }),
        policies: vec![version],
        interpretations: vec![version],
        is_listed: true,
    }
}

fn current(version: u32) -> Seen {
    at(Where::PortalCurrent, version)
}

/// Nothing, or the notice.
fn empty(place: Where, status: u16) -> Seen {
    let (policies, interpretations) = (vec![], vec![]);
    let (edition, generation, is_listed) = (None, None, status != 404);
    Seen { status, edition, generation, policies, interpretations, is_listed, ..at(place, 1) }
}

fn place(version: u32, part: &'static str) -> Where {
    Where::PortalPinned { edition: format!("e{version}"), part }
}

/// An answer of a pinned address, with the texts that its part holds.
fn pinned(version: u32, part: &'static str) -> Seen {
    let mut seen = at(place(version, part), version);
    if part.contains("policy") || part == "/edition.json" {
        seen.interpretations.clear();
    }
    if part.contains("interpretation") || part == "/edition.json" {
        seen.policies.clear();
    }
    seen
}

fn list(place: Where, is_listed: bool) -> Seen {
    Seen { is_listed, ..empty(place, 200) }
}

fn early(seen: Seen) -> Seen {
    Seen { allowed: 0, ..seen }
}

fn folder(version: u32) -> Seen {
    Seen { edition: None, generation: None, ..at(Where::FolderCurrent, version) }
}

/// The one violation there is.
fn violation(history: &[Seen]) -> String {
    let found = violations(history);
    let [one] = found.as_slice() else { panic!("{found:#?} in {history:#?}") };
    one.split(": Seen").next().unwrap().to_owned()
}

fn is_clean(history: &[Seen]) {
    assert_eq!(violations(history), Vec::<String>::new());
}

#[test]
fn a_release_its_correction_and_its_withdrawal_are_clean() {
    let mut history = vec![
        early(empty(Where::PortalCurrent, 404)),
        early(list(Where::PortalList, false)),
        early(empty(place(1, ""), 404)),
        early(list(Where::FolderList, false)),
        // The window begins; the flip lies between two questions.
        empty(Where::PortalCurrent, 404),
        pinned(1, ""),
        current(1),
        list(Where::PortalList, true),
    ];
    history.extend(PARTS.map(|part| pinned(1, part)));
    history.extend([
        folder(1),
        list(Where::FolderList, true),
        at(Where::FolderPinned("e1".into()), 1),
    ]);
    // Corrected: the first stays at its pinned address, under the generation shown now.
    history.extend([current(2), Seen { generation: current(2).generation, ..pinned(1, "") }]);
    history.extend([
        pinned(2, ""),
        Seen { status: 503, ..empty(Where::PortalCurrent, 404) },
        current(2),
    ]);
    history.extend([folder(2), empty(Where::PortalCurrent, 410), list(Where::PortalList, false)]);
    for part in PARTS {
        history.extend([empty(place(1, part), 410), empty(place(2, part), 410)]);
    }
    history.extend([empty(place(3, ""), 404), empty(Where::FolderCurrent, 200)]);
    history.push(list(Where::FolderList, false));
    is_clean(&history);
}

#[test]
fn nothing_is_told_before_the_window() {
    for seen in [
        early(current(1)),
        early(list(Where::PortalList, true)),
        early(list(Where::FolderList, true)),
        early(empty(Where::PortalCurrent, 410)),
        early(empty(place(1, ""), 410)),
        early(Seen { is_listed: false, ..pinned(1, "/edition.json") }),
        Seen { allowed: 1, ..current(2) },
        Seen { allowed: 1, ..at(Where::FolderPinned("e2".to_owned()), 2) },
    ] {
        assert_eq!(violation(&[seen]), "before the window");
    }
    let raw = Seen { allowed: 1, ..pinned(2, "/raw/interpretation.md") };
    assert_eq!(violation(&[raw]), "before the window");
}

#[test]
fn no_policy_is_seen_without_its_own_interpretation() {
    let half = |seen: Seen| Seen { interpretations: vec![], ..seen };
    let mixed = |seen: Seen| Seen { interpretations: vec![2], ..seen };
    let places = [
        Where::PortalCurrent,
        Where::PortalList,
        place(1, ""),
        place(1, "/edition.json"),
        Where::FolderCurrent,
        Where::FolderObject,
        Where::FolderList,
        Where::FolderPinned("e1".to_owned()),
    ];
    for place in places {
        assert_eq!(violation(&[half(at(place.clone(), 1))]), "half or mixed pair");
        assert_eq!(violation(&[mixed(at(place, 1))]), "half or mixed pair");
    }
    // One text alone at an address that binds it to the other.
    is_clean(&[current(1), pinned(1, "/policy"), pinned(1, "/raw/interpretation.md")]);
}

#[test]
fn no_response_holds_two_editions() {
    let both = || vec![1, 2];
    let two = Seen { policies: both(), interpretations: both(), ..folder(1) };
    assert_eq!(violation(&[two]), "two editions in one");
    let two = Seen { interpretations: both(), ..pinned(1, "/interpretation") };
    assert_eq!(violation(&[current(1), two]), "two editions in one");
}

#[test]
fn nothing_goes_back_at_a_current_address() {
    let back = "went back from 2 Some(Generation { epoch: 1, n: 2 })";
    assert_eq!(violation(&[current(2), current(1)]), back);
    let older = Seen { generation: Some(Generation { epoch: 1, n: 1 }), ..current(2) };
    assert_eq!(violation(&[current(2), older]), back);
    assert_eq!(violation(&[folder(2), folder(1)]), "went back from 2 None");
    // A lower number under a newer epoch is newer; and another place counts for itself.
    let restored = Seen { generation: Some(Generation { epoch: 2, n: 1 }), ..current(2) };
    is_clean(&[current(2), restored, folder(1)]);
}

#[test]
fn a_current_address_that_showed_a_pair_answers_with_a_pair_or_the_notice() {
    assert_eq!(violation(&[current(1), empty(Where::PortalCurrent, 404)]), "vanished");
    is_clean(&[current(1), Seen { status: 503, ..empty(Where::PortalCurrent, 404) }, current(1)]);
}

#[test]
fn what_went_dark_stays_dark() {
    let dark = || empty(Where::PortalCurrent, 410);
    assert_eq!(violation(&[current(1), dark(), current(2)]), "shown again after dark");
    assert_eq!(violation(&[dark(), current(1)]), "shown again after dark");
    let notice = empty(Where::FolderCurrent, 200);
    assert_eq!(violation(&[folder(1), notice, folder(2)]), "shown again after dark");
}

#[test]
fn a_list_names_nothing_that_is_dark() {
    let dark = || empty(Where::PortalCurrent, 410);
    let listed = list(Where::PortalList, true);
    assert_eq!(violation(&[current(1), dark(), listed]), "listed after dark");
    let history = [folder(1), empty(Where::FolderCurrent, 200), list(Where::FolderList, true)];
    assert_eq!(violation(&history), "listed after dark");
    // One channel is dark a moment before the other.
    is_clean(&[current(1), folder(1), dark(), list(Where::FolderList, true)]);
}

#[test]
fn a_pinned_address_shows_nothing_before_the_current_one() {
    let nothing = || empty(Where::PortalCurrent, 404);
    let before = "pinned address shown before its release";
    for part in PARTS {
        assert_eq!(violation(&[nothing(), pinned(1, part), nothing(), current(1)]), before);
    }
    // A correction that is held ready, while the first is shown.
    let held = Seen { generation: current(1).generation, ..pinned(2, "") };
    assert_eq!(violation(&[current(1), held, current(1), current(2)]), before);
    // The flip, and another, may lie between two questions.
    is_clean(&[nothing(), pinned(1, ""), current(1)]);
    is_clean(&[nothing(), pinned(1, ""), current(2)]);
    is_clean(&[nothing(), pinned(1, ""), empty(Where::PortalCurrent, 410)]);
}

#[test]
fn a_pinned_address_answers_with_the_notice_for_ever_after_dark() {
    let dark = || empty(Where::PortalCurrent, 410);
    let shown = "pinned address shown after dark";
    for part in PARTS {
        let history = [current(1), pinned(1, part), dark(), pinned(1, part)];
        assert_eq!(violation(&history), shown);
        let gone = empty(place(1, ""), 410);
        assert_eq!(violation(&[current(1), gone, pinned(1, part)]), shown, "{part}");
        let vanished = [current(1), dark(), empty(place(1, part), 404)];
        assert_eq!(violation(&vanished), "pinned address vanished");
    }
    // An earlier edition goes with the one that is shown.
    let history = [current(1), current(2), dark(), pinned(1, "/raw/policy.md")];
    assert_eq!(violation(&history), shown);
}

#[test]
fn a_pinned_address_does_not_vanish_while_its_bundle_is_shown() {
    let history = [current(1), current(2), empty(place(1, ""), 404)];
    assert_eq!(violation(&history), "pinned address vanished");
}

#[test]
fn a_pinned_address_returns_its_own_edition_only() {
    let other = "pinned address holds another edition";
    let named = Seen { edition: Some("e2".to_owned()), ..pinned(1, "/edition.json") };
    assert_eq!(violation(&[current(1), named]), other);
    let unnamed = Seen { edition: None, ..pinned(1, "") };
    assert_eq!(violation(&[current(1), unnamed]), other);
    let texts = Seen { policies: vec![2], ..pinned(1, "/raw/policy.md") };
    assert_eq!(violation(&[current(1), pinned(1, "/raw/policy.md"), texts]), other);
}
