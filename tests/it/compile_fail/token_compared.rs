//! error[E0369]: binary operation `==` cannot be applied to type `&AccessToken`

pub fn same(one: &jwtower::AccessToken, other: &jwtower::AccessToken) -> bool {
    one == other
}
