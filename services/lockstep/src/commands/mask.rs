//! Masking personal data in a bundle's texts: shown first, written only when told to.

use std::path::Path;

use anyhow::Context as _;
use lockstep_gate::{
    bundle::{self, Files, Masked},
    codes::{self, Code},
};
use lockstep_proto::finding::{Finding, Severity};

use super::authoring::about_files;
use crate::{folder, print};

/// What `check` finds of persons where no text can be rewritten: in Word and Excel, in archives, in names of
/// files, spelled by the page alone.
fn find_by_hand(files: &Files, masked: &[Masked]) -> Vec<Finding> {
    let of_persons: Vec<&Code> =
        codes::ALL.iter().copied().filter(|code| ("TS602"..="TS607").contains(&code.id)).collect();
    let mut found = about_files(files, &of_persons);
    found.retain(|finding| {
        finding.severity == Severity::Block
            && !masked.iter().any(|member| finding.member.as_ref() == Some(&member.path))
    });
    found
}

pub(super) fn mask(path: &Path, write: bool) -> anyhow::Result<()> {
    let files = folder::read(path)?;
    let masked = bundle::mask(&files);
    let by_hand = find_by_hand(&files, &masked);
    if !by_hand.is_empty() {
        println!("须在原文件中手工处理 / to be masked by hand in the file itself:");
        for finding in &by_hand {
            println!("  {finding}");
        }
    }
    if masked.is_empty() && !by_hand.is_empty() {
        return Ok(());
    }
    if masked.is_empty() {
        println!("没有需要遮盖的 / nothing to mask: {}", path.display());
        return Ok(());
    }
    for member in &masked {
        for (line, hit) in &member.hits {
            let [said, said_en] = hit.code.message;
            let doubt = match hit.severity {
                Severity::Block => "",
                Severity::Warning => "（疑似 probably）",
            };
            let place = format!("{}:{line}", member.path);
            println!("  {place}  {}  {}{doubt}  {said} / {said_en}", hit.code.id, hit.shown);
        }
        if write {
            let file = path.join(&member.path);
            lockstep_kit::files::write_durably(&file, member.text.as_bytes())
                .with_context(|| format!("{} 无法写入 / cannot be written", file.display()))?;
        }
    }
    let folder = path.to_string_lossy();
    if write {
        println!(
            "已遮盖；文本已变，须重新核对并确认 / masked; the text changed: read it again and confirm"
        );
        print::next(&["confirm", &folder]);
    } else {
        println!("未写入 / nothing was written");
        print::next(&["mask", &folder, "--write"]);
    }
    Ok(())
}
