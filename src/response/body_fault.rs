//! What is wrong with the body of a request.

use std::fmt;

use http::{HeaderName, HeaderValue, StatusCode, header};

/// Why a body is none of ours. It names fields that we know and holds nothing of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyFault {
    TooLarge,
    OtherType,
    Encoded,
    /// The client went away, or its framing is broken.
    CutShort,
    NotUtf8,
    NotAnObject,
    /// A field came twice; its name, if it is one of ours.
    Repeated(Option<&'static str>),
    Missing(&'static str),
    Mistyped(&'static str),
    NotBoolean(&'static str),
    /// The client wants cookies, and the service has none.
    NoCookies,
}

impl BodyFault {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::OtherType | Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// What is understood instead (RFC 9110 §15.5.16).
    pub(super) fn hint(self) -> Option<(HeaderName, HeaderValue)> {
        let (name, value) = match self {
            Self::OtherType => (header::ACCEPT, "application/json, application/x-www-form-urlencoded"),
            Self::Encoded => (header::ACCEPT_ENCODING, "identity"),
            _ => return None,
        };
        Some((name, HeaderValue::from_static(value)))
    }
}

impl fmt::Display for BodyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the body is larger than 16 KiB"),
            Self::OtherType => {
                f.write_str("the body is neither application/json nor application/x-www-form-urlencoded")
            }
            Self::Encoded => f.write_str("the body has a content encoding, and none is understood here"),
            Self::CutShort => f.write_str("the body ended early"),
            Self::NotUtf8 => f.write_str("the body is not UTF-8"),
            Self::NotAnObject => f.write_str("the body is not one JSON object"),
            Self::Repeated(Some(name)) => write!(f, "the field {name} came more than once"),
            Self::Repeated(None) => f.write_str("a field came more than once"),
            Self::Missing(name) => write!(f, "the field {name} is missing"),
            Self::Mistyped(name) => write!(f, "the field {name} is not a string"),
            Self::NotBoolean(name) => write!(f, "the field {name} is neither true nor false"),
            Self::NoCookies => f.write_str("the field cookies is true, and this service sets none"),
        }
    }
}
