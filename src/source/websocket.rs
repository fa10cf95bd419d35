//! The one header that a browser lets a WebSocket client choose.

use http::{HeaderMap, HeaderName, header::SEC_WEBSOCKET_PROTOCOL};

use super::{
    credentials::{b64token, is_name},
    token_source::{Found, SourceError, TokenSource},
};
use crate::error::ConfigError;

/// `Sec-WebSocket-Protocol: <marker>, <token>`, for WebSockets that a browser opens.
///
/// A browser cannot set `Authorization` on a WebSocket, but it names subprotocols:
/// `new WebSocket(url, ["bearer", token])`. The entry after the marker is the token.
///
/// ```
/// use http::{HeaderMap, header::SEC_WEBSOCKET_PROTOCOL};
/// use jwtower::source::{Found, TokenSource, WebSocketProtocol};
///
/// # fn main() -> Result<(), jwtower::ConfigError> {
/// let source = WebSocketProtocol::new("bearer")?;
///
/// let mut headers = HeaderMap::new();
/// headers.insert(SEC_WEBSOCKET_PROTOCOL, "chat.v1, bearer, aGk.aGk.aGk".parse().unwrap());
/// assert_eq!(source.find(&headers), Ok(Found::Token("aGk.aGk.aGk")));
/// # Ok(())
/// # }
/// ```
///
/// The list may be spread over several header lines and may have empty entries (RFC 9110 §5.6.1); the
/// marker's case counts (RFC 6455 §4.1). Without the marker there is no token; a marker that comes twice or
/// that nothing follows is refused.
///
/// # Security
///
/// The server must answer with one of the subprotocols that the client offered, or the browser closes the
/// connection. Answer with the marker or with a protocol of your own, never with the token: with axum,
/// `upgrade.protocols(["bearer"])`.
#[derive(Clone, Debug)]
pub struct WebSocketProtocol {
    marker: Box<str>,
}

impl WebSocketProtocol {
    /// A source that takes the subprotocol after the marker.
    ///
    /// # Errors
    ///
    /// The marker is not one word of the characters of RFC 9110 §5.6.2, so no browser could send it.
    pub fn new(marker: &str) -> Result<Self, ConfigError> {
        if !is_name(marker) {
            return Err(ConfigError::new(
                "marker",
                format!("{marker:?} is not one word such as \"bearer\", without spaces, commas or quotes"),
            ));
        }
        Ok(Self { marker: marker.into() })
    }
}

impl TokenSource for WebSocketProtocol {
    fn header_name(&self) -> &HeaderName {
        &SEC_WEBSOCKET_PROTOCOL
    }

    fn find<'h>(&self, headers: &'h HeaderMap) -> Result<Found<'h>, SourceError> {
        let marker = self.marker.as_bytes();
        let mut entries = headers
            .get_all(SEC_WEBSOCKET_PROTOCOL)
            .iter()
            .flat_map(|line| line.as_bytes().split(|&byte| byte == b','))
            .map(<[u8]>::trim_ascii)
            .filter(|entry| !entry.is_empty());

        if !entries.any(|entry| entry == marker) {
            return Ok(Found::Absent);
        }
        let token = entries.next().filter(|&entry| entry != marker).ok_or(SourceError::Malformed)?;
        if entries.any(|entry| entry == marker) {
            return Err(SourceError::Malformed);
        }
        b64token(token).map(Found::Token)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_entry_after_the_marker_is_the_token() {
        const MALFORMED: Result<Found<'static>, SourceError> = Err(SourceError::Malformed);
        let rows: &[(&[&[u8]], _)] = &[
            (&[b"bearer, a.b.c"], Ok(Found::Token("a.b.c"))),
            (&[b"bearer,a.b.c"], Ok(Found::Token("a.b.c"))),
            (&[b"\tbearer \t,\t a.b.c "], Ok(Found::Token("a.b.c"))),
            (&[b",, bearer, ,a.b.c,"], Ok(Found::Token("a.b.c"))),
            (&[b"bearer", b"a.b.c"], Ok(Found::Token("a.b.c"))),
            (&[b"bearer,", b"", b"a.b.c"], Ok(Found::Token("a.b.c"))),
            (&[b"bearer, a.b.c, chat"], Ok(Found::Token("a.b.c"))),
            (&[b"chat", b"bearer, a.b.c"], Ok(Found::Token("a.b.c"))),
            (&[b"Bearer, bearer, a.b.c"], Ok(Found::Token("a.b.c"))),
            (&[], Ok(Found::Absent)),
            (&[b""], Ok(Found::Absent)),
            (&[b"chat, superchat"], Ok(Found::Absent)),
            (&[b"Bearer, a.b.c"], Ok(Found::Absent)),
            (&[b"bearer a.b.c"], Ok(Found::Absent)),
            (&[b"bearer2, a.b.c"], Ok(Found::Absent)),
            (&[b"bearer"], MALFORMED),
            (&[b"bearer, "], MALFORMED),
            (&[b"a.b.c, bearer"], MALFORMED),
            (&[b"bearer, bearer"], MALFORMED),
            (&[b"bearer, bearer, a.b.c"], MALFORMED),
            (&[b"bearer, a.b.c, bearer"], MALFORMED),
            (&[b"bearer, a.b.c", b"bearer, d.e.f"], MALFORMED),
            (&[b"bearer, a.b.c", b"bearer, a.b.c"], MALFORMED),
            (&[b"bearer, a b"], MALFORMED),
            (&[b"bearer, a;b"], MALFORMED),
            (&[b"bearer, \"a.b.c\""], MALFORMED),
            (&[b"bearer, a\xff"], MALFORMED),
        ];
        let source = WebSocketProtocol::new("bearer").unwrap();
        for (lines, expected) in rows {
            let mut headers = HeaderMap::new();
            for line in *lines {
                headers.append(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_bytes(line).unwrap());
            }
            assert!(source.find(&headers) == *expected, "{lines:?}: {:?}", source.find(&headers));
        }
    }

    #[test]
    fn a_marker_is_one_word_that_a_browser_can_send() {
        for marker in ["", " ", "a b", "a,b", "a/b", "\"a\"", "é"] {
            assert_eq!(WebSocketProtocol::new(marker).unwrap_err().setting(), "marker", "{marker:?}");
        }
        assert!(WebSocketProtocol::new("access_token.v1").is_ok());
    }
}
