use bytes::Bytes;
use http::{Request, Response};

use super::fixture::{answer, answering, url};
use crate::keys::remote::{
    answer::{Keys, get_keys},
    fetch::Reach,
    held::Held,
};

const TAG: (&str, &str) = ("etag", "\"1\"");
const DATED: (&str, &str) = ("last-modified", "Wed, 21 Oct 2015 07:00:00 GMT");
const LIFE: (&str, &str) = ("cache-control", "max-age=1200");
const URL: &str = "https://a.example/jwks";

/// Fetches once for what is held, then once more; the requests of the second time, and its outcome.
async fn again(
    first: &[(&str, &str)],
    then: impl IntoIterator<Item = Response<Bytes>>,
) -> (Vec<Request<()>>, Result<Keys, String>) {
    let answers = [answer(200, first, "one")].into_iter().chain(then);
    let (fetch, asked) = answering(answers);
    let Keys::New { json, held } = get_keys(&fetch, &url(URL), None).await.unwrap() else { panic!() };
    assert_eq!(json, "one");
    asked.lock().unwrap().clear();
    let outcome = get_keys(&fetch, &url(URL), Some(&held)).await.map_err(|error| error.to_string());
    let asked = asked.lock().unwrap().drain(..).collect();
    (asked, outcome)
}

fn conditions(request: &Request<()>) -> [Option<&str>; 2] {
    ["if-none-match", "if-modified-since"].map(|name| Some(request.headers().get(name)?.to_str().unwrap()))
}

#[tokio::test]
async fn a_second_request_asks_only_for_what_changed() {
    for (first, expected) in [
        (&[TAG, LIFE][..], [Some(TAG.1), None]),
        (&[DATED], [None, Some(DATED.1)]),
        (&[TAG, DATED], [Some(TAG.1), Some(DATED.1)]),
        (&[("etag", "W/\"1\"")], [Some("W/\"1\""), None]),
        (&[LIFE], [None, None]),
        (&[TAG, ("cache-control", "no-store")], [None, None]),
    ] {
        let (asked, outcome) = again(first, [answer(200, &[], "two")]).await;
        let Ok(Keys::New { json, .. }) = outcome else { panic!("{first:?}: {outcome:?}") };
        assert_eq!((asked.len(), &json[..]), (1, &b"two"[..]));
        assert_eq!(conditions(&asked[0]), expected, "{first:?}");
        assert_eq!(asked[0].uri(), URL);
        assert_eq!(asked[0].extensions().get(), Some(&Reach::Given));
        assert_eq!(asked[0].headers().get("cache-control"), None);
    }
}

#[tokio::test]
async fn keys_that_did_not_change_live_anew() {
    for (first, second, life) in [
        (&[TAG, LIFE][..], &[TAG][..], 1200),
        (&[TAG, LIFE], &[TAG, ("cache-control", "max-age=300")], 300),
        (&[TAG], &[TAG, LIFE], 1200),
        (&[TAG, LIFE, ("age", "1000")], &[TAG], 1200),
        (&[TAG, LIFE], &[TAG, ("age", "1000")], 200),
        (&[DATED, LIFE], &[DATED], 1200),
        (&[("etag", "W/\"1\""), LIFE], &[("etag", "W/\"1\"")], 1200),
    ] {
        let (asked, outcome) = again(first, [answer(304, second, "")]).await;
        let Ok(Keys::Unchanged { held }) = outcome else { panic!("{first:?} {second:?}: {outcome:?}") };
        assert_eq!((asked.len(), held.life().as_secs()), (1, life), "{first:?} {second:?}");
    }
}

#[tokio::test]
async fn keys_renewed_once_can_be_renewed_again() {
    let renewed = answer(304, &[TAG], "");
    let (fetch, asked) = answering([answer(200, &[TAG], "one"), renewed.clone(), renewed]);
    let mut held: Option<Held> = None;
    for _ in 0..3 {
        held = Some(match get_keys(&fetch, &url(URL), held.as_ref()).await.unwrap() {
            Keys::New { held, .. } | Keys::Unchanged { held } => held,
        });
    }
    assert_eq!(conditions(&asked.lock().unwrap()[2]), [Some(TAG.1), None]);
}

#[tokio::test]
async fn where_something_else_did_not_change_the_keys_are_asked_for_without_a_condition() {
    let other = [answer(304, &[("etag", "\"2\"")], ""), answer(200, &[], "two")];
    let (asked, outcome) = again(&[TAG], other).await;
    assert!(matches!(outcome, Ok(Keys::New { json, .. }) if json == "two"));
    assert_eq!(asked.iter().map(conditions).collect::<Vec<_>>(), [[Some(TAG.1), None], [None, None]]);

    let (asked, outcome) =
        again(&[TAG], [answer(304, &[("etag", "\"2\"")], ""), answer(304, &[TAG], "")]).await;
    assert!(outcome.unwrap_err().contains("304 Not Modified to a request without a condition"));
    assert_eq!(asked.len(), 2);
}

#[tokio::test]
async fn what_was_held_of_another_url_is_no_condition() {
    let (fetch, asked) = answering([answer(200, &[TAG], "one"), answer(200, &[TAG], "two")]);
    let Ok(Keys::New { held, .. }) = get_keys(&fetch, &url(URL), None).await else { panic!() };
    let elsewhere = url("https://b.example/jwks");
    assert!(matches!(get_keys(&fetch, &elsewhere, Some(&held)).await, Ok(Keys::New { .. })));
    let asked = asked.lock().unwrap();
    assert_eq!((asked[1].uri(), conditions(&asked[1])), (elsewhere.uri(), [None, None]));
}

#[tokio::test]
async fn a_304_to_who_holds_nothing_is_refused() {
    let (fetch, _) = answering([answer(304, &[TAG], "")]);
    let error = get_keys(&fetch, &url(URL), None).await.unwrap_err().to_string();
    assert!(error.contains("304 Not Modified to a request without a condition"), "{error}");
}
