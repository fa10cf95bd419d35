//! The integration tests; each module is one subject.
