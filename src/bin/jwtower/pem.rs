//! The algorithm of a key that does not say it.

use jwtower::{Algorithm, ConfigError};

/// Reads a PEM for the algorithm that its curve tells; an RSA key serves six, so that one has to be named.
pub(crate) fn of_any_algorithm<K>(read: impl Fn(Algorithm) -> Result<K, ConfigError>) -> Result<K, String> {
    let curves = [Algorithm::Ed25519, Algorithm::ES256, Algorithm::ES384, Algorithm::ES512];
    if let Some(key) = curves.into_iter().find_map(|algorithm| read(algorithm).ok()) {
        return Ok(key);
    }
    let rsa = [Algorithm::PS256, Algorithm::RS256].map(read);
    if rsa.iter().any(Result::is_ok) {
        let problem = "it is an RSA key, which may be for RS256, RS384, RS512, PS256, PS384 or PS512; name one \
                       by --alg";
        return Err(problem.to_owned());
    }
    let [_, last] = rsa;
    last.map_err(|error| error.to_string())
}
