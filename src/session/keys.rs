//! The keys that only the session room knows: they authenticate refresh tokens and records.

use std::time::Duration;

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use zeroize::Zeroizing;

use super::record::{Login, Seal, SessionRecord};
use crate::{
    error::{AuthError, Code, ConfigError},
    issuer::{CurrentKey, Issuer, KeyRing, Schedule},
    keys::{Algorithm, SigningKey},
    token::SubjectTag,
};

/// What a code is over comes first, so that none can be taken for one of another kind.
const TAG: &[u8] = b"jwtower subject v1\0";
const RECORD: &[u8] = b"jwtower session record v1\0";
const TOKEN: &[u8] = b"jwtower refresh token v1\0";

/// How long a key authenticates before the next one takes over.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long the next key is known to every node before it is used.
const ANNOUNCED: Duration = Duration::from_secs(24 * 3600);

/// The keys of refresh tokens and records, kept and rotated as the signing keys are.
///
/// Issuers that share a store share the keys; each code is over the issuer's name too, so that none of the others
/// takes it.
pub(super) struct SessionKeys {
    /// A hash of its name, which stands in every message at the same length.
    issuer: [u8; 32],
    ring: KeyRing,
    /// Never rotates: stores find what belongs to a subject by it.
    subjects: hmac::Key,
}

impl SessionKeys {
    /// Beside the issuer's ring, or in memory where the issuer has none.
    ///
    /// An old key counts as long as a session may live, so that rotation logs nobody out.
    pub(super) async fn open(issuer: &Issuer, longest: Duration) -> Result<Self, ConfigError> {
        let in_memory;
        let beside = match issuer.ring() {
            Some(ring) => ring,
            None => {
                in_memory = KeyRing::generate(Algorithm::HS256)?;
                &in_memory
            }
        };
        let schedule = Schedule::default()
            .algorithm(Algorithm::HS256)
            .lifetime(LIFETIME)
            .announce(ANNOUNCED)
            .retire(longest);
        let ring = beside.sibling("session-keys", schedule).await?;
        let subjects = beside.permanent_key("subject-key").await?;
        let subjects = hmac::Key::new(hmac::HMAC_SHA256, &*subjects);
        Ok(Self { issuer: hash_of(issuer.issuer().as_bytes()), ring, subjects })
    }

    /// Under which a store keeps what belongs to the subject.
    pub(super) fn tag(&self, subject: &str) -> SubjectTag {
        let mut context = hmac::Context::with_key(&self.subjects);
        context.update(TAG);
        context.update(&self.issuer);
        context.update(subject.as_bytes());
        let mut hash = [0; SubjectTag::LEN];
        for (byte, of_code) in hash.iter_mut().zip(context.sign().as_ref()) {
            *byte = *of_code;
        }
        SubjectTag::new(hash)
    }

    /// The code over what a login fixed.
    pub(super) fn seal(&self, login: &Login) -> Result<Seal, AuthError> {
        let key = self.current()?;
        let mac = self.code(&key, RECORD, &text(login))?;
        Ok(Seal { mac, key: key.kid().unwrap_or_default().to_owned() })
    }

    /// Whether nobody without the keys has changed what the login fixed.
    pub(super) fn is_sealed(&self, record: &SessionRecord) -> bool {
        self.verify(RECORD, &text(&record.login), &record.seal.key, &record.seal.mac)
    }

    /// The code of a refresh token.
    pub(super) fn sign_token(&self, key: &SigningKey, body: &[u8]) -> Result<[u8; 32], AuthError> {
        self.code(key, TOKEN, body)
    }

    /// Whether the code is that of a refresh token.
    pub(super) fn verify_token(&self, body: &[u8], key: &str, code: &[u8]) -> bool {
        self.verify(TOKEN, body, key, code)
    }

    /// The key that makes codes now.
    pub(super) fn current(&self) -> Result<CurrentKey, AuthError> {
        self.ring.current()
    }

    fn code(&self, key: &SigningKey, kind: &[u8], body: &[u8]) -> Result<[u8; 32], AuthError> {
        let code = key.sign(&self.message(kind, body)).ok().and_then(|code| code.try_into().ok());
        // Only an HMAC with SHA-256 is in this ring, and that cannot fail.
        code.ok_or(Code::KeysStale.into())
    }

    fn verify(&self, kind: &[u8], body: &[u8], key: &str, code: &[u8]) -> bool {
        let keys = self.ring.keys();
        let message = self.message(kind, body);
        keys.find(Some(key), Algorithm::HS256).is_ok_and(|key| key.verify(&message, code))
    }

    fn message(&self, kind: &[u8], body: &[u8]) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([kind, &self.issuer, body].concat())
    }
}

/// SHA-256; what a record keeps of a nonce.
pub(super) fn hash_of(text: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    for (byte, of_digest) in hash.iter_mut().zip(digest(&SHA256, text).as_ref()) {
        *byte = *of_digest;
    }
    hash
}

fn text(login: &Login) -> Vec<u8> {
    // Writing plain strings and numbers into memory cannot fail.
    serde_json::to_vec(login).unwrap_or_default()
}
