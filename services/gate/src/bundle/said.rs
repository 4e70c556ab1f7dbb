//! What no member may say: personal data, in whatever reads as text.

use lockstep_proto::{finding::Finding, manifest::Role};

use super::{Files, SETTINGS, paths};
use crate::{
    codes::At as _,
    persons::{self, Hit},
};

/// TS602 to TS607 by member and line. The settings too: titles and headlines are published.
pub(super) fn check(files: &Files) -> Vec<Finding> {
    files
        .iter()
        .filter(|(path, _)| *path == SETTINGS || is_text(path))
        .flat_map(|(path, bytes)| {
            // Digits are digits also where the rest is badly encoded.
            let text = String::from_utf8_lossy(bytes);
            let hits = find_persons(path, &text);
            let starts = hits.iter().map(|hit| hit.range.start);
            let lines = lines_at(&text, starts);
            let found = hits.iter().zip(lines);
            found.map(|(hit, line)| hit.finding().in_member(path).at_line(line)).collect::<Vec<_>>()
        })
        .collect()
}

/// The personal data in a member, by its form.
fn find_persons(path: &str, text: &str) -> Vec<Hit> {
    if is_table(path) { persons::find_in_table(text) } else { persons::find(text) }
}

/// Whether a member reads as text.
pub(super) fn is_text(path: &str) -> bool {
    paths::kind(path).is_some_and(|(role, media_type)| {
        matches!(role, Role::Policy | Role::Interpretation) || media_type.starts_with("text/")
    })
}

/// Whether a member is a table.
pub(super) fn is_table(path: &str) -> bool {
    paths::kind(path).is_some_and(|(_, media_type)| media_type.starts_with("text/csv"))
}

/// The line, from 1, of each offset; these come in order, so that one pass is enough.
fn lines_at(text: &str, offsets: impl Iterator<Item = usize>) -> Vec<usize> {
    let (mut line, mut end) = (1, 0);
    offsets
        .map(|offset| {
            let passed = text.as_bytes().get(end..offset).unwrap_or_default();
            line += passed.split(|byte| *byte == b'\n').count() - 1;
            end = end.max(offset);
            line
        })
        .collect()
}

/// What [`mask`] did to a member.
#[derive(Debug)]
pub struct Masked {
    /// The member.
    pub path: String,
    /// What stood there, with its line.
    pub hits: Vec<(usize, Hit)>,
    /// The member's text, masked.
    pub text: String,
}

/// The members that read as text and hold personal data, masked. One that is not UTF-8 is left: it is
/// refused anyway (TS003), and reads differently once it is mended.
pub fn mask(files: &Files) -> Vec<Masked> {
    files
        .iter()
        .filter(|(path, _)| is_text(path))
        .filter_map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).ok()?;
            let (masked, hits) =
                if is_table(path) { persons::mask_table(text) } else { persons::mask(text) };
            let lines = lines_at(text, hits.iter().map(|hit| hit.range.start));
            let hits: Vec<_> = lines.into_iter().zip(hits).collect();
            (!hits.is_empty()).then(|| Masked { path: path.clone(), hits, text: masked })
        })
        .collect()
}
