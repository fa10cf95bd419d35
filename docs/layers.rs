// What the examples of layers.md share; each includes this file.

/// The layer that trusts a new issuer, and a token of that issuer for Alice, whose one role is `user`.
fn login(issuer: &str) -> (jwtower::JwtAuthLayer<jwtower::NoClaims>, String) {
    let secret = jwtower::Secret::generate(jwtower::Algorithm::HS256).unwrap();
    let verifier = jwtower::Verifier::builder().keys(&secret).issuer(issuer).audience("api").build();
    let issuer = jwtower::Issuer::builder().key(&secret).issuer(issuer).audience("api").build();
    let token = issuer.unwrap().sign("alice", &serde_json::json!({ "roles": ["user"] })).unwrap();
    (jwtower::JwtAuthLayer::new(verifier.unwrap()), token.secret().to_owned())
}

async fn ok() -> &'static str {
    "ok"
}

/// The statuses of `METHOD PATH`, first without a token, then with this one.
async fn ask(app: &axum::Router, line: &str, token: &str) -> [u16; 2] {
    let (method, path) = line.split_once(' ').unwrap();
    let request = || http::Request::builder().method(method).uri(path);
    let mut statuses = [0; 2];
    for (status, request) in
        statuses.iter_mut().zip([request(), request().header("authorization", format!("Bearer {token}"))])
    {
        let request = request.body(axum::body::Body::empty()).unwrap();
        *status = tower::ServiceExt::oneshot(app.clone(), request).await.unwrap().status().as_u16();
    }
    statuses
}
