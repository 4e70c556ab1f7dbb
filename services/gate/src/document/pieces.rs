//! Cuts a text into pieces, one for each line, and finds what stands in mid-line: units of joined
//! paragraphs, a signature behind the last clause, page numbers (DOMAIN §3.1, §3.5).

mod decimals;
mod pages;
mod quoted;
mod run_in;

use super::{
    dates,
    mark::{self, Level, Mark, strip_signs},
    numerals, signs,
    words::first_chars,
    wrap::{self, Broken},
};

pub(super) use pages::is_page_number;

/// A piece of the text: from `start` to the next piece's start.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that the cut knows")]
pub(super) struct Piece<'t> {
    /// Byte offset in the text.
    pub start: usize,
    /// Without the blanks around it.
    pub text: &'t str,
    /// The mark that opens it.
    pub mark: Option<Mark>,
    /// What the cut already knows of it.
    pub is_noise: bool,
    /// Whether it goes on with the sentence before a page number.
    pub is_continued: bool,
    /// Whether its line goes on with the one before, which was broken for its width.
    pub is_wrapped: bool,
    /// Whether it is a part of what the piece before it quotes.
    pub is_quoted: bool,
}

/// The highest number so far of each level that is cut out of lines.
#[derive(Debug, Default)]
struct Sequence {
    chapter: u32,
    section: u32,
    article: u32,
    first: u32,
    /// Whether a question is the last that was marked: A. below it begins the answer.
    is_asked: bool,
}

impl Sequence {
    fn of(&mut self, level: Level) -> Option<&mut u32> {
        match level {
            Level::Chapter => Some(&mut self.chapter),
            Level::Section => Some(&mut self.section),
            Level::Article => Some(&mut self.article),
            Level::First => Some(&mut self.first),
            _ => None,
        }
    }

    /// Whether a mark follows the one before it; the first of all follows nothing. 第十条之一 follows
    /// 第十条.
    fn expects(&mut self, mark: &Mark) -> bool {
        let step = u32::from(!mark.name.contains('之'));
        self.of(mark.level).is_some_and(|last| mark.number == *last + step)
    }

    fn note(&mut self, mark: &Mark) {
        self.is_asked = mark.level == Level::Question;
        match mark.level {
            Level::Chapter => self.section = 0,
            Level::Title | Level::Part => *self = Self::default(),
            _ => {}
        }
        if let Some(last) = self.of(mark.level) {
            *last = mark.number;
        }
    }
}

/// The pieces of a text, in order, covering it from the first that is not blank.
pub(super) fn cut(text: &str) -> Vec<Piece<'_>> {
    let lines = lines(text);
    let pages = pages::are_pages(&lines);
    let wrapped = wrap::find(&lines);
    let mut sequence = Sequence::default();
    let mut pieces = vec![];
    for (index, ((start, line), is_wrapped)) in lines.into_iter().zip(wrapped).enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if pages::is_noise(line) {
            pieces.push(Piece::noise(start, line));
            continue;
        }
        let (start, line) = if pages {
            let len = mark::find(line).map_or(0, |mark| mark.len);
            let (number, rest) = line.split_at_checked(len).unwrap_or(("", line));
            pieces.push(Piece::noise(start, number));
            (start + len, rest)
        } else {
            (start, line)
        };
        let (start, line) = if pieces.is_empty() {
            let body = cut_head(start, line, &mut pieces);
            (start + body, line.get(body..).unwrap_or_default())
        } else {
            (start, line)
        };
        let is_continued = pages && index > 0 || is_wrapped == Some(Broken::Page);
        let is_wrapped = is_wrapped == Some(Broken::Width);
        let before = pieces.len();
        let mark = opening_mark(line, is_wrapped, &mut sequence);
        cut_line(start, line, mark, &mut sequence, &mut pieces);
        if let Some(first) = pieces.get_mut(before).filter(|piece| piece.mark.is_none()) {
            first.is_continued = is_continued;
            first.is_wrapped = is_wrapped;
        }
    }
    quoted::mark(&mut pieces);
    decimals::settle(&mut pieces);
    pieces
}

/// Every line with its offset, its end not included.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let at = start;
            start += line.len();
            (at, line)
        })
        .collect()
}

/// `关于甲的批复 示函〔2025〕1号 某市人民政府：…` in one line: adds title, number and addressees, and says
/// where the text begins.
fn cut_head<'t>(start: usize, line: &'t str, pieces: &mut Vec<Piece<'t>>) -> usize {
    let numbers = signs::find_numbers(first_chars(line, 200));
    let Some(number) = numbers.first() else { return cut_title(start, line, pieces) };
    let title = line.get(..number.start).unwrap_or_default();
    let after = line.get(number.end..).unwrap_or_default();
    if !signs::is_title_line(title.trim())
        || !signs::is_whole_title(title)
        || after.trim().is_empty()
    {
        return 0;
    }
    let addressed = first_chars(after, 120).find(['：', ':']).map_or(0, |at| {
        at + after.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    });
    let addressees = after.get(..addressed).filter(|names| signs::is_addressee(names));
    let addressees = addressees.unwrap_or_default();
    let number_text = line.get(number.start..number.end).unwrap_or_default();
    for (at, text) in [(0, title), (number.start, number_text), (number.end, addressees)] {
        if !text.trim().is_empty() {
            pieces.push(Piece::new(start + at, text.trim()));
        }
    }
    number.end + addressees.len()
}

