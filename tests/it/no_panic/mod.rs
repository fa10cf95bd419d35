//! No input panics, whatever it is: not a token, not a key.

use proptest::test_runner::Config;

mod encrypted;
mod json;
mod keys;
mod tokens;

/// Cases that a bug is found in are written into the test, not into a file.
fn config() -> Config {
    Config { failure_persistence: None, ..Config::default() }
}
