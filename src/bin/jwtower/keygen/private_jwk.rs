//! Writes private JWKs, which the library only reads.

use base64_simd::URL_SAFE_NO_PAD;
use jwtower::keys::PrivatePem;
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};
use zeroize::Zeroizing;

use super::numbers;
use crate::failure::Failure;

/// A pair: the members of its public JWK, and the private numbers behind them.
pub(super) fn of_pair(public: &str, pem: &PrivatePem) -> Result<Zeroizing<String>, Failure> {
    let unreadable = || Failure::new("the key cannot be written as a JWK");
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.secret().as_bytes()).map_err(|_| unreadable())?;
    let der = Zeroizing::new(der);
    let public = public.strip_suffix('}').ok_or_else(unreadable)?;
    // The PEM is longer than the numbers in it, so the text never grows and leaves no copy behind.
    let mut jwk = Zeroizing::new(String::with_capacity(public.len() + pem.secret().len()));
    jwk.push_str(public);
    numbers::each(der.secret_pkcs8_der(), |name, number| {
        jwk.push_str(",\"");
        jwk.push_str(name);
        jwk.push_str("\":\"");
        URL_SAFE_NO_PAD.encode_append(number, &mut *jwk);
        jwk.push('"');
    })
    .map_err(|_| unreadable())?;
    jwk.push('}');
    Ok(jwk)
}

/// A secret, whose text is base64url already.
pub(super) fn of_secret(text: &str, purpose: &str, algorithm: &str, kid: Option<&str>) -> Zeroizing<String> {
    let kid = kid.map(|kid| format!(",\"kid\":{}", serde_json::Value::from(kid))).unwrap_or_default();
    let head = format!(r#"{{"kty":"oct","use":"{purpose}","alg":"{algorithm}"{kid},"k":""#);
    let mut jwk = Zeroizing::new(String::with_capacity(head.len() + text.len() + 2));
    jwk.push_str(&head);
    jwk.push_str(text);
    jwk.push_str("\"}");
    jwk
}
