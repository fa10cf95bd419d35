//! Keys that the program makes, read back by the library.

use std::{fs, path::Path};

use jwtower::{
    Algorithm, Issuer, KeySet, NoClaims, Secret, SigningKey, Verifier,
    jwe::{Curve, DecryptionKey, EncryptionKey, KeyManagement},
};
use serde_json::Value;
use tempfile::TempDir;

use super::program;

const ISSUER: &str = "https://login.example.com";

/// A folder in which a key was made, under the name `key`.
fn made(arguments: &[&str]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let outcome = program(["keygen", "--out", "key"].iter().chain(arguments)).folder(folder.path()).run();
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome:?}");
    let mut listed: Vec<_> = outcome.stdout.lines().collect();
    listed.sort_unstable();
    assert_eq!(listed, names(folder.path()));
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
    names.sort_unstable();
    names
}

fn text(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect(name)
}

fn jwk(folder: &TempDir) -> Value {
    serde_json::from_str(&text(folder, "key.jwk")).expect("JSON")
}

/// Signs a token and has it verified.
fn assert_verifies(key: &SigningKey, keys: &KeySet) {
    let issuer = Issuer::builder().key(key).issuer(ISSUER).audience("api").build().expect("an issuer");
    let verifier = Verifier::<NoClaims>::builder().keys(keys).issuer(ISSUER).audience("api").build();
    let token = issuer.sign("alice", &NoClaims).expect("a token");
    verifier.expect("a verifier").verify(token.secret()).expect("it verifies");
}

/// Encrypts a token and has it decrypted.
fn assert_decrypts(to: &EncryptionKey, with: &DecryptionKey) {
    let secret = Secret::generate(Algorithm::HS256).expect("a secret");
    let issuer = Issuer::builder().key(&secret).encrypt_to(to).issuer(ISSUER).audience("api").build();
    let verifier = Verifier::<NoClaims>::builder().keys(&secret).decrypt_with(with);
    let verifier = verifier.issuer(ISSUER).audience("api").build().expect("a verifier");
    let token = issuer.expect("an issuer").sign("alice", &NoClaims).expect("a token");
    assert_eq!(token.secret().split('.').count(), 5);
    verifier.verify(token.secret()).expect("it decrypts and verifies");
}

#[test]
fn a_pair_to_sign_is_the_same_in_all_its_files() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let folder = made(&[algorithm.name()]);
        assert_eq!(names(folder.path()), ["key.jwk", "key.jwks.json", "key.pem"]);
        let keys = KeySet::from_jwks_file(folder.path().join("key.jwks.json")).expect("a set");
        let by_pem = SigningKey::from_pem(algorithm, text(&folder, "key.pem")).expect("a key");
        let by_jwk = SigningKey::from_jwk(text(&folder, "key.jwk")).expect("a key");
        assert_eq!(by_jwk.algorithm(), algorithm);
        for key in [by_pem, by_jwk] {
            assert_eq!(KeySet::from(&key).to_jwks(), keys.to_jwks(), "{algorithm}");
            assert_verifies(&key, &keys);
        }
        assert_eq!(jwk(&folder)["use"], "sig");
    }
}

#[test]
fn a_secret_to_sign_is_the_same_in_both_its_files() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| algorithm.is_symmetric()) {
        let folder = made(&[algorithm.name()]);
        assert_eq!(names(folder.path()), ["key.jwk", "key.secret"]);
        let secret = Secret::from_base64(algorithm, text(&folder, "key.secret")).expect("a secret");
        let key = SigningKey::from_jwk(text(&folder, "key.jwk")).expect("a key");
        assert_eq!((key.algorithm(), key.kid()), (algorithm, None));
        assert_verifies(&key, &KeySet::from(&secret));
        assert_eq!((&jwk(&folder)["k"], &jwk(&folder)["use"]), (&secret.secret().into(), &"sig".into()));
    }
}

