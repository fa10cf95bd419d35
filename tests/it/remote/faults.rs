//! Answers that bring no keys, each a good one with one thing changed.

use jwtower_tests::hostile::Answer;

use super::fixture::Signer;

const MIB: usize = 1024 * 1024;

/// What is wrong, and the answer. `good` is a JWK Set.
pub(super) fn faults(good: &str) -> Vec<(&'static str, Answer)> {
    let json = || Answer::json(good);
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let plain = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let many_headers = (0..10_000).fold(json(), |answer, n| answer.header(&format!("x-{n}"), "y"));
    let padded = |size: usize| format!("{good}{}", " ".repeat(size));
    vec![
        ("500", Answer::status(500)),
        ("500 with keys", Answer::status(500).header("content-type", "application/json").body(good)),
        ("503", Answer::status(503).header("retry-after", "1")),
        ("404", Answer::status(404)),
        ("401", Answer::status(401)),
        ("204", Answer::status(204)),
        ("304 without a body", Answer::status(304)),
        ("an empty body", Answer::json("")),
        ("an empty set", Answer::json(r#"{"keys":[]}"#)),
        ("an object without keys", Answer::json("{}")),
        ("keys that are no list", Answer::json(r#"{"keys":{}}"#)),
        ("an array", Answer::json("[]")),
        ("half a set", Answer::json(&good[..good.len() / 2])),
        ("a set of one broken key", Answer::json(r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#)),
        ("a set of one secret", Answer::json(r#"{"keys":[{"kty":"oct","alg":"HS256","k":"c2VjcmV0"}]}"#)),
        ("a page", Answer::json("<html>Sign in</html>").header("content-type", "text/html")),
        ("a page that says it is JSON", Answer::json("<html>Sign in</html>")),
        ("keys that say they are a page", json().header("content-type", "text/html; charset=utf-8")),
        ("a compressed body", json().header("content-encoding", "gzip")),
        ("10 MiB", Answer::json(&padded(10 * MIB))),
        ("10 MiB in chunks", Answer::json(&padded(10 * MIB)).chunked()),
        ("a little more than 1 MiB", Answer::json(&padded(MIB))),
        ("1 MiB of nesting", Answer::json(&format!(r#"{{"keys":{}"#, "[".repeat(MIB - 10)))),
        ("a header of 2 MiB", json().header("x-large", &"y".repeat(2 * MIB))),
        ("10,000 headers", many_headers),
        ("a body that ends early", json().cut_short_by(1)),
        ("chunks that end early", json().chunked().cut_short_by(1)),
        ("chunks of nonsense", Answer::raw(format!("{chunked}zz\r\n{good}\r\n0\r\n\r\n"))),
        ("a chunk longer than it says", Answer::raw(format!("{chunked}5\r\n{good}\r\n0\r\n\r\n"))),
        ("two lengths", Answer::raw(format!("{plain}content-length: 2\r\ncontent-length: 9999\r\n\r\n{good}"))),
        ("a head that ends early", Answer::raw(plain)),
        ("no HTTP", Answer::raw("SSH-2.0-OpenSSH_9.2p1\r\n")),
        ("nothing, and the end", Answer::raw("")),
    ]
}

/// Answers that are odd, and bring the keys all the same.
pub(super) fn oddities(signer: &Signer) -> Vec<(&'static str, Answer)> {
    let good = super::fixture::jwks([signer.jwk()]);
    let json = || Answer::json(&good);
    vec![
        ("as they should be", json()),
        ("as their own media type", json().header("content-type", "application/jwk-set+json; charset=utf-8")),
        ("as plain text", json().header("content-type", "text/plain")),
        ("as a file of no known type", json().header("content-type", "application/octet-stream")),
        ("without a type", Answer::status(200).body(&good)),
        ("in chunks", json().chunked()),
        ("just under 1 MiB", Answer::json(&format!("{good}{}", " ".repeat(MIB - good.len())))),
        ("without a length", Answer::raw(format!("HTTP/1.1 200 OK\r\n\r\n{good}"))),
        ("in HTTP/1.0", Answer::raw(format!("HTTP/1.0 200 OK\r\n\r\n{good}"))),
        ("after a hint", Answer::raw(format!("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{good}"))),
    ]
}
