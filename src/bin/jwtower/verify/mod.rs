//! Verifying a token, step by step.

mod advice;
mod arguments;
mod asked;
mod demands;
mod keys;
mod report;
mod run;
mod steps;
mod unverified;

pub(crate) use arguments::Arguments;
pub(crate) use run::run;
