//! The keys that sign.

use base64_simd::STANDARD;
use jwtower::{Algorithm, KeySet, NoClaims, Secret, SigningKey, Verifier};
use jwtower_tests::{AUDIENCE, ISSUER, encode, pem::PemPair};
use serde_json::{Value, json};

use super::{Files, Outcome, mint, parts, token};

/// A run with this key, and its algorithm where that is told.
fn with_key(path: &str, alg: Option<&str>) -> Outcome {
    let told = alg.into_iter().flat_map(|alg| ["--alg", alg]);
    mint(&["--key", path].into_iter().chain(told).collect::<Vec<_>>())
}

/// The private JWK of an Ed25519 pair; the seed stands at the end of its PKCS#8.
fn ed25519_jwk(pair: &PemPair) -> Value {
    let digits: String = pair.private.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode_to_vec(digits).expect("base64");
    let public = SigningKey::from_pem(Algorithm::Ed25519, &pair.private).expect("a key").public_jwk();
    let mut jwk = json!(public.expect("a pair"));
    jwk["d"] = encode(&der[der.len() - 32..]).into();
    jwk["kid"] = "of-the-jwk".into();
    jwk
}

#[test]
fn a_key_is_a_pem_a_jwk_or_a_secret() {
    let files = Files::new();
    let secret = Secret::generate(Algorithm::HS512).expect("the system has randomness");
    let oct = json!({ "kty": "oct", "alg": "HS384", "kid": "shared", "k": secret.secret() });
    let (ec, ed) = (PemPair::generate(Algorithm::ES384), PemPair::generate(Algorithm::Ed25519));
    let rsa = PemPair::generate(Algorithm::RS256).private;
    for (name, text, alg, expected) in [
        ("ec.pem", ec.private.clone(), None, ("ES384", None)),
        ("ec.pem", ec.private, Some("ES384"), ("ES384", None)),
        ("rsa.pem", rsa, Some("PS384"), ("PS384", None)),
        ("ed.jwk", ed25519_jwk(&ed).to_string(), None, ("Ed25519", Some("of-the-jwk"))),
        ("ed.jwk", format!("\n {}", ed25519_jwk(&ed)), Some("EdDSA"), ("Ed25519", Some("of-the-jwk"))),
        ("oct.jwk", oct.to_string(), None, ("HS384", Some("shared"))),
        ("secret", secret.secret().to_owned(), None, ("HS256", None)),
        ("secret", format!("{}\n", secret.secret()), Some("HS512"), ("HS512", None)),
    ] {
        let path = files.write(name, text);
        let made = with_key(&path, alg);
        let [header, _] = parts(token(&made));
        assert_eq!(header["alg"], expected.0, "{name}");
        assert!(expected.1.is_none_or(|kid| header["kid"] == kid), "{name}: {header}");
    }
}

#[test]
fn a_key_that_is_thrown_away_leaves_what_verifies_its_token() {
    let files = Files::new();
    let path = files.path("jwks.json");
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let made = mint(&["--generate", algorithm.name(), "--jwks-out", &path]);
        let keys = KeySet::from_jwks(files.read("jwks.json")).expect("a set");
        let verifier = Verifier::<NoClaims>::builder().keys(keys).issuer(ISSUER).audience(AUDIENCE).build();
        assert!(verifier.expect("it is complete").verify(token(&made)).is_ok(), "{algorithm}");
        assert!(!files.read("jwks.json").contains("\"d\""), "{algorithm}");
    }
    let (key, ..) = files.key(Algorithm::ES256);
    let made = mint(&["--key", &key, "--kid", "mine", "--jwks-out", &path]);
    assert_eq!((made.code, files.read("jwks.json").contains("\"mine\"")), (0, true), "{made:?}");
}

