//! The one task that fetches for a set, for as long as the set is in use.

use std::{
    sync::{Arc, Weak},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use tokio::time::{Instant, timeout_at};

use super::{
    FetchError,
    answer::{self, Keys},
    discovery::{self, IssuerUrl},
    fetch::DynFetch,
    held::Held,
    shared::{Place, Shared},
    url::KeyUrl,
};
use crate::{
    keys::KeySet,
    telemetry::{count, event, gauge},
};

/// How long it is believed where a discovery document said that the keys are.
const LOCATION_LIFE: Duration = Duration::from_secs(3600);

/// Fetches when a fetch is due or asked for, until the set is dropped.
pub(super) async fn keep(shared: Weak<Shared>) {
    let _end = End(Weak::clone(&shared));
    let Some(wake) = shared.upgrade().map(|shared| Arc::clone(&shared.wake)) else { return };
    let mut memory = Memory::default();
    while let Some(shared) = shared.upgrade() {
        let wait = shared.known().plan(Instant::now());
        match wait {
            None => fetch(&shared, &mut memory).await,
            Some(until) => {
                drop(shared);
                // Early or late, what is due is looked up again.
                let _ = timeout_at(until, wake.notified()).await;
            }
        }
    }
}

/// Tells the set when its task ends, as it does with its runtime.
struct End(Weak<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade() {
            shared.leave();
        }
    }
}

/// What the task remembers from one fetch to the next.
#[derive(Default)]
struct Memory {
    located: Option<Located>,
    /// The last body that was a good set.
    body: Bytes,
}

/// Where the keys are, as a document said.
struct Located {
    url: KeyUrl,
    until: Instant,
}

async fn fetch(shared: &Shared, memory: &mut Memory) {
    match attempt(shared, memory).await {
        Ok((keys, held)) => {
            event!(debug, "keys were fetched", source = shared.place, keys = keys.len());
            count!("jwtower_key_fetches_total", source = shared.place, outcome = "success");
            shared.succeeded(keys, held);
        }
        Err(error) => {
            memory.located = None;
            event!(warn, "keys could not be fetched", source = shared.place, error = error);
            count!("jwtower_key_fetches_total", source = shared.place, outcome = "failure");
            shared.failed(error);
        }
    }
    let status = shared.status();
    gauge!("jwtower_keys", status.keys as f64, source = shared.place);
    gauge!("jwtower_keys_fetched_timestamp_seconds", seconds(status.fetched), source = shared.place);
    gauge!(
        "jwtower_keys_next_refresh_timestamp_seconds",
        seconds(status.next_refresh),
        source = shared.place
    );
}

fn seconds(time: Option<SystemTime>) -> f64 {
    let age = time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    age.unwrap_or_default().as_secs_f64()
}

async fn attempt(shared: &Shared, memory: &mut Memory) -> Result<(KeySet, Held), FetchError> {
    let url = match &shared.place {
        Place::Url(url) => url.clone(),
        Place::Issuer(issuer) => memory.locate(&*shared.fetch, issuer).await?,
    };
    let held = shared.held();
    let answer = answer::get_keys(&*shared.fetch, &url, held.as_ref().map(|(_, held)| held)).await?;
    match (answer, held) {
        (Keys::Unchanged { held }, Some((keys, _))) => Ok((keys, held)),
        // The same bytes are the same keys; what was said of those that are not used need not be repeated.
        (Keys::New { json, held }, Some((keys, _))) if json == memory.body => Ok((keys, held)),
        (Keys::New { json, held }, _) => {
            let keys = KeySet::from_jwks(&json).map_err(|error| FetchError::new(&url, error.to_string()))?;
            memory.body = json;
            Ok((keys, held))
        }
        (Keys::Unchanged { .. }, None) => Err(FetchError::new(&url, "confirmed a set that nobody has")),
    }
}

impl Memory {
    async fn locate(&mut self, fetch: &dyn DynFetch, issuer: &IssuerUrl) -> Result<KeyUrl, FetchError> {
        let now = Instant::now();
        if let Some(located) = self.located.as_ref().filter(|located| now < located.until) {
            return Ok(located.url.clone());
        }
        let url = discovery::locate(fetch, issuer).await?;
        self.located = Some(Located { url: url.clone(), until: now + LOCATION_LIFE });
        Ok(url)
    }
}
