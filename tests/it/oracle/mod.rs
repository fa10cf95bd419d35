//! jwtower beside jsonwebtoken, which is widely used and was written without a look at ours.

mod agreement;
mod keys;
mod round_trips;
mod tokens;
