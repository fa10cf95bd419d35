use serde_json::{Value, json};

use super::{super::document, fixture::*};
use crate::keys::{Algorithm, SigningKey, base64url};

#[tokio::test(start_paused = true)]
async fn a_ring_is_stored_in_the_form_in_which_nodes_before_this_one_stored_theirs() {
    let (store, kek) = (TestStore::new(), kek());
    let ring = open(&store, &kek).await;
    ring.rotate().await.unwrap();
    tokio::time::sleep(3 * HOUR).await;
    ring.rotate().await.unwrap();

    let vault = vault(&store, &kek);
    let loaded = vault.load("signing-keys").await.unwrap();
    let text = vault.open("signing-keys", &loaded).unwrap();
    let roster = document::read::<SigningKey>(&text).unwrap();
    let key = |index: usize| {
        let key = roster.keys().nth(index).unwrap();
        let private = base64url::encode(&*key.key.private_bytes().unwrap());
        json!({ "kid": key.kid, "key": { "alg": Algorithm::ES256.name(), "private": private } })
    };
    let (next, current, retired) = (roster.next.as_ref().unwrap(), &roster.current, &roster.retired[0]);
    let expected = json!({
        "next": { "key": key(0), "announced": next.announced, "settled": next.settled, "by_hand": true },
        "current": { "key": key(1), "since": current.since, "token_life": { "secs": 0, "nanos": 0 } },
        "retired": [{
            "key": key(2), "at": retired.at, "until": retired.until, "token_life": { "secs": 0, "nanos": 0 },
        }],
    });
    assert_eq!(serde_json::from_slice::<Value>(&text).unwrap(), expected);
}
