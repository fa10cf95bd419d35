use serde_json::json;

use crate::{
    jwe::{
        DecryptionKey, DecryptionKeys, EncryptionKey, KeyManagement,
        encryption_key::assemble,
        private::Private,
        secret::{SecretKey, SharedSecret},
    },
    keys::base64url,
};

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

#[test]
fn the_header_says_that_there_is_a_token_inside() {
    let key = DecryptionKey::generate(KeyManagement::Dir).unwrap();
    let Private::Secret(SharedSecret { key: SecretKey::Direct(direct), .. }) = key.private() else {
        panic!()
    };
    let found = |cty: Option<&str>| {
        let mut header = json!({ "alg": "dir", "enc": "A256GCM" });
        if let Some(cty) = cty {
            header["cty"] = cty.into();
        }
        let token = assemble(&base64url::encode(header.to_string()), &[], direct, b"e30.e30.c2ln").unwrap();
        DecryptionKeys::from(&key).decrypt(&token).map(drop).map_err(|error| error.code())
    };
    for cty in ["JWT", "jwt", "application/jwt", "at+jwt", "application/AT+JWT"] {
        assert_eq!(found(Some(cty)), Ok(()), "{cty}");
    }
    for cty in [None, Some(""), Some("json"), Some("dpop+jwt"), Some("text/jwt"), Some("JWE")] {
        assert_eq!(found(cty), Err("not_nested"), "{cty:?}");
    }
}
