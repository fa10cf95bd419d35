//! Microsoft Entra ID: one issuer for each tenant and version, keys without `alg`, and ID tokens with the same
//! audience.

use jwtower::{NoClaims, Verifier};
use serde_json::{Value, json};

use super::fixture::{
    Complete, assert_one_algorithm, assert_refused, keys_without_alg, now, principal, verdict, with,
};

const TENANT: &str = "11111111-2222-3333-4444-5555aaaabbbb";
const OTHER_TENANT: &str = "99999999-2222-3333-4444-5555aaaabbbb";
const API: &str = "00001111-aaaa-2222-bbbb-3333cccc4444";

fn build(builder: Complete) -> Verifier<NoClaims> {
    builder.keys(keys_without_alg()).build().unwrap()
}

fn v2() -> Verifier<NoClaims> {
    build(Verifier::entra_id(TENANT).unwrap().audience(API))
}

fn v1() -> Verifier<NoClaims> {
    build(Verifier::entra_id_v1(TENANT).unwrap().audiences([API, "api://orders"]))
}

fn access_token() -> Value {
    json!({
        "aud": API, "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        "iat": now(), "nbf": now(), "exp": now() + 4000, "aio": "AXQAi", "azp": "6e74172b", "azpacr": "0",
        "name": "Alice", "oid": "690222be", "preferred_username": "alice@example.com", "rh": "0.AR",
        "roles": ["Orders.Admin"], "scp": "Orders.Read Orders.Write", "sub": "HKZpfaHyWadeOouYlitj",
        "tid": TENANT, "uti": "fqiBqXLPj0eQ", "ver": "2.0",
    })
}

fn id_token() -> Value {
    let none = ["azp", "azpacr", "scp"].map(|name| (name, Value::Null));
    with(&access_token(), &none)
}

fn access_token_v1() -> Value {
    let changes = [
        ("iss", json!(format!("https://sts.windows.net/{TENANT}/"))),
        ("ver", json!("1.0")),
        ("azp", Value::Null),
        ("azpacr", Value::Null),
        ("appid", json!("6e74172b")),
        ("appidacr", json!("0")),
        ("amr", json!(["pwd"])),
        ("unique_name", json!("alice@example.com")),
    ];
    with(&access_token(), &changes)
}

#[test]
fn an_access_token_is_accepted_with_its_roles_and_scopes() {
    let user = principal(&v2(), &access_token());
    assert_eq!(user.roles().collect::<Vec<_>>(), ["Orders.Admin"]);
    assert_eq!(user.scopes().collect::<Vec<_>>(), ["Orders.Read", "Orders.Write"]);
    assert_one_algorithm(&v2(), &access_token());
}

#[test]
fn a_token_of_an_application_has_roles_and_no_scopes() {
    let claims = with(&access_token(), &[("scp", Value::Null), ("idtyp", json!("app"))]);
    let service = principal(&v2(), &claims);
    assert_eq!((service.roles().count(), service.scopes().count()), (1, 0));
}

#[test]
fn id_tokens_and_tokens_for_others_are_refused() {
    let issuer = |tenant: &str| json!(format!("https://login.microsoftonline.com/{tenant}/v2.0"));
    for (name, claims, expected) in [
        ("an ID token with the same audience", id_token(), "missing_claim"),
        ("an ID token with a nonce", with(&id_token(), &[("nonce", json!("n"))]), "other_token_kind"),
        (
            "a token of another tenant",
            with(&access_token(), &[("iss", issuer(OTHER_TENANT))]),
            "issuer_mismatch",
        ),
        ("a token of a template", with(&access_token(), &[("iss", issuer("{tenantid}"))]), "issuer_mismatch"),
        ("a token of version 1.0", access_token_v1(), "issuer_mismatch"),
        ("a token for Graph", with(&access_token(), &[("aud", json!("00000003-0000"))]), "audience_mismatch"),
        (
            "a token for the URI",
            with(&access_token(), &[("aud", json!("api://orders"))]),
            "audience_mismatch",
        ),
    ] {
        assert_eq!(verdict(&v2(), &claims), expected, "{name}");
    }
}

#[test]
fn version_1_has_an_issuer_of_its_own_and_marks_access_tokens_by_appid() {
    assert_eq!(principal(&v1(), &access_token_v1()).roles().collect::<Vec<_>>(), ["Orders.Admin"]);
    assert_one_algorithm(&v1(), &access_token_v1());
    let id_token = with(&access_token_v1(), &[("appid", Value::Null), ("appidacr", Value::Null)]);
    let other = json!(format!("https://sts.windows.net/{OTHER_TENANT}/"));
    for (name, claims, expected) in [
        ("a token for the URI", with(&access_token_v1(), &[("aud", json!("api://orders"))]), "good"),
        ("an ID token with the same audience", id_token, "missing_claim"),
        ("a token of another tenant", with(&access_token_v1(), &[("iss", other)]), "issuer_mismatch"),
        ("a token of version 2.0", access_token(), "issuer_mismatch"),
    ] {
        assert_eq!(verdict(&v1(), &claims), expected, "{name}");
    }
}

#[test]
fn a_tenant_is_a_guid_in_any_spelling() {
    for tenant in [TENANT.to_uppercase(), TENANT.replace('-', ""), format!("{{{TENANT}}}")] {
        let verifier = build(Verifier::entra_id(&tenant).unwrap().audience(API));
        assert_eq!(verdict(&verifier, &access_token()), "good", "{tenant}");
    }
}

#[test]
fn what_names_no_single_tenant_is_refused_with_what_to_write() {
    let cases = [
        ("common", "the id of one"),
        ("organizations", "the id of one"),
        ("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"),
        ("example.onmicrosoft.com", "Directory (tenant) ID"),
        ("example.com", "Directory (tenant) ID"),
        ("", "Directory (tenant) ID"),
        ("11111111-2222-3333-4444-5555aaaabbb", "Directory (tenant) ID"),
        ("11111111-2222-3333-4444-5555aaaabbbb/v2.0", "Directory (tenant) ID"),
        ("https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration", "Directory"),
    ];
    assert_refused(Verifier::<NoClaims>::entra_id, "tenant", &cases);
    assert_refused(Verifier::<NoClaims>::entra_id_v1, "tenant", &cases);
}
