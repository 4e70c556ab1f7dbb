//! Interpretations made of real policies' own sentences: whole, they contradict nothing; with a value of another
//! clause, or the opposite duty, they do. Skipped, loudly, where the corpus is not beside the project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use lockstep_gate::{
    bundle::{self, Files},
    document::Document,
};
use lockstep_proto::{
    digest::Digest,
    finding::{Finding, Severity},
};

/// The policies that have a title, with it and their sentences.
fn policies() -> Vec<(String, String, Vec<String>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.exists() {
        // Not by `eprintln!`: `cargo test` keeps that to itself where a test passes.
        let skipped = format!("SKIPPED: {} is not there\n", corpus.display());
        io::stderr().write_all(skipped.as_bytes()).unwrap();
        return vec![];
    }
    let mut entries: Vec<_> =
        fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let policies = entries.into_iter().filter_map(|entry| {
        let policy = fs::read_to_string(entry.join("policy.txt")).ok()?;
        let document = Document::read(&policy);
        let title = document.metadata().title.clone()?.replace(['"', '《', '》'], "");
        let sentences = document
            .clauses()
            .filter(|unit| !document.text_of(unit).contains('|'))
            .flat_map(|unit| document.text_of(unit).split_inclusive(['。', '\n']))
            .map(str::trim)
            .filter(|sentence| sentence.ends_with('。') && sentence.chars().count() > 12)
            .map(str::to_owned)
            .collect();
        Some((title, policy.clone(), sentences))
    });
    policies.collect()
}

/// What is said of an interpretation of these sentences.
fn findings(title: &str, policy: &str, sentences: &[&str]) -> Vec<Finding> {
    let interpretation = format!("《{title}》解读\n\n一、主要内容\n\n{}\n", sentences.join("\n\n"));
    let settings = format!(
        "title = \"{title}\"\nslots = []\ndrafters = [\"lin\"]\n[agencies]\ndrafting = [\"某处\"]\nissuing = [\"某局\"]\n\
         publishing = \"某局\"\n[disclosure]\nattribute = \"proactive\"\nground = \"《某条例》第二十条\"\n[companion]\ntype = \"own\"\n\
         explains = \"{}\"\n[order]\nnot_before = \"2027-01-01T00:00:00+08:00\"\nnot_after = \"2027-01-08T00:00:00+08:00\"\n\
         required = [\"portal\"]\n",
        Digest::of(policy.as_bytes())
    );
    let files: Files = [
        ("policy.txt", policy),
        ("interpretation.txt", interpretation.as_str()),
        ("bundle.toml", settings.as_str()),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .into();
    match bundle::read(&files) {
        Ok(content) => content.warnings,
        Err(findings) => findings,
    }
}

fn contradicts(finding: &Finding) -> bool {
    ["TS121", "TS139", "TS145"].contains(&finding.code.as_str())
}

fn contradictions(title: &str, policy: &str, sentences: &[&str]) -> Vec<String> {
    let found = findings(title, policy, sentences).into_iter();
    found.filter(contradicts).map(|finding| finding.to_string()).collect()
}

#[test]
fn what_repeats_a_policys_own_sentences_contradicts_nothing() {
    let mut wrong = vec![];
    for (title, policy, sentences) in policies() {
        for part in 0..3 {
            let some: Vec<&str> =
                sentences.iter().skip(part).step_by(3).map(String::as_str).collect();
            let found = contradictions(&title, &policy, &some);
            wrong.extend(found.into_iter().map(|found| format!("{title}: {found}")));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// Amounts in a sentence: where their digits stand, and their unit.
fn amounts(sentence: &str) -> Vec<(std::ops::Range<usize>, &'static str)> {
    const UNITS: [&str; 7] = ["个工作日", "日", "万元", "元", "%", "个月", "平方米"];
    let mut found = vec![];
    let mut at = 0;
    while let Some(begin) = sentence[at..].find(|c: char| c.is_ascii_digit()) {
        let begin = at + begin;
        let end = sentence[begin..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(sentence.len(), |end| begin + end);
        let unit = UNITS.iter().find(|unit| sentence[end..].starts_with(**unit));
        let is_day = sentence[..begin].ends_with(['月', '.', '-', '年']);
        found.extend(unit.filter(|_| !is_day).map(|unit| (begin..end, *unit)));
        at = end;
    }
    found
}

#[test]
fn a_value_of_another_clause_in_a_policys_own_sentence_is_found() {
    let (mut found, mut blocked, mut count) = (0, 0, 0);
    let policies = policies();
    for (title, policy, sentences) in &policies {
        let all: Vec<(usize, std::ops::Range<usize>, &str)> = sentences
            .iter()
            .enumerate()
            .flat_map(|(index, sentence)| {
                amounts(sentence).into_iter().map(move |(range, unit)| (index, range, unit))
            })
            .collect();
        for (index, range, unit) in all.iter().take(20) {
            let sentence = &sentences[*index];
            let value = &sentence[range.clone()];
            let other = all.iter().find_map(|(there, at, of)| {
                let other = &sentences[*there][at.clone()];
                (there != index && of == unit && other != value).then_some(other)
            });
            let Some(other) = other else { continue };
            let changed = format!("{}{other}{}", &sentence[..range.start], &sentence[range.end..]);
            let said = findings(title, policy, &[changed.as_str()]);
            let mut said = said.iter().filter(|finding| contradicts(finding)).peekable();
            count += 1;
            if said.peek().is_none() {
                println!("not found: {changed}");
            } else {
                found += 1;
            }
            blocked += usize::from(said.any(|finding| finding.severity == Severity::Block));
        }
    }
    println!("{found} of {count} found, {blocked} block");
    // Of nothing, nine in ten is nothing.
    let is_there = policies.is_empty() || (count >= 90 && blocked >= 60);
    assert!(is_there, "{count} changed, {blocked} block");
    assert!(found * 10 >= count * 9, "{found} of {count}");
}

#[test]
fn the_opposite_duty_in_a_policys_own_sentence_is_found() {
    let (mut found, mut count) = (0, 0);
    let policies = policies();
    for (title, policy, sentences) in &policies {
        for [one, other] in [["不得", "可以"], ["应当", "无须"], ["可以", "不能"]] {
            for sentence in sentences.iter().filter(|sentence| sentence.contains(one)).take(3) {
                let changed = sentence.replacen(one, other, 1);
                count += 1;
                if contradictions(title, policy, &[changed.as_str()]).is_empty() {
                    println!("not found: {changed}");
                } else {
                    found += 1;
                }
            }
        }
    }
    println!("{found} of {count} found");
    assert!(policies.is_empty() || count >= 140, "{count} changed");
    assert!(found * 10 >= count * 8, "{found} of {count}");
}
