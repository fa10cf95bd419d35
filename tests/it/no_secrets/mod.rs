//! Tokens, claims and keys stay where they are: not in a log, not in `Debug`, not in an error.

mod in_cookies;
mod in_debug;
mod in_errors;
mod in_logs;
mod of_encryption;
