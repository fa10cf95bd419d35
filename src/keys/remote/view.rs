//! The keys as one verifier sees them.

use std::sync::Arc;

use arc_swap::{ArcSwapOption, Guard};
use tokio::time::Instant;

use super::shared::Shared;
use crate::{
    error::{AuthError, Code},
    keys::{
        Algorithm, KeySet,
        elsewhere::{Ask, Elsewhere, KeyStatus, Waiting},
    },
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

    pub(super) fn swap(&self, keys: &KeySet) {
        let keys = match &self.algorithms {
            None => keys.clone(),
            Some(algorithms) => keys.restricted_to(algorithms),
        };
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
    fn current(&self) -> Option<Guard<Option<Arc<KeySet>>>> {
        self.shared.attend();
        if self.shared.is_dead(Instant::now()) {
            return None;
        }
        let keys = self.cell.keys.load();
        keys.is_some().then_some(keys)
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
        self.shared.status()
    }
}
