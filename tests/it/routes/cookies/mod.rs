//! Sessions of browsers: tokens come and go in cookies.

mod answers;
pub(crate) mod asks;
pub(crate) mod browser;
mod cross_site;
mod hosts;
mod large;
mod life;
mod lines;
mod lives;
mod races;
mod replaced;
mod transports;
