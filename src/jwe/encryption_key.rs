//! A key that encrypts.

use std::{fmt, sync::Arc};

use aws_lc_rs::agreement::PrivateKey;

use super::{
    ContentEncryption, DecryptionKey, KeyManagement,
    agreement::{Context, agree},
    content::{ContentKey, random_key},
    header, jwk,
    private::Private,
    public::{Point, Public, RsaRecipient},
    secret::{SecretKey, SharedSecret, WrappingKey},
};
use crate::{
    error::ConfigError,
    keys::{Kid, Reason, base64url, read_pem},
};

/// The key of a recipient, to whom tokens are encrypted: a public key, or the secret that both have.
///
/// It is cheap to clone. `Debug` prints no key.
///
/// ```
/// use jwtower::jwe::{ContentEncryption, DecryptionKey, EncryptionKey, KeyManagement};
///
/// let theirs = DecryptionKey::generate(KeyManagement::RsaOaep256)?;
/// let jwk = EncryptionKey::from(&theirs).to_jwk().expect("an RSA key has a public half");
///
/// let recipient = EncryptionKey::from_jwk(jwk)?.with_content(ContentEncryption::A128GCM)?;
/// assert_eq!(recipient.algorithm(), KeyManagement::RsaOaep256);
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKey {
    kid: Option<Kid>,
    algorithm: KeyManagement,
    content: ContentEncryption,
    recipient: Recipient,
    /// The header of every token, where none brings a key of its own.
    header: Arc<str>,
}

#[derive(Clone)]
enum Recipient {
    Secret(SharedSecret),
    Point(Point),
    Rsa { public: Public, key: Arc<RsaRecipient> },
}

impl EncryptionKey {
    /// Reads a public key: `PUBLIC KEY` (SPKI) or `RSA PUBLIC KEY` (PKCS#1).
    ///
    /// The key has no name; [`with_kid`](Self::with_kid) gives it the one that its owner knows.
    ///
    /// # Errors
    ///
    /// If it is not the PEM of one public key for this algorithm. A private key is refused: to encrypt needs none.
    pub fn from_pem(algorithm: KeyManagement, pem: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        if algorithm.is_symmetric() {
            let problem = format!(
                "{algorithm} takes {}, not a PEM; call DecryptionKey::from_base64, and EncryptionKey::from",
                algorithm.key_name()
            );
            return Err(refuse(problem));
        }
        let pem = read_pem(pem.as_ref()).map_err(refuse)?;
        if !pem.kind.is_public() {
            return Err(refuse(
                "is a private key; to encrypt takes the public one, to decrypt DecryptionKey::from_pem",
            ));
        }
        let public = Public::from_pem(algorithm, &pem).map_err(refuse)?;
        Self::of_public(None, algorithm, public).map_err(refuse)
    }

    /// Reads one public JWK, with its `alg` (RFC 7517 §4.4) and its name, if it has one.
    ///
    /// # Errors
    ///
    /// If it is not a JSON object, names a member twice, lacks a member, has a private one, has no `alg` or one that
    /// is not supported or does not fit, is not for encrypting (`use`, `key_ops`), or is no key of its kind.
    pub fn from_jwk(json: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        Self::read(json.as_ref()).map_err(refuse)
    }

    /// Reads a JWK Set, and takes its first key that one can encrypt to.
    ///
    /// # Errors
    ///
    /// If it is not a JWK Set, has more than 100 keys, or none that can be used; the message says why for each.
    pub fn from_jwks(json: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        let mut reasons = Vec::new();
        for entry in jwk::entries(json.as_ref()).map_err(refuse)? {
            match Self::read(entry.get().as_bytes()) {
                Ok(key) => return Ok(key),
                Err(reason) => reasons.push(reason),
            }
        }
        let reasons = if reasons.is_empty() { "it is empty".to_owned() } else { reasons.join("; ") };
        Err(refuse(format!("the JWK Set has no key that one can encrypt to: {reasons}")))
    }

    fn read(jwk: &[u8]) -> Result<Self, Reason> {
        let (kid, algorithm, public) = jwk::read_public(jwk)?;
        Self::of_public(kid, algorithm, public)
    }

    fn of_public(kid: Option<Kid>, algorithm: KeyManagement, public: Public) -> Result<Self, Reason> {
        let recipient = match public {
            Public::Point(point) => {
                point.check()?;
                Recipient::Point(point)
            }
            Public::Rsa(ref numbers) => {
                let key = Arc::new(RsaRecipient::new(numbers)?);
                Recipient::Rsa { public, key }
            }
        };
        Ok(Self::new(kid, algorithm, ContentEncryption::A256GCM, recipient))
    }

    fn new(
        kid: Option<Kid>,
        algorithm: KeyManagement,
        content: ContentEncryption,
        recipient: Recipient,
    ) -> Self {
        let header = header::encode(algorithm, content, kid.as_ref().map(Kid::as_str), None).into();
        Self { kid, algorithm, content, recipient, header }
    }

    /// Names the key, as its owner does.
    ///
    /// # Errors
    ///
    /// If the name is empty or longer than 256 bytes.
    pub fn with_kid(self, kid: impl Into<String>) -> Result<Self, ConfigError> {
        let kid = Kid::new(kid.into())?;
        Ok(Self::new(Some(kid), self.algorithm, self.content, self.recipient))
    }

