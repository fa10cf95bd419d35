//! URLs that keys may be fetched from.

use std::{borrow::Cow, fmt, net::IpAddr};

use http::{
    HeaderValue, Request, Uri,
    header::ACCEPT,
    uri::{Authority, Scheme},
};

use super::{
    address::{self, Allowed},
    failure::{FetchError, shown},
    fetch::Reach,
};
use crate::error::ConfigError;

/// A URL that keys or documents are fetched from, and how far it may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyUrl {
    uri: Uri,
    reach: Reach,
}

impl KeyUrl {
    /// A URL of the application or its operator.
    pub(super) fn given(setting: &'static str, text: &str) -> Result<Self, ConfigError> {
        let problem = match parse(text) {
            Ok(uri) if Allowed::of(&uri, Reach::Given).is_ok() => {
                return Ok(Self { uri, reach: Reach::Given });
            }
            Ok(_) => "is plain http to an address beyond the local network, which is never fetched",
            Err(problem) => problem,
        };
        let given = shown_url(text);
        let problem = format!("{given} {problem}; write a URL such as https://login.example.com/path");
        Err(ConfigError::new(setting, problem))
    }

    /// A URL that the document at `from` named.
    pub(super) fn discovered(text: &str, from: &Self) -> Result<Self, FetchError> {
        let refused =
            |problem: &str| FetchError::new(from, format!("its jwks_uri {} {problem}", shown_url(text)));
        let uri = parse(text).map_err(refused)?;
        if from.reach == Reach::Given && same_origin(&uri, &from.uri) {
            return Ok(Self { uri, reach: Reach::Given });
        }
        if !is_https(&uri) {
            return Err(refused("is not https, and only one of the document's own origin need not be"));
        }
        if leads_inside(host(&uri)) {
            return Err(refused(
                "is no public address, and only one of the document's own origin need not be; where that is meant, \
                 give this URL yourself (RemoteKeySet::new)",
            ));
        }
        Ok(Self { uri, reach: Reach::Discovered })
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    #[cfg(test)]
    pub(super) fn reach(&self) -> Reach {
        self.reach
    }

    /// A GET that takes these media types.
    pub(super) fn request(&self, accept: &'static str) -> Request<()> {
        let mut request = Request::new(());
        *request.uri_mut() = self.uri.clone();
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static(accept));
        request.extensions_mut().insert(self.reach);
        request
    }
}

/// It goes to logs, metrics and messages, so it has no query: that may hold the key of an API.
impl fmt::Display for KeyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_query(&self.uri.to_string()))
    }
}

/// What was given for a URL, fit for a message: as [`shown`], without a query, a user and a password.
pub(super) fn shown_url(text: &str) -> String {
    let text = without_query(text);
    let (scheme, rest) = text.split_at(text.find("://").map_or(0, |at| at + "://".len()));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((_, host)) => shown(&format!("{scheme}..@{host}{path}")),
        None => shown(&text),
    }
}

fn without_query(url: &str) -> Cow<'_, str> {
    url.split_once('?').map_or(Cow::Borrowed(url), |(before, _)| format!("{before}?..").into())
}

fn parse(text: &str) -> Result<Uri, &'static str> {
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "holds a space, a control character or one beyond ASCII, which a URL writes percent-encoded",
        );
    }
    if text.contains('#') {
        return Err("has a fragment (#), which is never sent");
    }
    let uri: Uri = text.parse().map_err(|_| "is not a URL")?;
    if uri.scheme() != Some(&Scheme::HTTPS) && uri.scheme() != Some(&Scheme::HTTP) {
        return Err("is neither https nor http");
    }
    let authority = uri.authority().ok_or("has no host")?;
    if authority.as_str().contains('@') {
        return Err("has a user name or a password, which everybody who reads the log would learn");
    }
    if matches!(authority.host(), "" | "[]") {
        return Err("has no host");
    }
    if authority.as_str().len() > authority.host().len() && authority.port_u16().is_none_or(|port| port == 0)
    {
        return Err("has no port from 1 to 65535 after its colon");
    }
    Ok(uri)
}

pub(super) fn is_https(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTPS)
}

/// The host, without the brackets of an IPv6 address.
pub(super) fn host(uri: &Uri) -> &str {
    let host = uri.host().unwrap_or_default();
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Whether the two have one scheme, host and port (RFC 6454 §5).
fn same_origin(one: &Uri, other: &Uri) -> bool {
    let port = |uri: &Uri| uri.port_u16().unwrap_or(if is_https(uri) { 443 } else { 80 });
    one.scheme() == other.scheme() && host(one).eq_ignore_ascii_case(host(other)) && port(one) == port(other)
}

/// Whether the host can be told to be no public one without asking anybody.
fn leads_inside(host: &str) -> bool {
    if let Ok(address) = host.parse::<IpAddr>() {
        return !address::is_public(address);
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Scheme, host and port as text, with nothing that a URL may hide.
pub(super) fn origin(uri: &Uri) -> Option<String> {
    let authority = uri.authority().map(Authority::as_str)?;
    let (_, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    Some(format!("{}://{host}", uri.scheme_str()?))
}
