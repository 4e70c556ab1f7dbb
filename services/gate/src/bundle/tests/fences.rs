//! Charts that the interpretation declares where they stand.

use super::*;

const FENCE: &str = "```chart\nid = \"b\"\nkind = \"bar\"\nheadline = \"甲有1元\"\nsubtitle = \"乙\"\n\
                     unit = \"元\"\nsource = \"某局\"\ndata = \"data/a.csv\"\ncategory = \"类\"\nvalue = \"值\"\n```\n";

fn written(interpretation: &str) -> Files {
    with("interpretation.md", interpretation.as_bytes())
}

/// Code, member, line and column of each finding.
fn places(files: &Files) -> Vec<(String, String, Option<u32>, Option<u32>)> {
    let findings = match read(files) {
        Ok(content) => content.warnings,
        Err(findings) => findings,
    };
    let place = |f: Finding| (f.code, f.member.unwrap_or_default(), f.line, f.column);
    findings.into_iter().map(place).collect()
}

fn has(files: &Files, code: &str, member: &str, line: u32) -> bool {
    places(files).iter().any(|(c, m, l, _)| c == code && m == member && *l == Some(line))
}

#[test]
fn a_fenced_chart_is_one_of_the_bundles_and_keeps_every_line() {
    let text = format!("# 解读\n说明。\n{FENCE}结尾。\n");
    let content = read(&written(&text)).unwrap();
    let ids: Vec<_> = content.settings.charts.iter().map(|chart| chart.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    let placed = String::from_utf8(content.files["interpretation.md"].clone()).unwrap();
    assert_eq!(placed.lines().count(), text.lines().count());
    assert_eq!(
        placed.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>(),
        ["# 解读", "说明。", "![图表](chart:b)", "结尾。"]
    );
    let last = |text: &str| text.lines().position(|line| line == "结尾。");
    assert_eq!(last(&placed), last(&text));
    // An image needs a blank line on either side to be a paragraph of its own.
    assert!(placed.contains("\n\n![图表](chart:b)\n\n"), "{placed}");
}

#[test]
fn a_chart_that_is_declared_again_is_told_where_it_is() {
    let text = format!("# 解读\n说明。\n{}结尾。\n", FENCE.replace("\"b\"", "\"a\""));
    let content = read(&written(&text)).unwrap();
    let told = codes::MANIFEST.about("图表 chart a：编号重复 the id repeats");
    let placed = content.place(vec![told]).remove(0);
    assert_eq!((placed.member.as_deref(), placed.line), (Some("interpretation.md"), Some(4)));
}

#[test]
fn a_mark_with_more_behind_it_or_in_capitals_is_one() {
    for mark in ["```Chart", "```chart 各类", "~~~chart"] {
        let text = format!("# 解读\n说明。\n{}", FENCE.replacen("```chart", mark, 1));
        let text = if mark.starts_with('~') { text.replace("\n```\n", "\n~~~\n") } else { text };
        assert_eq!(read(&written(&text)).unwrap().settings.charts.len(), 2, "{mark}");
    }
}

#[test]
fn line_ends_of_windows_and_files_without_a_last_line_end_are_read() {
    let text = format!("# 解读\n说明。\n\n{FENCE}").replace('\n', "\r\n");
    let mut files = written(&text);
    files.insert("bundle.toml".to_owned(), TOML.trim_end().as_bytes().to_vec());
    assert_eq!(read(&files).unwrap().settings.charts.len(), 2);
}

#[test]
fn several_fences_are_placed_each_where_it_stands() {
    let second = FENCE.replace("\"b\"", "\"c\"");
    let text = format!("# 解读\n说明。\n\n{FENCE}\n中间。\n\n{second}\n```chart\nid = 1\n```\n");
    let files = written(&text);
    // The broken one is told where its key stands.
    let line = u32::try_from(text.lines().position(|line| line == "id = 1").unwrap()).unwrap() + 1;
    assert!(has(&files, "TS001", "interpretation.md", line), "{:?}", places(&files));
    let unreadable = open(&files).findings.into_iter().find(|f| f.code == "TS001").unwrap();
    assert!(unreadable.message.starts_with("解读中的图表"), "{unreadable:?}");
    let opened = open(&files);
    let placed = String::from_utf8(opened.files["interpretation.md"].clone()).unwrap();
    let at = |mark: &str| placed.lines().position(|line| line.contains(mark));
    assert!(at("chart:b") < at("中间。") && at("中间。") < at("chart:c"), "{placed}");
    assert_eq!(at("中间。"), text.lines().position(|line| line == "中间。"));
}

#[test]
fn what_is_wrong_in_a_fence_is_told_where_it_stands() {
    for (change, to, code, line) in [
        // The opening mark stands in line 3.
        ("kind = \"bar\"", "kind = \"pie\"", "TS001", 5),
        ("unit = \"元\"\n", "", "TS001", 3),
        ("unit = \"元\"", "unit = \"元\"\ncolour = \"red\"", "TS001", 9),
        ("甲有1元", "甲增长65%", "TS123", 6),
        ("subtitle = \"乙\"", "subtitle = \"电话13800000000\"", "TS603", 7),
        ("subtitle = \"乙\"", "subtitle = \"机密★10年\"", "TS601", 7),
    ] {
        let text = format!("# 解读\n说明。\n{}", FENCE.replace(change, to));
        let files = written(&text);
        assert!(has(&files, code, "interpretation.md", line), "{to}: {:?}", places(&files));
    }
    let nested = format!("# 解读\n说明。\n\n> {}", FENCE.trim_end().replace('\n', "\n> "));
    assert!(
        has(&written(&nested), "TS001", "interpretation.md", 4),
        "{:?}",
        places(&written(&nested))
    );
    let unclosed = written(&format!("# 解读\n说明。\n{}结尾。\n", FENCE.replace("```\n", "")));
    assert!(has(&unclosed, "TS001", "interpretation.md", 3), "{:?}", places(&unclosed));
}

#[test]
fn a_chart_in_the_policy_is_refused() {
    let policy = format!("# 关于示例的通知\n{{{{文号}}}}\n正文。\n{FENCE}");
    assert!(has(&with("policy.md", policy.as_bytes()), "TS008", "policy.md", 4));
}

#[test]
fn fences_of_other_kinds_stay_as_they_are() {
    let text = "# 解读\n说明。\n\n```\nchart\n```\n\n~~~text\nid = \"b\"\n~~~\n";
    let content = read(&written(text)).unwrap();
    assert_eq!(content.files["interpretation.md"], text.as_bytes());
}

#[test]
fn what_a_chart_says_otherwise_names_the_policys_place() {
    let mut files =
        written(&format!("# 解读\n说明。\n{}", FENCE.replace("甲有1元", "收费标准为800元")));
    let policy = "关于示例工作的通知\n\n一、收费标准为500元。\n";
    files.insert("policy.md".to_owned(), policy.as_bytes().to_vec());
    let found = read(&files).map_or_else(|found| found, |content| content.warnings);
    let other = found.iter().find(|finding| finding.code == "TS121").unwrap();
    assert!(other.message.ends_with("800元 ≠ 500元（policy.md:3）"), "{}", other.message);
}
