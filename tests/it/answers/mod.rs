//! Every answer that there is, under every setting that changes how it is said.

mod app;
mod routing;
mod settings;
mod wiring;
