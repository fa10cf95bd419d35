//! Which key signs when: a pure function of the keys, the time and the schedule.

mod roster;
mod step;

pub(super) use roster::{Named, Roster};
pub(super) use step::{Change, Planner, Step};

#[cfg(test)]
mod tests;
