//! Personal data in whatever of a Word or Excel file nobody reads: descriptions of pictures, text in drawings
//! and charts, comments, names, lists to choose from, what a pivot table remembers, properties, files
//! within the file. Whoever opens it finds them.

use lockstep_proto::finding::{Finding, Severity};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::{
    few,
    package::{PART_MAX, UNPACKED_MAX},
    xml,
};
use crate::{
    archive::Archive,
    codes::{self, At as _},
    media,
    persons::{self, Hit},
};

/// Characters of an identity number (GB 11643-1999).
const ID_CHARS: usize = 18;
/// Numbers named at most: where there are as many, there are more.
const NAMED_MAX: usize = 20;

/// Bytes of XML that the files within a file have unpacked, at most.
pub(super) const EMBEDDED_MAX: u64 = 32 << 20;

/// Bytes of XML that a file has unpacked, as its directory says.
pub(super) fn unpacked(bytes: &[u8]) -> u64 {
    let archive = Archive::open(bytes, 0);
    archive.map_or(0, |archive| archive.unpacked(|name| is_markup(name) || is_office(name)))
}

/// Objects of other programs within a file (ISO/IEC 29500-1, 15.2.11): TS016. Word and Excel files are looked into.
pub(super) fn objects(bytes: &[u8]) -> Option<Finding> {
    let archive = Archive::open(bytes, UNPACKED_MAX).ok()?;
    let is_object = |name: &&String| {
        let lower = name.to_ascii_lowercase();
        lower.contains("/embeddings/") && !is_office(name)
    };
    let objects: Vec<String> = archive.names().iter().filter(is_object).cloned().collect();
    let about = format!("内嵌对象 embedded objects {}", few(&objects));
    (!objects.is_empty()).then(|| codes::UNSEEN.about(about))
}

/// Bytes of pictures that are looked into for what they tell, at most. They are packed already.
const PICTURES_MAX: usize = 32 << 20;

/// The pictures within a file (ISO/IEC 29500-1, 15.2.14), as far as they are read.
pub(super) fn pictures(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(mut archive) = Archive::open(bytes, PICTURES_MAX) else { return vec![] };
    let names = archive.names().to_vec();
    let found = names.into_iter().enumerate().filter(|(_, name)| is_picture(name));
    found.filter_map(|(index, name)| Some((name, archive.read(index, PART_MAX).ok()?))).collect()
}

