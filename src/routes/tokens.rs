//! Login, refresh and logout: what takes credentials or a refresh token and no access token.

use axum::extract::State;
use axum_core::{body::Body, extract::Request};
use bytes::Bytes;
use http::Response;

use super::{
    auth::AuthRoutes,
    body::{Fields, REFRESH_TOKEN, SCOPE},
    finish::finish,
    label,
};
use crate::{
    AuthError, RefreshToken,
    response::{
        BodyFault, Refusal,
        oauth::{self, Granted, TokenType},
    },
    session::{Login, Refresh, TokenPair},
};

/// Takes the application's credentials, and `scope` where less is wanted than the accounts name.
pub(super) async fn login(State(routes): State<AuthRoutes>, request: Request) -> Response<Body> {
    let (mut head, body) = request.into_parts();
    let attempt = async {
        let address = routes.proxies.client(&mut head).await?;
        let mut fields = Fields::read(&head.headers, body).await?;
        let mut login = Login::new().address(address).label(label::of(&head.headers));
        if let Some(scope) = fields.optional(SCOPE)? {
            login = login.scope(scope);
        }
        Ok(routes.sessions.login_with_credentials(fields.rest(), login).await?)
    };
    say(attempt.await, |pair| granted(&pair))
}

/// Takes `refresh_token`, and `scope` where less is wanted than the login granted.
pub(super) async fn refresh(State(routes): State<AuthRoutes>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let attempt = async {
        let mut fields = Fields::read(&head.headers, body).await?;
        let token = RefreshToken::from(fields.required(REFRESH_TOKEN)?);
        let mut refresh = Refresh::new().label(label::of(&head.headers));
        if let Some(scope) = fields.optional(SCOPE)? {
            refresh = refresh.scope(scope);
        }
        Ok(routes.sessions.refresh_with(&token, refresh).await?)
    };
    say(attempt.await, |pair| granted(&pair))
}

/// Takes `refresh_token`.
pub(super) async fn logout(State(routes): State<AuthRoutes>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let attempt = async {
        let mut fields = Fields::read(&head.headers, body).await?;
        let token = RefreshToken::from(fields.required(REFRESH_TOKEN)?);
        Ok(finish(async move { routes.sessions.logout(&token).await }).await?)
    };
    say(attempt.await, |()| oauth::done())
}

/// Why there are no tokens.
enum Denial {
    Body(BodyFault),
    Auth(AuthError),
}

impl From<BodyFault> for Denial {
    fn from(fault: BodyFault) -> Self {
        Self::Body(fault)
    }
}

impl From<AuthError> for Denial {
    fn from(error: AuthError) -> Self {
        Self::Auth(error)
    }
}

fn say<T>(outcome: Result<T, Denial>, answer: impl FnOnce(T) -> Response<Bytes>) -> Response<Body> {
    match outcome {
        Ok(outcome) => answer(outcome),
        Err(Denial::Body(fault)) => oauth::reject(fault),
        Err(Denial::Auth(error)) => oauth::deny(&Refusal::from(error)),
    }
    .map(Body::from)
}

fn granted(pair: &TokenPair) -> Response<Bytes> {
    oauth::show(&Granted {
        access_token: pair.access_token.secret(),
        token_type: TokenType::Bearer,
        expires_in: pair.expires_in.as_secs(),
        refresh_token: pair.refresh_token.secret(),
        scope: pair.scope.as_deref(),
    })
}