#[test]
fn a_pair_to_decrypt_is_the_same_in_all_its_files() {
    for (algorithm, curve) in [
        (KeyManagement::EcdhEs, None),
        (KeyManagement::EcdhEs, Some(Curve::X25519)),
        (KeyManagement::EcdhEsA256KW, Some(Curve::P256)),
        (KeyManagement::EcdhEsA256KW, Some(Curve::X25519)),
        (KeyManagement::RsaOaep256, None),
    ] {
        let mut arguments = vec![algorithm.name()];
        arguments.extend(curve.iter().flat_map(|curve| ["--curve", curve.name()]));
        let folder = made(&arguments);
        assert_eq!(names(folder.path()), ["key.jwk", "key.jwks.json", "key.pem"]);
        let public = EncryptionKey::from_jwks(text(&folder, "key.jwks.json")).expect("a public key");
        let by_pem = DecryptionKey::from_pem(algorithm, text(&folder, "key.pem")).expect("a key");
        let by_jwk = DecryptionKey::from_jwk(text(&folder, "key.jwk")).expect("a key");
        assert_eq!((by_jwk.algorithm(), by_jwk.kid()), (algorithm, public.kid()));
        let expected = curve.or(algorithm.is_agreement().then_some(Curve::P256));
        assert_eq!((by_jwk.curve(), by_pem.curve()), (expected, expected));
        for key in [by_pem, by_jwk] {
            assert_decrypts(&public, &key);
        }
        let published: Value = serde_json::from_str(&text(&folder, "key.jwks.json")).expect("JSON");
        assert_eq!((&jwk(&folder)["use"], &published["keys"][0]["use"]), (&"enc".into(), &"enc".into()));
    }
}

#[test]
fn a_secret_to_decrypt_is_the_same_in_both_its_files() {
    for algorithm in [KeyManagement::Dir, KeyManagement::A256KW] {
        let folder = made(&[algorithm.name()]);
        assert_eq!(names(folder.path()), ["key.jwk", "key.secret"]);
        let by_text = DecryptionKey::from_base64(algorithm, text(&folder, "key.secret")).expect("a key");
        let by_jwk = DecryptionKey::from_jwk(text(&folder, "key.jwk")).expect("a key");
        assert_eq!(
            (by_jwk.algorithm(), by_jwk.kid(), &jwk(&folder)["use"]),
            (algorithm, None, &"enc".into())
        );
        assert_decrypts(&EncryptionKey::from(&by_text), &by_jwk);
        assert_decrypts(&EncryptionKey::from(&by_jwk), &by_text);
    }
}

#[test]
fn no_public_file_holds_a_private_number() {
    for algorithm in ["RS256", "ES256", "Ed25519", "ECDH-ES", "RSA-OAEP-256"] {
        let folder = made(&[algorithm]);
        let (jwk, public) = (jwk(&folder), text(&folder, "key.jwks.json"));
        let private: Vec<_> =
            ["d", "p", "q", "dp", "dq", "qi"].iter().filter_map(|name| jwk.get(name)?.as_str()).collect();
        assert!(!private.is_empty() && private.iter().all(|number| !public.contains(number)), "{algorithm}");
    }
}

#[test]
fn a_name_stands_in_both_jwks() {
    let kid = "\"signing\" 2026-07 \\ é";
    for algorithm in ["ES256", "HS256", "dir", "RSA-OAEP-256"] {
        let folder = made(&[algorithm, "--kid", kid]);
        assert_eq!(jwk(&folder)["kid"], kid, "{algorithm}");
        if folder.path().join("key.jwks.json").exists() {
            let published: Value = serde_json::from_str(&text(&folder, "key.jwks.json")).expect("JSON");
            assert_eq!(published["keys"][0]["kid"], kid, "{algorithm}");
        }
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_private_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    for algorithm in ["ES256", "HS256", "A256KW", "ECDH-ES"] {
        let folder = made(&[algorithm]);
        // What the system's mask leaves of a public file.
        let plain = folder.path().join("plain");
        fs::write(&plain, "").expect("a file");
        for name in names(folder.path()).into_iter().filter(|name| name != "plain") {
            let expected = if name == "key.jwks.json" { mode(&plain) & 0o644 } else { 0o600 };
            assert_eq!(mode(&folder.path().join(&name)), expected, "{name}");
        }
    }
}

#[test]
fn no_file_is_overwritten_and_none_is_left_behind() {
    for (algorithm, suffixes) in [
        ("ES256", &["pem", "jwk", "jwks.json"][..]),
        ("HS256", &["secret", "jwk"]),
        ("dir", &["secret", "jwk"]),
    ] {
        for suffix in suffixes {
            let (folder, name) = (TempDir::new().expect("a folder"), format!("key.{suffix}"));
            let path = folder.path().join(&name);
            fs::write(&path, "mine").expect("a file");
            let outcome = program(["keygen", algorithm, "--out", "key"]).folder(folder.path()).run();
            let said =
                format!("{name} exists, and nothing was written; remove it, or give another name to --out");
            assert_eq!(outcome.failure(), said);
            assert_eq!((names(folder.path()), text(&folder, &name)), (vec![name], "mine".into()));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let folder = TempDir::new().expect("a folder");
    std::os::unix::fs::symlink("elsewhere", folder.path().join("key.jwk")).expect("a link");
    let outcome = program(["keygen", "ES256", "--out", "key"]).folder(folder.path()).run();
    assert!(outcome.failure().starts_with("key.jwk exists"), "{outcome:?}");
    assert_eq!(names(folder.path()), ["key.jwk"]);
}

#[test]
fn a_name_may_have_dots_and_a_folder_that_exists() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("keys")).expect("a folder");
    let outcome = program(["keygen", "Ed25519", "--out", "keys/2026.07"]).folder(folder.path()).run();
    assert_eq!(outcome.stdout, "keys/2026.07.pem\nkeys/2026.07.jwk\nkeys/2026.07.jwks.json\n", "{outcome:?}");
    assert_eq!(names(&folder.path().join("keys")), ["2026.07.jwk", "2026.07.jwks.json", "2026.07.pem"]);

    let outcome = program(["keygen", "Ed25519", "--out", "other/key"]).folder(folder.path()).run();
    assert!(outcome.failure().starts_with("other/key.pem cannot be written: No such file"), "{outcome:?}");
}

#[test]
fn one_form_alone_is_printed_and_no_file_is_written() {
    let folder = TempDir::new().expect("a folder");
    let printed = |arguments: &[&str]| {
        let outcome = program(["keygen"].iter().chain(arguments)).folder(folder.path()).run();
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome:?}");
        outcome.stdout
    };
    let pem = printed(&["ES384", "--print", "pem"]);
    assert!(SigningKey::from_pem(Algorithm::ES384, pem).is_ok());
    let jwk = printed(&["PS512", "--print", "jwk", "--kid", "a"]);
    assert_eq!(SigningKey::from_jwk(jwk).expect("a key").kid(), Some("a"));
    let secret = printed(&["HS512", "--print", "secret"]);
    assert!(Secret::from_base64(Algorithm::HS512, secret).is_ok());
    let jwk = printed(&["ECDH-ES", "--curve", "X25519", "--print", "jwk"]);
    assert_eq!(DecryptionKey::from_jwk(jwk).expect("a key").curve(), Some(Curve::X25519));
    assert!(names(folder.path()).is_empty());
}

