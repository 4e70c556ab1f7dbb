//! The rule as a table: every breach, at every stage. A breach is refused from the first stage at
//! which its rule applies, and at every later one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod case;
mod permits;

use std::collections::BTreeSet;

use lockstep_gate::{
    rules::{brief, published},
    verdict::{At, Facts},
};
use lockstep_proto::{
    digest::Digest,
    document::Document,
    edition::{OfficialCopy, Registration, Slot, SlotValue},
    manifest::{Attribute, Brief, BundleKind, Companion, Pairing, Role},
    order::{Channels, Proposal, Window},
    sign_off::{Decision, SignOffKind},
    signed::Signed,
};

use case::{
    Case, NOW, a_case, at, codes, id, key, register, replace_order, revoke, sign, sign_last_as,
    window,
};

type Breach = (&'static str, At, &'static str, fn(&mut Case));

const BREACHES: &[Breach] = &[
    ("no interpretation", At::Intake, "TS101", |case| {
        case.manifest.members.retain(|member| member.role != Role::Interpretation);
        case.held.remove("interpretation.md");
    }),
    ("an interpretation of somebody else's", At::Intake, "TS102", |case| {
        let source = "https://example.org/".to_owned();
        case.manifest.companion = Companion::Upstream { source, archived: Digest::of(b"theirs") };
    }),
    ("no companion at all", At::Intake, "TS102", |case| {
        let text = || "无".to_owned();
        case.manifest.companion =
            Companion::Exempt { ground: text(), reason: text(), decider: text() };
    }),
    ("incomplete plan", At::Intake, "TS103", |case| {
        case.manifest.metadata.plan.form.clear();
    }),
    ("interpretation of another text", At::Intake, "TS104", |case| {
        case.manifest.pairing.explains = Some(Digest::of(b"another"));
    }),
    ("nobody confirmed the pair", At::Intake, "TS105", |case| {
        case.manifest.pairing.explains = None;
    }),
    ("a member missing", At::Intake, "TS106", |case| {
        case.held.remove("policy.md");
    }),
    ("a member extra", At::Intake, "TS107", |case| {
        case.held.insert("extra".to_owned(), Digest::of(b"extra"));
    }),
    ("a member altered", At::Intake, "TS108", |case| {
        case.held.insert("policy.md".to_owned(), Digest::of(b"altered"));
    }),
    ("not for the public", At::Intake, "TS109", |case| {
        case.manifest.metadata.disclosure.attribute = Attribute::Withheld;
    }),
    ("a value known and its slot open", At::Intake, "TS110", |case| {
        case.manifest.metadata.number = Some("示教〔2026〕1号".to_owned());
    }),
    ("a supplement", At::Intake, "TS111", |case| {
        case.manifest.kind = BundleKind::Supplement { edition: Digest::of(b"e") };
    }),
    ("a draft for comment", At::Intake, "TS111", |case| {
        case.manifest.kind = BundleKind::DraftForComment { comments_until: at(NOW) };
    }),
    ("nobody drafted it", At::Intake, "TS112", |case| case.manifest.drafters.clear()),
    ("the pairing names no member", At::Intake, "TS113", |case| {
        let other = Digest::of(b"other");
        case.manifest.pairing = Pairing { policy: other.clone(), explains: Some(other) };
    }),
    ("a brief interpretation where the profile knows none", At::Intake, "TS135", |case| {
        case.manifest.brief = Some(brief("2026-12-04"));
    }),
    ("a brief interpretation on no authority", At::Intake, "TS135", |case| {
        case.profile = "state-council-2016-80";
        case.manifest.brief = Some(Brief { authority: " ".to_owned(), ..brief("2026-12-04") });
    }),
    ("a brief interpretation without a day", At::Intake, "TS135", |case| {
        case.profile = "state-council-2016-80";
        case.manifest.brief = Some(brief("尽快"));
    }),
    ("a brief interpretation with a day too late", At::Intake, "TS135", |case| {
        case.profile = "state-council-2016-80";
        case.window = window("2026-12-01T00:00:00Z", "2026-12-02T15:00:00Z");
        case.manifest.brief = Some(brief("2026-12-08"));
    }),
    ("a fragment not rendered", At::Approval, "TS106", |case| {
        case.manifest.members.retain(|member| member.role != Role::PolicyFragment);
        case.held.remove("rendered/policy.html");
    }),
    ("pictures of some charts only", At::Approval, "TS106", |case| {
        case.add_charts(2);
        case.add_members(Role::Chart, &["rendered/charts/0.svg", "rendered/charts/1.svg"]);
        case.add_members(Role::ChartPicture, &["rendered/charts/0.png"]);
    }),
    ("two long pictures", At::Approval, "TS106", |case| {
        case.add_members(Role::LongPicture, &["rendered/long.png", "rendered/longer.png"]);
    }),
    ("two brochures", At::Approval, "TS106", |case| {
        case.add_members(Role::Brochure, &["rendered/brochure.pdf", "rendered/brochures.pdf"]);
    }),
    ("sign-offs over another manifest", At::Approval, "TS201", |case| {
        case.after = |evidence| {
            let mut other = (*evidence.manifest).clone();
            other.revision += 1;
            evidence.manifest = Document::new(other).unwrap();
        };
    }),
    ("a drafter signs", At::Approval, "TS202", |case| {
        case.manifest.drafters = vec![id("boss"), id("drafter")];
        case.signers = ["reviewer", "boss"];
    }),
    ("a submitter that nobody declared signs", At::Approval, "TS202", |case| {
        case.manifest.drafters = vec![id("drafter"), id("ghost-drafter")];
        case.signers = ["ghost-drafter", "issuer"];
    }),
    ("one person twice", At::Approval, "TS203", |case| case.signers = ["boss", "boss"]),
    ("a step skipped", At::Approval, "TS205", |case| {
        case.after = |evidence| {
            evidence.sign_offs.remove(0);
        };
    }),
    ("a sign-off after a return", At::Approval, "TS205", |case| {
        case.after = |evidence| {
            evidence.sign_offs.clear();
            let reason = "不清".to_owned();
            sign(evidence, "reviewer", 0, Decision::Returned { reason });
            sign(evidence, "issuer", 1, Decision::Signed);
        };
    }),
    ("a key revoked", At::Approval, "TS206", |case| revoke(case, "issuer")),
    ("a signature by another's key", At::Approval, "TS206", |case| {
        case.after = |evidence| {
            let last = evidence.sign_offs.pop().unwrap();
            let forged = Signed::new(last.into_value(), &key("drafter")).unwrap();
            evidence.sign_offs.push(forged);
        };
    }),
    ("a signer without the role", At::Approval, "TS208", |case| {
        case.signers = ["reviewer", "registrar"];
    }),
    ("a chain that nobody signed", At::Approval, "TS209", |case| {
        case.after = |evidence| {
            let mut shorter = (*evidence.chain).clone();
            shorter.steps.pop();
            evidence.chain = Document::new(shorter).unwrap();
        };
    }),
    ("a profile that this program does not know", At::Approval, "TS209", |case| {
        case.after = |evidence| {
            let mut lax = (*evidence.profile).clone();
            lax.registrar = id("drafter");
            evidence.profile = Document::new(lax).unwrap();
        };
    }),
    ("a deputy signs", At::Approval, "TS211", |case| {
        case.after = |evidence| {
            let (principal, delegation) = (id("boss"), Digest::of(b"delegation"));
            sign_last_as(evidence, SignOffKind::Delegated { principal, delegation });
        };
    }),
    ("a paper sheet is vouched for", At::Approval, "TS211", |case| {
        case.after = |evidence| {
            let (signer, sheet) = (id("boss"), "2026-17".to_owned());
            let (scan, signed_at) = (Digest::of(b"scan"), at(NOW));
            sign_last_as(evidence, SignOffKind::Attested { signer, sheet, scan, signed_at });
        };
    }),
    ("another deployment", At::Approval, "TS210", |case| case.deployment = id("other")),
    ("incomplete chain", At::Scheduling, "TS204", |case| {
        case.after = |evidence| {
            evidence.sign_offs.pop();
        };
    }),
    ("returned", At::Scheduling, "TS207", |case| {
        case.after = |evidence| {
            evidence.sign_offs.pop();
            let reason = "不清".to_owned();
            sign(evidence, "issuer", 1, Decision::Returned { reason });
        };
    }),
    ("no order", At::Scheduling, "TS301", |case| case.after = |evidence| evidence.order = None),
    ("an order nobody signed", At::Scheduling, "TS301", |case| {
        case.after = |evidence| replace_order(evidence, "b");
    }),
    ("an order for another bundle", At::Scheduling, "TS301", |case| {
        case.after = |evidence| {
            replace_order(evidence, "c");
            evidence.sign_offs.pop();
            sign(evidence, "issuer", 1, Decision::Signed);
        };
    }),
    ("no registration while slots are open", At::Scheduling, "TS302", |case| {
        case.after = |evidence| evidence.registration = None;
    }),
    ("a registration by anyone", At::Scheduling, "TS303", |case| {
        case.after = |evidence| {
            evidence.registration = Some(register(evidence, "drafter", &[Slot::Number]));
        };
    }),
    ("a registration of other slots", At::Scheduling, "TS303", |case| {
        case.after = |evidence| {
            evidence.registration = Some(register(evidence, "registrar", &[Slot::WrittenOn]));
        };
    }),
    ("a registration whose date is none", At::Scheduling, "TS303", |case| {
        case.manifest.metadata.slots = vec![Slot::Number, Slot::WrittenOn];
        case.after = |evidence| {
            let slots = [Slot::Number, Slot::WrittenOn];
            let mut dated = register(evidence, "registrar", &slots).into_value();
            let no_date = SlotValue::try_from("2026年11月31日".to_owned()).unwrap();
            dated.slots.insert(Slot::WrittenOn, no_date);
            evidence.registration = Some(Signed::new(dated, &key("registrar")).unwrap());
        };
    }),
    ("a registration with an official copy", At::Scheduling, "TS303", |case| {
        case.after = |evidence| {
            let registered = evidence.registration.take().unwrap().statement().clone();
            let official_copy = Some(OfficialCopy {
                media_type: "application/ofd".to_owned(),
                size: 1,
                digest: Digest::of(b"sealed"),
            });
            let copied = Registration { official_copy, ..(*registered).clone() };
            evidence.registration = Some(Signed::new(copied, &key("registrar")).unwrap());
        };
    }),
    ("a window that ends before it begins", At::Scheduling, "TS308", |case| {
        case.window = window("2026-12-31T00:00:00Z", "2026-12-01T00:00:00Z");
    }),
    ("a window of no working day", At::Scheduling, "TS308", |case| {
        case.window = Window::WorkingDays { days: 0 };
    }),
    ("a window of more working days than there may be", At::Scheduling, "TS308", |case| {
        case.window = Window::WorkingDays { days: 61 };
    }),
    ("a window in working days, and nothing registered", At::Scheduling, "TS312", |case| {
        (case.window, case.manifest.metadata.slots) = (Window::WorkingDays { days: 3 }, vec![]);
        case.manifest.metadata.number = Some("示教〔2026〕1号".to_owned());
        case.after = |evidence| evidence.registration = None;
    }),
    ("a window in working days before it was registered", At::Release, "TS304", |case| {
        case.window = Window::WorkingDays { days: 3 };
        case.now = at("2026-12-01T23:59:59.999999Z");
    }),
    // Registered on Wednesday, December 2nd.
    ("a window in working days that is over", At::Release, "TS305", |case| {
        case.window = Window::WorkingDays { days: 3 };
        case.now = at("2026-12-07T16:00:00Z");
    }),
    ("a channel that there is not", At::Intake, "TS308", |case| {
        case.channels = vec![id("portal")];
    }),
    ("a channel with an earlier edition left out", At::Scheduling, "TS310", |case| {
        case.lit.push(id("elsewhere"));
    }),
    ("window not reached", At::Release, "TS304", |case| case.now = at("2026-11-30T23:59:59Z")),
    ("window passed", At::Release, "TS305", |case| case.now = at("2027-01-01T00:00:00Z")),
    ("a channel not staged", At::Release, "TS306", |case| case.staged = vec!["portal"]),
    ("a channel asks that the order does not name", At::Release, "TS307", |case| {
        case.asker = Some(id("elsewhere"));
    }),
];

