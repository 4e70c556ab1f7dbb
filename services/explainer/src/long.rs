//! The long picture 长图: one interpretation as one page, 1080 px wide, for messaging channels. Phones show it at a third
//! of that: nothing is set smaller than 24 px. This is the composer; [`crate::picture`] paints what it leaves.

mod card;
mod office;
mod sheet;
mod table;

use lockstep_proto::ids::ChartId;
use plotters::style::RGBColor;

use crate::{
    blocks::{Block, Table, What},
    chart::theme::{GRID, INK, MUTED, STRONG, mix},
    font::{Fonts, UnreadableFont, Weight},
    page::{self, Drawing, Page, Part},
    set::{Fill, Run},
    theme::Theme,
};
use sheet::{Look, MARGIN, MEASURE, Sheet, WIDTH};

/// Higher than this nobody scrolls, and messaging channels shrink it until it cannot be read.
pub const HEIGHT_MAX: u32 = 30_000;
/// A higher page is no brochure either.
pub(crate) const PAGE_MAX: u32 = 20 * HEIGHT_MAX;
/// More than fill a page of that height; those of a broken file are not even set.
pub(crate) const CHARACTERS_MAX: usize = 60_000;
/// More columns than this have no room for words on a phone.
pub const COLUMNS_MAX: usize = 8;

/// So many characters without a glyph are named, for all to be mended at once; a text in another script has hundreds.
const NAMED_MAX: usize = 40;

const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// On the head's blue, where no office says otherwise: 5.6 and 4.6 to 1 with what is written on or in them.
const PALE: RGBColor = RGBColor(0xdb, 0xe8, 0xf6);
const TAG: RGBColor = RGBColor(0x47, 0x78, 0xb1);
/// How much of an office's head is in the ground of a tag on it, the rest ink, which is nearly black: white is read
/// better there than on the head itself.
const TAG_SHARE: f64 = 0.8;

const TITLE: Look = Look { size: 580, leading: 78, colour: WHITE, fill: Fill::Even };
/// A title of more than three lines is set smaller.
const LONG_TITLE: Look = Look { size: 440, leading: 62, ..TITLE };
const TITLE_LINES_MAX: usize = 3;
const KICKER: Look = Look { size: 280, leading: 48, colour: WHITE, fill: Fill::Even };
const AGENCY: Look = Look { size: 280, leading: 42, colour: PALE, fill: Fill::Even };
/// Headings down to the third level are in the office's colour.
const SECTION: Look = Look { size: 400, leading: 54, colour: INK, fill: Fill::Even };
const PART: Look = Look { size: 360, leading: 52, colour: INK, fill: Fill::Even };
const POINT: Look = Look { size: 330, leading: 50, colour: INK, fill: Fill::Even };
const BODY: Look = Look { size: 330, leading: 56, colour: INK, fill: Fill::Justified };
const FOOT: Look = Look { size: 240, leading: 38, colour: MUTED, fill: Fill::Justified };

/// What a list's text is moved in by, and the width of its mark; likewise a quotation's.
const INDENT: u32 = 46;

/// What the picture is made of.
#[derive(Debug)]
pub struct Article<'a> {
    /// Stands in the head where the text has no title of its own.
    pub title: &'a str,
    /// Who publishes it.
    pub agency: &'a str,
    /// What it explains and where that is found.
    pub source: &'a str,
    /// The text.
    pub blocks: &'a [Block],
    /// Those that no block places stand at the end, as in the page.
    pub charts: &'a [(ChartId, Drawing)],
    /// How it looks.
    pub theme: &'a Theme,
}

