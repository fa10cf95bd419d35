//! Benchmarks of jwtower.
