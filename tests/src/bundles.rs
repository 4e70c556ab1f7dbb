//! Bundle folders for tests. Every text bears a mark that says whose and which version it is, so
//! that a watcher can tell what a response holds.

use std::{fs, path::Path};

use anyhow::Context as _;
use lockstep_proto::{ids::BundleId, time::Timestamp};

use crate::site::Site;

/// The mark of a policy's text.
pub fn policy_mark(name: &str, version: u32) -> String {
    format!("【政策标记{name}第{version}版】")
}

/// The mark of an interpretation's text.
pub fn interpretation_mark(name: &str, version: u32) -> String {
    format!("【解读标记{name}第{version}版】")
}

/// What a bundle in a test is.
#[derive(Debug, Clone)]
pub struct Sample<'a> {
    /// Its name within the test.
    pub name: &'a str,
    /// Its version.
    pub version: u32,
    /// Whether number and date wait for the registrar.
    pub has_slots: bool,
    /// The proposed window.
    pub window: (Timestamp, Timestamp),
}

/// Writes a complete, confirmed bundle to `folder`.
pub fn write(folder: &Path, sample: &Sample<'_>) -> anyhow::Result<()> {
    let Sample { name, version, .. } = sample;
    let (number, slots) = if sample.has_slots {
        ("{{文号}}", "[\"文号\"]")
    } else {
        ("示教〔2026〕1号", "[]")
    };
    let known = if sample.has_slots { "" } else { "number = \"示教〔2026〕1号\"\n" };
    let policy = format!(
        "# 关于{name}的通知\n\n{number}\n\n一、总体要求。{}\n\n二、自2027年1月1日起施行。\n",
        policy_mark(name, *version)
    );
    let interpretation = format!(
        "# 《关于{name}的通知》解读\n\n{}\n\n![支出](chart:spending)\n\n自2027年1月1日起施行。\n",
        interpretation_mark(name, *version)
    );
    let settings = format!(
        r#"kind = "issue"
title = "关于{name}的通知"
{known}slots = {slots}
drafters = ["drafter"]

[agencies]
drafting = ["示例局办公室"]
issuing = ["示例局"]
publishing = "示例局"

[disclosure]
attribute = "proactive"
ground = "《中华人民共和国政府信息公开条例》第二十条"

[companion]
type = "own"

[plan]
purpose = "说明要求"
scope = "全文"
procedure = "同步起草、审批、发布"
form = "文字与图表"

[[chart]]
id = "spending"
kind = "bar"
headline = "甲类最高"
subtitle = "示例支出"
unit = "元"
source = "示例"
data = "data/spending.csv"
category = "类别"
value = "支出"

[order]
not_before = "{}"
not_after = "{}"
required = ["portal", "folder"]
"#,
        sample.window.0, sample.window.1
    );
    fs::create_dir_all(folder.join("data"))?;
    fs::write(folder.join("policy.md"), policy)?;
    fs::write(folder.join("interpretation.md"), interpretation)?;
    fs::write(folder.join("data/spending.csv"), "类别,支出\n甲,30.5\n乙,20\n")?;
    fs::write(folder.join("bundle.toml"), settings)?;
    lockstep::folder::confirm(folder).context("sample cannot be confirmed")?;
    Ok(())
}

/// Submits a first version whose window is December 2nd to 20th, 2026, and whose slots are filled.
pub async fn submit(site: &Site, name: &str) -> anyhow::Result<BundleId> {
    let folder = site.scratch(name);
    let window = ("2026-12-02T00:00:00Z".parse()?, "2026-12-20T00:00:00Z".parse()?);
    write(&folder, &Sample { name, version: 1, has_slots: false, window })?;
    Ok(site.submit(&folder, None).await?.bundle)
}
