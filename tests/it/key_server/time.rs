//! Time that passes when a test says so. Sockets and everything else go on as ever.

use std::{future::Future, time::Duration};

use jwtower_tests::hostile::{Hostile, KEYS};
use tokio::time::{advance, pause, resume, sleep, timeout};

/// More than the wait after a first failure.
pub(super) const BACKOFF: Duration = Duration::from_secs(3);

/// Lets time pass at once.
pub(super) async fn pass(time: Duration) {
    pause();
    advance(time).await;
    resume();
}

/// Waits until the keys were asked for so often.
pub(super) async fn asked(server: &Hostile, times: usize) {
    let waiting = async {
        while server.requests(KEYS) < times {
            sleep(Duration::from_millis(2)).await;
        }
    };
    let late = timeout(Duration::from_secs(10), waiting).await;
    assert!(late.is_ok(), "{} requests instead of {times}", server.requests(KEYS));
}

/// The outcome of something that waits for nothing but time, which passes as fast as it can.
pub(super) async fn without_delay<T>(future: impl Future<Output = T>) -> T {
    pause();
    let outcome = future.await;
    resume();
    outcome
}
