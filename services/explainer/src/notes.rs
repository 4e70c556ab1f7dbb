//! Notes: `[^a]` in a text, `[^a]: …` anywhere in it. They stand at its end, numbered as they are first referred to.

use std::collections::BTreeMap;

/// Around the mark of a note on the page.
const RAISED: &str = "<sup>";
const END: &str = "</sup>";

/// The places of notes by their names, from 0.
#[derive(Default)]
pub(crate) struct Numbers(BTreeMap<String, usize>);

impl Numbers {
    /// How a note is marked, where it is referred to and where it stands.
    pub(crate) fn mark(&mut self, name: &str) -> String {
        format!("[{}]", self.place(name) + 1)
    }

    /// Where a note stands among the others, from 0.
    fn place(&mut self, name: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(name.to_owned()).or_insert(next)
    }

    /// Notes with their marks, in their order.
    pub(crate) fn order<N>(mut self, notes: Vec<(String, N)>) -> Vec<(String, N)> {
        let mut placed: Vec<_> =
            notes.into_iter().map(|(name, note)| (self.place(&name), note)).collect();
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(place, note)| (format!("[{}]", place + 1), note)).collect()
    }
}

/// A mark as the page has it where it is referred to.
pub(crate) fn raised(mark: &str) -> String {
    format!("{RAISED}{mark}{END}")
}

/// The mark in it.
pub(crate) fn marked(html: &str) -> Option<&str> {
    html.strip_prefix(RAISED)?.strip_suffix(END)
}

/// Words without the marks of notes behind them.
pub(crate) fn without_marks(words: &str) -> &str {
    let mut words = words.trim_end();
    while let Some((before, mark)) =
        words.strip_suffix(']').and_then(|words| words.rsplit_once('['))
        && mark.bytes().all(|b| b.is_ascii_digit())
    {
        words = before.trim_end();
    }
    words
}
