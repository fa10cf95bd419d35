//! The examples whose connections end with their token: a WebSocket and an event stream.

use std::{
    sync::OnceLock,
    time::{Duration, SystemTime},
};

use base64_simd::URL_SAFE_NO_PAD;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        handshake::client::Response,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use crate::{
    example::{self, Example},
    http,
};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What the tests wait at most for what is to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The example `websocket`, and the token that it printed.
struct Chat {
    example: Example,
    token: String,
}

impl Chat {
    fn start(seconds: &str) -> Self {
        static PROGRAM: OnceLock<std::path::PathBuf> = OnceLock::new();
        let program = PROGRAM.get_or_init(|| example::build("jwtower-websocket", "websocket", &[]));
        let example = Example::start(program, &[seconds, "127.0.0.1:0"]);
        let token = example.printed_between(r#", ["bearer", ""#, r#""])"#).to_owned();
        Self { example, token }
    }

    async fn open(&self, lines: &[(&'static str, &str)]) -> Result<(Socket, Response), Error> {
        let url = format!("ws://{}/chat", self.example.address());
        let mut request = url.into_client_request().expect("it is a URL");
        for (name, value) in lines {
            request.headers_mut().append(*name, value.parse().expect("it is visible"));
        }
        connect_async(request).await
    }

    /// As a browser does: `new WebSocket(url, ["bearer", token])`.
    async fn open_as_a_browser(&self) -> Socket {
        let protocols = format!("bearer, {}", self.token);
        let (socket, answer) = self.open(&[("sec-websocket-protocol", &protocols)]).await.expect("it opens");
        assert_eq!(answer.headers()["sec-websocket-protocol"], "bearer");
        assert!(!format!("{answer:?}").contains(&self.token), "the token comes back");
        socket
    }
}

/// When the token ends.
fn end_of(token: &str) -> SystemTime {
    let payload = token.split('.').nth(1).expect("three segments");
    let payload = URL_SAFE_NO_PAD.decode_to_vec(payload).expect("base64url");
    let claims: Value = serde_json::from_slice(&payload).expect("JSON");
    SystemTime::UNIX_EPOCH + Duration::from_secs(claims["exp"].as_u64().expect("whole seconds"))
}

#[track_caller]
fn assert_within_a_second_of(end: SystemTime) {
    let late = SystemTime::now().duration_since(end).expect("not before the end");
    assert!(late < Duration::from_secs(1), "{late:?} after the end");
}

async fn next_text(socket: &mut Socket) -> String {
    let message = timeout(PATIENCE, socket.next()).await.expect("a message comes");
    message.expect("it is open").expect("it is sound").into_text().expect("it is text").to_string()
}

/// Reads to the end and gives back how the server closed.
async fn closing(socket: &mut Socket) -> Option<CloseFrame> {
    let reading = async {
        let mut frame = None;
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Close(given) = message {
                frame = given;
            }
        }
        frame
    };
    timeout(PATIENCE, reading).await.expect("it ends")
}

fn expired() -> Option<CloseFrame> {
    Some(CloseFrame { code: CloseCode::Policy, reason: "the token has expired".into() })
}

#[tokio::test]
async fn a_websocket_echoes_and_is_closed_within_a_second_of_its_tokens_end() {
    let chat = Chat::start("4");
    let mut socket = chat.open_as_a_browser().await;
    socket.send("hello".into()).await.expect("it is open");
    assert_eq!(next_text(&mut socket).await, "Alice: hello");
    assert_eq!(closing(&mut socket).await, expired());
    assert_within_a_second_of(end_of(&chat.token));

    // The verifier's leeway lets such a token in for a minute more; the connection does not last.
    let mut late = chat.open_as_a_browser().await;
    let opened = SystemTime::now();
    assert_eq!(closing(&mut late).await, expired());
    assert_within_a_second_of(opened);
}

#[tokio::test]
async fn a_client_that_never_stops_sending_still_reads_why_it_was_closed() {
    let chat = Chat::start("3");
    let (mut sink, mut stream) = chat.open_as_a_browser().await.split();
    let sending = tokio::spawn(async move { while sink.send("again".into()).await.is_ok() {} });
    let reading = async {
        let mut echoes = 0;
        loop {
            match stream.next().await.expect("a close frame comes").expect("the connection is sound") {
                Message::Text(_) => echoes += 1,
                Message::Close(frame) => return (echoes, frame),
                other => panic!("{other:?}"),
            }
        }
    };
    let (echoes, frame) = timeout(PATIENCE, reading).await.expect("it ends");
    assert!(echoes > 0);
    assert_eq!(frame, expired());
    assert_within_a_second_of(end_of(&chat.token));
    timeout(PATIENCE, sending).await.expect("it ends").expect("it does not panic");
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut_off_in_time_too() {
    let chat = Chat::start("3");
    let mut socket = chat.open_as_a_browser().await;
    let text = "a".repeat(100_000);
    // The echoes fill all buffers, until neither side can write.
    let sending = async { while socket.send(text.as_str().into()).await.is_ok() {} };
    timeout(PATIENCE, sending).await.expect("it ends");
    assert_within_a_second_of(end_of(&chat.token));
}

#[tokio::test]
async fn a_websocket_without_one_good_token_is_refused() {
    let chat = Chat::start("60");
    let (good, bearer) = (format!("bearer, {}", chat.token), format!("Bearer {}", chat.token));
    let (forged, alone) = (format!("bearer, {}AAAA", chat.token), chat.token.clone());
    for (lines, expected) in [
        (vec![], 401),
        (vec![("sec-websocket-protocol", &*alone)], 401),
        (vec![("sec-websocket-protocol", &*forged)], 401),
        (vec![("sec-websocket-protocol", "bearer")], 400),
        (vec![("sec-websocket-protocol", &*good), ("authorization", &*bearer)], 400),
        (vec![("authorization", &*bearer)], 101),
        (vec![("sec-websocket-protocol", &*good)], 101),
    ] {
        let answer = match chat.open(&lines).await {
            Ok((_, answer)) => answer.map(|_| None),
            Err(Error::Http(answer)) => *answer,
            Err(error) => panic!("{error} instead of {expected}"),
        };
        assert_eq!(answer.status(), expected);
        assert!(!format!("{answer:?}").contains(&chat.token), "the token comes back");
    }
}

#[test]
fn an_event_stream_ticks_and_ends_within_a_second_of_its_tokens_end() {
    let program = example::build("jwtower", "sse", &[]);
    let example = Example::start(&program, &["4", "127.0.0.1:0"]);
    let token = example.printed_between("Bearer ", "'");
    assert_eq!(http::send(example.address(), "GET", "/ticks", None).status, 401);
    let answer = http::send(example.address(), "GET", "/ticks", Some(token));
    assert_within_a_second_of(end_of(token));
    assert_eq!(answer.status, 200);
    for part in ["event: tick\ndata: 0 for Alice\n\n", "data: 1 for Alice"] {
        assert!(answer.body.contains(part), "{}", answer.body);
    }
    assert!(answer.body.ends_with("\r\n0\r\n\r\n"), "the body is cut off: {}", answer.body);
}
