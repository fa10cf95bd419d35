//! Two services of different names over one store and one key-encryption key.

use std::sync::atomic::Ordering::SeqCst;

use jwtower::{
    AuthError, Issuer, Sessions,
    issuer::{KeyRing, Schedule},
    store::MemoryStore,
};
use jwtower_tests::AUDIENCE;

use super::fixture::{User, World};

async fn service(world: &World<MemoryStore>, issuer: &str) -> Sessions {
    let ring = KeyRing::open(&world.store, Schedule::default(), &world.kek).await.unwrap();
    let issuer = Issuer::builder().keys(ring).issuer(issuer).audience(AUDIENCE).clock(world.clock.clone());
    let issuer = issuer.build().unwrap();
    Sessions::builder(issuer, world.store.clone(), world.users.clone()).build().await.unwrap()
}

async fn shop_and_staff(world: &World<MemoryStore>) -> (Sessions, Sessions) {
    (service(world, "https://shop.example.com").await, service(world, "https://staff.example.com").await)
}

fn code<T>(result: Result<T, AuthError>) -> &'static str {
    result.err().map_or("it passed", |error| error.code())
}

#[tokio::test]
async fn a_refresh_token_of_another_issuer_is_none_of_ours_and_the_store_is_not_asked() {
    let world = World::in_memory().await;
    let (shop, staff) = shop_and_staff(&world).await;
    let pair = shop.login("u-1").await.unwrap();
    let before = world.store.loads.load(SeqCst);
    assert_eq!(code(staff.refresh(&pair.refresh_token).await), "invalid_refresh_token");
    assert_eq!(code(staff.logout(&pair.refresh_token).await), "invalid_refresh_token");
    assert_eq!(world.store.loads.load(SeqCst), before);
    assert!(shop.refresh(&pair.refresh_token).await.is_ok(), "nothing happened to the session");
}

#[tokio::test]
async fn a_session_of_another_issuer_is_not_found() {
    let world = World::in_memory().await;
    let (shop, staff) = shop_and_staff(&world).await;
    let session = shop.login("u-1").await.unwrap().session;
    assert!(staff.find(session).await.unwrap().is_none(), "its seal is another's");
    assert!(staff.list("u-1").await.unwrap().is_empty());
    assert_eq!(shop.list("u-1").await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_is_logged_out_everywhere_at_one_issuer_stays_logged_in_at_another() {
    let world = World::in_memory().await;
    let (shop, staff) = shop_and_staff(&world).await;
    let (customer, clerk) = (shop.login("u-1").await.unwrap(), staff.login("u-1").await.unwrap());
    shop.logout_everywhere("u-1").await.unwrap();
    assert_eq!(code(shop.refresh(&customer.refresh_token).await), "generation_moved");
    assert!(staff.auth_layer::<User>().authenticate(clerk.access_token.secret()).await.is_ok());
    assert!(staff.refresh(&clerk.refresh_token).await.is_ok());
}

#[tokio::test]
async fn a_service_that_is_built_anew_under_its_name_knows_its_sessions() {
    let world = World::in_memory().await;
    let (shop, _) = shop_and_staff(&world).await;
    let pair = shop.login("u-1").await.unwrap();
    let (shop, _) = shop_and_staff(&world).await;
    assert_eq!(shop.list("u-1").await.unwrap().len(), 1);
    assert!(shop.refresh(&pair.refresh_token).await.is_ok());
}
