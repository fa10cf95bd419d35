//! What every store decides in the same way: generations, and whose time is over.

use crate::{clock::Timestamp, session::SessionRecord};

/// What a store keeps of a subject beside its sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Subject {
    /// 0 where it never moved.
    pub(super) generation: u64,
    /// The highest generation of a session that was inserted, where the store's time alone does not exceed it.
    pub(super) floor: u64,
}

impl Subject {
    /// After a session of this generation was inserted.
    ///
    /// A store's time never goes back, and a raise goes to that time at least. So a session of a generation
    /// that is already in the past needs no note.
    pub(super) fn inserted(mut self, generation: u64, now: Timestamp) -> Self {
        if generation >= now.as_millis() {
            self.floor = self.floor.max(generation);
        }
        self
    }

    /// With a generation above the stored one, `held` and every session's; nothing where numbers end.
    pub(super) fn raised(mut self, held: u64, now: Timestamp) -> Option<Self> {
        let highest = self.generation.max(self.floor).max(held);
        self.generation = highest.checked_add(1)?.max(now.as_millis());
        Some(self)
    }

    /// Whether a subject without any note would be treated in the same way from now on.
    pub(super) fn is_forgettable(self, now: Timestamp) -> bool {
        self.generation == 0 && self.floor < now.as_millis()
    }
}

/// Whether the record may be forgotten.
pub(super) fn is_expired(record: &SessionRecord, now: Timestamp) -> bool {
    record.expires_at() <= now
}

/// Whether the session is one that its subject still has.
pub(super) fn is_alive(record: &SessionRecord, generation: u64, now: Timestamp) -> bool {
    !record.is_ended() && !is_expired(record, now) && record.generation() >= generation
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1000);

    #[test]
    fn a_raise_exceeds_what_is_stored_what_is_held_and_what_was_inserted() {
        for (subject, held, raised) in [
            (Subject::default(), 0, 1000),
            (Subject { generation: 999, floor: 0 }, 0, 1000),
            (Subject { generation: 1000, floor: 0 }, 0, 1001),
            (Subject { generation: 5000, floor: 0 }, 0, 5001),
            (Subject::default(), 7000, 7001),
            (Subject { generation: 5000, floor: 6000 }, 0, 6001),
            (Subject::default().inserted(999, NOW), 0, 1000),
            (Subject::default().inserted(1000, NOW), 0, 1001),
            (Subject::default().inserted(9000, NOW).inserted(1000, NOW), 0, 9001),
        ] {
            let generation = subject.raised(held, NOW).map(|subject| subject.generation);
            assert_eq!(generation, Some(raised), "{subject:?}, held {held}");
        }
        assert_eq!(Subject::default().raised(u64::MAX, NOW), None);
    }

    #[test]
    fn only_a_subject_that_makes_no_difference_is_forgotten() {
        let later = Timestamp::from_millis(1001);
        assert!(Subject::default().is_forgettable(NOW));
        assert!(!Subject::default().inserted(1000, NOW).is_forgettable(NOW));
        assert!(Subject::default().inserted(1000, NOW).is_forgettable(later));
        assert!(!Subject { generation: 1, floor: 0 }.is_forgettable(later));
    }
}
