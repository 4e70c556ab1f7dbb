//! What can be mended in a bundle's files without changing what they say.

use std::collections::BTreeMap;

use super::{Files, encoding, open::is_decoded};
use crate::docx;

/// The files that mend, with their new bytes: texts in UTF-8 (TS010), Word and Excel attachments
/// without their authors' names (TS615).
pub fn mend(files: &Files) -> BTreeMap<String, Vec<u8>> {
    files
        .iter()
        .filter_map(|(path, bytes)| {
            let mended = if is_decoded(path) {
                encoding::decode(bytes)?.0.into_bytes()
            } else if path.starts_with("attachments/")
                && docx::check_attachment(bytes).iter().any(|finding| finding.code == "TS615")
            {
                docx::strip_metadata(bytes)
            } else {
                return None;
            };
            (mended != *bytes).then(|| (path.clone(), mended))
        })
        .collect()
}
