//! Blobs in memory, those that were asked for last. Bytes of a digest never change, and they were
//! verified when they were read.

use std::sync::{Mutex, PoisonError};

use hashlink::LruCache;
use lockstep_proto::digest::Digest;

/// Bytes kept at most: the texts of some hundred pairs.
const BYTES_MAX: usize = 64 << 20;

#[derive(Debug)]
pub(super) struct Cache(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    bytes_max: usize,
    byte_count: usize,
    blobs: LruCache<Digest, Vec<u8>>,
}

impl Default for Cache {
    fn default() -> Self {
        Self::holding(BYTES_MAX)
    }
}

impl Cache {
    fn holding(bytes_max: usize) -> Self {
        Self(Mutex::new(Kept { bytes_max, byte_count: 0, blobs: LruCache::new_unbounded() }))
    }

    pub(super) fn find(&self, digest: &Digest) -> Option<Vec<u8>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.blobs.get(digest).cloned()
    }

    pub(super) fn keep(&self, digest: &Digest, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.byte_count += bytes.len();
        let replaced = kept.blobs.insert(digest.clone(), bytes.to_vec());
        kept.byte_count -= replaced.map_or(0, |bytes| bytes.len());
        while kept.byte_count > kept.bytes_max {
            let Some((_, bytes)) = kept.blobs.remove_lru() else { return };
            kept.byte_count -= bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_asked_for_longest_goes_first() {
        let cache = Cache::holding(10);
        let blobs = [&b"aaaa"[..], b"bbbb", b"cccc"].map(|bytes| (Digest::of(bytes), bytes));
        cache.keep(&blobs[0].0, blobs[0].1);
        cache.keep(&blobs[1].0, blobs[1].1);
        // Kept again, it counts once.
        cache.keep(&blobs[1].0, blobs[1].1);
        assert!(cache.find(&blobs[0].0).is_some());
        cache.keep(&blobs[2].0, blobs[2].1);
        let is_kept = blobs.each_ref().map(|(digest, _)| cache.find(digest).is_some());
        assert_eq!(is_kept, [true, false, true]);
        assert_eq!(cache.find(&blobs[2].0).as_deref(), Some(blobs[2].1));
    }

    #[test]
    fn what_is_larger_than_all_of_it_is_not_kept() {
        let cache = Cache::holding(3);
        let digest = Digest::of(b"aaaa");
        cache.keep(&digest, b"aaaa");
        assert!(cache.find(&digest).is_none());
        cache.keep(&Digest::of(b"b"), b"b");
        assert!(cache.find(&Digest::of(b"b")).is_some());
    }
}
