//! What people upload is rendered in a process of its own: with limits, once per content, and again if
//! it dies.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use lockstep_explainer::{
    child::{COMMAND, render_in},
    render::render,
    theme::{EMBLEM, Given, Theme, Words},
};
use lockstep_gate::bundle::{self, Content, Rules, Submission};
use lockstep_kit::{
    Deps,
    blobs::Blobs,
    child::{Child, Limits},
    db,
    jobs::{self, NewJob},
    outbox,
    testing::{for_each_engine, name},
};
use lockstep_proto::{
    envelope::Envelope,
    facts::Fact,
    manifest::{ChartSpec, Manifest, Member},
};
use lockstep_tests::{
    bundles::{self, Sample},
    site::under_test,
};
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

fn child(program: PathBuf) -> Child {
    Child::new(program, Limits::default())
}

fn content(title: &str, more: &str) -> Content {
    let folder = tempfile::tempdir().unwrap();
    let day = |day: &str| day.parse().unwrap();
    let window = (day("2026-12-02T00:00:00Z"), day("2026-12-20T00:00:00Z"));
    let sample = Sample { name: title, version: 1, has_slots: false, window };
    bundles::write(folder.path(), &sample).unwrap();
    let text = folder.path().join("interpretation.md");
    let said = fs::read_to_string(&text).unwrap();
    fs::write(&text, format!("{said}\n{more}")).unwrap();
    lockstep::folder::confirm(folder.path()).unwrap();
    let files = lockstep::folder::read(folder.path()).unwrap();
    match bundle::read_under(Rules::default(), &files) {
        Ok(content) => content,
        Err(unfit) => *unfit.content.unwrap(),
    }
}

fn draft(content: &Content, bundle: &str) -> Manifest {
    content.draft(Submission {
        bundle: name(bundle),
        revision: 1,
        submission: name(&format!("of-{bundle}")),
        revises: None,
        after_dark: None,
        submitters: vec![],
    })
}

/// The sample of the docs.
fn themed() -> Theme {
    let emblem = include_bytes!("../../docs/theme/emblem.svg").to_vec();
    let words = Words { agency: Some("示例市".to_owned()), ..Words::default() };
    Theme::read(Given { words, files: [(EMBLEM.to_owned(), emblem)].into() }).unwrap()
}

/// A program that does this first.
fn script(folder: &TempDir, first: &str) -> PathBuf {
    let path = folder.path().join("program");
    let program = under_test().unwrap();
    let text = format!("#!/bin/sh\nhere={}\n{first}\n", folder.path().display())
        + &format!("exec {} \"$@\"\n", program.display());
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[tokio::test]
async fn a_child_renders_what_this_process_would() {
    let content = content("甲", "");
    let draft = draft(&content, "a");
    let theme = themed();
    let here = render(&draft, content.files(), &theme).unwrap().outputs;
    let child = child(under_test().unwrap());
    let apart = render_in(&child, draft, content.files().clone(), &theme).await.unwrap().unwrap();
    let apart = apart.made;
    assert!(here.len() > 2, "both texts and a chart");
    let here: Vec<_> =
        here.into_iter().map(|output| (output.path, output.role, output.bytes)).collect();
    let apart: Vec<_> = apart.into_iter().map(|made| (made.path, made.role, made.bytes)).collect();
    assert_eq!(here, apart);
}

#[tokio::test]
async fn what_cannot_be_rendered_is_told_by_the_child_too() {
    let mut files = content("甲", "").files().clone();
    let draft = draft(&content("甲", ""), "a");
    files.insert("data/spending.csv".to_owned(), "类别,支出\n甲,\n".into());
    let child = child(under_test().unwrap());
    let told = render_in(&child, draft, files, &Theme::plain()).await.unwrap().unwrap_err();
    assert_eq!(told[0].code, "TS007");
}

#[test]
fn a_child_opens_nothing_and_knows_no_secret() {
    let mut child = Command::new(under_test().unwrap());
    child.args([COMMAND, "512", "40"]).env_clear().stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = child.spawn().unwrap();
    let about = |what: &str| fs::read_to_string(format!("/proc/{}/{what}", child.id())).unwrap();
    let is_limited = || {
        let limits = about("limits");
        let has = |name: &str, limit: &str| {
            let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().any(|word| word == limit)
        };
        has("Max open files", "0")
            && has("Max data size", "536870912")
            && has("Max cpu time", "40")
            && has("Max file size", "0")
    };
    let begun = Instant::now();
    while !is_limited() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{}", about("limits"));
        std::thread::yield_now();
    }
    drop(child.stdin.take());
    assert!(!child.wait().unwrap().success(), "it was asked nothing");
}

#[tokio::test]
async fn one_that_takes_too_much_is_refused() {
    let content = content("甲", "");
    let (mut many_charts, one_chart) = (draft(&content, "a"), draft(&content, "a"));
    let chart = many_charts.charts[0].clone();
    let ids = (0..50_000).map(|n| name(&format!("chart-{n}")));
    many_charts.charts = ids.map(|id| ChartSpec { id, ..chart.clone() }).collect();
    let mut long_text = content.files().clone();
    let line = "一、这是很长的一段话，写给没有人读的页面。\n\n";
    long_text.insert("interpretation.md".to_owned(), line.repeat(300_000).into_bytes());
    let (memory, time) =
        (Limits { memory_mib: 24, cpu_seconds: 600 }, Limits { memory_mib: 4096, cpu_seconds: 1 });
    for (limits, draft, files) in
        [(memory, one_chart, long_text), (time, many_charts, content.files().clone())]
    {
        let child = Child::new(under_test().unwrap(), limits);
        let told = render_in(&child, draft, files, &Theme::plain()).await.unwrap();
        let codes: Vec<_> = told.err().into_iter().flatten().map(|finding| finding.code).collect();
        assert_eq!(codes, ["TS018"], "{limits:?}");
    }
}

