//! Notes: `[^a]` in a text, `[^a]: …` anywhere in it. They stand at its end, numbered as they are first referred to.

use std::collections::BTreeMap;

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
