use std::{error::Error, future, io, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use tokio::time::{Instant, sleep};

use super::fixture::{answer, answering, url};
use crate::keys::remote::answer::get;

const URL: &str = "https://a.example/doc";

#[tokio::test]
async fn an_answer_is_taken_whatever_type_json_is_given() {
    for kind in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/jwk-set+json",
        "application/vnd.example+json;v=1",
        "text/plain; charset=utf-8",
        "application/octet-stream",
        "",
    ] {
        let (fetch, _) = answering([answer(200, &[("content-type", kind)], "{}")]);
        assert_eq!(get(&fetch, &url(URL)).await.unwrap(), "{}", "{kind}");
    }
    let (fetch, _) = answering([answer(200, &[("content-encoding", "identity")], "{}")]);
    assert_eq!(get(&fetch, &url(URL)).await.unwrap(), "{}");
}

#[tokio::test]
async fn an_answer_that_is_none_is_refused_by_what_it_is() {
    const MIB: usize = 1024 * 1024;
    for (given, problem) in [
        (answer(404, &[], "{}"), "the server answered 404 Not Found"),
        (answer(503, &[], "{}"), "the server answered 503 Service Unavailable"),
        (answer(204, &[], ""), "the server answered 204 No Content"),
        (
            answer(200, &[("content-type", "text/html; charset=utf-8")], "{}"),
            "is \"text/html; charset=utf-8\", not JSON",
        ),
        (answer(200, &[("content-type", "application/jwt")], "{}"), "is \"application/jwt\", not JSON"),
        (answer(200, &[("content-encoding", "gzip")], "{}"), "is compressed (\"gzip\")"),
        (answer(200, &[], vec![b' '; MIB + 1]), "larger than 1 MiB"),
        (
            answer(302, &[("location", "https://b.example:8443/secret?code=1")], ""),
            "302 Found, to \"https://b.example:8443\",",
        ),
        (answer(301, &[("location", "https://me:secret@b.example/")], ""), "to \"https://b.example\","),
        (answer(308, &[("location", "/elsewhere?secret")], ""), "308 Permanent Redirect, to another path,"),
        (answer(307, &[], ""), "307 Temporary Redirect, to another path,"),
    ] {
        let (fetch, asked) = answering([given]);
        let error = get(&fetch, &url(URL)).await.unwrap_err().to_string();
        assert!(error.starts_with("https://a.example/doc: the ") && error.contains(problem), "{error}");
        assert!(!error.contains("secret"), "{error}");
        assert_eq!(asked.lock().unwrap().len(), 1);
    }
    let (fetch, _) = answering([answer(200, &[], vec![b' '; MIB])]);
    assert_eq!(get(&fetch, &url(URL)).await.unwrap().len(), MIB);
}

#[tokio::test(start_paused = true)]
async fn a_fetch_of_ones_own_has_five_seconds_too() {
    let start = Instant::now();
    let never = |_: Request<()>| future::pending::<io::Result<Response<Bytes>>>();
    let error = get(&never, &url(URL)).await.unwrap_err().to_string();
    assert_eq!(error, "https://a.example/doc: there was no complete answer within 5s");
    assert_eq!(start.elapsed().as_secs(), 5);

    let slow = async |_: Request<()>| {
        sleep(Duration::from_millis(4900)).await;
        Ok::<_, io::Error>(answer(200, &[], "{}"))
    };
    assert_eq!(get(&slow, &url(URL)).await.unwrap(), "{}");
}

#[tokio::test]
async fn an_error_of_a_fetch_of_ones_own_is_the_source() {
    let fails = async |_: Request<()>| Err::<Response<Bytes>, _>("the proxy is away");
    let error = get(&fails, &url(URL)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "https://a.example/doc: the application's own Fetch failed: \"the proxy is away\""
    );
    assert_eq!(error.source().unwrap().to_string(), "the proxy is away");
    assert_eq!(error.clone().source().unwrap().to_string(), "the proxy is away");
}

#[tokio::test]
async fn a_fetch_may_be_an_async_closure_that_moves_its_request() {
    let fetch = async move |request: Request<()>| {
        Ok::<_, io::Error>(answer(200, &[], request.uri().path().to_owned()))
    };
    assert_eq!(get(&fetch, &url(URL)).await.unwrap(), "/doc");
}
