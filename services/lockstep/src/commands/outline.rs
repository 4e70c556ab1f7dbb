//! `lockstep outline`: a text as the gate sees it.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use anyhow::Context as _;
use lockstep_gate::{
    bundle::{Files, open},
    codes::{self, At as _},
    document::{
        DateRole, DisclosureMark, Document, Metadata, Reference, Target, Unit, Validity,
        find_numbers,
    },
    secrecy,
};
use lockstep_proto::finding::Finding;
use serde::Serialize;

use crate::{client::Failure, print};

/// What `--json` prints.
#[derive(Serialize)]
struct Outline<'d> {
    #[serde(flatten)]
    metadata: &'d Metadata,
    units: &'d [Unit],
    references: &'d [Reference],
    findings: Vec<Finding>,
}

pub(super) fn outline(path: &Path, json: bool) -> anyhow::Result<()> {
    let Text { text, mut findings } = read(path)?;
    let document = Document::read(&text);
    let metadata = document.metadata();
    let references = document.references();
    findings.extend(document.findings());
    if json {
        let answer = Outline { metadata, units: document.units(), references, findings };
        return print::out(&serde_json::to_string(&answer)?);
    }
    print::out(&shown(&document, metadata, references, &findings)?)
}

/// A file's text, and what was found where it was read: of a Word file with revisions the text is shown as
/// if they were accepted.
pub(super) struct Text {
    pub(super) text: String,
    pub(super) findings: Vec<Finding>,
}

/// For people: what the text says of itself, its units, what it refers to.
fn shown(
    document: &Document<'_>,
    metadata: &Metadata,
    references: &[Reference],
    findings: &[Finding],
) -> Result<String, std::fmt::Error> {
    let mut shown = String::new();
    writeln!(shown, "标题 title  {}", metadata.title.as_deref().unwrap_or("—"))?;
    writeln!(shown, "文号 number  {}", metadata.number.as_deref().unwrap_or("—"))?;
    for dated in &metadata.dates {
        let role = match dated.role {
            DateRole::Written => "成文 written",
            DateRole::Effective => "施行 effective",
            DateRole::Expires => "有效期至 expires",
            DateRole::Printed => "印发 printed",
        };
        let date = dated.date.map_or(dated.raw.clone(), |date| date.to_string());
        // What is issued with a text has days of its own.
        let at = |unit: &&Unit| (unit.start..unit.end).contains(&dated.start);
        let path = document.units().iter().find(at).and_then(|unit| unit.path.split_once('/'));
        let part = path.map(|(part, _)| part).filter(|part| part.starts_with('附'));
        let part = part.map(|part| format!("（{part}）")).unwrap_or_default();
        writeln!(shown, "{role}  {date}{part}")?;
    }
    if let Some(mark) = metadata.disclosure {
        let mark = match mark {
            DisclosureMark::Proactive => "主动公开 proactive",
            DisclosureMark::OnRequest => "依申请公开 on request",
            DisclosureMark::Withheld => "不予公开 withheld",
        };
        writeln!(shown, "公开属性 disclosure  {mark}")?;
    }
    for attachment in &metadata.attachments {
        writeln!(shown, "附件 attachment  {attachment}")?;
    }
    match &metadata.validity {
        Some(Validity::Years(years)) => writeln!(shown, "有效期 valid for  {years}年 years")?,
        // Said above, as a date.
        Some(Validity::Until(_)) | None => {}
    }
    for repeal in &metadata.repeals {
        let number = repeal.number.as_deref().unwrap_or_default();
        // A text may end another by its number alone.
        let title = Some(&repeal.title).filter(|title| !title.is_empty());
        let title = title.map(|title| format!("《{title}》")).unwrap_or_default();
        writeln!(shown, "废止 repeals  {title}{number}")?;
    }
    writeln!(shown)?;
    for unit in document.units() {
        let said = document.text_of(unit).split_whitespace().collect::<Vec<_>>().join(" ");
        let start: String = said.chars().take(36).collect();
        let more = if start.len() < said.len() { "…" } else { "" };
        writeln!(shown, "{}\n    {start}{more}", unit.path)?;
    }
    writeln!(shown)?;
    let numbers: HashMap<&str, String> =
        references.iter().rev().filter_map(|reference| number_of(document, reference)).collect();
    let mut said = HashSet::new();
    for reference in references {
        let line = line_of(document, reference, &numbers);
        if !said.contains(&line) {
            writeln!(shown, "{line}")?;
            said.insert(line);
        }
    }
    for finding in findings {
        writeln!(shown, "{finding}")?;
    }
    Ok(shown)
}

