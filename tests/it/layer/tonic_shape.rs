//! What tonic asks of a layer and of its body, said without tonic.

use std::{error::Error, fmt, future::ready, pin::pin, task::Poll};

use axum::body::HttpBody;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use jwtower::{
    JwtAuthLayer,
    guard::{RequireLayer, require, role},
    response::ResponseBody,
};
use jwtower_tests::Forge;
use tower::{Layer, Service, layer::util::Stack, service_fn};

use super::{User, is_ready, layer, poll, request, token};

/// As `tonic::Status`: an error that cannot be cloned.
#[derive(Debug)]
struct Status(u8);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.0)
    }
}

impl Error for Status {}

/// As `tonic::body::Body`: it can be sent, not shared.
type Body = UnsyncBoxBody<Bytes, Status>;

/// As `tonic::service::Routes`: its errors are boxed and its future cannot be shared.
#[derive(Clone)]
struct Routes;

impl Service<Request<Body>> for Routes {
    type Response = Response<Body>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response<Body>, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(ready(Ok(Response::new(request.into_body()))))
    }
}

/// The bounds of `Server::serve` in tonic 0.14.
fn serve<L, S, B>(layer: &L) -> S
where
    L: Layer<Routes, Service = S>,
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>> + Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    layer.layer(Routes)
}

/// Two messages' frames and trailers, as a unary answer has.
fn message() -> Body {
    let trailers = HeaderMap::from_iter([("grpc-status".parse().expect("a name"), "0".parse().expect("0"))]);
    let body = Full::new(Bytes::from("message")).map_err(|never| match never {});
    body.with_trailers(ready(Some(Ok(trailers)))).boxed_unsync()
}

#[test]
fn a_layer_and_a_guard_fit_between_tonics_server_and_its_routes() {
    let forge = Forge::new();
    let both: Stack<RequireLayer, JwtAuthLayer<User>> =
        Stack::new(require(role("user")), layer(&forge).grpc());
    let mut service = serve(&both);
    for (token, status) in [(&*token(&forge), None), ("a.b.c", Some("16"))] {
        assert!(is_ready(&mut service));
        let Poll::Ready(Ok(answer)) = poll(pin!(service.call(request(token, message())))) else {
            panic!("nothing here waits");
        };
        let given = answer.headers().get("grpc-status").map(|value| value.to_str().expect("text"));
        assert_eq!((answer.status().as_u16(), given), (200, status));
        // A refusal is trailers-only: the stream must end with the headers.
        assert_eq!(answer.body().is_end_stream(), status.is_some());
        // tonic boxes the body once more.
        let body = answer.into_body().boxed_unsync();
        let Poll::Ready(Ok(collected)) = poll(pin!(body.collect())) else { panic!("nothing here waits") };
        assert_eq!(
            collected.trailers().map(|trailers| trailers["grpc-status"].clone()),
            match status {
                None => Some("0".parse().expect("0")),
                Some(_) => None,
            }
        );
        assert_eq!(collected.to_bytes(), if status.is_none() { "message" } else { "" });
    }
}

#[test]
fn an_error_of_the_inner_body_stays_what_it_is() {
    let forge = Forge::new();
    let broken = || {
        Full::new(Bytes::new()).map_err(|never| match never {}).with_trailers(ready(Some(Err(Status(15)))))
    };
    let inner = service_fn(move |_: Request<()>| {
        ready(Ok::<_, std::convert::Infallible>(Response::new(broken().boxed_unsync())))
    });
    let mut service = layer::<User>(&forge).layer(inner);
    assert!(is_ready(&mut service));
    let Poll::Ready(Ok(answer)) = poll(pin!(service.call(request(&token(&forge), ())))) else {
        panic!("nothing here waits");
    };
    let body: ResponseBody<Body> = answer.into_body();
    assert!(matches!(poll(pin!(body.collect())), Poll::Ready(Err(Status(15)))));
}
