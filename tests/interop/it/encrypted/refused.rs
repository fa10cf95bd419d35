//! What a peer can encrypt, and nobody should send us.

use jwtower::{
    Algorithm, KeySet, SigningKey,
    jwe::{DecryptionKey, DecryptionKeys, EncryptionKey, KeyManagement},
};
use serde_json::{Value, json};

use crate::{
    AUDIENCE, ISSUER,
    encrypted::{ask, claims, oct, received::Sealed},
    peer::Peer,
};

/// What differs from a good token, and how we take it.
struct Case {
    name: &'static str,
    /// Members of the header, `null` where it has none.
    header: Value,
    key: Value,
    content: &'static str,
    expected: Result<(), &'static str>,
}

/// Sends every case; the peer is known not to be able to make those of the names.
pub(super) fn all(peer: &Peer, name: &str, unknown: &[&str]) {
    let generate = |algorithm| DecryptionKey::generate(algorithm).expect("a key");
    let [rsa, curve, secret] =
        [KeyManagement::RsaOaep256, KeyManagement::EcdhEs, KeyManagement::A256KW].map(generate);
    let keys = DecryptionKeys::from(&rsa).and(&curve).and_then(|keys| keys.and(&secret)).expect("keys");
    let cases = cases(&rsa, &curve, &secret);
    let envelopes: Vec<_> = cases.iter().map(|case| case.envelope(&rsa)).collect();
    let sealed: Sealed = ask(peer, "encrypt", &json!({ "claims": claims(), "envelopes": envelopes }));

    assert_eq!(sealed.tokens.len(), cases.len(), "tokens");
    let mut wrong = Vec::new();
    for (case, token) in cases.iter().zip(&sealed.tokens) {
        let Some(token) = token else {
            println!("{name}  {:32}  is unknown there", case.name);
            if !unknown.contains(&case.name) {
                wrong.push(format!("{}: the peer cannot make it", case.name));
            }
            continue;
        };
        let outcome = sealed.verify(token, "ES256", &keys);
        println!("{name}  {:32}  {}", case.name, outcome.err().unwrap_or("accepted"));
        if unknown.contains(&case.name) {
            wrong.push(format!("{}: the peer can make it by now", case.name));
        }
        if outcome != case.expected {
            wrong.push(format!("{}: {outcome:?} instead of {:?}", case.name, case.expected));
        }
        // The claims, which nobody compares without verifying them.
        let unread = case.expected.is_err_and(|code| code == "header_claim_mismatch");
        let opened = keys.decrypt(token).map(drop).map_err(|error| error.code());
        if opened != case.expected && !unread {
            wrong.push(format!("{}: decrypt says {opened:?} instead of {:?}", case.name, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn cases(rsa: &DecryptionKey, curve: &DecryptionKey, secret: &DecryptionKey) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name, header, key: &Value, content, expected| {
        cases.push(Case { name, header, key: key.clone(), content, expected });
    };
    let refused = |code| Err::<(), _>(code);
    let (to_rsa, to_curve) = (public(rsa), public(curve));
    let stranger = DecryptionKey::generate(KeyManagement::RsaOaep256).expect("a key");

    add("good", json!({}), &to_rsa, "signed", Ok(()));
    add("without kid", json!({ "kid": null }), &to_rsa, "signed", Ok(()));
    let usual = json!({ "typ": "JWT", "cty": "application/jwt" });
    add("typ: JWT, cty: application/jwt", usual, &to_rsa, "signed", Ok(()));
    let repeated = json!({ "iss": ISSUER, "sub": "alice", "aud": [AUDIENCE] });
    add("iss, sub and aud in the header", repeated, &to_rsa, "signed", Ok(()));
    let other = json!({ "iss": "https://other.test" });
    add("another iss in the header", other, &to_rsa, "signed", refused("header_claim_mismatch"));

    for alg in ["RSA-OAEP", "RSA1_5"] {
        add(alg, json!({ "alg": alg }), &to_rsa, "signed", refused("unsupported_algorithm"));
    }
    let short = json!({ "kty": "oct", "k": &secret.secret().expect("a secret")[..22] });
    for alg in ["A128KW", "A128GCMKW", "PBES2-HS256+A128KW"] {
        add(alg, json!({ "alg": alg }), &short, "signed", refused("unsupported_algorithm"));
    }
    let alg = "ECDH-ES+A128KW";
    add(alg, json!({ "alg": alg }), &to_curve, "signed", refused("unsupported_algorithm"));
    for enc in ["A192GCM", "A128CBC-HS256", "A256CBC-HS512"] {
        add(enc, json!({ "enc": enc }), &to_rsa, "signed", refused("unsupported_algorithm"));
    }
    add("zip: DEF", json!({ "zip": "DEF" }), &to_rsa, "signed", refused("unsupported_header"));

    add("no cty", json!({ "cty": null }), &to_rsa, "signed", refused("not_nested"));
    add("another cty", json!({ "cty": "json" }), &to_rsa, "signed", refused("not_nested"));
    add("claims without a signature", json!({ "cty": null }), &to_rsa, "claims", refused("not_nested"));
    add("claims that say cty: JWT", json!({}), &to_rsa, "claims", refused("not_nested"));
    add("an envelope in an envelope", json!({}), &to_rsa, "encrypted", refused("not_nested"));

    let to_stranger = public(&stranger);
    add("another key", json!({}), &to_stranger, "signed", refused("decryption_failed"));
    let kid = json!({ "kid": stranger.kid() });
    add("another key under its name", kid, &to_stranger, "signed", refused("unknown_key"));
    let agreed = json!({ "alg": "ECDH-ES", "kid": curve.kid() });
    add("ECDH-ES", agreed.clone(), &to_curve, "signed", Ok(()));
    add("ECDH-ES on P-384", agreed, &p384(), "signed", refused("decryption_failed"));
    let other = json!({ "alg": "ECDH-ES" });
    add("the key for another algorithm", other, &to_curve, "signed", refused("algorithm_mismatch"));
    let wrapped = json!({ "alg": "A256KW", "kid": null });
    add("A256KW", wrapped, &oct(secret), "signed", Ok(()));
    cases
}

impl Case {
    fn envelope(&self, rsa: &DecryptionKey) -> Value {
        let mut header = json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": rsa.kid() });
        let header = header.as_object_mut().expect("an object");
        header.extend(self.header.as_object().expect("an object").clone());
        header.retain(|_, value| !value.is_null());
        json!({ "header": header, "key": self.key, "signer": "ES256", "content": self.content })
    }
}

/// The public key, which may be used in any way.
fn public(key: &DecryptionKey) -> Value {
    let jwk = EncryptionKey::from(key).to_jwk().expect("a pair has a public half");
    let mut jwk: Value = serde_json::from_str(&jwk).expect("JSON");
    jwk.as_object_mut().expect("an object").remove("alg");
    jwk
}

fn p384() -> Value {
    let key = SigningKey::generate(Algorithm::ES384).expect("a key");
    let set: Value = serde_json::from_str(&KeySet::from(&key).to_jwks()).expect("JSON");
    let key = &set["keys"][0];
    json!({ "kty": key["kty"], "crv": key["crv"], "x": key["x"], "y": key["y"] })
}
