//! `lockstep outline`: a text as the gate sees it.

use std::{fs, path::Path};

use anyhow::Context as _;
use lockstep_gate::{
    bundle::{Files, open},
    document::{DateRole, Document, Target},
};

use crate::client::Failure;

pub(super) fn outline(path: &Path, json: bool) -> anyhow::Result<()> {
    let text = read(path)?;
    let document = Document::read(&text);
    let metadata = document.metadata();
    let references = document.references();
    if json {
        let mut answer = serde_json::to_value(&metadata)?;
        answer["units"] = serde_json::to_value(document.units())?;
        answer["references"] = serde_json::to_value(&references)?;
        answer["findings"] = serde_json::to_value(document.findings())?;
        println!("{answer}");
        return Ok(());
    }
    let say = |label: &str, text: &str| println!("{label:<12} {text}");
    say("标题 title", metadata.title.as_deref().unwrap_or("—"));
    say("文号 number", metadata.number.as_deref().unwrap_or("—"));
    for dated in &metadata.dates {
        let role = match dated.role {
            DateRole::Written => "成文 written",
            DateRole::Effective => "施行 effective",
            DateRole::Expires => "有效期至 expires",
            DateRole::Printed => "印发 printed",
        };
        say(role, &dated.date.map_or(dated.raw.clone(), |date| date.to_string()));
    }
    for repeal in &metadata.repeals {
        let number = repeal.number.as_deref().unwrap_or_default();
        say("废止 repeals", &format!("《{}》{number}", repeal.title));
    }
    println!();
    for unit in document.units() {
        let said: String = document.text_of(unit).split_whitespace().collect::<Vec<_>>().join(" ");
        let start: String = said.chars().take(36).collect();
        let more = if said.chars().count() > 36 { "…" } else { "" };
        println!("{}\n    {start}{more}", unit.path);
    }
    println!();
    for reference in &references {
        let whose = match &reference.document {
            Target::Own => "本文 this text".to_owned(),
            Target::Previous => "前文 before".to_owned(),
            Target::Other(name) => format!("《{name}》"),
        };
        let joint = if reference.is_range { " … " } else { "、" };
        println!("引用 refers  {}  →  {whose} {}", reference.raw, reference.paths.join(joint));
    }
    for finding in document.findings() {
        println!("{finding}");
    }
    Ok(())
}

/// The file's text, of whatever format a bundle's text can have.
pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    let bytes =
        fs::read(path).with_context(|| format!("{} 无法读取 / cannot be read", path.display()))?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("txt");
    let member = format!("policy.{}", extension.to_ascii_lowercase());
    let opened = open(&Files::from([(member, bytes)]));
    let text = opened.files.into_values().next().and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| {
        let named = opened.findings.into_iter().map(|finding| lockstep_proto::finding::Finding {
            member: Some(path.display().to_string()),
            ..finding
        });
        Failure::Findings(named.collect()).into()
    })
}
