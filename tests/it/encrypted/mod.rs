//! Encrypted tokens: what is wrong with the envelope, what is wrong inside, who may open it.

mod envelope;
mod fixture;
mod header;
mod inside;
mod one_answer;
mod policy;
mod sessions;
