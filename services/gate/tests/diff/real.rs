//! A real policy, edited. Skipped, loudly, where the corpus is not beside the project.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use lockstep_gate::diff::{self, Cause, ChangeKind};

use super::{causes, short};

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