/// What a reference names, and the number that stands behind a title: each is shown once.
fn line_of(
    document: &Document<'_>,
    reference: &Reference,
    numbers: &HashMap<&str, String>,
) -> String {
    let (whose, number) = match &reference.document {
        Target::Own => ("本文 this text".to_owned(), None),
        Target::Previous => ("前文 before".to_owned(), None),
        Target::Other(name) => (format!("《{name}》"), numbers.get(name.as_str())),
    };
    let joint = if reference.is_range { " … " } else { "、" };
    let is_own = reference.document == Target::Own;
    let found = |path: &String| {
        let unit = document.find_unit(path).filter(|_| is_own);
        unit.map_or_else(|| path.clone(), |unit| unit.path.clone())
    };
    let paths: Vec<String> = reference.paths.iter().map(found).collect();
    let paths = paths.join(joint);
    let number = number.map(|number| format!("（{number}）")).unwrap_or_default();
    // 《甲》 is 《甲》.
    let target = if whose == reference.raw { String::new() } else { format!("  →  {whose}") };
    format!("引用 refers  {}{target}{number} {paths}", reference.raw).trim_end().to_owned()
}

/// A title, and the number that the text gives right behind it.
fn number_of<'r>(document: &Document<'_>, reference: &'r Reference) -> Option<(&'r str, String)> {
    const NUMBER_MAX: usize = 40;
    let Target::Other(name) = &reference.document else { return None };
    let from = document.text().get(reference.start..)?.strip_prefix('《')?;
    let behind = from.strip_prefix(name.as_str())?.strip_prefix('》')?.strip_prefix(['（', '('])?;
    let behind: String = behind.chars().take(NUMBER_MAX).collect();
    let number = find_numbers(&behind).into_iter().next()?;
    (number.start == 0).then_some((name.as_str(), number.number))
}

/// The file's text, of whatever format a bundle's text can have; one that bears a classification mark is
/// not shown.
pub(super) fn read(path: &Path) -> anyhow::Result<Text> {
    let bytes =
        fs::read(path).with_context(|| format!("{} 无法读取 / cannot be read", path.display()))?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("txt");
    let member = format!("policy.{}", extension.to_ascii_lowercase());
    let opened = open(&Files::from([(member.clone(), bytes)]));
    let text = opened.files.into_values().next().and_then(|bytes| String::from_utf8(bytes).ok());
    let findings = match text {
        Some(text) => match secrecy::find_mark(&text) {
            None => {
                let findings = named(opened.findings, &member, path);
                return Ok(Text { text, findings });
            }
            Some(line) => vec![codes::CLASSIFIED.finding().at_line(line)],
        },
        None if opened.findings.is_empty() => vec![codes::BAD_ENCODING.finding()],
        None => opened.findings,
    };
    Err(Failure::Findings(named(findings, &member, path)).into())
}

/// Findings by the file's own name instead of that by which a bundle would have it.
fn named(findings: Vec<Finding>, member: &str, path: &Path) -> Vec<Finding> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let findings = findings.into_iter().map(|finding| Finding {
        member: Some(path.display().to_string()),
        message: finding.message.replace(member, &name),
        message_en: finding.message_en.replace(member, &name),
        ..finding
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_says_of_itself_is_shown_and_each_reference_once() {
        let text = "关于做好示例工作的通知\n\n示教〔2027〕1号\n\n各区：\n\n一、依据《示例条例办法》（示规〔2021〕6号）制定。\n\n\
                    二、《示例条例办法》第三条所列的，按《示例条例办法》办理。执行期至2028年6月30日。\n\n附件：1.申请表\n\n\
                    示例局\n\n2027年1月5日\n\n（此件主动公开）\n";
        let document = Document::read(text);
        let shown = shown(&document, document.metadata(), document.references(), &[]).unwrap();
        for line in [
            "公开属性 disclosure  主动公开 proactive",
            "附件 attachment  申请表",
            "引用 refers  《示例条例办法》（示规〔2021〕6号）",
        ] {
            assert_eq!(shown.lines().filter(|known| *known == line).count(), 1, "{line}\n{shown}");
        }
        assert!(!shown.contains("《示例条例办法》  →"), "{shown}");
        assert!(shown.contains("第三条"), "{shown}");
    }

    /// A Word file of one paragraph with what a revision adds.
    fn revised() -> Vec<u8> {
        const RELATIONS: &str =
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        let relation = format!(
            r#"<Relationship Id="a" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>"#
        );
        let top = format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}</Relationships>"#
        );
        let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
        let body = format!(
            r#"<w:p>{}<w:ins w:author="a">{}</w:ins></w:p>"#,
            run("一、标准为100元。"),
            run("另加20元。")
        );
        let text = format!(r#"<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>"#);
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
        for (name, part) in [("_rels/.rels", top), ("word/document.xml", text)] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut zip, part.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_text_with_revisions_is_shown_as_accepted_and_said_to_be_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("草案.docx");
        fs::write(&path, revised()).unwrap();
        let Text { text, findings } = read(&path).unwrap();
        assert!(text.contains("另加20元"), "{text}");
        let finding = findings.iter().find(|finding| finding.code == "TS611").unwrap();
        assert_eq!(finding.member.as_deref(), path.to_str());
        assert!(!finding.message.contains("policy.docx"), "{}", finding.message);
        let document = Document::read(&text);
        let shown = shown(&document, document.metadata(), &[], &findings).unwrap();
        assert!(shown.contains("TS611"), "{shown}");
    }
}
