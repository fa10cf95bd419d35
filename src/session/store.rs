//! Where sessions are kept.

use super::record::{Rotation, SessionRecord, Version};
use crate::{
    clock::Timestamp,
    error::StoreError,
    token::{SessionId, SubjectTag},
};

/// Keeps sessions, and a generation for each subject.
///
/// The store has the clock: each answer that needs a time brings the store's own, so that nodes whose clocks
/// differ agree. That time never goes back, and where the clock under it is set back, it goes on by what passes:
/// were it to stand still, no window would close. Every operation happens wholly or not at all, and what is
/// acknowledged survives a crash,
/// where the store is durable. `jwtower::testing` has a suite that checks an implementation.
pub trait SessionStore: Send + Sync + 'static {
    /// Whether sessions survive a restart.
    fn is_durable(&self) -> bool;

    /// The store's time, and when it was last written before it was opened.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn open_sessions(&self) -> impl Future<Output = Result<Opened, StoreError>> + Send;

    /// Reads a session and its subject's generation together.
    ///
    /// An ended session's record is returned too, until it expires; an expired one may be missing.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn load_session(&self, id: SessionId) -> impl Future<Output = Result<Loaded, StoreError>> + Send;

    /// The subject's generation, 0 where it never moved.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn load_generation(
        &self,
        subject: SubjectTag,
    ) -> impl Future<Output = Result<Generation, StoreError>> + Send;

    /// Keeps a new session if the generation of its subject is still `generation` and no other session has its
    /// name; tells whether it did.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn insert_session(
        &self,
        record: &SessionRecord,
        generation: u64,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Rotates a session if its version is still `expected` and it has not ended. Returns the store's time,
    /// which is the record's new `rotated at`, or nothing where another request was faster or the record is
    /// missing.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn swap_session(
        &self,
        id: SessionId,
        expected: Version,
        rotation: &Rotation,
    ) -> impl Future<Output = Result<Option<Timestamp>, StoreError>> + Send;

    /// Ends a session whatever its version; a missing one is no fault.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn end_session(&self, id: SessionId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Raises the subject's generation above the stored one, above `held`, above that of every session of the
    /// subject that was ever inserted, and to the store's milliseconds at least. Returns the new one.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn raise_generation(
        &self,
        subject: SubjectTag,
        held: u64,
    ) -> impl Future<Output = Result<Generation, StoreError>> + Send;

    /// The sessions of a subject that have neither ended nor expired and are of its current generation, in
    /// any order. Of more than a thousand, those that were used last are enough.
    ///
    /// Anybody who can log in can make many sessions: a list must not hold up what others ask, and had better not
    /// read what has ended.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    fn list_sessions(
        &self,
        subject: SubjectTag,
    ) -> impl Future<Output = Result<Vec<SessionRecord>, StoreError>> + Send;
}

/// How many sessions a list has at most.
pub(crate) const LISTED: usize = 1000;

/// What a store tells when it is taken into use.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// The store's time.
    pub now: Timestamp,
    /// When it was last written before it was opened, where it was not there meanwhile: a window that was
    /// open then is opened again, because a client may have lost its answer.
    pub last_write: Option<Timestamp>,
}

/// A session and its subject's generation.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The session, if the store knows it.
    pub record: Option<SessionRecord>,
    /// Of its subject.
    pub generation: u64,
    /// The store's time.
    pub now: Timestamp,
}

/// The generation of a subject; sessions of an earlier one are logged out.
#[derive(Clone, Copy, Debug)]
pub struct Generation {
    /// The number.
    pub value: u64,
    /// The store's time.
    pub now: Timestamp,
}
