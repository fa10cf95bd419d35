//! error[E0277]: this verifier has no issuer yet
//! call `.issuer(..)` with the `iss` of its tokens before `.build()`

use jwtower::{KeySet, NoClaims, Verifier};

pub fn build(keys: KeySet) {
    let _ = Verifier::<NoClaims>::builder().keys(keys).audience("api").build();
}
