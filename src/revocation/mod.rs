//! Was the token withdrawn since it was signed?

mod entry;
mod store;

pub use entry::{Grain, Revocation};
pub use store::RevocationStore;
