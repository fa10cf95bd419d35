//! Load shedding inside sheds only what would have passed; around, it sheds everything.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Waker},
};

use tokio::sync::Semaphore;
use tower::{Layer, ServiceExt, load_shed::LoadShedLayer};

use super::{App, Keys, Kind, app::core, boxed};

/// The statuses of a refused, a denied and a good request; `None` where the load was shed.
async fn statuses(app: &App, keys: &Keys) -> [Option<u16>; 3] {
    let mut statuses = [None; 3];
    for (status, kind) in statuses.iter_mut().zip([Kind::Refused, Kind::Denied, Kind::Passes]) {
        *status = app.clone().oneshot(keys.request(kind)).await.ok();
    }
    statuses
}

#[tokio::test]
async fn a_full_service_sheds_what_reaches_it_and_is_whole_again_after() {
    let keys = Keys::new();
    type Build = fn(&Keys, &Arc<Semaphore>) -> App;
    let stacks: [(&str, Build, [Option<u16>; 3]); 3] = [
        (
            "inside",
            |keys, permits| {
                boxed(keys.layer().layer(keys.guard().layer(LoadShedLayer::new().layer(core(permits)))))
            },
            [Some(401), Some(403), None],
        ),
        (
            "between",
            |keys, permits| {
                boxed(keys.layer().layer(LoadShedLayer::new().layer(keys.guard().layer(core(permits)))))
            },
            [Some(401), None, None],
        ),
        (
            "around",
            |keys, permits| {
                boxed(LoadShedLayer::new().layer(keys.layer().layer(keys.guard().layer(core(permits)))))
            },
            [None, None, None],
        ),
    ];
    for (name, build, when_full) in stacks {
        let permits = Arc::new(Semaphore::new(1));
        let app = build(&keys, &permits);
        for round in 0..50 {
            assert_eq!(
                statuses(&app, &keys).await,
                [Some(401), Some(403), Some(200)],
                "{name}, round {round}"
            );
            {
                let mut holder = pin!(app.clone().oneshot(keys.request(Kind::Hangs)));
                assert!(holder.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
                assert_eq!(permits.available_permits(), 0);
                assert_eq!(statuses(&app, &keys).await, when_full, "{name}, round {round}");
            }
            assert_eq!(permits.available_permits(), 1, "{name}, round {round}");
        }
    }
}
