use std::{
    sync::{Arc, Barrier},
    thread,
    time::SystemTime,
};

use super::support::{key, live, outcome, ready, swap, token};
use crate::{
    claims::NoClaims,
    keys::{Algorithm::*, KeySet, KeySource, Secret},
};

#[test]
fn a_key_that_is_swapped_in_verifies_the_next_token_and_one_that_is_swapped_out_none() {
    for (first, second) in [(HS256, HS256), (ES256, ES256), (Ed25519, HS512), (HS384, ES384)] {
        let (old, new) = (key(first, "old"), key(second, "new"));
        let (by_old, by_new) = (token(&old), token(&new));
        let (cell, source) = live(&old);
        let verifier = ready::<NoClaims>(source).build().unwrap();
        let both = KeySet::from(&old).and(&new).unwrap();
        for (keys, expected) in [
            (None, ("good", "unknown_key")),
            (Some(both), ("good", "good")),
            (Some(KeySet::from(&new)), ("unknown_key", "good")),
            (Some(KeySet::from(&old)), ("good", "unknown_key")),
        ] {
            if let Some(keys) = keys {
                swap(&cell, keys);
            }
            let clone = verifier.clone();
            for verifier in [&verifier, &clone] {
                assert_eq!((outcome(verifier, &by_old), outcome(verifier, &by_new)), expected);
            }
        }
    }
}

#[test]
fn a_header_that_is_remembered_is_no_pass_for_a_removed_key() {
    for algorithm in [HS256, ES256, Ed25519] {
        let (old, new) = (key(algorithm, "same"), key(algorithm, "same"));
        let (seen, unseen, by_new) = (token(&old), token(&old), token(&new));
        let header = |token: &str| token.split('.').next().map(str::to_owned);
        assert!(header(&seen) == header(&unseen) && header(&seen) == header(&by_new));

        let (cell, source) = live(&old);
        let verifier = ready::<NoClaims>(source).build().unwrap();
        assert_eq!(outcome(&verifier, &seen), "good");
        swap(&cell, &new);
        assert_eq!(outcome(&verifier, &seen), "bad_signature");
        assert_eq!(outcome(&verifier, &unseen), "bad_signature");
        assert_eq!(outcome(&verifier, &by_new), "good");
        swap(&cell, &key(algorithm, "other"));
        for token in [&seen, &unseen, &by_new] {
            assert_eq!(outcome(&verifier, token), "unknown_key");
        }
        swap(&cell, &old);
        assert_eq!(outcome(&verifier, &unseen), "good");
    }
}

#[test]
fn a_swap_while_a_token_is_being_verified_counts_from_the_next_one_on() {
    let (old, new) = (key(ES256, "old"), key(ES256, "new"));
    let (by_old, by_new) = (token(&old), token(&new));
    let (cell, source) = live(&old);
    // The clock is read between the signature and the claims.
    let verifier = ready::<NoClaims>(source).clock(move || {
        swap(&cell, &new);
        SystemTime::now()
    });
    let verifier = verifier.build().unwrap();
    assert_eq!(outcome(&verifier, &by_old), "good");
    assert_eq!(outcome(&verifier, &by_old), "unknown_key");
    assert_eq!(outcome(&verifier, &by_new), "good");
}

#[test]
fn one_set_judges_a_token_however_often_the_keys_are_swapped() {
    const ROUNDS: usize = 2_000;
    // Each set has one key of each name, and no two sets have a key in common.
    let keys = [(key(HS256, "a"), key(ES256, "b")), (key(HS256, "b"), key(ES256, "a"))];
    let sets = keys.each_ref().map(|(one, two)| KeySet::from(one).and(two).unwrap());
    let tokens = keys.each_ref().map(|(one, two)| [token(one), token(two)]).concat();
    let (cell, source) = live(&sets[0]);
    let verifier = ready::<NoClaims>(source).build().unwrap();
    let start = Barrier::new(3);
    thread::scope(|scope| {
        let judges = [(); 2].map(|()| {
            scope.spawn(|| {
                start.wait();
                for token in tokens.iter().cycle().take(ROUNDS) {
                    // A set without the token's key has one of its name, for another algorithm.
                    let outcome = outcome(&verifier, token);
                    assert!(["good", "algorithm_mismatch"].contains(&outcome), "{outcome}");
                }
            })
        });
        start.wait();
        for set in sets.iter().cycle().take_while(|_| judges.iter().any(|judge| !judge.is_finished())) {
            swap(&cell, set);
        }
    });
    swap(&cell, &sets[1]);
    let last: Vec<_> = tokens.iter().map(|token| outcome(&verifier, token)).collect();
    assert_eq!(last, ["algorithm_mismatch", "algorithm_mismatch", "good", "good"]);
}

