//! What the layer leaves in the request for guards and extractors: how to say no.

use std::sync::Arc;

use bytes::Bytes;
use http::{Extensions, HeaderValue, Response, StatusCode, header, request::Parts};

use super::{
    challenge::challenge,
    grpc,
    hook::Hook,
    problem,
    refusal::Refusal,
    settings::{self, Settings, Style},
    url,
};
use crate::{
    claims::RoleMap,
    error::{ConfigError, ErrorKind},
    telemetry::event,
};

/// The answers of one layer.
///
/// It travels in the request's extensions, so that what runs inside the layer answers as the layer does. A
/// clone shares its settings; a setter changes only the copy that it is called on.
#[derive(Clone, Default)]
pub(crate) struct AuthContext(Arc<Settings>);

impl AuthContext {
    /// The realm of every challenge: visible ASCII and spaces, without `"` and `\`.
    pub(crate) fn set_realm(&mut self, realm: &str) -> Result<(), ConfigError> {
        self.settings().realm = settings::realm(realm)?;
        Ok(())
    }

    /// The metadata URL of every challenge (RFC 9728 §5.1): https, or http on this machine.
    pub(crate) fn set_resource_metadata(&mut self, url: &str) -> Result<(), ConfigError> {
        self.settings().metadata = Some(url::checked("resource_metadata", url)?);
        Ok(())
    }

    /// The hook that may change an answer's headers, body and status (300 to 599); gRPC answers do not ask it.
    pub(crate) fn set_on_error(
        &mut self,
        hook: impl Fn(&Refusal, &Parts, Response<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) {
        self.settings().hook = Some(Hook::new(hook));
    }

    /// Answers in gRPC from here on.
    pub(crate) fn set_grpc(&mut self) {
        self.settings().style = Style::Grpc;
    }

    pub(crate) fn set_role_map(&mut self, map: RoleMap) {
        self.settings().role_map = map;
    }

    /// What roles include and grant, for guards.
    pub(crate) fn role_map(&self) -> &RoleMap {
        &self.0.role_map
    }

    /// Which claims the layer puts into a request, and how to take them out; only the layer knows the type.
    pub(crate) fn set_claims_type(&mut self, name: &'static str, forget: fn(&mut Extensions)) {
        let settings = self.settings();
        settings.claims_type = name;
        settings.forget = forget;
    }

    /// The name of the claims type, for a handler that asks for another one.
    #[cfg(feature = "axum")]
    pub(crate) fn claims_type(&self) -> &'static str {
        self.0.claims_type
    }

    /// Removes the identity that this layer left, before an inner layer leaves its own.
    pub(crate) fn forget(&self, extensions: &mut Extensions) {
        (self.0.forget)(extensions);
    }

    fn settings(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.0)
    }

    /// The answer to a refused request, whose head the hook may look at.
    pub(crate) fn respond(&self, refusal: &Refusal, head: &Parts) -> Response<Bytes> {
        // Of our own faults, the place that found one has said at level `error` what to write.
        event!(debug, "request refused", code = refusal.code());
        match (self.0.style, &self.0.hook) {
            (Style::Grpc, _) => self.with_challenge(refusal, grpc::answer(refusal)),
            (Style::Problem, None) => with_length(self.problem(refusal)),
            (Style::Problem, Some(hook)) => {
                let mut answer = hook.ask(refusal, head, || self.problem(refusal));
                // Every 401 has a challenge (RFC 9110 §15.5.2), whatever the hook did to its headers.
                if answer.status() == StatusCode::UNAUTHORIZED {
                    let has_one = answer
                        .headers()
                        .get_all(header::WWW_AUTHENTICATE)
                        .iter()
                        .any(|value| !value.is_empty());
                    if !has_one {
                        answer.headers_mut().insert(header::WWW_AUTHENTICATE, self.challenge(refusal));
                    }
                }
                // A refusal depends on who asks, also where the hook made another answer of it.
                answer
                    .headers_mut()
                    .entry(header::CACHE_CONTROL)
                    .or_insert(HeaderValue::from_static("no-store"));
                with_length(answer)
            }
        }
    }

    fn problem(&self, refusal: &Refusal) -> Response<Bytes> {
        self.with_challenge(refusal, problem::answer(refusal))
    }

    /// The answer with its challenge; a fault of our own has none, as no other token would help.
    fn with_challenge(&self, refusal: &Refusal, mut answer: Response<Bytes>) -> Response<Bytes> {
        if is_challenged(refusal.kind()) {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, self.challenge(refusal));
        }
        answer
    }

    fn challenge(&self, refusal: &Refusal) -> HeaderValue {
        challenge(refusal, &self.0.realm, self.0.metadata.as_deref())
    }
}

