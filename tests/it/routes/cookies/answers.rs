//! Every answer of every route, and each line in it that is about the cookies.

use super::{
    super::fixture::{Reach, Service},
    asks::{
        ALICE, Ask, EVERYWHERE,
        Jar::{self, AccessOnly, Ended, Garbage, Good, JustUsed, LongUsed, OfABody, RefreshOnly, Twice},
        LOGIN, LOGOUT, REFRESH, SESSION, SESSIONS, delete, get, post,
    },
    browser::{Browser, credentials},
    lines::{
        Cookies::{self, Cleared, Left, Set},
        FORTNIGHT, check,
    },
};

/// What a browser has, what it asks, and what the answer is: its status and what it does to the cookies.
type Row = (&'static str, Jar, Ask, u16, Cookies);

const SET: Cookies = Set(FORTNIGHT);

async fn check_all(rows: impl Fn() -> Vec<Row>) {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for (name, jar, ask, status, cookies) in rows() {
            let mut browser = jar.browser(&service).await;
            let answer = ask.send(&service, &mut browser).await;
            check(reach, &format!("{name}, {reach:?}"), &answer, status, cookies);
        }
    }
}

#[rustfmt::skip]
fn logins() -> Vec<Row> {
    const BODY: &str = r#"{"username":"alice","password":"correct horse"}"#;
    const NO: &str = r#"{"username":"alice","password":"correct horse","cookies":false}"#;
    const NUMBER: &str = r#"{"username":"alice","password":"correct horse","cookies":1}"#;
    const LESS: &str = r#"{"username":"alice","password":"correct horse","cookies":true,"scope":"read"}"#;
    const MORE: &str = r#"{"username":"alice","password":"correct horse","cookies":true,"scope":"all"}"#;
    const WRONG: &str = r#"{"username":"alice","password":"wrong","cookies":true}"#;
    const FORM: &str = "username=alice&password=correct+horse&cookies=true";
    const FORM_NO: &str = "username=alice&password=correct+horse";
    let login = || post(LOGIN);
    vec![
        ("a first login",                  Jar::None, login().json(ALICE),                      200, SET),
        ("in place of another one",        Good,      login().json(ALICE),                      200, SET),
        ("in place of half a one",         AccessOnly, login().json(ALICE),                     200, SET),
        ("in place of one that has ended", Ended,     login().json(ALICE),                      200, SET),
        ("in place of a used token",       LongUsed,  login().json(ALICE),                      200, SET),
        ("in place of a body's token",     OfABody,   login().json(ALICE),                      200, SET),
        ("in place of garbage",            Garbage,   login().json(ALICE),                      200, SET),
        ("in place of two",                Twice,     login().json(ALICE),                      200, SET),
        ("as a form",                      Good,      login().form(FORM),                       200, SET),
        ("with less scope",                Good,      login().json(LESS),                       200, SET),
        ("with more scope",                Good,      login().json(MORE),                       400, Left),
        ("for bodies",                     Jar::None, login().json(BODY),                       200, Left),
        ("for bodies beside cookies",      Good,      login().json(BODY),                       200, Left),
        ("for bodies in a word",           Good,      login().json(NO),                         200, Left),
        ("for bodies as a form",           Good,      login().form(FORM_NO),                    200, Left),
        ("for bodies from another site",   Good,      login().json(BODY).cross_site(),   403, Left),
        ("with a number",                  Good,      login().json(NUMBER),                     400, Left),
        ("with a wrong password",          Jar::None, login().json(WRONG),                      400, Left),
        ("the same beside cookies",        Good,      login().json(WRONG),                      400, Left),
        ("without a body",                 Good,      login(),                                  415, Left),
        ("from another site",              Jar::None, login().json(ALICE).cross_site(),  403, Left),
        ("the same beside cookies",        Good,      login().json(ALICE).cross_site(),  403, Left),
    ]
}

#[tokio::test]
async fn a_login_sets_both_cookies_or_leaves_them() {
    check_all(logins).await;
}