const SIGNING: &str =
    "HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519";
const ENCRYPTION: &str = "write one of dir, A256KW, ECDH-ES, ECDH-ES+A256KW, RSA-OAEP-256";

#[test]
fn what_cannot_be_made_is_refused_in_one_line() {
    let folder = TempDir::new().expect("a folder");
    let of_algorithm = |start: &str| format!("algorithm: {start}; {ENCRYPTION}, {SIGNING}");
    for (arguments, said) in [
        (&["ES256K", "--out", "key"][..], of_algorithm("\"ES256K\" is not supported")),
        (&["es256", "--out", "key"], of_algorithm("\"es256\" is not supported")),
        (&["none", "--print", "jwk"], of_algorithm("\"none\" is not supported")),
        (&["RSA-OAEP", "--out", "key"], of_algorithm("\"RSA-OAEP\" rests on SHA-1")),
        (&["a-secret-in-the-wrong-place", "--out", "key"], of_algorithm("none has a name that long")),
        (
            &["ECDH-ES", "--curve", "P-384", "--out", "key"],
            "curve: \"P-384\" is not supported; write one of P-256, X25519".into(),
        ),
        (
            &["ES256", "--curve", "P-256", "--out", "key"],
            "--curve is for ECDH-ES and ECDH-ES+A256KW; ES256 has none to choose".into(),
        ),
        (
            &["dir", "--curve", "X25519", "--out", "key"],
            "--curve is for ECDH-ES and ECDH-ES+A256KW; dir has none to choose".into(),
        ),
        (&["ES256", "--kid", "", "--out", "key"], "kid: has 0 bytes; a key's name has 1 to 256".into()),
        (
            &["ES256", "--out", "-"],
            "--out takes a name for files; for standard output take --print jwk".into(),
        ),
        (&["ES256", "--out", "keys/"], "--out keys/ names no file; write a name, such as signing".into()),
        (&["ES256", "--out", ".."], "--out .. names no file; write a name, such as signing".into()),
        (&["HS256", "--print", "pem"], "--print pem: HS256 has none; print jwk or secret".into()),
        (&["ECDH-ES", "--print", "secret"], "--print secret: ECDH-ES has none; print jwk or pem".into()),
    ] {
        let outcome = program(["keygen"].iter().chain(arguments)).folder(folder.path()).run();
        assert_eq!(outcome.failure(), said);
    }
    for arguments in [&["keygen", "ES256"][..], &["keygen", "ES256", "--out", "key", "--print", "jwk"]] {
        let outcome = program(arguments).folder(folder.path()).run();
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{outcome:?}");
        assert!(outcome.stderr.contains("--print <FORM>"), "{outcome:?}");
    }
    assert!(names(folder.path()).is_empty());
}
