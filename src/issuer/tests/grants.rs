use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};

use crate::{
    clock::Timestamp,
    issuer::{Grant, Issuer, KeyRing},
    keys::{Algorithm, base64url},
    token::{AccessToken, SessionId},
    verify::Verifier,
};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_500);

fn issuer() -> Issuer {
    let ring = KeyRing::generate(Algorithm::ES256).unwrap();
    // The store's time counts for a session, not this clock.
    let clock = || SystemTime::UNIX_EPOCH;
    Issuer::builder().keys(ring).issuer("me").audience("api").client_id("web").clock(clock).build().unwrap()
}

fn session() -> SessionId {
    SessionId::from_bytes([7; 24])
}

fn grant<'a>() -> Grant<'a> {
    Grant {
        subject: "alice",
        session: session(),
        generation: 1_699_999_999_999,
        claims: Map::new(),
        now: NOW,
        not_after: NOW.plus(Duration::from_secs(90 * 24 * 3600)),
        auth_time: NOW,
        acr: None,
        amr: &[],
        scope: None,
        client_id: None,
        audience: &[],
    }
}

fn map(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("{value}") };
    map
}

fn payload(token: &AccessToken) -> Map<String, Value> {
    let part = token.secret().split('.').nth(1).unwrap();
    serde_json::from_slice(&base64url::decode(part).unwrap()).unwrap()
}

#[test]
fn a_grant_says_what_rfc_9068_asks_and_whose_session_it_is() {
    let issuer = issuer();
    let (token, life) = issuer.grant(&Grant { claims: map(json!({ "name": "Alice" })), ..grant() }).unwrap();
    assert!((570..=600).contains(&life.as_secs()), "{life:?}");
    let mut payload = payload(&token);
    assert!(payload.remove("jti").unwrap().as_str().unwrap().parse::<uuid::Uuid>().is_ok());
    let expected = json!({
        "iss": "me",
        "sub": "alice",
        "aud": "api",
        "client_id": "web",
        "iat": 1_700_000_000,
        "exp": 1_700_000_000 + life.as_secs(),
        "sid": session().to_string(),
        "sgen": 1_699_999_999_999_u64,
        "auth_time": 1_700_000_000,
        "name": "Alice",
    });
    assert_eq!(Value::Object(payload), expected);

    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_001);
    let verifier = Verifier::<Value>::builder().keys(issuer.key_source()).issuer("me").audience("api");
    let verified = verifier.clock(clock).build().unwrap().verify(token.secret()).unwrap();
    assert_eq!(verified["name"], "Alice");
}

#[test]
fn what_the_login_decided_is_in_the_token() {
    let (amr, audience) = (["pwd".to_owned(), "otp".to_owned()], ["jobs".to_owned(), "mail".to_owned()]);
    let grant = Grant {
        auth_time: Timestamp::from_millis(1_600_000_000_999),
        acr: Some("gold"),
        amr: &amr,
        scope: Some("posts:read"),
        client_id: Some("cli"),
        audience: &audience,
        ..grant()
    };
    let payload = payload(&issuer().grant(&grant).unwrap().0);
    for (name, value) in [
        ("auth_time", json!(1_600_000_000)),
        ("acr", json!("gold")),
        ("amr", json!(["pwd", "otp"])),
        ("scope", json!("posts:read")),
        ("client_id", json!("cli")),
        ("aud", json!(["jobs", "mail"])),
    ] {
        assert_eq!(payload[name], value, "{name}");
    }
    let audience = ["jobs".to_owned()];
    let payload = self::payload(&issuer().grant(&Grant { audience: &audience, ..self::grant() }).unwrap().0);
    assert_eq!(payload["aud"], "jobs");
}

#[test]
fn the_application_cannot_say_what_is_not_its_to_say() {
    let names = [
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "client_id",
        "sid",
        "sgen",
        "cnf",
        "auth_time",
        "acr",
        "amr",
        "scope",
        "scp",
    ];
    let mut claims: Map<_, _> = names.map(|name| (name.to_owned(), json!("mine"))).into_iter().collect();
    claims.insert("roles".into(), json!(["user"]));
    let issuer = issuer();
    let granted = payload(&issuer.grant(&Grant { claims: claims.clone(), ..grant() }).unwrap().0);
    assert!(granted.values().all(|value| value != "mine"), "{granted:?}");
    assert_eq!(granted["roles"], json!(["user"]));

    let signed = payload(&issuer.sign("alice", &claims).unwrap());
    let mine: Vec<_> = signed.iter().filter(|(_, value)| *value == "mine").map(|(name, _)| &**name).collect();
    assert_eq!(
        mine,
        ["acr", "amr", "auth_time", "scope", "scp"],
        "without a session these are the application's"
    );
}

#[test]
fn no_token_outlives_its_session() {
    let issuer = issuer();
    let until = |not_after| issuer.grant(&Grant { not_after, ..grant() });
    let (token, life) = until(NOW.plus(Duration::from_secs(5))).unwrap();
    assert_eq!(life, Duration::from_secs(5));
    assert_eq!(payload(&token)["exp"], 1_700_000_005);
    for over in [NOW, Timestamp::from_millis(1_700_000_000_999), Timestamp::default()] {
        assert_eq!(until(over).unwrap_err().code(), "session_expired");
    }
}

#[test]
fn claims_that_make_no_token_are_our_own_fault() {
    let issuer = issuer();
    for grant in [
        Grant { subject: " ", ..grant() },
        Grant { claims: map(json!({ "photo": "x".repeat(16 * 1024) })), ..grant() },
    ] {
        assert_eq!(issuer.grant(&grant).unwrap_err().code(), "unsignable_claims");
    }
}

#[test]
fn what_needs_escapes_survives() {
    let odd = "a\"b\\c\u{1}\u{2028}é\u{1f600}";
    let claims = map(json!({ odd: odd }));
    let issuer = issuer();
    let payload =
        payload(&issuer.grant(&Grant { subject: odd, acr: Some(odd), claims, ..grant() }).unwrap().0);
    for name in ["sub", "acr", odd] {
        assert_eq!(payload[name], odd);
    }
}
