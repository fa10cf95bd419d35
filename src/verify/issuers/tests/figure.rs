//! What it costs to choose among 100 issuers: finding the verifier by the issuer's text, the keys of this moment,
//! and the key by its `kid`. Reading `iss` from the payload is not in that; what it costs is printed.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    hint::black_box,
    time::{Duration, Instant},
};

use super::support::with_keys;
use crate::{
    claims::NoClaims,
    keys::{Algorithm::Ed25519, KeySource, SigningKey},
    verify::{Issuers, peek},
};

const ISSUERS: usize = 100;
const ROUNDS: usize = 2_001;
/// How often each issuer is looked up in a round.
const TURNS: usize = 10;

struct Named {
    issuer: String,
    kid: String,
    payload: String,
}

#[test]
#[ignore = "it measures; `tests/run benches` runs it"]
fn choosing_among_100_issuers_costs_at_most_two_look_ups() {
    measure("fixed keys", 2.0, |key| key.into());
}

/// Their keys are those of this moment.
#[cfg(feature = "jwks-client")]
#[test]
#[ignore = "it measures; `tests/run benches` runs it"]
fn choosing_among_100_issuers_with_remote_keys_costs_at_most_four_look_ups() {
    use crate::keys::{KeySet, RemoteKeySet};

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    measure("remote keys", 4.0, |key| {
        let jwks = KeySet::from(key).to_jwks();
        let fetch = move |_: http::Request<()>| {
            let jwks = bytes::Bytes::from(jwks.clone());
            async move { Ok::<_, std::io::Error>(http::Response::new(jwks)) }
        };
        let keys = RemoteKeySet::new("https://login.example.com/jwks.json").unwrap().fetch_with(fetch);
        runtime.block_on(keys.ready()).unwrap();
        keys.into()
    });
}

fn measure(what: &str, limit: f64, keys_of: impl Fn(&SigningKey) -> KeySource) {
    let names: Vec<_> = (0..ISSUERS).map(named).collect();
    let issuers = Issuers::<NoClaims>::new();
    for Named { issuer, kid, .. } in &names {
        let key = SigningKey::generate(Ed25519).unwrap().with_kid(kid.clone()).unwrap();
        issuers.trust(with_keys(issuer, keys_of(&key))).unwrap();
    }
    let choose = |name: &Named| {
        issuers.find(&issuers.trusted(), &name.issuer).is_ok_and(|verifier| {
            let current = verifier.keys().unwrap().current();
            current.set().unwrap().find(Some(&name.kid), Ed25519).is_ok()
        })
    };
    let read = |name: &Named| peek::issuer_of(&name.payload).is_ok_and(|issuer| issuer.is_some());
    let (sip, fold) = (bare::<RandomState>(&names), bare::<foldhash::fast::RandomState>(&names));
    let nobody = Named { issuer: "https://login.example.com".into(), ..named(0) };
    assert!(names.iter().all(|name| choose(name) && read(name)) && !choose(&nobody));

    let (mut ours, mut sips, mut folds, mut reads) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(round(&names, choose));
        sips.push(round(&names, |name| sip.contains_key(&*name.issuer)));
        folds.push(round(&names, |name| fold.contains_key(&*name.issuer)));
        reads.push(round(&names, read));
    }
    let [ours, sip, fold, reads] = [ours, sips, folds, reads].map(median);
    println!("choosing issuer and key among {ISSUERS} issuers, {what}: {ours:.1} ns");
    println!("a look-up in std's HashMap with SipHash: {sip:.1} ns, ratio {:.2}", ours / sip);
    println!("a look-up in std's HashMap with foldhash: {fold:.1} ns, ratio {:.2}", ours / fold);
    println!("reading the issuer from a decoded payload of {} bytes: {reads:.1} ns", named(0).payload.len());
    assert!(ours <= limit * sip, "{ours} ns are more than {limit} times {sip} ns");
}

fn named(number: usize) -> Named {
    let issuer = format!("https://login.example.com/realms/tenant-{number:03}");
    let payload =
        format!(r#"{{"exp":1700000600,"iat":1700000000,"jti":"5ad1","iss":"{issuer}","sub":"alice"}}"#);
    Named { issuer, kid: format!("key-{number}"), payload }
}

fn bare<S: BuildHasher + Default>(names: &[Named]) -> HashMap<String, usize, S> {
    names.iter().enumerate().map(|(number, name)| (name.issuer.clone(), number)).collect()
}

/// The median time of one look-up.
fn median(mut rounds: Vec<Duration>) -> f64 {
    rounds.sort_unstable();
    rounds[ROUNDS / 2].as_nanos() as f64 / (ISSUERS * TURNS) as f64
}

/// The time of one round.
fn round(names: &[Named], look_up: impl Fn(&Named) -> bool) -> Duration {
    let start = Instant::now();
    for _ in 0..TURNS {
        for name in names {
            black_box(look_up(black_box(name)));
        }
    }
    start.elapsed()
}
