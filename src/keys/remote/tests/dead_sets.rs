//! A set whose task is gone, and whose time is up.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tokio::time::Instant;

use crate::keys::{Algorithm, KeySet, KeySource, RemoteKeySet, SigningKey};

#[test]
fn it_is_taken_away_by_who_reads_it_and_then_for_everybody() {
    let key = SigningKey::generate(Algorithm::Ed25519).unwrap();
    let jwks = KeySet::from(&key).to_jwks();
    let fetch = move |_: Request<()>| {
        let answer = Response::new(Bytes::from(jwks.clone()));
        async move { Ok::<_, std::io::Error>(answer) }
    };
    let keys = RemoteKeySet::new("https://login.example.com/jwks.json").unwrap().fetch_with(fetch);
    let (source, listed) =
        (KeySource::from(&keys), KeySource::from(&keys).with_algorithms(&[Algorithm::Ed25519]));
    let listed = listed.unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(keys.ready()).unwrap();
    drop(runtime);

    let shared = keys.shared();
    let after = |minutes: u64| Instant::now() + Duration::from_secs(60 * minutes);
    shared.look_at(after(69));
    for source in [&source, &listed] {
        assert_eq!(
            source.current().set().map(KeySet::len),
            Some(1),
            "its life is ten minutes, and there is an hour more"
        );
    }
    shared.look_at(after(71));
    for source in [&source, &listed] {
        assert!((0..100).all(|_| source.current().set().is_none()));
    }
}
