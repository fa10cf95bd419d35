//! Agreeing on a key: ECDH-ES with the Concat KDF (RFC 7518 §4.6, RFC 8037 §3.2).

use aws_lc_rs::{
    agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey, X25519},
    error::Unspecified,
    kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest},
};
use zeroize::Zeroizing;

use super::{ContentEncryption, Curve, KeyManagement};

/// What both sides put into the derivation.
pub(super) struct Context<'a> {
    pub(super) algorithm: KeyManagement,
    pub(super) content: ContentEncryption,
    /// `apu` and `apv`, decoded; empty where absent.
    pub(super) parties: [&'a [u8]; 2],
}

impl Curve {
    pub(super) fn algorithm(self) -> &'static agreement::Algorithm {
        match self {
            Self::P256 => &ECDH_P256,
            Self::X25519 => &X25519,
        }
    }
}

/// The key that the owner of `private` and the owner of `public`, a point of the same curve, agree on.
///
/// The library refuses points that are not on the curve, and those of X25519 that lead to zero.
pub(super) fn agree(
    private: &PrivateKey,
    public: &[u8],
    context: &Context<'_>,
) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    let public = UnparsedPublicKey::new(private.algorithm(), public);
    agreement::agree(private, public, Unspecified, |shared| context.derive(shared))
}

impl Context<'_> {
    /// RFC 7518 §4.6.2, which is NIST's single-step KDF with SHA-256.
    fn derive(&self, shared: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        let (name, length) = match self.algorithm {
            KeyManagement::EcdhEs => (self.content.name(), self.content.key_len()),
            _ => (self.algorithm.name(), 32),
        };
        let [sender, recipient] = self.parties;
        let mut info = Vec::with_capacity(16 + name.len() + sender.len() + recipient.len());
        for part in [name.as_bytes(), sender, recipient] {
            info.extend_from_slice(&u32::try_from(part.len()).map_err(|_| Unspecified)?.to_be_bytes());
            info.extend_from_slice(part);
        }
        info.extend_from_slice(&u32::try_from(length * 8).map_err(|_| Unspecified)?.to_be_bytes());
        let digest = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256).ok_or(Unspecified)?;
        let mut key = Zeroizing::new(vec![0; length]);
        sskdf_digest(digest, shared, &info, &mut key)?;
        Ok(key)
    }
}
