//! error[E0277]: the trait bound `KeySource: From<&str>` is not satisfied

use jwtower::{NoClaims, Verifier};

pub fn build() {
    let _ = Verifier::<NoClaims>::builder().keys("secret").issuer("me").audience("api").build();
}
