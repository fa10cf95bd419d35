use std::time::{Duration, SystemTime};

use http::HeaderMap;

use super::fixture::{headers, url};
use crate::keys::remote::held::Held;

fn life(headers: &HeaderMap) -> u64 {
    Held::new(&url("https://a.example/jwks").request("application/json"), headers).life().as_secs()
}

#[test]
fn keys_live_as_long_as_their_answer_says_within_bounds() {
    const DATE: (&str, &str) = ("date", "Wed, 21 Oct 2015 07:00:00 GMT");
    let table: [(&[(&str, &str)], u64); 29] = [
        (&[], 600),
        (&[("cache-control", "public")], 600),
        (&[("cache-control", "s-maxage=1200")], 600),
        (&[("cache-control", "immutable")], 600),
        (&[("last-modified", "Wed, 21 Oct 2015 07:00:00 GMT")], 600),
        (&[("age", "599")], 600),
        (&[("cache-control", "max-age=1200")], 1200),
        (&[("cache-control", "public, Max-Age=1200")], 1200),
        (&[("cache-control", "private, max-age=\"1200\"")], 1200),
        (&[("cache-control", "public"), ("cache-control", "max-age=1200")], 1200),
        (&[("cache-control", "max-age=1200, s-maxage=60")], 1200),
        (&[("cache-control", "max-age=1200"), ("age", "200")], 1000),
        (&[("cache-control", "max-age=1200"), ("age", "1190")], 60),
        (&[("cache-control", "max-age=1200"), ("age", "9999")], 60),
        (&[("cache-control", "max-age=1200"), ("age", "18446744073709551615")], 60),
        (&[("cache-control", "max-age=1200"), ("age", "old")], 1200),
        (&[("cache-control", "max-age=59")], 60),
        (&[("cache-control", "max-age=0")], 60),
        (&[("cache-control", "max-age=soon")], 60),
        (&[("cache-control", "max-age=3601")], 3600),
        (&[("cache-control", "max-age=18446744073709551615")], 3600),
        (&[("cache-control", "no-cache")], 60),
        (&[("cache-control", "No-Store")], 60),
        (&[("cache-control", "max-age=1200, no-cache")], 60),
        (&[("pragma", "no-cache")], 60),
        (&[DATE, ("expires", "Wed, 21 Oct 2015 07:30:00 GMT")], 1800),
        (&[DATE, ("expires", "Wed, 21 Oct 2015 07:30:00 GMT"), ("age", "600")], 1200),
        (&[DATE, ("expires", "Wed, 21 Oct 2015 07:30:00 GMT"), ("cache-control", "max-age=1200")], 1200),
        (&[("expires", "0")], 60),
    ];
    for (pairs, expected) in table {
        assert_eq!(life(&headers(pairs)), expected, "{pairs:?}");
    }
}

#[test]
fn a_date_of_expiry_without_another_is_held_against_our_clock() {
    let expires = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(1200));
    let found = life(&headers(&[("expires", &expires)]));
    assert!((1190..=1200).contains(&found), "{found}");
}
