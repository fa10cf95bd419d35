//! Keys and issuer from one URL.

use jwtower::{NoClaims, Verifier, keys::RemoteKeySet};
use serde_json::json;

use super::fixture::{assert_refused, keys, now, verdict, with};

const ISSUER: &str = "https://login.example.com/tenant/";

#[test]
fn the_issuer_is_the_one_whose_keys_are_discovered() {
    let builder = || Verifier::<NoClaims>::builder().discover(ISSUER).unwrap().audience("api");
    let status = builder().build().unwrap().key_status();
    assert_eq!(status.iter().map(|keys| (&*keys.source, keys.keys)).collect::<Vec<_>>(), [(ISSUER, 0)]);
    let verifier = builder().keys(keys()).build().unwrap();
    assert!(verifier.key_status().is_empty());
    let claims = json!({ "iss": ISSUER, "aud": "api", "exp": now() + 60 });
    assert_eq!(verdict(&verifier, &claims), "good");
    let other = with(&claims, &[("iss", json!("https://login.example.com/tenant"))]);
    assert_eq!(verdict(&verifier, &other), "issuer_mismatch");
}

#[test]
fn keys_given_afterwards_replace_those_that_would_be_discovered() {
    let inside = "http://login.internal:8080/jwks.json";
    let builder = Verifier::<NoClaims>::builder().audience("api").discover(ISSUER).unwrap();
    let verifier = builder.keys(RemoteKeySet::new(inside).unwrap()).build().unwrap();
    assert_eq!(verifier.key_status().iter().map(|keys| &*keys.source).collect::<Vec<_>>(), [inside]);
}

#[test]
fn what_is_no_issuer_is_refused_with_what_to_write() {
    let discover = |issuer: &str| Verifier::<NoClaims>::builder().discover(issuer);
    let cases = [
        ("", "https://"),
        ("login.example.com", "https://"),
        ("ftp://login.example.com", "https://"),
        ("https://login.example.com/.well-known/openid-configuration", "\"https://login.example.com\""),
        ("https://login.example.com/.well-known/jwks.json", "`iss`"),
    ];
    assert_refused(discover, "issuer", &cases);
}
