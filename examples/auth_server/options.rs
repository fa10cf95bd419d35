//! What the command line says.

use std::path::{Path, PathBuf};

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
    pub(crate) listen: String,
    pub(crate) tls: Option<TlsFiles>,
}

impl Options {
    pub(crate) fn read() -> Result<Self, BoxError> {
        let mut options = Self {
            store: format!("redb:{FOLDER}/store.redb"),
            secret_file: None,
            issuer: None,
            audience: "auth-server-api".into(),
            listen: "127.0.0.1:3000".into(),
            tls: None,
        };
        let (mut cert, mut key) = (None, None);
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("store") => options.store = arguments.value()?.string()?,
                Long("secret-file") => options.secret_file = Some(arguments.value()?.into()),
                Long("issuer") => options.issuer = Some(arguments.value()?.string()?),
                Long("audience") => options.audience = arguments.value()?.string()?,
                Long("listen") => options.listen = arguments.value()?.string()?,
                Long("tls-cert") => cert = Some(PathBuf::from(arguments.value()?)),
                Long("tls-key") => key = Some(PathBuf::from(arguments.value()?)),
                Long(name) => {
                    return Err(format!("--{name} is unknown; see the head of auth_server/main.rs").into());
                }
                other => return Err(other.unexpected().into()),
            }
        }
        let alone = |given: &str, file: &Path, other: &str| {
            let file = file.display();
            format!("{given} {file} is given without {other} FILE; https takes both, plain http neither")
        };
        options.tls = match (cert, key) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            (None, None) => None,
            (Some(cert), None) => return Err(alone("--tls-cert", &cert, "--tls-key").into()),
            (None, Some(key)) => return Err(alone("--tls-key", &key, "--tls-cert").into()),
        };
        Ok(options)
    }
}
