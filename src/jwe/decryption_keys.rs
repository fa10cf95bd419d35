//! The keys of a recipient.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use serde_json::{Map, Value, json};

use super::{DecryptionKey, KeyManagement, compact::Compact, header::Header};
use crate::{
    error::{AuthError, Code, ConfigError},
    token::AccessToken,
};

/// The keys that tokens may be encrypted to: at least one, at most 100, each for one algorithm.
///
/// Cheap to clone. Which key decrypts a token: the one with its `kid` and `alg`. Where no key has the token's `kid`,
/// the one key without a name for that `alg`. Where the token names none, the one key for that `alg`; several are
/// ambiguous, and the token is refused.
///
/// ```
/// use jwtower::jwe::{DecryptionKey, DecryptionKeys, EncryptionKey, KeyManagement};
///
/// let key = DecryptionKey::generate(KeyManagement::EcdhEsA256KW)?;
/// let published = DecryptionKeys::from(&key).to_jwks();          // what the recipient serves
///
/// let recipient = EncryptionKey::from_jwks(published)?;           // what an issuer reads
/// assert_eq!(recipient.kid(), key.kid());
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct DecryptionKeys(Arc<Inner>);

struct Inner {
    keys: Vec<DecryptionKey>,
    /// The header of the first good token of who has our secret, which most others share: its text, and what it says.
    first_header: OnceLock<(Box<str>, Header)>,
}

/// What was in an encrypted token.
pub(crate) struct Opened {
    /// The signed token; nothing is verified yet.
    pub(crate) token: String,
    /// The claims that the encrypted token's header repeats (RFC 7519 §5.3).
    pub(crate) replicated: Map<String, Value>,
}

/// More keys than a rotation needs.
const MAX_KEYS: usize = 100;

impl DecryptionKeys {
    fn new(keys: Vec<DecryptionKey>) -> Self {
        Self(Arc::new(Inner { keys, first_header: OnceLock::new() }))
    }

    /// Both as one, as when a key changes.
    ///
    /// ```
    /// use jwtower::jwe::{DecryptionKey, DecryptionKeys, KeyManagement};
    ///
    /// let old = DecryptionKey::generate(KeyManagement::RsaOaep256)?;
    /// let new = DecryptionKey::generate(KeyManagement::EcdhEs)?;
    /// assert_eq!(DecryptionKeys::from(&new).and(&old)?.len(), 2);
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If both hold keys of one `kid` (or without any) and one algorithm, which no token could tell apart, or
    /// together more than 100 keys.
    pub fn and(&self, other: impl Into<Self>) -> Result<Self, ConfigError> {
        let mut keys = self.0.keys.clone();
        for key in &other.into().0.keys {
            let clash =
                |held: &&DecryptionKey| held.kid() == key.kid() && held.algorithm() == key.algorithm();
            if keys.iter().find(clash).is_some() {
                let (name, algorithm) = (key.kid().unwrap_or("none"), key.algorithm());
                let problem =
                    format!("two are for {algorithm} with the kid {name:?}; give each its own `with_kid`");
                return Err(ConfigError::new("decryption keys", problem));
            }
            keys.push(key.clone());
        }
        match keys.len() {
            0..=MAX_KEYS => Ok(Self::new(keys)),
            count => {
                let problem = format!("{count} keys; at most {MAX_KEYS} are allowed");
                Err(ConfigError::new("decryption keys", problem))
            }
        }
    }

