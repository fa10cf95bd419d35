//! Keys that no token could tell apart.

use super::{public_members::Refused, verifying::VerifyingKey};

/// Keeps the first of equal public keys with one name and algorithm.
pub(super) fn without_repetitions(keys: Vec<VerifyingKey>) -> (Vec<VerifyingKey>, Vec<Refused>) {
    let (mut kept, mut refused) = (Vec::<VerifyingKey>::new(), Vec::new());
    for key in keys {
        if kept.iter().any(|other| key.clashes_with(other) && key.is_same_key(other)) {
            refused.push(refuse(&key, "it is listed twice"));
        } else {
            kept.push(key);
        }
    }
    (kept, refused)
}

/// Keeps keys that are alone with their name and algorithm, and none of those that are not.
///
/// "The first wins" would let whoever adds a key to the set decide which one counts (RFC 7517 §4.5).
pub(super) fn without_clashes(keys: Vec<VerifyingKey>) -> (Vec<VerifyingKey>, Vec<Refused>) {
    let clashes: Vec<bool> =
        keys.iter().map(|key| keys.iter().filter(|other| key.clashes_with(other)).count() > 1).collect();
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for (key, clashes) in keys.into_iter().zip(clashes) {
        match (clashes, key.kid()) {
            (false, _) => kept.push(key),
            (true, Some(_)) => {
                refused.push(refuse(&key, "another key has the same kid and algorithm, so neither is used"));
            }
            (true, None) => {
                refused
                    .push(refuse(&key, "another key of its algorithm has no kid either, so neither is used"));
            }
        }
    }
    (kept, refused)
}

fn refuse(key: &VerifyingKey, reason: &'static str) -> Refused {
    Refused { kid: key.kid().map(str::to_owned), reason: reason.into() }
}
