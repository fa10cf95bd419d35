use std::fs;

use serde_json::{Value, json};

use super::support::{jwks, public_members, signing_key};
use crate::keys::{Algorithm, KeySet, Secret, SigningKey};

fn refusal(json: impl AsRef<[u8]>) -> String {
    let error = KeySet::from_jwks(json).unwrap_err();
    assert_eq!(error.setting(), "keys");
    error.to_string()
}

#[test]
fn what_is_not_a_jwk_set_is_refused_with_what_to_do() {
    let jwk = Value::Object(public_members(Algorithm::ES256)).to_string();
    let pem = super::support::armour("PUBLIC KEY", &[1, 2, 3]);
    let discovery = json!({"issuer": "https://a", "jwks_uri": "https://a/jwks"}).to_string();
    for (text, reason) in [
        ("", "not JSON"),
        ("{\"keys\":[", "not JSON, at line 1"),
        ("{\"keys\":[]} x", "not JSON"),
        ("[]", "other JSON"),
        ("null", "other JSON"),
        ("{}", "no member `keys`"),
        ("{\"Keys\":[]}", "no member `keys`"),
        ("{\"keys\":{}}", "one array"),
        ("{\"keys\":null}", "one array"),
        ("{\"keys\":[],\"keys\":[]}", "one array"),
        ("{\"keys\":[]}", "it is empty"),
        ("{\"keys\":[1,null,[]]}", "not a JSON object"),
        ("<html>404</html>", "HTML"),
        (&jwk, "KeySet::from_jwk"),
        (&pem, "KeySet::from_pem"),
        (&discovery, "jwks_uri"),
    ] {
        assert!(refusal(text).contains(reason), "{text}: {}", refusal(text));
    }
    assert!(refusal(b"{\"keys\":[{\"kty\":\"\xff\"}]}").contains("not JSON"));
}

#[test]
fn an_error_names_every_key_and_why_up_to_ten() {
    let mut members = public_members(Algorithm::ES256);
    members.insert("use".into(), "enc".into());
    let entries: Vec<_> = (0..13)
        .map(|index| {
            let mut members = members.clone();
            members.insert("kid".into(), format!("key-{index}").into());
            members
        })
        .collect();
    let text = refusal(jwks(&entries));
    assert!(text.contains("key \"key-0\": its use is \"enc\"") && text.contains("key \"key-9\""), "{text}");
    assert!(!text.contains("key-10") && text.ends_with("and 3 more"), "{text}");
}

#[test]
fn foreign_text_in_a_message_is_escaped_and_cut() {
    let mut members = public_members(Algorithm::ES256);
    members.insert("kid".into(), "\n\u{1b}[31m".repeat(40).into());
    members.insert("kty".into(), "x\r\n".repeat(1000).into());
    let text = refusal(jwks(&[members]));
    assert!(!text.contains(char::is_control) && text.len() < 1000, "{text}");
}

#[test]
fn at_most_100_keys_are_read() {
    let members = public_members(Algorithm::ES256);
    let entries = |count: usize| {
        let entry = |index: usize| {
            let mut members = members.clone();
            members.insert("kid".into(), index.to_string().into());
            members
        };
        jwks(&(0..count).map(entry).collect::<Vec<_>>())
    };
    let full = KeySet::from_jwks(entries(100)).unwrap();
    assert_eq!(full.len(), 100);
    assert!(refusal(entries(101)).contains("101 keys; at most 100"));
    let error = full.and(&signing_key(Algorithm::ES384)).unwrap_err().to_string();
    assert!(error.contains("101 keys; at most 100"), "{error}");
}

