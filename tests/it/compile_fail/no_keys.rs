//! error[E0277]: this verifier has no keys yet
//! call `.keys(..)` with a `KeySet` or a `&Secret` before `.build()`

use jwtower::{NoClaims, Verifier};

pub fn build() {
    let _ = Verifier::<NoClaims>::builder().issuer("me").audience("api").build();
}
