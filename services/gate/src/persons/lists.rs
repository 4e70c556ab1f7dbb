//! Mobile numbers in a list that its label says to be of offices: 各村便民服务点电话：新丰村 …、旧丰村 …, and
//! the same one a line.

use super::{Doubt, Hit, numbers, whom};
use crate::codes;

/// Characters of a label at most.
const LABEL_MAX: usize = 40;
/// Characters of a line in a list at most: what is longer is a paragraph.
const ITEM_MAX: usize = 60;

/// Bytes that are looked back at for a label: some hundred numbers.
const LIST_MAX: usize = 4000;
/// Bytes that are looked back at for whom a number is of.
const NEAR_MAX: usize = 600;

/// Opens the numbers of such lists; those of a list that tells of persons stay, and one of a person right
/// before it is none of an office. One pass over the lines.
pub(super) fn weigh(text: &str, hits: &mut [Hit]) {
    let is_weighed = |hit: &&mut Hit| {
        hit.code.id == codes::MOBILE.id && matches!(hit.doubt, None | Some(Doubt::OpenLine))
    };
    let mut hits = hits.iter_mut().filter(is_weighed).peekable();
    let (mut start, mut announced, mut is_after_blank) = (0, false, false);
    // The line right below the label may say more of the list.
    let mut is_first = false;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let is_blank = line.trim().is_empty();
        if !is_blank {
            announced &= is_item(line) && (holds_number(line) || is_first && !is_after_blank);
        }
        let mut signs = Signs::default();
        while let Some(hit) = hits.next_if(|hit| hit.range.start < end) {
            let before = hit.range.start.checked_sub(start).and_then(|at| line.get(..at));
            signs.read(before.unwrap_or_default());
            if before.is_some_and(|before| is_persons(before, &signs)) {
                hit.close();
            } else if hit.doubt.is_none()
                && (announced || before.is_some_and(|before| is_in_list(before, &signs)))
            {
                hit.open();
            }
        }
        if !is_blank {
            let said = announces(line);
            is_first = said.is_some();
            announced = said.unwrap_or(announced);
        }
        is_after_blank = is_blank;
        start = end;
    }
}

/// What stands in a line up to a number, read once for all its numbers: without a colon there is no label.
#[derive(Default)]
struct Signs {
    read: usize,
    /// Behind the last colon.
    colon: usize,
    /// Where the last sentence and its last part begin.
    sentence: usize,
    part: usize,
}

impl Signs {
    /// Goes on to the end of what stands before the next number.
    fn read(&mut self, before: &str) {
        for (at, c) in before.get(self.read..).unwrap_or_default().char_indices() {
            let at = self.read + at;
            match c {
                '：' | ':' => self.colon = at + c.len_utf8(),
                '。' | '|' | '\t' => (self.sentence, self.part) = (at, at),
                '；' | ';' => self.part = at,
                _ => {}
            }
        }
        self.read = self.read.max(before.len());
    }
}

/// Whether a line may go on with a list: no clause, no table, no paragraph, nothing of persons.
fn is_item(line: &str) -> bool {
    let bare = line.trim_start();
    let bare = bare.trim_start_matches(['*', ' ']);
    let numeral = bare.trim_start_matches(['（', '(']);
    let behind = numeral.trim_start_matches(|c| "一二三四五六七八九十百".contains(c));
    let is_marked = behind.len() < numeral.len() && behind.starts_with(['、', '）', ')'])
        || bare.starts_with('第') && bare.chars().take(8).any(|c| matches!(c, '条' | '章' | '节'));
    !is_marked
        && !bare.starts_with(['#', '|'])
        && !line.contains('\t')
        && line.chars().count() <= ITEM_MAX
        && !whom::tells_of_persons(line)
}

fn holds_number(line: &str) -> bool {
    line.chars().filter(|c| c.is_numeric() || *c == super::MASK).count() >= 7
}

/// Whether a line is a heading or ends in a label, and the numbers below it are then offices'.
fn announces(line: &str) -> Option<bool> {
    let bare = line.trim();
    let is_heading = bare.starts_with('#');
    let label = bare.trim_end_matches(['*', ' ']).strip_suffix(['：', ':']);
    let label = label.or(is_heading.then_some(bare))?;
    Some(numbers::is_offices_line(last_words(label)))
}

/// The end of a text, of so many bytes at most.
fn tail(text: &str, bytes_max: usize) -> &str {
    let mut from = text.len().saturating_sub(bytes_max);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or_default()
}

/// Whether the last label of telephones before a number in its sentence is an office's, and the sentence
/// tells of no person.
fn is_in_list(before: &str, signs: &Signs) -> bool {
    let length = before.len().saturating_sub(signs.sentence);
    let sentence = tail(before, LIST_MAX.min(length));
    if signs.colon <= before.len() - sentence.len() {
        return false;
    }
    let mut labels = sentence
        .rmatch_indices(['：', ':'])
        .filter_map(|(at, _)| sentence.get(..at).map(last_words))
        .filter(|label| whom::names_line(label));
    labels.next().is_some_and(numbers::is_offices_line) && !whom::tells_of_persons(sentence)
}

/// Whether what stands right before a number, behind the last one and the last label of telephones, is a
/// person, or the label is one's: 张三联系电话：.
fn is_persons(before: &str, signs: &Signs) -> bool {
    let length = before.len().saturating_sub(signs.part);
    let near = tail(before, NEAR_MAX.min(length));
    let is_labelled = signs.colon > before.len() - near.len();
    let labelled = if is_labelled { near } else { "" };
    let mut labels = labelled.rmatch_indices(['：', ':']).filter_map(|(at, sign)| {
        let label = near.get(..at).map(last_words).filter(|label| whom::names_line(label))?;
        Some((label, near.get(at + sign.len()..)?))
    });
    let (label, item) = labels.next().unwrap_or(("", near));
    let of = label.trim_start_matches(|c: char| !c.is_alphabetic());
    let of = ["联系电话", "联系方式", "电话", "手机号码", "手机号", "手机"]
        .iter()
        .find_map(|line| of.strip_suffix(line))
        .unwrap_or_default();
    whom::is_name(of.trim_end_matches('的')) || whom::is_person(behind_number(item))
}

/// What stands behind the last number of seven digits or more.
fn behind_number(item: &str) -> &str {
    let mut digits = 0;
    let mut end = 0;
    for (at, c) in item.char_indices().rev() {
        if !(c.is_numeric() || c == super::MASK) {
            digits = 0;
            continue;
        }
        if digits == 0 {
            end = at + c.len_utf8();
        }
        digits += 1;
        if digits >= 7 {
            return item.get(end..).unwrap_or_default();
        }
    }
    item
}

/// The words after the last stop.
fn last_words(text: &str) -> &str {
    let words = text.rfind(['，', '、', '；', '。', ';', ',']).and_then(|at| text.get(at..));
    let words = words.unwrap_or(text);
    let skipped = words.chars().count().saturating_sub(LABEL_MAX);
    words.char_indices().nth(skipped).and_then(|(at, _)| words.get(at..)).unwrap_or_default()
}
