//! Paragraphs, tables, text boxes and notes in the order they are read.

use std::collections::BTreeMap;

use super::{
    Document, Parts, Place, branch,
    inline::{Field, Inline},
    leaks::Leaks,
    markdown,
    numbering::{Mark, Numbering},
    package::Relation,
    plan, styles,
    table::{self, Table},
    xml::Element,
};
use crate::document::DOCUMENT_KINDS;

/// What is said of a place behind the last paragraph that shows.
pub(super) const BEHIND: &str = "之后";

/// What a text is made of.
pub(super) struct Blocks<'p> {
    pub(super) parts: &'p Parts,
    pub(super) relations: &'p BTreeMap<String, Relation>,
    pub(super) leaks: Leaks,
    pub(super) pictures: Vec<String>,
    pub(super) strange_symbols: Vec<String>,
    pub(super) drawings: Vec<String>,
    /// Merged names and headings of tables.
    pub(super) merged: Vec<String>,
    /// Met in the paragraph that is being read.
    pub(super) met_picture: bool,
    pub(super) met_strange_symbol: bool,
    pub(super) met_drawing: bool,
    pub(super) fields: Vec<Field>,
    /// Text boxes and lettering met in the paragraph that is being read.
    pub(super) boxes: Vec<&'p Element>,
    /// Notes in the order they are referred to: end note or not, and id.
    pub(super) notes: Vec<(bool, String)>,
    numbering: Numbering,
    list: Vec<Block>,
    plan: Vec<(String, String)>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    paragraphs: usize,
    tables: usize,
    boxes: usize,
}

pub(super) enum Block {
    Paragraph(Paragraph),
    Table(Table),
}

pub(super) struct Paragraph {
    /// Escaped, lines apart.
    lines: String,
    place: String,
    heading: Option<u8>,
    is_centred: bool,
}

/// Where a paragraph stands.
#[derive(Clone, Copy)]
pub(super) enum Container<'c> {
    Body,
    /// A text box, a note: its name.
    Other(&'c str),
}

pub(super) fn read<'p>(
    parts: &'p Parts,
    relations: &'p BTreeMap<String, Relation>,
) -> (Blocks<'p>, Leaks) {
    let mut blocks = Blocks {
        parts,
        relations,
        leaks: Leaks::default(),
        pictures: vec![],
        strange_symbols: vec![],
        drawings: vec![],
        merged: vec![],
        met_picture: false,
        met_strange_symbol: false,
        met_drawing: false,
        fields: vec![],
        boxes: vec![],
        notes: vec![],
        numbering: Numbering::read(parts.numbering.as_ref()),
        list: vec![],
        plan: vec![],
        counts: Counts::default(),
    };
    if let Some(body) = parts.document.child("w:body") {
        blocks.read_all(body, Container::Body);
    }
    blocks.read_notes();
    let leaks = std::mem::take(&mut blocks.leaks);
    (blocks, leaks)
}

impl<'p> Blocks<'p> {
    fn read_all(&mut self, parent: &'p Element, container: Container<'_>) {
        for element in parent.elements() {
            match element.name.as_str() {
                "w:p" => self.read_paragraph(element, container),
                "w:tbl" => self.read_table(element, container),
                "mc:AlternateContent" => {
                    if let Some(chosen) = branch(element) {
                        self.read_all(chosen, container);
                    }
                }
                "w:del" | "w:moveFrom" | "w:sdtPr" => {}
                "w:sectPr" => self.leaks.scan(element, "页面设置", &self.parts.styles),
                _ => self.read_all(element, container),
            }
        }
    }

    fn read_paragraph(&mut self, paragraph: &'p Element, container: Container<'_>) {
        let lines = self.lines_of(paragraph);
        let place = match container {
            Container::Other(name) => name.to_owned(),
            Container::Body => {
                self.counts.paragraphs += usize::from(!lines.is_empty());
                // One of which nothing shows is hidden or moved as a whole.
                let is_behind = lines.is_empty() && self.counts.paragraphs > 0;
                let behind = if is_behind { BEHIND } else { "" };
                format!("第 {} 段{behind}", self.counts.paragraphs.max(1))
            }
        };
        self.settle(&place);
        if matches!(container, Container::Body) {
            self.leaks.scan(paragraph, &place, &self.parts.styles);
        }
        let style = self.parts.styles.of_paragraph(paragraph);
        let own = paragraph.child("w:pPr");
        let outline = own.and_then(|p| p.value_of("w:outlineLvl"));
        let align = own.and_then(|p| p.value_of("w:jc")).or_else(|| {
            self.parts.styles.find(style, |style| style.child("w:pPr")?.value_of("w:jc"))
        });
        let heading = match outline {
            Some(outline) => styles::outline_level(outline),
            None => self.parts.styles.heading(style),
        };
        if !lines.is_empty() {
            let is_centred = align == Some("center");
            let paragraph = Paragraph { lines, place, heading, is_centred };
            self.list.push(Block::Paragraph(paragraph));
        }
        self.read_boxes();
    }

    /// A paragraph's text with its number, escaped.
    pub(super) fn lines_of(&mut self, paragraph: &'p Element) -> String {
        self.lines_with_mark(paragraph).0
    }

