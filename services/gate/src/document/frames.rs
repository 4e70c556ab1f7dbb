//! What stands around a text in lines or tables of its own: the red head 版头 with the names of several bodies,
//! signatures, and the imprint 版记. None of it is a clause.

use std::collections::{HashMap, HashSet};

use super::{Level, dates, mark::strip_signs, pieces::Piece, signs, tables};

/// Lines above a red head at most: 份号, 密级, 紧急程度, what a site puts there.
const ABOVE_MAX: usize = 12;
/// Rows of a table that holds signatures or an imprint at most.
const ROWS_MAX: usize = 12;

/// What a line is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// Names of bodies and 文件.
    Head,
    /// Names of bodies in a table at the end.
    Signature,
    /// The row of such a table with the date.
    Date,
    /// 抄送, and who printed it when.
    Imprint,
}

/// The lines that are parts of a frame.
pub(super) fn find(pieces: &[Piece<'_>]) -> HashMap<usize, Frame> {
    let mut found = HashMap::new();
    found.extend(find_head(pieces).map(|index| (index, Frame::Head)));
    let mut framed = vec![];
    let mut at = 0;
    while at < pieces.len() {
        let run = pieces.get(at..).unwrap_or_default();
        let count = run.iter().take_while(|piece| piece.text.starts_with('|')).count();
        let rows = run.get(..count).unwrap_or_default();
        if (1..=ROWS_MAX).contains(&count) && !found.contains_key(&at) {
            framed.extend(frames_of(rows).map(|frames| (at, frames)));
        }
        at += count.max(1);
    }
    if !framed.is_empty() {
        let are_behind = are_behind_text(pieces);
        framed.retain(|(at, _)| are_behind.get(*at) == Some(&true));
    }
    found.extend(framed.into_iter().flat_map(|(at, frames)| (at..).zip(frames)));
    found
}

/// Whether no clause of the same text follows a line: none before the next attachment, or the next that is
/// marked begins another text.
fn are_behind_text(pieces: &[Piece<'_>]) -> Vec<bool> {
    let mark = |piece: &Piece<'_>| {
        let mark = piece.mark.as_ref().filter(|mark| mark.level.is_structural());
        mark.filter(|_| !piece.is_noise).map(|mark| (mark.level, mark.number))
    };
    let mut next: Option<(Level, u32)> = None;
    let mut following = vec![None; pieces.len()];
    for (piece, slot) in pieces.iter().zip(&mut following).rev() {
        *slot = next;
        let is_attachment = tables::attachment(piece.text).is_some()
            || signs::attachment_name(piece.text, true).is_some();
        next = if is_attachment { None } else { mark(piece).or(next) };
    }
    let mut begun = HashSet::new();
    let is_behind = |(piece, next): (&Piece<'_>, Option<(Level, u32)>)| {
        let begins_anew =
            |(level, number)| number == 1 && (begun.is_empty() || begun.contains(&(level, number)));
        let is_behind = next.is_none_or(begins_anew);
        begun.extend(mark(piece));
        is_behind
    };
    pieces.iter().zip(following).map(is_behind).collect()
}

/// The lines of the red head, if several bodies share one, or 文件 stands beside or below its name.
fn find_head(pieces: &[Piece<'_>]) -> std::ops::Range<usize> {
    let first = pieces.iter().take(ABOVE_MAX).position(|piece| read_head(piece.text).is_some());
    let Some(first) = first else { return 0..0 };
    let is_above = |piece: &Piece<'_>| {
        let text = strip_signs(piece.text);
        piece.is_noise || signs::is_note(text) || signs::is_above_title(text)
    };
    if !pieces.iter().take(first).all(is_above) {
        return 0..0;
    }
    let (mut names, mut signs_count, mut end) = (HashSet::new(), 0, first);
    for piece in pieces.get(first..).unwrap_or_default() {
        let Some((new, has_sign)) = read_head(piece.text) else { break };
        // The title may begin with the same names.
        if new.iter().any(|name| names.contains(name)) {
            break;
        }
        names.extend(new);
        signs_count += usize::from(has_sign);
        end += 1;
    }
    let is_head = signs_count == 1 && !names.is_empty() && end > first + 1;
    if is_head { first..end } else { 0..0 }
}

/// The names in a line of a red head, and whether 文件 stands there.
fn read_head(text: &str) -> Option<(Vec<String>, bool)> {
    let (mut names, mut has_sign) = (vec![], false);
    for cell in cells(text) {
        let bare: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
        let name = if let Some(name) = bare.strip_suffix("文件") {
            if std::mem::replace(&mut has_sign, true) {
                return None;
            }
            name.to_owned()
        } else {
            bare
        };
        let written = cell.strip_suffix("文件").unwrap_or(cell).trim();
        if name.is_empty() {
            continue;
        }
        if signs::is_person(written) || !(signs::is_signer(written) || signs::is_agency(&name)) {
            return None;
        }
        names.push(name);
    }
    (!names.is_empty() || has_sign || tables::is_rule(text)).then_some((names, has_sign))
}

/// What the rows of a table are, where it is but a frame around signatures or an imprint.
fn frames_of(rows: &[Piece<'_>]) -> Option<Vec<Frame>> {
    let filled = || rows.iter().flat_map(|row| cells(row.text));
    let is_date = |cell: &str| dates::read(cell).is_some();
    let is_printed = |cell: &str| {
        signs::is_printed(cell)
            || ["抄送", "分送", "印发"].iter().any(|head| cell.starts_with(head))
    };
    if filled().any(is_printed)
        && filled().all(|cell| signs::is_note(cell) || signs::is_signer(cell) || is_date(cell))
    {
        return Some(vec![Frame::Imprint; rows.len()]);
    }
    let is_signed = filled().all(|cell| is_date(cell) || signs::is_signer(cell))
        && filled().filter(|cell| is_date(cell)).count() == 1
        && filled().any(signs::is_signer);
    let frame = |row: &Piece<'_>| {
        if cells(row.text).any(is_date) { Frame::Date } else { Frame::Signature }
    };
    is_signed.then(|| rows.iter().map(frame).collect())
}

/// What the cells of a row say; a line that is none is one cell.
pub(super) fn cells(text: &str) -> impl Iterator<Item = &str> {
    let is_row = text.starts_with('|');
    let sign = if is_row { '|' } else { '\u{0}' };
    let cells = strip_signs(text).split(sign).map(str::trim);
    cells.filter(move |cell| !(cell.is_empty() || is_row && cell.trim_matches('-').is_empty()))
}
