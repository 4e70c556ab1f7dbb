//! Makes units of pieces: what each is, where it belongs, and its path.
//!
//! A unit's identity is its path, not its number: numbering runs on across sections in many
//! documents, skips levels in most, and starts again in a forwarded document (DOMAIN §3.1).

mod headings;
mod numbering;
mod paragraphs;
mod paths;
mod signed;

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
};

use lockstep_proto::edition::Slot;

use super::{
    Unit,
    frames::{self, Frame},
    mark::{Level, Mark, heading_depth, strip_signs},
    pieces::{Piece, ends_sentence},
    signs, tables,
    words::title_at,
};

pub(super) use numbering::Flaw;
use paths::Open;
pub(super) use signed::settle;

/// Bytes from a title's first line to its last at most: whatever goes on longer is none.
const TITLE_MAX: usize = 600;

/// Where in a document we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    /// Title, number, addressee.
    Head,
    /// The text itself.
    Body,
    /// After the date: notes, then perhaps another document.
    Closed,
}

/// Builds the units of one text.
pub(super) struct Builder<'p, 't> {
    pieces: &'p [Piece<'t>],
    ahead: Vec<Ahead>,
    units: Vec<Unit>,
    flaws: Vec<Flaw>,
    zone: Zone,
    /// The path's first part in documents that stand inside another: 附文1, 附件2.
    part: Option<String>,
    parts_count: usize,
    open: Vec<Open>,
    /// Paragraphs so far below the innermost open unit that holds them.
    paragraphs: u32,
    questions: u32,
    /// Paragraphs of the last article so far, the one beside its mark included.
    article_paragraphs: u32,
    /// Whether this part has a title.
    has_title: bool,
    /// The first line of its first title, without blanks.
    title: Option<String>,
    /// By rank: the marks of each count on from one another.
    last_numbers: HashMap<(u8, u8), u32>,
    /// Which of 一、 and （一） were last below decimals.
    below_decimals: HashSet<Level>,
    used: HashMap<String, u32>,
    is_torn: bool,
    /// What this part's list has so far.
    list: paragraphs::List,
    /// Lines that are headings without a mark.
    plain_headings: HashSet<usize>,
    /// The titles that the text quotes, without blanks.
    quoted: OnceCell<HashSet<String>>,
    /// Lines of the red head, of signatures and imprint in tables.
    frames: HashMap<usize, Frame>,
}

/// What follows a piece.
#[derive(Debug, Clone, Copy, Default)]
struct Ahead {
    /// Level and number of the next mark.
    next_mark: Option<(Level, u32)>,
    /// Pieces to the next line that is a date and nothing else.
    date_in: Option<usize>,
}

