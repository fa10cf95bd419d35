//! Making tokens: short-lived access tokens in the profile of RFC 9068.

mod builder;
mod sign;

pub use builder::IssuerBuilder;
pub use sign::Issuer;
