//! Properties of the difference of any two texts.

use lockstep_gate::{
    diff::{self, Change, ChangeKind, Diff, Revision, SpanKind},
    document::{Document, Level},
};
use proptest::prelude::*;

use super::bundles::{SETTINGS, files};

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

#[test]
fn long_texts_are_compared() {
    // One line of 200,000 characters, and as many clauses that say the same.
    for (old, new) in [
        ("甲乙丙丁".repeat(50_000), "甲丙乙丁".repeat(50_000)),
        (format!("一、{}。", "甲".repeat(30_000)), format!("一、{}乙。", "甲".repeat(40_000))),
        ("一、材料不全。\n".repeat(20_000), "一、材料不齐。\n".repeat(20_000)),
    ] {
        let diff = diff::texts(&old, &new);
        assert!(diff.is_norm_touched);
        assert!(apply(&old, &diff.policy.changes) == sequence(&new));
    }
}
