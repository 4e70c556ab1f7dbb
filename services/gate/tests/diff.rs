//! The difference of two revisions: tables on small texts, properties on any, and a real policy.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use lockstep_gate::{
    bundle::{self, Files, Submission},
    diff::{self, Case, Cause, Change, ChangeKind, Diff, Revision, SpanKind, Why},
    document::{Document, Level},
};
use lockstep_proto::sign_off::{Chain, ChainSchema, Step};
use proptest::prelude::*;

/// Kind, path before, path after of every change.
fn short(changes: &[Change]) -> Vec<(ChangeKind, &str, &str)> {
    let path = |place: &Option<diff::Place>| -> &'static str {
        place.as_ref().map_or("", |place| Box::leak(place.path.clone().into_boxed_str()))
    };
    changes.iter().map(|change| (change.kind, path(&change.before), path(&change.after))).collect()
}

/// The spans of a change that differ: `-removed`, `+added`.
fn marked(change: &Change) -> Vec<String> {
    let spans = change.spans.iter().filter(|span| span.kind != SpanKind::Same);
    spans
        .map(|span| {
            format!("{}{}", if span.kind == SpanKind::Added { '+' } else { '-' }, span.text)
        })
        .collect()
}

const LAW: &str = "某办法\n第一条 为了规范管理，制定本办法。\n第二条 申请人应当在15个工作日内提交材料。\n\
    第三条 有下列情形之一的，不予受理：\n（一）材料不全；\n（二）超过期限。\n\
    第四条 违反第二条规定的，责令改正。\n第五条 本办法自2027年1月1日起施行。\n";

fn causes(diff: &Diff) -> Vec<(&str, Cause)> {
    diff.touches.iter().map(|touch| (touch.clause.as_str(), touch.cause)).collect()
}

#[test]
fn a_changed_word_is_a_change_of_its_clause() {
    let new = LAW.replace("15个工作日", "20个工作日");
    let diff = diff::texts(LAW, &new);
    assert_eq!(short(&diff.policy.changes), [(ChangeKind::Changed, "第二条", "第二条")]);
    assert_eq!(marked(&diff.policy.changes[0]), ["-15个工作日", "+20个工作日"]);
    assert_eq!(diff.policy.changes[0].after.as_ref().unwrap().line, 3);
    assert_eq!(causes(&diff), [("第二条", Cause::Figure)]);
    assert!(diff.voids.all && !diff.is_same);
}

#[test]
fn a_clause_put_in_renumbers_the_rest() {
    let new = LAW
        .replace("第五条", "第六条")
        .replace("第四条 违反第二条", "第五条 违反第三条")
        .replace("第三条 有", "第四条 有")
        .replace("第二条 申", "第二条 受理机关是区教育局。\n第三条 申");
    let diff = diff::texts(LAW, &new);
    assert_eq!(
        short(&diff.policy.changes),
        [
            (ChangeKind::Added, "", "第二条"),
            (ChangeKind::Moved, "第二条", "第三条"),
            (ChangeKind::Moved, "第三条", "第四条"),
            (ChangeKind::Moved, "第三条/（一）", "第四条/（一）"),
            (ChangeKind::Moved, "第三条/（二）", "第四条/（二）"),
            (ChangeKind::Changed, "第四条", "第五条"),
            (ChangeKind::Moved, "第五条", "第六条"),
        ]
    );
    // The reference was carried along, so that only its number differs: a figure to a machine.
    assert_eq!(causes(&diff), [("第二条", Cause::Added), ("第五条", Cause::Figure)]);
}

#[test]
fn a_reference_that_numbering_ran_away_from_is_pointed_at() {
    let new = LAW
        .replace("第五条", "第六条")
        .replace("第四条 违反", "第五条 违反")
        .replace("第三条 有", "第四条 有")
        .replace("第二条 申", "第二条 受理机关是区教育局。\n第三条 申");
    let diff = diff::texts(LAW, &new);
    assert_eq!(causes(&diff), [("第二条", Cause::Added), ("第五条", Cause::Reference)]);
}

#[test]
fn moves_within_a_clause_bind_nobody_and_moves_out_of_it_do() {
    let swapped =
        LAW.replace("（一）材料不全；\n（二）超过期限。", "（一）超过期限。\n（二）材料不全；");
    let diff = diff::texts(LAW, &swapped);
    assert_eq!(
        short(&diff.policy.changes),
        [
            (ChangeKind::Moved, "第三条/（二）", "第三条/（一）"),
            (ChangeKind::Moved, "第三条/（一）", "第三条/（二）"),
        ]
    );
    assert!(!diff.is_norm_touched && !diff.is_same, "{:?}", diff.touches);
    let out =
        LAW.replace("\n（二）超过期限。", "").replace("责令改正。", "责令改正。\n（一）超过期限。");
    let diff = diff::texts(LAW, &out);
    assert_eq!(
        short(&diff.policy.changes),
        [(ChangeKind::Moved, "第三条/（二）", "第四条/（一）")]
    );
    assert_eq!(causes(&diff), [("第四条/（一）", Cause::Place)]);
}

