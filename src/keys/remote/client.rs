//! The client that fetches where the application brings none.

use std::{
    io,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::USER_AGENT};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{Connect, HttpConnector, dns::GaiResolver},
    },
    rt::TokioExecutor,
};
use rustls::{ClientConfig, crypto::aws_lc_rs};

use super::{
    address::{Allowed, Resolver},
    answer::LARGEST,
    cause::Cause,
    fetch::{Fetch, Reach},
    url::is_https,
};
use crate::error::BoxError;

/// HTTP/1.1 over TLS with the certificates that the machine trusts, or in the clear on the local network.
///
/// It follows no redirect, asks no proxy and keeps no connection.
#[derive(Clone, Debug)]
pub(super) struct HttpClient {
    /// Filled at the first https request: loading the certificates takes a while, and they may not be there yet.
    pub(super) tls: &'static OnceLock<Arc<ClientConfig>>,
}

static TLS: OnceLock<Arc<ClientConfig>> = OnceLock::new();

impl HttpClient {
    pub(super) fn new() -> Self {
        Self { tls: &TLS }
    }

    async fn tls(&self) -> Result<Arc<ClientConfig>, Cause> {
        if let Some(tls) = self.tls.get() {
            return Ok(Arc::clone(tls));
        }
        let loaded =
            tokio::task::spawn_blocking(load_tls).await.map_err(io::Error::other).and_then(|loaded| loaded);
        let tls = loaded.map_err(Cause::no_certificates)?;
        Ok(Arc::clone(self.tls.get_or_init(|| tls.into())))
    }
}

impl Fetch for HttpClient {
    async fn fetch(&self, mut request: Request<()>) -> Result<Response<Bytes>, BoxError> {
        let reach = request.extensions().get().copied().unwrap_or(Reach::Discovered);
        let allowed = Allowed::of(request.uri(), reach).map_err(Cause::of)?;
        request.headers_mut().insert(USER_AGENT, const { HeaderValue::from_static(NAME) });
        let mut http = HttpConnector::new_with_resolver(Resolver::new(allowed, GaiResolver::new()));
        let answer = if is_https(request.uri()) {
            http.enforce_http(false);
            send(HttpsConnector::from((http, self.tls().await?)), request).await
        } else {
            send(http, request).await
        };
        Ok(answer?)
    }
}

const NAME: &str = concat!("jwtower/", env!("CARGO_PKG_VERSION"));

async fn send<C>(connector: C, request: Request<()>) -> Result<Response<Bytes>, Cause>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
    let answer = client.request(request.map(|()| Empty::<Bytes>::new())).await.map_err(Cause::of)?;
    let (parts, body) = answer.into_parts();
    let body = Limited::new(body, LARGEST).collect().await.map_err(Cause::of)?;
    Ok(Response::from_parts(parts, body.to_bytes()))
}

/// A provider of our own choice: that of the process is the application's to set, or not to.
fn load_tls() -> io::Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    Ok(config.with_native_roots()?.with_no_client_auth())
}