/// Why there is no long picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The typeface would show crossed boxes.
    #[error("the font has no glyph for {}", named(characters))]
    NoGlyph {
        /// Each once, in the order of the text.
        characters: Vec<char>,
        /// The line of the text that the first one's block begins in; none: it is not the text's.
        line: Option<usize>,
    },
    /// A table that a phone cannot show.
    #[error("a table of {columns} columns has no room for words; at most {COLUMNS_MAX}")]
    TooManyColumns {
        /// How many it has.
        columns: usize,
        /// The line it begins in.
        line: usize,
    },
    /// A table whose figures would be broken on a phone.
    #[error("the figures of a table of {columns} columns have no room beside one another")]
    TableTooWide {
        /// How many it has.
        columns: usize,
        /// The line it begins in.
        line: usize,
    },
    /// Nobody scrolls that far, and no sheets are cut from it either.
    #[error("the text makes a page higher than {PAGE_MAX} px")]
    TooHigh,
    /// So much is not even set.
    #[error("the text has {0} characters, more than {CHARACTERS_MAX}")]
    TooManyCharacters(usize),
    /// The embedded font is broken, or an office's own.
    #[error("cannot set text")]
    Font,
}

/// The first of several characters, as they can be looked up.
pub(crate) fn named(characters: &[char]) -> String {
    let named = |c: &char| format!("{c} (U+{:04X})", u32::from(*c));
    let first: Vec<_> = characters.iter().take(NAMED_MAX).map(named).collect();
    let more = if characters.len() > NAMED_MAX { " …" } else { "" };
    format!("{}{more}", first.join(" "))
}

impl From<UnreadableFont> for Refusal {
    fn from(_: UnreadableFont) -> Self {
        Self::Font
    }
}

/// The figures of a chart, for a reader of paper, who cannot ask for them.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    /// What they are, and in which unit.
    pub(crate) caption: String,
    pub(crate) table: Table,
    /// The same, half of the rows beside the other half: better, if there is room.
    pub(crate) halved: Option<Table>,
}

/// Drawings, and the figures of those that do not say them.
pub(crate) type Charts<'c> = (&'c [(ChartId, Drawing)], &'c [(ChartId, Data)]);

/// Sets the page.
pub fn compose(article: &Article<'_>) -> Result<Page, Vec<Refusal>> {
    compose_with(article, &[])
}

/// The same, with these figures below their charts.
pub(crate) fn compose_with(
    article: &Article<'_>,
    data: &[(ChartId, Data)],
) -> Result<Page, Vec<Refusal>> {
    let fonts = Fonts::current().map_err(|error| vec![error.into()])?;
    check(article, fonts)?;
    let mut sheet = Sheet::new(fonts, article.theme.accent);
    let (title, blocks) = match article.blocks {
        [Block { what: What::Heading(1, title), .. }, rest @ ..] => (title.clone(), rest),
        blocks => (vec![bold(article.title)], blocks),
    };
    head(&mut sheet, &title, article);
    let mut before = None;
    for block in blocks {
        place(&mut sheet, block, before, (article.charts, data));
        if sheet.y > PAGE_MAX {
            return Err(vec![Refusal::TooHigh]);
        }
        before = Some(block);
    }
    let is_placed =
        |id: &ChartId| blocks.iter().any(|b| matches!(&b.what, What::Chart(c) if c == id));
    for (id, drawing) in article.charts.iter().filter(|(id, _)| !is_placed(id)) {
        chart(&mut sheet, drawing);
        figures(&mut sheet, id, data);
        if sheet.y > PAGE_MAX {
            return Err(vec![Refusal::TooHigh]);
        }
    }
    let begins = foot(&mut sheet, article.source);
    Ok(Page { width: WIDTH, height: sheet.y, foot: begins, things: sheet.things })
}

