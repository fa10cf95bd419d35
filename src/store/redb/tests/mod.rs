//! What a file survives, and what is said where it does not.

mod crash;
mod damage;
mod disk;
mod failures;
mod files;
mod lists;
mod sweeping;

use std::{
    env, fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use crate::{
    clock::Timestamp,
    session::SessionRecord,
    token::{SessionId, SubjectTag},
};

/// A folder that is gone when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder =
            env::temp_dir().join(format!("jwtower-{}", Timestamp::from(SystemTime::now()).as_millis()));
        let folder = folder.with_extension(u64::from_be_bytes(random()).to_string());
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("sessions.redb")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn subject() -> SubjectTag {
    SubjectTag::new(random())
}

/// A session of the subject that lasts an hour.
fn session(subject: SubjectTag, now: Timestamp) -> SessionRecord {
    let id = SessionId::new(subject, random());
    SessionRecord::specimen(id, 0, now, now.plus(Duration::from_secs(3600)))
}

fn now() -> Timestamp {
    SystemTime::now().into()
}

/// The error and all its sources.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
