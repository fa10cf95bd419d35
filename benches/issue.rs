//! Issuing a token, beside the bare signature over the same bytes.
//!
//!     cargo bench -p jwtower-benches --bench issue
//!
//! Every ratio is to the bare signature with a prepared key.

use std::time::Duration;

use aws_lc_rs::signature::Ed25519KeyPair;
use jwtower::{Algorithm, Issuer, KeyRing, SigningKey};
use jwtower_benches::{AUDIENCE, ISSUER, User, Work, compare, token};

fn main() {
    let key = SigningKey::generate(Algorithm::Ed25519).expect("the system has randomness");
    let ring = KeyRing::generate(Algorithm::Ed25519).expect("the system has randomness");
    let builder = || {
        Issuer::builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .client_id("web-frontend-production")
            .lifetime(Duration::from_secs(3600))
    };
    let fixed = builder().key(key.clone()).build().expect("the issuer is complete");
    let rotating = builder().keys(ring).build().expect("the issuer is complete");

    let user = User::example();
    let token = token(&key);
    let (message, _) = token.secret().rsplit_once('.').expect("a token has dots");
    let bare = Ed25519KeyPair::generate().expect("the system has randomness");
    compare(
        &format!("EdDSA, a token of {} bytes", token.secret().len()),
        vec![
            Work::new("bare signature", || bare.try_sign(message.as_bytes())),
            Work::new("jwtower Issuer::sign, one key", || fixed.sign("user-0123456789", &user)),
            Work::new("jwtower Issuer::sign, a ring", || rotating.sign("user-0123456789", &user)),
        ],
    );
}
