//! Making a token for development.

mod arguments;
mod claims;
mod key;
mod lifetime;
mod recipient;
mod run;

pub(crate) use arguments::Arguments;
pub(crate) use run::run;