fn brief(full_by: &str) -> Brief {
    let text = str::to_owned;
    let (authority, reason) = (text("局务会议纪要"), text("紧急"));
    Brief { authority, reason, decider: text("主要负责人"), full_by: text(full_by) }
}

/// What is said and let through, likewise.
const WARNINGS: &[Breach] = &[
    ("neither a number nor a slot for it", At::Intake, "TS115", |case| {
        case.manifest.metadata.slots.clear();
        case.after = |evidence| evidence.registration = None;
    }),
    ("a drafter nobody knows", At::Intake, "TS116", |case| {
        case.manifest.drafters.push(id("nobody"));
    }),
    ("a proposed window that is over", At::Intake, "TS305", |case| {
        let window = window("2026-11-01T00:00:00Z", "2026-11-30T00:00:00Z");
        let channels = Channels { required: vec![id("portal")], optional: vec![] };
        case.proposal = Some(Proposal { window, channels });
    }),
    ("a full interpretation that is owed", At::Intake, "TS136", |case| {
        case.profile = "state-council-2016-80";
        case.window = window("2026-12-01T00:00:00Z", "2026-12-02T15:00:00Z");
        case.manifest.brief = Some(brief("2026-12-07"));
    }),
    ("a last day that a notice may move", At::Intake, "TS311", |case| {
        case.window = Window::WorkingDays { days: 20 };
    }),
];

