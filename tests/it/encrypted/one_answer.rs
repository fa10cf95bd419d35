//! Whoever sends a bad envelope learns nothing from the answer.

use axum::{Router, body::Body, routing::get};
use http::Request;
use http_body_util::BodyExt;
use jwtower::JwtAuthLayer;
use tower::ServiceExt;

use super::{envelope, fixture::World, header, inside};

async fn answer(router: &Router, token: &str) -> (u16, String) {
    let request = Request::get("/").header("authorization", format!("Bearer {token}"));
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (head, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status.as_u16(), format!("{:?}\n{}", head.headers, String::from_utf8_lossy(&body)))
}

#[tokio::test]
async fn every_bad_envelope_gets_the_very_same_answer() {
    let (mut first, mut count) = (None, 0);
    for world in World::all() {
        let layer = JwtAuthLayer::new(world.verifier.clone());
        let router = Router::new().route("/", get(|| async { "in" })).layer(layer);
        assert_eq!(answer(&router, &world.good().token()).await.0, 200, "{}", world.kind());
        let rows = [
            envelope::rows(&world),
            envelope::malformed(&world),
            header::rows(&world),
            header::agreements(&world),
            header::content_keys(&world),
            inside::rows(&world),
        ];
        for row in rows.into_iter().flatten() {
            // Other letters never come as a token (RFC 6750 §2.1); that somebody's time is over, he is told.
            let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            if !row.token.bytes().all(letter) || row.code == "token_expired" {
                continue;
            }
            let answer = answer(&router, &row.token).await;
            assert_eq!(answer.0, 401, "{}: {}", world.kind(), row.name);
            let first = first.get_or_insert_with(|| answer.clone());
            assert_eq!(answer, *first, "{}: {}", world.kind(), row.name);
            count += 1;
        }
    }
    assert!(count > 500, "{count} rows");
}