#[rustfmt::skip]
fn refreshes() -> Vec<Row> {
    const OWN: &str = r#"{"refresh_token":"$cookie"}"#;
    const BODY: &str = r#"{"refresh_token":"$body"}"#;
    const LESS: &str = r#"{"scope":"read"}"#;
    const MORE: &str = r#"{"scope":"all"}"#;
    let refresh = || post(REFRESH);
    vec![
        ("by cookie",                      Good,        refresh(),                              200, SET),
        ("without an access cookie",       RefreshOnly, refresh(),                              200, SET),
        ("with an empty object",           Good,        refresh().json("{}"),                   200, SET),
        ("with an empty form",             Good,        refresh().form(""),                     200, SET),
        ("for less scope",                 Good,        refresh().json(LESS),                   200, SET),
        ("for more scope",                 Good,        refresh().json(MORE),                   400, Left),
        ("by the token before",            JustUsed,    refresh(),                              200, Set(FORTNIGHT - 5)),
        ("by a token of long ago",         LongUsed,    refresh(),                              400, Left),
        ("after the end",                  Ended,       refresh(),                              400, Left),
        ("by a body's token",              OfABody,     refresh(),                              400, Left),
        ("by garbage",                     Garbage,     refresh(),                              400, Left),
        ("by two",                         Twice,       refresh(),                              400, Left),
        ("by an access cookie alone",      AccessOnly,  refresh(),                              400, Left),
        ("by nothing",                     Jar::None,   refresh(),                              400, Left),
        ("by cookie and body",             Good,        refresh().json(OWN),                    400, Left),
        ("by cookie and another's body",   Good,        refresh().json(BODY),                   400, Left),
        ("by body",                        Jar::None,   refresh().json(BODY),                   200, Left),
        ("by body beside an access cookie", AccessOnly, refresh().json(BODY),                   200, Left),
        ("by body from another site",      Jar::None,   refresh().json(BODY).cross_site(), 200, Left),
        ("from another site",              Good,        refresh().cross_site(),          403, Left),
        ("the same after the end",         Ended,       refresh().cross_site(),          403, Left),
        ("with words of no type",          Good,        refresh().header("content-type", "text/plain"), 415, Left),
    ]
}

#[tokio::test]
async fn a_refresh_sets_both_cookies_or_leaves_them() {
    check_all(refreshes).await;
}

#[rustfmt::skip]
fn navigations() -> Vec<Row> {
    const NEXT: &str = "/auth/refresh?next=/account";
    vec![
        ("on the way to a page",           RefreshOnly, get(NEXT).navigating(),                 303, SET),
        ("with an access cookie too",      Good,        get(NEXT).navigating(),                 303, SET),
        ("to no page",                     Good,        get(REFRESH).navigating(),              303, SET),
        ("by the token before",            JustUsed,    get(NEXT).navigating(),                 303, Set(FORTNIGHT - 5)),
        ("by a token of long ago",         LongUsed,    get(NEXT).navigating(),                 303, Left),
        ("after the end",                  Ended,       get(NEXT).navigating(),                 303, Left),
        ("without cookies",                Jar::None,   get(NEXT).navigating(),                 303, Left),
        ("by garbage",                     Garbage,     get(NEXT).navigating(),                 303, Left),
        ("from another site",              Good,        get(NEXT).navigating().cross_site(), 303, Left),
        ("by a body's token",              OfABody,     get(NEXT).navigating(),                 400, Left),
        ("by two",                         Twice,       get(NEXT).navigating(),                 400, Left),
        ("to another site's page",         Good,        get("/auth/refresh?next=//a.example").navigating(), 400, Left),
        ("to a page that needs a token",   RefreshOnly, get("/account").navigating(),           303, Left),
        ("the same without cookies",       Jar::None,   get("/account").navigating(),           303, Left),
        ("the same after the end",         Ended,       get("/account").navigating(),           303, Left),
        ("the same with garbage",          Garbage,     get("/account").navigating(),           303, Left),
        ("the same by a script",           RefreshOnly, get("/account"),                        401, Left),
        ("a form without a token",         RefreshOnly, post("/account").navigating(),          401, Left),
        ("a form of another site",         Good,        post("/account").navigating().cross_site(), 403, Left),
        ("to a page of somebody else",     Good,        get("/admin").navigating(),             403, Left),
    ]
}

#[tokio::test]
async fn a_navigation_sets_both_cookies_where_it_refreshes_and_leaves_them_elsewhere() {
    check_all(navigations).await;
}

