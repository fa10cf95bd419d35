//! The module's tests.

mod bounds;
mod grains;
mod stores;
mod support;
