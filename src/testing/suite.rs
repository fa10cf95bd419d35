//! The suite, as an implementor of a store calls it.

use super::{
    clock::ManualClock,
    fixture::{Bench, same},
    keys, races, revocations, sessions, subjects,
};
use crate::{issuer::KeyStore, revocation::RevocationStore, session::SessionStore};

/// Checks a store that is all three: [`SessionStore`], [`RevocationStore`] and [`KeyStore`].
///
/// `make` is called for each group of rules. It gives a new, empty store whose time is that of the clock. Call
/// this in tokio's multi-threaded runtime: some rules are about what happens at the same time.
///
/// ```
/// use jwtower::{store::MemoryStore, testing::check_store};
///
/// # #[tokio::main] async fn main() {
/// check_store(async |clock| MemoryStore::with_clock(clock)).await;
/// # }
/// ```
///
/// # Panics
///
/// When the store breaks a rule; the message says which, and what was seen.
pub async fn check_store<S>(make: impl AsyncFn(ManualClock) -> S)
where
    S: SessionStore + RevocationStore + KeyStore,
{
    let Bench { store, .. } = Bench::new(&make).await;
    let rule = "sessions and keys are equally durable";
    same(KeyStore::is_durable(&*store), SessionStore::is_durable(&*store), rule);
    drop(store);
    check_session_store(&make).await;
    check_revocation_store(&make).await;
    check_key_store(&make).await;
}

/// Checks a [`SessionStore`]; see [`check_store`].
///
/// # Panics
///
/// When the store breaks a rule; the message says which, and what was seen.
pub async fn check_session_store<S: SessionStore>(make: impl AsyncFn(ManualClock) -> S) {
    sessions::check(&Bench::new(&make).await).await;
    sessions::check_time(&Bench::new(&make).await).await;
    subjects::check(&Bench::new(&make).await).await;
    subjects::check_time(&Bench::new(&make).await).await;
    races::check_sessions(&Bench::new(&make).await).await;
}

/// Checks a [`RevocationStore`]; see [`check_store`].
///
/// # Panics
///
/// When the store breaks a rule; the message says which, and what was seen.
pub async fn check_revocation_store<S: RevocationStore>(make: impl AsyncFn(ManualClock) -> S) {
    revocations::check(&Bench::new(&make).await).await;
}

/// Checks a [`KeyStore`]; see [`check_store`].
///
/// # Panics
///
/// When the store breaks a rule; the message says which, and what was seen.
pub async fn check_key_store<S: KeyStore>(make: impl AsyncFn(ManualClock) -> S) {
    keys::check(&Bench::new(&make).await).await;
    races::check_keys(&Bench::new(&make).await).await;
}
