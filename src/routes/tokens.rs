//! Login, refresh and logout: what takes credentials or a refresh token and no access token.

use axum::extract::State;
use axum_core::{body::Body, extract::Request};
use http::Response;

use super::{
    auth::AuthRoutes,
    body::{Fields, SCOPE},
    delivery::{Delivery, Presented},
    denial::{Denial, say},
    label,
};
use crate::{
    AuthError, ErrorKind, RefreshToken, TokenPair,
    response::oauth,
    session::{Ended, Login, Refresh},
};

/// Takes the application's credentials, `scope` where less is wanted than the accounts name, and `cookies`.
pub(super) async fn login(State(routes): State<AuthRoutes>, request: Request) -> Response<Body> {
    let (mut head, body) = request.into_parts();
    let attempt = async {
        let address = routes.proxies.client(&mut head).await?;
        let mut fields = Fields::read(&head.headers, body).await?;
        let delivery = Delivery::asked(&mut fields, routes.cookies.as_ref(), &head)?;
        let mut login =
            Login::new().address(address).label(label::of(&head.headers)).transport(delivery.transport());
        if let Some(scope) = fields.optional(SCOPE)? {
            login = login.scope(scope);
        }
        let pair = routes.sessions.login_with_credentials(fields.rest(), login).await?;
        let Delivery::Cookies(cookies) = delivery else { return Ok(delivery.grant(&pair)?) };
        // A cookie that cannot be read is replaced all the same.
        let replaced = cookies.refresh_token(&head.headers).unwrap_or_default();
        let answer = match delivery.grant(&pair) {
            Ok(answer) => routes.replace(replaced).await.map(|()| answer),
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => Err(routes.withdraw(pair, error).await.into()),
        }
    };
    say(attempt.await)
}

/// Takes the refresh token, and `scope` where less is wanted than the login granted.
pub(super) async fn refresh(State(routes): State<AuthRoutes>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let attempt = async {
        let Presented { token, delivery, mut fields } =
            Presented::read(routes.cookies.as_ref(), &head, body).await?;
        let mut refresh = Refresh::new().label(label::of(&head.headers)).transport(delivery.transport());
        if let Some(scope) = fields.optional(SCOPE)? {
            refresh = refresh.scope(scope);
        }
        let pair = routes.sessions.refresh_with(&token, refresh).await?;
        Ok(delivery.grant(&pair)?)
    };
    say(attempt.await)
}

/// Takes the refresh token.
pub(super) async fn logout(State(routes): State<AuthRoutes>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let attempt = async {
        let Presented { token, delivery, .. } = Presented::read(routes.cookies.as_ref(), &head, body).await?;
        let ended = routes.sessions.logout(&token).await?;
        let mut answer = oauth::done();
        // Where it had ended before, the browser may hold a newer session's cookies by now.
        if let (Delivery::Cookies(cookies), Ended::Now) = (delivery, ended) {
            cookies.clear(answer.headers_mut());
        }
        Ok::<_, Denial>(answer)
    };
    say(attempt.await)
}

impl AuthRoutes {
    /// Ends the session whose cookies are about to be overwritten; nobody could log it out any more.
    async fn replace(&self, token: Option<RefreshToken>) -> Result<(), AuthError> {
        let Some(token) = token else { return Ok(()) };
        match self.sessions.logout(&token).await {
            Err(error) if error.kind() != ErrorKind::InvalidGrant => Err(error),
            _ => Ok(()),
        }
    }

    /// Takes a session back whose tokens do not reach their owner.
    async fn withdraw(&self, pair: TokenPair, error: AuthError) -> AuthError {
        // If it fails too, the session ends by itself: nobody has its tokens.
        let _ = self.sessions.revoke(pair.session).await;
        error
    }
}
