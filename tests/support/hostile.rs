//! A key server that misbehaves as it is told to, and counts who asks.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, BufReader},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

pub use crate::answer::Answer;

/// Where a [`Hostile`] has its keys.
pub const KEYS: &str = "/jwks";

/// Where the document is that says so (OpenID Connect Discovery §4).
pub const OPENID: &str = "/.well-known/openid-configuration";

/// Where another such document is (RFC 8414 §3).
pub const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// A server on loopback whose answers are a script; gone, with its connections, on drop.
#[derive(Debug)]
pub struct Hostile {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    scripts: Mutex<HashMap<String, VecDeque<Answer>>>,
    connections: Mutex<usize>,
    asked: Mutex<Vec<Asked>>,
}

#[derive(Debug)]
struct Asked {
    path: String,
    head: String,
}

impl Hostile {
    /// A server on a free port that answers 404 to everything.
    pub async fn start() -> Self {
        Self::at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// A server at this address, such as the one where another was.
    ///
    /// # Panics
    ///
    /// If somebody else has the address.
    pub async fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.expect("the address is free");
        let address = listener.local_addr().expect("it listens");
        let shared = Arc::new(Shared::default());
        Self { address, serving: tokio::spawn(accept(listener, Arc::clone(&shared))), shared }
    }

    /// Ends it and its connections at once, so that its address answers nobody.
    pub async fn stop(mut self) -> SocketAddr {
        self.serving.abort();
        let _ = (&mut self.serving).await;
        self.address
    }

    /// Answers the requests of this path by these, one after another, and from then on by the last.
    pub fn answers(&self, path: &str, answers: impl IntoIterator<Item = Answer>) {
        locked(&self.shared.scripts).insert(path.to_owned(), answers.into_iter().collect());
    }

    /// Publishes a JWK Set, and both documents that lead to it.
    pub fn publishes(&self, jwks: &str) {
        self.answers(KEYS, [Answer::json(jwks)]);
        self.leads_to(&self.issuer(), &self.url(KEYS));
    }

    /// Lets both documents name this issuer and this place of the keys.
    pub fn leads_to(&self, issuer: &str, jwks_uri: &str) {
        let document = json!({ "issuer": issuer, "jwks_uri": jwks_uri }).to_string();
        for path in [OPENID, OAUTH] {
            self.answers(path, [Answer::json(&document)]);
        }
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The issuer whose documents are here.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.url("")
    }

    /// The URL of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections there were.
    #[must_use]
    pub fn connections(&self) -> usize {
        *locked(&self.shared.connections)
    }

    /// How many requests of this path came.
    #[must_use]
    pub fn requests(&self, path: &str) -> usize {
        locked(&self.shared.asked).iter().filter(|asked| asked.path == path).count()
    }

    /// How many requests came at all.
    #[must_use]
    pub fn all_requests(&self) -> usize {
        locked(&self.shared.asked).len()
    }

    /// The request line and headers of every request so far, in lower case.
    #[must_use]
    pub fn heads(&self) -> Vec<String> {
        locked(&self.shared.asked).iter().map(|asked| asked.head.clone()).collect()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    /// Writes the request down and finds what its path says now.
    fn answer(&self, head: String) -> Answer {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let mut scripts = locked(&self.scripts);
        let answer = match scripts.get_mut(&path) {
            Some(answers) if answers.len() > 1 => answers.pop_front(),
            Some(answers) => answers.front().cloned(),
            None => None,
        };
        locked(&self.asked).push(Asked { path, head: head.to_lowercase() });
        answer.unwrap_or_else(|| Answer::status(404))
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // A set, so that the connections end with this task.
    let mut serving = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        *locked(&shared.connections) += 1;
        serving.spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let answer = shared.answer(String::from_utf8_lossy(&head).into_owned());
        if !answer.write(stream.get_mut()).await? {
            return Ok(());
        }
    }
}

/// What a test that failed left behind is still fit to be read.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
