//! How long fetched keys live, and how to ask whether they changed.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response,
    header::{
        AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, PRAGMA,
        VARY,
    },
};
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};

/// What the last answer with keys said of its freshness.
#[derive(Clone, Debug)]
pub(super) struct Held {
    policy: CachePolicy,
    headers: HeaderMap,
    life: Duration,
}

/// The life of keys whose answer says nothing of it.
const USUAL: Duration = Duration::from_secs(10 * 60);
/// However short a life the answer gives.
const SHORTEST: Duration = Duration::from_secs(60);
/// However long a life the answer gives.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The headers that freshness depends on. Others are not kept: an answer could bring new ones each time.
const READ: [HeaderName; 8] = [AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA, VARY];

const OPTIONS: CacheOptions = CacheOptions {
    shared: false,
    cache_heuristic: 0.0,
    // A set of keys never stays the same forever, whatever it says.
    immutable_min_time_to_live: Duration::ZERO,
    ignore_cargo_cult: false,
};

impl Held {
    pub(super) fn new(request: &Request<()>, headers: &HeaderMap) -> Self {
        let (headers, now) = (readable(headers), SystemTime::now());
        let mut answer = Response::new(());
        answer.headers_mut().clone_from(&headers);
        let policy = CachePolicy::new_options(request, &answer, now, OPTIONS);
        let life = if says_its_life(&headers) { policy.time_to_live(now) } else { USUAL };
        Self { policy, headers, life: life.clamp(SHORTEST, LONGEST) }
    }

    /// How long the keys are fresh from when they were received.
    pub(super) fn life(&self) -> Duration {
        self.life
    }

    /// Adds to a request the condition that the keys changed; says whether there is one.
    pub(super) fn add_condition(&self, request: &mut Request<()>) -> bool {
        let mut asked = request.clone();
        // Else keys that are still fresh would need no request at all.
        asked.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        let BeforeRequest::Stale { request: asked, .. } =
            self.policy.before_request(&asked, SystemTime::now())
        else {
            return false;
        };
        let conditions = [IF_NONE_MATCH, IF_MODIFIED_SINCE].into_iter().filter_map(|name| {
            let value = asked.headers.get(&name).cloned();
            value.map(|value| (name, value))
        });
        let before = request.headers().len();
        request.headers_mut().extend(conditions);
        request.headers().len() > before
    }

    /// The same keys with new freshness (RFC 9111 §3.2), where this 304 is about them (§4.3.4).
    pub(super) fn renewed(&self, request: &Request<()>, answer: &Response<Bytes>) -> Option<Self> {
        let answer_to_read = {
            let mut copy = Response::new(());
            *copy.status_mut() = answer.status();
            *copy.headers_mut() = readable(answer.headers());
            copy
        };
        match self.policy.after_response(request, &answer_to_read, SystemTime::now()) {
            AfterResponse::NotModified(..) => Some(Self::new(request, &self.merged(answer.headers()))),
            AfterResponse::Modified(..) => None,
        }
    }

    fn merged(&self, newer: &HeaderMap) -> HeaderMap {
        let mut headers = self.headers.clone();
        headers.remove(AGE);
        for name in newer.keys().filter(|name| READ.contains(name)) {
            headers.remove(name);
            for value in newer.get_all(name) {
                headers.append(name, value.clone());
            }
        }
        headers
    }
}

/// The headers as http-cache-semantics reads them: it knows directives in lower case only, and adds to an `Age`
/// without regard to how large that is.
fn readable(headers: &HeaderMap) -> HeaderMap {
    let mut readable = HeaderMap::new();
    for name in READ.iter().filter(|name| **name != CACHE_CONTROL) {
        for value in headers.get_all(name) {
            readable.append(name, value.clone());
        }
    }
    for value in headers.get_all(CACHE_CONTROL) {
        let lower = HeaderValue::from_bytes(&value.as_bytes().to_ascii_lowercase());
        readable.append(CACHE_CONTROL, lower.unwrap_or_else(|_| value.clone()));
    }
    if let Some(age) = headers.get(AGE) {
        let seconds = age.to_str().ok().and_then(|age| age.trim().parse::<u64>().ok()).unwrap_or_default();
        readable.insert(AGE, seconds.min(u32::MAX.into()).into());
    }
    readable
}

fn says_its_life(headers: &HeaderMap) -> bool {
    let directives = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let mut names = directives.flat_map(|value| value.split(',')).filter_map(|part| part.split('=').next());
    names.any(|name| matches!(name.trim(), "max-age" | "no-cache" | "no-store"))
        || headers.contains_key(EXPIRES)
        || headers.contains_key(PRAGMA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_bring_beside_is_not_kept() {
        let request = Request::new(());
        let mut answer = Response::new(Bytes::new());
        answer.headers_mut().insert(ETAG, HeaderValue::from_static("\"1\""));
        let mut held = Held::new(&request, answer.headers());
        *answer.status_mut() = http::StatusCode::NOT_MODIFIED;
        for number in 0..1000 {
            let name = HeaderName::try_from(format!("x-{number}")).unwrap();
            answer.headers_mut().insert(name, HeaderValue::from_static("a"));
            held = held.renewed(&request, &answer).expect("it has the same tag");
        }
        assert_eq!(held.headers.len(), 1, "{:?}", held.headers);
    }
}
