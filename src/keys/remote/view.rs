//! The keys as one verifier sees them.

use std::{cell, sync::Arc};

use arc_swap::{ArcSwapOption, Guard};
use tokio::time::Instant;

use super::shared::Shared;
use crate::{
    error::{AuthError, Code},
    keys::{
        Algorithm, KeySet,
        elsewhere::{Ask, Elsewhere, KeyStatus, Waiting},
    },
    telemetry::event,
};

/// A cell that is swapped with every fetch, for all algorithms or for some.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) keys: ArcSwapOption<KeySet>,
    algorithms: Option<Vec<Algorithm>>,
}

impl Cell {
    fn limited_to(algorithms: &[Algorithm]) -> Self {
        Self { keys: ArcSwapOption::empty(), algorithms: Some(algorithms.to_vec()) }
    }

    /// The set is too old.
    pub(super) fn clear(&self) {
        self.keys.store(None);
    }

    pub(super) fn swap(&self, keys: &KeySet) {
        let keys = match &self.algorithms {
            None => keys.clone(),
            Some(algorithms) => keys.restricted_to(algorithms),
        };
        if keys.len() == 0 {
            event!(warn, "none of the keys that were fetched is for the algorithms that the verifier lists");
        }
        self.keys.store(Some(Arc::new(keys)));
    }
}

/// A cell, and what fills it.
#[derive(Clone)]
pub(super) struct View {
    pub(super) shared: Arc<Shared>,
    pub(super) cell: Arc<Cell>,
}

impl Elsewhere for View {
    fn current(&self) -> Guard<Option<Arc<KeySet>>> {
        if self.shared.tasks.have_ended() || is_time_to_look_at_the_clock() {
            self.shared.look_at(Instant::now());
        }
        self.cell.keys.load()
    }

    fn ask(&self, kid: Option<&str>, algorithm: Algorithm) -> Ask {
        self.shared.ask(&self.cell, kid, algorithm)
    }

    fn limited_to(&self, algorithms: &[Algorithm]) -> Arc<dyn Elsewhere> {
        let cell = Arc::new(Cell::limited_to(algorithms));
        self.shared.add(&cell);
        Arc::new(Self { shared: Arc::clone(&self.shared), cell })
    }

    fn ready(&self) -> Waiting {
        let shared = Arc::clone(&self.shared);
        let unavailable = AuthError::new(Code::KeysUnavailable);
        let over = Box::pin(async move { shared.ready().await.map_err(|_| unavailable) });
        Waiting { over, late: unavailable }
    }

    fn status(&self) -> KeyStatus {
        self.shared.status(Some(&self.cell))
    }
}

/// Whether this thread looks at the clock this time.
///
/// The task takes a set away that is too old. Only where its runtime stands still does that fall to those who read the
/// set, and for that one look in 32 is enough: reading the clock takes longer than finding a key. Chance decides which
/// one, so that no pattern of requests keeps a set from being looked at.
fn is_time_to_look_at_the_clock() -> bool {
    thread_local! {
        static CHANCE: cell::Cell<u32> = const { cell::Cell::new(0) };
    }
    let next = |chance: u32| chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    CHANCE.try_with(|chance| chance.replace(next(chance.get())) >> 27 == 0).unwrap_or(true)
}
