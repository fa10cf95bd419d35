//! Getting the next pair of tokens.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value};

use super::{
    ending::to_the_end,
    event::EventKind,
    family::{self, Moment, Notice, Outcome, Presented, Terms},
    keys::hash_of,
    login::random,
    options::Refresh,
    record::{Login, Rotation, SessionRecord, Transport, Version},
    refresh_token::{self, Shown},
    scope,
    sessions::{Inner, Sessions},
    store::{Generation, Loaded},
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Code},
    issuer::Grant,
    telemetry::event,
    token::{AccessToken, MAX_COOKIE, RefreshToken, TokenPair},
};

/// The largest access token of a session in cookies, in bytes.
const MAX_IN_COOKIE: usize = MAX_COOKIE - "__Host-access".len();

impl Sessions {
    /// Exchanges a refresh token for the next pair.
    ///
    /// Within the window after a rotation the token before is exchanged too, for second tabs and lost answers.
    /// Any other token that was used before ends the session: somebody has a copy of it (RFC 9700 §4.14.2).
    ///
    /// # Errors
    ///
    /// A token that is not ours, was used before, or whose session has ended; a subject that was logged out
    /// everywhere or is gone; a store that does not answer, or accounts that take longer than half a window,
    /// which changes nothing.
    pub async fn refresh(&self, token: &RefreshToken) -> Result<TokenPair, AuthError> {
        self.refresh_with(token, Refresh::new()).await
    }

    /// The same, saying how the token came and what it is for.
    ///
    /// # Errors
    ///
    /// As [`refresh`](Self::refresh), a token that came by another way than its session's, and a scope that
    /// the login did not grant.
    pub async fn refresh_with(&self, token: &RefreshToken, refresh: Refresh) -> Result<TokenPair, AuthError> {
        let inner = &*self.0;
        let shown = Shown::read(token, &inner.keys)?;
        let mut answer = None;
        for _ in 0..family::LOADS {
            let (Loaded { record, generation, now }, outage) = inner.load(shown.session).await?;
            let Some(record) = record else {
                inner.tell(EventKind::SessionLost, None, Some(shown.session));
                return Err(Code::SessionLost.into());
            };
            self.check(&record, &shown, generation, now).await?;
            let presented = Presented {
                counter: shown.counter,
                transport: refresh.transport,
                label: refresh.label.as_deref(),
                raced: answer.is_some(),
            };
            let terms = Terms::new(&record.login, inner.limits.window);
            let outcome = family::present(&record.family, &terms, &presented, Moment { now, outage });
            let (counter, notice) = match outcome {
                Outcome::Refused(code) => return Err(code.into()),
                Outcome::Reuse => return Err(self.end_reused(&record, now).await),
                Outcome::Serve { counter, notice } | Outcome::Rotate { counter, notice } => (counter, notice),
            };
            // Read once: what is signed does not depend on who wins the race.
            let (access_token, expires_in, scope) = match answer.take() {
                Some(answer) => answer,
                None => self.next_access(&record, &refresh, now).await?,
            };
            let refresh_token = refresh_token::mint(shown.session, counter, &shown.nonce, &inner.keys)?;
            let mut rotated_at = record.family.rotated_at;
            if let Outcome::Rotate { .. } = outcome {
                rotated_at = now;
                let rotation = inner.rotation(&record, counter, &refresh)?;
                let swapped =
                    inner.timed(inner.store.swap(shown.session, record.version(), &rotation)).await?;
                if swapped.is_none() {
                    answer = Some((access_token, expires_in, scope));
                    continue;
                }
            }
            inner.tell_of(&record, notice);
            return Ok(TokenPair {
                access_token,
                refresh_token,
                expires_in,
                refresh_expires_in: record.login.end_after(rotated_at).since(now),
                scope,
                session: shown.session,
            });
        }
        Err(Code::RefreshContended.into())
    }