/// The answer of a guard or an extractor: as the layer around it answers, or with the defaults where there
/// is none.
pub(crate) fn respond(head: &Parts, refusal: &Refusal) -> Response<Bytes> {
    match head.extensions.get::<AuthContext>() {
        Some(context) => context.respond(refusal, head),
        None => AuthContext::default().respond(refusal, head),
    }
}

/// Whether other credentials would help.
fn is_challenged(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::MissingToken
            | ErrorKind::InvalidRequest
            | ErrorKind::InvalidToken
            | ErrorKind::TokenExpired
            | ErrorKind::TokenRevoked
            | ErrorKind::InsufficientScope
    )
}

/// Sets the length last, as the hook may have changed the body.
fn with_length(mut answer: Response<Bytes>) -> Response<Bytes> {
    let length = HeaderValue::from(answer.body().len());
    answer.headers_mut().insert(header::CONTENT_LENGTH, length);
    answer.headers_mut().remove(header::TRANSFER_ENCODING);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{AuthError, Code};

    fn head() -> Parts {
        http::Request::get("/posts").body(()).unwrap().into_parts().0
    }

    fn refusal(code: Code) -> Refusal {
        Refusal::from(AuthError::new(code))
    }

    fn with_hook(
        hook: impl Fn(&Refusal, &Parts, Response<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) -> AuthContext {
        let mut context = AuthContext::default();
        context.set_on_error(hook);
        context
    }

    #[test]
    fn every_refusal_but_a_fault_of_our_own_carries_its_challenge_in_both_styles() {
        let mut grpc = AuthContext::default();
        grpc.set_grpc();
        for context in [AuthContext::default(), grpc] {
            for code in Code::ALL {
                let refusal = refusal(*code);
                let answer = context.respond(&refusal, &head());
                let challenged = answer.headers().contains_key("www-authenticate");
                assert_eq!(challenged, is_challenged(refusal.kind()), "{}", code.name());
            }
        }
    }

    #[test]
    fn a_problem_has_its_status_and_its_length() {
        let answer = AuthContext::default().respond(&refusal(Code::RuleDenied), &head());
        assert_eq!(answer.status(), 403);
        assert_eq!(answer.headers()["content-length"], answer.body().len().to_string());
    }

    #[test]
    fn realm_and_metadata_are_in_the_challenge_of_every_clone_made_later() {
        let mut context = AuthContext::default();
        let earlier = context.clone();
        context.set_realm("Orders").unwrap();
        context.set_resource_metadata("https://api.example.com/meta").unwrap();
        let challenge = |context: &AuthContext| {
            context.respond(&refusal(Code::MissingToken), &head()).headers()["www-authenticate"].clone()
        };
        assert_eq!(challenge(&earlier), r#"Bearer realm="api""#);
        let expected = r#"Bearer realm="Orders", resource_metadata="https://api.example.com/meta""#;
        assert_eq!(challenge(&context.clone()), expected);
    }

    #[test]
    fn a_setting_that_is_refused_changes_nothing() {
        let mut context = AuthContext::default();
        assert!(context.set_realm("a\"b").is_err());
        assert!(context.set_resource_metadata("http://api.example.com").is_err());
        let answer = context.respond(&refusal(Code::MissingToken), &head());
        assert_eq!(answer.headers()["www-authenticate"], r#"Bearer realm="api""#);
    }

    #[test]
    fn the_hook_may_change_body_headers_and_status_from_300_to_599() {
        for status in [300, 303, 401, 404, 451, 500, 599] {
            let context = with_hook(move |refusal, head, mut answer| {
                assert_eq!((refusal.code(), head.uri.path()), ("bad_signature", "/posts"));
                *answer.status_mut() = StatusCode::from_u16(status).unwrap();
                *answer.body_mut() = Bytes::from_static(b"no");
                answer.headers_mut().insert("x-hook", HeaderValue::from_static("yes"));
                answer
            });
            let answer = context.respond(&refusal(Code::BadSignature), &head());
            assert_eq!(answer.status(), status);
            assert_eq!(answer.body(), "no");
            assert_eq!(answer.headers()["x-hook"], "yes");
            assert_eq!(answer.headers()["content-length"], "2");
        }
    }

    #[test]
    fn a_hook_that_leaves_300_to_599_is_ignored() {
        let default = AuthContext::default().respond(&refusal(Code::BadSignature), &head());
        for status in [100, 101, 200, 204, 299, 600, 999] {
            let context = with_hook(move |_, _, _| {
                Response::builder().status(status).header("x-hook", "yes").body(Bytes::new()).unwrap()
            });
            let answer = context.respond(&refusal(Code::BadSignature), &head());
            assert_eq!(answer.status(), default.status(), "{status}");
            assert_eq!(answer.headers(), default.headers(), "{status}");
            assert_eq!(answer.body(), default.body(), "{status}");
        }
    }

    #[test]
    fn a_401_gets_its_challenge_back_also_when_the_hook_made_it_one() {
        let rows = [
            (
                Code::TokenExpired,
                r#"Bearer realm="api", error="invalid_token", error_description="the token has expired""#,
            ),
            (Code::MissingLayer, r#"Bearer realm="api""#),
        ];
        for (code, challenge) in rows {
            let context = with_hook(|_, _, _| Response::builder().status(401).body(Bytes::new()).unwrap());
            let answer = context.respond(&refusal(code), &head());
            assert_eq!(answer.headers()["www-authenticate"], challenge);
        }
    }

    #[test]
    fn a_challenge_of_the_hooks_own_stays() {
        let context = with_hook(|_, _, mut answer| {
            answer.headers_mut().insert("www-authenticate", HeaderValue::from_static("Basic realm=\"a\""));
            answer
        });
        let answer = context.respond(&refusal(Code::MissingToken), &head());
        assert_eq!(answer.headers()["www-authenticate"], "Basic realm=\"a\"");
    }

    #[test]
    fn a_grpc_answer_does_not_ask_the_hook() {
        let mut context = with_hook(|_, _, _| panic!("the hook was asked"));
        context.set_grpc();
        let answer = context.respond(&refusal(Code::RuleDenied), &head());
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["grpc-status"], "7");
        assert!(!answer.headers().contains_key("content-length"));
    }

    #[test]
    fn outside_any_layer_the_answer_is_500_without_a_challenge() {
        let answer = respond(&head(), &refusal(Code::MissingLayer));
        assert_eq!(answer.status(), 500);
        assert!(!answer.headers().contains_key("www-authenticate"));
        assert_eq!(answer.headers()["content-length"], answer.body().len().to_string());
    }

    #[cfg(feature = "tracing")]
    #[test]
    fn a_refusal_is_an_event_at_debug_and_a_fault_of_our_own_or_of_the_hook_one_at_error() {
        use std::{io, sync::Mutex};

        use tracing_subscriber::{filter::LevelFilter, util::SubscriberInitExt};

        #[derive(Clone, Default)]
        struct Log(Arc<Mutex<Vec<u8>>>);

        impl io::Write for Log {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().write(bytes)
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::DEBUG)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone());
        let _guard = subscriber.set_default();
        with_hook(|_, _, _| Response::new(Bytes::new())).respond(&refusal(Code::BadSignature), &head());
        respond(&head(), &refusal(Code::MissingLayer));

        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let expected = [
            "DEBUG jwtower: request refused code=bad_signature",
            "ERROR jwtower: on_error chose a status outside 300 to 599, so the default answer is sent status=200 code=bad_signature",
            "DEBUG jwtower: request refused code=missing_layer",
        ];
        assert_eq!(text.lines().map(str::trim).collect::<Vec<_>>(), expected);
    }
}
