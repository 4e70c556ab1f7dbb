//! One golden message per type and version, and one golden document per variant of the identities.
//! They are read for ever: a change that cannot read them, or would write them otherwise, is a new
//! version beside the old. `LOCKSTEP_BLESS=1` writes samples that do not exist yet.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use lockstep_proto::{
    digest::Digest,
    document::Document,
    edition::{
        Edition, EditionSchema, OfficialCopy, Registration, RegistrationSchema, Slot, SlotValue,
    },
    envelope::Envelope,
    facts::{self, Fact},
    finding::{Finding, Severity},
    http::Actor,
    manifest::{
        Agencies, Attribute, Brief, BundleKind, ChartKind, ChartSpec, Companion, Disclosure,
        Element, Manifest, ManifestSchema, Member, Metadata, Pairing, Plan, Role, Stated,
    },
    order::{Channels, Order, OrderSchema, Proposal, Window},
    people::{KeyRecord, KeyRevocation, KeySchema, PersonRecord, PersonSchema, RevocationSchema},
    release::{
        Evidence, Generation, Hide, HideSchema, Hold, HoldSchema, Permission, Permit, Receipt,
        Resumption, ResumptionSchema, Withdrawal, WithdrawalSchema,
    },
    sign_off::{
        BriefRule, Chain, ChainSchema, Decision, Profile, ProfileSchema, SignOff, SignOffKind,
        SignOffSchema, Step,
    },
    signed::{Algorithm, PrivateKey, Signed, Statement},
    time::Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};

fn key() -> PrivateKey {
    PrivateKey::from_seed([7; 32])
}

fn sign<T: Statement>(statement: T) -> Signed<T> {
    Signed::new(statement, &key()).unwrap()
}

fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("{text}"))
}

