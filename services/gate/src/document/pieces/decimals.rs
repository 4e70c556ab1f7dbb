//! The widest level of decimal numbering: `1 总则` and `1. Scope` above `1.1`.

use super::{
    super::mark::{Level, Mark, prefix_len},
    Piece, ends_sentence,
};

/// Gives the headings above decimals their level: those before an N.1, and those that count on.
pub(super) fn settle(pieces: &mut [Piece<'_>]) {
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