#[test]
fn what_binds_nobody_is_known_and_everything_else_is_in_doubt() {
    // 第一条 with one thing replaced; the cause, if any.
    for (old, new, cause) in [
        ("，制定", "、制定", None),
        ("规范管理", "规 范　管理", None),
        ("为了", "**为了**", None),
        ("规范管理", "规范的管理", Some(Cause::Words)),
        ("规范管理", "规范规范管理", Some(Cause::Words)),
        ("制定本办法", "制制定本办法", None),
        ("为了", "为", Some(Cause::Words)),
        ("管理", "管里", Some(Cause::Words)),
        ("为了规范", "应当规范", Some(Cause::Duty)),
        ("制定", "不制定", Some(Cause::Duty)),
        ("规范管理", "本市规范管理", Some(Cause::Scope)),
        ("规范管理", "除学校外规范管理", Some(Cause::Condition)),
        ("规范管理", "规范管理3年", Some(Cause::Figure)),
        ("规范管理", "规范管理三类", Some(Cause::Figure)),
    ] {
        let diff = diff::texts(LAW, &LAW.replacen(old, new, 1));
        let found: Vec<Cause> = diff.touches.iter().map(|touch| touch.cause).collect();
        assert_eq!(found, cause.into_iter().collect::<Vec<_>>(), "{old} → {new}");
        assert!(!diff.is_empty(), "{old} → {new}");
    }
    for (old, new, cause) in [
        ("15个", "１５个", None),
        ("15个", "十五个", None),
        ("15个", "1.5个", Some(Cause::Figure)),
        ("1月1日", "10月1日", Some(Cause::Effect)),
        ("不予受理", "可以受理", Some(Cause::Duty)),
        ("应当在", "可以在", Some(Cause::Duty)),
        ("责令改正", "责令整改", Some(Cause::Words)),
        ("某办法", "某规定", Some(Cause::Words)),
        ("（二）超过期限。\n", "", Some(Cause::Removed)),
    ] {
        let diff = diff::texts(LAW, &LAW.replacen(old, new, 1));
        let found: Vec<Cause> = diff.touches.iter().map(|touch| touch.cause).collect();
        assert_eq!(found, cause.into_iter().collect::<Vec<_>>(), "{old} → {new}");
    }
}

#[test]
fn a_decimal_point_is_no_punctuation() {
    for (old, new) in [("按1.5计", "按15计"), ("按1.5计", "按1，5计"), ("按3 5计", "按35计")]
    {
        let diff = diff::texts(&format!("一、{old}。\n"), &format!("一、{new}。\n"));
        assert_eq!(causes(&diff), [("一", Cause::Figure)], "{old} → {new}");
    }
}

#[test]
fn a_known_wrong_wording_put_right_binds_nobody() {
    let diff = diff::texts("一、要布署落实。\n", "一、要部署落实。\n");
    assert_eq!(diff.policy.changes.len(), 1);
    assert_eq!(causes(&diff), []);
    // Another word in its place, or the other way round, is in doubt.
    for (old, new) in [("布署", "步署"), ("部署", "布署"), ("公布的", "公部的")] {
        let diff = diff::texts(&format!("一、要{old}。\n"), &format!("一、要{new}。\n"));
        assert_eq!(causes(&diff), [("一", Cause::Words)], "{old} → {new}");
    }
}

#[test]
fn page_furniture_is_layout() {
    let diff = diff::texts(LAW, &LAW.replace("第三条", "- 2 -\n第三条"));
    assert!(diff.policy.is_layout_only && !diff.is_norm_touched && !diff.is_same);
    assert_eq!(diff.policy.changes, []);
}

const SETTINGS: &str = r#"
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

