//! The middleware as a tower service: readiness, identity, bodies and types.

mod bodies;
mod cancellation;
mod identity;
mod readiness;
mod tonic_shape;
mod types;
mod vary;

use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

use http::Request;
use jwtower::{JwtAuthLayer, Verifier};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, good_claims};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tower::Service;

#[derive(Deserialize)]
struct User {
    name: String,
}

pub(crate) fn layer<C: DeserializeOwned + Send + Sync + 'static>(forge: &Forge) -> JwtAuthLayer<C> {
    let verifier = Verifier::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE).build();
    JwtAuthLayer::new(verifier.expect("the settings are right"))
}

fn token(forge: &Forge) -> String {
    forge.sign(HEADER, Value::Object(good_claims()).to_string())
}

fn request<B>(token: &str, body: B) -> Request<B> {
    let request = Request::get("/").header("authorization", format!("Bearer {token}"));
    request.body(body).expect("the request is well formed")
}

/// One poll, as nothing here has to wait.
pub(crate) fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn poll_ready<S: Service<R>, R>(service: &mut S) -> Poll<Result<(), S::Error>> {
    service.poll_ready(&mut Context::from_waker(Waker::noop()))
}

/// Whether the service can be called now.
fn is_ready<S: Service<R>, R>(service: &mut S) -> bool {
    matches!(poll_ready(service), Poll::Ready(Ok(())))
}
