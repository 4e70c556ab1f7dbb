//! What stands in an attached archive: it is published as it is, so its texts and tables are looked
//! through like attachments of their own. Archives within it are not opened.

use lockstep_proto::finding::Finding;

use super::{
    FILE_BYTES_MAX, TOTAL_BYTES_MAX, encoding,
    open::{check_office, has_extension},
};
use crate::{archive::Archive, codes, persons, secrecy};

/// TS601 to TS607 of what can be read in an archive.
pub(super) fn check(bytes: &[u8]) -> Vec<Finding> {
    let Ok(mut archive) = Archive::open(bytes, TOTAL_BYTES_MAX) else { return vec![] };
    let names = archive.names().to_vec();
    let mut findings = vec![];
    for (index, name) in names.iter().enumerate() {
        let shown = persons::mask(name).0;
        findings.extend(persons::find(name).iter().map(|hit| hit.finding_by_hand(&shown)));
        if !has_extension(name, &["txt", "md", "csv", "docx", "xlsx"]) {
            continue;
        }
        let Ok(bytes) = archive.read(index, FILE_BYTES_MAX) else { continue };
        let found = if has_extension(name, &["docx", "xlsx"]) {
            let found = check_office(&bytes).into_iter();
            found.filter(|f| ("TS601".."TS608").contains(&f.code.as_str())).collect()
        } else {
            check_text(&bytes, has_extension(name, &["csv"]))
        };
        findings.extend(found.into_iter().map(|finding| Finding {
            message: format!("{}（{shown}）", finding.message),
            message_en: format!("{} ({shown})", finding.message_en),
            ..finding
        }));
    }
    findings
}

fn check_text(bytes: &[u8], is_table: bool) -> Vec<Finding> {
    let text = encoding::decode_roughly(bytes);
    if secrecy::find_mark(&text).is_some() {
        return vec![codes::CLASSIFIED.finding()];
    }
    let hits = if is_table { persons::find_in_table(&text) } else { persons::find(&text) };
    hits.iter().map(|hit| hit.finding_by_hand("")).collect()
}
