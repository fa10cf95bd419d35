//! The client that fetches where the application brings none.

use std::{
    future::Future,
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
#[derive(Clone, Copy, Debug)]
pub(super) struct HttpClient;

impl HttpClient {
    pub(super) fn new() -> Self {
        Self
    }
}

impl Fetch for HttpClient {
    async fn fetch(&self, request: Request<()>) -> Result<Response<Bytes>, BoxError> {
        Ok(exchange(request, tls()).await?)
    }
}

/// Sends a request, and reads the answer to its end. What trusts a server is waited for where it is https.
pub(super) async fn exchange(
    mut request: Request<()>,
    tls: impl Future<Output = Result<Arc<ClientConfig>, Cause>>,
) -> Result<Response<Bytes>, Cause> {
    let reach = request.extensions().get().copied().unwrap_or(Reach::Discovered);
    let allowed = Allowed::of(request.uri(), reach).map_err(Cause::of)?;
    request.headers_mut().insert(USER_AGENT, const { HeaderValue::from_static(NAME) });
    let mut http = HttpConnector::new_with_resolver(Resolver::new(allowed, GaiResolver::new()));
    if is_https(request.uri()) {
        http.enforce_http(false);
        send(HttpsConnector::from((http, tls.await?)), request).await
    } else {
        send(http, request).await
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

/// What trusts the authorities that the machine does.
async fn tls() -> Result<Arc<ClientConfig>, Cause> {
    /// Filled at the first https request: loading the certificates takes a while, and they may not be there yet.
    static TLS: OnceLock<Arc<ClientConfig>> = OnceLock::new();

    if let Some(tls) = TLS.get() {
        return Ok(Arc::clone(tls));
    }
    let loaded =
        tokio::task::spawn_blocking(load_tls).await.map_err(io::Error::other).and_then(|loaded| loaded);
    let tls = loaded.map_err(Cause::no_certificates)?;
    Ok(Arc::clone(TLS.get_or_init(|| tls.into())))
}

/// A provider of our own choice: that of the process is the application's to set, or not to.
fn load_tls() -> io::Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    Ok(config.with_native_roots()?.with_no_client_auth())
}
