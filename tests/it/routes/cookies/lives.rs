//! How long cookies live.

use std::time::Duration;

use super::{
    super::fixture::{Reach, Service},
    asks::REFRESH,
    browser::{Browser, claims_of},
    lines::{
        Cookies::{Left, Set},
        FORTNIGHT, check,
    },
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn no_cookie_outlives_its_session() {
    let service = Service::with_cookies().await;
    let mut browser = Browser::logged_in(&service).await;
    for _ in 0..6 {
        service.clock.advance(12 * DAY);
        let answer = browser.post(&service, REFRESH).await;
        check(Reach::Https, "in its time", &answer, 200, Set(FORTNIGHT));
    }
    // 90 days after the login it is over, whatever happens.
    service.clock.advance(12 * DAY);
    let answer = browser.post(&service, REFRESH).await;
    check(Reach::Https, "six days before the end", &answer, 200, Set(6 * DAY.as_secs()));
    service.clock.advance(6 * DAY - Duration::from_secs(100));
    let answer = browser.post(&service, REFRESH).await;
    check(Reach::Https, "just before the end", &answer, 200, Set(100));
    let expires_in = answer.json()["expires_in"].as_u64();
    // The login itself took a moment, and tokens count whole seconds.
    assert!(matches!(expires_in, Some(100 | 101)), "{expires_in:?}");
    service.clock.advance(Duration::from_secs(102));
    check(Reach::Https, "after the end", &browser.post(&service, REFRESH).await, 400, Left);
}

#[tokio::test]
async fn an_access_cookie_lives_as_long_as_its_token_and_is_good_until_then() {
    let service = Service::with_cookies().await;
    for _ in 0..20 {
        let mut browser = Browser::logged_in(&service).await;
        let claims = claims_of(browser.access());
        let life = claims["exp"].as_u64().zip(claims["iat"].as_u64()).map(|(exp, iat)| exp - iat);
        let life = life.expect("they are times");
        assert!((570..=600).contains(&life), "{life}");
        service.clock.advance(Duration::from_secs(life - 1));
        assert_eq!(browser.get(&service, "/auth/session").await.status, 200);
    }
}
