//! A refresh that a browser makes on its way to a page.

use axum::extract::State;
use axum_core::body::Body;
use bytes::Bytes;
use http::{Response, request::Parts};

use super::{
    auth::AuthRoutes,
    body::NEXT,
    form, label,
    local_path::LocalPath,
    pages::{Pages, go_to},
};
use crate::{
    AuthError, ErrorKind,
    error::Code,
    response::{Refusal, oauth, respond},
    session::{Refresh, Transport},
};

/// Goes on to `next` with new cookies, or to the login page.
pub(super) async fn refresh(
    State((routes, pages)): State<(AuthRoutes, Pages)>,
    head: Parts,
) -> Response<Body> {
    let answer = match next(&head) {
        Ok(next) => detour(&routes, &pages, &head, next).await,
        Err(error) => Err(error),
    };
    answer.unwrap_or_else(|error| respond(&head, &Refusal::from(error))).map(Body::from)
}

async fn detour(
    routes: &AuthRoutes,
    pages: &Pages,
    head: &Parts,
    next: LocalPath,
) -> Result<Response<Bytes>, AuthError> {
    let cookies = pages.cookies();
    let mut answer = oauth::done();
    let Some(token) = cookies.refresh_token_of_navigation(head)? else {
        return Ok(go_to(&pages.login(Some(&next)), answer));
    };
    let refresh = Refresh::new().label(label::of(&head.headers)).transport(Transport::Cookie);
    match routes.sessions.refresh_with(&token, refresh).await {
        Ok(pair) => {
            cookies.set(answer.headers_mut(), &pair)?;
            Ok(go_to(&next.to_string(), answer))
        }
        Err(error) if error.kind() == ErrorKind::InvalidGrant => Ok(go_to(&pages.login(Some(&next)), answer)),
        Err(error) => Err(error),
    }
}

/// Where the browser wants to go; to the root unless it says so.
fn next(head: &Parts) -> Result<LocalPath, AuthError> {
    let query = form::fields(head.uri.query().unwrap_or_default()).map_err(|_| Code::InvalidNext)?;
    let next = query.get(NEXT).and_then(|next| next.as_str()).unwrap_or("/");
    Ok(LocalPath::parse(next).ok_or(Code::InvalidNext)?)
}
