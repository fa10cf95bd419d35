//! Two layers in one application: nested and merged routers, services, fallbacks, and CORS around.
//!
//! Customers have tokens of one issuer, staff of another, with keys and claims types of their own.

mod cors;
mod one_in_another;
mod side_by_side;

use std::convert::Infallible;

use axum::{Router, body::Body};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use jwtower::{Claims, JwtAuthLayer, Principal, Verifier, source::Header};
use jwtower_tests::{AUDIENCE, Forge, HEADER, good_claims};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tower::{ServiceExt, service_fn};

#[derive(Deserialize)]
struct Customer {}

#[derive(Deserialize)]
struct Staff {}

const OF_CUSTOMERS: &str = "https://customers.example.com";
const OF_STAFF: &str = "https://staff.example.com";

struct Keys {
    customers: Forge,
    staff: Forge,
}

impl Keys {
    fn new() -> Self {
        Self { customers: Forge::new(), staff: Forge::new() }
    }

    fn customers(&self) -> JwtAuthLayer<Customer> {
        layer(&self.customers, OF_CUSTOMERS)
    }

    fn staff(&self) -> JwtAuthLayer<Staff> {
        layer(&self.staff, OF_STAFF)
    }

    /// The layer for staff, whose tokens come in a header of their own.
    fn staff_beside(&self) -> JwtAuthLayer<Staff> {
        self.staff().only_from(Header::new("x-staff").expect("it is a header's name"))
    }

    fn token(&self, who: &str) -> String {
        let (forge, issuer) =
            if who == "carol" { (&self.customers, OF_CUSTOMERS) } else { (&self.staff, OF_STAFF) };
        let mut claims = good_claims();
        claims.insert("iss".into(), issuer.into());
        claims.insert("sub".into(), who.into());
        claims.insert("roles".into(), Value::from(vec![if who == "carol" { "buyer" } else { "clerk" }]));
        forge.sign(HEADER, Value::Object(claims).to_string())
    }
}

fn layer<C: DeserializeOwned + Send + Sync + 'static>(forge: &Forge, issuer: &str) -> JwtAuthLayer<C> {
    let verifier = Verifier::builder().keys(forge.secret()).issuer(issuer).audience(AUDIENCE).build();
    JwtAuthLayer::new(verifier.expect("the settings are right"))
}

/// Who a handler sees: the subject, and which claims are there.
fn seen<B>(request: &Request<B>) -> String {
    let extensions = request.extensions();
    let subject = extensions.get::<Principal>().and_then(Principal::subject).unwrap_or("nobody");
    let customer = extensions.get::<Claims<Customer>>().map_or("", |_| " customer");
    let staff = extensions.get::<Claims<Staff>>().map_or("", |_| " staff");
    format!("{subject}{customer}{staff}")
}

async fn who(request: Request<Body>) -> String {
    seen(&request)
}

async fn tea(request: Request<Body>) -> (StatusCode, String) {
    (StatusCode::IM_A_TEAPOT, seen(&request))
}

/// The same as a service without axum.
fn service() -> impl tower::Service<
    Request<Body>,
    Response = Response<Body>,
    Error = Infallible,
    Future = impl Future<Output = Result<Response<Body>, Infallible>> + Send,
> + Clone
+ Send
+ Sync
+ 'static {
    service_fn(|request: Request<Body>| async move { Ok(Response::new(Body::from(seen(&request)))) })
}

async fn send(app: &Router, request: Request<Body>) -> (u16, HeaderMap, String) {
    let answer = app.clone().oneshot(request).await.expect("a router does not fail");
    let (head, body) = answer.into_parts();
    let body = body.collect().await.expect("a body of bytes does not fail").to_bytes();
    (head.status.as_u16(), head.headers, String::from_utf8_lossy(&body).into_owned())
}

fn request(method: &str, path: &str, lines: &[(&str, &str)]) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = lines.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::empty()).expect("the request is well formed")
}

/// What an answer is: its status, and who was seen where the request came through.
type Outcome = (u16, &'static str);

/// The method, the path, and the outcome without a token, with Carol's (a customer), and with Steve's (staff).
type Row = (&'static str, &'static str, [Outcome; 3]);

const NO: Outcome = (401, "");

/// Asks with the token after Bearer.
async fn check(app: &Router, keys: &Keys, rows: &[Row]) {
    for (method, path, outcomes) in rows {
        for (who, outcome) in ["", "carol", "steve"].into_iter().zip(outcomes) {
            let bearer = format!("Bearer {}", if who.is_empty() { String::new() } else { keys.token(who) });
            let lines = [("authorization", &*bearer)];
            let lines = if who.is_empty() { &[] as &[_] } else { &lines };
            let (status, headers, body) = send(app, request(method, path, lines)).await;
            let place = format!("{method} {path} by {who:?}");
            let body = if matches!(status, 200 | 418) { &*body } else { "" };
            assert_eq!((status, body), *outcome, "{place}");
            assert_eq!(headers.contains_key("www-authenticate"), status == 401 || status == 403, "{place}");
        }
    }
}