    /// The same, and the number of a paragraph without text, which a page shows all the same.
    pub(super) fn lines_with_mark(&mut self, paragraph: &'p Element) -> (String, Option<String>) {
        let mark = self.numbering.next(paragraph, &self.parts.styles);
        let mut inline = Inline::default();
        let style = self.parts.styles.of_paragraph(paragraph);
        self.read_inline(paragraph, style, &mut inline);
        // A field that is never closed would hide everything behind it.
        self.fields.retain(|field| field.is_in_result);
        let text = inline.text.trim().trim_matches('\u{3000}');
        match mark {
            Some(mark) if !text.is_empty() => (join(&mark, text), None),
            // A bullet counts nothing.
            Some(mark) => {
                let is_number = mark.text.contains(char::is_alphanumeric);
                (String::new(), is_number.then(|| markdown::escape(mark.text.trim())))
            }
            None => (text.to_owned(), None),
        }
    }

    /// Names the place of what was met in the paragraph just read.
    pub(super) fn settle(&mut self, place: &str) {
        if std::mem::take(&mut self.met_picture) {
            self.pictures.push(place.to_owned());
        }
        if std::mem::take(&mut self.met_strange_symbol) {
            self.strange_symbols.push(place.to_owned());
        }
        if std::mem::take(&mut self.met_drawing) {
            self.drawings.push(place.to_owned());
        }
    }

    pub(super) fn read_boxes(&mut self) {
        for content in std::mem::take(&mut self.boxes) {
            self.counts.boxes += 1;
            let name = format!("文本框 {}", self.counts.boxes);
            if content.name == "v:textpath" {
                self.read_lettering(content, name);
                continue;
            }
            self.read_all(content, Container::Other(&name));
        }
    }

    fn read_lettering(&mut self, lettering: &Element, place: String) {
        let words = lettering.attribute("string").unwrap_or_default().trim();
        if !words.is_empty() {
            let lines = markdown::escape(words);
            let paragraph = Paragraph { lines, place, heading: None, is_centred: false };
            self.list.push(Block::Paragraph(paragraph));
        }
    }

    fn read_table(&mut self, element: &'p Element, container: Container<'_>) {
        self.counts.tables += 1;
        let name = match container {
            Container::Body => format!("表 {}", self.counts.tables),
            Container::Other(of) => format!("{of} 表 {}", self.counts.tables),
        };
        // A frame around text is no table.
        if let Some(cell) = table::only_cell(element) {
            let name = format!("{name} 第 1 行第 1 列");
            self.leaks.scan(element, &name, &self.parts.styles);
            self.read_all(cell, Container::Other(&name));
            return;
        }
        let table = table::read(self, element, &name);
        let is_first_page = self.list.len() <= plan::BEFORE_MAX && self.plan.is_empty();
        if let Some(plan) = plan::find(&table).filter(|_| is_first_page) {
            // What stands above the plan's table is its heading.
            self.list.clear();
            self.plan = plan;
        } else {
            self.merged.extend(table.merged.iter().cloned());
            self.list.push(Block::Table(table));
        }
        self.read_boxes();
    }

    /// Notes at the end of the text, in the order they are referred to.
    fn read_notes(&mut self) {
        let by_id = |part: &'p Option<Element>| -> BTreeMap<&str, &'p Element> {
            let notes = part.iter().flat_map(Element::elements);
            notes.filter_map(|note| Some((note.attribute("id")?, note))).collect()
        };
        let (feet, ends) = (by_id(&self.parts.footnotes), by_id(&self.parts.endnotes));
        let mut at = 0;
        while let Some((is_end, id)) = self.notes.get(at).cloned() {
            at += 1;
            // A note that refers to itself would have no end.
            let earlier =
                self.notes.iter().take(at - 1).any(|known| *known == (is_end, id.clone()));
            let note = if is_end { &ends } else { &feet }.get(id.as_str());
            let Some(note) = note.filter(|_| !earlier) else { continue };
            let name = format!("注 {at}");
            self.leaks.scan(note, &name, &self.parts.styles);
            let first = self.list.len();
            self.read_all(note, Container::Other(&name));
            if let Some(Block::Paragraph(paragraph)) = self.list.get_mut(first) {
                paragraph.lines = format!("〔注{at}〕{}", paragraph.lines);
            }
        }
    }

    /// The text, each block with its place.
    pub(super) fn into_document(self) -> Document {
        let mut document = Document { plan: self.plan, ..Document::default() };
        let title = find_title(&self.list);
        for (index, block) in self.list.into_iter().enumerate() {
            match block {
                Block::Paragraph(paragraph) => {
                    let level = match (title.contains(&index), paragraph.heading) {
                        (true, _) => 1,
                        (false, Some(heading)) if paragraph.is_heading() => heading.clamp(1, 5) + 1,
                        (false, _) => 0,
                    };
                    // A title set in several lines or paragraphs is one.
                    let goes_on = title.start < index && title.contains(&index);
                    document.add_paragraph(&paragraph, level, goes_on);
                }
                Block::Table(table) => document.add_table(&table),
            }
        }
        if !document.text.is_empty() {
            document.text.push('\n');
        }
        let ends = document.text.match_indices('\n').map(|(at, _)| at + 1);
        document.line_starts = std::iter::once(0).chain(ends).collect();
        document
    }
}

