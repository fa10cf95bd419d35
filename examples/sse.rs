//! An event stream that ends when its token does.
//!
//!     cargo run --example sse -- 60
//!
//! The number is the token's life in seconds; an argument that is no number is the address to listen on. It
//! prints a curl line with a fresh token, then serves: a tick a second, until the token expires.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    response::sse::{Event, Sse},
    routing::get,
};
use futures_util::stream::{self, Stream, StreamExt};
use jwtower::{Algorithm, Claims, Issuer, JwtAuthLayer, Secret, Verifier};
use serde::{Deserialize, Serialize};
use tokio::time::{MissedTickBehavior, interval};

const ISSUER: &str = "http://localhost/sse";
const AUDIENCE: &str = "sse-api";

/// What our tokens say beside the registered claims.
#[derive(Serialize, Deserialize)]
struct User {
    name: String,
}

/// A tick a second. The stream, and with it the response, ends with the token.
async fn ticks(user: Claims<User>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut clock = interval(Duration::from_secs(1));
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let ended = user.ended();
    let ticks = stream::unfold((clock, user, 0), async |(mut clock, user, count)| {
        clock.tick().await;
        let event = Event::default().event("tick").data(format!("{count} for {}", user.name));
        Some((Ok(event), (clock, user, count + 1)))
    });
    Sse::new(ticks.take_until(ended))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut life, mut address) = (60, "127.0.0.1:3000".to_owned());
    for argument in std::env::args().skip(1) {
        match argument.parse() {
            Ok(seconds) => life = seconds,
            Err(_) => address = argument,
        }
    }

    let secret = Secret::generate(Algorithm::HS256)?;
    let life = Duration::from_secs(life);
    let issuer = Issuer::builder().key(&secret).issuer(ISSUER).audience(AUDIENCE).lifetime(life).build()?;
    let verifier = Verifier::<User>::builder().keys(&secret).issuer(ISSUER).audience(AUDIENCE).build()?;
    let app = Router::new().route("/ticks", get(ticks)).route_layer(JwtAuthLayer::new(verifier));

    let listener = tokio::net::TcpListener::bind(address).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let token = issuer.sign("u-1", &User { name: "Alice".into() })?;
    println!("curl -i {url}/ticks   # 401");
    println!("curl -iN -H 'Authorization: Bearer {}' {url}/ticks   # 200", token.secret());
    println!("listening on {url}");
    axum::serve(listener, app).await?;
    Ok(())
}
