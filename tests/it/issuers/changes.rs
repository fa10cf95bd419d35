use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jwtower::{JwtAuthLayer, verify::Issuers};
use tokio::task::JoinSet;

use super::provider::{A, B, Provider, authenticate};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn issuers_come_go_and_change_while_eight_tasks_verify() {
    const C: &str = "https://c.example.com";
    // `A` stays, `B` comes and goes, `C` is one of two that have nothing in common.
    let [a, b, c, d] = [A, B, C, C].map(Provider::new);
    let tokens = Arc::new([&a, &b, &c, &d].map(|provider| provider.token(&[])));
    let issuers = Issuers::new();
    issuers.trust(a.verifier()).unwrap();
    issuers.trust(c.verifier()).unwrap();
    let layer = JwtAuthLayer::new(issuers.clone());
    let over = Arc::new(AtomicBool::new(false));

    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let (layer, tokens, over) = (layer.clone(), Arc::clone(&tokens), Arc::clone(&over));
        tasks.spawn(async move {
            let mut seen = [[0_u32; 2]; 4];
            while !over.load(Ordering::Relaxed) {
                for (number, token) in tokens.iter().enumerate() {
                    let expected =
                        ["good", ["good", "unknown_issuer", "bad_signature", "bad_signature"][number]];
                    let code = authenticate(&layer, token).await;
                    let which = expected.iter().position(|one| *one == code);
                    seen[number][which.unwrap_or_else(|| panic!("{number}: {code}"))] += 1;
                }
                tokio::task::yield_now().await;
            }
            seen
        });
    }
    // Long enough for tokens to be judged in between, on any machine.
    let pause = || tokio::time::sleep(Duration::from_millis(1));
    for turn in 0..200 {
        issuers.trust(b.verifier()).unwrap();
        issuers.trust(if turn % 2 == 0 { d.verifier() } else { c.verifier() }).unwrap();
        pause().await;
        assert!(issuers.distrust(B));
        pause().await;
    }
    over.store(true, Ordering::Relaxed);
    let seen = tasks.join_all().await;
    let sum = |number: usize, which: usize| seen.iter().map(|seen| seen[number][which]).sum::<u32>();
    assert!(sum(0, 0) > 0 && sum(0, 1) == 0, "{seen:?}");
    for number in 1..4 {
        assert!(sum(number, 0) > 0 && sum(number, 1) > 0, "{number}: {seen:?}");
    }
    let last = [&a, &b, &c, &d].map(|provider| provider.token(&[]));
    let mut codes = Vec::new();
    for token in &last {
        codes.push(authenticate(&layer, token).await);
    }
    assert_eq!(codes, ["good", "unknown_issuer", "good", "bad_signature"]);
}
