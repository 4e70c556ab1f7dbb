//! `lockstep check`, `outline` and `render` through the real binary: what people read, what programs read, what is
//! mended.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

/// What a command came to: status, standard output, standard error.
type Said = (i32, String, String);

fn run(arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_lockstep-under-test"))
        .args(arguments)
        .env_remove("LOCKSTEP_LOG")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The sample bundle of the demo, confirmed.
fn sample() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../services/lockstep/sample/v1");
    copy(&sample, folder.path());
    let (code, ..) = run(&["confirm", folder.path().to_str().unwrap()]);
    assert_eq!(code, 0);
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn edit(folder: &TempDir, file: &str, from: &str, to: &str) {
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replace(from, to)).unwrap();
}

fn check(folder: &TempDir, more: &[&str]) -> Said {
    run(&[&["check", folder.path().to_str().unwrap()], more].concat())
}

#[test]
fn the_demos_own_bundle_passes_without_a_word() {
    let (code, out, err) = check(&sample(), &[]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("通过 / passes"), "{out}");
}

#[test]
fn a_finding_is_shown_where_it_stands() {
    let folder = sample();
    edit(&folder, "interpretation.md", "录入平台，2027年6月30日前", "录入平台，2027年7月31日前");
    let (code, out, err) = check(&folder, &[]);
    // Findings are the answer: `check … > 结果.txt` holds them.
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines.first().unwrap().starts_with("提醒 warning[TS120]: "), "{out}");
    assert!(out.contains("--> interpretation.md:9:"), "{out}");
    // The mark stands under the date, each Chinese character two columns wide.
    let shown = lines.iter().position(|line| line.contains("2027年7月31日前")).unwrap();
    let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let (before, _) = lines[shown].split_once("2027年7月31日").unwrap();
    let (blank, _) = lines[shown + 1].split_once('^').unwrap();
    assert_eq!(width(before), width(blank), "{out}");
    assert!(out.contains("explain TS120"), "{out}");
}

