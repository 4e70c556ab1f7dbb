//! Masking personal data in a bundle's texts: shown first, written only when told to.

use std::path::Path;

use anyhow::Context as _;
use lockstep_gate::bundle::{self, Files};
use lockstep_proto::finding::Severity;

use crate::{folder, print};

/// Word files that hold personal data, and in how many places: what is masked there, its owner masks.
fn find_in_word(files: &Files) -> Vec<(String, usize)> {
    let opened = bundle::open(files);
    bundle::mask(&opened.files)
        .into_iter()
        .filter_map(|member| {
            let source = opened.sources.get(&member.path)?;
            Some((source.file.clone(), member.hits.len()))
        })
        .collect()
}

pub(super) fn mask(path: &Path, write: bool) -> anyhow::Result<()> {
    let files = folder::read(path)?;
    let masked = bundle::mask(&files);
    let by_hand = find_in_word(&files);
    for (file, hits) in &by_hand {
        println!("  {file}  {hits} 处，须在 Word 中遮盖 / to be masked in Word itself");
    }
    if masked.is_empty() && !by_hand.is_empty() {
        println!("  遮盖后再运行 lockstep check / then run lockstep check again");
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
