//! An API whose tokens someone else issues.
//!
//!     $ head -c 32 /dev/urandom | base64 > secret.txt
//!     $ cargo run --features jwks-client --example resource_server -- --issuer https://login.example.com \
//!         --audience https://api.example.com --secret-file secret.txt --alg HS256 \
//!         --cookie __Host-access --origin https://app.example.com --listen 127.0.0.1:3000
//!
//! In place of `--secret-file FILE` (base64, with one `--alg`) it takes `--jwks-file FILE`; `--jwks-url URL`, whose
//! keys it fetches and keeps up to date; or `--discover`, which finds that URL by the issuer's metadata. `--alg ALG`
//! may be given several times and is then the list of algorithms that are accepted. With `--cookie NAME` the token
//! may also come in that cookie, and each `--origin URL` is a site whose pages may use it. Port 0 takes a free one.
//! `/keys` tells an administrator when keys were fetched, and what went wrong.
//!
//! With tokens of the example `auth_server`, which know nothing of each other but its URL:
//!
//!     cargo run --features jwe,redb --example auth_server
//!     cargo run --features jwks-client --example resource_server -- --discover --issuer http://127.0.0.1:3000 \
//!         --audience auth-server-api --listen 127.0.0.1:3001
//!
//! That one then listens on port 3001, and `$TOKEN` is what auth_server's head calls `$ACCESS`, or `$ROOT` for root,
//! who has the role admin.
//!
//! curl -i http://127.0.0.1:3000/healthz                                               # 200
//! curl -i http://127.0.0.1:3000/whoami                                                # 401
//! curl -i -H 'Authorization: Bearer not.a.token' http://127.0.0.1:3000/whoami         # 401
//! curl -i http://127.0.0.1:3000/hello                                                 # 200
//! curl -i -H 'Authorization: Bearer not.a.token' http://127.0.0.1:3000/hello          # 401
//! curl -i -H 'Authorization: Bearer a' -H 'Authorization: Bearer b' http://127.0.0.1:3000/whoami # 400
//! curl -i -X POST http://127.0.0.1:3000/posts                                         # 401
//! curl -i http://127.0.0.1:3000/nowhere                                               # 404
//!
//! A cookie: a page of ours may post with it, another site's page may not. Who says nothing may only read.
//!
//! curl -i -b __Host-access=not.a.token http://127.0.0.1:3000/whoami                   # 401
//! curl -i -b __Host-access=not.a.token -X POST http://127.0.0.1:3000/posts            # 403
//! curl -i -b __Host-access=not.a.token -X POST -H 'Origin: https://evil.example' http://127.0.0.1:3000/posts # 403
//! curl -i -b __Host-access=not.a.token -X POST -H 'Origin: https://app.example.com' http://127.0.0.1:3000/posts # 401
//! curl -i -b __Host-access=not.a.token -X POST -H 'Sec-Fetch-Site: same-origin' http://127.0.0.1:3000/posts # 401
//! curl -i -b '__Host-access=a; __Host-access=b' http://127.0.0.1:3000/whoami          # 400
//! curl -i -b __Host-access=a -H 'Authorization: Bearer a' http://127.0.0.1:3000/whoami # 400
//!
//! With a token:
//!
//! curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/whoami              # 200 with a token
//! curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/admin               # 200 with role admin
//! curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/keys                # 200 with role admin
//! curl -i -X POST -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/posts       # 200 with posts:write
//! curl -i -b "__Host-access=$TOKEN" http://127.0.0.1:3000/whoami                      # 200 with --cookie and a token

use std::error::Error;

use axum::{
    Json, Router,
    routing::{get, post},
};
use jwtower::cookie::CookieSource;
use jwtower::guard::{permission, require, role};
use jwtower::keys::{KeySource, RemoteKeySet};
use jwtower::{Algorithm, Claims, JwtAuthLayer, KeySet, Principal, Secret, Verifier};
use lexopt::prelude::*;
use serde_json::{Map, Value};
use tracing_subscriber::filter::LevelFilter;

/// Any claims at all: this service only shows them.
type AnyClaims = Map<String, Value>;

async fn whoami(claims: Claims<AnyClaims>) -> Json<AnyClaims> {
    Json((*claims).clone())
}

async fn hello(principal: Option<Principal>) -> String {
    let subject = principal.as_ref().and_then(Principal::subject).unwrap_or("stranger");
    format!("hello {subject}\n")
}

