//! What a row is: an accepted request, a refused one that differs in one thing, and the refusal.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{Router, body::Body};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, request::Parts};
use jwtower::{
    Clock, JwtAuthLayer, Principal, Verifier,
    keys::KeySource,
    source::{Found, SourceError, TokenSource},
    verify::{AudienceGiven, IssuerGiven, KeysGiven, VerifierBuilder},
};
use jwtower_tests::{AUDIENCE, ISSUER};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// The time of every verifier here, in seconds since 1970.
pub(crate) const NOW: u64 = 1_800_000_000;

/// The claims type of most rows.
#[derive(Debug, Deserialize)]
pub(crate) struct User {
    #[allow(dead_code, reason = "it is there to be demanded")]
    pub(crate) name: String,
}

/// A router behind the layer under test.
#[derive(Clone)]
pub(crate) struct Api {
    router: Router,
    reading: Arc<dyn Fn(AnySource) -> Router + Send + Sync>,
}

impl Api {
    /// One door behind the layer that is open to any method and path, and answers 204 to who is anonymous; a
    /// refusal's fine code comes as the header `x-code`.
    pub(crate) fn behind<C: DeserializeOwned + Send + Sync + 'static>(layer: JwtAuthLayer<C>) -> Self {
        let layer = layer.on_error(|refusal, _, mut answer| {
            answer.headers_mut().insert("x-code", HeaderValue::from_static(refusal.code()));
            answer
        });
        let router = |layer| {
            let door = |user: Option<Principal>| async { user.map(|_| "in").ok_or(StatusCode::NO_CONTENT) };
            Router::new().fallback(door).layer(layer)
        };
        Self {
            router: router(layer.clone()),
            reading: Arc::new(move |source| router(layer.clone().only_from(source))),
        }
    }

    pub(crate) fn verifying<C: DeserializeOwned + Send + Sync + 'static>(verifier: Verifier<C>) -> Self {
        Self::behind(JwtAuthLayer::new(verifier))
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// The same router, but for the place where it looks for tokens.
    pub(crate) fn reading(&self, source: impl TokenSource) -> Router {
        (self.reading)(AnySource(Arc::new(source)))
    }
}

/// A source whose type is forgotten.
struct AnySource(Arc<dyn TokenSource>);

impl TokenSource for AnySource {
    fn header_name(&self) -> &HeaderName {
        self.0.header_name()
    }

    fn find<'h>(&self, headers: &'h HeaderMap) -> Result<Found<'h>, SourceError> {
        self.0.find(headers)
    }

    fn permits(&self, request: &Parts) -> Result<(), SourceError> {
        self.0.permits(request)
    }
}

/// The builder that the rows' verifiers start from: our issuer, our audience, a clock that stands.
pub(crate) fn builder<C>(
    keys: impl Into<KeySource>,
) -> VerifierBuilder<C, KeysGiven, IssuerGiven, AudienceGiven> {
    Verifier::builder().keys(keys).issuer(ISSUER).audience(AUDIENCE).clock(standing_clock())
}

pub(crate) fn standing_clock() -> impl Clock {
    || SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

/// Claims that are accepted; their values are easy to find where they should not be.
pub(crate) fn claims() -> Map<String, Value> {
    let claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "canary-subject", "iat": NOW - 10, "exp": NOW + 600,
        "nbf": NOW - 10, "auth_time": NOW - 20, "acr": "canary-acr", "jti": "canary-token-id",
        "sid": "canary-session", "client_id": "canary-client", "name": "Canary Name", "tenant": "canary-tenant",
        "roles": ["canary-role"], "permissions": ["canary:permission"], "scope": "canary.read canary.write",
    });
    match claims {
        Value::Object(claims) => claims,
        _ => unreachable!("the literal is an object"),
    }
}

/// The accepted claims as JSON.
pub(crate) fn good() -> String {
    Value::Object(claims()).to_string()
}

/// The accepted claims with one member set.
pub(crate) fn with(name: &str, value: impl Into<Value>) -> String {
    let mut claims = claims();
    claims.insert(name.into(), value.into());
    Value::Object(claims).to_string()
}

/// The accepted claims less one member.
pub(crate) fn without(name: &str) -> String {
    let mut claims = claims();
    claims.remove(name);
    Value::Object(claims).to_string()
}

/// The accepted claims with more text before the last brace.
pub(crate) fn and(members: &str) -> String {
    let good = good();
    format!("{},{members}}}", good.strip_suffix('}').unwrap_or(&good))
}

/// A request as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) lines: Vec<(&'static str, Vec<u8>)>,
    pub(crate) body: String,
}

