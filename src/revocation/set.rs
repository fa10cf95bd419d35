//! The set in memory.

use std::{
    fmt,
    sync::{
        Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Instant,
};

use super::{
    entry::{Grain, Revocation},
    filter::Filter,
    key::{Issuer, Key, Kind, Seeds},
    table::{Moment, SHARDS, Slot, Table, shard},
};
use crate::clock::{Clock, Timestamp};

/// How often an insertion sweeps its shard, in seconds.
const SWEEP_EVERY: u32 = 60;

/// What was revoked, as hashes: little memory, no text, and one load where the answer is no.
pub(super) struct Set {
    seeds: Seeds,
    clock: Box<dyn Clock>,
    made: Instant,
    capacity: usize,
    /// How many entries there are of each kind, so that a kind without any costs one load.
    held: [AtomicUsize; Kind::ALL.len()],
    /// How many there are at all; it never passes the capacity.
    total: AtomicUsize,
    /// The tick of the last sweep of all shards; another within it finds nothing.
    swept: Mutex<Option<u32>>,
    /// Made with the first entry.
    tables: OnceLock<Tables>,
}

struct Tables {
    filter: Filter,
    shards: Box<[RwLock<Table>]>,
}

/// There is no room for another entry.
#[derive(Debug)]
pub(super) struct Full;

impl Set {
    pub(super) fn new(capacity: usize, clock: Box<dyn Clock>) -> Self {
        Self {
            seeds: Seeds::random(),
            made: clock.instant(),
            clock,
            capacity,
            held: Default::default(),
            total: AtomicUsize::new(0),
            swept: Mutex::new(None),
            tables: OnceLock::new(),
        }
    }

    /// An issuer to ask about; `None` where nothing was revoked at all.
    pub(super) fn issuer<'a>(&self, text: &'a str) -> Option<Issuer<'a>> {
        (self.total.load(Relaxed) > 0).then(|| self.seeds.issuer(text))
    }

    /// The number of an entry, if there is one.
    pub(super) fn find(&self, kind: Kind, issuer: Issuer<'_>, id: &str) -> Option<u64> {
        if !self.holds_any(kind) {
            return None;
        }
        let tables = self.tables.get()?;
        let place = self.seeds.place(kind, issuer, id);
        if !tables.filter.may_hold(place) {
            return None;
        }
        tables.find(Key { place, proof: self.seeds.proof(kind, issuer, id) })
    }

    /// The same for a name that is asked for again and again.
    pub(super) fn find_key(&self, key: Key) -> Option<u64> {
        let tables = self.tables.get().filter(|_| self.holds_any(key.kind()))?;
        tables.filter.may_hold(key.place).then(|| tables.find(key))?
    }

    pub(super) fn key(&self, kind: Kind, issuer: &str, id: &str) -> Key {
        self.seeds.key(kind, self.seeds.issuer(issuer), id)
    }

    /// Adds an entry, or merges it with the one of the same name: the later end, the higher number.
    pub(super) fn insert(&self, entry: &Revocation) -> Result<(), Full> {
        let (kind, id, number) = match &entry.grain {
            Grain::Token(id) => (Kind::Token, id, 0),
            Grain::Session(id) => (Kind::Session, id, 0),
            Grain::Generation { subject, generation } => (Kind::Generation, subject, *generation),
            Grain::Watermark { subject, issued_at } => (Kind::Watermark, subject, issued_at.as_millis()),
        };
        let Key { place, proof } = self.key(kind, &entry.issuer, id);
        // Rounded up, and never that of a free slot.
        let until = seconds(entry.until.as_millis().div_ceil(1000)).max(1);
        let now = self.moment();
        let until_tick = now.ticks.saturating_add(until.saturating_sub(now.wall));
        let slot = Slot { place, proof, number, until, until_tick };
        let tables = self.tables.get_or_init(|| Tables::new(self.capacity));
        self.put(tables, slot, now).or_else(|Full| {
            self.sweep_all(tables, now);
            self.put(tables, slot, now)
        })
    }

    fn moment(&self) -> Moment {
        let ticks = self.clock.instant().saturating_duration_since(self.made).as_secs();
        Moment { wall: seconds(Timestamp::from(self.clock.now()).as_secs()), ticks: seconds(ticks) }
    }

    fn put(&self, tables: &Tables, slot: Slot, now: Moment) -> Result<(), Full> {
        let shard = shard(slot.place);
        let mut table = tables.shards.get(shard).ok_or(Full)?.write().unwrap_or_else(PoisonError::into_inner);
        if table.swept_before(now) >= SWEEP_EVERY && table.needs_sweep(now) {
            self.rebuild(tables, shard, &mut table, now);
        }
        if let Some(same) = table.find_mut(slot.key()) {
            same.until = slot.until.max(same.until);
            same.until_tick = slot.until_tick.max(same.until_tick);
            same.number = slot.number.max(same.number);
            return Ok(());
        }
        let more = |total: usize| (total < self.capacity).then_some(total + 1);
        self.total.fetch_update(Relaxed, Relaxed, more).map_err(|_| Full)?;
        if table.is_full() {
            self.rebuild(tables, shard, &mut table, now);
        }
        if let Some(held) = self.held.get(slot.key().kind() as usize) {
            held.fetch_add(1, Relaxed);
        }
        table.add(slot);
        tables.filter.add(slot.place);
        Ok(())
    }

    fn sweep_all(&self, tables: &Tables, now: Moment) {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.replace(now.ticks) == Some(now.ticks) {
            return;
        }
        for (shard, table) in tables.shards.iter().enumerate() {
            let mut table = table.write().unwrap_or_else(PoisonError::into_inner);
            if table.needs_sweep(now) {
                self.rebuild(tables, shard, &mut table, now);
            }
        }
    }

    fn rebuild(&self, tables: &Tables, shard: usize, table: &mut Table, now: Moment) {
        let over = table.rebuild(now);
        if over == [0; Kind::ALL.len()] {
            return;
        }
        tables.filter.rewrite(shard, table.entries().map(|slot| slot.place));
        for (held, over) in self.held.iter().zip(over) {
            held.fetch_sub(over, Relaxed);
        }
        self.total.fetch_sub(over.iter().sum(), Relaxed);
    }

    fn holds_any(&self, kind: Kind) -> bool {
        self.held.get(kind as usize).is_some_and(|held| held.load(Relaxed) > 0)
    }
}

impl Tables {
    fn new(capacity: usize) -> Self {
        Self { filter: Filter::new(capacity), shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }

    fn find(&self, key: Key) -> Option<u64> {
        let table = self.shards.get(shard(key.place))?.read().unwrap_or_else(PoisonError::into_inner);
        table.find(key).map(|slot| slot.number)
    }
}

/// Those since 1970 fit until 2106.
fn seconds(seconds: u64) -> u32 {
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

impl fmt::Debug for Set {
    /// Prints counts only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counts = f.debug_struct("Revocations");
        for (kind, held) in Kind::ALL.iter().zip(&self.held) {
            let name = match kind {
                Kind::Token => "tokens",
                Kind::Session => "sessions",
                Kind::Generation => "generations",
                Kind::Watermark => "watermarks",
            };
            counts.field(name, &held.load(Relaxed));
        }
        counts.field("capacity", &self.capacity).finish()
    }
}