/// One line for each issuer whose keys are fetched.
fn keys(verifier: &Verifier<AnyClaims>) -> String {
    verifier.key_status().iter().map(|status| format!("{status:?}\n")).collect()
}

fn app(layer: JwtAuthLayer<AnyClaims>, verifier: Verifier<AnyClaims>) -> Router {
    let demanding = Router::new()
        .route("/whoami", get(whoami))
        .route("/admin", get(|| async { "hello admin\n" }).layer(require(role("admin"))))
        .route("/keys", get(move || async move { keys(&verifier) }).layer(require(role("admin"))))
        .route("/posts", post(|| async { "published\n" }).layer(require(permission("posts:write"))))
        .route_layer(layer.clone());
    let optional = Router::new().route("/hello", get(hello)).route_layer(layer.optional());
    Router::new().route("/healthz", get(|| async { "ok\n" })).merge(demanding).merge(optional)
}

#[derive(Default)]
struct Options {
    issuer: String,
    audience: String,
    jwks_file: Option<String>,
    jwks_url: Option<String>,
    discover: bool,
    secret_file: Option<String>,
    algorithms: Vec<Algorithm>,
    cookie: Option<String>,
    origins: Vec<String>,
    listen: String,
}

impl Options {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut options = Self { listen: "127.0.0.1:3000".into(), ..Self::default() };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            let name = match argument {
                Long(name) => name.to_owned(),
                other => return Err(other.unexpected().into()),
            };
            if name == "discover" {
                options.discover = true;
                continue;
            }
            let value = arguments.value()?.string()?;
            match &*name {
                "issuer" => options.issuer = value,
                "audience" => options.audience = value,
                "jwks-file" => options.jwks_file = Some(value),
                "jwks-url" => options.jwks_url = Some(value),
                "secret-file" => options.secret_file = Some(value),
                "alg" => options.algorithms.push(value.parse()?),
                "cookie" => options.cookie = Some(value),
                "origin" => options.origins.push(value),
                "listen" => options.listen = value,
                _ => return Err(format!("--{name} is unknown; see the head of this file").into()),
            }
        }
        Ok(options)
    }

    fn keys(&self) -> Result<KeySource, Box<dyn Error>> {
        match (&self.jwks_file, &self.jwks_url, self.discover, &self.secret_file) {
            (Some(file), None, false, None) => Ok(KeySet::from_jwks_file(file)?.into()),
            (None, Some(url), false, None) => Ok(RemoteKeySet::new(url)?.into()),
            (None, None, true, None) => Ok(RemoteKeySet::discover(&self.issuer)?.into()),
            (None, None, false, Some(file)) => {
                let [algorithm] = &*self.algorithms else {
                    return Err("--secret-file needs one --alg, such as --alg HS256".into());
                };
                let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
                Ok(KeySource::from(&Secret::from_base64(*algorithm, &text)?))
            }
            _ => {
                Err("give one of --discover, --jwks-url URL, --jwks-file FILE and --secret-file FILE".into())
            }
        }
    }

    fn verifier(&self) -> Result<Verifier<AnyClaims>, Box<dyn Error>> {
        let builder = Verifier::builder().keys(self.keys()?).issuer(&self.issuer).audience(&self.audience);
        match &*self.algorithms {
            [] => Ok(builder.build()?),
            listed => Ok(builder.algorithms(listed.iter().copied()).build()?),
        }
    }

    fn layer(&self, verifier: &Verifier<AnyClaims>) -> Result<JwtAuthLayer<AnyClaims>, Box<dyn Error>> {
        let layer = JwtAuthLayer::new(verifier.clone());
        match (&self.cookie, &*self.origins) {
            (Some(name), origins) => {
                let cookie = CookieSource::new(name)?;
                Ok(layer.also_from(origins.iter().try_fold(cookie, |cookie, origin| cookie.origin(origin))?))
            }
            (None, []) => Ok(layer),
            (None, _) => Err("--origin says who may use the cookie of --cookie NAME, so it needs one".into()),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_max_level(LevelFilter::WARN).with_writer(std::io::stderr).init();
    let options = Options::read()?;
    let verifier = options.verifier()?;
    // The first requests need not wait. Where the provider is away, they are answered with 503 until it is back.
    if let Err(error) = verifier.ready().await {
        eprintln!("{error}; the attempts go on");
    }
    let app = app(options.layer(&verifier)?, verifier);
    let listener = tokio::net::TcpListener::bind(&options.listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
