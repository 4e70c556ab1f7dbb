//! Real documents. Skipped, loudly, where the corpus is not beside the project.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use lockstep_gate::secrecy::find_mark;

#[test]
fn no_published_document_is_taken_for_a_classified_one() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.exists() {
        // Not by `eprintln!`: `cargo test` keeps that to itself where a test passes.
        writeln!(io::stderr(), "SKIPPED: {} is not there", corpus.display()).unwrap();
        return;
    }
    let mut count = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        for name in ["policy.txt", "interpretation.txt"] {
            let path = entry.as_ref().unwrap().path().join(name);
            // Among them texts that merely use the words: 078 and, on state secrets, 132.
            if let Ok(text) = fs::read_to_string(&path) {
                assert_eq!(find_mark(&text), None, "{}", path.display());
                count += 1;
            }
        }
    }
    println!("{count} texts");
    assert!(count > 60, "only {count} texts were found");
}
