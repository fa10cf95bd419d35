//! Building an issuer.

use std::{fmt, sync::Arc, time::Duration};

use super::{
    encrypt::Encrypt,
    ring::KeyRing,
    schedule::Schedule,
    sign::{Inner, Issuer, Keys},
    signer::{AlgorithmName, Signer},
    template::Template,
};
use crate::{
    clock::{Clock, SystemClock},
    error::ConfigError,
    keys::SigningKey,
};

/// Nobody can withdraw what lives longer than the service that checks it.
const MAX_LIFETIME: Duration = Duration::from_secs(366 * 24 * 3600);

/// Builds an [`Issuer`] from a key, an issuer name and an audience.
///
/// ```
/// use std::time::Duration;
/// use jwtower::{Algorithm, Issuer, SigningKey};
///
/// let issuer = Issuer::builder()
///     .key(&SigningKey::generate(Algorithm::ES256)?)
///     .issuer("https://login.example.com")
///     .audience("https://api.example.com")
///     .lifetime(Duration::from_secs(300))
///     .build()?;
/// # Ok::<(), jwtower::ConfigError>(())
/// ```
#[must_use = "a builder does nothing until `.build()`"]
pub struct IssuerBuilder {
    key: Option<SigningKey>,
    ring: Option<KeyRing>,
    issuer: Option<String>,
    audiences: Vec<String>,
    client_id: Option<String>,
    lifetime: Duration,
    algorithm_name: AlgorithmName,
    encryption: Option<Arc<dyn Encrypt>>,
    clock: Arc<dyn Clock>,
}

impl IssuerBuilder {
    pub(super) fn new() -> Self {
        Self {
            key: None,
            ring: None,
            issuer: None,
            audiences: Vec::new(),
            client_id: None,
            lifetime: Schedule::USUAL_TOKEN_LIFE,
            algorithm_name: AlgorithmName::FullySpecified,
            encryption: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// The key that signs: a `&Secret` or a `&SigningKey`. It stays the same; a [`KeyRing`] rotates.
    pub fn key(mut self, key: impl Into<SigningKey>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The ring whose keys sign: a [`KeyRing`] or a `&KeyRing`.
    ///
    /// ```
    /// use jwtower::{Algorithm, Issuer, KeyRing};
    ///
    /// let ring = KeyRing::generate(Algorithm::Ed25519)?;
    /// let issuer = Issuer::builder().keys(ring).issuer("https://login.example.com").audience("api").build()?;
    /// # Ok::<(), jwtower::ConfigError>(())
    /// ```
    pub fn keys(mut self, ring: impl Into<KeyRing>) -> Self {
        self.ring = Some(ring.into());
        self
    }

    /// `iss` of every token; verifiers compare it byte by byte.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// `aud` of every token: the service that it is for. A second call adds another one.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// `client_id` of every token (RFC 9068 §2.2); the issuer's own name unless told.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// How long a token lives; 10 minutes unless told.
    ///
    /// Each token's life is shortened at random by up to 5 %, so that clients that logged in together do not
    /// all come back in the same second.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Writes `EdDSA` where an Ed25519 key signs, for verifiers that do not know RFC 9864's name yet.
    pub fn legacy_eddsa_name(mut self) -> Self {
        self.algorithm_name = AlgorithmName::EdDsa;
        self
    }

    #[cfg(feature = "jwe")]
    pub(super) fn encryption(mut self, encryption: Arc<dyn Encrypt>) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Where the time comes from.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Builds the issuer.
    ///
    /// # Errors
    ///
    /// A missing key, issuer or audience, both a key and a ring, an empty name, a lifetime below one second or
    /// above a year, or a ring that drops keys before their tokens are dead.
    pub fn build(self) -> Result<Issuer, ConfigError> {
        let keys = match (self.key, self.ring) {
            (Some(key), None) => Keys::Fixed(Box::new(Signer::new(key))),
            (None, Some(ring)) => Keys::Ring(ring),
            (None, None) => {
                let problem = "none was given; call `.key(&secret)`, or `.keys(ring)` for keys that rotate";
                return Err(ConfigError::new("key", problem));
            }
            (Some(_), Some(_)) => {
                let problem =
                    "both a key and a ring were given; call `.key(&secret)` or `.keys(ring)`, not both";
                return Err(ConfigError::new("key", problem));
            }
        };
        let issuer = self.issuer.ok_or_else(|| {
            ConfigError::new("issuer", "none was given; call `.issuer(..)` with this service's URL")
        })?;
        if self.audiences.is_empty() {
            let problem =
                "none was given; call `.audience(..)` with the name of the service that will verify";
            return Err(ConfigError::new("audience", problem));
        }
        let names =
            [("issuer", &issuer)].into_iter().chain(self.audiences.iter().map(|name| ("audience", name)));
        for (setting, name) in names.chain(self.client_id.iter().map(|name| ("client_id", name))) {
            if name.trim().is_empty() {
                return Err(ConfigError::new(setting, format!("{name:?} names nothing")));
            }
        }
        if !(Duration::from_secs(1)..=MAX_LIFETIME).contains(&self.lifetime) {
            let problem = format!("{:?} was given; a token lives from one second to one year", self.lifetime);
            return Err(ConfigError::new("lifetime", problem));
        }
        if let Keys::Ring(ring) = &keys {
            ring.schedule().check_token_life(self.lifetime)?;
            ring.raise_token_life(self.lifetime);
        }
        if let Some(encryption) = &self.encryption {
            encryption.check_token_life(self.lifetime)?;
        }
        let template = Template::new(issuer, self.audiences, self.client_id, self.lifetime)?;
        Ok(Issuer::new(Inner {
            keys,
            algorithm_name: self.algorithm_name,
            encryption: self.encryption,
            template,
            clock: self.clock,
        }))
    }
}

impl fmt::Debug for IssuerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerBuilder").finish_non_exhaustive()
    }
}
