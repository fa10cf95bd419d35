//! Longer reading: [`tokens`], [`keys`], [`providers`], [`layers`], [`sessions`], [`browsers`], [`encryption`], [`errors`], [`defaults`],
//! [`inspector`].

#[doc = include_str!("../docs/tokens.md")]
pub mod tokens {}

#[cfg_attr(feature = "jwks-client", doc = include_str!("../docs/keys.md"))]
#[cfg_attr(not(feature = "jwks-client"), doc = "It needs the feature `jwks-client`.")]
pub mod keys {}

#[cfg_attr(feature = "jwks-client", doc = include_str!("../docs/providers.md"))]
#[cfg_attr(not(feature = "jwks-client"), doc = "It needs the feature `jwks-client`.")]
pub mod providers {}

#[doc = include_str!("../docs/layers.md")]
pub mod layers {}

#[doc = include_str!("../docs/sessions.md")]
pub mod sessions {}

#[doc = include_str!("../docs/browsers.md")]
pub mod browsers {}

#[cfg_attr(feature = "jwe", doc = include_str!("../docs/encryption.md"))]
#[cfg_attr(not(feature = "jwe"), doc = "It needs the feature `jwe`.")]
pub mod encryption {}

#[doc = include_str!("../docs/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/defaults.md")]
pub mod defaults {}

#[doc = include_str!("../docs/inspector.md")]
pub mod inspector {}

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
