//! DOCX as Word and WPS write it, as text: numbers of automatic numbering are written out, tables are
//! Markdown tables, and every range of the text knows the paragraph or cell it came from. What the file
//! holds besides and readers would find in it (revisions, comments, hidden text) is told.

mod blocks;
mod book;
mod cells;
mod colours;
mod conditions;
mod data;
mod equation;
mod formats;
mod inline;
mod leaks;
mod looks;
mod markdown;
mod mask;
mod metadata;
mod numbering;
mod numerals;
mod package;
mod plan;
mod sight;
mod styles;
mod table;
mod unread;
mod unseen_cells;
mod workbook;
mod xml;

use std::ops::Range;

use lockstep_proto::finding::{Finding, Severity};

pub use data::read_data;
pub(crate) use data::{is_note, read_sheets};
pub use mask::mask;
pub use metadata::strip as strip_metadata;
pub use package::Unreadable;

use crate::{
    archive::BadArchive,
    codes::{self, At as _},
    document::{DisclosureMark, disclosure_in, first_chars},
    internal, persons, secrecy,
};
use package::Package;
use xml::Element;

/// A Word file as text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// In Markdown.
    pub text: String,
    /// Which range of the text came from where, in order.
    pub places: Vec<Place>,
    /// The plan of the interpretation, if its table stands on the first page: label and entry. No
    /// part of the text.
    pub plan: Vec<(String, String)>,
    /// What is wrong with the file itself, without its path.
    pub findings: Vec<Finding>,
    /// In a workbook of data: what number formats say around figures.
    pub(crate) worded: Vec<Worded>,
    line_starts: Vec<usize>,
    /// Where Word draws something from data that the text does not hold.
    drawings: Vec<String>,
    /// What headers and footers say, line by line. No part of the text.
    margins: String,
}

/// A cell of a workbook whose number format writes words: 3万元, where it holds 3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Worded {
    /// Such as `C2`.
    pub(crate) cell: String,
    /// Of its column.
    pub(crate) heading: String,
    /// In the text, counted from one.
    pub(crate) line: usize,
    pub(crate) before: String,
    pub(crate) behind: String,
}

/// Where a range of the text came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// In bytes.
    pub range: Range<usize>,
    /// Such as `第 12 段` or `表 2 第 3 行第 1 列`: paragraphs with text are counted, those in tables apart.
    pub name: String,
}

impl Document {
    /// The name of the place that holds the first text of a line, from 1.
    pub fn place_of_line(&self, line: u32) -> Option<&str> {
        self.places_of_line(line).next()
    }

    /// The names of all places that a line has text of: the cells of a row.
    pub(crate) fn places_of_line(&self, line: u32) -> impl Iterator<Item = &str> {
        let range = self.range_of_line(line).unwrap_or(0..0);
        let first = self.places.partition_point(|place| place.range.end <= range.start);
        let places = self.places.iter().skip(first);
        places
            .take_while(move |place| place.range.start < range.end)
            .map(|place| place.name.as_str())
    }

    /// The name of the place at this column of a line, both from 1.
    pub(crate) fn place_of(&self, line: u32, column: u32) -> Option<&str> {
        let range = self.range_of_line(line)?;
        let before = usize::try_from(column).ok()?.checked_sub(1)?;
        let text = self.text.get(range.clone())?;
        let offset = text.char_indices().nth(before).map_or(text.len(), |(at, _)| at);
        let place = self.place_at(range.start + offset)?;
        (place.range.start < range.end).then_some(place.name.as_str())
    }

