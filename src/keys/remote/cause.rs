//! What an error of the network means to an operator.

use std::{
    borrow::Cow,
    error::Error,
    io::{self, ErrorKind},
    iter,
};

use http_body_util::LengthLimitError;
use rustls::CertificateError;

use super::{address::Refused, answer::TOO_LARGE};
use crate::error::BoxError;

/// Why there is no answer, in words of our own; its source is the library's error.
#[derive(thiserror::Error, Debug)]
#[error("{problem}")]
pub(super) struct Cause {
    pub(super) problem: Cow<'static, str>,
    pub(super) source: BoxError,
}

impl Cause {
    pub(super) fn of(source: impl Into<BoxError>) -> Self {
        let source = source.into();
        let problem = chain(source.as_ref()).find_map(meaning);
        Self {
            problem: problem
                .unwrap_or(Cow::Borrowed("the connection failed, or what came over it is not HTTP")),
            source,
        }
    }

    pub(super) fn no_certificates(source: io::Error) -> Self {
        Self {
            problem: Cow::Borrowed(
                "there are no certificates of authorities here to check an https server with; install the package \
                 ca-certificates, or let SSL_CERT_FILE name a file that holds them (where SSL_CERT_FILE or \
                 SSL_CERT_DIR is set, nothing else is read)",
            ),
            source: source.into(),
        }
    }
}

/// The error and what lies behind it. An `io::Error` hides what it wraps from `source`, so it is opened.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| {
        match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as _),
            None => error.source(),
        }
    })
}

fn meaning(error: &(dyn Error + 'static)) -> Option<Cow<'static, str>> {
    if let Some(refused) = error.downcast_ref::<Refused>() {
        return Some(refused.to_string().into());
    }
    if error.is::<LengthLimitError>() {
        return Some(TOO_LARGE.into());
    }
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(tls).into());
    }
    let kind = error.downcast_ref::<io::Error>()?.kind();
    of_kind(kind).map(Cow::Borrowed)
}

fn of_tls(error: &rustls::Error) -> &'static str {
    use CertificateError as C;
    match error {
        rustls::Error::InvalidCertificate(C::UnknownIssuer | C::BadSignature) => {
            "the server's certificate is not of an authority that this machine trusts; add the authority's own \
             certificate to the machine's, or, where SSL_CERT_FILE or SSL_CERT_DIR is set, to what they name: \
             nothing else is read then"
        }
        rustls::Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => {
            "the server's certificate has expired, or the clock here is wrong"
        }
        rustls::Error::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. }) => {
            "the server's certificate is not valid yet, or the clock here is wrong"
        }
        rustls::Error::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => {
            "the server's certificate is for another name"
        }
        rustls::Error::InvalidCertificate(_) => "the server's certificate is not acceptable",
        rustls::Error::InvalidMessage(_) => {
            "the server does not speak TLS; its URL may have to begin with http"
        }
        _ => "the TLS connection failed",
    }
}

fn of_kind(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::ConnectionRefused => Some("the connection was refused"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Some("the connection broke")
        }
        ErrorKind::UnexpectedEof => Some("the connection was closed too early"),
        ErrorKind::TimedOut => Some("the server could not be reached in time"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Some("there is no way to the server"),
        _ => None,
    }
}
