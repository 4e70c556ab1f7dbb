//! Mobile numbers in a list that its label says to be of offices: 各村便民服务点电话：新丰村 …、旧丰村 …, and
//! the same one a line.

use super::{Hit, numbers};
use crate::codes;

/// Characters of a label at most.
const LABEL_MAX: usize = 40;
/// Characters of a line in a list at most: what is longer is a paragraph.
const ITEM_MAX: usize = 60;

/// Bytes that are looked back at for a label: some hundred numbers.
const LIST_MAX: usize = 4000;

/// Opens the numbers of such lists; those of a list that tells of persons stay. One pass over the lines.
pub(super) fn weigh(text: &str, hits: &mut [Hit]) {
    let is_closed = |hit: &&mut Hit| hit.code.id == codes::MOBILE.id && hit.doubt.is_none();
    let mut hits = hits.iter_mut().filter(is_closed).peekable();
    let (mut start, mut announced) = (0, false);
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let is_item = line.chars().count() <= ITEM_MAX && !numbers::tells_of_persons(line);
        if !line.trim().is_empty() {
            announced &= is_item;
        }
        while let Some(hit) = hits.next_if(|hit| hit.range.start < end) {
            let before = hit.range.start.checked_sub(start).and_then(|at| line.get(..at));
            if announced || before.is_some_and(is_in_list) {
                hit.open();
            }
        }
        if !line.trim().is_empty() {
            announced = announces(line).unwrap_or(announced);
        }
        start = end;
    }
}

/// Whether a line is a heading or ends in a label, and the numbers below it are then offices'.
fn announces(line: &str) -> Option<bool> {
    let bare = line.trim();
    let is_heading = bare.starts_with('#');
    let label = bare.trim_end_matches(['*', ' ']).strip_suffix(['：', ':']);
    let label = label.or(is_heading.then_some(bare))?;
    Some(numbers::is_offices_line(last_words(label)))
}

/// Whether the last label of telephones before a number in its sentence is an office's, and the sentence
/// tells of no person.
fn is_in_list(before: &str) -> bool {
    let mut from = before.len().saturating_sub(LIST_MAX);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let before = before.get(from..).unwrap_or_default();
    let sentence =
        before.rfind(['。', '|', '\t']).and_then(|at| before.get(at..)).unwrap_or(before);
    let mut labels = sentence
        .rmatch_indices(['：', ':'])
        .filter_map(|(at, _)| sentence.get(..at).map(last_words))
        .filter(|label| numbers::names_line(label));
    labels.next().is_some_and(numbers::is_offices_line) && !numbers::tells_of_persons(sentence)
}

/// The words after the last stop.
fn last_words(text: &str) -> &str {
    let words = text.rfind(['，', '、', '；', '。', ';', ',']).and_then(|at| text.get(at..));
    let words = words.unwrap_or(text);
    let skipped = words.chars().count().saturating_sub(LABEL_MAX);
    words.char_indices().nth(skipped).and_then(|(at, _)| words.get(at..)).unwrap_or_default()
}