    /// Where a line stands, from 1.
    fn range_of_line(&self, line: u32) -> Option<Range<usize>> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = *self.line_starts.get(index)?;
        Some(start..self.line_starts.get(index + 1).copied().unwrap_or(self.text.len()))
    }

    /// The place that a byte of the text came from.
    fn place_at(&self, offset: usize) -> Option<&Place> {
        self.places.get(self.places.partition_point(|place| place.range.end <= offset))
    }

    /// Places, the first of them with their first words.
    fn shown(&self, places: &[String]) -> Vec<String> {
        let with_words = |place: &String| {
            let bare = place.trim_end_matches(blocks::BEHIND);
            let found = self.places.iter().find(|known| known.name == bare);
            let behind = place.strip_prefix(bare).unwrap_or_default();
            found.map_or_else(|| place.clone(), |found| self.with_words(found) + behind)
        };
        let rest = places.iter().skip(FEW).cloned();
        places.iter().take(FEW).map(with_words).chain(rest).collect()
    }

    /// A place with the first words of its paragraph, as far as they may be shown: in Word nobody counts paragraphs.
    fn with_words(&self, place: &Place) -> String {
        const WORDS_MAX: usize = 10;
        const LINE_MAX: usize = 200;
        let text = self.text.get(place.range.clone()).unwrap_or_default().trim();
        // What is cut off after its first digits would no longer be known as a number.
        let line = persons::mask(first_chars(text, LINE_MAX)).0;
        let line =
            line.trim_start_matches(['#', '*', '\\', ' ']).lines().next().unwrap_or_default();
        let words = first_chars(line, WORDS_MAX);
        let is_paragraph = place.name.starts_with("第 ") && !words.is_empty();
        let more = if words.len() < line.len() { "…" } else { "" };
        if is_paragraph { format!("{}“{words}{more}”", place.name) } else { place.name.clone() }
    }

    /// The line a range begins at, from 1.
    fn line_of(&self, place: &str) -> Option<usize> {
        let place = place.trim_end_matches(blocks::BEHIND);
        let place = self.places.iter().find(|known| known.name == place)?;
        Some(self.line_starts.partition_point(|start| *start <= place.range.start))
    }

    /// TS012: charts and diagrams, of which the text that is signed would say nothing.
    fn lost_drawings(&self) -> Option<Finding> {
        let mut finding = codes::BAD_DOCX.finding();
        let places = few(&self.drawings);
        finding.message = format!("Word 图表或 SmartArt 图形中的内容读不出来：{places}");
        finding.message_en =
            format!("what Word's own charts and SmartArt diagrams say cannot be read: {places}");
        let finding = finding.advising(
            "把其中的内容写成正文或表格；解读中的统计图用 [[chart]] 和数据文件制作，然后删去原图".to_owned(),
            "write what it says as text or a table; in an interpretation make a chart by [[chart]] and its data; then delete it"
                .to_owned(),
        );
        (!self.drawings.is_empty()).then(|| at(finding, self, &self.drawings))
    }
}

/// Reads a Word file as a text to be published.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut document = parse(bytes)?;
    document.findings.extend(document.lost_drawings());
    Ok(document)
}

