//! Two revisions of a bundle: members, declarations, what is stale, what is void.

use std::{fs, path::Path};

use lockstep_gate::{
    bundle::{self, Files, Submission},
    diff::{self, Case, Cause, ChangeKind, Diff, Revision, Why},
};
use lockstep_proto::{
    digest::Digest,
    sign_off::{Chain, ChainSchema, Decision, SignOff, SignOffKind, SignOffSchema, Step},
    signed::Algorithm,
};

use super::{LAW, causes, short};

pub(super) const SETTINGS: &str = r#"
title = "某办法"
slots = []
[agencies]
drafting = ["甲"]
issuing = ["甲"]
publishing = "甲"
[disclosure]
attribute = "proactive"
[companion]
type = "own"
[[link]]
unit = "一"
clauses = ["第二条"]
[[link]]
unit = "二"
clauses = ["第三条", "第四条"]
[[waiver]]
clauses = ["第五条"]
reason = "施行日期"
[[external]]
figure = "15个工作日"
source = "某令"
[order]
working_days = 3
required = ["portal"]
"#;
const WORDS: &str = "解读\n一、怎么申请\n申请人在十五个工作日内提交材料，2027年1月1日起。\n二、不受理的情形\n见第三条。\n";

pub(super) fn files(policy: &str, interpretation: &str, settings: &str) -> Files {
    [
        ("policy.txt", policy),
        ("interpretation.txt", interpretation),
        ("bundle.toml", settings),
        ("attachments/a.txt", "表"),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .into()
}

fn revisions(old: &Files, new: &Files) -> Diff {
    diff::revisions(&Revision::read(old).unwrap(), &Revision::read(new).unwrap(), None)
}

#[test]
fn a_revision_differs_in_clauses_members_and_declarations() {
    let old = files(LAW, WORDS, SETTINGS);
    let same = revisions(&old, &old);
    assert!(same.is_empty() && !same.voids.all && !same.is_norm_touched);
    let mut new = files(LAW, &WORDS.replace("怎么", "如何"), &SETTINGS.replace("某办法", "某条例"));
    new.insert("attachments/b.txt".to_owned(), b"2".to_vec());
    let diff = revisions(&old, &new);
    assert!(diff.voids.all && diff.policy.changes.is_empty());
    assert_eq!(short(&diff.interpretation.changes), [(ChangeKind::Changed, "一", "一")]);
    let members: Vec<_> = diff.members.iter().map(|m| (m.kind, m.path.as_str())).collect();
    assert_eq!(
        members,
        [(ChangeKind::Added, "attachments/b.txt"), (ChangeKind::Changed, "interpretation.txt")]
    );
    assert_eq!(diff.declared.len(), 1);
    assert_eq!(diff.declared[0].field, "metadata.title");
    assert_eq!(causes(&diff), [("attachments/b.txt", Cause::Attachment)]);
}

#[test]
fn another_order_alone_voids_nothing() {
    let old = files(LAW, WORDS, SETTINGS);
    let new = files(LAW, WORDS, &SETTINGS.replace("working_days = 3", "working_days = 5"));
    let diff = revisions(&old, &new);
    assert!(diff.is_same && !diff.voids.all && !diff.is_empty());
    assert_eq!(diff.declared[0].field, "order.window.days");
}

#[test]
fn what_the_change_makes_stale_is_named() {
    let old = files(LAW, WORDS, SETTINGS);
    let law = LAW
        .replace("15个工作日", "20个工作日")
        .replace("（二）超过期限。\n", "")
        .replace("2027年1月1日", "2027年3月1日")
        .replace("第四条 违反第二条规定的，责令改正。\n第五条", "第四条");
    let diff = revisions(&old, &files(&law, WORDS, SETTINGS));
    let links: Vec<_> =
        diff.stale.links.iter().map(|l| (l.unit.as_str(), l.clause.as_str(), l.why)).collect();
    assert_eq!(
        links,
        [
            ("一", "第二条", Why::Changed),
            ("二", "第三条", Why::Changed),
            ("二", "第四条", Why::Renumbered),
        ]
    );
    assert!(!diff.stale.links[0].is_unit_changed);
    let waivers: Vec<_> =
        diff.stale.waivers.iter().map(|waiver| (waiver.clause.as_str(), waiver.why)).collect();
    assert_eq!(waivers, [("第五条", Why::Gone)]);
    // Stated to be from elsewhere, so that it is not told of the interpretation as well.
    assert_eq!(diff.stale.external[0].now, ["20个工作日"]);
    let figures: Vec<_> =
        diff.stale.figures.iter().map(|f| (f.figure.as_str(), f.now.clone())).collect();
    assert_eq!(figures, [("2027年1月1日", vec!["2027年3月1日".to_owned()])]);
    // Who mends the interpretation along is told of nothing but what was stated.
    let words = WORDS.replace("2027年1月1日", "2027年3月1日");
    let mended = revisions(&old, &files(&law, &words, SETTINGS));
    assert_eq!(mended.stale.figures, []);
    // Text beside its heading: the link names the heading.
    let text = WORDS.replace("见第三条", "另见第三条");
    let changed = revisions(&old, &files(&law, &text, SETTINGS));
    assert!(changed.stale.links[1].is_unit_changed);
}

#[test]
fn punctuation_makes_nothing_stale() {
    let old = files(LAW, WORDS, SETTINGS);
    let diff = revisions(&old, &files(&LAW.replace('，', "、"), WORDS, SETTINGS));
    assert_eq!(diff.stale, diff::Stale::default());
    assert!(diff.voids.all);
}

fn sign_off(decision: Decision) -> SignOff {
    let id = |name: &str| name.to_owned();
    SignOff {
        schema: SignOffSchema,
        decision,
        kind: SignOffKind::Signed,
        deployment: id("d").try_into().unwrap(),
        bundle: id("b").try_into().unwrap(),
        manifest: Digest::of(b"m"),
        number: 1,
        previous: None,
        step: id("review").try_into().unwrap(),
        chain: Digest::of(b"c"),
        profile: Digest::of(b"p"),
        person: id("shen").try_into().unwrap(),
        role: id("reviewer").try_into().unwrap(),
        agency: id("甲"),
        order: None,
        key: Digest::of(b"k"),
        algorithm: Algorithm::Ed25519,
        at: "2027-01-01T00:00:00Z".parse().unwrap(),
    }
}

#[test]
fn a_figure_that_its_clause_lost_is_stale_though_another_clause_has_it() {
    let law = LAW.replace("（一）材料不全", "（一）15个工作日内材料不全");
    let settings = SETTINGS.replace("15个工作日", "16个工作日");
    let old = files(&law, WORDS, &settings);
    let changed = law.replace("在15个工作日内提交", "在20个工作日内提交");
    let figures = |settings: &str| {
        let diff = revisions(&old, &files(&changed, WORDS, settings));
        diff.stale
            .figures
            .into_iter()
            .map(|figure| (figure.figure, figure.clause))
            .collect::<Vec<_>>()
    };
    // The unit is linked to the clause that lost it; unlinked, the other clause may be meant.
    assert_eq!(figures(&settings), [("十五个工作日".to_owned(), "第二条".to_owned())]);
    assert_eq!(figures(&settings.replace(r#"["第二条"]"#, r#"["第一条"]"#)), []);
}

#[test]
fn a_chart_whose_data_changed_under_its_headline_is_stale() {
    let old = sample("v1");
    let mut new = old.clone();
    new.get_mut("data/spending.csv").unwrap().extend(b"\n");
    let charts = revisions(&old, &new).stale.charts;
    assert_eq!(
        charts.iter().map(|chart| chart.data.as_str()).collect::<Vec<_>>(),
        ["data/spending.csv"]
    );
    let settings = String::from_utf8(new["bundle.toml"].clone()).unwrap();
    let headline = settings.replace("高中生均支出", "2023年高中生均支出");
    new.insert("bundle.toml".to_owned(), headline.into_bytes());
    assert_eq!(revisions(&old, &new).stale.charts, []);
}

#[test]
fn a_case_names_the_steps_to_be_signed_again() {
    let step = |name: &str| Step {
        name: name.to_owned().try_into().unwrap(),
        role: "reviewer".to_owned().try_into().unwrap(),
    };
    let chain = Chain { schema: ChainSchema, steps: vec![step("review"), step("issue")] };
    let [old, new] = [LAW.to_owned(), LAW.replace("15", "16")]
        .map(|law| Revision::read(&files(&law, WORDS, SETTINGS)).unwrap());
    let given =
        [sign_off(Decision::Signed), sign_off(Decision::Returned { reason: "不清".into() })];
    let case = Case { chain: &chain, sign_offs: &given };
    let count = |diff: &Diff| {
        let voids = &diff.voids;
        (voids.sign_offs.as_ref().unwrap().len(), voids.steps.as_ref().unwrap().len())
    };
    assert_eq!(count(&diff::revisions(&old, &new, Some(case))), (1, 2));
    assert_eq!(count(&diff::revisions(&old, &old, Some(case))), (0, 0));
}

#[test]
fn classified_and_unread_bundles_are_not_compared() {
    let marked = files(&format!("机密★1年\n{LAW}"), WORDS, SETTINGS);
    assert_eq!(Revision::read(&marked).unwrap_err()[0].code, "TS601");
    let torn = files(LAW, WORDS, "title = ");
    assert_eq!(Revision::read(&torn).unwrap_err()[0].code, "TS001");
}

/// A revision of the sample, as a drafter has it.
fn sample(name: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lockstep/sample").join(name);
    let mut files = Files::new();
    for below in ["", "data", "attachments"] {
        for entry in fs::read_dir(folder.join(below)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn a_fetched_revision_compares_with_its_folder() {
    let id = |name: &str| name.to_owned();
    let content = bundle::read(&sample("v1")).unwrap();
    let manifest = content.draft(Submission {
        bundle: id("b").try_into().unwrap(),
        revision: 1,
        submission: id("s").try_into().unwrap(),
        revises: None,
        after_dark: None,
        submitters: vec![id("somebody").try_into().unwrap()],
    });
    let mut fetched = content.files().clone();
    fetched.remove("bundle.toml").unwrap();
    fetched.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
    fetched.insert("rendered/policy.html".to_owned(), b"<p>".to_vec());
    let same = revisions(&fetched, &sample("v1"));
    assert!(same.is_empty(), "{same:?}");
    let other = revisions(&fetched, &sample("v2"));
    assert_eq!(other.policy, revisions(&sample("v1"), &sample("v2")).policy);
    assert_eq!(other.policy.changes.len(), 3);
    // The interpretation says what was corrected: both dates, so that the old one is no slip.
    assert_eq!(other.stale.figures, []);
}
