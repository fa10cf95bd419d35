//! Tokens in cookies, and the check against cross-site requests that comes with them.
//!
//! A browser sends a cookie with every request to its site, also with those that another site's page makes.
//! So a token from a cookie is not enough for a request that changes something: [`CookieSource`] also asks
//! where the request comes from, and cannot be configured not to.

mod csrf;
mod origin;
mod source;

pub use source::CookieSource;
