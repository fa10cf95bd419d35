//! Why an operation on the file failed, and whom it concerns.

use std::sync::Arc;

use redb::{CommitError, SetDurabilityError, StorageError, TableError, TransactionError};

use crate::error::StoreError;

#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// The file itself: nothing of what was to be committed together is written.
    File(Arc<redb::Error>),
    /// Anything else; while tables are changed it concerns this operation alone, which changed nothing.
    Other(Problem),
}

/// What is no error of redb's.
#[derive(thiserror::Error, Clone, Copy, Debug)]
pub(super) enum Problem {
    #[error("the record of the session is damaged")]
    Session,
    #[error("a revocation is damaged")]
    Revocation,
    #[error("there is no higher number")]
    LastGeneration,
    #[error("its file is closed after an earlier failure, and will be opened again")]
    Closed,
    #[error("its thread panicked")]
    Panicked,
}

impl Fault {
    /// What the caller gets to see.
    pub(super) fn of(self, operation: &'static str) -> StoreError {
        match self {
            Self::File(error) => StoreError::new(operation, error),
            Self::Other(problem) => StoreError::new(operation, problem),
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

/// redb has an error type for each step.
macro_rules! of_the_file {
    ($($error:ty),+) => {
        $(impl From<$error> for Fault {
            fn from(error: $error) -> Self {
                Self::File(Arc::new(error.into()))
            }
        })+
    };
}

of_the_file!(redb::Error, CommitError, SetDurabilityError, StorageError, TableError, TransactionError);
