//! Serving over http or https, until somebody stops the process.

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use axum::Router;
use axum_server::{
    Handle, Server,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use jwtower::session::BoxError;
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{Error, PemObject},
};
use tokio::{net::TcpListener, signal};

/// How long requests may take that are under way when the process is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// Where the certificate and its key lie.
pub(crate) struct TlsFiles {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

impl TlsFiles {
    pub(crate) async fn read(&self) -> Result<RustlsConfig, BoxError> {
        let cert = |error| format!("--tls-cert {}: {}", self.cert.display(), told(error, "certificate"));
        let key = |error| format!("--tls-key {}: {}", self.key.display(), told(error, "private key"));
        let config = RustlsConfig::from_der(self.chain().map_err(cert)?, self.secret().map_err(key)?).await;
        Ok(config.map_err(|error| {
            let (cert, key) = (self.cert.display(), self.key.display());
            format!("--tls-key {key} does not go with --tls-cert {cert}: {error}")
        })?)
    }

    fn chain(&self) -> Result<Vec<Vec<u8>>, Error> {
        let chain = CertificateDer::pem_file_iter(&self.cert)?;
        let chain = chain.map(|certificate| Ok(certificate?.to_vec())).collect::<Result<Vec<_>, Error>>()?;
        if chain.is_empty() { Err(Error::NoItemsFound) } else { Ok(chain) }
    }

    fn secret(&self) -> Result<Vec<u8>, Error> {
        Ok(PrivateKeyDer::from_pem_file(&self.key)?.secret_der().to_vec())
    }
}

/// Other errors quote what they stumbled on, which may be a piece of the key.
fn told(error: Error, wanted: &str) -> String {
    match error {
        Error::Io(error) => error.to_string(),
        _ => format!("it holds no {wanted} as well-formed PEM without a password"),
    }
}

/// Serves https where there is a certificate. When the process is stopped, what is under way may end.
pub(crate) async fn serve(listener: TcpListener, tls: Option<RustlsConfig>, app: Router) -> io::Result<()> {
    let handle = Handle::new();
    let server = Server::<SocketAddr>::from_listener(listener).handle(handle.clone());
    tokio::spawn(async move {
        stopped().await;
        handle.graceful_shutdown(Some(GRACE));
    });
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        None => server.serve(app).await,
        Some(config) => server.acceptor(RustlsAcceptor::new(config)).serve(app).await,
    }
}

/// Waits for ctrl-c, or for the SIGTERM of a service manager.
async fn stopped() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = signal::ctrl_c().await;
}