/// Where a code is met that no row above meets.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("TS001", BUNDLE_TESTS, "reading a folder"),
    ("TS002", BUNDLE_TESTS, "reading a folder"),
    ("TS003", BUNDLE_TESTS, "reading a folder"),
    ("TS004", BUNDLE_TESTS, "reading a folder"),
    ("TS005", BUNDLE_TESTS, "reading a folder"),
    ("TS006", BUNDLE_TESTS, "reading a folder"),
    ("TS007", BUNDLE_TESTS, "reading a folder"),
    ("TS008", BUNDLE_TESTS, "reading a folder"),
    ("TS009", BUNDLE_TESTS, "reading a folder"),
    ("TS010", FORMATS, "opening a bundle"),
    ("TS011", FORMATS, "opening a bundle"),
    ("TS012", FORMATS, "opening a bundle"),
    ("TS013", FORMATS, "opening a bundle"),
    ("TS014", FORMATS, "opening a bundle"),
    ("TS015", FORMATS, "opening a bundle"),
    ("TS016", ATTACHED, "looking through attachments"),
    ("TS017", PICTURES, "making pictures, which the explainer does"),
    ("TS018", RENDERING, "rendering"),
    ("TS019", READING, "reading in a child"),
    ("TS020", SHOWN, "rendering the policy's page"),
    ("TS021", BUNDLE_TESTS, "reading a folder"),
    ("TS022", DRAFTING, "rendering that fails"),
    ("TS023", BUNDLE_TESTS, "reading a folder"),
    ("TS114", BUNDLE_TESTS, "reading a folder"),
    ("TS117", MUTATIONS, "holding the texts against each other"),
    ("TS118", MUTATIONS, "holding the texts against each other"),
    ("TS119", MUTATIONS, "holding the texts against each other"),
    ("TS120", MUTATIONS, "holding the texts against each other"),
    ("TS121", MUTATIONS, "holding the texts against each other"),
    ("TS122", MUTATIONS, "holding the texts against each other"),
    ("TS123", MUTATIONS, "holding the texts against each other"),
    ("TS124", MUTATIONS, "holding the texts against each other"),
    ("TS125", MUTATIONS, "holding the texts against each other"),
    ("TS126", MUTATIONS, "holding the texts against each other"),
    ("TS127", MUTATIONS, "holding the texts against each other"),
    ("TS128", DOCUMENT_TESTS, "taking a text apart"),
    ("TS129", MUTATIONS, "holding the texts against each other"),
    ("TS130", MUTATIONS, "holding the texts against each other"),
    ("TS131", MUTATIONS, "holding the texts against each other"),
    ("TS132", MUTATIONS, "holding the texts against each other"),
    ("TS133", MUTATIONS, "holding the texts against each other"),
    ("TS137", MUTATIONS, "holding the texts against each other"),
    ("TS138", MUTATIONS, "holding the texts against each other"),
    ("TS139", MUTATIONS, "holding the texts against each other"),
    ("TS140", MUTATIONS, "holding the texts against each other"),
    ("TS141", MUTATIONS, "holding the texts against each other"),
    ("TS142", MUTATIONS, "holding the texts against each other"),
    ("TS143", MUTATIONS, "holding the texts against each other"),
    ("TS144", MUTATIONS, "holding the texts against each other"),
    ("TS145", MUTATIONS, "holding the texts against each other"),
    ("TS134", MUTATIONS, "holding the texts against each other"),
    ("TS601", BUNDLE_TESTS, "reading a folder, before everything else"),
    ("TS501", WORDING_TESTS, "reading a text"),
    ("TS502", WORDING_TESTS, "reading a text"),
    ("TS503", WORDING_TESTS, "reading a text"),
    ("TS504", WORDING_TESTS, "reading a text"),
    ("TS505", WORDING_TESTS, "reading a text"),
    ("TS506", WORDING_TESTS, "reading a text"),
    ("TS602", PERSONS_TESTS, "reading a text"),
    ("TS603", PERSONS_TESTS, "reading a text"),
    ("TS604", PERSONS_TESTS, "reading a text"),
    ("TS605", PERSONS_TESTS, "reading a text"),
    ("TS606", PERSONS_TESTS, "reading a text"),
    ("TS607", PERSONS_TESTS, "reading a text"),
    ("TS611", FORMATS, "opening a bundle"),
    ("TS612", FORMATS, "opening a bundle"),
    ("TS613", FORMATS, "opening a bundle"),
    ("TS614", FORMATS, "opening a bundle"),
    ("TS615", FORMATS, "opening a bundle"),
    ("TS309", include_str!("permits.rs"), "only a channel asks about a permit"),
];
const ATTACHED: &str = include_str!("../../src/bundle/tests/attached.rs");
const PICTURES: &str = include_str!("../../../explainer/tests/picture/long.rs");
const FORMATS: &str = include_str!("../../src/bundle/tests/formats.rs");
const RENDERING: &str = include_str!("../../../../tests/tests/rendering.rs");
const READING: &str = include_str!("../../../../tests/tests/reading.rs");
const SHOWN: &str = include_str!("../../../explainer/src/render/shown.rs");
const DRAFTING: &str = include_str!("../../../drafting/src/events/tests.rs");
const MUTATIONS: &str = include_str!("../mutations.rs");
const DOCUMENT_TESTS: &str = include_str!("../../src/document/tests.rs");
const BUNDLE_TESTS: &str = include_str!("../../src/bundle/tests.rs");
const WORDING_TESTS: &str = include_str!("../../src/wording/tests.rs");
const PERSONS_TESTS: &str = include_str!("../../src/persons/tests.rs");

