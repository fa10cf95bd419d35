use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use jwtower::{
    Algorithm, Issuer, JwtAuthLayer, KeySet, NoClaims, SigningKey, Verifier,
    keys::RemoteKeySet,
    verify::{BoxError, Issuers, ResolveIssuer},
};
use jwtower_tests::AUDIENCE;
use tokio::{task::JoinSet, time::Instant};
use tracing_subscriber::filter::LevelFilter;

use super::provider::{A, B, Provider, User, app, ask, authenticate, outcome};
use crate::log::Log;

/// How long the directory takes for an answer.
const LATENCY: Duration = Duration::from_millis(20);

#[derive(Clone, Default)]
struct Directory(Arc<State>);

#[derive(Default)]
struct State {
    tenants: Mutex<HashMap<String, Verifier<User>>>,
    asked: AtomicUsize,
}

impl Directory {
    fn of(providers: &[(&str, &Provider)]) -> Self {
        let tenants = providers.iter().map(|(issuer, provider)| ((*issuer).to_owned(), provider.verifier()));
        Self(Arc::new(State { tenants: Mutex::new(tenants.collect()), asked: AtomicUsize::new(0) }))
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::Relaxed)
    }
}

impl ResolveIssuer<User> for Directory {
    /// Of names with these words it does what they say.
    async fn resolve(&self, issuer: &str) -> Result<Option<Verifier<User>>, BoxError> {
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(LATENCY).await;
        if issuer.contains("hangs") {
            std::future::pending::<()>().await;
        }
        if issuer.contains("fails") {
            return Err(format!("the query for {issuer} failed").into());
        }
        assert!(!issuer.contains("panics"), "on purpose");
        let tenants = self.0.tenants.lock().unwrap();
        Ok(if issuer.contains("wrong") { tenants.values().next() } else { tenants.get(issuer) }.cloned())
    }
}

