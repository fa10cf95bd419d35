//! `Claims::ended` with the system's clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jwtower::{Claims, JwtAuthLayer, NoClaims, Verifier};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
use serde_json::Value;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is right").as_secs_f64()
}

/// Claims of a token that ends so many seconds from now, before or behind, and when that is.
fn ending_in(seconds: f64, leeway: Duration) -> (Claims<NoClaims>, f64) {
    let forge = Forge::new();
    let verifier = Verifier::<NoClaims>::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE);
    let verifier = verifier.leeway(leeway).build().expect("the settings are right");
    let (mut claims, end) = (good_claims(), now() + seconds);
    claims.insert("exp".into(), end.into());
    let token = forge.sign(HEADER, Value::Object(claims).to_string());
    let claims = jwtower_tests::at_once(JwtAuthLayer::new(verifier).authenticate(&token))
        .expect("it is good within leeway");
    (claims, end)
}

#[tokio::test]
async fn it_resolves_within_a_second_of_the_end_whatever_the_leeway_is() {
    let waits = [0, 60, 600].map(|leeway| async move {
        let (claims, end) = ending_in(2.0, Duration::from_secs(leeway));
        let (ended, again) = (claims.ended(), claims.ended());
        drop(claims);
        ended.await;
        let late = now() - end;
        assert!((0.0..1.0).contains(&late), "{late} s after the end, with a leeway of {leeway} s");
        timeout(Duration::from_millis(500), again).await.expect("a second one knows it too");
    });
    let [a, b, c] = waits;
    tokio::join!(a, b, c);
}

#[tokio::test]
async fn it_resolves_at_once_where_the_token_has_ended_within_leeway() {
    for seconds in [0.0, -1.0, -50.0] {
        let (claims, _) = ending_in(seconds, Duration::from_secs(60));
        let before = Instant::now();
        claims.ended().await;
        assert!(before.elapsed() < Duration::from_millis(500), "{seconds}");
    }
}

#[tokio::test]
async fn it_does_not_resolve_before_the_end() {
    let (claims, _) = ending_in(60.0, Duration::ZERO);
    assert!(timeout(Duration::from_millis(1500), claims.ended()).await.is_err());
}

/// What a connection does with it: it goes to a task of its own, and outlives the request.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_can_be_sent_to_a_task_whatever_the_claims_are() {
    fn assert_task<F: Future<Output = ()> + Send + 'static>(future: F) -> F {
        future
    }
    /// Claims of a type that cannot be sent hold nobody back: the future has none of them.
    fn of_any<C: 'static>(claims: &Claims<C>) -> impl Future<Output = ()> + Send + 'static + use<C> {
        assert_task(claims.ended())
    }
    let (claims, end) = ending_in(0.3, Duration::ZERO);
    let ended = of_any(&claims);
    drop(claims);
    let (done, told) = oneshot::channel();
    tokio::spawn(async move {
        ended.await;
        done.send(now()).expect("the test waits");
    });
    let late = timeout(Duration::from_secs(5), told).await.expect("it ends").expect("no task panics") - end;
    assert!((0.0..1.0).contains(&late), "{late} s after the end");
}
