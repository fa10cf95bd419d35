//! error[E0451]: fields `token` and `revocations` of struct `Claims` are private

use jwtower::{Claims, claims::Verified};

pub fn forge(token: Verified<()>) -> Claims<()> {
    Claims { token: token.into(), revocations: None }
}
