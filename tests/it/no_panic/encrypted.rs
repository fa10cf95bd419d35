//! Any envelope, any header of one, any key of a recipient.

use std::sync::LazyLock;

use jwtower::{
    ConfigError, NoClaims, Verifier,
    jwe::{DecryptionKey, DecryptionKeys, EncryptionKey, KeyManagement},
};
use jwtower_tests::{
    AUDIENCE, Forge, HEADER, ISSUER, encode,
    envelope::{Plan, Sender},
    good_claims,
    pem::armour,
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value};

use super::{
    config,
    json::{damaged, object_of, value},
};

static SENDERS: LazyLock<Vec<Sender>> = LazyLock::new(Sender::all);
static FORGE: LazyLock<Forge> = LazyLock::new(Forge::new);

fn signed() -> String {
    FORGE.sign(HEADER, Value::Object(good_claims()).to_string())
}

/// Has a token judged by whoever has this key.
fn judge(key: &DecryptionKey, token: &str) {
    let verifier = Verifier::<NoClaims>::builder().keys(FORGE.secret()).decrypt_with(key).accept_plain();
    let verifier = verifier.issuer(ISSUER).audience(AUDIENCE).build().unwrap();
    if let Err(error) = verifier.verify(token) {
        assert!(!error.code().is_empty() && !error.to_string().is_empty());
    }
    let _ = DecryptionKeys::from(key).decrypt(token);
}

fn use_decryption(key: Result<DecryptionKey, ConfigError>) {
    match key {
        Ok(key) => {
            let _ = (format!("{key:?}"), key.to_pem().is_ok(), key.curve(), key.kid());
            let sender = Sender { key };
            judge(&sender.key, &sender.seal(signed()).token());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn use_encryption(key: Result<EncryptionKey, ConfigError>) {
    match key {
        Ok(key) => drop((format!("{key:?}"), key.to_jwk(), key.content())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn algorithm() -> impl Strategy<Value = KeyManagement> {
    select(&KeyManagement::ALL[..])
}

const HEADER_NAMES: &[&str] =
    &["alg", "enc", "kid", "cty", "epk", "apu", "apv", "zip", "crit", "iss", "sub", "aud", "p2c"];

const KEY_NAMES: &[&str] =
    &["kty", "use", "key_ops", "alg", "kid", "crv", "x", "y", "n", "e", "k", "d", "p", "q", "dp", "dq", "qi"];

/// The public half of a real pair, with some members changed or removed; a secret is made up.
fn jwk() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        select(vec![
            "RSA", "EC", "OKP", "oct", "P-256", "X25519", "enc", "sig", "dir", "A256KW", "ECDH-ES", ""
        ])
        .prop_map(Value::from),
        vec(any::<u8>(), 0..70).prop_map(|bytes| encode(bytes).into()),
        Just(Value::Null),
        any::<String>().prop_map(Value::from),
    ];
    let change = (select(KEY_NAMES), prop::option::of(text));
    (0..SENDERS.len(), vec(change, 0..4)).prop_map(|(index, changes)| {
        let jwk = EncryptionKey::from(&SENDERS[index].key).to_jwk();
        let secret = || format!(r#"{{"kty":"oct","alg":"A256KW","k":"{}"}}"#, encode([0xa7; 32]));
        let mut jwk: Map<String, Value> = serde_json::from_str(&jwk.unwrap_or_else(secret)).unwrap();
        for (name, value) in changes {
            match value {
                Some(value) => drop(jwk.insert(name.to_owned(), value)),
                None => drop(jwk.remove(name)),
            }
        }
        Value::Object(jwk).to_string()
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_damaged_envelope(index in 0..8_usize, seed in vec((any::<prop::sample::Index>(), any::<char>()), 0..4)) {
        let sender = &SENDERS[index];
        let mut letters: Vec<char> = sender.seal(signed()).token().chars().collect();
        for (place, letter) in seed {
            let place = place.index(letters.len());
            letters[place] = letter;
        }
        judge(&sender.key, &letters.into_iter().collect::<String>());
    }

    #[test]
    fn any_five_segments(index in 0..8_usize, header in damaged(object_of(HEADER_NAMES)), rest in [vec(any::<u8>(), 0..300), vec(any::<u8>(), 0..20), vec(any::<u8>(), 0..60), vec(any::<u8>(), 0..20)]) {
        let rest = rest.map(encode).join(".");
        judge(&SENDERS[index].key, &format!("{}.{rest}", encode(header)));
    }

    #[test]
    fn any_member_and_any_content_under_a_good_tag(
        index in 0..8_usize,
        name in select(HEADER_NAMES),
        member in value(),
        content in prop_oneof![Just(None), vec(any::<u8>(), 0..80).prop_map(Some)],
        key_len in prop::option::of((0..9_usize).prop_map(|count| count * 8 + 16)),
    ) {
        let sender = &SENDERS[index];
        let plan = Plan { key_len, ..Plan::default() };
        let write = |mut header: Map<String, Value>| {
            header.remove(name);
            encode(Value::Object(header).to_string().replacen('{', &format!("{{\"{name}\":{member},"), 1))
        };
        let content = content.unwrap_or_else(|| signed().into());
        judge(&sender.key, &sender.seal_by(&plan, write, content).token());
    }

    #[test]
    fn any_nearly_real_jwk(jwk in jwk()) {
        use_decryption(DecryptionKey::from_jwk(&jwk));
        use_encryption(EncryptionKey::from_jwk(&jwk));
        use_encryption(EncryptionKey::from_jwks(format!(r#"{{"keys":[{jwk}]}}"#)));
    }

    #[test]
    fn any_json_as_a_key(json in prop_oneof![damaged(object_of(KEY_NAMES)), damaged(value()), vec(any::<u8>(), 0..80)]) {
        use_decryption(DecryptionKey::from_jwk(&json));
        use_encryption(EncryptionKey::from_jwk(&json));
        use_encryption(EncryptionKey::from_jwks(&json));
    }

    #[test]
    fn any_pem_of_a_recipient(
        algorithm in algorithm(),
        pem in prop_oneof![
            any::<String>().prop_map(String::into_bytes),
            (select(vec!["PUBLIC KEY", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "X"]), vec(any::<u8>(), 0..200))
                .prop_map(|(label, der)| armour(label, der).into_bytes()),
            damaged((3..SENDERS.len()).prop_map(|index| SENDERS[index].key.to_pem().unwrap().secret().to_owned())),
        ],
    ) {
        use_decryption(DecryptionKey::from_pem(algorithm, &pem));
        use_encryption(EncryptionKey::from_pem(algorithm, &pem));
    }

    #[test]
    fn any_secret_of_a_recipient(
        algorithm in algorithm(),
        text in prop_oneof![any::<String>(), "[A-Za-z0-9_-]{22}", "[A-Za-z0-9_-]{43}"],
        bytes in prop_oneof![vec(any::<u8>(), 0..40), vec(any::<u8>(), 32), vec(any::<u8>(), 16)],
    ) {
        use_decryption(DecryptionKey::from_base64(algorithm, &text));
        use_decryption(DecryptionKey::from_bytes(algorithm, &bytes));
        use_decryption(DecryptionKey::generate(KeyManagement::Dir).and_then(|key| key.with_kid(text)));
    }
}
