//! Vectors of others: Wycheproof and the examples of the RFCs.
//!
//! They are not part of this repository. `JWTOWER_VECTORS` names the folder that has them; without it the
//! tests say so and pass.

use std::{fs, path::PathBuf};

use serde_json::{Map, Value};

use super::{Algorithm, Jwk, KeySet, Secret, SigningKey, base64url};

/// The private members, which a public key set never has.
const PRIVATE: [&str; 6] = ["d", "p", "q", "dp", "dq", "qi"];

pub(crate) fn read(file: &str) -> Option<Value> {
    let Ok(folder) = std::env::var("JWTOWER_VECTORS") else {
        println!("{file}: skipped, JWTOWER_VECTORS is not set");
        return None;
    };
    let text = fs::read(PathBuf::from(folder).join(file)).unwrap();
    Some(serde_json::from_slice(&text).unwrap())
}

/// Every test of a Wycheproof file with its group.
pub(crate) fn wycheproof(file: &str) -> Vec<(Value, Value)> {
    let Some(file) = read(&format!("wycheproof/{file}")) else { return Vec::new() };
    let groups = file["testGroups"].as_array().unwrap().iter();
    groups
        .flat_map(|group| {
            let tests = group["tests"].as_array().unwrap().iter();
            tests.map(move |test| (group.clone(), test.clone()))
        })
        .collect()
}

pub(crate) fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|start| u8::from_str_radix(&text[start..start + 2], 16).unwrap()).collect()
}

pub(crate) fn is_valid(test: &Value) -> bool {
    test["result"] == "valid"
}

fn public_part(jwk: &Value) -> Map<String, Value> {
    let mut members = jwk.as_object().unwrap().clone();
    members.retain(|name, _| !PRIVATE.contains(&name.as_str()));
    members
}

/// The keys as a user of this crate would load them, secrets as secrets and key pairs by their public half.
fn load(keys: &[Value]) -> Result<KeySet, String> {
    if keys.iter().all(|key| key["kty"] == "oct") {
        let mut sets = keys.iter().map(secret);
        let first = sets.next().unwrap()?;
        return sets.try_fold(first, |all, next| all.and(next?).map_err(|error| error.to_string()));
    }
    let keys: Vec<_> = keys.iter().map(public_part).collect();
    KeySet::from_jwks(serde_json::json!({ "keys": keys }).to_string()).map_err(|error| error.to_string())
}

/// Vectors have keys that nobody should use, such as 64 zeros; of those only the length counts here.
fn secret(jwk: &Value) -> Result<KeySet, String> {
    let algorithm: Algorithm = jwk["alg"].as_str().unwrap_or("HS256").parse().map_err(|_| "unknown alg")?;
    let bytes = base64url::decode(jwk["k"].as_str().unwrap()).ok_or("not base64url")?;
    let mut secret = Secret::of_any_bytes(algorithm, &bytes).map_err(|error| error.to_string())?;
    if let Some(kid) = jwk["kid"].as_str() {
        secret = secret.with_kid(kid).map_err(|error| error.to_string())?;
    }
    Ok(KeySet::from(&secret))
}

/// Finds the key and checks the signature, as `verify` does between reading the header and the payload.
fn accepts(keys: &KeySet, token: &str) -> Option<()> {
    let (message, signature) = token.rsplit_once('.')?;
    let (header, payload) = message.split_once('.')?;
    base64url::decode(payload)?;
    let header: Value = serde_json::from_slice(&base64url::decode(header)?).ok()?;
    let algorithm = header["alg"].as_str()?.parse().ok()?;
    let key = keys.find(header["kid"].as_str(), algorithm).ok()?;
    key.verify(message.as_bytes(), &base64url::decode(signature)?).then_some(())
}

