//! error[E0624]: associated function `new` is private

use jwtower::claims::{RegisteredClaims, Verified};

pub fn forge(registered: RegisteredClaims) -> Verified<()> {
    Verified::new(registered, Default::default(), ())
}
