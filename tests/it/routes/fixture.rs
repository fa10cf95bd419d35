//! A service with its users, its store, and a clock that is moved by hand.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use axum::{Router, body::Body, extract::ConnectInfo, routing::get};
use http::{HeaderMap, Method, Request};
use http_body_util::BodyExt;
use jwtower::{
    Algorithm, Claims, Issuer, RefreshToken, Sessions,
    cookie::AuthCookies,
    guard::{require, role},
    issuer::KeyRing,
    routes::{AuthRoutes, Pages, TrustedProxies, well_known},
    session::{Accounts, BoxError},
    testing::ManualClock,
};
use jwtower_tests::{AUDIENCE, ISSUER};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::store::Store;

pub(crate) const PASSWORD: &str = "correct horse";

/// Where the requests come from.
pub(crate) const HOME: &str = "192.0.2.1";

/// The users `alice` (`u-1`) and `bob` (`u-2`).
#[derive(Clone, Default)]
pub(crate) struct Users {
    pub(crate) away: Arc<AtomicBool>,
    /// How often a password was compared.
    pub(crate) checks: Arc<AtomicUsize>,
    /// Bytes of a claim that makes tokens long.
    pub(crate) padding: Arc<AtomicUsize>,
}

#[derive(serde::Deserialize)]
pub(crate) struct Password {
    username: String,
    password: String,
    #[serde(default)]
    #[allow(dead_code, reason = "it is there to be nested")]
    device: Value,
}

impl Users {
    fn here(&self) -> Result<(), BoxError> {
        if self.away.load(Ordering::SeqCst) { Err("the accounts are away".into()) } else { Ok(()) }
    }
}

impl Accounts for Users {
    type Credentials = Password;
    type Claims = Value;

    fn account<'a>(&self, credentials: &'a Password) -> &'a str {
        &credentials.username
    }

    async fn find(&self, credentials: &Password) -> Result<Option<String>, BoxError> {
        self.here()?;
        Ok(match &*credentials.username {
            "alice" => Some("u-1".to_owned()),
            "bob" => Some("u-2".to_owned()),
            _ => None,
        })
    }

    async fn check(&self, _: Option<&str>, credentials: &Password) -> Result<bool, BoxError> {
        self.here()?;
        self.checks.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        Ok(credentials.password == PASSWORD)
    }

    async fn claims(&self, subject: &str) -> Result<Option<Value>, BoxError> {
        self.here()?;
        let mut claims = json!({ "name": subject, "scope": "read write" });
        let padding = self.padding.load(Ordering::SeqCst);
        if padding > 0 {
            claims["padding"] = "x".repeat(padding).into();
        }
        Ok(Some(claims))
    }
}

/// How the browsers of a service reach it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Reach {
    #[default]
    Https,
    LoopbackHttp,
}

impl Reach {
    pub(crate) const ALL: [Self; 2] = [Self::Https, Self::LoopbackHttp];

    pub(crate) fn cookies(self) -> AuthCookies {
        match self {
            Self::Https => AuthCookies::for_https(),
            Self::LoopbackHttp => AuthCookies::for_loopback_http(),
        }
    }

    /// The names of the cookies: of the access token, of the refresh token.
    pub(crate) fn names(self) -> [&'static str; 2] {
        match self {
            Self::Https => ["__Host-access", "__Host-refresh"],
            Self::LoopbackHttp => ["access", "refresh"],
        }
    }

    pub(crate) fn host(self) -> &'static str {
        match self {
            Self::Https => "www.example.com",
            Self::LoopbackHttp => "localhost:3000",
        }
    }
}

/// The origin that services for browsers are told to trust.
pub(crate) const ORIGIN: &str = "https://app.example.com";

/// A service under `/auth`, with its documents beside it.
pub(crate) struct Service {
    pub(crate) reach: Reach,
    pub(crate) router: Router,
    pub(crate) sessions: Sessions,
    pub(crate) users: Users,
    pub(crate) store: Store,
    pub(crate) clock: ManualClock,
}

