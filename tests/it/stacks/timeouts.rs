//! A request that takes too long is given up by a timeout in any place.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, time::timeout};
use tower::{
    Layer, Service, ServiceExt,
    timeout::{TimeoutLayer, error::Elapsed},
};

use super::{App, Keys, Kind, app::core, boxed};

#[tokio::test(start_paused = true)]
async fn a_timeout_frees_the_permit_and_refusals_do_not_wait_for_it() {
    let (keys, short) = (Keys::new(), TimeoutLayer::new(Duration::from_secs(1)));
    type Build = fn(&Keys, &Arc<Semaphore>, &TimeoutLayer) -> App;
    let stacks: [(&str, Build); 3] = [
        ("around", |keys, permits, short| {
            boxed(short.layer(keys.layer().layer(keys.guard().layer(core(permits)))))
        }),
        ("between", |keys, permits, short| {
            boxed(keys.layer().layer(short.layer(keys.guard().layer(core(permits)))))
        }),
        ("inside", |keys, permits, short| {
            boxed(keys.layer().layer(keys.guard().layer(short.layer(core(permits)))))
        }),
    ];
    for (name, build) in stacks {
        let permits = Arc::new(Semaphore::new(1));
        // One service for all requests, as a connection has.
        let mut app = build(&keys, &permits, &short);
        for round in 0..20 {
            for (kind, expected) in [
                (Kind::Refused, Some(401)),
                (Kind::Hangs, None),
                (Kind::Denied, Some(403)),
                (Kind::Passes, Some(200)),
            ] {
                let app = timeout(Duration::from_secs(5), app.ready())
                    .await
                    .expect("a permit is free")
                    .expect("it runs");
                match (app.call(keys.request(kind)).await, expected) {
                    (Ok(status), Some(expected)) if status == expected => {}
                    (Err(error), None) if error.is::<Elapsed>() => {}
                    (other, _) => panic!("{name}, round {round}, {kind:?}: {other:?}"),
                }
                assert_eq!(permits.available_permits(), 1, "{name}, round {round}, {kind:?}");
            }
        }
    }
}
