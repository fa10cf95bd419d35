//! The integration tests; each module is one subject.

mod answers;
mod bad_tokens;
mod builder;
mod claims_types;
mod compile_fail;
mod cookies;
mod ended;
mod issuer;
mod issuers;
mod key_server;
mod layer;
mod log;
mod mistakes;
mod nesting;
mod no_panic;
mod no_secrets;
mod oracle;
mod providers;
mod remote_keys;
mod resource_metadata;
mod revocation;
mod routes;
mod sessions;
mod stacks;
mod stores;
mod tidy;
