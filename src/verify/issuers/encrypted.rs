//! Encrypted tokens of one among several issuers.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::trusted::Issuers;
use crate::{
    claims::Verified,
    error::Code,
    verify::{
        compact::{Compact, Form},
        encrypted::Decrypt,
        peek,
        verdict::Stop,
    },
};

impl<C: DeserializeOwned> Issuers<C> {
    /// Opens a token with the keys that its header asks for, and has it judged by the verifier of the issuer that it
    /// names inside, where that one has those keys.
    ///
    /// Only trusted issuers come into question: who else may have sent it, nobody knows before it is opened.
    pub(in crate::verify) fn check_encrypted(&self, token: &str) -> Result<Verified<C>, Stop> {
        let trusted = self.trusted();
        let keys = the_one_that_fits(trusted.values().filter_map(|verifier| verifier.decryption()), token)?;
        let (inside, replicated) = keys.decrypt(token)?;
        let mut compact = Compact::nested(&inside)?;
        let verifier = {
            let issuer = peek::issuer_of(compact.payload()?)?.ok_or(Code::UnknownIssuer)?;
            trusted.get(&*issuer).ok_or(Code::UnknownIssuer)?
        };
        match verifier.decryption() {
            Some(own) if own.identity() == keys.identity() => verifier.check_opened(&inside, &replicated),
            Some(_) => Err(Code::UnknownKey.into()),
            None => Err(Code::EncryptedToken.into()),
        }
    }
}

/// Issuers mostly share the keys of the one service that they send to.
fn the_one_that_fits<'a>(
    all: impl Iterator<Item = &'a Arc<dyn Decrypt>>,
    token: &str,
) -> Result<&'a Arc<dyn Decrypt>, Code> {
    let mut miss = Form::refusal(token);
    let mut found: Option<&Arc<dyn Decrypt>> = None;
    let mut seen = Vec::new();
    for keys in all {
        if seen.contains(&keys.identity()) {
            continue;
        }
        seen.push(keys.identity());
        match keys.fits(token) {
            Ok(()) if found.is_some() => return Err(Code::AmbiguousKey),
            Ok(()) => found = Some(keys),
            Err(code) => miss = code,
        }
    }
    found.ok_or(miss)
}
