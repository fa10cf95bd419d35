//! The peer signs and encrypts, to a key of ours or of its own; we decrypt and verify.

use base64_simd::URL_SAFE_NO_PAD;
use jwtower::{
    Algorithm, ErrorKind, KeySet, Secret, Verifier,
    jwe::{DecryptionKey, DecryptionKeys, DecryptionSource},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    AUDIENCE, ISSUER,
    encrypted::{
        Row, User, ask, claims,
        combination::Combination,
        matrix::{Direction, Matrix},
        oct,
    },
    peer::Peer,
};

/// One token to be made, and the keys that are to decrypt it.
struct Expected<'a> {
    combination: &'a Combination,
    envelope: Value,
    keys: Vec<(&'static str, DecryptionSource)>,
}

/// What `encrypt` prints.
#[derive(Deserialize)]
pub(super) struct Sealed {
    signers: Value,
    /// None where the peer does not know the algorithm.
    pub(super) tokens: Vec<Option<String>>,
}

/// The names of sender and recipient that both sides put into an agreement (RFC 7518 appendix C).
const PARTIES: [(&str, &str); 2] = [("apu", "Alice"), ("apv", "Bob")];

pub(super) fn all(peer: &Peer, rows: &[Row], matrix: &mut Matrix) {
    let ours = together(rows);
    let published: Value = serde_json::from_str(&ours.to_jwks()).expect("JSON");
    let expected: Vec<_> = rows.iter().flat_map(|row| tokens(row, &ours, &published)).collect();
    let envelopes: Vec<_> = expected.iter().map(|expected| &expected.envelope).collect();
    let sealed: Sealed = ask(peer, "encrypt", &json!({ "claims": claims(), "envelopes": envelopes }));

    assert_eq!(sealed.tokens.len(), expected.len(), "tokens");
    for (Expected { combination, envelope, keys }, token) in expected.into_iter().zip(&sealed.tokens) {
        let token = token.as_ref().expect("the peer knows the algorithm");
        assert_says(token, &envelope);
        for (way, keys) in keys {
            let outcome = sealed.verify(token, combination.signer(), keys);
            matrix.record(Direction::Received, combination, way, outcome.map_err(str::to_owned));
        }
    }
}

/// One set of all our keys, as a service has one.
fn together(rows: &[Row]) -> DecryptionKeys {
    let keys = rows.iter().map(|row| DecryptionKeys::from(&row.ours));
    keys.reduce(|all, key| all.and(key).expect("names of their own")).expect("there are keys")
}

fn tokens<'a>(
    Row { combination, ours, theirs }: &'a Row,
    all: &DecryptionKeys,
    published: &Value,
) -> Vec<Expected<'a>> {
    let envelope = |key: &Value| {
        let header = json!({
            "alg": combination.algorithm.name(),
            "enc": combination.content.name(),
            "cty": "JWT",
            "kid": key["kid"],
        });
        json!({ "header": header, "key": key, "signer": combination.signer(), "content": "signed" })
    };
    let expected = |envelope, keys| Expected { combination, envelope, keys };
    let jwk = DecryptionKey::from_jwk(theirs.private.to_string()).expect("their JWK");
    let jwk = ("their JWK", DecryptionSource::from(&jwk));
    let (Some(public), Some(pem)) = (&theirs.public, &theirs.pkcs8) else {
        return Vec::from([
            expected(envelope(&oct(ours)), Vec::from([("our secret", all.into())])),
            expected(envelope(&theirs.private), Vec::from([jwk])),
        ]);
    };
    let pem = DecryptionKey::from_pem(combination.algorithm, pem).expect("their PEM");
    let mut keys = published["keys"].as_array().expect("a JWK Set").iter();
    let to_us = envelope(keys.find(|key| key["kid"] == json!(ours.kid())).expect("it is published"));
    let mut made = Vec::from([
        expected(to_us.clone(), Vec::from([("our JWK Set", all.into())])),
        expected(envelope(public), Vec::from([jwk, ("their PEM", (&pem).into())])),
    ]);
    if combination.algorithm.is_agreement() {
        let mut with_parties = to_us;
        with_parties["parties"] = PARTIES.into_iter().collect();
        made.push(expected(with_parties, Vec::from([("our JWK Set with apu and apv", all.into())])));
    }
    made
}

/// Fails where the peer encrypted in another way than it was told.
fn assert_says(token: &str, envelope: &Value) {
    let header = token.split('.').next().expect("a header");
    let header = URL_SAFE_NO_PAD.decode_to_vec(header).expect("base64url");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    for (name, value) in envelope["header"].as_object().expect("an object") {
        assert_eq!(&header[name], value, "{name}");
    }
    for (name, text) in PARTIES {
        let text = envelope["parties"].is_object().then(|| URL_SAFE_NO_PAD.encode_to_string(text));
        assert_eq!(header[name], json!(text), "{name}");
    }
}

impl Sealed {
    /// Decrypts, verifies, and reads the claims.
    pub(super) fn verify(
        &self,
        token: &str,
        signer: &str,
        keys: impl Into<DecryptionSource>,
    ) -> Result<(), &'static str> {
        let signer = &self.signers[signer];
        let signers = if signer["kty"] == "oct" {
            let secret = Secret::from_base64(Algorithm::HS256, signer["k"].as_str().expect("base64url"));
            KeySet::from(&secret.expect("a secret"))
        } else {
            KeySet::from_jwks(json!({ "keys": [signer] }).to_string()).expect("a JWK Set")
        };
        let builder = Verifier::<User>::builder().keys(signers).decrypt_with(keys);
        let verifier = builder.issuer(ISSUER).audience(AUDIENCE).build().expect("the settings are right");
        let verified = verifier.verify(token).map_err(|error| {
            assert_eq!(error.kind(), ErrorKind::InvalidToken, "an answer of 401");
            error.code()
        })?;
        assert_eq!(verified.registered().subject(), Some("alice"));
        assert_eq!(json!(verified.claims().name), claims()["name"]);
        assert_eq!(json!(verified.claims().roles), claims()["roles"]);
        Ok(())
    }
}
