//! Which tokens an entry refuses, and which it lets pass.

use serde_json::{Value, json};

use super::support::{ISSUER, entry, generation, session, token, watermark};
use crate::revocation::{Grain, Revocation, Revocations};

fn holding(grains: &[Grain]) -> Revocations {
    let revocations = Revocations::in_memory();
    for grain in grains {
        revocations.hold(&entry(grain.clone())).unwrap();
    }
    revocations
}

/// The code that refuses the token; a watch must agree.
fn ask(revocations: &Revocations, changes: Value) -> Option<&'static str> {
    let token = token(changes);
    let code = revocations.check(&token).err().map(|error| error.code());
    assert_eq!(revocations.watch(&token).is_revoked(), code.is_some());
    code
}

#[test]
fn a_grain_refuses_its_tokens_and_no_others() {
    for (grain, code, others) in [
        (
            Grain::Token("t-1".into()),
            "token_revoked",
            vec![json!({"jti": "t-2"}), json!({"jti": null, "sid": "t-1"})],
        ),
        (session("s-1"), "session_revoked", vec![json!({"sid": "s-2"}), json!({"sid": null, "jti": "s-1"})]),
        (generation(6), "subject_revoked", vec![json!({"sub": "bob"}), json!({"sgen": 6})]),
        (watermark(1_000_000), "subject_revoked", vec![json!({"sub": "bob"}), json!({"iat": 1001})]),
    ] {
        let revocations = holding(std::slice::from_ref(&grain));
        assert_eq!(ask(&revocations, json!({})), Some(code), "{grain:?}");
        for other in others {
            assert_eq!(ask(&revocations, other.clone()), None, "{grain:?} {other}");
        }
        // Another issuer may use the same names.
        assert_eq!(ask(&revocations, json!({"iss": "https://other.example.com"})), None, "{grain:?}");
        assert_eq!(ask(&Revocations::in_memory(), json!({})), None, "{grain:?}");
    }
}

#[test]
fn the_finest_grain_is_named_first() {
    let all = [Grain::Token("t-1".into()), session("s-1"), generation(6)];
    let revocations = holding(&all);
    assert_eq!(ask(&revocations, json!({})), Some("token_revoked"));
    assert_eq!(ask(&revocations, json!({"jti": "t-2"})), Some("session_revoked"));
    assert_eq!(ask(&revocations, json!({"jti": "t-2", "sid": "s-2"})), Some("subject_revoked"));
    assert_eq!(ask(&revocations, json!({"jti": "t-2", "sid": "s-2", "sgen": 6})), None);
}

#[test]
fn a_generation_refuses_what_is_below_it_and_what_has_none() {
    let revocations = holding(&[generation(5)]);
    for (sgen, refused) in [
        (json!(0), true),
        (json!(4), true),
        (json!(5), false),
        (json!(6), false),
        (json!(u64::MAX), false),
        (json!(null), true),
        (json!("5"), true),
        (json!(5.0), true),
        (json!(-5), true),
        (json!([5]), true),
        (json!(true), true),
    ] {
        let code = ask(&revocations, json!({ "sgen": sgen }));
        assert_eq!(code, refused.then_some("subject_revoked"), "{sgen}");
    }
}

#[test]
fn a_watermark_refuses_its_whole_second_and_what_is_before() {
    for (millis, iat, refused) in [
        (1_000_000, 999.0, true),
        (1_000_000, 1000.0, true),
        (1_000_000, 1000.999, true),
        (1_000_000, 1001.0, false),
        (1_000_999, 1000.0, true),
        (1_000_999, 1000.5, true),
        (1_000_999, 1001.0, false),
        (999_999, 999.0, true),
        (999_999, 1000.0, false),
        (0, -1.5, true),
        (0, 1.0, false),
        (u64::MAX, 1e15, true),
        (u64::MAX, 1e300, false),
    ] {
        let code = ask(&holding(&[watermark(millis)]), json!({ "iat": iat }));
        assert_eq!(code, refused.then_some("subject_revoked"), "{millis} {iat}");
    }
}

#[test]
fn a_token_that_nobody_could_revoke_is_refused() {
    for revocations in [Revocations::in_memory(), holding(&[session("s-2")])] {
        for (changes, refused) in [
            (json!({"iss": null}), true),
            (json!({"sub": null}), true),
            (json!({"iat": null}), true),
            (json!({"sid": null, "jti": null}), true),
            (json!({"sid": null}), false),
            (json!({"jti": null}), false),
            (json!({}), false),
        ] {
            let code = revocations.check(&token(changes.clone())).err().map(|error| error.code());
            assert_eq!(code, refused.then_some("unrevocable_token"), "{changes}");
        }
    }
}

#[test]
fn what_is_revoked_twice_keeps_the_higher_number() {
    for order in [[5, 7], [7, 5]] {
        let revocations = holding(&order.map(generation));
        assert_eq!(revocations.held_generation(ISSUER, "alice"), 7);
        assert_eq!(ask(&revocations, json!({"sgen": 6})), Some("subject_revoked"));
        let revocations = holding(&order.map(|second| watermark(second * 1000)));
        assert_eq!(ask(&revocations, json!({"iat": 7})), Some("subject_revoked"));
        assert_eq!(ask(&revocations, json!({"iat": 8})), None);
    }
}

#[test]
fn a_session_or_generation_is_found_by_its_issuer_and_name() {
    let revocations = holding(&[session("s-1"), generation(7)]);
    assert!(revocations.holds_session(ISSUER, "s-1"));
    assert!(!revocations.holds_session(ISSUER, "s-2"));
    assert!(!revocations.holds_session(ISSUER, "alice"));
    assert!(!revocations.holds_session("https://other.example.com", "s-1"));
    assert_eq!(revocations.held_generation(ISSUER, "alice"), 7);
    assert_eq!(revocations.held_generation(ISSUER, "bob"), 0);
    assert_eq!(revocations.held_generation("https://other.example.com", "alice"), 0);
    assert!(!Revocations::in_memory().holds_session(ISSUER, "s-1"));
    assert_eq!(Revocations::in_memory().held_generation(ISSUER, "alice"), 0);
}

#[test]
fn debug_prints_counts_and_no_names() {
    let revocations = holding(&[Grain::Token("canary".into()), session("canary"), session("canary-2")]);
    let expected = "Revocations { tokens: 1, sessions: 2, generations: 0, watermarks: 0, capacity: 1000000 }";
    assert_eq!(format!("{revocations:?}"), expected);
    let entry = Revocation { issuer: "canary".into(), ..entry(session("canary")) };
    assert_eq!(format!("{entry:?}"), "Revocation { grain: Session(..), .. }");
}
