//! Our stores keep the rules that anyone's store has to keep.

use jwtower::{
    store::{MemoryStore, RedbStore},
    testing::check_store,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_memory_keeps_all_rules() {
    check_store(async |clock| MemoryStore::with_clock(clock)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_a_file_keeps_all_rules() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0..;
    let number = std::sync::Mutex::new(&mut number);
    let path = || folder.path().join(format!("{}.redb", number.lock().unwrap().next().unwrap()));
    check_store(async |clock| RedbStore::open_with_clock(path(), clock).await.unwrap()).await;
}
