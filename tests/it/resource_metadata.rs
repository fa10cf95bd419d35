//! What a client finds that knows nothing but the URL of a service (RFC 9728).

use axum::{Router, body::Body, routing::get};
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::BodyExt;
use jwtower::{
    JwtAuthLayer, NoClaims, Verifier,
    guard::{require, scope},
    response::ProtectedResource,
    routes::protected_resource,
};
use jwtower_tests::{Forge, HEADER, ISSUER, good_claims};
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_http::cors::CorsLayer;

const NOTES: &str = "https://api.example.com/notes";
const MAIL: &str = "https://api.example.com/mail";

fn resource(url: &str) -> ProtectedResource {
    let resource = ProtectedResource::new(url).and_then(|resource| resource.authorization_server(ISSUER));
    resource.expect("the settings are right")
}

/// A service with an open door, and one for which a scope is needed.
fn service(forge: &Forge, path: &str, resource: &ProtectedResource) -> Router {
    let verifier =
        Verifier::<NoClaims>::builder().keys(forge.secret()).issuer(ISSUER).audience(resource.resource());
    let layer = JwtAuthLayer::new(verifier.build().expect("the settings are right"));
    let layer = layer.resource_metadata(resource.metadata_url()).expect("it is one");
    let written = get(|| async { "written" }).layer(require(scope("notes:write")));
    Router::new()
        .route(path, get(|| async { "in" }))
        .route(&format!("{path}/write"), written)
        .route_layer(layer)
}

/// Two services behind one host, each with its metadata.
fn both(forge: &Forge) -> Router {
    let (notes, mail) = (resource(NOTES), resource(MAIL));
    let services = service(forge, "/notes", &notes).merge(service(forge, "/mail", &mail));
    services.merge(protected_resource(notes)).merge(protected_resource(mail))
}

fn token_for(forge: &Forge, audience: &str) -> String {
    let mut claims = good_claims();
    claims.insert("aud".into(), audience.into());
    format!("Bearer {}", forge.sign(HEADER, Value::Object(claims).to_string()))
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    /// The values of a header, however often it came.
    fn lines(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().expect("it is text")).collect()
    }
}

