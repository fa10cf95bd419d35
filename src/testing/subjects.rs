//! Rules about all sessions of a subject: their generation, and their list.

use super::fixture::{Bench, LIFE, MILLISECOND, Text, answered, hold, same, subject, text};
use crate::{
    session::{Rotation, SessionRecord, SessionStore},
    token::SubjectTag,
};

const EXCEEDS: &str = "a raise exceeds the generation of every session that was inserted";

pub(super) async fn check<S: SessionStore>(bench: &Bench<S>) {
    generations(bench).await;
    lists(bench).await;
}

impl<S: SessionStore> Bench<S> {
    async fn generation(&self, subject: SubjectTag) -> u64 {
        answered(self.store.load_generation(subject).await).value
    }

    async fn raise(&self, subject: SubjectTag, held: u64) -> u64 {
        answered(self.store.raise_generation(subject, held).await).value
    }

    async fn list(&self, subject: SubjectTag) -> Vec<Text> {
        texts(&answered(self.store.list_sessions(subject).await))
    }
}

/// In an order that does not depend on the store's.
fn texts(records: &[SessionRecord]) -> Vec<Text> {
    let mut texts: Vec<_> = records.iter().map(|record| text(Some(record))).collect();
    texts.sort();
    texts
}

async fn generations<S: SessionStore>(bench: &Bench<S>) {
    let (tag, neighbour) = (subject(), bench.kept().await.id());
    same(bench.generation(tag).await, 0, "the generation of a subject is 0 until it is raised");

    let first = bench.raise(tag, 0).await;
    let now = bench.now().as_millis();
    hold(
        first >= now,
        "a raise reaches the store's milliseconds",
        format_args!("{first} at the millisecond {now}"),
    );
    let second = bench.raise(tag, 0).await;
    hold(second > first, "a raise exceeds the stored generation", format_args!("{second} after {first}"));
    let held = second + 1_000_000;
    let third = bench.raise(tag, held).await;
    hold(third > held, "a raise exceeds the generation that is held", format_args!("{third}, held {held}"));
    same(bench.generation(tag).await, third, "a raise is what is loaded after it");

    let rule = "a load brings the generation of the session's subject";
    let record = bench.record(tag, third);
    same(bench.load(record.id()).await.generation, third, rule);
    same(bench.load(neighbour).await.generation, 0, rule);
    let kept = answered(bench.store.insert_session(&record, second).await);
    hold(!kept, "an insert compares the generation", "a session was kept although its generation moved");
    let kept = answered(bench.store.insert_session(&record, third).await);
    hold(kept, "a session of the current generation is kept", "the insert told that it was not");
    same(bench.load(record.id()).await.generation, third, rule);
}

async fn lists<S: SessionStore>(bench: &Bench<S>) {
    let tag = subject();
    same(bench.list(tag).await, Vec::new(), "a subject without sessions has an empty list");
    let now = bench.now().as_millis();
    let (swapped, ended, above) = (bench.record(tag, 0), bench.record(tag, 0), bench.record(tag, now));
    for record in [&swapped, &ended, &above] {
        answered(bench.store.insert_session(record, 0).await);
    }
    // Subjects whose names are next to each other.
    let (before, after) = (next_to(tag, u8::wrapping_sub), next_to(tag, u8::wrapping_add));
    for other in [before, after] {
        answered(bench.store.insert_session(&bench.record(other, 0), 0).await);
    }
    let rotation = Rotation::specimen(1);
    answered(bench.store.swap_session(swapped.id(), swapped.version(), &rotation).await);
    let rotated = swapped.rotated(&rotation, bench.now());
    let all = texts(&[rotated.clone(), ended.clone(), above.clone()]);
    same(bench.list(tag).await, all, "a list has all sessions of the subject and no others, as they are now");

    answered(bench.store.end_session(ended.id()).await);
    same(bench.list(tag).await, texts(&[rotated, above]), "a list leaves out what has ended");
    for other in [before, after] {
        same(bench.list(other).await.len(), 1, "an end concerns one session");
    }

    let raised = bench.raise(tag, 0).await;
    hold(raised > now, EXCEEDS, format_args!("{raised}, with a session of {now}"));
    same(bench.list(tag).await, Vec::new(), "a list leaves out sessions of an earlier generation");
    let (current, later) = (bench.record(tag, raised), bench.record(tag, raised + 1));
    for record in [&current, &later] {
        answered(bench.store.insert_session(record, raised).await);
    }
    let both = texts(&[current, later]);
    same(bench.list(tag).await, both, "a list has the sessions of the current generation and above");
    for other in [before, after] {
        same(bench.list(other).await.len(), 1, "a raise concerns one subject");
    }
}

/// The subject whose name is one higher or lower.
fn next_to(tag: SubjectTag, step: fn(u8, u8) -> u8) -> SubjectTag {
    let [start @ .., last] = *tag.as_bytes();
    let mut bytes = [0; SubjectTag::LEN];
    for (byte, value) in bytes.iter_mut().zip(start.into_iter().chain([step(last, 1)])) {
        *byte = value;
    }
    SubjectTag::new(bytes)
}

pub(super) async fn check_time<S: SessionStore>(bench: &Bench<S>) {
    let tag = subject();
    let now = bench.now().as_millis();
    answered(bench.store.insert_session(&bench.record(tag, now), 0).await);
    let raised = bench.raise(tag, 0).await;
    hold(raised > now, EXCEEDS, format_args!("{raised}, with a session of {now}"));

    // A session that another node made, whose clock is far ahead.
    let ahead = now + 1_000_000_000;
    let (running, forgotten) = (subject(), subject());
    for tag in [running, forgotten] {
        answered(bench.store.insert_session(&bench.record(tag, ahead), 0).await);
        answered(bench.store.insert_session(&bench.record(tag, now), 0).await);
    }
    bench.clock.set_back(LIFE);
    let raised = bench.raise(running, 0).await;
    hold(raised > ahead, EXCEEDS, format_args!("{raised}, with a session of {ahead}"));

    bench.clock.advance(LIFE - MILLISECOND);
    same(bench.list(forgotten).await.len(), 2, "a session stays until it expires");
    bench.clock.advance(MILLISECOND);
    same(bench.list(forgotten).await, Vec::new(), "a list leaves out what has expired");
    // What has expired is often forgotten when something is written.
    for _ in 0..16 {
        bench.kept().await;
    }
    let raised = bench.raise(forgotten, 0).await;
    hold(raised > ahead, EXCEEDS, format_args!("{raised}, with a session of {ahead} that has expired"));
}
