//! A filter that says "not revoked" without a lock.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::table::SHARDS;

/// More entries than fit 32 MiB make the filter less sharp, and never wrong.
const MAX_WORDS: usize = 1 << 22;

/// A Bloom filter whose bits for one entry stand in one word, so that a look-up is one load.
///
/// With 16 bits per entry about one absent name in 200 is let through, to be looked up in its table. Each
/// shard of the table owns a part of the words, chosen by the same bits of the hash, and changes it under its
/// own lock. Readers take none. `Relaxed` is enough: who knows of an insertion comes after it, and then sees
/// the word as it was left, or later.
pub(super) struct Filter(Box<[AtomicU64]>);

impl Filter {
    pub(super) fn new(capacity: usize) -> Self {
        let words = (capacity / 4).clamp(SHARDS, MAX_WORDS).next_multiple_of(SHARDS);
        Self((0..words).map(|_| AtomicU64::new(0)).collect())
    }

    pub(super) fn may_hold(&self, place: u64) -> bool {
        let mask = mask(place);
        self.0.get(self.index(place)).is_some_and(|word| word.load(Relaxed) & mask == mask)
    }

    pub(super) fn add(&self, place: u64) {
        if let Some(word) = self.0.get(self.index(place)) {
            word.fetch_or(mask(place), Relaxed);
        }
    }

    /// Forgets what a shard held but for these. Their bits are set before, during and after.
    pub(super) fn rewrite(&self, shard: usize, places: impl Iterator<Item = u64>) {
        let share = self.0.len() / SHARDS;
        let first = shard * share;
        let mut fresh = vec![0; share];
        for place in places {
            if let Some(word) = self.index(place).checked_sub(first).and_then(|index| fresh.get_mut(index)) {
                *word |= mask(place);
            }
        }
        for (word, fresh) in self.0.iter().skip(first).zip(fresh) {
            word.store(fresh, Relaxed);
        }
    }

    /// The highest bits choose, those first that choose the shard.
    fn index(&self, place: u64) -> usize {
        scale(place, self.0.len())
    }
}

/// Maps the whole range of a hash onto `0..len`, in order.
pub(super) fn scale(hash: u64, len: usize) -> usize {
    ((u128::from(hash) * len as u128) >> 64) as usize
}

/// Four of 64 bits, chosen by the lowest 24.
fn mask(place: u64) -> u64 {
    [0, 6, 12, 18].iter().fold(0, |mask, shift| mask | 1 << ((place >> shift) & 63))
}
