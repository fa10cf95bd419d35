//! Each case under each setting.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use jwtower::JwtAuthLayer;
use jwtower_tests::Forge;

use super::app::{
    Answered, Carried,
    Carried::{Basic, Good, Nothing, Twice},
    User, ask, doors, layer,
};

/// Why a request is refused; every kind of refusal there is.
#[derive(Clone, Copy, Debug)]
enum Why {
    Missing,
    OtherScheme,
    Repeated,
    Forged,
    Expired,
    Denied,
    ScopesMissing,
    OtherClaims,
}

use Why::*;

impl Why {
    fn code(self) -> &'static str {
        match self {
            Missing => "missing_token",
            OtherScheme => "other_scheme",
            Repeated => "repeated_header",
            Forged => "bad_signature",
            Expired => "token_expired",
            Denied => "rule_denied",
            ScopesMissing => "scope_missing",
            OtherClaims => "wrong_claims_type",
        }
    }

    /// The status, in gRPC too, the public code, and the text for people.
    fn said(self) -> (u16, &'static str, &'static str, &'static str) {
        match self {
            Missing | OtherScheme => (401, "16", "missing_token", "a bearer token is needed"),
            Repeated => {
                (400, "3", "invalid_request", "the request is malformed or carries more than one token")
            }
            Forged => (401, "16", "invalid_token", "the token is not valid here"),
            Expired => (401, "16", "token_expired", "the token has expired"),
            Denied | ScopesMissing => {
                (403, "7", "insufficient_scope", "the token does not allow this request")
            }
            OtherClaims => (500, "13", "server_error", "the server is not set up correctly"),
        }
    }

    /// The challenge between realm and metadata; `None` where there is none at all.
    fn error(self) -> Option<&'static str> {
        match self {
            Missing | OtherScheme => Some(""),
            Repeated => Some(
                r#", error="invalid_request", error_description="the request is malformed or carries more than one token""#,
            ),
            Forged => Some(r#", error="invalid_token", error_description="the token is not valid here""#),
            Expired => Some(r#", error="invalid_token", error_description="the token has expired""#),
            Denied => Some(
                r#", error="insufficient_scope", error_description="the token does not allow this request""#,
            ),
            ScopesMissing => Some(
                r#", error="insufficient_scope", error_description="the token does not allow this request", scope="posts.write posts.delete""#,
            ),
            OtherClaims => None,
        }
    }
}

/// Door, what is carried, and the outcome where a token is needed and where it is optional.
type Case = (&'static str, Carried, Result<&'static str, Why>, Result<&'static str, Why>);

const CASES: [Case; 35] = [
    ("/open", Nothing, Err(Missing), Ok("open")),
    ("/open", Basic, Err(OtherScheme), Ok("open")),
    ("/open", Good, Ok("open"), Ok("open")),
    ("/open", Twice, Err(Repeated), Err(Repeated)),
    ("/open", Carried::Forged, Err(Forged), Err(Forged)),
    ("/open", Carried::Expired, Err(Expired), Err(Expired)),
    ("/claims", Nothing, Err(Missing), Err(Missing)),
    ("/claims", Basic, Err(OtherScheme), Err(Missing)),
    ("/claims", Good, Ok("Alice"), Ok("Alice")),
    ("/claims", Carried::Forged, Err(Forged), Err(Forged)),
    ("/maybe-claims", Nothing, Err(Missing), Ok("nobody")),
    ("/maybe-claims", Basic, Err(OtherScheme), Ok("nobody")),
    ("/maybe-claims", Good, Ok("Alice"), Ok("Alice")),
    ("/maybe-claims", Twice, Err(Repeated), Err(Repeated)),
    ("/maybe-claims", Carried::Expired, Err(Expired), Err(Expired)),
    ("/principal", Nothing, Err(Missing), Err(Missing)),
    ("/principal", Basic, Err(OtherScheme), Err(Missing)),
    ("/principal", Good, Ok("alice"), Ok("alice")),
    ("/maybe-principal", Nothing, Err(Missing), Ok("nobody")),
    ("/maybe-principal", Good, Ok("alice"), Ok("alice")),
    ("/maybe-principal", Carried::Forged, Err(Forged), Err(Forged)),
    ("/other", Nothing, Err(Missing), Err(Missing)),
    ("/other", Good, Err(OtherClaims), Err(OtherClaims)),
    ("/maybe-other", Nothing, Err(Missing), Ok("nobody")),
    ("/maybe-other", Good, Err(OtherClaims), Err(OtherClaims)),
    ("/user", Nothing, Err(Missing), Err(Missing)),
    ("/user", Good, Ok("user"), Ok("user")),
    ("/user", Twice, Err(Repeated), Err(Repeated)),
    ("/admin", Nothing, Err(Missing), Err(Missing)),
    ("/admin", Basic, Err(OtherScheme), Err(Missing)),
    ("/admin", Good, Err(Denied), Err(Denied)),
    ("/admin", Carried::Expired, Err(Expired), Err(Expired)),
    ("/writers", Nothing, Err(Missing), Err(Missing)),
    ("/writers", Good, Err(ScopesMissing), Err(ScopesMissing)),
    ("/writers", Carried::Forged, Err(Forged), Err(Forged)),
];

/// Asks at every door, and hands over each answer with its door.
async fn check(
    set: impl Fn(JwtAuthLayer<User>) -> JwtAuthLayer<User>,
    refused: impl Fn(Why, &Answered, &str),
) {
    let forge = Forge::new();
    for (path, carried, needed, optional) in CASES {
        for (layer, outcome) in [(layer(&forge), needed), (layer(&forge).optional(), optional)] {
            let app = doors().route_layer(set(layer));
            let answer = ask(app, carried.request(&forge, "GET", path)).await;
            let place = format!("{path} with {carried:?}, expecting {outcome:?}: {answer:?}");
            match outcome {
                Ok(body) => assert_eq!((answer.status, &*answer.body), (200, body), "{place}"),
                Err(why) => {
                    assert!(answer.count("content-length") <= 1, "{place}");
                    refused(why, &answer, &place);
                }
            }
        }
    }
}

fn assert_problem(why: Why, answer: &Answered, challenge: Option<String>, place: &str) {
    let (status, _, code, _) = why.said();
    let title = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let body = format!(
        r#"{{"type":"about:blank","title":"{}","status":{status},"code":"{code}"}}"#,
        title.expect("the status has a name")
    );
    assert_eq!((answer.status, &answer.body), (status, &body), "{place}");
    assert_eq!(answer.header("www-authenticate"), challenge.as_deref(), "{place}");
    assert_eq!(answer.count("www-authenticate"), usize::from(challenge.is_some()), "{place}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{place}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{place}");
    assert_eq!(answer.header("content-length"), Some(&*body.len().to_string()), "{place}");
    assert_eq!(answer.header("grpc-status"), None, "{place}");
}

const METADATA: &str = "https://api.example.com/.well-known/oauth-protected-resource";

fn with_metadata<C: serde::de::DeserializeOwned + Send + Sync + 'static>(
    layer: JwtAuthLayer<C>,
) -> JwtAuthLayer<C> {
    layer.resource_metadata(METADATA).expect("it is an https URL")
}

