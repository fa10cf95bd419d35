//! Signing access tokens.

use std::{fmt, ops::Deref, sync::Arc, time::Duration};

use serde::Serialize;
use serde_json::Value;

use super::{
    builder::IssuerBuilder,
    encrypt::Encrypt,
    ring::{CurrentKey, KeyRing},
    signer::{AlgorithmName, Signer},
    template::{Template, Told, add_claims},
};
use crate::{
    clock::Clock,
    error::{AuthError, ConfigError, json_kind},
    keys::{KeySource, base64url},
    token::{AccessToken, MAX_TOKEN},
};

/// Room for two dots, the payload's last characters and a signature of 8192 bits.
const MAX_SIGNATURE_TEXT: usize = 1400;

/// Signs access tokens in the profile of RFC 9068.
///
/// It is cheap to clone.
///
/// ```
/// use jwtower::{Algorithm, Issuer, Secret};
///
/// #[derive(serde::Serialize)]
/// struct User { name: String, roles: Vec<String> }
///
/// let secret = Secret::generate(Algorithm::HS256)?;
/// let issuer = Issuer::builder().key(&secret).issuer("https://login.example.com").audience("api").build()?;
/// let token = issuer.sign("alice", &User { name: "Alice".into(), roles: vec!["admin".into()] })?;
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
///
/// # Security
///
/// A token is signed, not hidden: whoever holds it can read every claim, unless it is encrypted
/// (`encrypt_to`, feature `jwe`). Put no secret and no more personal data into it than the services behind it need.
#[derive(Clone)]
pub struct Issuer(Arc<Inner>);

pub(super) struct Inner {
    pub(super) keys: Keys,
    pub(super) algorithm_name: AlgorithmName,
    /// Where tokens are encrypted.
    pub(super) encryption: Option<Arc<dyn Encrypt>>,
    pub(super) template: Template,
    pub(super) clock: Arc<dyn Clock>,
}

/// What signs.
pub(super) enum Keys {
    Fixed(Box<Signer>),
    Ring(KeyRing),
}

/// The key for one token.
pub(super) enum Signing<'a> {
    Fixed(&'a Signer),
    Ring(CurrentKey),
}

impl Issuer {
    /// Starts an issuer; see [`IssuerBuilder`].
    pub fn builder() -> IssuerBuilder {
        IssuerBuilder::new()
    }

    pub(super) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Signs a token about `subject` with the application's claims.
    ///
    /// The token carries `iss`, `sub`, `aud`, `exp`, `iat`, `jti` and `client_id` (RFC 9068 §2.2). Members of
    /// `claims` with one of these names, or named `nbf`, `sid`, `sgen` or `cnf`, are left out.
    ///
    /// # Errors
    ///
    /// An empty subject, claims that do not serialize to a JSON object, a token above 16 KiB, or a ring whose
    /// store did not answer for longer than [`Schedule::poll`](super::Schedule::poll).
    ///
    /// # Security
    ///
    /// Whoever holds the token can read its claims, unless the issuer encrypts.
    pub fn sign<C: Serialize + ?Sized>(&self, subject: &str, claims: &C) -> Result<AccessToken, ConfigError> {
        let signing = self.signing().map_err(|_| {
            let problem = "its store did not answer for too long, so nothing is signed; see the events";
            ConfigError::new("key ring", problem)
        })?;
        let claims = match serde_json::to_value(claims) {
            Ok(Value::Object(members)) => members,
            Ok(other) => return Err(not_an_object(json_kind(&other))),
            Err(_) => return Err(not_an_object("something that JSON cannot express")),
        };
        let now = self.0.clock.now().into();
        let told = Told { subject, now, not_after: None, client_id: None, audience: &[] };
        let (mut payload, _) = self.0.template.begin(&told)?;
        add_claims(&mut payload, &claims, &[])?;
        self.assemble(&signing, &payload.finish())
    }

