//! The application's users.

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::erased::BoxFuture;
use crate::{
    error::{AuthError, BoxError, Code, json_kind},
    telemetry::event,
};

/// The application's users: who they are, how they prove it, and what their tokens say.
///
/// ```
/// use jwtower::session::{Accounts, BoxError};
///
/// struct Users;
///
/// #[derive(serde::Deserialize)]
/// struct Password { username: String, password: String }
///
/// #[derive(serde::Serialize)]
/// struct User { name: String, roles: Vec<String> }
///
/// # async fn row(name: &str) -> Result<Option<(String, String)>, BoxError> { Ok(None) }
/// # async fn verify(hash: Option<&str>, password: &str) -> bool { false }
/// impl Accounts for Users {
///     type Credentials = Password;
///     type Claims = User;
///
///     fn account<'a>(&self, credentials: &'a Password) -> &'a str {
///         &credentials.username
///     }
///
///     async fn find(&self, credentials: &Password) -> Result<Option<String>, BoxError> {
///         Ok(row(&credentials.username).await?.map(|(subject, _)| subject))
///     }
///
///     async fn check(&self, subject: Option<&str>, credentials: &Password) -> Result<bool, BoxError> {
///         let hash = match subject {
///             Some(subject) => row(subject).await?.map(|(_, hash)| hash),
///             None => None,                       // hash all the same: it must take as long
///         };
///         Ok(verify(hash.as_deref(), &credentials.password).await)
///     }
///
///     async fn claims(&self, subject: &str) -> Result<Option<User>, BoxError> {
///         Ok(row(subject).await?.map(|(name, _)| User { name, roles: vec!["user".into()] }))
///     }
/// }
/// ```
///
/// An error of any method is answered with 503, and nothing is changed; its text goes to the log.
///
/// # Security
///
/// The crate hashes no password. Use a slow hash (argon2) off the async threads, a few at a time.
pub trait Accounts: Send + Sync + 'static {
    /// What a login sends, read from its JSON or form.
    type Credentials: DeserializeOwned + Send + Sync;

    /// What access tokens say beside the registered claims; a JSON object.
    ///
    /// A member `scope`, a string with spaces or a list, is what the subject may be granted. `scp` is the same by
    /// another name: the token has what was granted of both, as `scope` alone.
    type Claims: Serialize + Send;

    /// The name by which the user logs in; failed logins are counted by it, whatever its case, and by the subject
    /// that it finds.
    fn account<'a>(&self, credentials: &'a Self::Credentials) -> &'a str;

    /// The subject that these credentials name, if there is one: stable, and never given to somebody else.
    ///
    /// # Errors
    ///
    /// When the accounts cannot be reached.
    fn find(
        &self,
        credentials: &Self::Credentials,
    ) -> impl Future<Output = Result<Option<String>, BoxError>> + Send;

    /// Whether the credentials are those of the subject.
    ///
    /// It is called without a subject too, where nobody has this name; it must then take as long, or the time
    /// tells who has an account. What it returns in that case does not count. A login waits half a minute for it
    /// and [`find`](Self::find) together.
    ///
    /// # Errors
    ///
    /// When the accounts cannot be reached.
    fn check(
        &self,
        subject: Option<&str>,
        credentials: &Self::Credentials,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send;

    /// What a new token says of the subject, read at each login and each refresh; `None` where the subject is
    /// gone or locked, which ends the session. It is waited for half a window, 5 seconds unless told.
    ///
    /// # Errors
    ///
    /// When the accounts cannot be reached.
    fn claims(&self, subject: &str) -> impl Future<Output = Result<Option<Self::Claims>, BoxError>> + Send;
}

/// Accounts that the application uses elsewhere too, such as where a password is changed.
impl<A: Accounts> Accounts for Arc<A> {
    type Credentials = A::Credentials;
    type Claims = A::Claims;

    fn account<'a>(&self, credentials: &'a Self::Credentials) -> &'a str {
        A::account(self, credentials)
    }

    fn find(
        &self,
        credentials: &Self::Credentials,
    ) -> impl Future<Output = Result<Option<String>, BoxError>> + Send {
        A::find(self, credentials)
    }

    fn check(
        &self,
        subject: Option<&str>,
        credentials: &Self::Credentials,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send {
        A::check(self, subject, credentials)
    }

    fn claims(&self, subject: &str) -> impl Future<Output = Result<Option<Self::Claims>, BoxError>> + Send {
        A::claims(self, subject)
    }
}

/// [`Accounts`] behind one type.
pub(super) trait DynAccounts: Send + Sync + 'static {
    /// One login with these credentials.
    fn attempt(&self, credentials: Map<String, Value>) -> Result<Box<dyn Attempt + '_>, AuthError>;

    fn claims<'a>(&'a self, subject: &'a str)
    -> BoxFuture<'a, Result<Option<Map<String, Value>>, AuthError>>;
}

/// One login.
pub(super) trait Attempt: Send + Sync {
    fn account(&self) -> &str;
    fn find(&self) -> BoxFuture<'_, Result<Option<String>, AuthError>>;
    fn check<'a>(&'a self, subject: Option<&'a str>) -> BoxFuture<'a, Result<bool, AuthError>>;
}

impl<A: Accounts> DynAccounts for A {
    fn attempt(&self, credentials: Map<String, Value>) -> Result<Box<dyn Attempt + '_>, AuthError> {
        // The error's text is not told: it may hold what was sent.
        match serde_json::from_value(Value::Object(credentials)) {
            Ok(credentials) => Ok(Box::new(Typed { accounts: self, credentials })),
            Err(_) => Err(Code::MalformedLogin.into()),
        }
    }

    fn claims<'a>(
        &'a self,
        subject: &'a str,
    ) -> BoxFuture<'a, Result<Option<Map<String, Value>>, AuthError>> {
        Box::pin(async move {
            let Some(claims) = Accounts::claims(self, subject).await.map_err(failed)? else {
                return Ok(None);
            };
            match serde_json::to_value(claims) {
                Ok(Value::Object(claims)) => Ok(Some(claims)),
                Ok(other) => Err(unsignable(json_kind(&other))),
                Err(_) => Err(unsignable("something that JSON cannot express")),
            }
        })
    }
}

struct Typed<'a, A: Accounts> {
    accounts: &'a A,
    credentials: A::Credentials,
}

impl<A: Accounts> Attempt for Typed<'_, A> {
    fn account(&self) -> &str {
        self.accounts.account(&self.credentials)
    }

    fn find(&self) -> BoxFuture<'_, Result<Option<String>, AuthError>> {
        Box::pin(async { self.accounts.find(&self.credentials).await.map_err(failed) })
    }

    fn check<'a>(&'a self, subject: Option<&'a str>) -> BoxFuture<'a, Result<bool, AuthError>> {
        Box::pin(async move { self.accounts.check(subject, &self.credentials).await.map_err(failed) })
    }
}

fn failed(error: BoxError) -> AuthError {
    event!(error, "the accounts did not answer", reason = error);
    Code::AccountsUnavailable.into()
}

fn unsignable(given: &str) -> AuthError {
    event!(error, "the accounts' claims are no JSON object; return a struct or a map", given = given);
    Code::UnsignableClaims.into()
}
