use super::support::{Directory, ask, outcome, poll, verifier, wait};
use crate::verify::issuers::{
    cache::{FRESH, GRACE, MAX_TENANTS},
    lookups::Who,
};

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}-{number}")).collect()
}

fn all_of(names: &[String]) -> Directory {
    Directory::of(names.iter().map(|name| &**name))
}

#[test]
fn names_that_nobody_knows_drive_no_tenant_out() {
    let tenants = names("tenant", MAX_TENANTS);
    let directory = all_of(&tenants);
    let (issuers, _) = directory.issuers();
    for tenant in &tenants {
        assert_eq!(outcome(&issuers, tenant), "found");
    }
    for junk in names("junk", 20_000) {
        assert_eq!(outcome(&issuers, &junk), "unknown_issuer");
    }
    assert_eq!(directory.asked(), MAX_TENANTS + 20_000);
    for tenant in &tenants {
        assert_eq!((outcome(&issuers, tenant), directory.asked()), ("found", 0));
    }
}

#[test]
fn of_more_tenants_than_are_kept_all_are_found_all_the_same() {
    let tenants = names("tenant", 3 * MAX_TENANTS);
    let (issuers, _) = all_of(&tenants).issuers();
    for tenant in tenants.iter().chain(&tenants) {
        assert_eq!(outcome(&issuers, tenant), "found");
        assert!(issuers.verifiers().len() <= MAX_TENANTS);
    }
    assert_eq!(issuers.verifiers().len(), MAX_TENANTS);
}

#[test]
fn tenants_that_are_found_at_the_same_moment_do_not_drive_each_other_out() {
    let old = names("old", MAX_TENANTS);
    let new = names("new", Who::Stranger.lookups());
    let directory = all_of(&[&*old, &*new].concat());
    let (issuers, _) = directory.issuers();
    for tenant in old.iter().chain(&old).chain(&old) {
        assert_eq!(outcome(&issuers, tenant), "found");
    }
    directory.hold();
    let mut waiting: Vec<_> = new.iter().map(|issuer| wait(&issuers, issuer)).collect();
    directory.release();
    assert!(waiting.iter_mut().all(|waiting| poll(waiting) == Some(Ok(()))));
    for tenant in &new {
        assert_eq!(ask(&issuers, tenant).ok(), Some("found"), "{tenant}");
    }
}

#[test]
fn lookups_are_few_the_others_wait_for_their_turn_and_tenants_have_turns_of_their_own() {
    let tenants = names("tenant", Who::Tenant.lookups() + 1);
    let directory = all_of(&[&*tenants, &["new".to_owned()]].concat());
    let (issuers, clock) = directory.issuers();
    for tenant in &tenants {
        assert_eq!(outcome(&issuers, tenant), "found");
    }
    directory.hold();
    let _ = directory.asked();
    let mut strangers: Vec<_> =
        names("junk", Who::Stranger.lookups()).iter().map(|issuer| wait(&issuers, issuer)).collect();
    let mut new = wait(&issuers, "new");
    for waiting in strangers.iter_mut().chain([&mut new]) {
        assert_eq!(poll(waiting), None);
    }
    assert_eq!(directory.asked(), Who::Stranger.lookups(), "the last has to wait for its turn");

    clock.advance(FRESH + GRACE);
    let mut renewals: Vec<_> = tenants.iter().map(|tenant| wait(&issuers, tenant)).collect();
    for waiting in &mut renewals {
        assert_eq!(poll(waiting), None);
    }
    assert_eq!(directory.asked(), Who::Tenant.lookups(), "strangers leave them their own");

    // Who goes away gives up its turn.
    drop(strangers);
    assert_eq!((poll(&mut new), directory.asked()), (None, 1));
    directory.release();
    assert_eq!(poll(&mut new), Some(Ok(())));
    for waiting in &mut renewals {
        assert_eq!(poll(waiting), Some(Ok(())));
    }
    assert_eq!(outcome(&issuers, "new"), "found");
}

#[test]
fn tenants_serve_on_while_lookups_hang_however_many_they_are() {
    let tenants = names("tenant", 3 * Who::Tenant.lookups());
    let directory = all_of(&tenants);
    let (issuers, clock) = directory.issuers();
    for tenant in &tenants {
        assert_eq!(outcome(&issuers, tenant), "found");
    }
    clock.advance(FRESH);
    directory.hold();
    let mut renewals: Vec<_> = tenants.iter().map(|tenant| wait(&issuers, tenant)).collect();
    for waiting in &mut renewals {
        assert_eq!(poll(waiting), None);
    }
    for tenant in &tenants {
        assert_eq!(ask(&issuers, tenant).ok(), Some("found"), "{tenant}");
    }
}

#[test]
fn those_who_wait_are_few_and_some_places_are_kept_for_tenants() {
    let directory = Directory::of(["tenant", "new"]);
    let (issuers, clock) = directory.issuers();
    assert_eq!(outcome(&issuers, "tenant"), "found");
    clock.advance(FRESH + GRACE);
    directory.hold();
    let mut strangers: Vec<_> = (0..Who::Stranger.waiters()).map(|_| wait(&issuers, "new")).collect();
    assert_eq!(ask(&issuers, "new").ok(), Some("issuers_unavailable"));
    let kept = Who::Tenant.waiters() - Who::Stranger.waiters();
    let tenants: Vec<_> = (0..kept).map(|_| wait(&issuers, "tenant")).collect();
    assert_eq!(ask(&issuers, "tenant").ok(), Some("issuers_unavailable"));

    drop(tenants);
    assert!(ask(&issuers, "tenant").is_err(), "who went away leaves a place");
    directory.release();
    assert!(strangers.iter_mut().all(|waiting| poll(waiting) == Some(Ok(()))));
    drop(strangers);
    assert_eq!((outcome(&issuers, "new"), outcome(&issuers, "tenant")), ("found", "found"));
}

#[test]
fn a_name_that_no_verifier_could_have_is_not_looked_up() {
    let long = "i".repeat(512);
    let directory = Directory::of([&*long]);
    let (issuers, _) = directory.issuers();
    assert_eq!((outcome(&issuers, ""), directory.asked()), ("unknown_issuer", 0));
    assert_eq!((outcome(&issuers, &format!("{long}i")), directory.asked()), ("unknown_issuer", 0));
    assert_eq!((outcome(&issuers, &long), directory.asked()), ("found", 1));
}

#[test]
fn the_issuers_that_are_trusted_by_name_are_at_most_a_hundred() {
    let (issuers, _) = Directory::of([]).issuers();
    for issuer in names("issuer", 100) {
        issuers.trust(verifier(&issuer)).unwrap();
    }
    let error = issuers.trust(verifier("one-more")).unwrap_err();
    assert_eq!(error.setting(), "issuers");
    assert!(error.to_string().contains("100"), "{error}");
    issuers.trust(verifier("issuer-0")).unwrap();
    assert!(issuers.distrust("issuer-0"));
    issuers.trust(verifier("one-more")).unwrap();
    assert_eq!(issuers.issuers().len(), 100);
}
