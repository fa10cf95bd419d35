//! error[E0369]: binary operation `==` cannot be applied to type `&Secret`

pub fn same(one: &jwtower::Secret, other: &jwtower::Secret) -> bool {
    one == other
}
