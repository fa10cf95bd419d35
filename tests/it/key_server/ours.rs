//! The other side of the same crate: keys that `well_known` serves, and another service that follows them.

use axum::Router;
use jwtower::{
    Algorithm, Issuer, NoClaims, Sessions,
    issuer::KeyRing,
    routes::well_known,
    session::{Accounts, BoxError},
    store::MemoryStore,
};
use jwtower_tests::AUDIENCE;
use tokio::{net::TcpListener, task::JoinHandle};

use super::fixture::{Api, answered};

struct Everybody;

impl Accounts for Everybody {
    type Credentials = ();
    type Claims = NoClaims;

    fn account<'a>(&self, (): &'a ()) -> &'a str {
        ""
    }

    async fn find(&self, (): &()) -> Result<Option<String>, BoxError> {
        Ok(None)
    }

    async fn check(&self, _: Option<&str>, (): &()) -> Result<bool, BoxError> {
        Ok(false)
    }

    async fn claims(&self, _: &str) -> Result<Option<NoClaims>, BoxError> {
        Ok(Some(NoClaims))
    }
}

/// A service that logs users in and publishes its keys.
struct Login {
    ring: KeyRing,
    sessions: Sessions,
    serving: JoinHandle<()>,
}

impl Login {
    async fn start() -> Self {
        let ring = KeyRing::generate(Algorithm::ES256).expect("a ring");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it listens"));
        let issuer = Issuer::builder().keys(&ring).issuer(url).audience(AUDIENCE).build().expect("an issuer");
        let sessions = Sessions::builder(issuer, MemoryStore::new(), Everybody).build().await;
        let sessions = sessions.expect("the settings are right");
        let app: Router = well_known(sessions.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { ring, sessions, serving }
    }

    fn api(&self) -> Api {
        Api::discovering(self.sessions.issuer().issuer())
    }

    async fn token(&self) -> String {
        let pair = self.sessions.login("alice").await.expect("a login");
        pair.access_token.secret().to_owned()
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[tokio::test]
async fn a_key_that_was_announced_signs_without_a_fetch_and_a_withdrawn_one_ends_with_the_next() {
    let login = Login::start().await;
    let api = login.api();
    let old = login.token().await;
    assert_eq!(api.get(&old).await, answered(200, ""));
    assert_eq!(api.status().keys, 1);

    login.ring.rotate().await.expect("a next key");
    api.refreshed().await;
    assert_eq!(api.status().keys, 2);
    let announced = api.status().fetched;

    let withdrawn = login.ring.current_kid();
    login.ring.withdraw(&withdrawn).await.expect("it is there");
    assert_eq!(api.get(&login.token().await).await, answered(200, ""));
    assert_eq!(api.get(&old).await, answered(200, ""), "nobody has looked yet");
    assert_eq!(api.status().fetched, announced);

    api.refreshed().await;
    assert_eq!(api.get(&old).await, answered(401, "unknown_key"));
    assert_eq!(api.get(&login.token().await).await, answered(200, ""));
}

#[tokio::test]
async fn a_key_that_nobody_announced_is_found_with_its_first_token() {
    let login = Login::start().await;
    let api = login.api();
    let old = login.token().await;
    assert_eq!(api.get(&old).await, answered(200, ""));
    login.ring.withdraw(&login.ring.current_kid()).await.expect("it is there");
    assert_eq!(api.get(&login.token().await).await, answered(200, ""));
    assert_eq!(api.get(&old).await, answered(401, "unknown_key"));
}