fn at(minute: u32) -> Timestamp {
    format!("2026-12-01T08:{minute:02}:00Z").parse().unwrap()
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn generation() -> Generation {
    Generation { epoch: 1, n: 2 }
}

fn member(path: &str, role: Role, media_type: &str) -> Member {
    let media_type = media_type.to_owned();
    Member { path: path.to_owned(), role, media_type, size: 12, digest: digest(path) }
}

fn manifest(kind: BundleKind, companion: Companion) -> Manifest {
    Manifest {
        schema: ManifestSchema,
        bundle: id("0197-bundle"),
        revision: 2,
        submission: id("0197-submission"),
        kind,
        revises: Some(digest("revision 1")),
        after_dark: None,
        drafters: vec![id("lin-xiaowen"), id("wang-wu")],
        agencies: Agencies {
            drafting: vec!["示例局办公室".to_owned()],
            issuing: vec!["示例局".to_owned(), "示例委".to_owned()],
            lead: Some("示例局".to_owned()),
            joint: vec!["示例委".to_owned()],
            publishing: "示例局".to_owned(),
        },
        companion,
        metadata: Metadata {
            title: "关于示例的通知".to_owned(),
            number: None,
            written_on: Some("2026年12月1日".to_owned()),
            printed_on: None,
            index_number: Some("SL-2026-001".to_owned()),
            slots: vec![Slot::Number, Slot::PrintedOn],
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
        pairing: Pairing { policy: digest("policy.md"), explains: Some(digest("policy.md")) },
        stated: Stated::default(),
        charts: vec![ChartSpec {
            id: id("spending"),
            kind: ChartKind::Bar,
            headline: "甲最高".to_owned(),
            subtitle: "支出".to_owned(),
            unit: "元".to_owned(),
            source: "示例".to_owned(),
            data: "data/a.csv".to_owned(),
            category: "类别".to_owned(),
            values: vec!["支出".to_owned()],
        }],
        members: vec![
            member("attachments/a.pdf", Role::Attachment, "application/pdf"),
            member("data/a.csv", Role::Data, "text/csv; charset=utf-8"),
            member("interpretation.md", Role::Interpretation, "text/markdown; charset=utf-8"),
            member("policy.md", Role::Policy, "text/markdown; charset=utf-8"),
            member("rendered/charts/spending.svg", Role::Chart, "image/svg+xml"),
            member("rendered/interpretation.html", Role::InterpretationFragment, "text/html"),
            member("rendered/policy.html", Role::PolicyFragment, "text/html"),
        ],
    }
}

/// Since charts have pictures.
fn pictured() -> Manifest {
    let mut manifest = manifest(BundleKind::Issue, Companion::Own);
    manifest.members.push(member("rendered/charts/spending.png", Role::ChartPicture, "image/png"));
    manifest.members.sort_by(|a, b| a.path.cmp(&b.path));
    manifest
}

/// Since interpretations have one too.
fn long_pictured() -> Manifest {
    let mut manifest = pictured();
    manifest.members.push(member("rendered/long.png", Role::LongPicture, "image/png"));
    manifest.members.sort_by(|a, b| a.path.cmp(&b.path));
    manifest
}

/// Since they are printed.
fn printed() -> Manifest {
    let mut manifest = long_pictured();
    manifest.members.push(member("rendered/brochure.pdf", Role::Brochure, "application/pdf"));
    manifest.members.sort_by(|a, b| a.path.cmp(&b.path));
    manifest
}

fn own() -> Document<Manifest> {
    Document::new(manifest(BundleKind::Issue, Companion::Own)).unwrap()
}

fn steps() -> Vec<Step> {
    vec![
        Step { name: id("review"), role: id("reviewer") },
        Step { name: id("issue"), role: id("issuer") },
    ]
}

fn chain() -> Document<Chain> {
    Document::new(Chain { schema: ChainSchema, steps: steps() }).unwrap()
}

fn profile() -> Document<Profile> {
    Document::new(Profile {
        schema: ProfileSchema,
        name: "shanghai".to_owned(),
        calendar: None,
        registrar: id("registrar"),
        elements: vec![],
        excerpt_per_mille: None,
        steps: steps(),
        severity: BTreeMap::new(),
        brief: None,
    })
    .unwrap()
}

/// One that settles all that a profile may.
fn full_profile() -> Profile {
    Profile {
        name: "state-council-2016-80".to_owned(),
        calendar: Some("holiday-cn".to_owned()),
        elements: vec![Element::Background, Element::Changes],
        excerpt_per_mille: Some(600),
        severity: [("TS115".to_owned(), Severity::Block)].into(),
        brief: Some(BriefRule { working_days: 3 }),
        ..profile().into_value()
    }
}

fn proposal() -> Proposal {
    Proposal {
        window: Window::Instants { not_before: at(30), not_after: at(59) },
        channels: Channels { required: vec![id("folder"), id("portal")], optional: vec![] },
    }
}

fn order(window: Window) -> Document<Order> {
    Document::new(Order {
        schema: OrderSchema,
        deployment: id("0197-deployment"),
        bundle: id("0197-bundle"),
        manifest: own().digest().clone(),
        window,
        channels: Channels { required: vec![id("portal")], optional: vec![id("folder")] },
    })
    .unwrap()
}

fn sign_off(decision: Decision, kind: SignOffKind) -> SignOff {
    SignOff {
        schema: SignOffSchema,
        decision,
        kind,
        deployment: id("0197-deployment"),
        bundle: id("0197-bundle"),
        manifest: own().digest().clone(),
        number: 2,
        previous: Some(digest("sign-off 1")),
        step: id("issue"),
        chain: chain().digest().clone(),
        profile: profile().digest().clone(),
        person: id("gu-mingde"),
        role: id("issuer"),
        agency: "示例局".to_owned(),
        order: Some(order(proposal().window).digest().clone()),
        key: key().public().id(),
        algorithm: Algorithm::Ed25519,
        at: at(10),
    }
}

fn registration() -> Registration {
    let value = |text: &str| SlotValue::try_from(text.to_owned()).unwrap();
    Registration {
        schema: RegistrationSchema,
        deployment: id("0197-deployment"),
        bundle: id("0197-bundle"),
        manifest: own().digest().clone(),
        slots: [
            (Slot::Number, value("示教〔2026〕1号")),
            (Slot::PrintedOn, value("2026年12月1日")),
        ]
        .into(),
        official_copy: None,
        person: id("tang-yi"),
        key: key().public().id(),
        algorithm: Algorithm::Ed25519,
        at: at(20),
    }
}

fn edition() -> Digest {
    Edition::digest(own().digest(), Some(&sign(registration()))).unwrap()
}

fn evidence() -> Evidence {
    Evidence {
        manifest: own(),
        chain: chain(),
        profile: profile(),
        sign_offs: vec![sign(sign_off(Decision::Signed, SignOffKind::Signed))],
        order: Some(order(proposal().window)),
        registration: Some(sign(registration())),
    }
}

fn finding() -> Finding {
    Finding {
        code: "TS104".to_owned(),
        severity: Severity::Block,
        member: Some("interpretation.md".to_owned()),
        line: Some(3),
        column: None,
        message: "中文".to_owned(),
        message_en: "English".to_owned(),
        help: "怎么办".to_owned(),
        help_en: "what to do".to_owned(),
    }
}

fn hold() -> Signed<Hold> {
    sign(Hold {
        schema: HoldSchema,
        deployment: id("0197-deployment"),
        bundle: id("0197-bundle"),
        manifest: own().digest().clone(),
        edition: edition(),
        generation: generation(),
        channels: [(id("portal"), id("0197-life"))].into(),
    })
}

fn permit() -> Signed<Permit> {
    sign(Permit::new(Permission {
        deployment: id("0197-deployment"),
        bundle: id("0197-bundle"),
        manifest: own().digest().clone(),
        edition: edition(),
        order: order(proposal().window).digest().clone(),
        generation: generation(),
        channels: [(id("portal"), id("0197-life"))].into(),
        first_permitted_at: at(31),
        issued_at: at(31),
    }))
}

fn hide() -> Signed<Hide> {
    sign(Hide {
        schema: HideSchema,
        deployment: id("0197-deployment"),
        bundle: id("0197-bundle"),
        manifest: own().digest().clone(),
        generation: generation(),
        channels: [(id("portal"), id("0197-life"))].into(),
        reason: "有误".to_owned(),
        at: at(40),
    })
}

fn resumption() -> Resumption {
    Resumption { schema: ResumptionSchema, deployment: id("0197-deployment"), epoch: 2, at: at(50) }
}

fn withdrawal() -> Withdrawal {
    Withdrawal {
        schema: WithdrawalSchema,
        deployment: id("0197-deployment"),
        bundle: id("0197-bundle"),
        manifest: own().digest().clone(),
        generation: generation(),
        reason: "有误".to_owned(),
        person: id("gu-mingde"),
        key: key().public().id(),
        algorithm: Algorithm::Ed25519,
        at: at(40),
    }
}

fn receipt(is_shown: bool) -> facts::channel::Receipted {
    let receipt = Receipt {
        channel: id("portal"),
        incarnation: id("0197-life"),
        bundle: id("0197-bundle"),
        generation: generation(),
        edition: is_shown.then(edition),
        since: at(32),
    };
    facts::channel::Receipted { receipt }
}

fn ended() -> facts::release::Ended {
    facts::release::Ended {
        bundle: id("0197-bundle"),
        manifest: own().digest().clone(),
        generation: generation(),
        reason: "原因".to_owned(),
    }
}

fn person() -> PersonRecord {
    PersonRecord {
        schema: PersonSchema,
        deployment: id("0197-deployment"),
        person: id("gu-mingde"),
        name: "顾明德".to_owned(),
        agency: "示例局".to_owned(),
        roles: vec![id("issuer")],
        token: digest("token"),
        at: at(0),
    }
}

fn key_record() -> KeyRecord {
    KeyRecord {
        schema: KeySchema,
        deployment: id("0197-deployment"),
        person: id("gu-mingde"),
        public: key().public(),
        at: at(0),
    }
}

fn revocation() -> KeyRevocation {
    KeyRevocation {
        schema: RevocationSchema,
        deployment: id("0197-deployment"),
        person: id("gu-mingde"),
        key: key().public().id(),
        reason: "遗失".to_owned(),
        at: at(50),
    }
}

fn actor() -> Actor {
    Actor {
        deployment: id("0197-deployment"),
        person: id("gu-mingde"),
        method: "POST".to_owned(),
        path: "/bundles/0197-bundle/withdrawal".to_owned(),
        body: digest("body"),
        command: id("0197-command"),
        trace: id("0197-trace"),
        at: at(40),
    }
}

fn all_facts() -> Vec<Fact> {
    let draft = manifest(BundleKind::Issue, Companion::Own);
    let bundle = || id("0197-bundle");
    let signed = |decision| facts::approval::Signed {
        bundle: bundle(),
        sign_off: sign(sign_off(decision, SignOffKind::Signed)),
    };
    let granted = || facts::approval::Granted { evidence: evidence() };
    vec![
        Fact::PersonRecorded(sign(person())),
        Fact::KeyRecorded(sign(key_record())),
        Fact::KeyRevoked(sign(revocation())),
        Fact::BundleSubmitted(facts::drafting::Submitted { draft, by: id("lin-xiaowen") }),
        Fact::BundleSealed(facts::drafting::Sealed { manifest: own(), proposal: proposal() }),
        Fact::BundleStopRequested(facts::drafting::StopRequested {
            bundle: bundle(),
            manifest: own().digest().clone(),
            by: id("lin-xiaowen"),
            reason: "笔误".to_owned(),
        }),
        Fact::BundleDropped(facts::drafting::Dropped {
            bundle: bundle(),
            submission: id("0197-submission"),
            findings: vec![finding()],
        }),
        Fact::ExplainerRendered(facts::explainer::Rendered {
            bundle: bundle(),
            submission: id("0197-submission"),
            members: vec![member("rendered/policy.html", Role::PolicyFragment, "text/html")],
            findings: vec![],
        }),
        Fact::ExplainerRefused(facts::explainer::Refused {
            bundle: bundle(),
            submission: id("0197-submission"),
            findings: vec![finding()],
        }),
        Fact::CaseOpened(facts::approval::Opened {
            bundle: bundle(),
            manifest: own().digest().clone(),
            chain: chain(),
            profile: profile(),
        }),
        Fact::CaseSigned(signed(Decision::Signed)),
        Fact::CaseReturned(signed(Decision::Returned { reason: "不清".to_owned() })),
        Fact::CaseGranted(granted()),
        Fact::CaseReordered(granted()),
        Fact::CaseRegistered(facts::approval::Registered { registration: sign(registration()) }),
        Fact::ReleaseStaging(facts::release::Staging { hold: hold(), evidence: evidence() }),
        Fact::ReleasePermitted(facts::release::Permitted { permit: permit() }),
        Fact::ReleaseWithdrawing(facts::release::Withdrawing { hide: hide() }),
        Fact::ReleaseStopped(ended()),
        Fact::ReleaseDark(ended()),
        Fact::ReleaseCompleted(facts::release::Completed {
            bundle: bundle(),
            manifest: own().digest().clone(),
            edition: edition(),
            generation: generation(),
            receipts: vec![receipt(true).receipt],
            skew_ms: 12,
        }),
        Fact::ReleaseBlocked(facts::release::Blocked {
            bundle: bundle(),
            manifest: own().digest().clone(),
            generation: generation(),
            findings: vec![finding()],
        }),
        Fact::ReleaseFailed(ended()),
        Fact::ChannelJoined(facts::channel::Joined {
            channel: id("portal"),
            incarnation: id("0197-life"),
        }),
        Fact::ChannelStaged(facts::channel::Staged {
            channel: id("portal"),
            incarnation: id("0197-life"),
            bundle: bundle(),
            generation: generation(),
            edition: edition(),
        }),
        Fact::ChannelShown(receipt(true)),
        Fact::ChannelHidden(receipt(false)),
        Fact::ChannelRefused(facts::channel::Refused {
            channel: id("portal"),
            incarnation: id("0197-life"),
            bundle: bundle(),
            generation: generation(),
            findings: vec![finding()],
        }),
        Fact::HandlingStuck(facts::handling::Stuck {
            service: id("portal"),
            handler: "portal".to_owned(),
            bundle: Some(bundle()),
            what: "release.staging.v1".to_owned(),
            why: "原因".to_owned(),
        }),
    ]
}

/// The service that writes it.
fn source(fact: &Fact) -> &'static str {
    match fact {
        Fact::PersonRecorded(_) | Fact::KeyRecorded(_) | Fact::KeyRevoked(_) => "console",
        Fact::BundleSubmitted(_)
        | Fact::BundleSealed(_)
        | Fact::BundleStopRequested(_)
        | Fact::BundleDropped(_) => "drafting",
        Fact::ExplainerRendered(_) | Fact::ExplainerRefused(_) => "explainer",
        Fact::CaseOpened(_)
        | Fact::CaseSigned(_)
        | Fact::CaseReturned(_)
        | Fact::CaseGranted(_)
        | Fact::CaseReordered(_)
        | Fact::CaseRegistered(_) => "approval",
        Fact::ReleaseStaging(_)
        | Fact::ReleasePermitted(_)
        | Fact::ReleaseWithdrawing(_)
        | Fact::ReleaseStopped(_)
        | Fact::ReleaseDark(_)
        | Fact::ReleaseCompleted(_)
        | Fact::ReleaseBlocked(_)
        | Fact::ReleaseFailed(_) => "release",
        // The folder says the same of itself; a stuck handler is said by whoever it belongs to.
        Fact::ChannelJoined(_)
        | Fact::ChannelStaged(_)
        | Fact::ChannelShown(_)
        | Fact::ChannelHidden(_)
        | Fact::ChannelRefused(_)
        | Fact::HandlingStuck(_) => "portal",
    }
}

/// What its order is kept for.
fn order_key(fact: &Fact) -> String {
    match fact.bundle() {
        Some(bundle) => bundle.to_string(),
        None if matches!(fact, Fact::ChannelJoined(_)) => "portal".to_owned(),
        None => "gu-mingde".to_owned(),
    }
}

/// Whether it is about one generation: what release says, and what channels answer.
fn is_of_a_generation(fact: &Fact) -> bool {
    match source(fact) {
        "release" => true,
        "portal" => !matches!(fact, Fact::ChannelJoined(_) | Fact::HandlingStuck(_)),
        _ => false,
    }
}

/// Compares with the sample, or writes it where there is none and a person asked for it.
fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
    if !path.exists() && std::env::var_os("LOCKSTEP_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("{text}\n")).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name} has no sample"));
    assert_eq!(golden.trim_end(), text, "{name} would be written otherwise today");
}

