//! What stands in for the network, and small servers that misbehave on it.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};

use crate::keys::remote::{fetch::Fetch, url::KeyUrl};

pub(super) fn url(text: &str) -> KeyUrl {
    KeyUrl::given("url", text).unwrap()
}

pub(super) fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pairs = pairs
        .iter()
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap()));
    let mut headers = HeaderMap::new();
    pairs.for_each(|(name, value)| {
        headers.append(name, value);
    });
    headers
}

pub(super) fn answer(status: u16, pairs: &[(&str, &str)], body: impl Into<Bytes>) -> Response<Bytes> {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status.try_into().unwrap();
    *answer.headers_mut() = headers(pairs);
    answer
}

pub(super) type Asked = Arc<Mutex<Vec<Request<()>>>>;

/// Gives these answers, one after the other, and keeps what it was asked.
pub(super) fn answering(answers: impl IntoIterator<Item = Response<Bytes>>) -> (impl Fetch, Asked) {
    let asked = Asked::default();
    let (answers, seen) = (Mutex::new(answers.into_iter().collect::<VecDeque<_>>()), Arc::clone(&asked));
    let fetch = move |request: Request<()>| {
        seen.lock().unwrap().push(request);
        let answer = answers.lock().unwrap().pop_front();
        async move { answer.ok_or("it was asked once too often") }
    };
    (fetch, asked)
}

/// A server on loopback for one connection.
pub(super) struct Server<T> {
    pub(super) port: u16,
    thread: JoinHandle<T>,
}

impl<T: Send + 'static> Server<T> {
    pub(super) fn new(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        Self { port, thread: thread::spawn(move || serve(listener.accept().unwrap().0)) }
    }

    pub(super) fn url(&self) -> KeyUrl {
        url(&format!("http://127.0.0.1:{}/jwks.json", self.port))
    }

    /// What the server saw. The client's connections live on meanwhile.
    pub(super) async fn end(self) -> T {
        tokio::task::spawn_blocking(|| self.thread.join().unwrap()).await.unwrap()
    }
}

/// Reads a request's head, and answers with these bytes.
pub(super) fn saying(answer: impl AsRef<[u8]> + Send + 'static) -> Server<String> {
    Server::new(move |mut stream| {
        let head = read_head(&mut stream);
        // The client may have gone before all was said.
        let _ = stream.write_all(answer.as_ref());
        head
    })
}

pub(super) fn read_head(stream: &mut impl Read) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.extend(byte);
    }
    String::from_utf8(head).unwrap()
}
