//! Markdown, event by event, to blocks.

use std::{collections::HashMap, sync::Arc};

use lockstep_gate::markdown::{CHART, OPTIONS, is_followed};
use pulldown_cmark::{Alignment, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd};

use super::{Block, Side, Table, What, text_of};
use crate::{
    answer,
    chart::text::is_chinese,
    font::Weight,
    lists,
    notes::Numbers,
    set::Run,
    text::{is_break, soft},
};

/// The mark of an item in a list without numbers.
const BULLET: &str = "•";

/// The blocks, each with the byte of the source where it begins.
pub(super) fn read(source: &str) -> Vec<(usize, Block)> {
    let mut reader = Reader { line: 1, items: lists::numbers(source), ..Reader::default() };
    for (event, place) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        // Blocks come in order: lines are counted from one to the next.
        let passed = source.get(reader.counted..place.start).unwrap_or_default();
        reader.line += passed.matches('\n').count();
        reader.counted = reader.counted.max(place.start);
        let is_line = event == Event::SoftBreak && soft::join(source, &place) == soft::Join::Line;
        let event = if is_line { Event::HardBreak } else { event };
        reader.hear(event, place.start);
    }
    let notes = std::mem::take(&mut reader.numbers).order(std::mem::take(&mut reader.notes));
    reader.blocks.extend(at_end(notes));
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<(usize, Block)>,
    runs: Vec<Run>,
    /// Where the runs began: byte and line.
    begun: Option<(usize, usize)>,
    counted: usize,
    line: usize,
    bold: usize,
    struck: usize,
    /// How many lists are open.
    lists: u32,
    /// The number of each numbered item, by where it begins.
    items: HashMap<usize, u64>,
    quotes: usize,
    /// Whether each open image is a chart: its words stand in for it, and it is here.
    images: Vec<bool>,
    /// Where each open link leads, where that can be followed.
    links: Vec<Option<Arc<str>>>,
    /// Of the item whose first paragraph is to come.
    mark: Option<String>,
    table: Table,
    is_in_cell: bool,
    is_soft: bool,
    numbers: Numbers,
    notes: Vec<(String, Vec<(usize, Block)>)>,
    /// The open note, and how many blocks stand before it.
    note: Option<(String, usize)>,
}

impl Reader {
    fn hear(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag),
            Event::InlineHtml(html) if self.is_in_cell && is_break(&html) => self.say("\n"),
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.say(&text),
            Event::FootnoteReference(name) => {
                let mark = self.numbers.mark(&name);
                self.say(&mark);
            }
            Event::SoftBreak => self.is_soft = true,
            Event::HardBreak => self.say("\n"),
            Event::Rule => {
                self.end_mark();
                self.put(What::Rule);
            }
            Event::TaskListMarker(_) => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other tags change nothing here")]
    fn start(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Strong | Tag::Emphasis => self.bold += 1,
            Tag::Strikethrough => self.struck += 1,
            Tag::Image { dest_url, .. } => {
                let chart = dest_url.strip_prefix(CHART).and_then(|id| id.parse().ok());
                self.images.push(chart.is_some());
                if let Some(id) = chart {
                    self.end_paragraph();
                    self.end_mark();
                    self.put(What::Chart(id));
                }
            }
            Tag::Link { link_type, dest_url, .. } => self.links.push(address(link_type, &dest_url)),
            Tag::TableRow | Tag::TableHead => self.table.rows.push(vec![]),
            Tag::TableCell => self.is_in_cell = true,
            block => {
                self.end_paragraph();
                match block {
                    Tag::FootnoteDefinition(name) => {
                        self.note = Some((name.into_string(), self.blocks.len()));
                    }
                    Tag::List(_) => {
                        self.end_mark();
                        self.lists += 1;
                    }
                    Tag::BlockQuote(_) => self.quotes += 1,
                    Tag::Table(sides) => {
                        let sides = sides.into_iter().map(side).collect();
                        self.end_mark();
                        self.table = Table { sides, rows: vec![] };
                    }
                    Tag::Item => {
                        let number = self.items.get(&at);
                        let mark = number.map_or(BULLET.to_owned(), |number| format!("{number}."));
                        self.mark = Some(mark);
                    }
                    Tag::Heading { .. } => self.end_mark(),
                    _ => {}
                }
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all other tags end a paragraph at most")]
    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong | TagEnd::Emphasis => self.bold = self.bold.saturating_sub(1),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Image => drop(self.images.pop()),
            TagEnd::Link => drop(self.links.pop()),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.runs);
                (self.begun, self.is_soft, self.is_in_cell) = (None, false, false);
                if let Some(row) = self.table.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::TableRow | TagEnd::TableHead => {}
            TagEnd::Table => {
                let table = std::mem::take(&mut self.table);
                match card(&table) {
                    None => self.put(What::Table(table)),
                    // As the template has it.
                    Some(lines) if lines.is_empty() => {}
                    Some(lines) => self.put(What::Answer(lines)),
                }
            }
            TagEnd::Heading(level) => self.end_block(|runs| What::Heading(number(level), runs)),
            TagEnd::FootnoteDefinition => {
                self.end_paragraph();
                if let Some((name, from)) = self.note.take() {
                    self.notes.push((name, self.blocks.split_off(from)));
                }
            }
            TagEnd::Item => {
                self.end_paragraph();
                self.end_mark();
            }
            TagEnd::List(_) => {
                self.end_paragraph();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::BlockQuote(_) => {
                self.end_paragraph();
                self.quotes = self.quotes.saturating_sub(1);
            }
            _ => self.end_paragraph(),
        }
    }

