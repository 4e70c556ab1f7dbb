//! Headings without a mark, as interpretations for readers have them: 就医优惠 above what it is; and what
//! groups clauses: 第二组（第5条、第6条）是….

use std::collections::HashSet;

use super::{
    super::{
        mark::{Level, prefix_len},
        numerals::is_numeral,
        pieces::{Piece, ends_sentence},
        signs, tables,
        words::first_chars,
    },
    Builder, Zone,
};

/// Characters of such a heading at most, and of the paragraph under it at least.
const HEADING_MAX: usize = 20;
const PARAGRAPH_MIN: usize = 30;
/// Headings that make a text one that has them.
const HEADINGS_MIN: usize = 2;

/// The lines that are headings though nothing marks them: short, no sentence, above a paragraph; only where
/// nothing else divides the text.
pub(super) fn find_plain(pieces: &[Piece<'_>]) -> HashSet<usize> {
    let is_divided = pieces.iter().any(|piece| {
        let is_wide = piece.mark.as_ref().is_some_and(|mark| mark.level <= Level::Second);
        is_wide || super::heading_depth(piece.text) > 1
    });
    if is_divided {
        return HashSet::new();
    }
    let is_paragraph = |piece: &Piece<'_>| {
        piece.text.chars().nth(PARAGRAPH_MIN).is_some() && ends_sentence(piece.text)
    };
    let found: HashSet<usize> = (0..pieces.len())
        .filter(|index| {
            let Some([piece, next @ ..]) = pieces.get(*index..) else { return false };
            let below = match next {
                [first, second, ..] if is_title(first) => Some(second),
                [first, ..] => Some(first),
                [] => None,
            };
            is_title(piece) && below.is_some_and(is_paragraph)
        })
        .collect();
    if found.len() < HEADINGS_MIN { HashSet::new() } else { found }
}

/// Whether a line can be such a heading.
fn is_title(piece: &Piece<'_>) -> bool {
    let text = super::strip_signs(piece.text);
    piece.mark.is_none()
        && !(piece.is_noise || piece.is_continued || piece.is_wrapped || piece.is_quoted)
        && (2..=HEADING_MAX).contains(&text.chars().count())
        && (!ends_sentence(text) || text.ends_with(['？', '?', '：', ':']))
        && !text.starts_with(['（', '(', '●'])
        && !signs::is_addressee(text)
        && !tables::is_row(text)
}

impl Builder<'_, '_> {
    /// What looked like a heading is none where its line was but broken for its width.
    pub(super) fn reconsider_heading(&mut self, index: usize) {
        let Some((unit, piece)) = self.units.last_mut().zip(self.pieces.get(index)) else { return };
        let before = index.checked_sub(1).and_then(|before| self.pieces.get(before));
        let count = before.map_or(0, |before| before.body().chars().count());
        if unit.is_heading && !super::is_title(piece.text, count + piece.text.chars().count()) {
            unit.is_heading = false;
            self.paragraphs = 1;
        }
    }

    /// Whether the unit before is a heading whose text follows.
    pub(super) fn is_at_heading(&self) -> bool {
        self.units.last().is_some_and(|unit| unit.level.is_structural() && unit.is_heading)
    }

    pub(super) fn take_heading(&mut self, index: usize, depth: usize, text: &str) {
        self.enter_body();
        let rank = (Level::Heading.rank(), u8::try_from(depth).unwrap_or(u8::MAX));
        let name: String = text.chars().take(20).collect();
        self.open_unit(index, rank, Level::Heading, name);
        self.paragraphs = 0;
    }

    /// Whether this line is 附则 without a number, on the level of the chapters before it. Markdown's own headings
    /// say how wide they are, where no chapters do.
    pub(super) fn is_last_heading(&self, text: &str, plain: &str) -> bool {
        let has_chapters = self.open.iter().any(|open| open.level <= Level::Chapter);
        self.zone == Zone::Body
            && tables::is_last_heading(plain)
            && (has_chapters || super::heading_depth(text) == 0)
    }

    pub(super) fn take_last_heading(&mut self, index: usize) {
        self.open.clear();
        let rank = (Level::Chapter.rank(), 0);
        self.open_unit(index, rank, Level::Heading, "附则".to_owned());
        self.paragraphs = 0;
    }

    /// What the heading is called that this line is, if it is one.
    pub(super) fn plain_heading(&self, index: usize, plain: &str) -> Option<String> {
        if self.zone != Zone::Body {
            return None;
        }
        let is_found = self.plain_headings.contains(&index);
        let heading = is_found.then(|| plain.trim_end_matches(['：', ':']).to_owned());
        heading.or_else(|| self.group(index, plain))
    }

    /// 第二组（第5条、第6条）是…, above the first clause of the group.
    fn group(&self, index: usize, plain: &str) -> Option<String> {
        let next = self.pieces.get(index + 1)?.mark.as_ref()?;
        let number = plain.strip_prefix('第')?;
        let len = prefix_len(number, is_numeral);
        let behind = number.get(len..)?.strip_prefix('组').filter(|_| len > 0)?;
        let is_group = next.level == Level::Article && behind.starts_with(['（', '(']);
        is_group.then(|| {
            first_chars(plain, 2 + number.get(..len).unwrap_or_default().chars().count()).to_owned()
        })
    }

    /// A heading right below another one is narrower.
    pub(super) fn take_plain_heading(&mut self, index: usize, name: &str) {
        let is_below = self.units.last().is_some_and(|unit| unit.level == Level::Heading)
            && index.checked_sub(1).is_some_and(|above| self.plain_headings.contains(&above));
        self.take_heading(index, if is_below { 3 } else { 2 }, name);
    }
}
