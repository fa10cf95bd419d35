//! The keys that a verifier trusts.

use std::{fmt, fs, path::Path, sync::Arc};

use super::{
    Algorithm, Jwk, Secret, SigningKey,
    clashes::{without_clashes, without_repetitions},
    jwks::{self, MAX_KEYS},
    kid::Kid,
    pem,
    public::PublicKey,
    verifying::VerifyingKey,
};
use crate::{error::ConfigError, telemetry::event};

/// The keys that may have signed a token: at least one, at most 100, each with one algorithm.
///
/// Cheap to clone; its keys are parsed once. A [`Secret`] and a [`SigningKey`] turn into a set of one key.
///
/// ```
/// use jwtower::{Algorithm, KeySet, SigningKey};
///
/// let key = SigningKey::generate(Algorithm::Ed25519)?;
/// let published = KeySet::from(&key).to_jwks();         // what an issuer serves
///
/// let keys = KeySet::from_jwks(published)?;             // what a verifier reads
/// assert_eq!(keys.kids().collect::<Vec<_>>(), [key.kid()]);
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
///
/// Which key verifies a token: the one with its `kid` and `alg`. Where no key has the token's `kid`, the
/// one key without a name for that `alg`. Where the token names none, the one key for that `alg`; several
/// are ambiguous, and the token is refused.
#[derive(Clone)]
pub struct KeySet(Arc<[VerifyingKey]>);

/// Why no key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyMiss {
    /// No key has the token's `kid`.
    UnknownKid,
    /// The token names no key, and several fit.
    Ambiguous,
    /// The keys that the token could mean have another algorithm.
    AlgorithmMismatch,
}

impl KeySet {
    /// Reads a JWK Set (RFC 7517 §5).
    ///
    /// A key that cannot be used is skipped with an event at level `warn` that says why: an unknown `kty`,
    /// curve or `alg`, a missing or repeated member, a use other than signatures, a weak RSA key, a point
    /// off its curve, a secret or a private member. Two different keys of one `kid` and algorithm are both
    /// skipped.
    ///
    /// # Errors
    ///
    /// If it is not a JWK Set, has more than 100 keys, or none that can be used.
    pub fn from_jwks(json: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        jwks::read(json.as_ref()).map(Self::new)
    }

