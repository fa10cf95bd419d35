//! Encrypted tokens of one among several issuers.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::trusted::Issuers;
use crate::{
    claims::Verified,
    error::Code,
    verify::{
        compact::{Compact, Form},
        encrypted::{Decrypt, Found, Wanted},
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
        let all = trusted.values().filter_map(|verifier| verifier.decryption());
        let Chosen { keys, wanted, found } = choose(all, token)?;
        let (inside, replicated) = keys.decrypt(token)?;
        let mut compact = Compact::nested(&inside)?;
        let verifier = {
            let issuer = peek::issuer_of(compact.payload()?)?.ok_or(Code::UnknownIssuer)?;
            trusted.get(&*issuer).ok_or(Code::UnknownIssuer)?
        };
        let own = verifier.decryption().ok_or(Code::EncryptedToken)?.find(&wanted)?;
        if own.fingerprint != found.fingerprint {
            return Err(Code::UnknownKey.into());
        }
        verifier.check_opened(&inside, &replicated)
    }
}

struct Chosen<'a> {
    keys: &'a dyn Decrypt,
    wanted: Wanted,
    found: Found,
}

/// The one key that the token's header can mean: one of its `kid` before one without a name, as in one set. Issuers
/// mostly share that of the one service that they send to.
fn choose<'a>(all: impl Iterator<Item = &'a Arc<dyn Decrypt>>, token: &str) -> Result<Chosen<'a>, Code> {
    let mut all = all.peekable();
    let Some(first) = all.peek() else { return Err(Form::refusal(token)) };
    let wanted = first.wanted(token)?;
    let (mut fitting, mut misses) = (Vec::new(), Vec::new());
    for keys in all {
        match keys.find(&wanted) {
            Ok(found) => fitting.push((keys, found)),
            Err(code) => misses.push(code),
        }
    }
    if fitting.iter().any(|(_, found)| found.is_named) {
        fitting.retain(|(_, found)| found.is_named);
    }
    // Of several reasons, the one that came closest; the issuers have no order.
    let closest =
        [Code::AmbiguousKey, Code::AlgorithmMismatch].into_iter().find(|code| misses.contains(code));
    let (keys, found) = *fitting.first().ok_or(closest.unwrap_or(Code::UnknownKey))?;
    if fitting.iter().any(|(_, other)| other.fingerprint != found.fingerprint) {
        return Err(Code::AmbiguousKey);
    }
    Ok(Chosen { keys: &**keys, wanted, found })
}
