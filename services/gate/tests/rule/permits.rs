//! What a channel says to a permit.

use std::collections::BTreeMap;

use lockstep_gate::{
    channel::Placed,
    permit,
    verdict::{Facts, Release, Staging, decide},
};
use lockstep_proto::{
    edition::Edition,
    ids::ChannelName,
    release::Generation,
    signed::{PrivateKey, Signed},
};

use crate::case::{a_case, at, codes, id, key, verdict};

#[test]
fn a_channel_takes_only_the_permit_that_fits() {
    let case = a_case();
    let evidence = case.evidence();
    let edition =
        Edition::digest(evidence.manifest.digest(), evidence.registration.as_ref()).unwrap();
    let placed = Placed { generation: Generation { epoch: 1, n: 1 }, edition };
    let portal: ChannelName = id("portal");
    let both = ["portal", "folder"];
    let all: BTreeMap<ChannelName, Placed> =
        both.iter().map(|name| (id(name), placed.clone())).collect();
    let facts = Facts::of(&case.deployment, &evidence, &case.held, &case.directory);
    let staging = Staging { placed: &placed, staged: &all, asker: None, first_permitted_at: None };
    let facts = Facts { staging: Some(staging), ..facts };
    let admitted = decide::<Release>(&facts, case.now).unwrap();
    let lives = [(portal.clone(), id("life"))].into();
    let permit = permit::write(&admitted, &facts, lives, case.now).unwrap();
    let release = PrivateKey::from_seed([9; 32]);
    let signed = Signed::new(permit.clone(), &release).unwrap();
    let ask = |permit, key: &PrivateKey, staged: &Placed, now| {
        let staged = BTreeMap::from([(portal.clone(), staged.clone())]);
        let own = permit::Own { channel: &portal, staged: &staged, facts, now };
        codes(verdict(permit::admit(permit, &[key.public()], &evidence, &own)))
    };
    assert_eq!(ask(&signed, &release, &placed, case.now), Vec::<String>::new());
    // Another key, another generation, the channel's own clock, a permit that contradicts itself.
    assert_eq!(ask(&signed, &key("issuer"), &placed, case.now), ["TS309"]);
    let newer = Placed { generation: Generation { epoch: 1, n: 2 }, ..placed.clone() };
    assert_eq!(ask(&signed, &release, &newer, case.now), ["TS309"]);
    assert_eq!(ask(&signed, &release, &placed, at("2026-11-30T00:00:00Z")), ["TS304"]);
    // Committed inside the window, carried out after it: that is no lateness.
    let late = at("2027-02-01T00:00:00Z");
    assert_eq!(ask(&signed, &release, &placed, late), Vec::<String>::new());
    let mut crooked = permit;
    crooked.subject[0].digest.insert("sha256".to_owned(), "0".repeat(64));
    let crooked = Signed::new(crooked, &release).unwrap();
    assert_eq!(ask(&crooked, &release, &placed, case.now), ["TS309"]);
    // Permitted again, for a new disk, after the clock was set back.
    let later = Some(case.now.plus_millis(3_600_000));
    let facts = Facts { staging: Some(Staging { first_permitted_at: later, ..staging }), ..facts };
    let again = permit::write(&admitted, &facts, [(portal.clone(), id("life"))].into(), case.now);
    let again = Signed::new(again.unwrap(), &release).unwrap();
    assert_eq!(ask(&again, &release, &placed, case.now), Vec::<String>::new());
}