impl Sent {
    /// Header lines, and nothing else.
    pub(crate) fn lines<'a>(lines: impl IntoIterator<Item = (&'static str, &'a [u8])>) -> Self {
        let lines = lines.into_iter().map(|(name, value)| (name, value.to_vec())).collect();
        Self { method: "GET", target: "/".into(), lines, body: String::new() }
    }

    pub(crate) fn line(name: &'static str, value: impl AsRef<[u8]>) -> Self {
        Self::lines([(name, value.as_ref())])
    }

    /// Whether who is let in gets a body; not where there is none (RFC 9110 §9.3.2), nor with a tunnel (§9.3.6).
    pub(crate) fn has_answer(&self) -> bool {
        !matches!(self.method, "HEAD" | "CONNECT")
    }

    pub(crate) fn request(&self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.target);
        for (name, value) in &self.lines {
            request = request.header(*name, HeaderValue::from_bytes(value).expect("a header can carry it"));
        }
        request.body(Body::from(self.body.clone())).expect("the request is well formed")
    }
}

/// A token alone goes where tokens go.
impl From<String> for Sent {
    fn from(token: String) -> Self {
        Self::line("authorization", format!("Bearer {token}"))
    }
}

impl From<&String> for Sent {
    fn from(token: &String) -> Self {
        token.clone().into()
    }
}

/// The refusal that a row expects; inside is the fine code.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// No token came, or credentials of another scheme.
    Anonymous(&'static str),
    /// The request itself is wrong.
    BadRequest(&'static str),
    /// The token is not good.
    Invalid(&'static str),
    /// The token was good.
    Expired(&'static str),
    /// Another site made the request; nobody looked at the token.
    CrossSite,
}

impl Answer {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Anonymous(code) | Self::BadRequest(code) | Self::Invalid(code) | Self::Expired(code) => {
                code
            }
            Self::CrossSite => "cross_site",
        }
    }

    pub(crate) fn status(self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::Anonymous(_) | Self::Invalid(_) | Self::Expired(_) => 401,
            Self::CrossSite => 403,
        }
    }

    pub(crate) fn body(self) -> &'static str {
        match self {
            Self::Anonymous(_) => {
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"missing_token"}"#
            }
            Self::BadRequest(_) => {
                r#"{"type":"about:blank","title":"Bad Request","status":400,"code":"invalid_request"}"#
            }
            Self::Invalid(_) => {
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"invalid_token"}"#
            }
            Self::Expired(_) => {
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"token_expired"}"#
            }
            Self::CrossSite => {
                r#"{"type":"about:blank","title":"Forbidden","status":403,"code":"cross_site"}"#
            }
        }
    }

    /// `None` where other credentials would not help.
    pub(crate) fn challenge(self) -> Option<&'static str> {
        let text = match self {
            Self::Anonymous(_) => r#"Bearer realm="api""#,
            Self::BadRequest(_) => {
                r#"Bearer realm="api", error="invalid_request", error_description="the request is malformed or carries more than one token""#
            }
            Self::Invalid(_) => {
                r#"Bearer realm="api", error="invalid_token", error_description="the token is not valid here""#
            }
            Self::Expired(_) => {
                r#"Bearer realm="api", error="invalid_token", error_description="the token has expired""#
            }
            Self::CrossSite => return None,
        };
        Some(text)
    }
}

/// An accepted request, and one that differs in one thing and is refused.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) name: Arc<str>,
    pub(crate) api: Api,
    pub(crate) twin: Sent,
    pub(crate) bad: Sent,
    pub(crate) answer: Answer,
    /// Whether it stays the same on a socket, where the server trims white space off header values.
    pub(crate) on_the_wire: bool,
}

/// Rows about one subject, in front of one router.
pub(crate) struct Table {
    subject: &'static str,
    api: Api,
    twin: Sent,
    rows: Vec<Row>,
}

impl Table {
    /// `twin` is what most of the rows differ from.
    pub(crate) fn new(subject: &'static str, api: Api, twin: impl Into<Sent>) -> Self {
        Self { subject, api, twin: twin.into(), rows: Vec::new() }
    }

    /// A request that differs from the table's twin.
    pub(crate) fn bad(&mut self, name: &str, bad: impl Into<Sent>, answer: Answer) {
        self.pair(name, self.twin.clone(), bad, answer);
    }

    /// A request with a twin of its own.
    pub(crate) fn pair(&mut self, name: &str, twin: impl Into<Sent>, bad: impl Into<Sent>, answer: Answer) {
        let name = format!("{}: {name}", self.subject).into();
        let (api, twin, bad) = (self.api.clone(), twin.into(), bad.into());
        self.rows.push(Row { name, api, twin, bad, answer, on_the_wire: true });
    }

    /// The last row depends on white space that a server trims.
    pub(crate) fn in_memory_only(&mut self) {
        self.rows.last_mut().expect("a row was added").on_the_wire = false;
    }

    pub(crate) fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}
