//! Amazon Cognito: `client_id` in the place of `aud`, groups, and `token_use`.

use jwtower::{NoClaims, Verifier};
use serde_json::{Value, json};

use super::fixture::{
    Complete, assert_one_algorithm, assert_refused, build, code, now, principal, sign_as, verdict, with,
};

const POOL: &str = "eu-central-1_AbCdEfGhI";
const CLIENT: &str = "1example23456789";

fn pool() -> Complete {
    Verifier::cognito("eu-central-1", POOL).unwrap().audience_claim("client_id", CLIENT)
}

fn issuer(pool: &str) -> Value {
    json!(format!("https://cognito-idp.eu-central-1.amazonaws.com/{pool}"))
}

fn access_token() -> Value {
    json!({
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "cognito:groups": ["admin", "staff"],
        "iss": issuer(POOL), "version": 2, "client_id": CLIENT, "origin_jti": "o", "event_id": "e",
        "token_use": "access", "scope": "phone openid orders/read", "auth_time": now() - 10,
        "exp": now() + 3600, "iat": now(), "jti": "j", "username": "alice",
    })
}

fn id_token() -> Value {
    json!({
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "cognito:groups": ["admin", "staff"],
        "email_verified": true, "iss": issuer(POOL), "cognito:username": "alice", "origin_jti": "o",
        "aud": CLIENT, "event_id": "e", "token_use": "id", "auth_time": now() - 10, "exp": now() + 3600,
        "iat": now(), "jti": "j", "email": "alice@example.com",
    })
}

#[test]
fn an_access_token_is_accepted_with_its_groups_and_scopes() {
    let verifier = build(pool());
    let user = principal(&verifier, &access_token());
    assert_eq!(user.roles().collect::<Vec<_>>(), ["admin", "staff"]);
    assert_eq!(user.scopes().collect::<Vec<_>>(), ["phone", "openid", "orders/read"]);
    assert_one_algorithm(&verifier, &access_token());
    let header = json!({ "kid": "key-1", "alg": "RS256" });
    assert_eq!(code(&verifier, &sign_as(&header, &access_token())), "good");
}

#[test]
fn id_tokens_and_tokens_for_others_are_refused() {
    let verifier = build(pool());
    // What would be left of an ID token if only the client were checked.
    let disguised = with(&id_token(), &[("aud", Value::Null), ("client_id", json!(CLIENT))]);
    for (name, claims, expected) in [
        ("an ID token", id_token(), "other_token_kind"),
        ("an ID token with a client_id", disguised.clone(), "other_token_kind"),
        ("a token of no use", with(&access_token(), &[("token_use", Value::Null)]), "missing_claim"),
        (
            "a token of another pool",
            with(&access_token(), &[("iss", issuer("eu-central-1_Other"))]),
            "issuer_mismatch",
        ),
        (
            "a token of another client",
            with(&access_token(), &[("client_id", json!("other"))]),
            "audience_mismatch",
        ),
        ("a token of no client", with(&access_token(), &[("client_id", Value::Null)]), "audience_mismatch"),
        (
            "a token for some API",
            with(&access_token(), &[("aud", json!("https://api"))]),
            "audience_mismatch",
        ),
    ] {
        assert_eq!(verdict(&verifier, &claims), expected, "{name}");
    }
}

#[test]
fn a_token_that_was_asked_for_with_a_resource_is_for_that_resource() {
    let verifier =
        build(Verifier::cognito("eu-central-1", POOL).unwrap().audience("https://api.example.com"));
    let claims = with(&access_token(), &[("aud", json!("https://api.example.com"))]);
    assert_eq!(verdict(&verifier, &claims), "good");
    assert_eq!(verdict(&verifier, &access_token()), "audience_mismatch");
}

#[test]
fn a_region_may_have_more_than_one_name() {
    let verifier = Verifier::cognito("us-gov-west-1", "us-gov-west-1_AbCdEfGhI").unwrap();
    let verifier = build(verifier.audience_claim("client_id", CLIENT));
    let iss = json!("https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbCdEfGhI");
    assert_eq!(verdict(&verifier, &with(&access_token(), &[("iss", iss)])), "good");
}

#[test]
fn what_is_no_region_or_no_pool_is_refused_with_what_to_write() {
    let regions = [
        "",
        "eu",
        "eu-central",
        "eu-central-",
        "EU-central-1",
        "eu--1",
        "eu-central-1/",
        "eu-central-1.",
        "1",
    ];
    let at = |region: &str| Verifier::<NoClaims>::cognito(region, POOL);
    assert_refused(at, "region", &regions.map(|region| (region, "\"eu-central-1\"")));
    assert_refused(at, "region", &[("cn-north-1", ".discover(..)")]);
    let of = |pool: &str| Verifier::<NoClaims>::cognito("eu-central-1", pool);
    let pools = [
        "",
        "AbCdEfGhI",
        "eu-central-1_",
        "eu-central-1-AbCdEfGhI",
        "eu-central-1_Ab/Cd",
        "eu-central-1_Ab/.well-known/jwks.json",
        "my pool",
        "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_AbCdEfGhI",
    ];
    assert_refused(of, "user_pool", &pools.map(|pool| (pool, "\"eu-central-1_AbCdEfGhI\"")));
    assert_refused(of, "user_pool", &[("eu-west-1_AbCdEfGhI", "\"eu-west-1\"")]);
}
