//! What a token says: registered claims, authorities, and the application's own (RFC 7519 §4, RFC 9068 §2.2).
//!
//! [`Verified`] is the proof that a token was checked; [`Principal`] is the part of it that guards read.
//! [`AuthorityMap`] says where roles, permissions and scopes stand in a token, [`RoleMap`] what a role
//! includes and grants.

mod authorities;
mod authority_map;
mod no_claims;
mod numeric_date;
mod principal;
mod registered;
mod role_map;
mod text;
mod verified;

pub(crate) use authorities::Authorities;
pub use authority_map::AuthorityMap;
pub(crate) use authority_map::{Authority, Pointer};
pub use no_claims::NoClaims;
pub use numeric_date::NumericDate;
pub use principal::Principal;
pub(crate) use registered::Registered;
pub use registered::RegisteredClaims;
pub use role_map::{RoleMap, RoleMapBuilder};
pub(crate) use text::{Text, TextList};
pub use verified::Verified;
