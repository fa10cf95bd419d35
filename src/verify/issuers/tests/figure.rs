use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    hint::black_box,
    time::{Duration, Instant},
};

use super::support::with_keys;
use crate::{
    claims::NoClaims,
    keys::{Algorithm::Ed25519, SigningKey},
    verify::Issuers,
};

const ISSUERS: usize = 100;
const ROUNDS: usize = 2_001;
/// How often each issuer is looked up in a round.
const TURNS: usize = 10;

/// The median time of one look-up.
fn median(mut rounds: Vec<Duration>) -> f64 {
    rounds.sort_unstable();
    rounds[ROUNDS / 2].as_nanos() as f64 / (ISSUERS * TURNS) as f64
}

fn bare<S: BuildHasher + Default>(names: &[(String, String)]) -> HashMap<String, usize, S> {
    names.iter().enumerate().map(|(number, (issuer, _))| (issuer.clone(), number)).collect()
}

#[test]
#[ignore = "it measures; run it with --release"]
fn choosing_among_100_issuers_costs_at_most_two_look_ups() {
    let names: Vec<_> = (0..ISSUERS)
        .map(|number| {
            (format!("https://login.example.com/realms/tenant-{number:03}"), format!("key-{number}"))
        })
        .collect();
    let issuers = Issuers::<NoClaims>::new();
    for (issuer, kid) in &names {
        let key = SigningKey::generate(Ed25519).unwrap().with_kid(kid.clone()).unwrap();
        issuers.trust(with_keys(issuer, &key)).unwrap();
    }
    let choose = |(issuer, kid): &(String, String)| {
        issuers.find(&issuers.trusted(), issuer).is_ok_and(|verifier| {
            let current = verifier.keys().unwrap().current();
            current.set().unwrap().find(Some(kid), Ed25519).is_ok()
        })
    };
    let (sip, fold) = (bare::<RandomState>(&names), bare::<foldhash::fast::RandomState>(&names));
    assert!(names.iter().all(choose) && !choose(&("https://login.example.com".into(), "key-0".into())));

    let (mut ours, mut sips, mut folds) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(round(&names, |name| choose(name)));
        sips.push(round(&names, |(issuer, _)| sip.contains_key(&**issuer)));
        folds.push(round(&names, |(issuer, _)| fold.contains_key(&**issuer)));
    }
    let (ours, sip, fold) = (median(ours), median(sips), median(folds));
    println!("choosing issuer and key among {ISSUERS} issuers: {ours:.1} ns");
    println!("a look-up in std's HashMap with SipHash: {sip:.1} ns, ratio {:.2}", ours / sip);
    println!("a look-up in std's HashMap with foldhash: {fold:.1} ns, ratio {:.2}", ours / fold);
    assert!(ours <= 2.0 * sip, "{ours} ns are more than twice {sip} ns");
}

/// The time of one round.
fn round(names: &[(String, String)], look_up: impl Fn(&(String, String)) -> bool) -> Duration {
    let start = Instant::now();
    for _ in 0..TURNS {
        for name in names {
            black_box(look_up(black_box(name)));
        }
    }
    start.elapsed()
}