/// Reads a Word file; what is drawn stays in it.
fn parse(bytes: &[u8]) -> Result<Document, Unreadable> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part()?;
    let document = package.part(&main)?.filter(|root| root.name == "w:document");
    let document = document.ok_or(Unreadable::NoWord)?;
    let relations = package.relations(&main)?;
    let mut beside = |kind: &str| {
        let relation = relations.values().find(|relation| relation.kind == kind);
        relation.map_or(Ok(None), |relation| package.part(&relation.target))
    };
    let parts = Parts {
        styles: styles::Styles::read(beside("styles")?),
        numbering: beside("numbering")?,
        footnotes: beside("footnotes")?,
        endnotes: beside("endnotes")?,
        comments: beside("comments")?,
        document,
    };
    let (blocks, mut leaks) = blocks::read(&parts, &relations);
    let pictures = blocks.pictures.clone();
    let strange = blocks.strange_symbols.clone();
    let drawings = blocks.drawings.clone();
    let merged = blocks.merged.clone();
    let mut document = blocks.into_document();
    let (mut is_marked, mut margins, mut internal) = (false, String::new(), vec![]);
    for relation in relations.values().filter(|r| matches!(r.kind.as_str(), "header" | "footer")) {
        if let Some(margin) = package.part(&relation.target)? {
            leaks.scan(&margin, "页眉页脚", &parts.styles);
            let lines = lines_of(&margin);
            is_marked |= secrecy::find_mark(&lines).is_some();
            let found = internal::find(&lines).into_iter();
            internal.extend(found.map(|finding| Finding {
                line: None,
                message: format!("{}（页眉页脚）", finding.message),
                message_en: format!("{} (header or footer)", finding.message_en),
                ..finding
            }));
            margins.push_str(&lines);
        }
    }
    leaks.scan_rest(&parts.document, "段落之间 between paragraphs", &parts.styles);
    for notes in [&parts.footnotes, &parts.endnotes].into_iter().flatten() {
        leaks.scan_rest(notes, "脚注尾注 notes", &parts.styles);
    }
    if let Some(glossary) = relations.values().find(|r| r.kind == "glossaryDocument") {
        scan_glossary(&mut package, &glossary.target, &mut leaks)?;
    }
    leaks.comments_beside(parts.comments.as_ref());
    let mut findings = leaks.findings(&document);
    internal.dedup();
    findings.extend(internal);
    // 公开方式：依申请公开
    let lines = margins.lines().map(|line| line.split_whitespace().collect::<String>());
    let is_kept =
        |line: &String| disclosure_in(line).is_some_and(|mark| mark != DisclosureMark::Proactive);
    findings.extend(lines.filter(is_kept).take(1).map(|line| {
        codes::DISCLOSURE_MARK.about(format_args!("{line}（页眉页脚 header or footer）"))
    }));
    if is_marked {
        findings.push(codes::CLASSIFIED.finding());
    }
    let is_empty = document.text.trim().is_empty();
    if is_empty && !pictures.is_empty() {
        findings.push(codes::PICTURES_ONLY.finding());
    } else if !pictures.is_empty() {
        findings.push(at(codes::DEAD_LINK.about(few(&pictures)), &document, &pictures));
    }
    if relations.values().any(|r| matches!(r.kind.as_str(), "aFChunk" | "subDocument")) {
        // Word shows what another file says as if it were this one's (ISO/IEC 29500-1, 17.17.2 and 17.17.1).
        let finding = codes::BAD_DOCX
            .about("正文由其他文件拼成 altChunk/subDoc parts of the text are files of their own")
            .advising(
                "在 Word 中打开，取消主控文档的链接，另存为新的 docx（内容即并入）后再提交".to_owned(),
                "open it in Word, unlink its subdocuments, save it as a new docx, which takes them in, and submit again"
                    .to_owned(),
            );
        findings.push(finding);
    }
    if !strange.is_empty() {
        let mut finding = codes::BAD_DOCX.finding();
        let places = few(&strange);
        finding.message = format!("有符号或公式无法转换为文字，以“〓”代替：{places}");
        finding.message_en =
            format!("symbols or equations without a character, for which 〓 stands in: {places}");
        let finding = finding.advising(
            "改用“插入 → 符号”中的普通字符，公式写成一行文字".to_owned(),
            "use common characters; write an equation in one line of text".to_owned(),
        );
        findings.push(at(finding.into_warning(), &document, &strange));
    }
    if !merged.is_empty() {
        findings.push(at(merged_cells(&merged), &document, &merged));
    }
    document.findings = findings;
    document.margins = margins;
    document.drawings = drawings;
    Ok(document)
}

/// Merged cells whose text the published table holds in the first of them alone.
fn merged_cells(places: &[String]) -> Finding {
    let mut finding = codes::BAD_DOCX.finding();
    let shown = few(places);
    finding.message = format!("合并的单元格发布时只在第一格有文字，其余各格为空：{shown}");
    finding.message_en = format!(
        "merged cells, of which the published table has the text in the first alone: {shown}"
    );
    finding.into_warning().advising(
        "请核对发布的表格是否仍能读懂；不能的，拆分单元格，每格都写上文字".to_owned(),
        "see whether the published table still reads right; if not, split the cells and fill in each".to_owned(),
    )
}

/// The text blocks of a file, which have styles of their own (ISO/IEC 29500-1, 11.3.8).
fn scan_glossary(
    package: &mut Package<'_>,
    target: &str,
    leaks: &mut leaks::Leaks,
) -> Result<(), Unreadable> {
    let relations = package.relations(target)?;
    let styles = relations.values().find(|relation| relation.kind == "styles");
    let styles = styles.map_or(Ok(None), |relation| package.part(&relation.target))?;
    if let Some(glossary) = package.part(target)? {
        leaks.scan_rest(&glossary, "文档部件 text blocks", &styles::Styles::read(styles));
    }
    Ok(())
}

/// Bytes of XML that a Word or Excel file has unpacked, with the files in it, as its directory says.
pub(crate) fn unpacked(bytes: &[u8]) -> u64 {
    unread::unpacked(bytes)
}

