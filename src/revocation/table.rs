//! One shard of the entries.

use super::{
    filter::scale,
    key::{Key, Kind},
};

/// So many that a table which is built anew keeps nobody waiting: of a million entries it has 4,000.
pub(super) const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 8;

/// A table is built anew above 88 % of its slots, and then has 76 % in use.
const FULL_PERCENT: usize = 88;
const FRESH_PERCENT: usize = 76;

/// The shard of an entry: the highest bits of its place.
pub(super) fn shard(place: u64) -> usize {
    scale(place, SHARDS)
}

/// Seconds of two clocks: since 1970 on the one that people set, since the set was made on the one that nobody sets.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) wall: u32,
    pub(super) ticks: u32,
}

/// A revocation in 32 bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Slot {
    pub(super) place: u64,
    pub(super) proof: u64,
    /// A generation, or a watermark in milliseconds.
    pub(super) number: u64,
    /// Seconds since 1970, rounded up; 0 where the slot is free.
    pub(super) until: u32,
    /// The same moment on the clock that nobody sets, as it looked when the entry came.
    pub(super) until_tick: u32,
}

impl Slot {
    pub(super) fn key(&self) -> Key {
        Key { place: self.place, proof: self.proof }
    }

    fn is_free(&self) -> bool {
        self.until == 0
    }

    /// By both clocks: one that is set forward by mistake, and back again, must not revive a token.
    fn is_over(&self, now: Moment) -> bool {
        self.until < now.wall && self.until_tick < now.ticks
    }
}

/// A hash table with linear probing: it takes little more room than its entries, which tables that double do
/// not promise. How many slots a search passes matters little, as most end at the filter before it.
#[derive(Default)]
pub(super) struct Table {
    slots: Box<[Slot]>,
    used: usize,
    /// When what had expired was last thrown out, in ticks.
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

    /// How long ago the table was swept, in seconds.
    pub(super) fn swept_before(&self, now: Moment) -> u32 {
        now.ticks.saturating_sub(self.swept)
    }

    /// Notes that the table is swept now, and tells whether there is anything to throw out.
    pub(super) fn needs_sweep(&mut self, now: Moment) -> bool {
        self.swept = now.ticks;
        self.entries().any(|slot| slot.is_over(now))
    }

    /// Makes the table as large as it should be, without what has expired; returns how much of each kind had.
    pub(super) fn rebuild(&mut self, now: Moment) -> [usize; Kind::ALL.len()] {
        self.swept = now.ticks;
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
