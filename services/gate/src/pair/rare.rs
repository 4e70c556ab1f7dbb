//! Places by the words around them. Words of many places say nothing, and looking at all of those would not be linear.

use std::hash::Hash;

use foldhash::HashMap;

/// Places that a key may have before it says nothing.
const COMMON: usize = 24;

/// Places by their keys, all in one list: most keys have one.
#[derive(Debug)]
pub(super) struct Rare<K> {
    /// How many places a key has, and where the last of them stands in the list.
    by_key: HashMap<K, (usize, usize)>,
    /// Each with where that of its key before it stands.
    places: Vec<(usize, Option<usize>)>,
}

/// The places of a key, the last first.
#[derive(Debug)]
pub(super) struct Places<'r> {
    /// How many there are.
    pub count: usize,
    next: Option<usize>,
    all: &'r [(usize, Option<usize>)],
}

impl<K> Default for Rare<K> {
    fn default() -> Self {
        Self { by_key: HashMap::default(), places: vec![] }
    }
}

impl<K: Hash + Eq> Rare<K> {
    /// Adds a place of a key. Of a common one, one more tells that there are more.
    pub(super) fn add(&mut self, key: K, place: usize) {
        let next = self.places.len();
        let (count, last) = self.by_key.entry(key).or_default();
        if *count <= COMMON {
            self.places.push((place, (*count > 0).then_some(*last)));
            (*count, *last) = (*count + 1, next);
        }
    }

    /// The places of a key, if it has any.
    pub(super) fn get(&self, key: &K) -> Option<Places<'_>> {
        let (count, last) = *self.by_key.get(key)?;
        Some(Places { count, next: Some(last), all: &self.places })
    }
}

impl Places<'_> {
    /// Whether they are so many that the key says nothing.
    pub(super) fn are_common(&self) -> bool {
        self.count > COMMON
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (place, before) = *self.all.get(self.next?)?;
        self.next = before;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_their_key() {
        let mut rare = Rare::default();
        for place in 0..100 {
            rare.add(if place % 10 == 0 { 'a' } else { 'b' }, place);
        }
        rare.add('c', 7);
        let held = rare.get(&'a').unwrap();
        assert!(held.count == 10 && !held.are_common());
        assert!(held.eq((0..10).rev().map(|place| place * 10)));
        let held = rare.get(&'b').unwrap();
        assert!(held.count == COMMON + 1 && held.are_common());
        assert!(rare.get(&'c').unwrap().eq([7]) && rare.get(&'d').is_none());
    }
}