/// Units and what is wrong with the numbering.
pub(super) fn build(pieces: &[Piece<'_>]) -> (Vec<Unit>, Vec<Flaw>) {
    let contents = tables::find_contents(pieces);
    let mut builder = Builder {
        pieces,
        ahead: look_ahead(pieces),
        units: vec![],
        flaws: vec![],
        zone: Zone::Head,
        part: None,
        parts_count: 0,
        open: vec![],
        paragraphs: 0,
        questions: 0,
        article_paragraphs: 0,
        has_title: false,
        title: None,
        last_numbers: HashMap::new(),
        below_decimals: HashSet::new(),
        used: HashMap::new(),
        is_torn: false,
        list: paragraphs::List::default(),
        plain_headings: headings::find_plain(pieces),
        quoted: OnceCell::new(),
        frames: frames::find(pieces),
    };
    for index in 0..pieces.len() {
        if contents.contains(&index) {
            builder.add(index, Level::Contents, "目录");
        } else {
            builder.take(index);
        }
    }
    (builder.units, builder.flaws)
}

fn look_ahead(pieces: &[Piece<'_>]) -> Vec<Ahead> {
    let mut ahead = vec![Ahead::default(); pieces.len()];
    let mut next = Ahead::default();
    for (piece, slot) in pieces.iter().zip(&mut ahead).rev() {
        *slot = next;
        if let Some(mark) = &piece.mark {
            next.next_mark = Some((mark.level, mark.number));
        }
        next.date_in =
            if is_day(piece.text) { Some(1) } else { next.date_in.map(|count| count + 1) };
    }
    ahead
}

/// A date on a line of its own, or the slot for it.
fn is_day(line: &str) -> bool {
    // Most lines are no slot: what one looks like is made for few.
    let is_slot = || strip_signs(line) == Slot::WrittenOn.mark();
    super::dates::read(line).is_some() || (line.contains("{{") && is_slot())
}

impl Builder<'_, '_> {
    fn take(&mut self, index: usize) {
        let Some(piece) = self.pieces.get(index) else { return };
        let ahead = self.ahead.get(index).copied().unwrap_or_default();
        if piece.is_noise {
            self.add(index, Level::Noise, "噪声");
        } else if let Some(frame) = self.frames.get(&index).copied() {
            self.take_frame(index, frame);
        } else if piece.is_continued {
            if !std::mem::replace(&mut self.is_torn, true) {
                self.flaws.push(Flaw::Torn { start: piece.start });
            }
            self.add(index, Level::Paragraph, "续");
        } else if let Some(name) = tables::attachment(piece.text) {
            self.begin_part(name);
            self.enter_body();
            self.add(index, Level::Table, "表");
        } else if tables::goes_on(self.units.last(), self.pieces, index)
            || self.goes_on(index, piece)
        {
            // Belongs to the unit before it.
            self.reconsider_heading(index);
        } else if signs::is_file(piece.text) && piece.mark.is_none() || self.lists_files(index) {
            self.add(index, Level::AttachmentList, "附件说明");
        } else if let Some(name) = self.attachment_name(piece.text) {
            self.begin_part(name);
            self.add(index, Level::Attachment, "标题");
        } else if tables::is_row(piece.text) {
            self.enter_body();
            self.add(index, Level::Table, "表");
        } else if signs::signs_attachments(piece.text) {
            self.add(index, Level::AttachmentList, "附件说明");
        } else if let Some(mark) = &piece.mark {
            self.take_marked(index, mark);
        } else {
            self.take_unmarked(index, piece.text, ahead);
        }
    }

    /// Lines of one kind are one unit.
    fn take_frame(&mut self, index: usize, frame: Frame) {
        let before = index.checked_sub(1).and_then(|before| self.frames.get(&before));
        if before == Some(&frame) {
            return;
        }
        match frame {
            Frame::Head | Frame::Imprint => self.add(index, Level::Note, "附注"),
            Frame::Signature => self.add(index, Level::Signer, "署名"),
            Frame::Date => {
                self.zone = Zone::Closed;
                self.add(index, Level::Date, "成文日期");
            }
        }
    }

    /// Whether this line is who signs: near the date that ends a text, or above the one that stands
    /// under a title.
    fn is_signature(&self, index: usize, plain: &str, ahead: Ahead) -> bool {
        let next = self.pieces.get(index + 1);
        let is_near_date = match self.zone {
            // Sites put who issued it between their own heading and the title; minutes and bulletins put
            // it with the day below their number.
            Zone::Head => {
                let is_dated = |next: &Piece<'_>| {
                    signs::is_head_date(next.text)
                        || self.repeats_title(next.text)
                        || (super::dates::read(next.text).is_some()
                            && self.pieces.len() > index + 2)
                };
                self.has_title
                    && (signs::is_person(plain)
                        || next.is_some_and(is_dated)
                        || self.is_signed_in_attachment(index))
            }
            Zone::Body | Zone::Closed => ahead.date_in.is_some_and(|count| count <= 8),
        };
        is_near_date && signs::is_signer(plain)
    }

    /// Whether this is what a field of a catalogue holds, on a line of its own: 发文机构： above it.
    fn is_value(&self, index: usize, plain: &str) -> bool {
        let above = index.checked_sub(1).and_then(|above| self.pieces.get(above));
        self.zone == Zone::Head
            && above.is_some_and(|above| signs::is_empty_label(strip_signs(above.text)))
            && !signs::is_whole_title(plain)
    }

    /// Whether a note begins with this line: （2027年1月6日示例省人民政府 above 第2次会议通过）, and who printed it
    /// above the day 印发.
    fn is_part_of_note(&self, index: usize, plain: &str) -> bool {
        let Some(next) = self.pieces.get(index + 1) else { return false };
        match self.zone {
            Zone::Head => signs::begins_history(plain, next.text),
            Zone::Body | Zone::Closed => {
                signs::is_printed(strip_signs(next.text)) && signs::is_signer(plain)
            }
        }
    }

    /// Whether a line is the title that this part bears already.
    fn repeats_title(&self, text: &str) -> bool {
        let first = self.title.as_ref();
        signs::is_whole_title(text) && first.is_some_and(|first| first.starts_with(&bare(text)))
    }

    /// 关于印发《甲办法》 above 《乙办法》的通知: one title that names two.
    fn lists_titles(&self, index: usize, text: &str) -> bool {
        let above = index.checked_sub(1).and_then(|above| self.pieces.get(above));
        let above = above.map_or("", |above| above.text.trim_end_matches('*'));
        let is_led = ["印发《", "公布《", "发布《"].iter().any(|word| above.contains(word));
        is_led && above.ends_with('》') && strip_signs(text).starts_with('《')
    }

    /// Whether a line begins with the body's name that stands above as a title: the title begins anew.
    fn begins_with_title(&self, text: &str) -> bool {
        let first = self.title.as_ref().filter(|first| signs::is_agency(first));
        first.is_some_and(|first| {
            bare(strip_signs(text))
                .strip_prefix(first.as_str())
                .is_some_and(|rest| !rest.is_empty())
        })
    }

    /// Whether the text itself is over: behind its date, or within an attachment.
    fn is_behind_text(&self) -> bool {
        self.zone == Zone::Closed || self.part.as_ref().is_some_and(|part| part.starts_with('附'))
    }

    /// The attachment that a line begins, if it begins one.
    fn attachment_name(&self, text: &str) -> Option<String> {
        signs::attachment_name(text, self.is_behind_text())
    }

    /// Whether this is 附件： before the names of files, which hold nothing of the attachments.
    fn lists_files(&self, index: usize) -> bool {
        let [piece, next] = [index, index + 1].map(|index| self.pieces.get(index));
        let opens = piece.is_some_and(|piece| signs::attachment_name(piece.text, true).is_some());
        opens && next.is_some_and(|next| signs::is_file(next.text))
    }

    /// Items of an attachment list go on with it; a title can take several lines.
    fn goes_on(&self, index: usize, piece: &Piece<'_>) -> bool {
        let Some(last) = self.units.last() else { return false };
        let is_item = piece.mark.as_ref().is_some_and(|mark| mark.level == Level::Third);
        match last.level {
            Level::AttachmentList => {
                is_item || signs::is_file(piece.text) || signs::lists_attachment(piece.text)
            }
            Level::Note => {
                let before = index.checked_sub(1).and_then(|before| self.pieces.get(before));
                self.zone == Zone::Head
                    && before.is_some_and(|before| signs::begins_history(before.text, piece.text))
            }
            Level::Title => {
                self.zone == Zone::Head
                    && piece.mark.is_none()
                    && (!last.is_whole_title || self.lists_titles(index, piece.text))
                    && piece.start - last.start < TITLE_MAX
                    && heading_depth(piece.text) == 0
                    && (signs::is_title_line(piece.text) || signs::is_order_sign(piece.text))
                    && signs::whole_number(piece.text).is_none()
                    && !signs::is_note(piece.text)
                    && !signs::is_above_title(piece.text)
                    && !signs::is_told_where(piece.text)
                    && !signs::is_person(piece.text)
                    && !self.begins_with_title(piece.text)
                    && !tables::is_row(piece.text)
                    && self.attachment_name(piece.text).is_none()
                    && !self.is_signed_in_attachment(index)
            }
            level if level == Level::Paragraph || level.is_structural() => {
                self.zone == Zone::Body
                    && (piece.is_wrapped || piece.is_quoted || self.is_asked_below(index, piece))
            }
            _ => false,
        }
    }

    /// Whether this line is what Q on a line of its own asks.
    fn is_asked_below(&self, index: usize, piece: &Piece<'_>) -> bool {
        let above = index.checked_sub(1).and_then(|above| self.pieces.get(above));
        let is_open = above.is_some_and(|above| {
            above.mark.as_ref().is_some_and(|mark| mark.level == Level::Question)
                && above.body().is_empty()
        });
        is_open && piece.mark.is_none() && piece.text.trim_end_matches('*').ends_with(['？', '?'])
    }

    fn take_unmarked(&mut self, index: usize, text: &str, ahead: Ahead) {
        let plain = signs::without_entities(strip_signs(text).trim_end_matches('*')).trim();
        // Slots stand where what fills them will stand.
        let is_slot = |slot: Slot| plain == slot.mark();
        let number = signs::whole_number(plain)
            .or_else(|| signs::labelled_number(plain))
            .filter(|_| self.zone != Zone::Body);
        if number.is_some() || is_slot(Slot::Number) {
            self.add(index, Level::Number, "文号");
            if let Some(unit) = self.units.last_mut() {
                unit.number = number;
            }
        } else if super::dates::read(plain).is_some() || is_slot(Slot::WrittenOn) {
            if self.zone == Zone::Body {
                self.zone = Zone::Closed;
            }
            self.add(index, Level::Date, "成文日期");
        } else if self.is_signature(index, plain, ahead) {
            self.add(index, Level::Signer, "署名");
        } else if self.zone == Zone::Head && signs::is_head_date(plain) {
            self.add(index, Level::Date, "成文日期");
        } else if signs::is_note(plain)
            || (self.zone == Zone::Head && signs::is_history(plain))
            || (self.zone == Zone::Head && signs::is_above_title(plain))
            || (self.zone == Zone::Head && signs::is_told_where(plain))
            || self.is_value(index, plain)
            || self.is_part_of_note(index, plain)
        {
            self.add(index, Level::Note, "附注");
        } else if self.is_last_heading(text, plain) {
            self.take_last_heading(index);
        } else if heading_depth(text) > 1 && !self.is_first_title(plain) {
            self.take_heading(index, heading_depth(text), plain);
        } else if self.begins_document(text, plain, ahead) {
            if self.zone != Zone::Head {
                self.parts_count += 1;
                self.begin_part(format!("附文{}", self.parts_count));
            }
            self.title.get_or_insert_with(|| bare(plain));
            self.add(index, Level::Title, "标题");
        } else if self.zone == Zone::Head && signs::is_addressee(plain) {
            self.add(index, Level::Addressee, "主送");
        } else if let Some(name) = self.plain_heading(index, plain) {
            self.take_plain_heading(index, &name);
        } else {
            self.take_paragraph(index, plain, ahead);
        }
    }

    /// Whether a heading of whatever depth is the title of the text: it stands above all else.
    fn is_first_title(&self, plain: &str) -> bool {
        self.units.is_empty() && signs::is_title_line(plain) && signs::is_whole_title(plain)
    }

    /// Whether this line is the title of a document: at the head, after the date of the one before,
    /// or where numbering begins anew.
    fn begins_document(&self, text: &str, plain: &str, ahead: Ahead) -> bool {
        if !signs::is_title_line(plain) {
            return false;
        }
        match self.zone {
            Zone::Head => {
                // 某府办 above 某府办关于印发: a title of several lines below a red head without 文件.
                heading_depth(text) == 1
                    || !self.has_title
                    || signs::is_whole_title(plain)
                    || (plain.contains("关于") && self.begins_with_title(plain))
            }
            Zone::Closed => true,
            Zone::Body => {
                let restarts = ahead.next_mark.is_some_and(|(level, number)| {
                    number == 1
                        && matches!(level, Level::Chapter | Level::Article | Level::First)
                        && self.last_numbers.contains_key(&(level.rank(), 0))
                });
                // 关于印发《甲》的通知, then 甲 itself.
                let is_named = ahead.next_mark.is_some_and(|(_, number)| number == 1)
                    && signs::is_whole_title(plain)
                    && self.quotes(plain);
                (restarts || is_named) && !self.is_at_heading()
            }
        }
    }

    /// Whether the text quotes this title.
    fn quotes(&self, title: &str) -> bool {
        let titles = || self.pieces.iter().flat_map(|piece| quoted_titles(piece.text)).collect();
        self.quoted.get_or_init(titles).contains(&bare(title))
    }

    fn take_marked(&mut self, index: usize, mark: &Mark) {
        // A document without a title begins after the date of the one around it.
        if self.zone == Zone::Closed && mark.number == 1 {
            self.parts_count += 1;
            self.begin_part(format!("附文{}", self.parts_count));
        }
        self.enter_body();
        let rank = self.rank_of(mark);
        self.close_decimals(mark, rank);
        self.note_number(index, mark, rank);
        let name = match mark.level {
            Level::Question => {
                self.questions += 1;
                format!("问{}", self.questions)
            }
            _ => mark.name.clone(),
        };
        self.open_unit(index, rank, mark.level, name);
        let body = self.pieces.get(index).map(Piece::body).unwrap_or_default();
        let is_caption = body.starts_with(['（', '('])
            && body.ends_with(['）', ')'])
            && body.chars().count() < 30;
        let is_title = is_title(body, body.chars().count());
        let is_heading =
            body.is_empty() || is_caption || (mark.level != Level::Article && is_title);
        self.paragraphs = u32::from(!is_heading);
        if mark.level == Level::Article {
            self.article_paragraphs = self.paragraphs;
        }
        self.list.note_mark(mark.level, is_heading);
        if let Some(unit) = self.units.last_mut() {
            unit.is_heading = is_heading;
        }
    }

    fn enter_body(&mut self) {
        self.zone = Zone::Body;
    }

    fn begin_part(&mut self, name: String) {
        self.part = Some(name);
        self.has_title = false;
        self.title = None;
        self.zone = Zone::Head;
        self.open.clear();
        self.paragraphs = 0;
        self.last_numbers.clear();
        self.below_decimals.clear();
        self.list = paragraphs::List::default();
    }
}

fn quoted_titles(text: &str) -> impl Iterator<Item = String> {
    let titles = text.match_indices('《').filter_map(|(at, _)| title_at(text.get(at..)?));
    titles.map(|(title, _)| bare(title))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether what stands behind a mark, or the last line of it, is a title: short, no sentence.
fn is_title(text: &str, count: usize) -> bool {
    count <= 50 && (!ends_sentence(text) || text.trim_end_matches('*').ends_with(['？', '?']))
}
