//! Tokens of npm oauth2-mock-server, truly signed and right but for one thing.

use serde_json::{Value, json};

use crate::{
    api::{Api, Profile, hello, refused},
    provider::Mock,
};

const AUDIENCE: &str = "urn:api:test";

#[tokio::test]
async fn a_token_with_one_thing_wrong_is_refused_for_that_thing() {
    let Some(mock) = Mock::start() else { return };
    let api = Api::behind(&mock.issuer(), &[AUDIENCE], Profile::Usual);
    let (now, elsewhere) = (now(), "https://elsewhere.example.com");
    let headers = [
        (json!({}), ""),
        (json!({ "typ": "at+jwt" }), ""),
        (json!({ "typ": "application/AT+JWT" }), ""),
        (json!({ "typ": null }), ""),
        (json!({ "typ": "dpop+jwt" }), "wrong_type"),
        (json!({ "typ": "logout+jwt" }), "wrong_type"),
        (json!({ "kid": null }), ""),
        (json!({ "kid": "nobody's" }), "unknown_key"),
        (json!({ "jku": format!("{elsewhere}/jwks") }), ""),
        (json!({ "x-unknown": 1 }), ""),
    ];
    let claims = [
        (json!({ "sub": null }), ""),
        (json!({ "sub": 7 }), "mistyped_claim"),
        (json!({ "aud": null }), "audience_mismatch"),
        (json!({ "aud": [] }), "audience_mismatch"),
        (json!({ "aud": "urn:other" }), "audience_mismatch"),
        (json!({ "aud": AUDIENCE.to_uppercase() }), "audience_mismatch"),
        (json!({ "aud": ["urn:other", AUDIENCE] }), ""),
        (json!({ "iss": null }), "issuer_mismatch"),
        (json!({ "iss": elsewhere }), "issuer_mismatch"),
        (json!({ "iss": format!("{}/", mock.issuer()) }), "issuer_mismatch"),
        (json!({ "exp": null }), "missing_claim"),
        (json!({ "exp": "soon" }), "mistyped_claim"),
        (json!({ "exp": now - 90 }), "token_expired"),
        (json!({ "exp": now - 30 }), ""),
        (json!({ "nbf": now + 90 }), "not_yet_valid"),
        (json!({ "iat": now + 90 }), "issued_in_future"),
        (json!({ "cnf": { "jkt": "x" } }), "unexpected_binding"),
        (json!({ "nonce": "n" }), "other_token_kind"),
        (json!({ "token_use": "id" }), "other_token_kind"),
        (json!({ "events": {} }), "other_token_kind"),
    ];
    let rows = headers.map(|(header, code)| (header, json!({}), code)).into_iter();
    for (header, claims, code) in rows.chain(claims.map(|(claims, code)| (json!({}), claims, code))) {
        let token = mock.token(AUDIENCE, &header, &with_subject(&claims));
        let expected = if code.is_empty() { hello() } else { refused(401, code) };
        assert_eq!(api.get(&token).await, expected, "{header} {claims}");
    }
    assert_eq!(mock.jwks_fetches(), 2, "the keys, and once more for the kid that nobody has");
}

#[tokio::test]
async fn an_id_token_is_no_access_token_though_it_is_for_this_audience() {
    let Some(mock) = Mock::start() else { return };
    let api = Api::behind(&mock.issuer(), &[AUDIENCE], Profile::Usual);
    assert_eq!(api.get(&mock.id_token(AUDIENCE)).await, refused(401, "other_token_kind"));
    assert_eq!(api.get(&mock.id_token("another-client")).await, refused(401, "other_token_kind"));
}

#[tokio::test]
async fn under_the_profile_a_token_says_what_it_is_and_whose() {
    let Some(mock) = Mock::start() else { return };
    let api = Api::behind(&mock.issuer(), &[AUDIENCE], Profile::Rfc9068);
    let (plain, typed) = (json!({}), json!({ "typ": "at+jwt" }));
    let whole = json!({ "sub": "alice", "client_id": "app", "jti": "1" });
    for (header, changed, expected) in [
        (&typed, json!({}), hello()),
        (&plain, json!({}), refused(401, "wrong_type")),
        (&typed, json!({ "sub": null }), refused(401, "missing_claim")),
        (&typed, json!({ "client_id": null }), refused(401, "missing_claim")),
        (&typed, json!({ "jti": null }), refused(401, "missing_claim")),
        (&typed, json!({ "iat": null }), refused(401, "missing_claim")),
    ] {
        let token = mock.token(AUDIENCE, header, &with(&whole, &changed));
        assert_eq!(api.get(&token).await, expected, "{header} {changed}");
    }
}

fn with_subject(claims: &Value) -> Value {
    with(&json!({ "sub": "alice" }), claims)
}

/// The claims with other members.
fn with(claims: &Value, members: &Value) -> Value {
    let mut claims = claims.clone();
    for (name, value) in members.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
}

fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("the clock is right").as_secs()
}
