//! Several issuers behind one layer.

mod changes;
mod members;
mod people;
mod provider;
mod resolver;
mod trust;
