//! What guesses are worth, whatever name they are made for.

use std::sync::atomic::Ordering::SeqCst;

use jwtower::{
    AuthError, ErrorKind, TokenPair,
    session::{EventKind, Login},
    store::MemoryStore,
};
use serde_json::json;

use super::fixture::{SECOND, World};

const RIGHT: &str = "correct-horse";
const HOME: &str = "192.0.2.1";

async fn log_in(
    world: &World<MemoryStore>,
    address: &str,
    username: &str,
    password: &str,
) -> Result<TokenPair, AuthError> {
    let credentials = json!({ "username": username, "password": password });
    let credentials = credentials.as_object().unwrap().clone();
    world.sessions.login_with_credentials(credentials, Login::new().address(address.parse().unwrap())).await
}

/// What a client sees of it.
async fn seen(world: &World<MemoryStore>, username: &str, password: &str) -> (ErrorKind, Option<u64>) {
    let error = log_in(world, HOME, username, password).await.expect_err("nobody is let in");
    (error.kind(), error.retry_after().map(|wait| wait.as_secs()))
}

/// The name in the n-th spelling.
fn spelt(name: &str, number: usize) -> String {
    format!("{name}{}", "\u{301}".repeat(number))
}

#[tokio::test]
async fn ten_guesses_are_all_for_an_account_that_is_found_by_many_names() {
    let world = World::in_memory().await;
    assert!(log_in(&world, HOME, &spelt("alice", 3), RIGHT).await.is_ok(), "each spelling names her");
    for number in 0..10 {
        assert_eq!(seen(&world, &spelt("alice", number), "wrong").await.0, ErrorKind::InvalidGrant);
    }
    for number in 0..20 {
        seen(&world, &spelt("alice", number), RIGHT).await;
    }
    assert!(
        log_in(&world, "192.0.2.2", "alice", RIGHT).await.is_ok(),
        "from elsewhere alice can still log in"
    );
    world.clock.advance(900 * SECOND);
    assert!(log_in(&world, HOME, "alice", RIGHT).await.is_ok());
}

#[tokio::test]
async fn a_success_by_any_name_forgets_what_failed_before_for_the_account() {
    let world = World::in_memory().await;
    for number in 0..3 {
        for _ in 0..9 {
            seen(&world, &spelt("alice", number), "wrong").await;
        }
        assert!(log_in(&world, HOME, &spelt("alice", number + 1), RIGHT).await.is_ok());
    }
}

#[tokio::test]
async fn spellings_of_an_account_and_of_nobody_are_throttled_alike() {
    let world = World::in_memory().await;
    // Twelve times each spelling, and each spelling once.
    let orders: [fn(usize) -> usize; 2] = [|guess| guess / 12, |guess| 100 + guess];
    for order in orders {
        for guess in 0..36 {
            let alice = seen(&world, &spelt("alice", order(guess)), "wrong").await;
            let nobody = seen(&world, &spelt("nobody", order(guess)), "wrong").await;
            assert_eq!(alice, nobody, "guess {guess}");
        }
    }
}

#[tokio::test]
async fn the_right_password_of_a_locked_user_counts_as_a_wrong_one() {
    let world = World::in_memory().await;
    world.users.gone.store(true, SeqCst);
    let mut answers = Vec::new();
    for guess in ["wrong", RIGHT] {
        for _ in 0..9 {
            seen(&world, "alice", "wrong").await;
        }
        world.happened();
        answers.push([seen(&world, "alice", guess).await, seen(&world, "alice", guess).await]);
        assert_eq!(world.happened(), [EventKind::LoginFailed, EventKind::LoginThrottled]);
        world.clock.advance(900 * SECOND);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].map(|(kind, _)| kind), [ErrorKind::InvalidGrant, ErrorKind::TooManyAttempts]);
}
