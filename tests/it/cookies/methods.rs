//! Which requests are asked where they come from: all that could change something.

use jwtower_tests::{Forge, HEADER};

use super::{
    Answer::{Anonymous, BadRequest, CrossSite},
    COOKIE, Demand, OURS, Row, Sent, cookie, table,
};
use crate::bad_tokens::{NOW, with};

pub(super) fn rows(demand: Demand) -> Vec<Row> {
    [methods(demand), upgrades(demand), other_faults(demand)].concat()
}

fn sent(method: &'static str, lines: &[(&'static str, &str)]) -> Sent {
    let sent = Sent::lines(lines.iter().map(|(name, value)| (*name, value.as_bytes())));
    // A tunnel is asked for by authority (RFC 9110 §9.3.6).
    let target = if method == "CONNECT" { "test:443" } else { "/" };
    Sent { method, target: target.into(), ..sent }
}

const UNSAFE: [&str; 13] = [
    "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PURGE", "PROPFIND", "QUERY", "post", "get", "Get",
    "head",
];

fn methods(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("a method", demand);
    let ours = format!("{COOKIE}{token}");
    let ours = ("cookie", &*ours);
    let (same, cross) = (("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site"));
    for method in UNSAFE {
        let twin = sent(method, &[ours, same]);
        table.pair(&format!("{method}, cross-site"), twin.clone(), sent(method, &[ours, cross]), CrossSite);
        table.pair(&format!("{method}, which says nothing"), twin, sent(method, &[ours]), CrossSite);
        let from = |origin| sent(method, &[ours, ("origin", origin)]);
        table.pair(&format!("{method}, of another origin"), from(OURS), from("https://a.example"), CrossSite);
    }
    for safe in ["GET", "HEAD", "OPTIONS"] {
        for (name, lines) in [
            ("that says nothing", [ours].as_slice()),
            ("cross-site", &[ours, cross]),
            ("of another origin", &[ours, ("origin", "https://a.example")]),
            ("of no origin", &[ours, ("origin", "null")]),
        ] {
            table.pair(&format!("{safe} {name}, as POST"), sent(safe, lines), sent("POST", lines), CrossSite);
        }
    }
    // No header changes the method.
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let lines = |value| [ours, cross, (name, value)];
        table.pair(
            &format!("POST that says in {name} that it is GET"),
            sent("GET", &lines("POST")),
            sent("POST", &lines("GET")),
            CrossSite,
        );
    }
    table.into_rows()
}

fn upgrades(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("an upgrade", demand);
    let ours = format!("{COOKIE}{token}");
    let (ours, upgrade) = (("cookie", &*ours), ("upgrade", "websocket"));
    let handshake = |more: &[(&'static str, &str)]| {
        let lines = [
            ours,
            upgrade,
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ];
        sent("GET", &[&lines, more].concat())
    };
    let same = handshake(&[("sec-fetch-site", "same-origin")]);
    for (name, lines) in [
        ("that says nothing", [].as_slice()),
        ("cross-site", &[("sec-fetch-site", "cross-site")]),
        ("same-site", &[("sec-fetch-site", "same-site")]),
        ("of another origin", &[("origin", "https://a.example")]),
        ("of no origin", &[("origin", "null")]),
        ("of a scheme for sockets", &[("origin", "wss://app.example.com")]),
        ("with a referrer only", &[("referer", "https://app.example.com/")]),
    ] {
        table.pair(name, same.clone(), handshake(lines), CrossSite);
    }
    let origin_only = |origin| handshake(&[("origin", origin)]);
    table.pair(
        "with Origin only",
        origin_only(OURS),
        origin_only("https://app.example.com.a.example"),
        CrossSite,
    );
    table.pair("and without, cross-site", sent("GET", &[ours]), sent("GET", &[ours, upgrade]), CrossSite);
    for (name, line) in [
        ("to HTTP/2", ("upgrade", "h2c")),
        ("to TLS", ("upgrade", "TLS/1.0")),
        ("in capitals", ("Upgrade", "WebSocket")),
        ("to nothing", ("upgrade", "")),
        ("to a list", ("upgrade", "websocket, foo/2")),
    ] {
        let to = |site| sent("GET", &[ours, line, ("sec-fetch-site", site)]);
        table.pair(name, to("same-origin"), to("cross-site"), CrossSite);
    }
    for method in ["HEAD", "OPTIONS", "POST"] {
        let with = |site| sent(method, &[ours, upgrade, ("sec-fetch-site", site)]);
        table.pair(&format!("with {method}"), with("none"), with("cross-site"), CrossSite);
    }
    table.into_rows()
}

/// What is wrong beside the site: a token that cannot be read is no token yet, one that can is not looked at.
fn other_faults(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("POST of another site", demand);
    let post = |value: &str, site| sent("POST", &[("cookie", value), ("sec-fetch-site", site)]);
    let ours = format!("{COOKIE}{token}");
    for (name, value, answer) in [
        ("with a good token", ours.clone(), CrossSite),
        ("with a forged token", format!("{ours}A"), CrossSite),
        ("with what is no token", format!("{COOKIE}deleted"), CrossSite),
        (
            "with an expired token",
            format!("{COOKIE}{}", Forge::new().sign(HEADER, with("exp", NOW - 1000))),
            CrossSite,
        ),
        ("with two tokens", format!("{ours}; {ours}"), BadRequest("repeated_header")),
        ("with a quoted token", format!("{COOKIE}\"{token}\""), BadRequest("malformed_header")),
        ("with an empty cookie", COOKIE.to_owned(), Anonymous("missing_token")),
        ("with other cookies", "a=b; c=d".to_owned(), Anonymous("missing_token")),
    ] {
        table.pair(name, post(&ours, "same-origin"), post(&value, "cross-site"), answer);
    }
    table.bad("without any", sent("POST", &[("sec-fetch-site", "cross-site")]), Anonymous("missing_token"));
    let options = |value: &str| Sent { method: "OPTIONS", target: "*".into(), ..cookie(value) };
    table.pair("OPTIONS of the server", options(&ours), options("a=b"), Anonymous("missing_token"));
    table.into_rows()
}
