//! The whole path, with the rule in force.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks at a few of many")]

use std::io::{self, Write as _};

use lockstep::{client::Failure, statements};
use lockstep_kit::dispatch::Transport;
use lockstep_proto::{
    digest::Digest,
    facts::Fact,
    finding::{Finding, Severity},
    http::Case,
    ids::BundleId,
    order::{Proposal, Window},
    time::Timestamp,
};
use lockstep_tests::{
    bundles::{self, Sample, interpretation_mark, policy_mark},
    history,
    site::Site,
    watch::Watch,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn sample(name: &str, version: u32, has_slots: bool) -> Sample<'_> {
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    Sample { name, version, has_slots, window }
}

async fn submit(site: &Site, sample: &Sample<'_>, revises: Option<&BundleId>) -> BundleId {
    let folder = site.scratch(&format!("{}-{}", sample.name, sample.version));
    bundles::write(&folder, sample).unwrap();
    site.submit(&folder, revises).await.unwrap().bundle
}

async fn get(url: &str) -> (u16, String) {
    let response = reqwest::get(url).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Release, correction, withdrawal; watched all the while.
async fn walk(mut site: Site) {
    let baseline = get(&site.public()).await;

    let bundle = submit(&site, &sample("甲", 1, true), None).await;
    let watch = Watch::begin(&site, "甲", &bundle);
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "registering", 1).await.unwrap();
    site.register(&bundle, "示教〔2026〕7号").await.unwrap();
    let staged = site.wait_phase(&bundle, "staged", 1).await.unwrap();
    watch.learn(staged.edition.as_ref().unwrap());
    assert_eq!(get(&site.public()).await, baseline, "the list knows of an unreleased bundle");

    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let release = site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let edition = release.edition.unwrap();
    let base = format!("{}/p/{bundle}/{}", site.public(), edition.hex());
    let (status, page) = get(&format!("{}/p/{bundle}", site.public())).await;
    assert_eq!(status, 200);
    for part in [policy_mark("甲", 1), interpretation_mark("甲", 1), "示教〔2026〕7号".to_owned()]
    {
        assert!(page.contains(&part), "{part} is not on the pair page");
    }
    assert!(!page.contains("{{"), "a slot is open on the pair page");
    let (_, view) = get(&format!("{base}/policy")).await;
    assert!(view.contains(&format!("/p/{bundle}/{}/interpretation", edition.hex())));
    assert!(get(&format!("{base}/raw/policy.md")).await.1.contains("示教〔2026〕7号"));
    assert_eq!(get(&format!("{base}/raw/nothing")).await.0, 404);
    // What carries the policy alone is bound: its link leads to exactly this interpretation.
    let raw = reqwest::get(format!("{base}/raw/policy.md")).await.unwrap();
    let link = raw.headers().get("link").unwrap().to_str().unwrap().to_owned();
    let other = link.split(['<', '>']).nth(1).unwrap();
    let (status, bound) = get(&format!("{}{other}", site.public())).await;
    assert!(status == 200 && bound.contains(&interpretation_mark("甲", 1)), "{link}");

    let second = submit(&site, &sample("甲", 2, false), Some(&bundle)).await;
    assert_eq!(second, bundle);
    watch.open(2);
    site.sign_all(&bundle, 2).await.unwrap();
    site.wait_phase(&bundle, "completed", 2).await.unwrap();
    let (_, page) = get(&format!("{}/p/{bundle}", site.public())).await;
    assert!(page.contains(&policy_mark("甲", 2)) && page.contains(&interpretation_mark("甲", 2)));
    let (status, old) = get(&base).await;
    assert!(status == 200 && old.contains(&policy_mark("甲", 1)), "a pinned edition changed");
    let in_folder = site.served().join("b").join(bundle.as_str());
    let file = in_folder.join("editions").join(edition.hex()).join("index.html");
    let file = std::fs::read_to_string(file).unwrap();
    assert!(file.contains(&policy_mark("甲", 1)) && file.contains(edition.short()));
    assert!(file.contains(&format!("/b/{bundle}/current/")), "an old file leads nowhere");

    site.withdraw(&bundle).await.unwrap();
    site.wait_phase(&bundle, "dark", 3).await.unwrap();
    for address in [format!("{}/p/{bundle}", site.public()), base.clone(), format!("{base}/policy")]
    {
        let (status, page) = get(&address).await;
        assert_eq!(status, 410, "{address}");
        assert!(!page.contains("标记甲"), "{address} still holds a text");
    }
    assert_eq!(get(&site.public()).await, baseline);
    assert!(get(&base).await.1.contains("示教〔2026〕7号"), "the notice names no number");
    let notice = std::fs::read_to_string(in_folder.join("current/index.html")).unwrap();
    for part in ["文件有误", "关于甲的通知", "示例局"] {
        assert!(notice.contains(part), "{part} is not in {notice}");
    }

    let seen = watch.end().await;
    assert!(seen.len() > 50, "the watcher saw only {} responses", seen.len());
    assert_eq!(history::violations(&seen), Vec::<String>::new());
    let completed = |fact: &Fact| matches!(fact, Fact::ReleaseCompleted(_));
    assert_eq!(site.count_facts(&bundle, completed).await.unwrap(), 2);
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_goes_from_drafter_to_public_is_corrected_and_withdrawn() {
    walk(Site::in_process(Transport::Local).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_passes_shuffled() {
    for seed in 1..=8 {
        walk(Site::in_process(Transport::Shuffled { seed }).await.unwrap()).await;
    }
}

/// The same services over PostgreSQL and three NATS servers, two processes of each.
#[tokio::test(flavor = "multi_thread")]
async fn the_story_passes_with_services_apart() {
    walk(Site::apart().await.unwrap()).await;
}

fn refusal(result: Result<lockstep_proto::http::Submitted, anyhow::Error>) -> Vec<String> {
    codes(result.unwrap_err())
}

/// What blocks; the texts of these bundles say too little to be free of warnings.
fn codes(error: anyhow::Error) -> Vec<String> {
    let blocks = |finding: &Finding| finding.severity == Severity::Block;
    match error.downcast::<Failure>().unwrap() {
        Failure::Refused(problem) if problem.findings.is_empty() => vec![problem.code],
        Failure::Refused(problem) => {
            problem.findings.into_iter().filter(blocks).map(|finding| finding.code).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rule_refuses_at_intake_and_stores_nothing() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let good = sample("乙", 1, false);
    let folder = |name: &str| {
        let path = site.scratch(name);
        bundles::write(&path, &good).unwrap();
        path
    };
    let alone = folder("alone");
    std::fs::remove_file(alone.join("interpretation.md")).unwrap();
    assert_eq!(refusal(site.submit(&alone, None).await), ["TS101"]);
    let stale = folder("stale");
    std::fs::write(stale.join("policy.md"), "# 改\n示教〔2026〕1号\n").unwrap();
    assert_eq!(refusal(site.submit(&stale, None).await), ["TS104"]);
    let planless = folder("planless");
    let toml = std::fs::read_to_string(planless.join("bundle.toml")).unwrap();
    let toml = toml.replace("purpose = \"说明要求\"", "purpose = \"\"");
    std::fs::write(planless.join("bundle.toml"), toml).unwrap();
    assert_eq!(refusal(site.submit(&planless, None).await), ["TS103"]);
    let settings = |name: &str, from: &str, to: &str| {
        let path = folder(name);
        let toml = std::fs::read_to_string(path.join("bundle.toml")).unwrap();
        assert!(toml.contains(from), "{toml}");
        std::fs::write(path.join("bundle.toml"), toml.replace(from, to)).unwrap();
        path
    };
    let nowhere = settings("nowhere", "\"folder\"]", "\"elsewhere\"]");
    assert_eq!(refusal(site.submit(&nowhere, None).await), ["TS308"]);
    let uncharted = settings("uncharted", "id = \"spending\"", "id = \"other\"");
    assert_eq!(refusal(site.submit(&uncharted, None).await), ["TS008"]);
    let secret = folder("secret");
    std::fs::write(secret.join("policy.md"), "秘密★1年\n# 关于乙的通知\n").unwrap();
    assert_eq!(refusal(site.submit(&secret, None).await), ["TS601"]);
    // Nobody but a drafter submits.
    assert_eq!(
        codes(site.submit_as("issuer", &folder("x"), None).await.unwrap_err()),
        ["forbidden"]
    );
    let stored = site.home.blobs().unwrap().list().await.unwrap();
    assert!(stored.is_empty(), "something was stored: {stored:?}");
    site.stop().await.unwrap();
}

/// What a drafter can still mend is said with the answer, with file and line.
#[tokio::test(flavor = "multi_thread")]
async fn warnings_come_with_the_answer_and_a_window_that_is_over_is_not_signed() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let folder = site.scratch("子");
    let over = (at("2026-11-01T00:00:00Z"), at("2026-11-30T00:00:00Z"));
    bundles::write(&folder, &Sample { window: over, ..sample("子", 1, false) }).unwrap();
    let path = folder.join("bundle.toml");
    let toml = std::fs::read_to_string(&path).unwrap();
    let toml = toml.replace("number = \"示教〔2026〕1号\"\n", "");
    std::fs::write(&path, toml.replace("[\"drafter\"]", "[\"draftre\"]")).unwrap();
    let submitted = site.submit(&folder, None).await.unwrap();
    // How the texts stand to one another is another test's matter.
    let is_of_texts = |code: &str| matches!(code, "TS117" | "TS118");
    let said = submitted.findings.iter().map(|f| (f.code.as_str(), f.line));
    let said: Vec<_> = said.filter(|(code, _)| !is_of_texts(code)).collect();
    assert_eq!(said, [("TS116", Some(4)), ("TS115", None), ("TS305", Some(36))]);
    let bundle = submitted.bundle;
    let case = site.wait_case(&bundle, 1).await.unwrap();
    site.sign("reviewer", &bundle, None).await.unwrap();
    assert_eq!(codes(site.sign("issuer", &bundle, None).await.unwrap_err()), ["TS305"]);
    let window = Window::Instants {
        not_before: at("2026-12-02T00:00:00Z"),
        not_after: at("2026-12-20T00:00:00Z"),
    };
    let order = Proposal { window, ..case.proposal };
    site.sign("issuer", &bundle, Some(order)).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    site.stop().await.unwrap();
}

/// What was opened under one profile is completed under it; the next bundle is under the other, which
/// alone allows a brief interpretation.
#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_changes_its_profile_and_keeps_what_was_opened_under_the_other() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let before = submit(&site, &sample("壬", 1, false), None).await;
    site.wait_case(&before, 1).await.unwrap();
    let folder = site.scratch("癸");
    bundles::write(&folder, &sample("癸", 1, false)).unwrap();
    let path = folder.join("bundle.toml");
    let toml = std::fs::read_to_string(&path).unwrap();
    let brief = "[brief]\nauthority = \"会议纪要\"\nreason = \"防汛\"\ndecider = \"主要负责人\"\n\
        full_by = \"2026-12-04\"\n\n[order]";
    std::fs::write(&path, toml.replace("[order]", brief)).unwrap();
    assert_eq!(codes(site.submit(&folder, None).await.unwrap_err()), ["TS135"]);

    site.stop().await.unwrap();
    site.home.settings.gate.profile = "state-council-2016-80".to_owned();
    let lexicon = "schema = \"lockstep.lexicon/1\"\nname = \"用语\"\nversion = \"1\"\nsource = \"自编\"\n\
        licence = \"CC0-1.0\"\n[[entry]]\nwrong = \"总体要求\"\nright = \"总的要求\"\nkind = \"expression\"\n\
        note = \"自定\"\n";
    std::fs::write(site.home.join("terms.toml"), lexicon).unwrap();
    site.home.settings.gate.lexicons = vec!["terms.toml".into()];
    site.start_here(Transport::Local).await.unwrap();
    let submitted = site.submit(&folder, None).await.unwrap();
    let said: Vec<_> = submitted.findings.iter().map(|f| f.code.as_str()).collect();
    assert!(said.contains(&"TS136") && said.contains(&"TS506"), "{said:?}");
    for (bundle, profile) in [(&before, "shanghai"), (&submitted.bundle, "state-council-2016-80")] {
        site.sign_all(bundle, 1).await.unwrap();
        assert_eq!(site.case(bundle).await.unwrap().profile.name, profile);
        site.wait_phase(bundle, "staged", 1).await.unwrap();
    }
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    for bundle in [&before, &submitted.bundle] {
        site.wait_phase(bundle, "completed", 1).await.unwrap();
    }
    site.stop().await.unwrap();
}

/// No slot is open, yet nothing begins before the registrar's act; another order need not wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_window_in_working_days_begins_with_registration() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let order = Window::WorkingDays { days: 3 };
    let mut bundles = vec![];
    for name in ["己", "庚", "辛"] {
        let folder = site.scratch(name);
        bundles::write(&folder, &sample(name, 1, false)).unwrap();
        let path = folder.join("bundle.toml");
        let toml = std::fs::read_to_string(&path).unwrap();
        let (before, _) = toml.split_once("not_before").unwrap();
        let toml = format!("{before}working_days = 3\nrequired = [\"portal\", \"folder\"]\n");
        std::fs::write(&path, toml).unwrap();
        let bundle = site.submit(&folder, None).await.unwrap().bundle;
        site.sign_all(&bundle, 1).await.unwrap();
        site.wait_phase(&bundle, "registering", 1).await.unwrap();
        assert_eq!(site.case(&bundle).await.unwrap().order.unwrap().window, order);
        bundles.push(bundle);
    }
    let [registered, reordered, late] = &bundles[..] else { panic!("three bundles") };

    let registration = site.register(registered, "无").await.unwrap().registration.unwrap();
    let release = site.wait_phase(registered, "completed", 1).await.unwrap();
    let begun = registration.statement().at;
    assert!(release.receipts.iter().all(|receipt| receipt.since >= begun), "{release:?}");

    let window = sample("庚", 1, false).window;
    let window = Window::Instants { not_before: window.0, not_after: window.1 };
    let case = site.case(reordered).await.unwrap();
    let another = Proposal { window, channels: case.proposal.channels.clone() };
    let issuer = site.identity("issuer").unwrap();
    let body = statements::reorder(issuer, &case, another, site.clock.now()).unwrap();
    let address = format!("/bundles/{reordered}/sign-offs");
    let client = site.client("issuer").unwrap();
    let _: Case = client.command(reqwest::Method::POST, &address, &body).await.unwrap();
    site.wait_phase(reordered, "staged", 1).await.unwrap();

    // The window of what nobody registers never begins; that of another is counted from that day.
    site.clock.set(at("2026-12-28T00:00:00Z")).unwrap();
    site.register(late, "无").await.unwrap();
    site.wait_phase(late, "completed", 1).await.unwrap();
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn duties_are_separate_and_a_retry_is_answered() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, &sample("丙", 1, false), None).await;
    let case = site.wait_case(&bundle, 1).await.unwrap();
    // The last step cannot be signed first, nor any step by someone without its role.
    assert_eq!(codes(site.sign("issuer", &bundle, None).await.unwrap_err()), ["TS208"]);
    assert_eq!(codes(site.sign("drafter", &bundle, None).await.unwrap_err()), ["TS208", "TS202"]);
    // The same command twice is one sign-off.
    let identity = site.identity("reviewer").unwrap();
    let decision = lockstep_proto::sign_off::Decision::Signed;
    let body = statements::sign_off(identity, &case, decision, None, site.clock.now()).unwrap();
    let id = lockstep_kit::ids::Ids.fresh();
    let client = site.client("reviewer").unwrap();
    let address = format!("/bundles/{bundle}/sign-offs");
    for _ in 0..2 {
        let case: Case =
            client.send_once(reqwest::Method::POST, &address, &body, &id).await.unwrap();
        assert_eq!(case.sign_offs.len(), 1);
    }
    // The same statement under another id is out of order.
    let again: Result<Case, Failure> = client.command(reqwest::Method::POST, &address, &body).await;
    assert!(matches!(again, Err(Failure::Refused(_))));
    // Saving the same content changes nothing.
    let again = site.submit(&site.scratch("丙-1"), Some(&bundle)).await.unwrap();
    assert!(again.unchanged && again.revision == 1);
    // Other content is a new revision and voids sign-offs.
    submit(&site, &sample("丙", 2, false), Some(&bundle)).await;
    let case = site.wait_case(&bundle, 2).await.unwrap();
    assert!(case.sign_offs.is_empty());
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_ends_the_case_and_the_same_content_is_sealed_anew() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, &sample("丁", 1, false), None).await;
    let case = site.wait_case(&bundle, 1).await.unwrap();
    let identity = site.identity("reviewer").unwrap();
    let decision =
        lockstep_proto::sign_off::Decision::Returned { reason: "第二条不清".to_owned() };
    let body = statements::sign_off(identity, &case, decision, None, site.clock.now()).unwrap();
    let address = format!("/bundles/{bundle}/sign-offs");
    let client = site.client("reviewer").unwrap();
    let _: Case = client.command(reqwest::Method::POST, &address, &body).await.unwrap();
    let status = site.wait_state(&bundle, "returned").await.unwrap();
    assert!(status.draft.findings.iter().any(|finding| finding.help == "第二条不清"));
    let again = site.submit(&site.scratch("丁-1"), Some(&bundle)).await.unwrap();
    assert!(!again.unchanged && again.revision == 2);
    let second = site.wait_case(&bundle, 2).await.unwrap();
    assert_ne!(second.manifest.digest(), case.manifest.digest());
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_before_commit_stops_and_after_the_window_a_person_is_asked() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, &sample("戊", 1, false), None).await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.wait_phase(&bundle, "staged", 1).await.unwrap();
    site.wait_state(&bundle, "granted").await.unwrap();
    site.stop_release(&bundle).await.unwrap();
    site.wait_phase(&bundle, "stopped", 1).await.unwrap();
    site.wait_state(&bundle, "stopped").await.unwrap();
    // Sealed anew, it walks again; this time the clock jumps over the whole window.
    site.submit(&site.scratch("戊-1"), Some(&bundle)).await.unwrap();
    site.sign_all(&bundle, 2).await.unwrap();
    site.wait_phase(&bundle, "staged", 2).await.unwrap();
    site.clock.set(at("2027-03-01T00:00:00Z")).unwrap();
    let blocked = site.wait_phase(&bundle, "blocked", 2).await.unwrap();
    assert_eq!(blocked.findings.first().map(|f| f.code.as_str()), Some("TS305"));
    assert_eq!(get(&format!("{}/p/{bundle}", site.public())).await.0, 404);
    // Another order of the last step, and it goes.
    let case = site.case(&bundle).await.unwrap();
    let window = Window::Instants {
        not_before: at("2027-03-01T00:00:00Z"),
        not_after: at("2027-03-02T00:00:00Z"),
    };
    let order = Proposal { window, channels: case.proposal.channels.clone() };
    let identity = site.identity("second-issuer").unwrap();
    let body = statements::reorder(identity, &case, order, site.clock.now()).unwrap();
    let client = site.client("second-issuer").unwrap();
    let address = format!("/bundles/{bundle}/sign-offs");
    let _: Case = client.command(reqwest::Method::POST, &address, &body).await.unwrap();
    site.wait_phase(&bundle, "completed", 3).await.unwrap();
    site.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_pair_comes_back_byte_for_byte() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let pair = corpus.join("001-tax65-customs-zone-vat");
    if !pair.exists() {
        // Not by `eprintln!`: `cargo test` keeps that to itself where a test passes.
        writeln!(io::stderr(), "SKIPPED: {} is not there", pair.display()).unwrap();
        return;
    }
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let folder = site.scratch("real");
    bundles::write(&folder, &sample("己", 1, false)).unwrap();
    for name in ["policy", "interpretation"] {
        std::fs::remove_file(folder.join(format!("{name}.md"))).unwrap();
        std::fs::copy(pair.join(format!("{name}.txt")), folder.join(format!("{name}.txt")))
            .unwrap();
    }
    let settings = folder.join("bundle.toml");
    let declared = std::fs::read_to_string(&settings).unwrap();
    let number = "国家税务总局、财政部、海关总署公告2016年第65号";
    assert!(declared.contains("示教〔2026〕1号"), "{declared}");
    std::fs::write(&settings, declared.replace("示教〔2026〕1号", number)).unwrap();
    lockstep::folder::confirm(&folder).unwrap();
    let bundle = site.submit(&folder, None).await.unwrap().bundle;
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let release = site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let base = format!("{}/p/{bundle}/{}", site.public(), release.edition.unwrap().hex());
    for name in ["policy.txt", "interpretation.txt"] {
        let response = reqwest::get(format!("{base}/raw/{name}")).await.unwrap();
        let bytes = response.bytes().await.unwrap();
        assert_eq!(Digest::of(&bytes), Digest::of(&std::fs::read(pair.join(name)).unwrap()));
    }
    site.stop().await.unwrap();
}

