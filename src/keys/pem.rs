//! The armour around a key: which kind of PEM it is, and its DER.

use std::{fmt::Display, iter};

use rustls_pki_types::pem::{PemObject, SectionKind};
use zeroize::Zeroizing;

use super::{Algorithm, family::Family, public::Reason};

/// The one key of a PEM.
pub(crate) struct Pem {
    pub(crate) kind: Kind,
    pub(crate) der: Zeroizing<Vec<u8>>,
}

/// What the label says about the DER inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `PUBLIC KEY`, a SubjectPublicKeyInfo (RFC 5280).
    Public,
    /// `RSA PUBLIC KEY` (PKCS#1, RFC 8017).
    RsaPublic,
    /// `PRIVATE KEY` (PKCS#8, RFC 5958).
    Private,
    /// `RSA PRIVATE KEY` (PKCS#1, RFC 8017).
    RsaPrivate,
    /// `EC PRIVATE KEY` (SEC 1, RFC 5915).
    EcPrivate,
}

impl Kind {
    pub(crate) fn is_public(self) -> bool {
        matches!(self, Self::Public | Self::RsaPublic)
    }
}

impl Pem {
    /// Why the key is not one for the algorithm.
    pub(super) fn misfit(&self, algorithm: Algorithm) -> Reason {
        let needed = Family::of(algorithm).key_name();
        self.misfit_for(algorithm, needed, &[needed])
    }

    /// Why the key is not one for the algorithm, which takes those of these names.
    pub(crate) fn misfit_for(&self, algorithm: impl Display, needed: &str, names: &[&str]) -> Reason {
        match self.key_name() {
            Some(name) if names.contains(&name) => format!("holds {name} that is damaged").into(),
            Some(name) => format!("holds {name}, and {algorithm} takes {needed}").into(),
            None => format!("holds another or a damaged key, and {algorithm} takes {needed}").into(),
        }
    }

    /// Whether the key's own identifier keeps it from RSASSA-PKCS1-v1_5 (RFC 4055 §1.2).
    pub(super) fn is_for_pss_alone(&self) -> bool {
        self.key_name() == Some(PSS_ALONE)
    }

    /// What the DER says of itself, by the object identifiers near its start.
    pub(crate) fn key_name(&self) -> Option<&'static str> {
        let holds =
            |identifier: &[u8]| self.der.windows(identifier.len()).take(100).any(|part| part == identifier);
        match self.kind {
            Kind::RsaPublic | Kind::RsaPrivate => Some("an RSA key"),
            _ => IDENTIFIERS.iter().find(|(identifier, _)| holds(identifier)).map(|(_, name)| *name),
        }
    }
}

const PSS_ALONE: &str = "an RSA key for RSASSA-PSS alone";

/// Object identifiers in DER and the keys that carry them, curves first.
const IDENTIFIERS: [(&[u8], &str); 10] = [
    (b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", "a P-256 key"),
    (b"\x06\x05\x2b\x81\x04\x00\x22", "a P-384 key"),
    (b"\x06\x05\x2b\x81\x04\x00\x23", "a P-521 key"),
    (b"\x06\x05\x2b\x81\x04\x00\x0a", "a secp256k1 key"),
    (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "an RSA key"),
    (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", PSS_ALONE),
    (b"\x06\x03\x2b\x65\x70", "an Ed25519 key"),
    (b"\x06\x03\x2b\x65\x71", "an Ed448 key"),
    (b"\x06\x03\x2b\x65\x6e", "an X25519 key"),
    (b"\x06\x03\x2b\x65\x6f", "an X448 key"),
];

/// Reads the one key in `pem`, or says what is there instead.
pub(crate) fn read(pem: &[u8]) -> Result<Pem, Reason> {
    let text = std::str::from_utf8(pem).map_err(
        |_| "is not text; turn DER into PEM with `openssl pkey -inform DER`, public keys with -pubin",
    )?;
    let kind = kind_of(text)?;
    let armour = Zeroizing::new(plain(text));
    let (_, der) = <(SectionKind, Vec<u8>)>::from_pem_slice(armour.as_bytes())
        .map_err(|_| "is a damaged PEM: its END line is missing, or its lines are not base64")?;
    Ok(Pem { kind, der: Zeroizing::new(der) })
}

fn kind_of(text: &str) -> Result<Kind, Reason> {
    let mut labels = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("-----BEGIN ")?.strip_suffix("-----"))
        .filter(|label| *label != "EC PARAMETERS");
    let label = labels.next().ok_or_else(|| without_label(text))?;
    let more = labels.count();
    if more > 0 {
        return Err(format!("holds {} sections; give one key alone", more + 1).into());
    }
    match label {
        _ if text.contains("Proc-Type: 4,ENCRYPTED") => Err(ENCRYPTED.into()),
        "ENCRYPTED PRIVATE KEY" => Err(ENCRYPTED.into()),
        "PUBLIC KEY" => Ok(Kind::Public),
        "RSA PUBLIC KEY" => Ok(Kind::RsaPublic),
        "PRIVATE KEY" => Ok(Kind::Private),
        "RSA PRIVATE KEY" => Ok(Kind::RsaPrivate),
        "EC PRIVATE KEY" => Ok(Kind::EcPrivate),
        "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => {
            Err("is a certificate; take its public key with `openssl x509 -pubkey -noout`".into())
        }
        "OPENSSH PRIVATE KEY" => Err("is in OpenSSH's own form; `ssh-keygen -p -m PKCS8` rewrites it".into()),
        // Behind it stands the key, which no message may repeat.
        _ if label.contains("-----") => Err("has lost its line breaks; put one behind each `-----` line, \
             and none elsewhere than the tool that wrote it"
            .into()),
        _ => Err(format!(
            "is a PEM of {label:?}; read are PUBLIC KEY, RSA PUBLIC KEY, PRIVATE KEY, RSA PRIVATE KEY and \
             EC PRIVATE KEY"
        )
        .into()),
    }
}

const ENCRYPTED: &str = "is encrypted; decrypt it where secrets are kept, with `openssl pkey`";

fn without_label(text: &str) -> Reason {
    if text.contains("-----BEGIN ") && text.contains("\\n") {
        "has `\\n` written out instead of line breaks; replace them, as in text.replace(\"\\\\n\", \"\\n\")"
            .into()
    } else if text.trim_start().starts_with('{') {
        "is JSON, not a PEM; a JWK goes to `from_jwk`, a JWK Set to `from_jwks`".into()
    } else {
        "is not a PEM: no line reads `-----BEGIN ..-----`".into()
    }
}

/// The same armour without indentation, and with a label that the reader knows.
///
/// The reader has no name for PKCS#1 public keys; the label does not change how the lines are decoded.
fn plain(text: &str) -> String {
    let lines = text.lines().map(str::trim).flat_map(|line| {
        let line = match line {
            "-----BEGIN RSA PUBLIC KEY-----" => "-----BEGIN PUBLIC KEY-----",
            "-----END RSA PUBLIC KEY-----" => "-----END PUBLIC KEY-----",
            line => line,
        };
        iter::once(line).chain(iter::once("\n"))
    });
    let mut plain = String::with_capacity(text.len() + 1);
    plain.extend(lines);
    plain
}
