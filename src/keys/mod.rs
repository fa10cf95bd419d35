//! Which key may have signed a token.

mod algorithm;

pub use algorithm::Algorithm;