/// The folder's disk is lost, after the window: it joins with a new life and is shown the same
/// edition again, under a newer generation. Nothing else changes.
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_lost_its_disk_is_shown_the_same_edition_again() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, &sample("庚", 1, false), None).await;
    let watch = Watch::begin(&site, "庚", &bundle);
    site.sign_all(&bundle, 1).await.unwrap();
    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    let first = site.wait_phase(&bundle, "completed", 1).await.unwrap();
    site.clock.set(at("2027-06-01T00:00:00Z")).unwrap();
    let staging = site.home.join(&site.home.settings.folder.staging);
    std::fs::remove_dir_all(site.served()).ok();
    std::fs::remove_dir_all(staging).ok();
    let second = site.wait_phase(&bundle, "completed", 2).await.unwrap();
    assert_eq!(second.edition, first.edition);
    let page = site.served().join("b").join(bundle.as_str()).join("current/index.html");
    assert!(std::fs::read_to_string(page).unwrap().contains(&policy_mark("庚", 1)));
    assert_eq!(history::violations(&watch.end().await), Vec::<String>::new());
    site.stop().await.unwrap();
}

/// Somebody who knows the digest of what is held ready asks for it, while the first is shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_held_ready_is_seen_nowhere() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, &sample("壬", 1, false), None).await;
    let watch = Watch::begin(&site, "壬", &bundle);
    site.sign_all(&bundle, 1).await.unwrap();
    watch.open(1);
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let window = (at("2026-12-03T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    submit(&site, &Sample { window, ..sample("壬", 2, false) }, Some(&bundle)).await;
    site.sign_all(&bundle, 2).await.unwrap();
    let staged = site.wait_phase(&bundle, "staged", 2).await.unwrap();
    watch.learn(staged.edition.as_ref().unwrap());
    let before = watch.count();
    site.wait("responses", async || (watch.count() > before + 200).then_some(())).await.unwrap();
    watch.open(2);
    site.clock.set(at("2026-12-03T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 2).await.unwrap();
    assert_eq!(history::violations(&watch.end().await), Vec::<String>::new());
    site.stop().await.unwrap();
}

/// The proposal of a bundle's folder for the portal alone.
fn for_the_portal_alone(folder: &std::path::Path) {
    let toml = std::fs::read_to_string(folder.join("bundle.toml")).unwrap();
    let toml = toml.replace("required = [\"portal\", \"folder\"]", "required = [\"portal\"]");
    std::fs::write(folder.join("bundle.toml"), toml).unwrap();
}

/// While the folder shows the first edition, a correction for the portal alone would leave it there.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_goes_to_every_channel_that_shows_what_it_corrects() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, &sample("癸", 1, false), None).await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    site.wait_heard().await.unwrap();

    let folder = site.scratch("癸-2");
    bundles::write(&folder, &sample("癸", 2, false)).unwrap();
    for_the_portal_alone(&folder);
    site.submit(&folder, Some(&bundle)).await.unwrap();
    let case = site.wait_case(&bundle, 2).await.unwrap();
    let proposal = site.client("drafter").unwrap();
    let address = format!("/bundles/{bundle}/proposal");
    let again: Result<Case, Failure> =
        proposal.command(reqwest::Method::PUT, &address, &case.proposal).await;
    assert_eq!(codes(again.unwrap_err().into()), ["TS310"]);
    site.sign("reviewer", &bundle, None).await.unwrap();
    let refused = site.sign("issuer", &bundle, None).await.unwrap_err();
    assert!(format!("{refused:?}").contains("：folder"), "{refused:?}");
    assert_eq!(codes(refused), ["TS310"]);

    let both = lockstep_proto::order::Channels {
        required: vec!["portal".parse().unwrap()],
        optional: vec!["folder".parse().unwrap()],
    };
    let order = Proposal { channels: both, ..case.proposal };
    site.sign("issuer", &bundle, Some(order)).await.unwrap();
    site.wait_phase(&bundle, "completed", 2).await.unwrap();
    let page = site.served().join("b").join(bundle.as_str()).join("current/index.html");
    let is_shown =
        async || std::fs::read_to_string(&page).ok()?.contains(&policy_mark("癸", 2)).then_some(());
    site.wait("the correction in the folder", is_shown).await.unwrap();

    // Nothing shows an earlier edition after a withdrawal: the next goes where its order says.
    site.withdraw(&bundle).await.unwrap();
    site.wait_phase(&bundle, "dark", 3).await.unwrap();
    site.wait_heard().await.unwrap();
    let folder = site.scratch("癸-3");
    bundles::write(&folder, &sample("癸", 3, false)).unwrap();
    for_the_portal_alone(&folder);
    site.submit(&folder, Some(&bundle)).await.unwrap();
    site.sign_all(&bundle, 3).await.unwrap();
    site.wait_phase(&bundle, "completed", 4).await.unwrap();
    site.stop().await.unwrap();
}

/// Cursors, inbox and fences hold: nothing is said or done again.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_started_again_changes_nothing() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, &sample("辛", 1, false), None).await;
    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    let before = site.facts(bundle.as_str()).await.unwrap().len();
    for _ in 0..3 {
        site.stop().await.unwrap();
        site.start_here(Transport::Local).await.unwrap();
    }
    assert_eq!(get(&format!("{}/p/{bundle}", site.public())).await.0, 200);
    assert_eq!(site.facts(bundle.as_str()).await.unwrap().len(), before);
    site.stop().await.unwrap();
}
