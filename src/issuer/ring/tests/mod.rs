#[cfg(feature = "jwe")]
mod decryption;
mod document;
mod fixture;
mod leaks;
mod nodes;
mod outages;
mod rotation;
mod secrecy;
mod siblings;
