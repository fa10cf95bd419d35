//! Answers to a question for keys or for a document, each a good one with one thing changed.

use jwtower_tests::hostile::Answer;

/// What is special, and how the answer is made of a good body.
pub(super) type Case = (&'static str, fn(&str) -> Answer);

const MIB: usize = 1024 * 1024;

/// Those that bring nothing.
pub(super) const FAULTS: &[Case] = &[
    ("500", |_| Answer::status(500)),
    ("500 with a good body", |good| Answer::status(500).header("content-type", JSON).body(good)),
    ("503", |_| Answer::status(503).header("retry-after", "1")),
    ("404", |_| Answer::status(404)),
    ("429", |_| Answer::status(429)),
    ("204", |_| Answer::status(204)),
    ("206", |good| Answer::status(206).header("content-type", JSON).body(good)),
    ("304 without a body", |_| Answer::status(304)),
    ("an empty body", |_| Answer::json("")),
    ("an empty set", |_| Answer::json(r#"{"keys":[]}"#)),
    ("an empty object", |_| Answer::json("{}")),
    ("keys that are no list", |_| Answer::json(r#"{"keys":{}}"#)),
    ("an array", |_| Answer::json("[]")),
    ("half a body", |good| Answer::json(&good[..good.len() / 2])),
    ("more than a body", |good| Answer::json(&format!("{good}{good}"))),
    ("one broken key", |_| Answer::json(r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#)),
    ("a page", |_| Answer::json(PAGE).header("content-type", "text/html")),
    ("a page that says it is JSON", |_| Answer::json(PAGE)),
    ("a good body that says it is a page", |good| Answer::json(good).header("content-type", "text/html")),
    ("a compressed body", |good| Answer::json(good).header("content-encoding", "gzip")),
    ("10 MiB", |good| padded(good, 10 * MIB)),
    ("10 MiB in chunks", |good| padded(good, 10 * MIB).chunked()),
    ("one byte more than 1 MiB", |good| padded(good, MIB + 1)),
    ("1 MiB of nesting", |_| Answer::json(&format!(r#"{{"keys":{}"#, "[".repeat(MIB - 10)))),
    ("a header of 2 MiB", |good| Answer::json(good).header("x-large", &"y".repeat(2 * MIB))),
    ("1,000 headers", |good| {
        (0..1000).fold(Answer::json(good), |answer, n| answer.header(&format!("x-{n}"), "y"))
    }),
    ("a body that ends early", |good| Answer::json(good).cut_short_by(1)),
    ("chunks that end early", |good| Answer::json(good).chunked().cut_short_by(1)),
    ("chunks of nonsense", |good| Answer::raw(format!("{CHUNKED}zz\r\n{good}\r\n0\r\n\r\n"))),
    ("a chunk longer than it says", |good| Answer::raw(format!("{CHUNKED}5\r\n{good}\r\n0\r\n\r\n"))),
    ("two lengths", |good| {
        Answer::raw(format!("{HEAD}content-length: 2\r\ncontent-length: 999\r\n\r\n{good}"))
    }),
    ("a head that ends early", |_| Answer::raw(HEAD)),
    ("no HTTP", |_| Answer::raw("SSH-2.0-OpenSSH_9.2p1\r\n")),
    ("nothing but the end", |_| Answer::raw("")),
];

/// Those that bring the body all the same.
pub(super) const ODDITIES: &[Case] = &[
    ("as it should be", Answer::json),
    ("as a JWK Set", |good| {
        Answer::json(good).header("content-type", "application/jwk-set+json; charset=utf-8")
    }),
    ("as text", |good| Answer::json(good).header("content-type", "text/plain")),
    ("as a file of an unknown type", |good| {
        Answer::json(good).header("content-type", "application/octet-stream")
    }),
    ("without a type", |good| Answer::status(200).body(good)),
    ("with 50 headers", |good| {
        (0..50).fold(Answer::json(good), |answer, n| answer.header(&format!("x-{n}"), "y"))
    }),
    ("in chunks", |good| Answer::json(good).chunked()),
    ("in 1 MiB", |good| padded(good, MIB)),
    ("without a length", |good| Answer::raw(format!("{HEAD}\r\n{good}"))),
    ("by HTTP/1.0", |good| Answer::raw(format!("HTTP/1.0 200 OK\r\n\r\n{good}"))),
    ("after a hint", |good| Answer::raw(format!("HTTP/1.1 103 Early Hints\r\n\r\n{HEAD}\r\n{good}"))),
];

const JSON: &str = "application/json";
const PAGE: &str = "<html><title>Sign in</title></html>";
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";

fn padded(good: &str, length: usize) -> Answer {
    Answer::json(&format!("{good}{}", " ".repeat(length - good.len())))
}
