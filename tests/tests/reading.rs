//! What people submit is read in a process of its own, and what that says is believed as far as its
//! files bear it out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use lockstep_drafting::reading::read_in;
use lockstep_gate::{
    bundle::{self, Files, Rules},
    profile,
    wording::{Lexicon, Lexicons},
};
use lockstep_kit::child::{Child, Limits};
use lockstep_proto::{finding::Finding, sign_off::Profile};
use lockstep_tests::{
    bundles::{self, Sample},
    site::under_test,
};

fn strict() -> Profile {
    profile::find("strict").unwrap().0.into_value()
}

fn child(limits: Limits) -> Child {
    Child::new(under_test().unwrap(), limits)
}

/// A bundle in which the interpretation says this too.
fn files(more: &str) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let day = |day: &str| day.parse().unwrap();
    let window = (day("2026-12-02T00:00:00Z"), day("2026-12-20T00:00:00Z"));
    let sample = Sample { name: "甲", version: 1, has_slots: false, window };
    bundles::write(folder.path(), &sample).unwrap();
    let text = folder.path().join("interpretation.md");
    fs::write(&text, format!("{}\n{more}", fs::read_to_string(&text).unwrap())).unwrap();
    lockstep::folder::confirm(folder.path()).unwrap();
    lockstep::folder::read(folder.path()).unwrap()
}

/// What was found, what it holds as a text, and the files that are kept.
type Told = (Vec<Finding>, Option<String>, Files);

fn told(read: Result<bundle::Content, bundle::Unfit>) -> Told {
    let (findings, content) = match read {
        Ok(content) => (content.warnings.clone(), Some(content)),
        Err(unfit) => (unfit.findings, unfit.content.map(|content| *content)),
    };
    let held = content.as_ref().map(|content| format!("{:?} {content:?}", content.held()));
    (findings, held, content.map(|content| content.files().clone()).unwrap_or_default())
}

#[tokio::test]
async fn a_child_reads_what_this_process_would() {
    let own = "schema = \"lockstep.lexicon/1\"\nname = \"n\"\nversion = \"1\"\nsource = \"s\"\nlicence = \"l\"\n\
               [[entry]]\nwrong = \"错词\"\nright = \"对词\"\nkind = \"error\"\nnote = \"说明\"\n";
    let lexicons = Lexicons::new(vec![Lexicon::read(own).unwrap()]).unwrap();
    let unconfirmed = || {
        let mut files = files("");
        files.insert("policy.md".to_owned(), "# 甲\n\n自2026年13月1日起施行。\n".into());
        files
    };
    let without_policy = || {
        let mut files = files("");
        files.remove("policy.md");
        files
    };
    let mut codes = vec![];
    for files in [files("其中有一个错词。\n"), unconfirmed(), without_policy()] {
        let rules = Rules { profile: Some(&strict()), lexicons: &lexicons };
        let here = told(bundle::read_under(rules, &files));
        let apart = read_in(&child(Limits::default()), files, strict(), &lexicons).await.unwrap();
        assert_eq!(told(apart), here);
        codes.extend(here.0.into_iter().map(|finding| finding.code));
    }
    for code in ["TS501", "TS002"] {
        assert!(codes.iter().any(|found| found == code), "{code} in {codes:?}");
    }
}

#[tokio::test]
async fn one_that_takes_too_much_is_refused() {
    // Just below what a text may have.
    let long = files(&"一、这是很长的一段话，写给没有人读的页面。\n\n".repeat(28_000));
    let memory = Limits { memory_mib: 24, cpu_seconds: 600 };
    let time = Limits { memory_mib: 4096, cpu_seconds: 1 };
    for limits in [memory, time] {
        let read = read_in(&child(limits), long.clone(), strict(), Lexicons::starter()).await;
        let codes: Vec<_> =
            read.unwrap().unwrap_err().findings.into_iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["TS019"], "{limits:?}");
    }
}

/// It uses no processor time, so that only the clock ends it.
#[tokio::test]
async fn one_that_sleeps_is_not_waited_for_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program");
    fs::write(&path, "#!/bin/sh\nexec /bin/sleep 3600\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let child = Child::new(path, Limits { memory_mib: 24, cpu_seconds: 1 });
    let read = read_in(&child, files(""), strict(), Lexicons::starter()).await;
    assert_eq!(read.unwrap().unwrap_err().findings[0].code, "TS019");
}

#[tokio::test]
async fn no_more_run_at_once_than_there_are_cores() {
    let cores = std::thread::available_parallelism().unwrap().get();
    let folder = tempfile::tempdir().unwrap();
    let (path, here) = (folder.path().join("program"), folder.path().display());
    let script = format!(
        "#!/bin/sh\nPATH=/bin:/usr/bin\nmkdir {here}/running.$$\nls -d {here}/running.* | wc -l >>{here}/counts\n\
         sleep 0.3\nls -d {here}/running.* | wc -l >>{here}/counts\nrmdir {here}/running.$$\n"
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let child = Child::new(path, Limits::default());
    let mut asks = tokio::task::JoinSet::new();
    for _ in 0..cores * 4 {
        let child = child.clone();
        asks.spawn(async move {
            read_in(&child, files(""), strict(), Lexicons::starter()).await.is_err()
        });
    }
    // None of them answers anything.
    assert!(asks.join_all().await.into_iter().all(|has_failed| has_failed));
    let counts = fs::read_to_string(folder.path().join("counts")).unwrap();
    let counts: Vec<usize> = counts.lines().map(|count| count.trim().parse().unwrap()).collect();
    assert_eq!(counts.len(), cores * 8);
    assert!(counts.iter().all(|count| (1..=cores).contains(count)), "{counts:?}");
}

#[tokio::test]
async fn one_that_gives_other_files_than_it_names_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("program");
    let real = under_test().unwrap();
    let lying = format!("#!/bin/sh\n{} \"$@\" | /bin/sed 's/甲/乙/g'\n", real.display());
    for (script, is_believed) in [(lying.replace("甲/乙", "甲/甲"), true), (lying, false)] {
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let child = Child::new(path.clone(), Limits::default());
        let read = read_in(&child, files(""), strict(), Lexicons::starter()).await;
        assert_eq!(read.is_ok(), is_believed);
    }
}