fn challenge(why: Why, realm: &str, metadata: &str) -> Option<String> {
    why.error().map(|error| format!("Bearer realm=\"{realm}\"{error}{metadata}"))
}

#[tokio::test]
async fn every_answer_has_its_status_its_code_and_its_challenge() {
    check(|layer| layer, |why, answer, place| assert_problem(why, answer, challenge(why, "api", ""), place))
        .await;
}

#[tokio::test]
async fn realm_and_metadata_stand_in_every_challenge() {
    let metadata = format!(", resource_metadata=\"{METADATA}\"");
    let realm = |layer: JwtAuthLayer<User>| layer.realm("Orders (v2)").expect("it is plain text");
    check(realm, |why, answer, place| assert_problem(why, answer, challenge(why, "Orders (v2)", ""), place))
        .await;
    let refused = |why: Why, answer: &Answered, place: &str| {
        assert_problem(why, answer, challenge(why, "api", &metadata), place);
    };
    check(with_metadata, refused).await;
    let refused = |why: Why, answer: &Answered, place: &str| {
        assert_problem(why, answer, challenge(why, "Orders (v2)", &metadata), place);
    };
    check(|layer| with_metadata(realm(layer)), refused).await;
}

#[tokio::test]
async fn grpc_answers_are_ok_in_http_and_never_ask_the_hook() {
    let hook = |_: &_, _: &_, _| -> Response<Bytes> { panic!("the hook was asked") };
    check(
        |layer| with_metadata(layer).grpc().on_error(hook),
        |why, answer, place| {
            let (_, status, _, text) = why.said();
            let challenge = challenge(why, "api", &format!(", resource_metadata=\"{METADATA}\""));
            assert_eq!((answer.status, &*answer.body), (200, ""), "{place}");
            assert_eq!(answer.header("grpc-status"), Some(status), "{place}");
            assert_eq!(answer.header("grpc-message"), Some(text), "{place}");
            assert_eq!(answer.header("content-type"), Some("application/grpc"), "{place}");
            assert_eq!(answer.header("www-authenticate"), challenge.as_deref(), "{place}");
        },
    )
    .await;
}

/// An answer that has nothing of the default one.
fn own(status: u16, body: &'static str) -> Response<Bytes> {
    let answer = Response::builder().status(status).header("x-own", "yes");
    answer.body(Bytes::from_static(body.as_bytes())).expect("the status exists")
}

#[tokio::test]
async fn the_hook_sees_every_refusal_and_its_answer_is_sent() {
    let hook =
        |refusal: &jwtower::response::Refusal, head: &http::request::Parts, default: Response<Bytes>| {
            assert_eq!(default.status(), refusal.status());
            let mut answer = own(451, refusal.code());
            let path = HeaderValue::try_from(head.uri.path()).expect("a path is visible ASCII");
            answer.headers_mut().insert("x-path", path);
            answer
        };
    check(
        |layer| layer.on_error(hook),
        |why, answer, place| {
            assert_eq!((answer.status, &*answer.body), (451, why.code()), "{place}");
            assert_eq!(answer.header("x-own"), Some("yes"), "{place}");
            assert!(answer.header("x-path").is_some_and(|path| place.starts_with(path)), "{place}");
            assert_eq!(answer.header("content-length"), Some(&*answer.body.len().to_string()), "{place}");
            assert_eq!(answer.header("www-authenticate"), None, "{place}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_401_of_the_hook_gets_its_challenge_back() {
    check(
        |layer| layer.on_error(|_, _, _| own(401, "who are you?")),
        |why, answer, place| {
            let challenge = challenge(why, "api", "").unwrap_or_else(|| "Bearer realm=\"api\"".into());
            assert_eq!((answer.status, &*answer.body), (401, "who are you?"), "{place}");
            assert_eq!(answer.header("www-authenticate"), Some(&*challenge), "{place}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_hook_cannot_turn_a_refusal_into_a_success() {
    for status in [100, 200, 204, 206, 299, 600, 999] {
        check(
            |layer| layer.on_error(move |_, _, _| own(status, "welcome")),
            |why, answer, place| assert_problem(why, answer, challenge(why, "api", ""), place),
        )
        .await;
    }
}