#[rustfmt::skip]
fn ends() -> Vec<Row> {
    const OWN: &str = r#"{"refresh_token":"$cookie"}"#;
    const BODY: &str = r#"{"refresh_token":"$body"}"#;
    const OF_COOKIES: &str = r#"{"refresh_token":"$cookies"}"#;
    let logout = || post(LOGOUT);
    vec![
        ("a logout",                       Good,        logout(),                               204, Cleared),
        ("without an access cookie",       RefreshOnly, logout(),                               204, Cleared),
        ("with an empty form",             Good,        logout().form(""),                      204, Cleared),
        ("by the token before",            JustUsed,    logout(),                               204, Cleared),
        ("by a token of long ago",         LongUsed,    logout(),                               204, Cleared),
        ("by a body's token in a cookie",  OfABody,     logout(),                               204, Cleared),
        ("a second time",                  Ended,       logout(),                               204, Left),
        ("by garbage",                     Garbage,     logout(),                               400, Left),
        ("by two",                         Twice,       logout(),                               400, Left),
        ("by nothing",                     Jar::None,   logout(),                               400, Left),
        ("by an access cookie alone",      AccessOnly,  logout(),                               400, Left),
        ("by cookie and body",             Good,        logout().json(OWN),                     400, Left),
        ("by body",                        Jar::None,   logout().json(BODY),                    204, Left),
        ("by body beside an access cookie", AccessOnly, logout().json(BODY),                    204, Left),
        ("by a cookie's token in a body",  Jar::None,   logout().json(OF_COOKIES),              204, Left),
        ("from another site",              Good,        logout().cross_site(),           403, Left),
        ("the same after the end",         Ended,       logout().cross_site(),           403, Left),
        ("everywhere",                     Good,        post(EVERYWHERE),                       204, Cleared),
        ("everywhere, by access alone",    AccessOnly,  post(EVERYWHERE),                       204, Cleared),
        ("everywhere, by bearer",          Good,        post(EVERYWHERE).by_bearer(),           204, Left),
        ("everywhere, by refresh alone",   RefreshOnly, post(EVERYWHERE),                       401, Left),
        ("everywhere, after the end",      Ended,       post(EVERYWHERE),                       401, Left),
        ("everywhere, with garbage",       Garbage,     post(EVERYWHERE),                       401, Left),
        ("everywhere, from another site",  Good,        post(EVERYWHERE).cross_site(),   403, Left),
        ("the own session",                Good,        delete("/auth/sessions/$own"),          204, Cleared),
        ("the same by bearer",             Good,        delete("/auth/sessions/$own").by_bearer(), 204, Left),
        ("the same from another site",     Good,        delete("/auth/sessions/$own").cross_site(), 403, Left),
        ("the same after the end",         Ended,       delete("/auth/sessions/$own"),          401, Left),
        ("another of one's own",           Good,        delete("/auth/sessions/$another"),      204, Left),
        ("the same by bearer",             Good,        delete("/auth/sessions/$another").by_bearer(), 204, Left),
        ("somebody else's",                Good,        delete("/auth/sessions/$foreign"),      404, Left),
        ("what is no session",             Good,        delete("/auth/sessions/x"),             404, Left),
    ]
}

#[tokio::test]
async fn an_end_clears_both_cookies_of_the_session_that_it_ended_and_leaves_others() {
    check_all(ends).await;
}

#[rustfmt::skip]
fn views() -> Vec<Row> {
    vec![
        ("a session",                      Good,        get(SESSION),                           200, Left),
        ("a session, by bearer",           Good,        get(SESSION).by_bearer(),               200, Left),
        ("a session, from another site",   Good,        get(SESSION).cross_site(),       200, Left),
        ("a session, by refresh alone",    RefreshOnly, get(SESSION),                           401, Left),
        ("a session, after the end",       Ended,       get(SESSION),                           401, Left),
        ("a session, with garbage",        Garbage,     get(SESSION),                           401, Left),
        ("sessions",                       Good,        get(SESSIONS),                          200, Left),
        ("sessions, by nothing",           Jar::None,   get(SESSIONS),                          401, Left),
        ("another method",                 Good,        get(LOGIN),                             405, Left),
        ("and another one",                Good,        delete(REFRESH),                        405, Left),
    ]
}

#[tokio::test]
async fn who_only_looks_keeps_their_cookies() {
    check_all(views).await;
}

/// These may be kept by caches, so their answers are compared by themselves.
#[tokio::test]
async fn documents_and_pages_are_served_without_a_word_on_cookies() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        for path in ["/.well-known/jwks.json", "/.well-known/openid-configuration", "/account"] {
            let answer = Browser::logged_in(&service).await.navigate(&service, path).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (200, ""), "{path}, {reach:?}");
        }
    }
}

#[tokio::test]
async fn a_throttled_login_leaves_the_cookies() {
    for reach in Reach::ALL {
        let service = Service::for_browsers(reach).await;
        let mut browser = Browser::logged_in(&service).await;
        for _ in 0..10 {
            let body = Some(credentials("bob", "wrong"));
            let answer = browser.send(&service, http::Method::POST, LOGIN, body).await;
            check(reach, "a failure", &answer, 400, Left);
        }
        check(reach, "one too many", &browser.login_as(&service, "bob").await, 429, Left);
        assert!(browser.is_logged_in(&service).await);
    }
}