/// What cannot be set at all: each character once, where it first stands.
fn check(article: &Article<'_>, fonts: &Fonts) -> Result<(), Vec<Refusal>> {
    let texts: Vec<(Option<usize>, &str)> = article
        .blocks
        .iter()
        .flat_map(|block| block.runs().map(|run| (Some(block.line), run.text.as_str())))
        .chain([article.title, article.agency, article.source].map(|text| (None, text)))
        .collect();
    let count = texts.iter().map(|(_, text)| text.chars().count()).sum();
    if count > CHARACTERS_MAX {
        return Err(vec![Refusal::TooManyCharacters(count)]);
    }
    let mut refusals: Vec<Refusal> = vec![];
    let (mut missing, mut first) = (vec![], None);
    for (line, text) in texts {
        for character in text.chars().filter(|c| !c.is_whitespace()) {
            let is_known = fonts.find_missing(character.encode_utf8(&mut [0; 4])).is_none();
            if !is_known && !missing.contains(&character) {
                first.get_or_insert(line);
                missing.push(character);
            }
        }
    }
    if let Some(line) = first {
        refusals.push(Refusal::NoGlyph { characters: missing, line });
    }
    let sheet = Sheet::new(fonts, article.theme.accent);
    for block in article.blocks {
        if let What::Table(table) = &block.what {
            let (columns, line) = (table.sides.len(), block.line);
            if columns > COLUMNS_MAX {
                refusals.push(Refusal::TooManyColumns { columns, line });
            } else if !table::fits(&sheet, table) {
                refusals.push(Refusal::TableTooWide { columns, line });
            }
        }
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// White on the office's colour, over the whole width.
fn head(sheet: &mut Sheet<'_>, title: &[Run], article: &Article<'_>) {
    let Article { theme, agency, .. } = article;
    let is_plain = theme.head == STRONG;
    let tag = if is_plain { TAG } else { mix(theme.head, INK, TAG_SHARE) };
    let ground = sheet.begin_ground(0, WIDTH, theme.head);
    sheet.y += 56;
    office::place(sheet, theme);
    sheet.begin(Part::Text);
    sheet.tag("政策解读", KICKER, tag);
    sheet.y += 28;
    let title = bolder(title);
    sheet.begin(Part::Heading(1));
    let is_long = sheet.lines(&title, TITLE, MEASURE).len() > TITLE_LINES_MAX;
    sheet.text(&title, if is_long { LONG_TITLE } else { TITLE }, MARGIN, MEASURE);
    // The office's own name stands above.
    if !agency.is_empty() && theme.agency.as_deref() != Some(agency) {
        sheet.y += 18;
        sheet.begin(Part::Text);
        let colour = if is_plain { PALE } else { WHITE };
        sheet.text(&[Run::regular(agency)], Look { colour, ..AGENCY }, MARGIN, MEASURE);
    }
    sheet.y += 52;
    sheet.end_ground(ground);
    sheet.y += 22;
}

fn place(sheet: &mut Sheet<'_>, block: &Block, before: Option<&Block>, (charts, data): Charts<'_>) {
    let left = MARGIN + INDENT * block.depth.min(6);
    match &block.what {
        What::Heading(..=2, runs) => {
            sheet.begin(Part::Heading(2));
            sheet.y += 44;
            let bar = sheet.begin_ground(MARGIN, 10, sheet.accent);
            let look = Look { colour: sheet.accent, ..SECTION };
            sheet.text(&bolder(runs), look, MARGIN + 28, MEASURE - 28);
            sheet.end_ground(bar);
            sheet.y += 4;
        }
        What::Heading(level, runs) => {
            sheet.begin(Part::Heading(*level));
            sheet.y += 30;
            let look = if *level == 3 { Look { colour: sheet.accent, ..PART } } else { POINT };
            sheet.text(&bolder(runs), look, left, MARGIN + MEASURE - left);
        }
        What::Paragraph(runs) => paragraph(sheet, runs, block, before),
        What::Item(mark, runs) => {
            sheet.begin(Part::Item);
            let is_listed = before.is_some_and(|b| matches!(b.what, What::Item(..)));
            sheet.y += if is_listed { 8 } else { 18 };
            sheet.mark(mark, BODY, left - INDENT, INDENT - 10);
            // Of an item without words the mark alone fills the line.
            let filled = sheet.y + u32::from(BODY.leading);
            sheet.text(runs, BODY, left, MARGIN + MEASURE - left);
            sheet.y = sheet.y.max(filled);
        }
        What::Table(table) => {
            sheet.begin(Part::Text);
            sheet.y += 24;
            table::place(sheet, table);
            sheet.y += 8;
        }
        What::Answer(lines) => card::place(sheet, lines),
        What::Chart(id) => {
            if let Some((_, drawing)) = charts.iter().find(|(placed, _)| placed == id) {
                chart(sheet, drawing);
                figures(sheet, id, data);
            }
        }
        What::Rule => {
            sheet.y += 34;
            sheet.rule(MARGIN, MEASURE, GRID);
            sheet.y += 16;
        }
    }
}

/// A quotation has a bar beside it, through all its paragraphs.
fn paragraph(sheet: &mut Sheet<'_>, runs: &[Run], block: &Block, before: Option<&Block>) {
    sheet.begin(Part::Text);
    let is_continued = block.is_quoted && before.is_some_and(|before| before.is_quoted);
    let left = MARGIN + INDENT * (block.depth.min(6) + u32::from(block.is_quoted));
    let begun = sheet.y;
    sheet.y += 18;
    let from = if is_continued { begun } else { sheet.y };
    let look = if block.is_quoted { Look { colour: MUTED, ..BODY } } else { BODY };
    sheet.text(runs, look, left, MARGIN + MEASURE - left);
    if block.is_quoted {
        sheet.ground(left - INDENT + 10, 8, (from, sheet.y), GRID);
    }
}

/// Framed; its own margin is the page's.
fn chart(sheet: &mut Sheet<'_>, drawing: &Drawing) {
    sheet.begin(Part::Figure);
    sheet.y += 30;
    let (_, height) = drawing.size();
    sheet.put(height, page::What::Drawing(drawing.clone()));
    let (left, width) = (MARGIN / 2, WIDTH - MARGIN);
    let frame = page::What::Panel { left, width, radius: 12, border: Some(2), colour: GRID };
    sheet.put(height, frame);
    sheet.y += height + 12;
}

/// What a chart shows, as a table below it, or several where it has too many columns for one.
fn figures(sheet: &mut Sheet<'_>, id: &ChartId, data: &[(ChartId, Data)]) {
    let found = data.iter().find(|(of, _)| of == id).map(|(_, data)| data);
    let Some(Data { caption, table, halved }) = found else { return };
    let halved = halved.as_ref().and_then(|halved| table::small(sheet, halved));
    let parts = halved.map(|one| vec![one]).or_else(|| table::in_parts(sheet, table));
    sheet.begin(Part::Caption);
    sheet.y += 14;
    // Figures as wide as the sheet have no room on paper.
    let elsewhere = if parts.is_none() { "，见网页及其CSV文件" } else { "" };
    sheet.text(&[Run::regular(&format!("{caption}{elsewhere}"))], FOOT, MARGIN, MEASURE);
    for (table, setting) in parts.unwrap_or_default() {
        sheet.begin(Part::Text);
        sheet.y += 8;
        table::rows(sheet, &table, &setting);
        sheet.y += 8;
    }
}

/// Where it begins.
fn foot(sheet: &mut Sheet<'_>, source: &str) -> u32 {
    sheet.y += 48;
    let begins = sheet.y;
    sheet.rule(MARGIN, MEASURE, GRID);
    sheet.y += 20;
    sheet.begin(Part::Text);
    sheet.text(&[Run::regular(source)], FOOT, MARGIN, MEASURE);
    sheet.y += 40;
    begins
}

fn bold(text: &str) -> Run {
    Run { weight: Weight::Bold, ..Run::regular(text) }
}

fn bolder(runs: &[Run]) -> Vec<Run> {
    runs.iter().map(|run| Run { weight: Weight::Bold, ..run.clone() }).collect()
}