    /// Encrypts the content with this algorithm; A256GCM unless told.
    ///
    /// # Errors
    ///
    /// Where the key is for `dir`, another one than its length says.
    pub fn with_content(self, content: ContentEncryption) -> Result<Self, ConfigError> {
        if let Recipient::Secret(secret) = &self.recipient
            && secret.content().is_some_and(|own| own != content)
        {
            let problem = format!("the secret is for {}, by its length; {content} was given", self.content);
            return Err(ConfigError::new("enc", problem));
        }
        Ok(Self::new(self.kid, self.algorithm, content, self.recipient))
    }

    /// The key's name, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(Kid::as_str)
    }

    /// The one algorithm that this key is for.
    #[must_use]
    pub fn algorithm(&self) -> KeyManagement {
        self.algorithm
    }

    /// How the content is encrypted.
    #[must_use]
    pub fn content(&self) -> ContentEncryption {
        self.content
    }

    /// The public key as a JWK, with `use: enc`; a secret has none.
    #[must_use]
    pub fn to_jwk(&self) -> Option<String> {
        let public = match &self.recipient {
            Recipient::Secret(_) => return None,
            Recipient::Point(point) => &Public::Point(point.clone()),
            Recipient::Rsa { public, .. } => public,
        };
        Some(jwk::PublicJwk::new(self.kid(), self.algorithm, public).to_string())
    }

    /// Puts a signed token into an envelope (RFC 7516 §5.1, RFC 7519 §11.2).
    pub(crate) fn encrypt(&self, token: &str) -> Result<String, ConfigError> {
        let content = token.as_bytes();
        match &self.recipient {
            Recipient::Secret(SharedSecret { key: SecretKey::Direct(key), .. }) => {
                assemble(&self.header, &[], key, content)
            }
            Recipient::Secret(SharedSecret { key: SecretKey::Wrapping(wrapping), .. }) => {
                let key = random_key(self.content)?;
                let wrapped = wrapping.wrap(&key).ok_or_else(failed)?;
                assemble(&self.header, &wrapped, &self.content_key(&key)?, content)
            }
            Recipient::Rsa { key: recipient, .. } => {
                let key = random_key(self.content)?;
                assemble(&self.header, &recipient.encrypt(&key)?, &self.content_key(&key)?, content)
            }
            Recipient::Point(point) => {
                // A new one for each token (RFC 7518 §4.6).
                let ephemeral = PrivateKey::generate(point.curve.algorithm()).map_err(|_| failed())?;
                let public = ephemeral.compute_public_key().map_err(|_| failed())?;
                let epk = Point { curve: point.curve, bytes: public.as_ref().into() };
                let header = header::encode(self.algorithm, self.content, self.kid(), Some(&epk));
                let context =
                    Context { algorithm: self.algorithm, content: self.content, parties: [&[], &[]] };
                let agreed = agree(&ephemeral, &point.bytes, &context).map_err(|_| failed())?;
                if self.algorithm == KeyManagement::EcdhEs {
                    return assemble(&header, &[], &self.content_key(&agreed)?, content);
                }
                let key = random_key(self.content)?;
                let wrapped = WrappingKey::new(&agreed).wrap(&key).ok_or_else(failed)?;
                assemble(&header, &wrapped, &self.content_key(&key)?, content)
            }
        }
    }

    fn content_key(&self, bytes: &[u8]) -> Result<ContentKey, ConfigError> {
        ContentKey::new(self.content, bytes).ok_or_else(failed)
    }
}

pub(super) fn assemble(
    header: &str,
    encrypted_key: &[u8],
    key: &ContentKey,
    content: &[u8],
) -> Result<String, ConfigError> {
    let sealed = key.seal(header, content)?;
    let mut token = String::with_capacity((header.len() + encrypted_key.len() + content.len()) / 3 * 4 + 100);
    token.push_str(header);
    for segment in [encrypted_key, &sealed.nonce, &sealed.ciphertext, &sealed.tag] {
        token.push('.');
        base64url::encode_into(segment, &mut token);
    }
    Ok(token)
}

impl From<&DecryptionKey> for EncryptionKey {
    /// The key's public half; of `dir` and `A256KW`, the secret itself.
    fn from(key: &DecryptionKey) -> Self {
        let kid = key.name().cloned();
        let (algorithm, private) = (key.algorithm(), key.private());
        let (content, recipient) = match private {
            Private::Secret(secret) => {
                (secret.content().unwrap_or(ContentEncryption::A256GCM), Recipient::Secret(secret.clone()))
            }
            Private::Agreement(_, point) => (ContentEncryption::A256GCM, Recipient::Point(point.clone())),
            Private::Rsa(key) => {
                let public = Public::Rsa(key.public.clone());
                (ContentEncryption::A256GCM, Recipient::Rsa { public, key: Arc::clone(&key.recipient) })
            }
        };
        Self::new(kid, algorithm, content, recipient)
    }
}

impl From<&Self> for EncryptionKey {
    fn from(key: &Self) -> Self {
        key.clone()
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

fn failed() -> ConfigError {
    ConfigError::new("encryption", "the crypto library could not encrypt")
}

fn refuse(problem: impl Into<Reason>) -> ConfigError {
    ConfigError::new("encryption key", problem)
}
