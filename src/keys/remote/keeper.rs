//! The one task that fetches for a set, for as long as the set is in use.

use std::{
    sync::{Arc, Weak},
    time::SystemTime,
};

use bytes::Bytes;
use tokio::{
    sync::Notify,
    time::{Instant, timeout, timeout_at},
};

use super::{
    FetchError,
    answer::{self, Keys},
    discovery,
    held::Held,
    place::Place,
    shared::{FETCH, Plan, Shared},
    task::End,
};
use crate::{
    keys::{KeySet, KeyStatus},
    telemetry::{count, event, gauge},
};

/// Fetches when a fetch is due or asked for, until the set is dropped or another task does it.
pub(super) async fn keep(shared: Weak<Shared>, wake: Arc<Notify>, end: End) {
    let Some(source) = shared.upgrade().map(|shared| shared.place.to_string()) else { return };
    let numbers = Numbers { shared: Weak::clone(&shared), source };
    let mut body = None;
    while let Some(shared) = shared.upgrade() {
        match shared.plan(end.number, Instant::now()) {
            Plan::End => return,
            Plan::Fetch(held) => {
                let outcome = fetch(&shared, held.map(|held| *held), &mut body).await;
                report(&shared.place, &outcome);
                shared.settle(end.number, outcome);
                numbers.tell(&shared.status(None));
            }
            Plan::Sleep(until) => {
                drop(shared);
                // Early or late, what is due is looked up again.
                let _ = timeout_at(until, wake.notified()).await;
            }
        }
    }
}

/// Fetches the set that belongs to the place now, in all within a few seconds.
async fn fetch(
    shared: &Shared,
    held: Option<(KeySet, Held)>,
    body: &mut Option<Bytes>,
) -> Result<(KeySet, Held), FetchError> {
    let late = |_| FetchError::new(&shared.place, format!("there were no keys within {FETCH:?}"));
    timeout(FETCH, attempt(shared, held, body)).await.map_err(late)?
}

async fn attempt(
    shared: &Shared,
    held: Option<(KeySet, Held)>,
    body: &mut Option<Bytes>,
) -> Result<(KeySet, Held), FetchError> {
    let url = match &shared.place {
        Place::Url(url) => url.clone(),
        // Each time: the keys may have moved, and the document is small.
        Place::Issuer(issuer) => discovery::locate(&*shared.fetch, issuer).await?,
    };
    let answer = answer::get_keys(&*shared.fetch, &url, held.as_ref().map(|(_, held)| held)).await?;
    match (answer, held) {
        (Keys::Unchanged { held }, Some((keys, _))) => Ok((keys, held)),
        // The same bytes are the same keys; what was said of those that are not used need not be repeated.
        (Keys::New { json, held }, Some((keys, _))) if body.as_ref() == Some(&json) => Ok((keys, held)),
        (Keys::New { json, held }, _) => {
            let keys = KeySet::from_jwks(&json).map_err(|error| FetchError::new(&url, error.to_string()))?;
            *body = Some(json);
            Ok((keys, held))
        }
        (Keys::Unchanged { .. }, None) => Err(FetchError::new(&url, "confirmed a set that nobody has")),
    }
}

fn report(place: &Place, outcome: &Result<(KeySet, Held), FetchError>) {
    let outcome = match outcome {
        Ok((keys, _)) => {
            event!(debug, "keys were fetched", source = place, keys = keys.len());
            "success"
        }
        Err(error) => {
            event!(warn, "keys could not be fetched", source = place, error = error);
            "failure"
        }
    };
    count!("jwtower_key_fetches_total", source = place, outcome = outcome);
}

/// What the gauges say of a set; when it is dropped, that it has no keys.
struct Numbers {
    shared: Weak<Shared>,
    source: String,
}

impl Numbers {
    fn tell(&self, status: &KeyStatus) {
        let source = &self.source;
        gauge!("jwtower_keys", status.keys as f64, source = source);
        gauge!("jwtower_keys_fetched_timestamp_seconds", seconds(status.fetched), source = source);
        gauge!("jwtower_keys_next_refresh_timestamp_seconds", seconds(status.next_refresh), source = source);
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        if self.shared.strong_count() == 0 {
            gauge!("jwtower_keys", 0.0, source = self.source);
        }
    }
}

fn seconds(time: Option<SystemTime>) -> f64 {
    let age = time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    age.unwrap_or_default().as_secs_f64()
}
