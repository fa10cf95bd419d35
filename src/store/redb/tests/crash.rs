//! A process that is killed while it writes: what it acknowledged is there.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use super::{super::store::RedbStore, Folder, now, random, session, subject};
use crate::{
    clock::Timestamp,
    issuer::KeyStore,
    revocation::{Grain, Revocation, RevocationStore},
    session::{Rotation, SessionStore},
    token::SessionId,
};

/// Tells a test process that it is the one to be killed.
const FILE: &str = "JWTOWER_TEST_CRASH_FILE";

const ISSUER: &str = "https://login.example.com";

/// How many write at the same time.
const WRITERS: usize = 16;

/// What is waited for before the kill.
const ACKNOWLEDGED: usize = 1_000;

/// The life of one session after the other; each answer is printed when it is there.
async fn write_for_ever(store: Arc<RedbStore>) {
    let ring = u64::from_be_bytes(random()).to_string();
    for version in 0.. {
        let record = session(subject(), now());
        let id = record.id();
        assert!(store.insert_session(&record, 0).await.unwrap());
        println!("\nack inserted {id} 0");
        store.swap_session(id, record.version(), &Rotation::specimen(1)).await.unwrap().unwrap();
        println!("\nack swapped {id} 0");
        store.end_session(id).await.unwrap();
        println!("\nack ended {id} 0");
        let generation = store.raise_generation(id.subject(), 0).await.unwrap().value;
        println!("\nack raised {id} {generation}");
        store.append_revocation(&revocation(id, generation)).await.unwrap();
        println!("\nack revoked {id} {generation}");
        assert!(store.swap_keys(&ring, version, id.as_bytes().to_vec()).await.unwrap());
        println!("\nack sealed {ring} {}", version + 1);
    }
}

/// One whose end the other process knows too.
fn revocation(id: SessionId, generation: u64) -> Revocation {
    let subject = id.to_string();
    let until = Timestamp::from_millis(generation).plus(Duration::from_secs(3600));
    Revocation { issuer: ISSUER.to_owned(), grain: Grain::Generation { subject, generation }, until }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_to_be_killed_writes() {
    // In every other run there is nobody to be killed.
    let Ok(file) = env::var(FILE) else { return };
    let store = Arc::new(RedbStore::open(file).await.unwrap());
    let tasks: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(write_for_ever(store.clone()))).collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// The lines of a process that is killed after some of them; the last one may be cut.
fn killed(file: &Path) -> Vec<String> {
    let name = concat!(module_path!(), "::a_process_that_is_to_be_killed_writes");
    let (_, name) = name.split_once("::").unwrap();
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads", "1"])
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while text.matches("ack ").count() < ACKNOWLEDGED {
        assert_ne!(output.read_line(&mut text).unwrap(), 0, "the process ended by itself: {text}");
    }
    child.kill().unwrap();
    output.read_to_string(&mut text).unwrap();
    child.wait().unwrap();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().filter_map(|line| line.strip_prefix("ack ")).map(str::to_owned).collect()
}

#[tokio::test]
async fn what_was_acknowledged_before_a_kill_is_there_after_it() {
    let folder = Folder::new();
    for _ in 0..3 {
        let lines = killed(&folder.file());
        assert!(lines.len() >= ACKNOWLEDGED, "{}", lines.len());
        let store = RedbStore::open(folder.file()).await.unwrap();
        assert!(store.open_sessions().await.unwrap().last_write.is_some());
        let revocations = store.load_revocations().await.unwrap();
        for line in lines {
            let [what, name, number] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let number = || number.parse::<u64>().unwrap();
            let is_there = if what == "sealed" {
                store.load_keys(name).await.unwrap().version >= number()
            } else {
                let id: SessionId = name.parse().unwrap();
                let loaded = store.load_session(id).await.unwrap();
                let record = loaded.record.unwrap_or_else(|| panic!("lost: {line}"));
                let rotated = record.clone().rotated(&Rotation::specimen(1), now());
                match what {
                    "inserted" => true,
                    "swapped" => record.version() == rotated.version(),
                    "ended" => record.is_ended(),
                    "raised" => loaded.generation >= number(),
                    "revoked" => revocations.contains(&revocation(id, number())),
                    _ => false,
                }
            };
            assert!(is_there, "lost: {line}");
        }
    }
}
