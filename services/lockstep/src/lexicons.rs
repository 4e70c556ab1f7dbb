//! Lexicons 词库 from files, besides the starter.

use std::{fs, path::Path};

use anyhow::Context as _;
use lockstep_gate::wording::{Lexicon, Lexicons};

/// The starter and those in these files; of two entries for the same words the later file's counts.
pub(crate) fn read(paths: &[impl AsRef<Path>]) -> anyhow::Result<Lexicons> {
    let mut lexicons = vec![Lexicon::starter()?];
    for path in paths.iter().map(AsRef::as_ref) {
        let read = || anyhow::Ok(Lexicon::read(&fs::read_to_string(path)?)?);
        lexicons.push(read().with_context(|| {
            format!("词库 {} 无法使用 / lexicon cannot be used", path.display())
        })?);
    }
    Ok(Lexicons::new(lexicons)?)
}
