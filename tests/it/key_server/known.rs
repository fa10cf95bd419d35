//! After the first keys have come: what becomes of them when the server fails, changes them or goes away.

use std::time::Duration;

use jwtower::Algorithm;
use jwtower_tests::hostile::{Answer, Hostile, KEYS};

use super::{
    faults::FAULTS,
    fixture::{Api, Signer, answered, jwks},
    time::{BACKOFF, asked, pass},
};

#[tokio::test]
async fn known_keys_go_on_while_the_server_fails_and_new_ones_come_when_it_does_not() {
    for (name, answer) in FAULTS {
        let server = Hostile::start().await;
        let (signer, newcomer) = (Signer::of(&server), Signer::of(&server));
        server.publishes(&jwks([signer.jwk()]));
        let api = Api::of(&server);
        assert_eq!(api.get(&signer.token()).await, answered(200, ""), "{name}");

        let both = jwks([signer.jwk(), newcomer.jwk()]);
        server.answers(KEYS, [answer(&both)]);
        for _ in 0..3 {
            assert_eq!(api.get(&newcomer.token()).await, answered(503, "key_pending"), "{name}");
            assert_eq!(api.get(&signer.token()).await, answered(200, ""), "{name}");
        }
        assert_eq!(server.all_requests(), 2, "{name}");

        server.publishes(&both);
        pass(BACKOFF).await;
        for signer in [&newcomer, &signer] {
            assert_eq!(api.get(&signer.token()).await, answered(200, ""), "{name}");
        }
        assert_eq!(server.all_requests(), 3, "{name}");
    }
}

#[tokio::test]
async fn the_last_good_keys_serve_an_hour_beyond_their_life_and_then_no_longer() {
    let server = Hostile::start().await;
    let signer = Signer::of(&server);
    let good = jwks([signer.jwk()]);
    server.publishes(&good);
    let api = Api::of(&server);
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    let address = server.stop().await;

    let token = signer.token();
    pass(Duration::from_secs(3600 + 590)).await;
    assert_eq!(api.get(&token).await, answered(200, ""));
    pass(Duration::from_secs(20)).await;
    assert_eq!(api.get(&token).await, answered(503, "keys_unavailable"));

    let server = Hostile::at(address).await;
    server.publishes(&good);
    pass(Duration::from_secs(31)).await;
    assert_eq!(api.get(&token).await, answered(200, ""));
}

#[tokio::test]
async fn keys_that_did_not_change_need_not_be_sent_again() {
    let server = Hostile::start().await;
    let signer = Signer::of(&server);
    let tagged = Answer::json(&jwks([signer.jwk()])).header("etag", "\"one\"");
    let unchanged = || Answer::status(304).header("etag", "\"one\"");
    server.answers(KEYS, [tagged, unchanged()]);
    let api = Api::of(&server);
    assert_eq!(api.get(&signer.token()).await.0, 200);
    for _ in 0..3 {
        api.refreshed().await;
        assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    }
    let heads = server.heads();
    assert!(!heads[0].contains("if-none-match"), "{}", heads[0]);
    assert!(heads[1..].iter().all(|head| head.contains("if-none-match: \"one\"\r\n")), "{heads:?}");

    // That is an answer to whether there are new keys, too.
    pass(Duration::from_secs(60)).await;
    assert_eq!(api.get(&Signer::of(&server).token()).await, answered(401, "unknown_key"));
    assert_eq!(server.requests(KEYS), 5);
}

#[tokio::test]
async fn a_name_whose_key_changes_its_type_is_followed() {
    let server = Hostile::start().await;
    let before = Signer::named(&server, Algorithm::RS256, "main");
    let after = Signer::named(&server, Algorithm::ES256, "main");
    server.publishes(&jwks([before.jwk()]));
    let api = Api::of(&server);
    assert_eq!(api.get(&before.token()).await, answered(200, ""));
    assert_eq!(api.get(&after.token()).await, answered(401, "algorithm_mismatch"));

    server.publishes(&jwks([after.jwk()]));
    api.refreshed().await;
    assert_eq!(api.get(&after.token()).await, answered(200, ""));
    assert_eq!(api.get(&before.token()).await, answered(401, "algorithm_mismatch"));
}

#[tokio::test]
async fn a_name_whose_key_is_another_one_is_followed_at_the_next_refresh() {
    let server = Hostile::start().await;
    let named = || Signer::named(&server, Algorithm::Ed25519, "main");
    let (before, after) = (named(), named());
    server.publishes(&jwks([before.jwk()]));
    let api = Api::of(&server);
    assert_eq!(api.get(&before.token()).await, answered(200, ""));

    server.publishes(&jwks([after.jwk()]));
    // Its name is known, so nobody is asked.
    assert_eq!(api.get(&after.token()).await, answered(401, "bad_signature"));
    assert_eq!(server.requests(KEYS), 1);
    api.refreshed().await;
    let answers = [api.get(&after.token()).await, api.get(&before.token()).await];
    assert_eq!(answers, [answered(200, ""), answered(401, "bad_signature")]);
}

#[tokio::test]
async fn a_key_that_is_published_while_older_ones_are_on_their_way_is_found() {
    let server = Hostile::start().await;
    let (signer, stranger, newcomer) = (Signer::of(&server), Signer::of(&server), Signer::of(&server));
    let (old, new) = (jwks([signer.jwk()]), jwks([signer.jwk(), newcomer.jwk()]));
    server.publishes(&old);
    let api = Api::of(&server);
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));

    server.answers(KEYS, [Answer::json(&old).late(Duration::from_millis(100)), Answer::json(&new)]);
    let tokens = [stranger.token(), newcomer.token()].map(|token| (api.clone(), token));
    let [first, second] = tokens.map(|(api, token)| async move { api.get(&token).await });
    let first = tokio::spawn(first);
    asked(&server, 2).await;
    assert_eq!(second.await, answered(200, ""));
    assert_eq!(first.await.expect("it does not panic"), answered(401, "unknown_key"));
    assert_eq!(server.requests(KEYS), 3);
}
