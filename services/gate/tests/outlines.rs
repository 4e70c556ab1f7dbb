//! Every policy and interpretation of the corpus, taken apart: units cover the text byte for byte,
//! and stay what they were when somebody looked at them (`outlines.txt`; `LOCKSTEP_BLESS=1` writes it
//! anew). The snapshot holds paths, levels and offsets, none of the documents' words. Skipped,
//! loudly, where the corpus is not beside the project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::Path,
};

use lockstep_gate::document::{DateRole, Document};

#[test]
fn outlines_of_real_documents_stay_what_they_were() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = here.join("../../../shared/corpus");
    if !corpus.exists() {
        // Not by `eprintln!`: `cargo test` keeps that to itself where a test passes.
        let skipped = format!("SKIPPED: {} is not there\n", corpus.display());
        io::stderr().write_all(skipped.as_bytes()).unwrap();
        return;
    }
    let mut entries: Vec<_> =
        fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut outlines = String::new();
    let mut titles = (0, 0);
    for entry in entries {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        for file in ["policy.txt", "interpretation.txt"] {
            let Ok(text) = fs::read_to_string(entry.join(file)) else { continue };
            let document = Document::read(&text);
            let joined: String =
                document.units().iter().map(|unit| document.text_of(unit)).collect();
            assert_eq!(joined, text, "{name}/{file}");
            writeln!(outlines, "# {name}/{file}").unwrap();
            outline(&document, &mut outlines);
            if file == "policy.txt" {
                let meta = fs::read_to_string(entry.join("meta.json")).unwrap();
                let meta: serde_json::Value = serde_json::from_str(&meta).unwrap();
                let wanted = meta["title"].as_str().unwrap_or_default();
                let bare = |text: &str| text.split_whitespace().collect::<String>();
                let found = document.metadata().title.clone().unwrap_or_default();
                titles.1 += 1;
                if !found.is_empty() && bare(wanted).contains(&bare(&found)) {
                    titles.0 += 1;
                } else {
                    println!("{name}: {wanted:?}, found {found:?}");
                }
            }
        }
    }
    println!("{} of {} titles are those that the corpus notes", titles.0, titles.1);
    let path = here.join("tests/outlines.txt");
    if std::env::var_os("LOCKSTEP_BLESS").is_some() {
        fs::write(&path, &outlines).unwrap();
    }
    let held = fs::read_to_string(path).unwrap_or_default();
    let differs = held.lines().zip(outlines.lines()).find(|(held, now)| held != now);
    assert_eq!(differs, None);
    assert_eq!(held.lines().count(), outlines.lines().count());
}

fn outline(document: &Document<'_>, into: &mut String) {
    for unit in document.units() {
        writeln!(into, "{} {:?} {}..{}", unit.path, unit.level, unit.start, unit.end).unwrap();
    }
    let found = document.metadata();
    let dates: Vec<String> = found
        .dates
        .iter()
        .map(|dated| {
            let role = match dated.role {
                DateRole::Written => "written",
                DateRole::Effective => "effective",
                DateRole::Expires => "expires",
                DateRole::Printed => "printed",
            };
            format!("{role} {}", dated.date.map_or("-".to_owned(), |date| date.to_string()))
        })
        .collect();
    writeln!(
        into,
        "= {} | {} | {:?} | repeals {} | {:?} | signers {} | references {} | {}",
        found.number.as_deref().unwrap_or_default(),
        dates.join(", "),
        found.validity,
        found.repeals.len(),
        found.disclosure,
        found.signers.len(),
        document.references().len(),
        document
            .findings()
            .iter()
            .map(|finding| finding.code.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    )
    .unwrap();
}