/// 某局关于甲的通告 为加强乙，现通告如下：…: adds the title, and says where the text begins.
fn cut_title<'t>(start: usize, line: &'t str, pieces: &mut Vec<Piece<'t>>) -> usize {
    const TITLE_MAX: usize = 80;
    let head = first_chars(line, TITLE_MAX);
    let ends = head.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let is_title = |at: &usize| {
        let (title, rest) = line.split_at_checked(*at).unwrap_or_default();
        title.contains("关于")
            && signs::is_title_line(title.trim())
            && signs::is_whole_title(title)
            && rest.contains(['。', '；'])
    };
    let Some(end) = ends.into_iter().find(is_title) else { return 0 };
    pieces.push(Piece::new(start, line.get(..end).unwrap_or_default().trim()));
    end
}

/// Cuts one line that opens with `mark` and adds what it holds.
fn cut_line<'t>(
    start: usize,
    line: &'t str,
    mark: Option<Mark>,
    sequence: &mut Sequence,
    pieces: &mut Vec<Piece<'t>>,
) {
    let mut cuts = vec![(0, mark)];
    let is_carried = line.trim_start().starts_with(['|', '<']);
    if !is_carried {
        find_inner_marks(line, sequence, &mut cuts);
    }
    let tail = if is_carried { None } else { find_tail(line) };
    let mut ends = cuts.iter().skip(1).map(|(at, _)| *at).collect::<Vec<_>>();
    ends.push(tail.as_ref().map_or(line.len(), |tail| tail.at));
    for ((from, mark), to) in cuts.into_iter().zip(ends) {
        let text = line.get(from..to).unwrap_or_default().trim();
        // A line can be a signature from its start.
        if text.is_empty() {
            continue;
        }
        pieces.push(Piece { mark, ..Piece::new(start + from, text) });
    }
    if let Some(tail) = tail {
        pieces.extend(tail.parts.into_iter().map(|(at, is_noise)| {
            let to = line.len();
            let text = line.get(at..to).unwrap_or_default().trim();
            Piece { is_noise, ..Piece::new(start + at, text) }
        }));
        // A signature ends where its date begins.
        let count = pieces.len();
        if let Some([signer, date]) = pieces.get_mut(count.saturating_sub(2)..)
            && !date.is_noise
            && signer.start >= start + tail.at
        {
            let text = line.get(signer.start - start..date.start - start).unwrap_or_default();
            signer.text = text.trim();
        }
    }
}

/// The mark at a line's start. 第六条规定的… in a wrapped line refers; it opens nothing.
fn opening_mark(line: &str, is_wrapped: bool, sequence: &mut Sequence) -> Option<Mark> {
    // Q may stand on a line of its own above what it asks.
    let is_asked = sequence.is_asked;
    sequence.is_asked &= line.trim_end().ends_with(['？', '?']);
    let mark = mark::find(line)?;
    let after = line.get(mark.len..).unwrap_or_default();
    let is_answer = matches!(mark.name.as_str(), "A" | "a") && is_asked;
    if is_answer && mark::answer(strip_signs(line)).is_some() {
        return None;
    }
    if is_wrapped && (mark.level != Level::Article || !after.starts_with(char::is_whitespace)) {
        return None;
    }
    if mark.level == Level::Article {
        let is_set_off = after.trim_end_matches(['\n', '\r']).is_empty()
            || after.starts_with(|c: char| c.is_whitespace() || matches!(c, '（' | '(' | '【'));
        let is_near = (sequence.article..=sequence.article + 3).contains(&mark.number);
        let goes_on = ["至", "、", "和", "或", "的", "与", "及", "规定", "第"]
            .iter()
            .any(|word| after.starts_with(word));
        if goes_on || !is_set_off && !is_near && mark.number != 1 {
            return None;
        }
    }
    sequence.note(&mark);
    Some(mark)
}

