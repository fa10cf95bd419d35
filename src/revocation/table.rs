//! One shard of the entries.

use super::{
    filter::scale,
    key::{Key, Kind},
};

/// So many that a table which is built anew keeps nobody waiting: of a million entries it has 4,000.
pub(super) const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 8;

/// A table is built anew above 85 % of its slots, and then has 71 % in use.
const FULL_PERCENT: usize = 85;
const FRESH_PERCENT: usize = 71;

/// The shard of an entry: the highest bits of its place.
pub(super) fn shard(place: u64) -> usize {
    scale(place, SHARDS)
}

/// A revocation in 28 bytes.
///
/// Packed, because alignment would make it 32. Fields are read as copies.
#[derive(Clone, Copy, Default)]
#[repr(C, packed(4))]
pub(super) struct Slot {
    pub(super) place: u64,
    pub(super) proof: u64,
    /// A generation, or a watermark in milliseconds.
    pub(super) number: u64,
    /// Seconds since 1970, rounded up; 0 where the slot is free.
    pub(super) until: u32,
}

impl Slot {
    pub(super) fn key(&self) -> Key {
        Key { place: self.place, proof: self.proof }
    }

    fn is_free(&self) -> bool {
        self.until == 0
    }

    fn is_over(&self, now: u32) -> bool {
        self.until < now
    }
}

/// A hash table with linear probing: it takes little more room than its entries, which tables that double do
/// not promise. How many slots a search passes matters little, as most end at the filter before it.
#[derive(Default)]
pub(super) struct Table {
    slots: Box<[Slot]>,
    used: usize,
    /// When what had expired was last thrown out, in seconds since 1970.
    swept: u32,
}

impl Table {
    pub(super) fn find(&self, key: Key) -> Option<Slot> {
        let (before, after) = self.slots.split_at(start(key.place, self.slots.len()));
        let found = after.iter().chain(before).find(|slot| slot.is_free() || slot.key() == key)?;
        (!found.is_free()).then_some(*found)
    }

    pub(super) fn find_mut(&mut self, key: Key) -> Option<&mut Slot> {
        self.probe(key).filter(|slot| !slot.is_free())
    }

    /// Adds an entry that is not there, where the table [is not full](Self::is_full).
    pub(super) fn add(&mut self, slot: Slot) {
        if let Some(free) = self.probe(slot.key()) {
            *free = slot;
            self.used += 1;
        }
    }

    pub(super) fn is_full(&self) -> bool {
        (self.used + 1) * 100 > self.slots.len() * FULL_PERCENT
    }

    /// How long ago the table was swept, in seconds, whichever way the clock was set since.
    pub(super) fn swept_before(&self, now: u32) -> u32 {
        self.swept.abs_diff(now)
    }

    /// Notes that the table is swept now, and tells whether there is anything to throw out.
    pub(super) fn needs_sweep(&mut self, now: u32) -> bool {
        self.swept = now;
        self.entries().any(|slot| slot.is_over(now))
    }

    /// Makes the table as large as it should be, without what has expired; returns how much of each kind had.
    pub(super) fn rebuild(&mut self, now: u32) -> [usize; Kind::ALL.len()] {
        self.swept = now;
        let mut over = [0; Kind::ALL.len()];
        for slot in self.entries().filter(|slot| slot.is_over(now)) {
            if let Some(count) = over.get_mut(slot.key().kind() as usize) {
                *count += 1;
            }
        }
        // For one entry more than there are, as one is about to be added, and one slot that stays free.
        let len = (self.used + 1 - over.iter().sum::<usize>()) * 100 / FRESH_PERCENT + 1;
        let slots = std::mem::replace(&mut self.slots, vec![Slot::default(); len].into());
        self.used = 0;
        for slot in slots.into_iter().filter(|slot| !slot.is_free() && !slot.is_over(now)) {
            self.add(slot);
        }
        over
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| !slot.is_free())
    }

    /// The slot of this key, or the free one where it belongs.
    fn probe(&mut self, key: Key) -> Option<&mut Slot> {
        let (before, after) = self.slots.split_at_mut(start(key.place, self.slots.len()));
        after.iter_mut().chain(before).find(|slot| slot.is_free() || slot.key() == key)
    }
}

/// Where the search for a key begins; the highest bits have chosen the shard.
fn start(place: u64, slots: usize) -> usize {
    scale(place << SHARD_BITS, slots)
}
