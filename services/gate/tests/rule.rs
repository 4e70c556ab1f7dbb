//! The rule as a table: every breach, at every stage. A breach is refused from the first stage at
//! which its rule applies, and at every later one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use lockstep_gate::{
    channel::Placed,
    people::Directory,
    permit, profile,
    verdict::{Approval, At, Blocked, Facts, Intake, Release, Scheduling, Staging, decide},
};
use lockstep_proto::{
    digest::Digest,
    document::Document,
    edition::{Edition, OfficialCopy, Registration, RegistrationSchema, Slot, SlotValue},
    ids::{BundleId, ChannelName, DeploymentId},
    manifest::{
        Agencies, Attribute, BundleKind, Companion, Disclosure, Manifest, ManifestSchema, Member,
        Metadata, Pairing, Plan, Role,
    },
    order::{Channels, Order, OrderSchema, Window},
    people::{KeyRecord, KeyRevocation, KeySchema, PersonRecord, PersonSchema, RevocationSchema},
    release::{Evidence, Generation},
    sign_off::{Decision, SignOff, SignOffKind, SignOffSchema},
    signed::{Algorithm, PrivateKey, Signed},
    time::Timestamp,
};

fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("{text}"))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const NOW: &str = "2026-12-02T00:00:00Z";
const PEOPLE: [(&str, &str, u8); 6] = [
    ("drafter", "drafter", 1),
    ("reviewer", "reviewer", 2),
    ("issuer", "issuer", 3),
    ("registrar", "registrar", 4),
    // Holds both roles of the chain, and drafts.
    ("boss", "reviewer issuer", 5),
    ("ghost-drafter", "reviewer", 6),
];

fn key(person: &str) -> PrivateKey {
    let (.., seed) = PEOPLE.iter().find(|(name, ..)| *name == person).unwrap();
    PrivateKey::from_seed([*seed; 32])
}