    /// Reads a JWK Set from a file, once; see [`from_jwks`](Self::from_jwks).
    ///
    /// # Errors
    ///
    /// If the file cannot be read, and for the reasons of [`from_jwks`](Self::from_jwks).
    pub fn from_jwks_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let json = fs::read(path)
            .map_err(|error| ConfigError::new("keys", format!("cannot read {}: {error}", path.display())))?;
        Self::from_jwks(json)
    }

    /// A set of one JWK.
    ///
    /// # Errors
    ///
    /// If the crypto library does not take the key.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, ConfigError> {
        let (kid, algorithm, key) = jwk.clone().into_parts();
        Self::public(kid, algorithm, key)
    }

    /// A set of one public key: `PUBLIC KEY` (SPKI) or `RSA PUBLIC KEY` (PKCS#1).
    ///
    /// The key has no name and so verifies tokens with any `kid` or none; [`with_kid`](Self::with_kid)
    /// names it.
    ///
    /// # Errors
    ///
    /// If it is not the PEM of one public key for this algorithm. A private key is refused: a verifier
    /// needs none.
    pub fn from_pem(algorithm: Algorithm, pem: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        let refuse = |reason| ConfigError::new("public key", reason);
        if algorithm.is_symmetric() {
            return Err(refuse(format!("{algorithm} takes a Secret, not a PEM").into()));
        }
        let pem = pem::read(pem.as_ref()).map_err(refuse)?;
        if !pem.kind.is_public() {
            return Err(refuse(
                "is a private key; a verifier takes the public one, a signer calls SigningKey::from_pem"
                    .into(),
            ));
        }
        let key = PublicKey::from_pem(algorithm, &pem).map_err(refuse)?;
        Self::public(None, Some(algorithm), key)
    }

    fn public(kid: Option<Kid>, algorithm: Option<Algorithm>, key: PublicKey) -> Result<Self, ConfigError> {
        let key = VerifyingKey::public(kid, algorithm, key)
            .map_err(|reason| ConfigError::new("public key", reason))?;
        Ok(Self::new(vec![key]))
    }

    fn new(keys: Vec<VerifyingKey>) -> Self {
        Self(keys.into())
    }

    /// Names the one key of this set.
    ///
    /// # Errors
    ///
    /// If the set has several keys, or the name is empty or longer than 256 bytes.
    pub fn with_kid(self, kid: impl Into<String>) -> Result<Self, ConfigError> {
        match &*self.0 {
            [key] => Ok(Self::new(vec![key.clone().with_kid(Kid::new(kid.into())?)])),
            keys => Err(ConfigError::new("kid", format!("cannot name {} keys at once", keys.len()))),
        }
    }

    /// Both sets as one, as when a signing key changes.
    ///
    /// ```
    /// use jwtower::{Algorithm, KeySet, Secret};
    ///
    /// let old = Secret::generate(Algorithm::HS256)?.with_kid("2026")?;
    /// let new = Secret::generate(Algorithm::HS256)?.with_kid("2027")?;
    /// assert_eq!(KeySet::from(&new).and(&old)?.len(), 2);
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If both hold different keys of one `kid` (or without any) and one algorithm, which no token could
    /// tell apart, or together more than 100 keys.
    pub fn and(&self, other: impl Into<Self>) -> Result<Self, ConfigError> {
        let keys = self.0.iter().chain(other.into().0.iter()).cloned().collect();
        let (keys, clashing) = without_clashes(without_repetitions(keys).0);
        if let Some(clash) = clashing.first() {
            return Err(ConfigError::new("keys", format!("{clash}; give each its own `with_kid`")));
        }
        match keys.len() {
            0..=MAX_KEYS => Ok(Self::new(keys)),
            count => Err(ConfigError::new("keys", format!("{count} keys; at most {MAX_KEYS} are allowed"))),
        }
    }

    /// The number of keys, at least one.
    #[allow(clippy::len_without_is_empty, reason = "a set of keys is never empty")]
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The name of each key, in the set's order; `None` for a key without one.
    pub fn kids(&self) -> impl Iterator<Item = Option<&str>> {
        self.0.iter().map(VerifyingKey::kid)
    }

    /// The public keys as a JWK Set, to be served as `application/jwk-set+json`. Secrets are never in it.
    #[must_use]
    pub fn to_jwks(&self) -> String {
        let keys: Vec<_> = self.0.iter().filter_map(VerifyingKey::jwk).collect();
        serde_json::json!({ "keys": keys }).to_string()
    }

    /// The keys for these algorithms alone.
    ///
    /// An RSA key whose owner named no algorithm is for RS256; where the list has another RSA algorithm
    /// and only that one, it is for that.
    pub(crate) fn with_algorithms(&self, allowed: &[Algorithm]) -> Result<Self, ConfigError> {
        let (keys, clashing) = without_clashes(self.fitting(allowed));
        if let Some(clash) = clashing.first() {
            return Err(ConfigError::new("algorithms", clash.to_string()));
        }
        if keys.is_empty() { Err(self.misfit(allowed)) } else { Ok(Self::new(keys)) }
    }

    /// The same for keys that come while the verifier is in use: it may have none of them, and those that no
    /// token could tell apart are left out.
    #[cfg(feature = "jwks-client")]
    pub(super) fn restricted_to(&self, allowed: &[Algorithm]) -> Self {
        Self::new(without_clashes(self.fitting(allowed)).0)
    }

    fn fitting(&self, allowed: &[Algorithm]) -> Vec<VerifyingKey> {
        let mut rsa = allowed.iter().copied().filter(|algorithm| algorithm.is_rsa());
        let only_rsa = rsa.next().filter(|first| rsa.all(|other| other == *first));
        let keys = self.0.iter().filter_map(|key| {
            if allowed.contains(&key.algorithm()) {
                return Some(key.clone());
            }
            let opened = only_rsa.and_then(|algorithm| key.with_open_algorithm(algorithm));
            if opened.is_none() {
                event!(
                    debug,
                    "a key is not used, its algorithm is not on the list",
                    kid = format_args!("{:?}", key.kid().unwrap_or_default()),
                    algorithm = key.algorithm()
                );
            }
            opened
        });
        keys.collect()
    }

    /// Refuses algorithms of which no key has one.
    pub(super) fn check_algorithms(&self, allowed: &[Algorithm]) -> Result<(), ConfigError> {
        if self.0.iter().any(|key| allowed.contains(&key.algorithm())) {
            Ok(())
        } else {
            Err(self.misfit(allowed))
        }
    }

    fn misfit(&self, allowed: &[Algorithm]) -> ConfigError {
        let names = |algorithms: &mut dyn Iterator<Item = Algorithm>| {
            algorithms.map(Algorithm::name).collect::<Vec<_>>().join(", ")
        };
        let allowed = names(&mut allowed.iter().copied());
        let own = names(&mut self.0.iter().map(VerifyingKey::algorithm));
        ConfigError::new("algorithms", format!("no key is for [{allowed}]; the keys are for {own}"))
    }

    /// The one key that a token with this `kid` and `alg` may be signed with.
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&VerifyingKey, KeyMiss> {
        let Some(kid) = kid else {
            let mut fitting = self.0.iter().filter(|key| key.algorithm() == algorithm);
            let key = fitting.next().ok_or(KeyMiss::AlgorithmMismatch)?;
            return if fitting.next().is_none() { Ok(key) } else { Err(KeyMiss::Ambiguous) };
        };
        let mut miss = KeyMiss::UnknownKid;
        let mut nameless = None;
        for key in self.0.iter() {
            let fits = key.algorithm() == algorithm;
            match key.kid() {
                Some(name) if name == kid && fits => return Ok(key),
                Some(name) if name == kid => miss = KeyMiss::AlgorithmMismatch,
                Some(_) => {}
                // Two nameless keys of one algorithm are never in one set.
                None if fits => nameless = Some(key),
                None => {}
            }
        }
        nameless.filter(|_| miss == KeyMiss::UnknownKid).ok_or(miss)
    }
}

impl From<&Secret> for KeySet {
    fn from(secret: &Secret) -> Self {
        let (algorithm, kid, key) = secret.parts();
        Self::new(vec![VerifyingKey::hmac(kid, algorithm, key)])
    }
}

impl From<&SigningKey> for KeySet {
    /// The key's public half; of an HMAC key, the secret itself.
    fn from(key: &SigningKey) -> Self {
        Self::new(vec![key.verifying().clone()])
    }
}

impl From<&Self> for KeySet {
    fn from(keys: &Self) -> Self {
        keys.clone()
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter()).finish()
    }
}
