//! Logging in.

use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::{
    event::EventKind,
    keys::hash_of,
    options::Login,
    record::{self, Family, SessionRecord, Version},
    refresh_token::{self, Nonce},
    scope,
    sessions::{Inner, Sessions},
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Code, ErrorKind},
    telemetry::event,
    token::{SessionId, TokenPair},
};

/// How long a login waits until its credentials are checked. Slow hashes wait for each other, so under a load of
/// logins that is a multiple of one hash; beyond half a minute most clients have gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// A login that has begun: whoever proves to be its subject may finish it.
///
/// It holds the generation of the subject from before the proof. Where the subject is logged out everywhere
/// meanwhile, because the password was changed, the old password does not get in.
#[derive(Debug)]
#[must_use = "nobody is logged in until `.finish()`"]
pub struct PendingLogin {
    sessions: Sessions,
    subject: String,
    /// As the store had it.
    generation: u64,
    /// As this process's revocations had it.
    held: u64,
    /// The store's time, when the login began.
    asked: Timestamp,
    begun: Instant,
}

impl Sessions {
    /// Logs a subject in whom the application knows already, by a passkey or another provider's token.
    ///
    /// # Errors
    ///
    /// A subject that the accounts do not know, or a store or accounts that do not answer.
    ///
    /// # Security
    ///
    /// It asks for no proof: call it after you have checked who it is. Where that takes a password, use
    /// [`login_with_credentials`](Self::login_with_credentials), or [`begin`](Self::begin) before the check.
    pub async fn login(&self, subject: &str) -> Result<TokenPair, AuthError> {
        self.login_with(subject, Login::new()).await
    }

    /// The same with what the session shall be like.
    ///
    /// # Errors
    ///
    /// As [`login`](Self::login), and a scope that the accounts do not name.
    pub async fn login_with(&self, subject: &str, login: Login) -> Result<TokenPair, AuthError> {
        self.begin(subject).await?.finish_with(login).await
    }

    /// Begins a login; check what proves the subject's identity after this, then finish.
    ///
    /// ```
    /// # use jwtower::{AuthError, Sessions, TokenPair};
    /// # async fn password_is_right(subject: &str, password: &str) -> bool { false }
    /// async fn log_in(sessions: &Sessions, subject: &str, password: &str) -> Result<Option<TokenPair>, AuthError> {
    ///     let login = sessions.begin(subject).await?;
    ///     if !password_is_right(subject, password).await {
    ///         return Ok(None);
    ///     }
    ///     login.finish().await.map(Some)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn begin(&self, subject: &str) -> Result<PendingLogin, AuthError> {
        let inner = &*self.0;
        let held = inner.held_generation(subject);
        let generation = inner.generation(inner.store.generation(inner.keys.tag(subject))).await?;
        Ok(PendingLogin {
            sessions: self.clone(),
            subject: subject.to_owned(),
            generation: generation.value,
            held,
            asked: generation.now,
            begun: Instant::now(),
        })
    }

    /// Logs in who proves it: the accounts find the subject and check the credentials.
    ///
    /// Failed logins are counted by account and address, where [`Login::address`] tells one: by the name that the
    /// credentials hold, and by the subject that it finds. Of a subject for which too many failed, a name that was
    /// tried less often looks as one that nobody has.
    ///
    /// # Errors
    ///
    /// Credentials of another form than [`Accounts::Credentials`](super::Accounts::Credentials), unknown ones,
    /// wrong ones and those of a locked user (which look the same to a client), too many failed logins, a scope
    /// that the accounts do not name, or a store or accounts that do not answer.
    pub async fn login_with_credentials(
        &self,
        credentials: Map<String, Value>,
        login: Login,
    ) -> Result<TokenPair, AuthError> {
        let inner = &*self.0;
        let attempt = inner.accounts.attempt(credentials)?;
        let throttled = || inner.tell(EventKind::LoginThrottled, None, None);
        let mut counted =
            inner.throttle.begin(attempt.account(), login.address).inspect_err(|_| throttled())?;
        let proof = async {
            let subject = attempt.find().await?;
            // One whose subject failed too often is treated as one that nobody has.
            let may = subject.as_deref().is_none_or(|subject| counted.found(subject));
            let subject = subject.filter(|_| may);
            // Who does not exist costs as much time as who does.
            let pending = self.begin(subject.as_deref().unwrap_or(attempt.account())).await?;
            let is_right = attempt.check(subject.as_deref()).await?;
            Ok::<_, AuthError>((may, (subject.is_some() && is_right).then_some(pending)))
        };
        let (may, pending) = timeout(PATIENCE, proof).await.unwrap_or_else(|_| {
            event!(error, "the accounts took longer than half a minute to check a login");
            Err(Code::AccountsUnavailable.into())
        })?;
        let outcome = match pending {
            Some(pending) => pending.finish_with(login).await,
            None => Err(Code::BadCredentials.into()),
        };
        match &outcome {
            Ok(_) => counted.succeeded(),
            // Also where they were right, but the user is locked: to the client it looks like wrong ones, and so it
            // must to whoever counts.
            Err(error) if error.kind() == ErrorKind::InvalidGrant => {
                counted.failed();
                if may {
                    inner.tell(EventKind::LoginFailed, None, None);
                } else {
                    throttled();
                }
            }
            Err(_) => {}
        }
        outcome
    }
}

