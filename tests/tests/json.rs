//! What programs read: the commands' `--json`, run as a program runs them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{path::PathBuf, process::Command};

use lockstep_kit::dispatch::Transport;
use lockstep_proto::{
    http::{Case, Draft, Person, Problem, Release, Status, Submitted},
    ids::BundleId,
    time::Timestamp,
};
use lockstep_tests::{
    bundles::{self, Sample},
    site::Site,
};
use serde_json::{Value, from_str};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Runs a command with `--json` as this person: its exit status and what it prints.
fn run(site: &Site, name: &str, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lockstep-under-test"))
        .args(arguments)
        .args(["--json", "--as"])
        .arg(site.identity(name).unwrap().key_path().with_extension("toml"))
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn write(site: &Site, name: &str, has_slots: bool) -> PathBuf {
    let folder = site.scratch(name);
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name, version: 1, has_slots, window }).unwrap();
    folder
}

async fn submit(site: &Site, name: &str) -> BundleId {
    let bundle = site.submit(&write(site, name, true), None).await.unwrap().bundle;
    site.wait_case(&bundle, 1).await.unwrap();
    bundle
}

/// The codes of a refusal's findings, or its own.
fn refusal((code, said): (i32, String)) -> Vec<String> {
    assert_eq!(code, 1, "{said}");
    let problem: Problem = from_str(&said).unwrap();
    let found: Vec<_> = problem.findings.into_iter().map(|finding| finding.code).collect();
    if found.is_empty() { vec![problem.code] } else { found }
}

/// The code of what is no refusal.
fn unusable((code, said): (i32, String)) -> String {
    assert_eq!(code, 2, "{said}");
    from_str::<Problem>(&said).unwrap().code
}

fn case((code, said): (i32, String)) -> Case {
    assert_eq!(code, 0, "{said}");
    from_str(&said).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_get_answers_and_refusals_as_json() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let folder = write(&site, "甲", false);
    let path = folder.to_str().unwrap();

    assert_eq!(refusal(run(&site, "issuer", &["submit", path])), ["forbidden"]);
    let (code, said) = run(&site, "drafter", &["submit", path]);
    let submitted: Submitted = from_str(&said).unwrap();
    assert_eq!((code, submitted.revision, submitted.unchanged), (0, 1, false));
    let bundle = submitted.bundle;

    let (code, said) = run(&site, "reviewer", &["status"]);
    let drafts: Vec<Draft> = from_str(&said).unwrap();
    assert_eq!((code, drafts.len()), (0, 1));
    let (code, said) = run(&site, "reviewer", &["status", bundle.as_str()]);
    assert_eq!((code, from_str::<Status>(&said).unwrap().draft.bundle), (0, bundle.clone()));
    let withdraw = ["withdraw", bundle.as_str(), "--reason", "文件有误", "--yes"];
    // There is no release yet: no refusal.
    assert_eq!(unusable(run(&site, "issuer", &withdraw)), "not_found");

    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    std::fs::remove_file(folder.join("interpretation.md")).unwrap();
    let revise = ["submit", path, "--revises", bundle.as_str()];
    assert_eq!(refusal(run(&site, "drafter", &revise)), ["TS101"]);
    assert_eq!(refusal(run(&site, "reviewer", &withdraw)), ["forbidden"]);
    let (code, said) = run(&site, "issuer", &withdraw);
    assert_eq!((code, from_str::<Release>(&said).unwrap().bundle), (0, bundle.clone()));
    site.wait_phase(&bundle, "dark", 2).await.unwrap();
    assert_eq!(refusal(run(&site, "issuer", &withdraw)), ["dark"]);
    assert_eq!(refusal(run(&site, "drafter", &["submit", path])), ["submitted_before"]);
    site.stop().await.unwrap();
    assert_eq!(unusable(run(&site, "issuer", &withdraw)), "unreachable");
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_bring_a_case_to_its_release_by_json() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let bundle = submit(&site, "乙").await;
    let id = bundle.as_str();
    let (code, said) = run(&site, "drafter", &["person", "list"]);
    assert_eq!((code, from_str::<Vec<Person>>(&said).unwrap().len()), (0, 5));

    let out = site.scratch("read");
    let fetch = ["fetch", id, "--out", out.to_str().unwrap()];
    let (code, said) = run(&site, "reviewer", &fetch);
    let fetched: Value = from_str(&said).unwrap();
    assert_eq!((code, fetched["folder"].as_str()), (0, out.to_str()));
    assert!(out.join("policy.md").exists());
    // The folder is there by now.
    assert_eq!(unusable(run(&site, "reviewer", &fetch)), "unusable");

    let read = fetched["manifest"].as_str().unwrap();
    let other = format!("sha256:{}", "0".repeat(64));
    let sign = |manifest| ["sign", id, "--yes", "--manifest", manifest];
    assert_eq!(refusal(run(&site, "reviewer", &sign(&other))), ["stale"]);
    assert_eq!(refusal(run(&site, "drafter", &sign(read))), ["TS208", "TS202"]);
    assert_eq!(case(run(&site, "reviewer", &sign(read))).sign_offs.len(), 1);
    // Not at a terminal nobody can be asked.
    assert_eq!(unusable(run(&site, "issuer", &["sign", id])), "unusable");
    assert_eq!(case(run(&site, "issuer", &sign(read))).state, "granted");
    assert_eq!(refusal(run(&site, "issuer", &sign(read))), ["wrong_state"]);
    site.wait_phase(&bundle, "registering", 1).await.unwrap();

    let register = ["register", id, "--set", "文号=示教〔2026〕9号"];
    assert_eq!(refusal(run(&site, "reviewer", &register)), ["TS303"]);
    assert!(case(run(&site, "registrar", &register)).registration.is_some());
    let window =
        ["--not-before", "2026-12-03T00:00:00+08:00", "--not-after", "2026-12-09T00:00:00+08:00"];
    let order = [&["order", id, "--channel", "portal"][..], &window].concat();
    assert_eq!(refusal(run(&site, "registrar", &order)), ["TS208"]);
    let ordered = case(run(&site, "issuer", &order)).order.unwrap();
    assert_eq!(ordered.channels.required.len(), 1);
    site.wait_phase(&bundle, "staged", 2).await.unwrap();

    assert_eq!(refusal(run(&site, "issuer", &["resume", id])), ["not_held"]);
    let stop = ["stop", id, "--reason", "发现笔误"];
    assert_eq!(refusal(run(&site, "issuer", &stop)), ["forbidden"]);
    let (code, said) = run(&site, "drafter", &stop);
    assert_eq!((code, from_str::<Draft>(&said).unwrap().bundle), (0, bundle.clone()));
    site.wait_state(&bundle, "stopped").await.unwrap();

    let other = submit(&site, "丙").await;
    let give_back = ["return", other.as_str(), "--reason", "第二条不清"];
    assert_eq!(refusal(run(&site, "registrar", &give_back)), ["TS208"]);
    assert_eq!(case(run(&site, "reviewer", &give_back)).state, "returned");
    site.stop().await.unwrap();
}
