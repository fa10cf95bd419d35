//! A service that signs its own tokens, and lets people in with them.
//!
//!     cargo run --example quickstart [ADDR]
//!
//! It prints curl lines with fresh tokens for a user and an admin, then serves.
//!
//!     curl -i http://127.0.0.1:3000/healthz   # 200
//!     curl -i http://127.0.0.1:3000/me        # 401

use axum::{Json, Router, routing::get};
use jwtower::guard::{require, role};
use jwtower::{Algorithm, Claims, Issuer, JwtAuthLayer, Secret, Verifier};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

const ISSUER: &str = "http://localhost/quickstart";
const AUDIENCE: &str = "quickstart-api";

/// What our tokens say beside the registered claims.
#[derive(Serialize, Deserialize)]
struct User {
    name: String,
    roles: Vec<String>,
}

async fn me(user: Claims<User>) -> Json<Value> {
    Json(json!({ "subject": user.registered().subject(), "name": user.name, "roles": user.roles }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_writer(std::io::stderr).init();
    let secret = Secret::generate(Algorithm::HS256)?;
    let issuer = Issuer::builder().key(&secret).issuer(ISSUER).audience(AUDIENCE).build()?;
    let verifier = Verifier::<User>::builder().keys(&secret).issuer(ISSUER).audience(AUDIENCE).build()?;

    let app = Router::new()
        .route("/me", get(me))
        .route("/admin", get(|| async { "hello admin\n" }).layer(require(role("admin"))))
        .route_layer(JwtAuthLayer::new(verifier)) // above: a token is needed
        .route("/healthz", get(|| async { "ok\n" })); // below: open

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let user = issuer.sign("u-1", &User { name: "Alice".into(), roles: vec![] })?;
    let admin = issuer.sign("u-2", &User { name: "Bob".into(), roles: vec!["admin".into()] })?;

    println!("curl -i {url}/healthz   # 200");
    println!("curl -i {url}/me   # 401");
    println!("curl -i -H 'Authorization: Bearer {}' {url}/me   # 200", user.secret());
    println!("curl -i -H 'Authorization: Bearer {}' {url}/admin   # 403", user.secret());
    println!("curl -i -H 'Authorization: Bearer {}' {url}/admin   # 200", admin.secret());
    println!("listening on {url}");
    axum::serve(listener, app).await?;
    Ok(())
}