fn is_picture(name: &str) -> bool {
    let is_medium = name.to_ascii_lowercase().contains("/media/");
    is_medium
        && has_extension(
            name,
            &["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "webp"],
        )
}

/// TS016: pictures beside a text, scans perhaps.
pub(super) fn unseen_pictures(bytes: &[u8]) -> Option<Finding> {
    let archive = Archive::open(bytes, UNPACKED_MAX).ok()?;
    let count = archive.names().iter().filter(|name| is_picture(name)).count();
    let about = format!(
        "内有 {count} 张图片，图中文字未经检查 {count} pictures that nobody can read or check"
    );
    (count > 0).then(|| codes::UNSEEN.about(about))
}

/// Personal data in what the pictures within a file tell.
fn find_in_pictures(bytes: &[u8]) -> Vec<(String, Hit)> {
    let pictures = pictures(bytes).into_iter();
    let found = pictures.flat_map(|(name, picture)| {
        let hits = persons::find(&media::told_text(&picture)).into_iter();
        let hits = hits.filter(|hit| hit.severity == Severity::Block);
        hits.map(|hit| (name.clone(), hit)).collect::<Vec<_>>()
    });
    found.collect()
}

/// Han characters of a part of custom XML that are a text, and not a program's setting.
const CUSTOM_TEXT_MIN: usize = 4;

/// TS613: text in parts that no page shows (ISO/IEC 29500-1, 15.2.5). Programs keep settings there too: it warns.
pub(super) fn custom_text(bytes: &[u8]) -> Option<Finding> {
    let mut archive = Archive::open(bytes, UNPACKED_MAX).ok()?;
    let names = archive.names().to_vec();
    let is_custom =
        |name: &str| name.to_ascii_lowercase().starts_with("customxml/item") && is_markup(name);
    let parts = names.into_iter().enumerate().filter(|(_, name)| is_custom(name));
    let is_han = |c: &char| matches!(c, '\u{4e00}'..='\u{9fff}');
    let texts = parts.filter(|(index, _)| {
        let part = archive.read(*index, PART_MAX).unwrap_or_default();
        let markup = encoding_rs::UTF_8.decode(&part).0;
        markup.chars().filter(is_han).nth(CUSTOM_TEXT_MIN - 1).is_some()
    });
    let texts: Vec<String> = texts.map(|(_, name)| name).collect();
    let about = format!("自定义 XML 中的文字 text in custom XML {}", few(&texts));
    let finding = codes::HIDDEN_TEXT.about(about).into_warning().advising(
        "在“文件 → 信息 → 检查文档”中删除自定义 XML 数据后保存".to_owned(),
        "remove custom XML data by File, Info, Inspect Document, and save".to_owned(),
    );
    (!texts.is_empty()).then_some(finding)
}

/// What is found there and not among what is said already.
pub(super) fn check(bytes: &[u8], said: &[Finding]) -> Vec<Finding> {
    let Ok(mut archive) = Archive::open(bytes, UNPACKED_MAX) else { return vec![] };
    let names = archive.names().to_vec();
    let mut found: Vec<Finding> = vec![];
    for (index, name) in names.iter().enumerate().filter(|(_, name)| is_markup(name)) {
        let Ok(part) = archive.read(index, PART_MAX) else { continue };
        // By its byte order mark also UTF-16.
        let markup = encoding_rs::UTF_8.decode(&part).0;
        // The properties are taken out of what is published: an author's telephone goes with them.
        let is_properties = name.to_ascii_lowercase().starts_with("docprops/");
        let hits = if is_properties { vec![] } else { find_in(&markup) };
        for hit in hits.into_iter().chain(find_id(&markup)) {
            add(&mut found, said, name, &hit);
        }
    }
    for (name, hit) in find_in_pictures(bytes) {
        add(&mut found, said, &name, &hit);
    }
    found
}

/// Adds what is not said yet.
fn add(found: &mut Vec<Finding>, said: &[Finding], name: &str, hit: &Hit) {
    let is_known = |f: &Finding| f.code == hit.code.id && f.message.contains(&hit.shown);
    if found.len() < NAMED_MAX && !said.iter().chain(&*found).any(is_known) {
        found.push(hit.finding_by_hand(&format!("文件内部 within the file: {name}")));
    }
}

/// Word and Excel files within a file: what a chart is drawn from, objects.
pub(super) fn embedded(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(mut archive) = Archive::open(bytes, UNPACKED_MAX) else { return vec![] };
    let names = archive.names().to_vec();
    let found = names.into_iter().enumerate().filter(|(_, name)| is_office(name));
    found.filter_map(|(index, name)| Some((name, archive.read(index, PART_MAX).ok()?))).collect()
}

fn is_office(name: &str) -> bool {
    has_extension(name, &["docx", "xlsx", "docm", "xlsm"])
}

fn is_markup(name: &str) -> bool {
    has_extension(name, &["xml", "rels", "vml", "htm", "html", "txt"])
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    extensions.iter().any(|e| extension.eq_ignore_ascii_case(e))
}

/// Identity numbers anywhere in the markup, also in what is no XML.
fn find_id(markup: &str) -> Option<Hit> {
    markup
        .split(|c: char| !c.is_ascii_digit() && !matches!(c, 'X' | 'x'))
        .filter(|run| run.len() == ID_CHARS)
        .flat_map(persons::find)
        .find(|hit| hit.code.id == codes::ID_CARD.id)
}

/// Text that is looked at as a whole, by the names of the elements that hold it: a paragraph's runs, a
/// comment's, those of one text that cells share.
const WHOLES: [&str; 5] = ["p", "si", "is", "text", "comment"];
/// What is read elsewhere, or is figures: cells, shared texts, a chart's numbers.
const SKIPPED: [&str; 4] = ["sheetData", "sst", "numCache", "numLit"];
/// Parts of Word that are read as text.
const READ: [&str; 5] = ["document", "hdr", "ftr", "footnotes", "endnotes"];

/// Personal data in a part's texts and attributes, as far as it blocks.
fn find_in(markup: &str) -> Vec<Hit> {
    let mut reader = Reader::from_str(markup);
    let mut seen = Seen::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => seen.start(&start),
            Ok(Event::Empty(start)) => seen.look_at(&start),
            Ok(Event::End(_)) => seen.end(),
            Ok(Event::Text(text)) => seen.add(&text.xml10_content().unwrap_or_default()),
            Ok(Event::CData(text)) => seen.add(&text.decode().unwrap_or_default()),
            Ok(Event::GeneralRef(reference)) => {
                seen.add(&xml::resolve(&reference).unwrap_or_default());
            }
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            // What is no XML is refused by who reads it.
            Ok(Event::Eof) | Err(_) => break,
        }
    }
    seen.flush();
    seen.hits
}