    /// `iss` of every token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.template.issuer
    }

    /// `aud` of every token, unless a session is for others.
    #[must_use]
    pub fn audiences(&self) -> &[String] {
        &self.0.template.audiences
    }

    /// How long a token lives at most.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.0.template.lifetime
    }

    /// How long a token lives at most that still verifies: one that was signed before the lifetime was lowered has
    /// the life of then.
    pub(crate) fn longest_lifetime(&self) -> Duration {
        self.ring().map_or(self.lifetime(), KeyRing::token_life)
    }

    /// The ring whose keys sign, where it is not a fixed key.
    pub(crate) fn ring(&self) -> Option<&KeyRing> {
        match &self.0.keys {
            Keys::Fixed(_) => None,
            Keys::Ring(ring) => Some(ring),
        }
    }

    /// The public keys as a JWK Set, and how long they may be kept (`Cache-Control`).
    #[cfg(feature = "axum")]
    pub(crate) fn published_keys(&self) -> (String, String) {
        match &self.0.keys {
            // It changes with a restart only, and then everybody should learn of it soon.
            Keys::Fixed(signer) => {
                (crate::keys::KeySet::from(&signer.key).to_jwks(), "public, max-age=600".to_owned())
            }
            Keys::Ring(ring) => (ring.jwks(), ring.cache_control()),
        }
    }

    /// What a verifier of our own takes: the ring, as it changes, or the fixed key.
    pub(crate) fn key_source(&self) -> KeySource {
        match &self.0.keys {
            Keys::Fixed(signer) => KeySource::from(&signer.key),
            Keys::Ring(ring) => KeySource::from(ring),
        }
    }

    /// Whether what it encrypts can still be decrypted after a restart; also where it encrypts nothing.
    pub(crate) fn encrypts_durably(&self) -> bool {
        self.0.encryption.as_ref().is_none_or(|encryption| encryption.is_durable())
    }

    /// No token, encrypted as its tokens are; nothing where they are not.
    pub(crate) fn encrypted_sample(&self) -> Result<Option<String>, ConfigError> {
        self.0.encryption.as_ref().map(|encryption| encryption.encrypt("..")).transpose()
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
    }

    pub(super) fn template(&self) -> &Template {
        &self.0.template
    }

    pub(super) fn signing(&self) -> Result<Signing<'_>, AuthError> {
        if let Some(encryption) = &self.0.encryption {
            encryption.check_fresh()?;
        }
        match &self.0.keys {
            Keys::Fixed(signer) => Ok(Signing::Fixed(signer)),
            Keys::Ring(ring) => ring.current().map(Signing::Ring),
        }
    }

    pub(super) fn assemble(&self, signer: &Signer, payload: &[u8]) -> Result<AccessToken, ConfigError> {
        let header = signer.header(self.0.algorithm_name);
        // Of the right size at once: a string that grows leaves copies in memory that nobody wipes.
        let mut token = String::with_capacity(header.len() + payload.len() / 3 * 4 + MAX_SIGNATURE_TEXT);
        token.push_str(header);
        base64url::encode_into(payload, &mut token);
        let signature = signer.sign(&token)?;
        token.push('.');
        base64url::encode_into(signature, &mut token);
        let mut token = AccessToken::new(token);
        if let Some(encryption) = &self.0.encryption {
            token = AccessToken::new(encryption.encrypt(token.secret())?);
        }
        let length = token.secret().len();
        if length > MAX_TOKEN {
            let problem = format!(
                "the token would be {length} bytes, and verifiers take at most {MAX_TOKEN}; put less into it"
            );
            return Err(ConfigError::new("claims", problem));
        }
        Ok(token)
    }
}

impl Deref for Signing<'_> {
    type Target = Signer;

    fn deref(&self) -> &Signer {
        match self {
            Self::Fixed(signer) => signer,
            Self::Ring(key) => key.signer(),
        }
    }
}

fn not_an_object(given: &str) -> ConfigError {
    let problem =
        format!("they serialize to {given}; use a struct or a map, or `NoClaims` where there are none");
    ConfigError::new("claims", problem)
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Template { issuer, audiences, lifetime, .. } = &self.0.template;
        let mut debug = f.debug_struct("Issuer");
        debug.field("issuer", issuer).field("audiences", audiences).field("lifetime", lifetime);
        match &self.0.keys {
            Keys::Fixed(signer) => debug.field("algorithm", &signer.key.algorithm()),
            Keys::Ring(ring) => debug.field("keys", ring),
        };
        debug.finish_non_exhaustive()
    }
}
