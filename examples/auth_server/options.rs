//! What the command line says.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use jwtower::session::BoxError;
use lexopt::prelude::*;

use crate::server::TlsFiles;

/// Where the store and the secret lie unless told.
const FOLDER: &str = "auth-server-data";

pub(crate) struct Options {
    pub(crate) store: String,
    pub(crate) secret_file: Option<PathBuf>,
    pub(crate) issuer: Option<String>,
    pub(crate) audience: String,
    /// The issuer's usual one unless told.
    pub(crate) token_life: Option<Duration>,
    /// Whether access tokens are encrypted.
    pub(crate) encrypt: bool,
    pub(crate) listen: String,
    pub(crate) tls: Option<TlsFiles>,
    /// Whose pages may use the cookies, beside our own.
    pub(crate) origins: Vec<String>,
}

impl Options {
    pub(crate) fn read() -> Result<Self, BoxError> {
        let mut options = Self {
            store: format!("redb:{FOLDER}/store.redb"),
            secret_file: None,
            issuer: None,
            audience: "auth-server-api".into(),
            token_life: None,
            encrypt: false,
            listen: "127.0.0.1:3000".into(),
            tls: None,
            origins: Vec::new(),
        };
        let (mut cert, mut key) = (None, None);
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("store") => options.store = arguments.value()?.string()?,
                Long("secret-file") => options.secret_file = Some(arguments.value()?.into()),
                Long("issuer") => options.issuer = Some(arguments.value()?.string()?),
                Long("audience") => options.audience = arguments.value()?.string()?,
                Long("token-life") => options.token_life = Some(seconds(&arguments.value()?.string()?)?),
                Long("encrypt") => options.encrypt = true,
                Long("listen") => options.listen = arguments.value()?.string()?,
                Long("tls-cert") => cert = Some(arguments.value()?.into()),
                Long("tls-key") => key = Some(arguments.value()?.into()),
                Long("origin") => options.origins.push(arguments.value()?.string()?),
                Long(name) => {
                    return Err(format!("--{name} is unknown; see the head of auth_server/main.rs").into());
                }
                other => return Err(other.unexpected().into()),
            }
        }
        options.tls = both(cert, key)?;
        Ok(options)
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map(Duration::from_secs);
    seconds.map_err(|_| format!("--token-life takes whole seconds, such as 600, and not {text:?}"))
}

fn both(cert: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<TlsFiles>, String> {
    let alone = |given: &str, file: &Path, other: &str| {
        let file = file.display();
        Err(format!("{given} {file} is given without {other} FILE; https takes both, plain http neither"))
    };
    match (cert, key) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert, key })),
        (Some(cert), None) => alone("--tls-cert", &cert, "--tls-key"),
        (None, Some(key)) => alone("--tls-key", &key, "--tls-cert"),
        (None, None) => Ok(None),
    }
}
