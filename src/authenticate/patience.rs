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

    /// Waits, but not for ever. When time is up, the request looks once more: an issuer that was found before
    /// serves on where it cannot be looked up.
    pub(super) fn wait(
        &mut self,
        waiting: Waiting,
    ) -> impl Future<Output = Result<(), AuthError>> + Send + use<> {
        let Self { until, rounds } = *self;
        self.rounds = rounds.saturating_sub(1);
        async move {
            if rounds == 0 || Instant::now() >= until {
                return Err(waiting.late);
            }
            if Handle::try_current().is_err() {
                event!(
                    error,
                    "keys or an issuer have to be asked for, and no tokio runtime is there to wait in"
                );
                return Err(waiting.late);
            }
            timeout_at(until, waiting.over).await.unwrap_or(Ok(()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::error::Code;
    use crate::verify::Over;

    #[tokio::test(start_paused = true)]
    async fn who_waited_in_vain_looks_once_more_and_waits_no_longer() {
        let late = Err(AuthError::from(Code::IssuersUnavailable));
        let wait = |patience: &mut Patience, over: Over| {
            patience.wait(Waiting { over, late: Code::IssuersUnavailable.into() })
        };
        let (start, mut patience) = (Instant::now(), Patience::new());
        assert_eq!(wait(&mut patience, Box::pin(pending())).await, Ok(()));
        assert_eq!(start.elapsed().as_secs(), LIMIT.as_secs());
        assert_eq!(wait(&mut patience, Box::pin(ready(Ok(())))).await, late);
        assert_eq!(start.elapsed().as_secs(), LIMIT.as_secs());

        let mut patience = Patience::new();
        for _ in 0..ROUNDS {
            assert_eq!(wait(&mut patience, Box::pin(ready(Ok(())))).await, Ok(()));
        }
        assert_eq!(wait(&mut patience, Box::pin(ready(Ok(())))).await, late);
    }
}