fn compare_fact(name: &str, pos: usize, fact: Fact) {
    let envelope = Envelope {
        id: id("0197-event"),
        source: id(source(&fact)),
        pos: u64::try_from(pos).unwrap(),
        key: order_key(&fact),
        generation: is_of_a_generation(&fact).then(generation),
        salt: "00112233445566778899aabbccddeeff".to_owned(),
        trace: id("0197-trace"),
        at: at(1),
        fact,
    };
    let text = serde_json::to_string_pretty(&envelope).unwrap();
    compare(&format!("facts/{name}.json"), &text);
    let back: Envelope = serde_json::from_str(&text).unwrap();
    assert_eq!(back, envelope);
}

/// Since what was left out when rendering is told.
#[test]
fn a_rendering_that_lacks_pictures_is_written_and_read_as_its_golden_sample() {
    let left_out = Finding { severity: Severity::Warning, code: "TS017".to_owned(), ..finding() };
    let rendered = facts::explainer::Rendered {
        bundle: id("0197-bundle"),
        submission: id("0197-submission"),
        members: vec![member("rendered/policy.html", Role::PolicyFragment, "text/html")],
        findings: vec![left_out],
    };
    compare_fact("explainer.rendered.v1.left_out", 8, Fact::ExplainerRendered(rendered));
}

