//! Keys that are fetched.

use std::time::{Duration, Instant};

use jwtower::{Algorithm, Issuer, KeySet, SigningKey};
use jwtower_tests::{
    AUDIENCE,
    hostile::{Answer, Hostile, KEYS},
};
use serde_json::json;

use super::{Outcome, report, steps, verify};

/// A provider with one key.
struct Provider {
    server: Hostile,
    key: SigningKey,
}

impl Provider {
    async fn start() -> Self {
        let (server, key) = (Hostile::start().await, SigningKey::generate(Algorithm::ES256).expect("a key"));
        server.publishes(&KeySet::from(&key).to_jwks());
        Self { server, key }
    }

    fn token(&self) -> String {
        token(&self.key, &self.server.issuer())
    }

    /// Verifies a token with what is published at the URL.
    async fn by_url(&self, token: String) -> Outcome {
        run(token, vec!["--jwks-url".into(), self.server.url(KEYS), "--issuer".into(), self.server.issuer()])
            .await
    }

    /// Verifies a token with what the issuer's document leads to.
    async fn by_discovery(&self, token: String) -> Outcome {
        run(token, vec!["--discover".into(), self.server.issuer()]).await
    }
}

fn token(key: &SigningKey, issuer: &str) -> String {
    let issuer =
        Issuer::builder().key(key).issuer(issuer).audience(AUDIENCE).build().expect("it is complete");
    issuer.sign("alice", &json!({})).expect("it can be signed").secret().to_owned()
}

async fn run(token: String, mut arguments: Vec<String>) -> Outcome {
    arguments.extend(["--audience", AUDIENCE, "--json"].map(str::to_owned));
    let run = move || verify(&token, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    tokio::task::spawn_blocking(run).await.expect("the run ends")
}

fn failed_at(outcome: &Outcome) -> (String, String) {
    let report = report(outcome);
    let step = steps(&report).into_iter().find(|(_, outcome)| *outcome == "failed").expect("a step").0;
    (report["code"].as_str().expect("a code").to_owned(), step.to_owned())
}

#[tokio::test]
async fn keys_come_from_a_url_or_from_the_issuer() {
    let provider = Provider::start().await;
    let outcome = provider.by_url(provider.token()).await;
    assert_eq!(report(&outcome)["subject"], "alice");
    assert_eq!((outcome.code, provider.server.all_requests()), (0, 1));

    let outcome = provider.by_discovery(provider.token()).await;
    assert_eq!((outcome.code, provider.server.all_requests()), (0, 3), "{outcome:?}");
}

#[tokio::test]
async fn a_key_that_is_not_published_is_unknown() {
    let provider = Provider::start().await;
    let newcomer = SigningKey::generate(Algorithm::ES256).expect("a key");
    let stranger = token(&newcomer, &provider.server.issuer());
    let outcome = provider.by_url(stranger).await;
    assert_eq!((outcome.code, failed_at(&outcome)), (1, ("unknown_key".into(), "key".into())));
    assert!(outcome.stdout.contains("1 can be used"), "{}", outcome.stdout);
    assert_eq!(provider.server.all_requests(), 1);
}

#[tokio::test]
async fn nothing_is_fetched_for_a_token_that_is_not_the_issuers_own() {
    let provider = Provider::start().await;
    let foreign = token(&provider.key, "https://elsewhere.example.com");
    for outcome in [provider.by_url(foreign.clone()).await, provider.by_discovery(foreign).await] {
        assert_eq!((outcome.code, failed_at(&outcome)), (1, ("issuer_mismatch".into(), "key".into())));
    }
    let outcome = provider.by_url("eyJhbGciOiJub25lIn0.e30.".into()).await;
    assert_eq!((outcome.code, failed_at(&outcome)), (1, ("unsupported_algorithm".into(), "header".into())));
    assert_eq!(provider.server.connections(), 0);
}

#[tokio::test]
async fn a_provider_that_takes_its_time_is_waited_for() {
    let provider = Provider::start().await;
    let late = Duration::from_secs(3);
    provider.server.answers(KEYS, [Answer::json(&KeySet::from(&provider.key).to_jwks()).late(late)]);
    let start = Instant::now();
    let outcome = provider.by_url(provider.token()).await;
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(start.elapsed() >= late);
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_no_verdict() {
    let provider = Provider::start().await;
    for (answer, said) in [
        (Answer::status(500), "500"),
        (Answer::json(r#"{"keys":[]}"#), "the JWK Set"),
        (Answer::json("<html>"), "JWK Set"),
        (Answer::redirect(302, "https://login.example.com"), "302"),
    ] {
        provider.server.answers(KEYS, [answer]);
        let outcome = provider.by_url(provider.token()).await;
        let line = outcome.failure();
        let begin = format!("keys_unavailable: {}: ", provider.server.url(KEYS));
        assert!(line.starts_with(&begin) && line.contains(said), "{line}");
    }
    provider.server.leads_to("https://elsewhere.example.com", &provider.server.url(KEYS));
    let outcome = provider.by_discovery(provider.token()).await;
    assert!(
        outcome.failure().contains("the document is about the issuer \"https://elsewhere.example.com\""),
        "{outcome:?}"
    );

    let (token, issuer, url) = (provider.token(), provider.server.issuer(), provider.server.url(KEYS));
    let _ = provider.server.stop().await;
    let by_url = vec!["--jwks-url".into(), url, "--issuer".into(), issuer.clone()];
    for arguments in [by_url, vec!["--discover".into(), issuer]] {
        let outcome = run(token.clone(), arguments).await;
        assert!(outcome.failure().ends_with("the connection was refused"), "{outcome:?}");
    }
}
