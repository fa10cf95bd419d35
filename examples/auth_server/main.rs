//! A service that logs its own users in, programs by tokens and browsers by cookies: login, refresh, logout, and
//! keys that rotate.
//!
//!     $ cargo run --features jwe,redb --example auth_server -- --listen 127.0.0.1:3000
//!
//! Open <http://127.0.0.1:3000/> in a browser, or go on with curl. Two users may log in: `alice`, with the role
//! `user`, and `root`, with the roles `user` and `admin`. The password of both is `correct-horse`.
//!
//!     --listen ADDR               where it listens (127.0.0.1:3000); port 0 takes a free one
//!     --store redb:PATH           the file with sessions and keys (one in the folder auth-server-data)
//!     --store memory              no file: both are gone with the process
//!     --secret-file FILE          32 random bytes as base64, which encrypt the keys (a file beside the store)
//!     --issuer URL                whom the tokens are from (the URL that it listens on); name an https
//!                                 one where a proxy in front speaks https
//!     --audience NAME             whom the tokens are for (auth-server-api)
//!     --token-life SECONDS        how long an access token lives (600)
//!     --encrypt                   encrypt access tokens, so that their holders cannot read the claims; other
//!                                 services cannot either
//!     --tls-cert FILE             https with this certificate,
//!     --tls-key FILE              and with this key, both PEM (plain http)
//!     --origin URL                another origin whose pages may use the cookies; as often as you like
//!
//! Files that are missing are made, those for https aside. Ctrl-c stops it when what is under way is done.
//!
//! https with a certificate of your own, which a browser asks about:
//!
//!     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
//!         -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem
//!     cargo run --features jwe,redb --example auth_server -- --tls-cert cert.pem --tls-key key.pem
//!
//! A login, wrong and right. It takes JSON or a form:
//!
//!     curl -i -d username=alice -d password=wrong http://127.0.0.1:3000/auth/login                   # 400
//!     curl -i -d username=nobody -d password=wrong http://127.0.0.1:3000/auth/login                  # 400
//!     curl -i -H 'Content-Type: application/json' -d '{"username":"alice","password":"correct-horse"}' \
//!         http://127.0.0.1:3000/auth/login                                                           # 200
//!     $ PAIR=$(curl -s -d username=alice -d password=correct-horse http://127.0.0.1:3000/auth/login)
//!     $ ACCESS=$(sed 's/.*"access_token":"\([^"]*\)".*/\1/' <<<"$PAIR")
//!     $ REFRESH=$(sed 's/.*"refresh_token":"\([^"]*\)".*/\1/' <<<"$PAIR")
//!
//! The access token opens the API, as far as alice's roles go, and shows her sessions. Either token is nothing in
//! the other's place:
//!
//!     curl -i http://127.0.0.1:3000/me                                                               # 401
//!     curl -i -H "Authorization: Bearer $ACCESS" http://127.0.0.1:3000/me                            # 200
//!     curl -i -H "Authorization: Bearer $ACCESS" http://127.0.0.1:3000/admin                         # 403
//!     curl -i -H "Authorization: Bearer $ACCESS" http://127.0.0.1:3000/auth/session                  # 200
//!     curl -i -H "Authorization: Bearer $ACCESS" http://127.0.0.1:3000/auth/sessions                 # 200
//!     curl -i -H "Authorization: Bearer $REFRESH" http://127.0.0.1:3000/me                           # 401
//!     curl -i -d refresh_token=$ACCESS http://127.0.0.1:3000/auth/refresh                            # 400
//!
//! The refresh token gets the next pair. For ten seconds it may be shown again, as a second tab would; later that
//! ends the session:
//!
//!     curl -i -d refresh_token=$REFRESH http://127.0.0.1:3000/auth/refresh                           # 200
//!     curl -i -d refresh_token=$REFRESH http://127.0.0.1:3000/auth/refresh                           # 200
//!
//! After the logout neither token counts, although the access token has minutes to live:
//!
//!     curl -i -d refresh_token=$REFRESH http://127.0.0.1:3000/auth/logout                            # 204
//!     curl -i -H "Authorization: Bearer $ACCESS" http://127.0.0.1:3000/me                            # 401
//!     curl -i -d refresh_token=$REFRESH http://127.0.0.1:3000/auth/refresh                           # 400
//!
//! An administrator logs in, and out of all devices:
//!
//!     $ PAIR=$(curl -s -d username=root -d password=correct-horse http://127.0.0.1:3000/auth/login)
//!     $ ROOT=$(sed 's/.*"access_token":"\([^"]*\)".*/\1/' <<<"$PAIR")
//!     curl -i -H "Authorization: Bearer $ROOT" http://127.0.0.1:3000/admin                           # 200
//!     curl -i -X POST -H "Authorization: Bearer $ROOT" http://127.0.0.1:3000/auth/logout-everywhere  # 204
//!     curl -i -H "Authorization: Bearer $ROOT" http://127.0.0.1:3000/admin                           # 401
//!
//! A browser keeps its tokens in cookies, which no script reads. A request that changes something with them must
//! come from our own page, as `Sec-Fetch-Site` says, or from an `--origin`. Whoever opens /account without them is
//! sent to log in:
//!
//!     curl -i -H 'Accept: text/html' http://127.0.0.1:3000/account                                   # 303
//!     curl -i -c jar -H 'Sec-Fetch-Site: same-origin' -d cookies=true \
//!         -d username=alice -d password=correct-horse http://127.0.0.1:3000/auth/login               # 200
//!     curl -i -b jar http://127.0.0.1:3000/account                                                   # 200
//!     curl -i -b jar http://127.0.0.1:3000/me                                                        # 200
//!     curl -i -b jar -c jar -H 'Sec-Fetch-Site: same-origin' \
//!         -X POST http://127.0.0.1:3000/auth/refresh                                                 # 200
//!     curl -i -b jar -H 'Sec-Fetch-Site: cross-site' -X POST http://127.0.0.1:3000/auth/logout       # 403
//!     curl -i -b jar -H 'Sec-Fetch-Site: same-origin' -X POST http://127.0.0.1:3000/auth/logout      # 204
//!     curl -i -b jar http://127.0.0.1:3000/me                                                        # 401
//!
//! These cookies are without `Secure`, and for loopback hosts only. Over https they are `__Host-access` and
//! `__Host-refresh`; start it as above and write `curl -k` and `https`.
//!
//! What other services need to verify the access tokens themselves:
//!
//!     curl -i http://127.0.0.1:3000/.well-known/jwks.json                                            # 200
//!     curl -i http://127.0.0.1:3000/.well-known/openid-configuration                                 # 200

