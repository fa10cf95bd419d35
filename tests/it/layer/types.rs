//! What the types promise by themselves.

use std::{any::type_name, convert::Infallible, future::Ready, mem::size_of};

use http::Response;
use jwtower::{
    AccessToken, Algorithm, AuthError, Claims, ConfigError, ErrorKind, Issuer, JwtAuthLayer, KeySet,
    NoClaims, Principal, Secret, SigningKey, SystemClock, Verifier,
    authenticate::JwtAuth,
    claims::{AuthorityMap, NumericDate, RegisteredClaims, RoleMap, RoleMapBuilder, Verified},
    extract::AuthRejection,
    guard::{Decision, Require, RequireLayer, Rule},
    issuer::IssuerBuilder,
    keys::{Jwk, KeySource},
    response::{Refusal, ResponseBody, ResponseFuture},
    source::{Bearer, Found, Header, SourceError, WebSocketProtocol},
    verify::{AudienceGiven, Dangerous, IssuerGiven, Issuers, KeysGiven, Missing, VerifierBuilder},
};

/// Claims that can be shared between threads and nothing else.
struct Plain(#[allow(dead_code, reason = "it is there to have a field")] String);

macro_rules! assert_types {
    ($($bounds:path),+ => $($type:ty),+ $(,)?) => {{
        fn holds<T: $($bounds +)+ ?Sized>() {}
        $(holds::<$type>();)+
    }};
}

#[test]
fn every_public_type_can_be_sent_and_shared() {
    assert_types!(Send, Sync, Unpin =>
        AccessToken, Algorithm, AuthError, Claims<Plain>, ConfigError, ErrorKind, Issuer, JwtAuthLayer<Plain>, KeySet,
        NoClaims, Principal, Secret, SigningKey, SystemClock, Verifier<Plain>,
        JwtAuth<Inner, Plain>, ResponseFuture<Ready<()>>,
        AuthorityMap, NumericDate, RegisteredClaims, RoleMap, RoleMapBuilder, Verified<Plain>,
        AuthRejection, Decision, Require<Plain>, RequireLayer, Rule,
        IssuerBuilder, Jwk, KeySource, Refusal, ResponseBody<Plain>,
        Bearer, Found<'static>, Header, SourceError, WebSocketProtocol,
        VerifierBuilder<Plain>, VerifierBuilder<Plain, KeysGiven, IssuerGiven, AudienceGiven>,
        Dangerous<VerifierBuilder<Plain>>, Issuers<Plain>, Missing, KeysGiven, IssuerGiven, AudienceGiven,
    );
}

#[test]
fn what_is_shared_is_cheap_to_clone_whatever_the_claims_are() {
    assert_types!(Clone =>
        Claims<Plain>, Principal, JwtAuthLayer<Plain>, JwtAuth<Inner, Plain>, Verifier<Plain>, Issuers<Plain>, KeySet, Issuer,
        RequireLayer, Rule, RoleMap, AuthorityMap, SigningKey, Jwk, KeySource, Refusal, AuthError,
    );
    let pointer = size_of::<usize>();
    assert_eq!(
        (size_of::<Claims<Plain>>(), size_of::<Verifier<Plain>>(), size_of::<Rule>()),
        (2 * pointer, pointer, pointer)
    );
}

/// Stands for an inner service.
#[derive(Clone)]
struct Inner;

#[test]
fn errors_are_errors() {
    assert_types!(std::error::Error => AuthError, ConfigError, SourceError);
}

#[test]
fn the_futures_hold_the_inner_future_itself() {
    type Answer = Ready<Result<Response<[u8; 4096]>, Infallible>>;
    type Both = ResponseFuture<ResponseFuture<Answer>>;
    let (inner, both) = (size_of::<Answer>(), size_of::<Both>());
    assert!(both >= inner, "{both} bytes hold a future of {inner}");
    assert!(both <= inner + 2 * 64, "{both} bytes for a future of {inner}");
    for name in [type_name::<Both>(), type_name::<ResponseFuture<()>>()] {
        assert!(!name.contains("Box") && !name.contains("dyn"), "{name}");
    }
}
