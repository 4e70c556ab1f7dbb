//! Real documents. Skipped, loudly, where the corpus is not beside the project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use lockstep_gate::{
    bundle::open,
    persons,
    secrecy::{find_mark, find_mark_on_page},
    wording::{self, Lexicons, Own, Paragraphs},
};
use lockstep_proto::finding::Severity;

/// A policy or an interpretation, and where it is from.
struct Text {
    entry: String,
    is_policy: bool,
    meta: serde_json::Value,
    content: String,
}

/// Every text of the corpus, in order; `None` where there is none.
fn texts() -> Option<Vec<Text>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.exists() {
        // Not by `eprintln!`: `cargo test` keeps that to itself where a test passes.
        let skipped = format!("SKIPPED: {} is not there\n", corpus.display());
        io::stderr().write_all(skipped.as_bytes()).unwrap();
        return None;
    }
    let mut texts = vec![];
    for entry in fs::read_dir(corpus).unwrap() {
        let entry = entry.unwrap();
        let meta = fs::read_to_string(entry.path().join("meta.json")).unwrap_or_default();
        let meta: serde_json::Value = serde_json::from_str(&meta).unwrap_or_default();
        for name in ["policy.txt", "interpretation.txt"] {
            if let Ok(content) = fs::read_to_string(entry.path().join(name)) {
                let meta = meta.clone();
                let is_policy = name == "policy.txt";
                let entry = entry.file_name().to_string_lossy().into_owned();
                texts.push(Text { entry, is_policy, meta, content });
            }
        }
    }
    texts.sort_by(|a, b| (&a.entry, a.is_policy).cmp(&(&b.entry, b.is_policy)));
    println!("{} texts", texts.len());
    assert!(texts.len() > 60, "only {} texts were found", texts.len());
    Some(texts)
}

/// A hit in its sentence.
fn excerpt(text: &str, range: &std::ops::Range<usize>) -> String {
    let before: Vec<char> = text[..range.start].chars().rev().take(15).collect();
    let before: String = before.into_iter().rev().collect();
    let after: String = text[range.end..].chars().take(15).collect();
    format!("{before}[{}]{after}", &text[range.clone()]).replace('\n', "⏎")
}

#[test]
fn no_published_document_is_taken_for_a_classified_one() {
    for text in texts().into_iter().flatten() {
        // Among them texts that merely use the words: 078 and, on state secrets, 132.
        assert_eq!(find_mark(&text.content), None, "{}", text.entry);
        assert_eq!(find_mark_on_page(&text.content), None, "{}", text.entry);
    }
}

#[test]
fn no_published_document_blocks_for_personal_data() {
    for Text { entry, content, .. } in texts().into_iter().flatten() {
        for hit in persons::find(&content) {
            println!("{entry} {} {}", hit.code.id, excerpt(&content, &hit.range));
            assert_eq!(hit.severity, Severity::Warning, "{entry} {}", hit.shown);
        }
    }
}

#[test]
fn only_the_document_that_is_mojibake_is_taken_for_it() {
    for Text { entry, content, .. } in texts().into_iter().flatten() {
        let opened = open(&[("policy.txt".to_owned(), content.into_bytes())].into());
        let is_mojibake = opened.findings.iter().any(|finding| finding.code == "TS013");
        assert_eq!(is_mojibake, entry.starts_with("087"), "{entry}: {:?}", opened.findings);
    }
}

/// All of these warn; each was looked at, and is one that a clerk would agree with.
#[test]
fn what_is_said_about_wording_is_said_to_everybody() {
    let lexicons = Lexicons::starter();
    for Text { entry, is_policy, meta, content } in texts().into_iter().flatten() {
        // The notes of the corpus add to a title what else the entry holds.
        let known = |key: &str| meta[key].as_str().and_then(|text| text.split(" + ").next());
        let written_on = known("date").or(known("interpretation_date"));
        let mut hits = wording::check(&content, lexicons, Paragraphs::Lines, written_on);
        if !is_policy {
            let own = Own { title: known("title"), number: known("doc_no") };
            hits.extend(wording::check_quotes(&content, own));
        }
        for hit in hits {
            let shown = excerpt(&content, &hit.range);
            println!("{entry} {} {shown} {}", hit.code.id, hit.detail);
            assert_eq!(hit.severity, Severity::Warning);
        }
    }
}
