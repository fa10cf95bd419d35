//! Documents that lead to the keys, and those that lead astray.

use std::time::Duration;

use jwtower_tests::hostile::{Answer, Hostile, KEYS, OAUTH, OPENID};
use serde_json::json;

use super::{
    faults::{Case, FAULTS},
    fixture::{Api, Signer, answered, jwks},
    time::{BACKOFF, pass},
};

/// A server whose documents lead to the keys of a signer.
async fn published() -> (Hostile, Signer) {
    let server = Hostile::start().await;
    let signer = Signer::of(&server);
    server.publishes(&jwks([signer.jwk()]));
    (server, signer)
}

#[tokio::test]
async fn the_issuer_alone_is_enough_to_find_the_keys() {
    let (server, signer) = published().await;
    let api = Api::discovering(&server.issuer());
    assert_eq!(server.connections(), 0);
    for _ in 0..10 {
        assert_eq!(api.get(&signer.token()).await, answered(200, ""));
    }
    assert_eq!([OPENID, OAUTH, KEYS].map(|path| server.requests(path)), [1, 0, 1]);
}

#[tokio::test]
async fn an_issuer_with_the_document_of_oauth_only_is_found_too() {
    let (server, signer) = published().await;
    server.answers(OPENID, [Answer::status(404)]);
    assert_eq!(Api::discovering(&server.issuer()).get(&signer.token()).await, answered(200, ""));
    assert_eq!([OPENID, OAUTH, KEYS].map(|path| server.requests(path)), [1, 1, 1]);
}

#[tokio::test]
async fn a_document_about_somebody_else_is_not_followed() {
    let (server, signer) = published().await;
    let issuer = server.issuer();
    for other in [
        "https://elsewhere.example.com",
        &format!("{issuer}/"),
        &issuer.to_uppercase(),
        &issuer.replace("127.0.0.1", "localhost"),
        "",
    ] {
        server.leads_to(other, &server.url(KEYS));
        let answer = Api::discovering(&issuer).get(&signer.token()).await;
        assert_eq!(answer, answered(503, "keys_unavailable"), "{other}");
    }
    assert_eq!(server.requests(KEYS), 0);
}

#[tokio::test]
async fn a_document_that_points_into_the_network_is_not_followed() {
    let (server, signer) = published().await;
    let other = Hostile::start().await;
    other.publishes(&jwks([signer.jwk()]));
    let port = other.address().port();
    for place in [
        other.url(KEYS),
        format!("https://127.0.0.1:{port}/jwks"),
        format!("https://localhost:{port}/jwks"),
        format!("https://[::1]:{port}/jwks"),
        format!("https://[::ffff:127.0.0.1]:{port}/jwks"),
        format!("http://localhost:{port}/jwks"),
        format!("https://2130706433:{port}/jwks"),
        format!("https://127.1:{port}/jwks"),
        format!("http://{}@127.0.0.1:{port}/jwks", server.address()),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "file:///etc/passwd".to_owned(),
        "/jwks".to_owned(),
        String::new(),
    ] {
        server.leads_to(&server.issuer(), &place);
        let answer = Api::discovering(&server.issuer()).get(&signer.token()).await;
        assert_eq!(answer, answered(503, "keys_unavailable"), "{place}");
    }
    assert_eq!((other.connections(), server.requests(KEYS)), (0, 0));
}

#[tokio::test]
async fn a_redirect_of_the_document_leads_nowhere() {
    let (server, signer) = published().await;
    let other = Hostile::start().await;
    other.leads_to(&server.issuer(), &server.url(KEYS));
    for path in [OPENID, OAUTH] {
        server.answers(path, [Answer::redirect(307, &other.url(path))]);
    }
    let answer = Api::discovering(&server.issuer()).get(&signer.token()).await;
    assert_eq!(answer, answered(503, "keys_unavailable"));
    assert_eq!((other.connections(), server.requests(KEYS)), (0, 0));
}

#[tokio::test]
async fn a_page_at_every_unknown_path_hides_no_document() {
    let (server, signer) = published().await;
    server.answers(
        OPENID,
        [Answer::status(200).header("content-type", "text/html").body("<title>shop</title>")],
    );
    assert_eq!(Api::discovering(&server.issuer()).get(&signer.token()).await, answered(200, ""));
    assert_eq!([OPENID, OAUTH, KEYS].map(|path| server.requests(path)), [1, 1, 1]);
}

/// After these the other document is not asked for: it would be no better.
const END_OF_SEARCH: [&str; 18] = [
    "500",
    "500 with a good body",
    "503",
    "429",
    "10 MiB",
    "10 MiB in chunks",
    "one byte more than 1 MiB",
    "a header of 2 MiB",
    "1,000 headers",
    "a body that ends early",
    "chunks that end early",
    "chunks of nonsense",
    "a chunk longer than it says",
    "two lengths",
    "a head that ends early",
    "no HTTP",
    "nothing but the end",
    "another issuer",
];

#[tokio::test]
async fn a_document_that_is_none_is_503_until_there_is_one() {
    let odd: &[Case] = &[
        ("another issuer", |_| Answer::json(r#"{"issuer":"a"}"#)),
        ("no issuer", |_| Answer::json(r#"{"jwks_uri":"a"}"#)),
        ("numbers", |_| Answer::json(r#"{"issuer":1,"jwks_uri":2}"#)),
        ("two places", |good| Answer::json(&good.replace('{', r#"{"jwks_uri":"http://127.0.0.1/","#))),
        ("a list", |good| Answer::json(&format!("[{good}]"))),
    ];
    let cases = || FAULTS.iter().chain(odd);
    assert!(END_OF_SEARCH.iter().all(|end| cases().any(|(name, _)| name == end)));
    for (name, answer) in cases() {
        let (server, signer) = published().await;
        let good = json!({ "issuer": server.issuer(), "jwks_uri": server.url(KEYS) }).to_string();
        for path in [OPENID, OAUTH] {
            server.answers(path, [answer(&good)]);
        }
        let api = Api::discovering(&server.issuer());
        for _ in 0..3 {
            assert_eq!(api.get(&signer.token()).await, answered(503, "keys_unavailable"), "{name}");
        }
        let other = usize::from(!END_OF_SEARCH.contains(name));
        assert_eq!([OPENID, OAUTH, KEYS].map(|path| server.requests(path)), [1, other, 0], "{name}");

        server.leads_to(&server.issuer(), &server.url(KEYS));
        pass(BACKOFF).await;
        assert_eq!(api.get(&signer.token()).await, answered(200, ""), "{name}");
    }
}

#[tokio::test]
async fn an_issuer_that_moves_its_keys_is_followed() {
    let (server, signer) = published().await;
    let newcomer = Signer::of(&server);
    let api = Api::discovering(&server.issuer());
    assert_eq!(api.get(&signer.token()).await, answered(200, ""));

    // The old ones are still where they were.
    server.answers("/keys/2", [Answer::json(&jwks([newcomer.jwk()]))]);
    server.leads_to(&server.issuer(), &server.url("/keys/2"));
    assert_eq!(api.get(&newcomer.token()).await, answered(200, ""));
    pass(Duration::from_secs(60)).await;
    assert_eq!(api.get(&signer.token()).await, answered(401, "unknown_key"));
}
