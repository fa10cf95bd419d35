//! Bodies of any type, on the way in and on the way out.

use std::{
    convert::Infallible,
    future::ready,
    pin::pin,
    task::{Context, Poll, Waker},
};

use axum::body::HttpBody;
use bytes::{Buf, Bytes};
use http::{HeaderMap, Method, Request, Response, Version};
use http_body_util::{BodyExt, Full};
use jwtower::{
    guard::{require, role},
    response::ResponseBody,
};
use jwtower_tests::Forge;
use tower::{Layer, Service, service_fn};

use super::{User, is_ready, layer, poll, request, token};

/// Data of a body that is not axum's.
#[derive(Clone, Debug, PartialEq)]
struct Chunk(Bytes);

impl From<Bytes> for Chunk {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl Buf for Chunk {
    fn remaining(&self) -> usize {
        self.0.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.0.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.0.advance(count);
    }
}

/// A request body that is no body, cannot be cloned and cannot cross threads.
struct Opaque(std::rc::Rc<u32>);

fn data<B: HttpBody<Data = Chunk> + Unpin>(mut body: B) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    while let Poll::Ready(Some(Ok(frame))) =
        pin!(&mut body).poll_frame(&mut Context::from_waker(Waker::noop()))
    {
        chunks.extend(frame.into_data().ok());
    }
    chunks
}

#[test]
fn a_body_needs_only_data_that_is_made_of_bytes() {
    let forge = Forge::new();
    let inner = service_fn(|request: Request<Opaque>| {
        let body = Full::new(Chunk(Bytes::from(request.into_body().0.to_string())));
        ready(Ok::<_, Infallible>(Response::new(body)))
    });
    let mut service = layer::<User>(&forge).layer(require(role("user")).layer(inner));
    for (token, status, expected) in [
        (&*token(&forge), 200, "4711"),
        (
            "a.b.c",
            401,
            r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"invalid_token"}"#,
        ),
    ] {
        assert!(is_ready(&mut service));
        let Poll::Ready(Ok(answer)) = poll(pin!(service.call(request(token, Opaque(4711.into()))))) else {
            panic!("nothing here waits");
        };
        assert_eq!(answer.status(), status);
        let body: ResponseBody<ResponseBody<Full<Chunk>>> = answer.into_body();
        assert_eq!(body.size_hint().exact(), Some(expected.len() as u64));
        assert_eq!(data(body), [Chunk(Bytes::from(expected))]);
    }
}

#[test]
fn a_response_needs_no_body_at_all_until_it_is_read() {
    let forge = Forge::new();
    let inner = service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(17_u8))));
    let mut service = layer::<User>(&forge).layer(inner);
    assert!(is_ready(&mut service));
    let answer = poll(pin!(service.call(request(&token(&forge), ()))));
    assert!(matches!(answer, Poll::Ready(Ok(answer)) if answer.status() == 200));
}

#[test]
fn the_request_arrives_as_it_was_sent() {
    let forge = Forge::new();
    let mut sent = request(&token(&forge), vec![0, 255, 7]);
    *sent.method_mut() = Method::from_bytes(b"PURGE").expect("it is a word");
    *sent.uri_mut() = "/a%2Fb?c=d&access_token=x".parse().expect("it is a path");
    *sent.version_mut() = Version::HTTP_2;
    sent.headers_mut().append("x-twice", "a".parse().expect("it is visible"));
    sent.headers_mut().append("x-twice", "b".parse().expect("it is visible"));
    sent.extensions_mut().insert("left by another middleware");
    let parts = |request: &Request<Vec<u8>>| {
        let left = request.extensions().get::<&str>().copied();
        (request.method().clone(), request.uri().clone(), request.version(), request.headers().clone(), left)
    };
    let expected = parts(&sent);
    let inner = service_fn(move |request: Request<Vec<u8>>| {
        assert_eq!(parts(&request), expected);
        assert_eq!(request.body(), &[0, 255, 7]);
        ready(Ok::<_, Infallible>(Response::new(())))
    });
    let mut service = layer::<User>(&forge).layer(inner);
    assert!(is_ready(&mut service));
    assert!(matches!(poll(pin!(service.call(sent))), Poll::Ready(Ok(answer)) if answer.status() == 200));
}

#[tokio::test]
async fn trailers_and_frames_of_the_inner_body_pass() {
    let forge = Forge::new();
    let inner = service_fn(|_: Request<()>| {
        let trailers = HeaderMap::from_iter([(http::header::ETAG, "a".parse().expect("it is visible"))]);
        let body = Full::new(Bytes::from("in")).with_trailers(ready(Some(Ok(trailers))));
        ready(Ok::<_, Infallible>(Response::new(body)))
    });
    let mut service = layer::<User>(&forge).layer(inner);
    assert!(is_ready(&mut service));
    let answer = service.call(request(&token(&forge), ())).await.expect("it does not fail");
    let body = answer.into_body().collect().await.expect("it does not fail");
    assert_eq!(body.trailers().expect("there are trailers")["etag"], "a");
    assert_eq!(body.to_bytes(), "in");
}
