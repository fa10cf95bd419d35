//! A WebSocket that a browser can open with a token, and that closes when the token ends.
//!
//!     cargo run --example websocket -p jwtower-websocket -- 60
//!
//! The number is the token's life in seconds; an argument that is no number is the address to listen on. It
//! prints a curl line and a line of JavaScript with a fresh token, then serves: every text comes back. When the
//! token expires, the connection is closed with code 1008, or without a word if the client does not read.

use std::time::Duration;

use axum::{
    Router,
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code},
    response::Response,
    routing::get,
};
use jwtower::{Algorithm, Claims, Issuer, JwtAuthLayer, Secret, Verifier, source::WebSocketProtocol};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

const ISSUER: &str = "http://localhost/websocket";
const AUDIENCE: &str = "websocket-api";

/// What our tokens say beside the registered claims.
#[derive(Serialize, Deserialize)]
struct User {
    name: String,
}

/// Chooses the protocol `bearer` of those that the client offers, never the one that is the token.
async fn chat(user: Claims<User>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.protocols(["bearer"]).on_upgrade(move |socket| serve(user, socket))
}

async fn serve(user: Claims<User>, mut socket: WebSocket) {
    tokio::select! {
        () = echo(&user.name, &mut socket) => {}
        () = user.ended() => close(socket).await,
    }
}

async fn echo(name: &str, socket: &mut WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(text) = message else { continue };
        if socket.send(format!("{name}: {text}").into()).await.is_err() {
            return;
        }
    }
}

/// Says why, and waits for the client to close too: what it still sends would reset the connection, and it
/// might not read the reason. A client that goes on all the same is cut off.
async fn close(mut socket: WebSocket) {
    let frame = CloseFrame { code: close_code::POLICY, reason: "the token has expired".into() };
    let goodbye = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    let _ = timeout(Duration::from_millis(500), goodbye).await;
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
    let layer = JwtAuthLayer::new(verifier).also_from(WebSocketProtocol::new("bearer")?);
    let app = Router::new().route("/chat", get(chat)).route_layer(layer);

    let listener = tokio::net::TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let token = issuer.sign("u-1", &User { name: "Alice".into() })?;
    let token = token.secret();
    let upgrade = "--http1.1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
                   -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='";
    println!("curl -i {upgrade} http://{address}/chat   # 401");
    println!("curl -iN {upgrade} -H 'Sec-WebSocket-Protocol: bearer, {token}' http://{address}/chat   # 101");
    println!("new WebSocket(\"ws://{address}/chat\", [\"bearer\", \"{token}\"])");
    println!("listening on http://{address}");
    axum::serve(listener, app).await?;
    Ok(())
}