#[tokio::test]
async fn one_that_nobody_waits_for_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(&folder, "echo $$ > $here/pid\nexec sleep 1000");
    let content = content("甲", "");
    let (child, theme) = (child(program), Theme::plain());
    let pid = folder.path().join("pid");
    tokio::select! {
        _ = render_in(&child, draft(&content, "a"), content.files().clone(), &theme) => panic!("it sleeps"),
        () = async { while !fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n')) {
            tokio::task::yield_now().await;
        } } => {}
    }
    let pid = fs::read_to_string(pid).unwrap();
    let begun = Instant::now();
    // Dead, or dead and not yet buried.
    let state = || fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    while !state().is_empty() && !state().contains(") Z ") {
        assert!(begun.elapsed() < Duration::from_mins(1), "{}", state());
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_that_never_stops_talking_is_not_listened_to() {
    let folder = tempfile::tempdir().unwrap();
    let content = content("甲", "");
    let child = child(script(&folder, "exec yes"));
    let theme = Theme::plain();
    let rendering = render_in(&child, draft(&content, "a"), content.files().clone(), &theme);
    let told = tokio::time::timeout(Duration::from_mins(1), rendering).await;
    let told = told.expect("it still listens").unwrap().unwrap_err();
    assert_eq!(told[0].code, "TS018");
}

/// Submits a content as this bundle and waits for what the explainer says.
async fn rendered(deps: &Deps, content: &Content, bundle: &str) -> Vec<Member> {
    for bytes in content.files().values() {
        deps.blobs.put(bytes.clone()).await.unwrap();
    }
    let payload = db::to_json(&draft(content, bundle), "draft").unwrap();
    let trace = name("trace");
    let job = NewJob { id: bundle.to_owned(), kind: "render", key: bundle, payload, trace: &trace };
    let mut tx = deps.db.begin_write().await.unwrap();
    deps.ask(&mut tx, job).await.unwrap();
    deps.db.commit(tx).await.unwrap();
    let begun = Instant::now();
    loop {
        let mut tx = deps.db.begin_read().await.unwrap();
        let facts = outbox::list_of_key(&mut tx, bundle, 10).await.unwrap();
        drop(tx);
        if let Some(stored) = facts.into_iter().next() {
            let envelope: Envelope = serde_json::from_str(&stored.envelope).unwrap();
            let Fact::ExplainerRendered(rendered) = envelope.fact else { panic!("{stored:?}") };
            assert_eq!(rendered.submission, name(&format!("of-{bundle}")));
            return rendered.members;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "nothing is rendered");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_content_is_rendered_once_and_again_by_another_version() {
    for_each_engine("explainer", async |deps| {
        lockstep_explainer::migrate(&deps.db).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let blobs = folder.path().join("blobs");
        let deps = Deps { blobs: Blobs::new(blobs.clone()), ..deps };
        // Each rendering leaves a line; the first dies.
        let first = "echo >> $here/count\nif [ $(wc -l < $here/count) = 1 ]; then kill -9 $$; fi";
        let program = script(&folder, first);
        let count = || fs::read_to_string(folder.path().join("count")).unwrap().lines().count();
        let serve = |program: &Path, theme: Theme, stop: &CancellationToken| {
            let child = child(program.to_owned());
            let workers = lockstep_explainer::workers(deps.clone(), child, theme);
            let serving = TaskTracker::new();
            serving.spawn(jobs::run(deps.clone(), workers, stop.clone()));
            // Jobs that failed are due later.
            let (deps, stop) = (deps.clone(), stop.clone());
            serving.spawn(async move { stop.run_until_cancelled(run_clock(&deps)).await });
            serving.close();
            serving
        };
        let stop = CancellationToken::new();
        let serving = serve(&program, Theme::plain(), &stop);
        let (one, other) = (content("甲", ""), content("乙", ""));
        let first = rendered(&deps, &one, "a").await;
        assert_eq!(count(), 2, "it died, and was asked again");
        assert_eq!(rendered(&deps, &one, "b").await, first);
        assert_eq!(count(), 2, "the same content");
        assert_ne!(rendered(&deps, &other, "c").await, first);
        assert_eq!(count(), 3);
        // What was purged is made anew.
        let hex = first[0].digest.hex();
        fs::remove_file(blobs.join(&hex[..2]).join(hex)).unwrap();
        assert_eq!(rendered(&deps, &one, "d").await, first);
        assert_eq!(count(), 4);
        stop.cancel();
        serving.wait().await;
        let stop = CancellationToken::new();
        let serving = serve(&program, themed(), &stop);
        assert_ne!(rendered(&deps, &one, "e").await, first, "under another theme");
        assert_eq!(count(), 5);
        stop.cancel();
        serving.wait().await;
        let stop = CancellationToken::new();
        let other = tempfile::tempdir().unwrap();
        let serving = serve(&script(&other, "echo >> $here/count"), Theme::plain(), &stop);
        assert_eq!(rendered(&deps, &one, "f").await, first);
        let of_other = fs::read_to_string(other.path().join("count")).unwrap().lines().count();
        assert_eq!((count(), of_other), (5, 1), "by another program");
        stop.cancel();
        serving.wait().await;
    })
    .await;
}

async fn run_clock(deps: &Deps) {
    loop {
        deps.clock.set(deps.clock.now().plus_millis(100));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
