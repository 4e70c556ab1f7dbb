//! From files as they come to texts as they are read, signed and digested: Word files become Markdown,
//! workbooks of data CSV, other encodings UTF-8. The first thing done with every bundle, on the drafter's
//! machine and at intake alike.

use std::collections::BTreeMap;

use lockstep_proto::finding::{Finding, Severity};

use super::{
    FILE_BYTES_MAX, Files, SETTINGS, encoding,
    fences::{self, Fence},
    packed,
};
use crate::{
    archive::{Archive, BadArchive},
    codes::{self, At as _},
    docx::{self, Document, Unreadable},
    media,
};

/// A bundle's files as texts.
#[derive(Debug, Clone, Default)]
pub struct Opened {
    /// What the bundle's members are made of.
    pub files: Files,
    /// The Word or Excel file that a text was read from, by the text's path.
    pub sources: BTreeMap<String, Source>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
    /// The charts that the interpretation declares itself.
    pub(super) fences: Vec<Fence>,
}

/// What a text was read from.
#[derive(Debug, Clone)]
pub struct Source {
    /// Such as `policy.docx`.
    pub file: String,
    /// Its text, and which of it stands where in the file.
    pub document: Document,
}

/// The members that are texts, without their extension.
const TEXTS: [&str; 2] = ["policy", "interpretation"];

/// Reads every file as what it is. What cannot be read is left out and told.
pub fn open(files: &Files) -> Opened {
    let mut opened = Opened::default();
    let mut unpacked = 0_u64;
    for (path, bytes) in files {
        let more = unpacked_to_read(path, bytes);
        if unpacked.saturating_add(more) > UNPACKED_MAX {
            opened.findings.push(refuse_unpacking(path));
            continue;
        }
        unpacked += more;
        if let Some(name) = text_name(path) {
            opened.add_text(name, path, bytes, files);
            continue;
        }
        if is_decoded(path) {
            opened.add_decoded(path, bytes);
            continue;
        }
        if path.starts_with("data/") && has_extension(path, &WORKBOOKS) {
            opened.add_workbook(path, bytes, files);
            continue;
        }
        if path.starts_with("attachments/") {
            let found = if has_extension(path, &["docx", "xlsx"]) {
                check_office(bytes)
            } else if has_extension(path, &["zip"]) {
                packed::check(bytes)
            } else if has_extension(path, &["txt", "csv"]) && sniff(bytes) != Format::Text {
                // It would be looked into by nobody.
                vec![codes::BAD_ENCODING.about("内容不是文本 it is no text")]
            } else {
                check_unseen(path, bytes).into_iter().chain(media::check(bytes)).collect()
            };
            // Who wrote it is not published: what is stored, signed and shown is a copy without.
            if found.iter().any(|finding| finding.code == codes::METADATA.id) {
                opened.files.insert(path.clone(), without_metadata(bytes));
            }
            opened.findings.extend(found.into_iter().map(|finding| finding.in_member(path)));
        }
        opened.files.entry(path.clone()).or_insert_with(|| bytes.clone());
    }
    fences::take(&mut opened);
    opened
}

/// Bytes that a bundle's Word and Excel files and archives have unpacked, as far as they are read, at most.
const UNPACKED_MAX: u64 = 64 << 20;

/// What of such a file would be read, as its directory says.
fn unpacked_to_read(path: &str, bytes: &[u8]) -> u64 {
    match sniff(bytes) {
        Format::Archive if has_extension(path, &["zip"]) => packed::unpacked(bytes),
        Format::Archive => docx::unpacked(bytes),
        Format::Text | Format::Encrypted | Format::Old(_) => 0,
    }
}

/// Of a text that is not read nothing else is known (TS012).
fn refuse_unpacking(path: &str) -> Finding {
    let finding = match text_name(path) {
        Some(_) => codes::BAD_DOCX.about(BadArchive::TooLarge),
        None => codes::TOO_LARGE.about(BadArchive::TooLarge),
    };
    finding.in_member(path).advising(
        "Word、Excel 文件和压缩包解压后合计不超过 64 MiB：拆成几个政策包，或另存为较小的文件".to_owned(),
        "Word and Excel files and archives unpack to 64 MiB in all at most: make several bundles, or smaller files"
            .to_owned(),
    )
}

/// The same attachment without what its properties tell.
pub(super) fn without_metadata(bytes: &[u8]) -> Vec<u8> {
    if media::is_picture(bytes) { media::strip(bytes) } else { docx::strip_metadata(bytes) }
}

/// TS016: what is not looked into, and what is not even what its name says. What has no place in a bundle
/// is told by its path.
fn check_unseen(path: &str, bytes: &[u8]) -> Option<Finding> {
    const BEGINNINGS: [(&str, &[u8]); 5] = [
        ("pdf", b"%PDF"),
        ("ofd", b"PK\x03\x04"),
        ("png", b"\x89PNG"),
        ("jpg", b"\xFF\xD8\xFF"),
        ("jpeg", b"\xFF\xD8\xFF"),
    ];
    let (extension, begins) =
        BEGINNINGS.iter().find(|(extension, _)| has_extension(path, &[extension]))?;
    Some(if bytes.starts_with(begins) {
        codes::UNSEEN.finding()
    } else {
        let kind = extension.to_uppercase();
        codes::UNSEEN
            .about(format_args!("内容不是 {kind}，读者打不开 no {kind}, readers cannot open it"))
    })
}

