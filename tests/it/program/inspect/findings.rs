//! What is found in headers and claims.

use jwtower_tests::{AUDIENCE, Forge};
use serde_json::json;

use super::{HEADER, assert_found, claims, claims_with, findings, report};

#[test]
fn there_is_nothing_to_say_about_a_good_token() {
    let forge = Forge::new();
    assert_found(&forge, &forge.sign(HEADER, claims_with(json!({}))), &[]);
}

#[test]
fn findings_about_headers() {
    let forge = Forge::new();
    let untyped = "note untyped";
    let long = format!(r#"{{"alg":"HS256","typ":"at+jwt","x":"{}"}}"#, "a".repeat(4096));
    for (header, expected) in [
        (r#"{"alg":"HS256"}"#, &[untyped][..]),
        (r#"{"alg":"HS256","typ":"JWT"}"#, &[untyped]),
        (r#"{"alg":"HS256","typ":"application/AT+JWT"}"#, &[]),
        (r#"{"alg":"HS256","typ":1}"#, &["error invalid_header /header/typ", untyped]),
        (r#"{"alg":"HS256","typ":"logout+jwt"}"#, &["warning wrong_type /header/typ"]),
        (r#"{"alg":"HS256","typ":"dpop+jwt"}"#, &["warning wrong_type /header/typ"]),
        (r#"{"alg":"HS256","typ":"at+jwt","kid":7}"#, &["error invalid_header /header/kid"]),
        (r#"{"typ":"at+jwt"}"#, &["error invalid_header /header"]),
        (r#"{"alg":256,"typ":"at+jwt"}"#, &["error invalid_header /header/alg"]),
        (r#"{"alg":"none","typ":"at+jwt"}"#, &["error unsigned /header/alg"]),
        (r#"{"alg":"nOnE","typ":"at+jwt"}"#, &["error unsigned /header/alg"]),
        (r#"{"alg":"hs256","typ":"at+jwt"}"#, &["error unsupported_algorithm /header/alg"]),
        (r#"{"alg":"ES256K","typ":"at+jwt"}"#, &["error unsupported_algorithm /header/alg"]),
        (r#"{"alg":"RSA1_5","typ":"at+jwt"}"#, &["error unsupported_algorithm /header/alg"]),
        (r#"{"alg":"RS256","typ":"at+jwt"}"#, &["error signature_length"]),
        (r#"{"alg":"HS384","typ":"at+jwt"}"#, &["error signature_length"]),
        (r#"{"alg":"HS256","typ":"at+jwt","crit":["x"]}"#, &["error unsupported_header /header/crit"]),
        (r#"{"alg":"HS256","typ":"at+jwt","b64":true}"#, &["error unsupported_header /header/b64"]),
        (r#"{"alg":"HS256","typ":"at+jwt","zip":"DEF"}"#, &["error unsupported_header /header/zip"]),
        (r#"{"alg":"HS256","alg":"HS256","typ":"at+jwt"}"#, &["error duplicate_header_member /header/alg"]),
        (
            r#"{"alg":"HS256","\u0061lg":"HS256","typ":"at+jwt"}"#,
            &["error duplicate_header_member /header/alg"],
        ),
        (
            r#"{"alg":"HS256","typ":"at+jwt","jku":"https://example.com/jwks.json"}"#,
            &["warning embedded_key /header/jku", "warning public_key_as_secret /header/alg"],
        ),
        (r#"{"alg":"HS256","typ":"at+jwt","x5t":"abc"}"#, &["warning public_key_as_secret /header/alg"]),
        (r#"{"alg":"HS256","typ":"at+jwt","cty":"JWT"}"#, &["note nested_token /header/cty"]),
        (r#"["HS256"]"#, &["error invalid_header /header", untyped]),
        (r#"{"alg":"HS256""#, &["error invalid_header /header", untyped]),
        ("{\"alg\":\"HS256\",\"x\":\"\u{e9}\"}", &[untyped]),
        (&long, &["error header_too_large /header", "note large_for_cookies"]),
    ] {
        assert_found(&forge, &forge.sign(header, claims_with(json!({}))), expected);
    }
    let no_text = forge.sign(b"{\"alg\":\"HS256\",\"x\":\"\xff\"}", claims_with(json!({})));
    assert_found(&forge, &no_text, &["error invalid_header /header", untyped]);
}

#[test]
fn names_of_keys_that_attack_are_told_from_those_that_name() {
    let forge = Forge::new();
    for (kid, is_suspicious) in [
        ("2026-01", false),
        ("uN9-x--yQ_", false),
        ("7b/Zk+8=", false),
        ("did:example:123#key-1", false),
        ("arn:aws:kms:eu-central-1:1:key/2", false),
        ("", true),
        ("../../dev/null", true),
        ("..\\keys\\a", true),
        ("/etc/passwd", true),
        ("C:\\keys\\a", true),
        ("https://evil.example.com/key", true),
        ("file:///dev/null", true),
        ("x' UNION SELECT 'key", true),
        ("1 or 1=1", true),
        ("x;drop table keys", true),
        ("a|cat /etc/passwd", true),
        ("$(id)", true),
        ("a\u{0}b", true),
        (&"a".repeat(257), true),
    ] {
        let header = json!({"alg": "HS256", "typ": "at+jwt", "kid": kid}).to_string();
        let found = findings(&report(&forge.sign(header, claims_with(json!({})))));
        let expected: &[&str] = if is_suspicious { &["warning suspicious_kid /header/kid"] } else { &[] };
        assert_eq!(found, expected, "{kid:?}");
    }
}

#[test]
fn findings_about_registered_claims() {
    let forge = Forge::new();
    let now = claims()["iat"].as_u64().unwrap();
    let far = now * 1000;
    for (members, expected) in [
        (json!({"exp": null}), &["error no_expiry"][..]),
        (json!({"iss": null}), &["warning no_issuer"]),
        (json!({"aud": null}), &["warning no_audience"]),
        (json!({"sub": null}), &["note no_subject"]),
        (json!({"iat": null}), &["note no_issue_time"]),
        (json!({"jti": null}), &["note no_token_id"]),
        (json!({"iss": 1}), &["error mistyped_claim /claims/iss"]),
        (json!({"sub": 42}), &["error mistyped_claim /claims/sub"]),
        (json!({"jti": []}), &["error mistyped_claim /claims/jti"]),
        (json!({"aud": {}}), &["error mistyped_claim /claims/aud"]),
        (json!({"aud": [AUDIENCE, 1]}), &["error mistyped_claim /claims/aud"]),
        (json!({"aud": []}), &["error mistyped_claim /claims/aud"]),
        (json!({"aud": [AUDIENCE, "other"]}), &[]),
        (json!({"cnf": {"jkt": "abc"}}), &["note unexpected_binding /claims/cnf"]),
        (json!({"exp": now.to_string()}), &["error mistyped_claim /claims/exp"]),
        (json!({"iat": "today"}), &["error mistyped_claim /claims/iat"]),
        (json!({"auth_time": true}), &["error mistyped_claim /claims/auth_time"]),
        (json!({"updated_at": "2026-03-01"}), &["warning mistyped_claim /claims/updated_at"]),
        (json!({"exp": now - 300, "iat": now - 900}), &["error token_expired /claims/exp"]),
        (json!({"exp": -1, "iat": -2}), &["error token_expired /claims/exp"]),
        (json!({"nbf": now + 300}), &["error not_yet_valid /claims/nbf"]),
        (json!({"nbf": now - 300}), &[]),
        (json!({"iat": now + 300}), &["error issued_in_future /claims/iat"]),
        (json!({"iat": now + 30}), &[]),
        (
            json!({"exp": now - 300, "iat": now - 300}),
            &["error token_expired /claims/exp", "warning never_valid /claims/exp"],
        ),
        (
            json!({"exp": now + 300, "nbf": now + 400}),
            &["error not_yet_valid /claims/nbf", "warning never_valid /claims/exp"],
        ),
        (json!({"exp": now + 86_400}), &[]),
        (json!({"iat": now, "exp": now + 86_401}), &["warning long_lived /claims/exp"]),
        (
            json!({"exp": now + 90_000, "iat": null}),
            &["warning long_lived /claims/exp", "note no_issue_time"],
        ),
        (json!({"exp": 253_402_207_200_u64}), &["warning long_lived /claims/exp"]),
        (
            json!({"exp": 253_402_300_799_u64}),
            &["warning time_out_of_range /claims/exp", "warning long_lived /claims/exp"],
        ),
        (json!({"exp": far}), &["warning time_in_milliseconds /claims/exp"]),
        (json!({"iat": far}), &["warning time_in_milliseconds /claims/iat"]),
        (json!({"auth_time": far}), &["warning time_in_milliseconds /claims/auth_time"]),
        (json!({"auth_time": far * 1000}), &["warning time_in_milliseconds /claims/auth_time"]),
        (json!({"exp": 1e300}), &["warning time_out_of_range /claims/exp"]),
        (json!({"nonce": "n"}), &[]),
    ] {
        // One that a verifier takes, and the inspector does not like, may not be looked for in the other direction.
        let token = forge.sign(HEADER, claims_with(members.clone()));
        if members.get("cnf").is_some() || members["iat"] == far {
            assert_eq!(findings(&report(&token)), expected);
        } else {
            assert_found(&forge, &token, expected);
        }
    }
}

#[test]
fn kinds_of_tokens_are_told_apart() {
    let forge = Forge::new();
    let other = |claim: &str| vec![format!("warning other_token_kind /claims/{claim}")];
    let logout = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    for (members, kind, expected) in [
        (json!({}), "token", vec![]),
        (json!({"typ": "Bearer"}), "access token", vec![]),
        (json!({"typ": "Bearer", "nonce": "n"}), "access token", vec![]),
        (json!({"token_use": "access"}), "access token", vec![]),
        (json!({"nonce": "n"}), "ID token", other("nonce")),
        (json!({"at_hash": "h"}), "ID token", other("at_hash")),
        (json!({"c_hash": "h"}), "ID token", other("c_hash")),
        (json!({"token_use": "id"}), "ID token", other("token_use")),
        (json!({"typ": "ID"}), "ID token", other("typ")),
        (json!({"typ": "Refresh"}), "refresh token", other("typ")),
        (json!({"typ": "Offline"}), "refresh token", other("typ")),
        (json!({"token_use": "something"}), "token of another type", other("token_use")),
        (json!({"events": logout}), "logout token", other("events")),
        (json!({"events": {}}), "security event token", other("events")),
    ] {
        let report = report(&forge.sign(r#"{"alg":"HS256","typ":"JWT"}"#, claims_with(members.clone())));
        let mut expected = expected;
        if matches!(kind, "token" | "access token") {
            expected.push("note untyped".to_owned());
        }
        assert_eq!((report["kind"].as_str(), findings(&report)), (Some(kind), expected), "{members}");
    }
    for (typ, kind) in
        [("at+jwt", "access token"), ("rt+jwt", "refresh token"), ("secevent+jwt", "security event token")]
    {
        let header = json!({"alg": "HS256", "typ": typ}).to_string();
        // What `typ` says counts, as it does for verifiers.
        let report = report(&forge.sign(header, claims_with(json!({"nonce": "n"}))));
        assert_eq!(report["kind"], kind);
    }
    let old = forge.sign(r#"{"alg":"HS256"}"#, claims_with(json!({"nonce": "n", "exp": 9_000_000_000_u64})));
    assert_eq!(findings(&report(&old)), other("nonce"), "an ID token may live long");
}

#[test]
fn findings_about_json_as_it_was_written() {
    let forge = Forge::new();
    let good = claims_with(json!({}));
    let with = |more: &str| good.replacen('{', &format!("{{{more},"), 1);
    let nested = |levels: usize| format!(r#""x":{}{}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
    for (payload, expected) in [
        (with(r#""sub":"mallory""#), &["error duplicate_claim /claims/sub"][..]),
        (with(r#""s\u0075b":"mallory""#), &["error duplicate_claim /claims/sub"]),
        (with(r#""a":1,"a":2,"a":3"#), &["error duplicate_claim /claims/a"]),
        (with(r#""x":{"a":1,"a":2}"#), &["warning duplicate_member /claims/x/a"]),
        (with(r#""x~/y":[0,{"a":1,"a":2}]"#), &["warning duplicate_member /claims/x~0~1y/1/a"]),
        (with(r#""auth_time":1e400"#), &["error time_out_of_range /claims/auth_time"]),
        (with(r#""n":123456789012345678901234567890.5e-7"#), &[]),
        (with(&nested(8)), &[]),
        (with(&nested(9)), &["note deep_nesting /claims"]),
        (with(&nested(128)), &["note deep_nesting /claims"]),
        (with(&nested(129)), &["error nested_too_deep /claims"]),
        ("[]".to_owned(), &["error invalid_payload /claims"]),
        ("null".to_owned(), &["error invalid_payload /claims"]),
        (format!("{good}{{}}"), &["error invalid_payload /claims"]),
        (good.replace(':', ""), &["error invalid_payload /claims"]),
        (with(r#""x":["\ud83d\ude00"]"#), &[]),
        (with(r#""x":["\ud83d"]"#), &["warning half_character /claims/x/0"]),
        (with(r#""\ud83d":1"#), &["error invalid_payload /claims"]),
        (String::new(), &["error invalid_payload /claims"]),
    ] {
        assert_found(&forge, &forge.sign(HEADER, payload), expected);
    }
    let no_text = [&b"{\"x\":\"\xff\""[..], b"}"].concat();
    assert_found(&forge, &forge.sign(HEADER, no_text), &["error invalid_payload /claims"]);
}
