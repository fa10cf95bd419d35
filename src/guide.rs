//! Longer reading: [`tokens`], [`errors`], [`defaults`].

#[doc = include_str!("../docs/tokens.md")]
pub mod tokens {}

#[doc = include_str!("../docs/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/defaults.md")]
pub mod defaults {}