/// What an attached Word or Excel file holds that may not be published.
pub(super) fn check_office(bytes: &[u8]) -> Vec<Finding> {
    match sniff(bytes) {
        Format::Encrypted => vec![codes::BAD_DOCX.about(ENCRYPTED)],
        Format::Text | Format::Archive | Format::Old(_) => docx::check_attachment(bytes),
    }
}

impl Opened {
    /// Whether a text is there and could not be read.
    pub(crate) fn has_unread_text(&self) -> bool {
        let unread = [codes::OLD_FORMAT.id, codes::BAD_DOCX.id, codes::PICTURES_ONLY.id];
        self.findings.iter().any(|finding| {
            let is_text = finding.member.as_deref().is_some_and(|path| text_name(path).is_some());
            is_text
                && finding.severity == Severity::Block
                && unread.contains(&finding.code.as_str())
        })
    }

    /// Names the place in the Word file of what was found in a line of its text, and the line of the
    /// interpretation of what was found in a chart that it declares.
    pub fn place(&self, finding: Finding) -> Finding {
        let finding = fences::place(&self.fences, finding);
        let source = finding.member.as_ref().and_then(|path| self.sources.get(path));
        let Some(source) = source else { return finding };
        let document = &source.document;
        let place = finding.line.and_then(|line| match finding.column {
            Some(column) => document.place_of(line, column),
            None => document.place_of_line(line),
        });
        // What was found in the file itself names its place, perhaps another cell of the row.
        let is_named = finding.line.is_some_and(|line| {
            document.places_of_line(line).any(|place| finding.message.contains(place))
        });
        let named = place.filter(|_| !is_named);
        let place = named.map_or(source.file.clone(), |place| format!("{} {place}", source.file));
        Finding {
            message: format!("{}（{place}）", finding.message),
            message_en: format!("{} ({place})", finding.message_en),
            ..finding
        }
    }

    fn add_text(&mut self, name: &str, path: &str, bytes: &[u8], files: &Files) {
        if bytes.len() > FILE_BYTES_MAX {
            self.findings.push(codes::TOO_LARGE.about(path).in_member(path));
            return;
        }
        let is_plain = has_extension(path, &["md", "txt"]);
        match sniff(bytes) {
            Format::Text if is_plain => self.add_decoded(path, bytes),
            Format::Text if has_extension(path, &["docx", "docm"]) => {
                self.findings.push(codes::BAD_DOCX.about(Unreadable::NoWord).in_member(path));
            }
            Format::Text => {
                self.refuse(path, "不是 docx，也不是 md、txt neither docx nor md or txt");
            }
            Format::Old(what) => self.refuse(path, what),
            Format::Encrypted => {
                self.findings.push(codes::BAD_DOCX.about(ENCRYPTED).in_member(path));
            }
            Format::Archive => self.add_word(name, path, bytes, files),
        }
    }

    fn refuse(&mut self, path: &str, what: &str) {
        self.findings.push(codes::OLD_FORMAT.about(what).in_member(path));
    }

    fn add_word(&mut self, name: &str, path: &str, bytes: &[u8], files: &Files) {
        let target = format!("{name}.md");
        let other = [target.clone(), format!("{name}.txt")].into_iter().find(|other| {
            other != path && (files.contains_key(other) || self.files.contains_key(other))
        });
        if let Some(other) = other {
            let both = format!("{path} + {other}");
            self.findings.push(codes::BAD_PATH.about(both).in_member(path));
            return;
        }
        match docx::read(bytes) {
            Ok(document) => {
                let found = document.findings.iter().cloned();
                let is_unread = document.text.trim().is_empty();
                // What there is no text of is told of the file.
                let member = if is_unread { path } else { &target };
                let found: Vec<_> = found.map(|finding| finding.in_member(member)).collect();
                let text = document.text.clone();
                let source = Source { file: path.to_owned(), document };
                self.sources.insert(target.clone(), source);
                self.findings.extend(
                    found.into_iter().map(|finding| self.place(finding)).collect::<Vec<_>>(),
                );
                self.check_mojibake(&target, &text);
                self.files.insert(target, text.into_bytes());
            }
            Err(Unreadable::NoWord) if is_ofd(bytes) => {
                self.refuse(path, "OFD 版式文件 fixed layout");
            }
            Err(why) => self.findings.push(codes::BAD_DOCX.about(why).in_member(path)),
        }
    }

