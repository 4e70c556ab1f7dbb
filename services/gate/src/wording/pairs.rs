//! Brackets and quotation marks in pairs, paragraph by paragraph.

use super::{Hit, Paragraphs};
use crate::{codes, document::is_letter};

/// Half and full width make a pair: which of them is right is typography.
const PAIRS: [(char, char); 5] = [('《', '》'), ('〈', '〉'), ('“', '”'), ('（', '）'), ('(', ')')];

/// Kinds of pairs; both widths of round brackets are one.
const KINDS: usize = 4;

/// Lines of titles and of hard-wrapped text are no longer.
const LINE_MAX: usize = 40;
const SENTENCE_ENDS: [char; 8] = ['。', '：', ':', '；', ';', '！', '？', '”'];

fn opening(c: char) -> Option<usize> {
    PAIRS.iter().position(|(open, _)| *open == c).map(|kind| kind.min(KINDS - 1))
}

fn closing(c: char) -> Option<usize> {
    PAIRS.iter().position(|(_, close)| *close == c).map(|kind| kind.min(KINDS - 1))
}

/// TS503 for every mark whose other half is not in its paragraph.
pub(super) fn find(text: &str, paragraphs: Paragraphs) -> Vec<Hit> {
    let mut hits = vec![];
    let mut open: Vec<(usize, char, usize)> = vec![];
    // How many of each kind are open, so that a stray closing mark needs no search.
    let mut counts = [0_usize; KINDS];
    let (mut runs_on, mut is_parted) = (false, false);
    let mut mixed = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let begins = paragraphs == Paragraphs::Lines || std::mem::take(&mut is_parted);
        if bare.is_empty() {
            is_parted = true;
        } else if begins && !runs_on {
            // A quotation of several paragraphs opens each of them anew and closes once.
            settle(&mut open, &mut counts, bare.starts_with('“'), &mut hits);
            mixed = None;
        }
        // Where the letters before a sign begin.
        let mut letters = 0;
        for (at, c) in line.char_indices() {
            if is_letter(c) {
                continue;
            }
            let before = line.get(letters..at).unwrap_or_default();
            letters = at + c.len_utf8();
            if let Some(kind) = opening(c) {
                open.push((start + at, c, kind));
                count(&mut counts, kind, 1);
            } else if let Some(kind) = closing(c) {
                if counts.get(kind).is_some_and(|count| *count > 0) {
                    if open.last().is_some_and(|(_, begun, its)| {
                        *its == kind && !PAIRS.contains(&(*begun, c))
                    }) {
                        mixed = Some((start + at, c));
                    }
                    close(&mut open, &mut counts, kind, &mut hits);
                } else if !(kind == KINDS - 1 && is_list_mark(before)) {
                    // （甲);乙）: the one of the other width was too many.
                    let stray = mixed.take().filter(|(_, other)| *other != c);
                    let (at, c) = stray.unwrap_or((start + at, c));
                    hits.push(unpaired(at, c));
                }
            }
        }
        // A title or a note under it is set over several lines, as is hard-wrapped text: a short line
        // that ends as no sentence does runs on in the next.
        if !bare.is_empty() {
            runs_on = bare.chars().nth(LINE_MAX).is_none() && !bare.ends_with(SENTENCE_ENDS);
        }
        start += line.len();
    }
    settle(&mut open, &mut counts, false, &mut hits);
    hits
}

/// Closes the innermost of this kind; what was opened within it and left open is unpaired.
fn close(
    open: &mut Vec<(usize, char, usize)>,
    counts: &mut [usize; KINDS],
    kind: usize,
    hits: &mut Vec<Hit>,
) {
    while let Some((at, c, its)) = open.pop() {
        count(counts, its, -1);
        if its == kind {
            return;
        }
        hits.push(unpaired(at, c));
    }
}

/// The end of a paragraph: what is open stays without its other half.
fn settle(
    open: &mut Vec<(usize, char, usize)>,
    counts: &mut [usize; KINDS],
    goes_on: bool,
    hits: &mut Vec<Hit>,
) {
    *counts = [0; KINDS];
    let left = open.drain(..).filter(|(_, c, _)| !(goes_on && *c == '“'));
    hits.extend(left.map(|(at, c, _)| unpaired(at, c)));
}

fn count(counts: &mut [usize; KINDS], kind: usize, by: isize) {
    if let Some(count) = counts.get_mut(kind) {
        *count = count.saturating_add_signed(by);
    }
}

/// `1）` `a)` `十二）`: numbers of a list, which close what was never open.
fn is_list_mark(before: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十";
    (1..=3).contains(&before.chars().count())
        && before
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c.is_numeric() || NUMERALS.contains(c))
}

fn unpaired(at: usize, c: char) -> Hit {
    Hit::new(&codes::UNPAIRED, at..at + c.len_utf8(), c.to_string())
}
