//! What programs read: the commands' `--json`, run as a program runs them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Command;

use lockstep_kit::dispatch::Transport;
use lockstep_proto::{
    http::{Draft, Problem, Release, Status, Submitted},
    time::Timestamp,
};
use lockstep_tests::{
    bundles::{self, Sample},
    site::Site,
};
use serde_json::from_str;

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

#[tokio::test(flavor = "multi_thread")]
async fn programs_get_answers_and_refusals_as_json() {
    let mut site = Site::in_process(Transport::Local).await.unwrap();
    let folder = site.scratch("甲");
    let window = (at("2026-12-02T00:00:00Z"), at("2026-12-20T00:00:00Z"));
    bundles::write(&folder, &Sample { name: "甲", version: 1, has_slots: false, window }).unwrap();
    let path = folder.to_str().unwrap();

    let (code, said) = run(&site, "issuer", &["submit", path]);
    assert_eq!((code, from_str::<Problem>(&said).unwrap().code.as_str()), (1, "forbidden"));
    let (code, said) = run(&site, "drafter", &["submit", path]);
    let submitted: Submitted = from_str(&said).unwrap();
    assert_eq!((code, submitted.revision, submitted.unchanged), (0, 1, false));
    let bundle = submitted.bundle;

    let (code, said) = run(&site, "reviewer", &["status"]);
    let drafts: Vec<Draft> = from_str(&said).unwrap();
    assert_eq!((code, drafts.len()), (0, 1));
    let (code, said) = run(&site, "reviewer", &["status", bundle.as_str()]);
    assert_eq!((code, from_str::<Status>(&said).unwrap().draft.bundle), (0, bundle.clone()));
    let withdraw = ["withdraw", bundle.as_str(), "--reason", "文件有误"];
    // There is no release yet: no answer, and nothing that a program could take for one.
    assert_eq!(run(&site, "issuer", &withdraw), (2, String::new()));

    site.sign_all(&bundle, 1).await.unwrap();
    site.clock.set(at("2026-12-02T00:00:01Z")).unwrap();
    site.wait_phase(&bundle, "completed", 1).await.unwrap();
    std::fs::remove_file(folder.join("interpretation.md")).unwrap();
    let (code, said) = run(&site, "drafter", &["submit", path, "--revises", bundle.as_str()]);
    assert_eq!((code, from_str::<Problem>(&said).unwrap().findings[0].code.as_str()), (1, "TS101"));
    let (code, said) = run(&site, "reviewer", &withdraw);
    assert_eq!((code, from_str::<Problem>(&said).unwrap().code.as_str()), (1, "forbidden"));
    let (code, said) = run(&site, "issuer", &withdraw);
    assert_eq!((code, from_str::<Release>(&said).unwrap().bundle), (0, bundle.clone()));
    site.wait_phase(&bundle, "dark", 2).await.unwrap();
    site.stop().await.unwrap();
}
