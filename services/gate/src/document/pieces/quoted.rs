//! Clauses that a decision to amend quotes: 将第三条修改为：“第三条 …”. They are another text's and
//! open no units here.

use std::ops::Range;

use super::Piece;

/// Pieces that one quotation spans at most; one that is never closed swallows nothing.
const PIECES_MAX: usize = 100;

/// Marks the pieces that go on with a quotation begun before them.
pub(super) fn mark(pieces: &mut [Piece<'_>]) {
    let mut at = 0;
    while at < pieces.len() {
        let begins = pieces.get(at).is_some_and(|piece| begins_quotation(piece.text));
        let end = if begins { find_end(pieces.get(at + 1..).unwrap_or_default()) } else { None };
        let quoted = at + 1..end.map_or(at + 1, |end| at + 2 + end);
        for piece in pieces.get_mut(quoted.clone()).into_iter().flatten() {
            piece.mark = None;
            piece.is_quoted = true;
        }
        at = quoted.end;
    }
}

/// …修改为：“…, with what is quoted going on behind the line.
fn begins_quotation(text: &str) -> bool {
    const ORDERS: [&str; 6] = ["修改为", "增加", "作为", "改为", "修正为", "表述为"];
    let Some(open) = text.find("：“") else { return false };
    let order = text.get(..open).unwrap_or_default();
    ORDERS.iter().any(|word| order.contains(word)) && is_open(text)
}

/// Each paragraph of a quotation begins with its sign, the last alone ends with it.
fn is_open(text: &str) -> bool {
    text.rfind(['“', '”'])
        .is_some_and(|at| text.get(at..).is_some_and(|rest| rest.starts_with('“')))
}

/// The index of the piece that closes the quotation.
fn find_end(pieces: &[Piece<'_>]) -> Option<usize> {
    pieces.iter().take(PIECES_MAX).position(|piece| {
        let text = piece.text.trim_end_matches(['。', '；', '，', ';']);
        text.ends_with('”') && !is_open(text)
    })
}

/// What stands between signs of quotation within a line.
pub(super) fn ranges(line: &str) -> Vec<Range<usize>> {
    let mut open = vec![];
    let mut found = vec![];
    if !line.contains("“") {
        return found;
    }
    for (at, c) in line.char_indices() {
        match c {
            '“' => open.push(at),
            '”' => {
                if let Some(start) = open.pop().filter(|_| open.is_empty()) {
                    found.push(start..at);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a byte lies in one of these ranges, which lie in order.
pub(super) fn is_within(ranges: &[Range<usize>], at: usize) -> bool {
    let next = ranges.partition_point(|range| range.end <= at);
    ranges.get(next).is_some_and(|range| range.contains(&at))
}
