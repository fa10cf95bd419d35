//! The service inside, what is asked of it, and the stacks around it.

use std::{
    convert::Infallible,
    future::ready,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use jwtower::{
    JwtAuthLayer, Verifier,
    guard::{RequireLayer, require, role, when},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Semaphore;
use tower::{
    BoxError, Layer, Service, ServiceBuilder, ServiceExt,
    layer::util::Identity,
    limit::{ConcurrencyLimitLayer, GlobalConcurrencyLimitLayer},
    load_shed::LoadShedLayer,
    timeout::TimeoutLayer,
    util::BoxCloneSyncService,
};
use tower_http::catch_panic::CatchPanicLayer;

/// A whole stack; of an answer only the status is left.
pub(super) type App = BoxCloneSyncService<Request<()>, u16, BoxError>;

pub(super) fn boxed<S, B>(service: S) -> App
where
    S: Service<Request<()>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    let status = |answer: Response<B>| answer.status().as_u16();
    BoxCloneSyncService::new(service.map_response(status).map_err(Into::into))
}

/// What a request meets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Passes,
    /// No token, so the layer refuses it.
    Refused,
    /// Not the role, so the guard does.
    Denied,
    /// It passes, and is never answered.
    Hangs,
    PanicsWhenCalled,
    PanicsLater,
    PanicsInTheRule,
    PanicsInTheCheck,
    PanicsInTheHook,
}

#[derive(Deserialize)]
pub(super) struct User {
    panics: Option<bool>,
}

/// The tokens, and the layers that know them.
pub(super) struct Keys {
    forge: Forge,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self { forge: Forge::new() }
    }

    pub(super) fn layer(&self) -> JwtAuthLayer<User> {
        let verifier =
            Verifier::<User>::builder().keys(self.forge.secret()).issuer(ISSUER).audience(AUDIENCE);
        let verifier = verifier.check(|token| token.panics.is_none_or(|_| panic!("in the check")));
        JwtAuthLayer::new(verifier.build().expect("the settings are right")).on_error(|_, head, answer| {
            assert!(head.uri.path() != "/hook", "in the hook");
            answer
        })
    }

    #[expect(clippy::unused_self, reason = "it reads better beside the layer")]
    pub(super) fn guard(&self) -> RequireLayer {
        require(
            role("user") & when("no panic", |_, head| head.uri.path() != "/rule" || panic!("in the rule")),
        )
    }

    pub(super) fn request(&self, kind: Kind) -> Request<()> {
        let path = match kind {
            Kind::Hangs => "/hang",
            Kind::PanicsWhenCalled => "/call",
            Kind::PanicsLater => "/later",
            Kind::PanicsInTheRule => "/rule",
            Kind::PanicsInTheHook => "/hook",
            _ => "/",
        };
        let mut request = Request::new(());
        *request.uri_mut() = path.parse().expect("it is a path");
        if !matches!(kind, Kind::Refused | Kind::PanicsInTheHook) {
            let mut claims = good_claims();
            match kind {
                Kind::Denied => drop(claims.insert("roles".into(), Value::Array(vec![]))),
                Kind::PanicsInTheCheck => drop(claims.insert("panics".into(), true.into())),
                _ => {}
            }
            let token = self.forge.sign(HEADER, Value::Object(claims).to_string());
            let value = HeaderValue::try_from(format!("Bearer {token}")).expect("it is visible");
            request.headers_mut().insert("authorization", value);
        }
        request
    }
}

/// The service inside. It answers after three turns, and may be called only where it is ready.
pub(super) struct Work {
    is_ready: bool,
}

impl Clone for Work {
    fn clone(&self) -> Self {
        Self { is_ready: false }
    }
}

impl Service<Request<()>> for Work {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        assert!(mem::take(&mut self.is_ready), "called without being ready");
        match request.uri().path() {
            "/call" => panic!("when called"),
            "/hang" => Box::pin(std::future::pending()),
            path => {
                let panics = path == "/later";
                Box::pin(async move {
                    for _ in 0..3 {
                        tokio::task::yield_now().await;
                    }
                    assert!(!panics, "later");
                    ready(Ok(Response::new(Full::default()))).await
                })
            }
        }
    }
}

/// The service behind a limit whose permits can be counted.
pub(super) fn core(permits: &Arc<Semaphore>) -> tower::limit::ConcurrencyLimit<Work> {
    GlobalConcurrencyLimitLayer::with_semaphore(Arc::clone(permits)).layer(Work { is_ready: false })
}

pub(super) struct Stack {
    pub(super) name: String,
    pub(super) app: App,
    pub(super) permits: Arc<Semaphore>,
    pub(super) count: usize,
}

impl Stack {
    /// Whether a full service refuses instead of waiting.
    pub(super) fn sheds_load(&self) -> bool {
        self.name.starts_with("load") || self.name.starts_with("all")
    }

    /// Whether all permits are free.
    pub(super) fn is_idle(&self) -> bool {
        self.permits.available_permits() == self.count
    }
}

/// A middleware in each place: around the layer and the guard, between them, inside, and everywhere at once.
macro_rules! places {
    ($stacks:ident, $keys:ident, $count:ident, $name:literal, $middleware:expr) => {{
        let mut add = |place: &str, stack: &dyn Fn(&Arc<Semaphore>) -> App| {
            let permits = Arc::new(Semaphore::new($count));
            let (name, app) = (format!("{} {place}", $name), stack(&permits));
            $stacks.push(Stack { name, app, permits, count: $count });
        };
        let (layer, guard) = (|| $keys.layer(), || $keys.guard());
        add("around", &|permits| {
            boxed(Layer::layer(&$middleware, layer().layer(guard().layer(core(permits)))))
        });
        add("between", &|permits| {
            boxed(layer().layer(Layer::layer(&$middleware, guard().layer(core(permits)))))
        });
        add("inside", &|permits| {
            boxed(layer().layer(guard().layer(Layer::layer(&$middleware, core(permits)))))
        });
        add("everywhere", &|permits| {
            let inside = guard().layer(Layer::layer(&$middleware, core(permits)));
            boxed(Layer::layer(&$middleware, layer().layer(Layer::layer(&$middleware, inside))))
        });
    }};
}

/// Every middleware in every place, in front of so many permits; each rate limit lets one request pass per
/// `interval`.
pub(super) fn stacks(keys: &Keys, count: usize, interval: Duration) -> Vec<Stack> {
    const LONG: Duration = Duration::from_secs(3600);
    let mut stacks = Vec::new();
    places!(stacks, keys, count, "nothing", Identity::new());
    places!(stacks, keys, count, "a limit", ConcurrencyLimitLayer::new(count));
    places!(stacks, keys, count, "a buffer of one", ServiceBuilder::new().buffer(1));
    places!(stacks, keys, count, "a rate limit", ServiceBuilder::new().buffer(1).rate_limit(1, interval));
    places!(stacks, keys, count, "a timeout", TimeoutLayer::new(LONG));
    places!(stacks, keys, count, "load shedding", LoadShedLayer::new());
    places!(stacks, keys, count, "catching panics", CatchPanicLayer::new());
    places!(
        stacks,
        keys,
        count,
        "all of them",
        ServiceBuilder::new()
            .layer(CatchPanicLayer::new())
            .load_shed()
            .buffer(2)
            .rate_limit(1, interval)
            .concurrency_limit(count)
            .timeout(LONG)
    );
    stacks
}