    fn say(&mut self, text: &str) {
        if self.images.contains(&true) || text.is_empty() {
            return;
        }
        self.begun.get_or_insert((self.counted, self.line));
        let before = self.runs.last().and_then(|run| run.text.chars().next_back());
        let after = text.chars().next();
        // Lines of the source are joined by a space where words have one between them.
        let is_joined = before.is_none_or(is_chinese) || after.is_none_or(is_chinese);
        let space = if std::mem::take(&mut self.is_soft) && !is_joined { " " } else { "" };
        let weight = if self.bold > 0 { Weight::Bold } else { Weight::Regular };
        let is_struck = self.struck > 0;
        let link = self.links.last().cloned().flatten();
        match self.runs.last_mut() {
            Some(run) if (run.weight, run.is_struck, &run.link) == (weight, is_struck, &link) => {
                run.text.push_str(space);
                run.text.push_str(text);
            }
            _ => self.runs.push(Run { text: format!("{space}{text}"), weight, is_struck, link }),
        }
    }

    fn end_paragraph(&mut self) {
        let mark = self.mark.clone();
        self.end_block(|runs| match mark {
            Some(mark) => What::Item(mark, runs),
            None => What::Paragraph(runs),
        });
    }

    /// Puts what was said since the last block, if it shows anything.
    fn end_block(&mut self, what: impl FnOnce(Vec<Run>) -> What) {
        let runs = std::mem::take(&mut self.runs);
        self.is_soft = false;
        if runs.iter().any(|run| !run.text.trim().is_empty()) {
            self.put(what(runs));
            self.mark = None;
        }
        self.begun = None;
    }

    /// The mark of an item stands alone where no paragraph comes first in it, as it does on the page: it is not the next
    /// paragraph's.
    fn end_mark(&mut self) {
        if let Some(mark) = self.mark.take() {
            self.put(What::Item(mark, vec![]));
        }
    }

    fn put(&mut self, what: What) {
        let (at, line) = self.begun.unwrap_or((self.counted, self.line));
        let depth = self.lists;
        let is_quoted = self.quotes > 0;
        self.blocks.push((at, Block { line, depth, is_quoted, what }));
    }
}

/// Notes below a line, each an item of its mark. One that begins with something else has its mark on a line above.
fn at_end(notes: Vec<(String, Vec<(usize, Block)>)>) -> Vec<(usize, Block)> {
    let mut blocks: Vec<(usize, Block)> = vec![];
    for (mark, note) in notes {
        let mut mark = Some(mark);
        for (at, mut block) in note {
            let put = |depth, what| (at, Block { line: block.line, depth, is_quoted: false, what });
            if blocks.is_empty() {
                blocks.push(put(0, What::Rule));
            }
            if let Some(mark) = mark.take() {
                if let What::Paragraph(runs) = &mut block.what {
                    block.what = What::Item(mark, std::mem::take(runs));
                } else {
                    blocks.push(put(1, What::Item(mark, vec![])));
                }
            }
            block.depth += 1;
            blocks.push((at, block));
        }
    }
    blocks
}

/// The lines of a table that is an answer card, where they say something.
fn card(table: &Table) -> Option<Vec<[Vec<Run>; 2]>> {
    let lines = table.rows.iter().map(|row| <[Vec<Run>; 2]>::try_from(row.clone()).ok());
    let lines: Vec<_> = lines.collect::<Option<_>>()?;
    let texts: Vec<_> =
        lines.iter().map(|line| line.each_ref().map(|cell| text_of(cell))).collect();
    let rows: Vec<_> = texts.iter().map(|row| row.each_ref().map(String::as_str)).collect();
    let head = answer::head(&rows);
    let says = |[_, said]: &[Vec<Run>; 2]| !text_of(said).trim().is_empty();
    head.map(|head| lines.into_iter().skip(head).filter(says).collect())
}

/// Where a link leads outside of the text.
fn address(kind: LinkType, address: &str) -> Option<Arc<str>> {
    let is_outside = is_followed(kind, address) && !address.starts_with('#');
    let scheme = if kind == LinkType::Email { "mailto:" } else { "" };
    is_outside.then(|| format!("{scheme}{address}").into())
}

fn side(alignment: Alignment) -> Side {
    match alignment {
        Alignment::None | Alignment::Left => Side::Left,
        Alignment::Center => Side::Middle,
        Alignment::Right => Side::Right,
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