#[test]
fn a_file_that_is_no_jwk_set_is_not_written_over() {
    let files = Files::new();
    let (key, ..) = files.key(Algorithm::ES256);
    let before = files.read("ES256.pem");
    let outcome = mint(&["--key", &key, "--jwks-out", &key]);
    assert_eq!(
        outcome.failure(),
        format!("--jwks-out {key}: it is there and no JWK Set, so it is not written over")
    );
    assert_eq!(files.read("ES256.pem"), before);
    let outcome = mint(&["--key", &key, "--jwks-out", &files.path("no/such/folder")]);
    assert!(outcome.failure().contains("No such file"), "{outcome:?}");

    // Nor is anything written where no token is made.
    let outcome = mint(&["--key", &key, "--jwks-out", &files.path("new"), "--claim", "exp:=1"]);
    assert_eq!((outcome.code, files.folder().join("new").exists()), (2, false));
}

#[test]
fn keys_that_cannot_be_used_are_one_line_without_them() {
    let files = Files::new();
    let secret = Secret::generate(Algorithm::HS256).expect("the system has randomness");
    let (rsa, ec) = (PemPair::generate(Algorithm::RS256), PemPair::generate(Algorithm::ES256));
    let ed = PemPair::generate(Algorithm::Ed25519);
    let jwk = ed25519_jwk(&ed);
    let seed = jwk["d"].as_str().expect("a text").to_owned();
    let mut public = jwk.clone();
    public.as_object_mut().expect("an object").remove("d");
    let set = KeySet::from_pem(Algorithm::ES256, &ec.public).expect("a key").to_jwks();
    for (name, text, alg, said) in [
        (
            "rsa",
            &*rsa.private,
            None,
            "it is an RSA key, which may be for RS256, RS384, RS512, PS256, PS384 or PS512",
        ),
        ("ec", &ec.private, Some("RS256"), "holds a P-256 key, and RS256 takes an RSA key"),
        ("ec-hmac", &ec.private, Some("HS256"), "looks like a PEM"),
        ("public", &ec.public, None, "is a public key"),
        ("jwk", &jwk.to_string(), Some("ES256"), "it is a key for Ed25519, and --alg ES256 was given"),
        ("public-jwk", &public.to_string(), None, ""),
        ("set", &set, None, ""),
        ("secret", secret.secret(), Some("HS512"), "has 32 bytes; HS512 needs at least 64"),
        ("secret-rsa", secret.secret(), Some("RS256"), "is not a PEM"),
        ("words", "hunter2 hunter2 hunter2 hunter2 hunter2", None, "is not base64"),
        ("empty", "", None, ""),
    ] {
        let path = files.write(name, text);
        let outcome = with_key(&path, alg);
        let line = outcome.failure();
        assert!(line.starts_with(&format!("--key {path}: ")) && line.contains(said), "{name}: {line}");
        let private = [&rsa.private, &ec.private, &ed.private];
        let private = private.iter().flat_map(|pem| pem.lines()).filter(|line| !line.starts_with('-'));
        assert!(
            !["hunter2", &seed, secret.secret()].into_iter().chain(private).any(|part| line.contains(part)),
            "{line}"
        );
    }
    for (arguments, said) in
        [(["--key", &*files.path("none")], "No such file"), (["--key", "/"], "directory")]
    {
        assert!(mint(&arguments).failure().contains(said), "{arguments:?}");
    }
    let none = files.path("jwks.json");
    let outcome = mint(&["--generate", "HS256", "--jwks-out", &none]);
    assert_eq!(outcome.failure(), format!("--jwks-out {none}: a key for HS256 has no public half"));
    for arguments in [
        &[][..],
        &["--generate", "ES256"],
        &["--generate", "ES256", "--jwks-out", &none, "--alg", "ES256"],
        &["--generate", "ES256", "--jwks-out", &none, "--key", "x"],
        &["hunter2"],
    ] {
        let outcome = mint(arguments);
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{arguments:?}");
        assert!(outcome.stderr.starts_with("error: "), "{outcome:?}");
    }
}