    /// The number of keys, at least one.
    #[allow(clippy::len_without_is_empty, reason = "there is always a key")]
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.keys.len()
    }

    /// The name of each key, in their order; `None` for a key without one.
    pub fn kids(&self) -> impl Iterator<Item = Option<&str>> {
        self.0.keys.iter().map(DecryptionKey::kid)
    }

    /// The public halves as a JWK Set, each with `use: enc`, to be served as `application/jwk-set+json`. Secrets are
    /// never in it.
    #[must_use]
    pub fn to_jwks(&self) -> String {
        let keys: Vec<_> = self.0.keys.iter().filter_map(DecryptionKey::public_jwk).collect();
        json!({ "keys": keys }).to_string()
    }

    /// Takes the signed token out of an encrypted one.
    ///
    /// A [`Verifier`](crate::Verifier) with [`decrypt_with`](crate::verify::VerifierBuilder::decrypt_with) does this
    /// by itself. This is for looking into a token.
    ///
    /// # Errors
    ///
    /// What is no encrypted token, has no key here, was changed, or holds no signed token.
    ///
    /// # Security
    ///
    /// Nothing is verified: whoever knows a public key can encrypt anything to it.
    pub fn decrypt(&self, token: &str) -> Result<AccessToken, AuthError> {
        let inside = self.open(token)?.token;
        // A verifier finds that out when it reads the token; here nobody reads it.
        let is_base64url = |segment: &str| {
            segment.bytes().all(|byte| matches!(byte, b'-' | b'_') || byte.is_ascii_alphanumeric())
        };
        if inside.split('.').map(is_base64url).eq([true; 3]) {
            Ok(AccessToken::new(inside))
        } else {
            Err(Code::NotNested.into())
        }
    }

    /// The signed token inside (RFC 7516 §5.2, RFC 7519 §7.2).
    pub(crate) fn open(&self, token: &str) -> Result<Opened, Code> {
        let compact = Compact::split(token)?;
        let read;
        let header = match self.0.first_header.get() {
            Some((segment, header)) if **segment == *compact.header => header,
            _ => {
                read = Header::decode(compact.header)?;
                &read
            }
        };
        if !header.is_nested {
            return Err(Code::NotNested);
        }
        let content = self.open_content(header, &compact)?;
        // Of public keys, anybody could fill the place.
        if header.algorithm.is_symmetric() {
            self.0.first_header.get_or_init(|| (compact.header.into(), header.clone()));
        }
        let token = String::from_utf8(content).map_err(|_| Code::NotNested)?;
        Ok(Opened { token, replicated: header.replicated.clone() })
    }

    /// What was encrypted, whatever it is.
    pub(super) fn open_content(&self, header: &Header, compact: &Compact<'_>) -> Result<Vec<u8>, Code> {
        let key = self.find(header.kid.as_deref(), header.algorithm)?;
        let encrypted_key = compact.encrypted_key()?;
        let (nonce, ciphertext) = (compact.nonce()?, compact.content()?);
        key.private()
            .with_content_key(header, &encrypted_key, |key| key.open(compact.header, nonce, ciphertext))
    }

    /// The key that a token's header asks for.
    pub(crate) fn wanted(token: &str) -> Result<(Option<Box<str>>, KeyManagement), Code> {
        let header = Header::decode(Compact::split(token)?.header)?;
        Ok((header.kid, header.algorithm))
    }

    /// The one key that a token with this `kid` and `alg` may be encrypted to, the latter as it is written.
    pub(crate) fn named(&self, kid: Option<&str>, algorithm: &str) -> Result<&DecryptionKey, Code> {
        self.find(kid, KeyManagement::from_name(algorithm).ok_or(Code::UnsupportedAlgorithm)?)
    }

    /// The one key that a token with this `kid` and `alg` may be encrypted to.
    fn find(&self, kid: Option<&str>, algorithm: KeyManagement) -> Result<&DecryptionKey, Code> {
        let Some(kid) = kid else {
            let mut fitting = self.0.keys.iter().filter(|key| key.algorithm() == algorithm);
            let key = fitting.next().ok_or(Code::AlgorithmMismatch)?;
            return if fitting.next().is_none() { Ok(key) } else { Err(Code::AmbiguousKey) };
        };
        let of_name = |name: Option<&str>| {
            self.0.keys.iter().find(move |key| key.kid() == name && key.algorithm() == algorithm)
        };
        let named = self.0.keys.iter().any(|key| key.kid() == Some(kid));
        match of_name(Some(kid)) {
            Some(key) => Ok(key),
            None if named => Err(Code::AlgorithmMismatch),
            None => of_name(None).ok_or(Code::UnknownKey),
        }
    }
}

impl From<&DecryptionKey> for DecryptionKeys {
    fn from(key: &DecryptionKey) -> Self {
        Self::new(vec![key.clone()])
    }
}

impl From<&Self> for DecryptionKeys {
    fn from(keys: &Self) -> Self {
        keys.clone()
    }
}

impl fmt::Debug for DecryptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0.keys).finish()
    }
}
