//! Who takes encrypted tokens, who plain ones, and which key opens what.

use jwtower::{
    Verifier,
    jwe::{DecryptionKey, DecryptionKeys, KeyManagement},
    verify::{AudienceGiven, IssuerGiven, Issuers, KeysGiven, VerifierBuilder},
};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, envelope::Sender, good_claims};
use serde_json::Value;

use super::fixture::{User, World, outcome, verifier};

type Builder = VerifierBuilder<User, KeysGiven, IssuerGiven, AudienceGiven>;

const OTHER: &str = "https://other.example.com";

fn builder(forge: &Forge, issuer: &str) -> Builder {
    Verifier::builder().keys(forge.secret()).issuer(issuer).audience(AUDIENCE)
}

fn signed(forge: &Forge, issuer: &str) -> String {
    let mut claims = good_claims();
    claims.insert("iss".into(), issuer.into());
    forge.sign(HEADER, Value::Object(claims).to_string())
}

fn key(kid: Option<&str>) -> DecryptionKey {
    let key = DecryptionKey::generate(KeyManagement::A256KW).unwrap();
    match kid {
        Some(kid) => key.with_kid(kid).unwrap(),
        None => key,
    }
}

fn sealed(key: &DecryptionKey, signed: &str) -> String {
    Sender { key: key.clone() }.seal(signed).token()
}

#[test]
fn plain_tokens_are_refused_unless_they_are_accepted_beside_encrypted_ones() {
    for world in World::all() {
        let (plain, encrypted) = (world.signed(), world.good().token());
        assert_eq!(world.outcome(&plain), "plain_token", "{}", world.kind());
        assert_eq!(world.outcome(&encrypted), "good");
        let both = builder(&world.forge, ISSUER).decrypt_with(&world.sender.key).accept_plain();
        let both = both.build().unwrap();
        assert_eq!([&plain, &encrypted].map(|token| outcome(&both, token)), ["good"; 2]);
        let none = builder(&world.forge, ISSUER).build().unwrap();
        assert_eq!(outcome(&none, &plain), "good");
        assert_eq!(outcome(&none, &encrypted), "encrypted_token");
    }
}

#[test]
fn to_accept_plain_tokens_where_no_others_come_is_a_mistake() {
    let error = builder(&Forge::new(), ISSUER).accept_plain().build().unwrap_err();
    assert_eq!(error.setting(), "accept_plain");
}

#[test]
fn while_a_key_changes_both_open_their_tokens_and_afterwards_one_does() {
    let forge = Forge::new();
    let (old, new) = (key(Some("old")), key(Some("new")));
    let both = verifier(&forge, DecryptionKeys::from(&new).and(&old).unwrap());
    let tokens = [&old, &new].map(|key| sealed(key, &signed(&forge, ISSUER)));
    assert_eq!(tokens.each_ref().map(|token| outcome(&both, token)), ["good"; 2]);
    let after = verifier(&forge, &new);
    assert_eq!(tokens.each_ref().map(|token| outcome(&after, token)), ["unknown_key", "good"]);

    let anonymous = Sender { key: old.clone() };
    let anonymous = anonymous.seal_with(
        |mut header| {
            header.remove("kid");
            header
        },
        signed(&forge, ISSUER),
    );
    assert_eq!(outcome(&both, &anonymous.token()), "ambiguous_key");
    assert_eq!(outcome(&verifier(&forge, &old), &anonymous.token()), "good");
    assert_eq!(outcome(&after, &anonymous.token()), "decryption_failed");

    let error = DecryptionKeys::from(&old).and(&key(Some("old"))).unwrap_err();
    assert_eq!(error.setting(), "decryption keys");
}

#[test]
fn a_name_of_one_key_does_not_lead_to_another() {
    let forge = Forge::new();
    let (named, nameless) = (key(Some("a")), key(None));
    let both = verifier(&forge, DecryptionKeys::from(&named).and(&nameless).unwrap());
    let called =
        |key: &DecryptionKey, kid: &str| sealed(&key.clone().with_kid(kid).unwrap(), &signed(&forge, ISSUER));
    assert_eq!(outcome(&both, &called(&named, "a")), "good");
    assert_eq!(outcome(&both, &called(&nameless, "b")), "good");
    assert_eq!(outcome(&both, &called(&nameless, "a")), "decryption_failed");
    assert_eq!(outcome(&both, &called(&named, "b")), "decryption_failed");
}

