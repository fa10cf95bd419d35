//! Encrypted tokens of one among several issuers.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::trusted::Issuers;
use crate::{
    claims::Verified,
    error::Code,
    verify::{
        compact::{Compact, Form},
        encrypted::{Decrypt, Wanted},
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
        let Found { keys, wanted, key } =
            find(trusted.values().filter_map(|verifier| verifier.decryption()), token)?;
        let (inside, replicated) = keys.decrypt(token)?;
        let mut compact = Compact::nested(&inside)?;
        let verifier = {
            let issuer = peek::issuer_of(compact.payload()?)?.ok_or(Code::UnknownIssuer)?;
            trusted.get(&*issuer).ok_or(Code::UnknownIssuer)?
        };
        let own = verifier.decryption().ok_or(Code::EncryptedToken)?.find(&wanted)?;
        if own != key {
            return Err(Code::UnknownKey.into());
        }
        verifier.check_opened(&inside, &replicated)
    }
}

struct Found<'a> {
    keys: &'a dyn Decrypt,
    wanted: Wanted,
    key: [u8; 32],
}

/// The one key that the token's header can mean. Issuers mostly share that of the one service that they send to.
fn find<'a>(all: impl Iterator<Item = &'a Arc<dyn Decrypt>>, token: &str) -> Result<Found<'a>, Code> {
    let mut all = all.peekable();
    let Some(first) = all.peek() else { return Err(Form::refusal(token)) };
    let wanted = first.wanted(token)?;
    let (mut found, mut miss) = (None, Code::UnknownKey);
    for keys in all {
        match (keys.find(&wanted), found) {
            (Ok(key), None) => found = Some((keys, key)),
            (Ok(key), Some((_, other))) if key != other => return Err(Code::AmbiguousKey),
            (Ok(_), Some(_)) => {}
            (Err(code), _) => miss = code,
        }
    }
    let (keys, key) = found.ok_or(miss)?;
    Ok(Found { keys: &**keys, wanted, key })
}
