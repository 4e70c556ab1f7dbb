//! Tables and contents lists: blocks of lines that hold marks but open no units.

use std::collections::{HashMap, HashSet};

use super::{
    Unit,
    mark::{self, Level, prefix_len, strip_signs},
    pieces::Piece,
    signs,
};

/// Lines a contents list has at least.
const CONTENTS_LINES_MIN: usize = 3;

/// Whether a line is a row of a table; copied out of a sheet, its cells are set apart by tabs.
pub(super) fn is_row(text: &str) -> bool {
    let has_cells = || {
        let cells = text.split('\t').filter(|cell| !cell.trim().is_empty()).count();
        cells >= 3 && !signs::is_signer(text)
    };
    text.starts_with('|') || text.starts_with("<t") || text.starts_with("</t") || has_cells()
}

/// | --- | --- |: what sets a table's head apart.
pub(super) fn is_rule(text: &str) -> bool {
    text.starts_with('|') && text.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// The attachment that a table's only cell of its first row begins: | 附件1示例表 |  |  |
pub(super) fn attachment(text: &str) -> Option<String> {
    let mut cells =
        text.strip_prefix('|')?.split('|').map(str::trim).filter(|cell| !cell.is_empty());
    let (caption, None) = (cells.next()?, cells.next()) else { return None };
    let behind = caption.strip_prefix("附件")?.trim_start();
    let len = prefix_len(behind, |c| c.is_ascii_digit());
    let number: u32 = behind.get(..len)?.parse().ok().filter(|number| (1..100).contains(number))?;
    Some(format!("附件{number}"))
}

/// Whether a piece goes on with the table before it: a row, or a note under it with its items.
pub(super) fn goes_on(last: Option<&Unit>, pieces: &[Piece<'_>], index: usize) -> bool {
    let Some(piece) = pieces.get(index) else { return false };
    let above = index.checked_sub(1).and_then(|above| pieces.get(above));
    let is_in_table = last.is_some_and(|unit| unit.level == Level::Table);
    is_in_table
        && (is_row(piece.text)
            || note(piece.text).is_some()
            || above.is_some_and(|above| is_next_item(above, piece)))
}

/// What stands behind 注： under a table.
fn note(text: &str) -> Option<&str> {
    ["注：", "注:"].iter().find_map(|head| strip_signs(text).strip_prefix(head))
}

/// Whether a line counts on from the note above: 2. below 注：1. or below its item 1., and 1. below 注： alone.
fn is_next_item(above: &Piece<'_>, piece: &Piece<'_>) -> bool {
    let Some(mark) = &piece.mark else { return false };
    let of_note = note(above.text).map(|said| {
        let first = mark::find(said).filter(|first| first.level == mark.level);
        if said.trim().is_empty() { Some(0) } else { first.map(|first| first.number) }
    });
    let of_item = || {
        let above = above.mark.as_ref().filter(|_| !is_row(above.text))?;
        (above.level == mark.level).then_some(above.number)
    };
    mark.level > Level::First
        && mark.level <= Level::Fifth
        && of_note.unwrap_or_else(of_item).is_some_and(|last| mark.number == last + 1)
}

/// The pieces of contents lists: marked lines and 附则 that come again, in the same order, as headings.
pub(super) fn find_contents(pieces: &[Piece<'_>]) -> HashSet<usize> {
    let entry_of = |piece: &Piece<'_>| {
        let is_heading = piece.mark.is_some() || is_last_heading(piece.text);
        is_heading.then(|| entry(piece.text))
    };
    let entries: Vec<Option<String>> = pieces.iter().map(entry_of).collect();
    let mut last_at: HashMap<&str, usize> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        last_at.extend(entry.as_deref().map(|entry| (entry, index)));
    }
    let mut contents = HashSet::new();
    let mut run: Vec<(usize, usize)> = vec![];
    let mut flush = |run: &mut Vec<(usize, usize)>| {
        // Each comes again behind the last line of the list.
        let is_list = run.len() >= CONTENTS_LINES_MIN
            && run.last().zip(run.first()).is_some_and(|((last, _), (_, again))| again > last);
        if is_list {
            contents.extend(run.iter().map(|(index, _)| *index));
        }
        run.clear();
    };
    for (index, entry) in entries.iter().enumerate() {
        let again = entry.as_deref().and_then(|entry| last_at.get(entry));
        let again = again.filter(|again| **again > index);
        let follows =
            run.last().is_none_or(|(at, before)| *at + 1 == index && again > Some(before));
        match again {
            Some(again) => {
                if !follows {
                    flush(&mut run);
                }
                run.push((index, *again));
            }
            None => flush(&mut run),
        }
    }
    flush(&mut run);
    let heads: Vec<usize> = contents
        .iter()
        .filter_map(|index| index.checked_sub(1))
        .filter(|before| pieces.get(*before).is_some_and(|piece| is_head(piece.text)))
        .collect();
    contents.extend(heads);
    contents
}

/// Whether a line is 附　则, with or without the page that a contents list gives for it: the last heading of many
/// a regulation has no number.
pub(super) fn is_last_heading(text: &str) -> bool {
    const CHARS_MAX: usize = 100;
    text.chars().nth(CHARS_MAX).is_none() && matches!(entry(text).as_str(), "附则" | "附則")
}

fn is_head(text: &str) -> bool {
    let bare: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '#' | '*')).collect();
    matches!(bare.as_str(), "目录" | "目次" | "目錄")
}

/// A line as a contents list and a heading share it: without blanks, leaders and page number.
fn entry(text: &str) -> String {
    let text = text.trim_end_matches(|c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | '…' | '·')
    });
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '#' | '*')).collect()
}