#[test]
fn of_live_keys_a_list_of_algorithms_is_asked_for_each_token() {
    let (hs, es, ed) = (key(HS256, "hs"), key(ES256, "es"), key(Ed25519, "ed"));
    let all = KeySet::from(&hs).and(&es).and_then(|keys| keys.and(&ed)).unwrap();
    let (cell, source) = live(KeySet::from(&hs).and(&es).unwrap());
    let verifier = ready::<NoClaims>(source).algorithms([ES256, Ed25519]).build().unwrap();
    let outcomes = || [&hs, &es, &ed].map(|key| outcome(&verifier, &token(key)));
    assert_eq!(outcomes(), ["algorithm_not_allowed", "good", "unknown_key"]);
    swap(&cell, all);
    assert_eq!(outcomes(), ["algorithm_not_allowed", "good", "good"]);
    swap(&cell, &hs);
    assert_eq!(outcomes(), ["algorithm_not_allowed", "unknown_key", "unknown_key"]);
}

#[test]
fn live_keys_of_which_none_fits_are_refused_as_fixed_ones_are() {
    let signing = key(HS256, "hs");
    let (_, source) = live(&signing);
    for listed in [&[][..], &[ES256], &[HS384, RS256]] {
        let listed = || listed.iter().copied();
        let of = |source: KeySource| ready::<NoClaims>(source).algorithms(listed()).build().unwrap_err();
        let (live, fixed) = (of(source.clone()), of(KeySource::from(&signing)));
        assert_eq!((live.setting(), live.to_string()), (fixed.setting(), fixed.to_string()));
        assert!(live.to_string().ends_with("the keys are for HS256"), "{live}");
    }
    assert!(ready::<NoClaims>(source).algorithms([HS256, ES256]).build().is_ok());
}

#[test]
fn debug_prints_the_keys_of_the_moment_and_no_secret() {
    let (old, new) = (key(HS256, "old"), key(ES256, "new"));
    let (cell, source) = live(&old);
    let verifier = ready::<NoClaims>(&source).build().unwrap();
    let printed = format!("{:?}", KeySet::from(&old));
    assert_eq!(format!("{source:?}"), printed);
    assert!(format!("{verifier:?}").contains(&printed), "{verifier:?}");
    swap(&cell, &new);
    let text = format!("{verifier:?}");
    assert!(text.contains("\"new\"") && text.contains("ES256") && !text.contains("\"old\""), "{text}");
}

#[test]
fn everything_that_is_a_key_set_is_a_source_too() {
    let secret = Secret::generate(HS256).unwrap();
    let (signing, keys) = (key(HS256, "hs"), KeySet::from(&secret));
    let (by_secret, by_signing) = (token(&(&secret).into()), token(&signing));
    for (source, token) in [
        (KeySource::from(&secret), &by_secret),
        (KeySource::from(&keys), &by_secret),
        (KeySource::from(keys.clone()), &by_secret),
        (KeySource::from(&signing), &by_signing),
        (KeySource::from(&KeySource::from(&signing)), &by_signing),
    ] {
        assert_eq!(outcome(&ready(source).build().unwrap(), token), "good");
    }
    let shared = Arc::new(keys);
    assert_eq!(outcome(&ready(&*shared).build().unwrap(), &by_secret), "good");
}
