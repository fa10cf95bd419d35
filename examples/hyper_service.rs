//! The layer and a guard around a plain tower service, served by hyper: no axum.
//!
//!     cargo run --example hyper_service [ADDR]
//!
//! It prints curl lines with fresh tokens for a user and an admin, then serves.

use std::convert::Infallible;

use http::{Request, Response, StatusCode};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use jwtower::guard::{require, role, when};
use jwtower::{Algorithm, Claims, Issuer, JwtAuthLayer, Secret, Verifier};
use serde::{Deserialize, Serialize};
use tower::{Layer, service_fn};

const ISSUER: &str = "http://localhost/hyper-service";
const AUDIENCE: &str = "hyper-service-api";

/// What our tokens say beside the registered claims.
#[derive(Serialize, Deserialize)]
struct User {
    name: String,
    roles: Vec<String>,
}

async fn answer(request: Request<Incoming>) -> Result<Response<String>, Infallible> {
    let (status, text) = match (request.uri().path(), request.extensions().get::<Claims<User>>()) {
        ("/me", Some(user)) => (StatusCode::OK, format!("hello {}\n", user.name)),
        ("/admin", _) => (StatusCode::OK, "hello admin\n".into()),
        _ => (StatusCode::NOT_FOUND, String::new()),
    };
    let mut response = Response::new(text);
    *response.status_mut() = status;
    Ok(response)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = Secret::generate(Algorithm::HS256)?;
    let issuer = Issuer::builder().key(&secret).issuer(ISSUER).audience(AUDIENCE).build()?;
    let verifier = Verifier::<User>::builder().keys(&secret).issuer(ISSUER).audience(AUDIENCE).build()?;

    let rule = role("admin") | when("not for admins only", |_, head| head.uri.path() != "/admin");
    let guarded = require(rule).layer(service_fn(answer));
    let service = TowerToHyperService::new(JwtAuthLayer::new(verifier).layer(guarded));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let user = issuer.sign("u-1", &User { name: "Alice".into(), roles: vec![] })?;
    let admin = issuer.sign("u-2", &User { name: "Bob".into(), roles: vec!["admin".into()] })?;

    println!("curl -i {url}/me   # 401");
    println!("curl -i -H 'Authorization: Bearer {}' {url}/me   # 200", user.secret());
    println!("curl -i -H 'Authorization: Bearer {}' {url}/nowhere   # 404", user.secret());
    println!("curl -i -H 'Authorization: Bearer {}' {url}/admin   # 403", user.secret());
    println!("curl -i -H 'Authorization: Bearer {}' {url}/admin   # 200", admin.secret());
    println!("listening on {url}");
    loop {
        let (stream, _) = listener.accept().await?;
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("a connection broke: {error}");
            }
        });
    }
}
