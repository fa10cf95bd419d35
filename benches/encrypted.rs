//! What encryption adds to verifying a token and to signing one, beside the bare AES-GCM of the same bytes.
//!
//!     cargo bench -p jwtower-benches --bench encrypted

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use jwtower::{
    Algorithm, Issuer, Secret, SigningKey, Verifier,
    jwe::{Curve, DecryptionKey, KeyManagement},
};
use jwtower_benches::{AUDIENCE, ISSUER, User, Work, compare, token};

fn main() {
    let secret = Secret::generate(Algorithm::HS256).expect("the system has randomness");
    let secret = secret.with_kid("2026-11").expect("the name is short");
    let key = DecryptionKey::generate(KeyManagement::Dir).expect("the system has randomness");
    verifying(&secret, &key);
    issuing(&secret, &key);
    others(&secret);
}

/// `dir` with A256GCM: the content is opened, and nothing else.
fn verifying(secret: &Secret, key: &DecryptionKey) {
    let plain = token(&SigningKey::from(secret));
    let plain = plain.secret();
    let encrypted = issuer(secret, Some(key)).sign("user-0123456789", &User::example()).expect("a token");
    let (gcm, sealed) = sealed(plain);
    let of_plain = verifier(secret, None);
    let of_encrypted = verifier(secret, Some(key));
    of_plain.verify(plain).expect("the token is good");
    of_encrypted.verify(encrypted.secret()).expect("the token is good");

    let medians = compare(
        &format!("verifying HS256, {} bytes; dir + A256GCM, {} bytes", plain.len(), encrypted.secret().len()),
        vec![
            Work::new("bare AES-256-GCM of the plain token", || {
                let mut bytes = sealed.clone();
                gcm.open_in_place(nonce(), Aad::from(b"header"), &mut bytes).map(|opened| opened.len()).ok()
            }),
            Work::new("plain", || of_plain.verify(plain)),
            Work::new("encrypted", || of_encrypted.verify(encrypted.secret())),
            Work::new("plain, and the bare AES-256-GCM beside it", || {
                let mut bytes = sealed.clone();
                let opened = gcm.open_in_place(nonce(), Aad::from(b"header"), &mut bytes);
                (opened.map(|opened| opened.len()).ok(), of_plain.verify(plain))
            }),
        ],
    );
    tell_added(&medians);
}

fn issuing(secret: &Secret, key: &DecryptionKey) {
    let plain = token(&SigningKey::from(secret));
    let (gcm, _) = sealed(plain.secret());
    let (of_plain, of_encrypted) = (issuer(secret, None), issuer(secret, Some(key)));
    let medians = compare(
        "issuing HS256; dir + A256GCM",
        vec![
            Work::new("bare AES-256-GCM of the plain token", || {
                let mut bytes = plain.secret().as_bytes().to_vec();
                gcm.seal_in_place_append_tag(nonce(), Aad::from(b"header"), &mut bytes)
                    .map(|()| bytes.len())
                    .ok()
            }),
            Work::new("plain", || of_plain.sign("user-0123456789", &User::example())),
            Work::new("encrypted", || of_encrypted.sign("user-0123456789", &User::example())),
            Work::new("plain, and the bare AES-256-GCM beside it", || {
                let mut bytes = plain.secret().as_bytes().to_vec();
                let sealed = gcm.seal_in_place_append_tag(nonce(), Aad::from(b"header"), &mut bytes);
                (sealed.map(|()| bytes.len()).ok(), of_plain.sign("user-0123456789", &User::example()))
            }),
        ],
    );
    tell_added(&medians);
}

/// What the other ways to a content's key cost.
fn others(secret: &Secret) {
    let on = |curve, algorithm| DecryptionKey::generate_on(curve, algorithm).expect("a key");
    let keys = [
        ("A256KW", DecryptionKey::generate(KeyManagement::A256KW).expect("a key")),
        ("ECDH-ES, P-256", on(Curve::P256, KeyManagement::EcdhEs)),
        ("ECDH-ES+A256KW, P-256", on(Curve::P256, KeyManagement::EcdhEsA256KW)),
        ("ECDH-ES, X25519", on(Curve::X25519, KeyManagement::EcdhEs)),
        ("ECDH-ES+A256KW, X25519", on(Curve::X25519, KeyManagement::EcdhEsA256KW)),
        ("RSA-OAEP-256, 2048 bits", DecryptionKey::generate(KeyManagement::RsaOaep256).expect("a key")),
    ];
    let plain = issuer(secret, None).sign("user-0123456789", &User::example()).expect("a token");
    let of_plain = verifier(secret, None);
    let prepared = keys.iter().map(|(name, key)| {
        let token = issuer(secret, Some(key)).sign("user-0123456789", &User::example()).expect("a token");
        let of_encrypted = verifier(secret, Some(key));
        of_encrypted.verify(token.secret()).expect("the token is good");
        Work::new(name, move || of_encrypted.verify(token.secret()).map(drop))
    });
    let mut works = vec![Work::new("plain", || of_plain.verify(plain.secret()))];
    works.extend(prepared);
    compare("verifying HS256, encrypted in other ways", works);
}

/// The bare work is told alone, and beside a token, where it finds the caches as the encryption does.
fn tell_added(medians: &[f64]) {
    let [bare, plain, encrypted, beside] = medians else { return };
    let (added, bare_beside) = (encrypted - plain, beside - plain);
    println!("encryption adds {added:.0} ns: {:.2} x the bare AES-GCM alone", added / bare);
    println!("{:>29.2} x the {bare_beside:.0} ns that it takes beside a token", added / bare_beside);
}

fn issuer(secret: &Secret, key: Option<&DecryptionKey>) -> Issuer {
    let mut builder = Issuer::builder().key(secret).issuer(ISSUER).audience(AUDIENCE);
    if let Some(key) = key {
        builder = builder.encrypt_to(key);
    }
    builder.client_id("web-frontend-production").build().expect("the issuer is complete")
}

fn verifier(secret: &Secret, key: Option<&DecryptionKey>) -> Verifier<User> {
    let mut builder = Verifier::builder().keys(secret).issuer(ISSUER).audience(AUDIENCE);
    if let Some(key) = key {
        builder = builder.decrypt_with(key);
    }
    builder.build().expect("the verifier is complete")
}

/// A prepared key, and the token encrypted with it.
fn sealed(plain: &str) -> (LessSafeKey, Vec<u8>) {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).expect("32 bytes"));
    let mut bytes = plain.as_bytes().to_vec();
    key.seal_in_place_append_tag(nonce(), Aad::from(b"header"), &mut bytes).expect("it is short enough");
    (key, bytes)
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([1; 12])
}
