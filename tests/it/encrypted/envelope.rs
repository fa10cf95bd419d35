//! Segments that were changed on their way.

use jwtower_tests::{encode, envelope::Envelope};

use super::fixture::{Row, World};

/// The envelope with one segment changed.
pub(super) fn changed(envelope: &Envelope, change: impl FnOnce(&mut Envelope)) -> String {
    let mut changed = envelope.clone();
    change(&mut changed);
    changed.token()
}

/// Changes of a good envelope that only the key, the nonce or the tag can tell.
pub(super) fn rows(world: &World) -> Vec<Row> {
    let good = world.good();
    let mut rows = Vec::new();
    let mut failed = |name: &str, token| rows.push(Row::new(name, token, "decryption_failed"));
    for length in [0, 1, 11, 13, 24] {
        failed(&format!("a nonce of {length} bytes"), changed(&good, |it| it.nonce.resize(length, 7)));
    }
    for length in [0, 1, 4, 12, 15] {
        failed(&format!("a tag of {length} bytes"), changed(&good, |it| it.tag.truncate(length)));
    }
    failed("a tag of 17 bytes", changed(&good, |it| it.tag.push(0)));
    failed("a tag of 32 bytes", changed(&good, |it| it.tag = it.tag.repeat(2)));
    failed("no ciphertext", changed(&good, |it| it.ciphertext.clear()));
    failed("a ciphertext with the tag behind it", changed(&good, |it| it.ciphertext.extend(it.tag.clone())));
    failed("a tag that begins in the ciphertext", {
        let cut = |it: &mut Envelope| it.tag.insert(0, it.ciphertext.pop().unwrap());
        changed(&good, cut)
    });
    failed("the nonce of another", changed(&good, |it| it.nonce = world.good().nonce));
    failed("the ciphertext of another", changed(&good, |it| it.ciphertext.reverse()));
    failed("an encrypted key too long for any", changed(&good, |it| it.encrypted_key = vec![7; 1100]));
    if good.encrypted_key.is_empty() {
        for length in [1, 24, 40, 256] {
            let name = format!("{length} bytes of an encrypted key where none belongs");
            failed(&name, changed(&good, |it| it.encrypted_key = vec![7; length]));
        }
    } else {
        failed(
            "the encrypted key of another",
            changed(&good, |it| {
                it.encrypted_key = world.good().encrypted_key;
            }),
        );
        for length in [0, 1, 7, 8, 16, good.encrypted_key.len() - 1, good.encrypted_key.len() + 1] {
            let name = format!("{length} bytes of an encrypted key");
            failed(&name, changed(&good, |it| it.encrypted_key.resize(length, 7)));
        }
    }
    rows
}

/// Texts that are no five segments of base64url.
pub(super) fn malformed(world: &World) -> Vec<Row> {
    let segments = world.good().segments();
    let mut rows = Vec::new();
    for (index, name) in ["header", "encrypted key", "nonce", "ciphertext", "tag"].into_iter().enumerate() {
        for more in ["=", "==", " ", "\n", "+", "/", "\u{e9}"] {
            let mut segments = segments.clone();
            segments[index].push_str(more);
            rows.push(Row::new(format!("{more:?} behind the {name}"), segments.join("."), "malformed_token"));
        }
        let mut letters = segments.clone();
        if letters[index].len() % 4 > 1 {
            let last = letters[index].pop().unwrap();
            letters[index].push(neighbour(last));
            rows.push(Row::new(format!("unused bits in the {name}"), letters.join("."), "malformed_token"));
        }
    }
    let [header, key, nonce, ciphertext, tag] = segments;
    let token = format!("{header}.{key}.{nonce}.{ciphertext}.{tag}");
    for (name, token) in [
        ("four segments", format!("{header}.{key}.{nonce}.{ciphertext}")),
        ("six segments", format!("{token}.{tag}")),
        ("a dot behind", format!("{token}.")),
        ("a dot before", format!(".{token}")),
        ("an envelope twice", format!("{token}.{token}")),
    ] {
        rows.push(Row::new(name, token, "malformed_token"));
    }
    rows.push(Row::new("an empty header", format!(".{key}.{nonce}.{ciphertext}.{tag}"), "invalid_header"));
    rows.push(Row::new("only dots", "....", "invalid_header"));
    let large = changed(&world.good(), |it| it.ciphertext = vec![7; 65_536]);
    rows.push(Row::new("64 KiB of ciphertext", large, "token_too_large"));
    rows
}

/// The letter that differs in the lowest bit alone, which nobody reads at the end of such a segment.
fn neighbour(letter: char) -> char {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    ALPHABET.chars().nth(ALPHABET.find(letter).unwrap() ^ 1).unwrap()
}

#[test]
fn whatever_was_changed_decryption_fails_in_one_way() {
    for world in World::all() {
        world.check(rows(&world));
    }
}

#[test]
fn what_is_not_five_segments_of_base64url_is_malformed() {
    for world in World::all() {
        world.check(malformed(&world));
    }
}

#[test]
fn a_padded_header_is_malformed_even_where_the_tag_covers_the_padding() {
    for world in World::all() {
        let header = |members| {
            let mut json = serde_json::Value::Object(members).to_string();
            json.push_str(&" ".repeat((5 - json.len() % 3) % 3));
            format!("{}=", encode(json))
        };
        let token = world.sender.seal_by(&Default::default(), header, world.signed()).token();
        assert_eq!(world.outcome(&token), "malformed_token", "{}", world.kind());
    }
}

#[test]
fn no_bit_of_an_envelope_can_be_flipped() {
    for world in World::all() {
        let good = world.good();
        assert_eq!(world.outcome(&good.token()), "good");
        let header = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(&good.header).unwrap();
        for bit in 0..header.len() * 8 {
            let mut header = header.clone();
            header[bit / 8] ^= 1 << (bit % 8);
            let token = changed(&good, |it| it.header = encode(header));
            assert_ne!(world.outcome(&token), "good", "{}: bit {bit} of the header", world.kind());
        }
        type Part = fn(&mut Envelope) -> &mut Vec<u8>;
        let parts: [(&str, usize, Part); 4] = [
            ("encrypted key", 1, |it| &mut it.encrypted_key),
            ("nonce", 1, |it| &mut it.nonce),
            ("ciphertext", 3, |it| &mut it.ciphertext),
            ("tag", 1, |it| &mut it.tag),
        ];
        for (name, step, part) in parts {
            let bits = part(&mut good.clone()).len() * 8;
            for bit in (0..bits).step_by(step) {
                let token = changed(&good, |it| part(it)[bit / 8] ^= 1 << (bit % 8));
                let kind = world.kind();
                assert_eq!(world.outcome(&token), "decryption_failed", "{kind}: bit {bit} of the {name}");
            }
        }
    }
}
