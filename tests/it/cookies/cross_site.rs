//! What says that a request comes from our own pages: `Sec-Fetch-Site`, or else `Origin`, and nothing else.

use jwtower::cookie::CookieSource;
use jwtower_tests::{Forge, HEADER};

use super::{Answer::CrossSite, Api, COOKIE, Demand, NAME, OURS, OURS_TOO, Row, Sent, Table, good, table};

pub(super) fn rows(demand: Demand) -> Vec<Row> {
    [sites(demand), origins(demand), both(demand), neither(demand), no_origins(demand)].concat()
}

/// A request that changes something, with the cookie and these lines.
fn post(token: &str, lines: &[(&'static str, &[u8])]) -> Sent {
    let cookie = format!("{COOKIE}{token}");
    let cookie = [("cookie", cookie.as_bytes())];
    Sent { method: "POST", ..Sent::lines(cookie.iter().chain(lines).copied()) }
}

const SITE: &str = "sec-fetch-site";
const ORIGIN: &str = "origin";
const SAME: (&str, &[u8]) = (SITE, b"same-origin");
const CROSS: (&str, &[u8]) = (SITE, b"cross-site");

fn sites(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("Sec-Fetch-Site", demand);
    let same = post(&token, &[SAME]);
    for (name, value) in [
        ("cross-site", b"cross-site".as_slice()),
        ("same-site", b"same-site"),
        ("empty", b""),
        ("in capitals", b"Same-Origin"),
        ("in upper case", b"SAME-ORIGIN"),
        ("with an underscore", b"same_origin"),
        ("with a letter more", b"same-origins"),
        ("with a letter less", b"same-origi"),
        ("a list", b"same-origin, same-origin"),
        ("a list of two", b"cross-site, same-origin"),
        ("with a parameter", b"same-origin;a"),
        ("in quotes", b"\"same-origin\""),
        ("a list in parentheses", b"(same-origin)"),
        ("a boolean", b"?1"),
        ("null", b"null"),
        ("an origin", OURS.as_bytes()),
        ("with a byte of no character", b"same-origin\xff"),
        ("none, in capitals", b"None"),
        ("none, and more", b"none, none"),
    ] {
        table.pair(name, same.clone(), post(&token, &[(SITE, value)]), CrossSite);
    }
    for (name, value) in [("a space behind", b"same-origin ".as_slice()), ("a tab before", b"\tsame-origin")]
    {
        table.pair(name, same.clone(), post(&token, &[(SITE, value)]), CrossSite);
        table.in_memory_only();
    }
    table.pair(
        "none, and twice",
        post(&token, &[(SITE, b"none")]),
        post(&token, &[(SITE, b"none".as_slice()); 2]),
        CrossSite,
    );
    for (name, lines) in [
        ("twice", [SAME, SAME]),
        ("twice, cross-site first", [CROSS, SAME]),
        ("twice, cross-site second", [SAME, CROSS]),
        ("twice, empty first", [(SITE, b""), SAME]),
        ("twice, in two spellings", [SAME, ("Sec-Fetch-Site", b"same-origin")]),
    ] {
        table.pair(name, same.clone(), post(&token, &lines), CrossSite);
    }
    let capitals = |value| post(&token, &[("SEC-FETCH-SITE", value)]);
    table.pair("named in capitals", capitals(b"same-origin"), capitals(b"same-site"), CrossSite);
    for name in
        ["x-sec-fetch-site", "sec-fetch-sit", "sec_fetch_site", "fetch-site", "sec-fetch-storage-access"]
    {
        table.pair(
            &format!("named {name}"),
            same.clone(),
            post(&token, &[(name, b"same-origin")]),
            CrossSite,
        );
    }
    table.into_rows()
}

fn origins(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("Origin", demand);
    let from = |origin: &[u8]| post(&token, &[(ORIGIN, origin)]);
    for (name, value) in [
        ("another", "https://attacker.example"),
        ("with the scheme's own port", "https://app.example.com:443"),
        ("with another port", "https://app.example.com:8444"),
        ("with a port and no number", "https://app.example.com:"),
        ("of plain http", "http://app.example.com"),
        ("of another scheme", "wss://app.example.com"),
        ("without a scheme", "app.example.com"),
        ("without a scheme's name", "//app.example.com"),
        ("null", "null"),
        ("empty", ""),
        ("a star", "*"),
        ("with ours in front", "https://app.example.com.attacker.example"),
        ("with ours in front and no dot", "https://app.example.comattacker.example"),
        ("with ours behind", "https://attacker.example/https://app.example.com"),
        ("with ours as the user", "https://app.example.com@attacker.example"),
        ("with a user", "https://user@app.example.com"),
        ("a host below", "https://x.app.example.com"),
        ("a host above", "https://example.com"),
        ("with a letter before", "https://xapp.example.com"),
        ("with a slash behind", "https://app.example.com/"),
        ("with a path", "https://app.example.com/path"),
        ("with a query", "https://app.example.com?a"),
        ("with a dot behind", "https://app.example.com."),
        ("in upper case", "HTTPS://APP.EXAMPLE.COM"),
        ("with a capital", "https://App.example.com"),
        ("with an escape", "https://app%2Eexample.com"),
        ("with a letter that looks the same", "https://\u{430}pp.example.com"),
        ("with two spaces inside", "https://app.example.com  https://app.example.com"),
        ("a list", "https://app.example.com https://app.example.com:8443"),
        ("a list with a comma", "https://app.example.com, https://app.example.com"),
        ("a list of ours and another", "https://app.example.com https://attacker.example"),
        ("in quotes", "\"https://app.example.com\""),
    ] {
        table.pair(name, from(OURS.as_bytes()), from(value.as_bytes()), CrossSite);
    }
    table.pair(
        "with a port, one higher",
        from(OURS_TOO.as_bytes()),
        from(b"https://app.example.com:84430"),
        CrossSite,
    );
    let (ours, other) = ((ORIGIN, OURS.as_bytes()), (ORIGIN, b"https://attacker.example".as_slice()));
    for (name, lines) in [
        ("twice", [ours, ours]),
        ("twice, another first", [other, ours]),
        ("twice, another second", [ours, other]),
        ("twice, both ours", [ours, (ORIGIN, OURS_TOO.as_bytes())]),
        ("twice, empty first", [(ORIGIN, b""), ours]),
    ] {
        table.pair(name, from(OURS.as_bytes()), post(&token, &lines), CrossSite);
    }
    table.into_rows()
}

/// Either of the two is enough: a browser sets both, and only the configuration knows of other origins.
fn both(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("both", demand);
    let with = |site: &[u8], origin: &[u8]| post(&token, &[(SITE, site), (ORIGIN, origin)]);
    let other = b"https://attacker.example";
    for site in ["cross-site", "same-site", "junk", ""] {
        let (twin, bad) = (with(site.as_bytes(), OURS.as_bytes()), with(site.as_bytes(), other));
        table.pair(&format!("{site:?} and another origin"), twin, bad, CrossSite);
    }
    for site in ["same-origin", "none"] {
        let (twin, bad) = (with(site.as_bytes(), other), with(b"same-site", other));
        table.pair(&format!("{site:?} no longer, and another origin"), twin, bad, CrossSite);
    }
    table.pair(
        "same-origin and null",
        with(b"same-origin", b"null"),
        with(b"cross-site", b"null"),
        CrossSite,
    );
    let twice = |origin: &[u8]| post(&token, &[CROSS, SAME, (ORIGIN, origin)]);
    table.pair("Sec-Fetch-Site twice", twice(OURS.as_bytes()), twice(other), CrossSite);
    table.into_rows()
}

/// Headers that a script, a form or a proxy may set say nothing.
fn neither(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("neither", demand);
    let same = post(&token, &[SAME]);
    for (name, value) in [
        ("referer", "https://app.example.com/form"),
        ("host", "app.example.com"),
        ("x-forwarded-host", "app.example.com"),
        ("forwarded", "host=app.example.com;proto=https"),
        ("x-requested-with", "XMLHttpRequest"),
        ("x-csrf-token", "canary"),
        ("content-type", "application/json"),
        ("sec-fetch-mode", "same-origin"),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-user", "?1"),
        ("x-origin", "https://app.example.com"),
        ("access-control-request-method", "POST"),
    ] {
        // A second `Host` line is the server's business, not ours.
        let bad = post(&token, &[(name, value.as_bytes())]);
        table.pair(&format!("but {name}"), same.clone(), bad, CrossSite);
        if name == "host" {
            table.in_memory_only();
        }
    }
    let two = |token: &str| format!("{token}; csrf=canary");
    let submitted = post(&two(&token), &[("x-csrf-token", b"canary")]);
    table.pair("but a cookie sent twice", post(&two(&token), &[SAME]), submitted, CrossSite);
    table.into_rows()
}

/// Without an origin in the settings only `Sec-Fetch-Site` counts, also where `Origin` is the host.
fn no_origins(demand: Demand) -> Vec<Row> {
    let forge = Forge::new();
    let token = forge.sign(HEADER, good());
    let source = CookieSource::new(NAME).expect("it is a cookie's name");
    let api = Api::behind(demand.layer(&forge).only_from(source));
    let mut table = Table::new("no origin is configured", api, post(&token, &[SAME]));
    for origin in ["https://app.example.com", "http://test", "https://test", "null", ""] {
        table.bad(&format!("{origin:?}"), post(&token, &[(ORIGIN, origin.as_bytes())]), CrossSite);
    }
    table.bad("and no header came", post(&token, &[]), CrossSite);
    table.into_rows()
}
