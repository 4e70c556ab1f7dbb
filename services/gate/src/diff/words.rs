//! What a unit says as words, and how two of them differ. A word is a figure with its unit, a word that
//! binds (应当, 不得), a number or Latin word, or one character.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::norm;
use crate::{document::Unit, pair::figures};

/// A piece of a clause: what both texts say, or one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Where it stands.
    pub kind: SpanKind,
    /// As written; what both say, as the later text writes it.
    pub text: String,
}

/// Which text a span stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// Both.
    Same,
    /// The earlier alone.
    Removed,
    /// The later alone.
    Added,
}

impl Span {
    fn new(kind: SpanKind, text: &str) -> Self {
        Self { kind, text: text.to_owned() }
    }
}

/// What a unit says behind its mark.
#[derive(Debug)]
pub(super) struct Said<'t> {
    /// Without the blanks around it.
    pub body: &'t str,
    words: Vec<&'t str>,
    /// What makes each word the same as another: without blanks and Markdown's emphasis.
    keys: Vec<String>,
    /// What makes two bodies the same.
    pub key: String,
}

/// What tells nothing: layout.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '*')
}

impl<'t> Said<'t> {
    /// What `unit` says; `text` is its text.
    pub(super) fn of(unit: &Unit, text: &'t str) -> Self {
        let rest = if unit.mark.is_empty() {
            text.trim_start_matches(|c| is_blank(c) || matches!(c, '#' | '>'))
        } else {
            let behind = text.find(&unit.mark).map_or(0, |at| at + unit.mark.len());
            text.get(behind..).unwrap_or_default()
        };
        Self::read(rest)
    }

    pub(super) fn read(text: &'t str) -> Self {
        let body = text.trim_matches(is_blank);
        let words = cut(body);
        let keys: Vec<String> = words.iter().map(|word| key(word)).collect();
        let key = keys.join("\u{1f}");
        Self { body, words, keys, key }
    }

    /// All of it as one span.
    pub(super) fn whole(&self, kind: SpanKind) -> Vec<Span> {
        if self.body.is_empty() { vec![] } else { vec![Span::new(kind, self.body)] }
    }
}

/// A word in one form: a digit is a digit in either width.
fn key(word: &str) -> String {
    word.chars().filter(|c| !is_blank(*c)).map(narrow).collect()
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// The words of a text, each with the blanks behind it, in time linear in its length.
fn cut(body: &str) -> Vec<&str> {
    let mut figures = figures::find_in(body, 0, &[]).into_iter().peekable();
    let mut words = vec![];
    let mut at = 0;
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        while figures.next_if(|figure| figure.range.start < at).is_some() {}
        let next = figures.peek().map_or(body.len(), |figure| figure.range.start);
        let len = match figures.peek() {
            Some(figure) if figure.range.start == at => figure.range.len(),
            _ => norm::binding_len(rest).unwrap_or_else(|| word_len(rest)).min(next - at),
        };
        let behind = rest.get(len..).unwrap_or_default();
        let len = rest.len() - behind.trim_start_matches(is_blank).len();
        words.push(rest.get(..len).unwrap_or_default());
        at += len.max(1);
    }
    words
}

/// Bytes of the number or Latin word that a text begins with, otherwise of its first character.
fn word_len(text: &str) -> usize {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    let mut chars = text.char_indices().peekable();
    let mut end = 0;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        // 1.5 and 2,400 are one number.
        let is_inside =
            at > 0 && matches!(c, '.' | ',' | '．' | '，') && next.is_some_and(is_digit);
        let after_digit = text.get(..at).and_then(|text| text.chars().next_back());
        let joins = is_inside && after_digit.is_some_and(is_digit);
        if !(c.is_ascii_alphanumeric() || is_digit(c) || joins) {
            break;
        }
        end = at + c.len_utf8();
    }
    if end > 0 { end } else { text.chars().next().map_or(0, char::len_utf8) }
}

/// Words of one clause that are compared one by one. A longer one is no clause but a text without
/// line breaks; its changed middle is shown whole, so that time stays linear.
const WORDS_MAX: usize = 20_000;

/// How two bodies differ. What both say is cut out first; a single character between two changes
/// goes with them, for it helps nobody.
pub(super) fn compare(before: &Said<'_>, after: &Said<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = vec![];
    let mut push = |kind, words: Option<&[&str]>| {
        let text = words.unwrap_or_default().concat();
        match spans.last_mut().filter(|last| last.kind == kind) {
            Some(last) => last.text.push_str(&text),
            None if text.is_empty() => {}
            None => spans.push(Span { kind, text }),
        }
    };
    for op in differences(&before.keys, &after.keys) {
        let (old, new) = (before.words.get(op.old_range()), after.words.get(op.new_range()));
        if matches!(op, DiffOp::Equal { .. }) {
            push(SpanKind::Same, new);
        } else {
            push(SpanKind::Removed, old);
            push(SpanKind::Added, new);
        }
    }
    join(&spans)
}

fn differences(before: &[String], after: &[String]) -> Vec<DiffOp> {
    if before.len().max(after.len()) <= WORDS_MAX {
        return capture_diff_slices(Algorithm::Myers, before, after);
    }
    let same = |(one, other): &(&String, &String)| one == other;
    let head = before.iter().zip(after).take_while(same).count();
    let most = before.len().min(after.len()) - head;
    let tail = before.iter().rev().zip(after.iter().rev()).take(most).take_while(same).count();
    let (old_len, new_len) = (before.len() - head - tail, after.len() - head - tail);
    let (old_index, new_index) = (head, head);
    vec![
        DiffOp::Equal { old_index: 0, new_index: 0, len: head },
        DiffOp::Replace { old_index, old_len, new_index, new_len },
        DiffOp::Equal { old_index: head + old_len, new_index: head + new_len, len: tail },
    ]
}

/// Takes single characters between two changes of words into one change.
fn join(spans: &[Span]) -> Vec<Span> {
    let says = |span: Option<&Span>| {
        span.is_some_and(|span| {
            span.kind != SpanKind::Same && !span.text.chars().all(norm::is_punctuation)
        })
    };
    let mut joined: Vec<Span> = vec![];
    let (mut removed, mut added) = (String::new(), String::new());
    let settle = |joined: &mut Vec<Span>, removed: &mut String, added: &mut String| {
        for (kind, text) in [(SpanKind::Removed, removed), (SpanKind::Added, added)] {
            if !text.is_empty() {
                joined.push(Span { kind, text: std::mem::take(text) });
            }
        }
    };
    for (index, span) in spans.iter().enumerate() {
        let is_lone = span.text.trim_matches(is_blank).chars().count() == 1
            && index.checked_sub(1).is_some_and(|before| says(spans.get(before)))
            && says(spans.get(index + 1));
        match span.kind {
            SpanKind::Removed => removed.push_str(&span.text),
            SpanKind::Added => added.push_str(&span.text),
            SpanKind::Same if is_lone => {
                removed.push_str(&span.text);
                added.push_str(&span.text);
            }
            SpanKind::Same => {
                settle(&mut joined, &mut removed, &mut added);
                joined.push(span.clone());
            }
        }
    }
    settle(&mut joined, &mut removed, &mut added);
    joined
}
