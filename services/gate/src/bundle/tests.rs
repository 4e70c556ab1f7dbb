//! Folders good and bad.

use super::*;

mod attached;
mod beneath;
mod beside;
mod fences;
mod statements;
mod totals;
mod workbooks;

const TOML: &str = r#"
title = "关于示例的通知"
slots = ["文号"]
drafters = ["lin"]
[agencies]
drafting = ["示例局办公室"]
issuing = ["示例局"]
publishing = "示例局"
[disclosure]
attribute = "proactive"
ground = "第二十条"
[companion]
type = "own"
[plan]
purpose = "说明"
scope = "全文"
procedure = "同步"
form = "文字"
[[chart]]
id = "a"
kind = "bar"
headline = "甲"
subtitle = "乙"
unit = "元"
source = "某局"
data = "data/a.csv"
category = "类"
value = "值"
[order]
not_before = "2027-01-01T00:00:00+08:00"
not_after = "2027-01-08T00:00:00+08:00"
required = ["portal"]
"#;

fn files() -> Files {
    [
        ("bundle.toml", TOML),
        ("policy.md", "# 关于示例的通知\n{{文号}}\n正文。\n"),
        ("interpretation.md", "# 解读\n说明。\n"),
        ("data/a.csv", "类,值\n甲,1\n"),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .collect()
}

fn with(path: &str, bytes: &[u8]) -> Files {
    let mut files = files();
    files.insert(path.to_owned(), bytes.to_vec());
    files
}

/// Everything that is said of the files, warnings too. How the texts stand to one another has tests
/// of its own (`tests/mutations.rs`).
fn said(files: &Files) -> Vec<String> {
    let place = |f: Finding| {
        let line = f.line.map_or(String::new(), |line| format!(":{line}"));
        format!("{} {}{line}", f.code, f.member.unwrap_or_default())
    };
    read(files)
        .map_or_else(|found| found, |content| content.warnings)
        .into_iter()
        .filter(|finding| {
            !("TS117".."TS141").contains(&finding.code.as_str()) || finding.code == "TS124"
        })
        .map(place)
        .collect()
}

#[test]
fn a_good_folder_is_read() {
    let content = read(&files()).unwrap();
    assert_eq!(content.held().len(), 3);
    assert_eq!(content.pairing.explains, None);
}

#[test]
fn paths_that_lead_out_or_have_no_place_are_refused() {
    for path in [
        "../x.md",
        "/etc/passwd",
        "attachments/../x",
        "attachments/a/b.txt",
        "data/a.ods",
        "rendered/policy.html",
        "notes.txt",
        "attachments/.htaccess",
        "attachments/x.php",
        "attachments/x.html",
        "attachments\\x.txt",
        "attachments/",
        "政策.docx",
    ] {
        let said = said(&with(path, b"x"));
        assert!(said.contains(&format!("TS004 {path}")), "{path:?}: {said:?}");
    }
    assert_eq!(said(&with("attachments/A.txt", b"x")), Vec::<String>::new());
    let mut clash = with("attachments/A.txt", b"x");
    clash.insert("attachments/a.txt".to_owned(), b"x".to_vec());
    assert_eq!(said(&clash), ["TS004 attachments/a.txt"]);
    assert_eq!(said(&with("policy.txt", b"x")), ["TS004 "]);
}

#[test]
fn what_cannot_be_read_names_file_and_line() {
    let unknown = TOML.replacen("title =", "titel =", 1);
    assert_eq!(said(&with("bundle.toml", unknown.as_bytes())), ["TS001 bundle.toml:2"]);
    // Longer than any number can be written.
    let long = format!("headline = \"1.{}\"", "0".repeat(65_536));
    let long = TOML.replacen("headline = \"甲\"", &long, 1);
    assert_eq!(said(&with("bundle.toml", long.as_bytes())), ["TS001 bundle.toml:22"]);
    let cell = format!("类,值\n甲,1\n{},2\n", "乙".repeat(TEXT_CHARS_MAX + 1));
    assert_eq!(said(&with("data/a.csv", cell.as_bytes())), ["TS007 data/a.csv:3"]);
    let latin = b"# caf\xe9 au lait\n";
    assert_eq!(said(&with("interpretation.md", latin)), ["TS003 interpretation.md:1"]);
    assert_eq!(said(&with("interpretation.md", b"a\n\0")), ["TS003 interpretation.md:2"]);
    assert_eq!(said(&with("interpretation.md", b" \n")), ["TS006 interpretation.md"]);
    let slot = "{{文号}}\n{{编号}}\n".as_bytes();
    assert_eq!(said(&with("policy.md", slot)), ["TS110 policy.md:2"]);
    assert_eq!(
        said(&with("data/a.csv", "类,值\n甲,1\n乙,约2\n".as_bytes())),
        ["TS007 data/a.csv:3"]
    );
    assert_eq!(said(&with("data/a.csv", "类,数\n甲,1\n".as_bytes())), ["TS007 data/a.csv:1"]);
    let mut missing = files();
    missing.remove("data/a.csv");
    missing.remove("policy.md");
    assert_eq!(said(&missing), ["TS110 bundle.toml", "TS002 data/a.csv", "TS002 "]);
    assert_eq!(said(&Files::new()), ["TS002 bundle.toml", "TS002 "]);
}

#[test]
fn braces_that_make_no_slot_are_refused_where_they_stand() {
    let policy = "# 关于示例的通知\n{{文号}}\n";
    for (broken, line) in
        [("{{文号}", 3), ("{文号}}", 3), ("{{ 文号 }}", 3), ("\n{成文日期}", 4), ("{{索引号", 3)]
    {
        let text = format!("{policy}{broken}\n正文。\n");
        let expected = [format!("TS110 policy.md:{line}")];
        assert_eq!(said(&with("policy.md", text.as_bytes())), expected, "{broken:?}");
    }
    let title = TOML.replacen("关于示例的通知", "关于{{文号}的通知", 1);
    assert_eq!(said(&with("bundle.toml", title.as_bytes())), ["TS110 bundle.toml"]);
}

#[test]
fn a_slot_within_what_it_stands_for_is_refused_and_a_blank_is() {
    for line in ["示建规〔2027〕{{文号}}号", "{{文号}}号", "示建规〔2027〕　号"] {
        let text = format!("# 关于示例的通知\n{{{{文号}}}}\n{line}\n正文。\n");
        assert_eq!(said(&with("policy.md", text.as_bytes())), ["TS110 policy.md:3"], "{line}");
    }
}

#[test]
fn a_slot_in_what_is_drawn_is_refused() {
    for (key, value) in [
        ("drafting", "[\"{{文号}}\"]"),
        ("issuing", "[\"示例局\", \"{{文号}}\"]"),
        ("lead", "\"{{文号}}\""),
        ("joint", "[\"{{文号}}\"]"),
        ("publishing", "\"{{文号}}\""),
    ] {
        let mut settings: toml::Table = TOML.parse().unwrap();
        let agencies = settings["agencies"].as_table_mut().unwrap();
        let value: toml::Table = format!("{key} = {value}").parse().unwrap();
        agencies.extend(value);
        let settings = settings.to_string();
        assert_eq!(said(&with("bundle.toml", settings.as_bytes())), ["TS110 bundle.toml"], "{key}");
    }
    let number = TOML.replacen("title =", "number = \"{{索引号}}\"\ntitle =", 1);
    assert_eq!(said(&with("bundle.toml", number.as_bytes())), ["TS110 bundle.toml"]);
}

#[test]
fn a_slot_in_data_is_refused_where_it_stands() {
    let findings = read(&with("data/a.csv", "类,值\n甲,1\n{{文号}},2\n".as_bytes())).unwrap_err();
    let slot = findings.iter().find(|finding| finding.code == "TS110").unwrap();
    assert_eq!((slot.member.as_deref(), slot.line), (Some("data/a.csv"), Some(3)));
}

#[test]
fn a_slot_that_is_broken_in_data_or_a_chart_is_refused() {
    for row in ["{文号}", "{{文号}", "\"{\"{文号}}", "\"{{文\"号}}"] {
        let data = format!("类,值\n甲,1\n{row},2\n");
        let findings = read(&with("data/a.csv", data.as_bytes())).unwrap_err();
        let slot = findings.iter().find(|finding| finding.code == "TS110").unwrap();
        assert_eq!((slot.member.as_deref(), slot.line), (Some("data/a.csv"), Some(3)), "{row}");
    }
    let category = TOML.replacen("category = \"类\"", "category = \"{文号}\"", 1);
    let mut files = with("bundle.toml", category.as_bytes());
    files.insert("data/a.csv".to_owned(), "{文号},值\n甲,1\n".into());
    assert_eq!(said(&files), ["TS110 bundle.toml", "TS110 data/a.csv:1"]);
}

#[test]
fn a_slot_stands_in_the_policy_s_own_words() {
    let policy = |words: &str| format!("# 关于示例的通知\n{words}\n正文。\n");
    for (words, expected) in [
        ("**{{文号}}**", &[][..]),
        ("[{{文号}}](https://example.org)", &[]),
        ("无", &["TS110 policy.md"]),
        ("[通知](https://example.org/{{文号}})", &["TS110 policy.md"]),
    ] {
        let mut files = with("policy.md", policy(words).as_bytes());
        files.insert("interpretation.md".to_owned(), "# 解读\n见{{文号}}。\n".into());
        assert_eq!(said(&files), expected, "{words}");
    }
}

#[test]
fn bare_figures_are_said_and_let_through() {
    let bare = TOML.replace("unit = \"元\"", "unit = \"\"");
    // What was measured and when is no unit of these.
    assert_eq!(said(&with("bundle.toml", bare.as_bytes())), ["TS023 bundle.toml:24"]);
    for kind in ["column", "line", "donut", "area"] {
        let bare = bare.replace("\"bar\"", &format!("\"{kind}\""));
        assert_eq!(said(&with("bundle.toml", bare.as_bytes())), ["TS023 bundle.toml:24"], "{kind}");
    }
    let cards = bare.replace("\"bar\"", "\"cards\"");
    assert_eq!(said(&with("bundle.toml", cards.as_bytes())), [""; 0]);
    for subtitle in ["2025年（亿元）", "单位：亿元", "2025年价格指数", "参保人数"]
    {
        let named = bare.replace("subtitle = \"乙\"", &format!("subtitle = \"{subtitle}\""));
        assert_eq!(said(&with("bundle.toml", named.as_bytes())), [""; 0], "{subtitle}");
    }
    let bare = bare.replace("subtitle = \"乙\"", "subtitle = \" \"");
    assert_eq!(said(&with("bundle.toml", bare.as_bytes())), ["TS023 bundle.toml:24"]);
    let headed = bare.replace("value = \"值\"", "value = \"值（元）\"");
    let mut files = with("bundle.toml", headed.as_bytes());
    files.insert("data/a.csv".to_owned(), "类,值（元）\n甲,1\n".into());
    assert_eq!(said(&files), [""; 0]);
}

#[test]
fn findings_of_another_process_are_bounded() {
    let one = crate::codes::NO_PICTURE.finding();
    assert_eq!(bound(vec![one.clone(); 20]), vec![one.clone(); 20]);
    let long = Finding { message: "长".repeat(1 << 20), ..one };
    let bounded = bound(vec![long; 1000]);
    let bytes = serde_json::to_string(&bounded).unwrap().len();
    assert!(!bounded.is_empty() && bytes < 512 << 10, "{bytes}");
    assert!(bounded.iter().all(|found| found.message.ends_with("长…")));
}

#[test]
fn columns_of_a_chart_are_told_apart() {
    let said = |csv: &str, value: &str| {
        let mut files = with("data/a.csv", csv.as_bytes());
        let settings = TOML.replace("value = \"值\"", &format!("value = \"{value}\""));
        files.insert("bundle.toml".to_owned(), settings.into_bytes());
        let found = read(&files).err().unwrap_or_default();
        found.iter().find(|f| f.code == "TS007").map(|f| f.message.clone()).unwrap_or_default()
    };
    assert!(said("类,值,值\n甲,1,2\n", "值").contains("出现两次"));
    assert!(said("类,值\n1,2\n", "类").contains("不能又是"));
    assert_eq!(said("类,值,注,注\n甲,1,2,3\n", "值"), "");
}

#[test]
fn a_chart_that_cannot_be_placed_is_refused_where_it_stands() {
    let interpretation = |id: &str| format!("# 解读\n\n![图](chart:{id})\n");
    assert_eq!(said(&with("interpretation.md", interpretation("a").as_bytes())), [""; 0]);
    let other = interpretation("b");
    assert_eq!(said(&with("interpretation.md", other.as_bytes())), ["TS008 interpretation.md:3"]);
    let listed = "# 解读\n\n- ![图](chart:a)\n".as_bytes();
    assert_eq!(said(&with("interpretation.md", listed)), ["TS008 interpretation.md:3"]);
    // The explainer draws into the interpretation alone.
    let policy = "# 关于示例的通知\n{{文号}} ![图](chart:a)\n".as_bytes();
    assert_eq!(said(&with("policy.md", policy)), ["TS008 policy.md:2"]);
    let mut plain = with("interpretation.txt", other.as_bytes());
    plain.remove("interpretation.md");
    assert_eq!(said(&plain), [""; 0], "a plain text places nothing");
}

#[test]
fn notes_that_readers_cannot_follow_are_said_and_let_through() {
    let text = "# 解读\n见注[^2]。\n\n[^1]: 甲\n\n[^1]: 乙\n";
    let files = with("interpretation.md", text.as_bytes());
    assert!(read(&files).is_ok());
    assert_eq!(said(&files), ["TS021 interpretation.md:2", "TS021 interpretation.md:6"]);
    let right = text.replace("[^2]", "[^1]").replace("\n\n[^1]: 乙", "");
    assert_eq!(said(&with("interpretation.md", right.as_bytes())), [""; 0]);
}

#[test]
fn a_long_address_is_said_by_its_beginning() {
    let text = format!("# 解读\n[甲](x/{})\n", "长".repeat(5000));
    let content = read(&with("interpretation.md", text.as_bytes())).unwrap();
    let dead = content.warnings.into_iter().find(|found| found.code == "TS009").unwrap();
    assert!(dead.message.chars().count() < 150 && dead.message.ends_with('…'), "{dead:?}");
}

#[test]
fn what_leads_nowhere_is_said_and_let_through() {
    let text = "# 解读\n见[附件](attachments/x.txt)、[网站](https://example.org)。\n\n![](x.png)\n";
    let files = with("interpretation.md", text.as_bytes());
    assert!(read(&files).is_ok());
    assert_eq!(said(&files), ["TS009 interpretation.md:2", "TS009 interpretation.md:4"]);
    // Where the profile wants more, it is not.
    let (strict, _) = profile::find("strict").unwrap();
    let refused =
        read_under(Rules { profile: Some(&strict), ..Rules::default() }, &files).unwrap_err();
    let refused = refused.findings;
    assert!(refused.iter().all(|finding| finding.severity == Severity::Block), "{refused:?}");
}

#[test]
fn the_policy_again_is_no_interpretation() {
    let policy = files().remove("policy.md").unwrap();
    let same = ["\u{feff}\n".as_bytes(), &policy, b"\n\n"].concat();
    assert_eq!(said(&with("interpretation.md", &same)), ["TS114 interpretation.md:1"]);
}

#[test]
fn personal_data_is_found_in_every_member_that_reads_as_text() {
    let id = "甲\n身份证11010519491231002X\n";
    for path in ["attachments/a.txt", "attachments/a.csv", "data/b.csv", "interpretation.md"] {
        assert_eq!(said(&with(path, id.as_bytes())), [format!("TS602 {path}:2")]);
    }
    let gbk = b"\xd5\xfe\xb2\xdf\n11010519491231002X\n";
    assert_eq!(said(&with("attachments/a.txt", gbk)), ["TS602 attachments/a.txt:2"]);
    let unseen = said(&with("attachments/a.pdf", id.as_bytes()));
    assert_eq!(unseen, ["TS016 attachments/a.pdf"], "no text");
    let title = TOML.replacen("关于示例的通知", "关于13800138000的通知", 1);
    assert_eq!(said(&with(SETTINGS, title.as_bytes())), ["TS603 bundle.toml:2"]);
    let named = "姓名,学号\n张三,20190101\n";
    let path = "attachments/a.csv";
    let told =
        ["TS605 attachments/a.csv:2", "TS606 attachments/a.csv:1", "TS606 attachments/a.csv:1"];
    assert_eq!(said(&with(path, named.as_bytes())), told);
}

#[test]
fn wording_is_said_of_both_texts_by_line_and_stops_nothing() {
    let dated = TOML.replacen("drafters", "written_on = \"2017年1月5日\"\ndrafters", 1);
    let text = "# 解读\n\n开立帐户，环境保护部。\n\n《关于示列的公告》\n\n《关于某某示例的通知》\n";
    let mut files = with("interpretation.md", text.as_bytes());
    assert!(read(&files).is_ok());
    let words = ["TS501 interpretation.md:3", "TS502 interpretation.md:3"];
    assert_eq!(said(&files), words);
    files.insert(SETTINGS.to_owned(), dated.into_bytes());
    assert_eq!(said(&files), words[..1], "the name was right then");
    let policy = "# 关于示例的通知\n{{文号}}\n正文。\n\n（未完\n".as_bytes();
    assert_eq!(said(&with("policy.md", policy)), ["TS503 policy.md:5"]);
    let column = |text: &str| {
        let content = read(&with("interpretation.md", text.as_bytes())).unwrap();
        content.warnings.iter().find(|found| found.code == "TS501").unwrap().column
    };
    assert_eq!(column("# 解读\n\n开立帐户。\n"), Some(3), "in characters");
    assert_eq!(column("\u{feff}帐户。\n"), Some(1), "a byte order mark is none");
    let named = TOML.replacen("关于示例的通知", "关于某区校外实践的通知", 1);
    let mut files = with("interpretation.md", "《关于某区校外实线的通知》\n".as_bytes());
    files.insert(SETTINGS.to_owned(), named.into_bytes());
    assert_eq!(said(&files), ["TS504 interpretation.md:1"]);
}

#[test]
fn figures_without_a_source_are_said_once_for_each_unit() {
    let text = "# 解读\n\n一、涉及4万户、5万户，近三年增长，20多年来如此。\n\n二、共6万户。\n";
    let found = read(&with("interpretation.md", text.as_bytes())).unwrap().warnings;
    let figures = found.into_iter().filter(|found| found.code == "TS120");
    let said: Vec<_> = figures.map(|found| (found.message_en, found.line, found.column)).collect();
    let [(first, line, column), (second, ..)] = said.as_slice() else { panic!("{said:?}") };
    assert!(first.ends_with(": 4万户、5万户") && second.ends_with(": 6万户"), "{said:?}");
    assert_eq!((*line, *column), (Some(3), Some(5)));
}

#[test]
fn many_findings_alike_are_counted() {
    let count = |times: usize| {
        let text = format!("# 解读\n\n{}", "[甲](b)\n\n".repeat(times));
        let found = read(&with("interpretation.md", text.as_bytes()))
            .map_or_else(|found| found, |content| content.warnings);
        let dead: Vec<_> = found.into_iter().filter(|found| found.code == "TS009").collect();
        let last = dead.last().unwrap().clone();
        (dead.len(), last.message.contains("（另有"), last.message_en, last.message)
    };
    let (len, counts, ..) = count(20);
    assert_eq!((len, counts), (20, false));
    let (len, _, message_en, message) = count(23);
    assert_eq!(len, 20);
    assert!(message.contains("另有 3 处") && message_en.contains("(3 more)"), "{message}");
}

#[test]
fn many_figures_without_a_source_are_counted() {
    let said = |times: usize| {
        let lines: Vec<String> = (1..=times).map(|n| format!("第{n}年发{n}0元。")).collect();
        let text = format!("# 解读\n\n{}\n", lines.join("\n\n"));
        let found = read(&with("interpretation.md", text.as_bytes())).unwrap().warnings;
        let figures = found.into_iter().filter(|found| found.code == "TS120");
        figures.map(|found| found.message_en).collect::<Vec<_>>()
    };
    assert!(said(20).iter().all(|message| !message.contains(" more)")));
    let said = said(23);
    assert_eq!(said.len(), 20);
    assert!(said[19].ends_with("(3 more)") && !said[18].ends_with(" more)"), "{said:?}");
}

#[test]
fn no_finding_repeats_a_number() {
    let number = "11010519491231002X";
    let files = with("data/a.csv", format!("类,值\n甲,{number}\n").as_bytes());
    let found = read(&files).unwrap_err();
    assert_eq!(said(&files), ["TS602 data/a.csv:2", "TS007 data/a.csv:2"]);
    assert!(found.iter().all(|finding| !format!("{finding:?}").contains(number)), "{found:?}");
}

#[test]
fn a_masked_bundle_passes_and_differs_only_there() {
    let files = with("attachments/a.csv", "单位,手机\n甲,13800138000\n".as_bytes());
    assert!(read(&files).is_err());
    let masked = mask(&files);
    assert_eq!(masked.len(), 1);
    let member = masked.first().unwrap();
    let (line, hit) = member.hits.first().unwrap();
    assert_eq!((member.path.as_str(), *line), ("attachments/a.csv", 2));
    assert_eq!(hit.shown, "138＊＊＊＊＊＊00");
    let text = "单位,手机\n甲,138＊＊＊＊＊＊00\n";
    assert_eq!(member.bytes, text.as_bytes());
    let files = with("attachments/a.csv", text.as_bytes());
    assert!(read(&files).is_ok());
    assert!(mask(&files).is_empty());
}

#[test]
fn what_the_gate_finds_in_the_settings_gets_its_line() {
    let content = read(&files()).unwrap();
    let found = vec![
        codes::BAD_ORDER.finding(),
        codes::UNKNOWN_DRAFTER.finding(),
        codes::NO_INTERPRETATION.finding(),
    ];
    let places: Vec<_> = content.place(found).into_iter().map(|f| (f.member, f.line)).collect();
    let settings = || Some(SETTINGS.to_owned());
    assert_eq!(places, [(settings(), Some(29)), (settings(), Some(4)), (None, None)]);
    let late = TOML.replacen("2027-01-08", "2026-01-08", 1);
    assert_eq!(said(&with(SETTINGS, late.as_bytes())), ["TS308 bundle.toml:29"]);
}

#[test]
fn too_much_is_refused() {
    let large = vec![b'x'; FILE_BYTES_MAX + 1];
    assert_eq!(said(&with("attachments/a.txt", &large)), ["TS005 attachments/a.txt"]);
    let many = (0..FILES_MAX).map(|n| (format!("attachments/{n}.txt"), vec![b'x']));
    let message = |files: &Files| read(files).unwrap_err().pop().unwrap().message;
    assert!(message(&files().into_iter().chain(many).collect()).ends_with(" 个文件 files"));
    let large = (1..=3).map(|n| (format!("attachments/{n}.txt"), vec![b'x'; 8 << 20]));
    assert!(message(&files().into_iter().chain(large).collect()).ends_with("：合计 25 MiB in all"));
}

#[test]
fn a_mark_is_refused_before_anything_else_and_not_repeated() {
    let found = read(&with("policy.md", "机密★3年\n../x".as_bytes())).unwrap_err();
    assert_eq!(found.len(), 1);
    let finding = found.first().unwrap();
    assert_eq!((finding.code.as_str(), finding.line), ("TS601", Some(1)));
    assert!(!format!("{finding:?}").contains("3年"));
}

#[test]
fn whoever_submits_is_a_drafter() {
    let submission = Submission {
        bundle: "b".parse().unwrap(),
        revision: 1,
        submission: "s".parse().unwrap(),
        revises: None,
        after_dark: None,
        submitters: vec!["wang".parse().unwrap()],
    };
    let drafters = read(&files()).unwrap().draft(submission).drafters;
    assert_eq!(drafters.iter().map(PersonId::as_str).collect::<Vec<_>>(), ["lin", "wang"]);
}

mod formats;

#[test]
fn more_charts_than_are_rendered_are_refused() {
    let (start, rest) = TOML.split_once("[[chart]]").unwrap();
    let (chart, end) = rest.split_once("[order]").unwrap();
    let charts = |count: usize| {
        let one =
            |n| format!("[[chart]]{}", chart.replace("id = \"a\"", &format!("id = \"a{n}\"")));
        let charts: String = (0..count).map(one).collect();
        let settings = format!("{start}{charts}[order]{end}");
        said(&with("bundle.toml", settings.as_bytes()))
    };
    assert_eq!(charts(CHARTS_MAX), Vec::<String>::new());
    let line = 20 + 10 * CHARTS_MAX;
    assert_eq!(charts(CHARTS_MAX + 1), [format!("TS018 bundle.toml:{line}")]);
    let places = |count: usize| {
        let text = format!("# 解读\n说明。\n{}", "\n![甲](chart:a)\n".repeat(count));
        said(&with("interpretation.md", text.as_bytes()))
    };
    assert_eq!(places(PLACES_MAX), Vec::<String>::new());
    let line = 4 + 2 * PLACES_MAX;
    assert_eq!(places(PLACES_MAX + 1), [format!("TS018 interpretation.md:{line}")]);
}
