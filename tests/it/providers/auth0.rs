//! Auth0: an issuer with a slash, permissions, and two token profiles.

use jwtower::{NoClaims, Verifier, claims::AuthorityMap};
use serde_json::{Value, json};

use super::fixture::{
    Complete, assert_one_algorithm, assert_refused, build, code, now, principal, sign_as, verdict, with,
};

const API: &str = "https://api.example.com";

fn tenant() -> Complete {
    Verifier::auth0("tenant.eu.auth0.com").unwrap().audience(API)
}

fn access_token() -> Value {
    json!({
        "iss": "https://tenant.eu.auth0.com/", "sub": "auth0|123456",
        "aud": [API, "https://tenant.eu.auth0.com/userinfo"], "azp": "my_client_id",
        "exp": now() + 86400, "iat": now(), "scope": "openid profile read:patients",
        "permissions": ["read:patients", "read:admin"], "https://example.com/roles": ["nurse"],
    })
}

fn id_token() -> Value {
    json!({
        "iss": "https://tenant.eu.auth0.com/", "sub": "auth0|123456", "aud": "my_client_id",
        "exp": now() + 36000, "iat": now(), "name": "Alice", "email": "alice@example.com", "sid": "s",
    })
}

#[test]
fn an_access_token_is_accepted_with_its_permissions_and_scopes() {
    let verifier = build(tenant());
    let user = principal(&verifier, &access_token());
    assert_eq!(user.permissions().collect::<Vec<_>>(), ["read:patients", "read:admin"]);
    assert_eq!(user.scopes().collect::<Vec<_>>(), ["openid", "profile", "read:patients"]);
    assert_eq!(user.roles().count(), 0);
    assert_one_algorithm(&verifier, &access_token());
}

#[test]
fn roles_of_an_action_are_read_where_they_are_asked_for() {
    let map = AuthorityMap::new().roles(["/https:~1~1example.com~1roles"]).unwrap();
    let user = principal(&build(tenant().authorities(map)), &access_token());
    assert_eq!(user.roles().collect::<Vec<_>>(), ["nurse"]);
}

#[test]
fn the_profile_of_rfc_9068_is_accepted_and_can_be_demanded() {
    let changes = [("azp", Value::Null), ("client_id", json!("my_client_id")), ("jti", json!("73Wak"))];
    let claims = with(&access_token(), &changes);
    let header = json!({ "alg": "RS256", "kid": "key-1", "typ": "at+jwt" });
    assert_eq!(code(&build(tenant()), &sign_as(&header, &claims)), "good");
    assert_eq!(code(&build(tenant().rfc9068()), &sign_as(&header, &claims)), "good");
    assert_eq!(verdict(&build(tenant().rfc9068()), &access_token()), "wrong_type");
}

#[test]
fn id_tokens_and_tokens_for_others_are_refused() {
    let verifier = build(tenant());
    let client = [("sub", json!("my_client_id@clients")), ("gty", json!("client-credentials"))];
    for (name, claims, expected) in [
        ("a token of a machine", with(&access_token(), &client), "good"),
        ("an ID token", id_token(), "audience_mismatch"),
        ("an ID token with a nonce", with(&id_token(), &[("nonce", json!("n"))]), "other_token_kind"),
        (
            "a token of another tenant",
            with(&access_token(), &[("iss", json!("https://other.eu.auth0.com/"))]),
            "issuer_mismatch",
        ),
        (
            "an issuer without the slash",
            with(&access_token(), &[("iss", json!("https://tenant.eu.auth0.com"))]),
            "issuer_mismatch",
        ),
        (
            "a token for another API",
            with(&access_token(), &[("aud", json!("https://other.example.com"))]),
            "audience_mismatch",
        ),
        (
            "a token for the profile alone",
            with(&access_token(), &[("aud", json!("https://tenant.eu.auth0.com/userinfo"))]),
            "audience_mismatch",
        ),
    ] {
        assert_eq!(verdict(&verifier, &claims), expected, "{name}");
    }
}

#[test]
fn a_custom_domain_is_an_issuer_of_its_own() {
    let verifier = build(Verifier::auth0("login.example.com").unwrap().audience(API));
    assert_eq!(verdict(&verifier, &access_token()), "issuer_mismatch");
    let claims = with(&access_token(), &[("iss", json!("https://login.example.com/"))]);
    assert_eq!(verdict(&verifier, &claims), "good");
}

#[test]
fn what_is_no_domain_is_refused_with_what_to_write() {
    let cases = [
        ("", "\"tenant.eu.auth0.com\""),
        ("tenant", "\"tenant.eu.auth0.com\""),
        (".auth0.com", "\"tenant.eu.auth0.com\""),
        ("t.auth0.com@evil.example.com", "\"tenant.eu.auth0.com\""),
        ("t.auth0.com:443", "\"tenant.eu.auth0.com\""),
        ("https://acme.us.auth0.com", "\"acme.us.auth0.com\""),
        ("https://acme.us.auth0.com/", "\"acme.us.auth0.com\""),
        ("https://acme.us.auth0.com/.well-known/openid-configuration", "\"acme.us.auth0.com\""),
        ("acme.us.auth0.com/", "\"acme.us.auth0.com\""),
        ("Acme.US.auth0.com", "\"acme.us.auth0.com\""),
        (" acme.us.auth0.com", "\"acme.us.auth0.com\""),
    ];
    assert_refused(Verifier::<NoClaims>::auth0, "domain", &cases);
}
