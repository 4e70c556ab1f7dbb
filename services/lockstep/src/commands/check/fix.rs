//! What can be mended without changing what a text says: its encoding, and authors' names in the
//! properties of attachments.

use std::path::Path;

use anyhow::{Context as _, bail};
use lockstep_gate::bundle;
use lockstep_kit::files::write_durably;

use crate::folder;

/// Mends the folder's files and says which. The texts read the same afterwards: `confirm` holds.
pub(super) fn fix(path: &Path) -> anyhow::Result<()> {
    if !path.is_dir() {
        bail!(
            "{} 不是目录，请先解压再用 --fix / is no folder: unpack it before --fix",
            path.display()
        );
    }
    let files = folder::read(path)?;
    let mended = bundle::mend(&files);
    for (member, bytes) in &mended {
        let file = path.join(member);
        write_durably(&file, bytes)
            .with_context(|| format!("{} 无法写入 / cannot be written", file.display()))?;
        eprintln!("已改正 / mended: {member}");
    }
    if mended.is_empty() {
        eprintln!("没有可自动改正的 / nothing to mend");
    }
    Ok(())
}
