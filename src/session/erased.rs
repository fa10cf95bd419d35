//! Stores behind one type, so that [`Sessions`](super::Sessions) has no type parameter.

use std::pin::Pin;

use super::{
    record::{Rotation, SessionRecord, Version},
    store::{Generation, Loaded, SessionStore},
};
use crate::{
    clock::Timestamp,
    error::StoreError,
    token::{SessionId, SubjectTag},
};

pub(super) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// [`SessionStore`] with boxed futures.
pub(super) trait DynSessionStore: Send + Sync + 'static {
    fn load(&self, id: SessionId) -> Answer<'_, Loaded>;
    fn generation(&self, subject: SubjectTag) -> Answer<'_, Generation>;
    fn insert<'a>(&'a self, record: &'a SessionRecord, generation: u64) -> Answer<'a, bool>;
    fn swap<'a>(
        &'a self,
        id: SessionId,
        expected: Version,
        rotation: &'a Rotation,
    ) -> Answer<'a, Option<Timestamp>>;
    fn end(&self, id: SessionId) -> Answer<'_, ()>;
    fn raise(&self, subject: SubjectTag, held: u64) -> Answer<'_, Generation>;
    fn list(&self, subject: SubjectTag) -> Answer<'_, Vec<SessionRecord>>;
}

impl<S: SessionStore> DynSessionStore for S {
    fn load(&self, id: SessionId) -> Answer<'_, Loaded> {
        Box::pin(self.load_session(id))
    }

    fn generation(&self, subject: SubjectTag) -> Answer<'_, Generation> {
        Box::pin(self.load_generation(subject))
    }

    fn insert<'a>(&'a self, record: &'a SessionRecord, generation: u64) -> Answer<'a, bool> {
        Box::pin(self.insert_session(record, generation))
    }

    fn swap<'a>(
        &'a self,
        id: SessionId,
        expected: Version,
        rotation: &'a Rotation,
    ) -> Answer<'a, Option<Timestamp>> {
        Box::pin(self.swap_session(id, expected, rotation))
    }

    fn end(&self, id: SessionId) -> Answer<'_, ()> {
        Box::pin(self.end_session(id))
    }

    fn raise(&self, subject: SubjectTag, held: u64) -> Answer<'_, Generation> {
        Box::pin(self.raise_generation(subject, held))
    }

    fn list(&self, subject: SubjectTag) -> Answer<'_, Vec<SessionRecord>> {
        Box::pin(self.list_sessions(subject))
    }
}
