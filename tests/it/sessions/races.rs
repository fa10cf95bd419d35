//! Many requests at once: one successor, no alarm, everybody is answered.

use std::{collections::HashSet, sync::atomic::Ordering::SeqCst};

use jwtower::{RefreshToken, TokenPair, session::EventKind};
use tokio::task::JoinSet;

use super::fixture::{SECOND, Store, World};

async fn refresh_at_once<S: Store>(world: &World<S>, token: &RefreshToken, count: usize) -> Vec<TokenPair> {
    world.store.hold(count);
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        let (sessions, token) = (world.sessions.clone(), RefreshToken::from(token.secret().to_owned()));
        tasks.spawn(async move { sessions.refresh(&token).await });
    }
    tasks.join_all().await.into_iter().map(|pair| pair.expect("everybody is answered")).collect()
}

async fn one_successor<S: Store>(world: World<S>, count: usize) {
    let mut pair = world.sessions.login("u-1").await.unwrap();
    for round in 1..=3 {
        world.clock.advance(60 * SECOND);
        let pairs = refresh_at_once(&world, &pair.refresh_token, count).await;
        let successors: HashSet<_> = pairs.iter().map(|pair| pair.refresh_token.secret()).collect();
        assert_eq!(successors.len(), 1, "round {round}");
        assert_eq!(world.store.swaps.load(SeqCst), round, "one rotation a round");
        pair = pairs.into_iter().next().unwrap();
    }
    let happened = world.happened();
    assert!(!happened.contains(&EventKind::Reuse));
    assert_eq!(happened.iter().filter(|kind| **kind == EventKind::Refresh).count(), 3);
    assert_eq!(
        happened.iter().filter(|kind| **kind == EventKind::ConcurrentRefresh).count(),
        3 * (count - 1)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_that_refresh_at_once_get_the_same_token_in_memory() {
    one_successor(World::in_memory().await, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_that_refresh_at_once_get_the_same_token_in_a_file() {
    one_successor(World::in_a_file().await, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_requests_at_once_make_one_successor_in_memory() {
    one_successor(World::in_memory().await, 64).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_requests_at_once_make_one_successor_in_a_file() {
    one_successor(World::in_a_file().await, 64).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refreshes_that_race_a_logout_leave_nothing_alive() {
    let world = World::in_memory().await;
    for _ in 0..50 {
        let pair = world.sessions.login("u-1").await.unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            let (sessions, token) =
                (world.sessions.clone(), RefreshToken::from(pair.refresh_token.secret().to_owned()));
            tasks.spawn(async move { sessions.refresh(&token).await.ok() });
        }
        world.sessions.logout(&pair.refresh_token).await.unwrap();
        let layer = world.sessions.auth_layer::<super::fixture::User>();
        for pair in tasks.join_all().await.into_iter().flatten() {
            assert!(layer.authenticate(pair.access_token.secret()).await.is_err());
            assert!(world.sessions.refresh(&pair.refresh_token).await.is_err());
        }
    }
    assert!(!world.happened().contains(&EventKind::Reuse));
}