    /// What must hold before the counter counts: our record, its own nonce, no logout.
    async fn check(
        &self,
        record: &SessionRecord,
        shown: &Shown,
        generation: u64,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        let inner = &self.0;
        let Login { id, subject, .. } = &record.login;
        if !inner.keys.is_sealed(record) || *id != shown.session {
            inner.tell(EventKind::Tampered, None, Some(shown.session));
            return Err(Code::SessionTampered.into());
        }
        if record.login.nonce_hash != hash_of(&*shown.nonce) {
            return Err(Code::InvalidRefreshToken.into());
        }
        if record.is_ended() || inner.holds(*id) {
            // The store failed before, or it has lost the end.
            if !record.is_ended() || inner.unfinished.holds(*id) {
                inner.end_for_sure(*id, now).await?;
            }
            return Err(Code::SessionEnded.into());
        }
        let held = inner.held_generation(subject);
        if record.generation() < generation.max(held) {
            if held < generation {
                // The logout everywhere did not come to its end, or this process has not heard of it.
                let (inner, subject) = (Arc::clone(inner), subject.clone());
                let generation = Generation { value: generation, now };
                to_the_end(async move { inner.end_before(&subject, generation).await }).await?;
            }
            return Err(Code::GenerationMoved.into());
        }
        Ok(())
    }

    /// Ends a session one of whose used tokens came again.
    async fn end_reused(&self, record: &SessionRecord, now: Timestamp) -> AuthError {
        // Told first: the alarm counts also where the store fails.
        self.0.tell(EventKind::Reuse, Some(&record.login.subject), Some(record.id()));
        match self.0.end_for_sure(record.id(), now).await {
            Ok(()) => Code::RefreshTokenReused.into(),
            Err(error) => error,
        }
    }

    /// The access token of a refresh, from what the accounts say now.
    async fn next_access(
        &self,
        record: &SessionRecord,
        refresh: &Refresh,
        now: Timestamp,
    ) -> Result<(AccessToken, Duration, Option<String>), AuthError> {
        let inner = &self.0;
        let Login { id, subject, scope, .. } = &record.login;
        let Some(claims) = inner.claims(subject).await? else {
            inner.end_for_sure(*id, now).await?;
            inner.tell(EventKind::SubjectGone, Some(subject), Some(*id));
            return Err(Code::SubjectGone.into());
        };
        let offered = scope::offered(&claims);
        let scope = scope::at_refresh(refresh.scope.as_deref(), scope.as_deref(), offered.as_deref())?;
        let (token, expires_in) = inner.access(&record.login, claims, scope.as_deref(), now)?;
        Ok((token, expires_in, scope))
    }
}

impl Inner {
    /// An access token of a session, at the store's time.
    pub(super) fn access(
        &self,
        login: &Login,
        claims: Map<String, Value>,
        scope: Option<&str>,
        now: Timestamp,
    ) -> Result<(AccessToken, Duration), AuthError> {
        let issued = self.issued_at(now);
        let (token, life) = self.issuer.grant(&Grant {
            subject: &login.subject,
            session: login.id,
            generation: login.generation,
            claims,
            now: issued,
            not_after: issued.plus(login.expires.since(now)),
            auth_time: login.auth_time,
            acr: login.acr.as_deref(),
            amr: &login.amr,
            scope: scope.filter(|scope| !scope.is_empty()),
            client_id: login.client_id.as_deref(),
            audience: &login.audience,
        })?;
        // Told before anything is written, or the browser would keep a refresh token that was used.
        if login.transport == Transport::Cookie && token.secret().len() > MAX_IN_COOKIE {
            event!(
                error,
                "an access token makes a cookie that browsers drop; put less into the claims",
                bytes = token.secret().len(),
                limit = MAX_IN_COOKIE,
            );
            return Err(Code::CookieTooLarge.into());
        }
        Ok((token, life))
    }

    /// What a token says of when it was issued: a store whose time is ahead, as it stays when a clock was wrong for
    /// a while, must not make tokens of the future, which every verifier refuses.
    pub(super) fn issued_at(&self, now: Timestamp) -> Timestamp {
        now.min(self.issuer.clock().now().into())
    }

    fn rotation(
        &self,
        record: &SessionRecord,
        counter: u64,
        refresh: &Refresh,
    ) -> Result<Rotation, AuthError> {
        let label = refresh.label.clone().or_else(|| record.family.label.clone());
        Ok(Rotation { counter, label, version: Version(u64::from_ne_bytes(random()?)) })
    }

    fn tell_of(&self, record: &SessionRecord, notice: Option<Notice>) {
        let kind = match notice {
            None => EventKind::Refresh,
            Some(Notice::ConcurrentRefresh) => EventKind::ConcurrentRefresh,
            Some(Notice::StoreRolledBack) => EventKind::StoreRolledBack,
            Some(Notice::LabelChanged) => EventKind::LabelChanged,
        };
        self.tell(kind, Some(&record.login.subject), Some(record.id()));
    }
}
