//! Masking personal data in a bundle's texts: shown first, written only when told to.

use std::path::Path;

use anyhow::Context as _;
use lockstep_gate::bundle;
use lockstep_proto::finding::Severity;

use crate::{folder, print};

pub(super) fn mask(path: &Path, write: bool) -> anyhow::Result<()> {
    let masked = bundle::mask(&folder::read(path)?);
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
