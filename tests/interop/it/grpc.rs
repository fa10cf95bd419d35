//! A tonic server behind the layer and a guard, and a tonic client over loopback.

mod greeter;

use jwtower::{
    Algorithm, Issuer, JwtAuthLayer, Secret, Verifier,
    guard::{require, role},
};
use serde::{Deserialize, Serialize};
use tokio_stream::StreamExt as _;
use tonic::{
    Code, Request, Status,
    client::Grpc,
    metadata::MetadataMap,
    service::LayerExt as _,
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};

use crate::{
    AUDIENCE, ISSUER,
    grpc::greeter::{Greeter, Text},
};

/// What our tokens say beside the registered claims.
#[derive(Serialize, Deserialize)]
struct User {
    name: String,
    roles: Vec<String>,
}

/// Who signs, and the layer that trusts them.
struct Keys {
    issuer: Issuer,
    layer: JwtAuthLayer<User>,
}

impl Keys {
    fn new() -> Self {
        let secret = Secret::generate(Algorithm::HS256).expect("a secret");
        let issuer = Issuer::builder().key(&secret).issuer(ISSUER).audience(AUDIENCE).build();
        let verifier = Verifier::builder().keys(&secret).issuer(ISSUER).audience(AUDIENCE).build();
        let layer = JwtAuthLayer::new(verifier.expect("a verifier")).grpc();
        Self { issuer: issuer.expect("an issuer"), layer }
    }

    fn bearer(&self, roles: &[&str]) -> String {
        let user = User { name: "Alice".into(), roles: roles.iter().map(|&role| role.into()).collect() };
        format!("Bearer {}", self.issuer.sign("alice", &user).expect("a token").secret())
    }
}

/// A client of the server that is started here, on a free port.
macro_rules! serve {
    ($router:expr) => {{
        let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).expect("a port");
        let address = incoming.local_addr().expect("an address");
        let server = $router.serve_with_incoming(incoming);
        drop(tokio::spawn(async { server.await.expect("the server goes on") }));
        let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("a URL");
        Grpc::new(endpoint.connect().await.expect("a connection"))
    }};
}

fn request(authorization: &[&str]) -> Request<String> {
    let mut request = Request::new("hello".to_owned());
    for line in authorization {
        let _ = request.metadata_mut().append("authorization", line.parse().expect("it is visible"));
    }
    request
}

async fn call(
    client: &mut Grpc<Channel>,
    path: &'static str,
    authorization: &[&str],
) -> Result<String, Status> {
    client.ready().await.expect("the server is there");
    let path = ::http::uri::PathAndQuery::from_static(path);
    client.unary(request(authorization), path, Text).await.map(tonic::Response::into_inner)
}

fn challenge(metadata: &MetadataMap) -> &str {
    metadata.get("www-authenticate").expect("a challenge").to_str().expect("text")
}

#[tokio::test]
async fn a_tonic_client_reads_the_status_of_every_refusal() {
    let keys = Keys::new();
    let mut server = Server::builder().layer(keys.layer.clone()).layer(require(role("admin")));
    let mut client = serve!(server.add_service(Greeter));
    let (admin, user) = (keys.bearer(&["admin"]), keys.bearer(&["user"]));
    let foreign = Keys::new().bearer(&["admin"]);

    for (authorization, code, message, error) in [
        (vec![], Code::Unauthenticated, "a bearer token is needed", None),
        (vec!["Basic YTpi"], Code::Unauthenticated, "a bearer token is needed", None),
        (vec![&*foreign], Code::Unauthenticated, "the token is not valid here", Some("invalid_token")),
        (vec!["Bearer a.b.c"], Code::Unauthenticated, "the token is not valid here", Some("invalid_token")),
        (
            vec![&*user],
            Code::PermissionDenied,
            "the token does not allow this request",
            Some("insufficient_scope"),
        ),
        (
            vec![&*admin, &*admin],
            Code::InvalidArgument,
            "the request is malformed or carries more than one token",
            Some("invalid_request"),
        ),
        (
            vec!["Bearer"],
            Code::InvalidArgument,
            "the request is malformed or carries more than one token",
            Some("invalid_request"),
        ),
    ] {
        let status = call(&mut client, "/test.Greeter/Greet", &authorization).await.expect_err(message);
        assert_eq!((status.code(), status.message()), (code, message));
        let expected = error.map(|error| format!("error=\"{error}\""));
        let challenge = challenge(status.metadata());
        assert!(challenge.starts_with("Bearer realm=\"api\""), "{challenge}");
        assert_eq!(challenge.contains("error="), expected.is_some(), "{challenge}");
        assert!(challenge.contains(&expected.unwrap_or_default()), "{challenge}");
        // The connection is as good as before.
        let answer = call(&mut client, "/test.Greeter/Greet", &[&admin]).await;
        assert_eq!(answer.expect("the admin may"), "hello, Alice");
    }
}

#[tokio::test]
async fn a_stream_and_the_services_own_statuses_pass_with_their_trailers() {
    let keys = Keys::new();
    let mut server = Server::builder().layer(keys.layer.clone()).layer(require(role("admin")));
    let mut client = serve!(server.add_service(Greeter));
    let admin = keys.bearer(&["admin"]);

    let path = ::http::uri::PathAndQuery::from_static("/test.Greeter/Count");
    client.ready().await.expect("the server is there");
    let stream = client.server_streaming(request(&[&admin]), path.clone(), Text).await.expect("a stream");
    let messages: Vec<_> = stream.into_inner().collect().await;
    let (last, counted) = messages.split_last().expect("there are messages");
    assert_eq!(counted.iter().map(|item| item.as_deref().ok()).collect::<Vec<_>>(), [Some("1"), Some("2")]);
    // After the first message a status can only come in the trailers.
    assert_eq!(last.as_ref().expect_err("it ends with a status").code(), Code::DataLoss);

    client.ready().await.expect("the server is there");
    let status = client.server_streaming::<_, String, _>(request(&[]), path, Text).await.err();
    assert_eq!(status.expect("no token was sent").code(), Code::Unauthenticated);

    let status = call(&mut client, "/test.Greeter/Unknown", &[&admin]).await.expect_err("there is no such");
    assert_eq!(status.code(), Code::Unimplemented);
}

#[tokio::test]
async fn one_service_can_have_a_layer_of_its_own() {
    let keys = Keys::new();
    let guarded = require(role("admin")).named_layer(Greeter);
    let guarded = keys.layer.clone().named_layer(guarded);
    let mut client = serve!(Server::builder().add_service(guarded).add_service(greeter::Open));
    for (path, roles, expected) in [
        ("/test.Greeter/Greet", None, Err(Code::Unauthenticated)),
        ("/test.Greeter/Greet", Some("user"), Err(Code::PermissionDenied)),
        ("/test.Greeter/Greet", Some("admin"), Ok("hello, Alice")),
        ("/test.Open/Greet", None, Ok("hello, stranger")),
    ] {
        let bearer = roles.map(|role| keys.bearer(&[role]));
        let answer = call(&mut client, path, bearer.as_deref().as_slice()).await;
        assert_eq!(answer.as_deref().map_err(Status::code), expected, "{path} as {roles:?}");
    }
}
