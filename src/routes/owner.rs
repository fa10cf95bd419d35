//! What the owner of an access token may see of their sessions, and end.

use axum::extract::{Path, State, rejection::PathRejection};
use axum_core::body::Body;
use bytes::Bytes;
use http::{Response, request::Parts};
use serde::Serialize;
use serde_json::{Map, Value};

use super::auth::AuthRoutes;
use crate::{
    AuthError, Claims, SessionId, Timestamp,
    cookie::AuthCookies,
    error::Code,
    response::{Refusal, not_found, oauth, respond},
    session::{Ended, Session},
    source::{Found, TokenSource},
};

/// All that a token says.
pub(super) type Claimed = Map<String, Value>;

pub(super) async fn logout_everywhere(
    State(routes): State<AuthRoutes>,
    claims: Claims<Claimed>,
    head: Parts,
) -> Response<Body> {
    let attempt = async {
        routes.sessions.logout_everywhere(subject(&claims)?).await?;
        let mut answer = oauth::done();
        clear_used(routes.cookies.as_ref(), &head, &mut answer);
        Ok(answer)
    };
    say(attempt.await, &head)
}

/// A session, the token that asks, and the time, all times but those in the claims in milliseconds since 1970.
#[derive(Serialize)]
struct Current<'a> {
    now: Timestamp,
    /// When the access token ends.
    expires: Option<Timestamp>,
    session: Session,
    claims: &'a Claimed,
}

pub(super) async fn session(
    State(routes): State<AuthRoutes>,
    claims: Claims<Claimed>,
    head: Parts,
) -> Response<Body> {
    let attempt = async {
        let session = match session_id(&claims) {
            Some(id) => find(&routes, &claims, id).await?,
            None => None,
        };
        // The token is good, and what it stands for is not there any more.
        let session = session.ok_or(Code::SessionRevoked)?;
        let expires = claims.registered().expires_at().to_system_time().map(Timestamp::from);
        let now = routes.sessions.issuer().clock().now().into();
        Ok(oauth::show(&Current { now, expires, session, claims: &claims }))
    };
    say(attempt.await, &head)
}

#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    session: Session,
    /// Whether it is the session of the token that asks.
    current: bool,
}

pub(super) async fn sessions(
    State(routes): State<AuthRoutes>,
    claims: Claims<Claimed>,
    head: Parts,
) -> Response<Body> {
    let attempt = async {
        let current = session_id(&claims);
        let sessions = routes.sessions.list(subject(&claims)?).await?;
        let listed = sessions
            .into_iter()
            .map(|session| Listed { current: Some(session.id()) == current, session })
            .collect::<Vec<_>>();
        Ok(oauth::show(&listed))
    };
    say(attempt.await, &head)
}

pub(super) async fn end_session(
    State(routes): State<AuthRoutes>,
    claims: Claims<Claimed>,
    id: Result<Path<SessionId>, PathRejection>,
    head: Parts,
) -> Response<Body> {
    let attempt = async {
        let Ok(Path(id)) = id else { return Ok(not_found()) };
        if find(&routes, &claims, id).await?.is_none() {
            return Ok(not_found());
        }
        let ended = routes.sessions.revoke(id).await?;
        let mut answer = oauth::done();
        if session_id(&claims) == Some(id) && ended == Ended::Now {
            clear_used(routes.cookies.as_ref(), &head, &mut answer);
        }
        Ok(answer)
    };
    say(attempt.await, &head)
}

/// Takes the cookies away, if the token that asks came in one.
fn clear_used(cookies: Option<&AuthCookies>, head: &Parts, answer: &mut Response<Bytes>) {
    let used = cookies.filter(|cookies| matches!(cookies.source().find(&head.headers), Ok(Found::Token(_))));
    if let Some(cookies) = used {
        cookies.clear(answer.headers_mut());
    }
}

/// The session of this name, if it is alive and the token's subject's own.
async fn find(
    routes: &AuthRoutes,
    claims: &Claims<Claimed>,
    id: SessionId,
) -> Result<Option<Session>, AuthError> {
    let subject = subject(claims)?;
    let session = routes.sessions.find(id).await?;
    Ok(session.filter(|session| session.subject() == subject))
}

fn subject(claims: &Claims<Claimed>) -> Result<&str, AuthError> {
    // The layer lets no token without a subject pass, because nobody could revoke it.
    Ok(claims.registered().subject().ok_or(Code::Unrevocable)?)
}

fn session_id(claims: &Claims<Claimed>) -> Option<SessionId> {
    claims.registered().session()?.parse().ok()
}

fn say(outcome: Result<Response<Bytes>, AuthError>, head: &Parts) -> Response<Body> {
    outcome.unwrap_or_else(|error| respond(head, &Refusal::from(error))).map(Body::from)
}
