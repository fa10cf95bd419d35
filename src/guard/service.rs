//! Asks the rule, and answers or calls on.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use tower_service::Service;

use super::Rule;
use crate::{
    claims::Principal,
    error::{AuthError, Code},
    response::{AuthContext, Ready, Refusal, ResponseBody, ResponseFuture, respond},
    telemetry::event,
};

/// A service behind a rule; made by [`require`](super::require).
#[derive(Clone, Debug)]
pub struct Require<S> {
    inner: S,
    rule: Rule,
}

impl<S> Require<S> {
    pub(super) fn new(inner: S, rule: Rule) -> Self {
        Self { inner, rule }
    }
}

/// The answer to a request that must not pass.
fn refuse(rule: &Rule, head: &Parts) -> Option<Response<Bytes>> {
    let Some(context) = head.extensions.get::<AuthContext>() else {
        event!(
            error,
            "a guard runs outside any JwtAuthLayer; add `.route_layer(JwtAuthLayer::new(verifier))` \
             after the routes that it guards and after their `require(..)`, as the later layer is the outer \
             one, or wrap the guarded service in `JwtAuthLayer`",
            code = "missing_layer",
            rule = rule,
        );
        return Some(respond(head, &AuthError::new(Code::MissingLayer).into()));
    };
    let Some(principal) = head.extensions.get::<Principal>() else {
        return Some(respond(head, &AuthError::new(Code::MissingToken).into()));
    };
    let decision = rule.decide(principal, head, context.role_map());
    let error = decision.error()?;
    let missing = principal.authorities().missing();
    event!(debug, "a rule denies the request", rule = rule, claims_that_are_missing = missing);
    Some(respond(head, &Refusal::with_scopes(error, decision.missing_scopes())))
}