#[test]
fn a_complete_case_passes_every_stage() {
    assert_eq!(a_case().ask().concat(), Vec::<String>::new());
}

#[test]
fn charts_have_a_picture_each_or_none_has() {
    let mut case = a_case();
    case.add_charts(2);
    case.add_members(Role::Chart, &["rendered/charts/0.svg", "rendered/charts/1.svg"]);
    assert_eq!(case.ask().concat(), Vec::<String>::new(), "sealed before there were pictures");
    case.add_members(Role::ChartPicture, &["rendered/charts/0.png", "rendered/charts/1.png"]);
    case.add_members(Role::LongPicture, &["rendered/long.png"]);
    case.add_members(Role::Brochure, &["rendered/brochure.pdf"]);
    assert_eq!(case.ask().concat(), Vec::<String>::new());
}

#[test]
fn a_warning_blocks_where_the_profile_says_so() {
    for (profile, passes) in [("shanghai", true), ("strict", false)] {
        let mut case = a_case();
        case.profile = profile;
        assert!(case.passes()[0], "{profile}");
        case.manifest.drafters.push(id("nobody"));
        assert_eq!(case.passes()[0], passes, "{profile}");
    }
}

#[test]
fn the_full_interpretation_is_due_in_working_days_after_release() {
    let mut case = a_case();
    case.profile = "state-council-2016-80";
    case.manifest.brief = Some(brief("2026-12-04"));
    let evidence = case.evidence();
    let facts = Facts::of(&case.deployment, &evidence, &case.held, &case.directory);
    // Before the window, when it begins; within it, were it released then.
    for (now, due) in [
        ("2026-11-20T00:00:00Z", "2026-12-04"),
        ("2026-12-01T00:00:00Z", "2026-12-04"),
        ("2026-12-03T16:00:00Z", "2026-12-09"),
    ] {
        let said = brief::full_interpretation_is_owed(&facts, at(now));
        assert!(said.first().unwrap().message.contains(due), "{now}: {said:?}");
    }
}

