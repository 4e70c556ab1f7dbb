//! What is stated in `bundle.toml`, and where a finding says it stands.

use super::*;

/// The findings about statements that are added to the good folder, by code, line and column.
fn said_of(statements: &str) -> Vec<(String, u32, u32)> {
    let found = read(&with("bundle.toml", format!("{TOML}{statements}").as_bytes()));
    let found = found.map_or_else(|found| found, |content| content.warnings);
    let lines = u32::try_from(TOML.lines().count()).unwrap();
    found
        .into_iter()
        .filter(|finding| finding.member.as_deref() == Some(SETTINGS))
        .map(|finding| (finding.code, finding.line.unwrap() - lines, finding.column.unwrap()))
        .collect()
}

#[test]
fn a_statement_that_names_nothing_is_pointed_at() {
    let statements = r#"[[link]]
unit = "九"
clauses = ["前言", "八"]
[[waiver]]
clauses = ["七"]
reason = "印发语"
[[element]]
element = "terms"
unit = "六"
"#;
    let at = |line, column| ("TS130".to_owned(), line, column);
    assert_eq!(said_of(statements), [at(2, 8), at(3, 18), at(5, 12), at(9, 8)]);
}

#[test]
fn a_statement_without_a_reason_is_pointed_at() {
    let statements = r#"[[waiver]]
clauses = ["前言"]
reason = "见附件"
[[element]]
element = "terms"
[[element]]
element = "notes"
not_applicable = "略"
[[external]]
figure = "600元"
source = "无"
"#;
    let at = |line, column| ("TS131".to_owned(), line, column);
    assert_eq!(said_of(statements), [at(3, 10), at(4, 1), at(8, 18), at(11, 10)]);
    let statements = r#"[[repealed]]
title = "关于另一事项的通知"
by = "无"
[[chart]]
id = "b"
kind = "bar"
headline = "甲"
subtitle = ""
unit = "元"
source = "略"
data = "data/a.csv"
category = "类"
value = "值"
"#;
    let said: Vec<_> = said_of(statements).into_iter().filter(|said| said.0 == "TS131").collect();
    assert_eq!(said, [at(3, 6), at(10, 10)]);
}

#[test]
fn a_source_that_says_too_little_is_not_said_to_be_missing() {
    let settings = TOML.replace("source = \"某局\"", "source = \"局\"");
    let found = read(&with("bundle.toml", settings.as_bytes())).unwrap_err();
    let found = found.into_iter().find(|found| found.code == "TS131").unwrap();
    assert!(found.message.contains("太简略：a：“局”"), "{}", found.message);
    let settings = TOML.replace("source = \"某局\"", "source = \"\"");
    let found = read(&with("bundle.toml", settings.as_bytes())).unwrap_err();
    let found = found.into_iter().find(|found| found.code == "TS131").unwrap();
    assert_eq!(found.message, "缺少理由或来源：a");
}

#[test]
fn an_entry_is_a_source_for_one_figure() {
    let said = |figure: &str| {
        let text = "# 解读\n\n发500元，发600元，发3至5万元。\n";
        let external =
            format!("{TOML}[[external]]\nfigure = \"{figure}\"\nsource = \"区统计局\"\n");
        let mut files = with("interpretation.md", text.as_bytes());
        files.insert(SETTINGS.to_owned(), external.into_bytes());
        let found = read(&files).unwrap().warnings.into_iter();
        found
            .filter(|found| found.code == "TS120")
            .map(|found| found.message_en)
            .collect::<String>()
    };
    assert!(said("500元").ends_with(": 600元、3至5万元"), "{}", said("500元"));
    assert!(said("500元、600元").ends_with(": 600元、3至5万元"), "{}", said("500元、600元"));
    assert!(said("3至5万元").ends_with(": 500元、600元"), "{}", said("3至5万元"));
}

#[test]
fn an_interpretation_of_fillers_is_empty() {
    for text in [
        "略",
        "**略**",
        "详见政策原文。",
        "解读稍后发布。",
        "无",
        "# 《通知》解读\n\n本解读正在编写中，敬请期待。\n",
        "本文件内容清楚，无需解读。",
        "解读内容将在施行后补充发布。",
        "已阅，无意见。",
        "# 解读\n\n请看下图。\n",
        "# 《》政策解读\n\n| 对象 |  |\n| --- | --- |\n| 咨询电话 |  |\n\n## 一、背景依据\n\n## 二、主要内容\n",
        "《通知》政策解读\n\n一、背景依据\n\n二、主要内容\n\n×××\n",
    ] {
        let found = said(&with("interpretation.md", text.as_bytes()));
        assert!(found.contains(&"TS006 interpretation.md".to_owned()), "{text}: {found:?}");
    }
    assert!(said(&with("interpretation.md", "# 解读\n\n不收费。\n".as_bytes())).is_empty());
}

#[test]
fn a_statement_about_nothing_is_pointed_at() {
    let statements = r#"[[external]]
figure = "若干"
source = "http://"
[[link]]
unit = "全文"
clauses = []
[[external]]
figure = "600元"
source = "https://www.example.org/a"
"#;
    let at = |line, column| ("TS131".to_owned(), line, column);
    let mut said = said_of(statements);
    said.retain(|(code, ..)| code == "TS131");
    said.sort();
    assert_eq!(said, [at(2, 10), at(3, 10), at(6, 11)]);
}

#[test]
fn a_ground_for_disclosure_is_none_against_it() {
    let regulation = "《中华人民共和国政府信息公开条例》";
    for (articles, warns) in [
        ("第十四条", true),
        ("第十六条", true),
        ("第二十条第（一）项", false),
        ("第十五条、第十九条", false),
    ] {
        let settings =
            TOML.replace("ground = \"第二十条\"", &format!("ground = \"{regulation}{articles}\""));
        assert_ne!(settings, TOML);
        let mut files = with("interpretation.md", "# 解读\n\n不收费。\n".as_bytes());
        files.insert(SETTINGS.to_owned(), settings.into_bytes());
        let found = read(&files).unwrap().warnings;
        assert_eq!(found.iter().any(|finding| finding.code == "TS131"), warns, "{articles}");
    }
}

#[test]
fn a_reason_that_gives_none_only_warns() {
    for (reason, warns) in [
        ("就这样。", true),
        ("asdf", true),
        ("领导说不用", true),
        ("印发语", false),
        ("无须解读", false),
    ] {
        let waiver = format!("{TOML}[[waiver]]\nclauses = [\"前言\"]\nreason = \"{reason}\"\n");
        let warnings = read(&with("bundle.toml", waiver.as_bytes())).unwrap().warnings;
        assert_eq!(warnings.iter().any(|found| found.code == "TS131"), warns, "{reason}");
    }
}
