//! Asking whether a token was revoked, beside the leanest look-up of one id in a sharded table.
//!
//!     cargo bench -p jwtower-benches --bench revocation [-- 10000000]
//!
//! The number is that of entries, a million unless told. No token that is asked about was revoked, as is
//! usual. Random tokens are not seen again for long; hot ones come again and again.

use std::{
    alloc::System,
    hash::BuildHasher,
    hint::black_box,
    pin::pin,
    sync::RwLock,
    task::{Context, Poll, Waker},
    time::{Duration, Instant, SystemTime},
};

use aws_lc_rs::hmac;
use base64_simd::URL_SAFE_NO_PAD;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use jwtower::{
    Algorithm, NoClaims, Secret, Timestamp, Verifier,
    claims::{RegisteredClaims, Verified},
    revocation::{Grain, Revocation, Revocations},
};
use jwtower_benches::{AUDIENCE, ISSUER};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let test = std::env::args().any(|argument| argument == "--test");
    let entries = std::env::args().find_map(|argument| argument.parse().ok());
    let entries = entries.unwrap_or(if test { 1000 } else { 1_000_000 });
    let tokens = tokens(if test { 100 } else { 200_000 });

    println!("{entries} entries");
    let sessions = filled("sessions", entries, |_, id| Grain::Session(id));
    filled("tokens", entries, |_, id| Grain::Token(id));
    filled("subjects", entries, |_, subject| Grain::Generation { subject, generation: GENERATION });
    let thirds = filled("a third each", entries, |index, id| match index % 3 {
        0 => Grain::Token(id),
        1 => Grain::Session(id),
        _ => Grain::Generation { subject: id, generation: GENERATION },
    });
    let none = Revocations::in_memory();
    let bare = Bare::new(entries);

    let region = Region::new(ALLOCATOR);
    let passed = tokens.iter().filter(|token| thirds.check(token.registered()).is_ok()).count();
    println!("{} allocations in {passed} checks", region.change().allocations);
    assert_eq!((region.change().allocations, passed), (0, tokens.len()));

    let asks: [Ask<'_>; 4] = [
        ("bare sharded table, one id", &|claims| !bare.holds(claims)),
        ("check, nothing revoked", &|claims| none.check(claims).is_ok()),
        ("check, sessions", &|claims| sessions.check(claims).is_ok()),
        ("check, a third each", &|claims| thirds.check(claims).is_ok()),
    ];
    let batches = if test { 1 } else { 10_000 };
    compare("random tokens, cold tables", &tokens, batches, &asks);
    compare("64 hot tokens", tokens.get(..BATCH).unwrap_or_default(), batches, &asks);
}

const GENERATION: u64 = 1_800_000_000_000;

/// A way to ask, and whether the token may pass.
type Ask<'a> = (&'static str, &'a dyn Fn(&RegisteredClaims) -> bool);

/// How many tokens are asked about between two looks at the clock.
const BATCH: usize = 64;

/// Asks about batches of tokens in turns, and prints the median of each, and its ratio to the first.
///
/// A request's claims were parsed just before, so they are read once before the clock runs. What they are
/// looked up in is as cold as all other tokens leave it.
fn compare(title: &str, tokens: &[Verified<NoClaims>], batches: usize, asks: &[Ask<'_>]) {
    let mut tokens = tokens.iter().map(|token| token.registered()).cycle();
    let mut times = vec![Vec::with_capacity(batches); asks.len()];
    for _ in 0..batches {
        let batch: Vec<_> = tokens.by_ref().take(BATCH).collect();
        for ((_, ask), times) in asks.iter().zip(&mut times) {
            for claims in &batch {
                let texts = [claims.issuer(), claims.subject(), claims.token_id(), claims.session()];
                black_box(texts.iter().flatten().flat_map(|text| text.bytes()).fold(0, u8::wrapping_add));
            }
            let start = Instant::now();
            for claims in &batch {
                black_box(ask(claims));
            }
            times.push(start.elapsed().as_nanos() as f64 / BATCH as f64);
        }
    }
    println!("\n{title}");
    let mut base = None;
    for ((name, _), times) in asks.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        println!("{name:<44} {median:>10.0} ns {:>8.2} x", median / *base.get_or_insert(median));
    }
}

