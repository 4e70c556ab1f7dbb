//! Everything the gate is asked about, complete and right; a breach changes one thing of it.

use std::collections::BTreeMap;

use lockstep_gate::{
    channel::Placed,
    people::Directory,
    profile,
    verdict::{
        Admitted, Approval, Blocked, Facts, Intake, RULES, Release, Scheduling, Staging, decide,
    },
};
use lockstep_proto::{
    digest::Digest,
    document::Document,
    edition::{Edition, Registration, RegistrationSchema, Slot, SlotValue},
    finding::{Finding, Severity},
    ids::{BundleId, ChannelName, DeploymentId},
    manifest::{
        Agencies, Attribute, BundleKind, ChartKind, ChartSpec, Companion, Disclosure, Manifest,
        ManifestSchema, Member, Metadata, Pairing, Plan, Role, Stated,
    },
    order::{Channels, Order, OrderSchema, Proposal, Window},
    people::{KeyRecord, KeyRevocation, KeySchema, PersonRecord, PersonSchema, RevocationSchema},
    release::{Evidence, Generation},
    sign_off::{Decision, SignOff, SignOffKind, SignOffSchema},
    signed::{Algorithm, PrivateKey, Signed},
    time::Timestamp,
};

pub(crate) fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("{text}"))
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn window(not_before: &str, not_after: &str) -> Window {
    Window::Instants { not_before: at(not_before), not_after: at(not_after) }
}

pub(crate) const NOW: &str = "2026-12-02T00:00:00Z";
const PEOPLE: [(&str, &str, u8); 6] = [
    ("drafter", "drafter", 1),
    ("reviewer", "reviewer", 2),
    ("issuer", "issuer", 3),
    ("registrar", "registrar", 4),
    // Holds both roles of the chain, and drafts.
    ("boss", "reviewer issuer", 5),
    ("ghost-drafter", "reviewer", 6),
];

pub(crate) fn key(person: &str) -> PrivateKey {
    let (.., seed) = PEOPLE.iter().find(|(name, ..)| *name == person).unwrap();
    PrivateKey::from_seed([*seed; 32])
}

/// Everything the gate is asked about; a breach changes one thing before the chain signs.
pub(crate) struct Case {
    pub(crate) manifest: Manifest,
    pub(crate) held: BTreeMap<String, Digest>,
    pub(crate) directory: Directory,
    pub(crate) deployment: DeploymentId,
    pub(crate) profile: &'static str,
    /// Who signs step 1 and 2.
    pub(crate) signers: [&'static str; 2],
    pub(crate) window: Window,
    /// The channels of the deployment.
    pub(crate) channels: Vec<ChannelName>,
    /// What is proposed; the same window is ordered.
    pub(crate) proposal: Option<Proposal>,
    /// The channel that asks about itself.
    pub(crate) asker: Option<ChannelName>,
    /// What is done to the evidence after it was signed.
    pub(crate) after: fn(&mut Evidence),
    pub(crate) staged: Vec<&'static str>,
    /// Where an earlier edition may be shown.
    pub(crate) lit: Vec<ChannelName>,
    pub(crate) now: Timestamp,
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

pub(crate) fn a_case() -> Case {
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
                    purpose: "目的".to_owned(),
                    scope: "范围".to_owned(),
                    procedure: "程序".to_owned(),
                    form: "形式".to_owned(),
                },
            },
            brief: None,
            pairing: Pairing { policy: policy.clone(), explains: Some(policy) },
            stated: Stated::default(),
            charts: vec![],
            members,
        },
        directory,
        deployment: id("d"),
        profile: profile::DEFAULT,
        signers: ["reviewer", "issuer"],
        window: window("2026-12-01T00:00:00Z", "2026-12-31T00:00:00Z"),
        channels: vec![id("folder"), id("portal")],
        proposal: None,
        asker: None,
        after: |_| {},
        staged: vec!["portal", "folder"],
        lit: vec![id("folder")],
        now: at(NOW),
    }
}

