//! What the integration tests share: a forge that signs any bytes as a token, envelopes made by
//! hand, keys as PEMs, and a hostile key server.

mod answer;
pub mod envelope;
pub mod hostile;
pub mod pem;

use aws_lc_rs::hmac;
use base64_simd::URL_SAFE_NO_PAD;
use jwtower::{Algorithm, Secret};
use serde_json::{Map, Value, json};

/// The issuer of the tests' tokens.
pub const ISSUER: &str = "https://login.example.com";

/// The audience of the tests' tokens.
pub const AUDIENCE: &str = "https://api.example.com";

/// Signs what it is given, right or wrong, with one HS256 secret.
#[derive(Debug)]
pub struct Forge {
    secret: Secret,
    key: hmac::Key,
}

impl Forge {
    /// A forge with a fresh secret.
    #[must_use]
    pub fn new() -> Self {
        let secret = Secret::generate(Algorithm::HS256).expect("the system has randomness");
        let bytes = URL_SAFE_NO_PAD.decode_to_vec(secret.secret()).expect("a secret is base64url");
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, &bytes), secret }
    }

    /// The secret, for a verifier.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// A truly signed token over any header and payload.
    #[must_use]
    pub fn sign(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        self.sign_segments(&encode(header), &encode(payload))
    }

    /// A truly signed token over two segments that may be no base64url at all.
    #[must_use]
    pub fn sign_segments(&self, header: &str, payload: &str) -> String {
        let signed = format!("{header}.{payload}");
        let signature = encode(hmac::sign(&self.key, signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

impl Default for Forge {
    fn default() -> Self {
        Self::new()
    }
}

/// The base64url of anything.
#[must_use]
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// A header that is accepted.
pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Claims that are accepted, to be changed in one place.
#[must_use]
pub fn good_claims() -> Map<String, Value> {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).expect("the clock is right").as_secs();
    let claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "iat": now, "exp": now + 600,
        "name": "Alice", "roles": ["user"], "permissions": ["posts:read"], "scope": "read write",
    });
    match claims {
        Value::Object(claims) => claims,
        _ => unreachable!("the literal is an object"),
    }
}

/// The outcome of a future that has nothing to wait for.
///
/// # Panics
///
/// When it waits.
pub fn at_once<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("it waits"),
    }
}
