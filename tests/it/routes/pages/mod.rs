//! Pages that the server renders: how a browser without a good token gets one and comes back.

mod detours;
mod refresh;
mod round_trips;