    /// The one sheet of a workbook as CSV. Who wrote it is not published, and whom it names is told of the
    /// CSV, as of any.
    fn add_workbook(&mut self, path: &str, bytes: &[u8], files: &Files) {
        let target = csv_of(path);
        let found = if bytes.len() > FILE_BYTES_MAX {
            Err(codes::TOO_LARGE.about(path))
        } else if files.contains_key(&target) || self.files.contains_key(&target) {
            Err(codes::BAD_PATH.about(format_args!("{path} + {target}")))
        } else {
            match sniff(bytes) {
                Format::Text => Err(codes::BAD_DATA.about("不是 Excel 文件 no Excel file")),
                Format::Old(what) => Err(codes::OLD_FORMAT.about(what)),
                Format::Encrypted => Err(codes::BAD_DOCX.about(ENCRYPTED)),
                Format::Archive => {
                    let read = docx::read_data(bytes);
                    let is_said = |code: &str| {
                        code == codes::METADATA.id
                            || ("TS602"..="TS607").contains(&code)
                            // Why it cannot be read is said by who reads it.
                            || (code == codes::BAD_DOCX.id && read.is_err())
                    };
                    let found = docx::check_attachment(bytes).into_iter();
                    let found = found.filter(|finding| !is_said(&finding.code));
                    self.findings.extend(found.map(|finding| finding.in_member(path)));
                    read
                }
            }
        };
        match found {
            Ok(document) => {
                self.files.insert(target.clone(), document.text.clone().into_bytes());
                self.sources.insert(target, Source { file: path.to_owned(), document });
            }
            Err(finding) => self.findings.push(finding.in_member(path)),
        }
    }

    /// Whether a file of data came as a workbook that could not be read.
    pub(super) fn is_unread(&self, data: &str) -> bool {
        self.findings
            .iter()
            .filter_map(|finding| finding.member.as_deref())
            .any(|path| path.starts_with("data/") && path != data && csv_of(path) == data)
            && !self.files.contains_key(data)
    }

    /// A text file as UTF-8. One that is neither is left as it is, for who reads it to tell where.
    fn add_decoded(&mut self, path: &str, bytes: &[u8]) {
        let decoded = encoding::decode(bytes);
        if let Some((_, from)) = &decoded {
            let about = format!("按 {from} 读取 read as {from}");
            self.findings.push(codes::ENCODING.about(about).in_member(path));
        }
        let bytes = decoded.map_or_else(|| bytes.to_vec(), |(text, _)| text.into_bytes());
        if let Ok(text) = simdutf8::basic::from_utf8(&bytes) {
            self.check_mojibake(path, text);
        }
        self.files.insert(path.to_owned(), bytes);
    }

    fn check_mojibake(&mut self, path: &str, text: &str) {
        let found = encoding::find_mojibake(text);
        let found = found.map(|line| codes::MOJIBAKE.finding().in_member(path).at_line(line));
        self.findings
            .extend(found.map(|finding| self.place(finding)).into_iter().collect::<Vec<_>>());
    }
}

const ENCRYPTED: &str = "已加密，需要密码 encrypted, asks for a password";

/// Whether a file is read as plain text, in whatever encoding.
pub(super) fn is_decoded(path: &str) -> bool {
    path == SETTINGS
        || (path.starts_with("data/") && has_extension(path, &["csv"]))
        || (text_name(path).is_some() && has_extension(path, &["md", "txt"]))
}

/// Which text a file at the bundle's top is, by its name.
fn text_name(path: &str) -> Option<&'static str> {
    let (name, _) = path.rsplit_once('.')?;
    TEXTS.into_iter().find(|text| *text == name)
}

/// How workbooks of data are named; only the first can be read.
pub(super) const WORKBOOKS: [&str; 3] = ["xlsx", "xls", "et"];

/// What a workbook of data is read as.
pub(super) fn csv_of(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    format!("{stem}.csv")
}

pub(super) fn has_extension(path: &str, any: &[&str]) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| any.contains(&extension.as_str()))
}

/// What bytes are, whatever the file is called.
#[derive(PartialEq)]
enum Format {
    Text,
    Archive,
    Encrypted,
    Old(&'static str),
}

fn sniff(bytes: &[u8]) -> Format {
    /// How an OOXML file with a password names its stream within the old container ([MS-OFFCRYPTO] 2.3.4.4).
    const STREAM: &str = "EncryptedPackage";
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Format::Archive;
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        let stream: Vec<u8> = STREAM.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_encrypted = bytes.windows(stream.len()).any(|window| window == stream);
        return if is_encrypted {
            Format::Encrypted
        } else {
            Format::Old(
                "旧版 Word/WPS/Excel 格式（doc、wps、et、xls） the old format of Word, WPS or Excel",
            )
        };
    }
    if bytes.starts_with(b"{\\rtf") {
        return Format::Old("RTF");
    }
    if bytes.starts_with(b"%PDF") {
        return Format::Old("PDF");
    }
    Format::Text
}

fn is_ofd(bytes: &[u8]) -> bool {
    let archive = Archive::open(bytes, FILE_BYTES_MAX);
    archive.is_ok_and(|archive| archive.names().iter().any(|name| name == "OFD.xml"))
}
