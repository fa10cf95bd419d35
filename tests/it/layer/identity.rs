//! Whose identity is in a request, under nested layers above all.

use std::{convert::Infallible, future::ready, pin::pin, task::Poll};

use http::{Request, Response};
use jwtower::{Claims, JwtAuthLayer, NoClaims, Principal, source::Header, source::WebSocketProtocol};
use jwtower_tests::{Forge, HEADER, good_claims};
use serde_json::Value;
use tower::{Layer, Service, service_fn};

use super::{User, is_ready, layer, poll, request, token};

/// What a service inside finds: the subject, and whether there are claims of either type.
type Found = (Option<String>, bool, bool);

/// Sends the request through the layers, the first being the outermost.
fn through<L>(layers: L, request: Request<()>) -> (u16, Option<Found>)
where
    L: Layer<Inner>,
    L::Service: Service<Request<()>, Error = Infallible>,
    <L::Service as Service<Request<()>>>::Response: Into<Seen>,
{
    let mut service = layers.layer(Inner);
    assert!(is_ready(&mut service));
    match poll(pin!(service.call(request))) {
        Poll::Ready(Ok(answer)) => {
            let Seen { status, found } = answer.into();
            (status, found)
        }
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => panic!("nothing here waits"),
    }
}

/// Answers with what it found, in the extensions of the answer.
#[derive(Clone)]
struct Inner;

impl Service<Request<()>> for Inner {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let extensions = request.extensions();
        let subject =
            extensions.get::<Principal>().map(|principal| principal.subject().unwrap_or("").to_owned());
        let found: Found = (
            subject,
            extensions.get::<Claims<User>>().is_some(),
            extensions.get::<Claims<NoClaims>>().is_some(),
        );
        let mut answer = Response::new(());
        answer.extensions_mut().insert(found);
        ready(Ok(answer))
    }
}

struct Seen {
    status: u16,
    found: Option<Found>,
}

impl<B> From<Response<B>> for Seen {
    fn from(answer: Response<B>) -> Self {
        Self { status: answer.status().as_u16(), found: answer.extensions().get().cloned() }
    }
}

/// A layer of its own place and key.
fn at<C: serde::de::DeserializeOwned + Send + Sync + 'static>(name: &str, forge: &Forge) -> JwtAuthLayer<C> {
    layer(forge).only_from(Header::new(name).expect("it is a header's name"))
}

fn token_of(forge: &Forge, subject: &str) -> String {
    let mut claims = good_claims();
    claims.insert("sub".into(), subject.into());
    forge.sign(HEADER, Value::Object(claims).to_string())
}

#[test]
fn an_inner_layer_replaces_the_identity_of_an_outer_one() {
    let (a, b) = (Forge::new(), Forge::new());
    let (of_a, of_b) = (token_of(&a, "alice"), token_of(&b, "bob"));
    let sent = |lines: &[(&str, &str)]| {
        let request =
            lines.iter().fold(Request::get("/"), |request, (name, value)| request.header(*name, *value));
        request.body(()).expect("the request is well formed")
    };
    let (user, none) = (|| at::<User>("x-a", &a), || at::<NoClaims>("x-b", &b));
    let both = || sent(&[("x-a", &of_a), ("x-b", &of_b)]);
    let only_a = || sent(&[("x-a", &of_a)]);
    let only_b = || sent(&[("x-b", &of_b)]);
    let bob = Some((Some("bob".to_owned()), false, true));
    let alice = Some((Some("alice".to_owned()), true, false));
    let nobody = Some((None, false, false));

    // One after the other.
    assert_eq!(through((user(), none()), both()), (200, bob.clone()));
    assert_eq!(through((none(), user()), both()), (200, alice.clone()));
    assert_eq!(through((user(), none()), only_a()), (401, None));
    assert_eq!(through((user(), none()), only_b()), (401, None));
    // The inner one demands nothing, and what the outer one knew is gone all the same.
    assert_eq!(through((user(), none().optional()), only_a()), (200, nobody.clone()));
    assert_eq!(through((user(), none().optional()), both()), (200, bob.clone()));
    // The outer one demands nothing.
    assert_eq!(through((user().optional(), none()), only_b()), (200, bob.clone()));
    assert_eq!(through((user().optional(), none()), only_a()), (401, None));
    assert_eq!(through((user().optional(), none().optional()), sent(&[])), (200, nobody.clone()));
    // The same claims type twice, and three layers.
    let again = || at::<User>("x-b", &b);
    assert_eq!(through((user(), again().optional()), only_a()), (200, nobody.clone()));
    let bobs = Some((Some("bob".to_owned()), true, false));
    assert_eq!(through((user(), again().optional()), both()), (200, bobs));
    assert_eq!(through((user(), none(), user()), both()), (200, alice));
    assert_eq!(through((user(), none(), at::<User>("x-c", &a).optional()), both()), (200, nobody.clone()));
    // A token for the outer key is none for the inner one.
    assert_eq!(through((user(), none()), sent(&[("x-a", &of_a), ("x-b", &of_a)])), (401, None));
}

