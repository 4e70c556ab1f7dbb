//! `lockstep mask` through the real binary, on a Word file that `LibreOffice` made. Skipped, loudly, where there is
//! none; files part by part are masked in the gate's own tests.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::Command,
};

fn mask(folder: &Path, more: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    let output = command.arg("mask").arg(folder).args(more).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The sample with a Word file beside it; `None` where `LibreOffice` is not there.
fn sample_with_word(html: &str) -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample/v1");
    for name in ["bundle.toml", "policy.md", "interpretation.md"] {
        fs::copy(sample.join(name), folder.path().join(name)).unwrap();
    }
    let attachments = folder.path().join("attachments");
    fs::create_dir(&attachments).unwrap();
    let page = tempfile::tempdir().unwrap();
    fs::write(page.path().join("a.html"), html).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", page.path().join("profile").display());
    let mut office = Command::new("soffice");
    office.args([&profile, "--headless", "--convert-to", "docx:Office Open XML Text", "--outdir"]);
    let made = office.args([&attachments, &page.path().join("a.html")]).output();
    if made.is_err() || !attachments.join("a.docx").exists() {
        // Not by `eprintln!`: `cargo test` keeps that to itself where a test passes.
        io::stderr().write_all(b"SKIPPED: no LibreOffice (soffice)\n").unwrap();
        return None;
    }
    Some(folder)
}

#[test]
fn a_word_file_is_masked_by_one_command() {
    let Some(folder) = sample_with_word(
        "<meta charset=utf-8><p>名单：张三，身份证号1101051949<b>1231</b>002X，手机13812345678。</p>\
         <table border=1><tr><td>姓名<td>学号<tr><td>张三<td>20231234</table><p>咨询电话：13812345670</p>",
    ) else {
        return;
    };
    let file = folder.path().join("attachments/a.docx");
    let before = fs::read(&file).unwrap();
    let shown = mask(folder.path(), &[]);
    for code in ["TS602 attachments/a.docx", "TS603 attachments/a.docx", "TS605 attachments/a.docx"]
    {
        assert!(shown.contains(code), "{code}: {shown}");
    }
    assert!(shown.contains("nothing was written") && !shown.contains("手工"), "{shown}");
    assert_eq!(fs::read(&file).unwrap(), before);
    let written = mask(folder.path(), &["--write"]);
    assert!(written.contains("confirm"), "{written}");
    for said in [shown, written] {
        assert!(!said.contains("13812345678") && !said.contains("20231234"), "{said}");
    }
    assert!(mask(folder.path(), &[]).contains("nothing to mask"));
    let outcome =
        Command::new("soffice").args(["--headless", "--cat"]).arg(&file).output().unwrap();
    let text = String::from_utf8(outcome.stdout).unwrap();
    for said in
        ["110＊＊＊＊＊＊＊＊＊＊＊＊＊2X", "138＊＊＊＊＊＊78", "2＊＊＊＊＊＊4", "13812345670"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}
