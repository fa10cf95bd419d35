//! Encrypted tokens: what is wrong with the envelope, what is wrong inside, who may open it.

mod envelope;
mod fixture;
mod header;
