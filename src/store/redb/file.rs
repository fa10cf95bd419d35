//! Opening the file.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

use redb::{
    Database, DatabaseError, ReadableDatabase, StorageBackend, StorageError, TableHandle,
    backends::FileBackend,
};

use super::tables::{self, META};
use crate::{clock::Timestamp, error::StoreError};

/// The one format there is; a file of another one is not touched.
const FORMAT: u64 = 2;

/// Bytes of the file that are kept in memory; the operating system keeps more.
#[cfg(not(test))]
const CACHE: usize = 64 * 1024 * 1024;
/// Tests read from their disks.
#[cfg(test)]
const CACHE: usize = 0;

const OPEN: &str = "open its file";

/// An open database and the time of its last commit, if it had one.
pub(super) struct Opened {
    pub(super) database: Database,
    pub(super) last_write: Option<Timestamp>,
}

pub(super) fn open(path: &Path) -> Result<Opened, StoreError> {
    let refused = |problem: String| StoreError::new(OPEN, format!("{}: {problem}", path.display()));
    let file = open_file(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => refused("its directory does not exist".to_owned()),
        _ => refused(error.to_string()),
    })?;
    let backend = FileBackend::new(file).map_err(|error| refused(error.to_string()))?;
    open_backend(backend).map_err(|error| refused(error.to_string()))
}

fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    for_the_owner_only(&mut options);
    let file = options.open(path)?;
    if file.metadata()?.len() == 0 {
        keep_entry(path)?;
    }
    Ok(file)
}

/// What a created file is readable for; one that is there keeps its permissions.
#[cfg(unix)]
fn for_the_owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;

    options.mode(0o600);
}

#[cfg(not(unix))]
fn for_the_owner_only(_: &mut OpenOptions) {}

/// Writes the directory to the disk: a file that was synced is lost all the same while its name is not there.
#[cfg(unix)]
fn keep_entry(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn keep_entry(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Why a database is not taken into use.
#[derive(thiserror::Error, Debug)]
pub(super) enum Refusal {
    #[error("another process, or this one, has it open")]
    InUse,
    #[error("it is no redb database")]
    NoDatabase,
    #[error("it is a redb database of another application")]
    Foreign,
    #[error("its format is {0}, and this version of jwtower reads {expected} only", expected = FORMAT)]
    Format(u64),
    #[error("{0}")]
    Other(redb::Error),
}

/// Opens a database, which is created where there is nothing yet.
pub(super) fn open_backend(backend: impl StorageBackend) -> Result<Opened, Refusal> {
    let database = Database::builder().set_cache_size(CACHE).create_with_backend(backend).map_err(
        |error| match error {
            DatabaseError::DatabaseAlreadyOpen => Refusal::InUse,
            DatabaseError::Storage(StorageError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                Refusal::NoDatabase
            }
            error => Refusal::Other(error.into()),
        },
    )?;
    let last_write = match format(&database)? {
        None => {
            prepare(&database)?;
            None
        }
        Some(FORMAT) => tables::last_write(&database.begin_read()?)?,
        Some(other) => return Err(Refusal::Format(other)),
    };
    Ok(Opened { database, last_write })
}

/// The format of the file; nothing where it is empty.
fn format(database: &Database) -> Result<Option<u64>, Refusal> {
    let transaction = database.begin_read()?;
    let names: Vec<String> = transaction.list_tables()?.map(|table| table.name().to_owned()).collect();
    if names.is_empty() {
        return Ok(None);
    }
    if !names.iter().any(|name| name == META.name()) {
        return Err(Refusal::Foreign);
    }
    let meta = transaction.open_table(META).map_err(|_| Refusal::Foreign)?;
    let format = meta.get(tables::FORMAT)?.ok_or(Refusal::Foreign)?.value();
    Ok(Some(format))
}

fn prepare(database: &Database) -> Result<(), Refusal> {
    let transaction = database.begin_write()?;
    tables::Tables::open(&transaction)?;
    transaction.open_table(META)?.insert(tables::FORMAT, FORMAT)?;
    Ok(transaction.commit()?)
}

impl<E: Into<redb::Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}
