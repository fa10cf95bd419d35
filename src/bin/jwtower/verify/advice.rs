//! What to do about a refusal.

use jwtower::{
    Algorithm,
    jwe::{DecryptionKeys, KeyManagement},
};

use super::{
    asked::{Asked, Refusal},
    keys::Keys,
    steps::Step,
    unverified::{Unverified, list, quoted, shown},
};
use crate::moment;

/// A sentence or two on a refusal, with what the token says of itself.
pub(crate) fn advice(refusal: &Refusal, asked: &Asked<'_>) -> String {
    let Refusal { error, step, token } = refusal;
    match (error.code(), *step) {
        ("unknown_key" | "ambiguous_key" | "algorithm_mismatch", Some(Step::Encryption)) => {
            envelope(token, asked)
        }
        ("token_too_large", _) => "Take claims out of it: an id can stand for what is long.".into(),
        ("malformed_token", _) => {
            "Copy it whole. Where it is whole, it is no JWT: the access tokens of some providers are none, and \
             they alone can verify those."
                .into()
        }
        ("encrypted_token", _) => "Give the key that decrypts it by --decrypt-key.".into(),
        ("plain_token", _) => "Without --decrypt-key plain tokens are taken.".into(),
        ("decryption_failed", _) => "It is encrypted to another key, or was changed on its way.".into(),
        ("not_nested", _) => "Its sender has to sign it, to encrypt that, and to say cty: JWT.".into(),
        ("header_claim_mismatch", _) => {
            "Its sender has to repeat iss, sub and aud as they are in the signed token, or not at all.".into()
        }
        ("unsupported_algorithm", Some(Step::Encryption)) => {
            let known = KeyManagement::ALL.map(KeyManagement::name).join(", ");
            format!("Its alg is {}; known are {known}.", shown(token.header("alg")))
        }
        ("unsupported_algorithm", _) => {
            let known = Algorithm::ALL.map(Algorithm::name).join(", ");
            format!("Its alg is {}; known are {known}.", shown(token.header("alg")))
        }
        ("wrong_type", _) => {
            let taken = match asked.demands.rfc9068 {
                true => "--rfc9068 takes at+jwt alone",
                false => "access tokens have none, JWT or at+jwt",
            };
            format!("Its typ is {}; {taken}.", shown(token.header("typ")))
        }
        ("algorithm_not_allowed", _) => {
            let allowed = asked.demands.alg.map(Algorithm::name).unwrap_or_default();
            format!("Its alg is {}, and --alg {allowed} was given.", shown(token.header("alg")))
        }
        ("unknown_key", _) => format!("Its kid is {}; {}.", shown(token.header("kid")), keys(asked)),
        ("ambiguous_key", _) => format!("Give the one key that is meant; {}.", keys(asked)),
        ("algorithm_mismatch", _) => {
            format!("Its alg is {}. If the key is meant for that, say so by --alg.", shown(token.header("alg")))
        }
        ("bad_signature", _) => {
            "Another key signed it, or it was changed. A secret is read as base64: where its issuer uses the text \
             as it is, encode that."
                .into()
        }
        ("mistyped_claim", _) => {
            "Numbers are exp, nbf, iat and auth_time; texts iss, sub, jti, sid, client_id and acr; texts or lists \
             of texts aud, roles, permissions, scope and scp."
                .into()
        }
        ("claims_mismatch", _) => "One of its numbers is too large for a JSON reader.".into(),
        ("other_token_kind", _) => {
            "It has a claim that access tokens do not have, such as an ID token's nonce or at_hash. Take the access \
             token that came with it."
                .into()
        }
        ("token_expired", _) => format!("It ended {}. Get a new one.", when(token, "exp")),
        ("not_yet_valid", _) => format!("It begins {}.", when(token, "nbf")),
        ("issued_in_future", _) => {
            format!("It was issued {}. A clock is wrong, here or there.", when(token, "iat"))
        }
        ("issuer_mismatch", _) => issuer(*step, token, asked),
        ("audience_mismatch", _) => {
            let taken = list(asked.demands.audience.iter().map(|audience| quoted(audience)));
            format!("Its aud is {}; taken is {taken}. Get a token for this service.", shown(token.claim("aud")))
        }
        ("unexpected_binding", _) => {
            "Its cnf asks for a proof beside the token (DPoP, mutual TLS); without one, a thief could use it."
                .into()
        }
        ("missing_claim", _) => missing(*step, token),
        _ => "Its issuer has to make it right.".into(),
    }
}

/// Why no key that decrypts fits.
fn envelope(token: &Unverified, asked: &Asked<'_>) -> String {
    let (alg, kid) = (shown(token.header("alg")), shown(token.header("kid")));
    let given = names(asked.decryption.iter().flat_map(DecryptionKeys::kids));
    format!("It is encrypted with the alg {alg} to the kid {kid}; the key of --decrypt-key is {given}.")
}

/// Which keys there are.
fn keys(asked: &Asked<'_>) -> String {
    match &asked.keys {
        Keys::Here(keys) => format!("the keys here are {}", names(keys.kids())),
        Keys::Elsewhere(keys) => {
            let status = keys.status();
            format!("of the keys at {}, {} can be used", quoted(&status.source), status.keys)
        }
    }
}

fn names<'a>(kids: impl IntoIterator<Item = Option<&'a str>>) -> String {
    list(kids.into_iter().map(|kid| kid.map_or("one without a name".to_owned(), quoted)))
}

fn issuer(step: Option<Step>, token: &Unverified, asked: &Asked<'_>) -> String {
    let (given, taken) = (token.claim("iss"), asked.issuer.unwrap_or_default());
    let text = format!("Its iss is {}; taken is {}.", shown(given), quoted(taken));
    let trimmed = |text: &str| text.strip_suffix('/').unwrap_or(text).to_owned();
    if given.and_then(|given| given.as_str()).is_some_and(|given| trimmed(given) == trimmed(taken)) {
        return format!("{text} They differ in the slash at the end alone.");
    }
    match step {
        Some(Step::Key) => format!("{text} So its keys were not asked for."),
        _ => text,
    }
}

fn missing(step: Option<Step>, token: &Unverified) -> String {
    if step == Some(Step::Time) {
        return "It has no exp, and no token is taken that never ends.".into();
    }
    let is_missing = |name: &&str| token.claim(name).is_none_or(|value| value == "");
    let names = ["sub", "client_id", "iat", "jti"].into_iter().filter(is_missing);
    format!("Missing or empty: {}.", names.collect::<Vec<_>>().join(", "))
}

fn when(token: &Unverified, name: &str) -> String {
    token.seconds(name).map(moment::shown).unwrap_or_default()
}