#[test]
fn wycheproof_signatures_over_bytes_are_judged_right() {
    for (file, algorithm) in [
        ("ecdsa_secp256r1_sha256_p1363_test.json", Algorithm::ES256),
        ("ecdsa_secp384r1_sha384_p1363_test.json", Algorithm::ES384),
        ("ecdsa_secp521r1_sha512_p1363_test.json", Algorithm::ES512),
        ("ed25519_test.json", Algorithm::Ed25519),
    ] {
        let tests = wycheproof(file);
        let mut by_jwk = 0;
        for (group, test) in &tests {
            let mut sets =
                vec![KeySet::from_pem(algorithm, group["publicKeyPem"].as_str().unwrap()).unwrap()];
            if let Some(jwk) = group.get("publicKeyJwk") {
                sets.push(KeySet::from_jwk(&Jwk::from_json(jwk.to_string()).unwrap()).unwrap());
                by_jwk += 1;
            }
            for keys in sets {
                let key = keys.find(None, algorithm).unwrap();
                let judged = key.verify(&hex(&test["msg"]), &hex(&test["sig"]));
                assert_eq!(judged, is_valid(test), "{file} {}", test["tcId"]);
            }
        }
        println!("{file}: {} by PEM, {by_jwk} by JWK", tests.len());
    }
}

#[test]
fn wycheproof_hmacs_are_judged_right_and_truncated_ones_refused() {
    let tests = wycheproof("hmac_sha256_test.json");
    let mut short = 0;
    for (group, test) in &tests {
        match Secret::of_any_bytes(Algorithm::HS256, &hex(&test["key"])) {
            Ok(secret) => {
                let keys = KeySet::from(&secret);
                let key = keys.find(None, Algorithm::HS256).unwrap();
                let judged = key.verify(&hex(&test["msg"]), &hex(&test["tag"]));
                assert_eq!(judged, is_valid(test) && group["tagSize"] == 256, "{}", test["tcId"]);
            }
            Err(error) => {
                assert!(group["keySize"].as_u64().unwrap() < 256, "{error}");
                short += 1;
            }
        }
    }
    println!("hmac_sha256_test.json: {}, {short} of them with keys too short to be used", tests.len());
}

#[test]
fn wycheproof_tokens_are_judged_right() {
    // Valid by Wycheproof, refused here: an `alg` of the key that is not the token's (346, 350) or that does
    // not exist (347, 351), and characters that are not base64url (372, 373).
    let refused = [346, 347, 350, 351, 372, 373];
    // Invalid by Wycheproof, but to the last byte the token of test 357, which is valid.
    let accepted = [367, 370];
    let tests = wycheproof("json_web_signature_test.json");
    for (group, test) in &tests {
        let key = group.get("public").unwrap_or(&group["private"]);
        let token = test["jws"].as_str().unwrap();
        let judged = load(std::slice::from_ref(key)).is_ok_and(|keys| accepts(&keys, token).is_some());
        let number = test["tcId"].as_u64().unwrap();
        let expected = accepted.contains(&number) || (is_valid(test) && !refused.contains(&number));
        assert_eq!(judged, expected, "{number} {}", test["comment"]);
    }
    println!("json_web_signature_test.json: {}, 8 of them judged otherwise", tests.len());
}

#[test]
fn wycheproof_key_sets_are_judged_right() {
    let tests = wycheproof("json_web_key_test.json");
    for (group, test) in &tests {
        let keys = group.get("public").unwrap_or(&group["private"])["keys"].as_array().unwrap();
        let loaded = load(keys);
        let accepted =
            loaded.as_ref().is_ok_and(|keys| accepts(keys, test["jws"].as_str().unwrap()).is_some());
        assert_eq!(accepted, is_valid(test), "{} {} {loaded:?}", test["tcId"], test["comment"]);
    }
    println!("json_web_key_test.json: {}", tests.len());
}

