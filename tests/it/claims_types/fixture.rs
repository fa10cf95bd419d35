//! One payload with every registered claim, in several spellings, read as any claims type.

use jwtower::{JwtAuthLayer, Principal, Verifier, claims::Verified, verify::VerifierBuilder};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER};
use serde::de::DeserializeOwned;

/// A member of a payload: its name, and its value as JSON.
pub(super) type Member<'a> = (&'a str, &'a str);

/// Every claim that the verifier reads by itself.
const OURS: [Member<'static>; 14] = [
    ("iss", r#""https://login.example.com""#),
    ("sub", r#""alice""#),
    ("aud", r#"["https://other.example.com", "https://api.example.com"]"#),
    ("exp", "4102444800.5"),
    ("nbf", "-1"),
    ("iat", "1700000000"),
    ("jti", r#""t-1""#),
    ("sid", r#""s-\u0031""#),
    ("client_id", r#""web""#),
    ("auth_time", "1699999999"),
    ("acr", r#""urn:mfa""#),
    ("roles", r#"["user", "aud\u0069tor"]"#),
    ("permissions", r#""posts:read""#),
    ("scope", r#""read  write""#),
];

/// A verifier of the forge's tokens with any claims type.
pub(super) fn verifier<C>(forge: &Forge) -> Complete<C> {
    Verifier::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE)
}

/// A builder that lacks nothing.
pub(super) type Complete<C> = VerifierBuilder<
    C,
    jwtower::verify::KeysGiven,
    jwtower::verify::IssuerGiven,
    jwtower::verify::AudienceGiven,
>;

/// The verdict on one payload, as its code where it is refused.
pub(super) fn verdict<C: DeserializeOwned>(payload: &str) -> Result<Verified<C>, &'static str> {
    let forge = Forge::new();
    let verifier = verifier::<C>(&forge).build().expect("the verifier is complete");
    verifier.verify(&forge.sign(HEADER, payload)).map_err(|error| error.code())
}

/// Who a good payload says is asking.
pub(super) fn principal<C: DeserializeOwned + Send + Sync + 'static>(payload: &str) -> Principal {
    let forge = Forge::new();
    let verifier = verifier::<C>(&forge).build().expect("the verifier is complete");
    let claims =
        jwtower_tests::at_once(JwtAuthLayer::new(verifier).authenticate(&forge.sign(HEADER, payload)));
    claims.unwrap_or_else(|error| panic!("{error}")).principal()
}

/// One JSON object.
pub(super) fn object(members: &[Member<'_>]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\" : {value}")).collect();
    format!(" {{ {} }} ", members.join(" , "))
}

/// Our members and the given ones, which replace ours of the same name.
pub(super) fn with_ours<'a>(own: &[Member<'a>]) -> Vec<Member<'a>> {
    let ours = OURS.iter().filter(|(name, _)| own.iter().all(|(other, _)| other != name));
    own.iter().chain(ours).copied().collect()
}

/// Checks a claims type against a payload with these members of its own.
///
/// The claims must be `expected`, and the registered ones captured, in whatever order and spelling the
/// members stand; a member that stands twice must be found; time and issuer must be judged.
pub(super) fn reads<C>(own: &[Member<'_>], expected: impl Fn(&C) -> bool)
where
    C: DeserializeOwned + Send + Sync + 'static,
{
    let members = with_ours(own);
    let kind = std::any::type_name::<C>();
    let mut backwards = members.clone();
    backwards.reverse();
    let mut halves = members.clone();
    halves.rotate_left(members.len() / 2);
    let escaped: Vec<(String, &str)> = members.iter().map(|(name, value)| (escape(name), *value)).collect();
    let escaped: Vec<Member<'_>> = escaped.iter().map(|(name, value)| (&**name, *value)).collect();
    for spelling in [&members, &backwards, &halves, &escaped] {
        let payload = object(spelling);
        let token = verdict::<C>(&payload).unwrap_or_else(|code| panic!("{kind}: {code} for {payload}"));
        assert!(expected(token.claims()), "{kind}: other claims from {payload}");
        assert_captured(&token, &principal::<C>(&payload));
    }
    assert_judged::<C>(&members);
}

/// The registered claims and authorities of [`OURS`].
fn assert_captured<C>(token: &Verified<C>, principal: &Principal) {
    let kind = std::any::type_name::<C>();
    let registered = token.registered();
    let seen = (registered.issuer(), registered.subject(), registered.token_id(), registered.session());
    assert_eq!(seen, (Some(ISSUER), Some("alice"), Some("t-1"), Some("s-1")), "{kind}");
    assert_eq!(registered.audience().collect::<Vec<_>>(), ["https://other.example.com", AUDIENCE], "{kind}");
    assert_eq!((registered.client_id(), registered.acr()), (Some("web"), Some("urn:mfa")), "{kind}");
    let dates = [registered.not_before(), registered.issued_at(), registered.auth_time()];
    assert_eq!(
        dates.map(|date| date.map(|date| date.as_secs())),
        [Some(-1.0), Some(1.7e9), Some(1_699_999_999.0)]
    );
    assert_eq!(registered.expires_at().as_secs(), 4_102_444_800.5, "{kind}");

    assert_eq!(principal.roles().collect::<Vec<_>>(), ["user", "auditor"], "{kind}");
    assert_eq!(principal.permissions().collect::<Vec<_>>(), ["posts:read"], "{kind}");
    assert_eq!(principal.scopes().collect::<Vec<_>>(), ["read", "write"], "{kind}");
}

/// Whatever the claims type: a repeated member is found, and time and issuer are judged.
fn assert_judged<C: DeserializeOwned>(members: &[Member<'_>]) {
    let kind = std::any::type_name::<C>();
    for (name, value) in members {
        for name in [(*name).to_owned(), escape(name)] {
            let twice = [members, &[(&*name, value)]].concat();
            assert_eq!(verdict::<C>(&object(&twice)).err(), Some("duplicate_claim"), "{kind}: {name} twice");
        }
    }
    for (name, value, code) in [
        ("exp", "1700000000", "token_expired"),
        ("nbf", "4102444800", "not_yet_valid"),
        ("iss", r#""https://evil.example.com""#, "issuer_mismatch"),
        ("aud", r#""https://other.example.com""#, "audience_mismatch"),
    ] {
        let changed: Vec<Member<'_>> =
            members.iter().map(|member| if member.0 == name { (name, value) } else { *member }).collect();
        assert_eq!(verdict::<C>(&object(&changed)).err(), Some(code), "{kind}: {name} = {value}");
    }
}

/// The same name, its first letter spelt as an escape.
fn escape(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => format!("\\u{:04x}{}", u32::from(first), letters.as_str()),
        None => String::new(),
    }
}
