//! What a new key is for.

use jwtower::{Algorithm, jwe::KeyManagement};

use crate::failure::Failure;

/// Both kinds of algorithms, whose names do not overlap.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Signing(Algorithm),
    Encryption(KeyManagement),
}

/// The longest name that is repeated; what is longer may be a key in the wrong place.
const LONGEST: usize = 20;

impl Kind {
    pub(super) fn named(name: &str) -> Result<Self, Failure> {
        if let Ok(algorithm) = name.parse() {
            return Ok(Self::Signing(algorithm));
        }
        name.parse().map(Self::Encryption).map_err(|error: jwtower::ConfigError| {
            let signing: Vec<_> = Algorithm::ALL.into_iter().map(Algorithm::name).collect();
            let signing = signing.join(", ");
            if name.len() > LONGEST {
                let encryption = KeyManagement::ALL.map(KeyManagement::name).join(", ");
                Failure::new(format_args!(
                    "algorithm: none has a name that long; write one of {encryption}, {signing}"
                ))
            } else {
                Failure::new(format_args!("{error}, {signing}"))
            }
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Signing(algorithm) => algorithm.name(),
            Self::Encryption(algorithm) => algorithm.name(),
        }
    }
}
