//! Which cookie is ours: the one whose name has our bytes and an equals sign behind, and no other.

use jwtower::cookie::CookieSource;
use jwtower_tests::{Forge, HEADER};

use super::{Answer::Anonymous, Api, COOKIE, Demand, Row, Sent, Table, cookie, good, table};

const MISSING: super::Answer = Anonymous("missing_token");

pub(super) fn rows(demand: Demand) -> Vec<Row> {
    [similar(demand), elsewhere(demand), other_layers(demand)].concat()
}

fn similar(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("a name", demand);
    for (name, start) in [
        ("in lower case", "__host-access="),
        ("in upper case", "__HOST-ACCESS="),
        ("with another capital", "__Host-Access="),
        ("without the prefix", "access="),
        ("with the other prefix", "__Secure-access="),
        ("with one underscore", "_Host-access="),
        ("a letter longer", "__Host-access2="),
        ("a letter shorter", "__Host-acces="),
        ("behind a letter", "x__Host-access="),
        ("behind a dollar", "$__Host-access="),
        ("without an equals sign", "__Host-access"),
        ("with a colon", "__Host-access:"),
        ("with an array's brackets", "__Host-access[]="),
        ("with a space before the equals sign", "__Host-access ="),
        ("with a tab before the equals sign", "__Host-access\t="),
        ("with a space inside", "__Host -access="),
        ("in quotes", "\"__Host-access\"="),
        ("with a percent escape", "__Host%2Daccess="),
        ("behind a percent escape", "%5F_Host-access="),
        ("behind an equals sign", "=__Host-access="),
        ("in another's value", "a=__Host-access="),
        ("behind a comma", "a=b, __Host-access="),
        ("behind a comma without a space", "a=b,__Host-access="),
        ("behind an ampersand", "a=b&__Host-access="),
        ("behind a byte order mark", "\u{feff}__Host-access="),
        ("behind a no-break space", "\u{a0}__Host-access="),
        ("with a letter that looks the same", "__Host-\u{430}ccess="),
    ] {
        table.bad(name, cookie(format!("{start}{token}")), MISSING);
    }
    let version = |name: &str| cookie(format!("$Version=1; {name}={token}; $Path=/"));
    table.pair("as RFC 2965 wrote them", version("__Host-access"), version("$__Host-access"), MISSING);
    table.into_rows()
}

fn elsewhere(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("a place", demand);
    let ours = format!("{COOKIE}{token}");
    for (name, line) in [
        ("Set-Cookie", "set-cookie"),
        ("Cookie2", "cookie2"),
        ("Cookies", "cookies"),
        ("X-Cookie", "x-cookie"),
        ("X-Forwarded-Cookie", "x-forwarded-cookie"),
        ("the name of the cookie", "__host-access"),
    ] {
        table.bad(name, Sent::line(line, &ours), MISSING);
    }
    table.bad("a bearer token, which this layer does not read", token.clone(), MISSING);
    let target = |target: String, sent: Sent| Sent { target, ..sent };
    table.bad("the query", target(format!("/?{ours}"), Sent::lines([])), MISSING);
    let path = |sent| target(format!("/;{ours}"), sent);
    table.pair("the path", path(cookie(&ours)), path(Sent::lines([])), MISSING);
    table.bad("nowhere", Sent::lines([]), MISSING);
    // Header names have no case.
    for line in ["Cookie", "COOKIE", "cOOKIE"] {
        table.pair(line, Sent::line(line, &ours), Sent::line(line, format!("x{ours}")), MISSING);
    }
    table.into_rows()
}

/// Layers with other names; each reads its own only.
fn other_layers(demand: Demand) -> Vec<Row> {
    const NAMES: [&str; 4] = ["access", "__Secure-access", "Access", "a.b~c!#$%&'*+^`|"];
    let mut rows = Vec::new();
    for name in NAMES {
        let forge = Forge::new();
        let source = CookieSource::new(name).expect("it is a cookie's name");
        let api = Api::behind(demand.layer(&forge).only_from(source));
        let token = forge.sign(HEADER, good());
        let mut table = Table::new("a layer", api, cookie(format!("{name}={token}")));
        for other in NAMES.into_iter().chain(["__Host-access"]).filter(|other| *other != name) {
            table.bad(
                &format!("that reads {name}, not {other}"),
                cookie(format!("{other}={token}")),
                MISSING,
            );
        }
        rows.extend(table.into_rows());
    }
    rows
}
