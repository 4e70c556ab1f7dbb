//! What stands in an attached archive: it is published as it is, so its texts and tables are looked
//! through like attachments of their own. Archives within it are not opened, but named.

use lockstep_proto::finding::Finding;

use super::{
    FILE_BYTES_MAX, TOTAL_BYTES_MAX, encoding,
    open::{check_office, has_extension},
    paths,
};
use crate::codes::At as _;
use crate::{
    archive::{Archive, BadArchive},
    codes, docx, internal, persons, secrecy,
};

/// Extensions of what is looked through.
const SEEN: [&str; 5] = ["txt", "md", "csv", "docx", "xlsx"];

/// Bytes that an archive unpacks to at most: ten times what a bundle may hold.
const UNPACKED_MAX: u64 = 200 << 20;

/// Names that one finding shows at most.
const SHOWN_MAX: usize = 5;

/// Bytes of XML that Word and Excel files within an archive have unpacked, at most.
const OFFICE_MAX: u64 = 32 << 20;

/// What of an archive would be read, as its directory says.
pub(super) fn unpacked(bytes: &[u8]) -> u64 {
    let most = u64::try_from(TOTAL_BYTES_MAX).unwrap_or(u64::MAX);
    let archive = Archive::open(bytes, 0);
    archive.map_or(0, |archive| archive.unpacked(|name| has_extension(name, &SEEN)).min(most))
}

/// Of what can be read in an archive what is said of such an attachment, TS016 of the rest.
pub(super) fn check(bytes: &[u8]) -> Vec<Finding> {
    let mut archive = match Archive::open(bytes, TOTAL_BYTES_MAX) {
        Ok(archive) => archive,
        Err(why) => return vec![codes::UNSEEN.about(persons::mask(&why.to_string()).0)],
    };
    // A bomb is no attachment: readers' machines would unpack it.
    if archive.unpacked(|_| true) > UNPACKED_MAX {
        return vec![codes::TOO_LARGE.about(BadArchive::TooLarge)];
    }
    let names = archive.names().to_vec();
    let mut findings = vec![];
    if !archive.beside().is_empty() {
        let beside = codes::UNSEEN.about(archive.beside().join("、"));
        findings.push(beside.advising(
            "解压后重新压缩，不写注释：注释和多余的数据也会公布".to_owned(),
            "unpack it and pack it anew without comments: they and what is added would be published too"
                .to_owned(),
        ));
    }
    let mut unseen = vec![];
    let mut office_left = OFFICE_MAX;
    for (index, name) in names.iter().enumerate() {
        let shown = persons::mask(name).0;
        if name.contains(persons::is_hidden) {
            findings.push(paths::refuse_hidden(name));
        }
        findings.extend(persons::find(name).iter().map(|hit| hit.finding_by_hand(&shown)));
        let own = name.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
        if secrecy::is_name_marked(own) {
            findings.push(codes::CLASSIFIED.finding());
        }
        findings.extend(internal::find_in_name(own));
        if name.ends_with(['/', '\\']) {
            continue;
        }
        let is_seen = has_extension(name, &SEEN);
        let read = is_seen.then(|| archive.read(index, FILE_BYTES_MAX).ok()).flatten();
        let office = read.as_deref().map_or(0, docx::unpacked);
        let Some(bytes) = read.filter(|_| office <= office_left) else {
            unseen.push(shown);
            continue;
        };
        office_left -= office;
        let found = if has_extension(name, &["docx", "xlsx"]) {
            // Who wrote it is not taken out of an archive.
            check_office(&bytes).into_iter().filter(|f| f.code != codes::METADATA.id).collect()
        } else {
            check_text(&bytes, name)
        };
        findings.extend(found.into_iter().map(|finding| Finding {
            message: format!("{}（{shown}）", finding.message),
            message_en: format!("{} ({shown})", finding.message_en),
            ..finding
        }));
    }
    findings.extend(name_unseen(&unseen));
    findings
}

/// TS016 with the first of these names.
fn name_unseen(names: &[String]) -> Option<Finding> {
    let first = names.get(..SHOWN_MAX.min(names.len()))?.join("、");
    let more = names.len().saturating_sub(SHOWN_MAX);
    match (names.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(codes::UNSEEN.about(first)),
        (false, more) => {
            Some(codes::UNSEEN.about(format_args!("{first}（另有 {more} 个 and {more} more）")))
        }
    }
}

fn check_text(bytes: &[u8], name: &str) -> Vec<Finding> {
    let text = encoding::decode_roughly(bytes);
    if secrecy::find_mark(&text).is_some() {
        return vec![codes::CLASSIFIED.finding()];
    }
    let is_table = has_extension(name, &["csv"]);
    let hits = if is_table { persons::find_in_table(&text) } else { persons::find(&text) };
    let marks = internal::find(&text).into_iter().map(|finding| Finding { line: None, ..finding });
    hits.iter().map(|hit| hit.finding_by_hand("")).chain(marks).collect()
}
