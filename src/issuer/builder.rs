//! Building an issuer.

use std::{fmt, sync::Arc, time::Duration};

use serde_json::json;

use super::sign::{Issuer, Template};
use crate::{
    clock::{Clock, SystemClock},
    error::ConfigError,
    keys::{Algorithm, SigningKey, base64url},
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
    issuer: Option<String>,
    audiences: Vec<String>,
    client_id: Option<String>,
    lifetime: Duration,
    algorithm_name: AlgorithmName,
    clock: Arc<dyn Clock>,
}

/// How Ed25519 is called in headers.
#[derive(Clone, Copy)]
enum AlgorithmName {
    FullySpecified,
    EdDsa,
}

impl IssuerBuilder {
    pub(super) fn new() -> Self {
        Self {
            key: None,
            issuer: None,
            audiences: Vec::new(),
            client_id: None,
            lifetime: Duration::from_secs(600),
            algorithm_name: AlgorithmName::FullySpecified,
            clock: Arc::new(SystemClock),
        }
    }

    /// The key that signs: a `&Secret` or a `&SigningKey`.
    pub fn key(mut self, key: impl Into<SigningKey>) -> Self {
        self.key = Some(key.into());
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

    /// Where the time comes from.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Builds the issuer.
    ///
    /// # Errors
    ///
    /// A missing key, issuer or audience, an empty name, or a lifetime below one second or above a year.
    pub fn build(self) -> Result<Issuer, ConfigError> {
        let key = self.key.ok_or_else(|| ConfigError::new("key", "none was given; call `.key(&secret)`"))?;
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
        let algorithm = match (key.algorithm(), self.algorithm_name) {
            (Algorithm::Ed25519, AlgorithmName::EdDsa) => "EdDSA",
            (algorithm, _) => algorithm.name(),
        };
        let mut header = json!({ "alg": algorithm, "typ": "at+jwt" });
        if let (Some(kid), Some(header)) = (key.kid(), header.as_object_mut()) {
            header.insert("kid".into(), kid.into());
        }
        let template = Template {
            client_id: self.client_id.unwrap_or_else(|| issuer.clone()),
            issuer,
            audiences: self.audiences,
            lifetime: self.lifetime,
        };
        Ok(Issuer::new(key, base64url::encode(header.to_string()), template, self.clock))
    }
}

impl fmt::Debug for IssuerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerBuilder").finish_non_exhaustive()
    }
}