/// Where nobody knows yet when it is released, a later promise stands beside the deadline counted from today.
#[test]
fn a_full_interpretation_promised_for_later_is_said() {
    for (full_by, is_said) in [("2026-12-25", true), ("2026-12-04", false)] {
        let mut case = a_case();
        case.profile = "state-council-2016-80";
        case.window = Window::WorkingDays { days: 3 };
        case.manifest.brief = Some(brief(full_by));
        case.after = |evidence| evidence.registration = None;
        let evidence = case.evidence();
        let facts = Facts::of(&case.deployment, &evidence, &case.held, &case.directory);
        let said = brief::full_interpretation_is_owed(&facts, at("2026-12-01T00:00:00Z"));
        let message = &said.first().unwrap().message;
        assert_eq!(message.contains("full_by 2026-12-25"), is_said, "{message}");
    }
}

/// Registered on Wednesday, December 2nd at eight in Beijing: until the end of Monday there.
#[test]
fn a_window_in_working_days_is_open_from_registration_to_the_end_of_its_last_day() {
    let mut case = a_case();
    case.window = Window::WorkingDays { days: 3 };
    for now in [NOW, "2026-12-07T15:59:59.999999Z"] {
        case.now = at(now);
        assert_eq!(case.ask().concat(), Vec::<String>::new(), "{now}");
    }
    // What is ordered anew after registration is over by then, or is not.
    let evidence = case.evidence();
    let facts = Facts::of(&case.deployment, &evidence, &case.held, &case.directory);
    let said = |now| codes(Err(published::order_may_be_signed(&facts, at(now))));
    assert_eq!(said("2026-12-07T15:59:59.999999Z"), [""; 0]);
    assert_eq!(said("2026-12-07T16:00:00Z"), ["TS305"]);
}

