//! Names of what is revoked, as hashes.

use std::hash::{BuildHasher, Hasher, RandomState};

use foldhash::{SharedSeed, quality::FoldHasher};

/// What an entry is about. An issuer may use one name for a token, a session and a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Token,
    Session,
    Generation,
    Watermark,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Token, Self::Session, Self::Generation, Self::Watermark];
}

/// What is kept of an issuer, a kind and an id: 126 bits of two hashes with random seeds of this process.
///
/// A name that is not in the set and equals one that is would refuse a good token, so that must not happen;
/// nothing can let a revoked token pass. The two hashes share that work:
///
/// - `place`, 64 bits, is fast and says where to look. It is no strong function: one who could choose ids
///   might find some that fall together, and would gain a longer look, no more.
/// - `proof`, 62 bits of SipHash, decides. It is asked for only where `place` found something. Without its
///   key nobody finds a collision but by sending tokens that verify: each meets one of n entries with a
///   probability of n / 2^62, and where ids are not chosen against `place`, of n / 2^126. At 10 million
///   entries and 100,000 checks a second the latter is once in 10^18 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) place: u64,
    pub(super) proof: u64,
}

impl Key {
    /// The kind is the lowest two bits of `proof`, so that an entry needs no room for it.
    pub(super) fn kind(self) -> Kind {
        match self.proof & 3 {
            0 => Kind::Token,
            1 => Kind::Session,
            2 => Kind::Generation,
            _ => Kind::Watermark,
        }
    }
}

/// The seeds of a process's hashes.
pub(super) struct Seeds {
    place: SharedSeed,
    proof: RandomState,
}

/// An issuer, hashed once for all that is asked about it.
#[derive(Clone, Copy)]
pub(super) struct Issuer<'a> {
    text: &'a str,
    hash: u64,
}

impl Seeds {
    pub(super) fn random() -> Self {
        // The keys of one `RandomState` follow from those of another, so the seed is a hash, not a key.
        Self { place: SharedSeed::from_u64(RandomState::new().hash_one("place")), proof: RandomState::new() }
    }

    pub(super) fn issuer<'a>(&self, text: &'a str) -> Issuer<'a> {
        let mut hasher = FoldHasher::with_seed(0, &self.place);
        hasher.write(text.as_bytes());
        Issuer { text, hash: hasher.finish() }
    }

    pub(super) fn place(&self, kind: Kind, issuer: Issuer<'_>, id: &str) -> u64 {
        let mut hasher = FoldHasher::with_seed(issuer.hash, &self.place);
        hasher.write_u8(kind as u8);
        hasher.write(id.as_bytes());
        hasher.finish()
    }

    pub(super) fn proof(&self, kind: Kind, issuer: Issuer<'_>, id: &str) -> u64 {
        // Texts are hashed with an end mark, so that no issuer and id run together as another pair does.
        (self.proof.hash_one((issuer.text, id)) & !3) | kind as u64
    }

    pub(super) fn key(&self, kind: Kind, issuer: Issuer<'_>, id: &str) -> Key {
        Key { place: self.place(kind, issuer, id), proof: self.proof(kind, issuer, id) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_name_counts_and_a_key_tells_its_kind() {
        let seeds = Seeds::random();
        let key = |kind, issuer, id| seeds.key(kind, seeds.issuer(issuer), id);
        let mut keys = Vec::new();
        for kind in Kind::ALL {
            for (issuer, id) in
                [("me", "a"), ("me", "b"), ("mea", ""), ("m", "ea"), ("", "mea"), ("you", "a")]
            {
                let found = key(kind, issuer, id);
                assert_eq!(found, key(kind, issuer, id));
                assert_eq!(found.kind(), kind);
                keys.push(found);
            }
        }
        for (index, key) in keys.iter().enumerate() {
            for other in &keys[index + 1..] {
                assert_ne!(key.place, other.place);
                assert_ne!(key.proof, other.proof);
            }
        }
    }

    #[test]
    fn no_two_processes_or_sets_hash_alike() {
        let (one, other) = (Seeds::random(), Seeds::random());
        let key = |seeds: &Seeds| seeds.key(Kind::Token, seeds.issuer("me"), "a");
        assert_ne!(key(&one).place, key(&other).place);
        assert_ne!(key(&one).proof, key(&other).proof);
    }
}
