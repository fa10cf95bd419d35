//! What is refused uses up nothing of a rate limit inside.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, time::timeout};
use tower::{Layer, Service, ServiceBuilder, ServiceExt};

use super::{Keys, Kind, app::core, boxed};

const HOUR: Duration = Duration::from_secs(3600);
const SOON: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_refusal_uses_up_no_rate_and_no_place_in_a_buffer() {
    let (keys, permits) = (Keys::new(), Arc::new(Semaphore::new(1)));
    let limited = ServiceBuilder::new().buffer(1).rate_limit(1, HOUR).service(core(&permits));
    let app = boxed(keys.layer().layer(keys.guard().layer(limited)));
    let mut connections = Vec::new();
    for kind in [Kind::Refused, Kind::Denied].repeat(100) {
        let mut app = app.clone();
        let status = timeout(SOON, app.ready())
            .await
            .expect("there is a place")
            .expect("it runs")
            .call(keys.request(kind));
        let status = timeout(SOON, status).await.expect("nothing waits").expect("it runs");
        assert_eq!(status, if kind == Kind::Refused { 401 } else { 403 });
        connections.push(app);
    }
    let first = timeout(SOON, app.clone().oneshot(keys.request(Kind::Passes))).await;
    assert!(matches!(first, Ok(Ok(200))), "{first:?}");
    let second = timeout(SOON, app.clone().oneshot(keys.request(Kind::Passes))).await;
    assert!(second.is_err(), "the rate is used up: {second:?}");
    let refused = timeout(SOON, app.clone().oneshot(keys.request(Kind::Refused))).await;
    assert!(matches!(refused, Ok(Ok(401))), "who is refused does not wait for it: {refused:?}");
    let third = timeout(HOUR * 2, app.oneshot(keys.request(Kind::Passes))).await;
    assert!(matches!(third, Ok(Ok(200))), "{third:?}");
    assert_eq!(permits.available_permits(), 1);
}