#[test]
fn the_examples_of_the_rfcs_are_judged_right() {
    let entries = read("rfc.json").map_or_else(Vec::new, |file| file.as_array().unwrap().clone());
    let (mut tokens, mut thumbprints) = (0, 0);
    for entry in &entries {
        let jwk = &entry["jwk"];
        match entry["kind"].as_str().unwrap() {
            "jws-compact" if jwk.is_object() => {
                let token = entry["token"].as_str().unwrap();
                let keys = load(std::slice::from_ref(jwk)).unwrap();
                let header = base64url::decode(token.split('.').next().unwrap()).unwrap();
                let header: Value = serde_json::from_slice(&header).unwrap();
                let algorithm: Algorithm = header["alg"].as_str().unwrap().parse().unwrap();
                let keys = keys.with_algorithms(&[algorithm]).unwrap();
                assert!(accepts(&keys, token).is_some(), "{}", entry["id"]);
                tokens += 1;
            }
            "thumbprint" => {
                let jwk = Jwk::from_json(jwk.to_string()).unwrap();
                assert_eq!(jwk.thumbprint(), entry["thumbprint"].as_str().unwrap(), "{}", entry["id"]);
                thumbprints += 1;
            }
            _ => {}
        }
    }
    println!("rfc.json: {tokens} tokens, {thumbprints} thumbprints");
}

#[test]
fn the_private_keys_of_the_rfcs_sign_as_there() {
    let entries = read("rfc.json").map_or_else(Vec::new, |file| file.as_array().unwrap().clone());
    let tokens = entries.iter().filter(|entry| entry["kind"] == "jws-compact" && entry["jwk"].is_object());
    let mut keys = 0;
    for entry in tokens {
        let (message, signature) = entry["token"].as_str().unwrap().rsplit_once('.').unwrap();
        let header = base64url::decode(message.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        let mut jwk = entry["jwk"].as_object().unwrap().clone();
        jwk.insert("alg".into(), header["alg"].clone());
        let key = SigningKey::from_jwk(Value::Object(jwk).to_string()).unwrap();
        let made = key.sign(message.as_bytes()).unwrap();
        let is_random = matches!(key.algorithm().name().get(..2), Some("ES" | "PS"));
        assert_eq!(base64url::encode(&made) == signature, !is_random, "{}", entry["id"]);
        let read = base64url::decode(signature).unwrap();
        assert!(key.verifying().verify(message.as_bytes(), &made), "{}", entry["id"]);
        assert!(key.verifying().verify(message.as_bytes(), &read), "{}", entry["id"]);
        keys += 1;
    }
    println!("rfc.json: {keys} private keys");
}

#[test]
fn the_cookbook_of_rfc_7520_is_judged_right() {
    let mut signatures = 0;
    for name in [
        "jws/4_1.rsa_v15_signature",
        "jws/4_2.rsa-pss_signature",
        "jws/4_3.ecdsa_signature",
        "jws/4_4.hmac-sha2_integrity_protection",
        "jws/4_5.signature_with_detached_content",
        "jws/4_6.protecting_specific_header_fields",
        "jws/4_7.protecting_content_only",
        "jws/4_8.multiple_signatures",
        "curve25519/jws",
    ] {
        let Some(example) = read(&format!("rfc7520/{name}.json")) else { continue };
        let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let (keys, algorithms) = (list(&example["input"]["key"]), list(&example["input"]["alg"]));
        for ((key, algorithm), signing) in keys.iter().zip(algorithms).zip(list(&example["signing"])) {
            let algorithm: Algorithm = algorithm.as_str().unwrap().parse().unwrap();
            let keys = load(std::slice::from_ref(key)).unwrap().with_algorithms(&[algorithm]).unwrap();
            let key = keys.find(key["kid"].as_str(), algorithm).unwrap();
            let message = signing["sig-input"].as_str().unwrap().as_bytes();
            let signature = base64url::decode(signing["sig"].as_str().unwrap()).unwrap();
            assert!(key.verify(message, &signature), "{name}");
            assert!(!key.verify(&message[1..], &signature), "{name}");
            signatures += 1;
        }
    }
    println!("rfc7520: {signatures} signatures");
}