async fn ask(app: &Router, method: &str, path: &str, lines: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = lines.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(Body::empty()).expect("it is a request");
    let (head, body) = app.clone().oneshot(request).await.expect("a router does not fail").into_parts();
    let body = body.collect().await.expect("bytes do not fail").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("it is text");
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

/// The place that a challenge names, as a path of this host.
fn metadata_path(answer: &Answer) -> String {
    let challenges = answer.lines("www-authenticate");
    assert_eq!(challenges.len(), 1, "{challenges:?}");
    let (_, url) = challenges[0].split_once("resource_metadata=\"").expect("the metadata are named");
    let (url, _) = url.split_once('"').expect("the text is quoted");
    url.strip_prefix("https://api.example.com").expect("it is this host").to_owned()
}

#[tokio::test]
async fn every_refusal_names_the_metadata_of_its_own_service() {
    let forge = Forge::new();
    let app = both(&forge);
    for (path, audience) in [("/notes", NOTES), ("/mail", MAIL)] {
        let good = token_for(&forge, audience);
        let foreign = token_for(&forge, if audience == NOTES { MAIL } else { NOTES });
        let write = format!("{path}/write");
        for (path, lines, status) in [
            (path, vec![], 401),
            (path, vec![("authorization", "Bearer not.a.token")], 401),
            (path, vec![("authorization", &*foreign)], 401),
            (path, vec![("authorization", &*good), ("authorization", &*good)], 400),
            (&*write, vec![("authorization", &*good)], 403),
        ] {
            let answer = ask(&app, "GET", path, &lines).await;
            assert_eq!(answer.status, status, "{path} {lines:?}");
            let found = ask(&app, "GET", &metadata_path(&answer), &[]).await;
            let document: Value = serde_json::from_str(&found.body).expect("it is JSON");
            assert_eq!((found.status, &document["resource"]), (200, &json!(audience)), "{path} {lines:?}");
        }
        assert_eq!(ask(&app, "GET", path, &[("authorization", &good)]).await.status, 200);
    }
}

#[tokio::test]
async fn a_denial_names_the_missing_scope_beside_the_metadata() {
    let forge = Forge::new();
    let token = token_for(&forge, NOTES);
    let answer = ask(&both(&forge), "GET", "/notes/write", &[("authorization", &token)]).await;
    let expected = r#"Bearer realm="api", error="insufficient_scope", error_description="the token does not allow this request", scope="notes:write", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/notes""#;
    assert_eq!(answer.lines("www-authenticate"), [expected]);
}

#[tokio::test]
async fn the_document_is_public_json_that_caches_may_keep() {
    let app = both(&Forge::new());
    let path = "/.well-known/oauth-protected-resource/notes";
    let first = ask(&app, "GET", path, &[]).await;
    let expected = json!({
        "resource": NOTES,
        "authorization_servers": [ISSUER],
        "bearer_methods_supported": ["header"],
    });
    assert_eq!(serde_json::from_str::<Value>(&first.body).expect("it is JSON"), expected);
    let head = ask(&app, "HEAD", path, &[]).await;
    let tag = first.lines("etag")[0].to_owned();
    let known = ask(&app, "GET", path, &[("if-none-match", &tag)]).await;
    for (answer, status, has_body) in [(&first, 200, true), (&head, 200, false), (&known, 304, false)] {
        assert_eq!((answer.status, !answer.body.is_empty()), (status, has_body));
        assert_eq!(answer.lines("cache-control"), ["public, max-age=3600"]);
        assert_eq!(answer.lines("etag"), [&*tag]);
        assert_eq!(answer.lines("access-control-allow-origin"), ["*"]);
    }
    assert_eq!(first.lines("content-type"), ["application/json"]);
    assert_eq!(ask(&app, "POST", path, &[]).await.status, 405);
}

#[tokio::test]
async fn a_document_stands_where_its_url_says_and_repeats_the_identifier_exactly() {
    for url in [
        "https://api.example.com",
        "https://api.example.com/",
        "https://api.example.com/mcp/",
        "https://api.example.com/a/b%20c",
        "https://API.example.com:8443/Mcp",
        "http://127.0.0.1:3000/mcp",
    ] {
        let resource = resource(url);
        let app: Router = Router::new().merge(protected_resource(resource.clone()));
        let answer = ask(&app, "GET", resource.metadata_url(), &[]).await;
        let document: Value = serde_json::from_str(&answer.body).expect("it is JSON");
        assert_eq!((answer.status, &document["resource"]), (200, &json!(url)));
    }
}

#[test]
fn no_document_has_an_empty_list_or_the_algorithm_none() {
    let least = ProtectedResource::new(NOTES).expect("it is one");
    let no_scopes = resource(NOTES).scopes([]).expect("there is none");
    let most = resource(NOTES).scopes(["notes:write"]).expect("it is one").name("Notes");
    for resource in [least, no_scopes, most] {
        let document: Value = serde_json::from_str(&resource.document()).expect("it is JSON");
        for (name, value) in document.as_object().expect("it is one") {
            assert!(!value.is_null() && value != &json!([]) && value != &json!(""), "{name} says nothing");
            assert!(!name.contains("alg") || !value.to_string().contains("none"), "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn the_document_stays_at_the_root_where_the_service_is_nested() {
    let forge = Forge::new();
    let resource = resource(NOTES);
    let app =
        Router::new().nest("/notes", service(&forge, "/", &resource)).merge(protected_resource(resource));
    let answer = ask(&app, "GET", "/notes", &[]).await;
    assert_eq!(answer.status, 401);
    assert_eq!(ask(&app, "GET", &metadata_path(&answer), &[]).await.status, 200);
}

#[tokio::test]
async fn with_cors_outside_there_is_still_one_word_on_who_may_read() {
    let page = "https://app.example.com";
    let cors = CorsLayer::new().allow_origin(HeaderValue::from_static(page));
    let app = both(&Forge::new()).layer(cors);
    let path = "/.well-known/oauth-protected-resource/notes";
    let answer = ask(&app, "GET", path, &[("origin", page)]).await;
    assert_eq!(answer.lines("access-control-allow-origin"), [page]);
}