pub(crate) fn sign(evidence: &mut Evidence, person: &str, step: usize, decision: Decision) {
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

/// The last sign-off again, of this kind.
pub(crate) fn sign_last_as(evidence: &mut Evidence, kind: SignOffKind) {
    let last = evidence.sign_offs.pop().unwrap().into_value();
    let signer = key(last.person.as_str());
    evidence.sign_offs.push(Signed::new(SignOff { kind, ..last }, &signer).unwrap());
}

pub(crate) fn register(evidence: &Evidence, person: &str, slots: &[Slot]) -> Signed<Registration> {
    let value = |slot: Slot| {
        let text = if slot.is_date() { "2026年12月1日" } else { "示教〔2026〕1号" };
        SlotValue::try_from(text.to_owned()).unwrap()
    };
    let statement = Registration {
        schema: RegistrationSchema,
        deployment: id("d"),
        bundle: id("b"),
        manifest: evidence.manifest.digest().clone(),
        slots: slots.iter().map(|slot| (*slot, value(*slot))).collect(),
        official_copy: None,
        person: id(person),
        key: key(person).public().id(),
        algorithm: Algorithm::Ed25519,
        at: at(NOW),
    };
    Signed::new(statement, &key(person)).unwrap()
}

pub(crate) fn order(evidence: &Evidence, window: Window, bundle: &str) -> Document<Order> {
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

pub(crate) fn revoke(case: &mut Case, person: &str) {
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

pub(crate) fn replace_order(evidence: &mut Evidence, bundle: &str) {
    let window = window("2026-12-01T00:00:00Z", "2028-01-01T00:00:00Z");
    evidence.order = Some(order(evidence, window, bundle));
}

impl Case {
    /// Charts of one data member.
    pub(crate) fn add_charts(&mut self, count: usize) {
        self.add_members(Role::Data, &["data/a.csv"]);
        let chart = |index: usize| ChartSpec {
            id: id(&format!("c{index}")),
            kind: ChartKind::Bar,
            headline: "甲最高".to_owned(),
            subtitle: String::new(),
            unit: String::new(),
            source: String::new(),
            data: "data/a.csv".to_owned(),
            category: "类别".to_owned(),
            values: vec!["数".to_owned()],
        };
        self.manifest.charts = (0..count).map(chart).collect();
    }

    /// Held, and in the manifest.
    pub(crate) fn add_members(&mut self, role: Role, paths: &[&str]) {
        for member in paths.iter().map(|path| member(path, role)) {
            self.held.insert(member.path.clone(), member.digest.clone());
            self.manifest.members.push(member);
        }
        self.manifest.members.sort_by(|a, b| a.path.cmp(&b.path));
    }

    pub(crate) fn evidence(&self) -> Evidence {
        let (profile, chain) = profile::find(self.profile).unwrap();
        let manifest = Document::new(self.manifest.clone()).unwrap();
        let mut evidence = Evidence {
            manifest,
            chain,
            profile,
            sign_offs: vec![],
            order: None,
            registration: None,
        };
        evidence.order = Some(order(&evidence, self.window.clone(), "b"));
        for (step, person) in self.signers.into_iter().enumerate() {
            sign(&mut evidence, person, step, Decision::Signed);
        }
        evidence.registration = Some(register(&evidence, "registrar", &[Slot::Number]));
        (self.after)(&mut evidence);
        evidence
    }

    /// What the gate says at each stage, as codes.
    pub(crate) fn ask(&self) -> [Vec<String>; 4] {
        self.decide().map(codes)
    }

    /// At which stages it passes.
    pub(crate) fn passes(&self) -> [bool; 4] {
        self.decide().map(|verdict| verdict.is_ok())
    }

    fn decide(&self) -> [Verdict; 4] {
        let evidence = self.evidence();
        let edition =
            Edition::digest(evidence.manifest.digest(), evidence.registration.as_ref()).unwrap();
        let placed = Placed { generation: Generation { epoch: 1, n: 1 }, edition };
        let staged: BTreeMap<ChannelName, Placed> =
            self.staged.iter().map(|name| (id(name), placed.clone())).collect();
        let facts = Facts::of(&self.deployment, &evidence, &self.held, &self.directory);
        let asker = self.asker.as_ref();
        let staging = Staging { placed: &placed, staged: &staged, asker, first_permitted_at: None };
        let facts = Facts {
            staging: Some(staging),
            lit: &self.lit,
            channels: Some(&self.channels),
            proposal: self.proposal.as_ref(),
            ..facts
        };
        for (_, rule, listed) in RULES {
            for finding in rule(&facts, self.now) {
                let is_listed = listed
                    .iter()
                    .any(|code| code.id == finding.code && code.severity == finding.severity);
                // A window that is over is only said of a proposal.
                let is_weakened = finding.code == "TS305" && finding.severity == Severity::Warning;
                assert!(is_listed || is_weakened, "a rule does not list what it says: {finding}");
            }
        }
        [
            verdict(decide::<Intake>(&facts, self.now)),
            verdict(decide::<Approval>(&facts, self.now)),
            verdict(decide::<Scheduling>(&facts, self.now)),
            verdict(decide::<Release>(&facts, self.now)),
        ]
    }
}

/// What is said: with a yes, or with a no.
pub(crate) type Verdict = Result<Vec<Finding>, Vec<Finding>>;

pub(crate) fn verdict<S>(verdict: Result<Admitted<S>, Blocked>) -> Verdict {
    verdict.map(|admitted| admitted.warnings).map_err(|blocked| blocked.findings)
}

pub(crate) fn codes(verdict: Verdict) -> Vec<String> {
    let findings = verdict.unwrap_or_else(|findings| findings);
    let mut codes: Vec<String> = findings.into_iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}
