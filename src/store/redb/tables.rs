//! What is in the file, and what is done with it.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use redb::{Database, ReadTransaction, ReadableTable, Table, TableDefinition, WriteTransaction};

use super::{
    super::rules::{self, Subject},
    fault::{Fault, Problem},
};
use crate::{
    clock::Timestamp,
    revocation::Revocation,
    session::{LISTED, Rotation, SessionRecord, Version},
    token::{SessionId, SubjectTag},
};

pub(super) type Sessions = TableDefinition<'static, &'static [u8; 24], &'static [u8]>;
pub(super) type Subjects = TableDefinition<'static, &'static [u8; 9], (u64, u64)>;

/// Numbers by name.
pub(super) const META: TableDefinition<'static, &str, u64> = TableDefinition::new("meta");
/// Records in JSON. The names begin with the subject, so that what belongs to it lies together.
pub(super) const SESSIONS: Sessions = TableDefinition::new("sessions");
/// When each session that has not ended was last used, in milliseconds, and its generation: a list reads no record
/// that it leaves out.
pub(super) const LIVING: TableDefinition<'static, &'static [u8; 24], (u64, u64)> =
    TableDefinition::new("living");
/// Which session expires when, in milliseconds; in the order in which they may be forgotten.
const EXPIRIES: TableDefinition<'static, (u64, &[u8; 24]), ()> = TableDefinition::new("expiries");
/// Generation and floor.
pub(super) const SUBJECTS: Subjects = TableDefinition::new("subjects");
/// Until when, and the revocation in JSON: one that is added twice is there once.
pub(super) const REVOCATIONS: TableDefinition<'static, (u64, &[u8]), ()> =
    TableDefinition::new("revocations");
/// Version and blob.
pub(super) const KEYS: TableDefinition<'static, &str, (u64, &[u8])> = TableDefinition::new("keys");

/// The file's format, in [`META`].
pub(super) const FORMAT: &str = "format";
/// The store's time at the last commit, in [`META`].
const LAST_WRITE: &str = "last_write";

/// The last time that nobody had the file open, in [`META`].
const AWAY_FROM: &str = "away_from";
const AWAY_UNTIL: &str = "away_until";

/// Two times away that are no further apart count as one: twice the longest window of a rotation.
const NEAR: Duration = Duration::from_secs(120);

