//! Who may log in, and what their tokens say.

use std::{sync::Arc, thread::available_parallelism};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use jwtower::session::{Accounts, BoxError};
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// What our tokens say beside the registered claims.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) roles: Vec<String>,
}

/// The users; a real service has them in its database.
pub(crate) struct Users {
    rows: Vec<Row>,
    /// Compared where nobody has the name, so that it takes as long as for somebody.
    nobody: Arc<str>,
    /// A hash takes a core and 19 MiB for a while: as many at once as there are cores.
    cores: Arc<Semaphore>,
}

struct Row {
    subject: &'static str,
    user: User,
    hash: Arc<str>,
}

#[derive(Deserialize)]
pub(crate) struct Password {
    username: String,
    password: String,
}

impl Users {
    pub(crate) fn new() -> Result<Self, BoxError> {
        let hash = |password: &str| {
            Ok::<_, BoxError>(Argon2::default().hash_password(password.as_bytes())?.to_string().into())
        };
        let row = |subject, name: &str, roles: &[&str]| {
            let roles = roles.iter().map(ToString::to_string).collect();
            Ok::<_, BoxError>(Row {
                subject,
                user: User { name: name.into(), roles },
                hash: hash("correct-horse")?,
            })
        };
        Ok(Self {
            rows: vec![row("u-1", "alice", &["user"])?, row("u-2", "root", &["user", "admin"])?],
            nobody: hash("nobody's")?,
            cores: Arc::new(Semaphore::new(available_parallelism()?.get())),
        })
    }

    fn row(&self, subject: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.subject == subject)
    }
}

impl Accounts for Users {
    type Credentials = Password;
    type Claims = User;

    fn account<'a>(&self, credentials: &'a Password) -> &'a str {
        &credentials.username
    }

    async fn find(&self, credentials: &Password) -> Result<Option<String>, BoxError> {
        let row = self.rows.iter().find(|row| row.user.name == credentials.username);
        Ok(row.map(|row| row.subject.to_owned()))
    }

    async fn check(&self, subject: Option<&str>, credentials: &Password) -> Result<bool, BoxError> {
        let row = subject.and_then(|subject| self.row(subject));
        let hash = Arc::clone(row.map_or(&self.nobody, |row| &row.hash));
        let password = credentials.password.clone();
        let core = Arc::clone(&self.cores).acquire_owned().await?;
        spawn_blocking(move || {
            let _core = core;
            let hash = PasswordHash::new(&hash)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await?
    }

    async fn claims(&self, subject: &str) -> Result<Option<User>, BoxError> {
        Ok(self.row(subject).map(|row| row.user.clone()))
    }
}
