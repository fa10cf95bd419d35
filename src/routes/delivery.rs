//! The way on which tokens come and go: in bodies, or in cookies.

use axum_core::body::Body;
use bytes::Bytes;
use http::{Response, request::Parts};

use super::{
    body::{Fields, REFRESH_TOKEN},
    denial::Denial,
};
use crate::{
    AuthError, RefreshToken, TokenPair,
    cookie::AuthCookies,
    error::Code,
    response::{
        BodyFault,
        oauth::{self, Granted, Kept, TokenType},
    },
    session::Transport,
};

/// How a client wants its tokens.
#[derive(Clone, Copy)]
pub(super) enum Delivery<'a> {
    Body,
    Cookies(&'a AuthCookies),
}

impl<'a> Delivery<'a> {
    /// The way that a login asks for.
    pub(super) fn asked(
        fields: &mut Fields,
        cookies: Option<&'a AuthCookies>,
        head: &Parts,
    ) -> Result<Self, Denial> {
        if !fields.wants_cookies()? {
            // Another site's page must not use up its visitor's attempts either.
            let is_foreign = cookies.is_some_and(|cookies| cookies.is_foreign(head));
            return if is_foreign { Err(AuthError::from(Code::CrossSite).into()) } else { Ok(Self::Body) };
        }
        let cookies = cookies.ok_or(BodyFault::NoCookies)?;
        cookies.permits(head)?;
        Ok(Self::Cookies(cookies))
    }

    pub(super) fn transport(self) -> Transport {
        match self {
            Self::Body => Transport::Body,
            Self::Cookies(_) => Transport::Cookie,
        }
    }

    /// The token whose cookie a login overwrites.
    pub(super) fn replaced(self, head: &Parts) -> Option<RefreshToken> {
        match self {
            Self::Body => None,
            // One that cannot be read is overwritten all the same.
            Self::Cookies(cookies) => cookies.refresh_token(head).unwrap_or_default(),
        }
    }

    /// The answer with the tokens.
    pub(super) fn grant(self, pair: &TokenPair) -> Result<Response<Bytes>, AuthError> {
        let expires_in = pair.expires_in.as_secs();
        let scope = pair.scope.as_deref();
        let Self::Cookies(cookies) = self else {
            return Ok(oauth::show(&Granted {
                access_token: pair.access_token.secret(),
                token_type: TokenType::Bearer,
                expires_in,
                refresh_token: pair.refresh_token.secret(),
                scope,
            }));
        };
        let mut answer = oauth::show(&Kept { expires_in, scope });
        cookies.set(answer.headers_mut(), pair)?;
        Ok(answer)
    }
}

/// A refresh token, how it came, and what came with it.
pub(super) struct Presented<'a> {
    pub(super) token: RefreshToken,
    pub(super) delivery: Delivery<'a>,
    pub(super) fields: Fields,
}

impl<'a> Presented<'a> {
    /// Reads a request whose refresh token is in its cookie or in its body, and not in both.
    pub(super) async fn read(
        cookies: Option<&'a AuthCookies>,
        head: &Parts,
        body: Body,
    ) -> Result<Self, Denial> {
        let Some(cookies) = cookies else {
            let mut fields = Fields::read(&head.headers, body).await?;
            let token = fields.required(REFRESH_TOKEN)?.into();
            return Ok(Self { token, delivery: Delivery::Body, fields });
        };
        let kept = cookies.refresh_token(head)?;
        let mut fields = Fields::read_if_any(&head.headers, body).await?;
        let Some(token) = kept else {
            let token = fields.required(REFRESH_TOKEN)?.into();
            return Ok(Self { token, delivery: Delivery::Body, fields });
        };
        if fields.optional(REFRESH_TOKEN)?.is_some() {
            return Err(AuthError::from(Code::MultipleTokens).into());
        }
        Ok(Self { token, delivery: Delivery::Cookies(cookies), fields })
    }
}