#[tokio::test(start_paused = true)]
async fn a_tenant_of_the_directory_is_let_in_and_nobody_else() {
    let (a, b) = (Provider::new(A), Provider::new(B));
    let directory = Directory::of(&[(A, &a)]);
    let app = app(JwtAuthLayer::new(Issuers::resolved_by(directory.clone())));
    for _ in 0..3 {
        let (status, _, body) = ask(&app, "/me", &a.token(&[])).await;
        assert_eq!((status, body), (200, format!("alice of {A}")));
        let (status, headers, _) = ask(&app, "/me", &b.token(&[])).await;
        assert_eq!((status, headers.contains_key("www-authenticate")), (401, true));
        let forged = b.token(&[("iss", A.into())]);
        assert_eq!(ask(&app, "/me", &forged).await.0, 401);
        let nobodys = a.token(&[("iss", format!("{A}/{}", "x".repeat(600)).into())]);
        assert_eq!(ask(&app, "/me", &nobodys).await.0, 401);
    }
    assert_eq!(directory.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_the_directory_cannot_tell_is_503_and_its_reason_is_in_the_log_without_the_name() {
    for (word, event) in [
        ("fails", "the resolver could not tell"),
        ("panics", "the resolver panicked"),
        ("wrong", "the resolver returned a verifier of another issuer"),
    ] {
        let (a, odd) = (Provider::new(A), Provider::new(format!("https://{word}.example.com")));
        let app = app(JwtAuthLayer::new(Issuers::resolved_by(Directory::of(&[(A, &a)]))));
        let (log, _guard) = Log::capture(LevelFilter::TRACE);
        let (status, headers, body) = ask(&app, "/me", &odd.token(&[])).await;
        assert_eq!((status, &headers["retry-after"]), (503, &http::HeaderValue::from_static("1")), "{word}");
        assert!(!headers.contains_key("www-authenticate"));
        let text = log.take();
        assert!(text.contains(&format!("ERROR jwtower: {event}")), "{text}");
        assert!(!text.contains("example.com") && !text.contains("query"), "{text}");
        assert!(!body.contains("example.com") && !body.contains("issuer"), "{body}");
        assert_eq!(ask(&app, "/me", &a.token(&[])).await.0, 200);
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tokens_at_once_cause_one_lookup() {
    let a = Provider::new(A);
    let directory = Directory::of(&[(A, &a)]);
    let layer = JwtAuthLayer::new(Issuers::resolved_by(directory.clone()));
    let token = Arc::new(a.token(&[]));
    let mut tasks = JoinSet::new();
    for _ in 0..1_000 {
        let (layer, token) = (layer.clone(), Arc::clone(&token));
        tasks.spawn(async move { authenticate(&layer, &token).await });
    }
    let codes = tasks.join_all().await;
    let count = |code| codes.iter().filter(|one| **one == code).count();
    assert_eq!(directory.asked(), 1);
    assert!(count("good") >= 128 && count("good") + count("issuers_unavailable") == 1_000, "{codes:?}");
    assert_eq!((authenticate(&layer, &token).await, directory.asked()), ("good", 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_they_do_on_several_threads() {
    let a = Provider::new(A);
    for _ in 0..20 {
        let directory = Directory::of(&[(A, &a)]);
        let layer = JwtAuthLayer::new(Issuers::resolved_by(directory.clone()));
        let token = Arc::new(a.token(&[]));
        let mut tasks = JoinSet::new();
        for _ in 0..100 {
            let (layer, token) = (layer.clone(), Arc::clone(&token));
            tasks.spawn(async move { authenticate(&layer, &token).await });
        }
        assert_eq!(tasks.join_all().await, ["good"; 100]);
        assert_eq!(directory.asked(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_directory_that_hangs_is_waited_for_two_seconds() {
    let (a, hangs) = (Provider::new(A), Provider::new("https://hangs.example.com"));
    let layer = JwtAuthLayer::new(Issuers::resolved_by(Directory::of(&[(A, &a)])));
    let start = Instant::now();
    assert_eq!(authenticate(&layer, &hangs.token(&[])).await, "issuers_unavailable");
    assert!((Duration::from_secs(2)..Duration::from_millis(2_100)).contains(&start.elapsed()));
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_unknown_issuers_does_not_reach_a_tenant() {
    let (a, b, junk) = (Provider::new(A), Provider::new(B), Provider::new("junk"));
    let directory = Directory::of(&[(A, &a)]);
    let issuers = Issuers::resolved_by(directory.clone());
    issuers.trust(b.verifier()).unwrap();
    let layer = JwtAuthLayer::new(issuers);
    let good = a.token(&[]);
    assert_eq!(authenticate(&layer, &good).await, "good");
    let mut tasks = JoinSet::new();
    for number in 0..3_000 {
        let flooded = layer.clone();
        let word = if number % 2 == 0 { "hangs" } else { "unknown" };
        let token = junk.token(&[("iss", format!("https://{word}-{number}.example.com").into())]);
        tasks.spawn(async move { authenticate(&flooded, &token).await });
        if number % 100 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(jwtower_tests::at_once(authenticate(&layer, &good)), "good");
        assert_eq!(jwtower_tests::at_once(authenticate(&layer, &b.token(&[]))), "good");
    }
    let codes = tasks.join_all().await;
    assert!(codes.iter().all(|code| ["unknown_issuer", "issuers_unavailable"].contains(code)), "{codes:?}");
    assert_eq!(jwtower_tests::at_once(authenticate(&layer, &good)), "good");
    assert!(directory.asked() < 1_000, "{} lookups", directory.asked());
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_verified_at_once_is_looked_up_for_by_nobody() {
    let a = Provider::new(A);
    let directory = Directory::of(&[(A, &a)]);
    let issuers = Issuers::resolved_by(directory.clone());
    let (verifier, token) = (Verifier::from(issuers.clone()), a.token(&[]));
    assert_eq!((outcome(&verifier, &token), directory.asked()), ("issuers_unavailable", 0));
    assert_eq!(authenticate(&JwtAuthLayer::new(issuers), &token).await, "good");
    assert_eq!((outcome(&verifier, &token), directory.asked()), ("good", 1));
}

/// Returns clones of one verifier.
struct Clones(Verifier<NoClaims>);

impl ResolveIssuer<NoClaims> for Clones {
    async fn resolve(&self, issuer: &str) -> Result<Option<Verifier<NoClaims>>, BoxError> {
        Ok((issuer == A).then(|| self.0.clone()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_looked_up_again_keeps_the_keys_it_fetched() {
    let key = SigningKey::generate(Algorithm::Ed25519).unwrap().with_kid("a").unwrap();
    let (jwks, fetches) = (KeySet::from(&key).to_jwks(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&fetches);
    let fetch = move |_: Request<()>| {
        counted.fetch_add(1, Ordering::Relaxed);
        let jwks = jwks.clone();
        async move { Ok::<_, std::io::Error>(Response::new(Bytes::from(jwks))) }
    };
    let keys = RemoteKeySet::new("https://a.example.com/jwks.json").unwrap().fetch_with(fetch);
    let verifier = Verifier::builder().keys(keys).issuer(A).audience(AUDIENCE).build().unwrap();
    let issuers = Issuers::resolved_by(Clones(verifier));
    let layer = JwtAuthLayer::new(issuers.clone());
    let sign = |issuer| {
        let issuer = Issuer::builder().key(&key).issuer(issuer).audience(AUDIENCE).build().unwrap();
        issuer.sign("alice", &NoClaims).unwrap()
    };
    assert_eq!(layer.authenticate(sign(B).secret()).await.unwrap_err().code(), "unknown_issuer");
    assert_eq!(fetches.load(Ordering::Relaxed), 0);
    for _ in 0..3 {
        // It waits for the lookup first, and then for the keys.
        layer.authenticate(sign(A).secret()).await.unwrap();
        assert_eq!(fetches.load(Ordering::Relaxed), 1);
        assert_eq!(Verifier::from(issuers.clone()).key_status().len(), 1);
        assert!(issuers.distrust(A));
        assert!(Verifier::from(issuers.clone()).key_status().is_empty());
    }
}
