//! A provider whose answers a test decides.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use jwtower::{
    Algorithm, AuthError, Claims, Issuer, JwtAuthLayer, KeySet, NoClaims, SigningKey, Verifier,
    keys::RemoteKeySet,
};
use jwtower_tests::{AUDIENCE, ISSUER};

pub(super) const URL: &str = "https://login.example.com/jwks.json";

/// How long the provider takes for an answer.
pub(super) const LATENCY: Duration = Duration::from_millis(20);

/// What it answers.
#[derive(Clone)]
pub(super) enum Mode {
    Answers(String),
    Fails,
    Hangs,
    Panics,
}

#[derive(Clone)]
pub(super) struct Provider(Arc<State>);

struct State {
    mode: Mutex<Mode>,
    cache_control: Mutex<Option<&'static str>>,
    fetches: AtomicUsize,
}

impl Provider {
    /// One that publishes these keys.
    pub(super) fn of(keys: &[&SigningKey]) -> Self {
        let state = State {
            mode: Mutex::new(Mode::Fails),
            cache_control: Mutex::new(None),
            fetches: AtomicUsize::new(0),
        };
        let provider = Self(Arc::new(state));
        provider.publish(keys);
        provider
    }

    pub(super) fn publish(&self, keys: &[&SigningKey]) {
        self.set(Mode::Answers(jwks(keys)));
    }

    pub(super) fn set(&self, mode: Mode) {
        *self.0.mode.lock().unwrap() = mode;
    }

    pub(super) fn set_cache_control(&self, value: &'static str) {
        *self.0.cache_control.lock().unwrap() = Some(value);
    }

    pub(super) fn fetches(&self) -> usize {
        self.0.fetches.load(Ordering::Relaxed)
    }

    /// Its keys, as a verifier takes them.
    pub(super) fn keys(&self) -> RemoteKeySet {
        let provider = self.clone();
        let fetch = move |_: Request<()>| {
            let provider = provider.clone();
            async move { provider.answer().await }
        };
        RemoteKeySet::new(URL).unwrap().fetch_with(fetch)
    }

    async fn answer(&self) -> Result<Response<Bytes>, io::Error> {
        self.0.fetches.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(LATENCY).await;
        let mode = self.0.mode.lock().unwrap().clone();
        match mode {
            Mode::Answers(body) => {
                let mut answer = Response::new(Bytes::from(body));
                if let Some(value) = *self.0.cache_control.lock().unwrap() {
                    answer.headers_mut().insert("cache-control", value.parse().unwrap());
                }
                Ok(answer)
            }
            Mode::Fails => Err(io::ErrorKind::ConnectionRefused.into()),
            Mode::Hangs => std::future::pending().await,
            Mode::Panics => panic!("the application's own fetch panics"),
        }
    }
}

pub(super) fn jwks(keys: &[&SigningKey]) -> String {
    let mut keys = keys.iter().map(|key| KeySet::from(*key));
    let first = keys.next().expect("a key");
    keys.fold(first, |all, key| all.and(&key).unwrap()).to_jwks()
}

pub(super) fn key(kid: &str) -> SigningKey {
    SigningKey::generate(Algorithm::Ed25519).unwrap().with_kid(kid).unwrap()
}

pub(super) fn token(key: &SigningKey) -> String {
    token_of(key, ISSUER)
}

pub(super) fn token_of(key: &SigningKey, issuer: &str) -> String {
    let issuer = Issuer::builder().key(key).issuer(issuer).audience(AUDIENCE).build().unwrap();
    issuer.sign("alice", &NoClaims).unwrap().secret().to_owned()
}

pub(super) fn verifier(keys: &RemoteKeySet) -> Verifier<NoClaims> {
    Verifier::builder().keys(keys).issuer(ISSUER).audience(AUDIENCE).build().unwrap()
}

pub(super) fn layer(keys: &RemoteKeySet) -> JwtAuthLayer<NoClaims> {
    JwtAuthLayer::new(verifier(keys))
}

pub(super) type Outcome = Result<Claims<NoClaims>, AuthError>;

/// `ok`, or the code of the refusal.
pub(super) fn code(outcome: Outcome) -> &'static str {
    outcome.map_or_else(|error| error.code(), |_| "ok")
}