/// What a login or a refresh gave.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Service {
    pub(crate) async fn new() -> Self {
        Self::behind(TrustedProxies::default()).await
    }

    pub(crate) async fn behind(proxies: TrustedProxies) -> Self {
        Self::of(ISSUER, proxies).await
    }

    pub(crate) async fn of(issuer: &str, proxies: TrustedProxies) -> Self {
        Self::with(issuer, |auth| auth.trusted_proxies(proxies)).await
    }

    /// For browsers over https.
    pub(crate) async fn with_cookies() -> Self {
        Self::for_browsers(Reach::Https).await
    }

    /// For browsers: the pages `/account` for every user and `/admin` for none, the login page at `/login`.
    pub(crate) async fn for_browsers(reach: Reach) -> Self {
        let cookies = reach.cookies().origin(ORIGIN).expect("it is an origin");
        let pages = Pages::new(cookies, "/login").and_then(|pages| pages.refresh_at("/auth/refresh"));
        let pages = pages.expect("they are paths");
        let service = Self::with(ISSUER, |auth| auth.pages(pages.clone())).await;
        let account = async |user: Claims<Value>| user["name"].to_string();
        let inside = Router::new()
            .route("/account", get(account).post(account))
            .route("/admin", get(account).layer(require(role("admin"))))
            .route_layer(pages.layer(service.sessions.auth_layer::<Value>()));
        let login = Router::new().route("/login", get(|| async { "the form" }));
        Self { router: service.router.merge(inside).merge(login), reach, ..service }
    }

    /// With settings of the routes' own.
    pub(crate) async fn with(issuer: &str, set: impl FnOnce(AuthRoutes) -> AuthRoutes) -> Self {
        let clock = ManualClock::new();
        let issuer = Issuer::builder()
            .keys(KeyRing::generate(Algorithm::ES256).expect("the algorithm is known"))
            .issuer(issuer)
            .audience(AUDIENCE)
            .clock(clock.clone())
            .build()
            .expect("the settings are right");
        let (store, users) = (Store::new(clock.clone()), Users::default());
        let sessions = Sessions::builder(issuer, store.clone(), users.clone());
        let sessions = sessions.build().await.expect("the settings are right");
        let auth = set(AuthRoutes::new(sessions.clone())).into_router();
        let router = Router::new().nest("/auth", auth).merge(well_known(sessions.clone()));
        Self { reach: Reach::default(), router, sessions, users, store, clock }
    }

    /// Sends a request from [`HOME`] unless it says where it comes from.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(peer(HOME));
        }
        self.send_as_it_is(request).await
    }

    pub(crate) async fn send_as_it_is(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.expect("a router never fails");
        let (head, body) = answer.into_parts();
        let body = body.collect().await.expect("the body is in memory").to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("answers are text");
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(json_request(path, body)).await
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, token: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).expect("it is a request")).await
    }

    /// Logs in, which must go well.
    pub(crate) async fn login(&self, username: &str) -> Pair {
        let answer = self.post("/auth/login", json!({ "username": username, "password": PASSWORD })).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.pair()
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post("/auth/refresh", json!({ "refresh_token": token })).await
    }

    /// Whether both tokens count: the session was not lost.
    pub(crate) async fn is_alive(&self, pair: &Pair) -> bool {
        let session = self.ask(Method::GET, "/auth/session", &pair.access).await;
        let refreshed = self.sessions.refresh(&RefreshToken::from(pair.refresh.clone())).await;
        session.status == 200 && refreshed.is_ok()
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn pair(&self) -> Pair {
        let text = |name| self.json()[name].as_str().expect("it is a token").to_owned();
        Pair { access: text("access_token"), refresh: text("refresh_token") }
    }

    /// `error`, `error_description` of RFC 6749 §5.2.
    pub(crate) fn error(&self) -> (String, String) {
        let body = self.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        (text("error"), text("error_description"))
    }
}

pub(crate) fn peer(address: &str) -> ConnectInfo<SocketAddr> {
    ConnectInfo((address.parse::<std::net::IpAddr>().expect("it is an address"), 50_000).into())
}

pub(crate) fn json_request(path: &str, body: Value) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/json");
    request.body(body.to_string().into()).expect("it is a request")
}

pub(crate) fn form_request(path: &str, body: &str) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    request.body(body.to_owned().into()).expect("it is a request")
}
