//! A cookie beside a token in another place: one token is taken, two are refused.

use jwtower::{
    cookie::CookieSource,
    source::{Header, WebSocketProtocol},
};
use jwtower_tests::{Forge, HEADER};

use super::{
    Answer::{Anonymous, BadRequest, CrossSite, Invalid},
    Api, COOKIE, Demand, Row, Sent, Table, cookie, good, source,
};

const TWO: super::Answer = BadRequest("multiple_tokens");
const MALFORMED: super::Answer = BadRequest("malformed_header");
const REPEATED: super::Answer = BadRequest("repeated_header");

pub(super) fn rows(demand: Demand) -> Vec<Row> {
    [everywhere(demand), two_cookies(demand), from_elsewhere(demand)].concat()
}

/// A layer that looks everywhere.
fn api(demand: Demand, forge: &Forge) -> Api {
    let layer = demand.layer(forge).also_from(source());
    let layer = layer.also_from(Header::new("x-api-token").expect("it is a header's name"));
    Api::behind(layer.also_from(WebSocketProtocol::new("bearer").expect("it is a word")))
}

fn sent(lines: &[(&'static str, &str)]) -> Sent {
    Sent::lines(lines.iter().map(|(name, value)| (*name, value.as_bytes())))
}

fn everywhere(demand: Demand) -> Vec<Row> {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let (bearer, ours) = (format!("Bearer {token}"), format!("{COOKIE}{token}"));
    let (bearer, ours) = (("authorization", &*bearer), ("cookie", &*ours));
    let (custom, protocol) = (("x-api-token", &*token), format!("chat, bearer, {token}"));
    let protocol = ("sec-websocket-protocol", &*protocol);
    let bad_bearer = ("authorization", "Bearer canary.other.token");
    let basic = ("authorization", "Basic Y2FuYXJ5OnNlY3JldA");
    let mut table = Table::new("beside", api(demand, &forge), sent(&[ours]));
    for (name, lines, answer) in [
        ("the same token after Bearer", [ours, bearer].as_slice(), TWO),
        ("the same token after Bearer, which comes first", &[bearer, ours], TWO),
        ("a bad token after Bearer", &[ours, bad_bearer], TWO),
        ("the token in a custom header", &[ours, custom], TWO),
        ("the token in a subprotocol", &[ours, protocol], TWO),
        ("the token everywhere", &[ours, bearer, custom, protocol], TWO),
        ("a scheme without a token", &[ours, ("authorization", "Bearer")], MALFORMED),
        ("a malformed bearer token", &[ours, ("authorization", "Bearer a b")], MALFORMED),
        ("a malformed custom header", &[ours, ("x-api-token", "a b")], MALFORMED),
        ("two lines of Basic", &[ours, basic, basic], REPEATED),
        ("two custom headers", &[ours, custom, custom], REPEATED),
    ] {
        table.bad(name, sent(lines), answer);
    }
    let bad_cookie = ("cookie", "__Host-access=canary.other.token");
    let no_cookie = ("cookie", "a=b");
    let empty = ("cookie", COOKIE);
    for (name, twin, lines, answer) in [
        ("a bad cookie", [bearer, no_cookie].as_slice(), [bearer, bad_cookie].as_slice(), TWO),
        ("a quoted cookie", &[bearer, no_cookie], &[bearer, ("cookie", "__Host-access=\"a\"")], MALFORMED),
        ("two cookies", &[bearer, empty], &[bearer, ("cookie", "__Host-access=; __Host-access=")], REPEATED),
        ("an empty cookie alone", &[bearer, empty], &[empty], Anonymous("missing_token")),
        ("an empty cookie and Basic", &[ours, basic], &[empty, basic], Anonymous("other_scheme")),
        ("Basic and a bad cookie", &[ours, basic], &[bad_cookie, basic], Invalid("malformed_token")),
        ("an empty custom header", &[ours, ("x-api-token", "")], &[ours, ("x-api-token", "a")], TWO),
        ("a chat", &[ours, ("sec-websocket-protocol", "chat")], &[ours, protocol], TWO),
    ] {
        table.pair(name, sent(twin), sent(lines), answer);
    }
    table.into_rows()
}

fn two_cookies(demand: Demand) -> Vec<Row> {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let old = CookieSource::new("__Host-old").expect("it is a cookie's name");
    let layer = demand.layer(&forge).also_from(source()).also_from(old);
    let (ours, old) = (format!("{COOKIE}{token}"), format!("__Host-old={token}"));
    let mut table = Table::new("two cookies are read", Api::behind(layer), cookie(&ours));
    let both = |second: &str| cookie(format!("{ours}; {second}"));
    table.pair("both came", both("__Host-old="), both(&old), TWO);
    table.pair("a bad one came too", cookie(&old), cookie(format!("{COOKIE}a; {old}")), TWO);
    table.pair("neither came", cookie(&old), cookie("__Host-older=a"), Anonymous("missing_token"));
    // The second does not know the origin that the first trusts.
    let post = |value: &str| Sent { method: "POST", ..sent(&[("cookie", value), ("origin", super::OURS)]) };
    table.pair("each has its own origins", post(&ours), post(&old), CrossSite);
    table.into_rows()
}

/// Only who used the cookie is asked where it comes from: no browser adds the others by itself.
fn from_elsewhere(demand: Demand) -> Vec<Row> {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let mut table = Table::new("of another site", api(demand, &forge), Sent::lines([]));
    let (bearer, ours) = (format!("Bearer {token}"), format!("{COOKIE}{token}"));
    let (protocol, ours) = (format!("bearer, {token}"), ("cookie", &*ours));
    let places = [
        ("after Bearer", ("authorization", &*bearer)),
        ("in a custom header", ("x-api-token", &*token)),
        ("in a subprotocol", ("sec-websocket-protocol", &*protocol)),
    ];
    let origin = ("origin", "https://attacker.example");
    let site = ("sec-fetch-site", "cross-site");
    for (place, line) in places {
        for method in ["POST", "DELETE", "TRACE", "PURGE"] {
            let from = |line| Sent { method, ..sent(&[line, origin, site]) };
            table.pair(&format!("{method} with the token {place}"), from(line), from(ours), CrossSite);
        }
        let bare = |line| Sent { method: "POST", ..sent(&[line]) };
        table.pair(
            &format!("POST that says nothing, with the token {place}"),
            bare(line),
            bare(ours),
            CrossSite,
        );
        let upgrade = |line| sent(&[line, ("upgrade", "websocket"), origin]);
        table.pair(&format!("an upgrade with the token {place}"), upgrade(line), upgrade(ours), CrossSite);
        // Two tokens are too many before anyone asks whose page it was.
        let both = Sent { method: "POST", ..sent(&[line, ours, origin, site]) };
        let one = Sent { method: "POST", ..sent(&[line, origin, site]) };
        table.pair(&format!("POST with two tokens, one {place}"), one, both, TWO);
    }
    let basic = |given| Sent { method: "POST", ..sent(&[("authorization", "Basic YTpi"), ours, given]) };
    let same = ("sec-fetch-site", "same-origin");
    table.pair("POST with the cookie and Basic", basic(same), basic(site), CrossSite);
    table.into_rows()
}