/// A set of so many entries; prints what memory it takes.
fn filled(name: &str, entries: usize, grain: impl Fn(usize, String) -> Grain) -> Revocations {
    let until = Timestamp::from(SystemTime::now()).plus(Duration::from_secs(3600));
    let region = Region::new(ALLOCATOR);
    let set = Revocations::builder().capacity(entries).in_memory();
    for (index, id) in ids(1).take(entries).enumerate() {
        let entry = Revocation { issuer: ISSUER.into(), grain: grain(index, id), until };
        now(set.revoke(&entry)).expect("there is room");
    }
    let used = region.change();
    let bytes = used.bytes_allocated - used.bytes_deallocated;
    println!("{name:<16} {:>6.1} bytes an entry", bytes as f64 / entries as f64);
    set
}

/// The result of a future that does not wait.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a set in memory does not wait"),
    }
}

/// What one cannot do without: a hash of one id, a lock of one of 64 shards, and a look into a table of ids of
/// 16 bytes and their ends.
struct Bare {
    hasher: RandomState,
    shards: Vec<RwLock<HashTable<(u128, u32)>>>,
}

impl Bare {
    fn new(entries: usize) -> Self {
        let bare =
            Self { hasher: RandomState::default(), shards: (0..64).map(|_| RwLock::default()).collect() };
        for id in ids(1).take(entries) {
            let hash = bare.hasher.hash_one(&id);
            let value = (u128::from_str_radix(&id, 16).expect("ids are hexadecimal"), 0);
            let shard = bare.shard(hash);
            let mut table = shard.write().expect("nobody panics with it");
            table.insert_unique(hash, value, |(id, _)| bare.hasher.hash_one(format!("{id:032x}")));
        }
        bare
    }

    fn holds(&self, claims: &RegisteredClaims) -> bool {
        let Some(id) = claims.session() else { return false };
        let hash = self.hasher.hash_one(id);
        let table = self.shard(hash).read().expect("nobody panics with it");
        table.find(hash, |(found, _)| u128::from_str_radix(id, 16) == Ok(*found)).is_some()
    }

    fn shard(&self, hash: u64) -> &RwLock<HashTable<(u128, u32)>> {
        // Not the highest bits, which the table uses, nor the lowest.
        self.shards.get((hash >> 40) as usize % 64).expect("there are 64")
    }
}

/// So many tokens with random ids, verified.
fn tokens(count: usize) -> Vec<Verified<NoClaims>> {
    let secret = Secret::generate(Algorithm::HS256).expect("the system has randomness");
    let bytes = URL_SAFE_NO_PAD.decode_to_vec(secret.secret()).expect("a secret is base64url");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
    let verifier = Verifier::builder().keys(&secret).issuer(ISSUER).audience(AUDIENCE).build();
    let verifier: Verifier<NoClaims> = verifier.expect("the verifier is complete");
    let header = URL_SAFE_NO_PAD.encode_to_string(r#"{"alg":"HS256","typ":"JWT"}"#);
    let issued = Timestamp::from(SystemTime::now()).as_secs();
    let (mut names, expires) = (ids(2), issued + 3600);
    let mut name = || names.next().unwrap_or_default();
    let mut token = || {
        let (jti, sid, sub) = (name(), name(), name());
        let payload = format!(
            r#"{{"iss":"{ISSUER}","aud":"{AUDIENCE}","sub":"{sub}","jti":"{jti}","sid":"{sid}","iat":{issued},"exp":{expires},"sgen":{GENERATION}}}"#
        );
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode_to_string(payload));
        let signature = URL_SAFE_NO_PAD.encode_to_string(hmac::sign(&key, signed.as_bytes()));
        verifier.verify(&format!("{signed}.{signature}")).expect("the token is good")
    };
    (0..count).map(|_| token()).collect()
}

/// Ids of 32 characters, the same for the same seed (SplitMix64).
fn ids(seed: u64) -> impl Iterator<Item = String> {
    let mut state = seed << 32;
    let mut random = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    std::iter::from_fn(move || Some(format!("{:016x}{:016x}", random(), random())))
}