#[test]
fn a_date_that_is_registered_passes_every_stage() {
    let mut case = a_case();
    case.manifest.metadata.slots = vec![Slot::Number, Slot::PrintedOn];
    case.after = |evidence| {
        let slots = [Slot::Number, Slot::PrintedOn];
        evidence.registration = Some(register(evidence, "registrar", &slots));
    };
    assert_eq!(case.ask().concat(), Vec::<String>::new());
}

#[test]
fn every_breach_is_refused_from_its_first_stage_on() {
    for row in BREACHES {
        let (name, first, ..) = row;
        let passes = is_said_from_its_first_stage_on(row).passes();
        let refused = STAGES.iter().zip(passes).filter(|(_, passes)| !passes);
        assert!(
            refused.map(|(stage, _)| stage).eq(STAGES.iter().filter(|s| *s >= first)),
            "{name}"
        );
    }
}

#[test]
fn every_warning_is_said_from_its_first_stage_on_and_stops_nothing() {
    for row in WARNINGS {
        assert_eq!(is_said_from_its_first_stage_on(row).passes(), [true; 4], "{}", row.0);
    }
}

const STAGES: [At; 4] = [At::Intake, At::Approval, At::Scheduling, At::Release];

fn is_said_from_its_first_stage_on((name, first, code, breach): &Breach) -> Case {
    let mut case = a_case();
    breach(&mut case);
    for (stage, said) in STAGES.into_iter().zip(case.ask()) {
        let is_said = said.iter().any(|one| one == code);
        assert_eq!(is_said, stage >= *first, "{name} at {stage:?}: {said:?}");
    }
    case
}

