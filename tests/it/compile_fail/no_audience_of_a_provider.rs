//! error[E0277]: this verifier has no audience yet
//! call `.audience(..)` with this service's name in `aud` before `.build()`
//! error[E0277]: this verifier has no audience yet
//! error[E0277]: this verifier has no audience yet
//! error[E0277]: this verifier has no audience yet
//! error[E0277]: this verifier has no audience yet
//! error[E0277]: this verifier has no audience yet

use jwtower::{ConfigError, NoClaims, Verifier};

pub fn build() -> Result<(), ConfigError> {
    let _ = Verifier::<NoClaims>::builder().discover("https://login.example.com")?.build();
    let _ = Verifier::<NoClaims>::keycloak("https://sso.example.com", "shop")?.build();
    let _ = Verifier::<NoClaims>::auth0("tenant.eu.auth0.com")?.build();
    let _ = Verifier::<NoClaims>::entra_id("11111111-2222-3333-4444-555555555555")?.build();
    let _ = Verifier::<NoClaims>::entra_id_v1("11111111-2222-3333-4444-555555555555")?.build();
    let _ = Verifier::<NoClaims>::cognito("eu-central-1", "eu-central-1_AbCdEfGhI")?.build();
    Ok(())
}
