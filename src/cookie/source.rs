//! A named cookie as a source.

use http::{HeaderMap, HeaderName, HeaderValue, header::COOKIE, request::Parts};

use super::{csrf, host, origin::Origin};
use crate::{
    error::ConfigError,
    source::{Found, SourceError, TokenSource, b64token, is_name},
    telemetry::event,
};

/// The starts of a name that make browsers ask for `Secure` (RFC 6265bis §4.1.3).
const PREFIXES: [&str; 2] = ["__Host-", "__Secure-"];

/// Takes the token from a cookie, and lets no other site use it.
///
/// ```
/// use jwtower::{Algorithm, JwtAuthLayer, NoClaims, Secret, Verifier, cookie::CookieSource};
///
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// # let secret = Secret::generate(Algorithm::HS256)?;
/// # let verifier = Verifier::<NoClaims>::builder().keys(&secret).issuer("me").audience("api").build()?;
/// let cookie = CookieSource::new("__Host-access")?.origin("https://app.example.com")?;
/// let layer = JwtAuthLayer::new(verifier).also_from(cookie);
/// # Ok(())
/// # }
/// ```
///
/// A request that came with the cookie and is not `GET`, `HEAD` or `OPTIONS`, or asks for an upgrade, must
/// come from a page of this service (`Sec-Fetch-Site: same-origin` or `none`) or from one of the origins
/// given here. Anything else is 403, `cross_site`.
///
/// The cookie's value is the token as it is. A second cookie of the name, quotes or percent signs are 400.
///
/// # Security
///
/// The cookie itself should be `__Host-`, `Secure`, `HttpOnly` and `SameSite=Lax` or `Strict`; see [the guide
/// to browsers](crate::guide::browsers). A `GET` must change nothing, because it is not asked where it comes
/// from.
#[derive(Clone, Debug)]
pub struct CookieSource {
    name: Box<str>,
    origins: Vec<Origin>,
    /// Whether it is without `Secure`, and so for this machine only.
    is_local: bool,
}

impl CookieSource {
    /// The cookie of this name, usable from this service's own pages only.
    ///
    /// # Errors
    ///
    /// What is no cookie name (RFC 6265 §4.1.1), and a prefix `__Host-` or `__Secure-` in other letters or
    /// with nothing behind it.
    pub fn new(name: &str) -> Result<Self, ConfigError> {
        let refuse = |problem: &str| Err(ConfigError::new("cookie", format!("{name:?} {problem}")));
        if !is_name(name) {
            return refuse(
                "is no cookie name; leave out spaces, quotes, brackets, commas, `;`, `=` and other signs of its syntax",
            );
        }
        for prefix in PREFIXES {
            let Some(start) = name.get(..prefix.len()) else { continue };
            if start.eq_ignore_ascii_case(prefix) && (start != prefix || name == prefix) {
                return refuse(&format!("begins like {prefix}; write {prefix} and a name"));
            }
        }
        if !name.starts_with("__Host-") {
            event!(
                warn,
                "a cookie whose name does not begin with __Host- can be set by other hosts of the site; \
                 name it __Host-.. and set it with Secure and Path=/, unless this is plain http on localhost",
                cookie = name,
            );
        }
        Ok(Self::named(name))
    }

    /// Lets pages of this origin use the cookie too, such as `https://app.example.com`.
    ///
    /// # Errors
    ///
    /// What is not an origin as browsers send it: scheme, host, and a port that is not the scheme's own; plain
    /// http only for loopback hosts.
    pub fn origin(mut self, origin: &str) -> Result<Self, ConfigError> {
        let parsed = Origin::parse(origin)?;
        let has_prefix = PREFIXES.iter().any(|prefix| self.name.starts_with(prefix));
        let is_first = !self.origins.iter().any(Origin::is_plain_http);
        if has_prefix && parsed.is_plain_http() && is_first {
            event!(
                warn,
                "browsers may drop a cookie with a __Host- or __Secure- name on plain http; \
                 serve https, or name the cookie without the prefix while you work on localhost",
                cookie = self.name,
                origin = origin,
            );
        }
        self.origins.push(parsed);
        Ok(self)
    }
}

impl TokenSource for CookieSource {
    fn header_name(&self) -> &HeaderName {
        &COOKIE
    }

    fn find<'h>(&self, headers: &'h HeaderMap) -> Result<Found<'h>, SourceError> {
        // HTTP/2 may spread cookies over several lines (RFC 9113 §8.2.3).
        let lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
        let mut values =
            lines.flat_map(|line| line.split(|byte| *byte == b';')).filter_map(|cookie| self.value(cookie));
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(SourceError::Repeated),
            (None, _) | (Some(b""), _) => Ok(Found::Absent),
            (Some(value), None) => b64token(value).map(Found::Token),
        }
    }

    fn permits(&self, request: &Parts) -> Result<(), SourceError> {
        if self.is_local && !host::names_this_machine(request) {
            event!(
                warn,
                "a request with cookies names another host than this machine; \
                 behind https write AuthCookies::for_https()",
                cookie = self.name,
            );
            return Err(SourceError::InsecureHost);
        }
        if csrf::permits(request, &self.origins) { Ok(()) } else { Err(SourceError::CrossSite) }
    }
}

impl CookieSource {
    /// Whether a browser says that the request comes from elsewhere.
    #[cfg(feature = "axum")]
    pub(super) fn is_foreign(&self, request: &Parts) -> bool {
        csrf::is_foreign(request, &self.origins)
    }

    /// The cookie of a name that is known to be one.
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.into(), origins: Vec::new(), is_local: false }
    }

    /// The same for requests to loopback hosts only.
    pub(super) fn on_loopback(mut self) -> Self {
        self.is_local = true;
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter()
    }

    pub(super) fn with(mut self, origin: Origin) -> Self {
        self.origins.push(origin);
        self
    }

    /// The value of one cookie, if it is ours.
    fn value<'h>(&self, cookie: &'h [u8]) -> Option<&'h [u8]> {
        cookie.trim_ascii().strip_prefix(self.name.as_bytes())?.strip_prefix(b"=")
    }
}
