//! Real interpretations beside their policies, or beside a plain one: honest work passes, what
//! contradicts is named. Skipped, loudly, where the corpus is not beside the project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use lockstep_gate::{
    bundle::{self, Files},
    document::Document,
};
use lockstep_proto::{
    digest::Digest,
    finding::{Finding, Severity},
};

/// A policy that says little, for interpretations whose own policy is not at hand.
const PLAIN: &str = "关于做好有关工作的通知\n\n各区人民政府，各有关单位：\n\n为做好有关工作，现通知如下：\n\n一、总体要求\n\n\
    各单位要提高认识，依法依规开展工作。\n\n二、组织实施\n\n（一）加强领导。明确责任分工。\n\n（二）加强宣传。及时回应关切。\n\n\
    某市人民政府办公室\n\n2026年11月2日\n\n（此件公开发布）\n";

fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.exists() {
        // Not by `eprintln!`: `cargo test` keeps that to itself where a test passes.
        let skipped = format!("SKIPPED: {} is not there\n", corpus.display());
        io::stderr().write_all(skipped.as_bytes()).unwrap();
        return None;
    }
    Some(corpus)
}

/// A bundle of two texts with an honest plan, and what else `bundle.toml` is to say.
fn bundle(policy: &str, interpretation: &str, more: &str) -> Files {
    let title = Document::read(policy).metadata().title.clone();
    let title = title.unwrap_or_else(|| "有关工作的通知".to_owned()).replace('"', "");
    let settings = format!(
        r#"title = "{title}"
slots = []
drafters = ["lin"]
[agencies]
drafting = ["某处"]
issuing = ["某局"]
publishing = "某局"
[disclosure]
attribute = "proactive"
ground = "《中华人民共和国政府信息公开条例》第二十条"
[companion]
type = "own"
explains = "{}"
[plan]
purpose = "说明为什么制定、谁受影响、怎么办理"
scope = "全部条款"
procedure = "与政策文件同步起草、同步审批"
form = "文字问答"
[order]
not_before = "2027-01-01T00:00:00+08:00"
not_after = "2027-01-08T00:00:00+08:00"
required = ["portal"]
{more}
"#,
        Digest::of(policy.as_bytes())
    );
    [
        ("policy.txt", policy),
        ("interpretation.txt", interpretation),
        ("bundle.toml", settings.as_str()),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .into()
}

fn findings(files: &Files) -> Vec<Finding> {
    match bundle::read(files) {
        Ok(content) => content.warnings,
        Err(findings) => findings,
    }
}

fn blocking(files: &Files) -> Vec<String> {
    let blocks = |finding: &Finding| finding.severity == Severity::Block;
    findings(files).into_iter().filter(blocks).map(|finding| finding.to_string()).collect()
}

#[test]
fn honest_work_passes_and_another_years_interpretation_does_not() {
    let Some(corpus) = corpus() else { return };
    let mut entries: Vec<_> =
        fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut count = 0;
    for entry in entries {
        let Ok(interpretation) = fs::read_to_string(entry.join("interpretation.txt")) else {
            continue;
        };
        let own = fs::read_to_string(entry.join("policy.txt"));
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        for policy in own.iter().map(String::as_str).chain([PLAIN]) {
            let files = bundle(policy, &interpretation, "");
            println!(
                "{name} beside {}",
                if policy == PLAIN { "a plain policy" } else { "its own" }
            );
            for finding in findings(&files) {
                println!("  {finding}");
            }
            let is_near_pair = name.starts_with("030") && policy != PLAIN;
            let blocking = blocking(&files);
            if is_near_pair {
                assert!(blocking.iter().any(|finding| finding.starts_with("TS121")), "{name}");
            } else {
                assert_eq!(blocking, [""; 0], "{name}");
            }
        }
        count += 1;
    }
    assert!(count > 15, "only {count} interpretations were found");
}

#[test]
fn what_explains_a_repealed_document_is_refused() {
    let Some(corpus) = corpus() else { return };
    let path = corpus.join("031-bj-labour-26-articles/interpretation.txt");
    let interpretation = fs::read_to_string(path).unwrap();
    let declared = "[[repealed]]\ntitle = \"关于审理劳动争议案件法律适用问题的解答\"\n\
        number = \"京高法发〔2017〕142号\"\nby = \"京高法发〔2024〕534号\"";
    let found = blocking(&bundle(PLAIN, &interpretation, declared));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("TS125"), "{found:?}");
}