fn files(policy: &str, interpretation: &str, settings: &str) -> Files {
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
    assert_eq!(diff.stale.external[0].now, ["20工作日"]);
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

#[test]
fn a_case_names_the_steps_to_be_signed_again() {
    let step = |name: &str| Step {
        name: name.to_owned().try_into().unwrap(),
        role: "reviewer".to_owned().try_into().unwrap(),
    };
    let chain = Chain { schema: ChainSchema, steps: vec![step("review"), step("issue")] };
    let [old, new] = [LAW.to_owned(), LAW.replace("15", "16")]
        .map(|law| Revision::read(&files(&law, WORDS, SETTINGS)).unwrap());
    let case = Case { chain: &chain, sign_offs: &[] };
    let names = |diff: &Diff| diff.voids.steps.as_ref().unwrap().len();
    assert_eq!(names(&diff::revisions(&old, &new, Some(case))), 2);
    assert_eq!(names(&diff::revisions(&old, &old, Some(case))), 0);
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
}

/// What each unit says, without blanks and marks, as the diff counts them.
fn sequence(text: &str) -> Vec<String> {
    let document = Document::read(text);
    let units = document.units().iter();
    let units = units.filter(|unit| !matches!(unit.level, Level::Noise | Level::Contents));
    units
        .map(|unit| {
            let text = document.text_of(unit);
            let behind = text.find(&unit.mark).map_or(0, |at| at + unit.mark.len());
            let rest = text[behind..].trim_start_matches(|c: char| {
                is_blank(c) || (unit.mark.is_empty() && matches!(c, '#' | '>'))
            });
            bare(rest)
        })
        .collect()
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '*')
}

fn bare(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0).unwrap(),
        c => c,
    };
    text.chars().filter(|c| !is_blank(*c)).map(narrow).collect()
}

/// The earlier text's units with the changes applied.
fn apply(old: &str, changes: &[Change]) -> Vec<String> {
    let earlier = sequence(old);
    let says = |change: &Change, without: SpanKind| -> String {
        let spans = change.spans.iter().filter(|span| span.kind != without);
        bare(&spans.map(|span| span.text.as_str()).collect::<String>())
    };
    let mut kept: Vec<Option<String>> = earlier.iter().cloned().map(Some).collect();
    let mut put = std::collections::BTreeMap::new();
    for change in changes {
        if let Some(before) = &change.before {
            let was = kept[before.index].take().unwrap();
            assert_eq!(was, says(change, SpanKind::Added));
        }
        if let Some(after) = &change.after {
            assert!(put.insert(after.index, says(change, SpanKind::Removed)).is_none());
        }
    }
    let mut kept = kept.into_iter().flatten();
    let mut applied = vec![];
    loop {
        match put.remove(&applied.len()).or_else(|| kept.next()) {
            Some(unit) => applied.push(unit),
            None => return applied,
        }
    }
}

const PIECES: [&str; 24] = [
    "第一条 ",
    "第二条 ",
    "第三条 ",
    "一、",
    "（一）",
    "1.",
    "第一章 总则\n",
    "附件1\n",
    "\n",
    "\n",
    "\n",
    "\n",
    "申请人应当在15个工作日内提交材料。",
    "有下列情形之一的，不予受理：",
    "责令改正。",
    "材料不全；",
    "**",
    "　",
    "| a | b |",
    "- 2 -\n",
    "2027年1月1日",
    "见第一条第一款。",
    "目录\n",
    "# ",
];

fn made_of_pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[\\p{Han}，。；0-9. ０-９]{0,12}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_does_not_differ_from_itself(text in made_of_pieces()) {
        let diff = diff::texts(&text, &text);
        prop_assert!(diff.is_empty() && !diff.is_norm_touched, "{:?}", diff);
        prop_assert!(diff.policy.changes.is_empty() && !diff.policy.is_layout_only);
    }

    #[test]
    fn changes_applied_to_the_earlier_text_give_the_later(old in made_of_pieces(), new in made_of_pieces()) {
        let diff = diff::texts(&old, &new);
        prop_assert_eq!(apply(&old, &diff.policy.changes), sequence(&new));
        for change in &diff.policy.changes {
            let differs = change.spans.iter().any(|span| span.kind != SpanKind::Same);
            let empty = change.spans.is_empty();
            prop_assert!(empty || differs == (change.kind != ChangeKind::Moved), "{:?}", change);
        }
    }

    #[test]
    fn what_one_way_adds_the_other_way_removes(old in made_of_pieces(), new in made_of_pieces()) {
        let (there, back) = (diff::texts(&old, &new), diff::texts(&new, &old));
        let count = |diff: &Diff, kind| diff.policy.changes.iter().filter(|c| c.kind == kind).count();
        let units = |text: &str| sequence(text).len();
        prop_assert_eq!(there.is_same, back.is_same);
        for (diff, old, new) in [(&there, &old, &new), (&back, &new, &old)] {
            let (added, removed) = (count(diff, ChangeKind::Added), count(diff, ChangeKind::Removed));
            prop_assert_eq!(units(old) + added, units(new) + removed);
        }
    }

    #[test]
    fn a_clause_taken_out_is_removed_there_and_added_back(old in made_of_pieces(), at in 0..40_usize) {
        let lines: Vec<&str> = old.split_inclusive('\n').collect();
        let new: String = lines.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, l)| *l).collect();
        prop_assert_eq!(apply(&old, &diff::texts(&old, &new).policy.changes), sequence(&new));
        prop_assert_eq!(apply(&new, &diff::texts(&new, &old).policy.changes), sequence(&old));
    }

    #[test]
    fn any_two_bundles_get_an_answer(old in made_of_pieces(), new in made_of_pieces()) {
        let read = |one: &str, other: &str| Revision::read(&files(one, other, SETTINGS));
        if let (Ok(was), Ok(is)) = (read(&old, &new), read(&new, &old)) {
            let diff = diff::revisions(&was, &is, None);
            prop_assert_eq!(diff.is_same, old == new);
            prop_assert!(serde_json::to_string(&diff).is_ok());
        }
    }
}

