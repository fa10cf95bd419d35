//! Sessions of browsers: tokens come and go in cookies.

mod answers;
mod asks;
pub(crate) mod browser;
mod cross_site;
mod hosts;
mod large;
mod life;
mod lines;
mod lives;
mod transports;
