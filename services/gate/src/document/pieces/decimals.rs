//! The widest level of decimal numbering: `1 总则` and `1. Scope` above `1.1`; and decimals without a blank
//! behind them, which only their neighbours tell from figures.

use super::{
    super::mark::{self, Level, Mark, is_glued, prefix_len},
    Piece, ends_sentence,
};

/// Gives the headings above decimals their level: those before an N.1, and those that count on.
pub(super) fn settle(pieces: &mut [Piece<'_>]) {
    drop_figures(pieces);
    let mut begun = false;
    let mut last = 0;
    // 1　范围 and 2　规范性引用文件 have nothing numbered below them; 3.1 says what they are.
    let mut waiting: Vec<(usize, Mark)> = vec![];
    for at in 0..pieces.len() {
        let Some(mark) = pieces.get(at).and_then(heading) else { continue };
        let is_bare = pieces.get(at).is_some_and(|piece| piece.mark.is_none());
        let next = pieces.get(at + 1..).unwrap_or_default();
        let next = next.iter().take(4).find_map(|piece| piece.mark.as_ref());
        let is_above = next.is_some_and(|next| {
            next.level == Level::Decimal && next.name == format!("{}.1", mark.number)
        });
        if !begun && is_bare && mark.number == 1 {
            waiting.clear();
        }
        let waited = waiting.last().map_or(0, |(_, mark)| mark.number);
        if !begun && is_above && waited > 0 && mark.number == waited + 1 {
            last = waited;
            for (at, mark) in waiting.drain(..) {
                if let Some(piece) = pieces.get_mut(at) {
                    piece.mark = Some(mark);
                }
            }
        } else if !begun && !is_above && is_bare && mark.number == waited + 1 {
            waiting.push((at, mark));
            continue;
        }
        if (is_above || begun) && mark.number == last + 1 {
            begun = true;
            last = mark.number;
            if let Some(piece) = pieces.get_mut(at) {
                piece.mark = Some(mark);
            }
        }
    }
}

/// Takes the mark from `5.1放假期间，…`: no decimal before it or behind it counts on to it or from it.
fn drop_figures(pieces: &mut [Piece<'_>]) {
    let numbers_of = |piece: &Piece<'_>| {
        let mark = piece.mark.as_ref().filter(|mark| mark.level == Level::Decimal)?;
        let len = mark::find(piece.text).map_or(0, |mark| mark.len);
        let is_glued = piece.text.get(len..).is_some_and(is_glued);
        let numbers =
            mark.name.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>();
        // A.1 of a standard is set off.
        numbers.map(|numbers| (numbers, is_glued))
    };
    let decimals: Vec<(usize, Vec<u32>, bool)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(at, piece)| {
            numbers_of(piece).map(|(numbers, is_glued)| (at, numbers, is_glued))
        })
        .collect();
    for (index, (at, numbers, is_glued)) in decimals.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| decimals.get(before));
        let is_next = before.is_some_and(|(_, before, _)| counts_on(before, numbers));
        let next = decimals.get(index + 1);
        let is_followed = next.is_some_and(|(_, next, _)| counts_on(numbers, next));
        if *is_glued
            && !is_next
            && !is_followed
            && let Some(piece) = pieces.get_mut(*at)
        {
            piece.mark = None;
        }
    }
}

/// Whether 2.1 follows 1.3, 2.2 follows 2.1, 2.2.1 follows 2.2, or 2.3 follows 2.2.1.
fn counts_on(before: &[u32], next: &[u32]) -> bool {
    let Some((last, stem)) = next.split_last() else { return false };
    let is_below = *last == 1 && stem == before;
    let shared = before.iter().zip(next).take_while(|(one, other)| one == other).count();
    let steps =
        before.get(shared).zip(next.get(shared)).is_some_and(|(one, other)| one + 1 == *other);
    is_below || steps && next.get(shared + 1..).is_some_and(|rest| rest.iter().all(|n| *n == 1))
}

/// A line that can be such a heading, with the mark it then has.
fn heading(piece: &Piece<'_>) -> Option<Mark> {
    if piece.is_noise || piece.is_wrapped {
        return None;
    }
    let as_decimal = |number: u32, len| Mark {
        level: Level::Decimal,
        number,
        name: number.to_string(),
        start: 0,
        len,
    };
    match &piece.mark {
        Some(mark) if mark.level == Level::Third => Some(as_decimal(mark.number, mark.len)),
        Some(_) => None,
        None => {
            let len = prefix_len(piece.text, |c| c.is_ascii_digit());
            let number: u32 = piece.text.get(..len)?.parse().ok().filter(|number| *number < 100)?;
            let rest = piece.text.get(len..)?;
            let is_set_off = rest.starts_with([' ', '　', '\t']);
            let is_title = rest.chars().count() <= 30 && !ends_sentence(rest);
            (is_set_off && is_title).then(|| as_decimal(number, len))
        }
    }
}