/// Marks within a line of joined paragraphs: the next number of its level, after the end of a
/// sentence or a heading.
fn find_inner_marks(line: &str, sequence: &mut Sequence, cuts: &mut Vec<(usize, Option<Mark>)>) {
    let opens_heading = |(_, mark): &(usize, Option<Mark>)| {
        mark.as_ref().is_some_and(|mark| mark.level <= Level::Section)
    };
    let items = run_in::find(line, cuts.first().and_then(|(_, mark)| mark.as_ref()));
    let mut items = items.into_iter().peekable();
    let quoted = quoted::ranges(line);
    let mut since_heading = if cuts.iter().any(opens_heading) { 0 } else { usize::MAX };
    let (mut before, mut last_solid) = (None, None);
    // Behind the mark that opens the line.
    let mut begin = cuts.first().and_then(|(_, mark)| mark.as_ref()).map_or(0, |mark| mark.len);
    for (at, c) in line.char_indices() {
        if let Some((at, mark)) = items.next_if(|(item, _)| *item == at) {
            begin = at + mark.len;
            cuts.push((at, Some(mark)));
        }
        if at >= begin
            && last_solid.is_some()
            && let Some(mark) = inner_mark(line, at, c, before)
            && !quoted::is_within(&quoted, at)
        {
            let rest = line.get(at + mark.len..).unwrap_or_default();
            let is_after_end = last_solid
                .is_some_and(|c| matches!(c, '。' | '：' | ':' | '；' | ';' | '”' | '？' | '！'));
            let is_after_blank = before.is_some_and(char::is_whitespace);
            let is_set_off = rest.starts_with(char::is_whitespace);
            let opens = match mark.level {
                Level::Question => is_after_end || is_after_blank,
                Level::Chapter | Level::Section => {
                    (is_set_off && (is_after_end || is_after_blank || mark.number == 1))
                        || is_before_article(rest, sequence.article + 1)
                }
                Level::Article => is_after_end || since_heading < 20,
                Level::First => is_after_end,
                _ => false,
            };
            if opens && (mark.level == Level::Question || sequence.expects(&mark)) {
                since_heading = if mark.level <= Level::Section { 0 } else { usize::MAX };
                sequence.note(&mark);
                begin = at + mark.len;
                cuts.push((at, Some(mark)));
            }
        }
        since_heading = since_heading.saturating_add(1);
        before = Some(c);
        // Some carriers leave signs of their own where a paragraph ended.
        if !c.is_whitespace() && !matches!(c, '\u{e000}'..='\u{f8ff}') {
            last_solid = Some(c);
        }
    }
}

/// The mark at byte `at` of a line, where one can begin there.
fn inner_mark(line: &str, at: usize, c: char, before: Option<char>) -> Option<Mark> {
    let can_begin = match c {
        '第' | '问' | '记' | '【' => true,
        c if c.is_ascii_digit() => !before.is_some_and(|c| c.is_ascii_digit()),
        c => numerals::is_numeral(c),
    };
    let mark = line.get(at..).filter(|_| can_begin).and_then(mark::find)?;
    let is_asked = mark.level == Level::Question;
    // Question marks without a stop stand at the start of a line alone.
    let is_stopped = line.get(..at + mark.len)?.ends_with(['：', ':', '、', '.', '．', '】']);
    (if is_asked { is_stopped } else { !c.is_ascii_digit() }).then_some(mark)
}

/// `总则第一条…`: the heading of a chapter, with its first article right behind.
fn is_before_article(rest: &str, number: u32) -> bool {
    let near: String = rest.chars().take(24).collect();
    near.contains(&format!("第{}条", numerals::chinese(number)))
}

/// What stands behind a line's last sentence and is no part of it.
struct Tail {
    at: usize,
    /// Offset and whether it is noise.
    parts: Vec<(usize, bool)>,
}

/// `…施行。财政部2016 年 10 月 14 日`, `…16.76%。 1 / 4`; the signature may have the line for itself.
fn find_tail(line: &str) -> Option<Tail> {
    let end = line.rfind('。').map_or(0, |at| at + '。'.len_utf8());
    let rest = line.get(end..)?;
    let text = rest.trim();
    if text.is_empty() || text.chars().count() > 120 {
        return None;
    }
    if end > 0 && is_page_number(text) {
        return Some(Tail { at: end, parts: vec![(end, true)] });
    }
    let date = dates::find(rest).into_iter().next_back()?;
    let signer = rest.get(..date.start)?.trim();
    let is_signed =
        rest.get(date.end..)?.trim().is_empty() && !signer.is_empty() && signs::is_signer(signer);
    is_signed.then(|| Tail { at: end, parts: vec![(end, false), (end + date.start, false)] })
}

/// Whether a text ends as sentences do.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(['”', '’', '）', ')', '*', '」', '』']);
    text.ends_with(['。', '；', ';', '！', '？', '：', ':', '…'])
}

impl<'t> Piece<'t> {
    fn new(start: usize, text: &'t str) -> Self {
        let [is_noise, is_continued, is_wrapped, is_quoted] = [false; 4];
        Self { start, text, mark: None, is_noise, is_continued, is_wrapped, is_quoted }
    }

    fn noise(start: usize, text: &'t str) -> Self {
        Self { is_noise: true, ..Self::new(start, text.trim()) }
    }

    /// What it says behind its mark.
    pub(super) fn body(&self) -> &'t str {
        let Some(mark) = mark::find(self.text).filter(|_| self.mark.is_some()) else {
            return strip_signs(self.text);
        };
        self.text.get(mark.len..).unwrap_or_default().trim()
    }
}
