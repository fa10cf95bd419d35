//! Tests of jwtower against other implementations.
