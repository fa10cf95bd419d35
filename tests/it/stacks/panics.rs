//! A panic that is caught costs one request, wherever it happens and wherever it is caught.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, time::timeout};
use tower::{Layer, Service, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    App, Keys, Kind,
    Kind::{PanicsInTheCheck, PanicsInTheHook, PanicsInTheRule, PanicsLater, PanicsWhenCalled},
    app::core,
    boxed,
};

#[tokio::test]
async fn a_panic_that_is_caught_keeps_no_permit() {
    let (keys, catch) = (Keys::new(), CatchPanicLayer::new);
    let permits = Arc::new(Semaphore::new(1));
    let stacks: [(&str, App, &[Kind]); 3] = [
        (
            "around",
            boxed(catch().layer(keys.layer().layer(keys.guard().layer(core(&permits))))),
            &[PanicsWhenCalled, PanicsLater, PanicsInTheRule, PanicsInTheCheck, PanicsInTheHook],
        ),
        (
            "between",
            boxed(keys.layer().layer(catch().layer(keys.guard().layer(core(&permits))))),
            &[PanicsWhenCalled, PanicsLater, PanicsInTheRule],
        ),
        (
            "inside",
            boxed(keys.layer().layer(keys.guard().layer(catch().layer(core(&permits))))),
            &[PanicsWhenCalled, PanicsLater],
        ),
    ];
    for (name, app, kinds) in stacks {
        let mut connections = Vec::new();
        for kind in kinds.repeat(10) {
            for (kind, expected) in
                [(kind, 500), (Kind::Refused, 401), (Kind::Denied, 403), (Kind::Passes, 200), (kind, 500)]
            {
                let mut connection = app.clone();
                let ready = timeout(Duration::from_secs(5), connection.ready()).await;
                let service =
                    ready.unwrap_or_else(|_| panic!("{name}, {kind:?}: no permit")).expect("it runs");
                let answer = service.call(keys.request(kind)).await;
                assert!(matches!(answer, Ok(status) if status == expected), "{name}, {kind:?}: {answer:?}");
                assert_eq!(permits.available_permits(), 1, "{name}: a permit is kept after {kind:?}");
                connections.push(connection);
            }
        }
    }
}
