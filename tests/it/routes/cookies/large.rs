//! Tokens that make larger cookies than browsers take: told as a fault of ours, and nothing is lost.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

use super::{
    super::fixture::{Reach, Service},
    asks::{ALICE, Jar, LOGIN, REFRESH, post},
    browser::{Browser, set_cookies},
    lines::{
        Cookies::{Left, Set},
        FORTNIGHT, check,
    },
};
use crate::log::Log;

/// Bytes of a claim with which no browser would keep the access cookie.
const TOO_MUCH: usize = 4000;

fn assert_told(text: &str) {
    assert!(text.contains("ERROR jwtower: ") && text.contains("put less into the claims"), "{text}");
    assert!(text.contains("DEBUG jwtower: request refused code=cookie_too_large\n"), "{text}");
}

#[tokio::test]
async fn a_login_with_a_token_that_no_cookie_holds_makes_no_session_and_ends_none() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for jar in [Jar::None, Jar::Good] {
            let mut browser = jar.browser(&service).await;
            let sessions = service.count("u-1").await;
            service.users.padding.store(TOO_MUCH, Ordering::SeqCst);
            let (log, _guard) = Log::capture(LevelFilter::DEBUG);
            let answer = browser.login(&service).await;
            check(reach, "too large", &answer, 500, Left);
            let told = "the server is not set up correctly";
            assert_eq!(answer.error(), ("server_error".into(), told.into()));
            assert_told(&log.take());
            service.users.padding.store(0, Ordering::SeqCst);
            assert_eq!(service.count("u-1").await, sessions);
            assert!(sessions == 0 || browser.is_logged_in(&service).await);
        }
    }
}

#[tokio::test]
async fn a_refresh_whose_token_no_cookie_holds_is_no_use_of_the_one_that_came() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let mut browser = Browser::logged_in(&service).await;
        for _ in 0..3 {
            service.clock.advance(Duration::from_secs(60));
            service.users.padding.store(TOO_MUCH, Ordering::SeqCst);
            let (log, _guard) = Log::capture(LevelFilter::DEBUG);
            check(reach, "too large", &browser.post(&service, REFRESH).await, 500, Left);
            assert_told(&log.take());
            let answer = browser.navigate(&service, "/auth/refresh?next=/account").await;
            check(reach, "too large, on the way", &answer, 500, Left);
            assert_eq!((&answer.json()["code"], answer.header("location")), (&json!("server_error"), ""));
        }
        service.clock.advance(Duration::from_secs(60));
        service.users.padding.store(0, Ordering::SeqCst);
        check(reach, "mended", &browser.post(&service, REFRESH).await, 200, Set(FORTNIGHT));
    }
}

#[tokio::test]
async fn the_largest_cookie_that_is_set_is_one_that_browsers_take() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let without = Browser::logged_in(&service).await.access().len();
        // Three bytes are four characters in a token.
        let about = (4096 - without) * 3 / 4;
        let mut largest = 0;
        for padding in about - 50..about + 50 {
            service.users.padding.store(padding, Ordering::SeqCst);
            let answer = post(LOGIN).json(ALICE).send(&service, &mut Browser::of(&service)).await;
            let sizes = set_cookies(&answer).into_iter().map(|(name, value, _)| name.len() + value.len());
            largest = sizes.max().unwrap_or(0).max(largest);
            assert!(matches!(answer.status, 200 | 500) && largest <= 4096, "{padding}");
        }
        assert!(largest > 4080, "{largest}");
    }
}

#[tokio::test]
async fn a_program_has_no_such_limit() {
    let service = Service::with_cookies().await;
    service.users.padding.store(TOO_MUCH, Ordering::SeqCst);
    let pair = service.login("alice").await;
    assert!(pair.access.len() > 4096 && service.is_alive(&pair).await);
}
