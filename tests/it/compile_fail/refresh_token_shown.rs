//! error[E0277]: `RefreshToken` doesn't implement `std::fmt::Display`

pub fn shown(token: &jwtower::RefreshToken) -> String {
    format!("Set-Cookie: refresh={token}")
}
