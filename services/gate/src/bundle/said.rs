//! What is said in any text: personal data in whatever reads as one, wording in the two texts.

use std::borrow::Cow;

use foldhash::HashSet;
use lockstep_proto::{
    finding::Finding,
    manifest::{Member, Role},
};

use super::{Files, SETTINGS, Settings, beneath, encoding, open::has_extension, paths};
use crate::{
    codes::At as _,
    docx, internal,
    persons::{self, Hit},
    wording::{self, Lexicons, Number, Own, Paragraphs},
};

/// TS602 to TS607 by member and line. The settings too: titles and headlines are published.
pub(super) fn check_persons(files: &Files) -> Vec<Finding> {
    let texts = files.iter().filter(|(path, _)| *path == SETTINGS || is_text(path));
    let said = texts.flat_map(|(path, bytes)| {
        // Digits are digits also where the rest is badly encoded. An attachment stays as it came, and
        // is no UTF-8 perhaps.
        let text = encoding::decode_roughly(bytes);
        let is_utf8 = matches!(text, Cow::Borrowed(_));
        let hits = find_persons(path, &text);
        let beneath = beneath::find(path, &text, &hits);
        let hits = hits.into_iter().map(|hit| {
            let finding = if is_utf8 { hit.finding() } else { hit.finding_by_hand("") };
            (hit.range.start, finding)
        });
        let mut found: Vec<_> = hits.chain(beneath).collect();
        found.sort_by_key(|(offset, _)| *offset);
        place(path, &text, found.into_iter())
    });
    files.keys().flat_map(|path| check_name(path)).chain(said).collect()
}

/// TS111, TS132: marks of drafts and of what is for some readers only, in whatever reads as text, in the
/// files' names, in the title.
pub(super) fn check_internal(files: &Files, settings: Option<&Settings>) -> Vec<Finding> {
    let said = files.iter().filter(|(path, _)| is_text(path)).flat_map(|(path, bytes)| {
        let text = encoding::decode_roughly(bytes);
        let is_page = has_extension(path, &["md"]);
        let found = if is_page { internal::find_on_page(&text) } else { internal::find(&text) };
        found.into_iter().map(|finding| finding.in_member(path))
    });
    let named = files.keys().filter_map(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        Some(internal::find_in_name(name)?.in_member(path))
    });
    let title = settings.and_then(|settings| {
        let finding = internal::find_in_title(&settings.metadata.title)?.in_member(SETTINGS);
        Some(match settings.places.get("title") {
            Some((line, column)) => finding.at_place(*line, *column),
            None => finding,
        })
    });
    said.chain(named).chain(title).collect()
}

/// A file's name is published too. It is shown masked.
fn check_name(path: &str) -> Vec<Finding> {
    let shown = persons::mask(path).0;
    let hits = persons::find(path).into_iter();
    hits.map(|hit| hit.finding_by_hand("文件名 the file's name").in_member(&shown)).collect()
}

/// TS501 to TS506 by member and line.
pub(super) fn check_wording(
    files: &Files,
    members: &[Member],
    settings: Option<&Settings>,
    lexicons: &Lexicons,
) -> Vec<Finding> {
    let metadata = settings.map(|settings| &settings.metadata);
    let written_on = metadata.and_then(|m| m.written_on.as_deref()).and_then(iso_date);
    let own = metadata.map(|metadata| Own {
        title: Some(metadata.title.as_str()),
        number: metadata.number.as_deref(),
    });
    let texts = members.iter().filter(|m| matches!(m.role, Role::Policy | Role::Interpretation));
    let held = numbers_of_policy(files, members, own.and_then(|own| own.number));
    texts
        .flat_map(|member| {
            let bytes = files.get(&member.path).map(Vec::as_slice).unwrap_or_default();
            // One that is not UTF-8 is refused anyway, and its words are not its words.
            let text = simdutf8::basic::from_utf8(bytes).unwrap_or_default();
            let is_markdown = member.media_type.starts_with("text/markdown");
            let paragraphs = if is_markdown { Paragraphs::Blocks } else { Paragraphs::Lines };
            let mut hits = wording::check(text, lexicons, paragraphs, written_on.as_deref());
            if let Some(own) = own.filter(|_| member.role == Role::Interpretation) {
                let quotes = wording::check_quotes(text, own).into_iter();
                hits.extend(quotes.filter(|hit| !wording::is_former(hit, text, &held)));
                hits.sort_by_key(|hit| hit.range.start);
            }
            place(&member.path, text, hits.iter().map(|hit| (hit.range.start, hit.finding())))
        })
        .collect()
}