impl Paragraph {
    /// Some clerks set whole clauses in a heading's style: those stay paragraphs.
    fn is_heading(&self) -> bool {
        !self.lines.contains('\n')
            && self.lines.chars().count() <= 60
            && !self.lines.ends_with(['。', '；', ';', '，'])
    }
}

impl Document {
    fn add_paragraph(&mut self, paragraph: &Paragraph, level: u8, goes_on: bool) {
        if !goes_on && !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        if level > 0 {
            if !goes_on {
                self.text.push_str(&"#".repeat(usize::from(level)));
                self.text.push(' ');
            }
            self.text.push_str(&paragraph.lines.replace('\n', "").replace('#', "\\#"));
        } else {
            let written =
                |line: &str| markdown::chart(line).unwrap_or_else(|| markdown::escape_start(line));
            let lines = paragraph.lines.split('\n').map(written);
            let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
            // Two blanks at its end keep a line apart from the next.
            self.text.push_str(&lines.join("  \n"));
        }
        let range = start..self.text.len();
        self.places.push(Place { range, name: paragraph.place.clone() });
    }

    fn add_table(&mut self, table: &Table) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let width = table.rows.iter().map(Vec::len).max().unwrap_or(0);
        for (row, cells) in table.rows.iter().enumerate() {
            self.text.push_str(if row == 0 { "|" } else { "\n|" });
            for column in 0..width {
                self.text.push(' ');
                if let Some(cell) = cells.get(column).filter(|cell| !cell.text.is_empty()) {
                    let start = self.text.len();
                    self.text.push_str(&cell.text);
                    let range = start..self.text.len();
                    self.places.push(Place { range, name: cell.place.clone() });
                }
                self.text.push_str(" |");
            }
            if row == 0 {
                self.text.push_str("\n|");
                self.text.push_str(&" --- |".repeat(width));
            }
        }
    }
}

/// What separates a number from the text, as official documents write it: nothing after a mark
/// (一、 （一） 1.), one full-width space after 第一条 (GB/T 9704-2012, 7.3.3).
pub(super) fn join(mark: &Mark, text: &str) -> String {
    let number = markdown::escape(&mark.text);
    let last = mark.text.trim_end().chars().next_back().unwrap_or(' ');
    let between = match last {
        _ if !mark.has_space && !last.is_ascii_digit() => "",
        '.' if text.starts_with(|c: char| c.is_ascii_digit()) => " ",
        '、' | '）' | ')' | '．' | '.' | '：' | ':' | '》' | '】' => "",
        '①'..='⒛' | '㉑'..='㊿' => "",
        _ if last.is_ascii() || last == '•' => " ",
        _ => "\u{3000}",
    };
    format!("{}{between}{text}", number.trim_end())
}

/// The title's paragraphs: those of the title's style, or the centred ones at the head up to one that ends as
/// titles do, also where nobody set a style; or a heading that begins the text.
fn find_title(list: &[Block]) -> std::ops::Range<usize> {
    let head: Vec<Option<&Paragraph>> = list
        .iter()
        .take(15)
        .map(|block| match block {
            Block::Paragraph(paragraph) => Some(paragraph),
            Block::Table(_) => None,
        })
        .collect();
    let run_from = |start: usize, is: &dyn Fn(&Paragraph) -> bool| {
        let rest = head.iter().skip(start);
        start..start + rest.take_while(|p| p.is_some_and(is)).count()
    };
    let is_title = |paragraph: &Paragraph| paragraph.heading == Some(0);
    if let Some(start) = head.iter().position(|p| p.is_some_and(is_title)) {
        return run_from(start, &is_title);
    }
    let ends = |paragraph: &Paragraph| {
        let bare = paragraph.lines.trim_end_matches(['）', ')']);
        let bare = bare.rsplit_once(['（', '(']).filter(|_| bare.len() < paragraph.lines.len());
        let bare = bare.map_or(paragraph.lines.as_str(), |(before, _)| before);
        paragraph.is_centred
            && !is_letterhead(&paragraph.lines)
            && DOCUMENT_KINDS.iter().any(|end| bare.ends_with(end))
    };
    if let Some(end) = head.iter().position(|p| p.is_some_and(ends)) {
        let part =
            |p: Option<&Paragraph>| p.is_some_and(|p| p.is_centred && !is_letterhead(&p.lines));
        let before = head.iter().take(end).rev().take_while(|p| part(**p)).count();
        return end - before..end + 1;
    }
    match head.first() {
        Some(Some(first)) if first.heading == Some(1) && first.is_heading() => 0..1,
        _ => 0..0,
    }
}

/// 发文机关标志 (某市人民政府令 too) and 发文字号 stand centred above the title.
fn is_letterhead(line: &str) -> bool {
    let is_order = line.ends_with('令') && !line.ends_with("命令");
    is_order || line.ends_with("文件") || line.ends_with('号') || line.contains("{{")
}
