//! Segments and sizes.

use jwtower_tests::{Forge, HEADER, encode};

use super::{Answer::Invalid, Api, Row, Table, User, builder, good, with};

pub(super) fn rows() -> Vec<Row> {
    let forge = Forge::new();
    let api = Api::verifying(builder::<User>(forge.secret()).build().expect("the settings are right"));
    let token = forge.sign(HEADER, good());
    let (signed, signature) = token.rsplit_once('.').expect("a token has dots");
    let (header, payload) = signed.split_once('.').expect("a token has two dots");

    let mut table = Table::new("segments", api.clone(), &token);
    for (name, bad, code) in [
        ("only the header", header.to_owned(), "malformed_token"),
        ("no signature, no dot", signed.to_owned(), "malformed_token"),
        ("no header, no dot", format!("{payload}.{signature}"), "malformed_token"),
        ("no payload, no dot", format!("{header}.{signature}"), "malformed_token"),
        ("no dots", format!("{header}{payload}{signature}"), "malformed_token"),
        ("a dot before", format!(".{token}"), "malformed_token"),
        ("a dot behind", format!("{token}."), "malformed_token"),
        ("two dots between", format!("{header}..{payload}.{signature}"), "malformed_token"),
        ("four segments", format!("{token}.{signature}"), "malformed_token"),
        (
            "five segments, as an encrypted token has",
            format!("{token}.{payload}.{signature}"),
            "encrypted_token",
        ),
        ("six segments", format!("{token}.{payload}.{signature}.{signature}"), "malformed_token"),
        ("the token twice", format!("{token}.{token}"), "malformed_token"),
        ("only dots", "..".to_owned(), "invalid_header"),
        ("an empty header", format!(".{payload}.{signature}"), "invalid_header"),
        ("an empty payload", forge.sign(HEADER, ""), "invalid_payload"),
        ("the segments in another order", format!("{payload}.{header}.{signature}"), "invalid_header"),
        ("a thousand dots", ".".repeat(1000), "malformed_token"),
    ] {
        table.bad(name, bad, Invalid(code));
    }
    let mut rows = table.into_rows();
    rows.extend(sizes(&forge, &api));
    rows
}

fn sizes(forge: &Forge, api: &Api) -> Vec<Row> {
    let mut table = Table::new("size", api.clone(), forge.sign(HEADER, good()));
    let (largest, larger) = (token_of(forge, 16 * 1024), token_of(forge, 16 * 1024 + 1));
    table.pair("one byte above 16 KiB", largest, larger, Invalid("token_too_large"));
    table.bad(
        "64 KiB of payload",
        forge.sign(HEADER, with("x", "a".repeat(65_536))),
        Invalid("token_too_large"),
    );
    let header = |size| forge.sign(header_of(size), good());
    table.pair("a header of one byte above 4 KiB", header(4096), header(4097), Invalid("header_too_large"));
    table.bad("a header of 10 KiB", header(10_240), Invalid("header_too_large"));
    table.into_rows()
}

/// A token of this many bytes; not every size exists for every header.
fn token_of(forge: &Forge, size: usize) -> String {
    let token = |spaces: usize, letters: usize| {
        let header = format!("{HEADER}{}", " ".repeat(spaces));
        forge.sign(header, with("x", "a".repeat(letters)))
    };
    let sizes = (0..3).flat_map(|spaces| (11_000..12_200).map(move |letters| (spaces, letters)));
    let fixed = encode(HEADER).len() + encode(with("x", "")).len() + encode([0; 32]).len() + 2;
    let near = |(spaces, letters): &(usize, usize)| fixed + (spaces + letters) * 4 / 3 + 4 >= size;
    let fits = |token: &String| token.len() == size;
    sizes.filter(near).map(|(spaces, letters)| token(spaces, letters)).find(fits).expect("the size exists")
}

fn header_of(size: usize) -> String {
    let frame = r#"{"alg":"HS256","x":""}"#.len();
    format!(r#"{{"alg":"HS256","x":"{}"}}"#, "a".repeat(size - frame))
}
