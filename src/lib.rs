//! JWT authentication and role-based access for tower, axum and hyper.
//!
//! A [`JwtAuthLayer`] takes the bearer token off a request, verifies it, asks whether it was revoked and puts
//! typed claims into the request's extensions. Guards decide who may pass. Handlers read the claims through an
//! extractor. The same crate logs users in: [`Sessions`].
//!
//! ```no_run
//! use axum::{Router, routing::{get, post}};
//! use jwtower::{Claims, JwtAuthLayer, KeySet, Verifier};
//! use jwtower::guard::{permission, require, role};
//!
//! #[derive(serde::Deserialize)]
//! struct User { name: String }
//!
//! async fn me(user: Claims<User>) -> String {
//!     format!("hello {}", user.name)
//! }
//!
//! # async fn publish() {}
//! # async fn admin() {}
//! # fn main() -> Result<(), jwtower::ConfigError> {
//! let verifier = Verifier::<User>::builder()
//!     .keys(KeySet::from_jwks_file("jwks.json")?)
//!     .issuer("https://login.example.com")
//!     .audience("https://api.example.com")
//!     .build()?;
//!
//! let app: Router = Router::new()
//!     .route("/me", get(me))
//!     .route("/posts", post(publish).layer(require(permission("posts:write"))))
//!     .route("/admin", get(admin).layer(require(role("admin") & !role("suspended"))))
//!     .route_layer(JwtAuthLayer::new(verifier))     // above: a token is needed; unknown paths stay 404
//!     .route("/healthz", get(|| async { "ok" }));   // below: open
//! # Ok(())
//! # }
//! ```
//!
//! # The map
//!
//! A request takes this way; each step is a module.
//!
//! ```text
//! request ─ source ─ keys ─ verify ─ revocation ─ authenticate ─ guard ─ handler
//!           find it  which  genuine,  withdrawn     401 or        403     Claims<C>
//!                    key?   for us?   since?        Claims<C>     or on
//! login ─ issuer ─ session ─ store     refresh ─ session (rotate) ─ store     logout ─ session ─ revocation
//! ```
//!
//! | module | what it is |
//! |---|---|
//! | [`source`] | finds the one token of a request |
//! | `cookie` | the cookies that carry tokens, and the check against requests of other sites (feature `cookie`) |
//! | [`keys`] | algorithms, secrets, PEM, JWK Sets, keys that are fetched: which key may have signed |
//! | `jwe` | encrypted tokens, where claims must stay secret from who holds them (feature `jwe`) |
//! | [`verify`] | [`Verifier`]: genuine, and meant for us? Several issuers, presets for providers |
//! | [`authenticate`] | [`JwtAuthLayer`]: 401, or [`Claims`] and [`Principal`] |
//! | [`revocation`] | was the token withdrawn since it was signed? |
//! | [`guard`] | rules over roles, permissions and scopes: 403, or on |
//! | [`response`] | how a refusal is said |
//! | [`claims`] | registered claims, authorities, role maps |
//! | [`issuer`] | [`Issuer`]: signs access tokens, with one key or a [`KeyRing`] that rotates |
//! | [`session`] | [`Sessions`]: login, refresh, logout |
//! | [`store`] | where sessions, revocations and keys are kept |
//! | `testing` | a clock that tests set, and a suite that checks a store (feature `testing`) |
//! | [`extract`] | axum extractors for [`Claims`] and [`Principal`] |
//! | [`routes`] | axum routes: login, refresh, logout, the published keys, the metadata of RFC 9728 |
//! | [`guide`] | longer reading |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
mod error;
mod telemetry;
mod token;

pub mod authenticate;
pub mod claims;
#[cfg(feature = "cookie")]
pub mod cookie;
#[cfg(feature = "axum")]
pub mod extract;
pub mod guard;
pub mod guide;
pub mod issuer;
#[cfg(feature = "jwe")]
pub mod jwe;
pub mod keys;
pub mod response;
pub mod revocation;
#[cfg(feature = "axum")]
pub mod routes;
pub mod session;
pub mod source;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod verify;

pub use authenticate::{Claims, JwtAuthLayer};
pub use claims::{NoClaims, Principal};
pub use clock::{Clock, SystemClock, Timestamp};
pub use error::{AuthError, ConfigError, ErrorKind, StoreError};
pub use issuer::{Issuer, KeyEncryptionKey, KeyRing, Schedule};
pub use keys::{Algorithm, KeySet, Secret, SigningKey};
pub use session::Sessions;
pub use token::{AccessToken, ParseSessionIdError, RefreshToken, SessionId, SubjectTag, TokenPair};
pub use verify::Verifier;
