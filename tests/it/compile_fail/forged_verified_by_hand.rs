//! error[E0451]: field
//! of struct `Verified` are private

use jwtower::claims::{RegisteredClaims, Verified};

pub fn forge(registered: RegisteredClaims) -> Verified<()> {
    Verified { registered, authorities: Default::default(), claims: () }
}
