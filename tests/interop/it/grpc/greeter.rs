//! A service without a protobuf compiler: its messages are text.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf as _, BufMut as _};
use http::{Request, Response};
use jwtower::Claims;
use tonic::{
    Status,
    body::Body,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    server::{Grpc, NamedService},
};
use tower::{Service, service_fn};

use super::User;

/// A message is a text, byte by byte.
#[derive(Clone, Copy)]
pub(super) struct Text;

impl Codec for Text {
    type Encode = String;
    type Decode = String;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Text {
    type Item = String;
    type Error = Status;

    fn encode(&mut self, item: String, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(item.as_bytes());
        Ok(())
    }
}

impl Decoder for Text {
    type Item = String;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<String>, Status> {
        let bytes = buffer.copy_to_bytes(buffer.remaining());
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

async fn greet(request: tonic::Request<String>) -> Result<tonic::Response<String>, Status> {
    let user = request.extensions().get::<Claims<User>>();
    let name = user.map_or("stranger", |user| &user.name);
    Ok(tonic::Response::new(format!("{}, {name}", request.get_ref())))
}

type Counted = tokio_stream::Iter<std::array::IntoIter<Result<String, Status>, 3>>;

/// Two messages, and a status that is not OK.
async fn count(_: tonic::Request<String>) -> Result<tonic::Response<Counted>, Status> {
    let messages = [Ok("1".into()), Ok("2".into()), Err(Status::data_loss("lost count"))];
    Ok(tonic::Response::new(tokio_stream::iter(messages)))
}

/// The service that the tests guard.
#[derive(Clone)]
pub(super) struct Greeter;

/// The same under another name, for the tests to leave open.
#[derive(Clone)]
pub(super) struct Open;

impl NamedService for Greeter {
    const NAME: &'static str = "test.Greeter";
}

impl NamedService for Open {
    const NAME: &'static str = "test.Open";
}

impl Service<Request<Body>> for Greeter {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(async move {
            Ok(match request.uri().path().rsplit('/').next() {
                Some("Greet") => Grpc::new(Text).unary(service_fn(greet), request).await,
                Some("Count") => Grpc::new(Text).server_streaming(service_fn(count), request).await,
                _ => Status::unimplemented("there is no such method").into_http(),
            })
        })
    }
}

impl Service<Request<Body>> for Open {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = <Greeter as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Greeter.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Greeter.call(request)
    }
}