#[test]
fn every_fact_is_written_and_read_as_its_golden_sample() {
    let mut types = BTreeSet::new();
    for (index, fact) in all_facts().into_iter().enumerate() {
        let name = fact.type_name();
        types.insert(name);
        compare_fact(name, index + 1, fact);
    }
    assert_eq!(types.into_iter().collect::<BTreeSet<_>>(), Fact::TYPES.iter().copied().collect());
}

fn document<T: Serialize + DeserializeOwned>(name: &str, value: T) {
    let document = Document::new(value).unwrap();
    compare(&format!("documents/{name}.json"), document.text());
    let back = Document::<T>::read(document.text().to_owned()).unwrap();
    assert_eq!(back.digest(), document.digest());
}

#[test]
fn every_identity_keeps_its_canonical_bytes() {
    let archived = digest("archived");
    let upstream = Companion::Upstream { source: "https://example.org/".to_owned(), archived };
    let text = |t: &str| t.to_owned();
    let exempt =
        Companion::Exempt {
            ground: text("依据"), reason: text("理由"), decider: text("办公室")
        };
    document("manifest.issue.own", manifest(BundleKind::Issue, Companion::Own));
    let brief = Brief {
        authority: "局务会议纪要第1号".to_owned(),
        reason: "防汛".to_owned(),
        decider: "主要负责人".to_owned(),
        full_by: "2026-12-04".to_owned(),
    };
    let briefly = Manifest { brief: Some(brief), ..own().into_value() };
    document("manifest.issue.brief", briefly);
    document("manifest.issue.pictured", pictured());
    document("manifest.issue.long_pictured", long_pictured());
    document("manifest.issue.printed", printed());
    document("manifest.issue.upstream", manifest(BundleKind::Issue, upstream));
    document("manifest.issue.exempt", manifest(BundleKind::Issue, exempt));
    let supplement = BundleKind::Supplement { edition: digest("edition") };
    let again = manifest(BundleKind::Issue, Companion::Own);
    let after_dark = Some(Generation { epoch: 1, n: 1 });
    document("manifest.issue.after_dark", Manifest { after_dark, ..again });
    document("manifest.supplement", manifest(supplement, Companion::Own));
    let draft = BundleKind::DraftForComment { comments_until: at(59) };
    document("manifest.draft_for_comment", manifest(draft, Companion::Own));
    document("order.instants", order(proposal().window).into_value());
    document("order.working_days", order(Window::WorkingDays { days: 3 }).into_value());
    document("chain", chain().into_value());
    document("profile", profile().into_value());
    document("profile.full", full_profile());
    document("sign_off.signed", sign_off(Decision::Signed, SignOffKind::Signed));
    let delegated =
        SignOffKind::Delegated { principal: id("gu-mingde"), delegation: digest("delegation") };
    document("sign_off.delegated", sign_off(Decision::Signed, delegated));
    let attested = SignOffKind::Attested {
        signer: id("gu-mingde"),
        sheet: text("2026-17"),
        scan: digest("scan"),
        signed_at: at(5),
    };
    let registrar = SignOff { person: id("tang-yi"), ..sign_off(Decision::Signed, attested) };
    document("sign_off.attested", registrar);
    let returned = Decision::Returned { reason: text("不清") };
    document("sign_off.returned", sign_off(returned, SignOffKind::Signed));
    document("registration", registration());
    let copy = OfficialCopy {
        media_type: "application/ofd".to_owned(),
        size: 12,
        digest: digest("policy.ofd"),
    };
    let sealed = Registration { official_copy: Some(copy), ..registration() };
    document("registration.official_copy", sealed);
    let registration = Some(digest("registration"));
    let manifest = digest("manifest");
    document("edition", Edition { schema: EditionSchema, manifest, registration });
    document("permit", permit().into_value());
    document("hold", hold().into_value());
    document("hide", hide().into_value());
    document("withdrawal", withdrawal());
    document("resumption", resumption());
    document("person", person());
    document("key", key_record());
    document("key_revocation", revocation());
    document("actor", actor());
}

