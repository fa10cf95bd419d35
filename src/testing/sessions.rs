//! Rules about single sessions.

use super::fixture::{Bench, LIFE, MILLISECOND, SECOND, answered, hold, same, subject, text};
use crate::session::{Rotation, SessionStore};

pub(super) async fn check<S: SessionStore>(bench: &Bench<S>) {
    inserts(bench).await;
    swaps(bench).await;
    ends(bench).await;
}

async fn inserts<S: SessionStore>(bench: &Bench<S>) {
    let record = bench.record(subject(), 0);
    let unknown = bench.load(record.id()).await;
    same(text(unknown.record.as_ref()), text(None), "an unknown session has no record");
    same(unknown.generation, 0, "the generation of a subject is 0 until it is raised");

    hold(
        answered(bench.store.insert_session(&record, 0).await),
        "a session of the current generation is kept",
        "the insert told that it was not",
    );
    let loaded = bench.load(record.id()).await;
    same(text(loaded.record.as_ref()), text(Some(&record)), "a session is loaded as it was inserted");

    let again = answered(bench.store.insert_session(&record, 0).await);
    hold(!again, "an insert replaces no session", "the insert told that it kept the session");

    let other = bench.record(record.id().subject(), 0);
    let kept = answered(bench.store.insert_session(&other, 1).await);
    let found = bench.load(other.id()).await.record;
    let rule = "an insert compares the generation";
    hold(!kept, rule, "a session was kept whose generation is not the current one");
    same(text(found.as_ref()), text(None), rule);
}

async fn swaps<S: SessionStore>(bench: &Bench<S>) {
    let record = bench.kept().await;
    let id = record.id();
    let (first, second) = (Rotation::specimen(1), Rotation::specimen(2));
    bench.clock.advance(MILLISECOND);

    let compares = "a swap compares the version";
    let other = record.clone().rotated(&first, bench.now()).version();
    same(answered(bench.store.swap_session(id, other, &second).await), None, compares);
    same(text(bench.load(id).await.record.as_ref()), text(Some(&record)), compares);

    let swapped = answered(bench.store.swap_session(id, record.version(), &first).await);
    same(swapped, Some(bench.now()), "a swap tells the store's time");
    let rotated = record.clone().rotated(&first, bench.now());
    let writes = "a swap writes the rotation and the store's time, and nothing else";
    same(text(bench.load(id).await.record.as_ref()), text(Some(&rotated)), writes);

    same(answered(bench.store.swap_session(id, record.version(), &second).await), None, compares);
    same(text(bench.load(id).await.record.as_ref()), text(Some(&rotated)), compares);

    bench.clock.advance(MILLISECOND);
    let swapped = answered(bench.store.swap_session(id, rotated.version(), &second).await);
    same(swapped, Some(bench.now()), "a session is swapped more than once");
    let rotated = rotated.rotated(&second, bench.now());
    same(text(bench.load(id).await.record.as_ref()), text(Some(&rotated)), writes);

    let missing = bench.record(subject(), 0);
    let makes = "a swap makes no session";
    same(answered(bench.store.swap_session(missing.id(), missing.version(), &first).await), None, makes);
    same(text(bench.load(missing.id()).await.record.as_ref()), text(None), makes);
}

async fn ends<S: SessionStore>(bench: &Bench<S>) {
    let (record, neighbour) = (bench.kept().await, bench.kept().await);
    let id = record.id();
    let rotation = Rotation::specimen(1);
    answered(bench.store.swap_session(id, record.version(), &rotation).await);
    answered(bench.store.end_session(id).await);
    let ended = record.rotated(&rotation, bench.now()).ended();
    let loaded = bench.load(id).await.record;
    same(text(loaded.as_ref()), text(Some(&ended)), "an end marks the session and changes nothing else");

    let swapped = answered(bench.store.swap_session(id, ended.version(), &Rotation::specimen(2)).await);
    same(swapped, None, "an ended session is not rotated");
    same(text(bench.load(id).await.record.as_ref()), text(Some(&ended)), "an ended session stays as it is");
    answered(bench.store.end_session(id).await);
    same(text(bench.load(id).await.record.as_ref()), text(Some(&ended)), "an ended session stays as it is");
    let replaced = answered(bench.store.insert_session(&ended, 0).await);
    hold(!replaced, "an insert replaces no session", "an ended session was replaced");

    let loaded = bench.load(neighbour.id()).await.record;
    same(text(loaded.as_ref()), text(Some(&neighbour)), "an end concerns one session");

    let missing = bench.record(subject(), 0).id();
    answered(bench.store.end_session(missing).await);
    same(text(bench.load(missing).await.record.as_ref()), text(None), "an end makes no session");
}

pub(super) async fn check_time<S: SessionStore>(bench: &Bench<S>) {
    let (record, ended) = (bench.kept().await, bench.kept().await);
    answered(bench.store.end_session(ended.id()).await);

    bench.clock.advance(LIFE - MILLISECOND);
    // What has expired is often forgotten when something is written.
    bench.kept().await;
    let stays = "a session stays until it expires, ended or not";
    let found = bench.load(record.id()).await.record;
    same(text(found.as_ref()), text(Some(&record)), stays);
    let found = bench.load(ended.id()).await.record;
    same(text(found.as_ref()), text(Some(&ended.ended())), stays);

    let opened = answered(bench.store.open_sessions().await);
    same(opened.now, bench.now(), "the store's time is that of its clock");
    bench.clock.set_back(LIFE);
    let rule = "the store's time never goes back";
    let reopened = answered(bench.store.open_sessions().await);
    let loaded = bench.load(record.id()).await;
    let generation = answered(bench.store.load_generation(record.id().subject()).await);
    for (operation, now) in
        [("open_sessions", reopened.now), ("load_session", loaded.now), ("load_generation", generation.now)]
    {
        hold(now >= opened.now, rule, format_args!("{now:?} after {:?}, from {operation}", opened.now));
    }
    let swapped =
        answered(bench.store.swap_session(record.id(), record.version(), &Rotation::specimen(1)).await);
    hold(swapped >= Some(opened.now), rule, format_args!("{swapped:?} from swap_session"));
    let raised = answered(bench.store.raise_generation(record.id().subject(), 0).await);
    hold(raised.now >= opened.now, rule, format_args!("{:?} from raise_generation", raised.now));

    bench.clock.advance(SECOND);
    let later = answered(bench.store.open_sessions().await).now;
    let rule = "the store's time goes on where its clock is set back";
    hold(later > raised.now, rule, format_args!("{later:?} a second after {:?}", raised.now));
}
