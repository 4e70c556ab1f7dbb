//! Numbers spelled in Chinese numerals, one by one: 一三八〇〇一三八〇〇〇, or set apart digit by digit:
//! 1、3、8、0、0、1、3、8、0、0、0. Only as a whole: years, ordinals and figures are shorter.

use super::{
    Doubt, Hit, checks, numbers,
    runs::{chinese_digit, is_dash, is_hidden, sign_of},
};
use crate::codes;

/// Blanks and dashes between two numerals at most.
const GAP_MAX: usize = 2;
/// Characters before a number that may say what it is.
const LABEL_MAX: usize = 12;
/// Numerals before a number that are part of a name perhaps: 张三一三八……
const BEFORE_MAX: usize = 2;

/// Numerals that stand together.
#[derive(Default)]
struct Spelled {
    digits: String,
    /// Where each of them begins.
    starts: Vec<usize>,
    end: usize,
    is_chinese: bool,
    gap: usize,
    /// Signs between them, one at most between two.
    signs: usize,
    has_sign: bool,
}

/// Mobile numbers and ID cards in Chinese numerals, mixed with others perhaps. Commas may part them unless they
/// part cells.
pub(super) fn find(text: &str, has_commas: bool) -> Vec<Hit> {
    let is_sign = |c: char| matches!(c, '、' | '·' | '・' | '，') || (c == ',' && has_commas);
    let mut hits = vec![];
    let mut open = Spelled::default();
    for (at, c) in text.char_indices() {
        // Most of a text is no number.
        if (open.digits.is_empty() && is_word(c)) || is_hidden(c) {
            continue;
        }
        let sign = sign_of(c).filter(|sign| sign.is_ascii_digit() || *sign == 'X');
        if open.digits.is_empty() && sign.is_none() {
            continue;
        }
        if let Some(sign) = sign {
            open.digits.push(sign);
            open.starts.push(at);
            open.end = at + c.len_utf8();
            open.is_chinese |= chinese_digit(c).is_some();
            (open.gap, open.has_sign) = (0, false);
        } else if is_sign(c) && !open.has_sign {
            open.has_sign = true;
            open.signs += 1;
        } else if (c.is_whitespace() && c != '\n' || is_dash(c)) && open.gap < GAP_MAX {
            open.gap += 1;
        } else {
            hits.extend(std::mem::take(&mut open).hit(text, c));
        }
    }
    hits.extend(open.hit(text, '\n'));
    hits
}

/// Whether it is certainly no digit: most characters that there are.
fn is_word(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => chinese_digit(c).is_none(),
        // 、。《》（），：；
        '\n' | '\u{3001}'..='\u{3006}' | '\u{3008}'..='\u{3020}' => true,
        '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' => true,
        _ => false,
    }
}

impl Spelled {
    /// What it is, given the character after it.
    fn hit(self, text: &str, after: char) -> Option<Hit> {
        let count = self.digits.len();
        // Signs part every digit from the next, or there are none: 2026、2027 are years.
        let is_parted = self.signs > 0 && self.signs - usize::from(self.has_sign) + 1 == count;
        let is_spelled = self.is_chinese && self.signs == usize::from(self.has_sign);
        if !(is_spelled || is_parted) || "十百千万亿年月日点".contains(after) {
            return None;
        }
        let ends_in = |length: usize| self.digits.get(count.checked_sub(length)?..);
        let (code, length) = if ends_in(18).is_some_and(checks::is_id_card) {
            (&codes::ID_CARD, 18)
        } else if ends_in(11).is_some_and(checks::is_mobile) {
            (&codes::MOBILE, 11)
        } else {
            return None;
        };
        let before = count - length;
        let range = *self.starts.get(before)?..self.end;
        let raw = text.get(range.clone()).filter(|_| before <= BEFORE_MAX)?;
        let words: String = text.get(..range.start)?.chars().rev().take(LABEL_MAX).collect();
        let says = |label: &str| words.contains(&label.chars().rev().collect::<String>());
        let is_said = code.id == codes::ID_CARD.id || numbers::PHONES.iter().any(|l| says(l));
        let doubt = (is_parted && !is_said).then_some(Doubt::Likeness);
        Some(Hit::new(code, range, raw).doubted(doubt))
    }
}