#[test]
fn stated_links_give_the_coverage_that_people_found() {
    let Some(corpus) = corpus() else { return };
    let mut pairs = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let entry = entry.unwrap().path();
        let Ok(gold) = fs::read_to_string(entry.join("alignment.json")) else { continue };
        let gold: serde_json::Value = serde_json::from_str(&gold).unwrap();
        let read = |name| fs::read_to_string(entry.join(name)).unwrap();
        let (policy, interpretation) = (read("policy.txt"), read("interpretation.txt"));
        let policy_document = Document::read(&policy);
        let mut links = String::new();
        for link in gold["links"].as_array().unwrap() {
            let clauses: Vec<&str> = link["policy"]
                .as_array()
                .unwrap()
                .iter()
                .map(|path| path.as_str().unwrap())
                .collect();
            let unit = link["interpretation"].as_str().unwrap();
            links.push_str(&format!("[[link]]\nunit = {unit:?}\nclauses = {clauses:?}\n"));
        }
        let files = bundle(&policy, &interpretation, &links);
        assert_eq!(blocking(&files), [""; 0]);
        for finding in findings(&files) {
            println!("  {finding}");
        }
        let coverage = bundle::coverage(&files).expect("both texts are there");
        let open: Vec<String> = coverage
            .clauses
            .iter()
            .filter(|clause| clause.state == lockstep_gate::pair::State::Open)
            .map(|clause| clause.path.clone())
            .collect();
        let wanted: Vec<String> = gold["policy_units_without_explanation"]
            .as_array()
            .unwrap()
            .iter()
            .map(|path| policy_document.find_unit(path.as_str().unwrap()).unwrap().path.clone())
            .collect();
        assert_eq!(open, wanted, "{}", entry.display());
        print_proposals(&entry, &gold, &policy, &interpretation);
        pairs += 1;
    }
    assert!(pairs > 0);
}

/// Recall and precision of what is proposed where nothing is stated.
fn print_proposals(entry: &Path, gold: &serde_json::Value, policy: &str, interpretation: &str) {
    let (theirs, ours) = (Document::read(policy), Document::read(interpretation));
    let coverage = bundle::coverage(&bundle(policy, interpretation, "")).unwrap();
    let mut wanted = vec![];
    for link in gold["links"].as_array().unwrap() {
        let Some(unit) = ours.find_unit(link["interpretation"].as_str().unwrap()) else { continue };
        for clause in link["policy"].as_array().unwrap() {
            if let Some(clause) = theirs.find_unit(clause.as_str().unwrap()) {
                wanted.push((unit.path.clone(), clause.path.clone()));
            }
        }
    }
    let proposed: Vec<_> = coverage
        .clauses
        .iter()
        .flat_map(|clause| {
            clause.proposals.iter().take(1).map(|p| (p.unit.clone(), clause.path.clone()))
        })
        .collect();
    let hits = |(unit, clause): &(String, String)| {
        wanted.iter().any(|(gold, of)| {
            unit.starts_with(gold.as_str())
                && (clause == of || clause.starts_with(&format!("{of}/")))
        })
    };
    let right = proposed.iter().filter(|pair| hits(pair)).count();
    let found = wanted.iter().filter(|(gold, of)| {
        proposed.iter().any(|(unit, clause)| {
            unit.starts_with(gold.as_str())
                && (clause == of || clause.starts_with(&format!("{of}/")))
        })
    });
    let found = found.count();
    // What is reached today; whoever changes how they are found looks at this.
    assert!(right * 3 >= proposed.len() * 2, "precision {right}/{}", proposed.len());
    assert!(found * 3 >= wanted.len() * 2, "recall {found}/{}", wanted.len());
    println!(
        "{}: {} gold links, {} proposed first; precision {right}/{}, recall {}/{}",
        entry.file_name().unwrap().to_string_lossy(),
        wanted.len(),
        proposed.len(),
        proposed.len(),
        found,
        wanted.len()
    );
}
