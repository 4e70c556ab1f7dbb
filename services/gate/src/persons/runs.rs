//! Runs of digits as people and programs write them: broken by spaces, dashes and line ends, in
//! full-width forms, with characters between that do not show.

use std::ops::Range;

use super::MASK;

/// Digits that stand together, and where.
#[derive(Debug)]
pub(super) struct Group {
    /// ASCII digits; an `X` may end them.
    pub(super) digits: String,
    pub(super) range: Range<usize>,
    /// What stands between the group before and this one.
    pub(super) gap: Gap,
    /// Its digits are raised, lowered, circled or mathematical: a note's sign is no part of the number
    /// before it.
    is_odd: bool,
}

/// What stands between two groups.
#[derive(Debug, Default, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each says of what was met that it was")]
pub(super) struct Gap {
    length: usize,
    pub(super) has_dash: bool,
    pub(super) has_line: bool,
    /// A point, stroke or bracket: these part figures and dates more often than they group a number.
    pub(super) has_point: bool,
    /// A tab: it parts the cells of a row.
    pub(super) has_tab: bool,
    has_star: bool,
    /// Asterisks, more than one.
    pub(super) has_stars: bool,
    /// The line that ends in it has words, so it may go on in the next. One of digits alone is a
    /// figure in a column.
    pub(super) is_wrapped: bool,
}

/// A wrapped line and its indentation are no longer.
const GAP_MAX: usize = 8;

impl Gap {
    /// Whether a number may still go on after this character.
    fn takes(&mut self, c: char, has_words: bool, wraps: bool) -> bool {
        self.length += 1;
        let fits = match c {
            '\n' => {
                self.is_wrapped = has_words;
                wraps && !std::mem::replace(&mut self.has_line, true)
            }
            c if is_dash(c) => !std::mem::replace(&mut self.has_dash, true),
            '*' if self.has_star => {
                self.has_stars = true;
                true
            }
            '.' | '·' | '/' | '(' | ')' | '_' | '~' | '*' | MASK | '•' | '・' | '‧' | '\'' => {
                self.has_star = c == '*';
                !std::mem::replace(&mut self.has_point, true)
            }
            c => {
                self.has_tab |= c == '\t';
                c.is_whitespace()
            }
        };
        fits && self.length <= GAP_MAX
    }
}

/// All runs of a text, in one pass.
pub(super) fn runs(text: &str, wraps: bool) -> Vec<Vec<Group>> {
    let mut runs = vec![];
    let mut run: Vec<Group> = vec![];
    let mut gap = Gap::default();
    let mut has_words = false;
    let mut end = 0;
    while let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
        let mut at = end;
        if run.is_empty() {
            // Most of a text is no number: what cannot begin one is passed over byte by byte.
            let length = rest.bytes().position(may_begin_digit).unwrap_or(rest.len());
            has_words = are_words(rest.get(..length).unwrap_or_default(), has_words);
            at += length;
        }
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        end = at + c.len_utf8();
        if is_hidden(c) {
            continue;
        }
        let is_odd = odd_digit(c).is_some();
        let c = odd_digit(c).unwrap_or_else(|| if c == MASK { c } else { fold(c) });
        if c.is_ascii_digit() || (matches!(c, 'X' | 'x') && !run.is_empty()) {
            let c = c.to_ascii_uppercase();
            if let Some(group) =
                run.last_mut().filter(|last| gap.length == 0 && last.is_odd == is_odd)
            {
                group.digits.push(c);
                group.range.end = end;
            } else {
                run.push(Group { digits: c.into(), range: at..end, gap, is_odd });
            }
            gap = Gap::default();
            continue;
        }
        if !run.is_empty() && !gap.takes(c, has_words, wraps) {
            runs.push(std::mem::take(&mut run));
            gap = Gap::default();
        }
        has_words = c != '\n' && (has_words || !(c.is_whitespace() || is_dash(c)));
    }
    runs.push(run);
    for run in &mut runs {
        run.retain(|group| !is_left_by_masking(text, group));
    }
    runs
}

/// Whether a character with this first byte may be a digit in one of its forms.
fn may_begin_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, 0xC2 | 0xE2 | 0xEF | 0xF0)
}

/// Whether the line has words where this part of the text ends, given whether it had some before.
fn are_words(part: &str, had_words: bool) -> bool {
    let line = part.rfind('\n').and_then(|at| part.get(at + 1..));
    let shows = |c: char| !(c.is_whitespace() || is_dash(c) || is_hidden(c));
    (line.is_none() && had_words) || line.unwrap_or(part).contains(shows)
}

/// What masking leaves of a number is no part of the next one.
fn is_left_by_masking(text: &str, group: &Group) -> bool {
    let before = text.get(..group.range.start).is_some_and(|text| text.ends_with(MASK));
    let after = text.get(group.range.end..).is_some_and(|text| text.starts_with(MASK));
    group.digits.len() <= 3 && (before || after)
}

/// Full-width forms as ASCII (U+FF01 to U+FF5E stand in the order of ASCII).
pub(crate) fn fold(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// The digit that a raised, lowered, circled or mathematical one stands for, as NFKC has it.
pub(super) fn odd_digit(c: char) -> Option<char> {
    let digit = match u32::from(c) {
        0xB9 => 1,
        code @ 0xB2..=0xB3 => code - 0xB0,
        code @ (0x2070 | 0x2074..=0x2079) => code - 0x2070,
        code @ 0x2080..=0x2089 => code - 0x2080,
        code @ 0x2460..=0x2468 => code - 0x245F,
        0x24EA => 0,
        code @ 0x1D7CE..=0x1D7FF => (code - 0x1D7CE) % 10,
        _ => return None,
    };
    char::from_digit(digit, 10)
}

/// The digit that a Chinese numeral stands for, in all the forms that numbers are read out in. Asked of every
/// character there is: no search.
pub(super) fn chinese_digit(c: char) -> Option<char> {
    Some(match c {
        '〇' | '○' | '零' | '◯' => '0',
        '一' | '壹' | '幺' => '1',
        '二' | '贰' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '玖' => '9',
        _ => return None,
    })
}

/// The letter or digit that a character of a number stands for, however it is written.
pub(super) fn sign_of(c: char) -> Option<char> {
    let sign = odd_digit(c).or_else(|| chinese_digit(c)).unwrap_or_else(|| fold(c));
    sign.is_ascii_alphanumeric().then(|| sign.to_ascii_uppercase())
}

/// Characters that do not show: general category Cf, variation selectors, fillers, and the zero bytes
/// of a UTF-16 that no mark tells.
pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c, '\0' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '−')
}
