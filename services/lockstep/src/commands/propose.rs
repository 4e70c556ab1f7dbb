//! `lockstep propose`: which part of the interpretation may explain which clause, as lines for
//! `bundle.toml`. A likeness is no statement: each is a comment until a person takes the `#` away.

use std::{fmt::Write as _, path::Path};

use anyhow::bail;
use lockstep_gate::{
    bundle::{self, Files},
    document::{Document, Unit},
    pair::{Clause, Coverage, State},
    persons,
};
use lockstep_proto::finding::Severity;
use toml_edit::{Array, Value};

use super::authoring::{UNFIT_TEXT, about_files};
use crate::{client::Failure, folder, print};

/// Characters of a unit by which people know it.
const EXCERPT_CHARS: usize = 24;

pub(super) fn propose(path: &Path) -> anyhow::Result<()> {
    let files = folder::read(path)?;
    let mut findings = about_files(&files, &UNFIT_TEXT);
    findings.retain(|finding| finding.severity == Severity::Block);
    if !findings.is_empty() {
        return Err(Failure::Findings(findings).into());
    }
    let Some(proposed) = lines(&files)? else {
        bail!(
            "{}：缺少政策或解读，或 bundle.toml 无法读取；先运行 lockstep check / a text is missing, or \
             bundle.toml cannot be read: lockstep check says more",
            path.display()
        );
    };
    if proposed.is_empty() {
        eprintln!("每一条都已说明 / every clause is accounted for");
    }
    print::out(proposed.trim_end())
}

/// What is proposed for the clauses that nobody said are explained. None: the bundle has not both texts.
pub(super) fn lines(files: &Files) -> Result<Option<String>, std::fmt::Error> {
    let Some(coverage) = bundle::coverage(files) else { return Ok(None) };
    let opened = bundle::open(files);
    let text_of = |name: &str| {
        let found = opened.files.iter().find(|(path, _)| path.starts_with(name));
        found.map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default()
    };
    let (policy, interpretation) = (text_of("policy."), text_of("interpretation."));
    let texts = [Document::read(&policy), Document::read(&interpretation)];
    write(&coverage, &texts).map(Some)
}

