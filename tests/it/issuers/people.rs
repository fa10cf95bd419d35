use std::time::{Duration, SystemTime};

use jwtower::{
    JwtAuthLayer, Timestamp,
    claims::AuthorityMap,
    revocation::{Grain, Revocation, Revocations},
    verify::Issuers,
};
use serde_json::json;

use super::provider::{A, B, Provider, app, ask};

#[tokio::test]
async fn the_admins_of_two_issuers_with_one_subject_are_two_people() {
    let (a, b) = (Provider::new(A), Provider::new(B));
    let issuers = Issuers::new();
    issuers.trust(a.verifier()).unwrap();
    issuers.trust(b.verifier()).unwrap();
    let revocations = Revocations::in_memory();
    let app = app(JwtAuthLayer::new(issuers).revocations(revocations.clone()));
    let admin = [("sub", json!("root")), ("roles", json!(["admin"])), ("jti", json!("1"))];
    let (of_a, of_b) = (a.token(&admin), b.token(&admin));
    for _ in 0..3 {
        for (token, name) in [(&of_a, A), (&of_b, B)] {
            for path in ["/me", "/admin"] {
                let (status, _, body) = ask(&app, path, token).await;
                assert_eq!((status, body), (200, format!("root of {name}")));
            }
        }
    }
    assert_eq!(ask(&app, "/admin-of-a", &of_a).await.0, 200);
    assert_eq!(ask(&app, "/admin-of-a", &of_b).await.0, 403);

    // Nor does a logout of the one log out the other.
    let until = Timestamp::from(SystemTime::now()).plus(Duration::from_secs(720));
    let grain = Grain::Watermark { subject: "root".into(), issued_at: Timestamp::from(SystemTime::now()) };
    revocations.revoke(&Revocation { issuer: A.into(), grain, until }).await.unwrap();
    assert_eq!((ask(&app, "/me", &of_a).await.0, ask(&app, "/me", &of_b).await.0), (401, 200));
}

#[tokio::test]
async fn an_issuer_whose_roles_are_read_elsewhere_says_of_nobody_that_they_are_admins() {
    let (a, b) = (Provider::new(A), Provider::new(B));
    let elsewhere = AuthorityMap::new().roles(["/realm_access/roles"]).unwrap();
    let issuers = Issuers::new();
    issuers.trust(a.verifier()).unwrap();
    issuers.trust(b.builder().authorities(elsewhere).build().unwrap()).unwrap();
    let app = app(JwtAuthLayer::new(issuers));
    let (here, there) = (
        [("roles", json!(["admin"]))],
        [("roles", json!([])), ("realm_access", json!({"roles": ["admin"]}))],
    );
    for (provider, claims, expected) in
        [(&a, &here[..], 200), (&a, &there, 403), (&b, &here, 403), (&b, &there, 200)]
    {
        assert_eq!(ask(&app, "/admin", &provider.token(claims)).await.0, expected);
    }
}
