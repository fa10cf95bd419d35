//! Asks, and takes nothing for an answer that is none.

use std::{future::Future, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, Request, Response, StatusCode, Uri,
    header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION},
};

use super::{
    cause::Cause,
    failure::{FetchError, shown},
    fetch::DynFetch,
    held::Held,
    url::{KeyUrl, origin},
};

/// What a whole fetch may take, from the look-up of the name to the last byte.
const TIME: Duration = Duration::from_secs(5);
/// Bytes that a body may have.
pub(super) const LARGEST: usize = 1024 * 1024;
pub(super) const TOO_LARGE: &str = "the answer is larger than 1 MiB";

const DOCUMENT: &str = "application/json";
const JWKS: &str = "application/jwk-set+json, application/json";

/// The keys at a URL.
#[derive(Debug)]
pub(super) enum Keys {
    New { json: Bytes, held: Held },
    Unchanged { held: Held },
}

/// Fetches a discovery document.
pub(super) async fn get(fetch: &dyn DynFetch, url: &KeyUrl) -> Result<Bytes, FetchError> {
    within(TIME, url, document(fetch, url)).await
}

/// Fetches keys, or learns that those held are still the ones.
pub(super) async fn get_keys(
    fetch: &dyn DynFetch,
    url: &KeyUrl,
    held: Option<&Held>,
) -> Result<Keys, FetchError> {
    within(TIME, url, keys(fetch, url, held)).await
}

async fn within<T>(
    time: Duration,
    url: &KeyUrl,
    fetched: impl Future<Output = Result<T, FetchError>>,
) -> Result<T, FetchError> {
    let late = |_| FetchError::new(url, format!("there was no complete answer within {time:?}"));
    tokio::time::timeout(time, fetched).await.map_err(late)?
}

async fn document(fetch: &dyn DynFetch, url: &KeyUrl) -> Result<Bytes, FetchError> {
    let answer = ask(fetch, url, url.request(DOCUMENT)).await?;
    check(url, &answer)?;
    Ok(answer.into_body())
}

async fn keys(fetch: &dyn DynFetch, url: &KeyUrl, held: Option<&Held>) -> Result<Keys, FetchError> {
    let request = url.request(JWKS);
    let mut conditional = request.clone();
    if let Some(held) = held.filter(|held| held.add_condition(&mut conditional)) {
        let answer = ask(fetch, url, conditional).await?;
        if answer.status() != StatusCode::NOT_MODIFIED {
            return new_keys(url, &request, answer);
        }
        if let Some(held) = held.renewed(&request, &answer) {
            return Ok(Keys::Unchanged { held });
        }
        // What has not changed is not what is held, so ask for it without a condition.
    }
    let answer = ask(fetch, url, request.clone()).await?;
    new_keys(url, &request, answer)
}

fn new_keys(url: &KeyUrl, request: &Request<()>, answer: Response<Bytes>) -> Result<Keys, FetchError> {
    check(url, &answer)?;
    let held = Held::new(request, answer.headers());
    Ok(Keys::New { json: answer.into_body(), held })
}

async fn ask(
    fetch: &dyn DynFetch,
    url: &KeyUrl,
    request: Request<()>,
) -> Result<Response<Bytes>, FetchError> {
    fetch.fetch_boxed(request).await.map_err(|error| match error.downcast::<Cause>() {
        Ok(cause) => FetchError::new(url, cause.problem).because(cause.source),
        Err(error) => {
            let problem = format!("the application's own Fetch failed: {}", shown(&error.to_string()));
            FetchError::new(url, problem).because(error)
        }
    })
}

fn check(url: &KeyUrl, answer: &Response<Bytes>) -> Result<(), FetchError> {
    let refused = |problem: String| Err(FetchError::new(url, problem).with_status(answer.status()));
    if answer.status() != StatusCode::OK {
        return refused(other_than_ok(answer.status(), answer.headers()));
    }
    if let Some(coding) = answer.headers().get(CONTENT_ENCODING).filter(|coding| *coding != "identity") {
        let coding = shown(&String::from_utf8_lossy(coding.as_bytes()));
        return refused(format!("the answer is compressed ({coding}), which nobody asked for"));
    }
    if let Some(given) = answer.headers().get(CONTENT_TYPE) {
        let given = String::from_utf8_lossy(given.as_bytes());
        if !may_be_json(&given) {
            return refused(format!("the answer is {}, not JSON", shown(&given)));
        }
    }
    if answer.body().len() > LARGEST {
        return Err(FetchError::new(url, TOO_LARGE));
    }
    Ok(())
}

fn other_than_ok(status: StatusCode, headers: &HeaderMap) -> String {
    if status == StatusCode::NOT_MODIFIED {
        return "the server answered 304 Not Modified to a request without a condition".into();
    }
    if !status.is_redirection() {
        return format!("the server answered {status}");
    }
    let location = headers.get(LOCATION).and_then(|location| Uri::try_from(location.as_bytes()).ok());
    let to = match location.as_ref().and_then(origin) {
        Some(origin) => format!("to {}", shown(&origin)),
        None => "to another path".into(),
    };
    format!("the server answered {status}, {to}, and redirects are not followed; write the URL where it ends")
}

/// Whether a body of this type may be JSON; many servers keep keys as a file of a type that they do not know.
fn may_be_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "application/json" | "text/plain" | "application/octet-stream")
        || kind.ends_with("+json")
}
