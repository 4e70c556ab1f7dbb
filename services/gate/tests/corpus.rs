//! Real documents. Skipped, loudly, where the corpus is not beside the project.

#![expect(clippy::unwrap_used, reason = "helpers of a test: what fails there fails the test")]
#![expect(clippy::explicit_write, reason = "`eprintln!` is kept back where a test passes")]

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use lockstep_gate::{bundle::open, secrecy::find_mark};

/// The corpus' texts and where they lie; none, said aloud, where it is not there.
fn texts() -> Vec<(PathBuf, Vec<u8>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.exists() {
        writeln!(io::stderr(), "SKIPPED: {} is not there", corpus.display()).unwrap();
        return vec![];
    }
    let mut texts = vec![];
    for entry in fs::read_dir(corpus).unwrap() {
        for name in ["policy.txt", "interpretation.txt"] {
            let path = entry.as_ref().unwrap().path().join(name);
            if let Ok(bytes) = fs::read(&path) {
                texts.push((path, bytes));
            }
        }
    }
    println!("{} texts", texts.len());
    assert!(texts.len() > 60, "only {} texts were found", texts.len());
    texts
}

#[test]
fn no_published_document_is_taken_for_a_classified_one() {
    // Among them texts that merely use the words: 078 and, on state secrets, 132.
    for (path, bytes) in texts() {
        assert_eq!(find_mark(&String::from_utf8_lossy(&bytes)), None, "{}", path.display());
    }
}

#[test]
fn only_the_document_that_is_mojibake_is_taken_for_it() {
    for (path, bytes) in texts() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let name = name.replace("interpretation", "policy");
        let opened = open(&[(name, bytes)].into());
        let is_mojibake = opened.findings.iter().any(|finding| finding.code == "TS013");
        let is_087 = path.to_string_lossy().contains("087-mojibake");
        assert_eq!(is_mojibake, is_087, "{}: {:?}", path.display(), opened.findings);
    }
}