#[test]
fn every_code_is_met_by_a_test() {
    let met: BTreeSet<&str> =
        BREACHES.iter().chain(WARNINGS).map(|(_, _, code, _)| *code).collect();
    let mut elsewhere = BTreeSet::new();
    for (code, text, why) in ELSEWHERE {
        assert!(text.contains(&format!("\"{code}")), "{code} is not met where it should be: {why}");
        assert!(!met.contains(code), "{code} has a row: it is met here");
        elsewhere.insert(*code);
    }
    let all: BTreeSet<&str> = lockstep_gate::codes::ALL.iter().map(|code| code.id).collect();
    assert_eq!(met.union(&elsewhere).copied().collect::<BTreeSet<_>>(), all);
}

/// An order over a window that has passed by now is of no use: its signer is told at once.
#[test]
fn a_window_that_is_over_is_not_signed() {
    let mut case = a_case();
    case.now = at("2027-01-01T00:00:00Z");
    let evidence = case.evidence();
    let facts = Facts::of(&case.deployment, &evidence, &case.held, &case.directory);
    let said = |facts: &Facts<'_>, at| {
        published::order_may_be_signed(facts, at).into_iter().map(|f| f.code).collect::<Vec<_>>()
    };
    assert_eq!(said(&facts, at(NOW)), [""; 0]);
    assert_eq!(said(&facts, case.now), ["TS305"]);
    // Nor where an earlier edition would be left, nor on a channel that is not there.
    let (lit, channels) = ([id("elsewhere")], [id("portal")]);
    let facts = Facts { lit: &lit, channels: Some(&channels), ..facts };
    assert_eq!(said(&facts, at(NOW)), ["TS308", "TS310"]);
    let there = published::channels_are_there(&facts, at(NOW));
    assert_eq!(there.first().unwrap().help, "改用现有的渠道：portal");
}

#[test]
fn the_last_step_may_order_anew_and_only_it() {
    let mut case = a_case();
    case.after = |evidence| {
        replace_order(evidence, "b");
        sign(evidence, "issuer", 1, Decision::Signed);
    };
    assert_eq!(case.ask().concat(), Vec::<String>::new());
    case.after = |evidence| sign(evidence, "reviewer", 0, Decision::Signed);
    let [_, approval, ..] = case.ask();
    assert_eq!(approval, ["TS205"]);
}
