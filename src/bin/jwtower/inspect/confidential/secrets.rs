//! What lets somebody in.

use super::identifier::Identifier;
use crate::inspect::node::Node;

/// What a member is by its name, where its value is a text.
pub(super) fn by_name(name: &Identifier, value: &str) -> bool {
    let is_about_one =
        ["at", "age", "date", "expires", "expiry", "exp", "hint", "id", "method", "name", "policy"];
    let says_so = name.holds(&[
        "password",
        "passwd",
        "passphrase",
        "secret",
        "apikey",
        "privatekey",
        "accesskey",
        "credential",
        "mnemonic",
        "seedphrase",
        "refreshtoken",
        "accesstoken",
        "sessiontoken",
        "authtoken",
    ]) || name.has_word(&["pwd", "pin", "otp", "totp", "cvv", "cvc"]);
    let is_empty = ["", "true", "false", "none", "null"].contains(&&*value.to_lowercase());
    says_so && !name.ends_with(&is_about_one) && !is_empty && !value.starts_with("http")
}

/// What a text is by its looks.
pub(super) fn by_value(value: &str) -> Option<&'static str> {
    let value = value.trim();
    let begins = |prefixes: &[&str], length: usize| {
        value.len() >= length
            && !value.contains(' ')
            && prefixes.iter().any(|prefix| value.starts_with(prefix))
    };
    match () {
        () if value.contains("PRIVATE KEY-----") => Some("a private key"),
        () if is_aws_key(value) => Some("an AWS access key"),
        () if begins(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], 30) => {
            Some("a token of GitHub")
        }
        () if begins(&["glpat-"], 20) => Some("a token of GitLab"),
        () if begins(&["xoxb-", "xoxp-", "xoxa-", "xapp-"], 20) => Some("a token of Slack"),
        () if begins(&["sk_live_", "rk_live_", "sk_test_"], 20) => Some("a key of Stripe"),
        () if begins(&["AIza"], 39) => Some("an API key of Google"),
        () if begins(&["$2a$", "$2b$", "$2y$", "$argon2", "$scrypt$", "$pbkdf2"], 20) => {
            Some("a password's hash")
        }
        () if has_credentials(value) => Some("a URL with a password"),
        () => None,
    }
}

fn is_aws_key(value: &str) -> bool {
    let rest = value.strip_prefix("AKIA").or_else(|| value.strip_prefix("ASIA"));
    rest.is_some_and(|rest| {
        rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

/// `scheme://user:password@host`
fn has_credentials(value: &str) -> bool {
    let authority =
        value.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let user = authority.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
    user.is_some_and(|user| user.split_once(':').is_some_and(|(_, password)| !password.is_empty()))
}

/// Whether an object is a JWK with its private half, or a secret.
pub(super) fn is_private_jwk(object: &Node) -> bool {
    object.get("kty").is_some() && ["d", "k"].into_iter().any(|name| object.get(name).is_some())
}
