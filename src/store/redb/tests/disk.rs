//! A disk in memory that can be full, and fail.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use redb::{StorageBackend, backends::InMemoryBackend};

use super::super::{file, store::RedbStore, threads::Threads};
use crate::{clock::Clock, error::StoreError};

/// What stays when a store lets go of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    memory: Arc<InMemoryBackend>,
    full: Arc<AtomicBool>,
    unreadable: Arc<AtomicBool>,
}

impl Disk {
    pub(super) fn fill(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
    }

    pub(super) fn lose(&self, unreadable: bool) {
        self.unreadable.store(unreadable, Ordering::SeqCst);
    }

    pub(super) async fn store(&self, clock: impl Clock) -> Result<RedbStore, StoreError> {
        let disk = self.clone();
        let open = move || file::open_backend(disk.clone()).map_err(|error| StoreError::new("open", error));
        Ok(RedbStore { threads: Arc::new(Threads::start(Arc::new(clock), open).await?) })
    }

    fn write_to(&self) -> io::Result<&InMemoryBackend> {
        if self.full.load(Ordering::SeqCst) {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(&self.memory)
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.memory.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if self.unreadable.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk does not read"));
        }
        self.memory.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.write_to()?.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.write_to()?.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.write_to()?.write(offset, data)
    }
}
