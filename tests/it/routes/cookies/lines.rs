//! What an answer does to the cookies, line by line.

use http::header::SET_COOKIE;

use super::{
    super::fixture::{Answer, Reach},
    browser::{claims_of, set_cookies},
};

/// Seconds; how long a session lives without a refresh.
pub(crate) const FORTNIGHT: u64 = 14 * 24 * 60 * 60;

/// What an answer does to the cookies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cookies {
    Left,
    /// Both; the refresh cookie lives for that many seconds, the access cookie as long as its token.
    Set(u64),
    Cleared,
}

/// Compares the status, and all lines about cookies with every attribute; no cache may keep such an answer.
#[track_caller]
pub(crate) fn check(reach: Reach, name: &str, answer: &Answer, status: u16, cookies: Cookies) {
    assert_eq!(answer.status, status, "{name}: {}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store", "{name}");
    let lines = answer.headers.get_all(SET_COOKIE).iter();
    let lines: Vec<_> = lines.map(|line| line.to_str().expect("it is text")).collect();
    assert_eq!(lines, expected(reach, name, answer, cookies), "{name}");
    assert!(answer.headers.get_all(SET_COOKIE).iter().all(|line| line.is_sensitive()), "{name}");
}

fn expected(reach: Reach, name: &str, answer: &Answer, cookies: Cookies) -> Vec<String> {
    let Cookies::Set(life) = cookies else {
        let cleared = both(reach, ["", ""], [0, 0]);
        return if cookies == Cookies::Cleared { cleared.into() } else { vec![] };
    };
    let [(_, access, _), (_, refresh, _)] = &*set_cookies(answer) else { panic!("{name}: not two lines") };
    assert_eq!((refresh.len(), &refresh[..5]), (135, "jwtr_"), "{name}: it is a refresh token");
    let claims = claims_of(access);
    let lives = claims["exp"].as_u64().zip(claims["iat"].as_u64()).map(|(exp, iat)| exp - iat);
    let lives = lives.expect("it is an access token");
    // A redirect has no body.
    if answer.status == 200 {
        assert_eq!(answer.json()["expires_in"], lives, "{name}");
        assert!(!answer.body.contains(access) && !answer.body.contains(refresh), "{name}");
    }
    both(reach, [access, refresh], [lives, life]).into()
}

fn both(reach: Reach, [access, refresh]: [&str; 2], [short, long]: [u64; 2]) -> [String; 2] {
    let of = |name: &str, value: &str, site: &str, seconds: u64| {
        let secure = if reach == Reach::Https { "Secure; " } else { "" };
        format!("{name}={value}; HttpOnly; SameSite={site}; {secure}Path=/; Max-Age={seconds}")
    };
    let [access_name, refresh_name] = reach.names();
    [of(access_name, access, "Lax", short), of(refresh_name, refresh, "Strict", long)]
}
