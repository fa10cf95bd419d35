//! Logins, refreshes and logouts a second, in memory and in a file.
//!
//!     cargo bench -p jwtower-benches --bench sessions
//!
//! One task alone, and 64 at once on two threads; each answer is signed with Ed25519. In a file every login,
//! refresh and logout is on the disk before it is answered.

use std::{
    fs,
    time::{Duration, Instant},
};

use jwtower::{
    Algorithm, Issuer, Sessions, TokenPair,
    issuer::{KeyEncryptionKey, KeyRing, KeyStore, Schedule},
    revocation::RevocationStore,
    session::{Accounts, BoxError, SessionStore},
    store::{MemoryStore, RedbStore},
};
use jwtower_benches::{AUDIENCE, ISSUER, User};
use serde::Deserialize;
use tokio::task::JoinSet;

struct Users;

#[derive(Deserialize)]
struct Nobody {}

impl Accounts for Users {
    type Credentials = Nobody;
    type Claims = User;

    fn account<'a>(&self, _: &'a Nobody) -> &'a str {
        ""
    }

    async fn find(&self, _: &Nobody) -> Result<Option<String>, BoxError> {
        Ok(None)
    }

    async fn check(&self, _: Option<&str>, _: &Nobody) -> Result<bool, BoxError> {
        Ok(false)
    }

    async fn claims(&self, _: &str) -> Result<Option<User>, BoxError> {
        Ok(Some(User::example()))
    }
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    // `cargo test --benches` asks only whether they run.
    let round = match std::env::args().any(|argument| argument == "--test") {
        true => Duration::ZERO,
        false => Duration::from_secs(2),
    };
    println!("\n{:<30} {:>12} {:>12} {:>12}", "a second", "logins", "refreshes", "logouts");
    run("memory", MemoryStore::new(), round).await;
    let folder = std::env::temp_dir().join(format!("jwtower-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    run("redb", RedbStore::open(folder.join("sessions.redb")).await.expect("the file opens"), round).await;
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

async fn run<S>(name: &str, store: S, round: Duration)
where
    S: SessionStore + RevocationStore + KeyStore + Clone,
{
    let kek = KeyEncryptionKey::generate().expect("the system has randomness");
    let schedule = Schedule::default().algorithm(Algorithm::Ed25519);
    let ring = KeyRing::open(&store, schedule, &kek).await.expect("the ring opens");
    let issuer = Issuer::builder().keys(ring).issuer(ISSUER).audience(AUDIENCE).build();
    let sessions = Sessions::builder(issuer.expect("the issuer is whole"), store, Users).build().await;
    let sessions = sessions.expect("the sessions are whole");
    for tasks in [1, 64] {
        let (made, logins) = log_in(tasks, round, &sessions).await;
        let (made, refreshes) = refresh(&sessions, made).await;
        let logouts = log_out(&sessions, made).await;
        let title = format!("{name}, {tasks} at once");
        println!("{title:<30} {logins:>12.0} {refreshes:>12.0} {logouts:>12.0}");
    }
}

/// What each task made of its own.
type Made = Vec<Vec<TokenPair>>;

/// Each task logs in until the time is over; returns how many a second, too.
async fn log_in(tasks: usize, round: Duration, sessions: &Sessions) -> (Made, f64) {
    let start = Instant::now();
    let mut set = JoinSet::new();
    for _ in 0..tasks {
        let sessions = sessions.clone();
        set.spawn(async move {
            let mut made = Vec::new();
            while made.is_empty() || start.elapsed() < round {
                made.push(sessions.login("user-0123456789").await.expect("the user is known"));
            }
            made
        });
    }
    let made = set.join_all().await;
    let count = made.iter().map(Vec::len).sum();
    (made, per_second(count, start))
}

/// Each task exchanges the tokens that it has; returns the new ones and how many a second.
async fn refresh(sessions: &Sessions, made: Made) -> (Made, f64) {
    let (start, count) = (Instant::now(), made.iter().map(Vec::len).sum());
    let mut set = JoinSet::new();
    for pairs in made {
        let sessions = sessions.clone();
        set.spawn(async move {
            let mut next = Vec::new();
            for pair in pairs {
                next.push(sessions.refresh(&pair.refresh_token).await.expect("the session is alive"));
            }
            next
        });
    }
    (set.join_all().await, per_second(count, start))
}

/// Each task logs its sessions out; returns how many a second.
async fn log_out(sessions: &Sessions, made: Made) -> f64 {
    let (start, count) = (Instant::now(), made.iter().map(Vec::len).sum());
    let mut set = JoinSet::new();
    for pairs in made {
        let sessions = sessions.clone();
        set.spawn(async move {
            for pair in pairs {
                sessions.logout(&pair.refresh_token).await.expect("the token is ours");
            }
        });
    }
    set.join_all().await;
    per_second(count, start)
}

fn per_second(count: usize, start: Instant) -> f64 {
    count as f64 / start.elapsed().as_secs_f64()
}
