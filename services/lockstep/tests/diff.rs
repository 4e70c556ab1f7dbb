//! `lockstep diff` through the real binary: what it says, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, path::Path, process::Command};

use serde_json::Value;

/// Exit status, standard output, standard error.
fn diff(old: &Path, new: &Path, more: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    let output = command.arg("diff").args([old, new]).args(more).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap());
    (output.status.code().unwrap(), out, err)
}

#[test]
fn two_revisions_of_the_sample_differ_where_it_was_corrected() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    let [v1, v2] = ["v1", "v2"].map(|name| sample.join(name));
    let (code, out, _) = diff(&v1, &v2, &[]);
    assert_eq!(code, 1);
    for said in ["〔-2027年6月30日-〕〔+2027年9月30日+〕", "全部失效", "metadata.plan.scope"]
    {
        assert!(out.contains(said), "{said}: {out}");
    }
    let (code, out, _) = diff(&v1, &v2, &["--json"]);
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 1);
    assert_eq!(answer["is_norm_touched"], true);
    assert_eq!(answer["voids"]["all"], true);
    let paths = answer["policy"]["changes"].as_array().unwrap().iter();
    let paths: Vec<&str> = paths.map(|change| change["after"]["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 3, "{paths:?}");
    // The interpretation says what was corrected: both dates.
    assert_eq!(answer["stale"]["figures"], serde_json::json!([]));
    let (code, out, _) = diff(&v1, &v1, &[]);
    assert_eq!((code, out.as_str()), (0, "内容相同 / the same content\n"));
}

#[test]
fn texts_are_compared_and_what_cannot_be_is_unusable() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let one = file("甲.md", "# 办法\n\n第一条 可以申请。\n");
    let other = file("乙.txt", "办法\n\n第一条 应当申请。\n");
    let (code, out, _) = diff(&one, &other, &[]);
    assert_eq!(code, 1);
    assert!(out.contains("〔-可以-〕〔+应当+〕申请。"), "{out}");
    assert_eq!(diff(&one, &one, &[]).0, 0);
    let (code, _, err) = diff(&one, folder.path(), &[]);
    assert_eq!(code, 2);
    assert!(err.contains("two bundles or two texts"), "{err}");
    let (code, _, err) = diff(folder.path(), folder.path(), &[]);
    assert_eq!(code, 2);
    assert!(err.contains("bundle.toml"), "{err}");
    let secret = file("丙.txt", "机密★1年\n办法\n第一条 不可示人。\n");
    let (code, out, err) = diff(&one, &secret, &["--json"]);
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, answer["findings"][0]["code"].as_str()), (2, Some("TS601")));
    assert!(!out.contains("示人") && !err.contains("示人"));
    assert_eq!(diff(&one, &folder.path().join("无"), &[]).0, 2);
    let word = file("丁.docx", "no Word file");
    let (code, _, err) = diff(&word, &one, &[]);
    assert_eq!(code, 2);
    assert!(err.contains("TS0"), "{err}");
}
