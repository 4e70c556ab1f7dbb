//! What can be mended in a bundle's files without changing what they say.

use std::collections::BTreeMap;

use super::{
    Files, encoding,
    open::{is_decoded, without_metadata},
};
use crate::{docx, media};

/// The files that mend, with their new bytes: texts in UTF-8 (TS010), Word and Excel attachments
/// and pictures without what their properties tell (TS615).
pub fn mend(files: &Files) -> BTreeMap<String, Vec<u8>> {
    files
        .iter()
        .filter_map(|(path, bytes)| {
            let mended = if is_decoded(path) {
                encoding::decode(bytes)?.0.into_bytes()
            } else if path.starts_with("attachments/")
                && (media::is_picture(bytes)
                    || docx::check_attachment(bytes).iter().any(|finding| finding.code == "TS615"))
            {
                without_metadata(bytes)
            } else {
                return None;
            };
            (mended != *bytes).then(|| (path.clone(), mended))
        })
        .collect()
}
