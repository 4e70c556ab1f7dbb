//! For tests: Word and Excel files part by part, as Word and WPS write them.

use std::io::{Cursor, Write as _};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const STRICT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A DOCX to be.
#[derive(Default, Clone)]
pub(crate) struct Docx {
    body: String,
    parts: Vec<(&'static str, &'static str, String)>,
    links: Vec<(String, String)>,
    is_strict: bool,
}

impl Docx {
    /// With this in its `w:body`.
    pub(crate) fn new(body: &str) -> Self {
        Self { body: body.to_owned(), ..Self::default() }
    }

    /// With these paragraphs.
    pub(crate) fn of(paragraphs: &[&str]) -> Self {
        Self::new(&paragraphs.iter().map(|text| p(text)).collect::<String>())
    }

    pub(crate) fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// A part beside the text, by the last word of its relation: `styles`, `numbering`, `footnotes`.
    pub(crate) fn part(mut self, kind: &'static str, content: &str) -> Self {
        let root = match kind {
            "header" => "hdr",
            "footer" => "ftr",
            other => other,
        };
        self.parts.push((kind, root, content.to_owned()));
        self
    }

    pub(crate) fn link(mut self, id: &str, address: &str) -> Self {
        self.links.push((id.to_owned(), address.to_owned()));
        self
    }

    /// With an author, as every office writes one.
    pub(crate) fn by(mut self, author: &str) -> Self {
        self.parts.push(("core-properties", "", format!(
            r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{author}</dc:creator></cp:coreProperties>"#
        )));
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let w = if self.is_strict { STRICT } else { W };
        let namespaces = format!(
            r#"xmlns:w="{w}" xmlns:r="{RELATIONS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture""#
        );
        let root = |name: &str, content: &str| {
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?><w:{name} {namespaces}>{content}</w:{name}>"#
            )
        };
        let mut files = vec![];
        let mut top = relation("rId1", "officeDocument", "word/document.xml", false);
        let mut beside = String::new();
        for (index, (kind, name, content)) in self.parts.iter().enumerate() {
            let file = format!("{kind}{index}.xml");
            if *kind == "core-properties" {
                files.push((format!("docProps/{file}"), content.clone()));
                top.push_str(&relation("rId2", kind, &format!("docProps/{file}"), false));
                files.push(("docProps/thumbnail.jpeg".to_owned(), "no XML".to_owned()));
                top.push_str(&relation("rId3", "thumbnail", "docProps/thumbnail.jpeg", false));
            } else {
                files.push((format!("word/{file}"), root(name, content)));
                beside.push_str(&relation(&format!("p{index}"), kind, &file, false));
            }
        }
        for (id, address) in &self.links {
            beside.push_str(&relation(id, "hyperlink", address, true));
        }
        let body = format!("<w:body>{}</w:body>", self.body);
        files.push(("word/document.xml".to_owned(), root("document", &body)));
        files.push(("word/_rels/document.xml.rels".to_owned(), relations(&beside)));
        files.push(("_rels/.rels".to_owned(), relations(&top)));
        pack(&files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect::<Vec<_>>())
    }
}

fn relation(id: &str, kind: &str, target: &str, is_external: bool) -> String {
    let mode = if is_external { r#" TargetMode="External""# } else { "" };
    format!(r#"<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>"#)
}

fn relations(content: &str) -> String {
    format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{content}</Relationships>"#
    )
}

/// An XLSX with one more sheet for each given: name, state, and what stands in `worksheet`.
pub(crate) fn xlsx(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    xlsx_sharing(&[], sheets)
}

/// The same, with texts that its cells share.
pub(crate) fn xlsx_sharing(strings: &[&str], sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    Book { strings, ..Book::default() }.bytes(sheets)
}

/// What an XLSX holds beside its sheets.
#[derive(Default, Clone, Copy)]
pub(crate) struct Book<'a> {
    /// Texts that cells share.
    pub(crate) strings: &'a [&'a str],
    /// What stands in `styleSheet`.
    pub(crate) styles: &'a str,
    /// What stands in `workbook` after the sheets.
    pub(crate) after_sheets: &'a str,
    /// Further parts, by name: the gate knows them by nothing else.
    pub(crate) parts: &'a [(&'a str, &'a str)],
}

impl Book<'_> {
    /// With one more sheet for each given: name, state, and what stands in `worksheet`.
    pub(crate) fn bytes(&self, sheets: &[(&str, &str, &str)]) -> Vec<u8> {
        const S: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let mut files = vec![];
        let (mut list, mut beside) = (String::new(), String::new());
        for (index, (name, state, content)) in sheets.iter().enumerate() {
            list.push_str(&format!(r#"<sheet name="{name}" state="{state}" r:id="s{index}"/>"#));
            let file = format!("sheet{index}.xml");
            beside.push_str(&relation(&format!("s{index}"), "worksheet", &file, false));
            let sheet = format!(r#"<worksheet xmlns="{S}">{content}</worksheet>"#);
            files.push((format!("xl/{file}"), sheet));
        }
        let items: String =
            self.strings.iter().flat_map(|text| ["<si><t>", text, "</t></si>"]).collect();
        files.push(("xl/shared.xml".to_owned(), format!(r#"<sst xmlns="{S}">{items}</sst>"#)));
        beside.push_str(&relation("shared", "sharedStrings", "shared.xml", false));
        let styles = format!(r#"<styleSheet xmlns="{S}">{}</styleSheet>"#, self.styles);
        files.push(("xl/styles.xml".to_owned(), styles));
        beside.push_str(&relation("styles", "styles", "styles.xml", false));
        let more = self.after_sheets;
        files.push((
            "xl/workbook.xml".to_owned(),
            format!(
                r#"<workbook xmlns="{S}" xmlns:r="{RELATIONS}"><sheets>{list}</sheets>{more}</workbook>"#
            ),
        ));
        files.push(("xl/_rels/workbook.xml.rels".to_owned(), relations(&beside)));
        let top = relation("rId1", "officeDocument", "xl/workbook.xml", false);
        files.push(("_rels/.rels".to_owned(), relations(&top)));
        let more = self.parts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        files.extend(more);
        pack(&files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect::<Vec<_>>())
    }
}

/// A ZIP archive.
pub(crate) fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A paragraph.
pub(crate) fn p(text: &str) -> String {
    pp("", &r(text))
}

/// A paragraph with properties and runs.
pub(crate) fn pp(properties: &str, runs: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>")
}

/// A run.
pub(crate) fn r(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#)
}

/// A run with properties.
pub(crate) fn rr(properties: &str, text: &str) -> String {
    r(text).replacen("<w:r>", &format!("<w:r><w:rPr>{properties}</w:rPr>"), 1)
}

/// A numbered paragraph.
pub(crate) fn np(list: u32, level: u32, text: &str) -> String {
    let properties =
        format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#);
    pp(&properties, &r(text))
}
