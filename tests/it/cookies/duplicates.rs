//! A second cookie of our name is refused, whichever is good; cookies of others are not looked at.

use super::{
    Answer::{Anonymous, BadRequest},
    COOKIE, Demand, Row, Sent, cookie, table,
};

const TWICE: super::Answer = BadRequest("repeated_header");

pub(super) fn rows(demand: Demand) -> Vec<Row> {
    [ours(demand), others(demand)].concat()
}

fn ours(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("twice", demand);
    let ours = format!("{COOKIE}{token}");
    for (name, value) in [
        ("the same", format!("{ours}; {ours}")),
        ("without a space", format!("{ours};{ours}")),
        ("a bad one second", format!("{ours}; {COOKIE}canary.other.token")),
        ("a bad one first", format!("{COOKIE}canary.other.token; {ours}")),
        ("an empty one second", format!("{ours}; {COOKIE}")),
        ("an empty one first", format!("{COOKIE}; {ours}")),
        ("both empty", format!("{COOKIE}; {COOKIE}")),
        ("a malformed one second", format!("{ours}; {COOKIE}\"a\"")),
        ("a malformed one first", format!("{COOKIE}\"a b\"; {ours}")),
        ("others between", format!("{ours}; a=b; c=d; e=f; {ours}")),
        ("others around", format!("a=b; {ours}; {ours}; c=d")),
        ("three times", format!("{ours}; {ours}; {ours}")),
        ("behind a tab", format!("{ours};\t{ours}")),
        ("in another's quotes", format!("{ours}; a=\"b; {ours}\"")),
    ] {
        table.bad(name, cookie(value), TWICE);
    }
    let lines = |lines: &[&str]| Sent::lines(lines.iter().map(|line| ("cookie", line.as_bytes())));
    for (name, given) in [
        ("on two lines", [&*ours, &ours].as_slice()),
        ("on two lines, a bad one second", &[&ours, "__Host-access=canary.other.token"]),
        ("on two lines, an empty one first", &[COOKIE, &ours]),
        ("on two lines, an empty one second", &[&ours, COOKIE]),
        ("on the first and the third line", &[&ours, "a=b", &ours]),
        ("on two lines behind others", &["a=b; c=d", &format!("e=f; {ours}"), &format!("g=h; {ours}")]),
    ] {
        table.bad(name, lines(given), TWICE);
    }
    let in_two_cases = Sent::lines([("cookie", ours.as_bytes()), ("Cookie", ours.as_bytes())]);
    table.bad("on lines in two spellings", in_two_cases, TWICE);
    // Two lines are no fault.
    let apart = |first: &str| lines(&[first, "a=b", &ours]);
    table.pair("on two of three lines", apart("c=d"), apart(&ours), TWICE);
    table.into_rows()
}

/// Cookies that other hosts or old scripts leave in a browser, and what some servers make of them.
const JUNK: [(&str, &[u8]); 16] = [
    ("another", b"a=b"),
    ("a name without a value", b"consent"),
    ("our name without a value", b"__Host-access"),
    ("our name in another case", b"__host-access=canary.other.token"),
    ("our name without its prefix", b"access=canary.other.token"),
    ("our name behind a space", b"__Host-access =canary.other.token"),
    ("a value without a name", b"=b"),
    ("only an equals sign", b"="),
    ("only semicolons", b";;;"),
    ("equals signs", b"a=b=c=="),
    ("quotes", b"a=\"b c\""),
    ("half a quote", b"a=\"b"),
    ("JSON", b"a={\"b\":[1,2]}"),
    ("a letter outside ASCII", "läufe=größe".as_bytes()),
    ("bytes of no character", b"\xff\xfe=\x80"),
    ("commas", b"a=b, c=d, __Host-access=canary.other.token"),
];

fn others(demand: Demand) -> Vec<Row> {
    let (token, mut table) = table("beside junk", demand);
    let ours = format!("{COOKIE}{token}");
    let join = |parts: &[&[u8]]| cookie(parts.join(b"; ".as_slice()));
    for (name, junk) in JUNK {
        let twin = join(&[junk, ours.as_bytes(), junk]);
        let twice = join(&[ours.as_bytes(), junk, ours.as_bytes()]);
        table.pair(&format!("{name}, and none"), twin.clone(), join(&[junk]), Anonymous("missing_token"));
        table.pair(&format!("{name}, and two"), twin, twice, TWICE);
    }
    for count in [200, 2000] {
        let crowd: String = (0..count).map(|number| format!("name{number}=value{number}; ")).collect();
        let with = |end: &str| cookie(format!("{crowd}{end}"));
        table.pair(
            &format!("{count} others, and none"),
            with(&ours),
            with("a=b"),
            Anonymous("missing_token"),
        );
        table.pair(&format!("{count} others, and two"), with(&ours), with(&format!("{ours}; {ours}")), TWICE);
    }
    let line = |line: usize| ("cookie", if line == 70 { ours.clone() } else { format!("name{line}=b") });
    let lines = |count: usize| {
        let lines: Vec<_> = (0..count).map(line).collect();
        Sent::lines(lines.iter().map(|(name, value)| (*name, value.as_bytes())))
    };
    table.pair("on seventy lines", lines(80), lines(70), Anonymous("missing_token"));
    table.into_rows()
}
