//! Secrets and personal data in claims.

use jwtower_tests::Forge;
use serde_json::{Value, json};

use super::{HEADER, claims_with, findings, report};

/// What is found in these claims.
fn found(members: &Value) -> Vec<String> {
    findings(&report(&Forge::new().sign(HEADER, claims_with(members.clone()))))
}

#[test]
fn secrets_are_found_by_name_and_by_their_looks() {
    let jwt = Forge::new().sign(HEADER, "{}");
    let pem = jwtower_tests::pem::PemPair::generate(jwtower::Algorithm::ES256).private;
    for (members, member) in [
        (json!({"password": "hunter2"}), "password"),
        (json!({"dbPassword": "hunter2"}), "dbPassword"),
        (json!({"x": {"client-secret": "hunter2"}}), "x/client-secret"),
        (json!({"https://example.com/api_key": "hunter2"}), "https:~1~1example.com~1api_key"),
        (json!({"private_key": "hunter2"}), "private_key"),
        (json!({"secrets": ["a1b2"]}), "secrets/0"),
        (json!({"pin": "1234"}), "pin"),
        (json!({"x": pem}), "x"),
        (json!({"x": concat!("AKIA", "IOSFODNN7EXAMPLE")}), "x"),
        (json!({"x": format!("ghp_{}", "a".repeat(36))}), "x"),
        (json!({"x": "postgres://app:hunter2@db.internal/app"}), "x"),
        (json!({"x": format!("$argon2id$v=19${}", "a".repeat(30))}), "x"),
        (json!({"x": {"kty": "EC", "crv": "P-256", "d": "abc"}}), "x"),
    ] {
        assert_eq!(found(&members), [format!("warning secret_in_claim /claims/{member}")], "{members}");
    }
    assert_eq!(found(&json!({"x": jwt})), ["warning token_in_claim /claims/x"]);
    let header = json!({"alg": "HS256", "typ": "at+jwt", "secret": "hunter2"}).to_string();
    let in_header = findings(&report(&Forge::new().sign(header, claims_with(json!({})))));
    assert_eq!(in_header, ["warning secret_in_claim /header/secret"]);
}

#[test]
fn personal_data_are_found_by_name_and_by_their_looks() {
    for (members, member, level) in [
        (json!({"email": "x"}), "email", "warning"),
        (json!({"sub": "alice@example.com"}), "sub", "warning"),
        (json!({"phone_number": "+49 30 1"}), "phone_number", "warning"),
        (json!({"birthdate": "1990-01-01"}), "birthdate", "warning"),
        (json!({"address": {"street_address": "1 Main St", "country": "DE"}}), "address", "warning"),
        (json!({"ssn": "078-05-1120"}), "ssn", "warning"),
        (json!({"account": "DE89 3704 0044 0532 0130 00"}), "account", "warning"),
        (json!({"account": "GB82WEST12345698765432"}), "account", "warning"),
        (json!({"x": "4111 1111 1111 1111"}), "x", "warning"),
        (json!({"x": 5500005555555559_u64}), "x", "warning"),
        (json!({"x": "378282246310005"}), "x", "warning"),
        (json!({"client": "192.0.2.7"}), "client", "warning"),
        (json!({"client": ["2001:db8::1"]}), "client/0", "warning"),
        (json!({"name": "Alice"}), "name", "note"),
        (json!({"given_name": "Alice"}), "given_name", "note"),
        (json!({"familyName": "Liddell"}), "familyName", "note"),
    ] {
        assert_eq!(found(&members), [format!("{level} personal_data /claims/{member}")], "{members}");
    }
    let id = claims_with(json!({"nonce": "n", "email": "alice@example.com"}));
    let id = findings(&report(&Forge::new().sign(r#"{"alg":"HS256"}"#, id)));
    assert_eq!(id, ["warning other_token_kind /claims/nonce", "note personal_data /claims/email"]);
}

#[test]
fn what_only_resembles_them_is_not_found() {
    for members in [
        json!({"password_changed_at": "2026-03-01"}),
        json!({"password_expired": false}),
        json!({"pwd_url": "https://example.com/password"}),
        json!({"secret_id": "7"}),
        json!({"secret": ""}),
        json!({"opinion": "pinned", "spin": "x"}),
        json!({"email_verified": true}),
        json!({"https://secret.example.com/plan": "free"}),
        json!({"client_name": "Shop", "username_policy": "short"}),
        json!({"ip_version": "4", "version": "1.2.3.4"}),
        json!({"mac_address": "x", "wallet_address": "x"}),
        json!({"x": "4111 1111 1111 1112"}),
        json!({"x": "DE88 3704 0044 0532 0130 00"}),
        json!({"x": 1234567890123456_u64}),
        json!({"x": "user@localhost"}),
        json!({"x": "a@b@c.example"}),
        json!({"x": "https://example.com/@alice:1"}),
        json!({"x": {"kty": "EC", "crv": "P-256", "x": "abc"}}),
        json!({"x": "eyes.example.com"}),
    ] {
        assert_eq!(found(&members), [""; 0], "{members}");
    }
}

#[test]
fn no_finding_repeats_a_value() {
    let members = json!({"password": "hunter2", "email": "alice@example.com", "x": "4111111111111111"});
    let report = report(&Forge::new().sign(HEADER, claims_with(members)));
    let findings = report["findings"].to_string();
    for value in ["hunter2", "alice@", "4111"] {
        assert!(!findings.contains(value), "{findings}");
        assert!(report["claims"].to_string().contains(value), "the claims are shown as they are");
    }
}
