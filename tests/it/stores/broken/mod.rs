//! What the suite catches: a store that is sound but for one fault, and the rule that names it.

mod faults;
mod store;

use std::{
    any::Any,
    panic::{self, AssertUnwindSafe},
};

use jwtower::testing::{check_key_store, check_revocation_store, check_session_store, check_store};

use self::{
    faults::{Fault, KEYS, REVOCATIONS, SESSIONS},
    store::Store,
};

/// What the suite says, or nothing where it finds no fault. On one thread a race has one outcome.
fn verdict(check: impl Future<Output = ()>) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let panicked = panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(check))).err()?;
    let text = |panicked: Box<dyn Any + Send>| *panicked.downcast::<String>().unwrap();
    Some(text(panicked))
}

/// Those that were not caught, or under another name.
fn escaped(table: &[(Fault, &str)], check: impl Fn(Fault) -> Option<String>) -> Vec<String> {
    let seen = |(fault, rule): &(Fault, &str)| {
        let said = check(*fault);
        let caught = said.as_deref().is_some_and(|said| said.contains(&format!("rule: {rule}")));
        (!caught).then(|| format!("{fault:?}: {said:?} instead of {rule}"))
    };
    table.iter().filter_map(seen).collect()
}

#[test]
fn a_sound_store_keeps_all_rules() {
    let check = check_store(async |clock| Store::new(clock, None));
    assert_eq!(verdict(check), None);
}

#[test]
fn every_fault_of_a_session_store_is_caught_by_name() {
    let check = |fault| verdict(check_session_store(async |clock| Store::new(clock, Some(fault))));
    assert_eq!(escaped(&SESSIONS, check), Vec::<String>::new());
}

#[test]
fn every_fault_of_a_revocation_store_is_caught_by_name() {
    let check = |fault| verdict(check_revocation_store(async |clock| Store::new(clock, Some(fault))));
    assert_eq!(escaped(&REVOCATIONS, check), Vec::<String>::new());
}

#[test]
fn every_fault_of_a_key_store_is_caught_by_name() {
    let check = |fault| verdict(check_key_store(async |clock| Store::new(clock, Some(fault))));
    assert_eq!(escaped(&KEYS, check), Vec::<String>::new());
}

#[test]
fn sessions_and_keys_that_are_not_equally_durable_are_caught() {
    let said = verdict(check_store(async |clock| Store::new(clock, Some(Fault::KeysAreDurable)))).unwrap();
    assert!(said.contains("sessions and keys are equally durable"), "{said}");
}
