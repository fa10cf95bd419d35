//! Requests of two tabs that cross each other: whoever comes too late leaves the cookies of who was first alone.

use super::{
    super::{
        fixture::{Answer, Reach, Service},
        store::Gate,
    },
    asks::{ALICE, Ask, EVERYWHERE, LOGIN, LOGOUT, REFRESH, delete, post},
    browser::Browser,
    lines::{
        Cookies::{self, Cleared, Left, Set},
        FORTNIGHT, check,
    },
};

const SET: Cookies = Set(FORTNIGHT);
const OWN: &str = "/auth/sessions/$own";

/// The answers to a request that waits for the store, and to one that overtakes it there.
async fn overtaken(service: &Service, gate: &Gate, slow: &Ask, fast: &Ask) -> [(Browser, Answer); 2] {
    let browser = Browser::logged_in(service).await;
    let (mut late, mut early) = (browser.clone(), browser);
    gate.close_for(1);
    let overtake = async {
        gate.reached().await;
        let answer = fast.send(service, &mut early).await;
        gate.open();
        answer
    };
    let (slow, fast) = tokio::join!(slow.send(service, &mut late), overtake);
    [(late, slow), (early, fast)]
}

fn login() -> Ask {
    post(LOGIN).json(ALICE)
}

/// Two requests and what becomes of each: of the one that is late, and of the one that overtakes it.
type Row = (Ask, (u16, Cookies), Ask, (u16, Cookies));

async fn check_all(gate: impl Fn(&Service) -> &Gate, rows: Vec<Row>) {
    for (slow, expected, fast, of_the_fast) in rows {
        let service = Service::with_cookies().await;
        let [(late, slow_answer), (early, fast_answer)] =
            overtaken(&service, gate(&service), &slow, &fast).await;
        let name = format!("{}, overtaken by {}", slow.path, fast.path);
        check(Reach::Https, &name, &fast_answer, of_the_fast.0, of_the_fast.1);
        check(Reach::Https, &name, &slow_answer, expected.0, expected.1);
        // A login is what makes a session, and nothing that was told to end one left it alive.
        for (browser, ask) in [(late, &slow), (early, &fast)] {
            assert_eq!(browser.is_logged_in(&service).await, ask.path == LOGIN, "{name}: {}", ask.path);
        }
    }
}

#[tokio::test]
async fn a_refresh_that_comes_too_late_is_refused_and_clears_nothing() {
    let refused = (400, Left);
    let rows = vec![
        (post(REFRESH), refused, login(), (200, SET)),
        (post(REFRESH), refused, post(LOGOUT), (204, Cleared)),
        (post(REFRESH), refused, delete(OWN), (204, Cleared)),
    ];
    check_all(|service| &service.store.swaps, rows).await;
}

#[tokio::test]
async fn of_two_requests_that_end_a_session_the_first_clears_the_cookies_and_a_login_keeps_its_own() {
    let rows = vec![
        (post(LOGOUT), (204, Left), login(), (200, SET)),
        (delete(OWN), (204, Left), login(), (200, SET)),
        (post(LOGOUT), (204, Left), post(LOGOUT), (204, Cleared)),
        (delete(OWN), (204, Left), post(LOGOUT), (204, Cleared)),
        (login(), (200, SET), post(LOGOUT), (204, Cleared)),
        (login(), (200, SET), delete("/auth/sessions/x"), (401, Left)),
        (login(), (200, SET), login(), (200, SET)),
        // What finds a session that is being ended helps to end it, and leaves the clearing to who was asked.
        (post(LOGOUT), (204, Cleared), post(REFRESH), (400, Left)),
        (delete(OWN), (204, Cleared), post(REFRESH), (400, Left)),
        (login(), (200, SET), post(REFRESH), (400, Left)),
    ];
    check_all(|service| &service.store.ends, rows).await;
}

#[tokio::test]
async fn a_login_that_a_logout_everywhere_overtakes_is_none() {
    let service = Service::with_cookies().await;
    let [(late, everywhere), (early, login)] =
        overtaken(&service, &service.store.ends, &post(EVERYWHERE), &login()).await;
    check(Reach::Https, "the login", &login, 200, SET);
    check(Reach::Https, "the end of all", &everywhere, 204, Cleared);
    assert!(!early.is_logged_in(&service).await && !late.is_logged_in(&service).await);
    assert_eq!(service.count("u-1").await, 0);
}

#[tokio::test]
async fn who_comes_after_all_is_done_clears_nothing_either() {
    let service = Service::with_cookies().await;
    for ask in [post(REFRESH), post(LOGOUT), delete(OWN)] {
        let mut browser = Browser::logged_in(&service).await;
        let mut late = browser.clone();
        assert_eq!(browser.login(&service).await.status, 200);
        let answer = ask.send(&service, &mut late).await;
        check(Reach::Https, ask.path, &answer, answer.status, Left);
        assert!(browser.is_logged_in(&service).await, "{}", ask.path);
    }
}
