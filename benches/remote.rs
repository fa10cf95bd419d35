//! Requests with known keys, while the provider of the keys hangs.
//!
//!     cargo bench -p jwtower-benches --bench remote
//!
//! A request is what `JwtAuthLayer` does before the handler. Beside it, tokens with names of keys that nobody has
//! come in at 500 a second; each wants a fetch, and the provider does not answer.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Request, Response};
use jwtower::{
    Algorithm, JwtAuthLayer, KeySet, SigningKey, Verifier,
    keys::{KeySource, RemoteKeySet},
};
use jwtower_benches::{AUDIENCE, ISSUER, User, Work, compare, token};

const JUNK_A_SECOND: u32 = 500;

#[tokio::main(worker_threads = 2)]
async fn main() {
    let quick = std::env::args().any(|argument| argument == "--test");
    let requests = if quick { 10 } else { 20_000 };
    let key = SigningKey::generate(Algorithm::ES256).expect("a key");
    let good = token(&key);
    let named = key.clone().with_kid("2026-11").expect("the name is short");

    let hangs = Arc::new(AtomicBool::new(false));
    let remote = provider(KeySet::from(&named).to_jwks(), &hangs);
    remote.ready().await.expect("it answers");
    let layer = JwtAuthLayer::new(verifier(&remote));

    let fixed = verifier(KeySet::from(&named));
    let fetched = verifier(&remote);
    compare(
        "a look at the keys, as part of verifying (ES256)",
        vec![
            Work::new("keys given in advance", || fixed.verify(good.secret()).expect("it is good")),
            Work::new("remote keys", || fetched.verify(good.secret()).expect("it is good")),
        ],
    );

    let junk = token(&key.with_kid("nobody").expect("the name is short"));
    println!("\nrequests with known keys (ES256), best of three rounds");
    let (mut best_median, mut best_p99) = (f64::MAX, f64::MAX);
    for _ in 0..3 {
        hangs.store(false, Ordering::Relaxed);
        let normal = latencies(&layer, good.secret(), requests).await;
        hangs.store(true, Ordering::Relaxed);
        let flood = tokio::spawn(flood(layer.clone(), junk.secret().to_owned()));
        let hanging = latencies(&layer, good.secret(), requests).await;
        flood.abort();
        let (median, p99) = (hanging.0 / normal.0, hanging.1 / normal.1);
        println!(
            "normal: median {:.1} µs, p99 {:.1} µs; hanging: {:.1} µs, {:.1} µs; {median:.2} x, {p99:.2} x",
            normal.0, normal.1, hanging.0, hanging.1
        );
        best_median = best_median.min(median);
        best_p99 = best_p99.min(p99);
    }
    println!("best: median {best_median:.2} x, p99 {best_p99:.2} x");
}

fn verifier(keys: impl Into<KeySource>) -> Verifier<User> {
    Verifier::builder().keys(keys).issuer(ISSUER).audience(AUDIENCE).build().expect("it is complete")
}

/// Keys whose provider answers until it hangs.
fn provider(jwks: String, hangs: &Arc<AtomicBool>) -> RemoteKeySet {
    let hangs = Arc::clone(hangs);
    let fetch = move |_: Request<()>| {
        let (jwks, hangs) = (jwks.clone(), hangs.load(Ordering::Relaxed));
        async move {
            if hangs {
                std::future::pending::<()>().await;
            }
            Ok::<_, io::Error>(Response::new(Bytes::from(jwks)))
        }
    };
    RemoteKeySet::new("https://login.example.com/jwks.json").expect("a URL").fetch_with(fetch)
}

/// Tokens that name a key that nobody has, each with another one's wait for the provider.
async fn flood(layer: JwtAuthLayer<User>, junk: String) {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / JUNK_A_SECOND);
    loop {
        let _ = tick.tick().await;
        let (layer, junk) = (layer.clone(), junk.clone());
        drop(tokio::spawn(async move { layer.authenticate(&junk).await.is_ok() }));
    }
}

/// Median and 99th percentile, in microseconds.
async fn latencies(layer: &JwtAuthLayer<User>, token: &str, requests: usize) -> (f64, f64) {
    let mut times = Vec::with_capacity(requests);
    for _ in 0..requests {
        let begin = Instant::now();
        let claims = layer.authenticate(token).await;
        times.push(begin.elapsed().as_secs_f64() * 1e6);
        assert!(claims.is_ok(), "a known key goes on");
        tokio::task::yield_now().await;
    }
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    (at(0.5), at(0.99))
}