mod browsers;
mod options;
mod pages;
mod secret;
mod server;
mod users;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use axum::{Json, Router, http::header::CACHE_CONTROL, response::IntoResponse, routing::get};
use jwtower::guard::{require, role};
use jwtower::issuer::{DecryptionRing, KeyRing, KeyStore, Schedule};
use jwtower::jwe::KeyManagement;
use jwtower::revocation::RevocationStore;
use jwtower::routes::{AuthRoutes, Pages, well_known};
use jwtower::session::{BoxError, SessionStore};
use jwtower::store::{MemoryStore, RedbStore};
use jwtower::{Claims, ConfigError, Issuer, Sessions, cookie::AuthCookies};
use serde_json::json;
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

use options::Options;
use users::{User, Users};

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    eprint!("auth_server: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprint!(": {cause}");
        source = cause.source();
    }
    eprintln!();
    ExitCode::FAILURE
}

async fn run() -> Result<(), BoxError> {
    tracing_subscriber::fmt().with_max_level(LevelFilter::INFO).with_writer(io::stderr).init();
    let options = Options::read()?;
    let secret_file = options.secret_file.clone();
    match options.store.split_once(':') {
        None if options.store == "memory" => serve(MemoryStore::new(), secret_file, options).await,
        Some(("redb", path)) => {
            let path = PathBuf::from(path);
            fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
            let secret_file = secret_file.unwrap_or_else(|| path.with_extension("secret"));
            println!("the store is {}, the secret {}", path.display(), secret_file.display());
            serve(RedbStore::open(&path).await?, Some(secret_file), options).await
        }
        _ => Err("--store takes memory or redb:PATH".into()),
    }
}

async fn serve<S>(store: S, secret_file: Option<PathBuf>, options: Options) -> Result<(), BoxError>
where
    S: SessionStore + RevocationStore + KeyStore + Clone,
{
    let tls = match &options.tls {
        Some(files) => Some(files.read().await?),
        None => None,
    };
    let listener = TcpListener::bind(&options.listen).await;
    let listener = listener.map_err(|error| format!("--listen {}: {error}", options.listen))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr()?);
    let secret = secret::key_encryption_key(secret_file.as_deref())?;
    let ring = KeyRing::open(&store, Schedule::default(), &secret).await?;
    let name = options.issuer.unwrap_or_else(|| url.clone());
    let mut issuer = Issuer::builder().keys(ring).issuer(&name).audience(options.audience);
    if let Some(life) = options.token_life {
        issuer = issuer.lifetime(life);
    }
    let sessions = if options.encrypt {
        // The service reads its own tokens, so that a secret does, and one that rotates.
        let ring = DecryptionRing::open(&store, KeyManagement::A256KW, Schedule::default(), &secret).await?;
        let issuer = issuer.encrypt_to(&ring).build()?;
        Sessions::builder(issuer, store, Users::new()?).decrypt_with(&ring).build().await?
    } else {
        Sessions::builder(issuer.build()?, store, Users::new()?).build().await?
    };

    // With a proxy in front that speaks https, only the issuer's URL says so.
    let is_https = tls.is_some() || name.starts_with("https:");
    let cookies = browsers::cookies(is_https, [&name, &url], &options.origins)?;
    if !is_https {
        println!("plain http: the cookies are without Secure, and for loopback hosts only");
    }
    let app = app(sessions, cookies, tls.is_some())?;
    println!("listening on {url}");
    Ok(server::serve(listener, tls, app).await?)
}

fn app(sessions: Sessions, cookies: AuthCookies, is_https: bool) -> Result<Router, ConfigError> {
    let pages = Pages::new(cookies.clone(), "/")?.refresh_at("/auth/refresh")?;
    let token = sessions.auth_layer::<User>().also_from(cookies.source());
    Ok(Router::new()
        .route("/me", get(me))
        .route("/admin", get(|| async { "hello admin\n" }).layer(require(role("admin"))))
        .route_layer(token) // above: a token is needed, of a session that is alive
        .merge(pages::routes(&pages, &sessions, is_https))
        .nest("/auth", AuthRoutes::new(sessions.clone()).pages(pages).into_router())
        .merge(well_known(sessions))
        .layer(browsers::cors(&cookies)))
}

async fn me(user: Claims<User>) -> impl IntoResponse {
    let me = json!({ "subject": user.registered().subject(), "name": user.name, "roles": user.roles });
    // Or the browser's way back would show it after the logout.
    ([(CACHE_CONTROL, "no-store")], Json(me))
}
