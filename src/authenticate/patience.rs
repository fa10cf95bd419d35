//! How long a request waits for keys.

use std::time::Duration;

use tokio::{
    runtime::Handle,
    time::{Instant, timeout_at},
};

use crate::{error::AuthError, telemetry::event, verify::Waiting};

/// The longest wait, over all rounds of one request.
const LIMIT: Duration = Duration::from_secs(2);

/// How often a request looks again: for its issuer, for its keys, and once more where they changed meanwhile.
const ROUNDS: u8 = 3;

/// What is left of one request's patience.
#[derive(Debug)]
pub(super) struct Patience {
    until: Instant,
    rounds: u8,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { until: Instant::now() + LIMIT, rounds: ROUNDS }
    }

    /// Waits, but not for ever.
    pub(super) fn wait(
        &mut self,
        waiting: Waiting,
    ) -> impl Future<Output = Result<(), AuthError>> + Send + use<> {
        let Self { until, rounds } = *self;
        self.rounds = rounds.saturating_sub(1);
        async move {
            if rounds == 0 {
                return Err(waiting.late);
            }
            if Handle::try_current().is_err() {
                event!(
                    error,
                    "keys or an issuer have to be asked for, and no tokio runtime is there to wait in"
                );
                return Err(waiting.late);
            }
            timeout_at(until, waiting.over).await.unwrap_or(Err(waiting.late))
        }
    }
}
