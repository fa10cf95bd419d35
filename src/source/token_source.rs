//! The trait that a place for tokens implements, and its outcomes.

use std::fmt;

use http::{HeaderMap, HeaderName, request::Parts};

use crate::error::Code;

/// A place in the request's headers where a token may be.
///
/// ```
/// use http::{HeaderMap, HeaderName, header::AUTHORIZATION};
/// use jwtower::source::{Found, SourceError, TokenSource};
///
/// /// `Authorization: Token token="<token>"`
/// struct Quoted;
///
/// impl TokenSource for Quoted {
///     fn header_name(&self) -> &HeaderName {
///         &AUTHORIZATION
///     }
///
///     fn find<'h>(&self, headers: &'h HeaderMap) -> Result<Found<'h>, SourceError> {
///         let mut lines = headers.get_all(AUTHORIZATION).iter();
///         let Some(line) = lines.next() else { return Ok(Found::Absent) };
///         if lines.next().is_some() {
///             return Err(SourceError::Repeated);
///         }
///         let line = line.to_str().map_err(|_| SourceError::Malformed)?;
///         match line.strip_prefix("Token token=") {
///             None => Ok(Found::OtherScheme),
///             Some(rest) => match rest.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
///                 Some(token) => Ok(Found::Token(token)),
///                 None => Err(SourceError::Malformed),
///             },
///         }
///     }
/// }
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(Quoted.find(&headers), Ok(Found::Absent));
/// headers.insert(AUTHORIZATION, r#"Token token="abc""#.parse().unwrap());
/// assert_eq!(Quoted.find(&headers), Ok(Found::Token("abc")));
/// ```
///
/// # Security
///
/// A source says where the token is, not whether it is good; the verifier judges it. It must refuse what it
/// cannot read with one meaning, above all a header that came twice: a proxy in front may have judged the
/// other one.
pub trait TokenSource: Send + Sync + 'static {
    /// The header that this source reads; the layer marks its values sensitive, so that `Debug` hides them
    /// and HTTP/2 keeps them out of its compression tables.
    fn header_name(&self) -> &HeaderName;

    /// Looks for the token.
    ///
    /// # Errors
    ///
    /// The header is there, is meant for this source and cannot be read with one meaning. The request is
    /// then answered with 400, also where a token is optional.
    fn find<'h>(&self, headers: &'h HeaderMap) -> Result<Found<'h>, SourceError>;

    /// Whether this request may use the token that was found here; yes, unless a source says otherwise.
    ///
    /// A source that browsers fill by themselves must refuse requests of other sites here, as
    /// [`CookieSource`](crate::cookie::CookieSource) does.
    ///
    /// # Errors
    ///
    /// [`SourceError::CrossSite`] or [`SourceError::InsecureHost`]; the request is then answered with 403 or 400,
    /// whatever the token is.
    fn permits(&self, _request: &Parts) -> Result<(), SourceError> {
        Ok(())
    }
}

/// What a [`TokenSource`] found.
///
/// Its `Debug` does not print the token.
///
/// ```
/// use jwtower::source::Found;
///
/// assert_eq!(format!("{:?}", Found::Token("abc")), "Token(..)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Found<'h> {
    /// The token, without what stood around it.
    Token(&'h str),
    /// The header is there, with credentials of another scheme; for the answer the same as no token.
    OtherScheme,
    /// Nothing is there.
    Absent,
}

impl fmt::Debug for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token(..)",
            Self::OtherScheme => "OtherScheme",
            Self::Absent => "Absent",
        })
    }
}

/// Why a token cannot be taken from its place: 400, or 403 for [`CrossSite`](Self::CrossSite).
///
/// ```
/// use jwtower::source::SourceError;
///
/// assert_eq!(SourceError::Repeated.to_string(), "the header came more than once");
/// ```
#[derive(thiserror::Error, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceError {
    /// The header does not follow its syntax.
    #[error("the header is malformed")]
    Malformed,
    /// The header came more than once.
    #[error("the header came more than once")]
    Repeated,
    /// Another site's page made the request, and the browser added the token by itself.
    #[error("the request comes from another site")]
    CrossSite,
    /// The token may only be sent to this machine, and the request names another host.
    #[error("the request names a host that is not this machine")]
    InsecureHost,
}

impl SourceError {
    pub(crate) fn code(self) -> Code {
        match self {
            Self::Malformed => Code::MalformedHeader,
            Self::Repeated => Code::RepeatedHeader,
            Self::CrossSite => Code::CrossSite,
            Self::InsecureHost => Code::InsecureHost,
        }
    }
}
