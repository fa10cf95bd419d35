use crate::jwe::{DecryptionKey, DecryptionKeys, EncryptionKey, KeyManagement};

/// What is found in an envelope with this content.
fn found_in_an_envelope_with(content: &str) -> Result<String, &'static str> {
    let key = DecryptionKey::generate(KeyManagement::A256KW).unwrap();
    let token = EncryptionKey::from(&key).encrypt(content).unwrap();
    let inside = DecryptionKeys::from(&key).decrypt(&token);
    inside.map(|token| token.secret().to_owned()).map_err(|error| error.code())
}

#[test]
fn only_a_signed_token_comes_out_of_an_envelope() {
    assert_eq!(found_in_an_envelope_with("e30.e30.c2ln-_"), Ok("e30.e30.c2ln-_".to_owned()));
    for content in [
        "",
        "e30.e30",
        "e30.e30.c2ln.c2ln",
        "e30.a.b.c.d",
        "e30.e30.c2ln+/",
        "e30.e30.c2ln\n",
        r#"{"sub":"alice"}"#,
        r#"{"iss":"login.example.com"}"#,
    ] {
        assert_eq!(found_in_an_envelope_with(content), Err("not_nested"), "{content:?}");
    }
}
