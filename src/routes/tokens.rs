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
        if let Some(token) = delivery.replaced(&head) {
            login = login.replaces(token);
        }
        let pair = routes.sessions.login_with_credentials(fields.rest(), login).await?;
        Ok(delivery.grant(&pair)?)
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
