//! The store, as the application sees it.

use std::{fmt, path::Path, sync::Arc};

use super::{
    file,
    tables::{self, KEYS, LIVING, SESSIONS, SUBJECTS},
    threads::Threads,
};
use crate::{
    clock::{Clock, SystemClock, Timestamp},
    error::StoreError,
    issuer::{KeyStore, SealedKeys},
    revocation::{Revocation, RevocationStore},
    session::{Generation, Loaded, Opened, Rotation, SessionRecord, SessionStore, Version},
    token::{SessionId, SubjectTag},
};

/// Sessions, revocations and sealed keys in one file, for one process.
///
/// What is acknowledged is on the disk: a crash right after the answer loses nothing. Writes that come at the
/// same time share a commit. A clone is the same store; when the last one is dropped, the file is closed, and
/// the drop waits for what is being written. After a failure, such as a full disk, operations fail until the
/// file could be opened again, which is tried every second.
///
/// ```
/// use jwtower::store::RedbStore;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("jwtower-example-{}.redb", std::process::id()));
/// let store = RedbStore::open(&path).await?;
/// # drop(store);
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// A file that is created is readable for its owner only. A copy of it logs nobody in and signs nothing, but
/// names who is logged in since when.
#[derive(Clone)]
pub struct RedbStore {
    pub(super) threads: Arc<Threads>,
}

impl RedbStore {
    /// Opens the file, which is created where it is missing.
    ///
    /// # Errors
    ///
    /// When its directory does not exist, it is no database or one of another application or format, another
    /// process has it open, or the operating system refuses; [`source`](std::error::Error::source) says which.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with_clock(path, SystemClock).await
    }

    /// Opens the file; the store's time is this clock's. Where that is set back, stands still, or is behind the
    /// file's last write, the store's time goes on without it.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn open_with_clock(path: impl AsRef<Path>, clock: impl Clock) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let threads = Threads::start(Arc::new(clock), move || file::open(&path)).await?;
        Ok(Self { threads: Arc::new(threads) })
    }
}

impl fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbStore").finish_non_exhaustive()
    }
}

impl SessionStore for RedbStore {
    fn is_durable(&self) -> bool {
        true
    }

    async fn open_sessions(&self) -> Result<Opened, StoreError> {
        let (now, last_write) = self.threads.opened();
        Ok(Opened { now, last_write })
    }

    async fn load_session(&self, id: SessionId) -> Result<Loaded, StoreError> {
        let read = self.threads.read("read a session", move |committed, now| {
            let record = tables::session(&committed.open_table(SESSIONS)?, id, now)?;
            let subject = tables::subject(&committed.open_table(SUBJECTS)?, id.subject())?;
            Ok(Loaded { record, generation: subject.generation, now })
        });
        read.await
    }

    async fn load_generation(&self, subject: SubjectTag) -> Result<Generation, StoreError> {
        let read = self.threads.read("read a generation", move |committed, now| {
            let subject = tables::subject(&committed.open_table(SUBJECTS)?, subject)?;
            Ok(Generation { value: subject.generation, now })
        });
        read.await
    }

    async fn insert_session(&self, record: &SessionRecord, generation: u64) -> Result<bool, StoreError> {
        let record = record.clone();
        self.threads.write("keep a session", move |tables, now| tables.insert(&record, generation, now)).await
    }

    async fn swap_session(
        &self,
        id: SessionId,
        expected: Version,
        rotation: &Rotation,
    ) -> Result<Option<Timestamp>, StoreError> {
        let rotation = rotation.clone();
        let write = self
            .threads
            .write("rotate a session", move |tables, now| tables.swap(id, expected, &rotation, now));
        write.await
    }

    async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.threads.write("end a session", move |tables, now| tables.end(id, now)).await
    }

    async fn raise_generation(&self, subject: SubjectTag, held: u64) -> Result<Generation, StoreError> {
        let write = self.threads.write("raise a generation", move |tables, now| {
            Ok(Generation { value: tables.raise(subject, held, now)?, now })
        });
        write.await
    }

    async fn list_sessions(&self, subject: SubjectTag) -> Result<Vec<SessionRecord>, StoreError> {
        let scan = self.threads.scan("list sessions", move |committed, now| {
            let generation = tables::subject(&committed.open_table(SUBJECTS)?, subject)?.generation;
            let newest = tables::newest(&committed.open_table(LIVING)?, subject, generation)?;
            let sessions = committed.open_table(SESSIONS)?;
            let found = newest.into_iter().map(|id| tables::session(&sessions, id, now));
            found.filter_map(Result::transpose).collect()
        });
        scan.await
    }
}

impl RevocationStore for RedbStore {
    async fn append_revocation(&self, entry: &Revocation) -> Result<(), StoreError> {
        let entry = entry.clone();
        self.threads.write("keep a revocation", move |tables, _| tables.append(&entry)).await
    }

    async fn load_revocations(&self) -> Result<Vec<Revocation>, StoreError> {
        self.threads.scan("read the revocations", |committed, _| tables::revocations(committed)).await
    }
}

impl KeyStore for RedbStore {
    fn is_durable(&self) -> bool {
        true
    }

    async fn load_keys(&self, name: &str) -> Result<SealedKeys, StoreError> {
        let name = name.to_owned();
        let read = self.threads.read("read keys", move |committed, now| {
            let entry = committed.open_table(KEYS)?.get(&*name)?;
            let (version, blob) = entry.map_or((0, Vec::new()), |entry| {
                let (version, blob) = entry.value();
                (version, blob.to_vec())
            });
            Ok(SealedKeys { blob, version, now })
        });
        read.await
    }

    async fn swap_keys(&self, name: &str, expected: u64, blob: Vec<u8>) -> Result<bool, StoreError> {
        let name = name.to_owned();
        let write =
            self.threads.write("write keys", move |tables, _| tables.swap_keys(&name, expected, &blob));
        write.await
    }
}
