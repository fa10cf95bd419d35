//! Signing access tokens.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Builder;

use super::builder::IssuerBuilder;
use crate::{
    clock::Clock,
    error::{ConfigError, json_kind},
    keys::{SigningKey, base64url},
    token::{AccessToken, MAX_TOKEN},
};

/// Room for two dots, the payload's last characters and a signature of 8192 bits.
const MAX_SIGNATURE_TEXT: usize = 1400;

/// The members that are the issuer's to say; the application's claims cannot override them.
const OURS: [&str; 10] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "sid", "cnf"];

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
/// A token is signed, not hidden: whoever holds it can read every claim. Put no secret and no more personal
/// data into it than the services behind it need.
#[derive(Clone)]
pub struct Issuer(Arc<Inner>);

struct Inner {
    key: SigningKey,
    /// The header is the same for every token, so it is encoded once.
    header: String,
    template: Template,
    clock: Arc<dyn Clock>,
}

/// What every token of one issuer says.
pub(super) struct Template {
    pub(super) issuer: String,
    pub(super) audiences: Vec<String>,
    pub(super) client_id: String,
    pub(super) lifetime: Duration,
}

impl Issuer {
    /// Starts an issuer; see [`IssuerBuilder`].
    pub fn builder() -> IssuerBuilder {
        IssuerBuilder::new()
    }

    pub(super) fn new(key: SigningKey, header: String, template: Template, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { key, header, template, clock }))
    }

    /// Signs a token about `subject` with the application's claims.
    ///
    /// The token carries `iss`, `sub`, `aud`, `exp`, `iat`, `jti` and `client_id` (RFC 9068 §2.2). Members of
    /// `claims` with one of these names, or named `nbf`, `sid` or `cnf`, are left out.
    ///
    /// # Errors
    ///
    /// An empty subject, claims that do not serialize to a JSON object, or a token above 16 KiB.
    ///
    /// # Security
    ///
    /// Whoever holds the token can read its claims.
    pub fn sign<C: Serialize + ?Sized>(&self, subject: &str, claims: &C) -> Result<AccessToken, ConfigError> {
        let Inner { key, header, .. } = &*self.0;
        let payload = Value::Object(self.claims(subject, claims)?).to_string();
        // Of the right size at once: a string that grows leaves copies in memory that nobody wipes.
        let mut token = String::with_capacity(header.len() + payload.len() / 3 * 4 + MAX_SIGNATURE_TEXT);
        token.push_str(header);
        token.push('.');
        base64url::encode_into(payload, &mut token);
        let signature = key.sign(token.as_bytes())?;
        token.push('.');
        base64url::encode_into(signature, &mut token);
        if token.len() > MAX_TOKEN {
            let problem = format!(
                "the token would be {} bytes, and verifiers take at most {MAX_TOKEN}; put less into it",
                token.len()
            );
            return Err(ConfigError::new("claims", problem));
        }
        Ok(AccessToken::new(token))
    }

    fn claims<C: Serialize + ?Sized>(
        &self,
        subject: &str,
        claims: &C,
    ) -> Result<Map<String, Value>, ConfigError> {
        if subject.trim().is_empty() {
            return Err(ConfigError::new("subject", "it is empty; name the user or the service"));
        }
        let mut members = match serde_json::to_value(claims) {
            Ok(Value::Object(members)) => members,
            Ok(other) => return Err(not_an_object(json_kind(&other))),
            Err(_) => return Err(not_an_object("something that JSON cannot express")),
        };
        for name in OURS {
            members.remove(name);
        }
        let Template { issuer, audiences, client_id, lifetime } = &self.0.template;
        let audience = match &**audiences {
            [one] => one.as_str().into(),
            several => several.into(),
        };
        let mut random = [0; 18];
        getrandom::fill(&mut random).map_err(|error| {
            ConfigError::new("system", format!("it gives no random bytes: {error}; a token needs some"))
        })?;
        let [jitter @ .., _, _, _, _, _, _, _, _, _, _] = random;
        let [_, _, _, _, _, _, _, _, id @ ..] = random;
        let now = since_1970(self.0.clock.now());
        let token_id = Builder::from_unix_timestamp_millis(now.as_millis() as u64, &id).into_uuid();
        let now = now.as_secs();
        let ours: [(&str, Value); 7] = [
            ("iss", issuer.as_str().into()),
            ("sub", subject.into()),
            ("aud", audience),
            ("exp", now.saturating_add(shortened(*lifetime, u64::from_le_bytes(jitter))).into()),
            ("iat", now.into()),
            ("jti", token_id.to_string().into()),
            ("client_id", client_id.as_str().into()),
        ];
        members.extend(ours.map(|(name, value)| (name.to_owned(), value)));
        Ok(members)
    }
}

/// A clock that stands before 1970 counts as 1970.
fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// The lifetime less up to 5 %, in seconds.
fn shortened(lifetime: Duration, random: u64) -> u64 {
    let seconds = lifetime.as_secs();
    seconds - random % (seconds / 20 + 1)
}

fn not_an_object(given: &str) -> ConfigError {
    let problem =
        format!("they serialize to {given}; use a struct or a map, or `NoClaims` where there are none");
    ConfigError::new("claims", problem)
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Template { issuer, audiences, lifetime, .. } = &self.0.template;
        f.debug_struct("Issuer")
            .field("issuer", issuer)
            .field("audiences", audiences)
            .field("lifetime", lifetime)
            .field("algorithm", &self.0.key.algorithm())
            .finish_non_exhaustive()
    }
}
