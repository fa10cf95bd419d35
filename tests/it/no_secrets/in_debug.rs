//! `Debug` of everything that holds a secret, a token or a claim.

use std::{convert::Infallible, fmt::Debug, future::ready, pin::pin, task::Poll};

use http::{Request, Response};
use jwtower::{
    Algorithm, Claims, Issuer, JwtAuthLayer, KeySet, Principal, Secret, SigningKey, Verifier,
    guard::{require, role, scope},
    source::{Bearer, Found, TokenSource},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower::{Layer, Service, service_fn};

use crate::layer::poll;

#[derive(Debug, Deserialize, Serialize)]
struct User {
    name: String,
    roles: Vec<String>,
}

const ISSUER: &str = "https://login.example.com";
const AUDIENCE: &str = "https://api.example.com";

/// Everything that must not be seen, and a token made of it.
struct Hidden {
    secret: Secret,
    issuer: Issuer,
    token: jwtower::AccessToken,
    words: Vec<String>,
}

impl Hidden {
    fn new() -> Self {
        let secret = Secret::generate(Algorithm::HS256).expect("the system has randomness");
        let issuer = Issuer::builder().key(&secret).issuer(ISSUER).audience(AUDIENCE).build();
        let issuer = issuer.expect("the settings are right");
        let user = User { name: "Canary Name".into(), roles: vec!["canary-role".into()] };
        let token = issuer.sign("canary-subject", &user).expect("it fits");
        let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(secret.secret()).expect("it is base64url");
        let list = format!("{:?}", &bytes[..6]);
        let mut words: Vec<String> = token.secret().split('.').map(str::to_owned).collect();
        words.extend(["Canary Name", "canary-role", "canary-subject"].map(str::to_owned));
        words.extend([secret.secret().to_owned(), list.trim_matches(['[', ']']).to_owned()]);
        Self { secret, issuer, token, words }
    }

    fn verifier(&self) -> Verifier<User> {
        let builder = Verifier::builder().keys(&self.secret).issuer(ISSUER).audience(AUDIENCE);
        builder.build().expect("the settings are right")
    }

    fn request(&self, token: &str) -> Request<()> {
        let request = Request::get("/").header("authorization", format!("Bearer {token}"));
        request.body(()).expect("the request is well formed")
    }

    #[track_caller]
    fn is_in_none(&self, things: &[&dyn Debug]) {
        for thing in things {
            for text in [format!("{thing:?}"), format!("{thing:#?}")] {
                let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
                for word in &self.words {
                    assert!(!text.contains(word) && !flat.contains(word), "{word:?} is in {text}");
                }
            }
        }
    }
}

#[test]
#[should_panic(expected = "Canary Name")]
fn the_words_are_found_where_they_do_stand() {
    let hidden = Hidden::new();
    let user = User { name: "Canary Name".into(), roles: vec![] };
    hidden.is_in_none(&[&user]);
}

#[test]
fn keys_issuers_and_verifiers_print_no_secret() {
    let hidden = Hidden::new();
    let named = SigningKey::from(&hidden.secret).with_kid("k1").expect("it is a name");
    let both = KeySet::from(&hidden.secret).and(&named).expect("the names differ");
    let builder = || Verifier::<User>::builder().keys(&hidden.secret);
    let layer = JwtAuthLayer::new(hidden.verifier());
    hidden.is_in_none(&[
        &hidden.secret,
        &SigningKey::from(&hidden.secret),
        &named,
        &KeySet::from(&hidden.secret),
        &both,
        &hidden.issuer,
        &Issuer::builder().key(&hidden.secret),
        &builder(),
        &builder().issuer(ISSUER).audience(AUDIENCE),
        &builder().dangerous(),
        &hidden.verifier(),
        &layer,
        &layer.layer("inner"),
    ]);
}

#[tokio::test]
async fn tokens_and_claims_print_nothing_of_themselves() {
    let hidden = Hidden::new();
    let token = hidden.token.secret();
    let claims = JwtAuthLayer::new(hidden.verifier()).authenticate(token).await.expect("the token is good");
    let verified = hidden.verifier().verify(token).expect("the token is good");
    let request = hidden.request(token);
    let found = Bearer.find(request.headers());
    hidden.is_in_none(&[
        &hidden.token,
        &claims,
        &claims.principal(),
        &claims.registered(),
        &claims.clone().into_inner(),
        &verified,
        &verified.registered(),
        &found,
        &Found::Token(token),
        &hidden.verifier().verify(&format!("{token}A")).expect_err("it is bad"),
        &hidden.verifier().verify(token),
    ]);
}

#[test]
fn a_request_that_passed_the_layer_prints_no_token_and_its_answers_print_none_either() {
    let hidden = Hidden::new();
    let layer = JwtAuthLayer::new(hidden.verifier());
    let mut service = layer.clone().layer(service_fn(|request: Request<()>| {
        hidden.is_in_none(&[&request, request.headers(), request.extensions()]);
        assert!(format!("{request:?}").contains("Sensitive"));
        assert!(request.extensions().get::<Claims<User>>().is_some());
        ready(Ok::<_, Infallible>(Response::new(())))
    }));
    let call = service.call(hidden.request(hidden.token.secret()));
    assert!(matches!(poll(pin!(call)), Poll::Ready(Ok(answer)) if answer.status() == 200));

    // The refusals, whole: as futures and as answers.
    let guarded = require(role("admin") & scope("x"));
    let inner = service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(()))));
    let mut service = layer.layer(guarded.layer(inner));
    for token in [hidden.token.secret().to_owned(), format!("{}A", hidden.token.secret())] {
        let answer = service.call(hidden.request(&token));
        hidden.is_in_none(&[&answer]);
        let Poll::Ready(Ok(answer)) = poll(pin!(answer)) else { panic!("nothing here waits") };
        assert!(answer.status() == 401 || answer.status() == 403);
        hidden.is_in_none(&[&answer]);
    }
}

#[tokio::test]
async fn a_rejection_prints_no_token() {
    use axum::extract::FromRequestParts;

    let hidden = Hidden::new();
    let (mut parts, ()) = hidden.request(hidden.token.secret()).into_parts();
    let claims = Claims::<User>::from_request_parts(&mut parts, &()).await.expect_err("there is no layer");
    let principal = Principal::from_request_parts(&mut parts, &()).await.expect_err("there is no layer");
    hidden.is_in_none(&[&claims, claims.refusal(), &principal]);
}

#[tokio::test]
async fn a_decision_and_its_rule_print_no_claim() {
    let hidden = Hidden::new();
    let claims =
        JwtAuthLayer::new(hidden.verifier()).authenticate(hidden.token.secret()).await.expect("it is good");
    let (parts, ()) = Request::new(()).into_parts();
    let rule = role("admin") | scope("write");
    let decision = rule.decide(&claims.principal(), &parts, &Default::default());
    hidden.is_in_none(&[&decision, &decision.error(), &rule]);
}

#[test]
fn a_published_set_holds_no_secret() {
    let hidden = Hidden::new();
    let pair = SigningKey::generate(Algorithm::ES256).expect("a key is made");
    let set = KeySet::from(&hidden.secret).and(&pair).expect("the keys differ");
    hidden.is_in_none(&[&set.to_jwks(), &json!(pair.public_jwk())]);
    assert!(!set.to_jwks().contains("\"d\"") && !set.to_jwks().contains("oct"));
}
