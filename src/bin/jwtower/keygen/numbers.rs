//! The private numbers in a PKCS#8 structure, as a JWK names them.

use pkcs1::RsaPrivateKey;
use pkcs8::{
    ObjectIdentifier, PrivateKeyInfo,
    der::{self, Decode as _, asn1::OctetStringRef},
};
use sec1::EcPrivateKey;

// RFC 3279 §2.3.1 and §2.3.5, RFC 8410 §3.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

/// Calls `write` with each private number and its name.
pub(super) fn each(pkcs8: &[u8], mut write: impl FnMut(&'static str, &[u8])) -> der::Result<()> {
    let key = PrivateKeyInfo::from_der(pkcs8)?;
    match key.algorithm.oid {
        // RFC 7518 §6.3.2: big-endian, without leading zero octets.
        RSA => {
            let key = RsaPrivateKey::from_der(key.private_key)?;
            for (name, number) in [
                ("d", key.private_exponent),
                ("p", key.prime1),
                ("q", key.prime2),
                ("dp", key.exponent1),
                ("dq", key.exponent2),
                ("qi", key.coefficient),
            ] {
                write(name, number.as_bytes());
            }
        }
        // RFC 5915 §3 and RFC 7518 §6.2.2.1 agree that it has the full length of the curve.
        EC => write("d", EcPrivateKey::from_der(key.private_key)?.private_key),
        ED25519 | X25519 => write("d", OctetStringRef::from_der(key.private_key)?.as_bytes()),
        _ => return Err(der::Tag::ObjectIdentifier.value_error()),
    }
    Ok(())
}
