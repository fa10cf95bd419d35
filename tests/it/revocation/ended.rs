//! `Claims::ended` with revocations. Tokio's time is paused, and runs as soon as everyone waits.

use std::time::Duration;

use jwtower::{
    Timestamp,
    revocation::{Grain, Revocations},
};
use jwtower_tests::Forge;
use serde_json::json;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use super::{layer, revoke, token};

const SECOND: Duration = Duration::from_secs(1);

/// Timers tick in milliseconds and are rounded up.
const A_SECOND_AND_A_TICK: Duration = Duration::from_millis(1010);

#[tokio::test(start_paused = true)]
async fn it_resolves_within_a_second_of_a_revocation_of_each_grain() {
    let subject = || "alice".to_owned();
    // The token is made after this line, so maybe in the next second.
    let issued_at = Timestamp::from(std::time::SystemTime::now()).plus(60 * SECOND);
    for grain in [
        Grain::Token("token of s-1".into()),
        Grain::Session("s-1".into()),
        Grain::Generation { subject: subject(), generation: 8 },
        Grain::Watermark { subject: subject(), issued_at },
    ] {
        let (forge, revocations) = (Forge::new(), Revocations::in_memory());
        let layer = layer(&forge, &revocations);
        let claims =
            layer.authenticate(&token(&forge, "s-1", &[("sgen", json!(7))])).await.expect("it is good");
        let (ended, again) = (tokio::spawn(claims.ended()), claims.clone().ended());
        drop((claims, layer));
        sleep(60 * SECOND).await;
        assert!(!ended.is_finished(), "{grain:?}: nothing was revoked yet");
        revoke(&revocations, grain.clone()).await;
        timeout(A_SECOND_AND_A_TICK, ended).await.expect("it knows within a second").expect("no task panics");
        timeout(Duration::ZERO, again).await.expect("one that is asked later knows at once");
    }
}

#[tokio::test(start_paused = true)]
async fn what_others_lose_does_not_end_it() {
    let (forge, revocations) = (Forge::new(), Revocations::in_memory());
    let claims = layer(&forge, &revocations).authenticate(&token(&forge, "s-1", &[("sgen", json!(8))])).await;
    let ended = tokio::spawn(claims.expect("it is good").ended());
    for grain in [
        Grain::Session("s-2".into()),
        Grain::Token("s-1".into()),
        Grain::Generation { subject: "alice".into(), generation: 8 },
        Grain::Watermark { subject: "alice".into(), issued_at: Timestamp::from_millis(0) },
    ] {
        revoke(&revocations, grain).await;
    }
    sleep(60 * SECOND).await;
    assert!(!ended.is_finished());
    revoke(&revocations, Grain::Session("s-1".into())).await;
    timeout(A_SECOND_AND_A_TICK, ended).await.expect("its own session ends it").expect("no task panics");
}

/// What a WebSocket's task does: messages until the login ends.
#[tokio::test(start_paused = true)]
async fn a_connection_that_waits_for_messages_is_closed_by_a_logout() {
    let (forge, revocations) = (Forge::new(), Revocations::in_memory());
    let claims =
        layer(&forge, &revocations).authenticate(&token(&forge, "s-1", &[])).await.expect("it is good");
    let (send, mut receive) = mpsc::channel::<u32>(1);
    let connection = tokio::spawn(async move {
        let mut ended = std::pin::pin!(claims.ended());
        let mut seen = 0;
        loop {
            tokio::select! {
                () = &mut ended => break seen,
                message = receive.recv() => seen = message.expect("the other side is there"),
            }
        }
    });
    for message in 1..=3 {
        send.send(message).await.expect("the connection is open");
        sleep(10 * SECOND).await;
    }
    revoke(&revocations, Grain::Session("s-1".into())).await;
    let seen = timeout(A_SECOND_AND_A_TICK, connection).await.expect("it is closed within a second");
    assert_eq!(seen.expect("no task panics"), 3);
}
