//! Tokens in cookies, and the check against cross-site requests that comes with them.
//!
//! A browser sends a cookie with every request to its site, also with those that another site's page makes.
//! So a token from a cookie is not enough for a request that changes something: [`CookieSource`] also asks
//! where the request comes from, and cannot be configured not to.
//!
//! [`AuthCookies`] are the two cookies of a browser that this service logs in; [`CookieSource`] alone is for a
//! cookie that somebody else sets.

mod auth_cookies;
mod csrf;
mod host;
mod origin;
mod source;

pub use auth_cookies::AuthCookies;
pub use source::CookieSource;
