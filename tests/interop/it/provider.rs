//! Providers of other people as processes, whose keys and tokens do what a test tells them.

use serde_json::{Value, json};

use crate::{
    example::Example,
    http::{self, Answer},
    peer::{self, Peer},
};

/// npm oidc-provider with one client, ended on drop.
pub(crate) struct Provider(Served);

impl Provider {
    /// Starts it on a free port; nothing where Node is not here.
    pub(crate) fn start() -> Option<Self> {
        Served::start("oidc-provider").map(Self)
    }

    pub(crate) fn issuer(&self) -> String {
        self.0.issuer()
    }

    /// An access token for this resource, `urn:api:` and the algorithm that signs.
    pub(crate) fn token(&self, resource: &str) -> String {
        let client = "client_id=service&client_secret=a-secret-of-tests-that-opens-nothing-else";
        self.0.token(&format!("grant_type=client_credentials&scope=read&resource={resource}&{client}"))
    }

    /// Publishes new keys; the old ones go on signing.
    pub(crate) fn prepublish(&self) {
        self.0.control("prepublish", &Value::Null);
    }

    /// Signs with the newest keys; the others stay published.
    pub(crate) fn promote(&self) {
        self.0.control("promote", &Value::Null);
    }

    /// Publishes nothing but the newest keys.
    pub(crate) fn retire(&self) {
        self.0.control("retire", &Value::Null);
    }

    /// New keys at once, and none of the old ones.
    pub(crate) fn rotate(&self) {
        self.0.control("rotate", &Value::Null);
    }

    /// Encrypts tokens for `urn:api:encrypted` to this public JWK.
    pub(crate) fn encrypt_to(&self, jwk: &str) {
        self.0.control("encrypt", &serde_json::from_str(jwk).expect("JSON"));
    }

    pub(crate) fn jwks_fetches(&self) -> u64 {
        self.0.asked("/jwks")
    }

    /// How often a discovery document was asked for.
    pub(crate) fn discoveries(&self) -> u64 {
        let documents = ["openid-configuration", "oauth-authorization-server"];
        documents.iter().map(|name| self.0.asked(&format!("/.well-known/{name}"))).sum()
    }

    /// Ends it; its keys are gone.
    pub(crate) fn stop(&mut self) {
        self.0.process.kill();
    }

    /// Starts it at the same address, with keys of its own.
    pub(crate) fn restart(&mut self) {
        self.0.restart();
    }
}

/// npm oauth2-mock-server, ended on drop.
pub(crate) struct Mock(Served);

impl Mock {
    /// Starts it on a free port; nothing where Node is not here.
    pub(crate) fn start() -> Option<Self> {
        Served::start("oauth2-mock").map(Self)
    }

    pub(crate) fn issuer(&self) -> String {
        self.0.issuer()
    }

    /// An access token for this audience with other members in header and claims; `null` removes one.
    pub(crate) fn token(&self, audience: &str, header: &Value, claims: &Value) -> String {
        self.0.control("next", &json!({ "header": header, "claims": claims }));
        self.0.token(&format!("grant_type=client_credentials&scope=read&aud={audience}"))
    }

    pub(crate) fn jwks_fetches(&self) -> u64 {
        self.0.asked("/jwks")
    }

    /// The ID token of a person who logged in to this client.
    pub(crate) fn id_token(&self, client: &str) -> String {
        let (address, redirect) = (self.0.process.address(), "http://127.0.0.1/back");
        let query = format!("client_id={client}&redirect_uri={redirect}&nonce=n&scope=openid");
        let back = http::send(address, "GET", &format!("/authorize?response_type=code&{query}"), None);
        let (_, code) = back.head.split_once("?code=").expect("it sends the browser back with a code");
        let code = code.split(['&', '\r']).next().expect("a code");
        let form = format!("grant_type=authorization_code&code={code}&redirect_uri={redirect}");
        self.0.granted(&format!("{form}&client_id={client}"), "id_token")
    }
}

/// A provider and the control beside it.
struct Served {
    peer: &'static Peer,
    script: &'static str,
    process: Example,
}

impl Served {
    fn start(script: &'static str) -> Option<Self> {
        let peer = peer::providers()?;
        Some(Self { peer, script, process: peer.start(script, &[]) })
    }

    fn restart(&mut self) {
        self.process.kill();
        let (_, port) = self.process.address().rsplit_once(':').expect("a port");
        self.process = self.peer.start(self.script, &[port]);
    }

    fn issuer(&self) -> String {
        format!("http://{}", self.process.address())
    }

    fn token(&self, form: &str) -> String {
        self.granted(form, "access_token")
    }

    fn granted(&self, form: &str, name: &str) -> String {
        let answer = http::post_form(self.process.address(), "/token", form).expect("an answer");
        parsed(&answer)[name].as_str().expect("a token").to_owned()
    }

    fn control(&self, command: &str, body: &Value) -> Value {
        let path = format!("/{command}");
        let answer = http::post(self.control_address(), &path, "application/json", &body.to_string());
        parsed(&answer.expect("an answer"))
    }

    fn state(&self) -> Value {
        parsed(&http::send(self.control_address(), "GET", "/", None))
    }

    fn asked(&self, path: &str) -> u64 {
        self.state()["asked"][path].as_u64().unwrap_or_default()
    }

    fn control_address(&self) -> &str {
        self.process.printed_between("control on http://", "\n")
    }
}

fn parsed(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

#[test]
fn the_provider_rotates_as_it_is_told() {
    let Some(mut provider) = Provider::start() else { return };
    let names = |list: &str| provider.0.state()[list].as_array().expect("a list").clone();
    let first = names("signing");
    assert_eq!((first.len(), names("published")), (6, first.clone()));
    provider.prepublish();
    assert_eq!((names("signing"), names("published").len()), (first.clone(), 12));
    provider.promote();
    let second = names("signing");
    assert_eq!((second.contains(&first[0]), names("published").len()), (false, 12));
    provider.retire();
    assert_eq!((names("signing"), names("published")), (second.clone(), second.clone()));
    provider.rotate();
    let third = names("signing");
    assert_eq!((third.contains(&second[0]), names("published")), (false, third.clone()));

    let issuer = provider.issuer();
    assert_eq!(provider.jwks_fetches(), 0);
    provider.stop();
    provider.restart();
    assert_eq!(provider.issuer(), issuer);
    assert_ne!(provider.0.state()["signing"], json!(third));
}
