//! Encrypted tokens of others; where the files come from, [`keys::vectors`](crate::keys::vectors) says.
//!
//! What they encrypt is no signed token, so they are opened below the check that there is one.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use serde_json::{Value, json};

use crate::{
    error::Code,
    jwe::{
        ContentEncryption, DecryptionKey, DecryptionKeys, KeyManagement,
        agreement::{Context, agree},
        compact::Compact,
        header::Header,
    },
    keys::{
        base64url,
        vectors::{hex, is_valid, read, wycheproof},
    },
};

/// What a file holds as `key`, read with one member more or another.
fn key(jwk: &Value, name: &str, value: &str) -> DecryptionKey {
    let mut jwk = jwk.clone();
    jwk[name] = value.into();
    DecryptionKey::from_jwk(jwk.to_string()).unwrap()
}

fn header(token: &str) -> Result<Header, Code> {
    Header::decode(Compact::split(token)?.header)
}

fn open(key: &DecryptionKey, token: &str) -> Result<Vec<u8>, Code> {
    DecryptionKeys::from(key).open_content(&header(token)?, &Compact::split(token)?)
}

/// An example of RFC 7520; of the nested one, which has two steps, the outer.
fn example(file: &str) -> Option<Value> {
    let example = read(&format!("rfc7520/{file}.json"))?;
    Some(example.get("encrypt").unwrap_or(&example).clone())
}

fn compact(example: &Value) -> &str {
    example["output"]["compact"].as_str().unwrap()
}

#[test]
fn the_example_of_the_concat_kdf_is_agreed_on_by_both_sides() {
    // RFC 7518, Appendix C.
    let number = |text: &str| base64url::decode(text).unwrap();
    let point = |x, y| [vec![4], number(x), number(y)].concat();
    let private = |d| PrivateKey::from_private_key(&ECDH_P256, &number(d)).unwrap();
    let alice = (
        private("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"),
        point("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0", "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"),
    );
    let bob = (
        private("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"),
        point("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ", "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck"),
    );
    let derived = |algorithm, content, parties| {
        let context = Context { algorithm, content, parties };
        let [one, other] = [(&alice, &bob), (&bob, &alice)]
            .map(|(own, other)| base64url::encode(&*agree(&own.0, &other.1, &context).unwrap()));
        assert_eq!(one, other);
        one
    };
    let (direct, content) = (KeyManagement::EcdhEs, ContentEncryption::A128GCM);
    assert_eq!(derived(direct, content, [b"Alice", b"Bob"]), "VqqN6vgjbSBcIijNcacQGg");
    for others in [
        derived(direct, content, [b"Bob", b"Alice"]),
        derived(direct, content, [b"AliceB", b"ob"]),
        derived(direct, content, [b"", b""]),
        derived(direct, ContentEncryption::A256GCM, [b"Alice", b"Bob"]),
        derived(KeyManagement::EcdhEsA256KW, content, [b"Alice", b"Bob"]),
    ] {
        assert!(!others.starts_with("VqqN6vgjbSBcIijNcacQG"), "{others}");
    }
}

#[test]
fn examples_of_the_rfcs_are_decrypted() {
    let mut decrypted = 0;
    for (file, name, value) in [
        // The `alg` of this key is the content's, A128GCM, and so names no way in which a key comes to its recipient.
        ("jwe/5_6.direct_encryption_using_aes-gcm", "alg", "dir"),
        // This key has no `alg`, which we ask for.
        ("curve25519/ecdh-es", "alg", "ECDH-ES"),
    ] {
        let Some(example) = example(file) else { continue };
        let key = key(&example["input"]["key"], name, value);
        let (token, text) = (compact(&example), example["input"]["plaintext"].as_str().unwrap());
        assert_eq!(open(&key, token).unwrap(), text.as_bytes(), "{file}");
        let (rest, tag) = token.rsplit_once('.').unwrap();
        let changed =
            format!("{rest}.{}", if tag.starts_with('A') { "B" } else { "A" }.to_owned() + &tag[1..]);
        assert_eq!(open(&key, &changed), Err(Code::DecryptionFailed), "{file}");
        // No `cty` says that there is a signed token inside.
        let error = DecryptionKeys::from(&key).decrypt(token).unwrap_err();
        assert_eq!(error.code(), "not_nested", "{file}");
        decrypted += 1;
    }
    println!("rfc7520: {decrypted} decrypted");
}