#[tokio::test]
async fn an_identity_that_some_middleware_copied_into_the_request_is_gone_too() {
    let forge = Forge::new();
    let claims = layer::<User>(&forge).authenticate(&token(&forge)).await.expect("the token is good");
    let mut copied = Request::new(());
    copied.extensions_mut().insert(claims.principal());
    copied.extensions_mut().insert(claims);
    let (status, found) = through(layer::<User>(&forge).optional(), copied);
    assert_eq!((status, found), (200, Some((None, false, false))));
}

#[test]
fn a_token_of_one_request_does_not_help_the_next() {
    let forge = Forge::new();
    let mut service = layer::<User>(&forge).optional().layer(Inner);
    for expected in [Some("alice"), None, Some("alice"), None] {
        let next = if expected.is_some() { request(&token(&forge), ()) } else { Request::new(()) };
        assert!(is_ready(&mut service));
        let Poll::Ready(Ok(answer)) = poll(pin!(service.call(next))) else { panic!("nothing here waits") };
        let found = answer.extensions().get::<Found>().expect("the service was reached").clone();
        assert_eq!(found, (expected.map(String::from), expected.is_some(), false));
    }
}

#[tokio::test]
async fn the_claims_outside_middleware_are_those_of_the_token() {
    let forge = Forge::new();
    let claims = layer::<User>(&forge).authenticate(&token(&forge)).await.expect("the token is good");
    assert_eq!((&*claims.name, claims.principal().subject()), ("Alice", Some("alice")));
    assert_eq!(
        layer::<User>(&forge).authenticate("a.b.c").await.expect_err("it is bad").code(),
        "malformed_token"
    );
}

#[test]
fn headers_that_carry_tokens_are_marked_sensitive_for_all_that_comes_after() {
    let forge = Forge::new();
    let layer = layer::<User>(&forge)
        .also_from(Header::new("x-token").expect("it is a header's name"))
        .also_from(WebSocketProtocol::new("bearer").expect("it is a word"))
        .optional()
        .on_error(|_, head, answer| {
            assert!(head.headers.iter().all(|(name, value)| value.is_sensitive() == (name != "accept")));
            answer
        });
    let mut service = layer.layer(service_fn(|request: Request<()>| {
        for (name, value) in request.headers() {
            assert_eq!(value.is_sensitive(), name != "accept", "{name}");
        }
        ready(Ok::<_, Infallible>(Response::new(())))
    }));
    let good = token(&forge);
    for (lines, status) in [
        (vec![("authorization", format!("Bearer {good}"))], 200),
        (vec![("authorization", "Basic a".into()), ("x-token", good.clone())], 200),
        (
            vec![
                ("sec-websocket-protocol", "chat".into()),
                ("sec-websocket-protocol", format!("bearer, {good}")),
            ],
            200,
        ),
        (vec![("sec-websocket-protocol", "chat".into())], 200),
        (vec![("authorization", "Bearer a".into()), ("authorization", "Bearer b".into())], 400),
        (vec![("authorization", format!("Bearer {good}")), ("x-token", good.clone())], 400),
        (vec![("authorization", "Bearer a.b.c".into())], 401),
    ] {
        let request =
            lines.iter().fold(Request::get("/").header("accept", "*/*"), |request, (name, value)| {
                request.header(*name, value)
            });
        assert!(is_ready(&mut service));
        let answer = poll(pin!(service.call(request.body(()).expect("the request is well formed"))));
        assert!(matches!(answer, Poll::Ready(Ok(answer)) if answer.status() == status), "{status}");
    }
}
