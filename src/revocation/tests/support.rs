//! Tokens, entries and a clock to ask with.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::{
    claims::{NumericDate, Registered, RegisteredClaims, Text},
    clock::Timestamp,
    revocation::{Grain, Revocation},
    testing::ManualClock,
};

pub(super) const ISSUER: &str = "https://login.example.com";

/// The claims of a token that anyone could revoke, with these in place of its own; `null` leaves one out.
pub(super) fn token(changes: Value) -> RegisteredClaims {
    let mut claims =
        json!({ "iss": ISSUER, "sub": "alice", "iat": 1000, "jti": "t-1", "sid": "s-1", "sgen": 5 });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let text = |name: &str| claims[name].as_str().map(|text| Text::Owned(text.into()));
    let registered = Registered {
        issuer: text("iss"),
        subject: text("sub"),
        token_id: text("jti"),
        session: text("sid"),
        issued_at: claims["iat"].as_f64().and_then(NumericDate::from_secs),
        ..Registered::default()
    };
    RegisteredClaims::new(claims.to_string(), registered, NumericDate::from_secs(2000.0).unwrap())
}

/// An entry that ends at this second.
pub(super) fn entry_until(grain: Grain, seconds: u64) -> Revocation {
    Revocation { issuer: ISSUER.into(), grain, until: Timestamp::from_millis(seconds * 1000) }
}

pub(super) fn entry(grain: Grain) -> Revocation {
    entry_until(grain, 4_000_000_000)
}

pub(super) fn session(id: &str) -> Grain {
    Grain::Session(id.into())
}

pub(super) fn generation(generation: u64) -> Grain {
    Grain::Generation { subject: "alice".into(), generation }
}

pub(super) fn watermark(millis: u64) -> Grain {
    Grain::Watermark { subject: "alice".into(), issued_at: Timestamp::from_millis(millis) }
}

/// A clock that stands at 1970.
pub(super) fn clock() -> ManualClock {
    ManualClock::at(SystemTime::UNIX_EPOCH)
}