impl<S, B, RB> Service<Request<B>> for Require<S>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
{
    type Response = Response<ResponseBody<RB>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = Ready::new(&mut self.inner);
        let (head, body) = request.into_parts();
        match refuse(&self.rule, &head) {
            None => ResponseFuture::passed(inner.call(Request::from_parts(head, body)), None),
            Some(answer) => ResponseFuture::refused(answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::ready, task::Waker};

    use axum::{
        Extension, Router,
        body::Body,
        routing::{any, get, post},
    };
    use http::StatusCode;
    use tower::{Layer, ServiceExt, limit::ConcurrencyLimit, service_fn, util::BoxCloneSyncService};

    use super::{
        super::{RequireLayer, authenticated, fixture::Token, permission, require, role, scope, when},
        *,
    };
    use crate::claims::RoleMap;

    type App = BoxCloneSyncService<Request<()>, Response<ResponseBody<Body>>, Infallible>;

    fn guarded(rule: Rule) -> App {
        let inner = service_fn(|_: Request<()>| ready(Ok(Response::new(Body::from("in")))));
        BoxCloneSyncService::new(require(rule).layer(inner))
    }

    fn anonymous() -> Request<()> {
        let mut request = Request::new(());
        request.extensions_mut().insert(AuthContext::default());
        request
    }

    fn with(token: &Token) -> Request<()> {
        let mut request = anonymous();
        request.extensions_mut().insert(token.principal());
        request
    }

    fn challenge<B>(answer: &Response<B>) -> Option<&str> {
        answer.headers().get("www-authenticate").map(|value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn who_fulfils_the_rule_passes_and_others_learn_why_not() {
        let token = Token::default().roles(["admin"]).scopes(["read"]);
        let denied = r#"Bearer realm="api", error="insufficient_scope", error_description="the token does not allow this request""#;
        let named = format!(r#"{denied}, scope="write""#);
        for (rule, request, status, expected) in [
            (role("admin"), with(&token), 200, None),
            (role("owner"), with(&token), 403, Some(denied)),
            (permission("x"), with(&token), 403, Some(denied)),
            (!permission("x"), with(&token), 403, Some(denied)),
            (scope("write") & scope("read"), with(&token), 403, Some(&*named)),
            (scope("write") & role("owner"), with(&token), 403, Some(denied)),
            (authenticated(), anonymous(), 401, Some(r#"Bearer realm="api""#)),
            (!role("admin"), anonymous(), 401, Some(r#"Bearer realm="api""#)),
            (
                when("asked", |_, _| panic!("a rule was evaluated without a token")),
                anonymous(),
                401,
                Some(r#"Bearer realm="api""#),
            ),
            (authenticated(), Request::new(()), 500, None),
        ] {
            let text = rule.to_string();
            let answer = guarded(rule).oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{text}");
            assert_eq!(challenge(&answer), expected, "{text}");
        }
    }

    #[tokio::test]
    async fn a_token_without_any_layer_is_still_500() {
        let mut request = Request::new(());
        request.extensions_mut().insert(Token::default().roles(["admin"]).principal());
        assert_eq!(guarded(role("admin")).oneshot(request).await.unwrap().status(), 500);
    }

    #[tokio::test]
    async fn the_layers_role_map_and_on_error_are_in_force() {
        let mut context = AuthContext::default();
        context.set_role_map(RoleMap::builder().grants("editor", ["posts:*"]).build().unwrap());
        context.set_on_error(|refusal, head, mut answer| {
            assert_eq!((refusal.code(), head.method.as_str()), ("rule_denied", "GET"));
            *answer.status_mut() = StatusCode::NOT_FOUND;
            answer
        });
        for (role, status) in [("editor", 200), ("reader", 404)] {
            let mut request = with(&Token::default().roles([role]));
            request.extensions_mut().insert(context.clone());
            let answer = guarded(permission("posts:write")).oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{role}");
        }
    }

    #[tokio::test]
    async fn a_refusal_keeps_no_permit_of_the_inner_service() {
        let inner = service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(Body::empty()))));
        let service = require(role("admin")).layer(ConcurrencyLimit::new(inner, 1));
        let (mut refused, mut other) = (service.clone(), service);
        let is_ready = |service: &mut Require<_>| {
            Service::<Request<()>>::poll_ready(service, &mut Context::from_waker(Waker::noop())).is_ready()
        };
        assert!(is_ready(&mut refused) && !is_ready(&mut other), "there is one permit");
        let answer = refused.call(anonymous());
        // Neither the service that refused nor its answer, both still alive, hold it.
        assert!(is_ready(&mut other));
        let passed = other.call(with(&Token::default().roles(["admin"])));
        assert!(!is_ready(&mut refused), "a request that passes holds it until it is answered");
        assert_eq!(
            (answer.await.unwrap().status(), passed.await.unwrap().status()),
            (StatusCode::UNAUTHORIZED, StatusCode::OK)
        );
        assert!(is_ready(&mut refused));
    }

    /// Ready only after `poll_ready`, and a clone is not; as the contract of `Service` allows.
    #[derive(Default)]
    struct Strict {
        ready: bool,
    }

    impl Clone for Strict {
        fn clone(&self) -> Self {
            Self::default()
        }
    }

    impl Service<Request<()>> for Strict {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            self.ready = true;
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<()>) -> Self::Future {
            assert!(std::mem::take(&mut self.ready), "called before it was ready");
            ready(Ok(Response::new(Body::empty())))
        }
    }

    #[tokio::test]
    async fn the_service_that_was_made_ready_is_the_one_that_is_called() {
        let mut service = require(role("admin")).layer(Strict::default());
        for (role, status) in [("admin", 200), ("reader", 403), ("admin", 200)] {
            let request = with(&Token::default().roles([role]));
            let answer = service.ready().await.unwrap().call(request).await.unwrap();
            assert_eq!(answer.status(), status);
        }
    }

    #[tokio::test]
    async fn it_guards_routes_methods_and_nested_routers_of_axum() {
        let ok = || async { "in" };
        let editors: RequireLayer = require(permission("posts:write"));
        let admin = Router::new()
            .route("/users", get(ok))
            .route("/owner", any(ok).layer(require(role("owner"))))
            .route_layer(require(role("admin")));
        let app: Router = Router::new()
            .route("/me", get(ok))
            .route("/posts", get(ok).merge(post(ok).layer(editors)))
            .nest("/admin", admin)
            .layer(Extension(AuthContext::default()))
            .layer(Extension(Token::default().roles(["admin"]).permissions([]).principal()));
        for (method, path, status) in [
            ("GET", "/me", 200),
            ("GET", "/posts", 200),
            ("POST", "/posts", 403),
            ("GET", "/admin/users", 200),
            ("GET", "/admin/owner", 403),
            ("GET", "/admin/unknown", 404),
        ] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            assert_eq!(app.clone().oneshot(request).await.unwrap().status(), status, "{method} {path}");
        }
    }

    #[cfg(feature = "tracing")]
    #[test]
    fn a_guard_outside_any_layer_says_in_the_log_what_to_write() {
        use std::{io, sync::Mutex};

        static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

        struct Log;

        impl io::Write for Log {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                LOG.lock().unwrap().write(bytes)
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(|| Log).finish();
        tracing::subscriber::with_default(subscriber, || {
            drop(guarded(role("admin")).call(Request::new(())));
        });
        let text = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
        for part in ["ERROR jwtower", ".route_layer(JwtAuthLayer::new(verifier))", r#"rule=role("admin")"#] {
            assert!(text.contains(part), "{text} lacks {part}");
        }
    }
}
