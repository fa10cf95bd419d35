//! Bodies that are none of ours, each beside one that is: a clear answer, and nothing lost.

use axum::body::Body;
use http::{Request, request::Builder};

use super::fixture::{Answer, PASSWORD, Pair, Service};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A route that takes a body, and the status of its success.
struct Route {
    path: &'static str,
    good: u16,
}

const ROUTES: [Route; 3] = [
    Route { path: "/auth/login", good: 200 },
    Route { path: "/auth/refresh", good: 200 },
    Route { path: "/auth/logout", good: 204 },
];

impl Route {
    /// The members of a good body, without the braces.
    fn members(&self, pair: &Pair) -> String {
        match self.path {
            "/auth/login" => format!(r#""username":"alice","password":"{PASSWORD}""#),
            _ => format!(r#""refresh_token":"{}""#, pair.refresh),
        }
    }

    fn form(&self, pair: &Pair) -> String {
        match self.path {
            "/auth/login" => format!("username=alice&password={}", PASSWORD.replace(' ', "+")),
            _ => format!("refresh_token={}", pair.refresh),
        }
    }

    /// The field that says who it is.
    fn field(&self) -> &'static str {
        if self.path == "/auth/login" { "password" } else { "refresh_token" }
    }

    fn request(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
        let start = Request::post(self.path);
        let add = |start: Builder, (name, value): &(&str, &str)| start.header(*name, *value);
        headers.iter().fold(start, add).body(body.into()).expect("it is a request")
    }
}

#[derive(Clone)]
struct Row {
    name: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
    status: u16,
    /// What the description says; of a login's own fields it says only that one is wrong.
    description: String,
}

fn row(
    name: &'static str,
    headers: &[(&'static str, &'static str)],
    body: impl Into<Vec<u8>>,
    status: u16,
    description: impl Into<String>,
) -> Row {
    Row { name, headers: headers.to_vec(), body: body.into(), status, description: description.into() }
}

const OTHER_TYPE: &str = "the body is neither application/json nor application/x-www-form-urlencoded";
const ENCODED: &str = "the body has a content encoding, and none is understood here";
const TOO_LARGE: &str = "the body is larger than 16 KiB";
const NOT_UTF8: &str = "the body is not UTF-8";
const NO_OBJECT: &str = "the body is not one JSON object";

/// What is wrong with the body as a whole.
fn whole(members: &str, form: &str) -> Vec<Row> {
    let json = format!("{{{members}}}");
    let padded = |size: usize| format!(r#"{{{members},"x":"{}"}}"#, "y".repeat(size));
    let (json_type, form_type) = (&[("content-type", JSON)], &[("content-type", FORM)]);
    let other = |name, kind| row(name, &[("content-type", kind)], &*json, 415, OTHER_TYPE);
    vec![
        row("no type", &[], &*json, 415, OTHER_TYPE),
        other("text", "text/plain"),
        other("multipart", "multipart/form-data; boundary=a"),
        other("xml", "application/xml"),
        other("utf-16", "application/json; charset=utf-16"),
        row("two types", &[("content-type", JSON), ("content-type", FORM)], &*json, 415, OTHER_TYPE),
        row("gzip", &[("content-type", JSON), ("content-encoding", "gzip")], &*json, 415, ENCODED),
        row("16 KiB and more", json_type, padded(16 << 10), 413, TOO_LARGE),
        row("10 MiB", json_type, padded(10 << 20), 413, TOO_LARGE),
        row("10 MiB of a form", form_type, format!("{form}&x={}", "y".repeat(10 << 20)), 413, TOO_LARGE),
        row("latin-1", json_type, [json.as_bytes(), b"\xe4"].concat(), 400, NOT_UTF8),
        row("latin-1 in a form", form_type, format!("{form}&x=%e4"), 400, NOT_UTF8),
        row("nothing", json_type, "", 400, NO_OBJECT),
        row("null", json_type, "null", 400, NO_OBJECT),
        row("a list", json_type, format!("[{json}]"), 400, NO_OBJECT),
        row("a text", json_type, "\"a\"", 400, NO_OBJECT),
        row("half an object", json_type, format!("{{{members}"), 400, NO_OBJECT),
        row("two objects", json_type, format!("{json}{json}"), 400, NO_OBJECT),
        row("a mark before it", json_type, format!("\u{feff}{json}"), 400, NO_OBJECT),
        row("a form said to be JSON", json_type, form, 400, NO_OBJECT),
    ]
}

/// What is wrong with a field.
fn fields(route: &Route, members: &str, form: &str) -> Vec<Row> {
    let (is_login, field) = (route.path == "/auth/login", route.field());
    let login = "the login lacks a field, or one has the wrong type";
    let missing = if is_login { login.into() } else { format!("the field {field} is missing") };
    let mistyped = if is_login { login.into() } else { format!("the field {field} is not a string") };
    // Of an application's own fields the name is not told either.
    let twice = if is_login { "a field" } else { "the field refresh_token" };
    let twice = format!("{twice} came more than once");
    let escaped = members.replacen("pass", r"p\u0061ss", 1).replacen("refresh_", r"refresh\u005f", 1);
    let value = |value: &str| format!(r#"{{"username":"alice","{field}":{value}}}"#);
    let (json_type, form_type) = (&[("content-type", JSON)], &[("content-type", FORM)]);
    let json = |name, body: String, description: &str| row(name, json_type, body, 400, description);
    let in_form = |name, body: String, description: &str| row(name, form_type, body, 400, description);
    vec![
        in_form("JSON said to be a form", format!("{{{members}}}"), &missing),
        json("twice", format!("{{{members},{members}}}"), &twice),
        json("twice, once escaped", format!("{{{members},{escaped}}}"), &twice),
        in_form("twice in a form", format!("{form}&{form}"), &twice),
        json(
            "twice inside",
            format!(r#"{{{members},"a":[{{"b":1,"b":2}}]}}"#),
            "a field came more than once",
        ),
        json(
            "a scope twice",
            format!(r#"{{{members},"scope":"a","scope":"a"}}"#),
            "the field scope came more than once",
        ),
        json("none", "{}".into(), &missing),
        in_form("none in a form", "x=y".into(), &missing),
        in_form("an empty one in a form", format!("username=alice&{field}="), &missing),
        json("null", value("null"), &missing),
        json("a number", value("17"), &mistyped),
        json("an object", value(r#"{"a":"b"}"#), &mistyped),
    ]
}

fn rows(route: &Route, pair: &Pair) -> Vec<Row> {
    let (members, form) = (route.members(pair), route.form(pair));
    let mut rows = [whole(&members, &form), fields(route, &members, &form)].concat();
    if route.path != "/auth/logout" {
        let body = format!(r#"{{{members},"scope":["read"]}}"#);
        let description = "the field scope is not a string";
        rows.push(row("a scope that is a list", &[("content-type", JSON)], body, 400, description));
    }
    if route.path != "/auth/login" {
        let body = r#"{"refresh_token":""}"#;
        let description = "the field refresh_token is missing";
        rows.push(row("an empty one", &[("content-type", JSON)], body, 400, description));
    }
    rows
}

fn faults(route: &Route, row: &Row, answer: &Answer, pair: &Pair) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expect = |is: bool, what: &str| {
        if !is {
            faults.push(format!("{} {}: {what}: {} {}", route.path, row.name, answer.status, answer.body));
        }
    };
    expect(answer.status == row.status, "the status");
    expect(answer.error() == ("invalid_request".into(), row.description.clone()), "the error");
    expect(answer.header("cache-control") == "no-store", "a cache would keep it");
    let secrets = [PASSWORD, &pair.refresh, "alice"];
    expect(!secrets.iter().any(|secret| answer.body.contains(secret)), "it tells what was sent");
    faults
}

#[tokio::test]
async fn every_bad_body_is_refused_beside_a_good_one_and_the_session_goes_on() {
    let service = Service::new().await;
    let (mut found, mut count) = (Vec::new(), 0);
    for route in ROUTES {
        let number = rows(&route, &service.login("alice").await).len();
        for place in 0..number {
            let pair = service.login("alice").await;
            let row = rows(&route, &pair).swap_remove(place);
            count += 1;
            let bad = service.send(route.request(&row.headers, row.body.clone())).await;
            found.extend(faults(&route, &row, &bad, &pair));
            assert!(service.is_alive(&pair).await, "{} {}", route.path, row.name);
            let json = format!("{{{}}}", route.members(&pair));
            let good = service.send(route.request(&[("content-type", JSON)], json)).await;
            assert_eq!(good.status, route.good, "{} {}", route.path, good.body);
        }
        let pair = service.login("alice").await;
        let good = service.send(route.request(&[("content-type", FORM)], route.form(&pair))).await;
        assert_eq!(good.status, route.good, "{} {}", route.path, good.body);
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
    println!("{count} rows");
    assert!(count >= 95);
}

#[tokio::test]
async fn fields_that_nobody_knows_and_a_body_of_almost_16_kib_are_no_fault() {
    let service = Service::new().await;
    for route in ROUTES {
        let pair = service.login("alice").await;
        let members = route.members(&pair);
        let body = format!(r#"{{{members},"grant_type":"x","y":"{}"}}"#, "z".repeat(15 << 10));
        let answer = service.send(route.request(&[("content-type", JSON)], body)).await;
        assert_eq!(answer.status, route.good, "{} {}", route.path, answer.body);
    }
}

#[tokio::test]
async fn a_body_is_told_how_it_is_understood() {
    let service = Service::new().await;
    for route in ROUTES {
        let answer = service.send(route.request(&[("content-type", "text/plain")], "")).await;
        assert_eq!(answer.header("accept"), "application/json, application/x-www-form-urlencoded");
        let headers = [("content-type", JSON), ("content-encoding", "br")];
        let answer = service.send(route.request(&headers, "")).await;
        assert_eq!(answer.header("accept-encoding"), "identity");
    }
}
