//! Keycloak: the realm's roles, an audience that a mapper writes, and the claim `typ`.

use jwtower::{NoClaims, Verifier, claims::AuthorityMap};
use serde_json::{Value, json};

use super::fixture::{
    Complete, assert_one_algorithm, assert_refused, build, code, keys, now, principal, sign_as, verdict, with,
};

fn shop() -> Complete {
    Verifier::keycloak("https://sso.example.com", "shop").unwrap().audience("api")
}

fn access_token() -> Value {
    json!({
        "exp": now() + 300, "iat": now(), "auth_time": now() - 60, "jti": "onrtac:7c9bff0f",
        "iss": "https://sso.example.com/realms/shop", "aud": ["api", "account"],
        "sub": "f3e7c1de-9ee9-4f7a-8a4b-5d9c2d6f1b10", "typ": "Bearer", "azp": "web",
        "sid": "0b6f4a5e-2c39-4d2e-9f0a-6b1f3d6f7a11", "acr": "1",
        "allowed-origins": ["https://shop.example.com"],
        "realm_access": { "roles": ["default-roles-shop", "seller"] },
        "resource_access": { "api": { "roles": ["orders"] }, "account": { "roles": ["view-profile"] } },
        "scope": "openid email profile", "email_verified": true, "preferred_username": "alice",
    })
}

fn id_token() -> Value {
    json!({
        "exp": now() + 300, "iat": now(), "auth_time": now() - 60, "jti": "6d4f0d0e",
        "iss": "https://sso.example.com/realms/shop", "aud": "api",
        "sub": "f3e7c1de-9ee9-4f7a-8a4b-5d9c2d6f1b10", "typ": "ID", "azp": "api", "acr": "1",
        "sid": "0b6f4a5e-2c39-4d2e-9f0a-6b1f3d6f7a11", "preferred_username": "alice",
    })
}

#[test]
fn a_realms_access_token_is_accepted_with_its_roles_and_scopes() {
    let verifier = build(shop());
    let user = principal(&verifier, &access_token());
    assert_eq!(user.roles().collect::<Vec<_>>(), ["default-roles-shop", "seller"]);
    assert_eq!(user.scopes().collect::<Vec<_>>(), ["openid", "email", "profile"]);
    assert_eq!(user.issuer(), Some("https://sso.example.com/realms/shop"));
    assert_one_algorithm(&verifier, &access_token());
}

#[test]
fn a_token_whose_header_says_access_token_is_accepted_too() {
    let header = json!({ "alg": "RS256", "kid": "key-1", "typ": "at+jwt" });
    assert_eq!(code(&build(shop()), &sign_as(&header, &access_token())), "good");
}

#[test]
fn roles_of_a_client_are_read_where_they_are_asked_for() {
    let map = AuthorityMap::new().roles(["/realm_access/roles", "/resource_access/api/roles"]).unwrap();
    let user = principal(&build(shop().authorities(map)), &access_token());
    assert_eq!(user.roles().collect::<Vec<_>>(), ["default-roles-shop", "seller", "orders"]);
}

#[test]
fn id_tokens_refresh_tokens_and_tokens_for_others_are_refused() {
    let verifier = build(shop());
    let other_realm = json!("https://sso.example.com/realms/staff");
    for (name, claims, expected) in [
        ("an ID token", id_token(), "other_token_kind"),
        ("an ID token with a nonce", with(&id_token(), &[("nonce", json!("n"))]), "other_token_kind"),
        ("a refresh token", with(&access_token(), &[("typ", json!("Refresh"))]), "other_token_kind"),
        ("an offline token", with(&access_token(), &[("typ", json!("Offline"))]), "other_token_kind"),
        ("a token without a kind", with(&access_token(), &[("typ", Value::Null)]), "missing_claim"),
        ("a token of another realm", with(&access_token(), &[("iss", other_realm)]), "issuer_mismatch"),
        (
            "a token without a mapper",
            with(&access_token(), &[("aud", json!("account"))]),
            "audience_mismatch",
        ),
        ("a token without an audience", with(&access_token(), &[("aud", Value::Null)]), "audience_mismatch"),
        (
            "a token bound to a key",
            with(&access_token(), &[("cnf", json!({ "jkt": "x" }))]),
            "unexpected_binding",
        ),
    ] {
        assert_eq!(verdict(&verifier, &claims), expected, "{name}");
    }
}

#[test]
fn a_url_may_have_a_path_and_a_slash_at_its_end() {
    for (url, issuer) in [
        ("https://sso.example.com/", "https://sso.example.com/realms/shop"),
        ("https://sso.example.com/auth", "https://sso.example.com/auth/realms/shop"),
        ("https://sso.example.com/auth/", "https://sso.example.com/auth/realms/shop"),
        ("http://localhost:8080", "http://localhost:8080/realms/shop"),
        ("https://sso.example.com/realms-of-shops", "https://sso.example.com/realms-of-shops/realms/shop"),
    ] {
        let builder = Verifier::<NoClaims>::keycloak(url, "shop").unwrap().audience("api");
        let status = builder.build().unwrap().key_status();
        assert_eq!(status.iter().map(|keys| &*keys.source).collect::<Vec<_>>(), [issuer], "{url}");
        let builder = Verifier::keycloak(url, "shop").unwrap().audience("api").keys(keys());
        let claims = with(&access_token(), &[("iss", json!(issuer))]);
        assert_eq!(verdict(&builder.build().unwrap(), &claims), "good", "{url}");
    }
}

#[test]
fn what_is_no_url_or_no_realm_is_refused_with_what_to_write() {
    let at = |url: &str| Verifier::<NoClaims>::keycloak(url, "shop");
    assert_refused(
        at,
        "url",
        &[
            ("", "https://sso.example.com"),
            (" ", "https://sso.example.com"),
            ("sso.example.com", "https://"),
            ("https://sso.example.com/realms/shop", "before, \"https://sso.example.com\""),
            ("https://sso.example.com/auth/realms/", "before, \"https://sso.example.com/auth\""),
            ("https://sso.example.com/realms", "before, \"https://sso.example.com\""),
            ("https://sso.example.com/auth/realms", "before, \"https://sso.example.com/auth\""),
            ("https://sso.example.com//realms//", "before, \"https://sso.example.com\""),
            (
                "https://sso.example.com/.well-known/openid-configuration",
                "before, \"https://sso.example.com\"",
            ),
        ],
    );
    assert_refused(at, "issuer", &[("https://", "https://"), ("https://sso.example.com/a b", "https://")]);
    let named = |realm: &str| Verifier::<NoClaims>::keycloak("https://sso.example.com", realm);
    let bad = ["", "a/b", "/shop", "shop/", "a b", "shop?", "shop#", "..", ".", "a\\b", "köln", "a\n"];
    assert_refused(named, "realm", &bad.map(|realm| (realm, "\"shop\"")));
}
