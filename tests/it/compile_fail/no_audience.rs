//! error[E0277]: this verifier has no audience yet
//! call `.audience(..)` with this service's name in `aud` before `.build()`

use jwtower::{KeySet, NoClaims, Verifier};

pub fn build(keys: KeySet) {
    let _ = Verifier::<NoClaims>::builder().keys(keys).issuer("me").build();
}