#[test]
fn programs_get_verdict_findings_and_coverage() {
    let folder = sample();
    edit(&folder, "policy.md", "2个工作日内录入", "3个工作日内录入");
    for format in [&["--format", "json"][..], &["--json"][..]] {
        let (code, out, err) = check(&folder, format);
        assert_eq!((code, err.as_str()), (1, ""));
        let answer: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(answer["verdict"], "blocked");
        let codes: Vec<&str> = answer["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["code"].as_str().unwrap())
            .collect();
        assert!(codes.contains(&"TS104"), "{out}");
        for finding in answer["findings"].as_array().unwrap() {
            for key in ["code", "severity", "message", "help"] {
                assert!(finding[key].is_string(), "{finding}");
            }
        }
        assert_eq!(answer["coverage"]["clause_count"], 10);
        assert_eq!(answer["coverage"]["clauses"][0]["state"], "waived");
    }
    let (code, out, _) = check(&folder, &["--format", "sarif"]);
    assert_eq!(code, 1);
    let log: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert!(place["artifactLocation"]["uri"].as_str().unwrap().ends_with("bundle.toml"), "{place}");
}

#[test]
fn a_profile_weighs_what_is_found() {
    let folder = sample();
    edit(&folder, "interpretation.md", "每季度核对一次", "每季度核对一次，每次抽查5所学校");
    assert_eq!(check(&folder, &[]).0, 0);
    assert_eq!(check(&folder, &["--profile", "strict"]).0, 1);
    let (code, _, err) = check(&folder, &["--profile", "strictest"]);
    assert_eq!(code, 2);
    assert!(err.contains("state-council-2016-80"), "{err}");
}

#[test]
fn what_is_safe_is_mended_and_the_pair_stays_confirmed() {
    let folder = sample();
    let path = folder.path().join("interpretation.md");
    let text = fs::read_to_string(&path).unwrap();
    // GBK, as an old editor saves it.
    let line = "## 八、附记\n\n办公室";
    let mut bytes = text.replace('‑', "-").into_bytes();
    bytes.extend(line.as_bytes());
    fs::write(&path, encoding_rs::GB18030.encode(std::str::from_utf8(&bytes).unwrap()).0).unwrap();
    let (code, out, err) = check(&folder, &[]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("TS010"), "{out}");
    let (code, out, err) = check(&folder, &["--fix"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("mended: interpretation.md") && !out.contains("TS010"), "{out}{err}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn an_outline_covers_the_text_from_its_first_byte() {
    let folder = sample();
    let path = folder.path().join("policy.md");
    let (code, out, _) = run(&["outline", path.to_str().unwrap(), "--json"]);
    assert_eq!(code, 0);
    let outline: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(outline["title"], "示例区教育局关于做好2027年政务公开工作的通知");
    let mut end = 0;
    for unit in outline["units"].as_array().unwrap() {
        assert_eq!(unit["start"], end);
        end = unit["end"].as_u64().unwrap();
    }
    assert_eq!(end, fs::metadata(&path).unwrap().len());
    let (code, out, _) = run(&["outline", path.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert!(out.contains("\n二/（五）\n"), "{out}");
    let (code, _, err) = run(&["outline", "/nowhere/policy.md"]);
    assert_eq!(code, 2, "{err}");
    // Half a character of UTF-16.
    let broken = folder.path().join("broken.txt");
    fs::write(&broken, b"\xff\xfe\x00\xd8\x41").unwrap();
    let (code, _, err) = run(&["outline", broken.to_str().unwrap()]);
    assert!(code == 1 && err.contains("TS003") && err.contains("broken.txt"), "{code} {err}");
    // One text is no bundle.
    let (code, _, err) = run(&["check", path.to_str().unwrap()]);
    assert!(code == 2 && err.contains("lockstep outline"), "{code} {err}");
}

#[test]
fn charts_are_rendered_before_anything_is_submitted() {
    let (bundle, out) = (sample(), tempfile::tempdir().unwrap());
    let render = |more: &[&str]| {
        let paths = [bundle.path(), out.path()].map(|path| path.to_str().unwrap());
        run(&[&["render", paths[0], "--out", paths[1]], more].concat())
    };
    let (code, said, _) = render(&["--only", "chart:spending"]);
    assert_eq!(code, 0);
    let chart = |name: &str| fs::read(out.path().join("rendered/charts").join(name)).unwrap();
    assert!(chart("spending.svg").starts_with(b"<svg"), "{said}");
    assert!(chart("spending.png").starts_with(b"\x89PNG"), "{said}");
    assert!(!out.path().join("index.html").exists(), "one chart was wanted");
    assert_eq!(render(&[]).0, 0);
    let page = fs::read_to_string(out.path().join("index.html")).unwrap();
    assert!(page.contains("<figure class=\"chart\" id=\"chart-spending\">"), "{page}");
    // The page leads to all that was made.
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let paths: Vec<&str> =
        hrefs.filter(|href| href.starts_with("rendered/") || href.ends_with("y.html")).collect();
    assert!(paths.len() >= 5, "{paths:?}");
    for path in paths {
        assert!(out.path().join(path).is_file(), "{path}");
    }
    assert!(fs::read(out.path().join("rendered/long.png")).unwrap().starts_with(b"\x89PNG"));
    // What opens pages here writes down which.
    let opener = out.path().join("xdg-open");
    let opened = out.path().join("opened");
    fs::write(&opener, format!("#!/bin/sh\necho \"$1\" > '{}'\n", opened.display())).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let open = |path: &str| {
        let paths = [bundle.path(), out.path()];
        let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep-under-test"));
        command.arg("render").arg(paths[0]).arg("--out").arg(paths[1]).arg("--open");
        command.env("PATH", path).output().unwrap()
    };
    let output = open(&format!("{}:/usr/bin:/bin", out.path().display()));
    assert!(output.status.success(), "{output:?}");
    // The opener is on its own: nobody waits for it.
    let is_there = (0..600).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        opened.exists()
    });
    assert!(is_there, "{output:?}");
    let output = open("/nonexistent");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("index.html"), "{said}");
    let (code, _, why) = render(&["--only", "chart:other"]);
    assert!(code == 2 && why.contains("other"), "{code} {why}");
    assert_eq!(run(&["render", bundle.path().to_str().unwrap()]).0, 2, "where to?");
    let inside = bundle.path().join("out");
    let paths = [bundle.path(), inside.as_path()].map(|path| path.to_str().unwrap());
    assert_eq!(run(&["render", paths[0], "--out", paths[1]]).0, 2, "it would be the bundle's");
    assert!(!inside.exists());
}

#[test]
fn what_an_earlier_render_made_goes_with_its_chart_and_nothing_else_does() {
    let (bundle, out) = (sample(), tempfile::tempdir().unwrap());
    let render = || {
        let paths = [bundle.path(), out.path()].map(|path| path.to_str().unwrap());
        run(&["render", paths[0], "--out", paths[1]])
    };
    let charts = out.path().join("rendered/charts");
    assert_eq!(render().0, 0);
    let (own, svg) = (charts.join("own.svg"), charts.join("spending.svg"));
    fs::write(&own, "mine").unwrap();
    let renamed = charts.join("costs.svg");
    edit(&bundle, "bundle.toml", "id = \"spending\"", "id = \"costs\"");
    let text = fs::read_to_string(bundle.path().join("interpretation.md")).unwrap();
    let text = text.replace("chart:spending", "chart:costs");
    fs::write(bundle.path().join("interpretation.md"), text).unwrap();
    assert_eq!(render().0, 0);
    assert!(renamed.exists() && own.exists() && !svg.exists());
    assert!(!charts.join("spending.png").exists());
    // What somebody changed since is theirs.
    fs::write(&renamed, "changed").unwrap();
    edit(&bundle, "bundle.toml", "id = \"costs\"", "id = \"spending\"");
    let text = fs::read_to_string(bundle.path().join("interpretation.md")).unwrap();
    let text = text.replace("chart:costs", "chart:spending");
    fs::write(bundle.path().join("interpretation.md"), text).unwrap();
    assert_eq!(render().0, 0);
    assert!(renamed.exists() && svg.exists() && !charts.join("costs.png").exists());
    // What blocks elsewhere is said, and leaves what can be seen.
    edit(&bundle, "interpretation.md", "\n\n", "\n\n说明{{文号。\n\n");
    let (code, said, why) = render();
    assert!(code == 1 && said.contains("提交会被拒绝"), "{code} {said} {why}");
    assert!(svg.exists() && out.path().join("rendered/long.png").exists());
}

#[test]
fn what_cannot_be_drawn_honestly_is_said_by_check_too() {
    let (folder, out) = (sample(), tempfile::tempdir().unwrap());
    edit(&folder, "bundle.toml", "kind = \"bar\"", "kind = \"line\"");
    let (code, said, _) = check(&folder, &[]);
    assert_eq!(code, 1);
    assert!(said.contains("TS007") && said.contains("请改用 bar"), "{said}");
    edit(&folder, "data/spending.csv", "初中,52031.38\n小学,37798.58\n幼儿园,46033.96\n", "");
    edit(&folder, "data/spending.csv", "高中,", "2022年,");
    edit(&folder, "data/spending.csv", "中等职业学校,", "2023年,");
    let (code, said, _) = check(&folder, &[]);
    assert_eq!(code, 1);
    assert!(said.contains("TS007") && said.contains("两个时点请用柱形图"), "{said}");
    let paths = [folder.path(), out.path()].map(|path| path.to_str().unwrap());
    let (code, _, said) = run(&["render", paths[0], "--out", paths[1]]);
    assert!(code == 1 && said.contains("两个时点请用柱形图"), "{code} {said}");
    assert!(fs::read_dir(out.path()).unwrap().next().is_none(), "half an explainer");
}

#[test]
fn a_workbook_of_data_passes_and_is_drawn_like_its_csv() {
    let folder = sample();
    let page = |folder: &TempDir| {
        let out = tempfile::tempdir().unwrap();
        let paths = [folder.path(), out.path()].map(|path| path.to_str().unwrap());
        assert_eq!(run(&["render", paths[0], "--out", paths[1]]).0, 0);
        fs::read_to_string(out.path().join("index.html")).unwrap()
    };
    let of_csv = page(&folder);
    fs::remove_file(folder.path().join("data/spending.csv")).unwrap();
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/books/spending.xlsx");
    fs::copy(book, folder.path().join("data/spending.xlsx")).unwrap();
    edit(&folder, "bundle.toml", "data/spending.csv", "data/spending.xlsx");
    let (code, said, err) = check(&folder, &[]);
    assert_eq!(code, 0, "{said}{err}");
    assert!(page(&folder) == of_csv);
    edit(&folder, "bundle.toml", "高中生均支出6.39万元", "高中生均支出6.93万元");
    let (_, said, _) = check(&folder, &[]);
    assert!(said.contains("TS123") && said.contains("6.93"), "{said}");
}

#[test]
fn what_a_picture_cannot_show_is_said_by_check_too() {
    let (folder, out) = (sample(), tempfile::tempdir().unwrap());
    edit(&folder, "interpretation.md", "\n\n", "\n\n欢迎👍来电咨询。\n\n");
    let (code, said, _) = check(&folder, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("TS017") && said.contains("interpretation.md:3:3"), "{said}");
    assert!(said.contains("👍 (U+1F44D)"), "{said}");
    let paths = [folder.path(), out.path()].map(|path| path.to_str().unwrap());
    let (code, _, said) = run(&["render", paths[0], "--out", paths[1]]);
    assert!(code == 0 && said.contains("TS017"), "{code} {said}");
    let is_there = |path: &str| out.path().join("rendered").join(path).exists();
    assert!(is_there("interpretation.html"));
    assert!(!is_there("long.png") && !is_there("brochure.pdf"));
}

#[test]
fn one_chart_is_drawn_without_a_word_of_the_rest() {
    let (folder, out) = (sample(), tempfile::tempdir().unwrap());
    // It has no long picture, another chart cannot be drawn, and a slot is broken.
    edit(&folder, "interpretation.md", "\n\n", "\n\n欢迎👍来电咨询。{{文号\n\n");
    let text = fs::read_to_string(folder.path().join("bundle.toml")).unwrap();
    let (_, chart) = text.split_once("[[chart]]").unwrap();
    let chart = chart.split("\n[").next().unwrap();
    let other = chart.replace("\"spending\"", "\"other\"").replace("\"bar\"", "\"line\"");
    fs::write(folder.path().join("bundle.toml"), format!("{text}\n[[chart]]{other}\n")).unwrap();
    let only = |id: &str| {
        let paths = [folder.path(), out.path()].map(|path| path.to_str().unwrap());
        run(&["render", paths[0], "--out", paths[1], "--only", id])
    };
    let (code, said, why) = only("chart:spending");
    assert_eq!((code, why.as_str()), (0, ""), "{said}");
    assert!(!said.contains("另有提醒"), "{said}");
    assert_eq!(fs::read_dir(out.path().join("rendered/charts")).unwrap().count(), 2);
    let (code, _, why) = only("chart:nix");
    assert!(code == 2 && why.contains("spending、other"), "{code} {why}");
    let (code, _, why) = only("chart:other");
    assert!(code == 1 && why.contains("TS007"), "{code} {why}");
}

#[test]
fn what_is_no_bundle_is_told_in_chinese_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let word = folder.path().join("政策.docx");
    fs::write(&word, b"PK\x03\x04").unwrap();
    for (path, words) in
        [(&word, "lockstep new"), (&folder.path().join("无"), "没有这个文件或目录")]
    {
        let (code, out, err) = run(&["check", path.to_str().unwrap()]);
        assert!(code == 2 && format!("{out}{err}").contains(words), "{code} {out} {err}");
    }
}

#[test]
fn the_gallery_shows_every_kind() {
    let out = tempfile::tempdir().unwrap();
    let (code, said, _) = run(&["render", "--gallery", out.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("lockstep check"), "there is nothing to check: {said}");
    let drawn =
        fs::read_dir(out.path().join("rendered/charts")).unwrap().map(|entry| entry.unwrap());
    let drawn: Vec<_> = drawn.map(|entry| entry.path()).collect();
    let count = |kind: &str| drawn.iter().filter(|path| path.extension().unwrap() == kind).count();
    let charts = count("svg");
    assert!(charts >= 8 && count("png") == charts, "{drawn:?}");
    let page = fs::read_to_string(out.path().join("index.html")).unwrap();
    assert_eq!(page.matches("<figure ").count(), charts);
    assert_eq!(page.matches("<pre>[[chart]]\nid = ").count(), charts, "lines to copy");
    assert!(!page.contains("[order]"), "what follows the charts is none of theirs");
    // What people look at before they have the program.
    let shown = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/gallery.html");
    if std::env::var_os("LOCKSTEP_BLESS").is_some_and(|value| value == "1") {
        fs::write(&shown, &page).unwrap();
    }
    let shown = fs::read_to_string(shown).unwrap_or_default();
    assert!(shown == page, "docs/gallery.html is an older one; look at it, then LOCKSTEP_BLESS=1");
}

#[test]
fn what_mask_cannot_rewrite_is_named() {
    let folder = sample();
    fs::create_dir_all(folder.path().join("attachments")).unwrap();
    fs::write(folder.path().join("attachments/联系13812345678.txt"), "附表\n").unwrap();
    let path = folder.path().to_str().unwrap();
    let (code, out, _) = run(&["mask", path]);
    assert_eq!(code, 0);
    assert!(out.contains("手工") && out.contains("TS603"), "{out}");
    assert!(!out.contains("没有需要遮盖的") && !out.contains("13812345678"), "{out}");
}
