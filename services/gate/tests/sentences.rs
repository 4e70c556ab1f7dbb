//! What is said of a thousand sentences about six made policies: those that are right never block, also where they
//! tell of another time, town or document; of those that are wrong it is kept which block, warn and pass, so that
//! a change shows what it gains and loses (`LOCKSTEP_BLESS=1` writes it anew).
//!
//! Beside each policy (`sentences/*.md`) stands a line for each sentence (`*.txt`): whether it is right, what is said
//! of it (`block`, `warn`, `pass`), and the sentence, `⏎` for the end of a line.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use lockstep_gate::bundle::{self, Files};
use lockstep_proto::finding::{Finding, Severity};

/// Said of how the text is made, and not of the sentence.
const OF_FORM: [&str; 4] = ["TS115", "TS117", "TS118", "TS119"];

fn bundle_of(policy: &str, sentence: &str) -> Files {
    let title = policy.lines().next().unwrap().trim_start_matches("# ");
    let interpretation = format!(
        "# 《{title}》政策解读\n\n## 一、制定的背景依据和目标任务是什么？\n\n为贯彻落实上级有关要求，结合实际制定本文件，目标是让群众办事更方便。\n\n\
         ## 二、适用范围和涉及对象是什么？\n\n文件规定范围内的单位和个人适用。\n\n## 三、主要内容是什么？\n\n{sentence}\n\n\
         ## 四、与以前相比有什么变化？\n\n新旧政策相比，流程更加清楚。\n\n## 五、有哪些注意事项和关键词？\n\n请按文件规定的要求办理，如实提交材料。\n"
    );
    let settings = format!(
        "title = \"{title}\"\nslots = []\ndrafters = [\"lin\"]\n[agencies]\ndrafting = [\"示例处\"]\nissuing = [\"示例局\"]\n\
         publishing = \"示例局\"\n[disclosure]\nattribute = \"proactive\"\n\
         ground = \"《中华人民共和国政府信息公开条例》第二十条第一项\"\n[companion]\ntype = \"own\"\n[plan]\npurpose = \"说明标准和办理要求\"\n\
         scope = \"全部条款\"\nprocedure = \"一并送审，同时发布\"\nform = \"文字问答\"\n[order]\nworking_days = 3\nrequired = [\"portal\"]\n"
    );
    [("policy.md", policy), ("interpretation.md", &interpretation), ("bundle.toml", &settings)]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into()
}

fn said_of(policy: &str, sentence: &str) -> (&'static str, Vec<Finding>) {
    let found = match bundle::read(&bundle_of(policy, sentence)) {
        Ok(content) => content.warnings,
        Err(findings) => findings,
    };
    let of_sentence: Vec<Finding> = found
        .into_iter()
        .filter(|finding| !OF_FORM.contains(&finding.code.as_str()))
        .filter(|finding| finding.member.as_deref() == Some("interpretation.md"))
        .collect();
    let said = match of_sentence.iter().map(|finding| finding.severity).max() {
        Some(Severity::Block) => "block",
        Some(Severity::Warning) => "warn",
        None => "pass",
    };
    (said, of_sentence)
}

#[test]
fn right_sentences_never_block_and_wrong_ones_are_found_as_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences");
    let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let (mut blocked, mut differs) = (vec![], vec![]);
    let mut paths: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let policy = fs::read_to_string(path.with_extension("md")).unwrap();
        let held = fs::read_to_string(&path).unwrap();
        let mut now = String::new();
        for line in held.lines() {
            let (kind, rest) = line.split_once(' ').unwrap();
            let (_, sentence) = rest.split_once(' ').unwrap();
            let (said, found) = said_of(&policy, &sentence.replace('⏎', "\n"));
            *counts.entry((kind.to_owned(), said)).or_default() += 1;
            writeln!(now, "{kind} {said} {sentence}").unwrap();
            if kind == "right" && said == "block" {
                blocked.push((sentence.to_owned(), found));
            }
        }
        if std::env::var_os("LOCKSTEP_BLESS").is_some() {
            fs::write(&path, &now).unwrap();
        }
        let pairs = held.lines().zip(now.lines()).filter(|(held, now)| held != now);
        differs.extend(pairs.map(|(held, now)| format!("{held} → {now}")));
    }
    println!("{counts:?}");
    assert!(blocked.is_empty(), "{blocked:#?}");
    if std::env::var_os("LOCKSTEP_BLESS").is_none() {
        assert!(differs.is_empty(), "{differs:#?}");
    }
}