/// Reads a document's sample and writes it back.
fn again<T: Serialize + DeserializeOwned>(text: &str) -> String {
    Document::<T>::read(text.to_owned()).unwrap().text().to_owned()
}

/// Also what no test above would write today: the samples of versions that are no longer made.
#[test]
fn every_sample_there_is_is_read_and_written_back_the_same() {
    let mut paths = vec![];
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    for path in &paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let golden = fs::read_to_string(path).unwrap();
        let text = golden.trim_end();
        let kind = name.split('.').next().unwrap();
        let written = match (folder, kind) {
            ("facts", _) => {
                let envelope: Envelope = serde_json::from_str(text).unwrap();
                let type_name = envelope.fact.type_name();
                assert!(name.starts_with(type_name), "{name} is a sample of {type_name}");
                serde_json::to_string_pretty(&envelope).unwrap()
            }
            ("documents", "actor") => again::<Actor>(text),
            ("documents", "chain") => again::<Chain>(text),
            ("documents", "edition") => again::<Edition>(text),
            ("documents", "hide") => again::<Hide>(text),
            ("documents", "hold") => again::<Hold>(text),
            ("documents", "key") => again::<KeyRecord>(text),
            ("documents", "key_revocation") => again::<KeyRevocation>(text),
            ("documents", "manifest") => again::<Manifest>(text),
            ("documents", "order") => again::<Order>(text),
            ("documents", "permit") => again::<Permit>(text),
            ("documents", "person") => again::<PersonRecord>(text),
            ("documents", "profile") => again::<Profile>(text),
            ("documents", "registration") => again::<Registration>(text),
            ("documents", "resumption") => again::<Resumption>(text),
            ("documents", "sign_off") => again::<SignOff>(text),
            ("documents", "withdrawal") => again::<Withdrawal>(text),
            _ => panic!("nobody reads {}", path.display()),
        };
        assert_eq!(written, text, "{} would be written otherwise today", path.display());
    }
    assert!(paths.len() >= 54, "only {} samples were found", paths.len());
}
