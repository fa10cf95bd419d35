//! The example `auth_server`, killed while it logs a thousand sessions out.

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use serde_json::Value;

use crate::{
    example::{self, Example},
    http,
};

const SESSIONS: usize = 1000;
const CLIENTS: usize = 8;

/// How many logouts are acknowledged before the server is killed.
const BEFORE: usize = 400;

struct Pair {
    access: String,
    refresh: String,
}

#[test]
fn every_acknowledged_logout_survives_kill_9_and_so_do_sessions_and_keys() {
    let program = example::build("jwtower", "auth_server", &["jwe", "redb"]);
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = start(&program, folder.path());
    let address = server.address().to_owned();
    let keys = http::send(&address, "GET", "/.well-known/jwks.json", None).body;

    let pairs = logged_in(&address);
    let acknowledged = Mutex::new(vec![false; SESSIONS]);
    let (next, count) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (killed, kill) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let killed = killed.clone();
            let (pairs, acknowledged, next, count, address) =
                (&pairs, &acknowledged, &next, &count, &address);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, SeqCst);
                    let Some(pair) = pairs.get(index) else { break };
                    let form = format!("refresh_token={}", pair.refresh);
                    let Ok(answer) = http::post_form(address, "/auth/logout", &form) else { break };
                    assert_eq!(answer.status, 204);
                    acknowledged.lock().expect("no test failed")[index] = true;
                    if count.fetch_add(1, SeqCst) + 1 == BEFORE {
                        let _ = killed.send(());
                    }
                }
            });
        }
        kill.recv().expect("enough logouts");
        server.kill();
    });
    let acknowledged = acknowledged.into_inner().expect("no test failed");
    let attempted = next.load(SeqCst).min(SESSIONS);
    let done = acknowledged.iter().filter(|done| **done).count();
    assert!((BEFORE..SESSIONS).contains(&done), "it was killed in the middle: {done}");

    let server = start(&program, folder.path());
    let address = server.address();
    assert_eq!(http::send(address, "GET", "/.well-known/jwks.json", None).body, keys, "the same keys sign");
    let mut alive = 0;
    for (index, pair) in pairs.iter().enumerate() {
        let me = http::send(address, "GET", "/me", Some(&pair.access)).status;
        let form = format!("refresh_token={}", pair.refresh);
        let refreshed = http::post_form(address, "/auth/refresh", &form).expect("an answer").status;
        if acknowledged[index] {
            assert_eq!((me, refreshed), (401, 400), "logout {index} was acknowledged and forgotten");
        } else if index >= attempted {
            assert_eq!((me, refreshed), (200, 200), "session {index} was lost");
            alive += 1;
        } else {
            assert!([200, 401].contains(&me) && [200, 400].contains(&refreshed), "{me} {refreshed}");
        }
    }
    println!("{done} logouts acknowledged before the kill, all hold; {alive} sessions survive");
}

fn start(program: &Path, folder: &Path) -> Example {
    let store = format!("redb:{}", folder.join("sessions.redb").display());
    Example::start(program, &["--store", &store, "--issuer", "https://login.test", "--listen", "127.0.0.1:0"])
}

/// A thousand logins of one user.
fn logged_in(address: &str) -> Vec<Pair> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut pairs = Vec::new();
                    while next.fetch_add(1, SeqCst) < SESSIONS {
                        pairs.push(log_in(address));
                    }
                    pairs
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().expect("it logs in")).collect()
    })
}

fn log_in(address: &str) -> Pair {
    let answer = http::post_form(address, "/auth/login", "username=alice&password=correct-horse");
    let answer = answer.expect("an answer");
    assert_eq!(answer.status, 200);
    let body: Value = serde_json::from_str(&answer.body).expect("JSON");
    let text = |name: &str| body[name].as_str().expect("a token").to_owned();
    Pair { access: text("access_token"), refresh: text("refresh_token") }
}
