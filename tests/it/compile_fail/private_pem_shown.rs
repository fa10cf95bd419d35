//! error[E0277]: `PrivatePem` doesn't implement `std::fmt::Display`

pub fn shown(pem: &jwtower::keys::PrivatePem) -> impl std::fmt::Display {
    pem
}
