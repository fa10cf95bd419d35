//! error[E0599]
//! AuthCookies::for_https

pub fn cookies() -> jwtower::cookie::AuthCookies {
    jwtower::cookie::AuthCookies::default()
}
