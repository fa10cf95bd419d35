//! What is logged while bad and good requests run.

use jwtower::{KeySet, SigningKey, Verifier};
use jwtower_tests::{AUDIENCE, Forge, HEADER, ISSUER, encode, good_claims};
use serde_json::json;
use tokio::{net::TcpListener, task::spawn_blocking};
use tracing_subscriber::filter::LevelFilter;

use crate::{
    bad_tokens::{self, Row, in_memory, over_a_socket, secrets},
    cookies::{self, Demand},
    log::Log,
};

fn rows() -> Vec<Row> {
    [bad_tokens::rows(), cookies::rows(Demand::AToken)].concat()
}

fn assert_silent(row: &Row, text: &str) {
    for secret in secrets(&row.twin).union(&secrets(&row.bad)) {
        assert!(!text.contains(secret.as_str()), "{} logged {secret:?}:\n{text}", row.name);
    }
}

/// Without the hints for which a signed token is the reason: a slash, a field of the claims type.
fn without_hints(text: &str) -> String {
    let is_hint = |line: &str| line.contains("differ in the slash") || line.contains("asks for a field");
    text.lines().filter(|line| !is_hint(line)).map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn nothing_of_a_token_is_logged_at_any_level() {
    let (rows, (log, _guard)) = (rows(), Log::capture(LevelFilter::TRACE));
    for row in &rows {
        in_memory(row.api.router(), &row.twin).await;
        assert_eq!(log.take(), "", "the twin of {}", row.name);
        in_memory(row.api.router(), &row.bad).await;
        let text = log.take();
        assert_silent(row, &text);
        let event = format!("DEBUG jwtower: request refused code={}\n", row.answer.code());
        assert_eq!(without_hints(&text), event, "{}", row.name);
    }
}

/// A server on this thread, so that what it logs is seen too.
#[tokio::test]
async fn nothing_of_a_token_is_logged_by_a_server_either() {
    let (rows, (log, _guard)) = (rows(), Log::capture(LevelFilter::TRACE));
    for row in rows.into_iter().step_by(7).filter(|row| row.on_the_wire) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let server = tokio::spawn(axum::serve(listener, row.api.router()).into_future());
        let sent = [row.twin.clone(), row.bad.clone()];
        let statuses = spawn_blocking(move || sent.map(|sent| over_a_socket(address, &sent).status)).await;
        assert_eq!(statuses.expect("the client does not panic"), [200, row.answer.status()], "{}", row.name);
        let text = log.take();
        assert!(text.contains(row.answer.code()), "{}", row.name);
        assert_silent(&row, &text);
        server.abort();
    }
}

#[tokio::test]
async fn at_level_info_bad_requests_log_nothing_at_all() {
    let (rows, (log, _guard)) = (rows(), Log::capture(LevelFilter::INFO));
    for row in &rows {
        in_memory(row.api.router(), &row.twin).await;
        in_memory(row.api.router(), &row.bad).await;
    }
    assert_eq!(without_hints(&log.take()), "");
}

#[test]
fn a_field_that_a_token_lacks_is_named_by_the_types_name_for_it() {
    #[derive(serde::Deserialize)]
    #[allow(dead_code, reason = "only whether it can be read matters")]
    struct Strict {
        department: u8,
    }
    let (log, _guard) = Log::capture(LevelFilter::TRACE);
    let forge = Forge::new();
    let verifier = Verifier::<Strict>::builder().keys(forge.secret()).issuer(ISSUER).audience(AUDIENCE);
    let verifier = verifier.build().expect("the settings are right");
    let mut claims = good_claims();
    let token = forge.sign(HEADER, serde_json::Value::Object(claims.clone()).to_string());
    assert_eq!(verifier.verify(&token).err().map(|error| error.code()), Some("claims_mismatch"));
    let expected = "DEBUG jwtower: the claims type asks for a field that the token lacks field=department\n";
    assert_eq!(log.take(), expected);
    claims.insert("department".into(), "canary-value".into());
    let token = forge.sign(HEADER, serde_json::Value::Object(claims).to_string());
    assert_eq!(verifier.verify(&token).err().map(|error| error.code()), Some("claims_mismatch"));
    assert_eq!(log.take(), "");
}

#[test]
fn a_key_that_is_skipped_is_named_and_not_shown() {
    let (log, _guard) = Log::capture(LevelFilter::TRACE);
    let (forge, key) =
        (Forge::new(), SigningKey::generate(jwtower::Algorithm::ES256).expect("a key is made"));
    let mut private: serde_json::Value =
        serde_json::to_value(key.public_jwk().expect("it has a public half")).expect("it is JSON");
    private["kid"] = "private".into();
    private["d"] = encode("canary-private-exponent-of-32-by").into();
    let set = json!({ "keys": [
        key.public_jwk(),
        private,
        { "kty": "oct", "kid": "shared", "k": forge.secret().secret() },
        { "kty": "RSA", "kid": "small", "n": encode([0xc5; 64]), "e": "AQAB" },
    ]});
    KeySet::from_jwks(set.to_string()).expect("one key is usable");
    let text = log.take();
    assert_eq!(text.lines().filter(|line| line.contains("WARN jwtower: ")).count(), 3, "{text}");
    for name in ["private", "shared", "small"] {
        assert!(text.contains(name), "{name} is missing in {text}");
    }
    for secret in [forge.secret().secret(), &encode("canary-private-exponent-of-32-by"), &encode([0xc5; 64])]
    {
        assert!(!text.contains(secret), "{text}");
    }
}