fn among(builders: [Builder; 2]) -> Verifier<User> {
    let issuers = Issuers::new();
    for builder in builders {
        issuers.trust(builder.build().unwrap()).unwrap();
    }
    issuers.into()
}

#[test]
fn issuers_that_share_keys_are_told_apart_by_what_is_inside() {
    let (a, b, shared) = (Forge::new(), Forge::new(), DecryptionKeys::from(&key(None)));
    let ours = key(None);
    let keys = DecryptionKeys::from(&ours);
    let both = |keys: &DecryptionKeys| {
        among([builder(&a, ISSUER).decrypt_with(keys), builder(&b, OTHER).decrypt_with(keys)])
    };
    let verifier = both(&keys);
    for (forge, issuer, code) in [
        (&a, ISSUER, "good"),
        (&b, OTHER, "good"),
        (&a, OTHER, "bad_signature"),
        (&b, ISSUER, "bad_signature"),
        (&a, "https://evil.example.com", "unknown_issuer"),
    ] {
        assert_eq!(outcome(&verifier, &sealed(&ours, &signed(forge, issuer))), code, "{issuer}");
    }
    assert_eq!(outcome(&verifier, &signed(&a, ISSUER)), "plain_token");
    assert_eq!(outcome(&both(&shared), &sealed(&ours, &signed(&a, ISSUER))), "decryption_failed");
}

#[test]
fn an_issuer_is_not_believed_in_an_envelope_to_keys_of_another() {
    let (a, b) = (Forge::new(), Forge::new());
    let (of_a, of_b) = (key(Some("a")), key(Some("b")));
    let verifier = among([builder(&a, ISSUER).decrypt_with(&of_a), builder(&b, OTHER).decrypt_with(&of_b)]);
    for (key, forge, issuer, code) in [
        (&of_a, &a, ISSUER, "good"),
        (&of_b, &b, OTHER, "good"),
        (&of_a, &b, OTHER, "unknown_key"),
        (&of_b, &a, ISSUER, "unknown_key"),
    ] {
        assert_eq!(outcome(&verifier, &sealed(key, &signed(forge, issuer))), code);
    }
    let stranger = sealed(&key(Some("c")), &signed(&a, ISSUER));
    assert_eq!(outcome(&verifier, &stranger), "unknown_key");
}

#[test]
fn where_two_issuers_keys_fit_an_envelope_it_is_ambiguous() {
    let (a, b, of_a, of_b) = (Forge::new(), Forge::new(), key(None), key(None));
    let verifier = among([builder(&a, ISSUER).decrypt_with(&of_a), builder(&b, OTHER).decrypt_with(&of_b)]);
    assert_eq!(outcome(&verifier, &sealed(&of_a, &signed(&a, ISSUER))), "ambiguous_key");
}

#[test]
fn an_issuer_of_plain_tokens_beside_one_of_encrypted_ones_stays_what_it_is() {
    let (a, b, of_b) = (Forge::new(), Forge::new(), key(None));
    let verifier = among([builder(&a, ISSUER), builder(&b, OTHER).decrypt_with(&of_b)]);
    assert_eq!(outcome(&verifier, &signed(&a, ISSUER)), "good");
    assert_eq!(outcome(&verifier, &signed(&b, OTHER)), "plain_token");
    assert_eq!(outcome(&verifier, &sealed(&of_b, &signed(&b, OTHER))), "good");
    assert_eq!(outcome(&verifier, &sealed(&of_b, &signed(&a, ISSUER))), "encrypted_token");
    let plain = among([builder(&a, ISSUER), builder(&b, OTHER)]);
    assert_eq!(outcome(&plain, &sealed(&of_b, &signed(&b, OTHER))), "encrypted_token");
}