#[test]
fn equal_entries_count_once_and_clashing_ones_not_at_all() {
    let one = public_members(Algorithm::ES256);
    let mut clash = public_members(Algorithm::ES256);
    clash.insert("kid".into(), one["kid"].clone());
    let mut other = public_members(Algorithm::Ed25519);
    other.insert("kid".into(), one["kid"].clone());

    let keys = KeySet::from_jwks(jwks(&[one.clone(), one.clone()])).unwrap();
    assert_eq!(keys.len(), 1);
    let keys = KeySet::from_jwks(jwks(&[one.clone(), other.clone()])).unwrap();
    assert_eq!(keys.len(), 2);
    let kid = one["kid"].as_str();
    assert!(keys.find(kid, Algorithm::ES256).is_ok() && keys.find(kid, Algorithm::Ed25519).is_ok());
    for order in [[&one, &clash, &other], [&clash, &other, &one]] {
        let keys = KeySet::from_jwks(jwks(&order.map(Clone::clone))).unwrap();
        assert_eq!(keys.len(), 1);
        assert!(keys.find(kid, Algorithm::ES256).is_err() && keys.find(kid, Algorithm::Ed25519).is_ok());
    }
    assert!(refusal(jwks(&[one.clone(), clash.clone()])).contains("neither is used"));

    let nameless = |mut members: serde_json::Map<String, Value>| {
        members.remove("kid");
        members
    };
    assert!(refusal(jwks(&[nameless(one), nameless(clash)])).contains("has no kid either"));
}

#[cfg(feature = "tracing")]
#[test]
fn a_skipped_entry_is_a_warning_with_its_kid_and_nothing_of_the_key() {
    let good = public_members(Algorithm::ES256);
    let mut bad = public_members(Algorithm::RS256);
    bad.insert("kid".into(), "leaked".into());
    bad.insert("d".into(), "c2VjcmV0".into());
    let n = bad["n"].as_str().unwrap().to_owned();
    let lines = super::support::warnings_of(|| drop(KeySet::from_jwks(jwks(&[bad, good])).unwrap()));
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert!(
        lines.contains("WARN") && lines.contains("\"leaked\"") && lines.contains("private member d"),
        "{lines}"
    );
    assert!(!lines.contains("c2VjcmV0") && !lines.contains(&n), "{lines}");
}

#[test]
fn sets_are_joined_unless_no_token_could_tell_the_keys_apart() {
    let secret = || Secret::generate(Algorithm::HS256).unwrap();
    let named = |kid: &str| secret().with_kid(kid).unwrap();
    let one = named("1");
    assert_eq!(KeySet::from(&one).and(&named("2")).unwrap().len(), 2);
    assert_eq!(KeySet::from(&one).and(&secret()).unwrap().len(), 2);
    for (first, second) in [(named("1"), named("1")), (secret(), secret())] {
        let error = KeySet::from(&first).and(&second).unwrap_err().to_string();
        assert!(error.contains("with_kid"), "{error}");
    }
    let key = signing_key(Algorithm::Ed25519);
    let keys = KeySet::from(&key);
    assert_eq!(keys.and(&keys).unwrap().len(), 1);
    assert_eq!(keys.and(&one).unwrap().kids().collect::<Vec<_>>(), [key.kid(), Some("1")]);
}

#[test]
fn only_a_set_of_one_key_can_be_named() {
    let key = SigningKey::generate(Algorithm::ES256).unwrap();
    let named = KeySet::from(&key).with_kid("a").unwrap();
    assert_eq!(named.kids().collect::<Vec<_>>(), [Some("a")]);
    assert!(named.and(&key).unwrap().with_kid("b").is_err());
    assert!(KeySet::from(&key).with_kid("").is_err());
}

#[test]
fn a_set_is_read_from_a_file() {
    let published = KeySet::from(&signing_key(Algorithm::ES256)).to_jwks();
    let path = std::env::temp_dir().join(format!("jwtower-{}.json", std::process::id()));
    fs::write(&path, &published).unwrap();
    let keys = KeySet::from_jwks_file(&path);
    fs::remove_file(&path).unwrap();
    assert_eq!(keys.unwrap().to_jwks(), published);
    let error = KeySet::from_jwks_file(&path).unwrap_err().to_string();
    assert!(error.contains("cannot read") && error.contains("jwtower-"), "{error}");
}
