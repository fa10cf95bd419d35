//! Sending a row's requests, in memory and over a socket, and judging what came back.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use axum::Router;
use base64_simd::URL_SAFE_NO_PAD;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::row::{Row, Sent};

/// An answer as it was received.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    fn header(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str()).collect()
    }
}

pub(crate) async fn in_memory(router: Router, sent: &Sent) -> Received {
    let answer = router.oneshot(sent.request()).await.expect("a router does not fail");
    let (head, body) = answer.into_parts();
    let body = body.collect().await.expect("a body of bytes does not fail").to_bytes();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers =
        head.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
    Received { status: head.status.as_u16(), headers, body: text(&body) }
}

/// Sends the bytes over a connection of their own, as no client library would.
pub(crate) fn over_a_socket(address: SocketAddr, sent: &Sent) -> Received {
    let start = format!("{} {} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n", sent.method, sent.target);
    let mut text = start.into_bytes();
    for (name, value) in &sent.lines {
        text.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    text.extend(format!("content-length: {}\r\n\r\n{}", sent.body.len(), sent.body).into_bytes());
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.write_all(&text).expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers");
    parse(&String::from_utf8_lossy(&answer))
}

fn parse(answer: &str) -> Received {
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Received { status: status.expect("an answer has a status"), headers, body: body.to_owned() }
}

/// What is wrong with the two answers to a row.
pub(crate) fn faults(row: &Row, twin: &Received, bad: &Received) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expect = |what: &str, holds: bool, received: &Received| {
        if !holds {
            faults.push(format!("{}: {what}: {received:?}", row.name));
        }
    };
    let said = if row.twin.has_answer() { "in" } else { "" };
    expect("the twin is let in", (twin.status, &*twin.body) == (200, said), twin);
    expect("nobody is told of a fault of ours", bad.status < 500, bad);
    expect("status", bad.status == row.answer.status(), bad);
    expect("fine code", bad.header("x-code") == [row.answer.code()], bad);
    let said = if row.bad.method == "HEAD" { "" } else { row.answer.body() };
    expect("body", bad.body == said, bad);
    expect("challenge", bad.header("www-authenticate") == Vec::from_iter(row.answer.challenge()), bad);
    expect("type", bad.header("content-type") == ["application/problem+json"], bad);
    expect("no cache keeps it", bad.header("cache-control") == ["no-store"], bad);
    expect("length", bad.header("content-length") == [row.answer.body().len().to_string()], bad);
    for secret in secrets(&row.bad) {
        let said = bad.headers.iter().map(|(_, value)| value).chain([&bad.body]);
        expect("nothing of the token comes back", said.into_iter().all(|text| !text.contains(&secret)), bad);
    }
    faults
}

/// What of a request must not be seen again: the parts of its tokens, and every value inside.
pub(crate) fn secrets(sent: &Sent) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    let values = sent.lines.iter().map(|(_, value)| String::from_utf8_lossy(value).into_owned());
    for value in values.chain([sent.target.clone(), sent.body.clone()]) {
        let letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '+' | '/');
        for part in value.split(|given| !letter(given)).filter(|part| part.len() >= 8) {
            secrets.insert(part.to_owned());
            let json = URL_SAFE_NO_PAD.decode_to_vec(part).unwrap_or_default();
            if let Ok(value) = serde_json::from_slice(&json) {
                collect(&value, &mut secrets);
            }
        }
    }
    secrets
}

/// The words of fixed answers, and names that say nothing about anybody.
const WORDS: [&str; 4] = ["application/at+jwt", "at+jwt", "application/", "Bearer"];

fn collect(value: &Value, secrets: &mut BTreeSet<String>) {
    let mut keep = |text: String| {
        if text.len() >= 6 && !WORDS.contains(&&*text) {
            secrets.insert(text);
        }
    };
    match value {
        Value::String(text) => keep(text.clone()),
        Value::Number(number) => keep(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, secrets)),
        Value::Object(members) => members.values().for_each(|member| collect(member, secrets)),
        _ => {}
    }
}