/// What is wrong with an attachment that is an OOXML file: what would leak, whom it names, and who
/// wrote it.
pub fn check_attachment(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = match check_content(bytes) {
        Ok(findings) => findings,
        Err(why) => return vec![codes::BAD_DOCX.about(why)],
    };
    let mut left = unread::EMBEDDED_MAX;
    for (name, file) in unread::embedded(bytes) {
        let Some(rest) = left.checked_sub(unread::unpacked(&file)) else {
            findings.push(codes::BAD_DOCX.about(BadArchive::TooLarge));
            break;
        };
        left = rest;
        // What cannot be read there is looked at with the rest that nobody reads.
        let found = check_content(&file).unwrap_or_default();
        findings.extend(found.into_iter().map(|finding| Finding {
            message: format!("{}（内嵌文件 {name}）", finding.message),
            message_en: format!("{} (embedded {name})", finding.message_en),
            ..finding
        }));
    }
    findings.extend(metadata::check(bytes));
    findings
}

/// What of a Word or Excel file would leak, and whom it names.
fn check_content(bytes: &[u8]) -> Result<Vec<Finding>, Unreadable> {
    let mut findings: Vec<Finding> = match parse(bytes) {
        Ok(document) => {
            let marked = secrecy::find_mark(&document.text).map(|_| codes::CLASSIFIED.finding());
            let persons = find_persons(&document);
            let internal = internal::find_on_page(&document.text);
            // The pictures of an attachment stay in it, and its lines are nobody's.
            let leaks = document.findings.into_iter();
            let leaks = leaks.filter(|f| {
                f.code != codes::DEAD_LINK.id
                    && (f.code != codes::BAD_DOCX.id || f.severity == Severity::Block)
            });
            let leaks = leaks.chain(internal).map(|f| Finding { line: None, ..f });
            leaks.chain(marked).chain(persons).collect()
        }
        Err(Unreadable::NoWord) => workbook::check(bytes)?,
        Err(why) => return Err(why),
    };
    findings.extend(unread::check(bytes, &findings));
    findings.extend(unread::objects(bytes));
    // What is pictures alone is refused as such.
    let is_refused = findings.iter().any(|finding| finding.code == codes::PICTURES_ONLY.id);
    findings.extend(unread::unseen_pictures(bytes).filter(|_| !is_refused));
    findings.extend(unread::custom_text(bytes));
    Ok(findings)
}

/// TS602 to TS607 in a Word file that is published as it is.
fn find_persons(document: &Document) -> Vec<Finding> {
    let columns = persons::find_columns(&document.text);
    let text = persons::find(&document.text).into_iter().chain(columns).map(|hit| {
        let place = document.place_at(hit.range.start).map(|place| document.with_words(place));
        hit.finding_at(&place.unwrap_or_default())
    });
    let margins = persons::find(&document.margins).into_iter();
    text.chain(margins.map(|hit| hit.finding_at("页眉页脚 header or footer"))).collect()
}

/// The parts a text is read from.
struct Parts {
    document: Element,
    styles: styles::Styles,
    numbering: Option<Element>,
    footnotes: Option<Element>,
    endnotes: Option<Element>,
    comments: Option<Element>,
}

/// The one branch of alternate content that is read: the first choice, unless only the fallback holds
/// text (ISO/IEC 29500-3, 7.5).
fn branch(alternate: &Element) -> Option<&Element> {
    let mut choices = alternate.elements().filter(|e| e.name == "mc:Choice");
    let (choice, fallback) = (choices.next(), alternate.child("mc:Fallback"));
    match (choice, fallback) {
        (Some(choice), Some(fallback)) if !choice.has(&TEXT) && fallback.has(&TEXT) => {
            Some(fallback)
        }
        (Some(choice), _) => Some(choice),
        (None, fallback) => fallback,
    }
}

const TEXT: [&str; 2] = ["w:t", "m:t"];

fn lines_of(part: &Element) -> String {
    let mut lines = String::new();
    part.visit(&mut |node| {
        if let xml::Node::Element(element) = node
            && element.name == "w:p"
        {
            lines.push_str(&element.text());
            lines.push('\n');
        }
        true
    });
    lines
}

/// Places that are named.
const FEW: usize = 5;

/// Some of the places, and how many there are.
fn few(places: &[String]) -> String {
    let shown = places.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join("、");
    if places.len() > FEW { format!("{shown} 等 {} 处", places.len()) } else { shown }
}

fn at(finding: Finding, document: &Document, places: &[String]) -> Finding {
    let line = places.iter().find_map(|place| document.line_of(place));
    line.map_or(finding.clone(), |line| finding.at_line(line))
}

#[cfg(test)]
mod tests;
