//! Before the first keys have come.

use std::time::Duration;

use jwtower_tests::hostile::{Answer, Hostile, KEYS};

use tokio::time::Instant;

use super::{
    faults::{FAULTS, ODDITIES},
    fixture::{Api, Signer, answered, jwks},
    time::{BACKOFF, asked, pass, without_delay},
};

#[tokio::test]
async fn nobody_is_asked_before_the_first_token_and_then_once_for_all_of_them() {
    let server = Hostile::start().await;
    let signer = Signer::of(&server);
    server.answers(KEYS, [Answer::json(&jwks([signer.jwk()])).late(Duration::from_millis(200))]);
    let (api, token) = (Api::of(&server), signer.token());
    assert_eq!(api.get("not.a.token").await.0, 401);
    assert_eq!(server.connections(), 0);

    let answers = api.get_all(vec![token; 100]).await;
    assert_eq!(answers, [(answered(200, ""), 100)]);
    assert_eq!((server.requests(KEYS), server.connections()), (1, 1));
}

#[tokio::test]
async fn keys_that_come_in_an_odd_way_are_taken() {
    for (name, answer) in ODDITIES {
        let server = Hostile::start().await;
        let signer = Signer::of(&server);
        server.answers(KEYS, [answer(&jwks([signer.jwk()]))]);
        assert_eq!(Api::of(&server).get(&signer.token()).await, answered(200, ""), "{name}");
        assert_eq!(server.all_requests(), 1, "{name}");
    }
}

#[tokio::test]
async fn without_keys_the_answer_is_503_after_one_fetch_and_all_is_well_when_they_come() {
    for (name, answer) in FAULTS {
        let server = Hostile::start().await;
        let signer = Signer::of(&server);
        let good = jwks([signer.jwk()]);
        server.answers(KEYS, [answer(&good)]);
        let (api, token) = (Api::of(&server), signer.token());
        for _ in 0..3 {
            assert_eq!(api.get(&token).await, answered(503, "keys_unavailable"), "{name}");
        }
        assert_eq!(server.all_requests(), 1, "{name}");

        server.publishes(&good);
        pass(BACKOFF).await;
        assert_eq!(api.get(&token).await, answered(200, ""), "{name}");
        assert_eq!(server.all_requests(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let (server, other) = (Hostile::start().await, Hostile::start().await);
    let signer = Signer::of(&server);
    let good = jwks([signer.jwk()]);
    other.publishes(&good);
    server.answers("/elsewhere", [Answer::json(&good)]);
    for status in [300, 301, 302, 303, 307, 308] {
        for to in [&*other.url(KEYS), &*server.url("/elsewhere"), "/elsewhere"] {
            server.answers(KEYS, [Answer::redirect(status, to)]);
            let answer = Api::of(&server).get(&signer.token()).await;
            assert_eq!(answer, answered(503, "keys_unavailable"), "{status} to {to}");
        }
    }
    assert_eq!((other.connections(), server.requests("/elsewhere")), (0, 0));
}

#[tokio::test]
async fn a_request_waits_two_seconds_for_keys_and_a_fetch_five() {
    let slow: [(&str, fn(Answer) -> Answer); 4] = [
        ("no answer", |_| Answer::never()),
        ("half an answer", |good| good.hang_after(60)),
        ("an answer that drips", |good| good.dripping(Duration::from_millis(900))),
        ("an answer after 6 s", |good| good.late(Duration::from_secs(6))),
    ];
    for (name, change) in slow {
        let server = Hostile::start().await;
        let signer = Signer::of(&server);
        let good = Answer::json(&jwks([signer.jwk()]));
        server.answers(KEYS, [change(good.clone()), good]);
        let (api, start) = (Api::of(&server), Instant::now());
        let request = tokio::spawn({
            let (api, token) = (api.clone(), signer.token());
            async move { api.get(&token).await }
        });
        asked(&server, 1).await;
        let answer = without_delay(request).await.expect("it does not panic");
        assert_eq!(answer, answered(503, "keys_unavailable"), "{name}");
        assert_eq!(start.elapsed().as_secs(), 2, "{name}");
        // The next fetch comes when this one has been given up, and a while after that.
        without_delay(asked(&server, 2)).await;
        assert!((6..=7).contains(&start.elapsed().as_secs()), "{name}: {:?}", start.elapsed());
        assert_eq!(api.get(&signer.token()).await, answered(200, ""), "{name}");
    }
}