#[test]
fn examples_with_other_algorithms_are_refused_whatever_the_key() {
    let mut refused = 0;
    for (file, code) in [
        ("jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2", Code::UnsupportedAlgorithm),
        ("jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm", Code::UnsupportedAlgorithm),
        ("jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2", Code::UnsupportedAlgorithm),
        (ON_P384, Code::UnsupportedAlgorithm),
        ("jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2", Code::UnsupportedAlgorithm),
        ("jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2", Code::UnsupportedAlgorithm),
        ("jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm", Code::UnsupportedAlgorithm),
        // Compression alone is enough.
        ("jwe/5_9.compressed_content", Code::UnsupportedHeader),
        ("6.nesting_signatures_and_encryption", Code::UnsupportedAlgorithm),
    ] {
        let Some(example) = example(file) else { continue };
        assert_eq!(header(compact(&example)).map(drop), Err(code), "{file}");
        refused += 1;
    }
    println!("rfc7520: {refused} refused");
}

const ON_P384: &str = "jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm";

#[test]
fn keys_of_examples_with_other_algorithms_are_refused() {
    for (file, alg, reason) in [
        (
            "jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2",
            "RSA1_5",
            "alg \"RSA1_5\" is not one of RSA-OAEP-256",
        ),
        ("jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm", "RSA-OAEP", "alg \"RSA-OAEP\" is not"),
        (
            "jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2",
            "A256GCMKW",
            "alg \"A256GCMKW\" is not",
        ),
        ("jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm", "A128KW", "alg \"A128KW\" is not"),
        ("6.nesting_signatures_and_encryption", "RSA-OAEP", "alg \"RSA-OAEP\" is not"),
        (ON_P384, "ECDH-ES+A128KW", "alg \"ECDH-ES+A128KW\" is not"),
        (ON_P384, "ECDH-ES+A256KW", "curve \"P-384\" is not P-256 or X25519"),
    ] {
        let Some(mut example) = example(file) else { continue };
        // Not every example says it.
        example["input"]["key"]["alg"] = alg.into();
        let text = DecryptionKey::from_jwk(example["input"]["key"].to_string()).unwrap_err().to_string();
        assert!(text.contains(reason), "{file}: {text}");
    }
}

/// How a case of Wycheproof was dealt with.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    /// Decrypted, which all of these ask for.
    valid: usize,
    /// Refused, of our algorithms.
    invalid: usize,
    /// Refused because of `alg` or `enc`, valid or not.
    of_other_algorithms: usize,
    /// Refused because of `zip`.
    compressed: usize,
    /// Refused because they are not five segments, or have no header that names an algorithm.
    malformed: usize,
}

#[test]
fn wycheproof_encrypted_tokens_are_judged_right() {
    let tests = wycheproof("json_web_encryption_test.json");
    let mut counts = Counts::default();
    for (group, test) in &tests {
        let (number, token) = (&test["tcId"], test["jwe"].as_str().unwrap());
        let mut jwk = group["private"].clone();
        // The key of RFC 7520 §5.6 again: its `alg` is the content's.
        if jwk["alg"] == "A128GCM" {
            jwk["alg"] = json!("dir");
        }
        let key = DecryptionKey::from_jwk(jwk.to_string()).map_err(|error| error.to_string());
        match header(token).map(drop) {
            Ok(()) if is_valid(test) => {
                assert_eq!(open(&key.unwrap(), token).unwrap(), hex(&test["pt"]), "{number}");
                counts.valid += 1;
            }
            Ok(()) => {
                match key {
                    // A tag that is cut may end in the middle of a byte.
                    Ok(key) => {
                        let refused = open(&key, token);
                        assert!(
                            matches!(refused, Err(Code::DecryptionFailed | Code::MalformedToken)),
                            "{number}: {refused:?}"
                        );
                    }
                    // The token is good, but its key is for another `alg`.
                    Err(error) => assert!(error.contains("A256GCMKW") && *number == 108, "{number}: {error}"),
                }
                counts.invalid += 1;
            }
            Err(Code::UnsupportedAlgorithm) => counts.of_other_algorithms += 1,
            Err(Code::UnsupportedHeader) => counts.compressed += 1,
            Err(code) => {
                let expected = [Code::MalformedToken, Code::InvalidHeader];
                assert!(expected.contains(&code) && !is_valid(test), "{number}: {code:?}");
                counts.malformed += 1;
            }
        }
    }
    println!("json_web_encryption_test.json: {counts:?}");
    let expected = Counts { valid: 10, invalid: 8, of_other_algorithms: 106, compressed: 1, malformed: 14 };
    assert!(tests.is_empty() || counts == expected, "{counts:?}");
}
