//! Google: ID tokens, and nothing but ID tokens, for this client.

use jwtower::{NoClaims, Verifier};
use serde_json::{Value, json};

use super::fixture::{
    Complete, assert_one_algorithm, assert_refused, build, code, keys, now, principal, sign_as, verdict, with,
};

const CLIENT: &str = "1234987819200-web.apps.googleusercontent.com";
const ANDROID: &str = "1234987819200-android.apps.googleusercontent.com";

fn client() -> Complete {
    Verifier::google(CLIENT).unwrap()
}

fn id_token() -> Value {
    json!({
        "iss": "https://accounts.google.com", "azp": CLIENT, "aud": CLIENT, "sub": "10769150350006150715113082367",
        "at_hash": "HK6E_P6Dh8Y93mRNtsDB1Q", "hd": "example.com", "email": "jsmith@example.com",
        "email_verified": true, "iat": now(), "exp": now() + 3600, "nonce": "0394852-3190485-2490358",
    })
}

#[test]
fn an_id_token_for_this_client_is_accepted() {
    let verifier = build(client());
    let user = principal(&verifier, &id_token());
    assert_eq!(user.subject(), Some("10769150350006150715113082367"));
    assert_eq!((user.roles().count(), user.permissions().count(), user.scopes().count()), (0, 0, 0));
    assert_one_algorithm(&verifier, &id_token());
    let short = with(&id_token(), &[("nonce", Value::Null), ("at_hash", Value::Null)]);
    assert_eq!(verdict(&verifier, &short), "good");
    assert_eq!(verdict(&verifier, &with(&id_token(), &[("c_hash", json!("c"))])), "good");
}

#[test]
fn tokens_of_other_clients_and_other_kinds_are_refused() {
    let verifier = build(client());
    let other = json!("999-other.apps.googleusercontent.com");
    let robot = [("azp", json!("113774264463038321964")), ("sub", json!("113774264463038321964"))];
    let security_event =
        json!({ "https://schemas.openid.net/secevent/risc/event-type/account-disabled": {} });
    for (name, claims, expected) in [
        (
            "another client's",
            with(&id_token(), &[("aud", other.clone()), ("azp", other.clone())]),
            "audience_mismatch",
        ),
        ("asked for by another client", with(&id_token(), &[("azp", other)]), "audience_mismatch"),
        ("of a service account that chose our audience", with(&id_token(), &robot), "audience_mismatch"),
        ("asked for by nobody", with(&id_token(), &[("azp", Value::Null)]), "missing_claim"),
        ("asked for by a list", with(&id_token(), &[("azp", json!([CLIENT]))]), "mistyped_claim"),
        ("about nobody", with(&id_token(), &[("sub", Value::Null)]), "missing_claim"),
        (
            "of another issuer",
            with(&id_token(), &[("iss", json!("https://evil.example.com"))]),
            "issuer_mismatch",
        ),
        ("of the old issuer", with(&id_token(), &[("iss", json!("accounts.google.com"))]), "issuer_mismatch"),
        ("a security event", with(&id_token(), &[("events", security_event)]), "other_token_kind"),
        ("of another use", with(&id_token(), &[("token_use", json!("refresh"))]), "other_token_kind"),
        ("over", with(&id_token(), &[("exp", json!(now() - 3600))]), "token_expired"),
    ] {
        assert_eq!(verdict(&verifier, &claims), expected, "{name}");
    }
}

#[test]
fn an_access_token_is_no_id_token() {
    let verifier = build(client());
    for (typ, expected) in [("JWT", "good"), ("at+jwt", "wrong_type"), ("logout+jwt", "wrong_type")] {
        let header = json!({ "alg": "RS256", "kid": "key-1", "typ": typ });
        assert_eq!(code(&verifier, &sign_as(&header, &id_token())), expected, "{typ}");
    }
}

#[test]
fn a_second_client_of_the_same_application_can_be_added() {
    let claims = with(&id_token(), &[("azp", json!(ANDROID))]);
    assert_eq!(verdict(&build(client()), &claims), "audience_mismatch");
    assert_eq!(verdict(&build(client().audience(ANDROID)), &claims), "good");
}

#[test]
fn the_other_presets_and_plain_verifiers_go_on_refusing_id_tokens() {
    let plain =
        Verifier::<NoClaims>::builder().discover("https://accounts.google.com").unwrap().audience(CLIENT);
    assert_eq!(verdict(&build(plain), &id_token()), "other_token_kind");
    let keycloak =
        Verifier::keycloak("https://sso.example.com", "shop").unwrap().audience(CLIENT).keys(keys());
    let claims = with(&id_token(), &[("iss", json!("https://sso.example.com/realms/shop"))]);
    assert_eq!(verdict(&keycloak.build().unwrap(), &claims), "other_token_kind");
}

#[test]
fn the_profile_of_access_tokens_is_refused() {
    let error = client().rfc9068().keys(keys()).build().unwrap_err();
    assert_eq!(error.setting(), "rfc9068");
    assert!(error.to_string().contains("leave it out"), "{error}");
}

#[test]
fn a_claims_type_sees_azp_if_it_asks_for_it() {
    #[derive(serde::Deserialize)]
    struct Asking {
        azp: String,
    }
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Silent {}
    let token = super::fixture::sign(&with(
        &id_token(),
        &["at_hash", "hd", "email", "email_verified", "nonce"].map(|name| (name, Value::Null)),
    ));
    let asking = Verifier::<Asking>::google(CLIENT).unwrap().keys(keys()).build().unwrap();
    assert_eq!(asking.verify(&token).unwrap().azp, CLIENT);
    let silent = Verifier::<Silent>::google(CLIENT).unwrap().keys(keys()).build().unwrap();
    assert!(silent.verify(&token).is_ok());
}

#[test]
fn what_is_no_client_id_is_refused_with_what_to_write_and_not_repeated() {
    let bad = [
        "",
        "1234987819200",
        ".apps.googleusercontent.com",
        "GOCSPX-canary",
        "1234987819200-web.apps.googleusercontent.com/",
        "https://1234987819200-web.apps.googleusercontent.com",
        "https://accounts.google.com/.well-known/openid-configuration",
    ];
    let named = |id: &str| Verifier::<NoClaims>::google(id);
    assert_refused(named, "client_id", &bad.map(|id| (id, "1234567890-abc.apps.googleusercontent.com")));
    assert!(!named("GOCSPX-canary").unwrap_err().to_string().contains("canary"));
}
