//! Bad tokens and bad requests against a real router, each beside an accepted twin.
//!
//! A row asserts the status, the fine code, the body with its public code and the challenge, all word for
//! word, and that nothing of the token comes back.

mod algorithms;
mod application;
mod audience;
mod authorities;
mod base64;
mod form;
mod header;
mod keys;
mod kinds;
mod pairs;
mod payload;
mod registered;
mod requests;
mod row;
mod send;
mod signature;
mod sources;
mod time;

use std::collections::HashSet;

use jwtower::{
    cookie::CookieSource,
    source::{Header, WebSocketProtocol},
};
use tokio::{net::TcpListener, task::spawn_blocking};

pub(crate) use row::{Answer, Api, NOW, Row, Sent, Table, User, and, builder, claims, good, with, without};
pub(crate) use send::{Received, faults, in_memory, over_a_socket, secrets};

/// All rows, with fresh keys.
pub(crate) fn rows() -> Vec<Row> {
    [
        form::rows(),
        base64::rows(),
        header::rows(),
        algorithms::rows(),
        keys::rows(),
        signature::rows(),
        kinds::rows(),
        payload::rows(),
        registered::rows(),
        time::rows(),
        audience::rows(),
        authorities::rows(),
        application::rows(),
        requests::rows(),
        sources::rows(),
    ]
    .concat()
}

fn panic_with(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test]
async fn every_bad_token_and_request_is_refused_beside_an_accepted_twin() {
    let rows = rows();
    let mut faults = Vec::new();
    for row in &rows {
        let twin = in_memory(row.api.router(), &row.twin).await;
        let bad = in_memory(row.api.router(), &row.bad).await;
        faults.extend(send::faults(row, &twin, &bad));
    }
    panic_with(&faults);
    println!("{} rows", rows.len());
    assert!(rows.len() >= 130);
}

#[tokio::test]
async fn a_socket_makes_no_difference() {
    let mut faults = Vec::new();
    for row in rows().into_iter().filter(|row| row.on_the_wire) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let server = tokio::spawn(axum::serve(listener, row.api.router()).into_future());
        let check = move || {
            let (twin, bad) = (over_a_socket(address, &row.twin), over_a_socket(address, &row.bad));
            send::faults(&row, &twin, &bad)
        };
        faults.extend(spawn_blocking(check).await.expect("the client does not panic"));
        server.abort();
    }
    panic_with(&faults);
}

/// The token of a request that carries one after `Bearer`, in letters that any source lets through (RFC 6750
/// §2.1), and nothing else.
fn bearer_token(sent: &Sent) -> Option<&str> {
    let [("authorization", line)] = &*sent.lines else { return None };
    let token = std::str::from_utf8(line).ok()?.strip_prefix("Bearer ")?;
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    let is_token = token.bytes().all(letter) && !token.trim_end_matches('=').is_empty();
    (is_token && *sent == Sent::from(token.to_owned())).then_some(token)
}

#[tokio::test]
async fn a_bad_token_gets_the_same_answer_wherever_it_stands() {
    let cookie = CookieSource::new("__Host-access").expect("it is a cookie's name");
    let protocol = WebSocketProtocol::new("bearer").expect("it is a word");
    let header = Header::new("x-api-token").expect("it is a header's name");
    let prefixed = Header::with_prefix("x-auth", "Token").expect("it is a word");
    let (mut faults, mut count) = (Vec::new(), 0);
    for row in rows() {
        let (Some(twin), Some(bad)) = (bearer_token(&row.twin), bearer_token(&row.bad)) else { continue };
        count += 1;
        for (name, start, router) in [
            ("cookie", "a=b; __Host-access=", row.api.reading(cookie.clone())),
            ("sec-websocket-protocol", "chat, bearer, ", row.api.reading(protocol.clone())),
            ("x-api-token", "", row.api.reading(header.clone())),
            ("x-auth", "token ", row.api.reading(prefixed.clone())),
        ] {
            let sent = |token| Sent::line(name, format!("{start}{token}"));
            let row = Row { name: format!("{} in {name}", row.name).into(), bad: sent(bad), ..row.clone() };
            let twin = in_memory(router.clone(), &sent(twin)).await;
            let bad = in_memory(router, &row.bad).await;
            faults.extend(send::faults(&row, &twin, &bad));
        }
    }
    panic_with(&faults);
    println!("{count} rows in four other places each");
    assert!(count >= 130);
}

/// A header value cannot even be built with these bytes, so only a socket can send them.
#[tokio::test]
async fn control_bytes_are_refused_before_the_layer() {
    let row = rows().swap_remove(0);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(axum::serve(listener, row.api.router()).into_future());
    for byte in [0, 1, 8, 11, 12, 27, 31, 127] {
        let mut sent = row.twin.clone();
        sent.lines[0].1.insert(20, byte);
        let answer = spawn_blocking(move || over_a_socket(address, &sent)).await.expect("no panic");
        assert_eq!((answer.status, &*answer.body), (400, ""), "byte {byte}");
    }
}

#[test]
fn no_two_rows_are_the_same_and_none_is_its_own_twin() {
    let mut seen = HashSet::new();
    for row in rows() {
        assert!(row.twin != row.bad, "{}", row.name);
        assert!(seen.insert(row.name.clone()), "{} stands twice", row.name);
    }
}