/// A part as it is gone through.
#[derive(Default)]
struct Seen {
    depth: usize,
    /// Whether its text is read elsewhere, the instructions of fields excepted.
    is_read: bool,
    is_instruction: bool,
    /// Where what is skipped began, and what is looked at as a whole.
    skipped_from: Option<usize>,
    whole_from: Option<usize>,
    text: String,
    hits: Vec<Hit>,
}

impl Seen {
    fn start(&mut self, start: &BytesStart<'_>) {
        self.look_at(start);
        let local = start.local_name();
        let is_one_of = |names: &[&str]| names.iter().any(|name| name.as_bytes() == local.as_ref());
        self.is_read |= self.depth == 0 && is_one_of(&READ);
        self.is_instruction = is_one_of(&["instrText"]);
        if is_one_of(&SKIPPED) {
            self.skipped_from.get_or_insert(self.depth);
        }
        if is_one_of(&WHOLES) {
            self.whole_from.get_or_insert(self.depth);
        }
        self.depth += 1;
    }

    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.is_instruction = false;
        for from in [&mut self.skipped_from, &mut self.whole_from] {
            from.take_if(|from| *from >= self.depth);
        }
        if self.whole_from.is_none() {
            self.flush();
        }
    }

    /// Looks at attributes. What their numbers measure is shorter; parts of numbers may be anything.
    fn look_at(&mut self, start: &BytesStart<'_>) {
        // `<n v="…"/>` is a figure that a pivot table remembers.
        if self.skipped_from.is_some() || start.local_name().as_ref() == b"n" {
            return;
        }
        for attribute in start.attributes().with_checks(false).flatten() {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default();
            let hits = persons::find(&value).into_iter();
            self.hits.extend(hits.filter(|hit| {
                let raw = value.get(hit.range.clone()).unwrap_or_default();
                hit.severity == Severity::Block && persons::signs_of(raw).len() == raw.len()
            }));
        }
    }

    fn add(&mut self, text: &str) {
        if self.skipped_from.is_none() && (!self.is_read || self.is_instruction) {
            self.text.push_str(text);
        }
    }

    fn flush(&mut self) {
        // What is printed left, in the middle and right of a page stands apart.
        let text = std::mem::take(&mut self.text);
        let text = text.replace("&L", "\n").replace("&C", "\n").replace("&R", "\n");
        let hits = persons::find(&text).into_iter();
        self.hits.extend(hits.filter(|hit| hit.severity == Severity::Block));
    }
}