/// Everything the gate is asked about; a breach changes one thing before the chain signs.
struct Case {
    manifest: Manifest,
    held: BTreeMap<String, Digest>,
    directory: Directory,
    deployment: DeploymentId,
    /// Who signs step 1 and 2.
    signers: [&'static str; 2],
    window: [Timestamp; 2],
    /// What is done to the evidence after it was signed.
    after: fn(&mut Evidence),
    staged: Vec<&'static str>,
    now: Timestamp,
}

fn member(path: &str, role: Role) -> Member {
    Member {
        path: path.to_owned(),
        role,
        media_type: "text/plain".to_owned(),
        size: 1,
        digest: Digest::of(path.as_bytes()),
    }
}

fn a_case() -> Case {
    let members = vec![
        member("interpretation.md", Role::Interpretation),
        member("policy.md", Role::Policy),
        member("rendered/interpretation.html", Role::InterpretationFragment),
        member("rendered/policy.html", Role::PolicyFragment),
    ];
    let policy = Digest::of(b"policy.md");
    let mut directory = Directory::default();
    for (person, roles, _) in PEOPLE {
        directory.record_person(PersonRecord {
            schema: PersonSchema,
            deployment: id("d"),
            person: id(person),
            name: person.to_owned(),
            agency: "示例局".to_owned(),
            roles: roles.split(' ').map(id).collect(),
            token: Digest::of(b"token"),
            at: at(NOW),
        });
        directory.record_key(KeyRecord {
            schema: KeySchema,
            deployment: id("d"),
            person: id(person),
            public: key(person).public(),
            at: at(NOW),
        });
    }
    Case {
        held: members.iter().map(|m| (m.path.clone(), m.digest.clone())).collect(),
        manifest: Manifest {
            schema: ManifestSchema,
            bundle: id("b"),
            revision: 1,
            submission: id("s"),
            kind: BundleKind::Issue,
            revises: None,
            after_dark: None,
            drafters: vec![id("drafter")],
            agencies: Agencies {
                drafting: vec!["办公室".to_owned()],
                issuing: vec!["示例局".to_owned()],
                lead: None,
                joint: vec![],
                publishing: "示例局".to_owned(),
            },
            companion: Companion::Own,
            metadata: Metadata {
                title: "通知".to_owned(),
                number: None,
                written_on: None,
                printed_on: None,
                index_number: None,
                slots: vec![Slot::Number],
                disclosure: Disclosure {
                    attribute: Attribute::Proactive,
                    ground: "第二十条".to_owned(),
                },
                plan: Plan {
                    purpose: "一".to_owned(),
                    scope: "二".to_owned(),
                    procedure: "三".to_owned(),
                    form: "四".to_owned(),
                },
            },
            pairing: Pairing { policy: policy.clone(), explains: Some(policy) },
            charts: vec![],
            members,
        },
        directory,
        deployment: id("d"),
        signers: ["reviewer", "issuer"],
        window: [at("2026-12-01T00:00:00Z"), at("2026-12-31T00:00:00Z")],
        after: |_| {},
        staged: vec!["portal", "folder"],
        now: at(NOW),
    }
}

fn sign(evidence: &mut Evidence, person: &str, step: usize, decision: Decision) {
    let step = evidence.chain.steps.get(step).unwrap().clone();
    let is_last = evidence.chain.last() == Some(&step) && decision == Decision::Signed;
    let order = evidence.order.as_ref().filter(|_| is_last).map(|o| o.digest().clone());
    let statement = SignOff {
        schema: SignOffSchema,
        decision,
        kind: SignOffKind::Signed,
        deployment: id("d"),
        bundle: id("b"),
        manifest: evidence.manifest.digest().clone(),
        number: u32::try_from(evidence.sign_offs.len() + 1).unwrap(),
        previous: evidence.sign_offs.last().map(|s| s.digest().clone()),
        step: step.name,
        chain: evidence.chain.digest().clone(),
        profile: evidence.profile.digest().clone(),
        person: id(person),
        role: step.role,
        agency: "示例局".to_owned(),
        order,
        key: key(person).public().id(),
        algorithm: Algorithm::Ed25519,
        at: at(NOW),
    };
    evidence.sign_offs.push(Signed::new(statement, &key(person)).unwrap());
}

fn register(evidence: &Evidence, person: &str, slots: &[Slot]) -> Signed<Registration> {
    let value = || SlotValue::try_from("示教〔2026〕1号".to_owned()).unwrap();
    let statement = Registration {
        schema: RegistrationSchema,
        deployment: id("d"),
        bundle: id("b"),
        manifest: evidence.manifest.digest().clone(),
        slots: slots.iter().map(|slot| (*slot, value())).collect(),
        official_copy: None,
        person: id(person),
        key: key(person).public().id(),
        algorithm: Algorithm::Ed25519,
        at: at(NOW),
    };
    Signed::new(statement, &key(person)).unwrap()
}

fn order(evidence: &Evidence, window: Window, bundle: &str) -> Document<Order> {
    Document::new(Order {
        schema: OrderSchema,
        deployment: id("d"),
        bundle: id::<BundleId>(bundle),
        manifest: evidence.manifest.digest().clone(),
        window,
        channels: Channels { required: vec![id("folder"), id("portal")], optional: vec![] },
    })
    .unwrap()
}

impl Case {
    fn evidence(&self) -> Evidence {
        let (profile, chain) = profile::shanghai().unwrap();
        let manifest = Document::new(self.manifest.clone()).unwrap();
        let mut evidence = Evidence {
            manifest,
            chain,
            profile,
            sign_offs: vec![],
            order: None,
            registration: None,
        };
        let [not_before, not_after] = self.window;
        let window = Window::Instants { not_before, not_after };
        evidence.order = Some(order(&evidence, window, "b"));
        for (step, person) in self.signers.into_iter().enumerate() {
            sign(&mut evidence, person, step, Decision::Signed);
        }
        evidence.registration = Some(register(&evidence, "registrar", &[Slot::Number]));
        (self.after)(&mut evidence);
        evidence
    }

