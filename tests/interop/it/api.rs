//! An API in this process, which knows nothing but its provider's issuer.

use std::time::Duration;

use axum::{Router, body::Body, routing::get};
use http::{HeaderValue, Request};
use jwtower::{Claims, JwtAuthLayer, NoClaims, Verifier, keys::RemoteKeySet};
use tokio::{
    task::JoinSet,
    time::{advance, pause, resume, sleep, timeout},
};
use tower::ServiceExt;

/// More than 80 % of the life of keys whose answer says nothing of caching.
const REFRESH: Duration = Duration::from_secs(8 * 60 + 1);

/// More than the wait after a first failure.
const BACKOFF: Duration = Duration::from_secs(3);

/// What tokens must be like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Profile {
    Usual,
    Rfc9068,
}

/// A status, and the code of which the log speaks; none where the handler answered.
pub(crate) type Answered = (u16, String);

/// What an API answers to whom it lets in.
pub(crate) fn hello() -> Answered {
    (200, String::new())
}

/// What an API answers to anybody else.
pub(crate) fn refused(status: u16, code: &str) -> Answered {
    (status, code.to_owned())
}

#[derive(Clone)]
pub(crate) struct Api {
    app: Router,
    keys: RemoteKeySet,
}

impl Api {
    /// An API of these names, of which a token must be for one.
    pub(crate) fn behind(issuer: &str, audiences: &[&str], profile: Profile) -> Self {
        let keys = RemoteKeySet::discover(issuer).expect("the URL is right");
        let builder = Verifier::<NoClaims>::builder().keys(&keys).issuer(issuer);
        let builder = builder.audiences(audiences.iter().copied());
        let verifier = match profile {
            Profile::Usual => builder.build(),
            Profile::Rfc9068 => builder.rfc9068().build(),
        };
        let layer = JwtAuthLayer::new(verifier.expect("the settings are right"));
        let layer = layer.on_error(|refusal, _, mut answer| {
            answer.headers_mut().insert("x-code", HeaderValue::from_static(refusal.code()));
            answer
        });
        let hello = get(|_: Claims<NoClaims>| async { "hello" });
        Self { app: Router::new().route("/", hello).route_layer(layer), keys }
    }

    pub(crate) async fn get(&self, token: &str) -> Answered {
        let request = Request::get("/").header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).expect("the request is well formed");
        let answer = self.app.clone().oneshot(request).await.expect("a router does not fail");
        let code = answer.headers().get("x-code").map_or("", |code| code.to_str().expect("text"));
        (answer.status().as_u16(), code.to_owned())
    }

    /// The answers to so many requests at once.
    pub(crate) async fn get_many(&self, token: &str, count: usize) -> Vec<Answered> {
        let mut requests = JoinSet::new();
        for _ in 0..count {
            let (api, token) = (self.clone(), token.to_owned());
            requests.spawn(async move { api.get(&token).await });
        }
        requests.join_all().await
    }

    /// Lets so much time pass that the keys are fetched again, and waits until they are.
    pub(crate) async fn refreshed(&self) {
        let before = self.keys.status().fetched;
        pass(REFRESH).await;
        let waiting = async {
            while self.keys.status().fetched == before {
                sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(Duration::from_secs(10), waiting).await.expect("the keys are fetched");
    }

    /// Lets so much time pass that the provider may be asked again after a failure.
    pub(crate) async fn patient(&self) {
        pass(BACKOFF).await;
    }
}

/// Lets time pass at once, for the keys; the provider is another process and notices nothing.
async fn pass(time: Duration) {
    pause();
    advance(time).await;
    resume();
    // What is due by now begins.
    sleep(Duration::from_millis(5)).await;
}
