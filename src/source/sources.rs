//! All the places that one layer looks at.

use std::{ptr, sync::Arc};

use http::{HeaderMap, HeaderName, header::AUTHORIZATION, request::Parts};

use super::{
    bearer::Bearer,
    token_source::{Found, SourceError, TokenSource},
};
use crate::error::{AuthError, Code};

/// The sources of one layer, at least one; a clone shares them.
#[derive(Clone)]
pub(crate) struct Sources {
    sources: Arc<[Arc<dyn TokenSource>]>,
    /// The headers that they read, each once.
    names: Arc<[HeaderName]>,
}

impl Default for Sources {
    fn default() -> Self {
        Self::only(Bearer)
    }
}

impl Sources {
    pub(crate) fn only(source: impl TokenSource) -> Self {
        Self::new(Arc::new([Arc::new(source)]))
    }

    pub(crate) fn also(self, source: impl TokenSource) -> Self {
        let added: Arc<dyn TokenSource> = Arc::new(source);
        Self::new(self.sources.iter().cloned().chain([added]).collect())
    }

    fn new(sources: Arc<[Arc<dyn TokenSource>]>) -> Self {
        let mut names: Vec<_> = sources.iter().map(|source| source.header_name().clone()).collect();
        names.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        names.dedup();
        Self { sources, names: names.into() }
    }

    pub(crate) fn header_names(&self) -> impl Iterator<Item = &HeaderName> {
        self.names.iter()
    }

    /// The request's one token.
    ///
    /// A source that has it must also permit this request to use it.
    pub(crate) fn find<'h>(&self, request: &'h Parts) -> Result<&'h str, AuthError> {
        let mut token: Option<&'h str> = None;
        let mut nothing = Code::MissingToken;
        let mut permitted = Ok(());
        for source in self.sources.iter() {
            match source.find(&request.headers).map_err(SourceError::code)? {
                Found::Token(found) => {
                    // Two sources may read one header; the same bytes are one token, not two.
                    if token.is_some_and(|first| !ptr::eq(first, found)) {
                        return Err(Code::MultipleTokens.into());
                    }
                    token = Some(found);
                    permitted = permitted.and(source.permits(request).map_err(SourceError::code));
                }
                Found::OtherScheme => nothing = Code::OtherScheme,
                Found::Absent => {}
            }
        }
        let token = token.ok_or(nothing)?;
        permitted?;
        Ok(token)
    }

    /// Keeps the values of the headers that the sources read out of `Debug` and HPACK tables.
    pub(crate) fn mark_sensitive(&self, headers: &mut HeaderMap) {
        // Also where no source reads it: whose header this is, its value is a secret.
        let more = Some(&AUTHORIZATION).filter(|name| !self.names.contains(name));
        for name in self.names.iter().chain(more) {
            // As many values as names means that no header came twice, so the first value is all of it.
            if headers.len() == headers.keys_len() {
                if let Some(value) = headers.get_mut(name) {
                    value.set_sensitive(true);
                }
                continue;
            }
            for (_, value) in headers.iter_mut().filter(|(given, _)| *given == name) {
                value.set_sensitive(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{
        HeaderValue,
        header::{COOKIE, SEC_WEBSOCKET_PROTOCOL},
    };

    use super::*;
    use crate::source::{Header, WebSocketProtocol};

    type Lines = &'static [(&'static str, &'static str)];

    fn headers(lines: Lines) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn request(headers: HeaderMap) -> Parts {
        let mut parts = http::Request::new(()).into_parts().0;
        parts.headers = headers;
        parts
    }

    fn everywhere() -> Sources {
        Sources::default()
            .also(Header::new("x-api-token").unwrap())
            .also(WebSocketProtocol::new("bearer").unwrap())
    }

    #[test]
    fn exactly_one_token_is_found_wherever_it_stands() {
        let rows: &[(Lines, Result<&str, &str>)] = &[
            (&[], Err("missing_token")),
            (&[("authorization", "Bearer a")], Ok("a")),
            (&[("x-api-token", "a")], Ok("a")),
            (&[("sec-websocket-protocol", "bearer, a")], Ok("a")),
            (&[("authorization", "Basic a")], Err("other_scheme")),
            (&[("authorization", "Basic a"), ("x-api-token", "a")], Ok("a")),
            (&[("authorization", "Bearer a"), ("x-api-token", "b")], Err("multiple_tokens")),
            (&[("authorization", "Bearer a"), ("x-api-token", "a")], Err("multiple_tokens")),
            (
                &[
                    ("authorization", "Bearer a"),
                    ("x-api-token", "b"),
                    ("sec-websocket-protocol", "bearer, c"),
                ],
                Err("multiple_tokens"),
            ),
            (&[("authorization", "Bearer")], Err("malformed_header")),
            (&[("authorization", "Bearer"), ("x-api-token", "a")], Err("malformed_header")),
            (&[("authorization", "Bearer a"), ("x-api-token", "a b")], Err("malformed_header")),
            (&[("authorization", "Basic a"), ("x-api-token", "a b")], Err("malformed_header")),
            (&[("authorization", "Bearer a"), ("authorization", "Basic b")], Err("repeated_header")),
            (&[("authorization", "Bearer a"), ("sec-websocket-protocol", "chat")], Ok("a")),
        ];
        for (lines, expected) in rows {
            let headers = headers(lines);
            assert_eq!(
                everywhere().find(&request(headers)).map_err(|error| error.code()),
                *expected,
                "{lines:?}"
            );
        }
    }

    #[test]
    fn the_default_reads_only_the_bearer_header() {
        let headers = headers(&[("x-api-token", "a"), ("sec-websocket-protocol", "bearer, a")]);
        assert_eq!(Sources::default().find(&request(headers)).unwrap_err().code(), "missing_token");
    }

    #[test]
    fn an_only_source_replaces_the_bearer_header() {
        let sources = Sources::only(Header::new("x-api-token").unwrap());
        let headers = headers(&[("authorization", "Bearer a"), ("x-api-token", "b")]);
        assert_eq!(sources.find(&request(headers)), Ok("b"));
    }

    #[test]
    fn a_token_that_two_sources_see_in_one_place_is_one_token() {
        let sources = Sources::default().also(Bearer);
        assert_eq!(sources.find(&request(headers(&[("authorization", "Bearer a")]))), Ok("a"));
    }

    #[test]
    fn every_value_of_a_header_that_is_read_becomes_sensitive_and_no_other() {
        let rows: &[Lines] = &[
            &[],
            &[("authorization", "Bearer a"), ("cookie", "a=b")],
            &[("authorization", "Basic a"), ("authorization", "Bearer b"), ("cookie", "a=b")],
            &[("sec-websocket-protocol", "bearer"), ("sec-websocket-protocol", "a"), ("cookie", "a=b")],
            &[("cookie", "a=b"), ("cookie", "c=d"), ("x-api-token", "a")],
        ];
        for lines in rows {
            let mut headers = headers(lines);
            everywhere().mark_sensitive(&mut headers);
            assert_eq!(headers.len(), lines.len());
            for (name, value) in &headers {
                assert_eq!(value.is_sensitive(), name != COOKIE, "{lines:?}: {name}");
            }
        }
        let mut headers = headers(&[("authorization", "Bearer a"), ("sec-websocket-protocol", "b")]);
        Sources::default().mark_sensitive(&mut headers);
        assert!(headers[AUTHORIZATION].is_sensitive());
        assert!(!headers[SEC_WEBSOCKET_PROTOCOL].is_sensitive());
    }
}