    /// What the gate says at each stage, as codes.
    fn ask(&self) -> [Vec<String>; 4] {
        let evidence = self.evidence();
        let edition =
            Edition::digest(evidence.manifest.digest(), evidence.registration.as_ref()).unwrap();
        let placed = Placed { generation: Generation { epoch: 1, n: 1 }, edition };
        let staged: BTreeMap<ChannelName, Placed> =
            self.staged.iter().map(|name| (id(name), placed.clone())).collect();
        let facts = Facts::of(&self.deployment, &evidence, &self.held, &self.directory);
        let staging =
            Staging { placed: &placed, staged: &staged, asker: None, first_permitted_at: None };
        let facts = Facts { staging: Some(staging), ..facts };
        [
            codes(decide::<Intake>(&facts, self.now)),
            codes(decide::<Approval>(&facts, self.now)),
            codes(decide::<Scheduling>(&facts, self.now)),
            codes(decide::<Release>(&facts, self.now)),
        ]
    }
}

fn codes<T>(verdict: Result<T, Blocked>) -> Vec<String> {
    let mut codes: Vec<String> = match verdict {
        Ok(_) => vec![],
        Err(blocked) => blocked.findings.into_iter().map(|finding| finding.code).collect(),
    };
    codes.dedup();
    codes
}

type Breach = (&'static str, At, &'static str, fn(&mut Case));

fn revoke(case: &mut Case, person: &str) {
    let is_known = case.directory.revoke_key(&KeyRevocation {
        schema: RevocationSchema,
        deployment: id("d"),
        person: id(person),
        key: key(person).public().id(),
        reason: "遗失".to_owned(),
        at: at(NOW),
    });
    assert!(is_known);
}

fn replace_order(evidence: &mut Evidence, bundle: &str) {
    let window = evidence.order.as_ref().unwrap().window.clone();
    let Window::Instants { not_before, .. } = window else { panic!("instants") };
    let window = Window::Instants { not_before, not_after: at("2028-01-01T00:00:00Z") };
    evidence.order = Some(order(evidence, window, bundle));
}

const BREACHES: &[Breach] = &[
    ("no interpretation", At::Intake, "TS101", |case| {
        case.manifest.members.retain(|member| member.role != Role::Interpretation);
        case.held.remove("interpretation.md");
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
    ("a kind not in force", At::Intake, "TS111", |case| {
        case.manifest.kind = BundleKind::Supplement { edition: Digest::of(b"e") };
    }),
    ("nobody drafted it", At::Intake, "TS112", |case| case.manifest.drafters.clear()),
    ("the pairing names no member", At::Intake, "TS113", |case| {
        let other = Digest::of(b"other");
        case.manifest.pairing = Pairing { policy: other.clone(), explains: Some(other) };
    }),
    ("a fragment not rendered", At::Approval, "TS106", |case| {
        case.manifest.members.retain(|member| member.role != Role::PolicyFragment);
        case.held.remove("rendered/policy.html");
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
    ("an order that cannot be", At::Scheduling, "TS308", |case| case.window.reverse()),
    ("window not reached", At::Release, "TS304", |case| case.now = at("2026-11-30T23:59:59Z")),
    ("window passed", At::Release, "TS305", |case| case.now = at("2027-01-01T00:00:00Z")),
    ("a channel not staged", At::Release, "TS306", |case| case.staged = vec!["portal"]),
];

#[test]
fn a_complete_case_passes_every_stage() {
    assert_eq!(a_case().ask().concat(), Vec::<String>::new());
}

#[test]
fn every_breach_is_refused_from_its_first_stage_on() {
    const STAGES: [At; 4] = [At::Intake, At::Approval, At::Scheduling, At::Release];
    for (name, first, code, breach) in BREACHES {
        let mut case = a_case();
        breach(&mut case);
        for (stage, said) in STAGES.into_iter().zip(case.ask()) {
            let is_said = said.iter().any(|one| one == code);
            assert_eq!(is_said, stage >= *first, "{name} at {stage:?}: {said:?}");
        }
    }
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
        codes(permit::admit(permit, &[key.public()], &evidence, &own))
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
