//! The difference of two revisions: tables on small texts, properties on any, and a real policy.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod anything;
mod bundles;
mod real;

use lockstep_gate::diff::{self, Cause, Change, ChangeKind, Diff, SpanKind};

/// Kind, path before, path after of every change.
fn short(changes: &[Change]) -> Vec<(ChangeKind, &str, &str)> {
    changes
        .iter()
        .map(|change| {
            let [before, after] = [&change.before, &change.after]
                .map(|place| place.as_ref().map_or("", |place| place.path.as_str()));
            (change.kind, before, after)
        })
        .collect()
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
    // Back again: of the two that changed places, the article kept its own.
    let back = diff::texts(&out, LAW);
    assert_eq!(
        short(&back.policy.changes),
        [(ChangeKind::Moved, "第四条/（一）", "第三条/（二）")]
    );
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
    for (old, new) in [
        ("按1.5计", "按15计"),
        ("按1.5计", "按1，5计"),
        ("按3 5计", "按35计"),
        ("按3：5计", "按3、5计"),
    ] {
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
fn a_single_character_between_two_changes_goes_with_them() {
    let diff = diff::texts("一、由区局办理。\n", "一、由市局受理。\n");
    // 局 stands between 区 and 办, 理 stays.
    assert_eq!(marked(&diff.policy.changes[0]), ["-区局办", "+市局受"]);
}

#[test]
fn page_furniture_is_layout() {
    let diff = diff::texts(LAW, &LAW.replace("第三条", "- 2 -\n第三条"));
    assert!(diff.policy.is_layout_only && !diff.is_norm_touched && !diff.is_same);
    assert_eq!(diff.policy.changes, []);
    assert!(diff::texts(LAW, &LAW.replace("15", "１５")).policy.is_layout_only);
}
