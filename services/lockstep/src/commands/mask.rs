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

/// What `check` finds of persons in these files.
fn find_persons(files: &Files) -> Vec<Finding> {
    let of_persons: Vec<&Code> =
        codes::ALL.iter().copied().filter(|code| ("TS602"..="TS607").contains(&code.id)).collect();
    about_files(files, &of_persons)
}

pub(super) fn mask(path: &Path, write: bool) -> anyhow::Result<()> {
    let files = folder::read(path)?;
    let masked = bundle::mask(&files);
    let mut after = files.clone();
    after.extend(masked.iter().map(|member| (member.path.clone(), member.bytes.clone())));
    // Drawings, charts and files within files, archives, names of files, what the page alone spells.
    let left = find_persons(&after);
    let by_hand: Vec<_> =
        left.iter().filter(|finding| finding.severity == Severity::Block).collect();
    if !by_hand.is_empty() {
        say!("须在原文件中手工处理 / to be masked by hand in the file itself:");
        for finding in &by_hand {
            say!("  {finding}");
        }
    }
    if masked.is_empty() {
        if by_hand.is_empty() {
            say!("没有需要遮盖的 / nothing to mask: {}", path.display());
        }
        return Ok(());
    }
    print_masked(&masked, &find_persons(&files), &left);
    let folder = path.to_string_lossy();
    if write {
        for member in &masked {
            let file = path.join(&member.path);
            lockstep_kit::files::write_durably(&file, &member.bytes)
                .with_context(|| format!("{} 无法写入 / cannot be written", file.display()))?;
        }
        say!(
            "已遮盖；内容已变，须重新核对并确认 / masked; the content changed: read it again and confirm"
        );
        print::next(&["confirm", &folder]);
    } else {
        say!("未写入 / nothing was written");
        print::next(&["mask", &folder, "--write"]);
    }
    Ok(())
}

/// Of texts by line; of Word and Excel files what is no longer found in them.
fn print_masked(masked: &[Masked], before: &[Finding], after: &[Finding]) {
    for member in masked {
        for (line, hit) in &member.hits {
            let [said, said_en] = hit.code.message;
            let doubt = match hit.severity {
                Severity::Block => "",
                Severity::Warning => "（疑似 probably）",
            };
            let place = format!("{}:{line}", member.path);
            say!("  {place}  {}  {}{doubt}  {said} / {said_en}", hit.code.id, hit.shown);
        }
        let is_told = |finding: &&Finding| !member.hits.is_empty() || after.contains(finding);
        let of_member = |finding: &&Finding| finding.member.as_deref() == Some(&member.path);
        for finding in before.iter().filter(of_member).filter(|finding| !is_told(finding)) {
            say!("  {finding}");
        }
    }
}
