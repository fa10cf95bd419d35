//! One request over one connection: all that these tests need of HTTP.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

/// An answer's status, head and body.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The status line and the headers.
    pub(crate) head: String,
    /// The body as text.
    pub(crate) body: String,
}

/// Sends a request without a body and reads the answer to its end.
pub(crate) fn send(address: &str, method: &str, path: &str, token: Option<&str>) -> Answer {
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    exchange(address, &format!("{method} {path}"), &authorization, "").expect("an answer")
}

/// Posts a form; an error where the server went away before it answered.
pub(crate) fn post_form(address: &str, path: &str, form: &str) -> io::Result<Answer> {
    post(address, path, "application/x-www-form-urlencoded", form)
}

/// Posts anything; an error where the server went away before it answered.
pub(crate) fn post(address: &str, path: &str, kind: &str, body: &str) -> io::Result<Answer> {
    exchange(address, &format!("POST {path}"), &format!("Content-Type: {kind}\r\n"), body)
}

fn exchange(address: &str, line: &str, headers: &str, body: &str) -> io::Result<Answer> {
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: {address}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer)?;
    let parts = answer.split_once("\r\n\r\n").and_then(|(head, body)| {
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
    });
    parts.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}
