//! error[E0277]: `Secret` doesn't implement `std::fmt::Display`

pub fn shown(secret: &jwtower::Secret) -> impl std::fmt::Display {
    secret
}