/// The tables of one commit.
pub(super) struct Tables<'t> {
    meta: Table<'t, &'static str, u64>,
    sessions: Table<'t, &'static [u8; 24], &'static [u8]>,
    living: Table<'t, &'static [u8; 24], (u64, u64)>,
    expiries: Table<'t, (u64, &'static [u8; 24]), ()>,
    subjects: Table<'t, &'static [u8; 9], (u64, u64)>,
    revocations: Table<'t, (u64, &'static [u8]), ()>,
    keys: Table<'t, &'static str, (u64, &'static [u8])>,
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Self, redb::Error> {
        Ok(Self {
            meta: transaction.open_table(META)?,
            sessions: transaction.open_table(SESSIONS)?,
            living: transaction.open_table(LIVING)?,
            expiries: transaction.open_table(EXPIRIES)?,
            subjects: transaction.open_table(SUBJECTS)?,
            revocations: transaction.open_table(REVOCATIONS)?,
            keys: transaction.open_table(KEYS)?,
        })
    }

    pub(super) fn insert(
        &mut self,
        record: &SessionRecord,
        generation: u64,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let id = record.id();
        let before = subject(&self.subjects, id.subject())?;
        if before.generation != generation || self.sessions.get(id.as_bytes())?.is_some() {
            return Ok(false);
        }
        let after = before.inserted(record.generation(), now);
        if after != before {
            self.subjects.insert(id.subject().as_bytes(), (after.generation, after.floor))?;
        }
        self.put(record)?;
        self.expiries.insert((record.expires_at().as_millis(), id.as_bytes()), ())?;
        Ok(true)
    }

    pub(super) fn swap(
        &mut self,
        id: SessionId,
        expected: Version,
        rotation: &Rotation,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Fault> {
        match session(&self.sessions, id, now)? {
            Some(record) if record.version() == expected && !record.is_ended() => {
                self.put(&record.rotated(rotation, now))?;
                Ok(Some(now))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn end(&mut self, id: SessionId, now: Timestamp) -> Result<(), Fault> {
        match session(&self.sessions, id, now)? {
            Some(record) if !record.is_ended() => self.put(&record.ended()),
            _ => Ok(()),
        }
    }

    fn put(&mut self, record: &SessionRecord) -> Result<(), Fault> {
        let bytes = serde_json::to_vec(record).map_err(|_| Problem::Session)?;
        let id = record.id();
        self.sessions.insert(id.as_bytes(), &*bytes)?;
        if record.is_ended() {
            self.living.remove(id.as_bytes())?;
        } else {
            self.living.insert(id.as_bytes(), (record.last_used().as_millis(), record.generation()))?;
        }
        Ok(())
    }

    pub(super) fn raise(&mut self, tag: SubjectTag, held: u64, now: Timestamp) -> Result<u64, Fault> {
        let before = subject(&self.subjects, tag)?;
        let after = before.raised(held, now).ok_or(Problem::LastGeneration)?;
        self.subjects.insert(tag.as_bytes(), (after.generation, after.floor))?;
        Ok(after.generation)
    }

    pub(super) fn append(&mut self, entry: &Revocation) -> Result<(), Fault> {
        let bytes = serde_json::to_vec(entry).map_err(|_| Problem::Revocation)?;
        self.revocations.insert((entry.until.as_millis(), &*bytes), ())?;
        Ok(())
    }

    pub(super) fn swap_keys(&mut self, name: &str, expected: u64, blob: &[u8]) -> Result<bool, Fault> {
        let version = self.keys.get(name)?.map_or(0, |entry| entry.value().0);
        if version != expected {
            return Ok(false);
        }
        self.keys.insert(name, (version.saturating_add(1), blob))?;
        Ok(true)
    }

    /// Notes when this commit was made.
    pub(super) fn stamp(&mut self, now: Timestamp) -> Result<(), redb::Error> {
        self.meta.insert(LAST_WRITE, now.as_millis())?;
        Ok(())
    }

    /// Forgets what has expired, at most so many of each kind, so that no commit takes long for it.
    pub(super) fn sweep(&mut self, now: Timestamp, limit: usize) -> Result<(), redb::Error> {
        for _ in 0..limit {
            let first = self.expiries.first()?.map(|(key, _)| (key.value().0, *key.value().1));
            let Some((expires, id)) = first.filter(|(expires, _)| *expires <= now.as_millis()) else { break };
            self.expiries.remove((expires, &id))?;
            self.sessions.remove(&id)?;
            self.living.remove(&id)?;
            let tag = SessionId::from_bytes(id).subject();
            if subject(&self.subjects, tag)?.is_forgettable(now) {
                self.subjects.remove(tag.as_bytes())?;
            }
        }
        for _ in 0..limit {
            let first = self.revocations.first()?.map(|(key, _)| key.value().0);
            if first.is_none_or(|until| until > now.as_millis()) {
                break;
            }
            self.revocations.pop_first()?;
        }
        Ok(())
    }
}

pub(super) fn subject(
    subjects: &impl ReadableTable<&'static [u8; 9], (u64, u64)>,
    tag: SubjectTag,
) -> Result<Subject, redb::StorageError> {
    let entry = subjects.get(tag.as_bytes())?.map(|entry| entry.value());
    Ok(entry.map_or(Subject::default(), |(generation, floor)| Subject { generation, floor }))
}

/// The record, unless its time is over.
pub(super) fn session(
    sessions: &impl ReadableTable<&'static [u8; 24], &'static [u8]>,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<SessionRecord>, Fault> {
    let Some(entry) = sessions.get(id.as_bytes())? else { return Ok(None) };
    let record = decode(&id, entry.value())?;
    Ok(Some(record).filter(|record| !rules::is_expired(record, now)))
}

/// The sessions that the subject still has; of many those that were used last.
pub(super) fn newest(
    living: &impl ReadableTable<&'static [u8; 24], (u64, u64)>,
    tag: SubjectTag,
    generation: u64,
) -> Result<Vec<SessionId>, Fault> {
    let (first, last) = (SessionId::first(tag), SessionId::last(tag));
    let mut newest = BinaryHeap::new();
    for entry in living.range::<&[u8; 24]>(first.as_bytes()..=last.as_bytes())? {
        let (id, value) = entry?;
        let (last_used, of) = value.value();
        if of >= generation {
            newest.push(Reverse((last_used, *id.value())));
        }
        if newest.len() > LISTED {
            newest.pop();
        }
    }
    Ok(newest.into_iter().map(|Reverse((_, id))| SessionId::from_bytes(id)).collect())
}

/// A record at another session's place is as wrong as one that cannot be read.
fn decode(id: &SessionId, bytes: &[u8]) -> Result<SessionRecord, Problem> {
    let record: SessionRecord = serde_json::from_slice(bytes).map_err(|_| Problem::Session)?;
    if record.id() == *id { Ok(record) } else { Err(Problem::Session) }
}

/// All revocations that are there: who loads them goes by a clock of its own.
pub(super) fn revocations(transaction: &ReadTransaction) -> Result<Vec<Revocation>, Fault> {
    let mut found = Vec::new();
    for entry in transaction.open_table(REVOCATIONS)?.iter()? {
        let (key, _) = entry?;
        found.push(serde_json::from_slice(key.value().1).map_err(|_| Problem::Revocation)?);
    }
    Ok(found)
}

pub(super) fn last_write(transaction: &ReadTransaction) -> Result<Option<Timestamp>, redb::Error> {
    let entry = transaction.open_table(META)?.get(LAST_WRITE)?;
    Ok(entry.map(|entry| Timestamp::from_millis(entry.value())))
}

/// Notes that the file was away from its last write until now, and tells since when: since the one before it,
/// if that was over only just now, because a client that it kept waiting may not have got through meanwhile.
pub(super) fn note_absence(
    database: &Database,
    last_write: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, redb::Error> {
    let transaction = database.begin_write()?;
    let mut meta = transaction.open_table(META)?;
    let noted =
        |name| Ok::<_, redb::Error>(meta.get(name)?.map(|entry| Timestamp::from_millis(entry.value())));
    let from = match (noted(AWAY_FROM)?, noted(AWAY_UNTIL)?) {
        (Some(from), Some(until)) if last_write.since(until) < NEAR => from.min(last_write),
        _ => last_write,
    };
    meta.insert(AWAY_FROM, from.as_millis())?;
    meta.insert(AWAY_UNTIL, now.as_millis())?;
    drop(meta);
    transaction.commit()?;
    Ok(from)
}
