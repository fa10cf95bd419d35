//! The fields of a small body, JSON or a form.

use std::{future::poll_fn, pin::Pin};

use axum_core::body::Body;
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::Body as _;
use serde_json::{Map, Value};

use super::{form, unique_members::UniqueMembers};
use crate::response::BodyFault;

/// Bytes; a refresh token and the credentials of a login are far smaller.
const MAX_BODY: usize = 16 * 1024;

/// The fields that have a meaning here; others are the application's, or nobody's.
pub(super) const REFRESH_TOKEN: &str = "refresh_token";
pub(super) const SCOPE: &str = "scope";
const COOKIES: &str = "cookies";

/// A parameter of a query.
pub(super) const NEXT: &str = "next";

/// What a client sent, each field once.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads the body of a request by its content type.
    pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Self, BodyFault> {
        let format = Format::of(headers)?;
        let bytes = collect(body).await?;
        let text = str::from_utf8(&bytes).map_err(|_| BodyFault::NotUtf8)?;
        Ok(Self(match format {
            Format::Json => members(text)?,
            Format::Form => form::fields(text)?,
        }))
    }

    /// The same where a request without a body is fine.
    pub(super) async fn read_if_any(headers: &HeaderMap, body: Body) -> Result<Self, BodyFault> {
        if body.is_end_stream() && !headers.contains_key(header::CONTENT_TYPE) {
            return Ok(Self(Map::new()));
        }
        Self::read(headers, body).await
    }

    /// Whether the client wants its tokens in cookies; a form has words only.
    pub(super) fn wants_cookies(&mut self) -> Result<bool, BodyFault> {
        match self.0.remove(COOKIES) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(wanted)) => Ok(wanted),
            Some(Value::String(word)) => word.parse().map_err(|_| BodyFault::NotBoolean(COOKIES)),
            Some(_) => Err(BodyFault::NotBoolean(COOKIES)),
        }
    }

    /// The text of a field that must be there and say something.
    pub(super) fn required(&mut self, name: &'static str) -> Result<String, BodyFault> {
        self.optional(name)?.ok_or(BodyFault::Missing(name))
    }

    /// The text of a field; an empty one counts as absent (RFC 6749 §3.2).
    pub(super) fn optional(&mut self, name: &'static str) -> Result<Option<String>, BodyFault> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            Some(_) => Err(BodyFault::Mistyped(name)),
        }
    }

    /// What was not taken yet.
    pub(super) fn rest(self) -> Map<String, Value> {
        self.0
    }
}

/// The name of a repeated field, as far as it is one of ours: a client's own words never come back.
pub(super) fn repeated(name: &str) -> BodyFault {
    BodyFault::Repeated([REFRESH_TOKEN, SCOPE, COOKIES].into_iter().find(|known| *known == name))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Form,
}

impl Format {
    fn of(headers: &HeaderMap) -> Result<Self, BodyFault> {
        if headers.contains_key(header::CONTENT_ENCODING) {
            return Err(BodyFault::Encoded);
        }
        let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(line), None) = (lines.next(), lines.next()) else { return Err(BodyFault::OtherType) };
        let mut parts = line.to_str().map_err(|_| BodyFault::OtherType)?.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        if !parts.all(is_harmless) {
            return Err(BodyFault::OtherType);
        }
        let is = |name: &str| essence.eq_ignore_ascii_case(name);
        match () {
            () if is("application/json") => Ok(Self::Json),
            () if is("application/x-www-form-urlencoded") => Ok(Self::Form),
            () => Err(BodyFault::OtherType),
        }
    }
}

