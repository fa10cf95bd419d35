//! What a hostile key server answers, and how.

use std::{fmt::Write as _, future, io, time::Duration};

use bytes::Bytes;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    time::sleep,
};

/// One answer, sound or not.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
    framing: Framing,
    late: Duration,
    pace: Option<Duration>,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Length,
    Chunked,
    /// The body is all that is sent.
    Raw,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The connection is kept for the next request.
    Kept,
    /// After so many bytes nothing comes any more.
    Hang(usize),
    /// After so many bytes the connection is closed.
    Cut(usize),
}

impl Answer {
    /// 200, JSON and no word about caching.
    #[must_use]
    pub fn json(body: &str) -> Self {
        Self::status(200).header("content-type", "application/json").body(body)
    }

    /// An answer without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            framing: Framing::Length,
            late: Duration::ZERO,
            pace: None,
            end: End::Kept,
        }
    }

    /// A redirect to another place.
    #[must_use]
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::status(status).header("location", to)
    }

    /// Exactly these bytes, whatever they are, and the end of the connection.
    #[must_use]
    pub fn raw(bytes: impl AsRef<[u8]>) -> Self {
        let all = bytes.as_ref().len();
        Self { framing: Framing::Raw, end: End::Cut(all), ..Self::status(200).body(bytes) }
    }

    /// No answer, and the connection stays open.
    #[must_use]
    pub fn never() -> Self {
        Self::status(200).hang_after(0)
    }

    /// The same with another body.
    #[must_use]
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = Bytes::copy_from_slice(body.as_ref());
        self
    }

    /// The same with a header, in the place of those of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(given, _)| given != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same in chunks, so that nobody knows its length before the end.
    #[must_use]
    pub fn chunked(self) -> Self {
        Self { framing: Framing::Chunked, ..self }
    }

    /// The same, but so much later.
    #[must_use]
    pub fn late(self, late: Duration) -> Self {
        Self { late, ..self }
    }

    /// The same byte by byte, with so long between two.
    #[must_use]
    pub fn dripping(self, pace: Duration) -> Self {
        Self { pace: Some(pace), ..self }
    }

    /// The same up to so many bytes; then nothing comes any more.
    #[must_use]
    pub fn hang_after(self, bytes: usize) -> Self {
        Self { end: End::Hang(bytes), ..self }
    }

    /// The same without its last bytes, and the end of the connection.
    #[must_use]
    pub fn cut_short_by(self, bytes: usize) -> Self {
        let kept = self.bytes().len().saturating_sub(bytes);
        Self { end: End::Cut(kept), ..self }
    }

    /// Sends it, and says whether the connection is good for another.
    pub(crate) async fn write(&self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<bool> {
        sleep(self.late).await;
        let mut bytes = self.bytes();
        if let End::Hang(kept) | End::Cut(kept) = self.end {
            bytes.truncate(kept);
        }
        match self.pace {
            None => stream.write_all(&bytes).await?,
            Some(pace) => {
                for byte in bytes {
                    stream.write_u8(byte).await?;
                    stream.flush().await?;
                    sleep(pace).await;
                }
            }
        }
        stream.flush().await?;
        match self.end {
            End::Kept => Ok(true),
            End::Hang(_) => future::pending().await,
            End::Cut(_) => Ok(false),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} As Told\r\n", self.status);
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let framed = match self.framing {
            Framing::Raw => return self.body.to_vec(),
            // A 304 has neither a body nor its length (RFC 9110 §15.4.5).
            Framing::Length if self.status == 304 && self.body.is_empty() => Vec::new(),
            Framing::Length => {
                let _ = write!(head, "content-length: {}\r\n", self.body.len());
                self.body.to_vec()
            }
            Framing::Chunked => {
                head.push_str("transfer-encoding: chunked\r\n");
                in_chunks(&self.body)
            }
        };
        [head.as_bytes(), b"\r\n", &framed].concat()
    }
}

fn in_chunks(body: &[u8]) -> Vec<u8> {
    let mut framed = Vec::new();
    for chunk in body.chunks(16 * 1024) {
        framed.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        framed.extend_from_slice(chunk);
        framed.extend_from_slice(b"\r\n");
    }
    framed.extend_from_slice(b"0\r\n\r\n");
    framed
}