/// The policy of entry 001; `None`, loudly, where there is no corpus.
fn real() -> Option<String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.exists() {
        let skipped = format!("SKIPPED: {} is not there\n", corpus.display());
        io::stderr().write_all(skipped.as_bytes()).unwrap();
        return None;
    }
    Some(fs::read_to_string(corpus.join("001-tax65-customs-zone-vat/policy.txt")).unwrap())
}

#[test]
fn a_real_policy_edited_in_one_place_differs_there_alone() {
    let Some(text) = real() else { return };
    let replaced = |old: &str, new: &str| {
        assert!(text.contains(old), "{old}");
        diff::texts(&text, &text.replacen(old, new, 1))
    };
    let digit = replaced("2016 年 11 月 1 日起施行", "2016 年 12 月 1 日起施行");
    assert_eq!(short(&digit.policy.changes), [(ChangeKind::Changed, "五", "五")]);
    assert_eq!(causes(&digit), [("五", Cause::Effect)]);
    let word = replaced("可自愿向试点区域", "应当向试点区域");
    assert_eq!(word.policy.changes.len(), 1);
    assert_eq!(causes(&word)[0].1, Cause::Duty);
    let point = replaced("继续按现行税收政策执行；", "继续按现行税收政策执行，");
    assert_eq!(short(&point.policy.changes), [(ChangeKind::Changed, "三", "三")]);
    assert!(!point.is_norm_touched);
    let typing = replaced("信息交换。", "信信息交换。");
    assert_eq!(short(&typing.policy.changes), [(ChangeKind::Changed, "四", "四")]);
    assert!(!typing.is_norm_touched, "{:?}", typing.touches);
    let layout = replaced("（三）销售的下列货物", "（三） 销售的 **下列货物**");
    assert!(layout.policy.is_layout_only, "{:?}", layout.policy);
}

#[test]
fn a_real_clause_moved_or_renumbered_is_found() {
    let Some(text) = real() else { return };
    let lines: Vec<&str> = text.lines().collect();
    let third = lines.iter().position(|line| line.starts_with("三、")).unwrap();
    assert!(lines[third + 1].starts_with("四、"));
    let mut swapped = lines.clone();
    let (one, other) =
        (lines[third].replace("三、", "四、"), lines[third + 1].replace("四、", "三、"));
    (swapped[third], swapped[third + 1]) = (&other, &one);
    let diff = diff::texts(&text, &swapped.join("\n"));
    let kinds: Vec<_> = short(&diff.policy.changes);
    assert_eq!(kinds, [(ChangeKind::Moved, "四", "三"), (ChangeKind::Moved, "三", "四")]);
    assert!(!diff.is_norm_touched, "{:?}", diff.touches);
    let put_in = text
        .replace("五、本公告", "六、本公告")
        .replace("四、税务、", "五、税务、")
        .replace("三、区外", "三、试点期限为两年。\n四、区外");
    let diff = diff::texts(&text, &put_in);
    assert_eq!(
        short(&diff.policy.changes),
        [
            (ChangeKind::Added, "", "三"),
            (ChangeKind::Moved, "三", "四"),
            (ChangeKind::Moved, "四", "五"),
            (ChangeKind::Moved, "五", "六"),
        ]
    );
    assert_eq!(causes(&diff), [("三", Cause::Added)]);
    let back = diff::texts(&put_in, &text);
    assert_eq!(back.policy.changes.iter().filter(|c| c.kind == ChangeKind::Removed).count(), 1);
}

#[test]
fn long_texts_are_compared() {
    // One line of 200,000 characters, and as many clauses that say the same.
    for (old, new) in [
        ("甲乙丙丁".repeat(50_000), "甲丙乙丁".repeat(50_000)),
        ("一、材料不全。\n".repeat(20_000), "一、材料不齐。\n".repeat(20_000)),
    ] {
        assert!(diff::texts(&old, &new).is_norm_touched);
    }
}