/// One `[[link]]` for each unit, with the clauses it is likeliest to explain; then what nothing is like.
fn write(
    coverage: &Coverage,
    [policy, interpretation]: &[Document<'_>; 2],
) -> Result<String, std::fmt::Error> {
    let open: Vec<&Clause> =
        coverage.clauses.iter().filter(|clause| clause.state == State::Open).collect();
    let mut lines = String::new();
    if open.is_empty() {
        return Ok(lines);
    }
    writeln!(
        lines,
        "## 按相近程度提出的对应：核对后删去行首的一个 # 才算数，不对的改正或删去；## 开头的是说明。"
    )?;
    writeln!(
        lines,
        "## Proposed by likeness: a line counts once its one # is taken away; ## only tells. Mend or remove."
    )?;
    for unit in interpretation.units() {
        let alike = |clause: &&Clause| {
            clause.proposals.first().is_some_and(|proposal| proposal.unit == unit.path)
        };
        let clauses: Vec<&Clause> = open.iter().copied().filter(alike).collect();
        if clauses.is_empty() {
            continue;
        }
        writeln!(lines, "\n## {}  {}", unit.path, excerpt(interpretation, unit))?;
        say(&mut lines, policy, &clauses)?;
        writeln!(lines, "# [[link]]\n# unit = {}", Value::from(unit.path.as_str()))?;
        writeln!(lines, "# clauses = {}", paths(&clauses))?;
    }
    let alone: Vec<&Clause> =
        open.into_iter().filter(|clause| clause.proposals.is_empty()).collect();
    if !alone.is_empty() {
        writeln!(lines, "\n## 没有相近的段落：补写解读，或写明无需解读的理由。")?;
        writeln!(lines, "## Nothing is like these: explain them, or say why none need be.")?;
        // Each has a reason of its own.
        for clause in alone {
            say(&mut lines, policy, &[clause])?;
            let path = Value::from(clause.path.as_str());
            writeln!(lines, "# [[waiver]]\n# clauses = [{path}]\n# reason = \"\"")?;
        }
    }
    Ok(lines)
}

/// What the clauses say, a line each.
fn say(lines: &mut String, policy: &Document<'_>, clauses: &[&Clause]) -> std::fmt::Result {
    for clause in clauses {
        let unit = policy.units().iter().find(|unit| unit.path == clause.path);
        let said = unit.map(|unit| excerpt(policy, unit)).unwrap_or_default();
        writeln!(lines, "##   {}  {said}", clause.path)?;
    }
    Ok(())
}

fn paths(clauses: &[&Clause]) -> Value {
    Value::from(clauses.iter().map(|clause| clause.path.as_str()).collect::<Array>())
}

/// A unit's first words, without anybody's numbers.
fn excerpt(document: &Document<'_>, unit: &Unit) -> String {
    let text = document.text_of(unit).split_whitespace().collect::<Vec<_>>().join(" ");
    let (text, _) = persons::mask(&text);
    let mut excerpt: String = text.chars().take(EXCERPT_CHARS).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use lockstep_gate::bundle::SETTINGS;

    use super::*;

    #[test]
    fn proposals_are_comments_and_hold_once_a_person_uncomments_them() {
        let policy = "# 关于校园开放的通知\n\n## 第一条\n\n体育场馆每周六上午九时起对居民开放。\n\n\
                      ## 第二条\n\n收费标准由学校公示，一年调整一次。\n\n## 第三条\n\n本通知的财务科目另行编制。\n";
        let interpretation = "# 《关于校园开放的通知》政策解读\n\n## 体育场馆什么时候开放？\n\n每周六上午九时起，\
                              体育场馆对居民开放。\n\n## 怎么收费？\n\n收费标准由学校公示，一年调整一次。\n";
        let settings = r#"
kind = "issue"
title = "关于校园开放的通知"
drafters = ["lin"]

[agencies]
drafting = ["基础教育科"]
issuing = ["示例区教育局"]
publishing = "示例区教育局"

[disclosure]
attribute = "proactive"
ground = "《中华人民共和国政府信息公开条例》第二十条"

[companion]
type = "own"

[plan]
purpose = "讲清何时开放"
scope = "全文"
procedure = "同步起草"
form = "问答"

[order]
not_before = "2026-12-01T09:00:00+08:00"
not_after = "2026-12-02T18:00:00+08:00"
required = ["portal"]
"#;
        let mut files: Files =
            [("policy.md", policy), ("interpretation.md", interpretation), (SETTINGS, settings)]
                .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
                .into();
        let proposed = lines(&files).unwrap().unwrap();
        assert!(
            proposed.lines().all(|line| line.is_empty() || line.starts_with('#')),
            "{proposed}"
        );
        assert!(proposed.contains("# unit = "), "{proposed}");
        let before = bundle::coverage(&files).unwrap();

        // Only what is TOML, as a person would leave it.
        let is_toml = |line: &str| {
            ["[[link]]", "unit = ", "clauses = "].iter().any(|start| line.starts_with(start))
        };
        // Nor does who takes away one # everywhere make what only tells count.
        let taken: Vec<&str> = proposed.lines().map(|l| l.strip_prefix('#').unwrap_or(l)).collect();
        assert!(taken.join("\n").parse::<toml::Table>().is_ok(), "{proposed}");
        let links = proposed.split("[[waiver]]").next().unwrap();
        let confirmed: Vec<_> =
            links.lines().filter_map(|l| l.strip_prefix("# ")).filter(|l| is_toml(l)).collect();
        files.insert(SETTINGS.to_owned(), format!("{settings}\n{}\n", confirmed.join("\n")).into());
        let after = bundle::coverage(&files).unwrap();
        assert!(after.covered_count > before.covered_count, "{proposed}");
    }
}