impl PendingLogin {
    /// Makes the session.
    ///
    /// # Errors
    ///
    /// A subject that the accounts do not know, one that was logged out everywhere since the login began, or
    /// a store or accounts that do not answer.
    pub async fn finish(self) -> Result<TokenPair, AuthError> {
        self.finish_with(Login::new()).await
    }

    /// The same with what the session shall be like.
    ///
    /// # Errors
    ///
    /// As [`finish`](Self::finish), and a scope that the accounts do not name.
    pub async fn finish_with(self, login: Login) -> Result<TokenPair, AuthError> {
        let inner = &*self.sessions.0;
        let claims = inner.claims(&self.subject).await?.ok_or(Code::SubjectGone)?;
        let granted = scope::at_login(login.scope.as_deref(), scope::offered(&claims).as_deref())?;
        let nonce = Zeroizing::new(random()?);
        // Whoever takes a while to prove it gets as much time as everybody.
        let now = self.asked.plus(self.begun.elapsed());
        let replaced = login.replaced.clone();
        let record = self.record(login, granted, &nonce, now)?;
        // All that can fail by itself comes before anything is written.
        let refresh_token = refresh_token::mint(record.id(), 0, &nonce, &inner.keys)?;
        let scope = record.login.scope.clone();
        let (access_token, expires_in) = inner.access(&record.login, claims, scope.as_deref(), now)?;

        if let Some(token) = replaced {
            self.sessions.make_room(&token).await?;
        }
        let inserted = inner.timed(inner.store.insert(&record, self.generation)).await?;
        if !inserted || inner.held_generation(&self.subject) > self.held {
            return Err(Code::GenerationMoved.into());
        }
        inner.tell(EventKind::Login, Some(&self.subject), Some(record.id()));
        Ok(TokenPair {
            access_token,
            refresh_token,
            expires_in,
            refresh_expires_in: record.login.end_after(now).since(now),
            scope,
            session: record.id(),
        })
    }

    fn record(
        &self,
        login: Login,
        scope: Option<String>,
        nonce: &Nonce,
        now: Timestamp,
    ) -> Result<SessionRecord, AuthError> {
        let inner = &*self.sessions.0;
        let Inner { keys, limits, .. } = inner;
        let fixed = record::Login {
            id: SessionId::new(keys.tag(&self.subject), random()?),
            subject: self.subject.clone(),
            generation: self.generation.max(self.held).max(now.as_millis()),
            transport: login.transport,
            created: now,
            expires: now.plus(limits.absolute),
            idle_limit: u64::try_from(limits.idle.as_millis()).unwrap_or(u64::MAX),
            auth_time: login.auth_time.unwrap_or(inner.issued_at(now)),
            acr: login.acr,
            amr: login.amr,
            scope,
            client_id: login.client_id,
            audience: login.audience,
            nonce_hash: hash_of(&**nonce),
        };
        let family = Family { counter: 0, rotated_at: now, label: login.label, ended: false };
        let version = Version(u64::from_ne_bytes(random()?));
        Ok(SessionRecord { seal: keys.seal(&fixed)?, login: fixed, family, version })
    }
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], AuthError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Code::KeysStale)?;
    Ok(bytes)
}
