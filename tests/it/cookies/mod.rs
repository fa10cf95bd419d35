//! Tokens in cookies, and who may use them: each row an accepted request and one that differs in one thing.
//!
//! Every row runs over a socket, in memory, and in memory with its cookies spread over lines as HTTP/2 does;
//! behind a layer that demands a token, and behind one that does not.

mod beside;
mod cross_site;
mod duplicates;
mod hook;
mod methods;
mod names;
mod values;

use std::collections::HashSet;

use axum::Router;
use jwtower::{JwtAuthLayer, cookie::CookieSource};
use jwtower_tests::{Forge, HEADER};
use tokio::{net::TcpListener, task::spawn_blocking};

use crate::bad_tokens::{
    Answer, Api, Received, Row, Sent, Table, User, builder, faults, good, in_memory, over_a_socket, secrets,
};

/// The name of the rows' cookie, and its start in a header.
const NAME: &str = "__Host-access";
const COOKIE: &str = "__Host-access=";

/// The origin that the rows' layer trusts; it also has one with a port.
const OURS: &str = "https://app.example.com";
const OURS_TOO: &str = "https://app.example.com:8443";

/// What a layer says to a request without a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Demand {
    AToken,
    Nothing,
}

impl Demand {
    fn layer(self, forge: &Forge) -> JwtAuthLayer<User> {
        let layer = JwtAuthLayer::new(builder(forge.secret()).build().expect("the settings are right"));
        if self == Self::AToken { layer } else { layer.optional() }
    }

    fn refuses(self, answer: Answer) -> bool {
        self == Self::AToken || !matches!(answer, Answer::Anonymous(_))
    }
}

fn source() -> CookieSource {
    let source = CookieSource::new(NAME).and_then(|source| source.origin(OURS));
    source.and_then(|source| source.origin(OURS_TOO)).expect("the settings are right")
}

/// A token that is accepted, and a table in front of a layer that reads it from our cookie only.
fn table(subject: &'static str, demand: Demand) -> (String, Table) {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let api = Api::behind(demand.layer(&forge).only_from(source()));
    let table = Table::new(subject, api, cookie(format!("{COOKIE}{token}")));
    (token, table)
}

fn cookie(value: impl AsRef<[u8]>) -> Sent {
    Sent::line("cookie", value)
}

pub(crate) fn rows(demand: Demand) -> Vec<Row> {
    [
        names::rows(demand),
        values::rows(demand),
        duplicates::rows(demand),
        beside::rows(demand),
        methods::rows(demand),
        cross_site::rows(demand),
    ]
    .concat()
}

/// The same cookies, each on a line of its own (RFC 9113 §8.2.3).
fn spread(sent: &Sent) -> Sent {
    let mut lines = Vec::new();
    for (name, value) in &sent.lines {
        match *name {
            "cookie" => lines.extend(value.split(|byte| *byte == b';').map(|part| (*name, part.to_vec()))),
            _ => lines.push((*name, value.clone())),
        }
    }
    Sent { lines, ..sent.clone() }
}

fn judge(demand: Demand, row: &Row, twin: &Received, bad: &Received) -> Vec<String> {
    let row = Row { name: format!("{} (demanding {demand:?})", row.name).into(), ..row.clone() };
    if demand.refuses(row.answer) {
        return faults(&row, twin, bad);
    }
    let passes = (twin.status, bad.status, &*bad.body) == (200, 204, "");
    if passes { vec![] } else { vec![format!("{}: it is anonymous: {twin:?} {bad:?}", row.name)] }
}

fn panic_with(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test]
async fn every_row_holds_in_memory_and_with_cookies_on_lines_of_their_own() {
    let mut faults = Vec::new();
    for demand in [Demand::AToken, Demand::Nothing] {
        let ask = async |router: Router, sent: &Sent| in_memory(router, sent).await;
        for row in &rows(demand) {
            let (twin, bad) = (ask(row.api.router(), &row.twin).await, ask(row.api.router(), &row.bad).await);
            faults.extend(judge(demand, row, &twin, &bad));
            let row =
                Row { name: format!("{}, spread", row.name).into(), bad: spread(&row.bad), ..row.clone() };
            let twin = ask(row.api.router(), &spread(&row.twin)).await;
            faults.extend(judge(demand, &row, &twin, &ask(row.api.router(), &row.bad).await));
        }
    }
    panic_with(&faults);
}

#[tokio::test]
async fn every_row_holds_over_a_socket() {
    let (mut faults, mut count) = (Vec::new(), 0);
    for demand in [Demand::AToken, Demand::Nothing] {
        for row in rows(demand).into_iter().filter(|row| row.on_the_wire) {
            count += 1;
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
            let address = listener.local_addr().expect("it is bound");
            let server = tokio::spawn(axum::serve(listener, row.api.router()).into_future());
            let check = move || {
                let (twin, bad) = (over_a_socket(address, &row.twin), over_a_socket(address, &row.bad));
                judge(demand, &row, &twin, &bad)
            };
            faults.extend(spawn_blocking(check).await.expect("the client does not panic"));
            server.abort();
        }
    }
    panic_with(&faults);
    println!("{count} rows on the wire, half of them behind an optional layer");
    assert!(count >= 300);
}

#[test]
fn no_two_rows_are_the_same_and_none_is_its_own_twin() {
    let mut seen = HashSet::new();
    for row in rows(Demand::AToken) {
        assert!(row.twin != row.bad, "{}", row.name);
        assert!(seen.insert(row.name.clone()), "{} stands twice", row.name);
        assert!(!secrets(&row.twin).is_empty(), "{}: the twin carries a token", row.name);
    }
}