/// The years and serials of the numbers of its own office that the policy gives: its predecessor's, for one.
fn numbers_of_policy(files: &Files, members: &[Member], own: Option<&str>) -> HashSet<(u32, u32)> {
    let policies = members.iter().filter(|member| member.role == Role::Policy);
    let texts = policies.filter_map(|member| files.get(&member.path));
    let texts = texts.filter_map(|bytes| simdutf8::basic::from_utf8(bytes).ok());
    let Some(own) = own.and_then(Number::read) else { return HashSet::default() };
    let held = texts.flat_map(Number::find_all);
    let held = held.filter(|number| number.agency.ends_with(&own.agency));
    let held = held.map(|number| (number.year, number.serial));
    held.filter(|held| *held != (own.year, own.serial)).collect()
}

/// `2027年1月5日` and `2027-01-05` as the latter.
fn iso_date(text: &str) -> Option<String> {
    let mut parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{year:0>4}-{month:0>2}-{day:0>2}"))
}

/// Findings with their member, line and column; their offsets come in order.
fn place(path: &str, text: &str, found: impl Iterator<Item = (usize, Finding)>) -> Vec<Finding> {
    let (offsets, findings): (Vec<usize>, Vec<Finding>) = found.unzip();
    let places = places_at(text, offsets.into_iter());
    let found = findings.into_iter().zip(places);
    found.map(|(f, (line, column))| f.in_member(path).at_place(line, column)).collect()
}

/// The personal data in a member, by its form.
fn find_persons(path: &str, text: &str) -> Vec<Hit> {
    if is_table(path) {
        return persons::find_in_table(text);
    }
    let mut hits = persons::find(text);
    hits.extend(persons::find_columns(text));
    hits.sort_by_key(|hit| hit.range.start);
    hits
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

/// Line and column, in characters from 1, of each offset; these come in order, so that one pass is
/// enough. A byte order mark is no character of the text.
pub(super) fn places_at(text: &str, offsets: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
    let (mut line, mut column, mut end) = (1, 1, 0);
    offsets
        .map(|offset| {
            for c in text.get(end..offset).unwrap_or_default().chars() {
                match c {
                    '\n' => (line, column) = (line + 1, 1),
                    '\u{feff}' => {}
                    _ => column += 1,
                }
            }
            end = end.max(offset);
            (line, column)
        })
        .collect()
}

/// What [`mask`] did to a member.
#[derive(Debug)]
pub struct Masked {
    /// The member.
    pub path: String,
    /// What stood there, with its line. Of Word and Excel files none: what is found in them is told before
    /// and not after.
    pub hits: Vec<(usize, Hit)>,
    /// The member, masked.
    pub bytes: Vec<u8>,
}

/// The members that hold personal data, masked: those that read as text, and Word and Excel files. A text that
/// is not UTF-8 is left: it is refused anyway (TS003), and reads differently once it is mended.
pub fn mask(files: &Files) -> Vec<Masked> {
    let masked = files.iter().filter_map(|(path, bytes)| {
        if has_extension(path, &["docx", "xlsx"]) {
            let bytes = docx::mask(bytes)?;
            return Some(Masked { path: path.clone(), hits: vec![], bytes });
        }
        let text = simdutf8::basic::from_utf8(bytes).ok().filter(|_| is_text(path))?;
        let (masked, hits) =
            if is_table(path) { persons::mask_table(text) } else { persons::mask(text) };
        let places = places_at(text, hits.iter().map(|hit| hit.range.start));
        let lines = places.into_iter().map(|(line, _)| line);
        let hits: Vec<_> = lines.zip(hits).collect();
        let bytes = masked.into_bytes();
        (!hits.is_empty()).then(|| Masked { path: path.clone(), hits, bytes })
    });
    masked.collect()
}