/// Whether a parameter of a content type leaves the body in UTF-8.
fn is_harmless(parameter: &str) -> bool {
    match parameter.split_once('=') {
        Some((name, charset)) if name.trim().eq_ignore_ascii_case("charset") => {
            charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    }
}

/// All of a body, unless it is too large; one that says so itself is not read at all.
async fn collect(mut body: Body) -> Result<Vec<u8>, BodyFault> {
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(BodyFault::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let data: Bytes = frame.map_err(|_| BodyFault::CutShort)?.into_data().unwrap_or_default();
        if bytes.len() + data.len() > MAX_BODY {
            return Err(BodyFault::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// The members of one JSON object, none of which stands twice at any depth.
fn members(text: &str) -> Result<Map<String, Value>, BodyFault> {
    UniqueMembers::check(text)?;
    serde_json::from_str(text).map_err(|_| BodyFault::NotAnObject)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    async fn read(content_type: &'static str, body: impl Into<Body>) -> Result<Value, BodyFault> {
        let fields = Fields::read(&headers(&[("content-type", content_type)]), body.into()).await?;
        Ok(Value::Object(fields.rest()))
    }

    #[tokio::test]
    async fn json_and_a_form_say_the_same() {
        let expected = json!({ "username": "alice & bob", "password": "ä+100%" });
        for content_type in [
            "application/json",
            "application/json;charset=utf-8",
            "Application/JSON ; Charset=\"UTF-8\"",
            "application/json; profile=x",
        ] {
            assert_eq!(read(content_type, expected.to_string()).await.unwrap(), expected, "{content_type}");
        }
        for content_type in
            ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8"]
        {
            let form = "username=alice+%26%20bob&password=%C3%A4%2B100%25";
            assert_eq!(read(content_type, form).await.unwrap(), expected, "{content_type}");
        }
    }

    #[tokio::test]
    async fn another_type_or_a_coding_is_refused_before_the_body_is_read() {
        let body = || Body::new(Unreadable);
        let rows: [&[(&str, &str)]; 9] = [
            &[],
            &[("content-type", "")],
            &[("content-type", "text/plain")],
            &[("content-type", "text/json")],
            &[("content-type", "application/jsonp")],
            &[("content-type", "multipart/form-data; boundary=a")],
            &[("content-type", "application/json; charset=utf-16")],
            &[("content-type", "application/json, application/json")],
            &[("content-type", "application/json"), ("content-type", "application/json")],
        ];
        for row in rows {
            let fault = Fields::read(&headers(row), body()).await.err();
            assert_eq!(fault, Some(BodyFault::OtherType), "{row:?}");
        }
        for coding in ["gzip", "identity", ""] {
            let row = headers(&[("content-type", "application/json"), ("content-encoding", coding)]);
            assert_eq!(Fields::read(&row, body()).await.err(), Some(BodyFault::Encoded), "{coding:?}");
        }
    }

    /// A body that must not be asked for.
    struct Unreadable;

    impl http_body::Body for Unreadable {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
            panic!("the body was read")
        }

        fn size_hint(&self) -> http_body::SizeHint {
            http_body::SizeHint::with_exact(10 << 20)
        }
    }

    #[tokio::test]
    async fn a_body_of_16_kib_is_read_and_one_byte_more_is_not() {
        let body = |length: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(length - 8));
        assert!(read("application/json", body(MAX_BODY)).await.is_ok());
        assert_eq!(read("application/json", body(MAX_BODY + 1)).await, Err(BodyFault::TooLarge));
        // Neither is one that says its length, nor one that comes without it in many parts.
        let announced = Body::new(Unreadable);
        assert_eq!(read("application/json", announced).await, Err(BodyFault::TooLarge));
        let parts = body(MAX_BODY + 1).into_bytes();
        let parts = parts.chunks(1000).map(|part| Ok::<_, std::io::Error>(part.to_vec())).collect::<Vec<_>>();
        let stream = Body::from_stream(futures_util::stream::iter(parts));
        assert_eq!(read("application/json", stream).await, Err(BodyFault::TooLarge));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_no_body() {
        let parts = [Ok(r#"{"a":"#), Err(std::io::Error::other("gone"))];
        let stream = Body::from_stream(futures_util::stream::iter(parts));
        assert_eq!(read("application/json", stream).await, Err(BodyFault::CutShort));
    }

    #[tokio::test]
    async fn json_that_is_no_object_or_says_something_twice_is_refused() {
        let rows: [(&[u8], _); 22] = [
            (b"", BodyFault::NotAnObject),
            (b"null", BodyFault::NotAnObject),
            (b"[]", BodyFault::NotAnObject),
            (br#"["refresh_token"]"#, BodyFault::NotAnObject),
            (b"1", BodyFault::NotAnObject),
            (br#""a""#, BodyFault::NotAnObject),
            (b"{", BodyFault::NotAnObject),
            (br#"{"a":1,}"#, BodyFault::NotAnObject),
            (b"{} {}", BodyFault::NotAnObject),
            (b"{'a':1}", BodyFault::NotAnObject),
            (br#"{"a":"\ud800"}"#, BodyFault::NotAnObject),
            (b"{\"a\":\"\n\"}", BodyFault::NotAnObject),
            (b"{\"a\":NaN}", BodyFault::NotAnObject),
            (b"\xef\xbb\xbf{}", BodyFault::NotAnObject),
            (b"a=b", BodyFault::NotAnObject),
            (b"{\"a\":\"\xff\"}", BodyFault::NotUtf8),
            (br#"{"a":1,"a":1}"#, BodyFault::Repeated(None)),
            (br#"{"password":1,"p\u0061ssword":2}"#, BodyFault::Repeated(None)),
            (br#"{"a":{"b":[{"c":1,"\u0063":2}]}}"#, BodyFault::Repeated(None)),
            (br#"{"scope":"a","scope":"a"}"#, BodyFault::Repeated(Some("scope"))),
            (br#"{"refresh_token":"","refresh\u005ftoken":"b"}"#, BodyFault::Repeated(Some("refresh_token"))),
            (br#"{"a":1,"a":2"#, BodyFault::Repeated(None)),
        ];
        for (body, fault) in rows {
            assert_eq!(read("application/json", body).await, Err(fault), "{}", body.escape_ascii());
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        assert_eq!(read("application/json", deep).await, Err(BodyFault::NotAnObject));
        let twins = json!({ "a": 1.5, "b": { "a": [{ "a": null }, { "a": true }] }, "c": -1, "d": u64::MAX });
        assert_eq!(read("application/json", twins.to_string()).await.unwrap(), twins);
    }

    #[tokio::test]
    async fn a_form_that_is_not_utf8_or_says_something_twice_is_refused() {
        let form = "application/x-www-form-urlencoded";
        for (body, fault) in [
            (&b"a=\xff"[..], BodyFault::NotUtf8),
            (b"a=%ff", BodyFault::NotUtf8),
            (b"%C3=a", BodyFault::NotUtf8),
            (b"a=1&a=1", BodyFault::Repeated(None)),
            (b"password=1&p%61ssword=2", BodyFault::Repeated(None)),
            (b"scope=&scope=a", BodyFault::Repeated(Some("scope"))),
            (b"refresh_token=a&x=y&refresh%5ftoken=b", BodyFault::Repeated(Some("refresh_token"))),
        ] {
            assert_eq!(read(form, body).await, Err(fault), "{}", body.escape_ascii());
        }
    }

    #[tokio::test]
    async fn an_empty_parameter_of_a_form_is_none_and_a_lone_percent_sign_is_one() {
        let form = "application/x-www-form-urlencoded";
        for (body, expected) in [
            ("", json!({})),
            ("&&", json!({})),
            ("a=&b", json!({})),
            ("a=%&b=%zz&c=1%", json!({ "a": "%", "b": "%zz", "c": "1%" })),
            ("a=b=c", json!({ "a": "b=c" })),
            ("a=%3D%26", json!({ "a": "=&" })),
        ] {
            assert_eq!(read(form, body).await.unwrap(), expected, "{body}");
        }
    }

    #[tokio::test]
    async fn a_field_is_a_text_and_one_that_must_be_there_says_something() {
        let fields = async |body: Value| {
            let headers = headers(&[("content-type", "application/json")]);
            Fields::read(&headers, body.to_string().into()).await.unwrap_or_else(|fault| panic!("{fault}"))
        };
        let mut good = fields(json!({ "scope": "a b", "other": 1 })).await;
        assert_eq!(good.optional(SCOPE), Ok(Some("a b".to_owned())));
        assert_eq!(good.optional(SCOPE), Ok(None));
        assert_eq!(Value::Object(good.rest()), json!({ "other": 1 }));
        for value in [json!(""), json!(null)] {
            let mut fields = fields(json!({ "scope": value, "refresh_token": value })).await;
            assert_eq!(fields.optional(SCOPE), Ok(None));
            assert_eq!(fields.required(REFRESH_TOKEN), Err(BodyFault::Missing(REFRESH_TOKEN)));
        }
        for value in [json!(1), json!(true), json!(["a"]), json!({ "a": "b" })] {
            let mut fields = fields(json!({ "refresh_token": value })).await;
            assert_eq!(fields.required(REFRESH_TOKEN), Err(BodyFault::Mistyped(REFRESH_TOKEN)));
        }
    }
}
